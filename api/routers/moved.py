"""Where plans were before networks and days had addresses of their own: who comes there is sent on."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from api.deps import DayId, Store
from planner.errors import PlanNotFoundError

router = APIRouter(prefix="/plans/{day_id}", include_in_schema=False)

_OF_NETWORK = {
    **{part: part for part in ("coverage.html", "stations.geojson", "villages.geojson", "reach.geojson")},
    **{part: part for part in ("seasons", "siting")},
    "stations.xlsx": "network.xlsx",
    "stations.gpkg": "network.gpkg",
}
"""Parts of a plan that are now parts of the network that its day stands on."""


@router.api_route("", methods=["GET", "POST"])
@router.api_route("/{part:path}", methods=["GET", "POST"])
def send_on(request: Request, day_id: DayId, store: Store, part: str = "") -> RedirectResponse:
    """Send on to the day or network of that id and the same part, 404 if there is neither."""
    where = _new_place(store, day_id, part)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(where) + query, status_code=308)


def _new_place(store: Store, plan_id: str, part: str) -> str:
    try:
        day = store.day_summary(plan_id)
    except PlanNotFoundError:
        renamed = {"plan.json": "network.json", **_OF_NETWORK}.get(part, part)
        return _joined("/networks", store.network_summary(plan_id).id, renamed)
    if part in _OF_NETWORK:
        return _joined("/networks", day.network_id, _OF_NETWORK[part])
    dated = f"routes/{day.date.isoformat()}/"
    renamed = "day.json" if part == "plan.json" else part.replace(dated, "routes/", 1)
    return _joined("/days", day.id, renamed)


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)
