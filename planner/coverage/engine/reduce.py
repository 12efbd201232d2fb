"""Dominance: rows and columns of a covering problem that cannot change its answer.

A site whose points are all covered by another site is not needed; a point is covered for nothing if the sites in its
reach include all those of another point that must be covered (Toregas & ReVelle 1973).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.durations import SiteArray
from planner.coverage.engine.reduce_kernels import needless_rows, outdone_columns
from planner.coverage.engine.served import Served, served_of
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """A set-covering core: ``covers`` (rows, columns), the ``need`` of each row, the original numbers of the columns.

    ``forced`` are the original numbers of sites that every answer opens.
    """

    covers: csr_array
    need: IntArray
    columns: IntArray
    forced: IntArray


def needless(covers: csr_array, need: IntArray) -> BoolArray:
    """Return which rows follow from another row: their columns include all of the other's, whose need is no less."""
    return needless_rows(*_both_ways(covers), need.astype(np.int64))


def outdone(covers: csr_array) -> BoolArray:
    """Return which columns cover nothing that one other column does not cover too; of equal columns the first stays."""
    starts, columns, column_starts, rows = _both_ways(covers)
    return outdone_columns(column_starts, rows, starts, columns)


def _both_ways(covers: csr_array) -> tuple[IntArray, SiteArray, IntArray, SiteArray]:
    """Return the sorted columns of each row and the sorted rows of each column."""
    turned = covers.tocsc()
    rows = turned.tocsr()
    return (
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        turned.indptr.astype(np.int64),
        turned.indices.astype(np.int32),
    )


def merge_equal_rows(covers: csr_array, weights: FloatArray) -> tuple[csr_array, FloatArray]:
    """Return the rows with equal columns as one, their weights added up."""
    covers.sort_indices()
    groups: dict[bytes, int] = {}
    first: list[int] = []
    total: list[float] = []
    for i in range(covers.shape[0]):
        key = covers.indices[covers.indptr[i] : covers.indptr[i + 1]].tobytes()
        if key in groups:
            total[groups[key]] += weights[i]
        else:
            groups[key] = len(first)
            first.append(i)
            total.append(weights[i])
    return covers[np.array(first, dtype=np.int64)], np.array(total, dtype=np.float64)


def reduce_weighted(covers: csr_array, weights: FloatArray) -> tuple[Served, IntArray]:
    """Return maximal covering as served rows (cost 0, the weight if not covered) and the original column numbers."""
    covers, weights = merge_equal_rows(covers, weights)
    columns = np.flatnonzero(~outdone(covers))
    covers, weights = merge_equal_rows(covers[:, columns].tocsr(), weights)
    served = served_of(
        covers.indptr.astype(np.int64),
        covers.indices.astype(np.int32),
        np.zeros(covers.nnz),
        site_count=len(columns),
        forgone=weights,
        cap=weights,
    )
    return served, columns


def reduce_cover(covers: csr_array, need: IntArray) -> Reduced:
    """Return the core of set covering: dominated rows and columns dropped, forced sites taken, until nothing changes."""
    columns = np.arange(covers.shape[1])
    forced: list[int] = []
    while covers.shape[0]:
        before = covers.shape
        keep = ~needless(covers, need)
        covers, need = covers[np.flatnonzero(keep)], need[keep]
        # where a row needs two sites, a dominated site may be the second
        kept = ~outdone(covers) if need.max(initial=0) <= 1 else np.diff(covers.tocsc().indptr) > 0
        must = np.unique(covers[np.flatnonzero(np.diff(covers.indptr) == need)].indices)
        if len(must):
            forced += [int(j) for j in columns[must]]
            need = np.maximum(0, need - np.asarray(covers[:, must].sum(axis=1)).ravel())
            kept[must] = False
        open_rows = need > 0
        covers = covers[np.flatnonzero(open_rows)][:, np.flatnonzero(kept)].tocsr()
        need, columns = need[open_rows], columns[kept]
        if covers.shape == before:
            break
    return Reduced(covers=covers, need=need, columns=columns, forced=np.array(sorted(forced), dtype=np.int64))
