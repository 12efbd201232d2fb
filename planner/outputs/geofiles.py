"""Stations, villages and routes as GeoJSON and as GeoPackages; every file names its plan and says what is not real.

Names of fields are English identifiers and codes stay codes, in every language: programs read them. A field that ends in
``_name`` or ``_text`` says a code in the language that is spoken, as do the texts about the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pyogrio
import shapely

from planner.outputs.about import about_plan, about_rows
from planner.outputs.geopackage import UNDATED, geopackage
from planner.outputs.layer_styles import day_rules, network_rules, style_layers
from planner.outputs.names import day_stop_names
from planner.outputs.plan_rows import StationRow, VillageRow, station_rows, village_rows
from planner.outputs.reach import reach_frame, ring_features
from planner.outputs.route_figures import leg_parts, paths_of, walks_of
from planner.plans import DayPlan, NetworkPlan
from planner.plans.service_plan import ServicePlan
from planner.routing import Reload, Route, Visit
from planner.words import figures

Feature = dict[str, Any]
_CRS = "EPSG:4326"


def stations_geojson(plan: NetworkPlan) -> dict[str, object]:
    """Return every site as a feature: tier, status, whether it is open in this plan, what it serves."""
    return _collection(plan, [_row_feature(row) for row in station_rows(plan)])


def villages_geojson(plan: NetworkPlan) -> dict[str, object]:
    """Return every village as a feature: people, where it hands over, the minutes there, and why no point serves it."""
    return _collection(plan, [_row_feature(row) for row in village_rows(plan)])


def routes_geojson(plan: DayPlan) -> dict[str, object]:
    """Return legs (lines) and stops (points) of all routes as features."""
    features = [feature for route in plan.routes.routes for feature in route_features(plan, route)]
    return _collection(plan, features)


def reach_geojson(plan: NetworkPlan) -> dict[str, object]:
    """Return what the open express stations reach, a feature for each quarter of their standard, the widest first."""
    return _collection(plan, ring_features(plan.area, plan.reach) if plan.reach else [])


def route_collection(plan: DayPlan, route: Route) -> dict[str, object]:
    """Return legs and stops of one route as features."""
    return _collection(plan, list(route_features(plan, route)))


def write_network(plan: NetworkPlan, path: Path) -> None:
    """Write a styled GeoPackage: stations, villages, station_reach, boundary and about; the same plan, the same bytes.

    A file of that name is replaced.
    """
    layers = {
        "stations": [_row_feature(row) for row in station_rows(plan)],
        "villages": [_row_feature(row) for row in village_rows(plan)],
    }
    with geopackage(path, UNDATED) as made:
        write_layers(plan, layers, made)
        if plan.reach:
            reach_frame(plan.area, plan.reach).to_file(made, layer="station_reach", driver="GPKG")
        style_layers(made, network_rules(plan.stations.service_points))


def write_day(plan: DayPlan, path: Path) -> None:
    """Write a styled GeoPackage: route_legs, route_stops, boundary and about; the same plan, the same bytes.

    A file of that name is replaced.
    """
    routes = [feature for route in plan.routes.routes for feature in route_features(plan, route)]
    layers = {
        "route_legs": [f for f in routes if f["geometry"]["type"] == "LineString"],
        "route_stops": [f for f in routes if f["geometry"]["type"] == "Point"],
    }
    with geopackage(path, UNDATED) as made:
        write_layers(plan, layers, made)
        style_layers(made, day_rules([route.vehicle_id for route in plan.routes.routes]))


def write_layers(plan: NetworkPlan | DayPlan | ServicePlan, layers: dict[str, list[Feature]], path: Path) -> None:
    """Write layers with features, the boundary, and what the file says of itself."""
    for layer, features in layers.items():
        if features:
            frame = geopandas.GeoDataFrame.from_features(features, crs=_CRS)
            frame.to_file(path, layer=layer, driver="GPKG")
    boundary = geopandas.GeoDataFrame({"name": [plan.area.name]}, geometry=[plan.area.boundary], crs=_CRS)
    boundary.to_file(path, layer="boundary", driver="GPKG")
    about = pandas.DataFrame(about_rows(plan), columns=["key", "value"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG")


def _collection(plan: NetworkPlan | DayPlan, features: Sequence[Feature]) -> dict[str, object]:
    return {"type": "FeatureCollection", "about": about_plan(plan), "features": list(features)}


def route_features(plan: DayPlan, route: Route) -> Iterator[Feature]:
    """Yield the legs of one route as lines, each followed by the stop or reload that it leads to, if any, as a point."""
    stops = {visit.stop_id: _route_stop(plan, route, number) for number, visit in enumerate(route.visits, start=1)}
    if route.open_start:
        yield stops[route.visits[0].stop_id]
    walks = walks_of(plan, route)
    for number, (path, leg, walk) in enumerate(zip(paths_of(plan, route), route.legs(), walks, strict=True), start=1):
        driving_s, walking_s = leg_parts(leg.driving_s, walk)
        yield _feature(
            shapely.LineString(path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2),
            vehicle=route.vehicle_id,
            leg=number,
            origin_id=path.origin_id,
            destination_id=leg.destination_id,
            distance_m=round(leg.distance_m, 1),
            driving_s=round(driving_s, 1),
            walking_s=None if walking_s is None else round(walking_s, 1),
            walking_m=None if walk is None else round(walk.metres, 1),
        )
        if isinstance(leg.call, Visit):
            yield stops[leg.call.stop_id]
        elif isinstance(leg.call, Reload):
            yield _route_reload(plan, route, leg.call)


def _route_stop(plan: DayPlan, route: Route, number: int) -> Feature:
    """Return the ``number``-th stop of a route, from 1."""
    visit = route.visits[number - 1]
    if visit.stop_id in plan.calls:
        return _station_call(plan, route, visit, number)
    amounts = {
        f"{direction}_{dimension}": round(amount, 4)
        for direction, given in (("delivery", visit.delivered), ("pickup", visit.picked_up))
        for dimension, amount in zip(plan.routes.dimensions, given, strict=True)
    }
    return _route_call(plan, route, visit, stop=number, site_id=visit.stop_id, **amounts)


def _station_call(plan: DayPlan, route: Route, visit: Visit, number: int) -> Feature:
    """Return a call at a station: its name says what is done there, its amounts are 0, for parcels count at their points."""
    found = _route_call(plan, route, visit, stop=number, site_id=visit.stop_id, **_nothing(plan))
    what = "fetch" if plan.calls[visit.stop_id].up else "hand_over"
    return {**found, "properties": {**found["properties"], "call": what, "name": day_stop_names(plan)[visit.stop_id]}}


def _route_reload(plan: DayPlan, route: Route, reload: Reload) -> Feature:
    """Return a depot where the vehicle unloads and loads again on the way: it has number 0, and nothing goes down or up."""
    return _route_call(plan, route, reload, stop=0, site_id=reload.depot_id, **_nothing(plan))


def _nothing(plan: DayPlan) -> dict[str, float]:
    return {f"{way}_{dimension}": 0.0 for way in ("delivery", "pickup") for dimension in plan.routes.dimensions}


def _route_call(
    plan: DayPlan, route: Route, call: Visit | Reload, *, stop: int, site_id: str, **amounts: float
) -> Feature:
    site = plan.site_by_id[site_id]
    return point_feature(
        site.lon,
        site.lat,
        vehicle=route.vehicle_id,
        stop=stop,
        call="stop" if isinstance(call, Visit) else "reload",
        site_id=site.id,
        name=site.name,
        arrival=figures.clock(call.arrival_s),
        departure=figures.clock(call.departure_s),
        coordinate_source=site.coordinate_source.value,
        **amounts,
    )


def _row_feature(row: StationRow | VillageRow) -> Feature:
    return point_feature(**{field.name: getattr(row, field.name) for field in fields(row)})


def point_feature(lon: float, lat: float, **properties: object) -> Feature:
    """Return a place as a feature, its coordinates to six digits."""
    return _feature(shapely.Point(round(lon, 6), round(lat, 6)), **properties)


def line_feature(line: shapely.LineString, **properties: object) -> Feature:
    """Return a line as a feature."""
    return _feature(line, **properties)


def _feature(geometry: shapely.Geometry, **properties: object) -> Feature:
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(geometry)), "properties": properties}
