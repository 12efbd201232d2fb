"""What travel times rest on, in words."""

from __future__ import annotations

from planner.plans import ClosedRoads, RoadSummary
from planner.words import figures, listed, render, say, term

_SHOWN_ODD_TAGS = 10


def road_row(roads: RoadSummary) -> tuple[str, str]:
    """Return what travel times rest on, as (what, text): vehicle, season, turns, and how much of the speeds is assumed."""
    if roads.on_straight_lines:
        profile = say("{vehicle}, {season}", vehicle=term(roads.vehicle), season=term(roads.season))
        return say("Roads"), say(
            "{profile}; no road file: straight lines times {factor} at {speed} km/h, an assumption",
            profile=profile,
            factor=f"{roads.detour_factor:g}",
            speed=f"{roads.straight_speed_kph:g}",
        )
    parts = [
        say("{vehicle}, {season}", vehicle=term(roads.vehicle), season=term(roads.season)),
        *([say("turns take time")] if roads.turn_costs else []),
        say("{length} of road", length=figures.kilometres(roads.road_km * 1000)),
        say("speed assumed on {share} of it", share=figures.share(roads.imputed_speed_share)),
        say("surface assumed on {share} of it", share=figures.share(roads.imputed_surface_share)),
        turn_rules_text(roads),
    ]
    return say("Roads"), say("; ").join(parts)


def turn_rules_text(roads: RoadSummary) -> str:
    """Return how many turn restrictions are followed, and how many are not for which reason."""
    left = [
        say("{reason} {count}", reason=term(reason), count=count)
        for reason, count in sorted(roads.turn_rules_left.items())
        if count
    ]
    if not left:
        return say("{count} turn restrictions followed", count=roads.turn_rules_followed)
    return say(
        "{count} turn restrictions followed, not followed: {left}", count=roads.turn_rules_followed, left=listed(left)
    )


def odd_tag_texts(roads: RoadSummary) -> list[str]:
    """Return the tags of the roads that are not understood, those on most road first, ten at most."""
    return [
        say(
            "{tag}: {length} on {count} roads or places",
            tag=f"{odd.key}={odd.value}",
            length=figures.kilometres(odd.road_km * 1000),
            count=odd.count,
        )
        for odd in roads.odd_tags[:_SHOWN_ODD_TAGS]
    ]


def closed_text(closed: ClosedRoads) -> str:
    """Return a closure in a line: reason, days, length."""
    return say(
        "{reason}: {first} to {last}, {length}",
        reason=render(closed.reason),
        first=figures.day(closed.first),
        last=figures.day(closed.last),
        length=figures.kilometres(closed.road_km * 1000),
    )
