"""A point is visited as often as its rows need; what cannot come is held; nothing is counted twice or not at all."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import PlanConfig, load_config
from planner.model import AMOUNTS, DemandBasis, PointDemand, Produce
from planner.outputs.courier.courier_day import CourierDay
from planner.outputs.courier.route_page import route_page
from planner.outputs.day_stops import several_visits
from planner.outputs.held_rows import held_rows
from planner.outputs.page_links import PageLinks
from planner.outputs.unserved import unserved_text
from planner.outputs.workbook.day_sheets import held_sheet
from planner.pipeline.area_run import AreaRun
from planner.pipeline.bulletin.formulas_of_days import served_villages
from planner.pipeline.day import OrdersFile, plan_day
from planner.pipeline.point_stops import PointShare, point_stops
from planner.pipeline.site import plan_network
from planner.plans import DayPlan, NetworkPlan, day_from_json, to_json
from planner.plans.day_account import HeldBecause, held_of, parcel_sums, village_counts
from planner.plans.day_faults import day_faults
from planner.plans.under_way import SettledAs, SettledStop, UnderWay
from planner.routing.check import check
from planner.words import speaking
from tests.conftest import close, write_line_of_three_villages

DAY = datetime.date(2026, 11, 10)
HEAD = ("编码", "下行件数", "上行件数", "最早", "最晚", "冷链")
HOUR = 3600.0


class World:
    """The line of three villages, all of which hand over at one point, and its network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config: PlanConfig = load_config(folder)
        self.network: NetworkPlan = plan_network(AreaRun.for_siting(self.config))
        routing = self.config.routing
        vehicles = [one.model_copy(update={"capacity_parcels": 100, "count": 8}) for one in routing.vehicles]
        self.config = self.config.model_copy(
            update={"routing": routing.model_copy(update={"vehicles": tuple(vehicles), "load_reserve": 0.0})}
        )

    def plan(self, rows: Sequence[Sequence[object]], config: PlanConfig | None = None) -> DayPlan:
        path = self.folder / "orders.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD, *rows])
        config = config or self.config
        made = plan_day(self.network, config, date=DAY, orders=OrdersFile(path=path, only_listed=True))
        assert not list(check(made.problem, made.plan.routes))
        assert not list(day_faults(day_from_json(to_json(made.plan), self.network)))
        return made.plan


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(write_line_of_three_villages(tmp_path_factory.mktemp("line")))


def account_holds(plan: DayPlan, rows: Sequence[Sequence[object]]) -> None:
    """Count villages and parcels again from the table's rows and the document alone."""
    document = json.loads(to_json(plan))
    visits = [visit for route in document["routes"]["routes"] for visit in route["visits"]]
    waiting = document["demand"].get("waiting", [])
    ids = {
        f"{one['site_id']}~{one['visit']}" if "visit" in one else one["site_id"]: one
        for one in document["demand"]["points"]
    }
    left = [ids[one["stop_id"]] for one in document["routes"]["unassigned"]]
    sums = parcel_sums(plan)
    for side, (name, which, column) in enumerate((("delivery", "delivered", 1), ("pickup", "picked_up", 2))):
        listed = sum(int(str(row[column]) or 0) for row in rows)
        carried = round(sum(visit[which][0] for visit in visits))
        stranded = sum(one[f"{name}_parcels"] for one in left)
        held = sum(one[f"{name}_parcels"] for one in waiting)
        assert listed == carried + stranded + held  # nothing is estimated: the table is all there is
        found = (sums.listed, sums.estimated, sums.on_routes, sums.not_served, sums.held)
        assert [one[side] for one in found] == [listed, 0, carried, stranded, held]
    counts = village_counts(plan)
    cut = {one["village_id"] for one in waiting if one.get("village_id")} | set(document["cut_off"])
    cut |= set(document["demand"]["without_point"])
    cut |= {id_ for one in left for id_ in one["village_ids"]}
    named = {str(row[0]) for row in rows}
    assert (counts.held, counts.entered) == (len(cut), len(named - cut))
    assert counts.total == len(plan.area.villages)


