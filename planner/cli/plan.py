"""Commands that plan: ``planner site``, ``day`` and ``plan``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.dates import service_date
from planner.cli.options import (
    DEFAULT_STORE,
    AreaArgument,
    CacheOption,
    DateOption,
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
    from planner.config import PlanConfig
    from planner.coverage import StationPlan
    from planner.plans import DayPlan
    from planner.plans.store import PlanStore


_NOT_SAID: Mapping[str, Any] = MappingProxyType({})


def site(
    area: AreaArgument,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Choose the service points and express stations of an area; keep and show its network plan."""
    from planner.cli.followed import followed_id, followed_network, print_followed
    from planner.cli.network_tables import network_figures, print_network
    from planner.cli.plan_files import kept_plans
    from planner.cli.results import keep_network, made_writable, write_area_page
    from planner.pipeline.area_run import AreaRun
    from planner.pipeline.site import plan_network

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    made_writable(out / config.area.id)
    with progress_bar() as progress, kept_plans(store) as plans:
        run = AreaRun.for_siting(config, rejects=rejects_in(accept_bad), cache=kept, progress=progress, steps=6)
        network, before = plan_network(run), followed_id(config.area.id, plans)
        folder = keep_network(network, plans, out, progress)
        followed = followed_network(network, before, plans)
        page = write_area_page(network.area.id, plans, out)
    if as_json:
        print_json({**network_figures(network, folder), **followed.figures()})
    else:
        print_network(console, network, page)
        print_followed(console, followed, network.area.id)
    _exit_if_infeasible(network.stations)


def day(
    area: AreaArgument,
    date: DateOption = None,
    network: Annotated[
        str,
        typer.Option(
            "--network",
            help="Network plan to rest on: its id or network.json; the published, else the newest, if left out.",
        ),
    ] = "",
    demand: Annotated[
        Path | None,
        typer.Option(
            "--demand",
            help="Table of the day's parcels (CSV, XLSX ...): a row a village, a point or a parcel; "
            "what it lacks is estimated.",
        ),
    ] = None,
    only_listed: Annotated[
        bool | None,
        typer.Option(
            "--only-listed/--estimate-rest",
            help="Villages that the table does not name have no parcels, or are estimated; left out, none in a list of "
            "parcels, estimated in a table of villages.",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            help="Write the table to fill in to this file (.xlsx or .csv; orders.xlsx if none is named), and plan nothing.",
        ),
    ] = None,
    service: Annotated[
        str,
        typer.Option(
            "--service",
            help="Plan of the week to follow: its id; the published, else the newest of the network and year, if left out; "
            "none: every point is visited.",
        ),
    ] = "",
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan the routes of one date on the network as it is open that day: parcels down, produce up."""
    from planner.cli.followed import print_basis
    from planner.cli.orders import print_reading, reading_figures
    from planner.cli.plan_files import kept_plans, network_for, service_for
    from planner.cli.plan_tables import day_figures, print_day
    from planner.cli.results import keep_day, made_writable, write_area_page
    from planner.config import load_config
    from planner.pipeline.day import OrdersFile, plan_day
    from planner.pipeline.earlier_days import earlier_days

    if only_listed is not None and demand is None:
        raise UsageError(Message("--only-listed and --estimate-rest say how --demand is read: give the table"))
    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    if template is not None:
        _write_template(template, config, store)
        return
    orders = None if demand is None else OrdersFile(path=demand, only_listed=only_listed)
    on = service_date(date, config)
    made_writable(out / config.area.id)
    with progress_bar() as progress, kept_plans(store) as plans:
        base = network_for(config.area.id, network, plans)
        planned = plan_day(
            base,
            config,
            date=on,
            orders=orders,
            cache=kept,
            progress=progress,
            earlier=replace(
                earlier_days(plans, config.area.id, on), service=service_for(base.id, on.year, service, plans)
            ),
        )
        folder = keep_day(planned, plans, out, progress)
        write_area_page(config.area.id, plans, out)
    if as_json:
        print_json({**day_figures(planned.plan, folder), **reading_figures(planned.findings)})
    else:
        print_reading(console, planned.findings)
        print_day(console, planned.plan, folder)
        print_basis(console, planned.plan, load_config(area))
    _exit_if_infeasible(planned.plan.network.stations)
    _exit_if_partial(planned.plan)


def _write_template(path: Path, config: PlanConfig, store: str) -> None:
    from planner.cli.orders import write_template
    from planner.cli.plan_files import kept_plans

    with kept_plans(store) as plans:
        write_template(path, config, plans)
    console.print(f"→ {path}", soft_wrap=True)


def plan(
    area: AreaArgument,
    date: DateOption = None,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """Plan the network and one day on it, with maps and courier files; keep both."""
    from planner.cli.followed import followed_id, followed_network, print_followed
    from planner.cli.plan_files import kept_plans

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    with kept_plans(store) as plans:
        before = followed_id(config.area.id, plans)
        result = plan_and_write(config, service_date(date, config), out, plans, accept_bad, kept)
        followed = followed_network(result.network, before, plans)
    print_plan(result, out, as_json, followed.figures())
    if not as_json:
        print_followed(console, followed, config.area.id)
    _exit_if_infeasible(result.network.stations)
    _exit_if_partial(result)


def plan_and_write(
    config: PlanConfig,
    on: datetime.date,
    out: Path,
    plans: PlanStore,
    accept_bad: Path | None,
    kept: Path | None,
) -> DayPlan:
    """Plan an area's network and one day on it, keep both and write their files; return the day."""
    from planner.cli.results import keep_day, keep_network, made_writable, write_area_page
    from planner.config import phase_on
    from planner.pipeline.area_run import AreaRun
    from planner.pipeline.day import plan_day
    from planner.pipeline.earlier_days import earlier_days
    from planner.pipeline.site import plan_network

    phase_on(config.coverage.phases, on)  # a date too early is said before the long work
    made_writable(out / config.area.id)
    with progress_bar() as progress:
        run = AreaRun.for_siting(config, rejects=rejects_in(accept_bad), cache=kept, progress=progress, steps=6)
        network = plan_network(run)
        keep_network(network, plans, out, progress)
        planned = plan_day(
            network,
            config,
            date=on,
            roads=run.roads,
            cache=kept,
            progress=progress,
            earlier=earlier_days(plans, config.area.id, on),
        )
        keep_day(planned, plans, out, progress)
        write_area_page(config.area.id, plans, out)
    return planned.plan


def print_plan(result: DayPlan, out: Path, as_json: bool, followed: Mapping[str, Any] = _NOT_SAID) -> None:
    """Show both plans of an area, or their figures for programs."""
    from planner.cli.network_tables import network_figures, print_network
    from planner.cli.plan_tables import day_figures, print_day
    from planner.cli.results import folder_of

    network, folder = result.network, folder_of(result, out)
    if as_json:
        network_folder = folder_of(network, out)
        sited = {**network_figures(network, network_folder), **followed}
        print_json({"network": sited, "day": day_figures(result, folder)})
    else:
        print_network(console, network, out / network.area.id / "index.html")
        print_day(console, result, folder)


def _exit_if_infeasible(stations: StationPlan) -> None:
    tiers = (stations.service_points, stations.express_stations)
    if not all(tier.found and not tier.relaxed for tier in tiers):
        raise typer.Exit(EXIT_INFEASIBLE)


def _exit_if_partial(result: DayPlan) -> None:
    if result.routes.unassigned or not result.open_stage.opened:
        raise typer.Exit(EXIT_INFEASIBLE)
