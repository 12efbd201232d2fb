"""Buses on the line of three villages, by hand: what they carry, what that costs, and why they carry nothing.

Middle, 11.13 km from the hub, has 50 parcels a day down and 5 up; west is beside the hub. A bus leaves the hub at 08:00
and is at middle at 08:20; it comes back from 16:00 to 16:20.
"""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import pytest

from planner.config import PlanConfig
from planner.config.bus_section import BusSection
from planner.errors import ConfigError
from planner.outputs.page_links import PageLinks
from planner.outputs.service.bus_page import bus_page, bus_savings
from planner.outputs.service.week_layers import write_week_layers
from planner.outputs.service.week_view import week_view
from planner.pipeline.service.plan import PlannedService, plan_service
from planner.plans import NetworkPlan, ServiceDay, ServicePlan, service_from_json, service_to_json
from planner.plans.bus_faults import bus_faults
from planner.plans.service_faults import service_faults
from planner.service.buses import AccessKind
from planner.words import LANGUAGES, Language, sentence, speaking
from tests.languages import foreign_words, page_text
from tests.planner.geodata.transit.feeds import feed_folder

FEED: dict[str, str | bytes | None] = {
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nZ,客运站,0.0,10.0\nA,中村,0.0,10.1\n",
    "trips.txt": "route_id,service_id,trip_id\nR1,W,out\nR1,W,back\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "out,08:00:00,08:00:00,Z,1\nout,08:20:00,08:20:00,A,2\nback,16:00:00,16:00:00,A,1\nback,16:20:00,16:20:00,Z,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "W,1,1,1,1,1,1,1,20270101,20271231\n",
    "calendar_dates.txt": None,
}
ROOM = "trip,parcels,yuan per parcel,handling minutes\nall,500,0.1,2\n"
SECTION: dict[str, Any] = {
    "terminals": ("客运站",),
    "transfer_yuan_per_run": 5,
    "walk": {"cap_m": 100, "speed_kph": 4, "most_kg": 1000},
    "provenance": "for the test",
}
DRIVING_S, KM = 2 * 801.50, 2 * 11.131949


def bused(
    folder: Path,
    config: PlanConfig,
    network: NetworkPlan,
    *,
    feed: dict[str, str | bytes | None] | None = None,
    room: str = ROOM,
    only_week: bool = True,
    **changed: Any,
) -> PlannedService:
    """Return the week of 2027 with buses; what is no part of their section is one of ``[service]``."""
    (folder / "room.csv").write_text(room, encoding="utf-8")
    section = {name: value for name, value in changed.items() if name in BusSection.model_fields}
    asked = {
        **SECTION,
        **section,
        "feed": feed_folder(folder / "buses", {**FEED, **(feed or {})}),
        "room": folder / "room.csv",
    }
    service = {name: value for name, value in changed.items() if name not in section}
    assert config.service is not None
    update = {**service, "buses": BusSection.model_validate(asked)}
    with_buses = config.model_copy(update={"service": config.service.model_copy(update=update)})
    return plan_service(network, with_buses, year=2027, only_week=only_week)


@pytest.fixture(scope="module")
def line_alone(line_config: PlanConfig, line_network: NetworkPlan) -> ServicePlan:
    return plan_service(line_network, line_config, year=2027, only_week=True).plan


@pytest.fixture(scope="module")
def line_buses(
    tmp_path_factory: pytest.TempPathFactory, line_config: PlanConfig, line_network: NetworkPlan
) -> ServicePlan:
    return bused(tmp_path_factory.mktemp("buses"), line_config, line_network).plan


def middle(day: ServiceDay) -> Any:
    return next((one for one in day.demand.points if one.site_id == "sp-middle"), None)


