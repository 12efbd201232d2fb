"""How often is a decision: what the whole week costs if a group of places is visited 2, 3, 5 or 7 times."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from planner.errors import Message, list_offenders
from planner.service.week.patterns import days_of, even_patterns
from planner.service.week.problem import WeekProblem
from planner.service.week.solution import Week
from planner.service.week.solve import plan_week

VISITS = (2, 3, 5, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyCost:
    """What the week costs with so many visits to each place of a group; ``difference_yuan`` is beyond the week given."""

    visits: int
    week: Week
    difference_yuan: float


def frequency_costs(
    problem: WeekProblem,
    week: Week,
    group: Collection[str],
    *,
    visits: Sequence[int] = VISITS,
    patterns: Callable[[int], Sequence[int]] | None = None,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int = 1,
) -> tuple[FrequencyCost, ...]:
    """Return the cost of the whole week for each number of visits to the places of the group, ascending.

    All else stays as the problem has it; the limits hold for each number, and each search begins from ``week``.
    ``patterns`` says which patterns a number of visits allows; if it is not given, those spread best over the days with
    vehicles. Numbers beyond these days are left out.

    Raises
    ------
    LookupError
        If a place of the group is not in the problem.
    """
    unknown = sorted(set(group) - set(problem.place_ids))
    if unknown:
        raise LookupError(Message("not in the week: {places}", places=list_offenders(unknown)))
    closed = [day for day in range(problem.days) if not problem.open_days() >> day & 1]
    allowed = patterns or (lambda number: even_patterns(problem.days, number, closed=closed))
    answers = []
    for number in sorted(set(visits)):
        masks = tuple(mask for mask in allowed(number) if len(days_of(mask)) == number)
        if not masks:
            continue
        changed = replace(
            problem,
            patterns=tuple(
                masks if id_ in group else own for id_, own in zip(problem.place_ids, problem.patterns, strict=True)
            ),
        )
        found = plan_week(changed, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=week)
        answers.append(
            FrequencyCost(visits=number, week=found, difference_yuan=found.cost.total_yuan - week.cost.total_yuan)
        )
    return tuple(answers)
