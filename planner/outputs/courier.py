"""What a courier takes along: one page, one GPX track, one CSV and one GeoJSON for each route; no personal data in any.

The page needs no network and prints on A4; its navigation links carry GCJ-02, which Amap expects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote

import gpxpy.gpx
import numpy as np
import segno

from planner.config import Datum
from planner.geodata.datum import from_wgs84
from planner.model import CoordinateSource, Site, Walk
from planner.outputs.day_page import season_text
from planner.outputs.geofiles import route_collection
from planner.outputs.names import shown_name, stop_names
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.route_figures import leg_parts, paths_of, route_figures, walks_of, way_text
from planner.plans import DayPlan
from planner.routing import Pause, Reload, Route, Visit
from planner.units import shown_minutes
from planner.words import LANGUAGES, figures, render, say, speaking, term
from planner.writing import csv_text

_WORTH_SAYING_S = 60.0
"""A shorter wait is no news to a courier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """One line of the courier's page: where to, when, what, and how to be led there (empty where a route starts).

    ``number`` counts the stops as the map does; None for a reload. ``what`` says what happens where it is no stop, ``watch``
    what to watch for on the way and there.
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
    link: str
    qr: str

    @property
    def visit(self) -> Visit | None:
        """What is delivered and collected here; None at depots."""
        return self.call if isinstance(self.call, Visit) else None

    @property
    def way(self) -> str:
        """The way here, as people read it."""
        return way_text(self.distance_m, self.driving_s, self.walk)


@lru_cache(maxsize=1024)  # a route's page is written once a language, with the same codes
def _qr(link: str) -> str:
    """Return the QR code of a link as inline SVG."""
    return str(segno.make(link, error="l").svg_inline(scale=2, border=2, omitsize=True, svgclass="qr", lineclass=None))


def navigation_link(origin: Site, destination: Site) -> str:
    """Return the Amap link that leads from one site to another; coordinates are turned into GCJ-02.

    See https://lbs.amap.com/api/uri-api/guide/travel/route
    """
    lons, lats = from_wgs84(
        np.array([origin.lon, destination.lon]), np.array([origin.lat, destination.lat]), Datum.GCJ02
    )
    ends = [
        f"{lon:.6f},{lat:.6f},{quote(s.name)}" for lon, lat, s in zip(lons, lats, (origin, destination), strict=True)
    ]
    return f"https://uri.amap.com/navigation?from={ends[0]}&to={ends[1]}&mode=car&coordinate=gaode&src=planner"


def route_page(plan: DayPlan, route: Route, links: PageLinks) -> str:
    """Return the page of one route: stops in order with times, parcels and produce, a link and a QR code for each leg."""
    up = [sum(visit.picked_up[d] for visit in route.visits) for d in range(len(plan.routes.dimensions))]
    names, found = stop_names(plan.area), route_figures(plan, route)
    return page_template("route.html").render(
        plan=plan,
        links=links,
        area=shown_name(plan.area),
        notice=notice_of(plan.area, plan.config),
        season=season_text(plan),
        route=route,
        found=found,
        loading=figures.clock(route.start_s - found.loading_s) if found.loading_s else "",
        legs=_legs(plan, route),
        hub=names[route.depot_id],
        load=say(
            "{amounts}, {volume} m³", amounts=_amounts(route.load_at_start), volume=f"{route.load_at_start[2]:.1f}"
        ),
        back=_amounts(up),
        amounts=_amounts,
    )


def _legs(plan: DayPlan, route: Route) -> list[_Leg]:
    numbers = {visit.stop_id: number for number, visit in enumerate(route.visits, start=1)}
    names = stop_names(plan.area)

    def line(
        call: Visit | Reload | None,
        site_id: str,
        *,
        before: int,
        origin_id: str = "",
        distance_m: float = 0.0,
        driving_s: float = 0.0,
        walk: Walk | None = None,
    ) -> _Leg:
        site = plan.area.site_by_id[site_id]
        link = navigation_link(plan.area.site_by_id[origin_id], site) if origin_id else ""
        return _Leg(
            number=len(numbers) + 1 if call is None else numbers.get(site_id) if isinstance(call, Visit) else None,
            site=site,
            name=names[site_id],
            call=call,
            arrival=figures.clock(call.arrival_s if call else route.end_s),
            departure=figures.clock(call.departure_s) if call else "",
            distance_m=distance_m,
            driving_s=driving_s,
            walk=walk,
            what=say("end of the route")
            if call is None
            else ""
            if isinstance(call, Visit)
            else say("unload and load again"),
            watch=tuple(_watch(site, call, [pause for pause in route.pauses if pause.after == before])),
            link=link,
            qr=_qr(link) if link else "",
        )

    first = [line(route.visits[0], route.visits[0].stop_id, before=0)] if route.open_start else []
    walks = walks_of(plan, route)
    return first + [
        line(
            leg.call,
            leg.destination_id,
            before=before,
            origin_id=leg.origin_id,
            distance_m=leg.distance_m,
            driving_s=leg.driving_s,
            walk=walk,
        )
        for before, (leg, walk) in enumerate(zip(route.legs(), walks, strict=True), start=len(first))
    ]


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


def route_gpx(plan: DayPlan, route: Route) -> str:
    """Return the route as GPX 1.1 in WGS 84: waypoints for the stops, one track with a segment for each leg."""
    document = gpxpy.gpx.GPX()
    document.creator = "rural-service-planner"
    document.name = f"{shown_name(plan.area)} {plan.date.isoformat()} {route.vehicle_id}"
    # gpxpy writes this one attribute as it is, so it is escaped here
    document.copyright_author = escape(say("; ").join(render(part) for part in plan.area.attributions), quote=True)
    said = (
        say("Day plan {id}", id=plan.id),
        season_text(plan),
        notice_of(plan.area, plan.config).text,
        term("internal_use"),
    )
    document.description = say("; ").join(filter(None, said))
    names = stop_names(plan.area)
    ways = {leg.call.stop_id: leg.way for leg in _legs(plan, route) if isinstance(leg.call, Visit) and leg.link}
    for number, visit in enumerate(route.visits, start=1):
        site = plan.area.site_by_id[visit.stop_id]
        point = gpxpy.gpx.GPXWaypoint(round(site.lat, 6), round(site.lon, 6), name=f"{number} {names[site.id]}")
        point.description = " ".join(
            (
                f"{figures.clock(visit.arrival_s)}–{figures.clock(visit.departure_s)}",
                f"↓ {_amounts(visit.delivered)} ↑ {_amounts(visit.picked_up)}",
                *([f"({ways[site.id]})"] if site.id in ways else []),
            )
        )
        document.waypoints.append(point)
    track = gpxpy.gpx.GPXTrack(name=route.vehicle_id)
    for path in paths_of(plan, route):
        points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in path.coordinates]
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    document.tracks.append(track)
    return str(document.to_xml(version="1.1"))


def _amounts(loads: Sequence[float]) -> str:
    """Return parcels and kilograms."""
    return say("{parcels} parcels, {kg} kg", parcels=f"{loads[0]:.0f}", kg=f"{loads[1]:.1f}")


def route_csv(plan: DayPlan, route: Route) -> bytes:
    """Return the stops as CSV in UTF-8 with a mark, as Excel and WPS expect; the last line is the way back, if any."""
    headings = [
        *(say("No."), say("Site code"), say("Name"), say("Arrival"), say("Departure")),
        *(say("Leg (km)"), say("Driving (min)"), say("Walking (min)")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)")),
        *(say("Longitude"), say("Latitude"), say("Source of the position"), say("Day plan"), say("Caution")),
    ]
    rows = []
    caution = say("; ").join(filter(None, (season_text(plan), notice_of(plan.area, plan.config).text)))
    for leg in _legs(plan, route):
        visit = leg.visit
        driving_s, walking_s = leg_parts(leg.driving_s, leg.walk)
        down, up = (visit.delivered, visit.picked_up) if visit else ((0.0, 0.0), (0.0, 0.0))
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
                *(term(leg.site.coordinate_source), plan.id, caution),
            ]
        )
    return csv_text(headings, rows).encode("utf-8-sig")


def route_geojson(plan: DayPlan, route: Route) -> str:
    """Return legs and stops of the route as GeoJSON text."""
    return json.dumps(route_collection(plan, route), ensure_ascii=False, separators=(",", ":")) + "\n"


def write_routes(plan: DayPlan, folder: Path, links: PageLinks) -> Sequence[Path]:
    """Write all courier files to ``routes/`` in the folder; files there from an earlier plan are removed first."""
    day = folder / "routes"
    day.mkdir(parents=True, exist_ok=True)
    for old in day.iterdir():
        if old.suffix in (".html", ".gpx", ".csv", ".geojson"):
            old.unlink()
    written = []
    for route in plan.routes.routes:
        contents: dict[str, bytes] = {
            "gpx": route_gpx(plan, route).encode(),
            "csv": route_csv(plan, route),
            "geojson": route_geojson(plan, route).encode(),
        }
        for kind, content in contents.items():
            path = day / f"{route.vehicle_id}.{kind}"
            path.write_bytes(content)
            written.append(path)
        for lang in LANGUAGES:
            with speaking(lang):
                path = day / links.page(route.vehicle_id)
                path.write_bytes(route_page(plan, route, links).encode())
            written.append(path)
    return written
