"""Closures by way, area and date, and roads over the ice."""

import datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from planner.errors import BadDataError
from planner.model import Unreachable
from planner.network import RoadNetwork
from planner.network.closures import Closure
from tests.planner.network.worlds import SECONDARY, STEP, STEP_M, STEP_S, Node, Road, network, points

# Two ways from a to b, one step apart: way 1 straight, ways 2 and 3 round by a place two steps off
NODES: list[Node] = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, 0.5 * STEP, 2 * STEP)]
ROADS: list[Road] = [([1, 2], SECONDARY), ([1, 3], SECONDARY), ([3, 2], SECONDARY)]
ENDS = points(a=(0.0, 0.0), b=(STEP, 0.0))
SPRING = datetime.date(2026, 4, 1), datetime.date(2026, 4, 30)
ROUND_S = 2 * np.hypot(0.5 * STEP_M, 2 * 1105.74) / (50 / 3.6)


def between(roads: RoadNetwork) -> float:
    travel = roads.travel_matrix(ENDS, access_cap_m=50, access_speed_kph=4)
    return float(travel.durations_s[0, 1])


@pytest.mark.parametrize(
    ("day", "expected_s"),
    [
        (datetime.date(2026, 3, 31), STEP_S),
        (datetime.date(2026, 4, 1), ROUND_S),
        (datetime.date(2026, 4, 30), ROUND_S),
        (datetime.date(2026, 5, 1), STEP_S),
    ],
)
def test_closed_way_is_driven_round_on_its_days(tmp_path: Path, day: datetime.date, expected_s: float) -> None:
    roads = network(tmp_path, NODES, ROADS)
    bridge = Closure(reason="bridge", first=SPRING[0], last=SPRING[1], way_ids=(1,))
    closed = roads.without([bridge], on=day)
    assert between(closed) == pytest.approx(expected_s, abs=0.05)
    assert between(roads) == pytest.approx(STEP_S, abs=0.05)
    winter = closed.under(vehicle="van", season="winter")  # another season does not open it
    assert between(winter) == pytest.approx(expected_s / 0.85, abs=0.05)


def test_closed_area_takes_every_road_it_touches(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS)
    flood = Closure(
        reason="flood",
        first=SPRING[0],
        last=SPRING[1],
        area=shapely.box(0.4 * STEP, -0.1 * STEP, 0.6 * STEP, 0.1 * STEP),
    )
    assert between(roads.without([flood], on=SPRING[0])) == pytest.approx(ROUND_S, abs=0.05)


def test_place_behind_a_closure_says_so(tmp_path: Path) -> None:
    roads = network(tmp_path, [*NODES, (4, 3 * STEP, 0.0)], [*ROADS, ([2, 4], SECONDARY)])
    closure = Closure(reason="landslide", first=SPRING[0], last=SPRING[1], way_ids=(4,))
    closed = roads.without([closure], on=SPRING[0])
    assert closed.snap(points(end=(3 * STEP, 0.0)), access_cap_m=50).reasons == {"end": Unreachable.SHUT}


def test_closures_that_do_not_fit_are_all_listed(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS)
    faulty = [
        Closure(reason="unknown", first=SPRING[0], last=SPRING[1], way_ids=(1, 77)),
        Closure(reason="backwards", first=SPRING[1], last=SPRING[0], way_ids=(1,)),
        Closure(reason="elsewhere", first=SPRING[0], last=SPRING[1], area=shapely.box(5, 5, 6, 6)),
    ]
    with pytest.raises(BadDataError) as caught:
        roads.without(faulty, on=SPRING[0])
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["unknown", "backwards", "elsewhere"]
    assert "77" in caught.value.problems[0]


def test_ice_road_is_open_while_the_river_is_frozen_only(tmp_path: Path) -> None:
    ice: Road = ([1, 2], {"highway": "unclassified", "ice_road": "yes"})
    for season, expected_s in (("summer", ROUND_S), ("winter", ROUND_S / 0.85), ("frozen_river", STEP_M / (20 / 3.6))):
        roads = network(tmp_path, NODES, [ice, *ROADS[1:]], season)
        assert between(roads) == pytest.approx(expected_s, abs=0.1)
