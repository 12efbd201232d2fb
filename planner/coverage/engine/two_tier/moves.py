"""Compiled state of a choice of points and stations: what covers what, who is linked where, and the moves that change it.

A point is open only with a link; links move along alternating paths when a station is full (Ford & Fulkerson 1956).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.median.dual import FREE, OPEN
from planner.coverage.engine.two_tier.dual import Tiers
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

MOST_FULL = 8
EVERY = 1_000_000_000


class Choice(NamedTuple):
    """Open points and stations, and what follows from them.

    ``at`` (points,) is the station of an open point, -1 for none; ``slots`` lists each station's points from
    ``slot_starts``, ``load`` (stations,) says how many, ``slot_place`` (points,) where. ``hits`` (rows,) counts open points
    in reach, ``row_open`` lists them from the row's ``row_starts``; ``score`` (points,) is the weight that flipping the
    point would win or lose. ``open_list[:counts[0]]`` holds the open points, ``list_place`` (points,) where. ``counts`` is
    ``queue``, ``seen`` and ``via`` (stations,) belong to the search for a link: the stations in the order found, the stamp
    of the search that found one, and the point that would move in.
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
    score: FloatArray
    open_list: IntArray
    list_place: IntArray
    counts: IntArray
    totals: FloatArray
    queue: IntArray
    seen: IntArray
    via: IntArray
    noted: IntArray
    noted_at: IntArray
    note_stamp: IntArray


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
        score,
        np.empty(points, dtype=np.int64),
        np.full(points, -1, dtype=np.int64),
        np.zeros(5, dtype=np.int64),
        np.zeros(3),
        np.empty(stations, dtype=np.int64),
        np.zeros(stations, dtype=np.int64),
        np.full(stations, -1, dtype=np.int64),
        np.empty(points, dtype=np.int64),
        np.empty(points, dtype=np.int64),
        np.zeros(points, dtype=np.int64),
    )


@kernel
def count_hits(tiers: Tiers, weight: FloatArray, choice: Choice, point: int, change: int) -> None:
    """Add ``change`` (1 or -1) to the hits of the point's rows and renew the scores of the other points in their reach.

    A closed point is worth the row when one hit is missing, an open one when none is to spare.
    """
    hits, score, opened, row_open = choice.hits, choice.score, choice.opened, choice.row_open
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
def enter(tiers: Tiers, weight: FloatArray, choice: Choice, point: int) -> None:
    """Open a point (its link is made apart). What it wins is what closing it again would lose."""
    choice.totals[0] += choice.score[point]
    choice.totals[1] += tiers.point_cost[point]
    choice.opened[point] = True
    choice.open_list[choice.counts[0]] = point
    choice.list_place[point] = choice.counts[0]
    choice.counts[0] += 1
    count_hits(tiers, weight, choice, point, 1)


@kernel
def leave(tiers: Tiers, weight: FloatArray, choice: Choice, point: int) -> None:
    """Close a point and give up its link."""
    unlink(choice, point)
    choice.totals[0] -= choice.score[point]
    choice.totals[1] -= tiers.point_cost[point]
    choice.opened[point] = False
    last = choice.open_list[choice.counts[0] - 1]
    choice.open_list[choice.list_place[point]] = last
    choice.list_place[last] = choice.list_place[point]
    choice.counts[0] -= 1
    count_hits(tiers, weight, choice, point, -1)


@kernel
def begin_notes(choice: Choice) -> None:
    """Note from now on what the links were, so that `take_back` can restore them."""
    choice.counts[3] = 0
    choice.counts[4] += 1


@kernel
def note(choice: Choice, point: int) -> None:
    """Note a point's link, the first time that it changes."""
    if choice.note_stamp[point] != choice.counts[4]:
        choice.note_stamp[point] = choice.counts[4]
        choice.noted_at[point] = choice.at[point]
        choice.noted[choice.counts[3]] = point
        choice.counts[3] += 1


