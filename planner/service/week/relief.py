"""What helps where the fleet cannot do a week: a vehicle more on some days, or fewer visits for some places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.service.week.check import check_week
from planner.service.week.patterns import allowed_patterns, days_of, even_patterns, longest_gap
from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.solution import Week
from planner.service.week.solve import plan_week
from planner.units import SECONDS_PER_HOUR

_MOST_VEHICLES = 4
"""More vehicles of a type on each day are not tried: that is another fleet, not a small change."""
_MOST_TRIES = 12
"""Searches to make a change smaller, once it helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRelief:
    """A change with which the fleet can do the week; ``week`` is the proof, replayed without a fault.

    Either ``more`` vehicles of a type on each of ``days``, or the places of ``fewer`` are visited that many times only.
    """

    vehicle_type: str = ""
    more: int = 0
    days: tuple[int, ...] = ()
    fewer: tuple[tuple[str, int], ...] = ()
    week: Week


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetShort:
    """Why a fleet cannot do a week: what all visits need at the least, and what all vehicles of the week give.

    ``what`` is a dimension, or empty for hours on duty. With ``proven`` no week can be done; else none was found.
    """

    what: str
    needed: float
    given: float
    proven: bool


def fleet_short(problem: WeekProblem, week: Week) -> FleetShort | None:
    """Return why the fleet cannot do the week, None if ``week`` holds: the measure that the fleet has least of."""
    if week.holds:
        return None
    shares = [("", *_hours(problem)), *_amounts(problem)]
    what, needed, given = max(shares, key=lambda one: one[1] / one[2] if one[2] else np.inf)
    return FleetShort(what=what, needed=needed, given=given, proven=needed > given * (1 + 1e-9))


def relieve_week(problem: WeekProblem, week: Week, *, iterations: int, seed: int = 1) -> tuple[WeekRelief, ...]:
    """Return the smallest changes found that help, vehicles first: none where ``week`` holds, or none was found.

    Of vehicles the type and days that are fewest, then cheapest. Each change can be made no smaller by leaving out one day
    or one place, as far as searches of so many iterations tell.
    """
    if week.holds:
        return ()

    def holding(changed: WeekProblem) -> Week | None:
        found = plan_week(changed, iterations=iterations, seed=seed, start=week)
        return found if found.holds and not check_week(changed, found) else None

    over = _days_beyond(problem, week)
    by_type = [one for kind in problem.vehicles if (one := _more_of(problem, kind, over, holding)) is not None]
    fixed = {kind.id: kind.fixed_yuan for kind in problem.vehicles}
    by_type.sort(key=lambda one: (one.more * len(one.days), fixed[one.vehicle_type], one.vehicle_type))
    fewer = _fewer_visits(problem, week, over, holding)
    return (*by_type[:1], *([fewer] if fewer is not None else []))


Holding = Callable[[WeekProblem], Week | None]


def _more_of(problem: WeekProblem, kind: WeekVehicle, over: Sequence[int], holding: Holding) -> WeekRelief | None:
    """Return how many more of a type on which days would do."""

    def tried(more: int, days: Iterable[int]) -> Week | None:
        number = tuple(count + more * (day in days) for day, count in enumerate(kind.number))
        kinds = tuple(replace(one, number=number) if one is kind else one for one in problem.vehicles)
        return holding(replace(problem, vehicles=kinds))

    open_days = days_of(problem.open_days())
    for more in range(1, _MOST_VEHICLES + 1):
        for days in dict.fromkeys((tuple(over), open_days)):
            found = tried(more, days) if days else None
            if found is None:
                continue
            kept = list(days)
            for day in days[:_MOST_TRIES]:
                less = [one for one in kept if one != day]
                if less and (again := tried(more, less)) is not None:
                    kept, found = less, again
            return WeekRelief(vehicle_type=kind.id, more=more, days=tuple(kept), week=found)
    return None


