"""Two networks of an area side by side: one map with a bar to swipe, and the villages that are gained and lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from planner.coverage.appraise import Change
from planner.outputs.comparison import PlanComparison
from planner.outputs.maps import style
from planner.outputs.maps.catchments import land_near, village_cells
from planner.outputs.maps.layers import (
    Feature,
    Rows,
    boundary_layer,
    feature,
    road_layer,
    search_entries,
    township_layer,
)
from planner.outputs.maps.page import Addition, Layer, Legend, Panel, map_page
from planner.outputs.maps.sites import network_sites
from planner.outputs.maps.stage_figures import stage_figures
from planner.outputs.maps.stages import way_cell
from planner.outputs.maps.villages import minutes_layer, village_layer
from planner.outputs.names import spoken_name
from planner.plans import NetworkPlan
from planner.words import figures, say, term

_SIDES = ("before", "after")
_GAINED, _LOST = style.BLUE, style.VERMILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChangedVillage:
    """A village whose coverage is not the same in both plans: a line of the list, which shows its place."""

    id: str
    name: str
    where: str
    said: str
    lon: float
    lat: float


def comparison_map(before: NetworkPlan, after: NetworkPlan, found: PlanComparison) -> str:
    """Return the page: the finished network of each plan on its side of the bar, and what changed from one to the other."""
    plans = (before, after)
    who, minutes = say("Who is covered?"), say("How many minutes?")
    sides = [_side(plan, who, minutes) for plan in plans]
    told = _told(plans)
    changed = {change: _changed(plans, found, change) for change in (Change.GAINED, Change.LOST)}
    layers = [
        road_layer(after.road_lines),
        boundary_layer(after.area),
        *(_both(pair, told) for pair in zip(*sides, strict=True)),
        _change_layer(changed, who),
        township_layer(after.area),
    ]
    swipe = Addition(
        scripts=["swipe.js"],
        styles=["swipe.css"],
        controls=["swipe.html"],
        data={"swipe": {"label": say("Move the bar: first plan to its left, second to its right"), "sides": _names()}},
        given={"lists": [(_heading(changed[one], one), changed[one]) for one in (Change.GAINED, Change.LOST)]},
    )
    return map_page(after, _panel(plans, (who, minutes)), layers, search_entries(after.area), additions=[swipe])


def _side(plan: NetworkPlan, who: str, minutes: str) -> list[Layer]:
    land = land_near(plan.area, village_cells(plan.area))
    return [minutes_layer(plan, land, minutes), village_layer(plan, who), *network_sites(plan, who)[1:]]


def _names() -> list[str]:
    return [say("First plan"), say("Second plan")]


def _panel(plans: Sequence[NetworkPlan], questions: tuple[str, ...]) -> Panel:
    first, second = (dict(stage_figures(plan, len(plan.stages) - 1)) for plan in plans)
    rows = []
    for label, value in second.items():
        same = first.get(label, "-") == value
        rows.append((label, value if same else say("{before} → {after}", before=first.get(label, "-"), after=value)))
    remarks = [say("{label}: {text}", label=name, text=plan.id) for name, plan in zip(_names(), plans, strict=True)]
    return Panel(page="compare", title=say("Two plans"), figures=rows, remarks=remarks, questions=questions)


def _both(pair: Sequence[Layer], told: Mapping[str, Rows]) -> Layer:
    """Return one layer of both plans, each on its side; of a village both plans are told on either side."""
    legend = {entry.text: entry for layer in pair for entry in layer.legend}
    features = [_on_side(one, side, told) for layer, side in zip(pair, _SIDES, strict=True) for one in layer.features]
    return replace(pair[1], features=features, legend=list(legend.values()))


def _on_side(drawn: Mapping[str, Any], side: str, told: Mapping[str, Rows]) -> Feature:
    properties = {name: value for name, value in drawn["properties"].items() if name not in ("v", "s", "stages")}
    if properties.get("id") in told and "style" in properties:
        shown = properties["popup"]
        properties["popup"] = {"title": shown["title"], "rows": [*told[properties["id"]], *shown["rows"]]}
    return {**drawn, "properties": {**properties, "pane": side}}


def _told(plans: Sequence[NetworkPlan]) -> dict[str, Rows]:
    """Return for each village of either plan whether both cover it and where it hands over."""
    rows: dict[str, Rows] = {}
    for name, plan in zip(_names(), plans, strict=True):
        for way in plan.finished.hand_over:
            form, *parts = way_cell(plan, way)
            where = re.sub(r"\{(\d)\}", lambda found, parts=parts: parts[int(found[1])], form)  # type: ignore[misc]
            state = term("covered" if way.covered else "uncovered")
            rows.setdefault(way.village_id, []).append((name, say("{state}; {where}", state=state, where=where)))
    return rows


def _changed(plans: Sequence[NetworkPlan], found: PlanComparison, change: Change) -> list[_ChangedVillage]:
    """Return the villages of both plans that are gained or lost, those of most people first."""
    area = plans[1].area
    villages = [area.village_by_id[point.demand_id] for point in found.stations.service_points.of(change)]
    villages.sort(key=lambda village: (-village.population, village.id))
    return [
        _ChangedVillage(
            id=village.id,
            name=spoken_name(village),
            where=spoken_name(area.township_by_id[village.township_id]),
            said=figures.people(village.population),
            lon=village.lon,
            lat=village.lat,
        )
        for village in villages
    ]


def _heading(villages: Sequence[_ChangedVillage], change: Change) -> str:
    count = figures.number(len(villages))
    if change is Change.GAINED:
        return say("Villages gained: {count}", count=count)
    return say("Villages lost: {count}", count=count)


def _change_layer(changed: Mapping[Change, Sequence[_ChangedVillage]], question: str) -> Layer:
    gained = style.symbol("circle", fill=_GAINED, edge=style.BLACK, size=20, label="+")
    lost = style.symbol("circle", fill=_LOST, edge=style.BLACK, size=20, label="−")
    texts = {Change.GAINED: say("gained"), Change.LOST: say("lost")}
    icons = {Change.GAINED: gained, Change.LOST: lost}
    features = [
        feature(
            shapely.Point(one.lon, one.lat),
            of=one.id,
            icon=icons[change],
            size=20,
            name=one.name,
            tooltip=say("{label}: {text}", label=one.name, text=texts[change]),
        )
        for change, villages in changed.items()
        for one in villages
    ]
    legend = [Legend(symbol=icons[change], text=text) for change, text in texts.items()]
    return Layer(question=question, name=say("What changes"), features=features, legend=legend)