@kernel
def take_back(tiers: Tiers, weight: FloatArray, choice: Choice) -> None:
    """Open, close and link the noted points as they were; stations and totals are the caller's."""
    count = choice.counts[3]
    for k in range(count):
        j = choice.noted[k]
        if choice.at[j] == choice.noted_at[j]:
            continue
        if choice.noted_at[j] < 0:
            leave(tiers, weight, choice, j)
        else:
            unlink(choice, j)
    for k in range(count):
        j = choice.noted[k]
        if choice.at[j] == choice.noted_at[j]:
            continue
        if not choice.opened[j]:
            enter(tiers, weight, choice, j)
        link(choice, j, choice.noted_at[j])


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

    With -1, ``queue[:counts[2]]`` holds stations where the leaving of any of its points would make room. The search looks
    beyond at most ``most`` full stations.
    """
    starts, near, stations, seen = tiers.reach_starts, tiers.reach_stations, choice.stations, choice.seen
    slot_starts, slots, load = choice.slot_starts, choice.slots, choice.load
    choice.counts[1] += 1
    stamp, found, done, place, mover = choice.counts[1], 0, -1, 0, point
    while True:
        for q in range(starts[mover], starts[mover + 1]):
            s = near[q]
            if not stations[s] or seen[s] == stamp:
                continue
            seen[s] = stamp
            choice.via[s] = mover
            if load[s] < slot_starts[s + 1] - slot_starts[s]:
                choice.counts[2] = found
                return int(s)
            choice.queue[found] = s
            found += 1
        place += 1
        while done < 0 or place >= slot_starts[choice.queue[done]] + load[choice.queue[done]]:
            done += 1
            if done >= min(found, most):
                choice.counts[2] = found
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
def mark_overlap(tiers: Tiers, weight: FloatArray, choice: Choice, point: int, back: FloatArray, sign: float) -> None:
    """Add to ``back`` (points,), times ``sign``, what each open point's leaving costs less if ``point`` enters for it."""
    for q in range(tiers.point_starts[point], tiers.point_starts[point + 1]):
        i = tiers.point_rows[q]
        beyond = choice.hits[i] - tiers.need[i]
        if beyond != 0 and beyond != -1:
            continue
        change = sign * weight[i] if beyond == 0 else -sign * weight[i]
        for z in range(tiers.row_starts[i], tiers.row_starts[i] + choice.hits[i]):
            back[choice.row_open[z]] += change


@kernel
def best_leaver(tiers: Tiers, choice: Choice, back: FloatArray, over: float, anyone: bool) -> int:
    """Return the open point whose leaving loses least: any, or only those that would make room after `find_room`.

    Only a point that frees ``over`` of the limit counts. (A tuple of arrays is costly to pass, so no call is in the loops.)
    """
    status, cost, score = tiers.point_status, tiers.point_cost, choice.score
    pick, least = -1, np.inf
    if anyone:
        for k in range(choice.counts[0]):
            j = choice.open_list[k]
            if score[j] - back[j] < least and status[j] == FREE and cost[j] >= over:
                pick, least = j, score[j] - back[j]
        return pick
    for k in range(choice.counts[2]):
        s = choice.queue[k]
        for place in range(choice.slot_starts[s], choice.slot_starts[s] + choice.load[s]):
            j = choice.slots[place]
            if score[j] - back[j] < least and status[j] == FREE and cost[j] >= over:
                pick, least = j, score[j] - back[j]
    return pick


@kernel
def try_point(
    tiers: Tiers,
    weight: FloatArray,
    choice: Choice,
    point: int,
    back: FloatArray,
    heat: float,
    random: np.random.Generator,
) -> bool:
    """Open a closed point, for an open one if need be, when that wins or the heat lets it pass; return whether it did.

    ``back`` is zero before and after. Without heat only what wins is done.
    """
    linked = len(tiers.room) > 0
    station = find_room(tiers, choice, point) if linked else 0
    over = choice.totals[1] + tiers.point_cost[point] - tiers.point_limit - 1e-9
    if over <= 0.0 and station >= 0:
        if choice.score[point] <= 0.0:
            return False
        enter(tiers, weight, choice, point)
        if linked:
            move_in(choice, point, station)
        return True
    if station < 0 and choice.counts[2] == 0:
        return False
    mark_overlap(tiers, weight, choice, point, back, 1.0)
    leaver = best_leaver(tiers, choice, back, over, station >= 0)
    change = choice.score[point] - choice.score[leaver] + back[leaver] if leaver >= 0 else -np.inf
    mark_overlap(tiers, weight, choice, point, back, -1.0)
    if leaver >= 0:
        back[leaver] = 0.0
    if leaver < 0 or (change < 0.0 and (heat <= 0.0 or random.random() >= np.exp(change / heat))):
        return False
    if heat <= 0.0 and change <= 1e-9:
        return False
    if not linked:
        leave(tiers, weight, choice, leaver)
        enter(tiers, weight, choice, point)
    elif station >= 0:
        enter(tiers, weight, choice, point)
        move_in(choice, point, station)
        leave(tiers, weight, choice, leaver)
    else:
        station = choice.at[leaver]
        leave(tiers, weight, choice, leaver)
        enter(tiers, weight, choice, point)
        move_in(choice, point, station)
    return True


