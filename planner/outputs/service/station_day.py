"""A station on one weekday: trunk runs, sorting, its routes, and how much is on hand from when to when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.outputs.service.drive_rows import DriveRow, drive_rows
from planner.outputs.service.week_figures import WeekFigures
from planner.outputs.service.week_names import week_fleet
from planner.outputs.service.week_rows import DIMENSIONS
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.routing import Route, Visit
from planner.service.tiers import Consignment


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkCall:
    """A call of a hub's vehicle at a station with one consignment: it brings, or fetches (``sent.up``).

    ``idle``: no route visits any of its points that day, so that what it brings stays, and it fetches nothing.
    """

    sent: Consignment
    visit: Visit
    vehicle: str
    idle: bool = False

    @property
    def sorting(self) -> tuple[float, float] | None:
        """From when until when the consignment is sorted, None if it needs no hands."""
        return (self.sent.bench[0][0], self.sent.bench[-1][1]) if self.sent.bench else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationDay:
    """A station on a weekday: calls by their time, its own routes, and (time, amount by dimension) steps of what is there.

    An amount holds from its time on until the next; the first is what comes first, the last is nothing.
    """

    weekday: int
    calls: tuple[TrunkCall, ...]
    drives: tuple[DriveRow, ...]
    steps: tuple[tuple[float, tuple[float, ...]], ...]

    @property
    def peak(self) -> tuple[float, ...]:
        """The most on hand at any moment, by dimension."""
        return tuple(max(column) for column in zip(*(amount for _, amount in self.steps), strict=True)) or (
            0.0,
            0.0,
            0.0,
        )

    @property
    def peak_s(self) -> float:
        """When most parcels are on hand for the first time."""
        return next((at for at, amount in self.steps if amount[0] == self.peak[0]), 0.0)


def station_days(plan: ServicePlan, week: WeekFigures, station_id: str) -> tuple[StationDay, ...]:
    """Return the weekdays on which anything passes a station, in their order."""
    found = (_station_day(plan, week, day, station_id) for day in sorted(plan.days, key=lambda one: one.weekday))
    return tuple(day for day in found if day.calls or day.drives)


def station_asked(plan: ServicePlan, station_id: str) -> dict[str, Any]:
    """Return what the configuration says of a station: what all have, but for what is said of it."""
    asked: dict[str, Any] = plan.config["service"]
    found = dict(asked.get("stations") or {})
    for own in asked.get("own_stations") or ():
        if own["site_id"] == station_id:
            found |= {name: value for name, value in own.items() if value is not None}
    return found


def room_of_station(plan: ServicePlan, station_id: str) -> tuple[float, ...]:
    """Return the most that may be at a station at once, by dimension; ``inf`` without limit."""
    asked = station_asked(plan, station_id)
    return tuple(math.inf if asked.get(f"room_{name}") is None else float(asked[f"room_{name}"]) for name in DIMENSIONS)


def _station_day(plan: ServicePlan, week: WeekFigures, day: ServiceDay, station_id: str) -> StationDay:
    sent = {one.id: one for one in day.tiers.consignments if one.station_id == station_id}
    fleet = week_fleet(plan)
    missed = {one.point_id for one in day.tiers.missed}
    calls = [
        TrunkCall(
            sent=sent[visit.stop_id],
            visit=visit,
            vehicle=fleet.called(route.vehicle_id),
            idle=missed.issuperset(sent[visit.stop_id].point_ids),
        )
        for route in day.tiers.hub_plan.routes
        for visit in route.visits
        if visit.stop_id in sent
    ]
    drives = [
        row for row in drive_rows(plan, week.day_of[day.weekday], at=station_id) if row.drive.station_id == station_id
    ]
    return StationDay(
        weekday=day.weekday,
        calls=tuple(sorted(calls, key=lambda one: (one.visit.service_start_s, one.sent.id))),
        drives=tuple(drives),
        steps=tuple(_steps(calls, [row.drive.route for row in drives])),
    )


def _steps(calls: list[TrunkCall], routes: list[Route]) -> Iterator[tuple[float, tuple[float, ...]]]:
    """Yield what is on hand from when on: what comes at a moment is there before what goes."""
    changes: list[tuple[float, int, tuple[float, ...]]] = []
    for call in calls:
        if call.idle and call.sent.up:  # there is nothing to fetch
            continue
        when = (call.visit.departure_s, -1) if call.sent.up else (call.visit.service_start_s, 1)
        changes.append((*when, call.sent.amount))
    for route in routes:
        for leaves_s, back_s, visits in _trips(route):
            changes += [(leaves_s, -1, visit.delivered) for visit in visits]
            changes += [(back_s, 1, visit.picked_up) for visit in visits]
    now: tuple[float, ...] = (0.0, 0.0, 0.0)
    for at, sign, amount in sorted(changes, key=lambda one: (one[0], -one[1])):
        now = tuple(max(0.0, round(have + sign * one, 6)) for have, one in zip(now, amount, strict=True))
        yield at, now


def _trips(route: Route) -> Iterator[tuple[float, float, tuple[Visit, ...]]]:
    """Yield when a route leaves its depot, when it is back there, and whom it visits between, trip by trip."""
    leaves_s, done = route.start_s, 0
    for reload in sorted(route.reloads, key=lambda one: one.after):
        yield leaves_s, reload.arrival_s, route.visits[done : reload.after]
        leaves_s, done = reload.departure_s, reload.after
    yield leaves_s, route.end_s, route.visits[done:]
