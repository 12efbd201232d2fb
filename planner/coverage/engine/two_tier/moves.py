"""Compiled moves of a choice of points and stations: swap a point for another, open a station for another, fill up."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.acceptance import accepts
from planner.coverage.engine.status import FREE, OPEN
from planner.coverage.engine.two_tier.choice import (
    EVERY,
    MOST_FULL,
    OPEN_POINTS,
    POINT_COST,
    QUEUED,
    STATION_COST,
    Choice,
    empty_choice,
    enter,
    find_room,
    leave,
    move_in,
    unlink,
)
from planner.coverage.engine.two_tier.dual import Tiers
from planner.kernels import kernel
from planner.units import FloatArray, IntArray


@kernel
def mark_overlap(tiers: Tiers, choice: Choice, point: int, sign: float) -> None:
    """Add to ``choice.back``, times ``sign``, what each open point's leaving costs less if ``point`` enters for it."""
    for q in range(tiers.point_starts[point], tiers.point_starts[point + 1]):
        i = tiers.point_rows[q]
        beyond = choice.hits[i] - tiers.need[i]
        if beyond != 0 and beyond != -1:
            continue
        change = sign * choice.weight[i] if beyond == 0 else -sign * choice.weight[i]
        for z in range(tiers.row_starts[i], tiers.row_starts[i] + choice.hits[i]):
            choice.back[choice.row_open[z]] += change


@kernel
def best_leaver(tiers: Tiers, choice: Choice, over: float, anyone: bool) -> int:
    """Return the open point whose leaving loses least: any, or only those that would make room after `find_room`.

    Only a point that frees ``over`` of the limit counts. (A tuple of arrays is costly to pass, so no call is in the loops.)
    """
    status, cost, score, back = tiers.point_status, tiers.point_cost, choice.score, choice.back
    pick, least = -1, np.inf
    if anyone:
        for k in range(choice.counts[OPEN_POINTS]):
            j = choice.open_list[k]
            if score[j] - back[j] < least and status[j] == FREE and cost[j] >= over:
                pick, least = j, score[j] - back[j]
        return pick
    for k in range(choice.counts[QUEUED]):
        s = choice.queue[k]
        for place in range(choice.slot_starts[s], choice.slot_starts[s] + choice.load[s]):
            j = choice.slots[place]
            if score[j] - back[j] < least and status[j] == FREE and cost[j] >= over:
                pick, least = j, score[j] - back[j]
    return pick


@kernel
def try_point(tiers: Tiers, choice: Choice, point: int, temperature: float, random: np.random.Generator) -> bool:
    """Open a closed point, for an open one if need be, when that is accepted; return whether it was.

    At temperature 0 only what wins is done.
    """
    linked = len(tiers.room) > 0
    station = find_room(tiers, choice, point) if linked else 0
    over = choice.totals[POINT_COST] + tiers.point_cost[point] - tiers.point_limit - 1e-9
    if over <= 0.0 and station >= 0:
        if choice.score[point] <= 0.0:
            return False
        enter(tiers, choice, point)
        if linked:
            move_in(choice, point, station)
        return True
    if station < 0 and choice.counts[QUEUED] == 0:
        return False
    mark_overlap(tiers, choice, point, 1.0)
    leaver = best_leaver(tiers, choice, over, station >= 0)
    change = choice.score[point] - choice.score[leaver] + choice.back[leaver] if leaver >= 0 else -np.inf
    mark_overlap(tiers, choice, point, -1.0)
    if leaver >= 0:
        choice.back[leaver] = 0.0
    if leaver < 0 or not accepts(change, temperature, random):
        return False
    if temperature <= 0.0 and change <= 1e-9:
        return False
    if not linked:
        leave(tiers, choice, leaver)
        enter(tiers, choice, point)
    elif station >= 0:
        enter(tiers, choice, point)
        move_in(choice, point, station)
        leave(tiers, choice, leaver)
    else:
        station = choice.at[leaver]
        leave(tiers, choice, leaver)
        enter(tiers, choice, point)
        move_in(choice, point, station)
    return True


