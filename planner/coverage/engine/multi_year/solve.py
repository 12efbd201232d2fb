"""Budgeted maximal covering over one or more years at province size: one plan for all years, or each year on its own.

The years together: prices from a Lagrangian dual and a linear programme of the most promising (site, year) pairs, a plan
from its rounding and ruin and recreate, then the pairs that reduced costs leave open as an integer programme. Every bound
but the last is recomputed from the multipliers in plain code (`multi_year.bound`); the last is HiGHS' on the open pairs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.reduce import free_part
from planner.coverage.engine.multi_year.search import YearSearch
from planner.coverage.engine.multi_year.world import PhasedCover, PhasedPlan
from planner.coverage.engine.status import FREE, OPEN
from planner.units import FloatArray, IntArray


def plan_years(world: PhasedCover, effort: Effort) -> PhasedPlan:
    """Return opening years that cover the most weight, summed over the years, with a proven bound.

    Targets and required rows come first: if no plan is found that keeps them all, the plan misses the fewest required
    rows found, then the least of its targets found, and says which (`PhasedPlan.shortfall`, `PhasedPlan.missing`).
    """
    part = free_part(world)
    if not len(part.columns) or not len(part.phases.weights):
        opens = part.whole(world, np.full(len(part.columns), world.years, dtype=np.int64))
        return _told(world, opens, float(part.given.sum()), fixed=True)
    search = YearSearch(part.phases, effort)
    search.run()
    whole = not np.any(world.yearly_weights % 1.0)
    bound = search.bound + float(part.given.sum())
    bound = float(np.floor(bound + 1e-6)) if whole and np.isfinite(bound) else bound
    opens = part.whole(world, search.opens)
    return _told(
        world,
        opens,
        bound,
        least_shortfall=search.least_shortfall,
        impossible=search.impossible or bool(part.hopeless.any()),
    )


def plan_each_year_alone(world: PhasedCover, effort: Effort) -> PhasedPlan:
    """Return what comes of planning year by year, each for its own covered weight with what is open by then.

    The difference to `plan_years` is the price of not planning together. A year keeps its own target and required rows
    if it can; with ``carry_over`` it may spend what earlier years left. The plan carries no bound (infinity).
    """
    status = np.asarray(world.status, dtype=np.int64).copy()
    opens = np.where(status == OPEN, 0, world.years).astype(np.int64)
    left = 0.0
    for year in range(world.years):
        share = effort.seconds_left / (world.years - year)
        budget = float(world.budget[year]) + (left if world.carry_over else 0.0)
        one = replace(
            world,
            weights=np.ascontiguousarray(world.yearly_weights[:, year]),
            budget=np.array([budget]),
            status=status,
            target=None if world.target is None else world.target[year : year + 1],
            required_from=None if world.required_from is None else (world.required_from > year).astype(np.int64),
            count=None if world.count is None else world.count[year : year + 1],
        )
        plan = plan_years(one, replace(effort, deadline=effort.clock() + share))
        new = (plan.opens == 0) & (status == FREE)
        left = budget - float(world.cost[new].sum()) if np.isfinite(budget) else 0.0
        opens[new], status[new] = year, OPEN
    return _told(world, opens, np.inf)


def _told(
    world: PhasedCover,
    opens: IntArray,
    bound: float,
    *,
    least_shortfall: float = 0.0,
    impossible: bool = False,
    fixed: bool = False,
) -> PhasedPlan:
    """Return the plan with what it covers and misses, counted from the whole; ``fixed`` if there is no other plan."""
    hits = world.covered_in(opens)
    covered: FloatArray = (world.yearly_weights * hits).sum(axis=0)
    target = np.zeros(world.years) if world.target is None else world.target
    short = np.where(target - covered > 1e-9 * np.maximum(1.0, target), target - covered, 0.0)
    required = np.full(len(hits), world.years) if world.required_from is None else world.required_from
    missing = ~hits & (np.arange(world.years)[None, :] >= required[:, None])
    return PhasedPlan(
        opens=opens,
        covered=covered,
        bound=bound,
        shortfall=short,
        missing=missing,
        least_shortfall=float(short.sum()) if fixed else least_shortfall,
        impossible=impossible or (fixed and bool(missing.any() or short.any())),
    )
