"""What buses carry: what that saves on each weekday, a loading sheet for each trip, and why others carry nothing."""

from __future__ import annotations

import math
from typing import Any

from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.bus_layers import named
from planner.plans.service_buses import BusDay, BusService, CarryingTrip
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.service.buses import BusRide
from planner.words import figures, listed, say, sentence, term

BUS_PAGE = "buses"


def bus_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page; its links are relative to the plan's folder.

    Raises
    ------
    ValueError
        If the plan has no buses.
    """
    if plan.buses is None:
        raise ValueError(plan.id)
    return page_template("week_buses.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        page=BUS_PAGE,
        notice=notice_of_plan(plan),
        saved=bus_savings_text(plan),
        days=[_saving(day) for day in plan.days],
        sheets=[
            {"name": figures.weekday_name(day.weekday, "wide"), "trips": _trips(plan, plan.buses, day, day.buses)}
            for day in plan.days
            if day.buses is not None
        ],
        remarks=bus_remarks(plan.buses),
        lines=_lines(plan.buses),
        weekdays=[figures.weekday_name(day) for day in range(7)],
        source=_source(plan.buses),
    )


def bus_savings(plan: ServicePlan) -> tuple[float, float]:
    """Return the metres and yuan that a week saves by its buses."""
    days = [day for day in plan.days if day.buses is not None]
    metres = math.fsum(day.buses.without.distance_m - day.distance_m for day in days if day.buses is not None)
    yuan = math.fsum(day.buses.without.cost_yuan - day.cost_yuan for day in days if day.buses is not None)
    return metres, yuan


def bus_savings_text(plan: ServicePlan) -> str:
    """Return in a sentence what buses carry in a week and save, or that they carry nothing."""
    metres, yuan = bus_savings(plan)
    carrying = [day.buses for day in plan.days if day.buses is not None]
    if not carrying:
        return say("No parcel goes by bus.")
    return say(
        "A week, buses carry {down} down and {up} up; vans drive {distance} less and all of it costs {money} less.",
        down=figures.parcels(round(math.fsum(one.parcels(up=False) for one in carrying))),
        up=figures.parcels(round(math.fsum(one.parcels(up=True) for one in carrying))),
        distance=figures.kilometres(metres),
        money=figures.yuan(yuan),
    )


def _saving(day: ServiceDay) -> dict[str, Any]:
    """Return a weekday with buses and without; where they carry nothing both are the same."""
    found = {
        "name": figures.weekday_name(day.weekday, "wide"),
        "vehicles": figures.number(len(day.routes)),
        "distance": f"{day.distance_m / 1000:,.1f}",
        "yuan": figures.number(round(day.cost_yuan)),
        "down": "-",
        "up": "-",
        "before": "",
    }
    if day.buses is None:
        return found
    without = day.buses.without
    return {
        **found,
        "down": figures.number(round(day.buses.parcels(up=False))),
        "up": figures.number(round(day.buses.parcels(up=True))),
        "before": say(
            "{vehicles} vehicles, {distance}, {money}",
            vehicles=without.vehicles,
            distance=figures.kilometres(without.distance_m),
            money=figures.yuan(without.cost_yuan),
        ),
    }


def _trips(plan: ServicePlan, service: BusService, day: ServiceDay, buses: BusDay) -> list[dict[str, Any]]:
    lines = {line.id: line for line in service.lines}
    stops = {stop.id: named(stop.name) for stop in service.stops}
    points = _point_names(plan, day)
    found = []
    for trip in sorted(buses.trips, key=lambda one: (one.calls[0].departure_s, one.trip_id)):
        rides = [ride for ride in buses.rides if ride.trip_id == trip.trip_id]
        line = lines.get(trip.line_id)
        found.append(
            {
                "id": trip.trip_id,
                "line": named(line.name) if line else trip.line_id,
                "to": named(trip.headsign) or stops[trip.calls[-1].stop_id],
                "room": _room(trip),
                "calls": [
                    {
                        "clock": figures.clock(call.departure_s),
                        "stop": stops[call.stop_id],
                        "on": [_said(ride, points, on=True) for ride in rides if ride.board == number],
                        "off": [_said(ride, points, on=False) for ride in rides if ride.alight == number],
                        "load": _load(trip, number),
                    }
                    for number, call in enumerate(trip.calls)
                    if any(number in (ride.board, ride.alight) for ride in rides)
                ],
            }
        )
    return found


def _point_names(plan: ServicePlan, day: ServiceDay) -> dict[str, str]:
    names, sites = stop_names(plan.area, spoken_name), day.demand.site_of_stop
    return {stop_id: names[site_id] for stop_id, site_id in sites.items()}


def _said(ride: BusRide, points: dict[str, str], *, on: bool) -> str:
    """Return what is put on or taken off for a point; at its stop also who brings it, and when."""
    goods = say(
        "{parcels}, {amount}", parcels=figures.parcels(round(ride.amount[0])), amount=figures.kilograms(ride.amount[1])
    )
    if ride.up is not on:  # at the terminal
        return say("{point}: {goods}", point=points[ride.point_id], goods=goods)
    way = say("{kind}, {count} times", kind=term(ride.kind), count=ride.ways) if ride.ways > 1 else term(ride.kind)
    form = {"point": points[ride.point_id], "goods": goods, "way": way, "clock": figures.clock(ride.point_s)}
    if ride.up:
        return say("{point}: {goods}; {way}, leaves there {clock}", **form)
    return say("{point}: {goods}; {way}, there by {clock}", **form)


def _room(trip: CarryingTrip) -> str:
    parcels, kg, _ = trip.room
    parts = [figures.parcels(round(parcels))] if parcels is not None else []
    return listed([*parts, *([figures.kilograms(kg)] if kg is not None else [])])


def _load(trip: CarryingTrip, number: int) -> str:
    """Return how much is on board behind a call, of how much room."""
    if number >= len(trip.legs):
        return "-"
    load, room = trip.legs[number][0], trip.room[0]
    if room is None:
        return figures.number(round(load))
    return say("{load} of {room}", load=figures.number(round(load)), room=figures.number(round(room)))


def bus_remarks(service: BusService) -> list[str]:
    """Return why buses carry nothing or less, each reason once with its weekdays."""
    days: dict[str, list[str]] = {}
    for one in service.remarks:
        days.setdefault(sentence(one.fact, {}), []).append(
            figures.weekday_name(one.weekday) if one.weekday is not None else ""
        )
    return [
        say("{days}: {what}", days=listed(names), what=what) if any(names) else what for what, names in days.items()
    ]


def _lines(service: BusService) -> list[dict[str, Any]]:
    names = {stop.id: named(stop.name) for stop in service.stops}
    return [
        {
            "name": named(line.name),
            "agency": named(line.agency),
            "way": " → ".join(names[id_] for id_ in line.stop_ids),
            "trips": [figures.number(count) if count else "-" for count in line.trips],
        }
        for line in service.lines
    ]


def _source(service: BusService) -> str:
    said = say(
        "Timetable {feed} of {publisher}, room from {room}",
        feed=service.feed,
        publisher=named(service.publisher) or "-",
        room=service.room,
    )
    return say("{text}; the timetable is made up", text=said) if service.synthetic else said
