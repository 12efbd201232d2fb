"""What a table gives holds, what it lacks is estimated, each figure says which, and no parcel is lost or made."""

from __future__ import annotations

import csv
import datetime
import io
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.config import PlanConfig, load_config
from planner.geodata.assemble import read_area
from planner.geodata.orders.day_orders import read_orders
from planner.model import AMOUNTS, Demand, DemandBasis, Produce, StudyArea
from planner.outputs.day_page import day_page
from planner.outputs.held_rows import held_rows
from planner.outputs.notice import notice_of
from planner.outputs.order_lines import asked_of_stop, figures_mark, orders_line
from planner.outputs.page_links import PageLinks
from planner.outputs.write import write_plan
from planner.pipeline.area_run import AreaRun
from planner.pipeline.assumed_produce import with_assumed_produce
from planner.pipeline.day import OrdersFile, plan_day
from planner.pipeline.day_demand import with_orders
from planner.pipeline.demand import estimate_demand
from planner.pipeline.site import plan_network
from planner.plans import DayPlan, NetworkPlan, day_from_json, to_json
from planner.plans.day_account import HeldBecause, VillageCounts, held_of, parcel_sums, village_counts
from planner.plans.day_faults import day_faults
from planner.words import speaking
from tests.conftest import write_line_of_three_villages
from tests.planner.geodata.order_tables import SENTINEL, make_table

DAY = datetime.date(2026, 11, 10)
ORDERED, ASSUMED = DemandBasis.ORDERED, DemandBasis.ASSUMED
HEAD = ("编码", "下行件数", "上行件数", "下行公斤", "上行公斤", "上行方", "产品", "最早", "最晚", "冷链")


class World:
    """The line of three villages, 100, 200 and 300 people, an island beside them, and its network."""

    def __init__(self, folder: Path) -> None:
        self.folder = write_line_of_three_villages(folder)
        self.config: PlanConfig = load_config(folder)
        self.network: NetworkPlan = plan_network(AreaRun.for_siting(self.config))
        self.area: StudyArea = self.network.area
        stage = self.network.stages[self.network.stage_on(DAY)]
        self.opened = set(stage.opened)
        self.places = {one.village_id: one.site_id for one in stage.hand_over if one.site_id}
        self.estimate = estimate_demand(self.area.villages, self.places, self.config.demand, DAY)

    def write(self, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
        path = self.folder / "orders.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        return path

    def demand(self, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD, **options: bool) -> Demand:
        orders = read_orders(self.write(rows, head), self.area, DAY, self.places, **options)
        orders = with_assumed_produce(orders, self.area, self.places, self.config.demand, DAY)
        return with_orders(
            self.estimate,
            orders,
            demand=self.config.demand,
            routing=self.config.routing,
            opened=self.opened,
        )

    def plan(self, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD, **options: bool) -> DayPlan:
        file = OrdersFile(path=self.write(rows, head), **options)
        return plan_day(self.network, self.config, date=DAY, orders=file).plan


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("line"))


def village(demand: Demand, id_: str) -> dict[str, float]:
    (one,) = [one for one in demand.villages if one.village_id == id_]
    return {name: getattr(one, name) for name in AMOUNTS}


