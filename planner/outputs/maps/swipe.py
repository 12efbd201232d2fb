"""Two networks of an area side by side: one map with a bar to swipe, and the villages gained, lost or served elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, NamedTuple

import shapely

from planner.model import Village
from planner.outputs.compared_plans import UNKNOWN, MadeAt, compared_lines, side_names
from planner.outputs.comparison import refuse_other_area
from planner.outputs.maps import style
from planner.outputs.maps.basemap import basemap_of
from planner.outputs.maps.catchments import land_near, village_cells
from planner.outputs.maps.layers import Feature, boundary_layer, feature, road_layer, search_entries, township_layer
from planner.outputs.maps.packing import Packing, letters
from planner.outputs.maps.page import Addition, Layer, Legend, Panel, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.sites import network_sites, stage_name
from planner.outputs.maps.stage_figures import stage_figures
from planner.outputs.maps.stages import COLOURS, StageRow, step_of, way_cell
from planner.outputs.maps.villages import minutes_layer, village_layer
from planner.outputs.names import spoken_name
from planner.outputs.page_links import PageLinks
from planner.plans import HandOver, NetworkPlan
from planner.words import figures, say, term

_SIDES = ("before", "after")
_MOST_LINES = 300
"""Of a list: more than anybody reads, and a page of 10,000 villages stays small."""


class _Year(NamedTuple):
    """A stage that both plans have: its name, and its number in each."""

    name: str
    numbers: tuple[int, int]


class _ListOf(Enum):
    """What becomes of a village from the first plan to the second: each is in one list at most."""

    GAINED = "gained"
    LOST = "lost"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChangedVillage:
    """A village that is not served in both plans alike: a line of a list, which shows its place and both ways."""

    id: str
    name: str
    where: str
    said: str
    ways: str
    lon: float
    lat: float


class _Changes(NamedTuple):
    """A list of a year: its heading, its first lines, and how many more there are."""

    heading: str
    villages: Sequence[_ChangedVillage]
    more: int


def comparison_map(
    before: NetworkPlan,
    after: NetworkPlan,
    links: PageLinks | None = None,
    *,
    page: str = "compare",
    made: MadeAt = UNKNOWN,
) -> str:
    """Return the page: each plan on its side of the bar, and what changes from one to the other, by year.

    The years are the stages that both plans have by name; the last is always the finished network of each. ``page`` is the
    name of the page without language and ending, by which the switch finds it in the other language; ``made`` says when
    the plans were made, as far as that is known.

    Raises
    ------
    BadDataError
        If the plans are of different areas.
    """
    refuse_other_area(before.area, after.area)
    plans = (before, after)
    years = _years(plans)
    who, minutes = say("Who is covered?"), say("How many minutes?")
    changed = [_changed(plans, year) for year in years]
    layers = [
        road_layer(after.road_lines),
        boundary_layer(after.area),
        *(_both(pair, plans, years) for pair in zip(*(_side(plan, who, minutes) for plan in plans), strict=True)),
        _change_layer(changed, who),
        township_layer(after.area),
    ]
    swipe = Addition(
        scripts=["swipe.js"],
        styles=["swipe.css"],
        controls=["swipe.html"],
        data={
            "swipe": {
                "label": say("Move the bar: first plan to its left, second to its right"),
                "sides": [*side_names()],
            }
        },
        given={"lists": [[_list(kind, one[kind]) for kind in _ListOf] for one in changed]},
    )
    return map_page(
        after,
        _panel(plans, years, (who, minutes), page, made),
        layers,
        search_entries(after.area),
        links=links,
        more=_stage_data(plans, years),
        additions=[swipe, print_view(after), basemap_of(after)],
    )


def _years(plans: Sequence[NetworkPlan]) -> list[_Year]:
    before, after = plans
    last = (len(before.stages) - 1, len(after.stages) - 1)
    number_of = {stage.name: number for number, stage in enumerate(before.stages)}
    both = [
        _Year(stage_name(stage.name), (number_of[stage.name], number))
        for number, stage in enumerate(after.stages)
        if stage.name in number_of and number_of[stage.name] < last[0] and number < last[1]
    ]
    names = {plan.finished.name for plan in plans}
    name = stage_name(names.pop()) if len(names) == 1 else say("finished")
    return [*both, _Year(name, last)]


def _side(plan: NetworkPlan, who: str, minutes: str) -> list[Layer]:
    land = land_near(plan.area, village_cells(plan.area))
    return [minutes_layer(plan, land, minutes), village_layer(plan, who), *network_sites(plan, who)[1:]]


def _panel(
    plans: Sequence[NetworkPlan], years: Sequence[_Year], questions: tuple[str, ...], page: str, made: MadeAt
) -> Panel:
    before, after = plans
    names = [year.name for year in years]
    return Panel(
        page=page,
        alone=True,
        title=say("Two plans"),
        figures=_figures(plans, years[-1]),
        about=compared_lines(before, after, made),
        questions=questions,
        stages=[*names[:-1], say("{stage} (all)", stage=names[-1])] if names[1:] else [],
        dated=plans[1].stages[0].first is not None,
    )


def _figures(plans: Sequence[NetworkPlan], year: _Year) -> list[tuple[str, str]]:
    """Return the figures of both plans, of both in one where they are the same."""
    before, after = (dict(stage_figures(plan, at)) for plan, at in zip(plans, year.numbers, strict=True))
    rows = []
    for label, value in after.items():
        old = before.get(label, "-")
        rows.append((label, value if old == value else say("{before} → {after}", before=old, after=value)))
    return rows


def _stage_data(plans: Sequence[NetworkPlan], years: Sequence[_Year]) -> Callable[[Packing], Mapping[str, object]]:
    """Return what the script needs of each year: villages are numbered through, those of the first plan first."""

    def packed(packing: Packing) -> Mapping[str, object]:
        return {"colours": list(COLOURS), "stages": [_stage(plans, year, packing) for year in years]}

    return packed


def _stage(plans: Sequence[NetworkPlan], year: _Year, packing: Packing) -> dict[str, object]:
    ways = [plan.stages[at].hand_over for plan, at in zip(plans, year.numbers, strict=True)]
    ids = [way.village_id for one in ways for way in one]
    rows = []
    for name, plan, one in zip(side_names(), plans, ways, strict=True):
        cells = {way.village_id: _told(plan, way) for way in one}
        rows.append(StageRow(name, [cells.get(id_, ("",)) for id_ in ids]).packed(packing))
    steps = letters(step_of(plan, way) for plan, one in zip(plans, ways, strict=True) for way in one)
    values = [value for _, value in _figures(plans, year)]
    return {"name": year.name, "said": "", "figures": values, "steps": {"v": steps}, "lines": {"v": rows}}


def _told(plan: NetworkPlan, way: HandOver) -> tuple[str, ...]:
    """Return whether a plan covers a village and where it hands over."""
    form, *parts = way_cell(plan, way)
    state = term("covered" if way.covered else "uncovered")
    return (say("{state}; {where}", state=state, where=form), *parts)


def _both(pair: Sequence[Layer], plans: Sequence[NetworkPlan], years: Sequence[_Year]) -> Layer:
    """Return one layer of both plans, each on its side."""
    legend = {entry.text: entry for layer in pair for entry in layer.legend}
    first = (0, len(plans[0].area.villages))
    features = [
        _on_side(drawn, side, first[side], years) for side, layer in enumerate(pair) for drawn in layer.features
    ]
    return replace(pair[1], features=features, legend=list(legend.values()))


def _on_side(drawn: Mapping[str, Any], side: int, first: int, years: Sequence[_Year]) -> Feature:
    properties = {name: value for name, value in drawn["properties"].items() if name != "s"}
    if "v" in properties:
        properties["v"] += first
    if "stages" in properties:
        properties["stages"] = [k for k, year in enumerate(years) if year.numbers[side] in properties["stages"]]
    return {**drawn, "properties": {**properties, "pane": _SIDES[side]}}


def _changed(plans: Sequence[NetworkPlan], year: _Year) -> dict[_ListOf, list[_ChangedVillage]]:
    """Return the villages of both plans that are gained, lost or served elsewhere in a year, those of most people first."""
    old, new = (
        {way.village_id: way for way in plan.stages[at].hand_over} for plan, at in zip(plans, year.numbers, strict=True)
    )
    found: dict[_ListOf, list[_ChangedVillage]] = {kind: [] for kind in _ListOf}
    for village in sorted(plans[1].area.villages, key=lambda village: (-village.population, village.id)):
        if village.id not in old or village.id not in new:
            continue
        ways = (old[village.id], new[village.id])
        kind = _kind(*ways)
        if kind is not None:
            found[kind].append(_line(plans, village, ways))
    return found


def _kind(old: HandOver, new: HandOver) -> _ListOf | None:
    if old.covered != new.covered:
        return _ListOf.GAINED if new.covered else _ListOf.LOST
    return _ListOf.MOVED if old.site_id != new.site_id else None


def _line(plans: Sequence[NetworkPlan], village: Village, ways: tuple[HandOver, HandOver]) -> _ChangedVillage:
    before, after = (_place_and_minutes(plan, way) for plan, way in zip(plans, ways, strict=True))
    return _ChangedVillage(
        id=village.id,
        name=spoken_name(village),
        where=spoken_name(plans[1].area.township_by_id[village.township_id]),
        said=figures.people(village.population),
        ways=before if before == after else say("{before} → {after}", before=before, after=after),
        lon=village.lon,
        lat=village.lat,
    )


def _place_and_minutes(plan: NetworkPlan, way: HandOver) -> str:
    if way.site_id is None:
        return say("nowhere")
    name = spoken_name(plan.area.site_by_id[way.site_id])
    if way.duration_s is None:
        return name
    minutes = figures.minutes(way.duration_s, plan.stations.service_points.standard_s)
    return say("{site}, {minutes}", site=name, minutes=minutes)


def _list(kind: _ListOf, villages: Sequence[_ChangedVillage]) -> _Changes:
    return _Changes(_heading(kind, len(villages)), villages[:_MOST_LINES], max(len(villages) - _MOST_LINES, 0))


def _heading(kind: _ListOf, villages: int) -> str:
    count = figures.number(villages)
    if kind is _ListOf.GAINED:
        return say("Villages gained: {count}", count=count)
    if kind is _ListOf.LOST:
        return say("Villages lost: {count}", count=count)
    return say("Villages served at another point: {count}", count=count)


def _change_layer(changed: Sequence[Mapping[_ListOf, Sequence[_ChangedVillage]]], question: str) -> Layer:
    looks = {
        _ListOf.GAINED: (style.symbol("circle", fill=style.BLUE, edge=style.BLACK, size=20, label="+"), say("gained")),
        _ListOf.LOST: (
            style.symbol("circle", fill=style.VERMILLION, edge=style.BLACK, size=20, label="−"),
            say("lost"),
        ),
    }
    features = []
    for number, year in enumerate(changed):
        for kind, (icon, text) in looks.items():
            features += [
                feature(
                    shapely.Point(one.lon, one.lat),
                    of=one.id,
                    icon=icon,
                    size=20,
                    name=one.name,
                    stages=[number],
                    tooltip=say("{label}: {text}", label=one.name, text=text),
                )
                for one in year[kind]
            ]
    legend = [Legend(symbol=icon, text=text) for icon, text in looks.values()]
    return Layer(question=question, name=say("What changes"), features=features, legend=legend)
