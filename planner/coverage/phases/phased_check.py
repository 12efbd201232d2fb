"""Replay a phased answer from the problem alone: nested years, money, targets, and each year's coverage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.coverage.check import check_coverage
from planner.coverage.check.replay import Replay
from planner.coverage.phases.phased import PhasedProblem, PhasedSolution
from planner.coverage.phases.years import year_by_itself
from planner.errors import Message
from planner.units import HALF_CENT_YUAN


def check_phases(problem: PhasedProblem, solution: PhasedSolution) -> tuple[str, ...]:
    """Return what is wrong, one line a fault; an infeasible answer claims nothing but must say why."""
    if not solution.found:
        silent = not solution.conflicts or bool(solution.phases)
        return ("an answer without a plan must say why, and open nothing",) if silent else ()
    if [phase.name for phase in problem.phases] != [result.name for result in solution.phases]:
        return ("the phases of the answer are not those of the problem",)
    faults = [*_nesting_faults(problem, solution), *_money_faults(problem, solution)]
    return tuple(faults) or (*_coverage_faults(problem, solution), *_value_faults(problem, solution))


def _nesting_faults(problem: PhasedProblem, solution: PhasedSolution) -> Iterator[str]:
    before = {site_id for j, site_id in enumerate(problem.base.site_ids) if problem.base.existing[j]}
    barred = {site_id for j, site_id in enumerate(problem.base.site_ids) if problem.base.forbidden[j]}
    for phase, result in zip(problem.phases, solution.phases, strict=True):
        opened = set(result.coverage.opened)
        if before - opened:
            yield Message("phase {name} closes {sites}", name=result.name, sites=sorted(before - opened))
        if opened - before != set(result.added):
            yield Message("phase {name}: the sites it adds are not those it says", name=result.name)
        if opened & barred:
            yield Message("phase {name} opens forbidden sites {sites}", name=result.name, sites=sorted(opened & barred))
        for limit in (phase.count, problem.base.count):
            if limit is not None and len(opened) > limit:
                yield Message(
                    "phase {name} has {count} sites open, the count is {limit}",
                    name=result.name,
                    count=len(opened),
                    limit=limit,
                )
        before = opened


def _money_faults(problem: PhasedProblem, solution: PhasedSolution) -> Iterator[str]:
    base = problem.base
    price = {id_: 0.0 if base.existing[j] else float(base.opening_cost_yuan[j]) for j, id_ in enumerate(base.site_ids)}
    running = problem.running_cost_yuan
    run_yuan = {id_: 0.0 if running is None else float(running[j]) for j, id_ in enumerate(base.site_ids)}
    left = 0.0
    for phase, result in zip(problem.phases, solution.phases, strict=True):
        opening = sum(price[id_] for id_ in result.added)
        upkeep = sum(run_yuan[id_] for id_ in result.coverage.opened)
        if (
            abs(opening - result.opening_cost_yuan) > HALF_CENT_YUAN
            or abs(upkeep - result.running_cost_yuan) > HALF_CENT_YUAN
        ):
            yield Message(
                "phase {name} costs {opening:.2f} and {upkeep:.2f} yuan, the answer says otherwise",
                name=result.name,
                opening=opening,
                upkeep=upkeep,
            )
        if phase.budget_yuan is None:
            left = 0.0
            continue
        available = phase.budget_yuan + left
        if opening + upkeep > available + HALF_CENT_YUAN:
            yield Message(
                "phase {name} spends {spent:.2f} yuan, it has {available:.2f}",
                name=result.name,
                spent=opening + upkeep,
                available=available,
            )
        left = available - opening - upkeep if problem.carry_over else 0.0


def _coverage_faults(problem: PhasedProblem, solution: PhasedSolution) -> Iterator[str]:
    """Name every fault of each year, on what the year before left open and unspent."""
    base = problem.base
    before = base.existing
    left = 0.0
    for t, (phase, result) in enumerate(zip(problem.phases, solution.phases, strict=True)):
        opened = np.isin(np.array(base.site_ids), result.coverage.opened)
        year = year_by_itself(problem, t, before, left, opened)
        yield from (
            Message("phase {name}: {fault}", name=result.name, fault=fault)
            for fault in check_coverage(year, result.coverage)
        )
        covered = {assignment.demand_id for assignment in result.coverage.assignments}
        weight = sum(float(base.weights[i]) for i, id_ in enumerate(base.demand_ids) if id_ in covered)
        total = float(base.weights.sum())
        share = weight / total if total else 1.0
        if result.target_share != phase.target_share:
            yield Message("phase {name}: the target is not the phase's own", name=result.name)
        met = phase.target_share is None or share >= phase.target_share - 1e-6
        if not met or not result.target_met:
            yield Message(
                "phase {name} covers {share:.4%} of the weight, the target is {target:.4%}",
                name=result.name,
                share=share,
                target=phase.target_share or 0,
            )
        before = opened
        spent = result.opening_cost_yuan + result.running_cost_yuan
        left = left + phase.budget_yuan - spent if problem.carry_over and phase.budget_yuan is not None else 0.0


def _value_faults(problem: PhasedProblem, solution: PhasedSolution) -> Iterator[str]:
    bonus = problem.base.rules.bonus
    total = 0.0
    for result in solution.phases:
        replay = Replay(problem.base, result.coverage)
        worth = replay.value()
        extra = 0.0 if bonus is None else sum(float(bonus[replay.column[id_]]) for id_ in replay.opened)
        if abs(worth - extra - result.covered_weight) > 1e-6 * max(1.0, worth):
            yield Message(
                "phase {name} covers {weight}, the answer says {said}",
                name=result.name,
                weight=worth - extra,
                said=result.covered_weight,
            )
        total += worth
    slack = 1e-6 * max(1.0, abs(total))
    if solution.value is None or abs(total - solution.value) > slack:
        yield Message("the phases sum to {total}, the answer says {said}", total=total, said=solution.value)
    if solution.bound is None or solution.bound < total - slack:
        yield Message("the value {total} passes the bound {bound} it cannot pass", total=total, bound=solution.bound)
