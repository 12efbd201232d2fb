"""What the command line shows of a frontier."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from planner.cli.plan_tables import print_notice
from planner.cli.table_layout import table_of
from planner.outputs.frontier_page import frontier_answers, frontier_basis, frontier_headings, frontier_rows
from planner.outputs.names import spoken_name
from planner.plans.frontier_study import FrontierStudy
from planner.words import say


def print_frontier(console: Console, study: FrontierStudy, folder: Path, kept_id: str) -> None:
    """Show what heeding the routes saves, the plans, what they rest on, and where pages and a kept network are."""
    console.print(Text(f"\n{spoken_name(study.area)}", style="bold"))
    for answer in frontier_answers(study):
        console.print(answer, highlight=False, markup=False, soft_wrap=True)
    table = table_of(*frontier_headings(study))
    for row in frontier_rows(study):
        table.add_row(*row)
    console.print(table)
    for text in frontier_basis(study):
        console.print(f"  {text}", highlight=False, markup=False, soft_wrap=True)
    print_notice(console, study.area, study.rests_on)
    if kept_id:
        console.print(say("kept as network plan {id}", id=kept_id), highlight=False, markup=False, soft_wrap=True)
    console.print(f"→ {folder / 'index.html'}", soft_wrap=True)