@kernel
def open_if_possible(tiers: Tiers, weight: FloatArray, choice: Choice, point: int) -> bool:
    """Open a closed point if the limit and the stations have room; return whether they had."""
    if choice.totals[1] + tiers.point_cost[point] > tiers.point_limit + 1e-9:
        return False
    station = find_room(tiers, choice, point) if len(tiers.room) > 0 else 0
    if station < 0:
        return False
    enter(tiers, weight, choice, point)
    if len(tiers.room) > 0:
        move_in(choice, point, station)
    return True


@kernel
def top_up(tiers: Tiers, weight: FloatArray, choice: Choice, tries: int) -> None:
    """Open the point that wins most for its cost as long as one wins, the limit allows it and it can be linked."""
    out = choice.opened.copy()
    for _ in range(tries):
        pick, rate, left = -1, 0.0, tiers.point_limit - choice.totals[1] + 1e-9
        for j in range(len(out)):
            if out[j] or choice.score[j] <= 0.0 or tiers.point_cost[j] > left or tiers.point_status[j] != FREE:
                continue
            now = choice.score[j] / max(tiers.point_cost[j], 1e-9)
            if now > rate:
                pick, rate = j, now
        if pick < 0:
            return
        out[pick] = True
        open_if_possible(tiers, weight, choice, pick)


@kernel
def open_station(tiers: Tiers, choice: Choice, station: int) -> bool:
    """Open a closed station if the limit allows it; return whether it did."""
    if choice.totals[2] + tiers.station_cost[station] > tiers.station_limit + 1e-9:
        return False
    choice.stations[station] = True
    choice.totals[2] += tiers.station_cost[station]
    return True


@kernel
def begin_choice(tiers: Tiers, weight: FloatArray, points: IntArray, stations: IntArray) -> tuple[Choice, int]:
    """Return a choice that opens what is fixed, then stations and points in this order of wish.

    With it comes the last point fixed open that found no link (-1: none).
    """
    choice, homeless = empty_choice(tiers, weight), -1
    for s in range(len(tiers.room)):
        if tiers.station_status[s] == OPEN:
            choice.stations[s] = True
            choice.totals[2] += tiers.station_cost[s]
    for s in stations:
        if tiers.station_status[s] == FREE:
            open_station(tiers, choice, s)
    for j in range(len(tiers.point_cost)):
        if tiers.point_status[j] == OPEN:
            station = find_room(tiers, choice, j, EVERY) if len(tiers.room) > 0 else 0
            if station < 0:
                homeless = j
                continue
            enter(tiers, weight, choice, j)
            if len(tiers.room) > 0:
                move_in(choice, j, station)
    for j in points:
        if tiers.point_status[j] == FREE:
            open_if_possible(tiers, weight, choice, j)
    return choice, homeless


@kernel
def change_station(
    tiers: Tiers,
    weight: FloatArray,
    choice: Choice,
    closing: int,
    opening: int,
    back: FloatArray,
    random: np.random.Generator,
) -> bool:
    """Close a station (-1: none), open another, link its points anew or close them, and fill up; False leaves a mess.

    It fails if the limit forbids it or a point fixed open loses its link.
    """
    if closing >= 0:
        choice.stations[closing] = False
        choice.totals[2] -= tiers.station_cost[closing]
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
                leave(tiers, weight, choice, j)
    for q in range(tiers.station_starts[opening], tiers.station_starts[opening + 1]):
        j = tiers.station_points[q]
        if not choice.opened[j] and tiers.point_status[j] == FREE:
            try_point(tiers, weight, choice, j, back, 0.0, random)
    top_up(tiers, weight, choice, 10)
    return True


