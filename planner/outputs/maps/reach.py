"""What is reached by road: bands of minutes as a layer, and a page of its own for a study."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from planner.model import Site, Village
from planner.outputs.maps import style
from planner.outputs.maps.layers import (
    Feature,
    boundary_layer,
    feature,
    named,
    popup,
    road_layer,
    search_entries,
    township_layer,
)
from planner.outputs.maps.page import Layer, Legend, Panel, map_page
from planner.plans import ReachStudy, RoadReach
from planner.words.terms import term

_OPACITY = 0.6
_ORIGIN = style.symbol("star", fill=style.VERMILLION, edge=style.BLACK, size=26)


def reach_layer(rings: Sequence[RoadReach], name: str, *, show: bool, of: str = "") -> Layer:
    """Return the bands between one number of minutes and the next, light to dark with an edge each.

    ``of`` says in the legend whose reach it is.
    """
    features: list[Feature] = []
    legend = []
    inside: shapely.Geometry = shapely.Polygon()
    for number, ring in enumerate(rings):
        band = shapely.difference(ring.geometry, inside)
        inside = shapely.union(inside, ring.geometry)
        colour = style.minutes_colour(number, len(rings))
        look = {"color": style.BLUE, "weight": 1, "fillColor": colour, "fillOpacity": _OPACITY}
        text = f"{of}≤ {ring.minutes:g} 分钟 min: {len(ring.village_ids)} 村 villages, {ring.population:,} 人 people"
        if not band.is_empty:
            features.append(feature(band, style=look, tooltip=f"≤ {ring.minutes:g} 分钟 min"))
        legend.append(Legend(symbol=style.patch(colour, edge=style.BLUE, opacity=_OPACITY), text=text))
    return Layer(name=name, features=features, legend=legend, show=show)


def reach_map(study: ReachStudy) -> str:
    """Return the page: bands of minutes around the places started from, villages by band, roads and boundary."""
    layers = [
        reach_layer(study.rings, term("reach").both, show=True),
        road_layer(study.road_lines),
        boundary_layer(study.area),
        _village_layer(study),
        _origin_layer(study),
        township_layer(study.area),
    ]
    return map_page(study, _panel(study), layers, search_entries(study.area))


def _band_of(study: ReachStudy) -> dict[str, int]:
    """Return the number of the first ring that each village lies in."""
    bands: dict[str, int] = {}
    for number, ring in enumerate(study.rings):
        for village_id in ring.village_ids:
            bands.setdefault(village_id, number)
    return bands


def _village_layer(study: ReachStudy) -> Layer:
    bands = _band_of(study)
    farthest = f"> {study.rings[-1].minutes:g} 分钟 min"
    features = []
    for village in study.area.villages:
        number = bands.get(village.id)
        within = farthest if number is None else f"≤ {study.rings[number].minutes:g} 分钟 min"
        rows = [
            (term("reach").both, within),
            (term("township").both, study.area.township_by_id[village.township_id].name),
            (term("population").both, f"{village.population:,} ({term(village.population_source).both})"),
            (term("poor_village").both, f"是 yes, {village.poor_households} 户" if village.registered_poor else ""),
            ("坐标来源 position", term(village.coordinate_source).both),
            ("编码 id", village.id),
        ]
        look = {
            "radius": 5,
            "color": style.BLACK,
            "weight": 1,
            "fillColor": style.VERMILLION if number is None else style.minutes_colour(number, len(study.rings)),
            "fillOpacity": 1,
        }
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                id=village.id,
                style=look,
                popup=popup(named(village), rows),
                tooltip=f"{village.name} {within}",
            )
        )
    legend = [
        Legend(symbol=style.symbol("circle", fill=style.VERMILLION, edge=style.BLACK), text=f"村 village: {farthest}")
    ]
    return Layer(name="村 villages", features=features, legend=legend)


def _places(study: ReachStudy) -> dict[str, Village | Site]:
    return {**study.area.village_by_id, **study.area.site_by_id}


def _origin_layer(study: ReachStudy) -> Layer:
    known = _places(study)
    features = []
    for id_ in study.rings[0].origin_ids:
        place = known[id_]
        features.append(
            feature(
                shapely.Point(place.lon, place.lat),
                icon=_ORIGIN,
                size=26,
                name=place.name,
                popup=popup(named(place), [("编码 id", id_)]),
                tooltip=place.name,
            )
        )
    legend = [Legend(symbol=_ORIGIN, text="起点 start")]
    return Layer(name="起点 starts", features=features, legend=legend)


def _panel(study: ReachStudy) -> Panel:
    known = _places(study)
    starts = [known[id_].name for id_ in study.rings[0].origin_ids]
    shown = "、".join(starts[:5]) + (f" … ({len(starts)})" if len(starts) > 5 else "")
    people = sum(village.population for village in study.area.villages)
    figures = [
        ("起点 from", shown),
        (term("vehicle").both, term(study.roads.vehicle).both),
        (term("season").both, term(study.roads.season).both),
    ]
    for ring in study.rings:
        share = f" ({ring.population / people:.1%})" if people else ""
        reached = f"{len(ring.village_ids)} / {len(study.area.villages)} 村, {ring.population:,} 人{share}"
        figures.append((f"≤ {ring.minutes:g} 分钟 min", reached))
    remarks = [
        "时间含步行接入；着色为到达道路两侧 500 m 以内。 "
        "Minutes include the walk to the road; land within 500 m of a road reached in time is coloured."
    ]
    remarks += [f"{term('closure').both}: {closed.reason}" for closed in study.roads.closures]
    return Panel(page="reach", title=term("reach").both, figures=figures, remarks=remarks)
