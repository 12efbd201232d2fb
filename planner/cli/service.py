"""Commands about a week's service: ``planner service`` and ``services``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from planner.progress import Progress, silent

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.plans import NetworkPlan, ServicePlan
    from planner.plans.store import PlanStore


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
    from planner.cli.results import made_writable
    from planner.cli.service_tables import print_service, service_figures

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    made_writable(out / config.area.id)
    with progress_bar() as progress, kept_plans(store) as plans:
        base = network_for(config.area.id, network, plans)
        asked = AskedService(year=year, only_week=only_week, cache=kept, progress=progress)
        plan, folder = made_service(base, config, asked, plans, out)
    if as_json:
        print_json(service_figures(plan, folder))
    else:
        print_service(console, plan, folder)
    cuts_off_hub = plan.seasons is not None and plan.seasons.cuts_off_hub
    if cuts_off_hub or plan.not_visited or any(day.tiers.missed for day in plan.days):
        raise typer.Exit(EXIT_INFEASIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedService:
    """What of a service plan is asked, where roads are kept, and who hears how far it is."""

    year: int | None = None
    only_week: bool = False
    cache: Path | None = None
    progress: Progress = silent


def made_service(
    network: NetworkPlan, config: PlanConfig, asked: AskedService, plans: PlanStore, out: Path
) -> tuple[ServicePlan, Path]:
    """Plan the week of a network, keep it and write its files and the area's page; return it and its folder."""
    from planner.cli.results import keep_service, write_area_page
    from planner.pipeline.earlier_days import earlier_days
    from planner.pipeline.service.plan import day_in_year, plan_service

    planned = plan_service(
        network,
        config,
        year=asked.year,
        only_week=asked.only_week,
        cache=asked.cache,
        progress=asked.progress,
        earlier=earlier_days(plans, config.area.id, day_in_year(config.routing.date, asked.year)),
    )
    folder = keep_service(planned, plans, out, asked.progress)
    write_area_page(config.area.id, plans, out)
    return planned.plan, folder


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
