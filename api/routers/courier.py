"""The couriers' files of a day."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import CSV, GEOJSON, HTML, LINKS, tagged
from api.deps import LoadedDay
from api.errors import NotPartOfPlanError
from api.schemas import CourierRoute, CourierRoutes
from planner.errors import Message
from planner.outputs.courier import (
    ARCHIVE,
    CourierDay,
    loading_csv,
    overview_page,
    pack_archive,
    route_csv,
    route_geojson,
    route_gpx,
    route_kml,
    route_page,
)
from planner.outputs.page_links import PageLinks
from planner.outputs.route_figures import route_figures
from planner.plans import DayPlan
from planner.routing import Route
from planner.words import figures, language

router = APIRouter(prefix="/days/{day_id}/routes", tags=["courier files"])


class CourierFile(StrEnum):
    """What a courier can take along."""

    HTML = "html"
    GPX = "gpx"
    KML = "kml"
    CSV = "csv"
    GEOJSON = "geojson"


def _page(day: CourierDay, route: Route) -> str:
    return route_page(day, route, LINKS)


_MAKERS: dict[CourierFile, tuple[Callable[[CourierDay, Route], str | bytes], str]] = {
    CourierFile.HTML: (_page, HTML),
    CourierFile.GPX: (route_gpx, "application/gpx+xml"),
    CourierFile.KML: (route_kml, "application/vnd.google-earth.kml+xml"),
    CourierFile.CSV: (route_csv, CSV),
    CourierFile.GEOJSON: (route_geojson, GEOJSON),
}


def _figures(plan: DayPlan, route: Route) -> dict[str, Any]:
    found = route_figures(plan, route)
    return {
        "distance_m": round(found.distance_m, 1),
        "driving_s": round(found.driving_s, 1),
        "walking_s": None if found.walking_s is None else round(found.walking_s, 1),
        "walking_m": None if found.walking_m is None else round(found.walking_m, 1),
        "duty_s": round(found.duty_s, 1),
        "load_share": round(found.load_share, 4),
        "cost_yuan": found.cost_yuan,
        "parcel_yuan": None if found.parcel_yuan is None else round(found.parcel_yuan, 2),
    }


@router.get("", summary="All routes of a day and their files")
def list_routes(plan: LoadedDay) -> CourierRoutes:
    """Return the routes by vehicle."""
    return CourierRoutes(
        plan_id=plan.id,
        date=plan.date,
        routes=[
            CourierRoute(
                vehicle=route.vehicle_id,
                **_figures(plan, route),
                stops=len(route.visits),
                start=figures.clock(route.start_s),
                end=figures.clock(route.end_s),
                files={kind.value: f"/days/{plan.id}/routes/{route.vehicle_id}.{kind.value}" for kind in CourierFile},
            )
            for route in CourierDay.of(plan).routes
        ],
    )


@router.get("/index.html", summary="Overview of all routes, for dispatcher and couriers")
def get_overview(request: Request, plan: LoadedDay) -> Response:
    """Return the page that links all others."""
    return tagged(request, plan, lambda: overview_page(CourierDay.of(plan), LINKS, archive=ARCHIVE), HTML)


@router.get(f"/{ARCHIVE}", summary="All courier files of the day in one ZIP")
def get_archive(request: Request, plan: LoadedDay) -> Response:
    """Return the files as they are written, to be used without a server."""
    return tagged(request, plan, lambda: pack_archive(plan, PageLinks(home=language())), "application/zip")


@router.get("/loading.csv", summary="Loading lists of all vehicles")
def get_loading(request: Request, plan: LoadedDay) -> Response:
    """Return for each vehicle what is loaded in which order, as a table."""
    return tagged(request, plan, lambda: loading_csv(CourierDay.of(plan)), CSV)


@router.get("/{vehicle}.{kind}", summary="One courier file")
def get_file(request: Request, plan: LoadedDay, vehicle: str, kind: CourierFile) -> Response:
    """Return the page, track, table or GeoJSON of one vehicle's route."""
    route = next((route for route in plan.routes.routes if route.vehicle_id == vehicle), None)
    if route is None:
        known = [route.vehicle_id for route in plan.routes.routes]
        raise NotPartOfPlanError(
            Message(
                "plan {id} has no route of {vehicle}: it has those of {known}",
                id=plan.id,
                vehicle=repr(vehicle),
                known=known,
            )
            if known
            else Message("plan {id} has no routes", id=plan.id)
        )
    make, media_type = _MAKERS[kind]
    return tagged(request, plan, lambda: make(CourierDay.of(plan), route), media_type)
