"""Turn a set of open sites into an answer: assignments, covered shares, value, and a reason for each point left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.config import Objective
from planner.coverage.explain.out_of_reach import out_of_reach, without_station
from planner.coverage.explain.reasons import Situation, reason_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.siting_rules import AssignmentRule
from planner.coverage.solution import (
    Assignment,
    CoverageSolution,
    CoveredShares,
    SolveStatus,
    Uncovered,
    UncoveredReason,
    UpperSolution,
)
from planner.model import Fact, Unreachable
from planner.units import BoolArray, FloatArray, IntArray


def solution_of(problem: CoverageProblem, proposal: Proposal) -> CoverageSolution:
    """Return the answer that opening the proposed sites gives; value and gap are worked out from the sites."""
    opened, bound, proven = proposal.opened, proposal.bound, proposal.proven
    assignments, uncovered, covered, way = _served(problem, proposal)
    upper = _upper(problem, proposal.stations, proposal.linked)
    value = _value(problem, opened, way, covered, upper)
    honest = value if proven or bound is None else bound
    given_up = problem.existing & ~opened
    return CoverageSolution(
        objective=problem.objective,
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        standard_s=problem.standard_s,
        opened=tuple(sorted(problem.site_ids[j] for j in np.flatnonzero(opened))),
        assignments=assignments,
        uncovered=uncovered,
        shares=CoveredShares.of(covered, problem.population, problem.households, problem.registered_poor),
        opening_cost_yuan=float(problem.opening_cost_yuan[opened & ~problem.existing].sum()),
        value=value,
        bound=honest if bound is not None or proven else None,
        gap=None if bound is None and not proven else abs(value - honest) / max(abs(value), 1e-9),
        closed=tuple(sorted(problem.site_ids[j] for j in np.flatnonzero(given_up))),
        closing_cost_yuan=-float(problem.price_yuan[given_up].sum()),
        upper=upper,
        relaxed=(*out_of_reach(problem), *without_station(problem, opened)),
    )


def _served(
    problem: CoverageProblem, proposal: Proposal
) -> tuple[tuple[Assignment, ...], tuple[Uncovered, ...], BoolArray, FloatArray]:
    """Return who is assigned where and who is left out, by id, which points are covered, and the seconds to their sites."""
    opened, assigned = proposal.opened, _with_all_who_fit(problem, proposal)
    nearest, best = problem.travel.nearest(opened)
    server, way = (nearest, best) if assigned is None else (assigned, _ways(problem, assigned))
    covered = (way <= problem.standard_s) & (open_within_standard(problem, opened) >= problem.needs)
    situation = Situation.of(problem, proposal, covered, server)
    assignments, uncovered = [], []
    for i in sorted(range(len(problem.demand_ids)), key=lambda i: problem.demand_ids[i]):
        if covered[i]:
            assignments.append(
                Assignment(
                    demand_id=problem.demand_ids[i],
                    site_id=problem.site_ids[server[i]],
                    duration_s=float(way[i]),
                    backup_site_ids=_backups(problem, i, opened, int(server[i])),
                )
            )
            continue
        reached = nearest[i] >= 0
        served = assigned is not None and assigned[i] >= 0
        uncovered.append(
            Uncovered(
                demand_id=problem.demand_ids[i],
                reason=reason_of(problem, i, situation, proven=proposal.proven),
                nearest_site_id=problem.site_ids[nearest[i]] if reached else None,
                nearest_duration_s=float(best[i]) if reached else None,
                served_by_site_id=problem.site_ids[server[i]] if served else None,
                served_duration_s=float(way[i]) if served else None,
            )
        )
    return tuple(assignments), tuple(uncovered), covered, way


def _with_all_who_fit(problem: CoverageProblem, proposal: Proposal) -> IntArray | None:
    """Return who serves each point, with the room that is left given to those who would be left out for nothing.

    Where the plan chooses, a search has no reason to serve a point that adds nothing to the objective, though an open site
    with room for it stands beside it.
    """
    assigned, rules = proposal.assigned, problem.rules
    covers = problem.objective in (Objective.MCLP, Objective.LSCP)
    if assigned is None or rules.load is None or not covers or rules.assignment is not AssignmentRule.FREE:
        return assigned
    served = assigned >= 0
    used = np.bincount(assigned[served], rules.load[served], len(problem.site_ids))
    room = np.full(len(used), np.inf) if rules.capacity is None else rules.capacity - used
    assigned = assigned.copy()
    left = np.flatnonzero(~served & (open_within_standard(problem, proposal.opened) >= problem.needs))
    for i in sorted(left, key=lambda i: (-problem.weights[i], problem.demand_ids[i])):
        sites, seconds = problem.travel.row(int(i))
        fits = (seconds <= problem.standard_s) & proposal.opened[sites] & (room[sites] >= rules.load[i] - 1e-9)
        if fits.any():
            assigned[i] = sites[np.argmax(fits)]
            room[assigned[i]] -= rules.load[i]
    return assigned


def empty_solution(problem: CoverageProblem, status: SolveStatus, conflicts: tuple[Fact, ...]) -> CoverageSolution:
    """Return the answer that opens nothing and says why: demands that contradict each other, or no solution in time."""
    closed = np.zeros(len(problem.site_ids), dtype=np.bool_)
    nothing = solution_of(problem, Proposal(opened=closed, bound=None, proven=False))
    by_itself = (
        UncoveredReason.NO_SITE_IN_REACH,
        UncoveredReason.ONLY_FORBIDDEN_SITES,
        UncoveredReason.NO_SITE_WITH_SERVICES,
        UncoveredReason.TOO_FEW_SITES,
        UncoveredReason.NO_STATION_IN_REACH,
        UncoveredReason.LOAD_ABOVE_CAPACITY,
    )
    roads = {reason.value for reason in Unreachable}
    uncovered = tuple(
        left
        if left.reason in by_itself or left.reason.value in roads
        else replace(left, reason=UncoveredReason.NO_PLAN)
        for left in nothing.uncovered
    )
    return CoverageSolution(
        objective=problem.objective,
        status=status,
        standard_s=problem.standard_s,
        opened=(),
        assignments=(),
        uncovered=uncovered,
        shares=nothing.shares,
        opening_cost_yuan=0.0,
        value=None,
        bound=None,
        gap=None,
        conflicts=conflicts,
        relaxed=nothing.relaxed,
    )


def open_within_standard(problem: CoverageProblem, opened: BoolArray) -> IntArray:
    """Return how many open sites lie within the standard of each point; (demand points,)."""
    hits = np.concatenate([[0], np.cumsum(problem.within & opened[problem.travel.sites])])
    return np.asarray(np.diff(hits[problem.travel.starts]), dtype=np.int64)


def _ways(problem: CoverageProblem, assigned: IntArray) -> FloatArray:
    """Return the seconds from each point to the site that serves it, ``inf`` if none does; (demand points,)."""
    ways = np.full(len(assigned), np.inf)
    for i in np.flatnonzero(assigned >= 0):
        sites, seconds = problem.travel.row(int(i))
        ways[i] = seconds[sites == assigned[i]][0]
    return ways


def _backups(problem: CoverageProblem, i: int, opened: BoolArray, server: int) -> tuple[str, ...]:
    more = problem.rules.sites_needed - 1
    if more < 1:
        return ()
    sites, seconds = problem.travel.row(i)
    others = sites[(seconds <= problem.standard_s) & opened[sites] & (sites != server)]
    return tuple(problem.site_ids[j] for j in others[:more])


def _upper(problem: CoverageProblem, stations: BoolArray | None, linked: IntArray | None) -> UpperSolution | None:
    upper = problem.rules.upper
    if upper is None or stations is None or linked is None:
        return None
    links = []
    for j in sorted(np.flatnonzero(linked >= 0), key=lambda j: problem.site_ids[j]):
        around, seconds = upper.travel.row(int(j))
        links.append(
            Assignment(
                demand_id=problem.site_ids[j],
                site_id=upper.station_ids[linked[j]],
                duration_s=float(seconds[around == linked[j]][0]),
            )
        )
    return UpperSolution(
        opened=tuple(sorted(upper.station_ids[s] for s in np.flatnonzero(stations))),
        links=tuple(links),
        opening_cost_yuan=float(upper.opening_cost_yuan[stations & ~upper.existing].sum()),
    )


def _value(
    problem: CoverageProblem, opened: BoolArray, way: FloatArray, covered: BoolArray, upper: UpperSolution | None
) -> float:
    rules = problem.rules
    bonus = 0.0 if rules.bonus is None else float(rules.bonus[opened].sum())
    if problem.objective is Objective.LSCP:
        return float(np.count_nonzero(opened)) + (len(upper.opened) if upper else 0) - bonus
    if problem.objective is Objective.MCLP:
        return _covered_weight(problem, opened, way, covered) + bonus
    if problem.objective in (Objective.P_CENTER, Objective.P_MEDIAN):
        ways = np.maximum(way, problem.travel.last_needed(opened, problem.sites_asked))
        ways[~np.isfinite(ways)] = 0.0
        if problem.objective is Objective.P_CENTER:
            return float(ways.max(initial=0.0))
        return float((problem.weights * ways).sum()) - bonus
    travel = float((problem.weights[covered] * way[covered]).sum()) * rules.yuan_per_hour / 3600
    stations = upper.opening_cost_yuan if upper else 0.0
    return problem.spent_yuan(opened) + stations + travel - bonus


def _covered_weight(problem: CoverageProblem, opened: BoolArray, way: FloatArray, covered: BoolArray) -> float:
    if problem.rules.decay_s is None:
        return float(problem.weights[covered].sum())
    total = 0.0
    for i in np.flatnonzero(np.isfinite(way) & (problem.weights > 0)):
        seconds = float(way[i])
        if problem.rules.sites_needed > 1:
            seconds = max(seconds, _time_of_last_needed(problem, int(i), opened))
            if problem.rules.has_loads and seconds > max(float(way[i]), problem.standard_s):
                continue
        total += float(problem.weights[i]) * problem.credit(seconds)
    return total


def _time_of_last_needed(problem: CoverageProblem, i: int, opened: BoolArray) -> float:
    """Return the seconds to the last of the open sites that the point needs, ``inf`` if they are fewer."""
    sites, seconds = problem.travel.row(i)
    found = seconds[opened[sites]]
    needed = int(problem.needs[i])
    return float(found[needed - 1]) if len(found) >= needed else np.inf
