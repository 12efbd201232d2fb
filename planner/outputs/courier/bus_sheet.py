"""The sheet for bus drivers and the terminal: what to load on which run, what to hand over where."""

from __future__ import annotations

from typing import Any

from planner.outputs.courier.courier_day import CourierDay, amounts
from planner.outputs.courier.route_page import asset
from planner.outputs.names import shown_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.ride_rows import feed_name
from planner.plans.day_rides import DayRides
from planner.plans.service_buses import CarryingTrip
from planner.service.buses import BusRide
from planner.words import figures, say, sentence, term

BUS_SHEET = "buses"


def bus_sheet(day: CourierDay, links: PageLinks) -> str:
    """Return the page; that of a day whose plan of the week has nothing on buses is never asked for.

    Raises
    ------
    ValueError
        If the day has none.
    """
    rides = day.plan.rides
    if rides is None:
        raise ValueError(day.plan.id)
    return page_template("bus_sheet.html").render(
        plan=day.plan,
        links=links,
        area=shown_name(day.plan.area),
        notice=notice_of_plan(day.plan),
        style=asset("courier.css"),
        page=BUS_SHEET,
        trips=[
            _trip(day, rides, trip)
            for trip in sorted(rides.trips, key=lambda one: (one.calls[0].departure_s, one.trip_id))
        ],
        kept_off=[
            {"name": day.names.get(one.stop_id, one.stop_id), "reason": sentence(one.fact, {})}
            for one in rides.kept_off
        ],
        cost=figures.yuan(rides.cost_yuan),
    )


def _trip(day: CourierDay, rides: DayRides, trip: CarryingTrip) -> dict[str, Any]:
    stops = {stop.id: feed_name(stop.name) for stop in rides.stops}
    mine = [ride for ride in rides.rides if ride.trip_id == trip.trip_id]
    return {
        "id": trip.trip_id,
        "line": feed_name(rides.lines[trip.line_id]),
        "to": feed_name(trip.headsign) or stops[trip.calls[-1].stop_id],
        "calls": [
            {
                "clock": figures.clock(call.departure_s),
                "stop": stops[call.stop_id],
                "on": [_said(day, ride, boards=True) for ride in mine if ride.board == number],
                "off": [_said(day, ride, boards=False) for ride in mine if ride.alight == number],
            }
            for number, call in enumerate(trip.calls)
            if any(number in (ride.board, ride.alight) for ride in mine)
        ],
    }


def _said(day: CourierDay, ride: BusRide, *, boards: bool) -> str:
    """Return what is put on or taken off for a point; at its stop also who brings it, and when."""
    form = {"point": day.names.get(ride.point_id, ride.point_id), "goods": amounts(ride.amount)}
    if ride.up is not boards:  # at the terminal
        return say("{point}: {goods}", **form)
    way = say("{kind}, {count} times", kind=term(ride.kind), count=ride.ways) if ride.ways > 1 else term(ride.kind)
    form |= {"way": way, "clock": figures.clock(ride.point_s)}
    if ride.up:
        return say("{point}: {goods}; {way}, leaves there {clock}", **form)
    return say("{point}: {goods}; {way}, there by {clock}", **form)
