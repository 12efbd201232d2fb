"""From a covering problem over years to its free part: existing sites counted, equal rows merged, dear sites dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.engine.multi_year.world import PhasedCover, Phases
from planner.coverage.engine.status import FREE, OPEN
from planner.units import BoolArray, FloatArray, IntArray

_CHUNK = 1500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FreePart:
    """What is left to decide, and how to tell it in terms of the whole.

    ``columns`` are the original numbers of its sites; ``given`` (years,) what existing sites cover; ``hopeless`` (rows,)
    the rows of the whole that must be covered and that no allowed site covers.
    """

    phases: Phases
    columns: IntArray
    given: FloatArray
    hopeless: BoolArray

    def whole(self, world: PhasedCover, opens: IntArray) -> IntArray:
        """Return the opening years of all sites of the whole from those of the free part."""
        years = np.where(world.status == OPEN, 0, world.years).astype(np.int64)
        years[self.columns] = opens
        return years


def free_part(world: PhasedCover) -> FreePart:
    """Return what is left to decide once existing sites are counted and forbidden and dominated ones are dropped."""
    covers = world.covers.astype(np.int32)
    existing = np.asarray(world.status == OPEN)
    already = np.asarray(covers @ existing.astype(np.int32)) > 0
    weights = world.yearly_weights
    required = np.full(covers.shape[0], world.years) if world.required_from is None else world.required_from
    columns = np.flatnonzero(world.status == FREE)
    open_rows = covers[:, columns].tocsr()
    reach = np.diff(open_rows.indptr) > 0
    rows = np.flatnonzero(~already & reach)
    rest, weights_left, required_left = _merge(open_rows[rows], weights[rows], required[rows])
    kept = np.flatnonzero(~dominated_by_cost(rest, world.cost[columns]))
    rest, weights_left, required_left = _merge(rest[:, kept].tocsr(), weights_left, required_left)
    columns = columns[kept]
    given = weights[already].sum(axis=0)
    spend, first, last, room = _limits(world, columns)
    turned = rest.T.tocsr()
    target = np.zeros(world.years) if world.target is None else np.maximum(0.0, world.target - given)
    phases = Phases(
        row_starts=rest.indptr.astype(np.int64),
        row_sites=rest.indices.astype(np.int32),
        column_starts=turned.indptr.astype(np.int64),
        column_rows=turned.indices.astype(np.int32),
        weights=np.ascontiguousarray(weights_left),
        required_from=required_left.astype(np.int64),
        spend=spend,
        first=first,
        last=last,
        room=room,
        target=target,
    )
    hopeless = np.asarray(~already & ~reach & (required < world.years))
    return FreePart(phases=phases, columns=columns, given=given, hopeless=hopeless)


def dominated_by_cost(covers: csr_array, cost: FloatArray) -> BoolArray:
    """Return which columns cover nothing that one other column, no dearer, does not cover; of equal ones the first stays.

    The products of columns are formed ``_CHUNK`` columns at a time, so that memory stays small.
    """
    turned = covers.T.tocsr()
    ones = csr_array((np.ones(turned.nnz, dtype=np.int32), turned.indices, turned.indptr), shape=turned.shape)
    back = ones.T.tocsr()
    size = np.diff(turned.indptr)
    dropped = np.asarray(size == 0, dtype=np.bool_)
    for start in range(0, len(size), _CHUNK):
        common = (ones[start : start + _CHUNK] @ back).tocoo()
        column, other = common.coords
        column = column + start
        inside = (column != other) & (common.data == size[column]) & (cost[column] >= cost[other])
        strictly = (size[column] < size[other]) | (cost[column] > cost[other]) | (other < column)
        dropped[column[inside & strictly]] = True
    return dropped


def _merge(covers: csr_array, weights: FloatArray, required: IntArray) -> tuple[csr_array, FloatArray, IntArray]:
    """Return rows with equal columns as one: weights added up, required as soon as any of them is."""
    covers.sort_indices()
    groups: dict[bytes, int] = {}
    group = np.empty(covers.shape[0], dtype=np.int64)
    for i in range(covers.shape[0]):
        key = covers.indices[covers.indptr[i] : covers.indptr[i + 1]].tobytes()
        group[i] = groups.setdefault(key, len(groups))
    first = np.unique(group, return_index=True)[1] if len(group) else group
    total = np.zeros((len(groups), weights.shape[1]))
    np.add.at(total, group, weights)
    earliest = np.full(len(groups), np.iinfo(np.int64).max)
    np.minimum.at(earliest, group, required)
    return covers[first], total, earliest


def _limits(world: PhasedCover, columns: IntArray) -> tuple[FloatArray, IntArray, IntArray, FloatArray]:
    """Return the limits on these sites: spend (limits, sites), first and last year, and room."""
    years = np.arange(world.years)
    cost = world.cost[columns]
    spends, firsts, lasts, rooms = [], [], [], []
    carried_from = 0
    for year in years:
        if not np.isfinite(world.budget[year]):  # a year without a limit leaves nothing to those after it
            carried_from = int(year) + 1
            continue
        first = carried_from if world.carry_over else year
        spends.append(cost)
        firsts.append(first)
        lasts.append(year)
        rooms.append(_reachable(cost, float(np.sum(world.budget[first : year + 1]))))
    if world.count is not None:
        for year in years:
            spends.append(np.ones(len(columns)))
            firsts.append(0)
            lasts.append(year)
            rooms.append(max(0.0, float(world.count[year] - np.count_nonzero(world.status == OPEN))))
    spend = np.array(spends, dtype=np.float64).reshape(len(spends), len(columns))
    return spend, np.array(firsts, dtype=np.int64), np.array(lasts, dtype=np.int64), np.array(rooms, dtype=np.float64)


def _reachable(cost: FloatArray, budget: float) -> float:
    """Return the most that can be spent of a budget as far as that is plain: a multiple of equal costs."""
    if len(cost) and cost[0] > 0 and (cost == cost[0]).all():
        return float(cost[0] * np.floor(budget / cost[0] * (1 + 1e-12)))
    return budget
