"""What a file made from a plan or a study says of itself: which plan, of which day, on what it rests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from planner.model import StudyArea
from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.day_page import other_season_text, season_text
from planner.outputs.names import shown_name
from planner.outputs.notice import assumed_parts, notice_of
from planner.outputs.order_lines import account_figures, orders_details, orders_line
from planner.outputs.origins import origin_rows
from planner.outputs.stage_in_force import stage_text
from planner.plans import DayPlan, NetworkPlan, ReachStudy, RoadSummary
from planner.plans.service_plan import ServicePlan
from planner.words import render, say, term

Rows = list[tuple[str, str]]


def about_rows(plan: NetworkPlan | DayPlan | ServicePlan) -> Rows:
    """Return what a workbook or GeoPackage of the plan says of itself, as (what, text)."""
    rows = [(say("Plan"), plan.id), (say("Area"), shown_name(plan.area))]
    if isinstance(plan, DayPlan):
        rows += [(say("Network"), plan.network.id), *day_rows(plan)]
    if isinstance(plan, ServicePlan):
        rows += [(say("Network"), plan.network.id), *week_about_rows(plan)]
    remarks = plan.remarks if isinstance(plan, NetworkPlan) else ()
    return [
        *rows,
        *_basis(plan.area, plan.roads, plan.rests_on),
        *((say("Remark"), render(one.remark)) for one in remarks),
    ]


def study_rows(study: ReachStudy) -> Rows:
    """Return what a GeoPackage of a study of reach says of itself, as (what, text)."""
    rows = [(say("Area"), shown_name(study.area)), (say("Date"), study.date.isoformat())]
    return [*rows, *_basis(study.area, study.roads, study.config)]


def day_rows(plan: DayPlan) -> Rows:
    """Return the date, what is open then, and the season: that the roads are of, and a warning if it is another's."""
    rows = [(say("Date"), plan.date.isoformat()), (say("Season"), term(plan.season.season))]
    if plan.open_stage.name:
        rows.append((say("Phase in force"), plan.open_stage.name))
    warnings = ((say("Season differs"), season_text(plan)), (say("Outside the phases"), stage_text(plan)))
    orders = ((say("Orders"), text) for text in (orders_line(plan), *orders_details(plan)) if text)
    return [*rows, *((what, text) for what, text in warnings if text), *orders]


def week_about_rows(plan: ServicePlan) -> Rows:
    """Return the year of a service plan, what is open then, and the season of its roads."""
    rows = [(say("Year"), str(plan.year)), (say("Season"), term(plan.season.season))]
    if plan.open_stage.name:
        rows.append((say("Phase in force"), plan.open_stage.name))
    rows.append((say("Worked out for the week of"), plan.monday.isoformat()))
    warning = other_season_text(plan.season, plan.monday)
    return [*rows, *([(say("Season differs"), warning)] if warning else [])]


def about_plan(plan: NetworkPlan | DayPlan) -> dict[str, object]:
    """Return what GeoJSON of the plan says of itself: English identifiers and codes, texts in the language spoken."""
    about: dict[str, object] = {"plan_id": plan.id, "area": plan.area.name}
    if isinstance(plan, DayPlan):
        about |= {
            "network_id": plan.network.id,
            "date": plan.date.isoformat(),
            "stage": plan.open_stage.name,
            "season": plan.season.season,
            "season_notice": season_text(plan),
            **account_figures(plan),
        }
    return about | about_area(plan.area, plan.rests_on)


def about_area(area: StudyArea, config: Mapping[str, Any] = MappingProxyType({})) -> dict[str, object]:
    """Return what GeoJSON says of the area's data and a plan's figures: their sources, and which of them are not real."""
    return {
        "use": term("internal_use"),
        "map_approval_number": area.map_approval_number,
        "attribution": [render(part) for part in area.attributions],
        "synthetic": [render(part) for part in area.synthetic_parts],
        "assumed": list(assumed_parts(area, config)),
        "notice": notice_of(area, config).text,
    }


def _basis(area: StudyArea, roads: RoadSummary, config: Mapping[str, Any] = MappingProxyType({})) -> Rows:
    notice = notice_of(area, config)
    return [
        *([(say("Caution"), notice.text)] if notice.text else []),
        *((term("synthetic"), render(part)) for part in area.synthetic_parts),
        *((term("assumed"), part) for part in assumed_parts(area, config)),
        *origin_rows(area),
        (say("Use"), term("internal_use")),
        (term("map_approval_number"), area.map_approval_number or "-"),
        (say("Coordinates"), "WGS 84 (= CGCS2000)"),
        (say("Data sources"), say("; ").join(render(part) for part in area.attributions)),
        road_row(roads),
        *((term("closure"), closed_text(closed)) for closed in roads.closures),
    ]
