"""The command that answers requests in VROOM's format: ``planner route``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.options import print_json
from planner.errors import EXIT_BAD_DATA, EXIT_INFEASIBLE, BadDataError, Message, of_file
from planner.sandbox import cap, over_cap


def route(
    vroom: Annotated[
        Path, typer.Option(help="The request (- for standard input); the answer goes to standard output.")
    ],
    check_routes: Annotated[
        bool, typer.Option("--check", help="Time the routes given as steps and list what they break.")
    ] = False,
) -> None:
    """Answer a request in VROOM's format."""
    _answer_vroom(vroom, check_routes)


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
    from planner.routing.vroom import read_request

    standard_input = str(document) == "-"
    name = Message("standard input") if standard_input else str(document)
    if not standard_input and not document.is_file():
        fault = of_file(name, Message("no such file"))
        raise BadDataError(fault, [fault])
    if not standard_input and document.stat().st_size > cap("json_mb") * 2**20:
        raise over_cap(name, "json_mb")
    # JSON is in UTF-8, whatever the console's encoding
    return read_request(sys.stdin.buffer.read() if standard_input else document.read_bytes(), name)
