"""Sketches of routes as inline SVG: ways, stops by their numbers, depots, north and a scale; no text from data.

What is drawn is told by classes of the page's style, so that it reads in the dark, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import shapely

from planner.outputs.courier.courier_day import CourierDay
from planner.routing import Reload, Route
from planner.words import say

_SMALL, _LARGE, _MARGIN = (440.0, 330.0), (960.0, 620.0), 26.0
"""Most width and height of a sketch, for one route and for all; a phone shows the small one as it is."""
_METRES_A_DEGREE = 111_195.0
_COLOURS = 8
"""Colours of the page's style; of more vehicles the line is dashed in a further pattern each time round."""
_At = Callable[[float, float], tuple[float, float]]


def route_sketch(day: CourierDay, route: Route) -> str:
    """Return the sketch of one route with its stops numbered; the number of a stop in both directions stands once."""
    lines = [path.coordinates for path in day.paths[route.vehicle_id]]
    stops = [_place(day, visit.stop_id) for visit in route.visits]
    depots = [_place(day, id_) for id_ in _depots(route)]
    at, scale, size = _frame([*(spot for line in lines for spot in line), *stops, *depots], _SMALL)
    parts = [_way(lines, at, "way"), *(_depot(at(*spot)) for spot in depots)]
    taken: list[tuple[float, float]] = []
    for number, spot in enumerate(stops, start=1):
        parts.append(_numbered(at(*spot), number, taken, size))
    label = say("Sketch of the route: {count} stops", count=len(stops))
    return _svg(parts, size, scale, label)


def day_sketch(day: CourierDay) -> str:
    """Return the sketch of all routes, each in its colour and pattern, with its place in the list at its far end."""
    ways = {route.vehicle_id: [path.coordinates for path in day.paths[route.vehicle_id]] for route in day.routes}
    stops = {route.vehicle_id: [_place(day, visit.stop_id) for visit in route.visits] for route in day.routes}
    depots = sorted({_place(day, id_) for route in day.routes for id_ in _depots(route)})
    spots = [*(spot for lines in ways.values() for line in lines for spot in line), *depots]
    if not spots:
        return ""
    at, scale, size = _frame([*spots, *(spot for each in stops.values() for spot in each)], _LARGE)
    parts = [_way(lines, at, f"way {line_class(place)}") for place, lines in enumerate(ways.values())]
    parts += [
        f'<circle class="dot {line_class(place)}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        for place, each in enumerate(stops.values())
        for x, y in (at(*spot) for spot in each)
    ]
    parts += [_depot(at(*spot)) for spot in depots]
    hub = at(*depots[0])
    taken: list[tuple[float, float]] = []
    for place, each in enumerate(stops.values()):
        far = max((at(*spot) for spot in each), key=lambda spot: math.dist(spot, hub))
        parts.append(_numbered(far, place + 1, taken, size))
    return _svg(parts, size, scale, say("Sketch of all routes: {count} vehicles", count=len(ways)))


def line_class(place: int) -> str:
    """Return the classes of the line of the vehicle at this place of the list, from 0: its colour and its pattern."""
    return f"c{place % _COLOURS} d{place // _COLOURS % 3}"


def _place(day: CourierDay, site_id: str) -> tuple[float, float]:
    site = day.plan.site_by_id[site_id]
    return site.lon, site.lat


def _depots(route: Route) -> list[str]:
    ends = [] if route.open_start else [route.depot_id]
    ends += [call.depot_id for call in route.calls() if isinstance(call, Reload)]
    ends += [] if route.open_end else [route.end_depot_id or route.depot_id]
    return list(dict.fromkeys(ends))


def _frame(spots: Sequence[tuple[float, float]], most: tuple[float, float]) -> tuple[_At, float, tuple[float, float]]:
    """Return where a position is drawn, how many pixels a metre is, and the size of the drawing."""
    west, south = (min(axis) for axis in zip(*spots, strict=True))
    east, north = (max(axis) for axis in zip(*spots, strict=True))
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 1e-5), max(north - south, 1e-5)
    scale = min((most[0] - 2 * _MARGIN) / wide, (most[1] - 2 * _MARGIN) / high)
    left = (most[0] - wide * scale) / 2
    height = max(120.0, high * scale + 2 * _MARGIN)
    top = (height - high * scale) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * narrow * scale, top + (north - lat) * scale

    return at, scale / _METRES_A_DEGREE, (most[0], height + 22)


def _way(lines: Iterable[Sequence[tuple[float, float]]], at: _At, name: str) -> str:
    drawn = []
    for line in lines:
        points = [at(*spot) for spot in line]
        if len(points) > 2:
            points = [(x, y) for x, y in shapely.LineString(points).simplify(0.7).coords]
        drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))
    return f'<path class="{name}" d="{"".join(drawn)}"/>'


def _depot(spot: tuple[float, float]) -> str:
    x, y = spot
    return f'<path class="depot" d="M{x:.1f} {y - 9:.1f}l9 9l-9 9l-9 -9z"/>'


def _numbered(
    spot: tuple[float, float], number: int, taken: list[tuple[float, float]], size: tuple[float, float]
) -> str:
    """Return a numbered mark, beside its place with a line to it where another mark is in the way."""
    tries = [spot, *((spot[0] + r * math.cos(k), spot[1] + r * math.sin(k)) for r in (20, 34, 48) for k in range(6))]
    inside = [one for one in tries if 10 < one[0] < size[0] - 10 and 10 < one[1] < size[1] - 26]
    x, y = next((one for one in inside if all(math.dist(one, other) > 19 for other in taken)), spot)
    taken.append((x, y))
    beside = f'<path class="lead" d="M{spot[0]:.1f} {spot[1]:.1f}L{x:.1f} {y:.1f}"/>' if (x, y) != spot else ""
    return (
        f'{beside}<circle class="stop" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
        f'<text class="num" x="{x:.1f}" y="{y + 4:.1f}">{number}</text>'
    )


def _svg(parts: Sequence[str], size: tuple[float, float], scale: float, label: str) -> str:
    """Return the drawing with north and a scale of a round length, a quarter of its width at most."""
    width, height = size
    most_m = width / 4 / scale
    power = 10 ** math.floor(math.log10(most_m))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= most_m)
    said = f"{length_m / 1000:g} {say('km')}" if length_m >= 1000 else f"{length_m:g} {say('m')}"
    end = 12 + length_m * scale
    foot = (
        f'<path class="scale" d="M12 {height - 14:.1f}v6H{end:.1f}v-6"/>'
        f'<text class="said" x="{end + 6:.1f}" y="{height - 7:.1f}">{said}</text>'
        f'<path class="north" d="M{width - 16:.1f} {height - 6:.1f}v-16m-5 6l5 -6l5 6"/>'
        f'<text class="said" x="{width - 38:.1f}" y="{height - 8:.1f}">{say("N")}</text>'
    )
    return (
        f'<svg class="sketch" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{label}">'
        f"{''.join(parts)}{foot}</svg>"
    )
