"""Budgeted covering over years: what is given, what comes back, and the compressed form that the kernels read.

Maximise ``sum_t sum_i w_it z_it`` where ``z_it <= sum of x_js over the sites j of row i and the years s <= t``, each site
opens at most once, every limit ``l`` holds ``sum_j sum_{first_l <= s <= last_l} spend_lj x_js <= room_l``, every target
``sum_i w_it z_it >= target_t``, and a row is covered from the year on that requires it. One year is the budgeted maximal
covering problem; the years are its dynamic form (Gunawardane 1982, Dynamic versions of set covering type public facility
location problems).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.durations import SiteArray
from planner.coverage.engine.status import StatusArray
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhasedCover:
    """Covering over T years. ``covers`` (rows, sites) holds a 1 where the site covers the row.

    ``weights`` (rows,) or (rows, T), not negative; ``cost`` (sites,), not negative; ``budget`` (T,) what each year may
    spend, with ``carry_over`` what earlier years left too. ``status`` (sites,) holds CLOSED, FREE or OPEN: open sites cost
    nothing and cover from year 0. ``target`` (T,) is the least covered weight of each year, ``required_from`` (rows,) the
    year from which on a row must be covered (T: never), ``count`` (T,) the most sites open in each year, existing ones
    included. An infinite budget is no limit.
    """

    covers: csr_array
    weights: FloatArray
    cost: FloatArray
    budget: FloatArray
    status: StatusArray
    carry_over: bool = False
    target: FloatArray | None = None
    required_from: IntArray | None = None
    count: IntArray | None = None

    @property
    def years(self) -> int:
        """How many years there are."""
        return len(self.budget)

    @property
    def yearly_weights(self) -> FloatArray:
        """The weights as (rows, T)."""
        table = self.weights if self.weights.ndim == 2 else np.repeat(self.weights[:, None], self.years, axis=1)
        return np.ascontiguousarray(table, dtype=np.float64)

    def covered_in(self, opens: IntArray) -> BoolArray:
        """Return (rows, T): whether a row has an open site in a year, for the opening years (sites,), T being never."""
        hits = [self.covers @ (opens <= year).astype(np.int32) > 0 for year in range(self.years)]
        return np.column_stack(hits) if hits else np.zeros((self.covers.shape[0], 0), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhasedPlan:
    """Opening years (sites,), T being never, and what they cover in each year (T,), with a proven upper bound of the sum.

    ``shortfall`` (T,) is what each target lacks, ``missing`` (rows, T) the rows not covered in a year that requires them.
    If anything is missed, ``bound`` holds for the plans that miss no target by more and cover the required rows that this
    one covers; ``least_shortfall`` is what the targets lack in total in every plan that covers all required rows (proven).
    ``impossible`` says that it is proven that the targets and required rows cannot all be kept.
    """

    opens: IntArray
    covered: FloatArray
    bound: float
    shortfall: FloatArray
    missing: BoolArray
    least_shortfall: float
    impossible: bool

    @property
    def value(self) -> float:
        """The covered weight, summed over the years."""
        return float(self.covered.sum())

    @property
    def proven(self) -> bool:
        """Whether bound and value meet."""
        return self.bound <= self.value + 1e-9 * max(1.0, abs(self.value))

    @property
    def complete(self) -> bool:
        """Whether every target and every required row is kept."""
        return not self.missing.any() and not self.shortfall.any()


class Phases(NamedTuple):
    """The free part of the problem, compressed both ways, for kernels.

    ``weights`` (rows, years); ``required_from`` (rows,); ``spend`` (limits, sites) is what opening a site takes of each
    limit in the years ``first`` to ``last`` (limits,), of which there is ``room`` (limits,); ``target`` (years,) is what
    the free part must cover. A budget of one year has first = last; one carried over begins after the last year
    without a limit, which leaves nothing; a count has first = 0.
    """

    row_starts: IntArray
    row_sites: SiteArray
    column_starts: IntArray
    column_rows: SiteArray
    weights: FloatArray
    required_from: IntArray
    spend: FloatArray
    first: IntArray
    last: IntArray
    room: FloatArray
    target: FloatArray


def matrix_of(phases: Phases) -> csr_array:
    """Return the pairs as (rows, sites) with ones."""
    ones = np.ones(len(phases.row_sites))
    shape = (len(phases.required_from), phases.spend.shape[1])
    return csr_array((ones, phases.row_sites, phases.row_starts), shape=shape)


def covered_by(phases: Phases, opens: IntArray) -> BoolArray:
    """Return (rows, years): whether a row of the free part has an open site."""
    covers = matrix_of(phases)
    years = range(phases.weights.shape[1])
    return np.column_stack([np.asarray(covers @ (opens <= year).astype(np.float64)) > 0 for year in years])


def required_in(phases: Phases) -> BoolArray:
    """Return (rows, years): whether the row must be covered."""
    return np.asarray(np.arange(phases.weights.shape[1])[None, :] >= phases.required_from[:, None], dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDemands:
    """What counts: a covered unit of weight ``base``, a unit that a target lacks ``penalty``, a required row ``bonus``.

    With base 1 it is the covered weight; with base 0 only what the targets lack. If ``hard``, targets and required rows
    are kept whatever it costs, and ``penalty`` and ``bonus`` are not used.
    """

    base: float
    penalty: float
    bonus: float
    hard: bool = False
