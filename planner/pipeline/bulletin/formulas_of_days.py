"""How indicators are worked out from the month's day plans: who is delivered to, how often, at what cost."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from planner.model import said
from planner.pipeline.bulletin.definitions import motor_profiles
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans import DayPlan
from planner.plans.bulletin import COUNTY
from planner.plans.load_share import fullest_share, vehicle_room

_WEEK = 7
DAYS_OF_A_WEEK = 5
"""So many days of a week must be planned for it to say how often people are delivered to."""
_NO_DAYS = said("no data: no day of the month is planned")


def _nothing(facts: MonthFacts, reason: Tally) -> Tallies:
    return {place: reason for place, _ in facts.by_place()}


def delivered_villages(day: DayPlan) -> frozenset[str]:
    """Return the villages whose hand-over place is on a route of a day."""
    visited = {visit.stop_id for route in day.routes.routes for visit in route.visits}
    return frozenset(id_ for point in day.demand.points if point.site_id in visited for id_ in point.village_ids)


def villages_the_same_day(facts: MonthFacts) -> Tallies:
    """Return A11: villages delivered to on a day, a mean over the days."""
    if not facts.days:
        return _nothing(facts, Tally(value=None, reason=_NO_DAYS))
    reached = [delivered_villages(day) for day in facts.days]
    left_out = facts.area.rows_left_out.villages
    found = {}
    for place, villages in facts.by_place():
        whole = len(villages) + (left_out if place == COUNTY else 0)
        part = sum(village.id in day for day in reached for village in villages) / len(reached)
        found[place] = _part(part, whole, len(reached))
    return found


def _part(part: float, whole: float, days: int) -> Tally:
    if not whole:
        return Tally(value=None, part=0, whole=0, reason=said("no data: there is none of which it could be a share"))
    return Tally(value=part / whole, part=part, whole=whole, note=said("mean over {count} planned days", count=days))


def _weeks(facts: MonthFacts) -> Iterator[list[DayPlan]]:
    """Yield the days of each week, Monday to Sunday, that lies in the month whole and has enough days planned."""
    by_week: dict[datetime.date, list[DayPlan]] = {}
    for day in facts.days:
        by_week.setdefault(day.date - datetime.timedelta(days=day.date.weekday()), []).append(day)
    for monday, days in sorted(by_week.items()):
        sunday = monday + datetime.timedelta(days=_WEEK - 1)
        if facts.month.first <= monday and sunday <= facts.month.last and len(days) >= DAYS_OF_A_WEEK:
            yield days


def visits_a_week(facts: MonthFacts) -> Mapping[str, float] | None:
    """Return how often each village is delivered to in a week, a mean over the weeks; None without a week."""
    weeks = list(_weeks(facts))
    if not weeks:
        return None
    counts = dict.fromkeys((village.id for village in facts.area.villages), 0)
    for day in (day for week in weeks for day in week):
        for village_id in delivered_villages(day):
            counts[village_id] += 1
    return {village_id: count / len(weeks) for village_id, count in counts.items()}


def _no_week() -> Tally:
    return Tally(
        value=None, reason=said("no data: no whole week of the month has {days} planned days", days=DAYS_OF_A_WEEK)
    )


def mean_visits(facts: MonthFacts) -> Tallies:
    """Return A12: visits a week, mean over villages."""
    visits = visits_a_week(facts)
    if visits is None:
        return _nothing(facts, _no_week())
    return {
        place: Tally(value=sum(visits[one.id] for one in villages) / len(villages)) if villages else _no_village()
        for place, villages in facts.by_place()
    }


def least_visits(facts: MonthFacts) -> Tallies:
    """Return A12: visits a week to the village that has the fewest."""
    visits = visits_a_week(facts)
    if visits is None:
        return _nothing(facts, _no_week())
    return {
        place: Tally(value=min(visits[one.id] for one in villages)) if villages else _no_village()
        for place, villages in facts.by_place()
    }


def _no_village() -> Tally:
    return Tally(value=None, reason=said("no data: there is no village"))


def villages_visited_enough(facts: MonthFacts) -> Tallies:
    """Return A12: villages with at least the standard of visits a week."""
    from planner.pipeline.bulletin.formulas import villages_that

    standard, visits = facts.config.visits_a_week, visits_a_week(facts)
    if standard is None:
        return _nothing(facts, Tally(value=None, reason=said("no data: [bulletin] visits_a_week is not set")))
    if visits is None:
        return _nothing(facts, _no_week())
    return villages_that(facts, lambda village: visits[village.id] >= standard)


def parcel_cost(facts: MonthFacts) -> Tallies:
    """Return A14: yuan a parcel, brought or fetched."""
    visits = [visit for day in facts.days for route in day.routes.routes for visit in route.visits]
    parcels = sum(visit.delivered[0] + visit.picked_up[0] for visit in visits)
    if not facts.days or not parcels:
        reason = _NO_DAYS if not facts.days else said("no data: no parcel is brought or fetched")
        return {COUNTY: Tally(value=None, reason=reason)}
    cost = sum(day.routes.cost_yuan for day in facts.days)
    return {COUNTY: Tally(value=cost / parcels, note=said("over {count} planned days", count=len(facts.days)))}


def load_factor(facts: MonthFacts) -> Tallies:
    """Return A14: how full vehicles are at their fullest, a mean over routes."""
    shares = [
        fullest_share(route, vehicle_room(day)[route.vehicle_type_id])
        for day in facts.days
        for route in day.routes.routes
    ]
    if not shares:
        return {COUNTY: Tally(value=None, reason=_NO_DAYS if not facts.days else said("no data: there is no route"))}
    note = said("mean over {count} routes", count=len(shares))
    return {COUNTY: Tally(value=min(1.0, sum(shares) / len(shares)), note=note)}


def motor_share(facts: MonthFacts) -> Tallies:
    """Return A14: parcels brought by motor vehicle."""
    by_motor = whole = 0.0
    for day in facts.days:
        motor = _motor_types(day)
        for route in day.routes.routes:
            parcels = sum(visit.delivered[0] for visit in route.visits)
            whole += parcels
            by_motor += parcels if route.vehicle_type_id in motor else 0.0
    if not whole:
        reason = _NO_DAYS if not facts.days else said("no data: no parcel is brought or fetched")
        return {COUNTY: Tally(value=None, reason=reason)}
    return {COUNTY: _part(by_motor, whole, len(facts.days))}


def _motor_types(day: DayPlan) -> frozenset[str]:
    own = (day.config.get("travel") or {}).get("vehicle", day.roads.vehicle)
    return frozenset(
        vehicle["id"]
        for vehicle in day.config["routing"]["vehicles"]
        if (vehicle.get("profile") or own) in motor_profiles()
    )
