"""Which villages have a service at the point that serves them: a layer a service, by stage."""

from __future__ import annotations

from collections import Counter, defaultdict

import shapely

from planner.outputs.maps import style
from planner.outputs.maps.layers import feature
from planner.outputs.maps.page import Layer, Legend, begun
from planner.outputs.service_words import service_name
from planner.plans import NetworkPlan
from planner.plans.service_coverage import assumed_points, service_answers, services_told
from planner.words import figures, say

_LOOKS: dict[bool | None, tuple[str, str]] = {
    True: (style.GREEN, style.BLACK),
    False: ("#ffffff", style.VERMILLION),
    None: (style.HATCHED, style.GREY),
}
"""Fill and ring: full with the service, hollow without; where nobody knows, hatched."""
_RADIUS = 9
"""Larger than a village's own circle, and seen around the symbol of a point that stands in it."""


def service_layers(plan: NetworkPlan, question: str) -> list[Layer]:
    """Return a layer for each service that a site offers or that is required; none where the plan knows of none."""
    return [_layer(plan, service, question) for service in services_told(plan)]


def _layer(plan: NetworkPlan, service: str, question: str) -> Layer:
    stages_of: dict[tuple[int, bool | None], list[int]] = defaultdict(list)
    for stage in range(len(plan.stages)):
        for number, answer in enumerate(service_answers(plan, service, stage)):
            stages_of[number, answer].append(stage)
    texts = {True: say("at its service point"), False: say("not in reach"), None: say("its service point does not say")}
    features = []
    for (number, answer), stages in sorted(stages_of.items(), key=lambda item: (item[0][0], item[1])):
        village = plan.area.villages[number]
        fill, ring = _LOOKS[answer]
        look = {"radius": _RADIUS, "color": ring, "weight": 2, "fillColor": fill, "fillOpacity": 1}
        text = say("{label}: {text}", label=service_name(service), text=texts[answer])
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                of=village.id,
                style=look,
                stages=stages,
                tooltip=text,  # the same for all: a page of many villages holds it once, their pop-ups have their names
            )
        )
    last = Counter(service_answers(plan, service, len(plan.stages) - 1))
    shown = [answer for answer in _LOOKS if any(known is answer for _, known in stages_of)]
    legend = [
        Legend(
            symbol=_symbol(answer),
            text=say("{text}: {villages} on the finished network", text=texts[answer], villages=villages),
        )
        for answer in shown
        for villages in (figures.villages(last[answer]),)
    ]
    if assumed := assumed_points(plan):
        legend.append(
            Legend(symbol="", text=say("what new points will offer is assumed: {count}", count=figures.number(assumed)))
        )
    name = begun(service_name(service))
    return Layer(question=question, name=name, features=features, legend=legend, show=False)


def _symbol(answer: bool | None) -> str:
    fill, ring = _LOOKS[answer]
    return style.hatched_patch() if answer is None else style.symbol("circle", fill=fill, edge=ring)
