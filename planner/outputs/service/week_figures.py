"""What every page, table and file says of a service plan in figures: of the week, of each weekday, of each route."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planner.outputs.route_figures import costs_in_parts
from planner.outputs.route_order import in_natural_order
from planner.plans.load_share import Room, fullest_share, room_in
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.routing import Route, Visit

_STATIONS, _BUSES = "", ":buses"
"""Beside vehicles' ids, of which none is like these, what else a day costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveFigures:
    """One route of a weekday; ``station_id`` is the station that it starts from, empty for the hub.

    ``stops`` counts calls at points, ``station_calls`` those that bring to a station or fetch there; parcels and kilograms
    are those of points. ``duty_s`` has the loading before the start, ``load_share`` is the fullest moment's. ``cost_yuan``
    is so rounded to the fen that a weekday's routes and stations add up to it.
    """

    route: Route
    station_id: str
    stops: int
    station_calls: int
    duty_s: float
    down: tuple[float, ...]
    up: tuple[float, ...]
    load_share: float
    cost_yuan: float


@dataclass(frozen=True, kw_only=True)
class WeekdayFigures:
    """One weekday; amounts are parcels, kg and m³.

    ``stations_yuan`` is paid for handling at stations, ``buses_yuan`` for what buses carry, beside the routes; both with the
    routes add up to the day to the fen. ``by_bus`` is what buses bring down and up, which no route has; ``runs_m`` is driven
    between hub and bus terminal. ``bus_only`` counts stops that no vehicle calls at, buses serve them.
    """

    weekday: int
    drives: tuple[DriveFigures, ...]
    stations_yuan: float
    buses_yuan: float
    by_bus: tuple[tuple[float, ...], tuple[float, ...]]
    runs_m: float
    cost_yuan: float
    missed: int
    bus_only: int

    @property
    def vehicles(self) -> int:
        """How many vehicles are out."""
        return len(self.drives)

    @property
    def stops(self) -> int:
        """How many calls at points there are."""
        return sum(one.stops for one in self.drives)

    @property
    def distance_m(self) -> float:
        """How far vehicles drive."""
        return math.fsum((*(one.route.distance_m for one in self.drives), self.runs_m))

    @property
    def duty_s(self) -> float:
        """How long vehicles are on duty, all together."""
        return math.fsum(one.duty_s for one in self.drives)

    @cached_property
    def down(self) -> tuple[float, ...]:
        """What is brought to points, by bus included."""
        return _sums([*(one.down for one in self.drives), self.by_bus[0]])

    @cached_property
    def up(self) -> tuple[float, ...]:
        """What is fetched there, by bus included."""
        return _sums([*(one.up for one in self.drives), self.by_bus[1]])


@dataclass(frozen=True, kw_only=True)
class WeekFigures:
    """The week: its weekdays with routes, and their sums."""

    days: tuple[WeekdayFigures, ...]
    points: int
    visits: int
    vehicles: Mapping[str, int]
    year_yuan: float

    @property
    def stops(self) -> int:
        """How many calls at points there are."""
        return sum(one.stops for one in self.days)

    @property
    def distance_m(self) -> float:
        """How far vehicles drive."""
        return math.fsum(one.distance_m for one in self.days)

    @property
    def duty_s(self) -> float:
        """How long vehicles are on duty, all together."""
        return math.fsum(one.duty_s for one in self.days)

    @property
    def down(self) -> tuple[float, ...]:
        """What is brought to points."""
        return _sums(one.down for one in self.days)

    @property
    def up(self) -> tuple[float, ...]:
        """What is fetched there."""
        return _sums(one.up for one in self.days)

    @property
    def cost_yuan(self) -> float:
        """What the week costs."""
        return math.fsum(one.cost_yuan for one in self.days)

    @property
    def missed(self) -> int:
        """How many calls at points cannot be made."""
        return sum(one.missed for one in self.days)

    @property
    def bus_only(self) -> int:
        """At how many stops nothing but buses calls."""
        return sum(one.bus_only for one in self.days)

    @property
    def parcels(self) -> int:
        """How many parcels are brought."""
        return round(self.down[0])

    @property
    def parcel_yuan(self) -> float | None:
        """What the week costs for each parcel brought, None if none is."""
        return self.cost_yuan / self.parcels if self.parcels else None

    @cached_property
    def day_of(self) -> dict[int, WeekdayFigures]:
        """The weekdays by their number, 0 for Monday."""
        return {one.weekday: one for one in self.days}

    def fen(self) -> dict[int, float]:
        """Return what each weekday costs to the fen, so rounded that they add up to the week as it is rounded."""
        costs = {one.weekday: one.cost_yuan for one in self.days}
        return costs_in_parts(costs, self.cost_yuan)

    def whole_yuan(self) -> dict[int, float]:
        """Return what each weekday costs in whole yuan, so rounded that they add up to the week as it is rounded."""
        costs = {one.weekday: one.cost_yuan for one in self.days}
        return costs_in_parts(costs, self.cost_yuan, 0)


