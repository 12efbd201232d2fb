"""Stations, villages and routes as GeoJSON and as one GeoPackage; every file says what in it is not real."""

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

from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.geopackage import UNDATED, geopackage
from planner.outputs.notice import notice_of
from planner.outputs.plan_rows import StationRow, VillageRow, station_rows, village_rows
from planner.outputs.reach import reach_frame, ring_features
from planner.plans import DayPlan, LegPath, NetworkPlan
from planner.routing import Route, Visit
from planner.units import format_clock
from planner.words import render
from planner.words.terms import term

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
    """Write a GeoPackage with layers stations, villages, station_reach, boundary and about; the same plan, the same bytes.

    A file of that name is replaced.
    """
    layers = {
        "stations": [_row_feature(row) for row in station_rows(plan)],
        "villages": [_row_feature(row) for row in village_rows(plan)],
    }
    with geopackage(path, UNDATED) as made:
        _write_layers(plan, layers, made)
        if plan.reach:
            reach_frame(plan.area, plan.reach).to_file(made, layer="station_reach", driver="GPKG")


def write_day(plan: DayPlan, path: Path) -> None:
    """Write a GeoPackage with layers route_legs, route_stops, boundary and about; the same plan, the same bytes.

    A file of that name is replaced.
    """
    routes = [feature for route in plan.routes.routes for feature in route_features(plan, route)]
    layers = {
        "route_legs": [f for f in routes if f["geometry"]["type"] == "LineString"],
        "route_stops": [f for f in routes if f["geometry"]["type"] == "Point"],
    }
    with geopackage(path, UNDATED) as made:
        _write_layers(plan, layers, made)


def _write_layers(plan: NetworkPlan | DayPlan, layers: dict[str, list[Feature]], path: Path) -> None:
    for layer, features in layers.items():
        if features:
            frame = geopandas.GeoDataFrame.from_features(features, crs=_CRS)
            frame.to_file(path, layer=layer, driver="GPKG")
    boundary = geopandas.GeoDataFrame({"name": [plan.area.name]}, geometry=[plan.area.boundary], crs=_CRS)
    boundary.to_file(path, layer="boundary", driver="GPKG")
    about = pandas.DataFrame(about_rows(plan), columns=["key", "value"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG")


def about_rows(plan: NetworkPlan | DayPlan) -> list[tuple[str, str]]:
    """Return what a file made from the plan must say of itself, as (what, text) rows."""
    area = plan.area
    rows = [
        ("plan 方案", plan.id),
        ("area 区域", f"{area.name} {area.name_latin}"),
        *(
            [("date 日期", plan.date.isoformat()), ("network 网络", plan.network.id)]
            if isinstance(plan, DayPlan)
            else []
        ),
        ("use 用途", term("internal_use").both),
        (term("map_approval_number").both, area.map_approval_number or "-"),
        ("coordinates 坐标系", "WGS 84 (= CGCS2000)"),
        ("attribution 数据来源", "; ".join(area.attributions)),
    ]
    rows += [road_row(plan.roads)]
    rows += [(term("closure").both, closed_text(closed)) for closed in plan.roads.closures]
    rows += [("数据说明 remark", render(remark.remark)) for remark in getattr(plan, "remarks", ())]
    rows += [(term("synthetic").both, part) for part in area.synthetic_parts]
    rows += [(term("assumed").both, part) for part in area.assumed_parts]
    notice = notice_of(area)
    if notice.text:
        rows.append(("notice 提示", notice.text))
    return rows


def _collection(plan: NetworkPlan | DayPlan, features: Sequence[Feature]) -> dict[str, object]:
    area = plan.area
    about = {
        "plan_id": plan.id,
        "area": area.name,
        "use": term("internal_use").both,
        "map_approval_number": area.map_approval_number,
        "attribution": list(area.attributions),
        "synthetic": list(area.synthetic_parts),
        "assumed": list(area.assumed_parts),
        "notice": notice_of(area).text,
    }
    return {"type": "FeatureCollection", "about": about, "features": list(features)}


def route_features(plan: DayPlan, route: Route) -> Iterator[Feature]:
    """Yield the legs of one route as lines, each followed by the stop that it leads to, if any, as a point."""
    stops = {visit.stop_id: _route_stop(plan, route, number) for number, visit in enumerate(route.visits, start=1)}
    if route.open_start:
        yield stops[route.visits[0].stop_id]
    for number, (path, leg) in enumerate(zip(paths_of(plan, route), route.legs(), strict=True), start=1):
        yield _feature(
            shapely.LineString(path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2),
            vehicle=route.vehicle_id,
            leg=number,
            origin_id=path.origin_id,
            destination_id=leg.destination_id,
            distance_m=round(leg.distance_m, 1),
            driving_s=round(leg.driving_s, 1),
        )
        if isinstance(leg.call, Visit):
            yield stops[leg.call.stop_id]


def _route_stop(plan: DayPlan, route: Route, number: int) -> Feature:
    """Return the ``number``-th stop of a route, from 1."""
    visit = route.visits[number - 1]
    site = plan.area.site_by_id[visit.stop_id]
    amounts = {
        f"{direction}_{dimension}": round(amount, 4)
        for direction, given in (("delivery", visit.delivered), ("pickup", visit.picked_up))
        for dimension, amount in zip(plan.routes.dimensions, given, strict=True)
    }
    return _point(
        site.lon,
        site.lat,
        vehicle=route.vehicle_id,
        stop=number,
        site_id=site.id,
        name=site.name,
        arrival=format_clock(visit.arrival_s),
        departure=format_clock(visit.departure_s),
        coordinate_source=site.coordinate_source.value,
        **amounts,
    )


def paths_of(plan: DayPlan, route: Route) -> tuple[LegPath, ...]:
    """Return the ways of one route's legs, in driving order."""
    before = 0
    for other in plan.routes.routes:
        count = len(other.legs())
        if other.vehicle_id == route.vehicle_id:
            return plan.paths[before : before + count]
        before += count
    raise KeyError(route.vehicle_id)


def _row_feature(row: StationRow | VillageRow) -> Feature:
    return _point(**{field.name: getattr(row, field.name) for field in fields(row)})


def _point(lon: float, lat: float, **properties: object) -> Feature:
    return _feature(shapely.Point(round(lon, 6), round(lat, 6)), **properties)


def _feature(geometry: shapely.Geometry, **properties: object) -> Feature:
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(geometry)), "properties": properties}
