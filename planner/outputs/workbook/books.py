"""The two workbooks: that of a network and that of a day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planner.outputs.about import about_rows
from planner.outputs.day_page import season_text
from planner.outputs.notice import notice_of_plan
from planner.outputs.workbook.cells import Sheet
from planner.outputs.workbook.day_sheets import (
    day_summary,
    fleet_sheet,
    held_sheet,
    routes_sheet,
    stops_sheet,
)
from planner.outputs.workbook.estimates_sheet import estimates_sheet
from planner.outputs.workbook.money_sheets import budget_sheet, funding_sheet, money_sheet
from planner.outputs.workbook.network_summary import network_summary
from planner.outputs.workbook.place_sheets import seasons_sheet, sites_sheet, townships_sheet, villages_sheet
from planner.outputs.workbook.quality_sheets import day_quality, network_quality
from planner.outputs.workbook.rides_sheet import rides_sheet
from planner.outputs.workbook.services_sheet import services_sheet
from planner.outputs.workbook.sheet_writer import SheetWriter
from planner.outputs.workbook.siting_sheets import equity_sheet, stages_sheet, uncovered_sheet
from planner.plans import DayPlan, NetworkPlan
from planner.plans.service_coverage import services_told
from planner.words import say


def write_network_workbook(plan: NetworkPlan, path: Path) -> None:
    """Write the workbook of a network; text from data is text in every cell, never a formula, and codes stay text.

    Where data are synthetic or assumed each sheet says so in its first row and its print header, and has its headings in
    the second; each names the plan in its print footer. The same plan gives the same bytes: no file says when it was made.
    """
    _write(plan, [*network_sheets(plan), _about(plan)], path)


def network_sheets(plan: NetworkPlan) -> list[Sheet]:
    """Return the sheets of figures; a plan without phases or money has none of them."""
    phased = plan.phases is not None and bool(plan.phases.phases)
    return [
        network_summary(plan),
        townships_sheet(plan),
        *([stages_sheet(plan)] if phased else []),
        uncovered_sheet(plan),
        *([services_sheet(plan)] if services_told(plan) else []),
        sites_sheet(plan),
        *([budget_sheet(plan)] if plan.stations.service_points.found else []),
        *([funding_sheet(plan.subsidies), money_sheet(plan.subsidies)] if plan.subsidies is not None else []),
        *([equity_sheet(plan)] if plan.stations.service_points.opened else []),
        *([seasons_sheet(plan)] if plan.seasons else []),
        villages_sheet(plan),
        network_quality(plan),
    ]


def write_day_workbook(plan: DayPlan, path: Path) -> None:
    """Write the workbook of a day, as `write_network_workbook` writes that of a network."""
    sheets = [
        day_summary(plan),
        routes_sheet(plan),
        stops_sheet(plan),
        *([rides] if (rides := rides_sheet(plan)).rows else []),
        *([held] if (held := held_sheet(plan)).rows else []),
        fleet_sheet(plan),
        estimates_sheet(plan),
        day_quality(plan),
        _about(plan),
    ]
    _write(plan, sheets, path)


def _about(plan: NetworkPlan | DayPlan) -> Sheet:
    return about_sheet(about_rows(plan))


def about_sheet(rows: Sequence[tuple[str, str]]) -> Sheet:
    """Return the last sheet of a workbook: what it says of itself."""
    return Sheet(say("About"), [say("Item"), say("Content")], rows)


def _write(plan: NetworkPlan | DayPlan, sheets: Sequence[Sheet], path: Path) -> None:
    cautions = [notice_of_plan(plan).text, *([season_text(plan)] if isinstance(plan, DayPlan) else [])]
    path.write_bytes(made_book(sheets, cautions, plan.id))


def made_book(sheets: Sequence[Sheet], cautions: Sequence[str], plan_id: str) -> bytes:
    """Return a workbook whose sheets all say what must be said of the plan, and its id."""
    notice = say("; ").join(filter(None, cautions))
    writer = SheetWriter()
    for sheet in sheets:
        writer.add(sheet, notice, plan_id)
    return writer.finished()
