"""What travel times rest on, in words."""

from __future__ import annotations

from planner.plans import ClosedRoads, RoadSummary
from planner.words.terms import term


def road_row(roads: RoadSummary) -> tuple[str, str]:
    """Return what travel times rest on, as (what, text): vehicle, season, turns, and how much of the speeds is assumed."""
    turns = ", 计转弯 with turn costs" if roads.turn_costs else ""
    return (
        "路网 roads",
        f"{term(roads.vehicle).both}, {term(roads.season).both}{turns}; {roads.road_km:.0f} km; "
        f"限速缺省 maxspeed imputed {roads.imputed_speed_share:.0%}, "
        f"路面缺省 surface imputed {roads.imputed_surface_share:.0%}; {turn_rules_text(roads)}",
    )


def turn_rules_text(roads: RoadSummary) -> str:
    """Return how many turn restrictions are followed, and how many are not for which reason."""
    left = ", ".join(f"{term(reason).both} {count}" for reason, count in sorted(roads.turn_rules_left.items()) if count)
    followed = f"转弯限制 turn restrictions {roads.turn_rules_followed}"
    return f"{followed}, 未采用 not followed: {left}" if left else followed


def closed_text(closed: ClosedRoads) -> str:
    """Return a closure in a line: reason, days, length."""
    return f"{closed.reason}: {closed.first} – {closed.last}, {closed.road_km:.1f} km"