def test_figures_that_are_given_hold_and_others_come_from_factors_or_the_estimate(world: World) -> None:
    demand = world.demand(
        [("west", 7, "", "", "", "", "", "", "", ""), ("middle", 4, 2, 9.5, 120, "", "大蒜", "", "", "")]
    )
    # west: 7 parcels at 1.5 kg and 0.01 m³; nothing is said of what goes up: 100 people x 0.01 = 1 parcel
    assert village(demand, "west") == pytest.approx(dict(zip(AMOUNTS, (7, 10.5, 0.07, 1.0, 1.5, 0.01), strict=True)))
    # middle: 120 kg go up, 2 parcels of 1.5 kg and 117 kg of garlic at 400 kg a cubic metre
    assert village(demand, "middle") == pytest.approx(
        dict(zip(AMOUNTS, (4, 9.5, 0.04, 2, 120, 0.02 + 117 / 400), strict=True))
    )
    # east is not in the table: 300 people x 0.1 and x 0.01
    assert village(demand, "east") == pytest.approx(dict(zip(AMOUNTS, (30, 45, 0.3, 3, 4.5, 0.03), strict=True)))
    basis = {one.village_id: one.basis for one in demand.villages}
    assert [basis["west"][name] for name in AMOUNTS] == [ORDERED, ASSUMED, ASSUMED, ASSUMED, ASSUMED, ASSUMED]
    assert [basis["middle"][name] for name in AMOUNTS] == [ORDERED, ORDERED, ASSUMED, ORDERED, ORDERED, ASSUMED]
    assert set(basis["east"].values()) == {ASSUMED}
    produce = [one for point in demand.points for one in point.produce]
    assert produce == [Produce(village_id="middle", product="大蒜", kg=120)]


def test_zero_is_zero_and_who_is_not_listed_is_estimated_or_has_none(world: World) -> None:
    rows = [("west", 0, 0, "", "", "", "", "", "", "")]
    demand = world.demand(rows)
    assert set(village(demand, "west").values()) == {0}
    assert village(demand, "east")["delivery_parcels"] == 30
    only = world.demand(rows, only_listed=True)
    assert {value for id_ in ("west", "middle", "east") for value in village(only, id_).values()} == {0}
    assert not only.assumed_figures
    assert (only.orders and only.orders.none_elsewhere) == ("delivery", "pickup")


def test_a_list_of_parcels_is_whole_in_the_directions_that_it_has(world: World) -> None:
    head = ("运单号", "编码", "kg", "方向")
    rows = [("A1", "west", 2.5, ""), ("A2", "west", "", "下行"), ("A3", "east", 1, "下行")]
    demand = world.demand(rows, head)
    # west: 2.5 kg weighed and one parcel at 1.5; nobody listed a parcel up, so those are estimated: 1, 2 and 3
    assert village(demand, "west")["delivery_kg"] == 4.0
    assert [village(demand, id_)["delivery_parcels"] for id_ in ("west", "middle", "east")] == [2, 0, 1]
    assert [village(demand, id_)["pickup_parcels"] for id_ in ("west", "middle", "east")] == [1, 2, 3]
    rest = world.demand(rows, head, only_listed=False)
    assert village(rest, "middle")["delivery_parcels"] == 20


def test_a_point_has_the_figures_of_its_own_row_and_its_villages_share_them(world: World) -> None:
    point = world.estimate.points[0]
    demand = world.demand([(point.site_id, 61, 1)], ("站点", "下行件数", "上行件数"))
    (own,) = [one for one in demand.points if one.site_id == point.site_id]
    assert (own.delivery_parcels, own.pickup_parcels) == (61, 1)
    shares = [village(demand, id_)["delivery_parcels"] for id_ in point.village_ids]
    assert sum(shares) == pytest.approx(61)
    people = [world.area.village_by_id[id_].population for id_ in point.village_ids]
    assert shares == pytest.approx([61 * one / sum(people) for one in people])
    assert own.basis["delivery_parcels"] is ORDERED


def test_times_of_a_points_villages_meet_with_its_hours(world: World) -> None:
    whole = {site_id: [] for site_id in world.places.values()}
    for id_, site_id in world.places.items():
        whole[site_id].append(id_)
    villages = max(whole.values(), key=len)
    first, last = villages[0], villages[-1]
    rows = [(first, 3, 0, "", "", "", "", "9:00", "12:00", ""), (last, 2, 0, "", "", "", "", "", "下午3点", "")]
    plan = world.plan(rows[:1] if first == last else rows)
    (point,) = [one for one in plan.demand.points if first in one.village_ids]
    assert (point.earliest_s, point.latest_s) == (9 * 3600, 12 * 3600)
    for route in plan.routes.routes:
        for visit in route.visits:
            if visit.stop_id == point.site_id:
                assert 9 * 3600 <= visit.service_start_s <= 12 * 3600


