"""The layer of phases: every open site by the phase in which it opens, as a number and as a shade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.model import SiteStatus, Tier
from planner.outputs.maps import style
from planner.outputs.maps.layers import Feature
from planner.outputs.maps.page import Layer, Legend
from planner.plans import NetworkPlan
from planner.words.terms import term

_ANCHORS = ((0, 32, 77), (87, 93, 109), (165, 156, 116), (255, 234, 70))
"""Dark blue to yellow, as cividis: lightness rises all along, for every kind of colour vision.

J. R. Nuñez, C. R. Anderton, R. S. Renslow, PLOS ONE 13(7) (2018) e0199239.
"""
_SHAPES = {Tier.EXPRESS_STATION: ("square", 24), Tier.SERVICE_POINT: ("diamond", 22)}


def phase_rows(plan: NetworkPlan) -> dict[str, list[tuple[str, str]]]:
    """Return the pop-up line that says in which phase a site opens, by site id; empty without phases."""
    label = "开放阶段 opens in"
    status = {site.id: site.status for site in plan.area.sites}
    return {
        site_id: [
            (label, term("existing").both if status[site_id] is SiteStatus.EXISTING else plan.phase_name_of(site_id))
        ]
        for site_id in plan.phase_of_site
    }


def phase_layer(plan: NetworkPlan, layers: Sequence[Layer]) -> Layer:
    """Return the open sites of these layers by phase: first dark, last light, each with its number; 0 exists already."""
    names = () if plan.phases is None else tuple(phase.name for phase in plan.phases.phases)
    sites = [feature for layer in layers for feature in layer.features]
    features = [drawn for feature in sites if (drawn := _drawn(plan, feature, len(names)))]
    legend = [
        Legend(symbol=_symbol(Tier.SERVICE_POINT, number, len(names)), text=f"{number}: {name} 开放 opens")
        for number, name in enumerate(names, start=1)
    ]
    existing = Legend(symbol=_symbol(Tier.SERVICE_POINT, 0, len(names)), text=f"0: {term('existing').both}")
    return Layer(name="分期 sites by phase", features=features, legend=[existing, *legend])


def _drawn(plan: NetworkPlan, feature: Mapping[str, Any], phases: int) -> Feature | None:
    site = plan.area.site_by_id[feature["properties"]["id"]]
    if site.id not in plan.phase_of_site:
        return None
    number = 0 if site.status is SiteStatus.EXISTING else plan.phase_of_site[site.id] + 1
    icon = _symbol(site.tier, number, phases)
    return {**feature, "properties": {**feature["properties"], "icon": icon, "size": _SHAPES[site.tier][1]}}


def _symbol(tier: Tier, number: int, phases: int) -> str:
    shape, size = _SHAPES[tier]
    if number == 0:
        return style.symbol(shape, fill="#ffffff", edge=style.BLACK, size=size, label="0")
    return style.symbol(shape, fill=shade(number - 1, phases), size=size, label=str(number))


def shade(number: int, of: int) -> str:
    """Return the colour of one of several steps, the first dark and the last light.

    Examples
    --------
    >>> shade(0, 3), shade(2, 3)
    ('#00204d', '#ffea46')
    """
    place = 0.0 if of < 2 else number / (of - 1) * (len(_ANCHORS) - 1)
    low = min(int(place), len(_ANCHORS) - 2)
    part = place - low
    mixed = (round(a + (b - a) * part) for a, b in zip(_ANCHORS[low], _ANCHORS[low + 1], strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
