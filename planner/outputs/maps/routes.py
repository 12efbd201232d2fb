"""The routes map: each vehicle's route with its stops in order, loads and times."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import shapely

from planner.model import Tier
from planner.outputs.geofiles import paths_of
from planner.outputs.maps import style
from planner.outputs.maps.layers import (
    Feature,
    boundary_layer,
    feature,
    named,
    popup,
    road_layer,
    search_entries,
    site_layer,
    township_layer,
    village_rows,
)
from planner.outputs.maps.page import Layer, Legend, Panel, map_page
from planner.outputs.page_links import PageLinks
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.plans import DayPlan
from planner.routing import Route, Visit
from planner.units import format_clock, format_kilometres, format_minutes
from planner.words import sentence
from planner.words.terms import term


def routes_map(plan: DayPlan, links: PageLinks) -> str:
    """Return the page: one layer a vehicle, its stops numbered in order, stops that nobody visits, roads and boundary."""
    hubs = plan.network.opened_sites(Tier.COUNTY_HUB)
    layers = [
        road_layer(plan.road_lines),
        boundary_layer(plan.area),
        _village_layer(plan),
        *(_route_layer(plan, route, number) for number, route in enumerate(plan.routes.routes)),
        _unassigned_layer(plan),
        site_layer(term("county_hub").both, hubs, [hub.id for hub in hubs], {}),
        township_layer(plan.area),
    ]
    return map_page(plan, _panel(plan), layers, search_entries(plan.area), links=links)


def _look(number: int) -> tuple[str, str]:
    """Return colour and dash of the ``number``-th route: colours first, then the same colours dashed."""
    colours, dashes = style.ROUTE_COLOURS, style.ROUTE_DASHES
    return colours[number % len(colours)], dashes[number // len(colours) % len(dashes)]


def _route_layer(plan: DayPlan, route: Route, position: int) -> Layer:
    colour, dash = _look(position)
    look = {"color": colour, "weight": 4, "opacity": 0.85, "dashArray": dash or None, "fill": False}
    features: list[Feature] = []
    for number, (path, leg) in enumerate(zip(paths_of(plan, route), route.legs(), strict=True), start=1):
        origin, destination = (plan.area.site_by_id[id_].name for id_ in (path.origin_id, path.destination_id))
        rows = [
            ("路段 leg", f"{number}: {origin} → {destination}"),
            ("里程 distance", format_kilometres(leg.distance_m)),
            ("行驶 driving", format_minutes(leg.driving_s)),
            ("载货 load", _load(leg.load)),
        ]
        line = shapely.LineString(path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2)
        features.append(feature(line, style=look, popup=popup(route.vehicle_id, rows), tooltip=route.vehicle_id))
    features += [_stop(plan, route, visit, stop, (colour, dash)) for stop, visit in enumerate(route.visits, start=1)]
    text = (
        f"{route.vehicle_id}: {len(route.visits)} 站 stops, {format_clock(route.start_s)}-{format_clock(route.end_s)}"
    )
    return Layer(
        name=f"{style.line(colour, width=4, dash=dash)} {escape(route.vehicle_id)}",
        features=features,
        legend=[Legend(symbol=style.line(colour, width=4, dash=dash), text=text)],
    )


def _stop(plan: DayPlan, route: Route, visit: Visit, number: int, look: tuple[str, str]) -> Feature:
    colour, dash = look
    # a dashed route's stops are hollow, so that two routes of one colour differ in their stops too
    fill, edge = ("#ffffff", colour) if dash else (colour, "#ffffff")
    site = plan.area.site_by_id[visit.stop_id]
    rows = [
        (term("vehicle").both, f"{route.vehicle_id}, 第 {number} 站 stop {number} / {len(route.visits)}"),
        (term("arrival").both, format_clock(visit.arrival_s)),
        (term("departure").both, format_clock(visit.departure_s)),
        (term("delivery").both, f"{visit.delivered[0]:.0f} 件, {visit.delivered[1]:.1f} kg"),
        (term("pickup").both, f"{visit.picked_up[0]:.0f} 件, {visit.picked_up[1]:.1f} kg"),
        ("离开时载货 load after", _load(visit.load_after)),
        ("坐标来源 position", term(site.coordinate_source).both),
    ]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=site.id,
        name=f"{number} {site.name}",
        icon=style.symbol("circle", fill=fill, edge=edge, size=22, label=str(number)),
        size=22,
        popup=popup(named(site), rows),
        tooltip=f"{number} {site.name} {format_clock(visit.arrival_s)}",
    )


def _load(load: tuple[float, ...]) -> str:
    return f"{load[0]:.0f} 件, {load[1]:.0f} kg, {load[2]:.1f} m³"


def _unassigned_layer(plan: DayPlan) -> Layer:
    cross = style.symbol("cross", fill=style.VERMILLION, size=18)
    features = []
    for left in plan.routes.unassigned:
        site = plan.area.site_by_id[left.stop_id]
        rows = [("未安排 unassigned", reason_text(left, plan.area.site_by_id))]
        if left.relaxations:
            rows.append((term("would_serve").both, relaxations_text(left, plan.routes.dimensions)))
        features.append(
            feature(
                shapely.Point(site.lon, site.lat),
                id=site.id,
                name=site.name,
                icon=cross,
                size=18,
                popup=popup(named(site), rows),
                tooltip=site.name,
            )
        )
    legend = [Legend(symbol=cross, text="未安排的站点 unassigned stop")]
    return Layer(name="未安排 unassigned", features=features, legend=legend)


def _village_layer(plan: DayPlan) -> Layer:
    look = {"radius": 3, "color": "#ffffff", "weight": 0.8, "fillColor": style.GREY, "fillOpacity": 1}
    features = [
        feature(
            shapely.Point(village.lon, village.lat),
            id=village.id,
            style=look,
            popup=popup(named(village), _hand_over(plan, village.id) + village_rows(plan.area, village)),
            tooltip=village.name,
        )
        for village in plan.area.villages
    ]
    legend = [Legend(symbol=style.symbol("circle", fill=style.GREY, size=10), text=term("village").both)]
    return Layer(name="村 villages", features=features, legend=legend)


def _hand_over(plan: DayPlan, village_id: str) -> list[tuple[str, str]]:
    place = plan.demand.place_of_village.get(village_id)
    return [("交接站点 hands over at", plan.area.site_by_id[place].name)] if place else []


def _panel(plan: DayPlan) -> Panel:
    routes = plan.routes.routes
    figures = [
        ("线路 routes", str(len(routes))),
        ("站点 stops", str(sum(len(route.visits) for route in routes))),
        ("未安排 unassigned", str(len(plan.routes.unassigned))),
        ("里程 distance", format_kilometres(sum(route.distance_m for route in routes))),
        (f"{term('delivery').both}", f"{sum(v.delivered[0] for route in routes for v in route.visits):,.0f} 件"),
        (f"{term('pickup').both}", f"{sum(v.picked_up[1] for route in routes for v in route.visits):,.0f} kg"),
        ("费用 cost", f"{plan.routes.cost_yuan:,.0f} 元"),
        ("费用下界 lower bound", f"{plan.routes.lower_bound_yuan:,.0f} 元"),
    ]
    profile = f"{term(plan.roads.vehicle).both}, {term(plan.roads.season).both}"
    remarks = [f"路网 roads: {profile}; {sentence(plan.routes.found_by(), {})}"]
    if plan.demand.without_point:
        names = "、".join(plan.area.village_by_id[id_].name for id_ in plan.demand.without_point)
        remarks.append(f"无站点可达的村 villages that reach no station: {names}")
    return Panel(
        page="routes",
        title="共配线路 Consolidated routes",
        when=plan.date.isoformat(),
        figures=figures,
        remarks=remarks,
        table_head=("车辆 vehicle", "站 stops", "时间 time", "km", "载重 load"),
        table_rows=[_row(plan, route, number) for number, route in enumerate(routes)],
    )


def _row(plan: DayPlan, route: Route, number: int) -> dict[str, Any]:
    colour, dash = _look(number)
    coordinates = [xy for path in paths_of(plan, route) for xy in path.coordinates]
    lons, lats = [lon for lon, _ in coordinates], [lat for _, lat in coordinates]
    return {
        "name": route.vehicle_id,
        "symbol": style.line(colour, width=4, dash=dash, size=20),
        "bounds": [[min(lats), min(lons)], [max(lats), max(lons)]],
        "cells": (
            str(len(route.visits)),
            f"{format_clock(route.start_s)}-{format_clock(route.end_s)}",
            f"{route.distance_m / 1000:.1f}",
            _fullest(plan, route),
        ),
    }


def _fullest(plan: DayPlan, route: Route) -> str:
    """Return how full the vehicle gets, by weight or volume, whichever is more."""
    vehicle = next(v for v in plan.config["routing"]["vehicles"] if v["id"] == route.vehicle_type_id)
    loads = [route.load_at_start, *(call.load_after for call in route.calls())]
    share = max(max(load[1] / vehicle["capacity_kg"], load[2] / vehicle["capacity_m3"]) for load in loads)
    return f"{math.ceil(share * 100 - 1e-9)} %"
