"""Routing requests in VROOM's JSON, and running days planned again."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.answers import HTML
from api.deps import AreaLoader, LoadedDay
from api.fact_texts import with_texts
from planner.config import embedded_areas
from planner.config.differences import Difference
from planner.errors import BadDataError, Message, UnknownAreaError
from planner.model import Points, TravelMatrix
from planner.outputs.conflicts import place_names
from planner.outputs.fleet_names import FleetNames
from planner.outputs.replan import replan_page
from planner.pipeline.day_events import DayEvents
from planner.pipeline.replan import Replanned, replan_day, reply_of, run_of
from planner.pipeline.road_travel import ask_roads
from planner.plans import DayPlan
from planner.routing import Route, Unassigned
from planner.routing.day import StopChange
from planner.routing.vroom import INTERNAL_ERROR, error_answer, read_request, solve_vroom
from planner.words import error_text, render, say

router = APIRouter(tags=["routing"])

MAX_TASKS = 1000
"""Beyond this a request is refused: it would keep the server busy for minutes."""
MAX_BYTES = 32 * 1024 * 1024
"""Matrices of a thousand places have a fifth of it."""
_LOG = logging.getLogger("api")
Check = Annotated[bool, Query(description="Time the routes given as steps, and list what they break.")]


@router.post(
    "/routing/vroom",
    summary="Answer a VROOM request",
    response_model=None,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def vroom(request: HttpRequest, check: Check = False) -> JSONResponse:
    """Return VROOM's answer; with faults its code 2 or 3 and status 400 (413: too large), code 1 and 500 for one here."""
    return await run_in_threadpool(_vroom, await _begun(request), check)


async def _begun(request: HttpRequest) -> bytes:
    """Return the body, of one that is too large no more than shows it."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            break
    return bytes(body)


def _vroom(body: bytes, check: bool) -> JSONResponse:
    try:
        if len(body) > MAX_BYTES:
            raise _TooLargeError(
                Message("the VROOM request has {size} bytes, the server takes {most}", size=len(body), most=MAX_BYTES)
            )
        request = read_request(body, Message("the request"))
        _refuse_what_keeps_busy(request)
        return JSONResponse(solve_vroom(request, check=check, ask_roads=_ask_embedded))
    except BadDataError as error:
        answer = {
            **error_answer(error),
            "error": error_text(error),
            "planner": {"problems": [render(problem) for problem in error.problems]},
        }
        return JSONResponse(answer, status_code=413 if isinstance(error, _TooLargeError) else 400)
    except Exception:
        _LOG.exception("a VROOM request failed")
        return JSONResponse({"code": INTERNAL_ERROR, "error": say("internal error")}, status_code=500)


class ReplanReply(BaseModel):
    """A running day planned again: changes for stops that were announced, and the routes from now on; times in seconds.

    Nothing of it is kept, so that it has no id: ``kept`` is false. ``planner replan`` keeps what it makes as a day plan.
    ``walking_s`` are the seconds on foot in the driving time of each route from now on, by vehicle, where they are known.
    ``not_served`` was tried in vain; ``called_off_too_late`` was served before it was called off.
    """

    kept: Literal[False]

    plan_id: str
    now_s: float
    within_bound: bool
    more_m: float
    more_duty_s: float
    most_changes: int
    forced: int
    changes: tuple[StopChange, ...]
    area_differences: tuple[Difference, ...]
    done: tuple[str, ...]
    not_served: tuple[str, ...]
    called_off_too_late: tuple[str, ...]
    goods_gone: tuple[str, ...]
    routes: tuple[Route, ...]
    walking_s: dict[str, float]
    unassigned: tuple[Unassigned, ...]
    cost_yuan: float


Events = Annotated[DayEvents, Body(description="What has happened; clock times as HH:MM or seconds since midnight.")]


@router.post("/days/{day_id}/replan", summary="Plan what is left of a running day again", response_model=ReplanReply)
def replan(request: HttpRequest, plan: LoadedDay, events: Events) -> JSONResponse:
    """Return the new routes and every change, and keep nothing; 404 where the roads of the plan's area are not served here.

    To hand the new routes out, plan with ``planner replan``, which keeps them as a day plan. Why a stop is on no route has
    its ``text`` beside code and parameters.
    """
    reply = {**reply_of(_again(request, plan, events)), "kept": False}
    return JSONResponse(with_texts(reply, place_names(plan.area), FleetNames.of(plan)))


@router.post("/days/{day_id}/replan.html", summary="The same as a page to print")
def replan_as_page(request: HttpRequest, plan: LoadedDay, events: Events) -> Response:
    """Return the changes and each vehicle's stops from now on as a page; nothing of it is kept."""
    made = _again(request, plan, events)
    return Response(replan_page(plan, made.replan, made.now_s, made.walking_s, made.differences), media_type=HTML)


def _again(request: HttpRequest, plan: DayPlan, events: DayEvents) -> Replanned:
    load: AreaLoader = request.app.state.load_run
    there = load(plan.area.id, None)
    return replan_day(plan, run_of(plan, there.config, cache=there.cache), events, area=there.config)


class _TooLargeError(BadDataError):
    """A request for more than a server should be asked for."""


def _refuse_what_keeps_busy(request: Any) -> None:
    """Refuse more tasks or a longer search than a server should be asked for."""
    if not isinstance(request, dict):
        return
    jobs, shipments, extras = (request.get(key) for key in ("jobs", "shipments", "planner"))
    tasks = len(jobs) if isinstance(jobs, list) else 0
    tasks += 2 * len(shipments) if isinstance(shipments, list) else 0
    wanted = extras if isinstance(extras, dict) else {}
    problems = []
    if tasks > MAX_TASKS:
        problems.append(
            Message(
                "jobs, shipments: {tasks} tasks, the server takes {most}: use planner route --vroom",
                tasks=tasks,
                most=MAX_TASKS,
            )
        )
    for key, most in (("iterations", 2000), ("cpu_seconds", 60), ("threads", 2)):
        asked = wanted.get(key)
        if isinstance(asked, int | float) and asked > most:
            problems.append(
                Message("planner.{key}: {asked}, the server takes up to {most}", key=key, asked=asked, most=most)
            )
    if problems:
        raise _TooLargeError(Message("the VROOM request is too large for a server"), problems)


def _ask_embedded(area: str, profile: str, points: Points) -> TravelMatrix:
    """Answer for the areas that come with the planner only: a request must not name files of the server."""
    if area not in embedded_areas():
        raise UnknownAreaError(
            Message("no area {area}: there are {known}", area=repr(area), known=list(embedded_areas()))
        )
    return ask_roads(area, profile, points)
