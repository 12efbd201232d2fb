"""Plans and what is made from them: GeoJSON, maps, workbook, GeoPackage."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import LoadedPlan, PlanId, Store, tagged
from api.schemas import FeatureCollection, PlanList, PlanReply, SeasonRow, SeasonTable
from planner.outputs.geofiles import reach_geojson, routes_geojson, stations_geojson, villages_geojson, write_stations
from planner.outputs.index import index_page
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.workbook import write_workbook
from planner.plans import Plan, plan_to_json
from planner.plans.store import PlanSummary

router = APIRouter(prefix="/plans", tags=["plans"])

_GEOJSON = "application/geo+json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GPKG = "application/geopackage+sqlite3"
_PARTS = (
    *("index.html", "coverage.html", "routes.html", "plan.json", "stations.geojson", "villages.geojson"),
    *("routes.geojson", "reach.geojson", "seasons", "stations.xlsx", "stations.gpkg", "routes"),
)


def plan_reply(summary: PlanSummary) -> PlanReply:
    """Return a plan's figures with the addresses of its parts."""
    links = {part: f"/plans/{summary.id}/{part}" for part in _PARTS}
    return PlanReply.model_validate(summary).model_copy(update={"links": links})


@router.get("", summary="Plans, the newest first")
def list_plans(
    store: Store,
    area: Annotated[str | None, Query(description="only plans of this area")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> PlanList:
    """Return headline figures and links."""
    return PlanList(plans=[plan_reply(plan) for plan in store.list(area, limit=limit, offset=offset)])


@router.get("/{plan_id}", summary="One plan's figures and links")
def get_plan(plan_id: PlanId, store: Store) -> PlanReply:
    """Return the plan's figures, 404 if there is none of that id."""
    return plan_reply(store.summary(plan_id))


@router.get("/{plan_id}/plan.json", summary="The whole plan, as planner export reads it")
def get_document(request: Request, plan: LoadedPlan) -> Response:
    """Return the versioned document."""
    return tagged(request, plan.id, lambda: plan_to_json(plan), "application/json")


def _geojson(request: Request, plan: Plan, make: Callable[[Plan], dict[str, object]]) -> Response:
    def text() -> str:
        return json.dumps(make(plan), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    return tagged(request, plan.id, text, _GEOJSON)


@router.get("/{plan_id}/stations.geojson", summary="Sites, open or not", response_model=FeatureCollection)
def get_stations(request: Request, plan: LoadedPlan) -> Response:
    """Return every site with tier, status and whether it is open."""
    return _geojson(request, plan, stations_geojson)


@router.get("/{plan_id}/villages.geojson", summary="Villages, covered or why not", response_model=FeatureCollection)
def get_villages(request: Request, plan: LoadedPlan) -> Response:
    """Return every village with the point that serves it, or the reason why none does."""
    return _geojson(request, plan, villages_geojson)


@router.get("/{plan_id}/routes.geojson", summary="Legs and stops of all routes", response_model=FeatureCollection)
def get_routes(request: Request, plan: LoadedPlan) -> Response:
    """Return legs as lines and stops as points, in driving order."""
    return _geojson(request, plan, routes_geojson)


@router.get("/{plan_id}/reach.geojson", summary="Reach of the express stations", response_model=FeatureCollection)
def get_reach(request: Request, plan: LoadedPlan) -> Response:
    """Return a polygon for each quarter of the stations' standard; none if the plan is of an earlier version."""
    return _geojson(request, plan, reach_geojson)


@router.get("/{plan_id}/seasons", summary="Ways to the open points, season by season")
def get_seasons(plan: LoadedPlan) -> SeasonTable:
    """Return minutes, villages beyond the standard and villages cut off for each season."""
    return SeasonTable(
        plan_id=plan.id,
        vehicle=plan.roads.vehicle,
        sited_for=plan.roads.season,
        standard_s=plan.stations.service_points.standard_s,
        seasons=[SeasonRow.model_validate(row, from_attributes=True) for row in plan.seasons],
    )


def _page(request: Request, plan: Plan, make: Callable[[Plan], str]) -> Response:
    return tagged(request, plan.id, lambda: make(plan), "text/html")


@router.get("/{plan_id}/index.html", summary="The plan's first page")
def get_index(request: Request, plan: LoadedPlan) -> Response:
    """Return the page with figures and links to all else."""
    return _page(request, plan, index_page)


@router.get("/{plan_id}/coverage.html", summary="The coverage map")
def get_coverage_map(request: Request, plan: LoadedPlan) -> Response:
    """Return the map; it asks no host for anything."""
    return _page(request, plan, coverage_map)


@router.get("/{plan_id}/routes.html", summary="The routes map")
def get_routes_map(request: Request, plan: LoadedPlan) -> Response:
    """Return the map; it asks no host for anything."""
    return _page(request, plan, routes_map)


def _file(write: Callable[[Plan, Path], object], plan: Plan, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(plan, path)
        return path.read_bytes()


@router.get("/{plan_id}/stations.xlsx", summary="The workbook")
def get_workbook(request: Request, plan: LoadedPlan) -> Response:
    """Return stations, villages and routes as an Excel workbook."""
    return tagged(request, plan.id, lambda: _file(write_workbook, plan, "stations.xlsx"), _XLSX)


@router.get("/{plan_id}/stations.gpkg", summary="The GeoPackage")
def get_geopackage(request: Request, plan: LoadedPlan) -> Response:
    """Return stations, villages, route legs and stops as layers of one GeoPackage."""
    return tagged(request, plan.id, lambda: _file(write_stations, plan, "stations.gpkg"), _GPKG)
