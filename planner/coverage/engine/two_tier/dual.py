"""Compiled Lagrangian bound for points and stations together: price of each row's service and of each point's link.

Maximise ``sum_i w_i z_i`` where ``k_i z_i <= sum of y_j in reach of i``, ``y_j <= sum_s x_js``, ``x_js <= o_s``,
``sum_j x_js <= room_s o_s``, ``sum_j c_j y_j`` and ``sum_s d_s o_s`` within their limits, all 0 or 1. Prices ``u_ij >= 0``
for a point serving a row and ``v_j >= 0`` for linking a point leave three easy parts: each row takes its ``k_i`` cheapest
points if they cost less than its weight, the points and the stations are knapsacks (Fisher 1981; splitting ``u`` by pair
keeps a row from counting as half served: Guignard & Kim 1987).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.pace import FALL_BACK, FLAT, STOP, best_so_far, deflected, set_out, stride, what_next
from planner.coverage.engine.status import FREE, OPEN, StatusArray
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray


class Tiers(NamedTuple):
    """Rows (demand), points and stations, compressed both ways.

    ``row_points`` are the points in reach of a row, ``point_rows`` the reverse; ``need`` (rows,) says how many must be open,
    ``must`` that they have to. ``reach_stations`` are the stations in reach of a point, ``station_points`` the reverse,
    ``room`` (stations,) how many points one takes: with no stations at all, points need no link. ``point_limit`` and
    ``station_limit`` bound the sums of the costs.
    """

    row_starts: IntArray
    row_points: SiteArray
    point_starts: IntArray
    point_rows: SiteArray
    weight: FloatArray
    need: IntArray
    must: BoolArray
    reach_starts: IntArray
    reach_stations: SiteArray
    station_starts: IntArray
    station_points: SiteArray
    room: IntArray
    point_cost: FloatArray
    point_status: StatusArray
    point_limit: float
    station_cost: FloatArray
    station_status: StatusArray
    station_limit: float


class Prices(NamedTuple):
    """Multipliers: ``u`` (rows,) a row's price, ``extra`` (pairs,) a pair's difference from it, ``v`` (points,) a link's."""

    u: FloatArray
    extra: FloatArray
    v: FloatArray


class Descent(NamedTuple):
    """What a descent carries on: the best prices, the direction, and running means of the chosen points and stations.

    ``pace`` is by `new_pace`, for the negated bound.
    """

    prices: Prices
    direction: Prices
    often: FloatArray
    often_stations: FloatArray
    pace: Any


@kernel
def fill(
    worth: FloatArray, cost: FloatArray, status: StatusArray, limit: float, share: FloatArray, order: IntArray
) -> float:
    """Write which part of each item a knapsack with fractions takes, the fixed ones first; return the worth."""
    total, left = 0.0, limit
    count = 0
    rate = np.empty(len(worth))
    for j in range(len(worth)):
        share[j] = 0.0
        if status[j] == OPEN:
            share[j] = 1.0
            total += worth[j]
            left -= cost[j]
        elif status[j] == FREE and worth[j] > 0.0:
            if cost[j] <= 0.0:
                share[j] = 1.0
                total += worth[j]
                continue
            order[count] = j
            rate[count] = -worth[j] / cost[j]
            count += 1
    if left <= 0.0:
        return total
    for k in np.argsort(rate[:count], kind="mergesort"):
        j = order[k]
        if cost[j] >= left:
            share[j] = left / cost[j]
            return float(total + share[j] * worth[j])
        share[j] = 1.0
        total += worth[j]
        left -= cost[j]
    return total


@kernel
def top(values: FloatArray, count: int, size: int) -> float:
    """Sort the ``size`` largest of ``values[:count]`` to its front, largest first; return their sum."""
    total = 0.0
    for a in range(min(size, count)):
        pick = a
        for b in range(a + 1, count):
            if values[b] > values[pick]:
                pick = b
        values[a], values[pick] = values[pick], values[a]
        total += values[a]
    return total


@kernel
def station_worths(tiers: Tiers, v: FloatArray, worth: FloatArray, last: FloatArray) -> None:
    """Write what each station's dearest points, as many as it has room for, are worth, and the price of the last."""
    scratch = np.empty(len(v) + 1)
    for s in range(len(worth)):
        count = 0
        for q in range(tiers.station_starts[s], tiers.station_starts[s + 1]):
            price = v[tiers.station_points[q]]
            if price > 0.0:
                scratch[count] = price
                count += 1
        size = min(tiers.room[s], count)
        worth[s] = top(scratch, count, size)
        last[s] = scratch[size - 1] if size > 0 else np.inf


@kernel
def supply_points(tiers: Tiers, v: FloatArray, share: FloatArray, last: FloatArray, supply: FloatArray) -> None:
    """Write how often the chosen stations link each point: their dearest ones."""
    supply[:] = 0.0
    for s in range(len(share)):
        if share[s] <= 0.0:
            continue
        left = tiers.room[s]
        for strict in (True, False):
            for q in range(tiers.station_starts[s], tiers.station_starts[s + 1]):
                j = tiers.station_points[q]
                wanted = v[j] > last[s] if strict else v[j] == last[s]
                if wanted and left > 0 and v[j] > 0.0:
                    supply[j] += share[s]
                    left -= 1


