"""Compiled state of a choice of points and stations: what covers what, who is linked where, and what changes it.

A point is open only with a link; links move along alternating paths when a station is full (Ford & Fulkerson 1956).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.two_tier.dual import Tiers
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

MOST_FULL = 8
EVERY = 1_000_000_000

# places of ``Choice.counts``: points open, searches for a link so far, stations in the queue, points noted, notings so far
OPEN_POINTS, SEARCHES, QUEUED, NOTED, NOTINGS = range(5)
# places of ``Choice.totals``: weight covered, costs of the open points, costs of the open stations
WORTH, POINT_COST, STATION_COST = range(3)
# rows of ``Choice.notes``
WHO, WAS, WHEN = range(3)


class Choice(NamedTuple):
    """Open points and stations, and what follows from them.

    ``at`` (points,) is the station of an open point, -1 for none; ``slots`` lists each station's points from
    ``slot_starts``, ``load`` (stations,) says how many, ``slot_place`` (points,) where. ``hits`` (rows,) counts open points
    in reach, ``row_open`` lists them from the row's ``row_starts``. ``weight`` (rows,) is what covering a row counts in the
    search, ``score`` (points,) the weight that flipping the point would win or lose. ``open_list`` holds the open points,
    ``list_place`` (points,) where; ``counts`` and ``totals`` are named above.

    ``queue``, ``seen`` and ``via`` (stations,) belong to the search for a link: the stations in the order found, the number
    of the search that found one, and the point that would move in. ``notes`` (3, points): the points whose links changed
    since `begin_notes`, and of each point its link before and when noted. ``back`` (points,) is scratch, else zero.
    """

    opened: BoolArray
    stations: BoolArray
    at: IntArray
    slot_starts: IntArray
    slots: IntArray
    slot_place: IntArray
    load: IntArray
    hits: IntArray
    row_open: SiteArray
    weight: FloatArray
    score: FloatArray
    open_list: IntArray
    list_place: IntArray
    counts: IntArray
    totals: FloatArray
    queue: IntArray
    seen: IntArray
    via: IntArray
    notes: IntArray
    back: FloatArray


@kernel
def empty_choice(tiers: Tiers, weight: FloatArray) -> Choice:
    """Return the choice with nothing open; ``weight`` (rows,) is what covering a row counts in the search."""
    rows, points, stations = len(tiers.need), len(tiers.point_cost), len(tiers.room)
    starts = np.zeros(stations + 1, dtype=np.int64)
    for s in range(stations):
        starts[s + 1] = starts[s] + min(tiers.room[s], tiers.station_starts[s + 1] - tiers.station_starts[s])
    score = np.zeros(points)
    for i in range(rows):
        if tiers.need[i] == 1:
            for q in range(tiers.row_starts[i], tiers.row_starts[i + 1]):
                score[tiers.row_points[q]] += weight[i]
    return Choice(
        np.zeros(points, dtype=np.bool_),
        np.zeros(stations, dtype=np.bool_),
        np.full(points, -1, dtype=np.int64),
        starts,
        np.empty(starts[stations], dtype=np.int64),
        np.full(points, -1, dtype=np.int64),
        np.zeros(stations, dtype=np.int64),
        np.zeros(rows, dtype=np.int64),
        np.empty(len(tiers.row_points), dtype=np.int32),
        weight,
        score,
        np.empty(points, dtype=np.int64),
        np.full(points, -1, dtype=np.int64),
        np.zeros(5, dtype=np.int64),
        np.zeros(3),
        np.empty(stations, dtype=np.int64),
        np.zeros(stations, dtype=np.int64),
        np.full(stations, -1, dtype=np.int64),
        np.zeros((3, points), dtype=np.int64),
        np.zeros(points),
    )


@kernel
def count_hits(tiers: Tiers, choice: Choice, point: int, change: int) -> None:
    """Add ``change`` (1 or -1) to the hits of the point's rows and renew the scores of the other points in their reach.

    A closed point is worth the row when one hit is missing, an open one when none is to spare.
    """
    hits, score, opened, row_open = choice.hits, choice.score, choice.opened, choice.row_open
    weight = choice.weight
    for z in range(tiers.point_starts[point], tiers.point_starts[point + 1]):
        i = tiers.point_rows[z]
        start, before, need = tiers.row_starts[i], hits[i], tiers.need[i]
        after = before + change
        if change > 0:
            row_open[start + before] = point
        else:
            place = start
            while row_open[place] != point:
                place += 1
            row_open[place] = row_open[start + after]
        hits[i] = after
        if after == need - 1 or before == need - 1:
            gain = weight[i] if after == need - 1 else -weight[i]
            for q in range(start, tiers.row_starts[i + 1]):
                other = tiers.row_points[q]
                if not opened[other] and other != point:
                    score[other] += gain
        if after == need or before == need:
            loss = weight[i] if after == need else -weight[i]
            for q in range(start, start + min(before, after)):
                score[row_open[q]] += loss


@kernel
def enter(tiers: Tiers, choice: Choice, point: int) -> None:
    """Open a point (its link is made apart). What it wins is what closing it again would lose."""
    choice.totals[WORTH] += choice.score[point]
    choice.totals[POINT_COST] += tiers.point_cost[point]
    choice.opened[point] = True
    choice.open_list[choice.counts[OPEN_POINTS]] = point
    choice.list_place[point] = choice.counts[OPEN_POINTS]
    choice.counts[OPEN_POINTS] += 1
    count_hits(tiers, choice, point, 1)


@kernel
def leave(tiers: Tiers, choice: Choice, point: int) -> None:
    """Close a point and give up its link."""
    unlink(choice, point)
    choice.totals[WORTH] -= choice.score[point]
    choice.totals[POINT_COST] -= tiers.point_cost[point]
    choice.opened[point] = False
    last = choice.open_list[choice.counts[OPEN_POINTS] - 1]
    choice.open_list[choice.list_place[point]] = last
    choice.list_place[last] = choice.list_place[point]
    choice.counts[OPEN_POINTS] -= 1
    count_hits(tiers, choice, point, -1)


@kernel
def begin_notes(choice: Choice) -> None:
    """Note from now on what the links were, so that `take_back` can restore them."""
    choice.counts[NOTED] = 0
    choice.counts[NOTINGS] += 1


@kernel
def note(choice: Choice, point: int) -> None:
    """Note a point's link, the first time that it changes."""
    if choice.notes[WHEN, point] != choice.counts[NOTINGS]:
        choice.notes[WHEN, point] = choice.counts[NOTINGS]
        choice.notes[WAS, point] = choice.at[point]
        choice.notes[WHO, choice.counts[NOTED]] = point
        choice.counts[NOTED] += 1


