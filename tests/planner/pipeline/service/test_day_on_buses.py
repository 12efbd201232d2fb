"""A day of the line of three villages that follows a week with buses, by hand.

Middle has 50 parcels a day down and 5 up. The bus leaves the hub at 08:00 and is back at 16:20.
Every parcel is counted here from the document itself.
"""

import datetime
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.cli.trace_tables import lot_figures
from planner.config import PlanConfig
from planner.config.bus_section import BusSection
from planner.errors import PlanRejectedError
from planner.outputs.courier.pack import write_pack
from planner.outputs.day_comparison import compare_days
from planner.outputs.lots import lot_rows
from planner.outputs.lots.labels import lots_page
from planner.outputs.order_lines import sums_line
from planner.outputs.page_links import PageLinks
from planner.outputs.workbook.cells import Formula
from planner.outputs.workbook.day_sheets import day_summary
from planner.outputs.workbook.rides_sheet import rides_sheet
from planner.pipeline.day import OrdersFile, PlannedDay, plan_day
from planner.pipeline.earlier_days import EarlierDays
from planner.plans import NetworkPlan, ServicePlan, day_from_json, to_json
from planner.plans.day_account import parcel_sums, served_villages
from planner.plans.day_faults import day_faults
from planner.plans.day_rides import DayRides
from planner.plans.lots import lots_of
from planner.plans.store import open_store
from planner.words import LANGUAGES, figures, sentence, speaking
from tests.languages import page_text
from tests.planner.geodata.transit.feeds import feed_folder
from tests.planner.pipeline.service.test_buses_of_a_line import FEED, ROOM, SECTION, bused

NOW = datetime.datetime(2027, 11, 10, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, line_config: PlanConfig, line_network: NetworkPlan) -> ServicePlan:
    """The week with middle's goods on buses, as if it was visited on each day on which that was planned."""
    return bused(tmp_path_factory.mktemp("week"), line_config, line_network).plan


def on_buses(
    folder: Path, config: PlanConfig, *, room: str = ROOM, feed: dict[str, str | bytes | None] | None = None
) -> PlanConfig:
    """Return the configuration with the buses as they are on the date."""
    (folder / "room.csv").write_text(room, encoding="utf-8")
    asked = {**SECTION, "feed": feed_folder(folder / "buses", {**FEED, **(feed or {})}), "room": folder / "room.csv"}
    assert config.service is not None
    service = config.service.model_copy(update={"buses": BusSection.model_validate(asked)})
    return config.model_copy(update={"service": service})


def served_date(week: ServicePlan) -> datetime.date:
    """Return a date on which the plan has middle on buses."""
    weekday = next(day.weekday for day in week.days if day.buses and day.buses.carried("sp-middle", up=False))
    return datetime.date(2027, 11, 8) + datetime.timedelta(days=weekday)


def planned(
    folder: Path, config: PlanConfig, network: NetworkPlan, week: ServicePlan, orders: str = "", **buses: Any
) -> PlannedDay:
    """Return the day of the week that has middle on buses."""
    table = None
    if orders:
        (folder / "orders.csv").write_text(orders, encoding="utf-8")
        table = OrdersFile(path=folder / "orders.csv", only_listed=True)
    return plan_day(
        network,
        on_buses(folder, config, **buses),
        date=served_date(week),
        orders=table,
        earlier=EarlierDays(service=week),
    )


def counted(document: dict[str, Any]) -> dict[str, tuple[float, float, float, float]]:
    """Return what each stop is brought and gives by bus and by van: parcels down by bus, by van, up by bus, by van."""
    found: dict[str, list[float]] = {}
    for ride in document.get("rides", {}).get("rides", ()):
        found.setdefault(ride["point_id"], [0.0] * 4)[2 if ride["up"] else 0] += ride["amount"][0]
    for route in document["routes"]["routes"]:
        for visit in route["visits"]:
            found.setdefault(visit["stop_id"], [0.0] * 4)[1] += visit["delivered"][0]
            found[visit["stop_id"]][3] += visit["picked_up"][0]
    return {id_: tuple(each) for id_, each in found.items()}  # type: ignore[misc]


def rides_of(made: PlannedDay) -> DayRides:
    assert made.plan.rides is not None
    return made.plan.rides


