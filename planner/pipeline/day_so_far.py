"""What lies behind the vehicles of a running day: what is told now, and what was known when its plan was made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.plans import DayPlan
from planner.plans.under_way import SettledAs, SettledStop
from planner.routing import Route, RoutePlan, RoutingProblem
from planner.routing.day import VehicleReport
from planner.routing.day.as_driven import as_driven


@dataclass(frozen=True, kw_only=True)
class DaySoFar:
    """The running routes as they were driven, and what is known of each vehicle that is not as they say."""

    routes: RoutePlan
    reports: tuple[VehicleReport, ...]


def day_so_far(problem: RoutingProblem, plan: DayPlan, reports: Sequence[VehicleReport], now_s: float) -> DaySoFar:
    """Return the day as it was driven: what is told now, after what had been told when the plan was made.

    What the plan took for done without a report is open again where its vehicle is told of now and does not say so.
    """
    before = plan.under_way
    settled = [one for one in before.settled if one.reported and one.vehicle_id] if before else []
    lost = before.lost if before else ()
    told = {report.vehicle_id for report in reports}
    routes = {route.vehicle_id: route for route in plan.routes.routes}
    named = {id_ for report in reports for id_ in report.done or ()}
    quiet = [VehicleReport(vehicle_id=vehicle) for vehicle in sorted({one.vehicle_id for one in settled} - told)]
    known = [
        _with_former(
            report,
            [one for one in settled if one.vehicle_id == report.vehicle_id and one.stop_id not in named],
            routes.get(report.vehicle_id),
            now_s,
        )
        for report in [*reports, *quiet]
        if report.vehicle_id not in lost
    ]
    done = {report.vehicle_id: report.done for report in known if report.done is not None}
    running = replace(plan.routes, routes=tuple(route for id_, route in routes.items() if id_ not in lost))
    return DaySoFar(
        routes=as_driven(problem, running, done),
        reports=(*known, *(VehicleReport(vehicle_id=vehicle, lost=True) for vehicle in lost)),
    )


def _with_former(
    report: VehicleReport, former: Sequence[SettledStop], route: Route | None, now_s: float
) -> VehicleReport:
    """Return what is known of a vehicle with the stops that it was told to have settled before."""
    if not former:
        return report
    first = sorted(former, key=lambda one: one.at_s)
    ids = [one.stop_id for one in first]
    since = report.done
    if since is None:
        since = tuple(
            visit.stop_id
            for visit in (route.visits if route else ())
            if visit.service_start_s + report.delay_s <= now_s and visit.stop_id not in ids
        )
    vain = tuple(one.stop_id for one in first if one.settled is not SettledAs.DONE)
    return replace(report, done=(*ids, *since), failed=(*vain, *report.failed))
