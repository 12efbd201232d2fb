"""Townships by the share of their people that is covered: as the land of their villages, since they have no outlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

import shapely

from planner.model import Township
from planner.outputs.maps import style
from planner.outputs.maps.catchments import merged
from planner.outputs.maps.layers import feature, popup
from planner.outputs.maps.page import Layer, Legend
from planner.outputs.names import spoken_name, title_name
from planner.plans import NetworkPlan
from planner.plans.area_shares import share_if_known
from planner.words import figures, say

_EDGES = (0.5, 0.75, 0.9, 1.0)
_COLOURS = ("#dcd6ec", "#b3a6d4", "#8a76bb", "#644a9f", "#3d1a78")
"""From light to dark of one hue that neither minutes nor those left out have, so that none is taken for another."""
SHARE_COLOURS = (*_COLOURS, style.HATCHED)
"""By the step of a township: shares from low to high, the last one whole, then not known."""
_UNKNOWN = len(_COLOURS)
_OPACITY = 0.85


def township_shares(plan: NetworkPlan, cells: Mapping[str, shapely.Geometry], question: str) -> Layer:
    """Return the ``cells`` of each township's villages as one area, coloured by stage."""
    of_township = {village.id: village.township_id for village in plan.area.villages}
    number_of = {township.id: number for number, township in enumerate(plan.area.townships)}
    look = {"color": _COLOURS[-1], "weight": 1.2, "fillOpacity": _OPACITY}
    finished = township_steps(plan, len(plan.stages) - 1)
    features = [
        _township(
            plan.area.township_by_id[id_],
            shape,
            t=number_of[id_],
            style={**look, "fillColor": SHARE_COLOURS[finished[number_of[id_]]]},
        )
        for id_, shape in merged(cells, of_township).items()
    ]
    texts = [say("less than {share}", share=figures.share(_EDGES[0]))]
    texts += [
        say("{low} to less than {high}", low=figures.share(low), high=figures.share(high))
        for low, high in pairwise(_EDGES[:-1])
    ]
    texts += [say("{low} or more, but not everybody", low=figures.share(_EDGES[-2])), say("everybody")]
    legend = [
        Legend(symbol=style.patch(colour, opacity=_OPACITY), text=text)
        for colour, text in zip(_COLOURS, texts, strict=True)
    ]
    if any(step == _UNKNOWN for number in range(len(plan.stages)) for step in township_steps(plan, number)):
        legend.append(Legend(symbol=style.hatched_patch(), text=say("Not known")))
    legend.append(
        Legend(
            symbol=style.patch("none", edge=_COLOURS[-1]),
            text=say("land nearest to the township's villages: its official outline is not known"),
        )
    )
    name = say("Share of people covered, by township")
    return Layer(question=question, name=name, features=features, legend=legend, show=False)


def _township(township: Township, shape: shapely.Geometry, **properties: object) -> dict[str, object]:
    told = popup(title_name(township), [(say("Code"), township.id)])
    return feature(shape, id=township.id, popup=told, tooltip=spoken_name(township), **properties)


def covered_people(plan: NetworkPlan, number: int) -> list[tuple[int, int, int, int]]:
    """Return for each township at a stage its people covered, all its people, its villages covered and all of them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for way in plan.stages[number].hand_over:
        village = plan.area.village_by_id[way.village_id]
        count = counts[village.township_id]
        count[1] += village.population
        count[3] += 1
        if way.covered:
            count[0] += village.population
            count[2] += 1
    return [(count[0], count[1], count[2], count[3]) for count in (counts[one.id] for one in plan.area.townships)]


def township_steps(plan: NetworkPlan, number: int) -> list[int]:
    """Return the step of each township in `SHARE_COLOURS` at a stage.

    It is not known where nobody is known to live, and of the whole where villages were left out: they may be its.
    """
    return [
        _UNKNOWN if share is None or not plan.stations.service_points.found else sum(share >= edge for edge in _EDGES)
        for share in (_share(plan, covered, people) for covered, people, _, _ in covered_people(plan, number))
    ]


def _share(plan: NetworkPlan, covered: int, people: int) -> float | None:
    share = covered / people if people else 0.0
    return share_if_known(share, people, known=not plan.area.rows_left_out.villages)


def township_cells(plan: NetworkPlan, number: int) -> list[list[str]]:
    """Return what is said of each township at a stage: its people covered, and its villages."""
    rows = []
    for covered, people, villages, all_villages in covered_people(plan, number):
        known = _share(plan, covered, people)
        share = "-" if known is None else figures.share(known)
        part = say("{covered} of {total}", covered=figures.number(covered), total=figures.people(people))
        counted = say("{covered} of {total}", covered=figures.number(villages), total=figures.number(all_villages))
        rows.append([say("{share} ({count})", share=share, count=part), counted])
    return rows
