"""Routing requests in VROOM's JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from planner.config import embedded_areas
from planner.errors import BadDataError, UnknownAreaError
from planner.road_travel import ask_roads
from planner.routing.vroom import error_answer, solve_vroom
from planner.travel import Points, TravelMatrix

router = APIRouter(prefix="/routing", tags=["routing"])

MAX_TASKS = 1000
"""Beyond this a request is refused: it would keep the server busy for minutes."""
Request = Annotated[dict[str, Any], Body(description="A VROOM request; places by location_index, or planner.area.")]
Check = Annotated[bool, Query(description="Time the routes given as steps, and list what they break.")]


@router.post("/vroom", summary="Answer a VROOM request", response_model=None)
def vroom(request: Request, check: Check = False) -> dict[str, Any] | JSONResponse:
    """Return VROOM's answer, or with status 422 VROOM's code 2 and every fault."""
    try:
        _refuse_what_keeps_busy(request)
        return solve_vroom(request, check=check, ask_roads=_ask_embedded)
    except BadDataError as error:
        return JSONResponse(error_answer(error), status_code=422)


def _refuse_what_keeps_busy(request: dict[str, Any]) -> None:
    """Refuse more tasks or a longer search than a server should be asked for."""
    jobs, shipments, extras = (request.get(key) for key in ("jobs", "shipments", "planner"))
    tasks = len(jobs) if isinstance(jobs, list) else 0
    tasks += 2 * len(shipments) if isinstance(shipments, list) else 0
    wanted = extras if isinstance(extras, dict) else {}
    problems = []
    if tasks > MAX_TASKS:
        problems.append(f"jobs, shipments: {tasks} tasks, the server takes {MAX_TASKS}: use planner route --vroom")
    for key, most in (("iterations", 2000), ("cpu_seconds", 60)):
        asked = wanted.get(key)
        if isinstance(asked, int | float) and asked > most:
            problems.append(f"planner.{key}: {asked}, the server takes up to {most}")
    if problems:
        raise BadDataError("the VROOM request is too large for a server", problems)


def _ask_embedded(area: str, profile: str, points: Points) -> TravelMatrix:
    """Answer for the areas that come with the planner only: a request must not name files of the server."""
    if area not in embedded_areas():
        raise UnknownAreaError(f"no area {area!r}: there are {', '.join(embedded_areas())}")
    return ask_roads(area, profile, points)
