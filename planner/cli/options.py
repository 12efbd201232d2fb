"""What the commands share: arguments and options, where they print, and the bar that shows how far they are."""

from __future__ import annotations

import datetime
import io
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from planner.cli.dates import read_date
from planner.cli.language import speak_as
from planner.cli.terminal import console, trouble
from planner.errors import ConfigError, Message, UsageError
from planner.progress import Progress, silent
from planner.words import render

if TYPE_CHECKING:  # a command imports what it needs when it runs, so that --help comes at once
    from planner.config import PlanConfig
    from planner.geodata.rejects import RejectsFile

AreaArgument = Annotated[
    str,
    typer.Argument(
        help="An embedded area (harbin, baiquan, neubrandenburg), a folder with an area.toml, or a TOML file."
    ),
]
DateOption = Annotated[
    datetime.datetime | None,
    typer.Option(
        "--date",
        parser=read_date,
        metavar="DATE",
        help="Service date, as 2026-11-10, today or tomorrow; that of area.toml if left out.",
    ),
]
FirstDayOption = Annotated[
    datetime.datetime | None,
    typer.Option("--from", parser=read_date, metavar="DATE", help="First day; four weeks before the last if left out."),
]
LastDayOption = Annotated[
    datetime.datetime | None,
    typer.Option(
        "--to", parser=read_date, metavar="DATE", help="Last day; the last with orders that has come if left out."
    ),
]
UntilOption = Annotated[
    datetime.datetime | None,
    typer.Option(
        "--until",
        parser=read_date,
        metavar="DATE",
        help="Days after it have not come and do not count; today if left out.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table for people.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for the results; each area gets its own in it.")]
StoreOption = Annotated[str, typer.Option("--store", help="Database of plans, as an SQLAlchemy URL.")]
PageOption = Annotated[Path | None, typer.Option("--out", help="Write it as an HTML page to this file, too.")]
RejectsOption = Annotated[
    Path | None, typer.Option("--accept-bad", help="Write rows at fault to this CSV file and go on without them.")
]
VehicleOption = Annotated[
    str | None, typer.Option(help="van, tricycle, light_truck, truck or walking; the configuration's if left out.")
]
SeasonOption = Annotated[
    str | None,
    typer.Option(
        help="summer, winter, heavy_snow, spring_thaw, drift_ice or frozen_river; "
        "the configuration's or the date's if left out."
    ),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        help="Folder to keep roads and travel times in; else that of PLANNER_CACHE, or the user's cache folder.",
    ),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Keep no roads or travel times, use none kept.")]
DatumName = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]  # those of planner.config.Datum
DEFAULT_STORE = "sqlite:///out/planner.db"
OVERPASS_URL = "https://overpass-api.de/api"


def never_fail_to_print() -> None:
    """Print a question mark for what a console has no letter for: one of code page 936 lacks © and rare names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar while the work runs; nothing where standard error is not a terminal."""
    if not trouble.is_terminal:
        yield silent
        return
    spinner = "dots" if trouble.encoding.startswith("utf") else "line"
    columns = (SpinnerColumn(spinner), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=trouble, transient=True) as bar:
        task = bar.add_task("")

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=render(step), completed=done, total=total or None)

        yield show


def configured(area: str, vehicle: str | None, season: str | None) -> PlanConfig:
    """Return the configuration of an area, with another vehicle or season if they are given, and speak its language.

    Raises
    ------
    UsageError
        If there is no such vehicle or season.
    """
    from planner.config import load_config
    from planner.outputs.map_key import offer_key

    config = load_config(area).under(vehicle=vehicle, season=season)
    speak_as(config.language)
    offer_key(config.maps.key if config.maps else "")
    if vehicle is None and season is None:
        return config
    from planner.network import load_profile

    try:
        load_profile(config.travel.vehicle, config.siting_season)
    except ConfigError as error:
        raise UsageError(Message("{problems}", problems=[_as_option(problem) for problem in error.problems])) from error
    return config


def rejects_in(path: Path | None) -> RejectsFile | None:
    """Return the file for rows at fault, whose headings and faults are in the language that is spoken."""
    if path is None:
        return None
    from planner.geodata.rejects import RejectsFile
    from planner.words import render

    return RejectsFile(path=path, render=render)


def _as_option(problem: str) -> str:
    """Return what is wrong with a key of the configuration as a fault of the option that gave it."""
    if not isinstance(problem, Message):
        return problem
    key = str(problem.values["key"]).replace("travel.", "--", 1)
    return Message("{key}: {fault}", key=key, fault=problem.values["fault"])


def keep_in(cache: Path | None, no_cache: bool) -> Path | None:
    """Return the folder to keep roads and travel times in, None for none."""
    if no_cache and cache is not None:
        raise UsageError(Message("--cache and --no-cache exclude each other: give one of them"))
    from planner.cache_folder import cache_folder

    return cache_folder(cache, wanted=not no_cache)


def print_json(value: Any) -> None:
    """Print JSON for programs; where it would be in another encoding than UTF-8, in ASCII, which every program reads."""
    from pydantic import TypeAdapter

    document = TypeAdapter(Any).dump_python(value, mode="json")
    typer.echo(json.dumps(document, ensure_ascii=not console.encoding.startswith("utf"), indent=1))


def numbers_of(text: str, option: str, *, most: int = 200) -> list[float]:
    """Return the numbers of ``40,60,80`` or of ``first:last:step``, the last included if a step falls on it.

    Chinese commas and colons are read, too.

    Raises
    ------
    UsageError
        If it is neither, or more numbers than allowed.
    """
    plain = text.translate({0xFF0C: ",", 0xFF1A: ":"})
    wrong = []
    try:
        if ":" in plain:
            first, last, step = (float(part) for part in plain.split(":"))
            if not step > 0 or not last >= first or (last - first) / step > most - 1:
                raise ValueError
            return [first + step * number for number in range(int((last - first) / step + 1e-9) + 1)]
        numbers = []
        for part in plain.split(","):
            try:
                numbers.append(float(part))
            except ValueError:
                wrong.append(repr(part.strip()))
        if wrong or len(numbers) > most or not all(math.isfinite(number) for number in numbers):
            raise ValueError
    except (ValueError, OverflowError) as error:
        what = Message("{wrong} is no number", wrong=wrong) if wrong else repr(text)
        raise UsageError(
            Message(
                "{option}: {what}: write numbers with commas between (10,20,30), or first:last:step (10:30:10); "
                "{most} at most",
                option=option,
                what=what,
                most=most,
            )
        ) from error
    return numbers
