"""Rounded capacity cuts for siting with loads: sets of rows whose load needs one site more than a relaxation opens."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served
from planner.units import BoolArray, FloatArray, IntArray

# sites in a cluster, and the lack that makes a cut worth its time
_LARGEST, _LACK = 30, 0.03
# by how much of its service a row must come from a cluster to count to it; each is tried
_SHARES = (0.3, 0.5, 0.7, 0.9, 0.97)


class Cut(NamedTuple):
    """Rows W, sites C of capacity Q at most, and the ``need`` k = ceil(load(W) / Q), where load(W) / Q = k - 1 + f.

    ``sum_C y_j + pull sum_W load_i (1 - sum_C x_ij) >= k`` with ``pull`` = 1 / (f Q): C needs no site for what others serve.
    Mixed-integer rounding of the capacities (Leung & Magnanti 1989). ``multiplier`` is its price in the dual.
    """

    rows: IntArray
    sites: IntArray
    need: float
    pull: float
    multiplier: float


class Priced(NamedTuple):
    """A problem with its cuts priced in: pairs and sites at other costs, what is added to its bound, and an allowance.

    ``order`` (pairs,) says which pair of the problem each of ``served`` is, for lists are sorted by the costs as priced;
    ``allowance`` is the size of what ``rest`` was added up from, for rounding errors.
    """

    served: Served
    loads: Loads
    rest: float
    allowance: float
    order: IntArray


def priced(served: Served, loads: Loads, cuts: list[Cut]) -> Priced:
    """Return the problem with the multipliers of the cuts as costs: what bounds it, and ``rest``, bounds the problem.

    Each cut takes its multiplier off its sites and adds multiplier x pull x load to the pairs of its rows and sites.
    """
    row_of = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))
    costs, fixed = served.row_costs.copy(), loads.fixed.copy()
    rest = allowance = 0.0
    for cut in cuts:
        pairs = _pairs_of(served, row_of, cut)
        costs[pairs] += cut.multiplier * cut.pull * loads.load[row_of[pairs]]
        fixed[cut.sites] -= cut.multiplier
        pulled = cut.pull * float(loads.load[cut.rows].sum())
        rest += cut.multiplier * (cut.need - pulled)
        allowance += cut.multiplier * (cut.need + pulled)
    order = np.lexsort((costs, row_of)) if cuts else np.arange(len(costs))
    costs, sites = costs[order], served.row_sites[order]
    turned = csr_array((costs, sites, served.row_starts), shape=(len(loads.load), len(loads.status))).tocsc()
    dearer = served._replace(
        row_sites=sites,
        row_costs=costs,
        column_starts=turned.indptr.astype(np.int64),
        column_rows=turned.indices.astype(np.int32, copy=False),
        column_costs=turned.data.astype(np.float64, copy=False),
    )
    return Priced(dearer, loads._replace(fixed=fixed), rest, allowance, order)


def _pairs_of(served: Served, row_of: IntArray, cut: Cut) -> IntArray:
    """Return the pairs of a cut's rows with its sites."""
    row, site = np.zeros(len(served.forgone), dtype=np.bool_), np.zeros(len(served.column_starts) - 1, dtype=np.bool_)
    row[cut.rows], site[cut.sites] = True, True
    return np.flatnonzero(row[row_of] & site[served.row_sites])


def lacking(served: Served, loads: Loads, shares: tuple[FloatArray, FloatArray], u: FloatArray) -> list[Cut]:
    """Return the cuts that ``shares`` of sites (sites,) and of pairs (pairs,) break, the most lacking first.

    Sites that share rows are joined, those first that share most load (single linkage); each cluster on the way is tried.
    ``u`` (rows,) are multipliers, by which sites that stand by are told.
    """
    opened = shares[0]
    active = np.flatnonzero((opened > 0.01) & np.isfinite(loads.capacity) & (loads.capacity > 0))
    parts = np.where(shares[1] < 0.02, 0.0, shares[1])
    shape = (len(loads.load), len(loads.status))
    x = csr_array((parts, served.row_sites, served.row_starts), shape=shape).tocsc()[:, active].tocsr()
    x.eliminate_zeros()
    clusters = {k: [k] for k in range(len(active))}
    home = list(range(len(active)))
    found = [_tried(loads, x, opened, active, [k]) for k in clusters]
    for a, b in _links(x, loads.load):
        one, other = home[a], home[b]
        if one == other or len(clusters[one]) + len(clusters[other]) > _LARGEST:
            continue
        clusters[one] += clusters.pop(other)
        for k in clusters[one]:
            home[k] = one
        found.append(_tried(loads, x, opened, active, clusters[one]))
    good = sorted((item for item in found if item is not None), key=lambda item: -item[0])
    row_of = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))
    wanted = np.where(served.row_costs < u[row_of], loads.load[row_of], 0.0)
    return [_widened(served, loads, cut, row_of, wanted) for _lack, cut in good]


def _links(x: csr_array, load: FloatArray) -> list[tuple[int, int]]:
    """Return pairs of sites that share rows, by falling shared load."""
    weight: dict[tuple[int, int], float] = {}
    for i in np.flatnonzero(np.diff(x.indptr) > 1):
        part = slice(x.indptr[i], x.indptr[i + 1])
        sites, shares = x.indices[part].tolist(), x.data[part].tolist()
        for q, site in enumerate(sites):
            for z in range(q):
                key = (min(site, sites[z]), max(site, sites[z]))
                weight[key] = weight.get(key, 0.0) + float(load[i]) * min(shares[q], shares[z])
    return sorted(weight, key=lambda key: (-weight[key], key))


def _tried(
    loads: Loads, x: csr_array, opened: FloatArray, active: IntArray, cluster: list[int]
) -> tuple[float, Cut] | None:
    """Return the most lacking cut of a cluster of sites and how much it lacks, if that is enough."""
    inside = np.asarray(x[:, cluster].sum(axis=1)).ravel()
    sites = active[np.array(cluster)]
    capacity = float(loads.capacity[sites].max())
    best: tuple[float, Cut] | None = None
    for share in _SHARES:
        rows = np.flatnonzero(inside >= share)
        quotient = float(loads.load[rows].sum()) / capacity
        need = float(np.ceil(quotient))
        part = quotient - need + 1.0
        # a small part makes the cut sensitive to rounding, a part near 1 makes it no more than the capacities say
        if not 0.05 < part < 0.98:
            continue
        pull = 1.0 / (part * capacity)
        outside = float((loads.load[rows] * np.maximum(0.0, 1.0 - inside[rows])).sum())
        lack = need - float(opened[sites].sum()) - outside * pull
        if lack > max(_LACK, best[0] if best else 0.0):
            best = lack, Cut(rows=rows, sites=sites, need=need, pull=pull, multiplier=0.0)
    return best


def _widened(served: Served, loads: Loads, cut: Cut, row_of: IntArray, wanted: FloatArray) -> Cut:
    """Return the cut with the sites that would mostly serve its rows too, lest the dual turn to them instead."""
    member: BoolArray = np.zeros(len(loads.load), dtype=np.bool_)
    member[cut.rows] = True
    total = np.bincount(served.row_sites, wanted, minlength=len(loads.status))
    own = np.bincount(served.row_sites, np.where(member[row_of], wanted, 0.0), minlength=len(loads.status))
    close = (own > 0.5 * total) & (loads.capacity <= loads.capacity[cut.sites].max())
    return cut._replace(sites=np.union1d(cut.sites, np.flatnonzero(close)))
