"""Turn restrictions over via ways: worlds to be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from planner.network import RoadNetwork
from planner.network.isochrones import isochrones, one_to_all
from tests.planner.network.worlds import SECONDARY, STEP, STEP_S, Node, Relation, Road, network, points

NORTH_S = 1105.74 / (50 / 3.6)  # a hundredth of a degree of latitude at the equator is 1105.74 m

# A dual carriageway with one link: way 1 comes from the west to 2, way 2 goes on east, way 3 is the link north from 2 to 5,
# way 4 leads from 5 back to the west and way 5 from 5 to the east, way 6 north from 5. Both carriageways are two-way
# here, so that only the relation tells what is allowed.
NODES: list[Node] = [
    *((1, 0.0, 0.0), (2, STEP, 0.0), (3, 2 * STEP, 0.0), (4, 0.0, STEP)),
    *((5, STEP, STEP), (6, 2 * STEP, STEP), (7, STEP, 2 * STEP)),
]
ROADS: list[Road] = [
    *(([1, 2], SECONDARY), ([2, 3], SECONDARY), ([2, 5], SECONDARY)),
    *(([5, 4], SECONDARY), ([5, 6], SECONDARY), ([5, 7], SECONDARY)),
]
ENDS = points(
    west=(0.0, 0.0),
    east=(2 * STEP, 0.0),
    back=(0.0, STEP),
    on=(2 * STEP, STEP),
    north=(STEP, 2 * STEP),
    link=(STEP, STEP / 2),
)


def seconds(roads: RoadNetwork, origin: str, destination: str) -> float:
    travel = roads.travel_matrix(ENDS, access_cap_m=50, access_speed_kph=4)
    return float(travel.durations_s[ENDS.ids.index(origin), ENDS.ids.index(destination)])


def over(kind: str, *, tags: dict[str, str] | None = None, via: tuple[int, ...] = (3,), to: int = 4) -> Relation:
    members = [("way", 1, "from"), *(("way", way, "via") for way in via), ("way", to, "to")]
    return Relation(members=members, tags={"restriction": kind} if tags is None else tags)


def test_no_u_turn_over_a_link_is_driven_round_and_binds_nobody_else(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS, rules=[over("no_u_turn")])
    assert roads.edges.turn_rules == {"followed": 1}
    # west, link, then on to the north end, back there, and right into way 4: two more steps of latitude
    assert seconds(roads, "west", "back") == pytest.approx(2 * STEP_S + 3 * NORTH_S, abs=0.05)
    # whoever comes from the east may turn there, and so may whoever sets out from the link itself
    assert seconds(roads, "east", "back") == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)
    assert seconds(roads, "link", "back") == pytest.approx(STEP_S + NORTH_S / 2, abs=0.05)
    # from the west the link is driven, and points on it are reached, as without the rule; so are the other ways from its end
    assert seconds(roads, "west", "link") == pytest.approx(STEP_S + NORTH_S / 2, abs=0.05)
    assert seconds(roads, "west", "on") == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)
    # the other way round there is no rule
    assert seconds(roads, "back", "west") == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)


def test_the_way_round_is_drawn_as_driven(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS, rules=[over("no_u_turn")])
    (line,) = roads.paths([("west", "back")], ENDS, access_cap_m=50)
    expected = [[0, 0], [1, 0], [1, 1], [1, 2], [1, 1], [0, 1]]
    np.testing.assert_allclose(line / STEP, expected, atol=1e-4)
    (line,) = roads.paths([("west", "link")], ENDS, access_cap_m=50)
    np.testing.assert_allclose(line / STEP, [[0, 0], [1, 0], [1, 0.5]], atol=1e-4)


def test_only_over_a_link_leaves_no_other_way_on(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS, rules=[over("only_straight_on", to=5)])
    assert seconds(roads, "west", "on") == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)
    # from way 1 the link must be taken and then way 5, to its end and back there: to the east two more links and steps
    assert seconds(roads, "west", "east") == pytest.approx(2 * STEP_S + NORTH_S + STEP_S + NORTH_S + STEP_S, abs=0.05)
    assert seconds(roads, "west", "back") == pytest.approx(STEP_S + NORTH_S + STEP_S + 2 * STEP_S, abs=0.05)
    assert seconds(roads, "east", "back") == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)


def test_several_via_ways_count_in_either_order_of_members(tmp_path: Path) -> None:
    nodes = [*NODES, (8, STEP, STEP / 2)]
    halves: list[Road] = [*ROADS[:2], ([2, 8], SECONDARY), *ROADS[3:], ([8, 5], SECONDARY)]
    for via in ((3, 7), (7, 3)):
        roads = network(tmp_path, nodes, halves, rules=[over("no_u_turn", via=via)])
        assert roads.edges.turn_rules == {"followed": 1}
        # where the halves meet the link is merely split, nobody turns back there: on to the north end as on a whole link
        assert seconds(roads, "west", "back") == pytest.approx(2 * STEP_S + 3 * NORTH_S, abs=0.05)
        assert seconds(roads, "link", "back") == pytest.approx(STEP_S + NORTH_S / 2, abs=0.05)


def test_times_to_all_junctions_and_reach_heed_the_rule(tmp_path: Path) -> None:
    roads = network(tmp_path, NODES, ROADS, rules=[over("no_u_turn")])
    times = one_to_all(roads, ENDS, "west", access_cap_m=50, access_speed_kph=4)
    at = {
        tuple(np.round(place / STEP).astype(int).tolist()): s
        for place, s in zip(roads.edges.junctions, times, strict=True)
    }
    assert at[1, 1] == pytest.approx(STEP_S + NORTH_S, abs=0.05)
    assert at[0, 1] == pytest.approx(2 * STEP_S + 3 * NORTH_S, abs=0.05)
    minutes = (2 * STEP_S + NORTH_S) / 60  # would do for the turn that is forbidden
    (reach,) = isochrones(roads, ENDS, ["west"], minutes=[minutes], access_cap_m=50, access_speed_kph=4, beside_m=20)
    assert not reach.covers(shapely.Point(0.5 * STEP, STEP))
    assert reach.covers(shapely.Point(1.5 * STEP, STEP))


@pytest.mark.parametrize(
    ("tags", "bound"),
    [
        ({"restriction": "no_u_turn", "except": "motorcar"}, {"tricycle", "light_truck", "truck"}),
        ({"restriction": "no_u_turn", "except": "hgv;psv"}, {"van", "tricycle"}),
        ({"restriction": "no_u_turn", "except": "psv"}, {"van", "tricycle", "light_truck", "truck"}),
        ({"restriction:hgv": "no_u_turn"}, {"light_truck", "truck"}),
        ({"restriction:motorcycle": "no_u_turn"}, {"tricycle"}),
        ({"restriction:bicycle": "no_u_turn"}, set()),
    ],
)
def test_rules_bind_those_they_name_and_spare_those_they_except(
    tmp_path: Path, tags: dict[str, str], bound: set[str]
) -> None:
    van = network(tmp_path, NODES, ROADS, rules=[over("", tags=tags)])
    for vehicle in ("van", "tricycle", "light_truck", "truck"):
        roads = van.under(vehicle=vehicle, season="summer")
        travel = roads.travel_matrix(ENDS, access_cap_m=50, access_speed_kph=4)
        metres = travel.distances_m[ENDS.ids.index("west"), ENDS.ids.index("back")]
        assert metres == pytest.approx(2 * 1113.195 + (3 if vehicle in bound else 1) * 1105.74, abs=1), vehicle


@pytest.mark.parametrize(
    ("relation", "counts"),
    [
        (
            over("", tags={"restriction:conditional": "no_u_turn @ (Mo-Fr 07:00-09:00)"}),
            {"followed": 0, "conditional": 1},
        ),
        (
            over("", tags={"restriction:hgv:conditional": "no_u_turn @ (22:00-06:00)"}),
            {"followed": 0, "conditional": 1},
        ),
        (
            over("", tags={"restriction": "no_u_turn", "hour_on": "07:00", "hour_off": "09:00"}),
            {"followed": 0, "conditional": 1},
        ),
        (over("no_u_turn", to=99), {"followed": 0, "incomplete": 1}),
        (over("no_u_turn", via=(8,)), {"followed": 0, "off_road": 1}),
        (over("no_u_turn", via=(2,)), {"followed": 0, "unconnected": 1}),
        (over("give_way"), {"followed": 0, "malformed": 1}),
        (
            Relation(members=[("way", 1, "from"), ("way", 4, "to")], tags={"restriction": "no_u_turn"}),
            {"followed": 0, "malformed": 1},
        ),
        (over("", tags={"restriction:bicycle": "no_u_turn"}), {"followed": 0}),
    ],
)
def test_what_is_not_followed_is_counted_by_its_reason(
    tmp_path: Path, relation: Relation, counts: dict[str, int]
) -> None:
    roads = network(tmp_path, NODES, [*ROADS, ([1, 4], SECONDARY), ([4, 7], {"highway": "steps"})], rules=[relation])
    assert roads.edges.turn_rules == counts
    assert len(roads.edges.banned) == 0
    summary = roads.summary(ENDS, access_cap_m=50)
    left = {name: count for name, count in counts.items() if name != "followed"}
    assert (summary["turn_rules_followed"], summary["turn_rules_left"]) == (counts["followed"], left)


def test_no_entry_from_several_ways_and_no_exit_to_several(tmp_path: Path) -> None:
    several = {
        "no_entry": [("way", 1, "from"), ("way", 2, "from"), ("node", 2, "via"), ("way", 3, "to")],
        "no_exit": [("way", 3, "from"), ("node", 2, "via"), ("way", 1, "to"), ("way", 2, "to")],
    }
    for kind, members in several.items():
        rule = Relation(members=members, tags={"restriction": kind})
        roads = network(tmp_path, NODES, [*ROADS, ([3, 6], SECONDARY)], rules=[rule])
        assert roads.edges.turn_rules == {"followed": 1}
        there, back = (
            (("west", "back"), ("back", "west")) if kind == "no_entry" else (("back", "west"), ("west", "back"))
        )
        assert seconds(roads, *there) == pytest.approx(4 * STEP_S + NORTH_S, abs=0.05)  # round by the east
        assert seconds(roads, *back) == pytest.approx(2 * STEP_S + NORTH_S, abs=0.05)
