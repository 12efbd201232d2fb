"""The layers that maps share: boundary, roads, townships, and what the search finds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import shapely

from planner.geodata.register import latin_initials
from planner.model import RoadLine, StudyArea, Tier, Village
from planner.outputs.maps import style
from planner.outputs.maps.page import Layer, Legend, begun
from planner.outputs.names import facility_name, spoken_name
from planner.outputs.origins import people_source, position_source
from planner.words import figures, listed, say, term

Feature = dict[str, Any]
Rows = list[tuple[str, str]]

_CLOSED = (2.4, style.VERMILLION, "6 5")
_SHUT = (3.2, style.BLACK, "2 6")
_COUNTY_ROAD = 1.6
_FERRY = (2.4, style.BLUE, "3 5")


def feature(geometry: shapely.Geometry, **properties: object) -> Feature:
    """Return a GeoJSON feature, coordinates to five digits (a metre)."""
    rounded = shapely.transform(geometry, lambda xy: xy.round(5))
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(rounded)), "properties": properties}


def popup(title: str, rows: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return a pop-up: a title and lines of label and value, all of them text; lines without a value are left out."""
    return {"title": title, "rows": [[begun(label), value] for label, value in rows if value]}


def boundary_layer(area: StudyArea) -> Layer:
    """Return the area's outline."""
    line = {"color": "#333333", "weight": 2.5, "fill": False, "interactive": False}
    outline = feature(shapely.simplify(area.boundary, 0.0001), style=line)
    legend = [Legend(symbol=style.line("#333333", width=2.5), text=term("boundary"))]
    return Layer(
        question=background(), name=begun(term("boundary")), features=[outline], legend=legend, switchable=False
    )


def background() -> str:
    """Return the heading of the layers that are drawn behind those that answer a question."""
    return say("Background")


def road_layer(lines: Sequence[RoadLine]) -> Layer:
    """Return the roads by class, closed ones and ferries apart."""
    groups: dict[tuple[float, str, str, str], list[shapely.LineString]] = defaultdict(list)
    for road in lines:
        if len(road.coordinates) > 1:
            groups[road_style(road)].append(shapely.LineString(road.coordinates))
    features, legend = [], []
    for (width, colour, dash, text), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][3])):
        drawn = {"color": colour, "weight": width, "dashArray": dash or None, "interactive": False, "fill": False}
        shut = {"tooltip": text} if (width, colour, dash) == _SHUT else {}
        minor = {"minor": True} if width < _COUNTY_ROAD else {}
        drawn_lines = shapely.MultiLineString(group)
        features.append(feature(drawn_lines, style={**drawn, "interactive": bool(shut)}, **shut, **minor))
        legend.append(Legend(symbol=style.line(colour, width=width, dash=dash), text=text))
    return Layer(question=background(), name=begun(term("roads")), features=features, legend=legend[::-1])


def road_style(road: RoadLine) -> tuple[float, str, str, str]:
    """Return width, colour and dash of a road's line, and what it is."""
    if road.closure:
        return (*_SHUT, say("{label}: {text}", label=term("closure"), text=road.closure))
    if road.closed:
        return (*_CLOSED, say("Road or ferry closed this season"))
    if road.highway == "ferry":
        return (*_FERRY, say("Ferry"))
    rank = road.highway.removesuffix("_link")
    if rank in ("motorway", "trunk", "primary", "secondary"):
        return 2.6, "#8a8a8a", "", say("Main road")
    if rank == "tertiary":
        return _COUNTY_ROAD, "#a3a3a3", "", say("County or township road")
    return 0.9, "#bdbdbd", "", say("Village road and other")


def township_layer(area: StudyArea) -> Layer:
    """Return the names of the townships at their seats."""
    features = [
        feature(
            shapely.Point(t.lon, t.lat), icon=f'<div class="place">{escape(spoken_name(t))}</div>', name=spoken_name(t)
        )
        for t in area.townships
    ]
    return Layer(question=background(), name=say("Township names"), features=features)


def people_text(village: Village) -> str:
    """Return how many live in a village, and who says so."""
    return say("{people} ({source})", people=figures.people(village.population), source=people_source(village))


def village_rows(area: StudyArea, village: Village) -> Rows:
    """Return what a pop-up says of a village."""
    poor = say("yes, {count} households", count=village.poor_households) if village.registered_poor else ""
    return [
        (term("township"), spoken_name(area.township_by_id[village.township_id])),
        (term("population"), people_text(village)),
        (term("households"), figures.number(village.households)),
        (term("poor_village"), poor),
        (say("Local product"), village.product),
        (say("Rooms that can be shared"), listed([facility_name(one) for one in village.facilities])),
        (say("Position from"), position_source(village)),
        (say("Code"), village.id),
    ]


def place_rows(source: str, id_: str) -> Rows:
    """Return the last lines of a pop-up: who says where a place lies, and its id."""
    return [(say("Position from"), term(source)), (say("Code"), id_)]


def search_entries(area: StudyArea) -> list[dict[str, Any]]:
    """Return what the search box finds: villages, townships, hubs and stations."""
    entries = []
    for village in area.villages:
        entries.append(_entry(village.id, village, spoken_name(area.township_by_id[village.township_id])))
    entries += [_entry(township.id, township, "") for township in area.townships]
    entries += [_entry(site.id, site, term(site.tier)) for site in area.sites if site.tier is not Tier.SERVICE_POINT]
    return entries


def _entry(id_: str, place: Any, where: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": place.name,
        "shown": spoken_name(place),
        "latin": place.name_latin,
        "initials": latin_initials(place.name),
        "where": where,
        "lon": place.lon,
        "lat": place.lat,
    }
