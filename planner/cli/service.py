"""Commands about a week's service: ``planner service`` and ``services``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    JsonOption,
    NoCacheOption,
    OutOption,
    SeasonOption,
    StoreOption,
    VehicleOption,
    configured,
    keep_in,
    print_json,
    progress_bar,
)
from planner.cli.stored import AreaId
from planner.cli.terminal import console
from planner.errors import EXIT_INFEASIBLE


def service(
    area: AreaArgument,
    network: Annotated[
        str,
        typer.Option(
            "--network",
            help="Network plan to rest on: its id or network.json; the published, else the newest, if left out.",
        ),
    ] = "",
    year: Annotated[
        int | None,
        typer.Option("--year", min=1900, max=2200, help="Year whose open sites are served; that of the area's date."),
    ] = None,
    only_week: Annotated[
        bool, typer.Option("--only-week", help="Leave out the seasons of the year and the phases of the network.")
    ] = False,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan the week of a network: how often each point is visited, on which days, by which way and vehicle."""
    from planner.cli.plan_files import kept_plans, network_for
    from planner.cli.results import keep_service, made_writable, write_area_page
    from planner.cli.service_tables import print_service, service_figures
    from planner.pipeline.earlier_days import earlier_days
    from planner.pipeline.service.plan import day_in_year, plan_service

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    made_writable(out / config.area.id)
    with progress_bar() as progress, kept_plans(store) as plans:
        planned = plan_service(
            network_for(config.area.id, network, plans),
            config,
            year=year,
            only_week=only_week,
            cache=kept,
            progress=progress,
            earlier=earlier_days(plans, config.area.id, day_in_year(config.routing.date, year)),
        )
        folder = keep_service(planned, plans, out, progress)
        write_area_page(config.area.id, plans, out)
    if as_json:
        print_json(service_figures(planned.plan, folder))
    else:
        print_service(console, planned.plan, folder)
    if planned.plan.not_visited or any(day.tiers.missed for day in planned.plan.days):
        raise typer.Exit(EXIT_INFEASIBLE)


def services(area: AreaId, store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """List the service plans of an area, the latest year first."""
    from planner.cli.plan_files import kept_area_id, kept_plans
    from planner.cli.service_tables import print_services

    with kept_plans(store) as plans:
        kept = plans.services.of_area(kept_area_id(area, plans))
    if as_json:
        print_json(kept)
    else:
        print_services(console, kept)
