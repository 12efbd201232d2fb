"""What ``planner day`` does with tables of orders: the one to fill in is written, how one was read is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from planner.cli.complaint import told
from planner.cli.spoken import SpokenCommand
from planner.errors import Message, UsageError
from planner.words import fault_record

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.geodata import Finding
    from planner.model import StudyArea
    from planner.plans.store import PlanStore

TEMPLATE = "orders.xlsx"
"""What the table to fill in is called where no file is named."""
_KINDS = (".xlsx", ".csv")
_UNREAD = "unused_columns"


class DayCommand(SpokenCommand):
    """``planner day``, whose ``--template`` may stand without a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the file where ``--template`` names none."""
        for place, text in reversed([*enumerate(args)]):
            if text == "--template" and (place + 1 == len(args) or args[place + 1].startswith("-")):
                args = [*args[: place + 1], TEMPLATE, *args[place + 1 :]]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed


def write_template(path: Path, config: PlanConfig, plans: PlanStore) -> None:
    """Write the table to fill in, with the area's villages as its newest network has them, else its files.

    Raises
    ------
    UsageError
        If the file's ending is of no kind that is written, or it is there already: it may be filled in.
    """
    from planner.outputs.order_template import order_template
    from planner.writing import refuse_filled_in, write_file

    if path.suffix.lower() not in _KINDS:
        raise UsageError(Message("--template: {file}: name it .xlsx or .csv", file=path.name))
    refuse_filled_in(path, option="--template")
    area = _area(config, plans)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, order_template(area, path.suffix.lower()))


def _area(config: PlanConfig, plans: PlanStore) -> StudyArea:
    current = plans.current_network(config.area.id)
    if current is not None:
        return plans.network(current.id).area
    from planner.geodata.assemble import read_area

    return read_area(config)


def print_reading(console: Console, findings: tuple[Finding, ...]) -> None:
    """Show what was said of a table of orders that was read: a line each, what should be looked at first."""
    from planner.geodata import Severity

    for severity, line in told(findings):
        style = "yellow" if severity is Severity.WARNING else None
        console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)


def reading_figures(findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return for programs what `print_reading` shows, and the columns that were not read; nothing without a table."""
    headings = [found.message.params["headings"] for found in findings if found.code == _UNREAD]
    unread = [str(one) for some in headings if isinstance(some, tuple) for one in some]
    records = [{"code": one.code, **fault_record(one.fault)} for one in findings]
    return {"unread_columns": unread, "findings": records} if findings else {}