def goods_of(plan: DayPlan) -> dict[str, list[float]]:
    """Return the parcels of each visit by its site."""
    found: dict[str, list[float]] = {}
    for route in plan.routes.routes:
        for visit in route.visits:
            found.setdefault(plan.site_of_stop[visit.stop_id], []).append(visit.delivered[0])
    return found


def test_times_that_exclude_each_other_are_two_visits_of_one_point(world: World) -> None:
    shared = next(
        point for point in world.plan([("west", 1, 0, "", "", "")]).demand.points if len(point.village_ids) > 1
    )
    one, other = shared.village_ids[:2]
    rows = [(one, 4, 0, "8:30", "10:00", ""), (other, 6, 0, "11:00", "12:00", "")]
    plan = world.plan(rows)
    assert not plan.routes.unassigned
    begun = {visit.delivered[0]: visit.service_start_s for route in plan.routes.routes for visit in route.visits}
    assert 8.5 * HOUR <= begun[4.0] <= 10 * HOUR
    assert 11 * HOUR <= begun[6.0] <= 12 * HOUR
    assert goods_of(plan).keys() == {shared.site_id}
    account_holds(plan, rows)
    with speaking("en"):
        day = CourierDay.of(plan)
        names = [leg.name for route in day.routes for leg in day.legs(route) if leg.visit]
        assert sorted(name[-14:] for name in names) == ["(visit 1 of 2)", "(visit 2 of 2)"]
        (line,) = several_visits(plan)
        assert "served in 2 visits" in line


def test_what_became_of_one_visit_is_not_told_of_the_other(world: World) -> None:
    plan = world.plan([("middle", 10, 0, "08:00", "09:00", ""), ("west", 10, 0, "15:00", "16:00", "")])
    (route,) = plan.routes.routes
    assert [visit.stop_id for visit in route.visits] == ["sp-middle", "sp-middle~2"]
    done = SettledStop(
        stop_id="sp-middle", vehicle_id=route.vehicle_id, settled=SettledAs.DONE, at_s=30_000.0, reported=True
    )
    plan = replace(plan, under_way=UnderWay(former_ids=("x",), now_s=31_000.0, settled=(done,)))
    with speaking("en"):
        page = route_page(CourierDay.of(plan), route, PageLinks())
    told = re.findall(r'class="state" role="status">(.*?)</div>', page, re.DOTALL)
    assert ["08:20" in one for one in told] == [True, False]


def test_more_than_a_vehicle_carries_comes_in_as_many_visits_as_it_takes(world: World) -> None:
    rows = [("west", 250, 0, "", "", ""), ("east", 40, 0, "", "", "")]  # 100 on a vehicle: 84 + 83 + 83 of west
    plan = world.plan(rows)
    assert not plan.routes.unassigned
    assert max(visit.delivered[0] for route in plan.routes.routes for visit in route.visits) <= 100
    assert sum(sum(parcels) for parcels in goods_of(plan).values()) == 290
    west = plan.demand.place_of_village["west"]
    assert len(plan.demand.stops_of_site[west]) >= 3
    account_holds(plan, rows)


def test_cold_goods_alone_are_held_and_their_village_is_named(world: World) -> None:
    rows = [("west", 5, 0, "", "", ""), ("middle", 1, 0, "", "", "是"), ("east", 7, 0, "", "", "")]
    plan = world.plan(rows)
    assert sum(sum(parcels) for parcels in goods_of(plan).values()) == 12
    (held,) = [one for one in held_of(plan) if one.because is HeldBecause.NO_ROUTE]
    assert (held.village_ids, held.delivery_parcels, held.cold) == (("middle",), 1, True)
    account_holds(plan, rows)
    assert served_villages(plan) == {"west", "east"}
    with speaking("en"):
        row = held_rows(plan)[0]
        assert "Cold chain" in row.what
        assert "1 down" in row.what
        assert "Not served: 1 parcels down" in unserved_text(plan)
        assert [line[4] for line in held_sheet(plan).rows][:1] == [1]


