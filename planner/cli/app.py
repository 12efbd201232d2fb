"""The command line: ``planner init | fetch | places | people | check | site | service | day | plan | ...``.

Exit codes: 0 done, 2 wrong usage, 3 bad data, 4 infeasible or partial.
"""

from __future__ import annotations

import datetime
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from planner import __version__
from planner.cli import actuals as actuals_command
from planner.cli import demo as demo_command
from planner.cli import filling_in
from planner.cli import frontier as frontier_command
from planner.cli import monthly as bulletin_commands
from planner.cli import picture as picture_command
from planner.cli import plan as plan_commands
from planner.cli import replan as routing_commands
from planner.cli import roads as road_commands
from planner.cli import service as service_commands
from planner.cli import siting as siting_commands
from planner.cli import stored as stored_commands
from planner.cli import trace as trace_command
from planner.cli import vroom as vroom_commands
from planner.cli.complaint import ask_findings, complain, take_findings, wants_json
from planner.cli.language import ask_language, system_language, take_language
from planner.cli.options import (
    DEFAULT_STORE,
    OVERPASS_URL,
    CacheOption,
    DatumName,
    JsonOption,
    NoCacheOption,
    RejectsOption,
    StoreOption,
    keep_in,
    never_fail_to_print,
    print_json,
    progress_bar,
    rejects_in,
)
from planner.cli.orders import DayCommand
from planner.cli.spoken import SpokenTyper
from planner.cli.terminal import console, trouble
from planner.errors import EXIT_BAD_DATA, EXIT_USAGE, Message, PlannerError, UsageError, system_fault
from planner.words import language, render, say, speaking
from planner.words.click_words import speak_click

if TYPE_CHECKING:
    import shapely

app = SpokenTyper(
    help="Site rural service points and express stations, and plan the routes between them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 2 wrong usage, 3 bad data, 4 infeasible or partial.",
)


