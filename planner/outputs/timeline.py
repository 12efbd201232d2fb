"""Hours of a day's vehicles as inline SVG: driving, waiting, service and breaks, and under it how full the vehicle is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from planner.routing import Reload, Route

_WIDTH, _LEFT, _RIGHT = 900.0, 110.0, 10.0
_ROW, _BAR, _LOAD = 44.0, 16.0, 14.0
_NAME_WIDE = 15
"""So many narrow letters of a name stand before the bars; a longer one is pressed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a vehicle does between two times of the day: ``driving``, ``waiting``, ``service`` or ``break``."""

    kind: str
    start_s: float
    end_s: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s


def spans(route: Route) -> list[Span]:
    """Return what a vehicle does from start to end without a gap, in order; a break on the way interrupts the drive."""
    found: list[Span] = []
    now = route.start_s
    for call in route.calls():
        found += _drive(route, now, call.arrival_s, call.driving_s)
        begins = call.arrival_s if isinstance(call, Reload) else call.service_start_s
        found += _idle(route, call.arrival_s, begins)
        found.append(Span(kind="service", start_s=begins, end_s=call.departure_s))
        now = call.departure_s
    found += _drive(route, now, route.end_s, route.return_driving_s)
    return [span for span in found if span.seconds > 0]


def driving_of_legs(route: Route) -> list[list[Span]]:
    """Return when a vehicle drives on each leg, in driving order; a leg between two places at one point has no driving."""
    found: list[list[Span]] = []
    now = route.start_s
    for leg in route.legs():
        arrival_s = route.end_s if leg.call is None else leg.call.arrival_s
        if route.open_start and not found:
            now = route.visits[0].departure_s
        drives = _drive(route, now, arrival_s, leg.driving_s)
        found.append([span for span in drives if span.kind == "driving" and span.seconds > 0])
        now = arrival_s if leg.call is None else leg.call.departure_s
    return found


def _drive(route: Route, start_s: float, end_s: float, driving_s: float) -> Iterator[Span]:
    """Yield a leg: what of its time is no driving and no break is waiting."""
    now, left = start_s, driving_s
    for pause in sorted(route.pauses, key=lambda one: one.start_s):
        if start_s <= pause.start_s and pause.end_s <= end_s:
            before = min(left, pause.start_s - now)
            yield Span(kind="driving", start_s=now, end_s=now + before)
            yield Span(kind="waiting", start_s=now + before, end_s=pause.start_s)
            yield Span(kind="break", start_s=pause.start_s, end_s=pause.end_s)
            now, left = pause.end_s, left - before
    yield Span(kind="driving", start_s=now, end_s=min(now + left, end_s))
    yield Span(kind="waiting", start_s=min(now + left, end_s), end_s=end_s)


def _idle(route: Route, start_s: float, end_s: float) -> Iterator[Span]:
    """Yield the time between arrival and service: breaks, and waiting for the rest."""
    now = start_s
    for pause in sorted(route.pauses, key=lambda one: one.start_s):
        if start_s <= pause.start_s and pause.end_s <= end_s and pause.start_s >= now:
            yield Span(kind="waiting", start_s=now, end_s=pause.start_s)
            yield Span(kind="break", start_s=pause.start_s, end_s=pause.end_s)
            now = pause.end_s
    yield Span(kind="waiting", start_s=now, end_s=end_s)


def timeline(routes: Sequence[Route], names: Sequence[str], loads: Sequence[Sequence[tuple[float, float]]]) -> str:
    """Return the drawing, a bar a vehicle with its name over the hours; ``loads`` has its (time, share of room taken) steps.

    What is drawn is told by classes of the page's style; the legend stands on the page.
    """
    if not routes:
        return ""
    first = math.floor(min(route.start_s for route in routes) / 3600)
    last = max(first + 1, math.ceil(max(route.end_s for route in routes) / 3600))
    scale = (_WIDTH - _LEFT - _RIGHT) / ((last - first) * 3600)
    height = 22 + _ROW * len(routes)

    def at(seconds: float) -> float:
        return _LEFT + (seconds - first * 3600) * scale

    parts = [f'<svg class="hours" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" aria-hidden="true">']
    for hour in range(first, last + 1):
        x = at(hour * 3600)
        parts.append(f'<path class="hour" d="M{x:.1f} 18V{height:.0f}"/>')
        parts.append(f'<text x="{min(x, _WIDTH - 14):.1f}" y="13" text-anchor="middle">{hour}</text>')
    for row, (route, name, load) in enumerate(zip(routes, names, loads, strict=True)):
        y = 24 + row * _ROW
        long = (
            len(name.encode("gb18030", "replace")) > _NAME_WIDE
        )  # there Chinese letters count twice, as they are wide
        fit = f' textLength="{_LEFT - 6:.0f}" lengthAdjust="spacingAndGlyphs"' if long else ""
        parts.append(f'<text x="0" y="{y + _BAR - 3:.0f}"{fit}>{escape(name)}</text>')
        parts += [
            f'<rect class="{span.kind}" x="{at(span.start_s):.1f}" y="{y:.0f}" width="{span.seconds * scale:.1f}" '
            f'height="{_BAR:.0f}"/>'
            for span in spans(route)
        ]
        parts.append(_load(load, route.end_s, at, y + _BAR + 2 + _LOAD))
    return "".join([*parts, "</svg>"])


def _load(steps: Sequence[tuple[float, float]], end_s: float, at: Callable[[float], float], base: float) -> str:
    """Return how full the vehicle is as an area over ``base``."""
    if not steps:
        return ""
    path = [f"M{at(steps[0][0]):.1f} {base:.1f}"]
    for seconds, share in steps:
        path.append(f"H{at(seconds):.1f}V{base - _LOAD * min(1.0, share):.1f}")
    return f'<path class="load" d="{"".join(path)}H{at(end_s):.1f}V{base:.1f}Z"/>'
