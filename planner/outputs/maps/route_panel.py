"""What the routes map has beside all maps: choose vehicles, play the day, see what each carries and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.outputs.fleet_names import FleetNames
from planner.outputs.leg_loads import leg_loads
from planner.outputs.maps.page import Addition
from planner.outputs.maps.route_profile import route_profile
from planner.outputs.names import spoken_name
from planner.plans import DayPlan
from planner.plans.load_share import vehicle_room
from planner.routing import Route
from planner.words import figures, say

SPEEDS = (60, 300, 600, 1800)
"""Seconds of the day that pass in a second of the animation."""
_STEP_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A day on a map: its routes with the number of their layer and their colour, and the numbers of its other layers.

    ``named`` is what its button says, the date if empty.
    """

    plan: DayPlan
    routes: Sequence[tuple[Route, int, str]]
    others: Sequence[int] = ()
    named: str = ""


def route_controls(days: Sequence[Shown], week_href: str = "") -> Addition:
    """Return what the page has for one day or several; ``week_href`` leads to the map of several, empty if there is none."""
    shown = [
        {"layer": layer, "colour": colour, "name": FleetNames.of(one.plan).called(route.vehicle_id), "day": number}
        for number, one in enumerate(days)
        for route, layer, colour in one.routes
    ]
    clock = [edge for one in days for route, _, _ in one.routes for edge in (route.start_s, route.end_s)]
    first_s = min(clock, default=0.0) // _STEP_S * _STEP_S
    last_s = -(-max(clock, default=0.0) // _STEP_S) * _STEP_S
    given = {
        "days": [one.named or figures.weekday(one.plan.date) for one in days],
        "profiles": [profile for one in days for profile in _profiles(one.plan, one.routes)],
        "breaks": any(route.pauses for one in days for route, _, _ in one.routes),
        "week_href": week_href,
        "first_s": int(first_s),
        "last_s": int(last_s),
        "step_s": _STEP_S,
        "speeds": [(speed, _speed_text(speed)) for speed in SPEEDS],
    }
    words = {"play": say("Play the day"), "pause": say("Pause")}
    return Addition(
        scripts=["routes.js"],
        styles=["routes.css"],
        controls=["route_panel.html"],
        given=given,
        data={"routes": shown, "others_of_day": [list(one.others) for one in days], "route_words": words},
    )


def _speed_text(seconds: int) -> str:
    return say("{minutes} min a second", minutes=seconds // 60)


def _profiles(plan: DayPlan, routes: Sequence[tuple[Route, int, str]]) -> list[Mapping[str, Any]]:
    rooms = vehicle_room(plan)
    return [
        {
            "layer": layer,
            "name": FleetNames.of(plan).called(route.vehicle_id),
            "drawing": route_profile(route, rooms[route.vehicle_type_id]),
            "legs": _leg_rows(plan, route),
        }
        for route, layer, _ in routes
    ]


def _leg_rows(plan: DayPlan, route: Route) -> list[tuple[str, ...]]:
    """Return a row a leg: number, where it leads, when it is there, parcels and kg down, kg up."""
    rows: list[tuple[str, ...]] = []
    for number, (leg, both) in enumerate(zip(route.legs(), leg_loads(route), strict=True), start=1):
        there = route.end_s if leg.call is None else leg.call.arrival_s
        rows.append(
            (
                str(number),
                spoken_name(plan.site_by_id[leg.destination_id]),
                figures.clock(there),
                f"{both.down[0]:.0f}",
                f"{both.down[1]:.0f}",
                f"{both.up[0]:.0f}",
                f"{both.up[1]:.0f}",
            )
        )
    return rows
