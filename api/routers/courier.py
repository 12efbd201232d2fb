"""The couriers' files of a day."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
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
    Revised,
    idle_page,
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


_MAKERS: dict[CourierFile, Callable[[CourierDay, Route], str | bytes]] = {
    CourierFile.GPX: route_gpx,
    CourierFile.KML: route_kml,
    CourierFile.CSV: route_csv,
    CourierFile.GEOJSON: route_geojson,
}
_MEDIA_TYPES = {
    CourierFile.HTML: HTML,
    CourierFile.GPX: "application/gpx+xml",
    CourierFile.KML: "application/vnd.google-earth.kml+xml",
    CourierFile.CSV: CSV,
    CourierFile.GEOJSON: GEOJSON,
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
                stops=len(plan.at_points(route)),
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
    return answer_overview(request, plan)


@router.get(f"/{ARCHIVE}", summary="All courier files of the day in one ZIP")
def get_archive(request: Request, plan: LoadedDay) -> Response:
    """Return the files as they are written, to be used without a server."""
    return answer_archive(request, plan)


@router.get("/loading.csv", summary="Loading lists of all vehicles")
def get_loading(request: Request, plan: LoadedDay) -> Response:
    """Return for each vehicle what is loaded in which order, as a table."""
    return answer_loading(request, plan)


def answer_loading(request: Request, plan: DayPlan) -> Response:
    """Answer with the loading lists of a day."""
    return tagged(request, plan, lambda: loading_csv(CourierDay.of(plan)), CSV)


@router.get("/{vehicle}.{kind}", summary="One courier file")
def get_file(request: Request, plan: LoadedDay, vehicle: str, kind: CourierFile) -> Response:
    """Return the page, track, table or GeoJSON of one vehicle's route."""
    return answer_file(request, plan, vehicle, kind)


def answer_overview(request: Request, plan: DayPlan, revision: Revised | None = None) -> Response:
    """Answer with the page of all routes, of a published version if one is given."""

    def page() -> str:
        return overview_page(CourierDay.of(plan), LINKS, archive=ARCHIVE, revision=revision)

    return tagged(request, plan, page, HTML, _of(revision))


def answer_archive(request: Request, plan: DayPlan, revision: Revised | None = None) -> Response:
    """Answer with the ZIP of a day, of a published version if one is given."""

    def archive() -> bytes:
        return pack_archive(plan, PageLinks(home=language()), revision)

    return tagged(request, plan, archive, "application/zip", _of(revision))


def _of(revision: Revised | None) -> str:
    return "" if revision is None else f"v{revision.number}-"


def _idle(plan: DayPlan, vehicle: str, revision: Revised) -> str:
    return idle_page(CourierDay.of(plan), vehicle, LINKS, revision)


def answer_file(
    request: Request, plan: DayPlan, vehicle: str, kind: CourierFile, revision: Revised | None = None
) -> Response:
    """Answer with a file of a vehicle, of a published version if one is given; of those pages alone tell what changed.

    Raises
    ------
    NotPartOfPlanError
        If the plan has no route of the vehicle.
    """
    route = next((route for route in plan.routes.routes if route.vehicle_id == vehicle), None)
    if route is None and revision is not None and vehicle in revision.idle and kind is CourierFile.HTML:
        page = partial(_idle, plan, vehicle, revision)
        return tagged(request, plan, page, _MEDIA_TYPES[kind], _of(revision))
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

    def made() -> str | bytes:
        day = CourierDay.of(plan)
        return route_page(day, route, LINKS, revision) if kind is CourierFile.HTML else _MAKERS[kind](day, route)

    return tagged(request, plan, made, _MEDIA_TYPES[kind], _of(revision))
