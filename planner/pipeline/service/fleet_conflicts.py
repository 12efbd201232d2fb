"""What a fleet cannot do in a week, as facts: the reason, and the smallest changes that help."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import Fact
from planner.pipeline.service.point_parts import whole_id
from planner.service.week import FleetShort, Week, WeekProblem, WeekRelief, fleet_short, relieve_week

_LEAST_ITERATIONS = 50
"""Of a search whether a change helps: with fewer, one of two points was passed over."""


def fleet_conflicts(problem: WeekProblem, week: Week, *, iterations: int, seed: int) -> tuple[Fact, ...]:
    """Return why the fleet cannot do a week and what helps, each change proven by a week of its own; nothing if it can."""
    short = fleet_short(problem, week)
    if short is None:
        return ()
    helps = relieve_week(problem, week, iterations=max(iterations, _LEAST_ITERATIONS), seed=seed)
    named = [fact for one in helps for fact in _helps(one)]
    return (_reason(short), *(named or [Fact(code="week_no_small_change")]))


def _reason(short: FleetShort) -> Fact:
    code = "week_fleet_too_small" if short.proven else "week_fleet_not_enough"
    if short.what:
        return Fact(code=f"{code}_in", params={"measure_code": short.what, "needed_amount": short.needed,
                                               "given_amount": short.given})  # fmt: skip
    return Fact(code=code, params={"needed_amount": round(short.needed, 1), "given_amount": round(short.given, 1)})


def _helps(one: WeekRelief) -> Iterator[Fact]:
    if one.more:
        days = tuple(Fact(code=f"weekday_{day}") for day in one.days)
        yield Fact(
            code="week_more_vehicles", params={"count": one.more, "vehicle_type": one.vehicle_type, "days": days}
        )
    by_visits: dict[int, list[str]] = {}
    for id_, visits in one.fewer:
        by_visits.setdefault(visits, []).append(whole_id(id_))
    for visits, ids in sorted(by_visits.items()):
        yield Fact(code="week_fewer_visits", params={"visits": visits, "place_ids": tuple(dict.fromkeys(ids))})
