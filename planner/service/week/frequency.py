"""How often is a decision: what the whole week costs if a group of places is visited 2, 3, 5 or 7 times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from planner.errors import Message, list_offenders
from planner.service.week.patterns import days_of, even_patterns
from planner.service.week.problem import WeekProblem
from planner.service.week.relief import fleet_short
from planner.service.week.solution import Week
from planner.service.week.solve import plan_week

VISITS = (2, 3, 5, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyCost:
    """What the week costs with so many visits to each place of a group; ``difference_yuan`` is beyond the week given.

    Where no week was found that holds, ``proven`` says that there is none: a place that nothing can visit, or a fleet that
    gives less than all visits take at the least.
    """

    visits: int
    week: Week
    difference_yuan: float
    proven: bool = False


def frequency_costs(
    problem: WeekProblem,
    week: Week,
    group: Collection[str],
    *,
    visits: Sequence[int] = VISITS,
    evidence: Sequence[Week] = (),
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int = 1,
) -> tuple[FrequencyCost, ...]:
    """Return the cost of the whole week for each number of visits to the places of the group, ascending.

    All else stays as the problem has it; the limits hold for each number, and each search begins from ``week``. Patterns
    of a number are those spread best over the days with vehicles; numbers beyond these days are left out. Where no week
    found holds, one more search begins from the week with the fewest more visits that does, of these and of ``evidence``,
    without the visits that are too many.

    Raises
    ------
    LookupError
        If a place of the group is not in the problem.
    """
    unknown = sorted(set(group) - set(problem.place_ids))
    if unknown:
        raise LookupError(Message("not in the week: {places}", places=list_offenders(unknown)))
    closed = [day for day in range(problem.days) if not problem.open_days() >> day & 1]
    holding = sorted((one for one in evidence if one.holds and not one.not_visited), key=_visits)
    answers: list[FrequencyCost] = []
    for number in sorted(set(visits), reverse=True):
        masks = tuple(
            mask for mask in even_patterns(problem.days, number, closed=closed) if len(days_of(mask)) == number
        )
        if not masks:
            continue
        changed = replace(
            problem,
            patterns=tuple(
                masks if id_ in group else own for id_, own in zip(problem.place_ids, problem.patterns, strict=True)
            ),
        )
        found = plan_week(changed, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=week)
        short = fleet_short(changed, found)
        proven = bool(found.not_visited) or (short is not None and short.proven)
        if short is not None and not proven and holding:
            start = thinned(changed, holding[0])
            again = plan_week(changed, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=start)
            found = again if again.holds else found
        if found.holds and not found.not_visited:
            holding.insert(0, found)
        difference = found.cost.total_yuan - week.cost.total_yuan
        answers.append(FrequencyCost(visits=number, week=found, difference_yuan=difference, proven=proven))
    return tuple(reversed(answers))


def thinned(problem: WeekProblem, week: Week) -> Week:
    """Return a week's routes without the visits that are too many for a problem: a start, whose loads are not worked out.

    A place keeps the days of the allowed pattern that are all among its own, the first of several; without one all.
    """
    kept = {}
    for id_, own, masks in zip(problem.place_ids, week.patterns, problem.patterns, strict=True):
        kept[id_] = next((mask for mask in sorted(masks) if mask & own == mask), own)
    routes = [
        replace(route, place_ids=tuple(id_ for id_ in route.place_ids if kept[id_] >> route.day & 1))
        for route in week.routes
    ]
    return replace(week, patterns=tuple(kept.values()), routes=tuple(one for one in routes if one.place_ids))


def _visits(week: Week) -> int:
    return sum(mask.bit_count() for mask in week.patterns)
