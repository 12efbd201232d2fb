"""The page a person sees first: the areas, their networks and their days."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.answers import LINKS
from api.deps import Store
from api.routers.areas import list_areas
from planner.outputs.known_shares import covered_text
from planner.outputs.page_templates import page_template

router = APIRouter(include_in_schema=False)

_SHOWN = 50


@router.get("/", response_class=HTMLResponse)
def home(store: Store) -> HTMLResponse:
    """Return the list of areas, networks and days with links to their pages and maps."""
    text = page_template("home.html", "api").render(
        areas=list_areas(store).areas,
        networks=store.networks(limit=_SHOWN),
        days=store.days(limit=_SHOWN),
        links=LINKS,
        covered_text=covered_text,
    )
    return HTMLResponse(text)