def test_a_time_at_which_its_point_is_never_open_is_held_and_the_row_named(world: World) -> None:
    rows = [("west", 3, 0, "", "", "", "", "17:30", "", ""), ("east", 2, 0, "", "", "", "", "", "", "")]
    file = OrdersFile(path=world.write(rows), only_listed=True)  # the points of this world are open from 7 to 17
    made = plan_day(world.network, world.config, date=DAY, orders=file)
    (warning,) = [one for one in made.findings if one.code == "never_open_then"]
    assert (warning.row, warning.field) == (2, "最晚")
    assert "open 07:00-17:00" in str(warning.line)
    (held,) = held_of(made.plan)[:1]
    assert (held.because, held.village_ids, held.delivery_parcels) == (HeldBecause.NEVER_OPEN_THEN, ("west",), 3)
    assert sum(visit.delivered[0] for route in made.plan.routes.routes for visit in route.visits) == 2
    assert parcel_sums(made.plan).add_up


def test_cold_goods_need_a_vehicle_that_cools_and_the_reason_is_said(world: World) -> None:
    rows = [("west", 3, 0, "", "", "", "", "", "", "冷链"), ("middle", 2, 0, "", "", "", "", "", "", "否")]
    plan = world.plan(rows, only_listed=True)
    cold = [point.stop_id for point in plan.demand.points if point.cold]
    (stop,) = [point for point in plan.demand.points if point.cold]
    assert (stop.delivery_parcels, stop.village_ids) == (3, ("west",))
    served = [visit.stop_id for route in plan.routes.routes for visit in route.visits]
    assert sum(visit.delivered[0] for route in plan.routes.routes for visit in route.visits) == 2
    assert stop.stop_id not in served
    assert [one.stop_id for one in plan.routes.unassigned] == cold
    assert plan.routes.unassigned[0].details.params["skills"] == ("cold",)
    vehicles = tuple(one.model_copy(update={"skills": ("cold",)}) for one in world.config.routing.vehicles)
    routing = world.config.routing.model_copy(update={"vehicles": vehicles})
    config = world.config.model_copy(update={"routing": routing})
    file = OrdersFile(path=world.write(rows), only_listed=True)
    assert not plan_day(world.network, config, date=DAY, orders=file).plan.routes.unassigned


def test_orders_that_no_open_place_takes_wait_with_a_reason(world: World) -> None:
    shut = "sp-east"  # forbidden: open on no date
    head = ("编码", "站点", "下行件数", "上行件数")
    plan = world.plan([("island", "", 9, 1), ("", shut, 4, 0), ("west", "", 3, 0)], head)
    assert {(one.village_id, one.site_id, one.delivery_parcels) for one in plan.demand.waiting} == {
        ("island", "", 9),
        ("", shut, 4),
    }
    sums = parcel_sums(plan)
    assert (sums.listed, sums.not_served, sums.held) == ((16, 1), (0, 0), (13, 1))
    assert sums.add_up
    with speaking("en"):
        reasons = {row.title: row.reason for row in held_rows(plan)}
        assert len(reasons) == 2
        assert reasons["Dao (9 down, 1 up, 15.0 kg)"]
        page = day_page(plan, PageLinks(home="en"), network_href="")
    assert ">Dao<" in page
    assert ">9 down, 1 up, 15.0 kg<" in page
    assert not list(day_faults(day_from_json(to_json(plan), world.network)))


