"""Plan an area's running day again: from a kept plan and what has happened to the new routes and what changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.config import PlanConfig, parse_config
from planner.config.differences import Difference
from planner.errors import BadDataError, Message
from planner.pipeline.area_now import AreaNow, area_now
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day_events import DayEvents, NewStop, VehicleEvent
from planner.pipeline.day_so_far import DaySoFar, day_so_far
from planner.pipeline.fleet import FleetTravel, day_places, fleet_travel
from planner.pipeline.running_problem import no_longer_valid, running_problem, stop_that_came_up
from planner.plans import DayPlan
from planner.plans.under_way import AddedStop
from planner.progress import Progress, silent
from planner.routing import RoutePlan, RoutingProblem
from planner.routing.day import Day, Replan, VehicleReport, refuse_bad_day
from planner.routing.day.replan import replan
from planner.routing.day.standing import standings

_FILE_NAMES = {
    "now_s": "now",
    "reports": "vehicles",
    "vehicle_id": "id",
    "place_id": "at",
    "free_s": "free",
    "location_id": "site_id",
}
"""What the file calls the fields of `planner.routing.day.Day`, where it is not the same."""


@dataclass(frozen=True, kw_only=True)
class Replanned:
    """The plan that was running and the new one, with the problem and the day that they answer.

    ``run`` is that of the rest of the day, ``former_run`` that of the running plan and ``driven_by`` its problem, in which
    roads are open that were closed since; ``differences`` are what the area says today that it was not made of.
    ``walking_s`` are, for each vehicle of the new routes, the seconds on foot in its driving time; nothing is known of plans
    of before.
    """

    plan: DayPlan
    problem: RoutingProblem
    so_far: DaySoFar
    day: Day
    replan: Replan
    travel: FleetTravel
    run: AreaRun
    former_run: AreaRun
    driven_by: RoutingProblem
    differences: tuple[Difference, ...] = ()
    added: tuple[AddedStop, ...] = ()
    walking_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def now_s(self) -> float:
        """The time at which the day was planned again."""
        return self.day.now_s

    @property
    def partial(self) -> bool:
        """Return whether a stop is on no route, its goods gone or not, or more changes than allowed: forced ones can be."""
        return bool(self.replan.plan.unassigned or self.replan.gone) or not self.replan.within_bound


def run_of(plan: DayPlan, area: PlanConfig, *, cache: Path | None = None, progress: Progress = silent) -> AreaRun:
    """Return the run that a plan was made in, on the roads of its area as their file is now.

    Raises
    ------
    BadDataError
        If the plan is of another area.
    """
    if plan.area.id != area.area.id:
        raise BadDataError(
            Message(
                "the plan is of {found!r}, not of {area!r}: give the area it was made for",
                found=plan.area.id,
                area=area.area.id,
            )
        )
    kept = {**plan.network.config, **plan.config}
    config = parse_config(kept, folder=area.folder, name="the plan's configuration")
    return AreaRun(
        config=config,
        date=plan.date,
        cache=cache,
        progress=progress,
        given_season=plan.season.season,
        given_area=plan.area,
    )


def replan_day(
    plan: DayPlan, run: AreaRun, events: DayEvents, *, area: PlanConfig | None = None, name: str = "the request"
) -> Replanned:
    """Return the new plan of what is left of the day; ``run`` is that of the running plan (`run_of`).

    ``area`` is what the area says today: what is closed, who drives and when stops are open hold from now on, and what else
    differs is named (`planner.pipeline.area_now`). ``name`` is what errors call the file of the events.

    Raises
    ------
    BadDataError
        If the plan goes over stations, the roads are no longer those of the plan, or the events do not fit it: all faults at
        once, by the file's keys.
    """
    _refuse_over_stations(plan)
    travel = _travel(plan, run, events)
    problem = running_problem(plan, travel, run.config)
    added = tuple(_came_up(stop) for stop in events.new_stops)
    run.progress(Message("planning again"), 3, run.steps)
    broken = no_longer_valid(plan, problem)
    if broken:
        raise BadDataError(
            Message("the plan is no longer valid on these roads: plan the day again from the area's current files"),
            broken,
        )
    so_far = day_so_far(problem, plan, tuple(_report(event) for event in events.vehicles), float(events.now))
    former, driven_by = run, problem
    today = area_now(run.config, area or run.config, [*{**plan.network.config, **plan.config}], plan.date)
    if today.uses_any:
        run = _run_today(run, today)
        travel = _travel(plan, run, events)
        problem = running_problem(plan, travel, run.config)
    config = run.config
    day = Day(
        now_s=float(events.now),
        most_changes=events.most_changes,
        tolerance_s=events.tolerance_s,
        transfer_duration_s=events.transfer_duration_s,
        improve=events.improve,
        reports=so_far.reports,
        new_stops=tuple(stop_that_came_up(stop, plan, config) for stop in added),
        cancelled=(*events.cancelled, *_called_off_before(plan)),
    )
    summary = Message("{name}: what happened does not fit the plan", name=name)
    refuse_bad_day(problem, so_far.routes, day, summary=summary, names=_FILE_NAMES, further=_told_before(plan, events))
    day, differences = _without_vehicles(problem, so_far.routes, day, today)
    made = replan(problem, so_far.routes, day, seed=config.seed)
    walking_s = _walking_s(made, travel, config) if plan.walks else {}
    return Replanned(
        plan=plan,
        problem=problem,
        so_far=so_far,
        day=day,
        replan=made,
        travel=travel,
        run=run,
        former_run=former,
        driven_by=driven_by,
        differences=differences,
        added=added,
        walking_s=walking_s,
    )


def _refuse_over_stations(plan: DayPlan) -> None:
    """Refuse a day over stations: a vehicle that is late moves what is ready at a station, and all that leaves there."""
    if plan.transfers is not None:
        raise BadDataError(
            Message(
                "{id} goes over stations ({stations}) and cannot be planned again while it runs: let the stations' vehicles "
                "wait for the trunk run, or plan the date anew with --service none, by the hub's vehicles alone",
                id=plan.id,
                stations=[station.site_id for station in plan.transfers.stations],
            )
        )


def _run_today(run: AreaRun, today: AreaNow) -> AreaRun:
    """Return the run with what holds from now on; its roads are the same where no closure has come or gone."""
    closures = any(one.used and one.key.startswith("travel.closures") for one in today.differences)
    return replace(run, config=today.config, given_roads=None if closures else run.roads)


def _without_vehicles(
    problem: RoutingProblem, routes: RoutePlan, day: Day, today: AreaNow
) -> tuple[Day, tuple[Difference, ...]]:
    """Return the day without the vehicles that the area has no more; those on the road drive on and are named."""
    out = {one.vehicle_id for one in standings(problem, routes, day) if one.out}
    off = [id_ for id_ in today.taken_away if id_ not in out]
    told = {report.vehicle_id: report for report in day.reports}
    told |= {id_: replace(told.get(id_, VehicleReport(vehicle_id=id_)), lost=True) for id_ in off}
    driving = {
        id_: id_.rpartition("-")[0] for id_ in today.taken_away if id_ in out and not told.get(id_, _AS_EVER).lost
    }
    named = [
        replace(
            one, on_the_road=tuple(id_ for id_, kind in driving.items() if f"routing.vehicles.{kind}.count" == one.key)
        )
        for one in today.differences
    ]
    return replace(day, reports=tuple(told.values())), tuple(named)


_AS_EVER = VehicleReport(vehicle_id="")


def _report(event: VehicleEvent) -> VehicleReport:
    return VehicleReport(
        vehicle_id=event.id,
        delay_s=event.delay_s,
        lost=event.lost,
        cargo=event.cargo,
        place_id=event.at,
        free_s=None if event.free is None else float(event.free),
        done=event.done,
        failed=event.failed,
    )


def _told_before(plan: DayPlan, events: DayEvents) -> Iterator[Message]:
    """Yield what the running plan knows already, and says otherwise."""
    before = plan.under_way
    if before is None:
        return
    if events.now < before.now_s:
        yield Message(
            "now: the plan was made for what is left of its day at {clock}: no earlier time, or give a plan of before",
            clock="{:02d}:{:02d}".format(*divmod(int(before.now_s) // 60, 60)),
        )
    for k, event in enumerate(events.vehicles):
        if event.id in before.lost:
            yield Message(
                "vehicles.{k}.id: {vehicle!r} was lost before and drives no more in this plan: leave it and its reports out",
                k=k,
                vehicle=event.id,
            )


def _called_off_before(plan: DayPlan) -> tuple[str, ...]:
    """Return the stops that are nobody's any more, and whose goods no vehicle has on board."""
    settled = plan.under_way.settled if plan.under_way else ()
    return tuple(one.stop_id for one in settled if not one.vehicle_id)


