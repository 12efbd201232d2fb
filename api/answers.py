"""Answers made from a plan: pages, GeoJSON and files, each sent again only if the caller does not have it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from fastapi import Request, Response

from planner import __version__
from planner.outputs.page_links import PageLinks
from planner.plans import Bulletin, DayPlan, NetworkPlan, ServicePlan
from planner.words import language

GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8"
HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GPKG = "application/geopackage+sqlite3"
_Plan = TypeVar("_Plan", NetworkPlan, DayPlan, Bulletin, ServicePlan)

LINKS = PageLinks(home=None)
"""How pages link each other here: one address a page, whose language is switched by ``?lang=``."""


def links_of(request: Request) -> PageLinks:
    """Return the links of a page that is made for what its address asks for, which the switch keeps."""
    return PageLinks(query=tuple((key, value) for key, value in request.query_params.multi_items() if key != "lang"))


def tagged(
    request: Request,
    plan: NetworkPlan | DayPlan | Bulletin | ServicePlan,
    make: Callable[[], bytes | str],
    media_type: str,
    beside: str = "",
) -> Response:
    """Answer with what ``make`` returns, or 304 if the caller has it.

    It may depend on the plan, what is named ``beside`` it, the language that is spoken and the program's version only.
    """
    tag = f'"{plan.id}-{beside}{language()}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(make(), media_type=media_type, headers=headers)


def geojson_text(collection: Mapping[str, object]) -> str:
    """Return GeoJSON as it is sent."""
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def file_of(write: Callable[[_Plan, Path], object], plan: _Plan, name: str) -> bytes:
    """Return the content of the file of this name that ``write`` writes of a plan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(plan, path)
        return path.read_bytes()
