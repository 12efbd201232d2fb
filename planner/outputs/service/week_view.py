"""The map of the week: a weekday at a time, its vehicles' routes, points visited that day filled, all others hollow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import shapely

from planner.model import Tier
from planner.outputs.day_page import other_season_text
from planner.outputs.maps import style
from planner.outputs.maps.basemap import basemap_of
from planner.outputs.maps.layers import (
    Feature,
    boundary_layer,
    feature,
    popup,
    road_layer,
    search_entries,
    township_layer,
)
from planner.outputs.maps.page import Layer, Panel, begun, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.route_layers import look_of, route_layer
from planner.outputs.maps.route_panel import Shown, route_controls
from planner.outputs.maps.routes import vehicle_row, village_layer
from planner.outputs.maps.sites import hub_layer
from planner.outputs.names import title_name
from planner.outputs.page_links import PageLinks
from planner.outputs.service.bus_layers import bus_map_layers
from planner.outputs.service.week_figures import WeekdayFigures, week_figures
from planner.outputs.service.week_rows import PointRow, gap_rows, point_rows
from planner.outputs.service.weekday_plan import weekday_plan
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.words import figures, listed, say, term

WEEK_MAP = "map"


def week_view(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page: the first weekday at first, the others by their buttons."""
    places, days = say("Places"), sorted(plan.days, key=lambda one: one.weekday)
    shown = [weekday_plan(plan, day) for day in days]
    questions = [say("Which vehicle drives where on {day}?", day=_name(day)) for day in days]
    rows = {row.point.site_id: row for row in point_rows(plan)}
    of_vehicles = [
        [replace(route_layer(one, route, at, question), show=not k) for at, route in enumerate(one.routes.routes)]
        for k, (one, question) in enumerate(zip(shown, questions, strict=True))
    ]
    resting = [
        replace(_resting_layer(plan, day, rows, question), show=not k)
        for k, (day, question) in enumerate(zip(days, questions, strict=True))
    ]
    by_bus = [
        replace(_bus_layer(plan, day, rows, question), show=not k)
        for k, (day, question) in enumerate(zip(days, questions, strict=True))
    ]
    last = shown[-1] if shown else None
    layers = [
        road_layer(plan.network.road_lines if last is None else last.road_lines),
        boundary_layer(plan.area),
        *([] if last is None else [village_layer(last, places)]),
        *(layer for of_day in of_vehicles for layer in of_day),
        *resting,
        *by_bus,
        *bus_map_layers(plan, places),
        hub_layer(plan.network.opened_sites(Tier.COUNTY_HUB), places),
        township_layer(plan.area),
    ]
    number_of = {id(layer): number for number, layer in enumerate(layer for layer in layers if layer.features)}
    on_map = [
        Shown(
            plan=one,
            named=_name(day),
            routes=[
                (route, number_of[id(layer)], look_of(number)[0])
                for number, (route, layer) in enumerate(zip(one.routes.routes, drawn, strict=True))
            ],
            others=[number_of[id(layer)] for layer in others if layer.features],
        )
        for day, one, drawn, *others in zip(days, shown, of_vehicles, resting, by_bus, strict=True)
    ]
    additions = [route_controls(on_map), print_view(plan), basemap_of(plan)]
    panel = _panel(plan, on_map, (*questions, places))
    return map_page(plan, panel, layers, search_entries(plan.area), links=links, additions=additions)


def _name(day: ServiceDay) -> str:
    return figures.weekday_name(day.weekday, "wide")


def _resting_layer(plan: ServicePlan, day: ServiceDay, rows: Mapping[str, PointRow], question: str) -> Layer:
    """Return the points that nobody visits on a day, hollow, each with the days it is visited on."""
    visited = {visit.stop_id for route in day.routes for visit in route.visits} | _stops_by_bus(day)
    sites = {day.demand.site_of_stop[id_] for id_ in visited if id_ in day.demand.site_of_stop}
    ring = style.symbol("circle", fill="#ffffff", edge=style.BLACK, size=13)
    features = [_point(plan, row, ring) for id_, row in rows.items() if id_ not in sites]
    name = say("Points not visited that day ({count})", count=len(features))
    return Layer(question=question, name=name, symbol=ring, features=features)


def _bus_layer(plan: ServicePlan, day: ServiceDay, rows: Mapping[str, PointRow], question: str) -> Layer:
    """Return the points to or from which buses carry something on a day."""
    sites = {day.demand.site_of_stop[id_] for id_ in _stops_by_bus(day)}
    mark = style.symbol("diamond", fill=style.BLACK, size=15)
    features = [_point(plan, rows[id_], mark) for id_ in sorted(sites)]
    name = say("Points served by bus that day ({count})", count=len(features))
    return Layer(question=question, name=name, symbol=mark, features=features)


def _stops_by_bus(day: ServiceDay) -> set[str]:
    return {ride.point_id for ride in day.buses.rides} if day.buses else set()


def _point(plan: ServicePlan, row: PointRow, icon: str) -> Feature:
    site = plan.area.site_by_id[row.point.site_id]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=site.id,
        name=row.name,
        icon=icon,
        size=13,
        popup=popup(title_name(site), point_popup(row)),
        tooltip=say("{name}: {days}", name=row.name, days=row.days or say("not visited")),
    )


def point_popup(row: PointRow) -> list[tuple[str, str]]:
    """Return what a pop-up says of a point's week."""
    return [
        (say("Visited on"), row.days),
        (say("Asked for"), row.why),
        (say("Way"), row.way),
        (say("Villages that hand over there"), row.villages),
        (say("Parcels a week"), say("{down} down, {up} up", down=figures.number(row.down), up=figures.number(row.up))),
    ]


def _panel(plan: ServicePlan, days: list[Shown], questions: tuple[str, ...]) -> Panel:
    week = week_figures(plan)
    gaps = gap_rows(plan)
    remarks = [
        say("{label}: {text}", label=term("roads"), text=listed([term(plan.roads.vehicle), term(plan.roads.season)])),
        say("Full is the fullest moment, rounded up."),
        *([say("Not served: {names}", names=listed([f"{row.name} ({row.when})" for row in gaps]))] if gaps else []),
    ]
    return Panel(
        page=WEEK_MAP,
        title=say("The week's routes"),
        when=str(plan.year),
        figures=[(figures.weekday_name(one.weekday, "wide"), _line(one)) for one in week.days],
        remarks=remarks,
        warning=other_season_text(plan.season, plan.monday),
        questions=questions,
        table_head=(begun(term("vehicle")), say("Stops"), say("Out and back"), say("km"), say("Full")),
        table_rows=[
            vehicle_row(one.plan, route, number, layer)
            for one in days
            for number, (route, layer, _) in enumerate(one.routes)
        ],
    )


def _line(one: WeekdayFigures) -> str:
    """Return a weekday in one line."""
    return say(
        "{vehicles} vehicles, {distance}, {parcels} parcels, {yuan}",
        vehicles=one.vehicles,
        distance=figures.kilometres(one.distance_m),
        parcels=figures.number(round(one.down[0])),
        yuan=figures.yuan(one.cost_yuan),
    )
