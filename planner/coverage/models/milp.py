"""Siting as an integer programme in HiGHS (through OR-Tools): every objective with every rule, exact at county size.

Formulations: location set covering (Toregas et al. 1971), maximal covering (Church & ReVelle 1974), p-median (ReVelle &
Swain 1970), p-center as its minimax form, fixed charge (Balinski 1965); what rules add is in `models.frame`.
"""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.python.mathopt import Variable

from planner.config import Objective
from planner.coverage.engine.highs import solve_with_highs
from planner.coverage.models.frame import Frame, add_limits, add_rules, frame_of, require_shares
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus

# every variable has limits, but the longest way, which only grows: what may be unbounded is infeasible
IMPOSSIBLE: Final = (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED)


def propose_by_milp(problem: CoverageProblem, time_limit_s: float) -> Proposal:
    """Return HiGHS' answer; of sites that are equally good the cheapest, then the fewest."""
    began = time.monotonic()
    frame = build(problem)
    result = run(frame.model, time_limit_s)
    if not result.has_primal_feasible_solution():
        impossible = result.termination.reason in IMPOSSIBLE
        return Proposal.nothing(SolveStatus.INFEASIBLE if impossible else SolveStatus.NOT_FOUND)
    bound = result.dual_bound()
    proven = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    if problem.objective not in (Objective.P_MEDIAN, Objective.FIXED_CHARGE):
        result = _cheapest(problem, frame, result, max(1.0, time_limit_s - (time.monotonic() - began)))
    chosen = frame.chosen(result)
    return replace(chosen, bound=bound if math.isfinite(bound) else None, proven=proven)


def can_hold(
    problem: CoverageProblem, points: Sequence[int], without: frozenset[str] = frozenset(), time_limit_s: float = 5.0
) -> bool:
    """Return whether these points can be covered within all limits but those left out; as long as unknown, that they can."""
    frame = frame_of(problem, without)
    add_limits(frame)
    add_rules(frame)
    require_shares(frame)
    if problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER):
        _serve_all(frame)
    for i in points:
        frame.require(int(i))
    result = run(frame.model, time_limit_s)
    return result.termination.reason not in IMPOSSIBLE


def run(model: mathopt.Model, time_limit_s: float) -> mathopt.SolveResult:
    """Return what HiGHS makes of a model."""
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=time_limit_s), random_seed=1, relative_gap_tolerance=1e-9
    )
    return solve_with_highs(model, parameters)


def build(problem: CoverageProblem) -> Frame:
    """Return the whole model of a problem."""
    frame = frame_of(problem)
    add_limits(frame)
    add_rules(frame)
    require_shares(frame)
    for i in np.flatnonzero(problem.required):
        frame.require(int(i))
    objective = problem.objective
    if objective is Objective.P_CENTER:
        _serve_all(frame)
        _keep_below(frame)
    elif objective is Objective.P_MEDIAN:
        _serve_all(frame)
    frame.goal = _goal(frame)
    if objective is Objective.MCLP:
        frame.model.maximize(frame.goal)
    else:
        frame.model.minimize(frame.goal)
    return frame


def _cheapest(
    problem: CoverageProblem, frame: Frame, result: mathopt.SolveResult, time_limit_s: float
) -> mathopt.SolveResult:
    """Return an answer that is as good and costs least, then is fewest: nobody pays for a site that adds nothing."""
    achieved, began = result.objective_value(), time.monotonic()
    if problem.objective is Objective.MCLP:
        frame.model.add_linear_constraint(frame.goal >= achieved - 1e-6)
    else:
        frame.model.add_linear_constraint(frame.goal <= achieved + 1e-6)
    if problem.objective is Objective.P_CENTER:
        result = _covers_most(frame, result, time_limit_s / 2)
        time_limit_s = max(1.0, time_limit_s - (time.monotonic() - began))
    prices = [*problem.price_yuan, *frame.station_prices]
    # a site costs a ten-thousandth of the dearest more than its price, so that of equal prices the fewest are opened
    more = max(1.0, max(prices, default=0.0)) * 1e-4
    variables = [*frame.opened, *frame.stations]
    frame.model.minimize(mathopt.fast_sum((float(p) + more) * v for p, v in zip(prices, variables, strict=True)))
    again = run(frame.model, time_limit_s)
    return again if again.has_primal_feasible_solution() else result


