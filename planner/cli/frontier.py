"""The command ``planner frontier``: service points chosen with the routes to them in mind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    JsonOption,
    NoCacheOption,
    OutOption,
    RejectsOption,
    SeasonOption,
    StoreOption,
    VehicleOption,
    configured,
    keep_in,
    print_json,
    progress_bar,
    rejects_in,
)
from planner.cli.terminal import console
from planner.errors import EXIT_INFEASIBLE, Message, UsageError

if TYPE_CHECKING:
    from planner.plans import NetworkPlan
    from planner.plans.frontier_study import FrontierStudy


def frontier(
    area: AreaArgument,
    network: Annotated[
        str,
        typer.Option(
            "--network",
            help="Network plan whose service points to compare with: its id or network.json; sited anew if left out.",
        ),
    ] = "",
    aim: Annotated[
        Literal["coverage", "minutes"], typer.Option("--aim", help="What yearly cost is weighed against.")
    ] = "coverage",
    lifetime_years: Annotated[
        float, typer.Option("--lifetime-years", min=1, max=100, help="Years over which opening a point is paid.")
    ] = 10.0,
    iterations: Annotated[
        int, typer.Option("--iterations", min=1, max=10**7, help="How long to search; a hundred steps each.")
    ] = 3000,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Keep this plan of the frontier as a network plan, too.")
    ] = None,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """What service points reach against what they and the routes to them cost a year, with a map a plan."""
    from planner.cli.frontier_tables import print_frontier
    from planner.cli.plan_files import kept_plans, network_for
    from planner.cli.results import keep_frontier, keep_network, made_writable, write_area_page
    from planner.outputs.frontier_page import frontier_figures
    from planner.pipeline.area_run import AreaRun
    from planner.pipeline.service.frontier import STEPS, FrontierWish, network_of_point, study_frontier
    from planner.service.frontier import FrontierAim

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    made_writable(out / config.area.id)
    with progress_bar() as progress, kept_plans(store) as plans:
        given = network_for(config.area.id, network, plans) if network else None
        run = AreaRun.for_siting(config, rejects=rejects_in(accept_bad), cache=kept, progress=progress, steps=STEPS)
        wish = FrontierWish(lifetime_years=lifetime_years, aim=FrontierAim(aim), iterations=iterations)
        study = study_frontier(run, network=given, wish=wish)
        chosen = None if keep is None else _chosen(study, keep)
        linked = chosen is not None or plans.current_network(config.area.id) is not None
        folder = keep_frontier(study, out, progress, area_page=linked)
        made: NetworkPlan | None = None
        if chosen is not None:
            made = network_of_point(run, chosen)
            keep_network(made, plans, out, progress)
        if linked:
            write_area_page(config.area.id, plans, out)
    if as_json:
        print_json({**frontier_figures(study), "folder": str(folder), "kept_network_id": made.id if made else None})
    else:
        print_frontier(console, study, folder, "" if made is None else made.id)
    if not study.plans:
        raise typer.Exit(EXIT_INFEASIBLE)


def _chosen(study: FrontierStudy, number: int) -> tuple[str, ...]:
    """Return the sites of a plan, by its number in the table."""
    if number > len(study.plans):
        raise UsageError(
            Message("--keep {number}: the frontier has plans 1 to {count}", number=number, count=len(study.plans))
        )
    return study.plans[number - 1].site_ids
