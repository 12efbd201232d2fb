"""How people near all-season roads are counted, as the rural access index has it."""

from __future__ import annotations

from planner.model import Fact, said
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans.bulletin import COUNTY

NEAR_M = 2000.0
"""So near to an all-season road people live who have one (rural access index, World Bank 2016)."""


def people_without_road(facts: MonthFacts) -> Tallies:
    """Return A13: rural people beyond 2 km of a road that is open in every season."""
    return {
        place: Tally(value=tally.whole - tally.part, reason=None, note=tally.note)
        if tally.part is not None and tally.whole is not None and tally.value is not None
        else Tally(value=None, reason=tally.reason)
        for place, tally in people_near_road(facts).items()
    }


def people_near_road(facts: MonthFacts) -> Tallies:
    """Return A13, the rural access index: rural people within 2 km of a road that is open in every season."""
    if facts.network.roads.on_straight_lines:
        reason = said("no data: the area has no roads")
        return {place: Tally(value=None, reason=reason) for place, _ in facts.by_place()}
    rows = facts.area.rows_left_out
    found = {}
    for place, villages in facts.by_place():
        left_out = rows.population if place == COUNTY else 0
        near = sum(village.population for village in villages if _is_near(facts, village.id))
        whole = sum(village.population for village in villages) + left_out
        if not whole:
            found[place] = Tally(value=None, reason=said("no data: nobody lives there"))
            continue
        found[place] = Tally(value=near / whole, part=near, whole=whole, note=_note(facts, place))
    return found


def _is_near(facts: MonthFacts, village_id: str) -> bool:
    """Return whether a village is known to be near a road, and no season cuts it off."""
    access_m = facts.hand_over[village_id].access_m
    cut_off = any(village_id in season.cut_off for season in facts.network.seasons)
    return access_m is not None and access_m <= NEAR_M and not cut_off


def _note(facts: MonthFacts, place: str) -> Fact | None:
    """Return how many villages may be nearer than is known: roads are only looked for as far as people walk."""
    travel = facts.network.config.get("travel") or {}
    searched_m = float(travel.get("access_cap_m", 0.0))
    unknown = [
        village
        for of_place, villages in facts.by_place()
        if of_place == place
        for village in villages
        if facts.hand_over[village.id].access_m is None
    ]
    if not unknown or searched_m >= NEAR_M:
        return None
    return said(
        "{count} villages have no road within {metres} m and count as without; roads further off are not looked for",
        count=len(unknown),
        metres=round(searched_m),
    )
