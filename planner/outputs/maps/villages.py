"""The villages of a network: as circles and as land, by the minutes to where they hand over; who is left out and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import shapely

from planner.coverage import UncoveredReason
from planner.model import StudyArea, Village
from planner.outputs.maps import style
from planner.outputs.maps.layers import feature, popup, village_rows
from planner.outputs.maps.page import Layer, Legend, begun
from planner.outputs.maps.stage_coverage import coverage_at
from planner.outputs.maps.stages import COLOURS, STEPS, UNCOVERED, UNKNOWN, step_of
from planner.outputs.names import spoken_name, title_name
from planner.plans import NetworkPlan
from planner.words import figures, say, term

_LAND_OPACITY = 0.75
_SEAT_DASH = "2 3"
"""The ring of a village that stands at its township's seat because nobody knows its place."""


def village_layer(plan: NetworkPlan, question: str) -> Layer:
    """Return a circle a village, filled by its minutes; poor ones have a black ring."""
    features = []
    for number, (village, way) in enumerate(zip(plan.area.villages, plan.finished.hand_over, strict=True)):
        rows = village_rows(plan.area, village)
        walk = (
            [] if way.access_m is None else [(say("Walk to its road"), say("{metres} m", metres=round(way.access_m)))]
        )
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                id=village.id,
                v=number,
                style=_circle(village, step_of(plan, way)),
                popup=popup(title_name(village), [*walk, *rows]),
                tooltip=spoken_name(village),
            )
        )
    legend = [
        Legend(symbol=style.symbol("circle", fill=style.MINUTES_COLOURS[2]), text=term("covered")),
        Legend(symbol=style.symbol("circle", fill=style.VERMILLION), text=term("uncovered")),
        Legend(symbol=style.symbol("circle", fill="#ffffff", edge=style.BLACK), text=term("poor_village")),
        *seat_legend(plan.area),
    ]
    return Layer(question=question, name=begun(term("villages")), features=features, legend=legend)


def seat_legend(area: StudyArea) -> list[Legend]:
    """Return what a dashed ring means and how many villages have one, nothing where none has."""
    at_seat = sum(village.at_seat for village in area.villages)
    if not at_seat:
        return []
    text = say("position unknown, at the township's seat ({count})", count=figures.number(at_seat))
    ring = style.symbol("circle", fill="#ffffff", edge=style.BLACK, dash=_SEAT_DASH)
    return [Legend(symbol=ring, text=text)]


def _circle(village: Village, step: int) -> dict[str, object]:
    poor = village.registered_poor
    return {
        "radius": 6.5 if poor else 5,
        "color": style.BLACK if poor else "#ffffff",
        "weight": 2.5 if poor else 1,
        **({"color": style.BLACK, "weight": 2.5 if poor else 1.5, "dashArray": _SEAT_DASH} if village.at_seat else {}),
        "fillColor": COLOURS[step],
        "fillOpacity": 1,
    }


def minutes_layer(plan: NetworkPlan, land: Mapping[str, shapely.Geometry], question: str) -> Layer:
    """Return the ``land`` of each village in the colour of its minutes to where it hands over."""
    features = []
    for number, way in enumerate(plan.finished.hand_over):
        if way.village_id in land:
            look = {"color": "#ffffff", "weight": 0.6, "fillOpacity": _LAND_OPACITY, "interactive": False}
            look["fillColor"] = COLOURS[step_of(plan, way)]
            features.append(feature(land[way.village_id], v=number, style=look))
    edges = [plan.stations.service_points.standard_s * i / STEPS / 60 for i in range(STEPS + 1)]
    legend = [
        Legend(
            symbol=style.patch(colour, opacity=_LAND_OPACITY),
            text=say("{low} to {high} min", low=f"{low:.3g}", high=f"{high:.3g}"),
        )
        for colour, low, high in zip(style.MINUTES_COLOURS, edges, edges[1:], strict=False)
    ]
    legend.append(Legend(symbol=style.patch(COLOURS[UNCOVERED], opacity=_LAND_OPACITY), text=term("uncovered")))
    if any(step_of(plan, way) == UNKNOWN for stage in plan.stages for way in stage.hand_over):
        legend.append(Legend(symbol=style.hatched_patch(), text=say("Not known")))
    return Layer(question=question, name=say("Minutes to the hand-over place"), features=features, legend=legend)


def reason_layer(plan: NetworkPlan, question: str) -> Layer:
    """Return the villages that are left out at some stage, each with the letter of its reason."""
    stages_of: dict[tuple[str, UncoveredReason], list[int]] = defaultdict(list)
    for number in range(len(plan.stages)):
        for left in coverage_at(plan, number).uncovered:
            stages_of[left.demand_id, left.reason].append(number)
    reasons = sorted({reason for _, reason in stages_of}, key=list(UncoveredReason).index)
    letters = {reason: chr(ord("A") + number) for number, reason in enumerate(reasons)}
    icons = {
        reason: style.symbol("circle", fill=style.VERMILLION, edge=style.BLACK, size=20, label=letter)
        for reason, letter in letters.items()
    }
    features = []
    for (village_id, reason), stages in sorted(stages_of.items()):
        village = plan.area.village_by_id[village_id]
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                of=village.id,
                icon=icons[reason],
                size=20,
                stages=stages,
                name=spoken_name(village),
                tooltip=say("{label}: {text}", label=spoken_name(village), text=term(reason)),
            )
        )
    last = Counter(left.reason for left in coverage_at(plan, len(plan.stages) - 1).uncovered)
    legend = [
        Legend(
            symbol=icons[reason],
            text=say("{reason} ({count} on the finished network)", reason=term(reason), count=last[reason]),
        )
        for reason in reasons
    ]
    return Layer(
        question=question, name=say("Reason why it is not covered"), features=features, legend=legend, show=False
    )


def season_layers(plan: NetworkPlan, question: str) -> list[Layer]:
    """Return a layer a season: villages that it cuts off, and villages that it takes longer than the standard."""
    cut = style.symbol("cross", fill=style.VERMILLION, edge=style.BLACK, size=18)
    slow = style.symbol("circle", fill=style.ORANGE, edge=style.BLACK, size=14)
    last = len(plan.stages) - 1
    layers = []
    for season in plan.seasons:
        features = []
        for village_id, reason in sorted({**dict.fromkeys(season.beyond, ""), **season.cut_off}.items()):
            village = plan.area.village_by_id[village_id]
            text = term(reason) if reason else say("beyond the standard")
            features.append(
                feature(
                    shapely.Point(village.lon, village.lat),
                    of=village.id,
                    icon=cut if reason else slow,
                    size=18 if reason else 14,
                    stages=[last],
                    name=spoken_name(village),
                    tooltip=say("{label}: {text}", label=spoken_name(village), text=text),
                )
            )
        legend = [
            Legend(symbol=cut, text=say("cut off: {count} villages", count=len(season.cut_off))),
            Legend(symbol=slow, text=say("beyond the standard: {count} villages", count=len(season.beyond))),
        ]
        if season.mean_s is not None:
            mean = figures.minutes(season.mean_s)
            legend.append(Legend(symbol="", text=say("mean way to the point: {minutes}", minutes=mean)))
        layers.append(
            Layer(question=question, name=begun(term(season.season)), features=features, legend=legend, show=False)
        )
    return layers
