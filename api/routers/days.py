"""Day plans and what is made from them: GeoJSON, map, workbook, GeoPackage; `courier` has the files of each route."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from api.answers import CSV, GEOJSON, GPKG, HTML, LINKS, XLSX, file_of, geojson_text, tagged
from api.deps import DayId, DayLoader, LoadedDay, Store
from api.schemas import DayList, DayReply, FeatureCollection
from planner.model import RowsLeftOut
from planner.outputs.day_comparison import DayComparison, DayTotals, StopMove, compare_days
from planner.outputs.day_page import day_page
from planner.outputs.geofiles import routes_geojson, write_day
from planner.outputs.lots import lots_csv, lots_page
from planner.outputs.maps import routes_map
from planner.outputs.notice import compared_caveats
from planner.outputs.workbook import write_day_workbook
from planner.plans import to_json
from planner.plans.summaries import DaySummary

router = APIRouter(prefix="/days", tags=["days"])

_PARTS = (
    "index.html",
    "routes.html",
    "day.json",
    "routes.geojson",
    "day.xlsx",
    "day.gpkg",
    "lots.html",
    "routes",
    "routes.png",
    "routes.svg",
    "routes.pdf",
)


def day_reply(summary: DaySummary) -> DayReply:
    """Return a day's figures with the addresses of its parts and of its network."""
    links = {part: f"/days/{summary.id}/{part}" for part in _PARTS} | {"network": f"/networks/{summary.network_id}"}
    if summary.published:
        links["published"] = f"/areas/{summary.area_id}/published/{summary.slot}"
    return DayReply.model_validate(summary).model_copy(update={"links": links})


@router.get("", summary="Day plans, the latest date first")
def list_days(
    store: Store,
    area: Annotated[str | None, Query(description="only days of this area")] = None,
    date: Annotated[datetime.date | None, Query(description="only plans of this date")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> DayList:
    """Return headline figures and links."""
    return DayList(days=[day_reply(one) for one in store.days(area, date=date, limit=limit, offset=offset)])


@router.get("/{day_id}", summary="One day's figures and links")
def get_day(day_id: DayId, store: Store) -> DayReply:
    """Return the day's figures, 404 if there is none of that id."""
    return day_reply(store.day_summary(day_id))


class DayComparisonReply(BaseModel):
    """Two days of an area side by side: totals, stops by id that one of them serves, and those served otherwise."""

    area_id: str
    before: DayTotals
    after: DayTotals
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    moved: tuple[StopMove, ...]
    rows_left_out: RowsLeftOut = Field(description="of the second day; ``before_`` is said of the first")
    synthetic: list[str]
    assumed: list[str]
    before_rows_left_out: RowsLeftOut
    before_synthetic: list[str]
    before_assumed: list[str]


@router.get("/{day_id}/compare/{other_id}", summary="What changes from one day to another")
def compare(request: Request, plan: LoadedDay, other_id: DayId) -> DayComparisonReply:
    """Return vehicles, stops, kilometres and money of both, and the stops that move; 422 for days of different areas."""
    load: DayLoader = request.app.state.load_day
    other = load(other_id)
    found = TypeAdapter(DayComparison).dump_python(compare_days(plan, other), mode="json")
    caution = compared_caveats((plan.area, plan.rests_on), (other.area, other.rests_on))
    return DayComparisonReply.model_validate(found | caution)


@router.get("/{day_id}/day.json", summary="The whole plan, as planner export reads it")
def get_document(request: Request, plan: LoadedDay) -> Response:
    """Return the versioned document, which names the network that it stands on."""
    return tagged(request, plan, lambda: to_json(plan), "application/json")


@router.get("/{day_id}/routes.geojson", summary="Legs and stops of all routes", response_model=FeatureCollection)
def get_routes(request: Request, plan: LoadedDay) -> Response:
    """Return legs as lines and stops as points, in driving order."""
    return tagged(request, plan, lambda: geojson_text(routes_geojson(plan)), GEOJSON)


@router.get("/{day_id}/index.html", summary="The day's first page")
def get_index(request: Request, plan: LoadedDay) -> Response:
    """Return the page with figures and links to all else."""
    network, area = f"/networks/{plan.network.id}/index.html", f"/areas/{plan.area.id}/index.html"
    return tagged(
        request, plan, lambda: day_page(plan, LINKS, network_href=network, area_href=area, has_picture=True), HTML
    )


@router.get("/{day_id}/lots.html", summary="Labels and ways of the day's lots of produce")
def get_lots(request: Request, plan: LoadedDay) -> Response:
    """Return the page to print."""
    return tagged(request, plan, lambda: lots_page(plan, LINKS), HTML)


@router.get("/{day_id}/lots.csv", summary="The day's lots of produce as a table")
def get_lots_table(request: Request, plan: LoadedDay) -> Response:
    """Return a line for each lot, with its way."""
    return tagged(request, plan, lambda: lots_csv(plan), CSV)


@router.get("/{day_id}/routes.html", summary="The routes map")
def get_routes_map(request: Request, plan: LoadedDay) -> Response:
    """Return the map; it asks no host for anything."""
    return tagged(request, plan, lambda: routes_map(plan, LINKS, week_href=f"/areas/{plan.area.id}/week.html"), HTML)


@router.get("/{day_id}/day.xlsx", summary="The workbook")
def get_workbook(request: Request, plan: LoadedDay) -> Response:
    """Return routes and stops as an Excel workbook."""
    return tagged(request, plan, lambda: file_of(write_day_workbook, plan, "day.xlsx"), XLSX)


@router.get("/{day_id}/day.gpkg", summary="The GeoPackage")
def get_geopackage(request: Request, plan: LoadedDay) -> Response:
    """Return route legs and stops as layers of one GeoPackage."""
    return tagged(request, plan, lambda: file_of(write_day, plan, "day.gpkg"), GPKG)
