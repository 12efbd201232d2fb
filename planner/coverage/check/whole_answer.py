"""Replay a siting answer from the problem alone, in code that did not make it."""

from __future__ import annotations

from collections.abc import Iterator

from planner.config import Objective
from planner.coverage.check.limits import load_faults, township_faults, upper_faults
from planner.coverage.check.replay import Replay
from planner.coverage.check.true_reasons import holds
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution
from planner.errors import Message, word
from planner.units import HALF_CENT_YUAN


def check_coverage(problem: CoverageProblem, solution: CoverageSolution) -> tuple[str, ...]:
    """Return what is wrong, one line a fault; empty if nothing is. An infeasible answer claims nothing."""
    if not solution.found:
        silent = not solution.conflicts or bool(solution.opened)
        return ("an answer without a plan must say why, and open nothing",) if silent else ()
    unknown = sorted(set(solution.opened) - set(problem.site_ids))
    if unknown:
        return tuple(Message("site {site} is not in the problem", site=site_id) for site_id in unknown)
    seen = [a.demand_id for a in solution.assignments] + [u.demand_id for u in solution.uncovered]
    if sorted(seen) != sorted(problem.demand_ids):
        return ("not every point is exactly once either assigned or uncovered",)
    replay = Replay(problem, solution)
    faults = [*_site_faults(problem, solution), *township_faults(problem, solution)]
    faults += [
        *upper_faults(replay),
        *_point_faults(replay),
        *_relaxed_faults(replay),
        *load_faults(replay),
        *_figure_faults(replay),
    ]
    return tuple(faults)


def _site_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    opened = set(solution.opened)
    if len(opened) != len(solution.opened):
        yield Message("a site is opened twice")
    opening = closing = 0.0
    given_up = []
    for j, site_id in enumerate(problem.site_ids):
        prices = problem.rules.closing_cost_yuan
        price = float("inf") if prices is None else float(prices[j])
        if problem.existing[j] and site_id not in opened:
            if price == float("inf"):
                yield Message("site {site} exists and must stay open", site=site_id)
            else:
                closing += price
                given_up.append(site_id)
        if problem.forbidden[j] and site_id in opened:
            yield Message("site {site} is forbidden and must stay closed", site=site_id)
        if site_id in opened and not problem.existing[j]:
            opening += float(problem.opening_cost_yuan[j])
    if abs(opening - solution.opening_cost_yuan) > HALF_CENT_YUAN:
        yield Message(
            "opening cost is {opening:.2f} yuan, the answer says {said:.2f}",
            opening=opening,
            said=solution.opening_cost_yuan,
        )
    if abs(closing - solution.closing_cost_yuan) > HALF_CENT_YUAN:
        yield Message(
            "closing cost is {closing:.2f} yuan, the answer says {said:.2f}",
            closing=closing,
            said=solution.closing_cost_yuan,
        )
    if sorted(given_up) != sorted(solution.closed):
        yield Message(
            "existing sites left out are {given_up}, the answer says otherwise",
            given_up=sorted(given_up) or Message("none"),
        )
    if problem.budget_yuan is not None and opening + closing > problem.budget_yuan + HALF_CENT_YUAN:
        yield Message(
            "cost {cost:.2f} yuan is above the budget of {budget:.2f}",
            cost=opening + closing,
            budget=problem.budget_yuan,
        )
    if problem.count is not None and len(opened) > problem.count:
        yield Message("{count} sites are open, the count is {most}", count=len(opened), most=problem.count)
    if problem.objective is Objective.P_MEDIAN and len(opened) != problem.count:
        yield Message("{count} sites are open, p-median asked for {most}", count=len(opened), most=problem.count)


