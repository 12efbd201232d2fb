"""What tags mean to whom: access by vehicle, barriers, one-ways, seasons; and the walking network."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from planner.errors import ConfigError
from planner.model import Unreachable
from planner.network import RoadNetwork, read_network
from planner.network.closures import Closure
from planner.network.profiles import load_profile, seasons, vehicles, walking_speed_kph
from tests.planner.network.worlds import SECONDARY, STEP, STEP_M, STEP_S, Node, Road, network, points, write_osm

MOTOR = ("van", "tricycle", "light_truck", "truck")


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ({"access": "no"}, set()),
        ({"access": "no", "foot": "yes"}, {"walking"}),
        ({"access": "private", "motor_vehicle": "yes"}, set(MOTOR)),
        ({"motor_vehicle": "no"}, {"walking"}),
        ({"motor_vehicle": "destination"}, {*MOTOR, "walking"}),
        ({"vehicle": "no", "motorcycle": "yes"}, {"tricycle", "walking"}),
        ({"hgv": "no"}, {"van", "tricycle", "walking"}),
        ({"goods": "no"}, {"tricycle", "truck", "walking"}),
        ({"motorcar": "no"}, {"tricycle", "walking"}),
        ({"motor_vehicle": "no", "hgv": "yes"}, {"light_truck", "truck", "walking"}),
        ({"foot": "use_sidepath"}, set(MOTOR)),
        ({"motorroad": "yes"}, {"van", "light_truck", "truck"}),
        ({"motor_vehicle": "agricultural"}, {"walking"}),
        ({"oneway": "reversible"}, {"walking"}),
    ],
)
def test_the_most_particular_access_tag_decides(tags: dict[str, str], allowed: set[str]) -> None:
    given = {"highway": "secondary", **tags}
    found = {name for name in vehicles() if load_profile(name, "summer").use(given).speed_kph > 0}
    found = {name for name in found if not load_profile(name, "summer").use(given).closed}
    assert found == allowed


@pytest.mark.parametrize(
    ("tags", "van", "walking"),
    [
        ({"oneway": "yes"}, (True, False), (True, True)),
        ({"oneway": "-1"}, (False, True), (True, True)),
        ({"oneway": "yes", "oneway:foot": "yes"}, (True, False), (True, False)),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, (True, True), (True, True)),
        ({"oneway:goods": "-1"}, (False, True), (True, True)),
        ({"junction": "roundabout"}, (True, False), (True, True)),
        ({"junction": "circular", "oneway": "no"}, (True, True), (True, True)),
        ({"oneway": "alternating"}, (True, True), (True, True)),
    ],
)
def test_one_ways_bind_wheels(tags: dict[str, str], van: tuple[bool, bool], walking: tuple[bool, bool]) -> None:
    for vehicle, expected in (("van", van), ("walking", walking)):
        use = load_profile(vehicle, "summer").use({"highway": "secondary", **tags})
        assert (use.forward, use.backward) == expected


# From a to b straight by node 2, or round by the north (one step of latitude up, one of longitude, one down)
NODES: list[Node] = [(1, 0.0, 0.0), (2, STEP / 2, 0.0), (3, STEP, 0.0), (4, 0.0, STEP), (5, STEP, STEP)]
ROADS: list[Road] = [([1, 2, 3], SECONDARY), ([1, 4, 5, 3], SECONDARY)]
ENDS = points(a=(0.0, 0.0), b=(STEP, 0.0))
ROUND_M = 2 * 1105.74 + STEP_M


def metres(roads: RoadNetwork) -> float:
    return float(roads.travel_matrix(ENDS, access_cap_m=5, access_speed_kph=4).distances_m[0, 1])


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, set(MOTOR)),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, set()),
        ({"barrier": "bollard", "bollard": "rising"}, set()),
        ({"barrier": "gate"}, set()),
        ({"barrier": "gate", "locked": "yes"}, {*MOTOR, "walking"}),
        ({"barrier": "gate", "access": "private"}, {*MOTOR, "walking"}),
        ({"barrier": "lift_gate", "access": "no", "foot": "yes"}, set(MOTOR)),
        ({"barrier": "cattle_grid"}, set()),
        ({"barrier": "block"}, set(MOTOR)),
        ({"access": "no"}, {*MOTOR, "walking"}),
        ({"motor_vehicle": "no"}, set(MOTOR)),
        ({"barrier": "gate", "hgv": "no"}, {"light_truck", "truck"}),
        ({"highway": "crossing", "access": "no", "foot": "yes"}, set()),
    ],
)
def test_barriers_stop_those_they_are_for(tmp_path: Path, tags: dict[str, str], stopped: set[str]) -> None:
    assert {"van", "walking"} <= set(vehicles())
    for vehicle in vehicles():
        roads = network(tmp_path, NODES, ROADS, node_tags={2: tags}, vehicle=vehicle)
        expected = ROUND_M if vehicle in stopped else STEP_M
        assert metres(roads) == pytest.approx(expected, abs=2), vehicle


def test_both_sides_of_a_bollard_are_reached(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS, node_tags={2: {"barrier": "bollard"}})
    sides = points(west=(0.45 * STEP, 0.0), east=(0.55 * STEP, 0.0))
    travel = roads.travel_matrix(sides, access_cap_m=5, access_speed_kph=4)
    assert travel.distances_m[0, 1] == pytest.approx(0.9 * STEP_M + ROUND_M, abs=2)


# -- walking ------------------------------------------------------------------------------------------------------------

PATHS: list[Road] = [
    ([1, 3], {"highway": "path"}),
    ([1, 4, 5, 3], {**SECONDARY, "oneway": "yes"}),
    ([4, 3], {"highway": "steps"}),
    ([1, 5], {"highway": "footway", "foot": "no"}),
]


def test_who_walks_goes_by_paths_and_against_one_ways_and_a_van_does_not(tmp_path: Path) -> None:
    on_foot = network(tmp_path, NODES, PATHS, vehicle="walking")
    travel = on_foot.travel_matrix(points(a=(0.0, 0.0), b=(STEP, 0.0), c=(0.0, STEP)), access_cap_m=5)
    assert travel.durations_s[0, 1] == pytest.approx(STEP_M / (4 / 3.6), abs=0.1)
    assert travel.durations_s[2, 0] == pytest.approx(1105.74 / (4 / 3.6), abs=0.1)  # against the traffic
    van = network(tmp_path, NODES, [*PATHS[:1], ROADS[1]])
    assert metres(van) == pytest.approx(ROUND_M, abs=2)
    assert len(van.edges.length_m) == 1  # no footpath is among the roads of motor vehicles


def test_walking_needs_roads_read_for_walking(tmp_path: Path) -> None:
    van = network(tmp_path, NODES, ROADS)
    with pytest.raises(ConfigError, match=r"walking needs roads of mode 'foot'.*read the file again"):
        van.under(vehicle="walking", season="summer")
    assert (
        network(tmp_path, NODES, ROADS, vehicle="walking").under(vehicle="walking", season="winter").season == "winter"
    )


def test_roads_for_walking_and_for_wheels_are_kept_apart(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", NODES, [PATHS[0], ROADS[1], *PATHS[2:]])
    kept = tmp_path / "kept"
    expected = {"van": 1, "walking": 3}  # the footway is not for walkers
    for vehicle in ("van", "walking", "truck", "walking"):
        roads = read_network(path, vehicle=vehicle, season="summer", cache=kept)
        ways = len(np.unique(roads.edges.way))
        assert ways == expected.get(vehicle, 1)
    assert len(list(kept.iterdir())) == 2


def test_access_is_walked_at_the_season_s_speed_unless_one_is_given(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS)
    off = points(a=(0.0, -0.0009), b=(STEP, 0.0))  # 99.52 m south of the road
    for season, kph in (("summer", 4.0), ("heavy_snow", 2.4)):
        assert walking_speed_kph(season) == pytest.approx(kph)
        travel = roads.under(vehicle="van", season=season).travel_matrix(off, access_cap_m=200)
        driven_s = STEP_S / (1.0 if season == "summer" else 0.72)
        assert travel.durations_s[0, 1] == pytest.approx(driven_s + 99.52 / (kph / 3.6), abs=0.1)


# -- seasons ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("highway", "season", "kph"),
    [
        ("motorway", "winter", 80 * 0.85),
        ("secondary", "winter", 50 * 0.85),
        ("tertiary", "winter", 40 * 0.85 * 0.95),
        ("residential", "winter", 25 * 0.85 * 0.85),
        ("track", "winter", 15 * 0.85 * 0.8),
        ("primary", "heavy_snow", 60 * 0.72),
        ("unclassified", "heavy_snow", 30 * 0.72 * 0.8),
    ],
)
def test_classes_that_are_cleared_later_lose_more(highway: str, season: str, kph: float) -> None:
    assert load_profile("van", season).use({"highway": highway}).speed_kph == pytest.approx(kph)


ALL = set(seasons())


@pytest.mark.parametrize(
    ("tags", "open_in"),
    [
        ({"route": "ferry"}, {"summer", "spring_thaw"}),
        ({"highway": "tertiary", "ice_road": "yes"}, {"frozen_river"}),
        ({"highway": "track", "winter_road": "yes"}, {"frozen_river"}),
        ({"highway": "track", "seasonal": "winter"}, {"frozen_river"}),
        ({"highway": "track", "seasonal": "summer"}, {"summer"}),
        ({"highway": "track", "seasonal": "spring;summer;autumn"}, {"summer", "spring_thaw", "drift_ice"}),
        ({"highway": "track", "seasonal": "yes"}, {"summer"}),
        ({"highway": "track", "seasonal": "no"}, ALL),
        ({"highway": "track", "ford": "yes"}, ALL - {"spring_thaw", "drift_ice"}),
        ({"highway": "tertiary", "access:conditional": "no @ (Nov 1-Apr 15)"}, {"summer", "drift_ice"}),
        ({"highway": "tertiary", "motor_vehicle:conditional": "no @ winter"}, {"summer", "drift_ice"}),
        ({"highway": "tertiary", "access:conditional": "no @ snow"}, ALL - {"heavy_snow"}),
        ({"highway": "tertiary", "access": "no", "access:conditional": "yes @ (May-Oct)"}, {"summer"}),
        ({"highway": "tertiary", "motor_vehicle:conditional": "no @ (22:00-06:00)"}, ALL),
        ({"highway": "tertiary", "hgv:conditional": "no @ (weight>7.5)"}, ALL),
    ],
)
def test_what_a_season_opens_and_closes(tags: dict[str, str], open_in: set[str]) -> None:
    uses = {season: load_profile("van", season).use(tags) for season in ALL}
    assert {season for season, use in uses.items() if use.speed_kph > 0 and not use.closed} == open_in
    assert all(use.speed_kph > 0 for use in uses.values())  # closed for the season, not for ever


def test_with_drift_ice_neither_ferry_nor_ice_road_crosses(tmp_path: Path) -> None:
    river: list[Road] = [([1, 2], SECONDARY), ([2, 3], {"route": "ferry"}), ([3, 5], SECONDARY)]
    roads = network(tmp_path, NODES, [*river, ([2, 3], {"highway": "track", "ice_road": "yes"})])
    crossing = {}
    for season in seasons():
        travel = roads.under(vehicle="van", season=season).travel_matrix(ENDS, access_cap_m=5)
        crossing[season] = travel.unreachable.get("a") is not Unreachable.CLOSED and np.isfinite(
            travel.durations_s[0, 1]
        )
    assert {season for season, crossed in crossing.items() if crossed} == {"summer", "spring_thaw", "frozen_river"}


def test_a_closure_does_not_open_what_the_season_shuts_and_ends_with_its_last_day(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, [ROADS[0], ([1, 4, 5, 3], {**SECONDARY, "seasonal": "summer"})])
    closure = Closure(reason="works", first=datetime.date(2026, 2, 28), last=datetime.date(2026, 2, 28), way_ids=(1,))
    shut = roads.without([closure], on=datetime.date(2026, 2, 28))
    assert metres(shut) == pytest.approx(ROUND_M, abs=2)
    assert np.isinf(metres(shut.under(vehicle="van", season="winter")))
    assert metres(roads.without([closure], on=datetime.date(2026, 3, 1))) == pytest.approx(STEP_M, abs=1)
