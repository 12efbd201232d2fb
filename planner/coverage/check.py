"""Replay a siting answer from the problem alone, in code that did not make it."""

from __future__ import annotations

from collections.abc import Iterator

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution, UncoveredReason


def check_coverage(problem: CoverageProblem, solution: CoverageSolution) -> tuple[str, ...]:
    """Return what does not hold, one line a fault; empty if all of it holds. An infeasible answer claims nothing."""
    if not solution.found:
        silent = not solution.conflicts or bool(solution.opened)
        return ("an answer without a plan must say why, and open nothing",) if silent else ()
    unknown = sorted(set(solution.opened) - set(problem.site_ids))
    if unknown:
        return tuple(f"site {site_id} is not in the problem" for site_id in unknown)
    return (*_site_faults(problem, solution), *_point_faults(problem, solution), *_figure_faults(problem, solution))


def _site_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    opened = set(solution.opened)
    if len(opened) != len(solution.opened):
        yield "a site is opened twice"
    cost = 0.0
    for j, site_id in enumerate(problem.site_ids):
        if problem.existing[j] and site_id not in opened:
            yield f"site {site_id} exists and must stay open"
        if problem.forbidden[j] and site_id in opened:
            yield f"site {site_id} is forbidden and must stay closed"
        if site_id in opened and not problem.existing[j]:
            cost += float(problem.opening_cost_yuan[j])
    if abs(cost - solution.opening_cost_yuan) > 0.005:
        yield f"opening cost is {cost:.2f} yuan, the answer says {solution.opening_cost_yuan:.2f}"
    if problem.budget_yuan is not None and cost > problem.budget_yuan + 0.005:
        yield f"opening cost {cost:.2f} yuan is above the budget of {problem.budget_yuan:.2f}"
    if problem.count is not None and len(opened) > problem.count:
        yield f"{len(opened)} sites are open, the count is {problem.count}"
    if problem.objective is Objective.P_MEDIAN and len(opened) != problem.count:
        yield f"{len(opened)} sites are open, p-median asked for {problem.count}"


def _point_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    seen = [a.demand_id for a in solution.assignments] + [u.demand_id for u in solution.uncovered]
    if sorted(seen) != sorted(problem.demand_ids):
        yield "not every point is exactly once either assigned or uncovered"
        return
    opened = set(solution.opened)
    row = {demand_id: i for i, demand_id in enumerate(problem.demand_ids)}
    for assignment in solution.assignments:
        times = _times(problem, row[assignment.demand_id])
        fastest = min((time for site_id, time in times.items() if site_id in opened), default=float("inf"))
        if assignment.site_id not in opened:
            yield f"point {assignment.demand_id} is assigned to {assignment.site_id}, which is closed"
        elif not abs(times.get(assignment.site_id, float("inf")) - assignment.duration_s) <= 1e-6:
            yield f"point {assignment.demand_id}: the time to {assignment.site_id} is not {assignment.duration_s}"
        elif assignment.duration_s > fastest + 1e-6:
            yield f"point {assignment.demand_id} has a faster open site than {assignment.site_id}"
        if assignment.duration_s > problem.standard_s:
            yield f"point {assignment.demand_id} is assigned beyond the standard"
    for uncovered in solution.uncovered:
        i = row[uncovered.demand_id]
        if any(time <= problem.standard_s for site_id, time in _times(problem, i).items() if site_id in opened):
            yield f"point {uncovered.demand_id} is called uncovered, but an open site is within the standard"
        if problem.mandatory[i]:
            yield f"point {uncovered.demand_id} is mandatory and not covered"
        if not _holds(uncovered.reason, problem, i, len(solution.opened)):
            yield f"point {uncovered.demand_id}: the reason {uncovered.reason.value} does not hold"


def _times(problem: CoverageProblem, i: int) -> dict[str, float]:
    """Return the seconds from point ``i`` to each site that can be reached, read straight from the data as given."""
    given = problem.durations_s
    if isinstance(given, SparseDurations):
        part = range(int(given.starts[i]), int(given.starts[i + 1]))
        return {problem.site_ids[given.sites[q]]: float(given.seconds[q]) for q in part}
    return {problem.site_ids[j]: float(t) for j, t in enumerate(given[i]) if t < float("inf")}


def _holds(reason: UncoveredReason, problem: CoverageProblem, i: int, opened: int) -> bool:
    """Return whether a reason is true of point ``i``, as far as it can be seen without solving again."""
    barred = {site_id for j, site_id in enumerate(problem.site_ids) if problem.forbidden[j]}
    near = {site_id for site_id, time in _times(problem, i).items() if time <= problem.standard_s}
    allowed = near - barred
    unreachable = problem.unreachable.get(problem.demand_ids[i])
    if unreachable is not None or reason.value in ("no_road_in_reach", "road_not_connected", "closed_this_season"):
        return unreachable is not None and reason.value == unreachable.value
    if reason is UncoveredReason.NO_SITE_IN_REACH or not near:
        return reason is UncoveredReason.NO_SITE_IN_REACH and not near
    if reason is UncoveredReason.ONLY_FORBIDDEN_SITES or not allowed:
        return reason is UncoveredReason.ONLY_FORBIDDEN_SITES and not allowed
    if reason is UncoveredReason.COUNT_USED_UP:
        return problem.count is not None and opened >= problem.count
    if reason is UncoveredReason.BUDGET_USED_UP:
        return problem.budget_yuan is not None
    if reason is UncoveredReason.WEIGHS_NOTHING:
        return float(problem.weights[i]) == 0
    return reason is UncoveredReason.BETTER_NOT_FOUND


def _figure_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    covered = {assignment.demand_id for assignment in solution.assignments}
    opened = set(solution.opened)
    barred = {site_id for j, site_id in enumerate(problem.site_ids) if problem.forbidden[j]}
    center = problem.objective is Objective.P_CENTER
    value = 0.0
    if problem.objective is Objective.LSCP:
        value = float(len(opened))
    elif problem.objective is Objective.MCLP:
        value = sum(float(problem.weights[i]) for i, id_ in enumerate(problem.demand_ids) if id_ in covered)
    else:
        for i in range(len(problem.demand_ids)):
            listed = _times(problem, i)
            times = [time for site_id, time in listed.items() if site_id in opened]
            if not times and set(listed) - barred:
                yield f"point {problem.demand_ids[i]} can be reached by an allowed site, but by no open one"
            nearest = min(times, default=0.0)
            value = max(value, nearest) if center else value + float(problem.weights[i]) * nearest
    if solution.value is None or abs(value - solution.value) > 1e-6 * max(1.0, abs(value)):
        yield f"the objective is {value}, the answer says {solution.value}"
    elif solution.bound is not None:
        slack = 1e-6 * max(1.0, abs(value))
        better = (
            solution.bound < value - slack if problem.objective is Objective.MCLP else solution.bound > value + slack
        )
        if better:
            yield f"the value {value} passes the bound {solution.bound} it cannot pass"
    people = sum(float(problem.population[i]) for i, id_ in enumerate(problem.demand_ids) if id_ in covered)
    total = float(problem.population.sum())
    if abs(solution.shares.population - (people / total if total else 1.0)) > 1e-9:
        yield f"the covered share of population is not {solution.shares.population}"
    if abs(solution.shares.villages - len(covered) / len(problem.demand_ids)) > 1e-9:
        yield f"the covered share of villages is not {solution.shares.villages}"