@kernel
def cheapest(extra: FloatArray, first: int, last: int, picks: IntArray, need: int) -> float:
    """Write the ``need`` cheapest of these pairs into ``picks``; return the sum of what they differ from their row."""
    total = 0.0
    for a in range(need):
        least, pick = np.inf, -1
        for q in range(first, last):
            if extra[q] < least:
                taken = False
                for b in range(a):
                    taken = taken or picks[b] == q
                if not taken:
                    least, pick = extra[q], q
        picks[a] = pick
        total += least
    return total


@kernel
def point_worths(tiers: Tiers, prices: Prices, worth: FloatArray) -> None:
    """Write what each point earns from the rows it serves, less the price of its link."""
    worth[:] = -prices.v
    for i in range(len(prices.u)):
        for q in range(tiers.row_starts[i], tiers.row_starts[i + 1]):
            worth[tiers.row_points[q]] += prices.u[i] + prices.extra[q]


@kernel
def slopes(
    tiers: Tiers, prices: Prices, share: FloatArray, supply: FloatArray, apart: bool, slope: Prices, picks: IntArray
) -> float:
    """Write the slope of the bound in each price; return the rows' part of the bound.

    ``apart`` lets the prices of a row's points differ, for rows that need more than one.
    """
    total = 0.0
    slope.extra[:] = 0.0
    for i in range(len(prices.u)):
        first, last, need = tiers.row_starts[i], tiers.row_starts[i + 1], tiers.need[i]
        gain = tiers.weight[i] - need * prices.u[i]
        if need > 1:
            gain -= cheapest(prices.extra, first, last, picks, need)
        taken = tiers.must[i] or gain > 0.0
        served = 0.0
        for q in range(first, last):
            served += share[tiers.row_points[q]]
            if apart and need > 1:
                slope.extra[q] = share[tiers.row_points[q]]
        if taken:
            total += gain
            served -= need
            if apart and need > 1:
                for a in range(need):
                    slope.extra[picks[a]] -= 1.0
        slope.u[i] = served
    slope.v[:] = supply - share
    return total


@kernel
def turn(pace: Any, price: FloatArray, slope: FloatArray, direction: FloatArray, floor: float) -> float:
    """Blend the slope into the direction; return its squared length, not counting what the floor forbids.

    Steps go against the direction: a price at its floor forbids what is positive.
    """
    memory, norm = pace.memory, 0.0
    for i in range(len(price)):
        direction[i] = deflected(memory, slope[i], direction[i], False, price[i] <= floor)
        norm += direction[i] * direction[i]
    return norm


@kernel
def step_down(tiers: Tiers, prices: Prices, direction: Prices, size: float, apart: bool) -> None:
    """Step against the direction; no price of a pair and none of a link falls below 0."""
    for i in range(len(prices.u)):
        prices.u[i] = max(0.0, prices.u[i] - size * direction.u[i])
        if apart and tiers.need[i] > 1:
            for q in range(tiers.row_starts[i], tiers.row_starts[i + 1]):
                prices.extra[q] = max(-prices.u[i], prices.extra[q] - size * direction.extra[q])
    for j in range(len(prices.v)):
        prices.v[j] = max(0.0, prices.v[j] - size * direction.v[j])


@kernel
def copy_prices(source: Prices, target: Prices) -> None:
    """Write the source's prices into the target."""
    target.u[:] = source.u
    target.extra[:] = source.extra
    target.v[:] = source.v


@kernel
def descend(tiers: Tiers, state: Descent, iterations: int, apart: bool) -> float:
    """Lower the bound by deflected subgradient steps from ``state.prices``; return the best, leaving its prices there."""
    pace, toward = state.pace, state.direction
    points, stations = len(tiers.point_cost), len(tiers.room)
    prices = Prices(state.prices.u.copy(), state.prices.extra.copy(), state.prices.v.copy())
    slope = Prices(np.zeros(len(prices.u)), np.zeros(len(prices.extra)), np.zeros(points))
    worth, share, order = np.empty(points), np.empty(points), np.empty(points, dtype=np.int64)
    worth_s, share_s, last_s = np.empty(stations), np.empty(stations), np.empty(stations)
    order_s, supply = np.empty(stations, dtype=np.int64), np.zeros(points)
    picks = np.empty(max(1, tiers.need.max()), dtype=np.int64)
    set_out(pace)
    for _ in range(iterations):
        point_worths(tiers, prices, worth)
        current = fill(worth, tiers.point_cost, tiers.point_status, tiers.point_limit, share, order)
        if stations > 0:
            station_worths(tiers, prices.v, worth_s, last_s)
            current += fill(worth_s, tiers.station_cost, tiers.station_status, tiers.station_limit, share_s, order_s)
            supply_points(tiers, prices.v, share_s, last_s, supply)
        else:
            supply[:] = share
        current += slopes(tiers, prices, share, supply, apart, slope, picks)
        state.often[:] = 0.95 * state.often + 0.05 * share
        state.often_stations[:] = 0.95 * state.often_stations + 0.05 * share_s
        if best_so_far(pace, -current):
            copy_prices(prices, state.prices)
        following = what_next(pace)
        if following == STOP:
            break
        if following == FALL_BACK:
            copy_prices(state.prices, prices)
            toward.u[:], toward.extra[:], toward.v[:] = 0.0, 0.0, 0.0
            continue
        norm = turn(pace, prices.u, slope.u, toward.u, 0.0) + turn(pace, prices.v, slope.v, toward.v, 0.0)
        if apart:
            norm += turn(pace, prices.extra, slope.extra, toward.extra, -np.inf)
        if norm < FLAT:
            pace.factor = 0.0  # no step left: the caller need not come again
            break
        step_down(tiers, prices, toward, stride(pace, -current, norm), apart)
    return -float(pace.bound)
