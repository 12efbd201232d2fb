"""Stations, villages and routes as GeoJSON and as one GeoPackage; every file says what in it is not real."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pyogrio
import shapely

from planner.model import SiteStatus, Tier
from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.geopackage import dated
from planner.outputs.notice import notice_of
from planner.outputs.reach import reach_frame, ring_features
from planner.plans import LegPath, Plan
from planner.routing import Route, Visit
from planner.units import format_clock, shown_minutes, shown_parts
from planner.words import term

Feature = dict[str, Any]
_CRS = "EPSG:4326"


def stations_geojson(plan: Plan) -> dict[str, object]:
    """Return every site as a feature: tier, status, whether it is open in this plan, what it serves and handles."""
    return _collection(plan, list(_stations(plan)))


def villages_geojson(plan: Plan) -> dict[str, object]:
    """Return every village as a feature: people, the point that serves it and the minutes to it, or why none does."""
    return _collection(plan, list(_villages(plan)))


def routes_geojson(plan: Plan) -> dict[str, object]:
    """Return legs (lines) and stops (points) of all routes as features."""
    features = [feature for route in plan.routes.routes for feature in route_features(plan, route)]
    return _collection(plan, features)


def reach_geojson(plan: Plan) -> dict[str, object]:
    """Return what the open express stations reach, a feature for each quarter of their standard, the widest first."""
    return _collection(plan, ring_features(plan.area, plan.reach) if plan.reach else [])


def route_collection(plan: Plan, route: Route) -> dict[str, object]:
    """Return legs and stops of one route as features."""
    return _collection(plan, list(route_features(plan, route)))


def write_stations(plan: Plan, path: Path) -> None:
    """Write a GeoPackage with layers stations, villages, route_legs, route_stops, station_reach, boundary and about.

    A file of that name is replaced. The same plan gives the same bytes: the layers say they changed on the plan's date.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:  # another run may write here too
        made = Path(folder) / path.name
        with dated(plan.date):
            _write_layers(plan, made)
        made.replace(path)


def _write_layers(plan: Plan, path: Path) -> None:
    routes = [feature for route in plan.routes.routes for feature in route_features(plan, route)]
    layers = {
        "stations": list(_stations(plan)),
        "villages": list(_villages(plan)),
        "route_legs": [f for f in routes if f["geometry"]["type"] == "LineString"],
        "route_stops": [f for f in routes if f["geometry"]["type"] == "Point"],
    }
    for layer, features in layers.items():
        if features:
            frame = geopandas.GeoDataFrame.from_features(features, crs=_CRS)
            frame.to_file(path, layer=layer, driver="GPKG")
    if plan.reach:
        reach_frame(plan.area, plan.reach).to_file(path, layer="station_reach", driver="GPKG")
    boundary = geopandas.GeoDataFrame({"name": [plan.area.name]}, geometry=[plan.area.boundary], crs=_CRS)
    boundary.to_file(path, layer="boundary", driver="GPKG")
    about = pandas.DataFrame(about_rows(plan), columns=["key", "value"])
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG")


def about_rows(plan: Plan) -> list[tuple[str, str]]:
    """Return what a file made from the plan must say of itself, as (what, text) rows."""
    area = plan.area
    rows = [
        ("plan 方案", plan.id),
        ("area 区域", f"{area.name} {area.name_latin}"),
        ("date 日期", plan.date.isoformat()),
        ("use 用途", term("internal_use").both),
        (term("map_approval_number").both, area.map_approval_number or "-"),
        ("coordinates 坐标系", "WGS 84 (= CGCS2000)"),
        ("attribution 数据来源", "; ".join(area.attributions)),
    ]
    rows += [road_row(plan.roads)]
    rows += [(term("closure").both, closed_text(closed)) for closed in plan.roads.closures]
    rows += [("数据说明 remark", remark) for remark in plan.remarks]
    rows += [(term("synthetic").both, part) for part in area.synthetic_parts]
    rows += [(term("assumed").both, part) for part in area.assumed_parts]
    notice = notice_of(area)
    if notice.text:
        rows.append(("notice 提示", notice.text))
    return rows


