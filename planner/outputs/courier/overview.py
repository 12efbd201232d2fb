"""The dispatcher's overview of a pack: all vehicles with a picture of their routes, what changed, what is not served."""

from __future__ import annotations

from typing import Any

from planner.outputs.courier.changed_lines import changed_lines, changes_counted
from planner.outputs.courier.courier_day import CourierDay, to_load
from planner.outputs.courier.revision import Revised
from planner.outputs.courier.route_page import asset
from planner.outputs.courier.sketch import day_sketch, line_class
from planner.outputs.day_page import season_text
from planner.outputs.names import shown_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.unserved import unserved_stops
from planner.routing import Route
from planner.words import figures

KINDS = ("gpx", "kml", "csv", "geojson")
"""Files beside each vehicle's page, by their endings."""


def overview_page(day: CourierDay, links: PageLinks, *, archive: str, revision: Revised | None = None) -> str:
    """Return the page; ``archive`` is the name of the ZIP beside it, empty in the ZIP itself."""
    plan = day.plan
    return page_template("couriers.html").render(
        plan=plan,
        links=links,
        area=shown_name(plan.area),
        notice=notice_of_plan(plan),
        season=season_text(plan),
        style=asset("courier.css"),
        sketch=day_sketch(day),
        vehicles=[_row(day, route, place, links) for place, route in enumerate(day.routes)],
        kinds=KINDS,
        archive=archive,
        revision=revision,
        changes=changed_lines(day, revision.changes, revision.loadings) if revision else [],
        counted=changes_counted(revision.changes, revision.loadings) if revision else "",
        idle=[day.called.get(id_, id_) for id_ in revision.idle] if revision else [],
        left=unserved_stops(plan),
    )


def _row(day: CourierDay, route: Route, place: int, links: PageLinks) -> dict[str, Any]:
    found, vehicle = day.figures[route.vehicle_id], day.vehicles[route.vehicle_id]
    return {
        "place": place + 1,
        "line": line_class(place),
        "id": vehicle.id,
        "shown": vehicle.shown,
        "page": links.page(route.vehicle_id),
        "start": figures.clock(route.start_s),
        "end": figures.clock(route.end_s),
        "stops": len(day.plan.at_points(route)),
        "calls": [day.names[visit.stop_id] for visit in route.visits if visit.stop_id in day.plan.calls],
        "distance": figures.kilometres(route.distance_m),
        "driving": figures.minutes(found.driving_s),
        "walking": found.walking,
        "load": to_load(route),
        "up": figures.kilograms(sum(visit.picked_up[1] for visit in day.plan.at_points(route))),
    }
