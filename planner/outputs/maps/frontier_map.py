"""The map of one point of a frontier: its service points on their routes, and which villages hand over where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import shapely

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
from planner.outputs.maps.page import Layer, Legend, Panel, begun, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.route_layers import look_of
from planner.outputs.maps.sites import hub_layer
from planner.outputs.names import spoken_name, title_name
from planner.outputs.page_links import PageLinks
from planner.plans.frontier_study import FrontierStudy
from planner.words import figures, say, term

_STEPS = len(style.MINUTES_COLOURS)


def frontier_map(study: FrontierStudy, number: int, shown: Sequence[tuple[str, str]], links: PageLinks) -> str:
    """Return the page of the ``number``-th plan of a study, the first is 1; ``shown`` are its figures, label and value."""
    who, where = say("Who is covered?"), say("Which vehicle drives where?")
    layers = [
        road_layer(study.road_lines),
        boundary_layer(study.area),
        _link_layer(study, number, who),
        _village_layer(study, number, who),
        *_route_layers(study, number, where),
        hub_layer([study.hub], where),
        township_layer(study.area),
    ]
    panel = Panel(
        page=map_name(number),
        title=say("Plan {number} of the frontier", number=number),
        figures=shown,
        questions=(who, where),
    )
    additions = [print_view(study), basemap_of(study)]
    return map_page(study, panel, layers, search_entries(study.area), links=links, additions=additions)


def map_name(number: int) -> str:
    """Return the name of the page of a plan, the first is 1."""
    return f"plan-{number}"


def _link_layer(study: FrontierStudy, number: int, question: str) -> Layer:
    lines = []
    point = study.plans[number - 1]
    for village_id, site_id in zip(study.problem.village_ids, point.hand_over, strict=True):
        if site_id:
            village, site = study.area.village_by_id[village_id], study.area.site_by_id[site_id]
            if (village.lon, village.lat) != (site.lon, site.lat):
                lines.append([(village.lon, village.lat), (site.lon, site.lat)])
    look = {"color": style.BLACK, "weight": 1, "opacity": 0.6, "fill": False, "interactive": False}
    features = [feature(shapely.MultiLineString(lines), style=look)] if lines else []
    legend = [Legend(symbol=style.line(style.BLACK, width=1), text=say("straight line, not the way by road"))]
    return Layer(question=question, name=say("Village to its service point"), features=features, legend=legend)


def _village_layer(study: FrontierStudy, number: int, question: str) -> Layer:
    problem, features = study.problem, []
    place = {id_: k for k, id_ in enumerate(problem.site_ids)}
    for row, (village_id, site_id) in enumerate(
        zip(problem.village_ids, study.plans[number - 1].hand_over, strict=True)
    ):
        village = study.area.village_by_id[village_id]
        seconds = float(problem.access_s[row, place[site_id]]) if site_id else None
        covered = seconds is not None and seconds <= problem.standard_s
        colour = style.VERMILLION
        if seconds is not None and covered:
            colour = style.MINUTES_COLOURS[min(int(_STEPS * seconds / problem.standard_s), _STEPS - 1)]
        look = {"radius": 5, "color": style.BLACK, "weight": 1, "fillColor": colour, "fillOpacity": 1}
        said = [(say("Hands over at"), spoken_name(study.area.site_by_id[site_id]) if site_id else "")]
        said.append((say("Minutes to the hand-over place"), "" if seconds is None else figures.minutes(seconds)))
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                id=village.id,
                style=look,
                popup=popup(title_name(village), [*said, *village_rows(study.area, village)]),
                tooltip=spoken_name(village),
            )
        )
    edges = [problem.standard_s * step / _STEPS / 60 for step in range(_STEPS + 1)]
    legend = [
        Legend(
            symbol=style.symbol("circle", fill=colour, edge=style.BLACK),
            text=say("{low} to {high} min", low=f"{low:.3g}", high=f"{high:.3g}"),
        )
        for colour, low, high in zip(style.MINUTES_COLOURS, edges, edges[1:], strict=False)
    ]
    legend.append(
        Legend(symbol=style.symbol("circle", fill=style.VERMILLION, edge=style.BLACK), text=term("uncovered"))
    )
    return Layer(question=question, name=begun(term("villages")), features=features, legend=legend)


def _route_layers(study: FrontierStudy, number: int, question: str) -> list[Layer]:
    coordinates = {(path.origin_id, path.destination_id): path.coordinates for path in study.paths}
    layers = []
    for position, route in enumerate(study.plans[number - 1].routes):
        colour, dash = look_of(position)
        drawn = dash or (style.STRAIGHT_DASH if study.area.on_straight_lines else "")
        name = say("Route {number}, {stops} points", number=position + 1, stops=len(route))
        look = {"color": colour, "weight": 4, "opacity": 0.85, "dashArray": drawn or None, "fill": False}
        places = (study.hub.id, *route, study.hub.id)
        legs = [coordinates[leg] for leg in pairwise(places)]
        lines = [leg for leg in legs if len(leg) > 1]
        features = [feature(shapely.MultiLineString(lines), style=look, tooltip=name)] if lines else []
        features += [_stop(study, id_, stop, (name, colour, dash)) for stop, id_ in enumerate(route, start=1)]
        symbol = style.line(colour, width=4, dash=drawn)
        layers.append(Layer(question=question, name=name, symbol=symbol, features=features))
    return layers


def _stop(study: FrontierStudy, site_id: str, number: int, look: tuple[str, str, str]) -> Feature:
    name, colour, dash = look
    fill, edge = ("#ffffff", colour) if dash else (colour, "#ffffff")
    site = study.area.site_by_id[site_id]
    yuan = float(study.problem.site_yuan[study.problem.site_ids.index(site_id)])
    rows = [
        (say("Route"), say("{route}, stop {number}", route=name, number=number)),
        (say("Cost a year"), figures.yuan(yuan)),
        *place_rows(site.coordinate_source, site.id),
    ]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=site.id,
        name=f"{number} {spoken_name(site)}",
        icon=style.symbol("circle", fill=fill, edge=edge, size=22, label=str(number)),
        size=22,
        popup=popup(title_name(site), rows),
        tooltip=f"{number} {spoken_name(site)}",
    )
