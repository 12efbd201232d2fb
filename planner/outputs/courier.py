"""What a courier takes along: one page, one GPX track, one CSV and one GeoJSON for each route; no personal data in any.

The page needs no network and prints on A4; its navigation links carry GCJ-02, which Amap expects.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

import gpxpy.gpx
import numpy as np
import segno

from planner.config import Datum
from planner.geodata.datum import from_wgs84
from planner.model import Site
from planner.outputs.geofiles import paths_of, route_collection
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.plans import DayPlan
from planner.routing import Reload, Route, Visit
from planner.units import format_clock, format_kilometres, format_minutes, shown_minutes
from planner.words import LANGUAGES, speaking
from planner.words.cells import text_cell
from planner.words.terms import TERMS, term


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """One line of the courier's page: where to, when, what, and how to be led there (empty where a route starts).

    ``number`` counts the stops as the map does; None for a reload.
    """

    number: int | None
    site: Site
    call: Visit | Reload | None
    arrival: str
    departure: str
    distance_m: float
    driving_s: float
    link: str
    qr: str

    @property
    def visit(self) -> Visit | None:
        """What is delivered and collected here; None at depots."""
        return self.call if isinstance(self.call, Visit) else None

    @property
    def distance(self) -> str:
        """The way here, as people read it."""
        return format_kilometres(self.distance_m)

    @property
    def driving(self) -> str:
        """The driving time here, as people read it."""
        return format_minutes(self.driving_s)


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
    legs = _legs(plan, route)
    return page_template("route.html").render(
        plan=plan,
        links=links,
        notice=notice_of(plan.area),
        route=route,
        legs=legs,
        hub=plan.area.site_by_id[route.depot_id],
        start=format_clock(route.start_s),
        end=format_clock(route.end_s),
        distance=format_kilometres(route.distance_m),
        driving=format_minutes(route.driving_s),
        up=[sum(visit.picked_up[d] for visit in route.visits) for d in range(len(plan.routes.dimensions))],
        terms={code: words.both for code, words in TERMS.items()},
    )


def _legs(plan: DayPlan, route: Route) -> list[_Leg]:
    numbers = {visit.stop_id: number for number, visit in enumerate(route.visits, start=1)}

    def line(call: Visit | Reload | None, site_id: str, origin_id: str, distance_m: float, driving_s: float) -> _Leg:
        site = plan.area.site_by_id[site_id]
        link = navigation_link(plan.area.site_by_id[origin_id], site) if origin_id else ""
        qr = segno.make(link, error="l").svg_inline(scale=2, border=2, omitsize=True, svgclass="qr", lineclass=None)
        return _Leg(
            number=len(numbers) + 1 if call is None else numbers.get(site_id) if isinstance(call, Visit) else None,
            site=site,
            call=call,
            arrival=format_clock(call.arrival_s if call else route.end_s),
            departure=format_clock(call.departure_s) if call else "",
            distance_m=distance_m,
            driving_s=driving_s,
            link=link,
            qr=qr if link else "",
        )

    first = [line(route.visits[0], route.visits[0].stop_id, "", 0.0, 0.0)] if route.open_start else []
    return first + [
        line(leg.call, leg.destination_id, leg.origin_id, leg.distance_m, leg.driving_s) for leg in route.legs()
    ]


def route_gpx(plan: DayPlan, route: Route) -> str:
    """Return the route as GPX 1.1 in WGS 84: waypoints for the stops, one track with a segment for each leg."""
    document = gpxpy.gpx.GPX()
    document.creator = "rural-service-planner"
    document.name = f"{plan.area.name} {plan.date.isoformat()} {route.vehicle_id}"
    # gpxpy writes this one attribute as it is, so it is escaped here
    document.copyright_author = escape("; ".join(plan.area.attributions), quote=True)
    document.description = ". ".join(filter(None, (notice_of(plan.area).text, term("internal_use").both)))
    for number, visit in enumerate(route.visits, start=1):
        site = plan.area.site_by_id[visit.stop_id]
        point = gpxpy.gpx.GPXWaypoint(round(site.lat, 6), round(site.lon, 6), name=f"{number} {site.name}")
        point.description = f"{format_clock(visit.arrival_s)}-{format_clock(visit.departure_s)} {_amounts(visit)}"
        document.waypoints.append(point)
    track = gpxpy.gpx.GPXTrack(name=route.vehicle_id)
    for path in paths_of(plan, route):
        points = [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in path.coordinates]
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    document.tracks.append(track)
    return str(document.to_xml(version="1.1"))


def _amounts(visit: Visit) -> str:
    down, up = visit.delivered, visit.picked_up
    return f"↓{down[0]:.0f} 件 {down[1]:.1f} kg ↑{up[0]:.0f} 件 {up[1]:.1f} kg"


def route_csv(plan: DayPlan, route: Route) -> bytes:
    """Return the stops as CSV in UTF-8 with a mark, as Excel and WPS expect; the last line is the way back, if any."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            *(
                "序号 no",
                "站点 id",
                "名称 name",
                "到达 arrival",
                "离开 departure",
                "路段km leg_km",
                "行驶min driving_min",
            ),
            *("下行件 parcels_down", "下行kg kg_down", "上行件 parcels_up", "上行kg kg_up", "经度 lon", "纬度 lat"),
            *("坐标来源 coordinate_source", "提示 notice"),
        ]
    )
    notice = notice_of(plan.area).text
    for leg in _legs(plan, route):
        visit = leg.visit
        down, up = (visit.delivered, visit.picked_up) if visit else ((0.0, 0.0), (0.0, 0.0))
        writer.writerow(
            [
                *(leg.number, text_cell(leg.site.id), text_cell(leg.site.name), leg.arrival, leg.departure),
                *(
                    f"{leg.distance_m / 1000:.2f}",
                    f"{shown_minutes(leg.driving_s):.1f}",
                    f"{down[0]:.0f}",
                    f"{down[1]:.1f}",
                ),
                *(f"{up[0]:.0f}", f"{up[1]:.1f}", f"{leg.site.lon:.6f}", f"{leg.site.lat:.6f}"),
                *(leg.site.coordinate_source.value, notice),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


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