def test_goods_go_by_the_buses_of_the_date_and_vans_have_the_rest(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    made = planned(tmp_path, line_config, line_network, week)
    document = json.loads(to_json(made.plan))
    asked = {one["site_id"]: one for one in document["demand"]["points"]}
    got = counted(document)
    middle = asked["sp-middle"]
    assert got["sp-middle"] == (middle["delivery_parcels"], 0, middle["pickup_parcels"], 0)
    for id_, one in asked.items():  # every parcel once
        assert got[id_][0] + got[id_][1] == one["delivery_parcels"]
        assert got[id_][2] + got[id_][3] == one["pickup_parcels"]
    assert {stop.id for stop in made.problem.stops} == asked.keys() - {"sp-middle"}
    rides = rides_of(made)
    assert rides.kept_off == ()
    carried = middle["delivery_parcels"] + middle["pickup_parcels"]
    assert rides.cost_yuan == pytest.approx(0.1 * carried + 10)  # 0.1 yuan a parcel, two runs of 5
    down, up = sorted(rides.rides, key=lambda ride: ride.up)
    assert (down.hub_s, down.board_s, down.alight_s, down.point_s) == (28_680, 28_800, 30_000, 30_120)
    assert (up.board_s, up.alight_s, up.hub_s) == (57_600, 58_800, 58_920)
    sums = parcel_sums(made.plan)
    assert sums.add_up
    assert sums.by_bus == (middle["delivery_parcels"], middle["pickup_parcels"])
    assert "middle" in served_villages(made.plan)
    assert list(day_faults(made.plan)) == []
    assert day_from_json(to_json(made.plan), line_network) == made.plan


def test_totals_count_what_vehicles_and_buses_bring(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    plan = planned(tmp_path, line_config, line_network, week).plan
    asked = json.loads(to_json(plan))["demand"]["points"]
    down, up = (sum(one[name] for one in asked) for name in ("delivery_parcels", "pickup_parcels"))
    assert plan.rides is not None
    assert plan.rides.parcels(up=False) > 0
    assert plan.handed_over(up=False) == pytest.approx((down, sum(one["delivery_kg"] for one in asked)))
    assert plan.handed_over(up=True) == pytest.approx((up, sum(one["pickup_kg"] for one in asked)))
    with speaking("en"):
        rows = {row[0]: row[1] for row in day_summary(plan).rows}
    assert (rows["Parcels down"], rows["Parcels up"]) == (down, up)
    each = rows["Cost a parcel brought to a stop"]
    assert isinstance(each, Formula)
    assert each.value == pytest.approx(plan.cost_yuan / down, abs=0.01)
    totals = compare_days(plan, plan).before
    assert (totals.parcels_down, totals.parcels_up) == (down, up)


def test_the_store_keeps_a_day_on_buses_and_refuses_one_above_its_room(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    made = planned(tmp_path, line_config, line_network, week)
    rides = rides_of(made)
    with open_store(f"sqlite:///{tmp_path / 'plans.db'}") as store:
        store.save_network(line_network, created_at=NOW)
        kept = store.save_day(made.plan, made.problem, created_at=NOW)
        assert store.day(kept.id) == made.plan
        assert kept.parcels == sum(one.delivery_parcels for one in made.plan.demand.points)
        assert kept.cost_yuan == pytest.approx(made.plan.routes.cost_yuan + rides.cost_yuan)
        parcels = max(leg[0] for leg in rides.trips[0].legs)
        tight = replace(rides.trips[0], room=(parcels - 1, *rides.trips[0].room[1:]))
        for broken, said in (
            (replace(rides, trips=(tight, *rides.trips[1:])), "above its room"),
            (replace(rides, rides=rides.rides[1:]), "the problem asks for"),
            (
                replace(rides, rides=(replace(rides.rides[0], hub_s=rides.rides[0].hub_s + 60), *rides.rides[1:])),
                "in time",
            ),
            (replace(rides, rides=(replace(rides.rides[0], cost_yuan=0.0), *rides.rides[1:])), "does not cost that"),
            (replace(rides, ways=()), "no way from its stop"),
        ):
            with pytest.raises(PlanRejectedError) as caught:
                store.save_day(replace(made.plan, rides=broken), made.problem, created_at=NOW)
            assert said in str(caught.value), said


def test_what_does_not_fit_goes_by_van_and_says_why(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    """Room for 60 parcels: 61 ordered for middle do not fit, and one bus goes there."""
    room = "trip,parcels,yuan per parcel,handling minutes\nall,60,0.1,2\n"
    made = planned(tmp_path, line_config, line_network, week, "id,parcels down,parcels up\nmiddle,61,4\n", room=room)
    got = counted(json.loads(to_json(made.plan)))
    assert got["sp-middle"] == (0, 61, 4, 0)
    (kept,) = rides_of(made).kept_off
    assert (kept.stop_id, kept.up, kept.fact.code, kept.fact.params) == (
        "sp-middle",
        False,
        "bus_is_full",
        {"count": 61},
    )
    for language in LANGUAGES:
        with speaking(language):
            assert "61" in sentence(kept.fact, {})
    assert list(day_faults(made.plan)) == []


def test_on_a_holiday_the_van_brings_what_the_bus_does_not(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    """``calendar_dates`` takes the date away: the day is that of the same week without buses, but for what is said."""
    off = f"service_id,date,exception_type\nW,{served_date(week):%Y%m%d},2\n"
    made = planned(tmp_path, line_config, line_network, week, feed={"calendar_dates.txt": off})
    rides = rides_of(made)
    assert rides.rides == ()
    assert {(one.up, one.fact.code) for one in rides.kept_off} == {
        (False, "no_bus_that_day"),
        (True, "no_bus_that_day"),
    }
    without = replace(week, days=tuple(replace(day, buses=None) for day in week.days))
    alone = plan_day(line_network, line_config, date=served_date(week), earlier=EarlierDays(service=without)).plan
    assert alone.rides is None
    assert '"rides"' not in to_json(alone)
    assert counted(json.loads(to_json(made.plan))) == counted(json.loads(to_json(alone)))
    assert math.isclose(made.plan.routes.cost_yuan, alone.routes.cost_yuan)


def test_without_a_timetable_in_the_configuration_vans_bring_it(
    line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    made = plan_day(line_network, line_config, date=served_date(week), earlier=EarlierDays(service=week))
    assert {one.fact.code for one in rides_of(made).kept_off} == {"bus_not_in_the_configuration"}
    assert list(day_faults(made.plan)) == []


def test_the_pack_has_a_sheet_of_each_run_in_both_languages(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    made = planned(tmp_path, line_config, line_network, week)
    down = next(ride for ride in rides_of(made).rides if not ride.up)
    with speaking("zh"):
        written = write_pack(made.plan, tmp_path / "routes", PageLinks(home="zh"))
    names = {path.name for path in written}
    assert {"buses.html", "buses.en.html"} <= names
    for name in ("buses.html", "buses.en.html"):
        text = page_text((tmp_path / "routes" / name).read_text(encoding="utf-8"))
        for figure in ("08:00", "08:20", "16:00", "16:20", f"{down.amount[0]:.0f}"):
            assert figure in text
    assert 'href="buses.html"' in (tmp_path / "routes" / "index.html").read_text(encoding="utf-8")


def test_a_lot_that_goes_up_by_bus_names_it_and_the_figures_add_up(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan, week: ServicePlan
) -> None:
    """The bus leaves middle at 16:00, handed to two minutes before, and its goods are at the hub two after 16:20."""
    orders = "id,parcels down,parcels up,produce,up kg\nmiddle,12,0,garlic,30\n"
    plan = planned(tmp_path, line_config, line_network, week, orders).plan
    (lot,) = lots_of(plan)
    assert lot.vehicle_id is None
    (ride,) = lot.rides
    assert (ride.trip_id, ride.up, ride.board_s, ride.hub_s) == ("back", True, 57_600, 58_920)
    assert [one["trip_id"] for one in lot_figures(plan, lot)["rides"]] == ["back"]
    sums = parcel_sums(plan)
    for language in LANGUAGES:
        with speaking(language):
            (row,) = lot_rows(plan)
            assert not row.why_not
            for part in ("back", "16:00"):
                assert part in row.vehicle
            assert (row.picked_up, row.arrived) == (figures.clock(ride.point_s), figures.clock(58_920))
            assert "back" in page_text(lots_page(plan, PageLinks(home=language)))
            line = sums_line(plan)
            assert figures.number(sums.by_bus[0]) in line
            sheet = rides_sheet(plan)
            assert [one[1] for one in sheet.rows[:-1]] == ["08:00", "16:00"]


def test_the_rides_sheet_of_a_day_without_buses_is_empty(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    plan = plan_day(line_network, line_config, date=datetime.date(2027, 11, 8)).plan
    assert rides_sheet(plan).rows == []
    assert all(lot.rides == () for lot in lots_of(plan))
