"""A day as couriers are told it: what is worked out once for all files, in the language that is spoken then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.model import CoordinateSource, Site, Text, Walk
from planner.outputs.courier.navigation import NavigationLink, lies_in_china, navigation_links
from planner.outputs.fleet_names import FleetNames
from planner.outputs.leg_loads import loaded_in_all
from planner.outputs.names import day_stop_names
from planner.outputs.order_lines import asked_of_stop
from planner.outputs.route_figures import RouteFigures, route_figures, way_text
from planner.outputs.route_order import in_natural_order
from planner.outputs.stop_goods import StopGoods
from planner.plans import DayPlan, LegPath
from planner.plans.courier_report import fleet_ids
from planner.plans.under_way import SettledAs, SettledStop
from planner.routing import Pause, Reload, Route, Visit
from planner.words import figures, render, say, term

_WORTH_SAYING_S = 60.0
"""A shorter wait is no news to a courier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierLeg:
    """One line of the courier's page: where to, when, what, and how to be led there (no links where a route starts).

    ``number`` counts the stops as the map does; None for a reload. ``what`` says what happens where it is no stop, ``watch``
    what to watch for on the way and there, ``lots`` what produce is collected.
    """

    number: int | None
    site: Site
    name: str
    call: Visit | Reload | None
    arrival: str
    departure: str
    distance_m: float
    driving_s: float
    walk: Walk | None
    what: str
    watch: tuple[str, ...]
    lots: tuple[str, ...]
    links: tuple[NavigationLink, ...]

    @property
    def visit(self) -> Visit | None:
        """What is delivered and collected here; None at depots."""
        return self.call if isinstance(self.call, Visit) else None

    @property
    def way(self) -> str:
        """The way here, as people read it."""
        return way_text(self.distance_m, self.driving_s, self.walk)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleName:
    """What one vehicle is called: ``id`` is its key in every file, ``title`` its type's name and number.

    Name and plate, which only couriers' files say, may be empty.
    """

    id: str
    title: str
    name: str
    plate: str

    @property
    def shown(self) -> str:
        """Name and plate, or its type and number where it has neither."""
        return " ".join(filter(None, (self.name, self.plate))) or self.title


@dataclass(frozen=True, kw_only=True)
class CourierDay:
    """A day plan with what its couriers' files share; ``of`` makes one in the spoken language.

    ``paths`` and ``walks`` are those of a vehicle's legs in driving order.
    """

    plan: DayPlan
    routes: tuple[Route, ...]
    names: Mapping[str, str]
    vehicles: Mapping[str, VehicleName]
    paths: Mapping[str, Sequence[LegPath]]
    walks: Mapping[str, Sequence[Walk | None]]
    figures: Mapping[str, RouteFigures]
    china: bool

    @classmethod
    def of(cls, plan: DayPlan) -> CourierDay:
        """Return the day with its vehicles in natural order."""
        paths: dict[str, Sequence[LegPath]] = {}
        walks: dict[str, Sequence[Walk | None]] = {}
        before = 0
        for route in plan.routes.routes:
            legs = slice(before, before + len(route.legs()))
            paths[route.vehicle_id] = plan.paths[legs]
            walks[route.vehicle_id] = plan.walks[legs] or [None] * (legs.stop - before)
            before = legs.stop
        return cls(
            plan=plan,
            routes=tuple(in_natural_order(plan.routes.routes)),
            names=day_stop_names(plan),
            vehicles={route.vehicle_id: vehicle_name(plan, route.vehicle_id) for route in plan.routes.routes},
            paths=paths,
            walks=walks,
            figures={route.vehicle_id: route_figures(plan, route) for route in plan.routes.routes},
            china=lies_in_china(plan.area),
        )

    def settled_by(self, vehicle_id: str) -> list[SettledStop]:
        """Return what couriers have told of a vehicle's stops when the plan was made in the course of the day."""
        settled = self.plan.under_way.settled if self.plan.under_way else ()
        return [
            one
            for one in settled
            if one.vehicle_id == vehicle_id and one.reported and one.settled in (SettledAs.DONE, SettledAs.FAILED)
        ]

    @cached_property
    def goods(self) -> StopGoods:
        """What is collected at each stop, and what its orders ask for."""
        return StopGoods(self.plan)

    @property
    def called(self) -> dict[str, str]:
        """What each vehicle of the fleet is called, by its id."""
        return {id_: vehicle_name(self.plan, id_).shown for id_ in fleet_ids(self.plan)}

    def legs(self, route: Route) -> list[CourierLeg]:
        """Return the lines of a route's page in driving order."""
        numbers = {visit.stop_id: number for number, visit in enumerate(route.visits, start=1)}
        first = [self._start(route)] if route.open_start else []
        lines = zip(route.legs(), self.walks[route.vehicle_id], strict=True)
        return first + [
            CourierLeg(
                number=_number(leg.call, numbers),
                site=(site := self.plan.site_by_id[leg.destination_id]),
                name=self.names[leg.destination_id],
                call=leg.call,
                arrival=figures.clock(leg.call.arrival_s if leg.call else route.end_s),
                departure=figures.clock(leg.call.departure_s) if leg.call else "",
                distance_m=leg.distance_m,
                driving_s=leg.driving_s,
                walk=walk,
                what=_what(leg.call),
                watch=tuple(self._watch(site, leg.call, [one for one in route.pauses if one.after == before])),
                lots=tuple(self.goods.lots(route, leg.call, site.id)) if isinstance(leg.call, Visit) else (),
                links=navigation_links(self.plan.site_by_id[leg.origin_id], site, china=self.china),
            )
            for before, (leg, walk) in enumerate(lines, start=len(first))
        ]

    def _start(self, route: Route) -> CourierLeg:
        """Return the line of the stop at which a route begins."""
        visit = route.visits[0]
        site = self.plan.site_by_id[visit.stop_id]
        return CourierLeg(
            number=1,
            site=site,
            name=self.names[visit.stop_id],
            call=visit,
            arrival=figures.clock(visit.arrival_s),
            departure=figures.clock(visit.departure_s),
            distance_m=0.0,
            driving_s=0.0,
            walk=None,
            what="",
            watch=tuple(self._watch(site, visit, [one for one in route.pauses if one.after == 0])),
            lots=tuple(self.goods.lots(route, visit, site.id)),
            links=(),
        )

    def _watch(self, site: Site, call: Visit | Reload | None, pauses: Sequence[Pause]) -> Iterator[str]:
        """Yield what a courier has to watch for on the way to a place and there."""
        yield from _watch(site, call, pauses)
        if isinstance(call, Visit):
            yield from asked_of_stop(self.plan, call.stop_id)


