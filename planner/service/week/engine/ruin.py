"""Ruin: take strings of neighbouring visits off routes of one day, or of all days with all visits of their places."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.draws import WordArray, draw, draw_below
from planner.service.week.engine.arrays import NONE, WeekSearch, WeekWorld
from planner.service.week.engine.parameters import WeekParameters
from planner.service.week.engine.routes import refresh, remove_visit


@lean_kernel
def ruin(world: WeekWorld, search: WeekSearch) -> int:
    """Take visits off, list their places in ``pending``, return how many these are."""
    routes, source, parameters = search.routes, search.source, world.parameters
    seed_place = 1 + draw_below(source, world.places)
    whole = draw(source) < parameters.pattern_share
    only_day = NONE if whole else _some_day(world, search, seed_place)
    visits, used = _visits(world, search, only_day)
    longest = min(parameters.longest_string, max(1.0, visits / max(1, used)))
    strings = 1 + int(draw(source) * (4.0 * parameters.removed_on_average / (1.0 + longest) - 1.0))
    count = int(np.int64(0))  # no literal: kernels are compiled for one kind of number
    for q in range(world.neighbours.shape[1]):
        if strings <= 0:
            break
        place = world.neighbours[seed_place, q]
        if search.missing[place] != 0 or routes.option[place] == NONE:
            continue
        day = _some_day(world, search, place) if whole else only_day
        if day == NONE or routes.slot[place, day] == NONE:
            continue
        route = day * world.slots + routes.slot[place, day]
        if search.ruined[route]:
            continue
        search.ruined[route] = True
        size = routes.size[route]
        length = min(1 + int(draw(source) * min(longest, float(size))), size)
        count = _remove_string(world, search, route, routes.position[place, day], length, whole, count)
        strings -= 1
    for k in range(search.undo.route_count[0]):
        search.ruined[search.undo.route[k]] = False
        refresh(world, routes, search.undo.route[k])
    return count


@inlined
def _visits(world: WeekWorld, search: WeekSearch, only_day: int) -> tuple[int, int]:
    """Return how many visits and used routes there are, on one day or on all."""
    visits, used = 0, 0
    first, beyond = 0, world.days * world.slots
    if only_day != NONE:
        first = only_day * world.slots
        beyond = first + world.slots
    for route in range(first, beyond):
        visits += search.routes.size[route]
        used += search.routes.size[route] > 0
    return visits, used


@lean_kernel
def _some_day(world: WeekWorld, search: WeekSearch, place: int) -> int:
    """Return a day on which the place is visited, drawn at random."""
    count = 0
    for day in range(world.days):
        count += search.routes.slot[place, day] != NONE
    if count == 0:
        return NONE
    wanted = draw_below(search.source, count)
    for day in range(world.days):
        if search.routes.slot[place, day] != NONE:
            if wanted == 0:
                return day
            wanted -= 1
    return NONE


@inlined
def _string(
    parameters: WeekParameters, source: WordArray, size: int, at: int, length: int
) -> tuple[int, int, int, int]:
    """Return where a string around a position begins and ends, and which of it, from one to before another, stay."""
    kept = 0
    if 1 < length < size and draw(source) < parameters.split_share:
        kept = 1
        while length + kept < size and draw(source) < parameters.split_growth:
            kept += 1
    span = length + kept
    lowest, highest = max(0, at - span + 1), min(at, size - span)
    begin = lowest + draw_below(source, highest - lowest + 1)
    keep_from = begin + draw_below(source, length + 1) if kept > 0 else -1
    return begin, begin + span, keep_from, keep_from + kept


@lean_kernel
def _remove_string(
    world: WeekWorld, search: WeekSearch, route: int, at: int, length: int, whole: bool, count: int
) -> int:
    """Remove ``length`` visits around a position, with all other visits of their places if ``whole``."""
    routes, day = search.routes, route // world.slots
    begin, end, keep_from, keep_to = _string(world.parameters, search.source, routes.size[route], at, length)
    at = begin
    for i in range(begin, end):
        if keep_from <= i < keep_to:
            at += 1
            continue
        place = routes.stop[route, at]
        search.pending[count] = place
        count += 1
        if not whole:
            search.missing[place] |= 1 << day
            remove_visit(world, search, place, day)
            continue
        for other in range(world.days):
            if routes.slot[place, other] != NONE:
                search.missing[place] |= 1 << other
                remove_visit(world, search, place, other)
    return count
