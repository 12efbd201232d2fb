"""Strings of neighbouring stops to remove (Christiaens & Vanden Berghe 2020, section 5.1): how many, how long, and where."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.arrays import Search, World
from planner.routing.engines.sisr.draws import WordArray, draw, draw_below
from planner.routing.engines.sisr.parameters import Parameters
from planner.routing.engines.sisr.search import used_routes


@lean_kernel
def string_limits(world: World, search: Search, stops: int, removed: float) -> tuple[int, float]:
    """Return how many strings to remove and how long they may be, so that of all stops about ``removed`` go."""
    longest = min(float(world.parameters.longest_string), stops / max(1, used_routes(search.routes)))
    most = 4.0 * removed / (1.0 + longest) - 1.0
    return 1 + int(draw(search.source) * most), longest


@inlined
def string_around(
    parameters: Parameters, source: WordArray, size: int, position: int, length: int
) -> tuple[int, int, int, int]:
    """Return where a string begins and ends that holds the position, and which of it, from one to before another, are kept.

    ``length`` of the route's ``size`` stops go; a split string keeps some in its middle.
    """
    kept = 0
    if 1 < length < size and draw(source) < parameters.split_share:
        kept = 1
        while length + kept < size and draw(source) < parameters.split_growth:
            kept += 1
    span = length + kept
    lowest, highest = max(0, position - span + 1), min(position, size - span)
    begin = lowest + draw_below(source, highest - lowest + 1)
    keep_from = begin + draw_below(source, length + 1) if kept > 0 else -1
    return begin, begin + span, keep_from, keep_from + kept
