"""A route along the clock as inline SVG: what the vehicle does, and what it carries down and up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from planner.outputs.leg_loads import leg_loads
from planner.outputs.timeline import spans
from planner.plans.load_share import Room
from planner.routing import Route
from planner.words import term

WIDTH, LEFT, RIGHT = 340.0, 34.0, 8.0
_BAR_TOP, _BAR = 16.0, 14.0
_LOAD_TOP, _LOAD_BASE = 50.0, 132.0
_HEIGHT = 136.0


def fullest_dimension(route: Route, room: Room) -> int:
    """Return the number of the dimension (parcels, kg, m³) in which the vehicle is fullest at its fullest moment."""
    loads = [route.load_at_start, *(call.load_after for call in route.calls())]
    shares = [max(load[at] / room[at] for load in loads) if room[at] else 0.0 for at in range(len(room))]
    return shares.index(max(shares))


def load_profile(route: Route, dimension: int) -> list[tuple[float, float, float, float]]:
    """Return what is on board from when to when: seconds since midnight, then amounts down and up in one dimension.

    A leg's load is on board from the departure that it begins with until the next one: what is done at a stop shows when
    the vehicle leaves it.
    """
    legs, loads = route.legs(), leg_loads(route)
    leaves = [route.start_s, *(leg.call.departure_s for leg in legs if leg.call is not None)]
    if route.open_start:
        leaves[0] = route.visits[0].departure_s
    ends = [*leaves[1 : len(legs)], route.end_s]
    return [
        (leaves[at], ends[at], both.down[dimension], both.up[dimension])
        for at, both in enumerate(loads)
        if ends[at] > leaves[at]
    ]


def route_profile(route: Route, room: Room) -> str:
    """Return the drawing: hours, a bar of driving, service, waiting and breaks with the stops' numbers, and the load below.

    The load is in the dimension that is fullest, down under up; a dashed line is what the vehicle may carry. What is drawn
    is told by classes of the page's style. ``data-from`` and ``data-scale`` (units a second) place a mark of the time.
    """
    first, last = (
        math.floor(route.start_s / 3600),
        max(math.ceil(route.end_s / 3600), math.floor(route.start_s / 3600) + 1),
    )
    scale = (WIDTH - LEFT - RIGHT) / ((last - first) * 3600)

    def at(seconds: float) -> float:
        return LEFT + (seconds - first * 3600) * scale

    dimension = fullest_dimension(route, room)
    parts = [
        f'<svg class="profile" viewBox="0 0 {WIDTH:.0f} {_HEIGHT:.0f}" data-from="{first * 3600}" data-scale="{scale:.6f}" '
        'aria-hidden="true">'
    ]
    for hour in range(first, last + 1, max(1, (last - first) // 6)):
        parts.append(f'<path class="hour" d="M{at(hour * 3600):.1f} 12V{_LOAD_BASE:.0f}"/>')
        parts.append(f'<text x="{at(hour * 3600):.1f}" y="10" text-anchor="middle">{hour}</text>')
    parts += [
        f'<rect class="{span.kind}" x="{at(span.start_s):.1f}" y="{_BAR_TOP:.0f}" '
        f'width="{span.seconds * scale:.1f}" height="{_BAR:.0f}"/>'
        for span in spans(route)
    ]
    parts += _stop_numbers(route, at)
    parts += _loads(load_profile(route, dimension), room[dimension], at)
    unit = term(("parcels", "kg", "m3")[dimension])
    parts.append(f'<text x="0" y="{_LOAD_TOP - 4:.0f}">{escape(unit)}</text>')
    return "".join(
        [*parts, f'<path class="now" d="M0 {_BAR_TOP - 4:.0f}V{_LOAD_BASE:.0f}" visibility="hidden"/></svg>']
    )


def _stop_numbers(route: Route, at: Callable[[float], float]) -> list[str]:
    """Return the number of each stop under its service, those left out that would run into the one before."""
    parts, free = [], 0.0
    for number, visit in enumerate(route.visits, start=1):
        x, half = at((visit.arrival_s + visit.departure_s) / 2), 3.0 * len(str(number))
        if x - half >= free:
            parts.append(f'<text x="{x:.1f}" y="{_BAR_TOP + _BAR + 10:.0f}" text-anchor="middle">{number}</text>')
            free = x + half + 1
    return parts


def _loads(steps: Sequence[tuple[float, float, float, float]], room: float, at: Callable[[float], float]) -> list[str]:
    fullest = max((down + up for _, _, down, up in steps), default=0.0)
    top = max(fullest, room if math.isfinite(room) else 0.0)
    if not top:
        return []
    height = (_LOAD_BASE - _LOAD_TOP) / top
    parts = []
    for start_s, end_s, down, up in steps:
        for kind, base, amount in (("down", 0.0, down), ("up", down, up)):
            if amount > 0:
                parts.append(
                    f'<rect class="{kind}" x="{at(start_s):.1f}" y="{_LOAD_BASE - (base + amount) * height:.1f}" '
                    f'width="{at(end_s) - at(start_s):.1f}" height="{amount * height:.1f}"/>'
                )
    parts.append(f'<path class="floor" d="M{LEFT:.0f} {_LOAD_BASE:.0f}H{WIDTH - RIGHT:.0f}"/>')
    for amount, kind in ((fullest, ""), (room, "room")):
        y = _LOAD_BASE - amount * height
        if kind and math.isfinite(room):
            parts.append(f'<path class="room" d="M{LEFT:.0f} {y:.1f}H{WIDTH - RIGHT:.0f}"/>')
        # what the vehicle holds is written where the fullest moment's figure leaves room for it
        if not kind or (math.isfinite(room) and (room - fullest) * height > 11):
            parts.append(f'<text x="{LEFT - 3:.0f}" y="{y + 4:.1f}" text-anchor="end">{_short(amount)}</text>')
    return parts


def _short(amount: float) -> str:
    return f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}"
