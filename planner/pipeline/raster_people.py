"""People of a raster → the villages of an area: each cell to the village that is nearest along the roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from planner.geodata.people_raster import PeopleCells
from planner.model import Village
from planner.units import METRES_PER_DEGREE, FloatArray, IntArray

if TYPE_CHECKING:
    from planner.network.edges import Edges

CAP_M = 5000.0
"""Assumed: who lives farther than this from every village, by the roads, is counted to none."""
_STEP_DEGREES = 0.002  # roads are left and entered every two hundred metres


@dataclass(frozen=True, kw_only=True)
class PeopleShares:
    """People by village in the order given, and how many of the raster are beyond the cap of each; ``by_road`` says how."""

    people: FloatArray
    beyond: float
    by_road: bool

    @property
    def inside(self) -> float:
        """People who were given to a village."""
        return float(self.people.sum())


def share_people(
    cells: PeopleCells, villages: Sequence[Village], edges: Edges | None, *, cap_m: float = CAP_M
) -> PeopleShares:
    """Return how many people of the cells belong to each village: the nearest along the roads within ``cap_m`` metres.

    From a cell one walks straight to the nearest road, and from the road to the village; where the nearest village is
    nearer than any road, or there are no roads at all, the straight line counts. Villages on one spot, as at their
    township's seat, share its people alike.
    """
    at = np.array([(village.lon, village.lat) for village in villages])
    spots, spot_of = np.unique(at, axis=0, return_inverse=True)
    spot_of = spot_of.ravel()
    narrow = np.array([np.cos(np.radians(np.median(at[:, 1]))), 1.0]) * METRES_PER_DEGREE
    homes = np.column_stack([cells.lons, cells.lats]) * narrow
    if edges is None:
        gaps, owner = cKDTree(spots * narrow).query(homes)
    else:
        gaps, owner = _by_road(homes, spots * narrow, edges, narrow)
    owner = np.asarray(owner, dtype=np.int64)
    near = gaps <= cap_m
    people = np.bincount(owner[near], weights=cells.people[near], minlength=len(spots))
    shared = people[spot_of] / np.bincount(spot_of)[spot_of]
    return PeopleShares(people=shared, beyond=float(cells.people[~near].sum()), by_road=edges is not None)


def _by_road(homes: FloatArray, spots: FloatArray, edges: Edges, narrow: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return for each home the metres to its nearest spot along the roads, and which spot that is."""
    nodes, ends, lengths = _road_graph(edges, narrow)
    tree = cKDTree(nodes)
    walk_in, entered = tree.query(spots)
    count = len(nodes)
    tails = np.concatenate([ends[:, 0], np.arange(count, count + len(spots))])
    heads = np.concatenate([ends[:, 1], entered])
    # a spot on the road itself must not be a missing entry of the sparse graph
    weights = np.maximum(np.concatenate([lengths, walk_in]), 1e-3)
    graph = _graph_of(tails, heads, weights, count + len(spots))
    distances, _, sources = dijkstra(
        graph, directed=False, indices=np.arange(count, count + len(spots)), min_only=True, return_predecessors=True
    )
    walk_out, left = tree.query(homes)
    gaps, owner = walk_out + distances[left], sources[left] - count
    straight, nearest = cKDTree(spots).query(homes)
    beside = (straight <= walk_out) | ~np.isfinite(gaps)
    return np.where(beside, straight, gaps), np.where(beside, nearest, owner).astype(np.int64)


def _graph_of(tails: IntArray, heads: IntArray, weights: FloatArray, size: int) -> csr_array:
    """Return the graph with the shortest of parallel roads, which a sparse matrix would add up."""
    pairs = np.sort(np.column_stack([tails, heads]), axis=1)
    order = np.lexsort((weights, pairs[:, 1], pairs[:, 0]))
    pairs, weights = pairs[order], weights[order]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    return csr_array((weights[first], (pairs[first, 0], pairs[first, 1])), shape=(size, size))


def _road_graph(edges: Edges, narrow: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return the points of the roads in metres, which two each piece joins, and how long each piece is."""
    counts = np.diff(edges.first)
    lines = shapely.linestrings(edges.coordinates, indices=np.repeat(np.arange(len(counts)), counts))
    places, line = shapely.get_coordinates(shapely.segmentize(lines, _STEP_DEGREES), return_index=True)
    nodes, number = np.unique(places, axis=0, return_inverse=True)
    number = number.ravel()
    same = line[1:] == line[:-1]
    ends = np.column_stack([number[:-1][same], number[1:][same]])
    metres = nodes * narrow
    lengths = np.hypot(*(metres[ends[:, 0]] - metres[ends[:, 1]]).T)
    return metres, ends.astype(np.int64), lengths