def _collection(plan: Plan, features: Sequence[Feature]) -> dict[str, object]:
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


def _stations(plan: Plan) -> Iterator[Feature]:
    serves = Counter(assignment.site_id for assignment in plan.stations.service_points.assignments)
    serves.update(assignment.site_id for assignment in plan.stations.express_stations.assignments)
    demand = {point.site_id: point for point in plan.demand.points}
    opened = {site.id for tier in Tier for site in plan.opened_sites(tier)}
    for site in plan.area.sites:
        handled = demand.get(site.id)
        yield _point(
            site.lon,
            site.lat,
            id=site.id,
            name=site.name,
            name_latin=site.name_latin,
            tier=site.tier.value,
            tier_zh=term(site.tier).zh,
            status=site.status.value,
            open=site.id in opened,
            new=site.id in opened and site.status is SiteStatus.CANDIDATE,
            place_id=site.place_id,
            serves=serves.get(site.id, 0),
            villages_handing_over=len(handled.village_ids) if handled else 0,
            delivery_parcels=handled.delivery_parcels if handled else 0,
            pickup_kg=round(handled.pickup_kg, 1) if handled else 0.0,
            opening_cost_yuan=site.opening_cost_yuan,
            phase=plan.phase_name_of(site.id),
            coordinate_source=site.coordinate_source.value,
        )


def _villages(plan: Plan) -> Iterator[Feature]:
    points = plan.stations.service_points
    assigned = {a.demand_id: a for a in points.assignments}
    left = {u.demand_id: u for u in points.uncovered}
    hand_over = plan.demand.place_of_village
    ways = {way.village_id: way for way in plan.village_travel}
    for village in plan.area.villages:
        assignment, uncovered = assigned.get(village.id), left.get(village.id)
        site_id = assignment.site_id if assignment else uncovered.nearest_site_id if uncovered else None
        seconds = assignment.duration_s if assignment else uncovered.nearest_duration_s if uncovered else None
        way = ways.get(village.id)
        minutes = driving = walking = None
        if seconds is not None:
            minutes = shown_minutes(seconds, points.standard_s)
            if way is not None and way.driving_s is not None:
                driving, walking = shown_parts(seconds, way.driving_s, points.standard_s)
        yield _point(
            village.lon,
            village.lat,
            id=village.id,
            name=village.name,
            name_latin=village.name_latin,
            township_id=village.township_id,
            township=plan.area.township_by_id[village.township_id].name,
            population=village.population,
            population_source=village.population_source.value,
            households=village.households,
            registered_poor=village.registered_poor,
            poor_households=village.poor_households,
            product=village.product,
            covered=assignment is not None,
            site_id=site_id or "",
            hand_over_site_id=hand_over.get(village.id, ""),
            minutes_to_site=minutes,
            minutes_driving=driving,
            minutes_walking=walking,
            access_m=way.access_m if way else None,
            reason=uncovered.reason.value if uncovered else "",
            reason_zh=term(uncovered.reason).zh if uncovered else "",
            coordinate_source=village.coordinate_source.value,
        )


def route_features(plan: Plan, route: Route) -> Iterator[Feature]:
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


def _route_stop(plan: Plan, route: Route, number: int) -> Feature:
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


def paths_of(plan: Plan, route: Route) -> tuple[LegPath, ...]:
    """Return the ways of one route's legs, in driving order."""
    before = 0
    for other in plan.routes.routes:
        count = len(other.legs())
        if other.vehicle_id == route.vehicle_id:
            return plan.paths[before : before + count]
        before += count
    raise KeyError(route.vehicle_id)


def _point(lon: float, lat: float, **properties: object) -> Feature:
    return _feature(shapely.Point(round(lon, 6), round(lat, 6)), **properties)


def _feature(geometry: shapely.Geometry, **properties: object) -> Feature:
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(geometry)), "properties": properties}
