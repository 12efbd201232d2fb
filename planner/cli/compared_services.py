"""What ``planner compare`` shows of two service plans."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from planner.cli.options import print_json
from planner.cli.plan_tables import print_notice
from planner.cli.results import write_in_both
from planner.cli.table_layout import table_of
from planner.cli.terminal import console
from planner.outputs.names import spoken_name
from planner.outputs.notice import compared_caveats, notice_of
from planner.outputs.service.compared_weeks import (
    ComparedPoint,
    compare_weeks,
    compared_figures,
    compared_points,
    compared_weeks_page,
    differing_lines,
)
from planner.plans import ServicePlan
from planner.words import figures, listed, say

_SHOWN = 15


def compare_services(before: ServicePlan, after: ServicePlan, out: Path | None, *, as_json: bool) -> None:
    """Show what changes from one service plan to another, and write the page where one is asked for, in both languages."""
    found = compare_weeks(before, after)
    if out is not None:
        write_in_both(out, lambda links, page: compared_weeks_page(before, after, links, page=page))
    bases = (before.area, before.rests_on), (after.area, after.rests_on)
    if as_json:
        print_json(asdict(found) | compared_caveats(*bases))
        return
    console.print(spoken_name(after.area), style="bold")
    for line in differing_lines(before, after, found):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    table = table_of(say("Figure"), say("First plan"), say("Second plan"), say("Change"))
    for row in compared_figures(before, after, found):
        table.add_row(row.name, row.before, row.after, row.change)
    console.print(table)
    points = compared_points(before, after, found)
    console.print(say("Points served otherwise ({count})", count=len(points)))
    for point in points[:_SHOWN]:
        console.print(f"  {_line(point)}", highlight=False, markup=False, soft_wrap=True)
    if len(points) > _SHOWN:
        console.print(
            f"  {say('... and {count} more (--json lists all)', count=len(points) - _SHOWN)}", highlight=False
        )
    if out is not None:
        console.print(f"→ {out}", soft_wrap=True)
    for area, config in {
        notice_of(*of): of for of in bases
    }.values():  # one after the other where they are not the same
        print_notice(console, area, config)


def _line(point: ComparedPoint) -> str:
    """Return a point with the change of its days and, where that changes, of its way."""
    was, now = (
        "-" if days is None else listed([figures.weekday_name(day) for day in days]) or say("not visited")
        for days in (point.before_days, point.after_days)
    )
    way = (
        ""
        if point.before_way == point.after_way
        else say("{before} → {after}", before=point.before_way, after=point.after_way)
    )
    said = [say("{before} → {after}", before=was, after=now), way]
    return say("{what}: {text}", what=point.name, text=say("; ").join(filter(None, said)))
