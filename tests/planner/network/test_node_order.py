"""Nested dissection: every node once, few arcs, the fewest nodes between two ends, and no graph that it cannot order."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from planner.network import read_network
from planner.network.hierarchy import Topology, build_topology
from planner.network.kernels.flow import FINISH, START, cut_off, find_paths, no_paths, reverse, set_levels

Ints = NDArray[np.int32]
Pairs = list[tuple[int, int]]
NEUBRANDENBURG = Path(__file__).parents[3] / "data" / "areas" / "neubrandenburg" / "roads.osm.pbf"


def adjacency(count: int, pairs: Pairs) -> tuple[Ints, Ints]:
    near = [sorted({b for a, b in [*pairs, *((b, a) for a, b in pairs)] if a == v != b}) for v in range(count)]
    first = np.cumsum([0, *map(len, near)])
    return first.astype(np.int32), np.array([w for row in near for w in row], dtype=np.int32)


def topology(positions: list[tuple[float, float]], pairs: Pairs) -> Topology:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return build_topology(np.array(positions, dtype=float).reshape(-1, 2), ends[:, 0], ends[:, 1])


def depth(made: Topology) -> int:
    deep = np.zeros(len(made.rank) + 1, dtype=int)  # the last one stands for no parent
    for x in range(len(made.rank) - 1, -1, -1):
        deep[x] = deep[made.upward.parent[x]] + 1
    return int(deep.max())


def test_line_is_halved_again_and_again() -> None:
    made = topology([(0.01 * i, 46.0) for i in range(1024)], [(i, i + 1) for i in range(1023)])
    assert sorted(made.rank) == list(range(1024))
    # each turn takes at least a third of the line away: 3/2 to the 17th is above 1024
    assert depth(made) <= 2 * 17
    assert np.diff(made.upward.first).max() <= 2


def test_grid_has_no_more_arcs_than_nested_dissection_promises() -> None:
    side = 32
    number = np.arange(side * side).reshape(side, side)
    pairs = [*zip(number[:, 1:].flat, number[:, :-1].flat, strict=True)]
    pairs += [*zip(number[1:].flat, number[:-1].flat, strict=True)]
    made = topology([(0.01 * (i % side), 0.01 * (i // side)) for i in range(side * side)], pairs)
    # George (1973): 31 n^2 log2(n) / 4 entries at most for a grid of n x n; a row-wise order has n^3
    assert len(made.upward.head) <= 31 * side**2 * 5 / 4
    assert len(made.upward.head) < side**3 / 2


@pytest.mark.parametrize(
    ("positions", "pairs"),
    [
        ([], []),
        ([(0, 0)], []),
        ([(0, 0)] * 40, []),
        ([(0, 0)] * 40, [(a, b) for a in range(40) for b in range(a)]),
        ([(0, 0)] * 200, [(0, b) for b in range(1, 200)]),
        ([(i, 0) for i in range(30)], [(i, (i + 1) % 30) for i in range(30)] + [(i, i) for i in range(30)]),
        ([(180, 90), (-180, -90), (0, 0)] * 20, [(i, j) for i in range(60) for j in range(i % 7, i, 7)]),
    ],
    ids=["nothing", "one", "apart", "all with all", "star", "ring with loops", "whole world"],
)
def test_odd_graphs_are_ordered_too(positions: list[tuple[float, float]], pairs: Pairs) -> None:
    assert sorted(topology(positions, pairs).rank) == list(range(len(positions)))


@settings(max_examples=100, deadline=None)
@given(st.integers(4, 14), st.randoms(use_true_random=False))
def test_no_fewer_nodes_keep_two_ends_apart(count: int, random) -> None:
    pairs = [(a, b) for a in range(count) for b in range(a) if random.random() < 0.35]
    ends = random.randint(1, count // 2)
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(count))
    graph.add_edges_from([("start", v) for v in range(ends)] + [("finish", count - 1 - v) for v in range(ends)])
    fewest = len(nx.minimum_node_cut(graph, "start", "finish")) if nx.has_path(graph, "start", "finish") else 0
    side = np.zeros(count, dtype=np.int8)
    side[:ends], side[count - ends :] = START, FINISH
    first, neighbour = adjacency(count, pairs)
    paths = no_paths(side)
    back = reverse(paths)
    assert find_paths(first, neighbour, paths, back, np.inf)
    part = np.empty(count, dtype=np.int32)
    for turn in range(2):
        if turn == 1:
            set_levels(first, neighbour, paths)
        between, near = cut_off(paths if turn else back, part, turn)
        assert between == np.sum(part == 2) == fewest
        assert near == np.sum(part == turn)
        assert not any({part[a], part[b]} == {0, 1} for a, b in pairs)
        assert set(part[side == START]) <= {1, 2}
        assert set(part[side == FINISH]) <= {0, 2}
    paths = no_paths(side)
    assert find_paths(first, neighbour, paths, reverse(paths), fewest - 1) is (fewest == 0)


@pytest.mark.slow
@pytest.mark.parametrize(("turn_costs", "arcs"), [(False, 17_158), (True, 149_097)])
def test_real_roads_get_about_as_few_arcs_as_from_metis(turn_costs: bool, arcs: int) -> None:
    # arcs counted once with pymetis 2025.2.2 on the same file
    roads = read_network(NEUBRANDENBURG, vehicle="van", season="summer", turn_costs=turn_costs).roads
    assert len(roads.topology.upward.head) <= 1.02 * arcs
    again = build_topology(roads.graph.positions(roads.edges), roads.graph.tail, roads.graph.head)
    np.testing.assert_array_equal(again.rank, roads.topology.rank)
