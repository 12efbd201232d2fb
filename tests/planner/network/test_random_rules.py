"""Random small worlds with turn restrictions over nodes and ways, against a search that remembers the streets driven.

The search knows nothing of the network's graph: it reads each rule as a chain of streets and looks at the last four driven.
"""

from __future__ import annotations

import heapq
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.model import Points
from planner.network import RoadNetwork
from planner.network.edges import cut_ways, segment_lengths_m
from planner.network.osm import read_ways
from planner.network.roads import Roads
from tests.planner.network.worlds import SECONDARY, STEP, Relation, Road, write_osm

SIDE = 3  # junctions of a grid with some diagonals; each street is a way of its own
Arc = tuple[int, int]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Arc], list[bool], list[tuple[str, list[int]]], list[tuple[int, float]]]:
    """Streets as pairs of nodes, which are one-way, rules as a kind and a chain of streets, and points on streets."""
    grid = [(n, n + 1) for n in range(SIDE * SIDE) if (n + 1) % SIDE] + [
        (n, n + SIDE) for n in range(SIDE * (SIDE - 1))
    ]
    diagonals = [(0, 4), (4, 8), (1, 5), (3, 7), (2, 4)]
    streets = grid + [pair for pair in diagonals if draw(st.booleans())]
    oneway = [draw(st.integers(0, 5)) == 0 for _ in streets]
    rules = []
    for _ in range(draw(st.integers(1, 5))):
        chain = [draw(st.integers(0, len(streets) - 1))]
        node = streets[chain[0]][draw(st.integers(0, 1))]
        seen = {node}
        for step in range(draw(st.integers(1, 3)) + 1):
            last = step > 0 and draw(st.booleans())
            onward = [
                (i, b if a == node else a)
                for i, (a, b) in enumerate(streets)
                if node in (a, b) and i not in chain and (last or (b if a == node else a) not in seen)
            ]
            if not onward:
                break
            street, node = draw(st.sampled_from(onward))
            chain.append(street)
            if last or node in seen:
                break
            seen.add(node)
        if len(chain) >= 2:
            rules.append((draw(st.sampled_from(["no_left_turn", "only_straight_on"])), chain))
    places = [
        (draw(st.integers(0, len(streets) - 1)), draw(st.sampled_from([0.25, 0.5, 0.75])))
        for _ in range(draw(st.integers(2, 6)))
    ]
    return streets, oneway, rules, places


def place_of(node: int) -> tuple[float, float]:
    # a little off the grid, so that no two ways are equally long
    return node % SIDE * STEP + node * 0.00013, node // SIDE * STEP + node * node * 0.00007


def joint(streets: list[Arc], one: int, other: int) -> int:
    (node,) = set(streets[one]) & set(streets[other])
    return node


def permitted(
    rules: list[tuple[str, list[int]]], streets: list[Arc], arcs: list[Arc], way: list[Arc], after: Arc
) -> bool:
    """Return whether a way may go on with one more street: nobody turns back where a street is merely split and goes on."""
    if not follows_rules(rules, streets, arcs, way, after):
        return False
    back, node = way[-1][::-1], way[-1][1]
    at_node = [street for street in streets if node in street]
    if after != back or len(at_node) != 2:
        return True
    onward = [arc for arc in arcs if arc[0] == node and arc != back]
    return not any(follows_rules(rules, streets, arcs, way, arc) for arc in onward)


def follows_rules(
    rules: list[tuple[str, list[int]]], streets: list[Arc], arcs: list[Arc], way: list[Arc], after: Arc
) -> bool:
    """Return whether a way (nodes of each street driven) may go on with one more street: straight from what the rules
    say."""
    number = {pair: i for i, pair in enumerate(streets)} | {(b, a): i for i, (a, b) in enumerate(streets)}
    whole = [number[arc] for arc in [*way, after]]
    for kind, chain in rules:
        enters = joint(streets, chain[0], chain[1])
        if kind.startswith("no_"):
            if whole[-len(chain) :] == chain and [*way, after][-len(chain)][1] == enters:
                return False
            continue
        driven_as_told = [enters]
        for one, other in pairwise(chain[1:]):
            driven_as_told.append(joint(streets, one, other))
        last = chain[-1]
        driven_as_told.append(next(n for n in streets[last] if n != driven_as_told[-1]))
        told = list(pairwise(driven_as_told))
        if any(arc not in arcs for arc in told):
            continue  # onto a street against its direction nobody can be made to go
        for length in range(1, len(chain)):
            begun = [(next(n for n in streets[chain[0]] if n != enters), enters), *told][:length]
            if [*way, after][-length - 1 : -1] == begun and after != told[length - 1]:
                return False
    return True


