"""The page of a day: routes, what is on none, and the files that couriers take along."""

from __future__ import annotations

from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.stage_in_force import stage_text
from planner.plans import DayPlan
from planner.routing import Route
from planner.units import format_clock, format_kilometres
from planner.words.terms import TERMS, term


def day_page(plan: DayPlan, links: PageLinks, *, network_href: str) -> str:
    """Return the page; its links are relative to the day's folder."""
    routes = plan.routes
    kilometres = format_kilometres(sum(route.distance_m for route in routes.routes))
    return page_template("day.html").render(
        plan=plan,
        links=links,
        network_href=network_href,
        notice=notice_of(plan.area),
        season=season_text(plan),
        stage=stage_text(plan),
        road_line=road_row(plan.roads)[1],
        closures=[closed_text(closed) for closed in plan.roads.closures],
        cards=[
            {
                "label": "线路 routes",
                "value": str(len(routes.routes)),
                "detail": f"{kilometres}, {routes.cost_yuan:.0f} 元 (下界 bound {routes.lower_bound_yuan:.0f})",
            }
        ],
        routes=[_route(route) for route in routes.routes],
        reason_text=reason_text,
        relaxations_text=relaxations_text,
        terms={code: words.both for code, words in TERMS.items()},
    )


def season_text(plan: DayPlan) -> str:
    """Return that the roads are of another season than the date, empty if they are of its own."""
    if not plan.season.contradicts:
        return ""
    return f"{plan.date}: {term(plan.season.season).both} ({term(plan.season.of_date).both})"


def _route(route: Route) -> dict[str, object]:
    return {
        "id": route.vehicle_id,
        "stops": len(route.visits),
        "start": format_clock(route.start_s),
        "end": format_clock(route.end_s),
        "distance": format_kilometres(route.distance_m),
        "parcels": f"{route.load_at_start[0]:.0f}",
        "cost": f"{route.cost_yuan:.0f}",
    }
