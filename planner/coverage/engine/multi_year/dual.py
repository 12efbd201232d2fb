"""Compiled Lagrangian dual of covering over years: exact prices of the limits, subgradient on the rows.

Relaxing ``z_it <= open sites`` with ``u_it >= 0``, the limits with prices and the targets with ``factor_t - base >= 0``
leaves each site its best opening year and each row its own choice; the sum is an upper bound for any such multipliers
(Galvao & ReVelle 1996, A Lagrangean heuristic for the maximal covering location problem). A price is set exactly: the
bound is convex and piecewise linear in it, with one breakpoint a site.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.coverage.engine.multi_year.world import Phases
from planner.coverage.engine.pace import FALL_BACK, FLAT, STOP, best_so_far, deflected, set_out, stride, what_next
from planner.kernels import kernel
from planner.units import FloatArray, IntArray

_HUGE = 1e300


class YearDual(NamedTuple):
    """What a descent carries on.

    ``u`` (rows, years) and ``price`` (limits,) are the best so far; ``factor`` (years,) is what a covered unit of weight
    counts, ``base`` (1 for the objective, 0 to look at the targets alone) plus the multiplier of the year's target.
    ``direction`` (rows, years). ``pace`` is by `new_pace`, for the negated bound.
    """

    u: FloatArray
    price: FloatArray
    factor: FloatArray
    direction: FloatArray
    base: float
    pace: Any


@kernel
def site_gains(phases: Phases, u: FloatArray, gain: FloatArray) -> None:
    """Write ``gain`` (sites, years): the multipliers that a site collects if it opens in a year."""
    years = u.shape[1]
    for j in range(len(gain)):
        for t in range(years):
            gain[j, t] = 0.0
        for q in range(phases.column_starts[j], phases.column_starts[j + 1]):
            i = phases.column_rows[q]
            for t in range(years):
                gain[j, t] += u[i, t]
        for t in range(years - 2, -1, -1):
            gain[j, t] += gain[j, t + 1]


@kernel
def charge(phases: Phases, price: FloatArray, net: FloatArray) -> None:
    """Take the price of every limit off what sites earn: ``net`` (sites, years) changes."""
    for limit in range(len(price)):
        if price[limit] != 0.0:
            recharge(phases, limit, price[limit], net)


@kernel
def recharge(phases: Phases, limit: int, change: float, net: FloatArray) -> None:
    """Raise one limit's price by ``change``."""
    for j in range(len(net)):
        for t in range(phases.first[limit], phases.last[limit] + 1):
            net[j, t] -= change * phases.spend[limit, j]


@kernel
def best_price(phases: Phases, limit: int, price: float, net: FloatArray, threshold: FloatArray) -> float:
    """Return the price of one limit at which the bound is least, the others as they are (``net`` includes ``price``)."""
    first, last = phases.first[limit], phases.last[limit]
    count, wanted = 0, 0.0
    sites = np.empty(len(net), dtype=np.int64)
    for j in range(len(net)):
        spend = phases.spend[limit, j]
        if spend <= 0.0:
            continue
        inside, outside = -_HUGE, 0.0
        for t in range(net.shape[1]):
            if first <= t <= last:
                inside = max(inside, net[j, t] + price * spend)
            else:
                outside = max(outside, net[j, t])
        if inside > outside:
            threshold[count] = (inside - outside) / spend
            sites[count] = j
            wanted += spend
            count += 1
    if wanted <= phases.room[limit]:
        return 0.0
    used = 0.0
    for k in np.argsort(-threshold[:count]):
        used += phases.spend[limit, sites[k]]
        if used > phases.room[limit]:
            return float(threshold[k])
    return 0.0


@kernel
def pick_years(net: FloatArray, year: IntArray) -> float:
    """Write each site's best year, or the number of years if none pays; return what they earn."""
    total, years = 0.0, net.shape[1]
    for j in range(len(net)):
        best = 0.0
        year[j] = years
        for t in range(years):
            if net[j, t] > best:
                best = net[j, t]
                year[j] = t
        total += best
    return total


