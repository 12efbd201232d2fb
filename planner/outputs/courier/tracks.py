"""A route for navigation devices and maps: GPX 1.1, KML 2.2 and GeoJSON, all in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

import gpxpy.gpx

from planner.outputs.courier.courier_day import CourierDay, CourierLeg, amounts
from planner.outputs.day_page import season_text
from planner.outputs.geofiles import route_collection
from planner.outputs.names import shown_name
from planner.outputs.notice import notice_of_plan
from planner.routing import Route
from planner.words import render, say, term
from planner.writing import visible

_KML = "http://www.opengis.net/kml/2.2"


def route_gpx(day: CourierDay, route: Route) -> str:
    """Return the route as GPX 1.1: waypoints for stops and reloads, one track with a segment for each leg."""
    document = gpxpy.gpx.GPX()
    document.creator = "rural-service-planner"
    document.name = _title(day, route)
    # gpxpy writes this one attribute as it is, so it is escaped here
    document.copyright_author = escape(say("; ").join(render(part) for part in day.plan.area.attributions), quote=True)
    document.description = _description(day)
    for leg in _stops(day, route):
        point = gpxpy.gpx.GPXWaypoint(round(leg.site.lat, 6), round(leg.site.lon, 6), name=_called(leg))
        point.description = _told(day, leg)
        document.waypoints.append(point)
    track = gpxpy.gpx.GPXTrack(name=route.vehicle_id)
    for path in day.paths[route.vehicle_id]:
        points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in path.coordinates]
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    document.tracks.append(track)
    return str(document.to_xml(version="1.1"))


def route_kml(day: CourierDay, route: Route) -> str:
    """Return the route as KML 2.2: a folder with a placemark for each stop and reload, and one line for all legs."""
    root = ElementTree.Element("kml", xmlns=_KML)
    document = ElementTree.SubElement(root, "Document")
    _texts(document, _title(day, route), _description(day))
    style = ElementTree.SubElement(document, "Style", id="way")
    line = ElementTree.SubElement(style, "LineStyle")
    ElementTree.SubElement(line, "color").text = "ffb27200"  # alpha, blue, green, red
    ElementTree.SubElement(line, "width").text = "4"
    for leg in _stops(day, route):
        mark = ElementTree.SubElement(document, "Placemark")
        _texts(mark, _called(leg), _told(day, leg))
        point = ElementTree.SubElement(mark, "Point")
        ElementTree.SubElement(point, "coordinates").text = f"{leg.site.lon:.6f},{leg.site.lat:.6f}"
    way = ElementTree.SubElement(document, "Placemark")
    _texts(way, route.vehicle_id, "")
    ElementTree.SubElement(way, "styleUrl").text = "#way"
    lines = ElementTree.SubElement(way, "MultiGeometry")
    for path in day.paths[route.vehicle_id]:
        coordinates = path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2
        drawn = ElementTree.SubElement(lines, "LineString")
        ElementTree.SubElement(drawn, "tessellate").text = "1"
        ElementTree.SubElement(drawn, "coordinates").text = " ".join(f"{x:.6f},{y:.6f}" for x, y in coordinates)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def route_geojson(day: CourierDay, route: Route) -> str:
    """Return legs, stops and reloads of the route as GeoJSON text."""
    return json.dumps(route_collection(day.plan, route), ensure_ascii=False, separators=(",", ":")) + "\n"


def _stops(day: CourierDay, route: Route) -> Iterator[CourierLeg]:
    """Yield the lines of stops and of depots where the vehicle unloads and loads again on the way."""
    return (leg for leg in day.legs(route) if leg.call is not None)


def _called(leg: CourierLeg) -> str:
    """Return the number and name of a stop, the name with what is done there of a depot."""
    return f"{leg.number} {leg.name}" if leg.visit else say("{what}: {text}", what=leg.name, text=leg.what)


def _title(day: CourierDay, route: Route) -> str:
    return f"{shown_name(day.plan.area)} {day.plan.date.isoformat()} {route.vehicle_id}"


def _description(day: CourierDay) -> str:
    said = (
        say("Day plan {id}", id=day.plan.id),
        season_text(day.plan),
        notice_of_plan(day.plan).text,
        term("internal_use"),
    )
    return say("; ").join(filter(None, said))


def _told(day: CourierDay, leg: CourierLeg) -> str:
    """Return times, amounts and the way to a stop; of a depot what the vehicle carries away."""
    if leg.visit and leg.visit.stop_id in day.plan.calls:
        moved = ""  # the name says it
    elif leg.visit:
        moved = f"↓ {amounts(leg.visit.delivered)} ↑ {amounts(leg.visit.picked_up)}"
    else:
        moved = f"↓ {amounts(leg.call.load_after)}" if leg.call else ""
    parts = list(filter(None, (f"{leg.arrival}–{leg.departure}", moved)))
    return " ".join([*parts, f"({leg.way})"] if leg.links else parts)


def _texts(element: ElementTree.Element, name: str, description: str) -> None:
    ElementTree.SubElement(element, "name").text = visible(name)
    if description:
        ElementTree.SubElement(element, "description").text = visible(description)
