"""The couriers' files of a plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from enum import StrEnum

from fastapi import APIRouter, Request, Response

from api.deps import LoadedPlan, tagged
from api.errors import NotPartOfPlanError
from api.schemas import CourierRoute, CourierRoutes
from planner.outputs.courier import route_csv, route_geojson, route_gpx, route_page
from planner.plans import Plan
from planner.routing import Route
from planner.units import format_clock

router = APIRouter(prefix="/plans/{plan_id}/routes", tags=["courier files"])


class CourierFile(StrEnum):
    """What a courier can take along."""

    HTML = "html"
    GPX = "gpx"
    CSV = "csv"
    GEOJSON = "geojson"


_MAKERS: dict[CourierFile, tuple[Callable[[Plan, Route], str | bytes], str]] = {
    CourierFile.HTML: (route_page, "text/html"),
    CourierFile.GPX: (route_gpx, "application/gpx+xml"),
    CourierFile.CSV: (route_csv, "text/csv; charset=utf-8"),
    CourierFile.GEOJSON: (route_geojson, "application/geo+json"),
}


@router.get("", summary="All routes of a plan and their files")
def list_routes(plan: LoadedPlan) -> CourierRoutes:
    """Return the routes by vehicle."""
    return CourierRoutes(
        plan_id=plan.id,
        date=plan.date,
        routes=[
            CourierRoute(
                vehicle=route.vehicle_id,
                stops=len(route.visits),
                start=format_clock(route.start_s),
                end=format_clock(route.end_s),
                distance_m=round(route.distance_m, 1),
                cost_yuan=round(route.cost_yuan, 2),
                files={
                    kind.value: f"/plans/{plan.id}/routes/{plan.date}/{route.vehicle_id}.{kind.value}"
                    for kind in CourierFile
                },
            )
            for route in plan.routes.routes
        ],
    )


@router.get("/{date}/{vehicle}.{kind}", summary="One courier file")
def get_file(request: Request, plan: LoadedPlan, date: datetime.date, vehicle: str, kind: CourierFile) -> Response:
    """Return the page, track, table or GeoJSON of one vehicle's route."""
    route = next((route for route in plan.routes.routes if route.vehicle_id == vehicle), None)
    if route is None or date != plan.date:
        vehicles = ", ".join(route.vehicle_id for route in plan.routes.routes)
        raise NotPartOfPlanError(f"plan {plan.id} has routes on {plan.date} for {vehicles or 'no vehicle'}")
    make, media_type = _MAKERS[kind]
    return tagged(request, plan.id, lambda: make(plan, route), media_type)
