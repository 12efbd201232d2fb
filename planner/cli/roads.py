"""Commands that ask the roads: ``planner reach`` and ``planner seasons``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    DateOption,
    JsonOption,
    NoCacheOption,
    RejectsOption,
    SeasonOption,
    VehicleOption,
    configured,
    keep_in,
    numbers_of,
    print_json,
    progress_bar,
    rejects_in,
)
from planner.cli.terminal import console
from planner.errors import EXIT_INFEASIBLE, Message, UsageError

if TYPE_CHECKING:
    from planner.plans import NetworkPlan


def reach(
    area: AreaArgument,
    start: Annotated[list[str], typer.Option("--from", help="Id of a village or site to start from; may be repeated.")],
    out: Annotated[Path, typer.Option("--out", help="File to write: .geojson, .gpkg or .html (a map).")],
    minutes: Annotated[str, typer.Option(help="Minutes, six numbers at most, with commas between.")] = "10,20,30",
    date: DateOption = None,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """What is reached by road within minutes from a place, or from any of several."""
    from planner.cli import plan_tables
    from planner.network import season_of
    from planner.outputs.reach_files import write_reach, writer_of
    from planner.pipeline.area_run import AreaRun
    from planner.pipeline.reach import reach_study

    limits = numbers_of(minutes, "--minutes")
    writer_of(out)  # a name nothing can write is said before the work begins
    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    day = date.date() if date else None
    with progress_bar() as progress:
        run = AreaRun(
            config=config,
            date=day,
            rejects=rejects_in(accept_bad),
            cache=kept,
            progress=progress,
            steps=3,
            given_season=season_of(config.travel, day or config.routing.date).season,
        )
        study = reach_study(run, start, limits)
        write_reach(study, out)
    if as_json:
        print_json(plan_tables.reach_figures(study, out))
    else:
        plan_tables.print_reach(console, study, out)


def seasons(
    area: AreaArgument,
    document: Annotated[
        Path | None, typer.Option("--network", help="A network.json whose stations to look at; sited anew if left out.")
    ] = None,
    date: DateOption = None,
    vehicle: VehicleOption = None,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Minutes, villages beyond the standard and villages cut off in each season, for the same open points.

    The points are a network plan's, or sited for the configuration's season; the date's closures hold in every season.
    """
    from planner.cli import plan_tables
    from planner.outputs.notice import caveats
    from planner.pipeline.area_run import AreaRun
    from planner.pipeline.seasons import by_season
    from planner.plans.upgrade import NETWORK_PARTS

    config, kept = configured(area, vehicle, None), keep_in(cache, no_cache)
    given = None if document is None else _plan_of(document, config.area.id)
    with progress_bar() as progress:
        run = AreaRun(
            config=config,
            date=date.date() if date else None,
            rejects=rejects_in(accept_bad),
            cache=kept,
            progress=progress,
            steps=5,
            given_area=given.area if given else None,
        )
        points = (given.stations if given else run.siting.stations).service_points
        rows = by_season(run, points.opened, standard_s=points.standard_s)
    if as_json:
        print_json(
            {
                "area": run.area.id,
                "date": run.day,
                "vehicle": run.roads.vehicle,
                "sited_for": None if given is not None else run.roads.season,
                "standard_s": points.standard_s,
                "service_points": points.opened,
                **caveats(run.area, config.parts(NETWORK_PARTS)),
                "seasons": rows,
            }
        )
    else:
        plan_tables.print_seasons(console, run.area, rows, standard_s=points.standard_s, own=run.roads.season)
        plan_tables.print_notice(console, run.area, config.parts(NETWORK_PARTS))
    if not points.found:
        raise typer.Exit(EXIT_INFEASIBLE)


def _plan_of(document: Path, area_id: str) -> NetworkPlan:
    from planner.cli.plan_files import load_document

    plan = load_document(document, DEFAULT_STORE).network
    if plan.area.id != area_id:
        raise UsageError(
            Message(
                "{document} is a plan of {found!r}, not of {area!r}: give the area it was made for",
                document=document,
                found=plan.area.id,
                area=area_id,
            )
        )
    return plan
