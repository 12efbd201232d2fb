"""The one form behind MCLP, gradual cover and p-median: rows served by an open site, or at a price by none.

Minimise the sum over rows of ``min(cost of the cheapest open listed site, forgone)`` with at most ``p`` sites open.
p-median: weight x seconds, ``forgone`` out of reach. MCLP: cost 0 within the standard, ``forgone`` the weight.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.durations import SiteArray
from planner.units import BoolArray, FloatArray, IntArray


class Served(NamedTuple):
    """Costs of rows (demand) and columns (sites), compressed both ways; a row's sites are sorted by cost.

    ``forgone`` (rows,) is what an unserved row costs; ``cap`` (rows,) at most that, and at most the least cost of a site
    that is not listed: a multiplier up to ``cap`` proves a bound for the listed and the unlisted sites alike.
    """

    row_starts: IntArray
    row_sites: SiteArray
    row_costs: FloatArray
    column_starts: IntArray
    column_rows: SiteArray
    column_costs: FloatArray
    forgone: FloatArray
    cap: FloatArray


def served_of(
    starts: IntArray, sites: SiteArray, costs: FloatArray, *, site_count: int, forgone: FloatArray, cap: FloatArray
) -> Served:
    """Return both directions of rows that are sorted by cost; costs not below a row's ``forgone`` serve nobody."""
    useful = costs < np.repeat(forgone, np.diff(starts))
    if not useful.all():
        starts, sites, costs = kept_starts(starts, useful), sites[useful], costs[useful]
    del useful
    turned = csr_array((costs, sites, starts), shape=(len(forgone), site_count)).tocsc()
    return Served(
        row_starts=np.ascontiguousarray(starts, dtype=np.int64),
        row_sites=np.ascontiguousarray(sites, dtype=np.int32),
        row_costs=np.ascontiguousarray(costs, dtype=np.float64),
        column_starts=turned.indptr.astype(np.int64),
        column_rows=turned.indices.astype(np.int32, copy=False),
        column_costs=turned.data.astype(np.float64, copy=False),
        forgone=np.ascontiguousarray(forgone, dtype=np.float64),
        cap=np.ascontiguousarray(np.minimum(cap, forgone), dtype=np.float64),
    )


def kept_starts(starts: IntArray, kept: BoolArray) -> IntArray:
    """Return where each row starts once only the ``kept`` (pairs,) are left."""
    counts = np.zeros(len(kept) + 1, dtype=np.int32)
    np.cumsum(kept, out=counts[1:])
    return counts[starts].astype(np.int64)


def rows_with(starts: IntArray, mask: BoolArray) -> BoolArray:
    """Return which rows have a pair where ``mask`` (pairs,) holds."""
    return np.asarray(np.diff(kept_starts(starts, mask)) > 0, dtype=np.bool_)


def value_of(served: Served, opened: BoolArray) -> float:
    """Return the cost of all rows when these sites are open."""
    best = served.forgone.copy()
    hits = np.flatnonzero(opened[served.row_sites])
    rows = np.searchsorted(served.row_starts, hits, side="right") - 1
    np.minimum.at(best, rows, served.row_costs[hits])
    return float(best.sum())


def shrink(served: Served, useful: BoolArray, opened: BoolArray) -> Served:
    """Return the rows with the ``useful`` pairs (pairs,) only, and without what costs more than a site sure to open.

    Site numbers stay. ``opened`` are the sites fixed open: behind the first of them a row's list is of no use.
    """
    best = np.full(len(served.forgone), np.inf)
    sure = np.flatnonzero(opened[served.row_sites])
    rows = np.searchsorted(served.row_starts, sure, side="right") - 1
    np.minimum.at(best, rows, served.row_costs[sure])
    wanted = useful & (served.row_costs <= np.repeat(best, np.diff(served.row_starts)))
    return served_of(
        kept_starts(served.row_starts, wanted),
        served.row_sites[wanted],
        served.row_costs[wanted],
        site_count=len(served.column_starts) - 1,
        forgone=served.forgone,
        cap=np.minimum(served.cap, best),
    )
