"""The routes map: each vehicle's route with its stops in order, loads and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import shapely

from planner.model import Tier
from planner.outputs.day_page import season_text
from planner.outputs.fleet_names import FleetNames
from planner.outputs.maps import style
from planner.outputs.maps.basemap import basemap_of
from planner.outputs.maps.layers import (
    boundary_layer,
    feature,
    popup,
    road_layer,
    search_entries,
    township_layer,
    village_rows,
)
from planner.outputs.maps.page import Layer, Panel, begun, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.route_layers import dash_of, look_of, route_layer, unassigned_layer
from planner.outputs.maps.route_panel import Shown, route_controls
from planner.outputs.maps.sites import hub_layer
from planner.outputs.names import spoken_name, title_name
from planner.outputs.order_lines import orders_line
from planner.outputs.page_links import WEEK_PAGE, PageLinks
from planner.outputs.route_figures import day_figures_of, paths_of, route_figures
from planner.outputs.route_order import in_natural_order
from planner.outputs.station_lines import stations_lines
from planner.plans import DayPlan
from planner.plans.load_share import share_text
from planner.routing import Route
from planner.words import figures, listed, say, sentence, term


def routes_map(plan: DayPlan, links: PageLinks, *, week_href: str = "") -> str:
    """Return the page: one layer a vehicle, its stops numbered in order, stops that nobody visits, roads and boundary.

    ``week_href`` leads to the map of the days around, if there is one.
    """
    return _page_of([plan], links, page="routes", week_href=week_href)


def week_map(plans: Sequence[DayPlan], links: PageLinks) -> str:
    """Return the page of several days of an area, in the order of their dates: one is shown at a time, the last at first.

    Roads, villages and sites are those of the last day.
    """
    return _page_of(plans, links, page=WEEK_PAGE)


def _page_of(plans: Sequence[DayPlan], links: PageLinks, *, page: str, week_href: str = "") -> str:
    plan, places = plans[-1], say("Places")
    questions = [_question(one) if len(plans) > 1 else say("Which vehicle drives where?") for one in plans]
    routes = [in_natural_order(one.routes.routes) for one in plans]
    of_vehicles = [
        [replace(route_layer(one, route, at, question), show=one is plan) for at, route in enumerate(of_day)]
        for one, question, of_day in zip(plans, questions, routes, strict=True)
    ]
    left = [
        replace(unassigned_layer(one, question), show=one is plan)
        for one, question in zip(plans, questions, strict=True)
    ]
    layers = [
        road_layer(plan.road_lines),
        boundary_layer(plan.area),
        village_layer(plan, places),
        *(layer for of_day in of_vehicles for layer in of_day),
        *left,
        hub_layer(plan.network.opened_sites(Tier.COUNTY_HUB), places),
        township_layer(plan.area),
    ]
    number_of = {id(layer): number for number, layer in enumerate(layer for layer in layers if layer.features)}
    days = [
        Shown(
            plan=one,
            routes=[
                (route, number_of[id(layer)], look_of(number)[0])
                for number, (route, layer) in enumerate(zip(of_day, drawn, strict=True))
            ],
            others=[number_of[id(layer)] for layer in (missed,) if layer.features],
        )
        for one, of_day, drawn, missed in zip(plans, routes, of_vehicles, left, strict=True)
    ]
    panel = _panel(days, (*questions, places), page)
    controls = route_controls(days, week_href)
    additions = [controls, print_view(plan), basemap_of(plan)]
    return map_page(plan, panel, layers, search_entries(plan.area), links=links, additions=additions)


def _question(plan: DayPlan) -> str:
    return say("Which vehicle drives where on {day}?", day=figures.weekday(plan.date))


def village_layer(plan: DayPlan, question: str) -> Layer:
    """Return the villages as grey dots, each with where it hands over that day."""
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


def _panel(days: Sequence[Shown], questions: tuple[str, ...], page: str) -> Panel:
    plan = days[-1].plan
    routes = plan.routes.routes
    profile = listed([term(plan.roads.vehicle), term(plan.roads.season)])
    remarks = [say("{label}: {text}", label=term("roads"), text=profile)]
    if routes:
        remarks.append(say("Full is the fullest moment, rounded up."))
    remarks += [line for line in (orders_line(plan), *stations_lines(plan)) if line]
    if plan.without_site:
        names = [spoken_name(plan.area.village_by_id[id_]) for id_ in plan.without_site]
        remarks.append(say("Villages that reach no open site: {names}", names=names))
    proof = [
        say("Lower bound of the cost: {yuan}", yuan=figures.yuan(plan.routes.lower_bound_yuan)),
        sentence(plan.routes.found_by(), {}),
    ]
    dates = [one.plan.date.isoformat() for one in days]
    several = len(days) > 1
    return Panel(
        page=page,
        title=say("Routes"),
        when=say("{first} to {last}", first=dates[0], last=dates[-1]) if several else dates[0],
        figures=[_figure_of(one.plan) for one in days] if several else _figures(plan),
        remarks=[] if several else remarks,
        proof=[] if several else proof,
        warning=say("; ").join(filter(None, (season_text(one.plan) for one in days))),
        questions=questions,
        table_head=(begun(term("vehicle")), say("Stops"), say("Out and back"), say("km"), say("Full")),
        table_rows=[
            vehicle_row(one.plan, route, number, layer)
            for one in days
            for number, (route, layer, _) in enumerate(one.routes)
        ],
    )


def _figure_of(plan: DayPlan) -> tuple[str, str]:
    """Return a day in one line: vehicles, kilometres, parcels down and cost."""
    routes = plan.routes.routes
    said = say(
        "{vehicles} vehicles, {distance}, {parcels} parcels, {yuan}",
        vehicles=len(routes),
        distance=figures.kilometres(sum(route.distance_m for route in routes)),
        parcels=f"{plan.handed_over(up=False)[0]:,.0f}",
        yuan=figures.yuan(plan.cost_yuan),
    )
    return figures.weekday(plan.date), said


def _figures(plan: DayPlan) -> list[tuple[str, str]]:
    routes = plan.routes.routes
    driving_s, walking_s = day_figures_of(plan)
    return [
        (say("Vehicles on the road"), figures.number(len(routes))),
        (say("Stops served"), figures.number(sum(len(plan.at_points(route)) for route in routes))),
        (say("Stops on no route"), figures.number(len(plan.routes.unassigned))),
        (say("Distance"), figures.kilometres(sum(route.distance_m for route in routes))),
        (say("Driving"), figures.minutes(driving_s)),
        (say("Walking"), "-" if walking_s is None else figures.minutes(walking_s)),
        (
            term("delivery"),
            say("{count} parcels", count=f"{plan.handed_over(up=False)[0]:,.0f}"),
        ),
        (
            term("pickup"),
            say("{kg} kg", kg=f"{plan.handed_over(up=True)[1]:,.0f}"),
        ),
        (say("Cost"), figures.yuan(plan.cost_yuan)),
    ]


def vehicle_row(plan: DayPlan, route: Route, number: int, layer: int) -> dict[str, Any]:
    """Return the row of a panel's table for the ``number``-th route of a day, which is in a layer."""
    colour, dash = look_of(number)
    coordinates = [xy for path in paths_of(plan, route) for xy in path.coordinates]
    lons, lats = [lon for lon, _ in coordinates], [lat for _, lat in coordinates]
    return {
        "name": FleetNames.of(plan).called(route.vehicle_id),
        "layer": layer,
        "symbol": style.line(colour, width=4, dash=dash_of(plan, dash), size=20),
        "bounds": [[min(lats), min(lons)], [max(lats), max(lons)]],
        "cells": (
            str(len(plan.at_points(route))),
            f"{figures.clock(route.start_s)}–{figures.clock(route.end_s)}",
            f"{route.distance_m / 1000:,.1f}",
            share_text(route_figures(plan, route).load_share),
        ),
    }
