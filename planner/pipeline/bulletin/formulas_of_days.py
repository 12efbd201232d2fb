"""How indicators are worked out from the month's day plans: who is delivered to, how often, at what cost."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.model import Fact, Village, said
from planner.pipeline.bulletin.definitions import motor_profiles
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans import DayPlan
from planner.plans.bulletin import COUNTY
from planner.plans.day_account import held_of, served_villages
from planner.plans.load_share import fullest_share, vehicle_room

_WEEK = 7
DAYS_OF_A_WEEK = 5
"""So many days of a week must be planned for it to say how often people are delivered to."""
_NO_DAYS = said("no data: no day of the month is planned")


def _nothing(facts: MonthFacts, reason: Tally) -> Tallies:
    return {place: reason for place, _ in facts.by_place()}


def asking_villages(day: DayPlan) -> frozenset[str]:
    """Return the villages that have parcels down on a day, and those that no parcel could reach, whoever orders.

    For whom nothing is sent nothing can come late: a village without parcels down is neither reached nor missed.
    """
    own = {one.village_id: one.delivery_parcels for one in day.demand.villages}
    found = {*day.cut_off, *day.without_site}
    for one in held_of(day):
        if not one.stop_id and one.delivery_parcels > 0:
            found.update(one.village_ids)
    for point in day.demand.points:
        if point.delivery_parcels > 0:
            # of a point that was ordered for as a whole nobody knows whose the parcels are
            found.update([id_ for id_ in point.village_ids if own.get(id_, 1.0) > 0] or point.village_ids)
    return frozenset(found)


def villages_the_same_day(facts: MonthFacts) -> Tallies:
    """Return A11: villages delivered to among those that ask for it on a day, all days together."""
    if not facts.days:
        return _nothing(facts, Tally(value=None, reason=_NO_DAYS))
    asking = [asking_villages(day) for day in facts.days]
    reached = [served_villages(day) & asked for day, asked in zip(facts.days, asking, strict=True)]
    left_out = facts.area.rows_left_out.villages
    found = {}
    for place, villages in facts.by_place():
        whole, part = (
            sum(village.id in day for day in days for village in villages) / len(days) for days in (asking, reached)
        )
        whole += left_out if place == COUNTY else 0
        found[place] = _part(facts, part, whole, said("mean over {count} planned days", count=len(reached)))
    return found


def _part(facts: MonthFacts, part: float, whole: float, note: Fact) -> Tally:
    if not whole:
        return Tally(value=None, part=0, whole=0, reason=said("no data: there is none of which it could be a share"))
    return _of_days(facts, Tally(value=part / whole, part=part, whole=whole, note=note), len(facts.days))


def _of_days(facts: MonthFacts, tally: Tally, days: int) -> Tally:
    """Return a figure with the days that it is worked out from; of too few its note says so."""
    if tally.value is None:
        return tally
    if days >= facts.config.fewest_days:
        return replace(tally, days=days)
    few = said("too few days: {days} of {needed}", days=days, needed=facts.config.fewest_days)
    note = few if tally.note is None else said("{note}; {more}", note=tally.note, more=few)
    return replace(tally, days=days, note=note)


def _weeks(facts: MonthFacts) -> Iterator[list[DayPlan]]:
    """Yield the days of each week, Monday to Sunday, that lies in the month whole and has enough days planned."""
    by_week: dict[datetime.date, list[DayPlan]] = {}
    for day in facts.days:
        by_week.setdefault(day.date - datetime.timedelta(days=day.date.weekday()), []).append(day)
    for monday, days in sorted(by_week.items()):
        sunday = monday + datetime.timedelta(days=_WEEK - 1)
        if facts.month.first <= monday and sunday <= facts.month.last and len(days) >= DAYS_OF_A_WEEK:
            yield days


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyVisits:
    """How often each village is delivered to in a week, a mean over whole weeks, and the planned days that these have."""

    of_village: Mapping[str, float]
    days: int

    def of(self, villages: Sequence[Village]) -> list[float]:
        """Return those of some villages."""
        return [self.of_village[village.id] for village in villages]


def visits_a_week(facts: MonthFacts) -> WeeklyVisits | None:
    """Return how often each village is delivered to in a week; None without a whole week of days enough."""
    weeks = list(_weeks(facts))
    if not weeks:
        return None
    counts = dict.fromkeys((village.id for village in facts.area.villages), 0)
    for day in (day for week in weeks for day in week):
        for village_id in served_villages(day):
            counts[village_id] += 1
    return WeeklyVisits(
        of_village={village_id: count / len(weeks) for village_id, count in counts.items()}, days=sum(map(len, weeks))
    )


def _no_week() -> Tally:
    return Tally(
        value=None, reason=said("no data: no whole week of the month has {days} planned days", days=DAYS_OF_A_WEEK)
    )


def mean_visits(facts: MonthFacts) -> Tallies:
    """Return A12: visits a week, mean over villages."""
    return _visits(facts, lambda visits: sum(visits) / len(visits))


def least_visits(facts: MonthFacts) -> Tallies:
    """Return A12: visits a week to the village that has the fewest."""
    return _visits(facts, min)


def _visits(facts: MonthFacts, of: Callable[[Sequence[float]], float]) -> Tallies:
    visits = visits_a_week(facts)
    if visits is None:
        return _nothing(facts, _no_week())
    return {
        place: _of_days(facts, Tally(value=of(visits.of(villages))), visits.days) if villages else _no_village()
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
    found = villages_that(facts, lambda village: visits.of_village[village.id] >= standard)
    return {place: _of_days(facts, tally, visits.days) for place, tally in found.items()}


def parcel_cost(facts: MonthFacts) -> Tallies:
    """Return A14: yuan a parcel brought, as every table of a day has it."""
    parcels = sum(
        visit.delivered[0] for day in facts.days for route in day.routes.routes for visit in day.at_points(route)
    )
    parcels += sum(day.rides.parcels(up=False) for day in facts.days if day.rides)
    if not facts.days or not parcels:
        reason = _NO_DAYS if not facts.days else said("no data: no parcel is brought")
        return {COUNTY: Tally(value=None, reason=reason)}
    cost = sum(day.cost_yuan for day in facts.days)
    note = said("over {count} planned days", count=len(facts.days))
    return {COUNTY: _of_days(facts, Tally(value=cost / parcels, note=note), len(facts.days))}


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
    return {COUNTY: _of_days(facts, Tally(value=min(1.0, sum(shares) / len(shares)), note=note), len(facts.days))}


def motor_share(facts: MonthFacts) -> Tallies:
    """Return A14: parcels brought by motor vehicle, buses among them."""
    by_motor = whole = sum(day.rides.parcels(up=False) for day in facts.days if day.rides)
    for day in facts.days:
        motor = _motor_types(day)
        for route in day.routes.routes:
            parcels = sum(visit.delivered[0] for visit in day.at_points(route))
            whole += parcels
            by_motor += parcels if route.vehicle_type_id in motor else 0.0
    if not whole:
        reason = _NO_DAYS if not facts.days else said("no data: no parcel is brought")
        return {COUNTY: Tally(value=None, reason=reason)}
    return {COUNTY: _part(facts, by_motor, whole, said("over {count} planned days", count=len(facts.days)))}


def _motor_types(day: DayPlan) -> frozenset[str]:
    own = (day.config.get("travel") or {}).get("vehicle", day.roads.vehicle)
    return frozenset(
        vehicle["id"]
        for vehicle in day.config["routing"]["vehicles"]
        if (vehicle.get("profile") or own) in motor_profiles()
    )
