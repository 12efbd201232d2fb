"""The routes map: each vehicle's route with its stops in order, loads and times."""

from __future__ import annotations

from typing import Any

import shapely

from planner.model import Tier
from planner.outputs.day_page import season_text
from planner.outputs.leg_loads import Amounts, leg_loads
from planner.outputs.maps import style
from planner.outputs.maps.basemap import basemap_of
from planner.outputs.maps.layers import (
    Feature,
    boundary_layer,
    feature,
    place_rows,
    popup,
    road_layer,
    search_entries,
    township_layer,
    village_rows,
)
from planner.outputs.maps.page import Layer, Panel, begun, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.route_panel import route_controls
from planner.outputs.maps.sites import hub_layer
from planner.outputs.names import spoken_name, title_name
from planner.outputs.page_links import PageLinks
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.route_figures import day_figures_of, leg_parts, paths_of, route_figures, walks_of
from planner.outputs.route_order import in_natural_order
from planner.outputs.timeline import driving_of_legs
from planner.plans import DayPlan
from planner.plans.load_share import filled_share, share_text, vehicle_room
from planner.routing import Route, Visit
from planner.words import figures, listed, say, sentence, term


def routes_map(plan: DayPlan, links: PageLinks) -> str:
    """Return the page: one layer a vehicle, its stops numbered in order, stops that nobody visits, roads and boundary."""
    question, places = say("Which vehicle drives where?"), say("Places")
    left = _unassigned_layer(plan, question)
    routes = in_natural_order(plan.routes.routes)
    of_vehicles = [_route_layer(plan, route, number, question) for number, route in enumerate(routes)]
    layers = [
        road_layer(plan.road_lines),
        boundary_layer(plan.area),
        _village_layer(plan, places),
        *of_vehicles,
        left,
        hub_layer(plan.network.opened_sites(Tier.COUNTY_HUB), places),
        township_layer(plan.area),
    ]
    drawn = [layer for layer in layers if layer.features]
    numbers = [drawn.index(layer) for layer in of_vehicles]
    panel = _panel(plan, (question, places), numbers)
    looks = [_look(number)[0] for number in range(len(routes))]
    controls = route_controls([(plan, list(zip(routes, numbers, looks, strict=True)))])
    return map_page(
        plan,
        panel,
        layers,
        search_entries(plan.area),
        links=links,
        additions=[controls, print_view(plan), basemap_of(plan)],
    )


def _look(number: int) -> tuple[str, str]:
    """Return colour and dash of the ``number``-th route: colours first, then the same colours dashed."""
    colours, dashes = style.ROUTE_COLOURS, style.ROUTE_DASHES
    return colours[number % len(colours)], dashes[number // len(colours) % len(dashes)]


def _drawn(plan: DayPlan, dash: str) -> str:
    """Return the dash that a route's lines have: without roads none is a full line."""
    return dash or (style.STRAIGHT_DASH if plan.roads.on_straight_lines else "")


def _route_layer(plan: DayPlan, route: Route, position: int, question: str) -> Layer:
    colour, dash = _look(position)
    drawn = _drawn(plan, dash)
    look = {"color": colour, "weight": 4, "opacity": 0.85, "dashArray": drawn or None, "fill": False}
    features: list[Feature] = []
    room = vehicle_room(plan)[route.vehicle_type_id]
    driven, loads = driving_of_legs(route), leg_loads(route)
    of_legs = zip(paths_of(plan, route), route.legs(), walks_of(plan, route), driven, loads, strict=True)
    for number, (path, leg, walk, driving, both) in enumerate(of_legs, start=1):
        driving_s, walking_s = leg_parts(leg.driving_s, walk)
        origin, destination = (spoken_name(plan.area.site_by_id[id_]) for id_ in (path.origin_id, path.destination_id))
        rows = [
            (
                say("Leg"),
                say("{number}: {origin} → {destination}", number=number, origin=origin, destination=destination),
            ),
            (say("Distance"), figures.kilometres(leg.distance_m)),
            (say("Driving time"), figures.minutes(driving_s)),
            *([] if walking_s is None else [(say("Walking"), figures.minutes(walking_s))]),
            (say("Load down"), _load(both.down)),
            (say("Load up"), _load(both.up)),
        ]
        played = {
            "drive": [[round(span.start_s), round(span.end_s)] for span in driving],
            "down": round(filled_share(both.down, room), 3),
            "up": round(filled_share(both.up, room), 3),
        }
        line = shapely.LineString(path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2)
        features.append(
            feature(line, style=look, popup=popup(route.vehicle_id, rows), tooltip=route.vehicle_id, leg=played)
        )
    features += [_stop(plan, route, visit, stop, (colour, dash)) for stop, visit in enumerate(route.visits, start=1)]
    symbol = style.line(colour, width=4, dash=drawn)
    return Layer(question=question, name=route.vehicle_id, symbol=symbol, features=features)


def _stop(plan: DayPlan, route: Route, visit: Visit, number: int, look: tuple[str, str]) -> Feature:
    colour, dash = look
    # a dashed route's stops are hollow, so that two routes of one colour differ in their stops too
    fill, edge = ("#ffffff", colour) if dash else (colour, "#ffffff")
    site = plan.area.site_by_id[visit.stop_id]
    place = say("{vehicle}, stop {number} of {count}", vehicle=route.vehicle_id, number=number, count=len(route.visits))
    rows = [
        (term("vehicle"), place),
        (term("arrival"), figures.clock(visit.arrival_s)),
        (term("departure"), figures.clock(visit.departure_s)),
        (term("delivery"), _parcels(visit.delivered)),
        (term("pickup"), _parcels(visit.picked_up)),
        (say("Load when it leaves"), _load(visit.load_after)),
        *place_rows(site.coordinate_source, site.id),
    ]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=site.id,
        name=f"{number} {spoken_name(site)}",
        icon=style.symbol("circle", fill=fill, edge=edge, size=22, label=str(number)),
        size=22,
        popup=popup(title_name(site), rows),
        tooltip=f"{number} {spoken_name(site)} {figures.clock(visit.arrival_s)}",
    )