def reply_of(made: Replanned) -> dict[str, object]:
    """Return what programs are told: the changes, the new routes and what is on none."""
    again = made.replan
    failed = again.failed
    return {
        "plan_id": made.plan.id,
        "now_s": made.now_s,
        "within_bound": again.within_bound,
        "most_changes": again.most_changes,
        "forced": again.forced_count,
        "changes": again.changes,
        "area_differences": made.differences,
        "done": [stop_id for stop_id in again.done if stop_id not in failed],
        "not_served": failed,
        "called_off_too_late": again.too_late,
        "goods_gone": again.gone,
        "more_m": round(again.more_m, 1),
        "more_duty_s": round(again.more_duty_s, 1),
        "routes": again.plan.routes,
        "walking_s": {vehicle: round(seconds, 1) for vehicle, seconds in made.walking_s.items()},
        "unassigned": again.plan.unassigned,
        "cost_yuan": again.plan.cost_yuan,
    }


def _walking_s(made: Replan, travel: FleetTravel, config: PlanConfig) -> dict[str, float]:
    """Return the seconds on foot of each new route by its vehicle, for those whose travel tells them."""
    profiles = {vehicle.id: vehicle.profile or config.travel.vehicle for vehicle in config.routing.vehicles}
    places = {stop.id: made.places.get(stop.place, stop.place) for stop in made.problem.stops}
    found: dict[str, float] = {}
    for route in made.plan.routes:
        matrix = travel.by_vehicle[profiles[route.vehicle_type_id.rpartition("-")[0]]]
        legs = [
            [places.get(end, made.places.get(end, end)) for end in (leg.origin_id, leg.destination_id)]
            for leg in route.legs()
        ]
        if matrix.access is not None:
            walks = matrix.walks([(origin, destination) for origin, destination in legs if origin != destination])
            found[route.vehicle_type_id] = sum(walk.seconds for walk in walks)
    return found


def _travel(plan: DayPlan, run: AreaRun, events: DayEvents) -> FleetTravel:
    """Return the fleet's travel between the plan's places and those of new stops and vehicles.

    Places that are no sites of the area are left out; `refuse_bad_day` names them with all else that does not fit.
    """
    named = [stop.site_id for stop in events.new_stops] + [event.at for event in events.vehicles if event.at]
    sites = [id_ for id_ in named if id_ in plan.area.site_by_id]
    sites += [stop.site_id for stop in plan.under_way.added] if plan.under_way else []
    places = list(dict.fromkeys([*day_places(plan.area, plan.van_demand), *sites]))
    return fleet_travel(run, places, walks_apart=bool(plan.walks))


def _came_up(event: NewStop) -> AddedStop:
    return AddedStop(
        id=event.id or event.site_id,
        site_id=event.site_id,
        delivery=(event.delivery_parcels, event.delivery_kg, event.delivery_m3),
        pickup=(event.pickup_parcels, event.pickup_kg, event.pickup_m3),
        opens_s=None if event.opens is None else float(event.opens),
        closes_s=None if event.closes is None else float(event.closes),
    )
