"""Pictures of a network: who is served from where and how fast, at one stage or at each."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure

from planner.errors import Message, UsageError
from planner.model import Site, SiteStatus, StudyArea, Tier
from planner.outputs.headlines import served
from planner.outputs.maps import style
from planner.outputs.maps.catchments import land_near, village_cells
from planner.outputs.maps.sites import stage_name
from planner.outputs.maps.stages import STEPS, UNCOVERED, UNKNOWN, step_of
from planner.outputs.names import spoken_name
from planner.outputs.pictures.paper import PAPERS, Kind, Paper, to_bytes
from planner.outputs.pictures.surround import (
    Box,
    Key,
    Surround,
    above_scale,
    mark_key,
    patch_key,
    scale_and_north,
    surround,
)
from planner.outputs.pictures.view import (
    View,
    draw_ground,
    ground_keys,
    map_view,
    named,
    scale_in,
    view_of,
    write_labels,
)
from planner.plans import NetworkPlan
from planner.words import figures, say, term

_UNCOVERED_LAND = {"facecolor": "#f6d9c6", "edgecolor": style.VERMILLION, "hatch": "/////", "linewidth": 0.3}
_UNKNOWN_LAND = {"facecolor": "#ffffff", "edgecolor": style.GREY, "hatch": "\\\\\\", "linewidth": 0.3}
_VILLAGE = {
    **{"marker": "o", "markersize": 2.2, "markerfacecolor": "white"},
    **{"markeredgecolor": "black", "markeredgewidth": 0.4},
}
_AT_SEAT = {"marker": "x", "markersize": 3.2, "markeredgecolor": "black", "markeredgewidth": 0.8}
_LEFT = {
    **{"marker": "^", "markersize": 5.5, "markerfacecolor": style.VERMILLION},
    **{"markeredgecolor": "black", "markeredgewidth": 0.7},
}
_SITES: dict[Tier, dict[str, Any]] = {
    Tier.SERVICE_POINT: {"marker": "D", "markersize": 3.6, "markerfacecolor": style.GREEN, "markeredgewidth": 0.6},
    Tier.EXPRESS_STATION: {"marker": "s", "markersize": 6.2, "markerfacecolor": style.PURPLE, "markeredgewidth": 0.8},
    Tier.COUNTY_HUB: {"marker": "*", "markersize": 11, "markerfacecolor": "black", "markeredgewidth": 0.8},
}
HUB_LOOK = {**_SITES[Tier.COUNTY_HUB], "markeredgecolor": "white"}
_LAND_M = 2500.0
"""How far from a village land is coloured for it: as far as most villages lie apart."""
_SMALL = 0.55
"""Marks on a map that is one of several, against those on a map by itself."""
_MOST_MAPS = 6
"""On one sheet: smaller ones could not be read."""


def coverage_picture(
    plan: NetworkPlan, *, stage: int | None = None, kind: Kind = "png", paper: Paper = PAPERS["a5"]
) -> bytes:
    """Return a picture of who is served at a stage (the finished network if None), in the language that is spoken.

    Raises
    ------
    MissingFontError
        If no font of the system has what is to be written.
    """
    number = len(plan.stages) - 1 if stage is None else stage

    def draw(figure: Figure) -> None:
        said = Surround(
            title=say("{area}: rural service coverage", area=spoken_name(plan.area)),
            subtitle=_subtitle(plan, number),
            figures=_figures(plan, number),
            keys=[*_keys(plan, number), (say("Background"), ground_keys(plan.road_lines))],
            remarks=_remarks(plan),
        )
        view = map_view(figure, paper, surround(figure, paper, plan, said), plan.area)
        draw_ground(view, plan.area, plan.road_lines)
        _draw_stage(view, plan, number)
        write_labels(view, named(plan.area.townships), _open_sites(plan, number))

    return to_bytes(paper, kind, draw)


def phases_picture(plan: NetworkPlan, *, kind: Kind = "png", paper: Paper = PAPERS["a5"]) -> bytes:
    """Return a picture with a map a phase side by side, in the language that is spoken.

    Raises
    ------
    UsageError
        If the plan has no phases.
    MissingFontError
        If no font of the system has what is to be written.
    """
    if len(plan.stages) < 2:
        raise UsageError(
            Message("{plan}: this network is built in one step, without phases: draw its coverage", plan=plan.id)
        )
    shown = _shown(len(plan.stages))

    def draw(figure: Figure) -> None:
        said = Surround(
            title=say("{area}: rural service coverage, phase by phase", area=spoken_name(plan.area)),
            subtitle=_standard(plan),
            keys=_keys(plan, len(plan.stages) - 1),
            remarks=_remarks(plan),
        )
        box = surround(figure, paper, plan, said)
        boxes = _grid(above_scale(box, paper), len(shown), plan.area, paper)
        scale = max(scale_in(one, plan.area) for one in boxes)
        scale_and_north(figure, paper, box, scale)
        for number, one in zip(shown, boxes, strict=True):
            view = view_of(figure, paper, one, plan.area, scale)
            draw_ground(view, plan.area, plan.road_lines)
            _draw_stage(view, plan, number, _SMALL)
            _caption(view, plan, number)

    return to_bytes(paper, kind, draw)


def _shown(stages: int) -> list[int]:
    """Return the stages that are drawn: all, or of many the first ones and the last."""
    return list(range(stages)) if stages <= _MOST_MAPS else [*range(_MOST_MAPS - 1), stages - 1]


def _grid(box: Box, count: int, area: StudyArea, paper: Paper) -> list[Box]:
    """Return boxes for so many maps, row by row, with room for two lines of text above each."""
    grids = [_boxes(box, count, columns, paper) for columns in range(1, count + 1)]
    return min(grids, key=lambda boxes: scale_in(boxes[0], area))


def _boxes(box: Box, count: int, columns: int, paper: Paper) -> list[Box]:
    head = 2.8 * paper.line_mm
    width, height = box.width / columns, box.height / math.ceil(count / columns)
    lefts = [box.left + column * width for column in range(columns)]
    tops = [box.bottom + box.height - row * height for row in range(math.ceil(count / columns))]
    return [Box(left, top - height, width, height - head) for top in tops for left in lefts][:count]


def _caption(view: View, plan: NetworkPlan, number: int) -> None:
    line = view.paper.line_mm
    who = served(plan, number)
    texts = (
        stage_name(plan.stages[number].name),
        say("{villages}, {share} of people", villages=figures.villages(who.villages), share=who.share_text),
    )
    for row, text in enumerate(texts):
        y = view.box.height + (1.25 - row) * line
        weight = "normal" if row else "bold"
        view.axes.text(view.box.width / 2, y, text, ha="center", va="bottom", clip_on=False, fontweight=weight)


def _draw_stage(view: View, plan: NetworkPlan, number: int, size: float = 1.0) -> None:
    area, ways = plan.area, plan.stages[number].hand_over
    land = land_near(area, village_cells(area), _LAND_M)
    by_step = defaultdict(list)
    for way in ways:
        if way.village_id in land:
            by_step[step_of(plan, way)].append(land[way.village_id])
    for step, shapes in sorted(by_step.items()):
        view.land(shapes, **_land_look(step), zorder=1)
    villages = [area.village_by_id[way.village_id] for way in ways if way.covered]
    left = [area.village_by_id[way.village_id] for way in ways if not way.covered]
    if size == 1.0:
        view.marks([village for village in villages if not village.at_seat], **_VILLAGE, zorder=4)
        view.marks([village for village in villages if village.at_seat], **_AT_SEAT, zorder=4)
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION, Tier.COUNTY_HUB):
        for there in (False, True):
            sites = [site for site in _open_sites(plan, number) if site.tier is tier and _is_there(site) is there]
            view.marks(sites, **_sized(_site_look(tier, there), size), zorder=5 + list(_SITES).index(tier))
    view.marks(left, **_sized(_LEFT, size), zorder=8)


def _sized(look: dict[str, Any], size: float) -> dict[str, Any]:
    return {**look, **{name: look[name] * size for name in ("markersize", "markeredgewidth")}}


def _open_sites(plan: NetworkPlan, number: int) -> list[Site]:
    opened = [plan.area.site_by_id[id_] for id_ in plan.stages[number].opened]
    return [*opened, *plan.opened_sites(Tier.COUNTY_HUB)]


def _is_there(site: Site) -> bool:
    return site.status is SiteStatus.EXISTING and site.tier is not Tier.COUNTY_HUB


def _site_look(tier: Tier, there: bool) -> dict[str, Any]:
    look = {**_SITES[tier], "markeredgecolor": "white"}
    return {**look, "markerfacecolor": "white", "markeredgecolor": "black"} if there else look


def _land_look(step: int) -> dict[str, Any]:
    if step == UNCOVERED:
        return _UNCOVERED_LAND
    if step == UNKNOWN:
        return _UNKNOWN_LAND
    return {"facecolor": style.MINUTES_COLOURS[step], "edgecolor": "white", "linewidth": 0.4}


def _subtitle(plan: NetworkPlan, number: int) -> str:
    if len(plan.stages) < 2:
        return _standard(plan)
    said = say("at the end of {phase}", phase=stage_name(plan.stages[number].name))
    return say("{first}; {second}", first=said, second=_standard(plan))


def _standard(plan: NetworkPlan) -> str:
    limit = figures.limit(plan.stations.service_points.standard_s)
    return say("standard: a service point within {limit}, drive and walk", limit=limit)


def _figures(plan: NetworkPlan, number: int) -> list[tuple[str, str]]:
    who = served(plan, number)
    sites = _open_sites(plan, number)

    def count(tier: Tier) -> str:
        return figures.number(sum(site.tier is tier for site in sites))

    return [
        (say("Villages served"), say("{part} of {whole} villages", part=who.villages, whole=who.villages_total)),
        (say("People served"), who.share_text),
        (say("Service points"), count(Tier.SERVICE_POINT)),
        (say("Express stations"), count(Tier.EXPRESS_STATION)),
    ]


def _remarks(plan: NetworkPlan) -> list[str]:
    return [
        say("Land is coloured for its nearest village as the crow flies, within 2.5 km; it is no village boundary.")
    ]


def _keys(plan: NetworkPlan, number: int) -> list[tuple[str, list[Key]]]:
    steps = {step_of(plan, way) for stage in plan.stages for way in stage.hand_over}
    edges = [plan.stations.service_points.standard_s * i / STEPS / 60 for i in range(STEPS + 1)]
    land = [
        patch_key(say("{low} to {high} min", low=f"{low:.3g}", high=f"{high:.3g}"), **_land_look(step))
        for step, (low, high) in enumerate(pairwise(edges))
    ]
    if UNCOVERED in steps:
        land.append(patch_key(term("uncovered"), **_land_look(UNCOVERED)))
    if UNKNOWN in steps:
        land.append(patch_key(say("Not known"), **_land_look(UNKNOWN)))
    places = [mark_key(say("village served"), **_VILLAGE)]
    if not all(way.covered for stage in plan.stages for way in stage.hand_over):
        places.append(mark_key(say("village not served"), **_LEFT))
    at_seat = sum(village.at_seat for village in plan.area.villages)
    if at_seat:
        said = say("position unknown, at the township's seat ({count})", count=figures.number(at_seat))
        places.append(mark_key(said, **_AT_SEAT))
    sites = _open_sites(plan, number)
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION, Tier.COUNTY_HUB):
        for there in (False, True):
            if any(site.tier is tier and _is_there(site) is there for site in sites):
                text = say("{what}, existing", what=term(tier)) if there else term(tier)
                places.append(mark_key(text, **_site_look(tier, there)))
    return [(say("Minutes to the hand-over place"), land), (say("Places"), places)]