def week_figures(plan: ServicePlan) -> WeekFigures:
    """Return the figures of a service plan; points are those that have a weekday."""
    return WeekFigures(
        days=tuple(_weekday(plan, day) for day in sorted(plan.days, key=lambda one: one.weekday)),
        points=sum(1 for point in plan.points if point.pattern),
        visits=sum(point.visits for point in plan.points),
        vehicles=plan.fleet,
        year_yuan=plan.year_yuan,
    )


def _weekday(plan: ServicePlan, day: ServiceDay) -> WeekdayFigures:
    sent = {one.id for one in day.tiers.consignments}
    kinds = kinds_of_vehicles(plan)
    routes = list(routes_with_station(day))
    costs = {route.vehicle_id: route.cost_yuan for route, _ in routes}
    buses_yuan = day.buses.total_yuan if day.buses else 0.0
    shown = costs_in_parts({**costs, _STATIONS: day.tiers.cost.stations_yuan, _BUSES: buses_yuan}, day.cost_yuan)
    return WeekdayFigures(
        weekday=day.weekday,
        drives=tuple(
            _drive(route, station_id, kinds[route.vehicle_type_id], sent, shown[route.vehicle_id])
            for route, station_id in routes
        ),
        stations_yuan=shown[_STATIONS],
        buses_yuan=shown[_BUSES],
        by_bus=_by_bus(day),
        runs_m=day.buses.runs_m if day.buses else 0.0,
        cost_yuan=day.cost_yuan,
        missed=len(day.tiers.missed),
        bus_only=_bus_only(day),
    )


def _by_bus(day: ServiceDay) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what buses bring down and up."""
    rides = day.buses.rides if day.buses else ()
    return _sums(ride.amount for ride in rides if not ride.up), _sums(ride.amount for ride in rides if ride.up)


def _bus_only(day: ServiceDay) -> int:
    """Return at how many stops nothing but buses calls."""
    called = {visit.stop_id for route in day.routes for visit in route.visits}
    return len({ride.point_id for ride in day.buses.rides} - called) if day.buses else 0


def routes_with_station(day: ServiceDay) -> Iterator[tuple[Route, str]]:
    """Yield each route of a weekday with the station that it starts from, empty for the hub: the hub's, then by station."""
    for route in in_natural_order(day.tiers.hub_plan.routes):
        yield route, ""
    for station_id, plan in sorted(day.tiers.station_plans, key=lambda one: one[0]):
        for route in in_natural_order(plan.routes):
            yield route, station_id


def kinds_of_vehicles(plan: ServicePlan) -> dict[str, dict[str, Any]]:
    """Return what the configuration says of each type of vehicle, by its id: the hub's, and those of each station used."""
    kinds = {one["id"]: one for one in plan.config["routing"]["vehicles"]}
    at_stations = (plan.config["service"].get("stations") or {}).get("vehicles", ())
    return kinds | {f"{one['id']}-{id_}": one for id_ in stations_used(plan) for one in at_stations}


def stations_used(plan: ServicePlan) -> tuple[str, ...]:
    """Return the stations that routes start from on any weekday, by id."""
    return tuple(sorted({id_ for day in plan.days for id_, _ in day.tiers.station_plans}))


def _drive(route: Route, station_id: str, kind: Mapping[str, Any], sent: set[str], cost_yuan: float) -> DriveFigures:
    at_points: list[Visit] = [visit for visit in route.visits if visit.stop_id not in sent]
    room: Room = room_in(kind)
    return DriveFigures(
        route=route,
        station_id=station_id,
        stops=len(at_points),
        station_calls=len(route.visits) - len(at_points),
        duty_s=route.end_s - route.start_s + float(kind.get("loading_duration_s", 0.0)),
        down=_sums(visit.delivered for visit in at_points),
        up=_sums(visit.picked_up for visit in at_points),
        load_share=fullest_share(route, room),
        cost_yuan=cost_yuan,
    )


def _sums(amounts: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """Return the sums by dimension: parcels, kg, m³."""
    found = list(amounts)
    return tuple(math.fsum(column) for column in zip(*found, strict=True)) if found else (0.0, 0.0, 0.0)
