"""What buses carry on a day as rows: which trip, when and where goods change hands, whose they are, and who brings them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.geodata.register import latin_name
from planner.outputs.names import day_stop_names
from planner.plans import DayPlan
from planner.service.buses import BusRide
from planner.words import language, say, term


@dataclass(frozen=True, slots=True, kw_only=True)
class RideRow:
    """A ride as people read it; ``stop`` is where somebody goes on to the point or comes from it, ``leaves_s`` the bus's."""

    ride: BusRide
    bus: str
    stop: str
    leaves_s: float
    point: str
    brought_by: str


def feed_name(name: str) -> str:
    """Return a name of the feed, which has it in one language, as people can read it."""
    return name if language() == "zh" else latin_name(name)


def ride_rows(plan: DayPlan) -> list[RideRow]:
    """Return a row for each ride of a day in the order of their times; none where nothing goes by bus."""
    if plan.rides is None:
        return []
    names = day_stop_names(plan)
    trips = {trip.trip_id: trip for trip in plan.rides.trips}
    stops = {stop.id: feed_name(stop.name) for stop in plan.rides.stops}
    return [
        RideRow(
            ride=ride,
            bus=bus_name(plan, ride),
            stop=stops[trips[ride.trip_id].calls[ride.board if ride.up else ride.alight].stop_id],
            leaves_s=ride.board_s,
            point=names.get(ride.point_id, ride.point_id),
            brought_by=say("{kind}, {count} times", kind=term(ride.kind), count=ride.ways)
            if ride.ways > 1
            else term(ride.kind),
        )
        for ride in sorted(plan.rides.rides, key=lambda one: (one.board_s, one.trip_id, one.point_id, one.up))
    ]


def bus_name(plan: DayPlan, ride: BusRide) -> str:
    """Return what the bus of a ride is called: its line and the trip as the feed names it."""
    assert plan.rides is not None
    line = next(trip.line_id for trip in plan.rides.trips if trip.trip_id == ride.trip_id)
    return say("bus {line}, trip {trip}", line=feed_name(plan.rides.lines[line]), trip=ride.trip_id)


def ride_figures(rides: tuple[BusRide, ...]) -> Iterator[dict[str, Any]]:
    """Yield rides for programs; times are seconds of the day."""
    for ride in rides:
        yield {
            "trip_id": ride.trip_id,
            "point_id": ride.point_id,
            "up": ride.up,
            "parcels": ride.amount[0],
            "kg": ride.amount[1],
            "brought_by": ride.kind.value,
            "hub_s": ride.hub_s,
            "board_s": ride.board_s,
            "alight_s": ride.alight_s,
            "point_s": ride.point_s,
            "cost_yuan": round(ride.cost_yuan, 2),
        }
