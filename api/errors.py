"""Every error as one machine-readable body: ``{"error": {"code", "message", "problems"}}``."""

from __future__ import annotations

import http
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.schemas import ErrorBody, ErrorReply
from planner.errors import (
    BadDataError,
    PlannerError,
    PlanNotFoundError,
    PlanRejectedError,
    UnknownAreaError,
    UsageError,
)

_LOG = logging.getLogger("planner.api")

STATUS_OF: dict[type[PlannerError], int] = {
    PlanNotFoundError: 404,
    UnknownAreaError: 404,
    PlanRejectedError: 422,
    BadDataError: 422,
    UsageError: 422,
}
"""Errors of the planner that a request can bring about; any other is a 500 without details."""


class NotPartOfPlanError(PlannerError, LookupError):
    """A file that this plan does not have."""


STATUS_OF[NotPartOfPlanError] = 404

_CODES = {
    PlanNotFoundError: "plan_not_found",
    UnknownAreaError: "area_not_found",
    NotPartOfPlanError: "not_part_of_plan",
    PlanRejectedError: "plan_rejected",
    BadDataError: "bad_data",
    UsageError: "cannot_be_done",
}


def install(app: FastAPI) -> None:
    """Make the application answer errors in this form."""
    app.add_exception_handler(PlannerError, _planner_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _reply(
    status: int, code: str, message: str, problems: list[str], headers: dict[str, str] | None = None
) -> JSONResponse:
    body = ErrorReply(error=ErrorBody(code=code, message=message, problems=problems))
    return JSONResponse(body.model_dump(), status_code=status, headers=headers)


def _planner_error(request: Request, error: Exception) -> JSONResponse:
    kind = next((kind for kind in type(error).__mro__ if kind in STATUS_OF), None)
    if kind is None:
        return _unexpected(request, error)
    summary = error.summary if isinstance(error, BadDataError) else str(error)
    problems = list(error.problems) if isinstance(error, BadDataError) else []
    return _reply(STATUS_OF[kind], _CODES[kind], summary, problems)


def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']} (found {str(fault.get('input'))[:60]!r})"
        for fault in error.errors()
    ]
    return _reply(422, "invalid_request", "the request does not hold", problems)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = http.HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    message = f"{request.method} {request.url.path}: {error.detail}; see /docs for what there is"
    return _reply(error.status_code, code, message, [], dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _reply(500, "internal_error", "something went wrong on the server; its log says more", [])
