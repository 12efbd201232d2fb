"""The made-up buses of the demonstration county: read like any feed, marked as made up, and such as buses could be."""

import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from planner.config import PlanConfig, data_folder, load_config
from planner.geodata.assemble import read_area
from planner.geodata.transit.feed import TransitFeed
from planner.geodata.transit.parcel_room import read_room
from planner.geodata.transit.read_feed import read_feed
from planner.model import Points, Text
from planner.network import read_network

BAIQUAN = data_folder() / "areas" / "baiquan"
TUESDAY, SATURDAY = datetime.date(2026, 11, 10), datetime.date(2026, 11, 14)


@pytest.fixture(scope="module")
def config() -> PlanConfig:
    return load_config("baiquan")


@pytest.fixture(scope="module")
def feed(config: PlanConfig) -> TransitFeed:
    assert config.service is not None
    assert config.service.buses is not None
    return read_feed(config.resolve(config.service.buses.feed))


def test_it_says_that_it_is_made_up(config: PlanConfig, feed: TransitFeed) -> None:
    assert feed.synthetic
    assert feed.findings == ()
    assert all("合成" in name for name in (feed.publisher, *(line.agency for line in feed.lines.values())))
    made_up = [Text.of(one.what).in_language("en") for one in config.area.sources if one.synthetic]
    assert "bus lines, their runs and their room for parcels" in made_up


def test_a_line_goes_to_each_township_two_to_six_times_a_day_each_way(config: PlanConfig, feed: TransitFeed) -> None:
    area = read_area(config)
    terminal = next(id_ for id_, stop in feed.stops.items() if stop.name == "拜泉客运站")
    seats = {township.id for township in area.townships}
    called: dict[str, set[str]] = {}
    runs: dict[tuple[str, str], int] = {}
    for run in feed.trips_on(TUESDAY):
        stops = [call.stop_id for call in run.calls]
        assert terminal == (stops[0] if run.direction == "0" else stops[-1])
        called.setdefault(run.line_id, set()).update(stops)
        runs[run.line_id, run.direction] = runs.get((run.line_id, run.direction), 0) + 1
    assert len(called) == len(seats) == 16
    assert seats <= set.union(*called.values())
    assert min(runs.values()) == 2
    assert max(runs.values()) == 6
    assert len(feed.trips_on(SATURDAY)) < len(feed.trips_on(TUESDAY))
    assert feed.trips_on(datetime.date(2027, 2, 6)) == ()  # the first day of the lunar year
    assert len(feed.stops) > 0.5 * len({*area.village_by_id, *seats})


def test_buses_take_as_long_as_roads_ask(config: PlanConfig, feed: TransitFeed, tmp_path: Path) -> None:
    """Travel times are those of the road network's own van, which did not make the buses' times."""
    assert config.road_file is not None
    roads = read_network(config.road_file, vehicle="van", season="summer", cache=tmp_path)
    ids = sorted(feed.stops)
    points = Points(
        ids=tuple(ids),
        lons=np.array([feed.stops[id_].lon for id_ in ids]),
        lats=np.array([feed.stops[id_].lat for id_ in ids]),
    )
    travel = roads.travel_matrix(points, access_cap_m=100)
    row = {id_: number for number, id_ in enumerate(ids)}
    ratios = []
    for trip in feed.trips.values():
        for one, following in pairwise(trip.calls):
            assert one.departure_s <= following.arrival_s
        van_s = sum(travel.durations_s[row[a.stop_id], row[b.stop_id]] for a, b in pairwise(trip.calls))
        ratios.append((trip.calls[-1].arrival_s - trip.departs_s) / van_s)
    assert 0.9 < min(ratios) < max(ratios) < 2.0
    assert max(call.departure_s for trip in feed.trips.values() for call in trip.calls) < 20 * 3600


def test_its_room_is_what_a_few_buses_have(config: PlanConfig, feed: TransitFeed) -> None:
    table = read_room(BAIQUAN / "bus_room.csv", feed)
    assert table.findings == ()
    rooms = {run.id: table.room_of(run) for run in feed.trips_on(TUESDAY)}
    parcels = sorted({0 if room is None else room.parcels for room in rooms.values()})
    assert parcels == [0, 20, 35]
    assert [id_ for id_, room in rooms.items() if room is None] == ["113-in-1", "115-in-1"]
    assert all("假设" in room.source for room in rooms.values() if room)
