"""What the page's script shows of each stage of a network: small lists, one entry a village; geometry is sent once.

A feature that has the property ``stages`` is in view at the stages of these numbers, any other always.
"""

from __future__ import annotations

from collections import Counter

from planner.coverage import CoverageSolution
from planner.model import Tier
from planner.outputs.known_shares import people_share
from planner.outputs.maps import style
from planner.outputs.maps.sites import stage_name
from planner.outputs.names import spoken_name
from planner.plans import HandOver, NetworkPlan, Stage
from planner.words import figures, say, term

STEPS = len(style.MINUTES_COLOURS)
UNCOVERED, UNKNOWN = STEPS, STEPS + 1
COLOURS = (*style.MINUTES_COLOURS, style.VERMILLION, style.HATCHED)
"""By the step of a village: minutes light to dark, then not covered, then not known."""


def stage_data(plan: NetworkPlan) -> dict[str, object]:
    """Return what the script needs to show each stage; the last one is the finished network."""
    return {
        "colours": list(COLOURS),
        "labels": {
            "state": say("Coverage"),
            "way": say("Hands over at"),
            "serves": say("Villages handing over here"),
        },
        "stages": [_stage(plan, number) for number in range(len(plan.stages))],
    }


def stage_buttons(plan: NetworkPlan) -> list[str]:
    """Return the names of the stages, empty if there is but one; the last one is all."""
    if len(plan.stages) < 2:
        return []
    names = [stage_name(stage.name) for stage in plan.stages]
    return [*names[:-1], say("{stage} (all)", stage=names[-1])]


def step_of(plan: NetworkPlan, way: HandOver) -> int:
    """Return the number of a village's colour in `COLOURS`."""
    standard_s = plan.stations.service_points.standard_s
    if not plan.stations.service_points.found or (way.covered and way.duration_s is None):
        return UNKNOWN
    if not way.covered or way.duration_s is None:
        return UNCOVERED
    return min(int(way.duration_s / standard_s * STEPS), STEPS - 1)


def coverage_at(plan: NetworkPlan, number: int) -> CoverageSolution:
    """Return which service points are open at a stage, whom they cover and why not the others."""
    if plan.phases is None or not plan.phases.found:
        return plan.stations.service_points
    return plan.phases.phases[number].coverage


def way_text(plan: NetworkPlan, way: HandOver) -> str:
    """Return where a village hands over and how long it takes to get there, driving and walking apart."""
    if way.site_id is None:
        return say("nowhere, no open site is reached")
    name = spoken_name(plan.area.site_by_id[way.site_id])
    if way.duration_s is None:
        return name
    standard_s = plan.stations.service_points.standard_s
    minutes = figures.minutes(way.duration_s, standard_s)
    if way.driving_s is None:
        return say("{site}, {minutes}", site=name, minutes=minutes)
    parts = figures.parts(way.duration_s, way.driving_s, standard_s)
    return say("{site}, {minutes} (driving + walking: {parts})", site=name, minutes=minutes, parts=parts)


def _stage(plan: NetworkPlan, number: int) -> dict[str, object]:
    stage = plan.stages[number]
    return {
        "name": stage_name(stage.name),
        "said": _summary(plan, stage),
        "step": [step_of(plan, way) for way in stage.hand_over],
        "state": [_state(plan, number, village) for village in range(len(stage.hand_over))],
        "way": [way_text(plan, way) for way in stage.hand_over],
        "serves": _serves(plan, stage),
    }


def _summary(plan: NetworkPlan, stage: Stage) -> str:
    """Return what is open at a stage and whom it covers."""
    tiers = Counter(plan.area.site_by_id[id_].tier for id_ in stage.opened)
    villages = [plan.area.village_by_id[way.village_id] for way in stage.hand_over if way.covered]
    area = plan.area
    people = sum(village.population for village in villages)
    return say(
        "{points} service points and {stations} express stations open; {covered} of {villages} villages covered, "
        "{share} of the people",
        points=tiers[Tier.SERVICE_POINT],
        stations=tiers[Tier.EXPRESS_STATION],
        covered=len(villages),
        villages=area.villages_total,
        share=people_share(area, people),
    )


def _state(plan: NetworkPlan, number: int, village: int) -> str:
    """Return whether a village is covered at a stage, else why it is not and from when on it is."""
    way = plan.stages[number].hand_over[village]
    if way.covered:
        return term("covered")
    left = {one.demand_id: one.reason for one in coverage_at(plan, number).uncovered}
    reason = left.get(way.village_id)
    said = term("uncovered")
    if reason is not None:
        said = say("{state}: {reason}", state=said, reason=term(reason))
    for later in plan.stages[number + 1 :]:
        if later.hand_over[village].covered:
            return say("{state}; covered from {stage}", state=said, stage=stage_name(later.name))
    return said


def _serves(plan: NetworkPlan, stage: Stage) -> dict[str, str]:
    """Return how many villages hand over at each site, and how many people live in them."""
    villages: dict[str, list[int]] = {}
    for way in stage.hand_over:
        if way.site_id is not None:
            villages.setdefault(way.site_id, []).append(plan.area.village_by_id[way.village_id].population)
    return {
        site_id: say("{count} ({people})", count=len(people), people=figures.people(sum(people)))
        for site_id, people in sorted(villages.items())
    }
