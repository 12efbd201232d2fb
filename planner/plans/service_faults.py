"""What of a service plan refers to nothing, or is not the sum of its parts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from planner.errors import Message, list_offenders
from planner.plans.bus_faults import bus_faults
from planner.plans.code_faults import unknown_codes
from planner.plans.degrees import lines_off_the_earth
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.plans.service_year_faults import phase_faults, year_faults
from planner.service.week import days_of

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+")
_ALL_DAYS = (1 << 7) - 1
_CENT = 0.01


def service_faults(plan: ServicePlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    if not 0 <= plan.stage < len(plan.network.stages):
        yield Message("stage is {stage}, the network has {count}", stage=plan.stage, count=len(plan.network.stages))
        return
    if plan.monday.weekday() != 0:
        yield Message("monday is {date}, which is none", date=plan.monday)
    yield from lines_off_the_earth("paths", (path.coordinates for kind in plan.paths for path in kind.paths))
    yield from _unknown_ids(plan)
    for key, count in Counter(day.weekday for day in plan.days).items():
        if count > 1 or not 0 <= key <= 6:
            yield Message("days: the weekday {day} is given {count} times", day=key, count=count)
    for day in plan.days:
        yield from _day_faults(plan, day)
    yield from bus_faults(plan)
    yield from _points_on_their_days(plan)
    yield from year_faults(plan)
    yield from phase_faults(plan)
    yield from unknown_codes(
        vehicle=plan.roads.vehicle,
        in_seasons=[plan.roads.season, plan.season.season, plan.season.of_date],
        reasons=plan.cut_off.values(),
    )


def _unknown_ids(plan: ServicePlan) -> Iterator[Message]:
    sites, villages = plan.area.site_by_id, plan.area.village_by_id
    townships = {one.id for one in plan.area.townships}
    named = {
        "points": [one.site_id for one in plan.points],
        "closures.moved": [one.site_id for closure in plan.closures for one in closure.moved],
        "points.station_id": [one.station_id for one in plan.points if one.station_id],
        "paths": [id_ for kind in plan.paths for path in kind.paths for id_ in (path.origin_id, path.destination_id)],
        "days.demand": [point.site_id for day in plan.days for point in day.demand.points],
    }
    for key, ids in named.items():
        if strangers := sorted({id_ for id_ in ids if id_ not in sites}):
            yield Message("{key}: no such sites: {offenders}", key=key, offenders=list_offenders(strangers))
    of_villages = [*(id_ for one in plan.points for id_ in one.village_ids), *plan.cut_off, *plan.without_site]
    if strangers := sorted({id_ for id_ in of_villages if id_ not in villages}):
        yield Message("{key}: no such villages: {offenders}", key="points", offenders=list_offenders(strangers))
    if strangers := sorted({one.township_id for one in plan.points} - townships - {""}):
        yield Message("{key}: no such townships: {offenders}", key="points", offenders=list_offenders(strangers))
    for id_, count in Counter(one.site_id for one in plan.points).items():
        if count > 1:
            yield Message("points: {id} is given {count} times", id=id_, count=count)
    for one in plan.points:
        if not 0 <= one.pattern <= _ALL_DAYS:
            yield Message("points: {id}: {pattern} is no set of weekdays", id=one.site_id, pattern=one.pattern)
        if len(one.down_parcels) != 7 or len(one.up_parcels) != 7:
            yield Message("points: {id}: parcels must be given for each of the seven weekdays", id=one.site_id)


def _day_faults(plan: ServicePlan, day: ServiceDay) -> Iterator[Message]:
    """Yield what of one weekday is of nobody, and costs that are not the sum of their routes'."""
    name, tiers = f"days.{day.weekday}", day.tiers
    sent = {one.id for one in tiers.consignments}
    known = {point.stop_id for point in day.demand.points} | sent
    visited = Counter(visit.stop_id for route in day.routes for visit in route.visits)
    if strangers := sorted(visited.keys() - known):
        yield Message("{key}: no such stops: {offenders}", key=name, offenders=list_offenders(strangers))
    if twice := sorted(id_ for id_, count in visited.items() if count > 1):
        yield Message("{key}: visited more than once: {offenders}", key=name, offenders=list_offenders(twice))
    missed = {one.point_id for one in tiers.missed}
    ridden = {ride.point_id for ride in day.buses.rides} if day.buses else set()
    if nowhere := sorted(known - sent - visited.keys() - missed - ridden):
        yield Message("{key}: on no route and not missed: {offenders}", key=name, offenders=list_offenders(nowhere))
    for route in day.routes:
        if not _PLAIN_ID.fullmatch(route.vehicle_id):  # it names files
            yield Message("vehicle_id {id!r} may hold letters, digits, _ and - only", id=route.vehicle_id)
    hub = math.fsum(route.cost_yuan for route in tiers.hub_plan.routes)
    if abs(hub - tiers.cost.hub_yuan) > _CENT:
        yield Message("{key}: hub_yuan is {found}, its routes cost {due}", key=name, found=tiers.cost.hub_yuan, due=hub)


def _points_on_their_days(plan: ServicePlan) -> Iterator[Message]:
    for day in plan.days:
        stops = {point.site_id for point in day.demand.points}
        due = {one.site_id for one in plan.points if day.weekday in days_of(one.pattern)}
        if wrong := sorted(stops - due):
            yield Message("days.{day}: not the day of {offenders}", day=day.weekday, offenders=list_offenders(wrong))
