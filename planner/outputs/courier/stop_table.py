"""Tables for couriers and for who loads: CSV in UTF-8 with a mark, as Excel and WPS expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from planner.outputs.courier.courier_day import CourierDay
from planner.outputs.day_page import season_text
from planner.outputs.notice import notice_of_plan
from planner.outputs.order_lines import figures_mark
from planner.outputs.route_figures import leg_parts
from planner.routing import Route, Visit
from planner.units import shown_minutes
from planner.words import say, term
from planner.writing import csv_text


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedStop:
    """What is put on a vehicle for one stop, by parcels, kg and m³; ``order`` is the turn in loading, from 1 a ``trip``."""

    trip: int
    order: int
    number: int
    name: str
    load: tuple[float, ...]


def loading_list(day: CourierDay, route: Route) -> list[LoadedStop]:
    """Return what is loaded for each trip, the last stop first: what is put in first comes out last."""
    stops: list[tuple[int, int, Visit]] = []
    trip = number = 0
    for call in route.calls():
        if isinstance(call, Visit):
            number += 1
            stops.append((trip, number, call))
        else:
            trip += 1
    rows = []
    for trip, group in groupby(stops, key=lambda stop: stop[0]):
        brought = [(number, visit) for _, number, visit in group if any(visit.delivered)]
        rows += [
            LoadedStop(
                trip=trip + 1, order=order, number=number, name=day.names[visit.stop_id], load=tuple(visit.delivered)
            )
            for order, (number, visit) in enumerate(reversed(brought), start=1)
        ]
    return rows


def route_csv(day: CourierDay, route: Route) -> bytes:
    """Return the stops in driving order; the last line is the way back, if any."""
    headings = [
        *(say("No."), say("Site code"), say("Name"), say("Arrival"), say("Departure")),
        *(say("Leg (km)"), say("Driving (min)"), say("Walking (min)")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)")),
        *(say("Longitude"), say("Latitude"), say("Source of the position"), say("Day plan"), say("Caution")),
        *([say("Basis of the parcels")] if day.plan.demand.orders else []),
        *(say("Produce to collect"), say("Cold chain"), say("Times asked for")),
    ]
    rows = []
    caution = _caution(day)

    def asked(visit: Visit | None) -> tuple[str, str]:
        return ("", "") if visit is None else (day.goods.cold(visit.stop_id), day.goods.window(visit.stop_id))

    for leg in day.legs(route):
        visit = leg.visit
        driving_s, walking_s = leg_parts(leg.driving_s, leg.walk)
        counts = visit is not None and visit.stop_id not in day.plan.calls  # of a call its name says what is moved
        down, up = (visit.delivered, visit.picked_up) if visit and counts else ((0.0, 0.0), (0.0, 0.0))
        rows.append(
            [
                *(leg.number, leg.site.id, leg.name, leg.arrival, leg.departure),
                *(
                    f"{leg.distance_m / 1000:.2f}",
                    f"{shown_minutes(driving_s):.1f}",
                    "" if walking_s is None else f"{shown_minutes(walking_s):.1f}",
                    f"{down[0]:.0f}",
                    f"{down[1]:.1f}",
                ),
                *(f"{up[0]:.0f}", f"{up[1]:.1f}", f"{leg.site.lon:.6f}", f"{leg.site.lat:.6f}"),
                *(term(leg.site.coordinate_source), day.plan.id, caution),
                *([figures_mark(day.plan, visit.stop_id) if visit else ""] if day.plan.demand.orders else []),
                *(say("; ").join(leg.lots), *asked(visit)),
            ]
        )
    return csv_text(headings, rows).encode("utf-8-sig")


def loading_csv(day: CourierDay) -> bytes:
    """Return the loading list of every vehicle, one after the other."""
    headings = [
        *(say("Vehicle"), say("Name"), say("Plate"), say("Trip"), say("Load as number"), say("Stop no."), say("Stop")),
        *(say("Parcels down"), say("Down (kg)"), say("Down (m³)"), say("Day plan"), say("Caution")),
    ]
    caution = _caution(day)
    rows: list[Sequence[object]] = []
    for route in day.routes:
        vehicle = day.vehicles[route.vehicle_id]
        rows += [
            [
                *(vehicle.id, vehicle.name, vehicle.plate, one.trip, one.order, one.number, one.name),
                *(f"{one.load[0]:.0f}", f"{one.load[1]:.1f}", f"{one.load[2]:.2f}", day.plan.id, caution),
            ]
            for one in loading_list(day, route)
        ]
    return csv_text(headings, rows).encode("utf-8-sig")


def _caution(day: CourierDay) -> str:
    return say("; ").join(filter(None, (season_text(day.plan), notice_of_plan(day.plan).text)))
