"""The sheet of what a day's parcels rest on."""

from __future__ import annotations

from planner.outputs.estimates import beside_published, calendar_line, estimate_lines, figure_of
from planner.outputs.workbook.cells import Sheet
from planner.plans import DayPlan
from planner.words import say, term


def estimates_sheet(plan: DayPlan) -> Sheet:
    """Return a sheet of figures beside published ones, and below them what the day's estimates were made of."""
    rows: list[list[object]] = [
        [term(one.code), _cell(one.ours), _cell(one.published), one.source] for one in beside_published(plan)
    ]
    rows += [[line, "", "", ""] for line in (*estimate_lines(plan), calendar_line(plan)) if line]
    headings = [say("Figure"), say("Here"), say("Published"), say("Source")]
    return Sheet(say("What the parcels rest on"), headings, rows)


def _cell(shown: str) -> object:
    figure = figure_of(shown)
    return shown if figure is None else figure
