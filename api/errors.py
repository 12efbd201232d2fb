"""Every error as one body in the language of the request: ``{"error": {"code", "message", "problems", "faults"}}``."""

from __future__ import annotations

import http
import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.request_language import asked_language
from api.schemas import ErrorBody, ErrorReply, FaultRecord
from planner.config import plain
from planner.errors import (
    BadDataError,
    Message,
    PlannerError,
    PlanNotFoundError,
    PlanRejectedError,
    UnknownAreaError,
    UsageError,
)
from planner.outputs.pictures import MissingFontError
from planner.words import error_text, fault_record, fault_records, language, render, say, speaking

_LOG = logging.getLogger("api")


class NotPartOfPlanError(PlannerError, LookupError):
    """A file that this plan does not have."""


class BusyError(PlannerError):
    """The server does as much of this work as it takes on at once."""


_ANSWERS: dict[type[PlannerError], tuple[int, str]] = {
    PlanNotFoundError: (404, "plan_not_found"),
    UnknownAreaError: (404, "area_not_found"),
    NotPartOfPlanError: (404, "not_part_of_plan"),
    PlanRejectedError: (422, "plan_rejected"),
    BadDataError: (422, "bad_data"),
    UsageError: (422, "cannot_be_done"),
    BusyError: (429, "busy"),
    MissingFontError: (503, "no_font"),
}
"""Status and code of the errors that a request can bring about; any other is a 500 without details."""

_RETRY_AFTER_S = 30


def install(app: FastAPI) -> None:
    """Make the application answer errors in this form."""
    app.add_exception_handler(PlannerError, _planner_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _reply(
    status: int,
    code: str,
    message: str,
    problems: list[str],
    headers: dict[str, str] | None = None,
    faults: Sequence[FaultRecord] = (),
) -> JSONResponse:
    body = ErrorReply(error=ErrorBody(code=code, message=message, problems=problems, faults=list(faults)))
    return JSONResponse(body.model_dump(), status_code=status, headers=headers)


def _planner_error(request: Request, error: Exception) -> JSONResponse:
    answer = next((_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS), None)
    if answer is None:
        return _failed(request, error)
    status, code = answer
    message, problems, faults = error_text(error), [], []
    if isinstance(error, BadDataError):
        message, problems = render(error.summary), [render(problem) for problem in error.problems]
        faults = [FaultRecord.model_validate(record) for record in fault_records(error)] if problems else []
    headers = {"Retry-After": str(_RETRY_AFTER_S)} if status == 429 else None
    return _reply(status, code, message, problems, headers, faults)


def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        Message(
            "{key}: {fault} (found {value})",
            key=".".join(map(str, fault["loc"])),
            fault=plain(fault),
            value=repr(str(fault.get("input"))[:60]),
        )
        for fault in error.errors()
    ]
    told = [FaultRecord.model_validate(fault_record(fault)) for fault in faults]
    return _reply(422, "invalid_request", say("the request is invalid"), [render(one) for one in faults], faults=told)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = http.HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    asked = {"method": request.method, "path": request.url.path}
    if error.status_code == 404:
        message = say("{method} {path}: there is no such address; see /docs for what there is", **asked)
    elif error.status_code == 405:
        message = say("{method} {path}: the address does not take this method; see /docs for what there is", **asked)
    else:
        message = say("{method} {path}: {detail}; see /docs for what there is", **asked, detail=error.detail)
    return _reply(error.status_code, code, message, [], dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """Answer outside of all else, where the request's language is no longer spoken."""
    with speaking(asked_language(request) or language()):
        return _failed(request, error)


def _failed(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%r %r failed", request.method, request.url.path, exc_info=error)
    return _reply(500, "internal_error", say("something went wrong on the server; its log says more"), [])
