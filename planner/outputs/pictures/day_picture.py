"""A picture of a day: which vehicle drives where, its stops in their order."""

from __future__ import annotations

from typing import Any

from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from planner.model import Tier
from planner.outputs.day_page import season_text
from planner.outputs.fleet_names import FleetNames
from planner.outputs.maps import style
from planner.outputs.names import spoken_name
from planner.outputs.pictures.network_pictures import HUB_LOOK
from planner.outputs.pictures.paper import PAPERS, Kind, Paper, to_bytes
from planner.outputs.pictures.surround import Key, Surround, line_key, mark_key, one_line, surround
from planner.outputs.pictures.view import (
    Label,
    View,
    dash_style,
    draw_ground,
    ground_keys,
    map_view,
    named,
    write_labels,
)
from planner.outputs.route_figures import paths_of
from planner.plans import DayPlan
from planner.routing import Route
from planner.words import figures, say, term

_WIDTH_PT = 1.7
_STOP_PT = 6.4
_LEFT: dict[str, Any] = {
    "marker": "X",
    "markersize": 7,
    "markerfacecolor": style.VERMILLION,
    "markeredgecolor": "black",
}


def routes_picture(plan: DayPlan, *, kind: Kind = "png", paper: Paper = PAPERS["a5"]) -> bytes:
    """Return a picture of all routes of a day, in the language that is spoken.

    Raises
    ------
    MissingFontError
        If no font of the system has what is to be written.
    """

    def draw(figure: Figure) -> None:
        season = season_text(plan)
        said = Surround(
            title=say("{area}: routes of {day}", area=spoken_name(plan.area), day=figures.weekday(plan.date)),
            subtitle=say("roads of {season}", season=term(plan.roads.season)),
            figures=_figures(plan),
            keys=_keys(plan),
            remarks=[season] if season else [],
        )
        view = map_view(figure, paper, surround(figure, paper, plan, said), plan.area)
        draw_ground(view, plan.area, plan.road_lines, closed=style.BLACK)
        for number, route in enumerate(plan.routes.routes):
            _draw_route(view, plan, route, number)
        sites = [plan.site_by_id[left.stop_id] for left in plan.routes.unassigned]
        view.marks(sites, **_LEFT, zorder=8)
        hubs = plan.network.opened_sites(Tier.COUNTY_HUB)
        view.marks(hubs, **HUB_LOOK, zorder=8)
        stops = [plan.site_by_id[visit.stop_id] for route in plan.routes.routes for visit in route.visits]
        write_labels(view, [*_vehicle_labels(plan), *named(plan.area.townships)], [*stops, *hubs])

    return to_bytes(paper, kind, draw)


def _look(number: int) -> tuple[str, str]:
    colours, dashes = style.ROUTE_COLOURS, style.ROUTE_DASHES
    return colours[number % len(colours)], dashes[number // len(colours) % len(dashes)]


def _line_look(plan: DayPlan, number: int) -> dict[str, Any]:
    colour, dash = _look(number)
    drawn = dash or (style.STRAIGHT_DASH if plan.roads.on_straight_lines else "")
    return {"color": colour, "linewidth": _WIDTH_PT, "linestyle": dash_style(drawn, _WIDTH_PT)}


def _draw_route(view: View, plan: DayPlan, route: Route, number: int) -> None:
    """Draw the ways of a route, and its stops with their numbers."""
    lines = [view.line(path.coordinates) for path in paths_of(plan, route) if len(path.coordinates) > 1]
    view.axes.add_collection(LineCollection(lines, zorder=5, **_line_look(plan, number)), autolim=False)
    colour, dash = _look(number)
    fill, edge = ("white", colour) if dash else (colour, "white")
    sites = [plan.site_by_id[visit.stop_id] for visit in route.visits]
    view.marks(
        sites,
        **{
            "marker": "o",
            "markersize": _STOP_PT,
            "markerfacecolor": fill,
            "markeredgecolor": edge,
            "markeredgewidth": 0.7,
        },
        zorder=6,
    )
    ink = "black" if dash else style.ink(fill)
    spots = view.at([(site.lon, site.lat) for site in sites])
    for stop, (x, y) in enumerate(spots, start=1):
        view.axes.text(
            x, y, str(stop), ha="center", va="center_baseline", fontsize=_STOP_PT * 0.68, color=ink, zorder=7
        )


def _vehicle_labels(plan: DayPlan) -> list[Label]:
    """Return the name of each vehicle, for the stop farthest from where it starts: lines cross, names do not."""
    labels, fleet = [], FleetNames.of(plan)
    for route in plan.routes.routes:
        if route.visits:
            start = paths_of(plan, route)[0].coordinates[0]
            stops = [plan.site_by_id[visit.stop_id] for visit in route.visits]
            far = max(stops, key=lambda site: ((site.lon - start[0]) ** 2 + (site.lat - start[1]) ** 2, site.id))
            labels.append(Label(far, one_line(fleet.called(route.vehicle_id)), strong=True))
    return labels


def _figures(plan: DayPlan) -> list[tuple[str, str]]:
    routes = plan.routes.routes
    return [
        (say("Vehicles on the road"), figures.number(len(routes))),
        (say("Stops served"), figures.number(sum(len(plan.at_points(route)) for route in routes))),
        (say("Distance"), figures.kilometres(sum(route.distance_m for route in routes))),
        (say("Cost"), figures.yuan(plan.cost_yuan)),
    ]


def _keys(plan: DayPlan) -> list[tuple[str, list[Key]]]:
    places = [mark_key(say("stop, in the order of the route"), marker="o", markersize=_STOP_PT, color=style.GREY)]
    places.append(mark_key(term("county_hub"), **HUB_LOOK))
    if plan.routes.unassigned:
        text = say("Stops on no route ({count})", count=len(plan.routes.unassigned))
        places.append(mark_key(text, **_LEFT))
    routes = [
        line_key(
            say(
                "{vehicle}: {stops}, {distance}, {out}–{back}",
                vehicle=one_line(FleetNames.of(plan).called(route.vehicle_id)),
                stops=figures.stops(len(plan.at_points(route))),
                distance=figures.kilometres(route.distance_m),
                out=figures.clock(route.start_s),
                back=figures.clock(route.end_s),
            ),
            **_line_look(plan, number),
        )
        for number, route in enumerate(plan.routes.routes)
    ]
    ground = ground_keys(plan.road_lines, closed=style.BLACK)
    return [(say("Places"), places), (say("Routes"), routes), (say("Background"), ground)]
