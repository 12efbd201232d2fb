"""What every table of a day says of a route: driving and walking apart, hours on duty, how full it is, money a parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from planner.coverage.appraise import apportion
from planner.model import Walk
from planner.plans import DayPlan, LegPath
from planner.plans.load_share import fullest_share, vehicle_room
from planner.routing import Route
from planner.words import figures, say

_STATIONS, _BUSES = ":stations", ":buses"
"""Keys of what is paid beside routes: no id of a vehicle has a colon."""

_Part = TypeVar("_Part")
_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFigures:
    """One route in figures; walking is None in plans of before, whose driving and distance have it.

    ``loading_s`` is the time at the depot before the start, ``duty_s`` has it; ``load_share`` is the fullest moment's, by
    weight, volume or parcels, whichever is more. ``cost_yuan`` is as `shown_costs` has it, to the fen. Nothing is delivered
    where ``parcel_yuan`` is None, or the route brings parcels to stations as well.
    """

    distance_m: float
    driving_s: float
    walking_s: float | None
    walking_m: float | None
    loading_s: float
    duty_s: float
    load_share: float
    cost_yuan: float
    parcel_yuan: float | None

    @property
    def walking(self) -> str:
        """Minutes on foot, as people read them."""
        return "-" if self.walking_s is None else figures.minutes(self.walking_s)


def route_figures(plan: DayPlan, route: Route) -> RouteFigures:
    """Return the figures of one route of a plan."""
    walks = [walk for walk in walks_of(plan, route) if walk is not None]
    vehicle = vehicle_of(plan, route)
    over = len(plan.at_points(route)) < len(route.visits)
    walking_s = sum(walk.seconds for walk in walks) if walks else None
    parcels = 0.0 if over else sum(visit.delivered[0] for visit in route.visits)
    loading_s = float(vehicle.get("loading_duration_s", 0.0))
    return RouteFigures(
        distance_m=route.distance_m,
        driving_s=max(0.0, route.driving_s - (walking_s or 0.0)),
        walking_s=walking_s,
        walking_m=sum(walk.metres for walk in walks) if walks else None,
        loading_s=loading_s,
        duty_s=route.end_s - route.start_s + loading_s,
        load_share=fullest_share(route, vehicle_room(plan)[route.vehicle_type_id]),
        cost_yuan=shown_costs(plan)[route.vehicle_id],
        parcel_yuan=route.cost_yuan / parcels if parcels else None,
    )


def shown_costs(plan: DayPlan, digits: int = 2) -> dict[str, float]:
    """Return what each route costs in yuan by its vehicle, so rounded that the sum is the day's cost as it is rounded.

    Rounded one by one, routes would add up to some fen (some yuan without ``digits``) more or less than the day. What the
    day costs beside routes (`beside_routes`) belongs to that sum.
    """
    parts = _parts(plan, digits)
    return {route.vehicle_id: parts[route.vehicle_id] for route in plan.routes.routes}


def beside_routes(plan: DayPlan, digits: int = 2) -> dict[str, float]:
    """Return what ``stations`` and ``buses`` are paid in yuan, those that the day has, rounded as `shown_costs` are."""
    parts = _parts(plan, digits)
    there = (("stations", _STATIONS, plan.transfers), ("buses", _BUSES, plan.rides))
    return {name: parts[key] for name, key, part in there if part is not None}


def beside_routes_words() -> dict[str, str]:
    """Return what tables call the parts of `beside_routes`."""
    return {"stations": say("Handling at stations"), "buses": say("Rural buses")}


def _parts(plan: DayPlan, digits: int) -> dict[str, float]:
    costs = {route.vehicle_id: route.cost_yuan for route in plan.routes.routes}
    if plan.transfers is not None:
        costs[_STATIONS] = plan.stations_yuan
    if plan.rides is not None:
        costs[_BUSES] = plan.rides.cost_yuan
    return costs_in_parts(costs, plan.cost_yuan, digits)


def costs_in_parts(costs: Mapping[_Key, float], total_yuan: float, digits: int = 2) -> dict[_Key, float]:
    """Return costs by their keys, so rounded that their sum is ``total_yuan`` as it is rounded."""
    exact = {key: Fraction(cost) for key, cost in costs.items()}
    total, unit = sum(exact.values()), 10**digits
    if not total:
        return dict.fromkeys(costs, 0.0)
    parts = apportion(round(round(total_yuan, digits) * unit), [cost / total for cost in exact.values()])
    return {key: part / unit for key, part in zip(costs, parts, strict=True)}


def day_figures_of(plan: DayPlan) -> tuple[float, float | None]:
    """Return seconds of driving and on foot of all routes; on foot is None in plans of before."""
    each = [route_figures(plan, route) for route in plan.routes.routes]
    walked = [one.walking_s for one in each if one.walking_s is not None]
    return sum(one.driving_s for one in each), sum(walked) if len(walked) == len(each) else None


def vehicle_of(plan: DayPlan, route: Route) -> dict[str, Any]:
    """Return what the plan's configuration says of the vehicle of a route."""
    fleet: list[dict[str, Any]] = plan.config["routing"]["vehicles"]
    return next(vehicle for vehicle in fleet if vehicle["id"] == route.vehicle_type_id)


def paths_of(plan: DayPlan, route: Route) -> Sequence[LegPath]:
    """Return the ways of one route's legs, in driving order."""
    return _of_route(plan, route, plan.paths)


def walks_of(plan: DayPlan, route: Route) -> Sequence[Walk | None]:
    """Return what of each leg of one route is on foot, in driving order; None for each in plans of before."""
    return _of_route(plan, route, plan.walks) if plan.walks else [None] * len(route.legs())


def _of_route(plan: DayPlan, route: Route, parts: Sequence[_Part]) -> Sequence[_Part]:
    before = 0
    for other in plan.routes.routes:
        count = len(other.legs())
        if other.vehicle_id == route.vehicle_id:
            return parts[before : before + count]
        before += count
    raise KeyError(route.vehicle_id)


def leg_parts(driving_s: float, walk: Walk | None) -> tuple[float, float | None]:
    """Return the seconds of driving and on foot of a leg that takes so long, on foot None where it is not known."""
    return (driving_s, None) if walk is None else (max(0.0, driving_s - walk.seconds), walk.seconds)


def way_text(distance_m: float, driving_s: float, walk: Walk | None) -> str:
    """Return kilometres, minutes of driving and, where there are any, on foot, as people read them."""
    driving, walking = leg_parts(driving_s, walk)
    said = f"{figures.kilometres(distance_m)} · {figures.minutes(driving)}"
    return f"{said} · {say('{minutes} on foot', minutes=figures.minutes(walking))}" if walking else said
