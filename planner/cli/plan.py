"""Commands that plan: ``planner site``, ``route``, ``plan``, ``demo`` and ``export``."""

from __future__ import annotations

import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
    console,
    keep_in,
    print_json,
    progress_bar,
)
from planner.errors import EXIT_BAD_DATA, EXIT_INFEASIBLE, BadDataError, UsageError

if TYPE_CHECKING:
    from planner.config import PlanConfig
    from planner.coverage import StationPlan
    from planner.plans import Plan


def site(
    area: AreaArgument,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """选址: Choose the service points and express stations of an area."""
    from planner.cli import siting_tables, tables
    from planner.outputs.equity import village_equity
    from planner.pipeline.area_run import AreaRun

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    with progress_bar() as progress:
        run = AreaRun(config=config, rejects=accept_bad, cache=kept, progress=progress)
        siting, subsidies = run.siting, run.subsidies
    stations, equity = siting.stations, village_equity(run.area, siting.stations)
    if as_json:
        tiers = {"service_points": stations.service_points, "express_stations": stations.express_stations}
        print_json({**tiers, "mends": siting.mends, "phases": siting.phases, "subsidies": subsidies, "equity": equity})
    else:
        tables.print_stations(console, run.area, stations, siting.mends)
        siting_tables.print_phases(console, run.area, siting.phases)
        siting_tables.print_subsidies(console, subsidies)
        if stations.service_points.found:
            siting_tables.print_equity(console, equity, stations.service_points.standard_s)
        tables.print_remarks(console, [str(finding) for finding in run.findings])
        tables.print_notice(console, run.area)
    _exit_if_infeasible(stations)


def route(
    area: Annotated[str, typer.Argument(help="As for plan; none with --vroom.")] = "",
    date: DateOption = None,
    vehicle: VehicleOption = None,
    season: SeasonOption = None,
    accept_bad: RejectsOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
    vroom: Annotated[
        Path | None, typer.Option(help="Answer this VROOM request (- for standard input) on standard output.")
    ] = None,
    check_routes: Annotated[
        bool, typer.Option("--check", help="With --vroom: time the routes given as steps and list what they break.")
    ] = False,
) -> None:
    """线路规划: Plan the day's rounds of an area: parcels down, produce up; or answer a VROOM request."""
    if vroom is not None:
        if area or date or accept_bad:
            raise UsageError("--vroom answers one request: give no area, date or --accept-bad with it")
        _answer_vroom(vroom, check_routes)
        return
    if not area or check_routes:
        raise UsageError("give an area, for example baiquan, or --vroom request.json (with --check for given routes)")
    from planner.cli import tables
    from planner.pipeline.day import make_plan

    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    day = date.date() if date else None
    with progress_bar() as progress:
        result = make_plan(config, date=day, rejects=accept_bad, cache=kept, progress=progress).plan
    if as_json:
        print_json(result.routes)
    else:
        tables.print_routes(console, result)
        tables.print_remarks(console, result.remarks)
        tables.print_notice(console, result.area)
    _exit_if_partial(result)


def _answer_vroom(document: Path, check_routes: bool) -> None:
    """Print VROOM's answer; for a request with faults that of code 2, and end with 3; with 4 where a task is unassigned."""
    from planner.pipeline.road_travel import ask_roads
    from planner.routing.vroom import error_answer, solve_vroom

    try:
        request = _read_json(document)
        answer = solve_vroom(request, check=check_routes, ask_roads=ask_roads)
    except BadDataError as error:
        print_json(error_answer(error))
        raise typer.Exit(EXIT_BAD_DATA) from error
    print_json(answer)
    if answer["summary"]["unassigned"] or answer["summary"]["violations"]:
        raise typer.Exit(EXIT_INFEASIBLE)


def _read_json(document: Path) -> Any:
    standard_input = str(document) == "-"
    name = "standard input" if standard_input else str(document)
    if not standard_input and not document.is_file():
        raise BadDataError(f"{name}: no such file", [f"{name}: no such file"])
    try:
        # JSON is in UTF-8, whatever the console's encoding; editors on Windows put a mark before it
        content = sys.stdin.buffer.read() if standard_input else document.read_bytes()
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadDataError(f"{name}: not JSON: {error}", [f"{name}: not JSON: {error}"]) from error


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
    """全流程: Do all of it: stations, routes, maps, courier files; and keep the plan."""
    config, kept = configured(area, vehicle, season), keep_in(cache, no_cache)
    result = _plan_and_write(config, date.date() if date else None, out, store, accept_bad, kept)
    _print_plan(result, out, as_json)
    _exit_if_partial(result)


def demo(
    out: OutOption = Path("out"),
    store: StoreOption = DEFAULT_STORE,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    as_json: JsonOption = False,
) -> None:
    """演示: Plan both embedded areas, into out/<area>/."""
    from planner.config import embedded_areas, load_config

    kept = keep_in(cache, no_cache)
    for name in embedded_areas():
        _print_plan(_plan_and_write(load_config(name), None, out, store, None, kept), out, as_json)


def export(
    document: Annotated[Path, typer.Argument(help="A plan.json.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
) -> None:
    """导出: Write maps, workbook, GeoPackage and courier files of a plan.json again."""
    from planner.cli.plan_files import load_plan_file
    from planner.outputs.write import write_outputs

    loaded = load_plan_file(document)
    _folder_to_write(out)
    with progress_bar() as progress:
        written = write_outputs(loaded, out, progress=progress)
    for path in written:
        console.print(str(path), markup=False, soft_wrap=True)


def _plan_and_write(
    config: PlanConfig,
    date: datetime.date | None,
    out: Path,
    store: str,
    accept_bad: Path | None,
    kept: Path | None,
) -> Plan:
    from planner.outputs.write import write_outputs
    from planner.pipeline.day import make_plan
    from planner.plans.store import open_store

    folder = _folder_to_write(out / config.area.id)
    with progress_bar() as progress:
        planned = make_plan(config, date=date, rejects=accept_bad, cache=kept, progress=progress)
        with open_store(store) as plans:
            plans.save(planned.plan, planned.problem, created_at=datetime.datetime.now(datetime.UTC))
        write_outputs(planned.plan, folder, progress=progress)
    return planned.plan


def _folder_to_write(folder: Path) -> Path:
    """Return the folder, made if need be and seen to be writable before the long work begins."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return folder


def _print_plan(result: Plan, out: Path, as_json: bool) -> None:
    from planner.cli.tables import headline, print_plan

    folder = out / result.area.id
    if as_json:
        print_json(headline(result, folder))
    else:
        print_plan(console, result, folder)


def _exit_if_infeasible(stations: StationPlan) -> None:
    if not (stations.service_points.found and stations.express_stations.found):
        raise typer.Exit(EXIT_INFEASIBLE)


def _exit_if_partial(result: Plan) -> None:
    _exit_if_infeasible(result.stations)
    if result.routes.unassigned:
        raise typer.Exit(EXIT_INFEASIBLE)
