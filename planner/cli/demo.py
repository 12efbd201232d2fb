"""The command ``planner demo``: the embedded areas, one after the other, and the week of those that have one beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.language import asked_language, speak_as
from planner.cli.options import (
    DEFAULT_STORE,
    CacheOption,
    JsonOption,
    NoCacheOption,
    OutOption,
    StoreOption,
    keep_in,
)
from planner.cli.plan import plan_and_write, print_plan
from planner.cli.terminal import console, trouble
from planner.errors import EXIT_INFEASIBLE, Message, UsageError

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.plans import DayPlan

_SHOWN_FIRST = "harbin"
"""The demonstration that is real and of the province the planner is made for."""


def demo(
    area: Annotated[str, typer.Argument(hidden=True)] = "",
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan the embedded areas, into out/<area>/."""
    from planner.config import embedded_areas, load_config

    if area:
        raise UsageError(
            Message(
                "planner demo plans every embedded area; {area} alone: {command}",
                area=area,
                command=f"planner plan {area}",
            )
        )
    kept = keep_in(cache, no_cache)
    configs = {name: load_config(name) for name in embedded_areas()}
    beside = _compile_weeks()
    planned: dict[str, DayPlan] = {}
    weeks: dict[str, subprocess.Popen[str]] = {}
    try:
        # weeks take longest and are planned in processes of their own, for the second core: their areas come first
        for name in sorted(configs, key=lambda name: (configs[name].service is None, name)):
            planned[name] = _planned(configs[name], out, store, kept)
            if configs[name].service is not None:
                options = ["--no-cache"] if kept is None else ["--cache", str(kept)]
                options += ["--json"] if as_json else []
                weeks[name] = _begin_week(name, planned[name].network.id, out, store, options)
        for name in sorted(configs, key=lambda name: (name != _SHOWN_FIRST, name)):
            speak_as(configs[name].language)
            print_plan(planned[name], out, as_json)
            if name in weeks:
                _end_week(weeks[name])
    finally:  # nobody goes on where the demonstration ended early
        _end(beside)
        for week in weeks.values():
            _end(week)


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait()


def _compile_weeks() -> subprocess.Popen[bytes]:
    """Begin to compile what weeks need, in a process of its own; where that fails they do it themselves."""
    return subprocess.Popen(
        [sys.executable, "-m", "planner.service.week.compiled"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _planned(config: PlanConfig, out: Path, store: str, kept: Path | None) -> DayPlan:
    from planner.cli.plan_files import kept_plans

    speak_as(config.language)
    with kept_plans(store) as plans:
        return plan_and_write(config, config.routing.date, out, plans, None, kept)


def _begin_week(area: str, network_id: str, out: Path, store: str, options: list[str]) -> subprocess.Popen[str]:
    """Begin to plan the week of a network in a process of its own."""
    asked = asked_language()
    command = [sys.executable, "-m", "planner", *(["--lang", asked] if asked else []), "service", area]
    command += ["--network", network_id, "--out", str(out), "--store", store, *options]
    told = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": str(console.width)}
    return subprocess.Popen(
        command,
        env=told,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _end_week(week: subprocess.Popen[str]) -> None:
    """Wait for a week and say what it said; a week that leaves something out is a result, too."""
    said, complaint = week.communicate()
    if week.returncode not in (0, EXIT_INFEASIBLE):
        trouble.print(complaint.rstrip(), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(week.returncode)
    console.print(said.rstrip(), highlight=False, markup=False, soft_wrap=True)