def test_a_parcel_lost_on_the_way_is_noticed(world: World) -> None:
    plan = world.plan([("west", 7, 0, "", "", "", "", "", "", "")])
    assert plan.demand.orders is not None
    assert not list(day_faults(plan))
    short = replace(plan.demand, orders=replace(plan.demand.orders, delivery_parcels=8))
    assert ["demand.orders.delivery_parcels" in fault for fault in day_faults(replace(plan, demand=short))] == [True]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "人工录入 1 个村；估计 2 个村；暂存或无法到达：1 个村"),
        ("en", "Entered: 1 village; estimated: 2 villages; held or cut off: 1 village"),
    ],
)
def test_the_page_says_what_was_entered_and_what_estimated(world: World, lang: str, line: str) -> None:
    plan = world.plan([("west", 7, 0, "", "", "", "", "", "", "")])
    assert village_counts(plan) == VillageCounts(entered=1, estimated=2, nothing=0, held=1)
    with speaking(lang):  # type: ignore[arg-type]
        assert orders_line(plan) == line
        assert f"<summary>{line}</summary>" in day_page(plan, PageLinks(home="en"), network_href="")
    with speaking("en"):
        assert {figures_mark(plan, point.site_id) for point in plan.demand.points} <= {
            "entered",
            "partly estimated",
            "estimated",
        }


def test_every_file_of_the_day_marks_what_is_estimated(world: World, tmp_path: Path) -> None:
    rows = [("west", 7, 1, "", "", "", "", "9:00", "", "")]
    plan = world.plan(rows)
    with speaking("en"):
        marks = {point.site_id: figures_mark(plan, point.site_id) for point in plan.demand.points}
        write_plan(plan, tmp_path, home="en")
        told = {id_: asked_of_stop(plan, id_) for id_ in marks}
    assert "estimated" in " ".join(marks.values())
    stops = list(openpyxl.load_workbook(tmp_path / "day.xlsx")["Stop list"].iter_rows(values_only=True))
    (column,) = {row.index("Basis of the parcels") for row in stops if "Basis of the parcels" in row}
    in_workbook = {str(row[2]): str(row[column]) for row in stops if row[2] in marks}
    in_csv = {}
    for path in (tmp_path / "routes").glob("*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
            if "Basis of the parcels" in row and row["Site code"] in marks and row["No."]:
                in_csv[row["Site code"]] = row["Basis of the parcels"]
    assert in_workbook == in_csv == marks
    pages = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "routes").glob("*.html"))
    assert "Not before 09:00" in next(lines for lines in told.values() if len(lines) > 0)[0]
    assert "Not before 09:00" in pages
    assert any(f"Parcels: {mark}" in pages for mark in marks.values() if mark != "entered")
    assert "Entered: 1 village" in (tmp_path / "routes.html").read_text(encoding="utf-8")


def test_what_is_entered_is_no_assumption_of_the_notice(world: World) -> None:
    config = world.config.model_dump(mode="json")
    config["demand"]["provenance"] = "assumed"
    rows = [(id_, 5, 0, 6.5, 0, 0, "", "", "", "") for id_ in ("west", "middle", "east")]
    head = (*HEAD, "下行方")
    whole = world.plan([(*row, 0.2) for row in rows], head)
    by_factors, partly = world.plan(rows), world.plan(rows[:2])
    with speaking("en"):
        parts = [
            [part for part in notice_of(plan.area, replace(plan, config=config).rests_on).parts if "parcel" in part]
            for plan in (whole, by_factors, partly)
        ]
    assert [len(part) for part in parts] == [0, 1, 1]
    assert "kilograms and cubic metres of a parcel" in parts[1][0]
    assert "parcels and produce" in parts[2][0]


