"""The layers both maps share: boundary, roads, townships, villages and sites."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import shapely

from planner.geodata.register import latin_initials
from planner.model import RoadLine, Site, SiteStatus, StudyArea, Tier, Village
from planner.outputs.maps import style
from planner.outputs.maps.page import Layer, Legend
from planner.words.terms import term

Feature = dict[str, Any]

_ROAD_STYLES = {
    "primary": (2.6, "#8a8a8a", "干线 main road"),
    "tertiary": (1.6, "#a3a3a3", "县乡道 county or township road"),
    "other": (0.9, "#bdbdbd", "村道及其他 village road and other"),
}
_CLOSED = (2.4, style.VERMILLION, "6 5")
_SHUT = (3.2, style.BLACK, "2 6")
_FERRY = (2.4, style.BLUE, "3 5")
_TIER_SHAPES = {Tier.COUNTY_HUB: "star", Tier.EXPRESS_STATION: "square", Tier.SERVICE_POINT: "diamond"}
_TIER_COLOURS = {
    Tier.COUNTY_HUB: style.BLACK,
    Tier.EXPRESS_STATION: style.PURPLE,
    Tier.SERVICE_POINT: style.GREEN,
}
_TIER_SIZES = {Tier.COUNTY_HUB: 26, Tier.EXPRESS_STATION: 20, Tier.SERVICE_POINT: 15}


def feature(geometry: shapely.Geometry, **properties: object) -> Feature:
    """Return a GeoJSON feature, coordinates to five digits (a metre)."""
    rounded = shapely.transform(geometry, lambda xy: xy.round(5))
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(rounded)), "properties": properties}


def popup(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a pop-up: a title and lines of label and value, all escaped; lines without a value are left out."""
    lines = "".join(f"<tr><td>{escape(label)}</td><td>{escape(value)}</td></tr>" for label, value in rows if value)
    return f"<b>{escape(title)}</b><table>{lines}</table>"


def named(place: Village | Site) -> str:
    """Return both names of a place, the Latin one only if it says something new."""
    return place.name if place.name_latin in ("", place.name) else f"{place.name} {place.name_latin}"


def boundary_layer(area: StudyArea) -> Layer:
    """Return the area's outline."""
    line = {"color": "#333333", "weight": 2.5, "fill": False, "interactive": False}
    outline = feature(shapely.simplify(area.boundary, 0.0001), style=line)
    legend = [Legend(symbol=style.line("#333333", width=2.5), text="边界 boundary")]
    return Layer(name="边界 boundary", features=[outline], legend=legend, switchable=False)


def road_layer(lines: Sequence[RoadLine]) -> Layer:
    """Return the roads by class, closed ones and ferries apart."""
    groups: dict[tuple[float, str, str, str], list[shapely.LineString]] = defaultdict(list)
    for road in lines:
        if len(road.coordinates) > 1:
            groups[_road_style(road)].append(shapely.LineString(road.coordinates))
    features, legend = [], []
    for (width, colour, dash, text), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][3])):
        drawn = {"color": colour, "weight": width, "dashArray": dash or None, "interactive": False, "fill": False}
        shut = {"tooltip": text} if (width, colour, dash) == _SHUT else {}
        drawn_lines = shapely.MultiLineString(group)
        features.append(feature(drawn_lines, style={**drawn, "interactive": bool(shut)}, **shut))
        legend.append(Legend(symbol=style.line(colour, width=width, dash=dash), text=text))
    return Layer(name="道路 roads", features=features, legend=legend[::-1])


def _road_style(road: RoadLine) -> tuple[float, str, str, str]:
    if road.closure:
        return (*_SHUT, f"{term('closure').both}: {road.closure}")
    if road.closed:
        return (*_CLOSED, "本季关闭的道路或渡口 road or ferry closed this season")
    if road.highway == "ferry":
        return (*_FERRY, "渡口 ferry")
    rank = road.highway.removesuffix("_link")
    group = "primary" if rank in ("motorway", "trunk", "primary", "secondary") else "other"
    width, colour, text = _ROAD_STYLES["tertiary" if rank == "tertiary" else group]
    return width, colour, "", text


