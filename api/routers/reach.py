"""What is reached by road from a place of an area."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.answers import GEOJSON, HTML, geojson_text, links_of
from api.deps import LoadedRun, area_speaks
from api.schemas import FeatureCollection
from planner.outputs.maps import reach_map
from planner.outputs.reach import reach_geojson
from planner.pipeline.reach import MOST_RINGS, reach_study

router = APIRouter(prefix="/areas/{area_id}", tags=["reach"], dependencies=[Depends(area_speaks)])

_MOST_STARTS = 50
From = Annotated[
    list[str], Query(alias="from", min_length=1, max_length=_MOST_STARTS, description="ids of villages or sites")
]
Minutes = Annotated[list[float], Query(min_length=1, max_length=MOST_RINGS, description="above 0, up to 600")]


@router.get("/reach.geojson", summary="Reached by road within minutes", response_model=FeatureCollection)
def get_reach(run: LoadedRun, start: From, minutes: Minutes) -> Response:
    """Return a polygon for each number of minutes, the widest first, with the villages and people reached."""
    return Response(geojson_text(reach_geojson(reach_study(run, start, minutes))), media_type=GEOJSON)


@router.get("/reach.html", summary="The same as a map")
def get_reach_map(request: Request, run: LoadedRun, start: From, minutes: Minutes) -> Response:
    """Return the map; it asks no host for anything."""
    return Response(reach_map(reach_study(run, start, minutes), links_of(request)), media_type=HTML)
