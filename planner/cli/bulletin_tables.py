"""Tables of bulletins on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.outputs.bulletin.bulletin_rows import indicator_cells, indicator_headings
from planner.outputs.bulletin.bulletin_texts import month_text, not_filled_in, title_text
from planner.plans.bulletin import Bulletin
from planner.plans.kept_bulletins import BulletinSummary
from planner.words import say


def print_bulletin(console: Console, bulletin: Bulletin, folder: Path) -> None:
    """Show the county's indicators, how many have no figure, and where the files are."""
    console.print(f"\n{title_text(bulletin)} · {month_text(bulletin)}  {bulletin.id}", markup=False, soft_wrap=True)
    table = table_of(*indicator_headings())
    for indicator in bulletin.indicators:
        table.add_row(*indicator_cells(bulletin, indicator))
    console.print(table)
    missing = len(list(not_filled_in(bulletin)))
    if missing:
        console.print(say("{count} indicators of the county have no figure", count=missing))
    console.print(f"→ {folder / 'bulletin.docx'}", markup=False, soft_wrap=True)


def print_bulletins(console: Console, kept: Sequence[BulletinSummary]) -> None:
    """Show the bulletins that are kept."""
    table = table_of(say("Month"), say("Id"), say("Made"))
    for one in kept:
        table.add_row(one.period, one.id, f"{one.created_at:%Y-%m-%d %H:%M}")
    console.print(table)
