"""Commands that ask siting more than one plan: ``planner curve`` and ``planner compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli import siting_tables as siting_report
from planner.cli import tables as report
from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    JsonOption,
    RejectsOption,
    StoreOption,
    console,
    print_json,
    progress_bar,
)
from planner.cli.plan_files import load_plan
from planner.config import load_config
from planner.coverage.curve import Limit
from planner.errors import EXIT_INFEASIBLE, UsageError


def curve(
    area: AreaArgument,
    counts: Annotated[str, typer.Option(help="Numbers of service points in all: 40,60,80 or 40:120:10.")] = "",
    budgets: Annotated[str, typer.Option(help="Yuan for new service points: 600000,1200000 or first:last:step.")] = "",
    knee: Annotated[
        float | None,
        typer.Option(min=0, help="Mark where one more point, or 10,000 yuan, adds fewer people than this."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the chart as an HTML page to this file.")] = None,
    accept_bad: RejectsOption = None,
    as_json: JsonOption = False,
) -> None:
    """边际曲线: What more service points, or more money, would reach, each point with its gap."""
    from planner.pipeline import day as pipeline
    from planner.pipeline.siting import area_curve

    if bool(counts) == bool(budgets):
        raise UsageError("give --counts or --budgets, one of them: for example --counts 40:120:10")
    limit = Limit.COUNT if counts else Limit.BUDGET
    limits = parse_limits(counts or budgets, "--counts" if counts else "--budgets")
    config = load_config(area)
    with progress_bar() as progress:
        progress("reading the area", 0, len(limits))
        study_area = pipeline.read_area_with_findings(config, rejects=accept_bad).area
        travel = pipeline.travel_times(study_area, pipeline.read_roads(config), config)
        found = area_curve(study_area, travel, config, limits, limit=limit, knee_people=knee, progress=progress)
    if out is not None:
        from planner.outputs.curve import curve_page

        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(curve_page(study_area, found), encoding="utf-8", newline="\n")
    if as_json:
        print_json(found)
    else:
        siting_report.print_curve(console, study_area, found)
        report.print_notice(console, study_area)
        if out is not None:
            console.print(f"→ {out}", markup=False, soft_wrap=True)
    if all(point.value is None for point in found.points):
        raise typer.Exit(EXIT_INFEASIBLE)


def compare(
    before: Annotated[str, typer.Argument(help="A plan.json, or the id of a plan in the store.")],
    after: Annotated[str, typer.Argument(help="The plan to compare it with, likewise.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """方案对比: What changes from one plan of an area to another: sites, villages, people and money."""
    from planner.outputs.comparison import compare_plans

    first, second = (load_plan(which, store) for which in (before, after))
    found = compare_plans(first, second)
    if as_json:
        print_json(found)
    else:
        siting_report.print_comparison(console, first, second, found)
        report.print_notice(console, second.area)


def parse_limits(text: str, option: str) -> list[float]:
    """Return the numbers of ``40,60,80`` or of ``first:last:step``, the last included if a step falls on it.

    Raises
    ------
    UsageError
        If it is neither, or more than 200 numbers.
    """
    try:
        if ":" in text:
            first, last, step = (float(part) for part in text.split(":"))
            if not step > 0 or not last >= first or (last - first) / step > 199:
                raise ValueError
            return [first + step * number for number in range(int((last - first) / step + 1e-9) + 1)]
        numbers = [float(part) for part in text.split(",")]
        if len(numbers) > 200:
            raise ValueError
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r}: write numbers with commas between (40,60,80), or first:last:step (40:120:10); 200 at most"
        ) from error
    return numbers
