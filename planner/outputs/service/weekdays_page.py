"""The routes of each weekday as tables to be printed: a sheet a day, its vehicles with their calls, hours and loads."""

from __future__ import annotations

from typing import Any

from planner.outputs.names import spoken_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.drive_rows import drive_rows
from planner.outputs.service.week_figures import WeekdayFigures, kinds_of_vehicles, week_figures
from planner.outputs.service.week_rows import gap_rows
from planner.outputs.timeline import timeline
from planner.plans.load_share import load_steps, room_in
from planner.plans.service_plan import ServicePlan
from planner.words import figures

WEEKDAYS_PAGE = "weekdays"


def weekdays_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page; its links are relative to the plan's folder."""
    week = week_figures(plan)
    gaps = [row for row in gap_rows(plan) if row.weekday is not None]
    return page_template("weekdays.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        page=WEEKDAYS_PAGE,
        notice=notice_of_plan(plan),
        stations=any(one.station_id for day in week.days for one in day.drives),
        days=[{**_day(plan, one), "missed": [row for row in gaps if row.weekday == one.weekday]} for one in week.days],
        breaks=any(one.route.pauses for day in week.days for one in day.drives),
    )


def _buses(one: WeekdayFigures) -> dict[str, Any] | None:
    """Return what buses carry on a weekday and what it costs, None if nothing."""
    down, up = one.by_bus
    return {"down": down, "up": up, "cost_yuan": one.buses_yuan} if any((one.buses_yuan, *down, *up)) else None


def _day(plan: ServicePlan, one: WeekdayFigures) -> dict[str, Any]:
    rows, kinds = drive_rows(plan, one), kinds_of_vehicles(plan)
    routes = [row.drive.route for row in rows]
    return {
        "name": figures.weekday_name(one.weekday, "wide"),
        "weekday": one.weekday,
        "figures": one,
        "buses": _buses(one),
        "rows": rows,
        "timeline": timeline(
            routes,
            [row.name for row in rows],
            [load_steps(route, room_in(kinds[route.vehicle_type_id])) for route in routes],
        ),
    }
