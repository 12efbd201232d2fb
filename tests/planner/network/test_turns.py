"""Forbidden turns and what turns cost, on a crossroads that can be worked out by hand.

The crossroads lies at the origin of the equator, with an arm of one step each to the west (way 1), east (2), north (3) and
south (4)."""

from pathlib import Path

import numpy as np
import pytest

from planner.network import RoadNetwork
from tests.planner.network.worlds import SECONDARY, STEP, STEP_S, Node, Road, Rule, network, points

NODES: list[Node] = [(1, 0.0, 0.0), (2, -STEP, 0.0), (3, STEP, 0.0), (4, 0.0, STEP), (5, 0.0, -STEP)]
ARMS: list[Road] = [([2, 1], SECONDARY), ([1, 3], SECONDARY), ([1, 4], SECONDARY), ([1, 5], SECONDARY)]
NORTH_S = 1105.74 / (50 / 3.6)  # a hundredth of a degree of latitude at the equator is 1105.74 m
ENDS = points(west=(-STEP, 0.0), east=(STEP, 0.0), north=(0.0, STEP), south=(0.0, -STEP))


def seconds(roads: RoadNetwork, origin: str, destination: str) -> float:
    travel = roads.travel_matrix(ENDS, access_cap_m=50, access_speed_kph=4)
    return float(travel.durations_s[ENDS.ids.index(origin), ENDS.ids.index(destination)])


def test_forbidden_left_turn_is_driven_round(tmp_path: Path) -> None:
    rules: list[Rule] = [("no_left_turn", 1, 1, 3)]
    roads = network(tmp_path, NODES, ARMS, rules=rules)
    # to the south end, back there (a right turn and then straight on): shorter than by the east end
    assert seconds(roads, "west", "north") == pytest.approx(STEP_S + 3 * NORTH_S, abs=0.05)
    assert seconds(roads, "north", "west") == pytest.approx(STEP_S + NORTH_S, abs=0.05)
    (line,) = roads.paths([("west", "north")], ENDS, access_cap_m=50)
    expected = [[-STEP, 0], [0, 0], [0, -STEP], [0, 0], [0, STEP]]
    np.testing.assert_allclose(line, expected, atol=1e-6)


def test_only_straight_on_forbids_every_other_turn(tmp_path: Path) -> None:
    rules: list[Rule] = [("only_straight_on", 1, 1, 2)]
    roads = network(tmp_path, NODES, ARMS, rules=rules)
    assert seconds(roads, "west", "east") == pytest.approx(2 * STEP_S, abs=0.05)
    # on to the east, back at its end (no rule there), and then from the east to the south
    assert seconds(roads, "west", "south") == pytest.approx(3 * STEP_S + NORTH_S, abs=0.05)


def test_without_rules_the_crossroads_is_free(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ARMS)
    assert len(roads.edges.banned) == 0
    assert seconds(roads, "west", "north") == pytest.approx(STEP_S + NORTH_S, abs=0.05)


@pytest.mark.parametrize(
    ("destination", "driven_s", "turn_s"),
    [("east", STEP_S, 0.0), ("south", NORTH_S, 3.0), ("north", NORTH_S, 6.0)],
)
def test_right_turns_cost_three_seconds_and_left_turns_six(
    tmp_path: Path, destination: str, driven_s: float, turn_s: float
) -> None:
    roads = network(tmp_path, NODES, ARMS, turn_costs=True)
    assert seconds(roads, "west", destination) == pytest.approx(STEP_S + driven_s + turn_s, abs=0.05)
