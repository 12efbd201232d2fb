"""Dominance: rows and columns of a covering problem that cannot change its answer.

A site whose points are all covered by another site is not needed; a point is covered for nothing if the sites in its
reach include all those of another point that must be covered (Toregas & ReVelle 1973). Where points need several sites, as
many others have to cover all that a site covers: if one of them is closed it can stand in, and if all are open the site
adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.durations import SiteArray
from planner.coverage.engine.reduce_kernels import dominated_columns, needless_rows
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
    return needless_rows(*both_ways(covers), need.astype(np.int64))


def dominated(covers: csr_array, need: IntArray | None = None, costs: FloatArray | None = None) -> BoolArray:
    """Return which columns are not needed as others cover all they do: one, or as many as a row of theirs needs.

    With ``costs`` (columns,) the others are no dearer.
    """
    starts, columns, column_starts, rows = both_ways(covers)
    needed = np.ones(covers.shape[0], dtype=np.int64) if need is None else need.astype(np.int64)
    price = np.ones(covers.shape[1]) if costs is None else costs.astype(np.float64)
    return dominated_columns(column_starts, rows, starts, columns, needed, price)


def both_ways(covers: csr_array) -> tuple[IntArray, SiteArray, IntArray, SiteArray]:
    """Return the sorted columns of each row and the sorted rows of each column."""
    turned = covers.tocsc()
    rows = turned.tocsr()
    return (
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        turned.indptr.astype(np.int64),
        turned.indices.astype(np.int32),
    )


def merge_equal_rows(
    covers: csr_array, weights: FloatArray, kinds: IntArray | None = None
) -> tuple[csr_array, FloatArray, IntArray]:
    """Return the rows with equal columns, and of one kind, as one, their weights added up, and the first of each."""
    covers.sort_indices()
    groups: dict[tuple[int, bytes], int] = {}
    first: list[int] = []
    total: list[float] = []
    for i in range(covers.shape[0]):
        kind = 0 if kinds is None else int(kinds[i])
        key = (kind, covers.indices[covers.indptr[i] : covers.indptr[i + 1]].tobytes())
        if key in groups:
            total[groups[key]] += weights[i]
        else:
            groups[key] = len(first)
            first.append(i)
            total.append(weights[i])
    rows = np.array(first, dtype=np.int64)
    return covers[rows], np.array(total, dtype=np.float64), rows


def reduce_weighted(covers: csr_array, weights: FloatArray) -> tuple[Served, IntArray]:
    """Return maximal covering as served rows (cost 0, the weight if not covered) and the original column numbers."""
    covers, weights, _ = merge_equal_rows(covers, weights)
    columns = np.flatnonzero(~dominated(covers))
    covers, weights, _ = merge_equal_rows(covers[:, columns].tocsr(), weights)
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
        kept = ~dominated(covers, need)
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
