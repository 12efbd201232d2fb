"""Service plans: the weeks of an area, and each as JSON, pages, workbook, tables and map layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.answers import CSV, GPKG, HTML, LINKS, XLSX, file_of, tagged
from api.deps import ServiceLoader, Store
from api.request_language import speak_of_area
from api.schemas import ServiceList, ServiceReply
from planner.errors import Message, PlanNotFoundError
from planner.outputs.service import service_pages, service_tables, write_week_layers
from planner.outputs.service.week_sheets import week_workbook
from planner.plans import ServicePlan, service_to_json
from planner.plans.kept_services import ServiceSummary

router = APIRouter(tags=["service plans"])

ServiceId = Annotated[str, Path(max_length=120, examples=["baiquan-service-2026-0123456789ab"])]
_PARTS = (
    "index.html",
    "map.html",
    "weekdays.html",
    "service.json",
    "service.xlsx",
    "service.gpkg",
    "points.csv",
    "weekdays.csv",
)


def service_reply(summary: ServiceSummary) -> ServiceReply:
    """Return a service plan's figures with the addresses of its parts and of its network."""
    links = {part: f"/services/{summary.id}/{part}" for part in _PARTS} | {"network": f"/networks/{summary.network_id}"}
    return ServiceReply.model_validate(summary).model_copy(update={"links": links})


def _service(request: Request, service_id: ServiceId) -> ServicePlan:
    load: ServiceLoader = request.app.state.load_service
    return load(service_id)


async def _spoken(request: Request, plan: Annotated[ServicePlan, Depends(_service)]) -> ServicePlan:
    speak_of_area(request, plan.network.language)
    return plan


LoadedService = Annotated[ServicePlan, Depends(_spoken)]


@router.get("/services", summary="Service plans of an area, the latest year first")
def list_services(
    store: Store,
    area: Annotated[str, Query(max_length=120, description="the area's id")],
    network: Annotated[str | None, Query(max_length=120, description="only plans on this network")] = None,
) -> ServiceList:
    """Return headline figures and links, none for an area without."""
    found = store.services.of_area(area, network_id=network)
    return ServiceList(services=[service_reply(one) for one in found])


@router.get("/services/{service_id}", summary="One service plan's figures and links")
def get_service(service_id: ServiceId, store: Store) -> ServiceReply:
    """Return the figures, 404 if there is none of that id."""
    return service_reply(store.services.summary(service_id))


@router.get("/services/{service_id}/service.json", summary="The whole plan")
def get_document(request: Request, plan: LoadedService) -> Response:
    """Return the versioned document, which names the network that it stands on."""
    return tagged(request, plan, lambda: service_to_json(plan), "application/json")


@router.get("/services/{service_id}/service.xlsx", summary="The workbook")
def get_workbook(request: Request, plan: LoadedService) -> Response:
    """Return week, points, routes of weekdays, choices and gaps as an Excel workbook."""
    return tagged(request, plan, lambda: week_workbook(plan), XLSX)


@router.get("/services/{service_id}/service.gpkg", summary="The GeoPackage")
def get_geopackage(request: Request, plan: LoadedService) -> Response:
    """Return points and the routes of each weekday as layers of one GeoPackage."""
    return tagged(request, plan, lambda: file_of(write_week_layers, plan, "service.gpkg"), GPKG)


@router.get("/services/{service_id}/{table}.csv", summary="Points, routes of weekdays or villages as a table")
def get_table(request: Request, plan: LoadedService, table: Annotated[str, Path(max_length=40)]) -> Response:
    """Return the table, 404 for one that the plan has not."""
    return tagged(request, plan, _part(plan, f"{table}.csv", service_tables(plan)), CSV, beside=f"{table}.csv-")


@router.get(
    "/services/{service_id}/{page}.html", summary="The first page, the map of the week, weekdays, stations, seasons"
)
def get_page(request: Request, plan: LoadedService, page: Annotated[str, Path(max_length=40)]) -> Response:
    """Return the page, 404 for one that the plan has not."""
    to = {"network_href": f"/networks/{plan.network.id}/index.html", "area_href": f"/areas/{plan.area.id}/index.html"}
    pages = {f"{name}.html": make for name, make in service_pages(plan, LINKS, **to).items()}
    return tagged(request, plan, _part(plan, f"{page}.html", pages), HTML, beside=f"{page}.html-")


def _part(
    plan: ServicePlan, name: str, parts: Mapping[str, Callable[[], str]] | Mapping[str, Callable[[], bytes]]
) -> Callable[[], str | bytes]:
    if name not in parts:
        known = sorted(parts)
        raise PlanNotFoundError(Message("{id} has no {name}, only {known}", id=plan.id, name=repr(name), known=known))
    return parts[name]
