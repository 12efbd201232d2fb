"""Couriers' reports turned into the state of a running day, which is planned again.

What is ticked is behind a vehicle, in the order in which it was ticked and whoever was to come; what is not is still open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import BadDataError, Message
from planner.pipeline.day_events import DayEvents, VehicleEvent
from planner.plans import DayPlan
from planner.plans.courier_report import (
    CourierReport,
    TickedAs,
    TickedStop,
    read_report,
    report_faults,
    stops_of,
)
from planner.routing import Route

MOST_CHANGES = 0
TOLERANCE_S = 900.0
"""What may be changed where reports alone are given: nothing but what cannot be avoided, and a quarter of an hour."""


@dataclass(frozen=True, kw_only=True)
class ReportedDay:
    """The events with what couriers report, and the last word on each stop that they have settled, by its id."""

    events: DayEvents
    ticks: Mapping[str, TickedStop]


def reported_day(
    plan: DayPlan, paths: Sequence[Path], events: DayEvents | None = None, *, published: Collection[str] = ()
) -> ReportedDay:
    """Return the events with what couriers report: what each has done, has not, where it stands and how late it is.

    Of several reports of one vehicle the last counts. Without ``events`` it is the time of the last report.
    ``published`` are ids of plans that couriers had for that date.

    Raises
    ------
    BadDataError
        Every report that cannot be read or does not fit the plan, with its file.
    """
    latest: dict[str, CourierReport] = {}
    faults: list[str] = []
    taken = {event.id for event in events.vehicles} if events is not None else set()
    for path in paths:
        try:
            report = read_report(path)
        except BadDataError as error:
            faults += [
                Message("{summary}: {problem}", summary=error.summary, problem=one) for one in error.problems
            ] or [error.summary]
            continue
        found = list(report_faults(report, plan, name=str(path), published=published))
        if not found and report.vehicle in taken:
            found.append(
                Message(
                    "{file}: vehicle: {vehicle} is in the file of events, too: leave it out there",
                    file=path,
                    vehicle=report.vehicle,
                )
            )
        if not found and events is not None and report.at > events.now:
            found.append(Message("{file}: at: the report is later than now", file=path))
        faults += found
        if not found and (report.vehicle not in latest or report.at >= latest[report.vehicle].at):
            latest[report.vehicle] = report
    if faults:
        raise BadDataError(Message("the couriers' reports do not fit"), faults)
    if events is None:
        now = max(report.at for report in latest.values())
        events = DayEvents(now=now, most_changes=MOST_CHANGES, tolerance_s=TOLERANCE_S)
    told = {vehicle: stops_of(report, plan) for vehicle, report in sorted(latest.items())}
    doers = _doers(told)
    routes = {route.vehicle_id: route for route in plan.routes.routes}
    added = tuple(_event(vehicle, routes.get(vehicle), stops, doers) for vehicle, stops in told.items())
    return ReportedDay(
        events=events.model_copy(update={"vehicles": (*events.vehicles, *added)}),
        ticks={stop_id: told[vehicle][stop_id] for stop_id, vehicle in doers.items()},
    )


def _doers(told: Mapping[str, Mapping[str, TickedStop]]) -> dict[str, str]:
    """Return the vehicle that settled each stop: of several the one that served it, else the first."""
    found: dict[str, str] = {}
    for vehicle, stops in told.items():
        for stop_id, one in stops.items():
            other = told[found[stop_id]][stop_id] if stop_id in found else None
            if one.settled and (other is None or _rank(one) < _rank(other)):
                found[stop_id] = vehicle
    return found


def _rank(one: TickedStop) -> tuple[bool, float]:
    return one.ticked is not TickedAs.DONE, one.at


def _event(
    vehicle: str, route: Route | None, stops: Mapping[str, TickedStop], doers: Mapping[str, str]
) -> VehicleEvent:
    """Return what a report says: what is settled, in the order in which it was, and where the vehicle stands.

    One that keeps to its route is as late as its last tick; any other is where it was last.
    """
    planned = [] if route is None else [visit.stop_id for visit in route.visits]
    place = {stop_id: i for i, stop_id in enumerate(planned)}

    def turn(stop_id: str) -> tuple[float, int]:
        return stops[stop_id].at, place.get(stop_id, len(planned))

    settled = sorted((id_ for id_, one in stops.items() if one.settled), key=turn)
    done = tuple(id_ for id_ in settled if doers[id_] == vehicle)
    failed = tuple(id_ for id_ in done if stops[id_].reason)
    last = max(stops, key=turn, default="")
    if last and not stops[last].settled:
        return VehicleEvent(id=vehicle, done=done, failed=failed, at=last)
    if list(done) != planned[: len(done)] or len(done) < len(settled):
        return VehicleEvent(id=vehicle, done=done, failed=failed, at=last)
    late_s = 0.0
    if done and route is not None:
        late_s = max(0.0, stops[done[-1]].at - route.visits[len(done) - 1].departure_s)
    return VehicleEvent(id=vehicle, done=done, failed=failed, delay_s=late_s)
