"""What is reached by road: bands of minutes as a layer, and a page of its own for a study."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from planner.model import Site, Village
from planner.outputs.known_shares import people_share
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
from planner.outputs.names import spoken_name, title_name
from planner.outputs.page_links import PageLinks
from planner.plans import ReachStudy, RoadReach
from planner.words import figures, listed, say, term

_OPACITY = 0.6
_ORIGIN = style.symbol("star", fill=style.VERMILLION, edge=style.BLACK, size=26)


def reach_layer(
    rings: Sequence[RoadReach], question: str, name: str, *, show: bool, stages: Sequence[int] | None = None
) -> Layer:
    """Return the bands between one number of minutes and the next, light to dark with an edge each.

    ``stages`` are the stages at which they are in view, None where there are no stages.
    """
    features: list[Feature] = []
    legend = []
    inside: shapely.Geometry = shapely.Polygon()
    for number, ring in enumerate(rings):
        band = shapely.difference(ring.geometry, inside)
        inside = shapely.union(inside, ring.geometry)
        colour = style.minutes_colour(number, len(rings))
        look = {"color": style.BLUE, "weight": 1, "fillColor": colour, "fillOpacity": _OPACITY}
        within = within_text(ring.minutes)
        text = say(
            "{within}: {villages} villages, {people}",
            within=within,
            villages=len(ring.village_ids),
            people=figures.people(ring.population),
        )
        if not band.is_empty:
            at = {} if stages is None else {"stages": list(stages)}
            features.append(feature(band, style=look, tooltip=within, **at))
        legend.append(Legend(symbol=style.patch(colour, edge=style.BLUE, opacity=_OPACITY), text=text))
    return Layer(question=question, name=name, features=features, legend=legend, show=show)


def within_text(minutes: float) -> str:
    """Return that something takes no more than so many minutes."""
    return say("at most {minutes} min", minutes=f"{minutes:g}")


def reach_map(study: ReachStudy, links: PageLinks | None = None) -> str:
    """Return the page: bands of minutes around the places started from, villages by band, roads and boundary."""
    question = say("What is reached?")
    layers = [
        reach_layer(study.rings, question, begun(term("reach")), show=True),
        road_layer(study.road_lines),
        boundary_layer(study.area),
        _village_layer(study, question),
        _origin_layer(study, question),
        township_layer(study.area),
    ]
    return map_page(
        study,
        _panel(study, question),
        layers,
        search_entries(study.area),
        links=links,
        additions=[print_view(study), basemap_of(study)],
    )


def _band_of(study: ReachStudy) -> dict[str, int]:
    """Return the number of the first ring that each village lies in."""
    bands: dict[str, int] = {}
    for number, ring in enumerate(study.rings):
        for village_id in ring.village_ids:
            bands.setdefault(village_id, number)
    return bands


def _village_layer(study: ReachStudy, question: str) -> Layer:
    bands = _band_of(study)
    farthest = say("more than {minutes} min", minutes=f"{study.rings[-1].minutes:g}")
    features = []
    for village in study.area.villages:
        number = bands.get(village.id)
        within = farthest if number is None else within_text(study.rings[number].minutes)
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
                popup=popup(title_name(village), [(term("reach"), within), *village_rows(study.area, village)]),
                tooltip=say("{label}: {text}", label=spoken_name(village), text=within),
            )
        )
    legend = [Legend(symbol=style.symbol("circle", fill=style.VERMILLION, edge=style.BLACK), text=farthest)]
    return Layer(question=question, name=begun(term("villages")), features=features, legend=legend)


def _places(study: ReachStudy) -> dict[str, Village | Site]:
    return {**study.area.village_by_id, **study.area.site_by_id}


def _origin_layer(study: ReachStudy, question: str) -> Layer:
    known = _places(study)
    features = []
    for id_ in study.rings[0].origin_ids:
        place = known[id_]
        features.append(
            feature(
                shapely.Point(place.lon, place.lat),
                icon=_ORIGIN,
                size=26,
                name=spoken_name(place),
                popup=popup(title_name(place), place_rows(place.coordinate_source, id_)),
                tooltip=spoken_name(place),
            )
        )
    return Layer(question=question, name=say("Starts"), features=features, symbol=_ORIGIN)


def _panel(study: ReachStudy, question: str) -> Panel:
    known = _places(study)
    starts = [spoken_name(known[id_]) for id_ in study.rings[0].origin_ids]
    shown = say("{names} and {rest} more", names=starts[:5], rest=len(starts) - 5) if starts[5:] else listed(starts)
    rows = [
        (say("From"), shown),
        (term("vehicle"), term(study.roads.vehicle)),
        (term("season"), term(study.roads.season)),
    ]
    for ring in study.rings:
        reached = say(
            "{count} of {villages} villages, {people} ({share})",
            count=len(ring.village_ids),
            villages=study.area.villages_total,
            people=figures.people(ring.population),
            share=people_share(study.area, ring.population),
        )
        rows.append((within_text(ring.minutes), reached))
    remarks = [
        say("Minutes include the walk to the road. Land within 500 m of a road that is reached in time is coloured.")
    ]
    remarks += [say("{label}: {text}", label=term("closure"), text=one.reason) for one in study.roads.closures]
    return Panel(
        page="reach", alone=True, title=begun(term("reach")), figures=rows, remarks=remarks, questions=(question,)
    )