def test_buses_carry_what_is_far_both_ways(line_buses: ServicePlan) -> None:
    assert len(line_buses.days) == 3
    for day in line_buses.days:
        goods = middle(day)
        assert day.buses is not None
        down, up = sorted(day.buses.rides, key=lambda ride: ride.up)
        assert (down.trip_id, down.up, down.kind) == ("out", False, AccessKind.WALK)
        assert (up.trip_id, up.up) == ("back", True)
        assert down.amount == pytest.approx((goods.delivery_parcels, goods.delivery_kg, goods.delivery_m3))
        assert up.amount == pytest.approx((goods.pickup_parcels, goods.pickup_kg, goods.pickup_m3))
        # handed over two minutes after the bus has come, which leaves two minutes after they are there; up the same
        assert (down.board_s, down.alight_s, down.point_s) == (28_800, 30_000, 30_120)
        assert (up.board_s, up.alight_s, up.hub_s) == (57_600, 58_800, 58_920)
        assert [visit.stop_id for route in day.routes for visit in route.visits] == ["sp-west"]
        legs = {trip.trip_id: trip.legs for trip in day.buses.trips}
        assert legs == {"out": (down.amount,), "back": (up.amount,)}


def test_what_the_day_costs_with_buses_and_without(line_buses: ServicePlan) -> None:
    """A parcel by bus is 0.1 yuan, each run 5; the van stays beside the hub, paid for its stop at west."""
    for day in line_buses.days:
        assert day.buses is not None
        far, near = middle(day), next(one for one in day.demand.points if one.site_id == "sp-west")
        carried = far.delivery_parcels + far.pickup_parcels
        assert day.buses.rides_yuan == pytest.approx(0.1 * carried)
        assert day.buses.runs_yuan == 10
        assert (day.buses.runs_m, day.buses.access_m) == (0, pytest.approx(0, abs=1))
        at_west = 240 + 6 * (near.delivery_parcels + near.pickup_parcels)
        assert day.cost_yuan == pytest.approx(150 + 30 * at_west / 3600 + 0.1 * carried + 10, abs=0.01)
        assert day.distance_m == pytest.approx(0, abs=1)
        alone_s = DRIVING_S + at_west + 240 + 6 * carried
        assert day.buses.without.cost_yuan == pytest.approx(150 + 1.2 * KM + 30 * alone_s / 3600, abs=0.01)
        assert day.buses.without.distance_m == pytest.approx(KM * 1000, abs=5)
        assert (day.buses.without.vehicles, day.buses.without.missed) == (1, 0)
    assert line_buses.week_yuan == pytest.approx(sum(day.cost_yuan for day in line_buses.days))


def test_the_day_without_buses_is_that_of_a_plan_without_a_feed(
    line_buses: ServicePlan, line_alone: ServicePlan
) -> None:
    assert [day.weekday for day in line_buses.days] == [day.weekday for day in line_alone.days]
    for with_them, alone in zip(line_buses.days, line_alone.days, strict=True):
        assert with_them.demand == alone.demand
        assert with_them.buses is not None
        assert with_them.buses.without.cost_yuan == alone.cost_yuan
        assert with_them.buses.without.distance_m == alone.distance_m
    assert line_alone.buses is None
    assert '"buses"' not in service_to_json(line_alone)


def test_the_plan_names_lines_and_stops_and_is_read_back(line_buses: ServicePlan) -> None:
    said = line_buses.buses
    assert said is not None
    assert (said.feed, said.room, said.terminal_ids, said.synthetic) == ("buses", "room.csv", ("Z",), False)
    (line,) = said.lines
    assert (line.name, line.agency, line.stop_ids, line.trips) == ("1路", "拜泉客运", ("Z", "A"), (2,) * 7)
    assert [(stop.id, stop.site_id) for stop in said.stops] == [("A", "sp-middle"), ("Z", "sp-west")]
    assert said.remarks == ()
    assert list(service_faults(line_buses)) == []
    assert service_from_json(service_to_json(line_buses), line_buses.network) == line_buses


def same_days(found: ServicePlan, alone: ServicePlan) -> bool:
    return found.days == alone.days and found.points == alone.points and found.paths == alone.paths


