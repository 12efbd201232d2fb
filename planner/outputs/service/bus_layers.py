"""Bus lines and stops of a service plan as map layers: in the GeoPackage, and on the map of the week."""

from __future__ import annotations

import math

import shapely

from planner.geodata.register import latin_name
from planner.outputs.geofiles import Feature, line_feature, point_feature
from planner.outputs.layer_styles import Comparison, Rule
from planner.outputs.maps import style
from planner.outputs.maps.layers import feature, popup
from planner.outputs.maps.page import Layer
from planner.outputs.names import spoken_name
from planner.plans.service_buses import BusService, ServedLine, ServedStop
from planner.plans.service_plan import ServicePlan
from planner.words import figures, language, say

LINES_LAYER, STOPS_LAYER = "bus_lines", "bus_stops"
_COLOUR = "#6b3f00"  # of no vehicle


def named(name: str) -> str:
    """Return a name of the feed, which has it in one language, as people can read it."""
    return name if language() == "zh" else latin_name(name)


def bus_features(plan: ServicePlan) -> dict[str, list[Feature]]:
    """Return lines and stops by layer; a line goes straight from stop to stop, for the plan keeps no way of buses."""
    service = plan.buses
    if service is None:
        return {}
    return {
        LINES_LAYER: [
            line_feature(
                _line(service, line),
                line_id=line.id,
                name=line.name,
                agency=line.agency,
                week_trips=sum(line.trips),
                week_parcels_down=_carried(plan, line.id, up=False),
                week_parcels_up=_carried(plan, line.id, up=True),
            )
            for line in service.lines
        ],
        STOPS_LAYER: [
            point_feature(
                stop.lon,
                stop.lat,
                stop_id=stop.id,
                name=stop.name,
                site_id=stop.site_id,
                way_m=stop.site_m,
                in_reach=bool(stop.site_id),
                terminal=stop.id in service.terminal_ids,
            )
            for stop in service.stops
        ],
    }


def bus_rules() -> dict[str, list[Rule]]:
    """Return how lines and stops are drawn: terminals larger, stops from which no point is in reach hollow."""
    terminal, stop = Comparison("terminal", "=", True), (Comparison("terminal", "=", False),)
    far, near = Comparison("in_reach", "=", False), Comparison("in_reach", "=", True)
    return {
        LINES_LAYER: [Rule(label=say("Bus lines with room for parcels"), edge=_COLOUR, width=0.5)],
        STOPS_LAYER: [
            Rule(label=say("Terminal"), tests=(terminal,), shape="star", fill=_COLOUR, size=5.0),
            Rule(label=say("Stop, no point in reach"), tests=(*stop, far), shape="circle", edge=_COLOUR, size=1.8),
            Rule(label=say("Stop of a point"), tests=(*stop, near), shape="circle", fill=_COLOUR, size=2.6),
        ],
    }


def bus_titles() -> dict[str, str]:
    """Return what the layers are called."""
    return {LINES_LAYER: say("Bus lines with room for parcels"), STOPS_LAYER: say("Bus stops")}


def bus_map_layers(plan: ServicePlan, question: str) -> list[Layer]:
    """Return lines and stops for the map of the week, to be switched on; nothing without buses."""
    service = plan.buses
    if service is None:
        return []
    drawn = {"color": _COLOUR, "weight": 2.5, "dashArray": style.STRAIGHT_DASH, "fill": False}
    lines = [
        feature(
            _line(service, line),
            style=drawn,
            tooltip=named(line.name),
            popup=popup(named(line.name), _rows(plan, line)),
        )
        for line in service.lines
    ]
    dot = {"color": _COLOUR, "weight": 2, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 4}
    stops = [
        feature(
            shapely.Point(stop.lon, stop.lat),
            style=dot,
            tooltip=named(stop.name),
            popup=popup(named(stop.name), _near(plan, stop)),
        )
        for stop in service.stops
    ]
    count = len(service.lines)
    name = say("Bus lines with room for parcels ({count})", count=count)
    symbol = style.line(_COLOUR, width=2.5, dash=style.STRAIGHT_DASH)
    return [Layer(question=question, name=name, symbol=symbol, features=[*lines, *stops], show=False)]


def _rows(plan: ServicePlan, line: ServedLine) -> list[tuple[str, str]]:
    down, up = (figures.number(_carried(plan, line.id, up=up)) for up in (False, True))
    return [
        (say("Operator"), named(line.agency)),
        (say("Runs a week with room"), figures.number(sum(line.trips))),
        (say("Parcels a week"), say("{down} down, {up} up", down=down, up=up)),
    ]


def _near(plan: ServicePlan, stop: ServedStop) -> list[tuple[str, str]]:
    """Return the point next to a stop, and how far it is."""
    if not stop.site_id:
        return [(say("Point in reach"), say("none"))]
    where = spoken_name(plan.area.site_by_id[stop.site_id])
    way = say("{place}, {distance}", place=where, distance=figures.kilometres(stop.site_m))
    return [(say("Point in reach"), way)]


def _line(service: BusService, line: ServedLine) -> shapely.LineString:
    at = {stop.id: (stop.lon, stop.lat) for stop in service.stops}
    return shapely.LineString([at[id_] for id_ in line.stop_ids])


def _carried(plan: ServicePlan, line_id: str, *, up: bool) -> int:
    """Return the parcels that a line carries in a week in a direction."""
    amounts = []
    for day in plan.days:
        lines = {trip.trip_id: trip.line_id for trip in day.buses.trips} if day.buses else {}
        rides = day.buses.rides if day.buses else ()
        amounts += [ride.amount[0] for ride in rides if ride.up == up and lines.get(ride.trip_id) == line_id]
    return round(math.fsum(amounts))