def vehicle_name(plan: DayPlan, vehicle_id: str) -> VehicleName:
    """Return what the configuration calls a vehicle: that of its number among those of its type, if it has them."""
    kind, _, number = vehicle_id.rpartition("-")
    units = next((one.get("units", ()) for one in plan.config["routing"]["vehicles"] if one["id"] == kind), ())
    unit = units[int(number) - 1] if number.isdecimal() and 1 <= int(number) <= len(units) else {}
    return VehicleName(
        id=vehicle_id,
        title=FleetNames.of(plan).called(vehicle_id),
        name=render(Text.of(unit.get("name", ""))),
        plate=unit.get("plate", ""),
    )


def amounts(loads: Sequence[float]) -> str:
    """Return parcels and kilograms."""
    return say("{parcels} parcels, {kg} kg", parcels=f"{loads[0]:,.0f}", kg=f"{loads[1]:,.1f}")


def amounts_and_room(loads: Sequence[float]) -> str:
    """Return parcels, kilograms and cubic metres."""
    return say("{amounts}, {volume} m³", amounts=amounts(loads), volume=f"{loads[2]:.2f}")


def to_load(route: Route) -> str:
    """Return what is loaded for a route over all its trips, and in how many where there are several."""
    load = amounts_and_room(loaded_in_all(route))
    return say("{load} in {count} trips", load=load, count=len(route.reloads) + 1) if route.reloads else load


def _number(call: Visit | Reload | None, numbers: Mapping[str, int]) -> int | None:
    if call is None:
        return len(numbers) + 1
    return numbers[call.stop_id] if isinstance(call, Visit) else None


def _what(call: Visit | Reload | None) -> str:
    if call is None:
        return say("end of the route")
    return "" if isinstance(call, Visit) else say("unload and load again")


def _watch(site: Site, call: Visit | Reload | None, pauses: Sequence[Pause]) -> Iterator[str]:
    """Yield what a courier has to watch for on the way to a place and there."""
    for pause in pauses:
        yield say(
            "{what} {start}–{end}",
            what=term(pause.kind),
            start=figures.clock(pause.start_s),
            end=figures.clock(pause.end_s),
        )
    if isinstance(call, Visit) and call.service_start_s - call.arrival_s - call.setup_s >= _WORTH_SAYING_S:
        yield say("Opens at {clock}: wait", clock=figures.clock(call.service_start_s))
    if site.coordinate_source is CoordinateSource.GEOCODED:
        yield say("Position looked up by name only: ask on the spot")
    if site.coordinate_source is CoordinateSource.TOWNSHIP_SEAT:
        yield say("Position unknown, the township's seat is shown: ask on the spot")
