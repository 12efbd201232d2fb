"""Whose the stops of a day are, and which points are visited more than once."""

from __future__ import annotations

from collections.abc import Sequence

from planner.model import PointDemand, StudyArea
from planner.outputs.names import spoken_name
from planner.plans import DayPlan
from planner.plans.day_account import villages_of
from planner.words import figures, listed, say

_NAMED = 3
"""So many villages are named; of more only the number is said."""


def villages_text(plan: DayPlan, village_ids: tuple[str, ...]) -> str:
    """Return the villages by name, or how many there are where they are many; empty for none."""
    if len(village_ids) > _NAMED:
        return figures.villages(len(village_ids))
    return named_villages(plan.area, village_ids)


def named_villages(area: StudyArea, village_ids: Sequence[str]) -> str:
    """Return all the villages by name."""
    return listed([spoken_name(area.village_by_id[id_]) for id_ in village_ids])


def whose_stop(plan: DayPlan, stop_id: str) -> str:
    """Return the villages that a stop of a point with several is for; empty where the point has one stop."""
    point = plan.demand_of_stop.get(stop_id)
    if point is None or len(plan.demand.stops_of_site[point.site_id]) == 1:
        return ""
    return villages_text(plan, villages_of(plan, point))


def several_visits(plan: DayPlan) -> list[str]:
    """Return the points that have several stops that day, a line each: how often, and what each visit is for."""
    lines = []
    for site_id, stops in plan.demand.stops_of_site.items():
        if len(stops) < 2:
            continue
        each = [_visit(plan, one) for one in stops]
        place = spoken_name(plan.area.site_by_id[site_id])
        lines.append(
            say("{place}: served in {count} visits ({each})", place=place, count=len(stops), each=say("; ").join(each))
        )
    return lines


def _visit(plan: DayPlan, one: PointDemand) -> str:
    """Return whose a visit is, how much it brings and fetches, and what is asked of it."""
    parts = [
        say(
            "{down} down, {up} up, {kg} kg",
            down=figures.number(one.delivery_parcels),
            up=figures.number(one.pickup_parcels),
            kg=f"{one.delivery_kg + one.pickup_kg:,.1f}",
        )
    ]
    if one.earliest_s is not None:
        parts.append(say("Not before {clock}", clock=figures.clock(one.earliest_s)))
    if one.latest_s is not None:
        parts.append(say("Not after {clock}", clock=figures.clock(one.latest_s)))
    if one.cold:
        parts.append(say("Cold chain"))
    text = say(", ").join(parts)
    villages = villages_text(plan, villages_of(plan, one))
    return say("{what}: {text}", what=villages, text=text) if villages else text
