"""Durations and distances between many points: all of them, or those within a time limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.spatial import cKDTree

from planner.model import Access, Unreachable
from planner.network.entries import Located, direct, same_edge_pairs
from planner.network.hierarchy import Hierarchy
from planner.network.kernels.sweep import Downward, Entries
from planner.network.kernels.table import finish
from planner.network.snap import Snaps
from planner.units import FloatArray, IntArray, metres_per_second

SAME_SPOT_M = 1.0
ROWS_AT_ONCE = 512  # of a matrix of which only a part is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Points as origins or destinations: where they meet the road and how they enter the graph."""

    snaps: Snaps
    located: Located

    def rows(self, begin: int, end: int) -> Ends:
        """Return the points of these rows."""
        part = slice(begin, end)
        snaps, located = self.snaps, self.located
        return Ends(
            snaps=Snaps(
                edge=snaps.edge[part],
                fraction=snaps.fraction[part],
                access_m=snaps.access_m[part],
                reasons=snaps.reasons,
                xy=snaps.xy[part],
            ),
            located=Located(
                origins=Entries(located.origins.rank[part], located.origins.weight[part]),
                destinations=Entries(located.destinations.rank[part], located.destinations.weight[part]),
                along=located.along[part],
                back=located.back[part],
                at_junction=located.at_junction[part],
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelWithin:
    """Travel between points not farther apart than ``limit_s``: sparse arrays of shape (origins, destinations).

    What is stored is reached in time, zeros included; what is not stored is farther or out of reach. Both arrays have the
    same pattern.
    """

    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    limit_s: float
    durations_s: csr_array
    distances_m: csr_array
    unreachable: dict[str, Unreachable]
    access: Access


def dense(
    hierarchy: Hierarchy,
    origins: Ends,
    destinations: Ends,
    *,
    access_cap_m: float,
    access_speed_kph: float,
    threads: int,
    down: Downward | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return seconds and metres from all origins to all destinations, shape (origins, destinations).

    Access is walked at both ends. Two points on one edge need not go by its ends, and two points that both meet a road and
    lie within the cap of each other are walked between where that is faster. Within a metre there is no way to go.
    """
    ends = destinations.located.destinations
    down = hierarchy.restricted(ends) if down is None else down
    metres = hierarchy.weights(origins.located.origins, ends, down=down, threads=threads)
    i, j = same_edge_pairs(origins.snaps, destinations.snaps)
    straight = direct(origins.snaps, origins.located, destinations.snaps, destinations.located, i, j)
    metres[i, j] = np.minimum(metres[i, j], straight)
    seconds = np.empty_like(metres)
    slowness = 1 / metres_per_second(access_speed_kph)
    bounds = np.linspace(0, len(metres), threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(
                finish, metres, begin, end, origins.snaps.access_m, destinations.snaps.access_m, slowness, seconds
            )
            for begin, end in pairwise(bounds)
        ]
        for job in jobs:
            job.result()
    _walk_if_faster(origins.snaps, destinations.snaps, access_cap_m, slowness, seconds, metres)
    return seconds, metres


def within(
    hierarchy: Hierarchy,
    origins: Ends,
    destinations: Ends,
    *,
    limit_s: float,
    access_cap_m: float,
    access_speed_kph: float,
    threads: int,
) -> tuple[csr_array, csr_array]:
    """Return seconds and metres of the pairs within ``limit_s`` as sparse arrays of the same pattern (zeros are stored)."""
    down = hierarchy.restricted(destinations.located.destinations)
    parts: tuple[list[csr_array], list[csr_array]] = ([], [])
    for begin in range(0, len(origins.snaps.edge), ROWS_AT_ONCE):
        tables = dense(
            hierarchy,
            origins.rows(begin, begin + ROWS_AT_ONCE),
            destinations,
            access_cap_m=access_cap_m,
            access_speed_kph=access_speed_kph,
            threads=threads,
            down=down,
        )
        kept = tables[0] <= limit_s
        first = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        column = np.nonzero(kept)[1]
        for part, table in zip(parts, tables, strict=True):
            part.append(csr_array((table[kept], column, first), shape=table.shape))
    seconds, metres = (csr_array(vstack(part, format="csr")) for part in parts)
    return seconds, metres


def _walk_if_faster(
    origins: Snaps, destinations: Snaps, cap_m: float, slowness: float, seconds: FloatArray, metres: FloatArray
) -> None:
    i, j, apart_m = _near_pairs(origins, destinations, max(cap_m, SAME_SPOT_M))
    apart_m = np.where(apart_m <= SAME_SPOT_M, 0.0, apart_m)
    faster = apart_m * slowness < seconds[i, j]
    i, j, apart_m = i[faster], j[faster], apart_m[faster]
    seconds[i, j] = apart_m * slowness
    metres[i, j] = apart_m


def _near_pairs(origins: Snaps, destinations: Snaps, reach_m: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs of points that meet a road and lie within reach of each other, and how far apart they are."""
    rows, columns = np.flatnonzero(origins.edge >= 0), np.flatnonzero(destinations.edge >= 0)
    if not len(rows) or not len(columns):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    near = cKDTree(origins.xy[rows]).sparse_distance_matrix(
        cKDTree(destinations.xy[columns]), reach_m, output_type="ndarray"
    )
    return rows[near["i"]], columns[near["j"]], near["v"]