@kernel
def open_linked(tiers: Tiers, choice: Choice, point: int, most: int) -> bool:
    """Open a closed point if a station has room, looking beyond ``most`` full ones; return whether one had."""
    station = find_room(tiers, choice, point, most) if len(tiers.room) > 0 else 0
    if station < 0:
        return False
    enter(tiers, choice, point)
    if len(tiers.room) > 0:
        move_in(choice, point, station)
    return True


@kernel
def open_if_possible(tiers: Tiers, choice: Choice, point: int) -> bool:
    """Open a closed point if the limit and the stations have room; return whether they had."""
    within = choice.totals[POINT_COST] + tiers.point_cost[point] <= tiers.point_limit + 1e-9
    return bool(within and open_linked(tiers, choice, point, MOST_FULL))


@kernel
def top_up(tiers: Tiers, choice: Choice, tries: int) -> None:
    """Open the point that wins most for its cost as long as one wins, the limit allows it and it can be linked."""
    out = choice.opened.copy()
    for _ in range(tries):
        pick, rate, left = -1, 0.0, tiers.point_limit - choice.totals[POINT_COST] + 1e-9
        for j in range(len(out)):
            if out[j] or choice.score[j] <= 0.0 or tiers.point_cost[j] > left or tiers.point_status[j] != FREE:
                continue
            now = choice.score[j] / max(tiers.point_cost[j], 1e-9)
            if now > rate:
                pick, rate = j, now
        if pick < 0:
            return
        out[pick] = True
        open_if_possible(tiers, choice, pick)


@kernel
def open_station(tiers: Tiers, choice: Choice, station: int) -> bool:
    """Open a closed station if the limit allows it; return whether it did."""
    if choice.totals[STATION_COST] + tiers.station_cost[station] > tiers.station_limit + 1e-9:
        return False
    choice.stations[station] = True
    choice.totals[STATION_COST] += tiers.station_cost[station]
    return True


@kernel
def begin_choice(tiers: Tiers, weight: FloatArray, points: IntArray, stations: IntArray) -> tuple[Choice, int]:
    """Return a choice that opens what is fixed, then stations and points in this order of wish.

    With it comes the last point fixed open that found no link (-1: none).
    """
    choice, unlinked = empty_choice(tiers, weight), -1
    for s in range(len(tiers.room)):
        if tiers.station_status[s] == OPEN:
            choice.stations[s] = True
            choice.totals[STATION_COST] += tiers.station_cost[s]
    for s in stations:
        if tiers.station_status[s] == FREE:
            open_station(tiers, choice, s)
    for j in range(len(tiers.point_cost)):
        if tiers.point_status[j] == OPEN and not open_linked(tiers, choice, j, EVERY):
            unlinked = j
    for j in points:
        if tiers.point_status[j] == FREE:
            open_if_possible(tiers, choice, j)
    return choice, unlinked


@kernel
def change_station(
    tiers: Tiers,
    choice: Choice,
    closing: int,
    opening: int,
    random: np.random.Generator,
) -> bool:
    """Close a station (-1: none), open another, link its points anew or close them, and fill up; False leaves a mess.

    It fails if the limit forbids it or a point fixed open loses its link.
    """
    if closing >= 0:
        choice.stations[closing] = False
        choice.totals[STATION_COST] -= tiers.station_cost[closing]
    if not open_station(tiers, choice, opening):
        return False
    if closing >= 0:
        start = choice.slot_starts[closing]
        moved = choice.slots[start : start + choice.load[closing]].copy()
        for j in moved:
            unlink(choice, j)
        for j in moved:
            station = find_room(tiers, choice, j, EVERY if tiers.point_status[j] == OPEN else MOST_FULL)
            if station >= 0:
                move_in(choice, j, station)
            elif tiers.point_status[j] == OPEN:
                return False
            else:
                leave(tiers, choice, j)
    for q in range(tiers.station_starts[opening], tiers.station_starts[opening + 1]):
        j = tiers.station_points[q]
        if not choice.opened[j] and tiers.point_status[j] == FREE:
            try_point(tiers, choice, j, 0.0, random)
    top_up(tiers, choice, 10)
    return True