@kernel
def take_back(tiers: Tiers, choice: Choice) -> None:
    """Open, close and link the noted points as they were; stations and totals are the caller's."""
    count = choice.counts[NOTED]
    for k in range(count):
        j = choice.notes[WHO, k]
        if choice.at[j] == choice.notes[WAS, j]:
            continue
        if choice.notes[WAS, j] < 0:
            leave(tiers, choice, j)
        else:
            unlink(choice, j)
    for k in range(count):
        j = choice.notes[WHO, k]
        if choice.at[j] == choice.notes[WAS, j]:
            continue
        if not choice.opened[j]:
            enter(tiers, choice, j)
        link(choice, j, choice.notes[WAS, j])


@kernel
def link(choice: Choice, point: int, station: int) -> None:
    """Link a point that has no link to a station with room."""
    note(choice, point)
    place = choice.slot_starts[station] + choice.load[station]
    choice.slots[place] = point
    choice.slot_place[point] = place
    choice.load[station] += 1
    choice.at[point] = station


@kernel
def unlink(choice: Choice, point: int) -> None:
    """Take a point's link away, if it has one."""
    station = choice.at[point]
    if station < 0:
        return
    note(choice, point)
    choice.load[station] -= 1
    last = choice.slots[choice.slot_starts[station] + choice.load[station]]
    choice.slots[choice.slot_place[point]] = last
    choice.slot_place[last] = choice.slot_place[point]
    choice.at[point] = -1


@kernel
def find_room(tiers: Tiers, choice: Choice, point: int, most: int = MOST_FULL) -> int:
    """Return an open station with room that the point reaches, straight or by moving others on; -1 if there is none.

    With -1, ``queue`` holds stations where the leaving of any of its points would make room. The search looks beyond at
    most ``most`` full stations.
    """
    starts, near, stations, seen = tiers.reach_starts, tiers.reach_stations, choice.stations, choice.seen
    slot_starts, slots, load = choice.slot_starts, choice.slots, choice.load
    choice.counts[SEARCHES] += 1
    stamp, found, done, place, mover = choice.counts[SEARCHES], 0, -1, 0, point
    while True:
        for q in range(starts[mover], starts[mover + 1]):
            s = near[q]
            if not stations[s] or seen[s] == stamp:
                continue
            seen[s] = stamp
            choice.via[s] = mover
            if load[s] < slot_starts[s + 1] - slot_starts[s]:
                choice.counts[QUEUED] = found
                return int(s)
            choice.queue[found] = s
            found += 1
        place += 1
        while done < 0 or place >= slot_starts[choice.queue[done]] + load[choice.queue[done]]:
            done += 1
            if done >= min(found, most):
                choice.counts[QUEUED] = found
                return -1
            place = slot_starts[choice.queue[done]]
        mover = slots[place]


@kernel
def move_in(choice: Choice, point: int, station: int) -> None:
    """Link the point along the path that `find_room` found to a station that has room now."""
    mover = choice.via[station]
    while mover != point:
        before = choice.at[mover]
        unlink(choice, mover)
        link(choice, mover, station)
        station = before
        mover = choice.via[station]
    link(choice, point, station)


@kernel
def become(tiers: Tiers, choice: Choice, opened: BoolArray, stations: BoolArray, at: IntArray) -> None:
    """Change the choice into the one that these arrays tell."""
    for s in range(len(stations)):
        if stations[s] != choice.stations[s]:
            choice.totals[STATION_COST] += tiers.station_cost[s] if stations[s] else -tiers.station_cost[s]
            choice.stations[s] = stations[s]
    for j in range(len(opened)):
        if choice.opened[j] and not opened[j]:
            leave(tiers, choice, j)
        unlink(choice, j)
    for j in range(len(opened)):
        if opened[j] and not choice.opened[j]:
            enter(tiers, choice, j)
        if at[j] >= 0:
            link(choice, j, at[j])