@app.callback(invoke_without_command=True)
def _root(
    lang: Annotated[
        Literal["zh", "en"] | None,
        typer.Option(
            "--lang",
            help="Language of what is said and written, before or after the command; else that of PLANNER_LANG, the "
            "area, or the system.",
        ),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            help="Write all that is wrong in files as a table to this CSV file, before or after the command; if it is "
            "more than is shown, planner-findings.csv otherwise.",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if lang is not None:
        ask_language(lang)
    if findings is not None:
        ask_findings(findings)
    if version:
        console.print(__version__)
        raise typer.Exit


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not contain an area.toml yet.")],
    division: Annotated[str, typer.Option(help="Six-digit code or name of the county, for example 231221.")] = "",
    boundary: Annotated[
        Path | None, typer.Option(help="File with the area's boundary: for an area that is no county, or a better one.")
    ] = None,
    boundary_datum: Annotated[DatumName, typer.Option(help="Datum the boundary's file is in.")] = "wgs84",
    pbf: Annotated[
        Path | None, typer.Option(help="OpenStreetMap file to cut the roads from, and without a county the places.")
    ] = None,
    straight_lines: Annotated[
        bool, typer.Option("--straight-lines", help="Estimate travel on straight lines: for an area without roads yet.")
    ] = False,
) -> None:
    """Start an area: area.toml, and a table of its villages to fill in, a county's from the register."""
    from planner.config import Datum
    from planner.geodata.register import find_county
    from planner.geodata.scaffold import shell_word, start_area

    code = find_county(division)[0] if division else ""
    for path in start_area(
        folder,
        code,
        date=datetime.date.today(),
        language=language(),
        boundary=boundary,
        boundary_datum=Datum(boundary_datum),
        pbf=pbf,
        straight_lines=straight_lines,
    ):
        console.print(str(path), soft_wrap=True)
    whole = shell_word(folder)
    peopled = not code  # the settlements of a file come with people
    for step, command in (
        (say("Then, one after the other:"), ""),
        *([(say("get the roads:"), f"planner fetch {whole}")] if pbf is None and not straight_lines else []),
        (say("find positions in a list of points:"), f"planner places {whole} CN.zip"),
        *([(say("fill in people:"), f"planner people {whole} worldpop.tif --total N")] if not peopled else []),
        (say("examine the files:"), f"planner check {whole}"),
        (say("plan:"), f"planner plan {whole}"),
    ):
        console.print(f"{step} {command}".rstrip(), highlight=False, soft_wrap=True)


@app.command()
def fetch(
    county: Annotated[str, typer.Argument(help="Six-digit code or name of a county, or the folder of an area.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for roads.osm.pbf, usually the one planner init made; an area's own if left out."
        ),
    ] = None,
    pbf: Annotated[
        Path | None, typer.Option(help="Cut this OpenStreetMap file (Geofabrik) instead of downloading.")
    ] = None,
    overpass_url: Annotated[str, typer.Option(help="Overpass server.")] = OVERPASS_URL,
    tries: Annotated[
        int, typer.Option(min=1, max=100, help="How often a part is asked for before the download stops.")
    ] = 6,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again for what was downloaded before.")] = False,
) -> None:
    """Get an area's roads and places from OpenStreetMap; a download that broke off goes on where it stopped."""
    from planner.config import CONFIG_NAME
    from planner.geodata.fetch import cut_file, fetch_county
    from planner.geodata.overpass import Patience

    name, outline, folder = _ground_of(county, out)
    with progress_bar() as progress:
        if pbf is not None:
            got = cut_file(pbf, outline, folder, progress=progress)
        else:
            got = fetch_county(
                outline,
                folder,
                overpass_url=overpass_url,
                refresh=refresh,
                progress=progress,
                notice=lambda said: trouble.print(render(said), highlight=False, soft_wrap=True),
                patience=Patience(tries=tries),
            )
    said = say("{county}: {ways} ways, {places} places", county=name, ways=got.ways, places=got.places)
    console.print(f"{said} → {got.path}", soft_wrap=True)
    if got.asked is not None and got.asked < datetime.date.today():
        console.print(
            say("the oldest part was downloaded on {date}: --refresh asks again", date=got.asked.isoformat()),
            soft_wrap=True,
        )
    console.print(say("© OpenStreetMap contributors, ODbL 1.0"))
    if (folder / CONFIG_NAME).is_file():
        filling_in.places_of_roads(folder, got.path)


def _ground_of(county: str, out: Path | None) -> tuple[str, shapely.Geometry, Path]:
    """Return what to call a county or an area, its outline, and the folder its roads go to."""
    from planner.config import CONFIG_NAME, load_config
    from planner.geodata.assemble import boundary_of
    from planner.geodata.register import county_boundary, find_county

    if (Path(county) / CONFIG_NAME).is_file():
        config = load_config(county)
        return config.area.name, boundary_of(config), out or config.folder
    code, name = find_county(county)
    if out is None:
        raise UsageError(Message("--out is missing: the folder for the roads of {county}", county=f"{name} {code}"))
    return f"{name} {code}", county_boundary(code), out


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="An area's folder; or CSV, XLSX, GeoJSON, GeoPackage, shapefile, OSM files.")
    ],
    datum: Annotated[
        DatumName | None,
        typer.Option(help="Datum the coordinates are in; an area's folder says it in its area.toml."),
    ] = None,
    division: Annotated[str, typer.Option(help="Six-digit code of the county; found from the codes if left out.")] = "",
    accept_bad: RejectsOption = None,
    as_json: JsonOption = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what this system holds the reading of files to.")
    ] = False,
) -> None:
    """Examine files before planning: every fault with file, row, field and a proposed remedy."""
    from planner.cli.plan_tables import print_findings, print_protections
    from planner.config import Datum
    from planner.model import as_message
    from planner.pipeline.examine import examine_files

    given = Datum(datum) if datum else None
    if verbose and not as_json:
        print_protections(console)
    with progress_bar() as progress:
        found = examine_files(
            files, datum=given, division_code=division, accept_bad=rejects_in(accept_bad), progress=progress
        )
    if as_json:
        findings = [
            {
                **{name: getattr(finding, name) for name in ("severity", "code", "file", "row", "field", "value")},
                **{name: render(as_message(getattr(finding, name))) for name in ("message", "remedy")},
            }
            for finding in found.findings
        ]
        print_json({"files": found.files, "findings": findings})
    else:
        print_findings(console, found.files, found.findings)
    if found.unusable_files or (accept_bad is None and any(f.severity == "error" for f in found.findings)):
        raise typer.Exit(EXIT_BAD_DATA)


