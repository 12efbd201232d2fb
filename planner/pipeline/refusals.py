"""What planning an area would end with before its solvers start: asked in advance, each part by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from planner.config import phase_on
from planner.errors import BadDataError, PlannerError
from planner.model import Demand, StudyArea, Tier
from planner.network import load_profile
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import FleetTravel, day_places, routing_problem
from planner.pipeline.siting.money import running_cost_yuan
from planner.pipeline.siting.problems import phased_problem, service_point_problem
from planner.pipeline.siting.tier_rules import tier_rules


def refusals(run: AreaRun) -> Iterator[PlannerError]:
    """Yield the errors that a plan of this run would end with: of its area, its roads, its siting, its money, its day.

    Nothing is solved. Where the area cannot be read, its one error is all: the rest depends on it.
    """
    first = _refused(_area, run)
    if first is not None:
        yield first
        return
    for part in (_date, _siting, _stations, _money, _day):
        error = _refused(part, run)
        if error is not None:
            yield error


def _refused(part: Callable[[AreaRun], object], run: AreaRun) -> PlannerError | None:
    try:
        part(run)
    except PlannerError as error:
        return error
    return None


def _area(run: AreaRun) -> StudyArea:
    return run.area


def _date(run: AreaRun) -> None:
    phase_on(run.config.coverage.phases, run.config.routing.date)


def _siting(run: AreaRun) -> None:
    make = phased_problem if run.config.coverage.phases else service_point_problem
    make(run.area, run.travel, run.config)


def _stations(run: AreaRun) -> None:
    stations = run.area.sites_of(Tier.EXPRESS_STATION)
    tier_rules(run.area, run.config.coverage.express_stations, "express_stations", stations, np.zeros(0))


def _money(run: AreaRun) -> None:
    running_cost_yuan(run.area, run.config, [site for site in run.area.sites if site.tier is not Tier.COUNTY_HUB])


def _day(run: AreaRun) -> None:
    """Put the fleet together for a day without goods: what it names must be there."""
    for vehicle in run.config.routing.vehicles:
        load_profile(vehicle.profile or run.config.travel.vehicle, run.season)
    nothing = Demand(date=run.day, points=(), without_point=())
    travel = run.travel.select(*(day_places(run.area, nothing),) * 2)
    profiles = {vehicle.profile or run.config.travel.vehicle for vehicle in run.config.routing.vehicles}
    own = run.config.travel.vehicle
    fleet = FleetTravel(by_vehicle=dict.fromkeys(profiles | {own}, travel), own=own)
    routing_problem(run.area, nothing, fleet, run.config)


def lines_of(error: PlannerError) -> tuple[str, ...]:
    """Return what an error says, an offender a line."""
    if isinstance(error, BadDataError) and error.problems:
        return error.problems
    return (error.args[0],)
