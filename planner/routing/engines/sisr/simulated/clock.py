"""Driving against the clock in whole milliseconds: speeds of the day, rests and breaks (see `planner.routing.timing`)."""

from __future__ import annotations

import math

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.simulated.arrays import DaySpeeds, Trial, World

FAULT = -1
"""In place of a time: it cannot be done."""
_MOST_RESTS = 1_000
_TINY = 1e-6


@lean_kernel
def _piece(day: DaySpeeds, clock: float) -> int:
    """Return the piece of the day that holds the time."""
    k = len(day.begins) - 1
    while k > 0 and day.begins[k] > clock:
        k -= 1
    return k


@lean_kernel
def arrive(day: DaySpeeds, leaves: int, needed: int) -> int:
    """Return when a stretch that takes ``needed`` at normal speed is done, rounded upward."""
    if len(day.begins) == 1 or needed <= 0:
        return leaves + needed
    k = _piece(day, leaves)
    clock, left = float(leaves), float(needed)
    while k + 1 < len(day.begins):
        possible = (day.begins[k + 1] - clock) * day.factors[k]
        if left <= possible:
            break
        left -= possible
        k += 1
        clock = float(day.begins[k])
    whole: int = math.ceil(clock + left / day.factors[k] - _TINY)
    return whole


@lean_kernel
def depart(day: DaySpeeds, arrives: int, needed: int) -> int:
    """Return the latest time to leave so that a stretch is done by ``arrives``, rounded downward."""
    if len(day.begins) == 1 or needed <= 0:
        return arrives - needed
    k = _piece(day, arrives)
    clock, left = float(arrives), float(needed)
    while k > 0:
        possible = (clock - day.begins[k]) * day.factors[k]
        if left <= possible:
            break
        left -= possible
        clock = float(day.begins[k])
        k -= 1
    whole: int = math.floor(clock - left / day.factors[k] + _TINY)
    return whole


@lean_kernel
def covered(day: DaySpeeds, begins: int, ends: int) -> int:
    """Return how much driving at normal speed fits between two times, rounded downward."""
    if ends <= begins:
        return 0
    if len(day.begins) == 1:
        return ends - begins
    k = _piece(day, begins)
    total, clock = 0.0, float(begins)
    while k + 1 < len(day.begins) and day.begins[k + 1] < ends:
        total += (day.begins[k + 1] - clock) * day.factors[k]
        k += 1
        clock = float(day.begins[k])
    whole: int = math.floor(total + (ends - clock) * day.factors[k] + _TINY)
    return whole


@inlined
def _stretch(world: World, kind: int, clock: int, since_rest: int, needed: int) -> tuple[int, int, int, int]:
    """Return time, driving time since the last rest, driving time in all and rests after a stretch of driving."""
    day, rule, rest = world.day, world.fleet.rule_driving[kind], world.fleet.rule_rest[kind]
    driving, rests = 0, 0
    while needed > 0:
        arrives = arrive(day, clock, needed)
        if rule > 0 and since_rest + arrives - clock > rule:
            until = clock + max(0, rule - since_rest)
            needed -= covered(day, clock, until)
            driving += until - clock
            clock, since_rest, rests = until + rest, 0, rests + 1
            if rests > _MOST_RESTS:
                return FAULT, 0, 0, 0
            continue
        driving += arrives - clock
        since_rest += arrives - clock
        clock, needed = arrives, 0
    return clock, since_rest, driving, rests


@lean_kernel
def go(
    world: World, trial: Trial, clock: int, since_rest: int, needed: int, first: int, beyond: int
) -> tuple[int, int, int, int]:
    """Return what `_stretch` does after a leg on which the breaks ``first <= j < beyond`` of the trial are taken."""
    fleet, kind = world.fleet, trial.kind[0]
    driving, rests = 0, 0
    for j in range(first, beyond):
        b = trial.breaks[j]
        begins = _begin(world, b, clock)
        if begins == FAULT:
            return FAULT, 0, 0, 0
        possible = min(needed, covered(world.day, clock, begins))
        stands, since_rest, drove, rested = _stretch(world, kind, clock, since_rest, possible)
        if stands == FAULT:
            return FAULT, 0, 0, 0
        driving, rests, needed = driving + drove, rests + rested, needed - possible
        begins = max(begins, stands)
        if _begin(world, b, begins) != begins:
            return FAULT, 0, 0, 0
        clock = begins + fleet.break_duration[b]
        if fleet.rule_driving[kind] > 0 and clock - stands >= fleet.rule_rest[kind]:
            since_rest = 0
    clock, since_rest, drove, rested = _stretch(world, kind, clock, since_rest, needed)
    return clock, since_rest, driving + drove, rests + rested


@lean_kernel
def _begin(world: World, b: int, clock: int) -> int:
    """Return when the break can begin, not before ``clock``; or `FAULT`."""
    fleet = world.fleet
    for w in range(fleet.break_windows[b]):
        if clock <= fleet.break_closes[b, w]:
            return int(max(fleet.break_opens[b, w], clock))
    return FAULT