# as planner --help lists them
app.command()(filling_in.places)
app.command()(filling_in.people)
app.command()(plan_commands.site)
app.command()(service_commands.service)
app.command(cls=DayCommand)(plan_commands.day)
app.command()(plan_commands.plan)
app.command()(demo_command.demo)
app.command()(stored_commands.networks)
app.command()(service_commands.services)
app.command()(stored_commands.days)
app.command()(actuals_command.actuals)
app.command()(stored_commands.publish)
app.command()(stored_commands.export)
app.command()(trace_command.trace)
app.command()(picture_command.picture)
app.command()(bulletin_commands.bulletin)
app.command()(bulletin_commands.bulletins)
app.command()(routing_commands.replan)
app.command()(road_commands.reach)
app.command()(road_commands.seasons)
app.command()(siting_commands.curve)
app.command()(frontier_command.frontier)
app.command()(siting_commands.compare)
app.command()(vroom_commands.route)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port; /health answers when it is ready.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    store: StoreOption = DEFAULT_STORE,
    area: Annotated[
        list[Path] | None,
        typer.Option("--area", help="Folder of an area whose roads can be asked for; may be repeated."),
    ] = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Serve areas, plans, maps and courier files over HTTP."""
    import uvicorn

    from api import Settings, create_app
    from planner.cli.plan_files import kept_plans

    settings = Settings(store_url=store, area_folders=tuple(area or ()), cache=keep_in(cache, no_cache))
    settings.areas()  # folders that hold no area are said before the server starts
    with kept_plans(store) as plans:  # a store that cannot be used is said before the server starts
        count = plans.count()
    listener = _listen(host, port)
    kept = say("{count} plan" if count == 1 else "{count} plans", count=count)
    trouble.print(f"http://{host}:{port}  (/docs, /health)  {kept}")
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
    server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises
    ------
    UsageError
        If the address is taken or is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform == "win32":  # where SO_REUSEADDR would let two servers have one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        why = Message("no such host") if isinstance(error, socket.gaierror) else system_fault(error)
        raise UsageError(
            Message("{address}: {why}: choose another --port or --host", address=f"{host}:{port}", why=why)
        ) from error
    return listener


def _for_program(arguments: list[str]) -> int:
    """Run the command line and return its exit code; an error of usage is raised as one of ours, not said with usage.

    Raises
    ------
    UsageError
        If an option or argument is missing, unknown or of another kind.
    """
    try:
        code = app(arguments, standalone_mode=False)
    except Exception as error:
        if (say_it := getattr(error, "format_message", None)) is None:
            raise
        raise UsageError(say_it()) from error
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line; an expected error is one message on standard error and its exit code."""
    never_fail_to_print()
    with speaking(system_language()):
        as_json = wants_json(sys.argv[1:])
        try:
            arguments = take_findings(take_language(sys.argv[1:]))
            speak_click(language())
            if as_json:
                sys.exit(_for_program(arguments))
            app(arguments)
        except PlannerError as error:
            complain(error, as_json=as_json)
            sys.exit(error.exit_code)
        except OSError as error:
            place = error.filename or Message("a file")
            why = system_fault(error)
            what = Message("{place}: {why}: choose another place, or free this one", place=place, why=why)
            complain(UsageError(what), as_json=as_json)
            sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