def _point_faults(replay: Replay) -> Iterator[str]:
    problem = replay.problem
    free = replay.plan_chooses
    for assignment in replay.solution.assignments:
        point = assignment.demand_id
        times = replay.times(point)
        fastest = min((time for site_id, time in times.items() if site_id in replay.opened), default=float("inf"))
        if assignment.site_id not in replay.opened:
            yield Message("point {point} is assigned to {site}, which is closed", point=point, site=assignment.site_id)
        elif not abs(times.get(assignment.site_id, float("inf")) - assignment.duration_s) <= 1e-6:
            yield Message(
                "point {point}: the time to {site} is not {said}",
                point=point,
                site=assignment.site_id,
                said=assignment.duration_s,
            )
        elif assignment.duration_s > fastest + 1e-6 and not free:
            yield Message("point {point} has a faster open site than {site}", point=point, site=assignment.site_id)
        if assignment.duration_s > problem.standard_s:
            yield Message("point {point} is assigned beyond the standard", point=point)
        if problem.rules.sites_needed > 1 or assignment.backup_site_ids:
            yield from _backup_faults(replay, point, assignment.site_id, assignment.backup_site_ids)
    for uncovered in replay.solution.uncovered:
        point = uncovered.demand_id
        near = replay.open_within(point, problem.standard_s)
        if len(near) >= problem.rules.sites_needed and not free and replay.can_be_served(point):
            yield Message("point {point} is called uncovered, but an open site is within the standard", point=point)
        if replay.is_mandatory(point):
            yield Message("point {point} is mandatory and not covered", point=point)
        if replay.all_are_to_be_covered and replay.can_be_covered(point):
            yield Message(
                "point {point} could be covered, and {objective} covers all that can be",
                point=point,
                objective=word(problem.objective.value),
            )
        if not holds(uncovered.reason, replay, point):
            yield Message(
                "point {point}: the reason {reason} does not apply", point=point, reason=word(uncovered.reason.value)
            )


def _relaxed_faults(replay: Replay) -> Iterator[str]:
    """Name points whose demand is let go though sites could meet it, and points whose demand is let go without a word."""
    problem = replay.problem
    named = [fact for fact in replay.solution.relaxed if "site_id" in fact.params]
    if sorted(str(fact.params["site_id"]) for fact in named) != sorted(replay.stranded):
        yield Message(
            "open sites that no station reaches are {stranded}, the answer says otherwise",
            stranded=sorted(replay.stranded) or Message("none"),
        )
    said = [str(fact.params.get("point_id")) for fact in replay.solution.relaxed if fact not in named]
    beyond = [
        point for i, point in enumerate(problem.demand_ids) if problem.mandatory[i] and not replay.can_be_covered(point)
    ]
    if sorted(said) != sorted(beyond):
        yield Message(
            "mandatory points that no choice of sites covers are {beyond}, the answer names {said}",
            beyond=sorted(beyond) or Message("none"),
            said=sorted(said) or Message("none"),
        )


def _backup_faults(replay: Replay, point: str, site_id: str, backups: tuple[str, ...]) -> Iterator[str]:
    near = replay.open_within(point, replay.problem.standard_s)
    needed = replay.problem.rules.sites_needed
    if len(near) < needed:
        yield Message(
            "point {point} is called covered by {count} sites, it needs {needed}",
            point=point,
            count=len(near),
            needed=needed,
        )
    more = needed - 1
    if len(set(backups)) != len(backups) or len(backups) != more or not set(backups) <= near - {site_id}:
        yield Message("point {point}: the backup sites are wrong", point=point)


def _figure_faults(replay: Replay) -> Iterator[str]:
    problem, solution = replay.problem, replay.solution
    value = 0.0
    if problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER):
        for point in problem.demand_ids:
            if replay.longest_way(point) is None and replay.can_be_served(point):
                yield Message("point {point} can be reached by more allowed sites than open ones", point=point)
    value = replay.value()
    if solution.value is None or abs(value - solution.value) > 1e-6 * max(1.0, abs(value)):
        yield Message("the objective is {value}, the answer says {said}", value=value, said=solution.value)
    elif solution.bound is not None:
        slack = 1e-6 * max(1.0, abs(value))
        better = (
            solution.bound < value - slack if problem.objective is Objective.MCLP else solution.bound > value + slack
        )
        if better:
            yield Message(
                "the value {value} passes the bound {bound} it cannot pass", value=value, bound=solution.bound
            )
    share = problem.rules.covered_share
    weight = sum(float(problem.weights[i]) for i, id_ in enumerate(problem.demand_ids) if id_ in replay.covered)
    if share is not None and weight < share * float(problem.weights.sum()) - 1e-6 * max(1.0, weight):
        yield Message("the covered weight {weight} is below the share of {share}", weight=weight, share=share)
    people = sum(float(problem.population[i]) for i, id_ in enumerate(problem.demand_ids) if id_ in replay.covered)
    total = float(problem.population.sum())
    if abs(solution.shares.population - (people / total if total else 1.0)) > 1e-9:
        yield Message("the covered share of population is not {population}", population=solution.shares.population)
    if abs(solution.shares.villages - len(replay.covered) / len(problem.demand_ids)) > 1e-9:
        yield Message("the covered share of villages is not {villages}", villages=solution.shares.villages)
