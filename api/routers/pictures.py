"""Pictures of plans for reports and slides: PNG, SVG and PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from api.answers import tagged
from api.deps import LoadedDay, LoadedNetwork
from api.errors import BusyError, NotPartOfPlanError
from api.schemas import ErrorReply
from planner.errors import Message
from planner.outputs.pictures import PAPERS, Kind, Paper, coverage_picture, phases_picture, routes_picture
from planner.plans import DayPlan, NetworkPlan

MOST_AT_ONCE = 4
"""One is drawn at a time, as many but one wait for their turn; who comes then is asked to come again."""


class PictureKind(StrEnum):
    """How a picture is written."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


_MEDIA_TYPES = {PictureKind.PNG: "image/png", PictureKind.SVG: "image/svg+xml", PictureKind.PDF: "application/pdf"}
_KINDS: dict[PictureKind, Kind] = {PictureKind.PNG: "png", PictureKind.SVG: "svg", PictureKind.PDF: "pdf"}


def _paper(
    size: Annotated[Literal["a5", "a4", "a3"], Query(description="of the sheet, in landscape")] = "a5",
    dpi: Annotated[int, Query(ge=50, le=300, description="dots an inch of a PNG")] = 150,
) -> Paper:
    return replace(PAPERS[size], dpi=dpi)


Sheet = Annotated[Paper, Depends(_paper)]
Phase = Annotated[
    str, Query(max_length=80, description="name of the phase whose coverage is drawn; the last if left out")
]


def _answers() -> dict[int | str, dict[str, Any]]:
    pictures = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _MEDIA_TYPES.values()}
    return {
        200: {"description": "The picture, of the media type that its ending says", "content": pictures},
        429: {"model": ErrorReply, "description": "as many pictures as the server takes on at once are in work"},
        503: {"model": ErrorReply, "description": "no font of the server has what is to be written"},
    }


def _only(*names: str) -> Any:
    """Return the dependency that refuses what a picture is not asked for by, or by twice: nobody knows which is meant."""

    def asked(request: Request) -> None:
        given = Counter(name for name, _ in request.query_params.multi_items())
        faults = [
            {"type": "extra_forbidden", "loc": ("query", name), "input": request.query_params[name]}
            if name not in names
            else {
                "type": "too_long",
                "loc": ("query", name),
                "input": ", ".join(request.query_params.getlist(name)),
                "ctx": {"max_length": 1, "actual_length": times},
            }
            for name, times in sorted(given.items())
            if name not in names or times > 1
        ]
        if faults:
            raise RequestValidationError(faults)

    return Depends(asked)


_OF_THE_SHEET = ("size", "dpi", "lang")
router = APIRouter(tags=["pictures"], responses=_answers(), default_response_class=Response)


@router.get(
    "/networks/{network_id}/coverage.{kind}",
    summary="Who is covered, as a picture",
    dependencies=[_only(*_OF_THE_SHEET, "phase")],
)
def get_coverage(request: Request, plan: LoadedNetwork, kind: PictureKind, paper: Sheet, phase: Phase = "") -> Response:
    """Return the picture of a phase, of the finished network if none is named; 404 where the network has no such phase."""
    stage = _stage(plan, phase)
    return _drawn(request, plan, kind, lambda: coverage_picture(plan, stage=stage, kind=_KINDS[kind], paper=paper))


@router.get(
    "/networks/{network_id}/phases.{kind}",
    summary="A map a phase, side by side, as a picture",
    dependencies=[_only(*_OF_THE_SHEET)],
)
def get_phases(request: Request, plan: LoadedNetwork, kind: PictureKind, paper: Sheet) -> Response:
    """Return the picture, 422 for a network that is built in one step."""
    return _drawn(request, plan, kind, lambda: phases_picture(plan, kind=_KINDS[kind], paper=paper))


@router.get(
    "/days/{day_id}/routes.{kind}", summary="All routes of a day as a picture", dependencies=[_only(*_OF_THE_SHEET)]
)
def get_routes(request: Request, plan: LoadedDay, kind: PictureKind, paper: Sheet) -> Response:
    """Return the picture."""
    return _drawn(request, plan, kind, lambda: routes_picture(plan, kind=_KINDS[kind], paper=paper))


def _stage(plan: NetworkPlan, phase: str) -> int | None:
    if not phase:
        return None
    names = [stage.name for stage in plan.stages]
    if phase not in names:
        raise NotPartOfPlanError(Message("no phase {phase}: there are {names}", phase=repr(phase), names=names))
    return names.index(phase)


def _drawn(request: Request, plan: NetworkPlan | DayPlan, kind: PictureKind, draw: Callable[[], bytes]) -> Response:
    in_work: BoundedSemaphore = request.app.state.pictures_in_work

    def drawn() -> bytes:
        if not in_work.acquire(blocking=False):
            raise BusyError(
                Message("as many pictures as the server takes on at once are being drawn: ask again in a minute")
            )
        try:
            return draw()
        finally:
            in_work.release()

    return tagged(request, plan, drawn, _MEDIA_TYPES[kind])