def _covers_most(frame: Frame, result: mathopt.SolveResult, time_limit_s: float) -> mathopt.SolveResult:
    """Return an answer whose longest way is as short and that covers most points, and ask that no fewer are covered."""
    problem, covered = frame.problem, []
    for i in np.flatnonzero(problem.coverable):
        is_covered = frame.model.add_binary_variable()
        frame.model.add_linear_constraint(float(problem.needs[i]) * is_covered <= frame.covering(int(i)))
        frame.model.add_linear_constraint(is_covered <= frame.is_covered(int(i)))
        covered.append(is_covered)
    most = mathopt.fast_sum(covered)
    frame.model.maximize(most)
    again = run(frame.model, time_limit_s)
    if not again.has_primal_feasible_solution():
        return result
    frame.model.add_linear_constraint(most >= round(again.objective_value()) - 0.5)
    return again


def _serve_all(frame: Frame) -> None:
    """Ask that every point that an allowed site can reach is served, near or far, with as many sites open as it needs."""
    asked = frame.problem.sites_asked
    for i, served in enumerate(frame.pairs_by_point):
        if served:
            frame.model.add_linear_constraint(mathopt.fast_sum(served.values()) == 1)
        if asked[i] > 1:
            frame.model.add_linear_constraint(frame.within(i, np.inf) >= float(asked[i]))


def _keep_below(frame: Frame) -> None:
    """Ask that no point's way is longer than ``longest``."""
    frame.longest = frame.model.add_variable(lb=0.0, name="longest")
    for i, served in enumerate(frame.pairs_by_point):
        if served:
            for way in _ways(frame, i):
                frame.model.add_linear_constraint(way <= frame.longest)


def _ways(frame: Frame, i: int) -> Iterator[mathopt.LinearSum]:
    """Yield the seconds to the site that serves a point and, where it needs several, to the last of those it needs."""
    served = frame.pairs_by_point[i]
    asked = int(frame.problem.sites_asked[i])
    if asked < 2 or frame.problem.rules.has_loads:  # the site that serves a point is else the first of those
        yield mathopt.fast_sum(frame.seconds[i, j] * x for j, x in served.items())
    if asked > 1:
        yield mathopt.fast_sum(seconds * last for seconds, last in _last_needed(frame, i, asked))


def _last_needed(frame: Frame, i: int, asked: int) -> Iterator[tuple[float, Variable]]:
    """Yield a 0/1 variable for each site that may be the last of those a point needs: so many are open no farther away."""
    sites, seconds = frame.problem.travel.row(i)
    open_sites = frame.problem.usable[sites]
    sites, seconds = sites[open_sites], seconds[open_sites]
    chosen = []
    for j, time_s in zip(sites[asked - 1 :], seconds[asked - 1 :], strict=True):
        last = frame.model.add_binary_variable()
        frame.model.add_linear_constraint(last <= frame.opened[j])
        frame.model.add_linear_constraint(asked * last <= frame.within(i, float(time_s)))
        chosen.append(last)
        yield float(time_s), last
    frame.model.add_linear_constraint(mathopt.fast_sum(chosen) == 1)


def _goal(frame: Frame) -> mathopt.LinearBase:
    problem, rules = frame.problem, frame.problem.rules
    bonus = np.zeros(len(problem.site_ids)) if rules.bonus is None else rules.bonus
    extra = mathopt.fast_sum(float(b) * y for b, y in zip(bonus, frame.opened, strict=True) if b)
    if problem.objective is Objective.LSCP:
        return mathopt.fast_sum([*frame.opened, *frame.stations]) - extra
    if problem.objective is Objective.MCLP:
        return frame.covered_weight() + extra
    if problem.objective is Objective.P_CENTER:
        return mathopt.fast_sum([] if frame.longest is None else [frame.longest])
    if problem.objective is Objective.P_MEDIAN:
        return _weighted_ways(frame) - extra
    travel = mathopt.fast_sum(
        float(problem.weights[i] * frame.seconds[i, j]) * x
        for (i, j), x in frame.served.items()
        if problem.weights[i] * frame.seconds[i, j]
    )
    money = mathopt.fast_sum(float(p) * y for p, y in zip(problem.price_yuan, frame.opened, strict=True) if p)
    upper = mathopt.fast_sum(float(p) * v for p, v in zip(frame.station_prices, frame.stations, strict=True) if p)
    return money + upper + problem.closing_yuan + (rules.yuan_per_hour / 3600) * travel - extra


def _weighted_ways(frame: Frame) -> mathopt.LinearSum:
    """Return weight times seconds over all points; of two ways the longer counts."""
    terms: list[mathopt.LinearBase] = []
    for i, weight in enumerate(frame.problem.weights):
        ways = [*_ways(frame, i)] if weight and frame.pairs_by_point[i] else []
        if len(ways) > 1:
            longer = frame.model.add_variable(lb=0.0)
            for way in ways:
                frame.model.add_linear_constraint(way <= longer)
            ways = [mathopt.fast_sum([longer])]
        terms += [float(weight) * way for way in ways]
    return mathopt.fast_sum(terms)