def search(
    streets: list[Arc],
    oneway: list[bool],
    rules: list[tuple[str, list[int]]],
    start: tuple[int, float],
    metres: list[int],
) -> dict[Arc, float]:
    """Return the decimetres from a point to the start of each arc, by Dijkstra over the last four streets driven."""
    arcs = streets + [(b, a) for (a, b), single in zip(streets, oneway, strict=True) if not single]
    length = dict(zip(streets, metres, strict=True)) | {(b, a): m for (a, b), m in zip(streets, metres, strict=True)}
    street, fraction = start
    queue: list[tuple[float, tuple[Arc, ...]]] = []
    for arc in (streets[street], streets[street][::-1]):
        if arc in arcs:
            tail_part = round(metres[street] * fraction)
            rest = metres[street] - tail_part if arc == streets[street] else tail_part
            queue.append((rest, (arc,)))
    heapq.heapify(queue)
    done: set[tuple[Arc, ...]] = set()
    begun: dict[Arc, float] = {}
    while queue:
        driven, way = heapq.heappop(queue)
        if way in done:
            continue
        done.add(way)
        for arc in arcs:
            if arc[0] == way[-1][1] and permitted(rules, streets, arcs, list(way), arc):
                begun[arc] = min(begun.get(arc, np.inf), driven)
                heapq.heappush(queue, (driven + length[arc], (*way, arc)[-4:]))
    return begun


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(worlds())
def test_random_worlds_equal_a_search_over_whole_ways(world) -> None:
    streets, oneway, rules, places = world
    nodes = [(n + 1, *place_of(n)) for n in range(SIDE * SIDE)]
    roads: list[Road] = [
        ([a + 1, b + 1], {**SECONDARY, "oneway": "yes" if single else "no"})
        for (a, b), single in zip(streets, oneway, strict=True)
    ]
    relations = []
    for kind, chain in rules:
        via = [("way", way + 1, "via") for way in chain[1:-1]]
        if not via:
            via = [("node", joint(streets, chain[0], chain[1]) + 1, "via")]
        members = [("way", chain[0] + 1, "from"), *via, ("way", chain[-1] + 1, "to")]
        relations.append(Relation(members=members, tags={"restriction": kind}))
    with TemporaryDirectory() as folder:
        path = write_osm(Path(folder) / "roads.osm", nodes, roads, relations)
        # not by `read_network`, which refuses a world of one-way streets from which nobody comes back
        net = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=cut_ways(read_ways(path))))
    metres = [round(float(segment_lengths_m(np.array([place_of(a), place_of(b)]))[0]) * 10) for a, b in streets]
    at = np.array(
        [np.array(place_of(streets[s][0])) * (1 - f) + np.array(place_of(streets[s][1])) * f for s, f in places]
    )
    dots = Points(ids=tuple(map(str, range(len(places)))), lons=at[:, 0], lats=at[:, 1])
    snaps = net.snap(dots, access_cap_m=5)
    inside = [i for i in range(len(places)) if snaps.edge[i] >= 0]
    assume(inside)  # a world of one-way streets from which nobody comes back has no part to compare
    travel = net.travel_matrix(dots, access_cap_m=0.001, access_speed_kph=4)
    for i in inside:
        begun = search(streets, oneway, rules, (places[i][0], float(snaps.fraction[i])), metres)
        for j in inside:
            (from_street, f), (street, g) = places[i], places[j]
            if i == j or (from_street == street and (f == g)):
                continue
            f, g = float(snaps.fraction[i]), float(snaps.fraction[j])
            part = round(metres[street] * g)
            ways = [begun.get(streets[street], np.inf) + part]
            if not oneway[street]:
                ways.append(begun.get(streets[street][::-1], np.inf) + metres[street] - part)
            if from_street == street:
                ahead = part - round(metres[street] * f)
                ways += [ahead] if ahead >= 0 else [] if oneway[street] else [-ahead]
            access = float(snaps.access_m[i] + snaps.access_m[j])
            assert travel.distances_m[i, j] - access == pytest.approx(min(ways) / 10, abs=0.15), (i, j)