def township_layer(area: StudyArea) -> Layer:
    """Return the names of the townships at their seats."""
    features = [
        feature(shapely.Point(t.lon, t.lat), icon=f'<div class="place">{escape(t.name)}</div>', name=t.name)
        for t in area.townships
    ]
    return Layer(name="乡镇名 township names", features=features)


def village_rows(area: StudyArea, village: Village) -> list[tuple[str, str]]:
    """Return what a pop-up says of a village."""
    return [
        (term("township").both, area.township_by_id[village.township_id].name),
        (
            term("population").both,
            f"{village.population:,} ({term(village.population_source).both})",
        ),
        (term("households").both, f"{village.households:,}"),
        (term("poor_village").both, f"是 yes, {village.poor_households} 户" if village.registered_poor else ""),
        ("一村一品 product", village.product),
        ("可共用场所 facilities", "、".join(village.facilities)),
        ("坐标来源 position", term(village.coordinate_source).both),
        ("编码 id", village.id),
    ]


def site_symbol(tier: Tier, status: SiteStatus, opened: bool) -> str:
    """Return the symbol of a site: shape and colour by tier, black edge if it exists already, hollow if not opened."""
    if status is SiteStatus.FORBIDDEN:
        return style.symbol("cross", fill=style.GREY, size=12)
    if not opened:
        return style.symbol(_TIER_SHAPES[tier], fill="#ffffff", edge=style.GREY, size=_TIER_SIZES[tier] - 4)
    edge = style.BLACK if status is SiteStatus.EXISTING and tier is not Tier.COUNTY_HUB else "#ffffff"
    return style.symbol(_TIER_SHAPES[tier], fill=_TIER_COLOURS[tier], edge=edge, size=_TIER_SIZES[tier])


def site_layer(
    name: str, sites: Sequence[Site], opened_ids: Collection[str], extra: Mapping[str, list[tuple[str, str]]]
) -> Layer:
    """Return sites with their symbols; ``extra`` has more pop-up lines by site id."""
    features = []
    legend: dict[str, Legend] = {}
    for site in sites:
        opened = site.id in opened_ids
        rows = [(term(site.tier).both, _status_text(site, opened)), *extra.get(site.id, [])]
        if site.opening_cost_yuan:
            rows.append(("开办费用 opening cost", f"{site.opening_cost_yuan:,.0f} 元 yuan"))
        rows += [("坐标来源 position", term(site.coordinate_source).both), ("编码 id", site.id)]
        drawn = site_symbol(site.tier, site.status, opened)
        features.append(
            feature(
                shapely.Point(site.lon, site.lat),
                id=site.id,
                name=site.name,
                icon=drawn,
                size=_TIER_SIZES[site.tier],
                popup=popup(named(site), rows),
                tooltip=site.name,
            )
        )
        if site.status is SiteStatus.FORBIDDEN:
            legend.setdefault("forbidden", Legend(symbol=drawn, text=f"{term('forbidden').both}"))
        else:
            text = f"{term(site.tier).both}: {_status_text(site, opened)}"
            legend.setdefault(text, Legend(symbol=drawn, text=text))
    return Layer(name=name, features=features, legend=list(legend.values()))


def _status_text(site: Site, opened: bool) -> str:
    if site.status is not SiteStatus.CANDIDATE:
        return term(site.status).both
    return "新开 opened by this plan" if opened else "候选未开 candidate, not opened"


def search_entries(area: StudyArea) -> list[dict[str, Any]]:
    """Return what the search box finds: villages, townships, hubs and stations."""
    entries = []
    for village in area.villages:
        entries.append(_entry(village.id, village, area.township_by_id[village.township_id].name))
    entries += [_entry(township.id, township, "") for township in area.townships]
    entries += [_entry(site.id, site, term(site.tier).zh) for site in area.sites if site.tier is not Tier.SERVICE_POINT]
    return entries


def _entry(id_: str, place: Any, where: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": place.name,
        "latin": place.name_latin,
        "initials": latin_initials(place.name),
        "where": where,
        "lon": place.lon,
        "lat": place.lat,
    }
