"""Network plans and what is made from them: GeoJSON, map, workbook, GeoPackage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import GEOJSON, GPKG, HTML, LINKS, XLSX, file_of, geojson_text, tagged
from api.deps import LoadedNetwork, NetworkId, Store
from api.schemas import FeatureCollection, NetworkList, NetworkReply, SeasonRow, SeasonTable
from planner.outputs.geofiles import reach_geojson, stations_geojson, villages_geojson, write_network
from planner.outputs.maps import coverage_map
from planner.outputs.network_links import LinkedBeside
from planner.outputs.network_page import network_page
from planner.outputs.notice import caveats
from planner.outputs.workbook import write_network_workbook
from planner.plans import to_json
from planner.plans.summaries import NetworkSummary

router = APIRouter(prefix="/networks", tags=["networks"])

_PARTS = (
    *("index.html", "coverage.html", "network.json", "stations.geojson", "villages.geojson", "reach.geojson"),
    *("seasons", "siting", "network.xlsx", "network.gpkg", "coverage.png", "coverage.svg", "coverage.pdf"),
)


def network_reply(summary: NetworkSummary) -> NetworkReply:
    """Return a network's figures with the addresses of its parts."""
    links = {part: f"/networks/{summary.id}/{part}" for part in _PARTS}
    return NetworkReply.model_validate(summary).model_copy(update={"links": links})


@router.get("", summary="Network plans, the newest first")
def list_networks(
    store: Store,
    area: Annotated[str | None, Query(description="only networks of this area")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> NetworkList:
    """Return headline figures and links."""
    return NetworkList(networks=[network_reply(one) for one in store.networks(area, limit=limit, offset=offset)])


@router.get("/{network_id}", summary="One network's figures and links")
def get_network(network_id: NetworkId, store: Store) -> NetworkReply:
    """Return the network's figures, 404 if there is none of that id."""
    return network_reply(store.network_summary(network_id))


@router.get("/{network_id}/network.json", summary="The whole plan, as planner export reads it")
def get_document(request: Request, plan: LoadedNetwork) -> Response:
    """Return the versioned document."""
    return tagged(request, plan, lambda: to_json(plan), "application/json")


@router.get("/{network_id}/stations.geojson", summary="Sites, open or not", response_model=FeatureCollection)
def get_stations(request: Request, plan: LoadedNetwork) -> Response:
    """Return every site with tier, status and whether it is open."""
    return tagged(request, plan, lambda: geojson_text(stations_geojson(plan)), GEOJSON)


@router.get("/{network_id}/villages.geojson", summary="Villages, covered or why not", response_model=FeatureCollection)
def get_villages(request: Request, plan: LoadedNetwork) -> Response:
    """Return every village with the place where it hands over, or the reason why no point serves it."""
    return tagged(request, plan, lambda: geojson_text(villages_geojson(plan)), GEOJSON)


@router.get("/{network_id}/reach.geojson", summary="Reach of the express stations", response_model=FeatureCollection)
def get_reach(request: Request, plan: LoadedNetwork) -> Response:
    """Return a polygon for each quarter of the stations' standard; none if the plan is of an earlier version."""
    return tagged(request, plan, lambda: geojson_text(reach_geojson(plan)), GEOJSON)


@router.get("/{network_id}/seasons", summary="Ways to the open points, season by season")
def get_seasons(plan: LoadedNetwork) -> SeasonTable:
    """Return minutes, villages beyond the standard and villages cut off for each season."""
    return SeasonTable(
        plan_id=plan.id,
        vehicle=plan.roads.vehicle,
        sited_for=plan.roads.season,
        standard_s=plan.stations.service_points.standard_s,
        seasons=[SeasonRow.model_validate(row, from_attributes=True) for row in plan.seasons],
        **caveats(plan.area, plan.config),
    )


@router.get("/{network_id}/index.html", summary="The network's first page")
def get_index(request: Request, plan: LoadedNetwork) -> Response:
    """Return the page with figures and links to all else."""
    return tagged(request, plan, lambda: network_page(plan, LINKS, beside=LinkedBeside(has_picture=True)), HTML)


@router.get("/{network_id}/coverage.html", summary="The coverage map")
def get_coverage_map(request: Request, plan: LoadedNetwork) -> Response:
    """Return the map; it asks no host for anything."""
    return tagged(request, plan, lambda: coverage_map(plan, LINKS), HTML)


@router.get("/{network_id}/network.xlsx", summary="The workbook")
def get_workbook(request: Request, plan: LoadedNetwork) -> Response:
    """Return stations, villages and money as an Excel workbook."""
    return tagged(request, plan, lambda: file_of(write_network_workbook, plan, "network.xlsx"), XLSX)


@router.get("/{network_id}/network.gpkg", summary="The GeoPackage")
def get_geopackage(request: Request, plan: LoadedNetwork) -> Response:
    """Return stations, villages and the stations' reach as layers of one GeoPackage."""
    return tagged(request, plan, lambda: file_of(write_network, plan, "network.gpkg"), GPKG)