def _fewer_visits(problem: WeekProblem, week: Week, over: Sequence[int], holding: Holding) -> WeekRelief | None:
    """Return for which places a visit less would do: first those that take the most time on the days beyond the limits."""
    least = [min(mask.bit_count() for mask in masks) if masks else 0 for masks in problem.patterns]
    closed = [day for day in range(problem.days) if not problem.open_days() >> day & 1]
    seconds = _seconds_of(problem, week, over)
    candidates = sorted(
        (place for place, visits in enumerate(least) if visits > 1), key=lambda place: (-seconds[place], place)
    )

    def tried(places: Sequence[int]) -> tuple[Week, list[int]] | None:
        """Return a week that holds in which some of these places, and no others, have a visit less, and which."""
        masks = list(problem.patterns)
        for place in places:
            masks[place] = (*masks[place], *_spread(problem.days, least[place] - 1, closed))
        found = holding(replace(problem, patterns=tuple(masks)))
        if found is None:
            return None
        return found, [place for place in places if found.patterns[place].bit_count() < least[place]]

    count, found = 1, None
    while candidates and (found := tried(candidates[:count])) is None and count < len(candidates):
        count = min(2 * count, len(candidates))
    if found is None:
        return None
    for place in found[1][::-1][:_MOST_TRIES]:
        less = [one for one in found[1] if one != place]
        if place in found[1] and less and (again := tried(less)) is not None:
            found = again
    week, kept = found
    return WeekRelief(fewer=tuple((problem.place_ids[place], least[place] - 1) for place in kept), week=week)


def _spread(days: int, visits: int, closed: Sequence[int]) -> tuple[int, ...]:
    """Return the patterns of so many visits whose longest gap is at most a day longer than that of those spread best."""
    longest = min(longest_gap(mask, days) for mask in even_patterns(days, visits, closed=closed))
    return allowed_patterns(days, least=visits, most=visits, most_gap=min(longest + 1, days), closed=closed)


def _days_beyond(problem: WeekProblem, week: Week) -> tuple[int, ...]:
    """Return the days on which a route is beyond its vehicle's limits."""
    days = {fact.params.get("day_number") for fact in check_week(problem, week)}
    return tuple(sorted(int(day) - 1 for day in days if isinstance(day, int)))


def _seconds_of(problem: WeekProblem, week: Week, over: Sequence[int]) -> list[float]:
    """Return what each place takes in the week: service and detour, twice on days beyond the limits."""
    node = {id_: place + 1 for place, id_ in enumerate(problem.place_ids)}
    profile = {kind.id: kind.profile for kind in problem.vehicles}
    seconds = [0.0] * problem.places
    for route in week.routes:
        legs = problem.durations_s[profile[route.vehicle_type]]
        stops = [0, *(node[id_] for id_ in route.place_ids), 0]
        for before, here, after in zip(stops, stops[1:], stops[2:], strict=False):
            detour = float(legs[before, here] + legs[here, after] - legs[before, after])
            seconds[here - 1] += (detour + float(problem.service_s[here - 1])) * (2 if route.day in over else 1)
    return seconds


def _hours(problem: WeekProblem) -> tuple[float, float]:
    """Return the hours that all visits need at the least, and those of all vehicles of the week.

    A visit takes its service and the shortest leg to its place; goods are handled once, however often they come.
    """
    legs = problem.durations_s.min(axis=0).copy()
    np.fill_diagonal(legs, np.inf)
    needed = 0.0
    for place, masks in enumerate(problem.patterns):
        visits = min((mask.bit_count() for mask in masks), default=0)
        goods = problem.down[place, :, 0].sum() + problem.up[place, :, 0].sum()
        goods += visits * (problem.down_a_visit[place, 0] + problem.up_a_visit[place, 0])
        leg_s = float(legs[:, place + 1].min())
        needed += visits * (float(problem.service_s[place]) + (leg_s if np.isfinite(leg_s) else 0.0))
        needed += float(problem.service_s_a_parcel[place] * goods) if visits else 0.0
    given = sum(sum(kind.number) * kind.duty_s for kind in problem.vehicles)
    return needed / SECONDS_PER_HOUR, given / SECONDS_PER_HOUR


def _amounts(problem: WeekProblem) -> list[tuple[str, float, float]]:
    """Return what all visits carry in each dimension, the larger of down and up, and the room of the week's vehicles."""
    visits = np.array([min((mask.bit_count() for mask in masks), default=0) for masks in problem.patterns])
    on_plan = (visits > 0)[:, None]
    down = ((problem.down.sum(axis=1) + visits[:, None] * problem.down_a_visit) * on_plan).sum(axis=0)
    up = ((problem.up.sum(axis=1) + visits[:, None] * problem.up_a_visit) * on_plan).sum(axis=0)
    given = np.sum([[sum(kind.number) * room if sum(kind.number) else 0.0 for room in kind.capacity]
                    for kind in problem.vehicles], axis=0)  # fmt: skip
    return [(name, float(max(down[d], up[d])), float(given[d])) for d, name in enumerate(problem.dimensions)]