@kernel
def row_part(phases: Phases, u: FloatArray, factor: FloatArray, slope: FloatArray) -> float:
    """Return what rows earn by choosing to be covered (required ones must) and write that choice into ``slope``."""
    total = 0.0
    for i in range(len(u)):
        for t in range(u.shape[1]):
            profit = phases.weights[i, t] * factor[t] - u[i, t]
            chosen = profit > 0.0 or t >= phases.required_from[i]
            slope[i, t] = 1.0 if chosen else 0.0
            if chosen:
                total += profit
    return total


@kernel
def count_covers(phases: Phases, year: IntArray, slope: FloatArray) -> None:
    """Take off ``slope`` how many of the picked sites cover each row in each year."""
    years = slope.shape[1]
    for j in range(len(year)):
        if year[j] < years:
            for q in range(phases.column_starts[j], phases.column_starts[j + 1]):
                i = phases.column_rows[q]
                for t in range(year[j], years):
                    slope[i, t] -= 1.0


@kernel
def deflect_years(phases: Phases, state: YearDual, u: FloatArray, slope: FloatArray) -> float:
    """Blend the slope into the direction; return its squared length, not counting what the limits of ``u`` forbid."""
    direction, memory, norm = state.direction, state.pace.memory, 0.0
    for i in range(len(u)):
        for t in range(u.shape[1]):
            capped = t < phases.required_from[i] and u[i, t] >= phases.weights[i, t] * state.factor[t]
            direction[i, t] = deflected(memory, slope[i, t], direction[i, t], u[i, t] <= 0.0, capped)
            norm += direction[i, t] * direction[i, t]
    return norm


@kernel
def step_years(phases: Phases, u: FloatArray, factor: FloatArray, direction: FloatArray, step: float) -> None:
    """Step along the direction; ``u`` stays at least 0 and, unless the row is required, at most what covering it counts."""
    for i in range(len(u)):
        for t in range(u.shape[1]):
            moved = max(u[i, t] + step * direction[i, t], 0.0)
            if t < phases.required_from[i]:
                moved = min(moved, phases.weights[i, t] * factor[t])
            u[i, t] = moved


@kernel
def descend(phases: Phases, state: YearDual, iterations: int) -> float:
    """Lower the bound by deflected subgradient steps; return the least, leaving its multipliers in ``state``."""
    pace, sites = state.pace, phases.spend.shape[1]
    u, price = state.u.copy(), state.price.copy()
    slope, net = np.empty_like(u), np.empty((sites, u.shape[1]))
    year, threshold = np.empty(sites, dtype=np.int64), np.empty(sites)
    constant = 0.0
    for t in range(u.shape[1]):
        constant -= (state.factor[t] - state.base) * phases.target[t]
    set_out(pace)
    for turn in range(iterations):
        site_gains(phases, u, net)
        charge(phases, price, net)
        for _ in range(3 if turn == 0 else 1):
            for limit in range(len(price)):
                now = best_price(phases, limit, price[limit], net, threshold)
                recharge(phases, limit, now - price[limit], net)
                price[limit] = now
        current = constant + pick_years(net, year) + row_part(phases, u, state.factor, slope)
        for limit in range(len(price)):
            current += price[limit] * phases.room[limit]
        if best_so_far(pace, -current):
            state.u[:] = u
            state.price[:] = price
        following = what_next(pace)
        if following == STOP:
            break
        if following == FALL_BACK:
            u[:] = state.u
            price[:] = state.price
            state.direction[:] = 0.0
            continue
        count_covers(phases, year, slope)
        norm = deflect_years(phases, state, u, slope)
        if norm < FLAT:
            break
        step_years(phases, u, state.factor, state.direction, stride(pace, -current, norm))
    return -float(pace.bound)