def _parcels(amounts: tuple[float, ...]) -> str:
    return say("{count} parcels, {kg} kg", count=f"{amounts[0]:.0f}", kg=f"{amounts[1]:.1f}")


def _load(load: Amounts) -> str:
    return say("{count} parcels, {kg} kg, {m3} m³", count=f"{load[0]:.0f}", kg=f"{load[1]:.0f}", m3=f"{load[2]:.1f}")


def _unassigned_layer(plan: DayPlan, question: str) -> Layer:
    cross = style.symbol("cross", fill=style.VERMILLION, size=18)
    features = []
    for left in plan.routes.unassigned:
        site = plan.area.site_by_id[left.stop_id]
        rows = [(say("On no route"), reason_text(left, plan.area.site_by_id))]
        if left.relaxations:
            rows.append((term("would_serve"), relaxations_text(left, plan.routes.dimensions)))
        features.append(
            feature(
                shapely.Point(site.lon, site.lat),
                id=site.id,
                name=spoken_name(site),
                icon=cross,
                size=18,
                popup=popup(title_name(site), rows),
                tooltip=spoken_name(site),
            )
        )
    return Layer(question=question, name=say("Stops on no route"), symbol=cross, features=features)


def _village_layer(plan: DayPlan, question: str) -> Layer:
    look = {"radius": 3, "color": "#ffffff", "weight": 0.8, "fillColor": style.GREY, "fillOpacity": 1}
    features = [
        feature(
            shapely.Point(village.lon, village.lat),
            id=village.id,
            style=look,
            popup=popup(title_name(village), _hand_over(plan, village.id) + village_rows(plan.area, village)),
            tooltip=spoken_name(village),
        )
        for village in plan.area.villages
    ]
    symbol = style.symbol("circle", fill=style.GREY, size=10)
    return Layer(question=question, name=begun(term("villages")), features=features, symbol=symbol)


def _hand_over(plan: DayPlan, village_id: str) -> list[tuple[str, str]]:
    place = plan.demand.place_of_village.get(village_id)
    return [(say("Hands over at"), spoken_name(plan.area.site_by_id[place]))] if place else []


def _panel(plan: DayPlan, questions: tuple[str, ...], layers: list[int]) -> Panel:
    routes = plan.routes.routes
    driving_s, walking_s = day_figures_of(plan)
    rows = [
        (say("Vehicles on the road"), figures.number(len(routes))),
        (say("Stops served"), figures.number(sum(len(route.visits) for route in routes))),
        (say("Stops on no route"), figures.number(len(plan.routes.unassigned))),
        (say("Distance"), figures.kilometres(sum(route.distance_m for route in routes))),
        (say("Driving"), figures.minutes(driving_s)),
        (say("Walking"), "-" if walking_s is None else figures.minutes(walking_s)),
        (
            term("delivery"),
            say("{count} parcels", count=f"{sum(v.delivered[0] for route in routes for v in route.visits):,.0f}"),
        ),
        (
            term("pickup"),
            say("{kg} kg", kg=f"{sum(v.picked_up[1] for route in routes for v in route.visits):,.0f}"),
        ),
        (say("Cost"), figures.yuan(plan.routes.cost_yuan)),
    ]
    profile = listed([term(plan.roads.vehicle), term(plan.roads.season)])
    remarks = [say("{label}: {text}", label=term("roads"), text=profile)]
    if routes:
        remarks.append(say("Full is the fullest moment, rounded up."))
    if plan.without_site:
        names = [spoken_name(plan.area.village_by_id[id_]) for id_ in plan.without_site]
        remarks.append(say("Villages that reach no open site: {names}", names=names))
    proof = [
        say("Lower bound of the cost: {yuan}", yuan=figures.yuan(plan.routes.lower_bound_yuan)),
        sentence(plan.routes.found_by(), {}),
    ]
    return Panel(
        page="routes",
        title=say("Routes"),
        when=plan.date.isoformat(),
        figures=rows,
        remarks=remarks,
        proof=proof,
        warning=season_text(plan),
        questions=questions,
        table_head=(begun(term("vehicle")), say("Stops"), say("Out and back"), say("km"), say("Full")),
        table_rows=[
            _row(plan, route, number, layer)
            for number, (route, layer) in enumerate(zip(in_natural_order(routes), layers, strict=True))
        ],
    )


def _row(plan: DayPlan, route: Route, number: int, layer: int) -> dict[str, Any]:
    colour, dash = _look(number)
    coordinates = [xy for path in paths_of(plan, route) for xy in path.coordinates]
    lons, lats = [lon for lon, _ in coordinates], [lat for _, lat in coordinates]
    return {
        "name": route.vehicle_id,
        "layer": layer,
        "symbol": style.line(colour, width=4, dash=_drawn(plan, dash), size=20),
        "bounds": [[min(lats), min(lons)], [max(lats), max(lons)]],
        "cells": (
            str(len(route.visits)),
            f"{figures.clock(route.start_s)}–{figures.clock(route.end_s)}",
            f"{route.distance_m / 1000:.1f}",
            share_text(route_figures(plan, route).load_share),
        ),
    }
