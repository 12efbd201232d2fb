"""The page a person sees first: the areas and their plans."""

from __future__ import annotations

import jinja2
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.deps import Store
from api.routers.areas import list_areas

router = APIRouter(include_in_schema=False)

_PAGES = jinja2.Environment(
    loader=jinja2.PackageLoader("api", "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)


@router.get("/", response_class=HTMLResponse)
def home(store: Store) -> HTMLResponse:
    """Return the list of areas and plans with links to maps and files."""
    text = _PAGES.get_template("home.html").render(areas=list_areas(store).areas, plans=store.list(limit=50))
    return HTMLResponse(text)
