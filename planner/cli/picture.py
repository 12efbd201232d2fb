"""``planner picture``: a plan as a picture for reports and slides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from planner.cli.options import DEFAULT_STORE, StoreOption
from planner.cli.terminal import console
from planner.errors import Message, UsageError

if TYPE_CHECKING:
    from planner.outputs.pictures import Kind, Paper
    from planner.plans import NetworkPlan, ReadPlans


def picture(
    plan: Annotated[str, typer.Argument(help="Id of a plan in the store, or its document (network.json, day.json).")],
    out: Annotated[Path, typer.Option("--out", help="File to write: its ending says how, .png, .svg or .pdf.")],
    what: Annotated[
        Literal["coverage", "phases", "routes"] | None,
        typer.Option("--what", help="What to draw; of a day its routes, of a network its coverage, if left out."),
    ] = None,
    phase: Annotated[
        str, typer.Option("--phase", help="Name of the phase whose coverage to draw; the last if left out.")
    ] = "",
    size: Annotated[Literal["a5", "a4", "a3"], typer.Option("--size", help="Size of the sheet, in landscape.")] = "a5",
    dpi: Annotated[int, typer.Option("--dpi", min=50, max=600, help="Dots an inch of a PNG.")] = 150,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Draw a plan as PNG, SVG or PDF: who is covered, phase by phase, or the routes of a day."""
    from planner.cli.plan_files import load_plans
    from planner.outputs.pictures import PAPERS
    from planner.writing import write_file

    kind = _kind_of(out)
    found = load_plans(plan, store)
    write_file(out, _drawn(found, what, phase, kind, replace(PAPERS[size], dpi=dpi)))
    console.print(str(out), soft_wrap=True)


def _kind_of(path: Path) -> Kind:
    from planner.outputs.pictures import KINDS

    for kind in KINDS:
        if path.suffix.lower() == f".{kind}":
            return kind
    raise UsageError(
        Message("{path}: a picture is written as {kinds}: choose one as its ending", path=path, kinds=list(KINDS))
    )


def _drawn(found: ReadPlans, what: str | None, phase: str, kind: Kind, paper: Paper) -> bytes:
    from planner.outputs.pictures import coverage_picture, phases_picture, routes_picture

    chosen = what or ("coverage" if found.day is None else "routes")
    if phase and chosen != "coverage":
        raise UsageError(Message("--phase goes with --what coverage only"))
    if chosen == "coverage":
        return coverage_picture(found.network, stage=_stage(found.network, phase), kind=kind, paper=paper)
    if chosen == "phases":
        return phases_picture(found.network, kind=kind, paper=paper)
    if found.day is None:
        raise UsageError(
            Message("{plan}: a network has no routes: give the plan of a day (planner days)", plan=found.network.id)
        )
    return routes_picture(found.day, kind=kind, paper=paper)


def _stage(plan: NetworkPlan, phase: str) -> int | None:
    if not phase:
        return None
    names = [stage.name for stage in plan.stages]
    if phase not in names:
        raise UsageError(Message("no phase {phase}: there are {names}", phase=phase, names=names))
    return names.index(phase)
