"""Couriers' reports turned into the state of a running day, which is planned again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.errors import BadDataError, Message
from planner.pipeline.replan import DayEvents, VehicleEvent
from planner.plans import DayPlan
from planner.plans.courier_report import CourierReport, read_report, report_faults
from planner.routing import Route

MOST_CHANGES = 0
TOLERANCE_S = 900.0
"""What may be changed where reports alone are given: nothing but what cannot be avoided, and a quarter of an hour."""


def events_of_reports(plan: DayPlan, paths: Sequence[Path], events: DayEvents | None = None) -> DayEvents:
    """Return the events with what couriers report: what each has done, has not, where it stands and how late it is.

    Of several reports of one vehicle the last counts. Without ``events`` it is the time of the last report.

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
        found = list(report_faults(report, plan, name=str(path)))
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
    routes = {route.vehicle_id: route for route in plan.routes.routes}
    told = tuple(_event(routes[vehicle], report) for vehicle, report in sorted(latest.items()))
    return events.model_copy(update={"vehicles": (*events.vehicles, *told)})


def _event(route: Route, report: CourierReport) -> VehicleEvent:
    """Return what a report says: the first stops are settled; the next one may be where the vehicle stands."""
    ticks = {one.number: one for one in report.stops}
    settled = sorted(number for number, one in ticks.items() if one.settled)
    done = tuple(route.visits[number - 1].stop_id for number in settled)
    failed = tuple(route.visits[number - 1].stop_id for number in settled if ticks[number].reason)
    here = next((one for one in report.stops if not one.settled), None)
    if here is not None:
        return VehicleEvent(id=route.vehicle_id, done=done, failed=failed, at=route.visits[here.number - 1].stop_id)
    late_s = max(0.0, ticks[settled[-1]].at - route.visits[settled[-1] - 1].departure_s) if settled else 0.0
    return VehicleEvent(id=route.vehicle_id, done=done, failed=failed, delay_s=late_s)
