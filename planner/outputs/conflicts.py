"""The demands that contradict each other, as people read them: places by name, and no endless list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.model import Fact, StudyArea, Tier
from planner.outputs.names import register_name, shown_name, spoken_name
from planner.plans import NetworkPlan
from planner.words import say, sentence

_SHOWN = 10


def place_names(
    area: StudyArea, tier: Tier = Tier.SERVICE_POINT, *, registers: bool = False
) -> Mapping[str, Mapping[str, str]]:
    """Return the names of places by their ids, for each kind of place that facts about a tier name.

    Townships, villages and sites may have the same ids. The points of a tier are what it covers: villages, or under the
    express stations service points. With ``registers`` they are named as in tables, which registers are compared with.
    """
    named = shown_name if registers else spoken_name
    townships = {township.id: named(township) for township in area.townships}
    villages = {village.id: named(village) for village in area.villages}
    sites = {site.id: register_name(area, site) if registers else spoken_name(site) for site in area.sites}
    points = villages if tier is Tier.SERVICE_POINT else sites
    return {"township": townships, "village": villages, "site": sites, "station": sites, "point": points}


def named_conflicts(
    area: StudyArea, conflicts: Sequence[Fact], tier: Tier = Tier.SERVICE_POINT, *, registers: bool = False
) -> list[str]:
    """Return the conflicts of siting a tier as sentences; the first ten and a count. Names as in `place_names`."""
    names = place_names(area, tier, registers=registers)
    found = [sentence(conflict, names) for conflict in conflicts[:_SHOWN]]
    if len(conflicts) > _SHOWN:
        found.append(say("... and {count} more", count=len(conflicts) - _SHOWN))
    return found


def siting_notices(plan: NetworkPlan, *, registers: bool = False) -> list[str]:
    """Return what keeps a network from being planned, and the demands that it was planned without, tier by tier."""
    tiers = (
        (plan.stations.service_points, Tier.SERVICE_POINT),
        (plan.stations.express_stations, Tier.EXPRESS_STATION),
    )
    found = [
        text
        for answer, tier in tiers
        for text in named_conflicts(plan.area, answer.conflicts, tier, registers=registers)
    ]
    for answer, tier in tiers:
        let_go = named_conflicts(plan.area, answer.relaxed, tier, registers=registers)
        found += [say("Planned without a demand that cannot be met: {what}", what=what) for what in let_go]
    return found
