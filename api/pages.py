"""The page a person sees first: the areas and their plans."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.deps import Store
from api.routers.areas import list_areas
from planner.outputs.page_templates import page_template

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def home(store: Store) -> HTMLResponse:
    """Return the list of areas and plans with links to maps and files."""
    text = page_template("home.html", "api").render(areas=list_areas(store).areas, plans=store.list(limit=50))
    return HTMLResponse(text)