@pytest.mark.parametrize(
    ("changed", "code", "params"),
    [
        ({"room": "trip,parcels\nall,0\n"}, "bus_without_room", {"count": 2, "room_file": "room.csv"}),
        (
            {"feed": {"calendar.txt": FEED["calendar.txt"].replace("20271231", "20270630")}},  # type: ignore[union-attr, arg-type]
            "bus_feed_expired",
            {"last_date": "2027-06-30", "other_date": "2027-06-30"},
        ),
        (
            {"feed": {"stops.txt": FEED["stops.txt"].replace("10.1", "10.11")}},  # type: ignore[union-attr, arg-type]
            "bus_stops_too_far",
            {"reach_limit_m": 100},
        ),
        ({"room": "trip,parcels,yuan per parcel\nall,500,9\n"}, "bus_dearer_than_vans", {}),
    ],
    ids=["no room", "expired", "far", "dear"],
)
def test_where_buses_carry_nothing_the_plan_is_that_without_them(
    tmp_path: Path,
    line_config: PlanConfig,
    line_network: NetworkPlan,
    line_alone: ServicePlan,
    changed: dict[str, Any],
    code: str,
    params: dict[str, Any],
) -> None:
    found = bused(tmp_path, line_config, line_network, **changed).plan
    assert same_days(found, line_alone)
    assert found.buses is not None
    assert {(one.weekday, one.fact.code) for one in found.buses.remarks} == {(day.weekday, code) for day in found.days}
    fact = found.buses.remarks[0].fact
    assert {name: fact.params[name] for name in params} == params
    for language in LANGUAGES:
        with speaking(language):
            assert sentence(fact, {})


