"""What the commands share: arguments and options, where they print, and the bar that shows how far they are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from planner.progress import Progress, silent

console = Console()
trouble = Console(stderr=True)

AreaArgument = Annotated[
    str, typer.Argument(help="An embedded area (baiquan, neubrandenburg), a folder with an area.toml, or a TOML file.")
]
DateOption = Annotated[
    datetime.datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Service date; the configuration's if left out."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table for people.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for the results; each area gets its own in it.")]
StoreOption = Annotated[str, typer.Option("--store", help="Database of plans, as an SQLAlchemy URL.")]
RejectsOption = Annotated[
    Path | None, typer.Option("--accept-bad", help="Write rows at fault to this CSV file and go on without them.")
]
DEFAULT_STORE = "sqlite:///out/planner.db"
OVERPASS_URL = "https://overpass-api.de/api"


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar while the work runs; nothing where standard error is not a terminal."""
    if not trouble.is_terminal:
        yield silent
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=trouble, transient=True) as bar:
        task = bar.add_task("")

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield show


def print_json(value: Any) -> None:
    """Print JSON for programs."""
    document = TypeAdapter(Any).dump_python(value, mode="json")
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