def test_two_hundred_days_keep_every_parcel(tmp_path: Path) -> None:
    config = load_config("baiquan")
    area = read_area(config)
    rng = random.Random(5)
    points = [f"sp-{one.id}" for one in area.villages]
    checked = shared = 0
    for seed in range(200):
        places = {one.id: rng.choice(points[:60]) for one in area.villages if rng.random() < 0.97}
        estimate = estimate_demand(area.villages, places, config.demand, DAY)
        made = make_table(tmp_path, area, seed)
        orders = read_orders(made.path, area, DAY, places, only_listed=rng.choice([None, True, False]))
        demand = with_orders(estimate, orders, demand=config.demand, routing=config.routing, opened=set(points))
        made.path.unlink()
        by_village = {one.village_id: one for one in demand.villages}
        for name in ("delivery_parcels", "pickup_parcels"):
            meant = {id_: one[name] for id_, one in made.truth.items() if name in one}
            for id_, parcels in meant.items():
                if id_ in places:
                    assert getattr(by_village[id_], name) == parcels, (seed, id_)
                    assert by_village[id_].basis[name] is ORDERED
                    checked += 1
            waiting = sum(getattr(one, name) for one in demand.waiting if one.basis[name] is ORDERED)
            assert waiting == sum(parcels for id_, parcels in meant.items() if id_ not in places), seed
            ordered = sum(getattr(one, name) for one in demand.villages if one.basis[name] is ORDERED)
            assert ordered + waiting == sum(meant.values()), seed
            guessed = sum(getattr(one, name) for one in demand.villages if one.basis[name] is not ORDERED)
            at_points = sum(getattr(point, name) for point in demand.points)
            assert abs(at_points - ordered - guessed) <= 5, seed  # each point has whole parcels
        for site_id, stops in demand.stops_of_site.items():
            members = {id_ for stop in stops for id_ in stop.village_ids}
            for name in AMOUNTS:
                parts = sum(getattr(by_village[id_], name) for id_ in members)
                slack = 1.0 + config.demand.kg_per_parcel  # a whole parcel more or less, and what it weighs
                there = sum(getattr(stop, name) for stop in stops)
                assert abs(there - parts) <= slack, (seed, site_id, name)
            shared += len(stops) > 1
    assert checked > 1000
    assert shared > 20  # cold goods, and times that exclude each other, come in visits of their own


def test_no_file_of_a_day_holds_a_word_about_people(tmp_path: Path) -> None:
    folder, out = tmp_path / "line", tmp_path / "out"
    folder.mkdir()
    write_line_of_three_villages(folder)
    book = openpyxl.Workbook()
    for line in (
        ("运单号", "收件人", "手机号", "所属村", "地址", "重量"),
        ("YT998877", SENTINEL, "13911112222", "岛村", SENTINEL, 2),
        ("YT998878", SENTINEL, "13911113333", "岛村", SENTINEL, 2),
        ("YT998879", SENTINEL, "13911114444", "=1+1村", SENTINEL, 3),
    ):
        book.active.append(line)
    book.active["D4"].data_type = "s"
    book.save(tmp_path / "parcels.xlsx")
    run = CliRunner()
    store = ["--out", str(out), "--store", f"sqlite:///{tmp_path / 'plans.db'}"]
    site = run.invoke(app, ["site", str(folder), *store])
    assert site.exit_code in (0, 4), site.output
    day = ["day", str(folder), "--date", "2026-11-10", *store]
    told = run.invoke(app, [*day, "--demand", str(tmp_path / "parcels.xlsx")])
    assert told.exit_code == 0, told.output
    assert "手机号" in told.output
    secret = re.compile("|".join([SENTINEL, "1391111", "YT9988"]).encode())
    assert not secret.search(told.output.encode())
    files = [path for path in (*out.rglob("*"), tmp_path / "plans.db") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        assert not secret.search(content), path
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert not any(secret.search(archive.read(name)) for name in archive.namelist())


def test_the_table_to_fill_in_is_written_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "line"
    folder.mkdir()
    write_line_of_three_villages(folder)
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    day = ["day", str(folder), "--store", f"sqlite:///{tmp_path / 'plans.db'}", "--template"]
    assert run.invoke(app, day).exit_code == 0
    rows = list(openpyxl.load_workbook(tmp_path / "orders.xlsx").active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["east", "island", "middle", "west"]
    assert run.invoke(app, [*day, "t.csv"]).exit_code == 0
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "is there already" in str(run.invoke(app, [*day, "t.csv"]).exception)
    assert "name it .xlsx or .csv" in str(run.invoke(app, [*day, "t.pdf"]).exception)