def test_a_cut_off_before_the_first_bus_keeps_produce_on_vans(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """The only bus back is at the hub at 16:22, two minutes of handing over among it."""
    found = bused(tmp_path, line_config, line_network, cut_off=15 * 3600).plan
    assert found.buses is not None
    assert {one.fact.code for one in found.buses.remarks} >= {"no_bus_before_the_cut_off"}
    fact = next(one.fact for one in found.buses.remarks if one.fact.code == "no_bus_before_the_cut_off")
    assert fact.params == {"cut_off_clock_s": 54_000.0, "until_clock_s": 58_920}
    assert not any(ride.up for day in found.days if day.buses for ride in day.buses.rides)


def test_goods_ready_after_the_last_bus_stay_on_vans(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan
) -> None:
    early = {"stop_times.txt": str(FEED["stop_times.txt"]).replace("08:00", "06:00").replace("08:20", "06:20")}
    found = bused(tmp_path, line_config, line_network, feed=early).plan
    assert found.buses is not None
    fact = next(one.fact for one in found.buses.remarks if one.fact.code == "no_bus_after_goods_are_ready")
    # vans begin at 06:30; the bus takes what is there two minutes before it leaves
    assert fact.params == {"ready_clock_s": 23_400.0, "until_clock_s": 21_480}


def test_an_unknown_terminal_is_named_with_what_is_like_it(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan
) -> None:
    with pytest.raises(ConfigError) as caught:
        bused(tmp_path, line_config, line_network, terminals=("客运总站", "Q"))
    assert [str(one) for one in caught.value.problems] == [
        "service.buses.terminals: 客运总站 is no stop of buses; like it are 客运站",
        "service.buses.terminals: Q is no stop of buses",
    ]


def test_other_seasons_have_the_same_goods_on_buses(
    tmp_path: Path, line_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """In winter the van only goes beside the hub, as in summer; parcels by bus are in each season's cost."""
    every = line_config.model_copy(update={"travel": line_config.travel.model_copy(update={"season": None})})
    plan = bused(tmp_path, every, line_network, only_week=False).plan
    assert plan.seasons is not None
    assert len(plan.seasons.seasons) == 4
    for season in plan.seasons.seasons:
        assert {one.weekday for one in season.weekdays} == {day.weekday for day in plan.days}
        for one in season.weekdays:
            day = plan.day_of[one.weekday]
            assert one.distance_m == pytest.approx(0, abs=1)
            assert one.cost_yuan == pytest.approx(day.cost_yuan, abs=0.01)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loading_sheet_says_what_goes_on_and_off(line_buses: ServicePlan, language: Language) -> None:
    with speaking(language):
        page = bus_page(line_buses, PageLinks(home="zh"))
        text = page_text(page)
    day = line_buses.days[0]
    assert day.buses is not None
    names = [
        "东",
        "西",
        "中",
        "三村",
        "线",
        *(one for place in line_buses.area.sites for one in (place.name, place.name_latin)),
    ]
    assert foreign_words(text, language, [*names, "buses", "room.csv", line_buses.id, "out", "back"]) == []
    down = round(day.buses.parcels(up=False))
    week = sum(round(one.buses.parcels(up=False)) for one in line_buses.days if one.buses)
    saved_m, saved_yuan = bus_savings(line_buses)
    # three days on which the van does not go to middle and back
    assert saved_m == pytest.approx(3 * KM * 1000, abs=15)
    assert saved_yuan == pytest.approx(
        sum(one.buses.without.cost_yuan - one.cost_yuan for one in line_buses.days if one.buses)
    )
    for figure in ("08:00", "08:20", "16:00", "16:20", f"{week:,}", f"{down}", f"{saved_m / 1000:,.1f}"):
        assert figure in text
    assert "村</b></script>" not in page  # as the village is called


def test_lines_and_stops_are_layers_of_the_geopackage_and_of_the_map(line_buses: ServicePlan, tmp_path: Path) -> None:
    write_week_layers(line_buses, tmp_path / "week.gpkg")
    lines = geopandas.read_file(tmp_path / "week.gpkg", layer="bus_lines")
    stops = geopandas.read_file(tmp_path / "week.gpkg", layer="bus_stops")
    week = {up: sum(round(day.buses.parcels(up=up)) for day in line_buses.days if day.buses) for up in (False, True)}
    (line,) = lines.itertuples()
    assert list(line.geometry.coords) == [(10.0, 0.0), (10.1, 0.0)]
    assert (line.line_id, line.week_trips) == ("R1", 14)  # two runs a day
    assert (line.week_parcels_down, line.week_parcels_up) == (week[False], week[True])
    assert {(one.stop_id, one.site_id, one.terminal) for one in stops.itertuples()} == {
        ("A", "sp-middle", False),
        ("Z", "sp-west", True),
    }
    with speaking("zh"):
        assert "可捎带快件的客车线路（1 条）" in page_text(week_view(line_buses, PageLinks(home="zh")))


def test_broken_documents_are_noticed(line_buses: ServicePlan) -> None:
    day = line_buses.days[0]
    assert day.buses is not None
    ride, trip = day.buses.rides[0], day.buses.trips[0]

    def faults(**changed: Any) -> list[str]:
        broken = replace(day, buses=replace(day.buses, **changed))
        return [str(one) for one in bus_faults(replace(line_buses, days=(broken, *line_buses.days[1:])))]

    rest = day.buses.rides[1:]
    assert faults() == []
    assert any("no such ride" in one for one in faults(rides=(replace(ride, board_s=ride.board_s + 60), *rest)))
    assert any("not carried whole" in one for one in faults(rides=(replace(ride, amount=(1.0, 1.0, 0.01)), *rest)))
    assert any("is not what is on it" in one for one in faults(rides=(replace(ride, amount=(1.0, 1.0, 0.01)), *rest)))
    full = tuple(one and one / 1000 for one in trip.room)
    assert any("above its room" in one for one in faults(trips=(replace(trip, room=full), *day.buses.trips[1:])))
    assert any("there is no nowhere" in one for one in faults(rides=(replace(ride, point_id="nowhere"), *rest)))
    assert any("runs between hub and terminal" in one for one in faults(runs=day.buses.runs[1:]))
    assert datetime.date(2027, 11, 8) == line_buses.monday
