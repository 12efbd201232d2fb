"""Two days of an area side by side: vehicles, stops, kilometres and money, and which stops move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.outputs.comparison import refuse_other_area
from planner.outputs.route_figures import day_figures_of
from planner.plans import DayPlan
from planner.routing import Visit

SAME_WITHIN_S = 600.0
"""A stop that is served earlier or later by no more is served at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotals:
    """What a day comes to, and what it rests on; parcels go ``down`` to the villages and ``up`` from them."""

    id: str
    date: str
    network_id: str
    stage: str
    season: str
    vehicles: int
    stops: int
    parcels_down: float
    parcels_up: float
    distance_m: float
    driving_s: float
    walking_s: float | None
    cost_yuan: float
    unassigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMove:
    """A stop of both days that another vehicle serves, or the same one by more than ten minutes earlier or later."""

    stop_id: str
    before_vehicle_id: str
    after_vehicle_id: str
    before_s: float
    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayComparison:
    """Two days side by side; stops by id. ``only_before`` and ``only_after`` are on routes of one day alone."""

    area_id: str
    before: DayTotals
    after: DayTotals
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    moved: tuple[StopMove, ...]


def compare_days(before: DayPlan, after: DayPlan) -> DayComparison:
    """Return what changes from one day plan of an area to another, of the same date or not.

    Raises
    ------
    BadDataError
        If the plans are of different areas.
    """
    refuse_other_area(before.area, after.area)
    old, new = dict(_visits(before)), dict(_visits(after))
    return DayComparison(
        area_id=after.area.id,
        before=_totals(before),
        after=_totals(after),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
        moved=tuple(
            StopMove(
                stop_id=id_,
                before_vehicle_id=old[id_][0],
                after_vehicle_id=new[id_][0],
                before_s=old[id_][1].arrival_s,
                after_s=new[id_][1].arrival_s,
            )
            for id_ in sorted(old.keys() & new.keys())
            if old[id_][0] != new[id_][0] or abs(new[id_][1].arrival_s - old[id_][1].arrival_s) > SAME_WITHIN_S
        ),
    )


def _visits(plan: DayPlan) -> Iterator[tuple[str, tuple[str, Visit]]]:
    for route in plan.routes.routes:
        for visit in route.visits:
            yield visit.stop_id, (route.vehicle_id, visit)


def _totals(plan: DayPlan) -> DayTotals:
    routes = plan.routes.routes
    driving_s, walking_s = day_figures_of(plan)
    return DayTotals(
        id=plan.id,
        date=plan.date.isoformat(),
        network_id=plan.network.id,
        stage=plan.open_stage.name,
        season=plan.season.season,
        vehicles=len(routes),
        stops=sum(len(plan.at_points(route)) for route in routes),
        parcels_down=plan.handed_over(up=False)[0],
        parcels_up=plan.handed_over(up=True)[0],
        distance_m=sum(route.distance_m for route in routes),
        driving_s=driving_s,
        walking_s=walking_s,
        cost_yuan=round(plan.cost_yuan, 2),
        unassigned=len(plan.routes.unassigned),
    )