def test_a_village_behind_a_closure_is_held_and_no_vehicle_drives_for_it(river_folder: Path) -> None:
    shut = World(close(river_folder))  # the way between the middle and the east, where east hands over at the middle
    rows = [("west", 3, 0, "", "", ""), ("east", 27, 4, "", "", "")]
    plan = shut.plan(rows)
    assert plan.cut_off == {"east": "closed_for_some_days"}
    (held,) = [one for one in held_of(plan) if one.village_ids == ("east",)]
    assert (held.because, held.site_id) == (HeldBecause.CUT_OFF, "sp-middle")
    assert (held.delivery_parcels, held.pickup_parcels) == (27, 4)
    assert sum(sum(parcels) for parcels in goods_of(plan).values()) == 3
    assert "east" not in served_villages(plan)
    account_holds(plan, rows)
    alone = shut.plan(rows[1:])
    assert not alone.routes.routes
    account_holds(alone, rows[1:])
    # what is estimated is held as what is entered: 300 people x 0.1 down and x 0.01 up
    guessed = plan_day(shut.network, shut.config, date=DAY).plan
    assert [(one.village_id, one.delivery_parcels, one.pickup_parcels) for one in guessed.demand.waiting][:1] == [
        ("east", 30, 3)
    ]


def share(village: str, parcels: float, **asked: object) -> PointShare:
    figures = {"delivery_parcels": parcels, "delivery_kg": parcels * 1.5, "delivery_m3": parcels * 0.01}
    return PointShare(
        village_ids=(village,),
        figures=dict.fromkeys(AMOUNTS, 0.0) | figures,
        basis=dict.fromkeys(AMOUNTS, DemandBasis.ORDERED),
        **asked,  # type: ignore[arg-type]
    )


def point_of(*shares: PointShare) -> PointDemand:
    sums = {name: sum(one.figures[name] for one in shares) for name in AMOUNTS}
    whole = {name: round(value) if name.endswith("_parcels") else value for name, value in sums.items()}
    return PointDemand(site_id="p", village_ids=tuple(one.village_ids[0] for one in shares), **whole)  # type: ignore[arg-type]


def test_the_fewest_visits_that_keep_all_times(world: World) -> None:
    # 8-10, 9-11 and 10-12 have no hour in common; two visits do, at 10 and at any hour of the third, or at 9 and at 10
    asked = [(8, 10), (9, 10.5), (10.5, 12), (None, None)]
    shares = [
        share(f"v{i}", 2, earliest_s=None if a is None else a * HOUR, latest_s=None if b is None else b * HOUR)
        for i, (a, b) in enumerate(asked)
    ]
    found = point_stops(point_of(*shares), shares, world.config.routing)
    assert len(found.stops) == 2
    assert sum(stop.delivery_parcels for stop in found.stops) == 8
    assert [stop.stop_id for stop in found.stops] == ["p", "p~2"]


def test_a_village_is_cut_only_where_it_alone_is_too_much(world: World) -> None:
    shares = [share("a", 60), share("b", 60), share("c", 30), share("d", 205)]  # 100 on a vehicle
    found = point_stops(point_of(*shares), shares, world.config.routing)
    assert sum(stop.delivery_parcels for stop in found.stops) == 355
    assert all(stop.delivery_parcels <= 100 for stop in found.stops)
    assert [sum(id_ in stop.village_ids for stop in found.stops) for id_ in "abcd"] == [1, 1, 1, 3]
    assert sum(stop.delivery_kg for stop in found.stops) == pytest.approx(355 * 1.5)


def test_what_fits_is_one_stop_with_the_points_own_figures(world: World) -> None:
    shares = [share("a", 60.4), share("b", 20.2)]
    point = replace(point_of(*shares), produce=(Produce(village_id="a", product="大豆", kg=3.0),))
    (stop,) = point_stops(point, shares, world.config.routing).stops
    assert stop == point