@kernel
def near_station(tiers: Tiers, choice: Choice, opening: int, random: np.random.Generator) -> int:
    """Return an open station that may close, if the draw finds one that shares a point with this one; -1 for none."""
    first, last = tiers.station_starts[opening], tiers.station_starts[opening + 1]
    pick, seen = -1, 0
    if first < last:
        j = tiers.station_points[random.integers(first, last)]
        for q in range(tiers.reach_starts[j], tiers.reach_starts[j + 1]):
            s = tiers.reach_stations[q]
            if choice.stations[s] and tiers.station_status[s] == FREE:
                seen += 1
                if random.integers(0, seen) == 0:
                    pick = int(s)
    for _ in range(20):
        if pick >= 0:
            break
        other = random.integers(0, len(tiers.room))
        if choice.stations[other] and tiers.station_status[other] == FREE:
            pick = int(other)
    return pick


@kernel
def wanted_point(tiers: Tiers, choice: Choice, random: np.random.Generator) -> int:
    """Return a point that may open in reach of a row not covered, -1 if ten draws find none."""
    for _ in range(10):
        i = random.integers(0, len(tiers.need))
        if choice.hits[i] < tiers.need[i]:
            j = tiers.row_points[random.integers(tiers.row_starts[i], tiers.row_starts[i + 1])]
            return int(j) if tiers.point_status[j] == FREE else -1
    return -1


@kernel
def become(
    tiers: Tiers, weight: FloatArray, choice: Choice, opened: BoolArray, stations: BoolArray, at: IntArray
) -> None:
    """Change the choice into the one that these arrays tell."""
    for s in range(len(stations)):
        if stations[s] != choice.stations[s]:
            choice.totals[2] += tiers.station_cost[s] if stations[s] else -tiers.station_cost[s]
            choice.stations[s] = stations[s]
    for j in range(len(opened)):
        if choice.opened[j] and not opened[j]:
            leave(tiers, weight, choice, j)
        unlink(choice, j)
    for j in range(len(opened)):
        if opened[j] and not choice.opened[j]:
            enter(tiers, weight, choice, j)
        if at[j] >= 0:
            link(choice, j, at[j])


@kernel
def anneal_tiers(
    tiers: Tiers,
    weight: FloatArray,
    choice: Choice,
    heat: tuple[float, float],
    moves: int,
    shares: tuple[float, float],
    random: np.random.Generator,
) -> Choice:
    """Swap points and stations at falling heat (first, last); return the best choice found.

    ``shares`` are the parts of the moves that change a station, and of the points that are drawn near a row not covered.
    ``choice`` is left as the last one, so that cooling can go on from there.
    """
    station_share, row_share = shares
    before = choice.totals.copy()
    best, best_stations, best_at = choice.opened.copy(), choice.stations.copy(), choice.at.copy()
    most = choice.totals[0]
    free = np.flatnonzero(tiers.point_status == FREE)
    free_stations = np.flatnonzero(tiers.station_status == FREE)
    if len(free) == 0:
        return choice
    back = np.zeros(len(tiers.point_cost))
    cooling = (heat[1] / heat[0]) ** (1.0 / moves)
    now = heat[0]
    for _ in range(moves):
        now *= cooling
        if len(free_stations) > 0 and random.random() < station_share:
            opening = free_stations[random.integers(0, len(free_stations))]
            if choice.stations[opening]:
                continue
            closing = near_station(tiers, choice, opening, random)
            begin_notes(choice)
            before[:] = choice.totals
            done = change_station(tiers, weight, choice, closing, opening, back, random)
            change = choice.totals[0] - before[0]
            if not done or (change < 0.0 and random.random() >= np.exp(change / now)):
                choice.stations[opening] = False
                if closing >= 0:
                    choice.stations[closing] = True
                take_back(tiers, weight, choice)
                choice.totals[:] = before
        else:
            j = wanted_point(tiers, choice, random) if random.random() < row_share else -1
            if j < 0:
                j = free[random.integers(0, len(free))]
            if not choice.opened[j]:
                try_point(tiers, weight, choice, j, back, now, random)
            elif random.random() < 0.1 and random.random() < np.exp(-choice.score[j] / now):
                leave(tiers, weight, choice, j)
        if choice.totals[0] > most + 1e-9:
            most = choice.totals[0]
            best[:], best_stations[:], best_at[:] = choice.opened, choice.stations, choice.at
    found = empty_choice(tiers, weight)
    become(tiers, weight, found, best, best_stations, best_at)
    return found
