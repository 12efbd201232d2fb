"""Compiled primal search: a greedy start and the swap of one open site for a closed one (Resende & Werneck 2007)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.acceptance import Heat, accepts, cooling
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import FREE, OPEN, StatusArray
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray


class Nearest(NamedTuple):
    """Each row's cheapest and second cheapest open site (-1: none) and their costs (``forgone`` if none)."""

    first: SiteArray
    second: SiteArray
    cost: FloatArray
    spare: FloatArray


@kernel
def look_up(served: Served, opened: BoolArray, i: int, nearest: Nearest) -> None:
    """Fill row ``i`` of ``nearest`` from its sorted list."""
    nearest.first[i] = nearest.second[i] = -1
    nearest.cost[i] = nearest.spare[i] = served.forgone[i]
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        if opened[served.row_sites[q]]:
            if nearest.first[i] < 0:
                nearest.first[i], nearest.cost[i] = served.row_sites[q], served.row_costs[q]
            else:
                nearest.second[i], nearest.spare[i] = served.row_sites[q], served.row_costs[q]
                break


@kernel
def fill_greedily(served: Served, status: StatusArray, p: int, opened: BoolArray) -> None:
    """Open the site that saves most until ``p`` are open; what an unserved row costs counts at most its ``cap`` twice."""
    sites = len(status)
    cost = np.minimum(served.forgone, 2.0 * served.cap + 1.0)
    saving = np.zeros(sites)
    for j in range(sites):
        for q in range(served.column_starts[j], served.column_starts[j + 1]):
            saving[j] += max(0.0, cost[served.column_rows[q]] - served.column_costs[q])
    for _ in range(p):
        pick = -1
        for j in range(sites):
            if opened[j] or status[j] < FREE:
                continue
            if status[j] == OPEN:
                pick = j
                break
            if pick < 0 or saving[j] > saving[pick]:
                pick = j
        if pick < 0:
            return
        opened[pick] = True
        for q in range(served.column_starts[pick], served.column_starts[pick + 1]):
            i, now = served.column_rows[q], served.column_costs[q]
            if now >= cost[i]:
                continue
            for z in range(served.row_starts[i], served.row_starts[i + 1]):
                if served.row_costs[z] >= cost[i]:
                    break
                saving[served.row_sites[z]] -= cost[i] - max(served.row_costs[z], now)
            cost[i] = now


@kernel
def closing_losses(nearest: Nearest, loss: FloatArray) -> None:
    """Write what closing each open site would cost."""
    loss[:] = 0.0
    for i in range(len(nearest.cost)):
        if nearest.first[i] >= 0:
            loss[nearest.first[i]] += nearest.spare[i] - nearest.cost[i]


@kernel
def best_partner(
    served: Served, site: int, nearest: Nearest, loss: FloatArray, back: FloatArray, open_sites: SiteArray
) -> tuple[float, int]:
    """Return what opening ``site`` and closing the best open one saves, and that one; ``back`` is zero before and after."""
    gain = 0.0
    for q in range(served.column_starts[site], served.column_starts[site + 1]):
        i, cost = served.column_rows[q], served.column_costs[q]
        if cost >= nearest.spare[i]:
            continue
        if cost < nearest.cost[i]:
            gain += nearest.cost[i] - cost
            if nearest.first[i] >= 0:
                back[nearest.first[i]] += nearest.spare[i] - nearest.cost[i]
        else:
            back[nearest.first[i]] += nearest.spare[i] - cost
    least, partner = np.inf, -1
    for k in range(len(open_sites)):
        r = open_sites[k]
        if loss[r] - back[r] < least:
            least, partner = loss[r] - back[r], r
    for q in range(served.column_starts[site], served.column_starts[site + 1]):
        i = served.column_rows[q]
        if nearest.first[i] >= 0:
            back[nearest.first[i]] = 0.0
    return gain - least, partner


@kernel
def swap(served: Served, enter: int, leave: int, opened: BoolArray, nearest: Nearest, loss: FloatArray) -> None:
    """Open ``enter``, close ``leave``, and renew the rows and losses that either touches."""
    opened[enter], opened[leave] = True, False
    for site in (enter, leave):
        for q in range(served.column_starts[site], served.column_starts[site + 1]):
            i, cost = served.column_rows[q], served.column_costs[q]
            touched = cost < nearest.spare[i] if site == enter else cost <= nearest.spare[i]
            if not touched:
                continue
            if nearest.first[i] >= 0:
                loss[nearest.first[i]] -= nearest.spare[i] - nearest.cost[i]
            look_up(served, opened, i, nearest)
            if nearest.first[i] >= 0:
                loss[nearest.first[i]] += nearest.spare[i] - nearest.cost[i]


class Swaps(NamedTuple):
    """A choice of sites being changed: nearest open sites, closing losses, scratch, and the open sites that may close."""

    opened: BoolArray
    nearest: Nearest
    loss: FloatArray
    back: FloatArray
    open_sites: SiteArray
    place: IntArray


@kernel
def begin_swaps(served: Served, status: StatusArray, opened: BoolArray) -> Swaps:
    """Return the state of these open sites; ``opened`` itself will change with it."""
    sites, rows = len(status), len(served.forgone)
    nearest = Nearest(np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.int32), np.empty(rows), np.empty(rows))
    for i in range(rows):
        look_up(served, opened, i, nearest)
    loss = np.empty(sites)
    closing_losses(nearest, loss)
    open_sites = np.array([j for j in range(sites) if opened[j] and status[j] == FREE], dtype=np.int32)
    place = np.full(sites, -1, dtype=np.int64)
    for k in range(len(open_sites)):
        place[open_sites[k]] = k
    return Swaps(opened, nearest, loss, np.zeros(sites), open_sites, place)


@kernel
def exchange(served: Served, state: Swaps, enter: int, leave: int) -> None:
    """Swap two sites and keep the list of open ones in step."""
    swap(served, enter, leave, state.opened, state.nearest, state.loss)
    state.open_sites[state.place[leave]] = enter
    state.place[enter], state.place[leave] = state.place[leave], -1


@kernel
def swap_until_local(
    served: Served, status: StatusArray, opened: BoolArray, order: IntArray, passes: int, least: float
) -> None:
    """Swap sites as long as that saves more than ``least``; ``order`` is the order of trying. Changes ``opened``."""
    state = begin_swaps(served, status, opened)
    quiet = 0
    for turn in range(passes * len(order)):
        enter = order[turn % len(order)]
        if quiet >= len(order) or len(state.open_sites) == 0:
            break
        quiet += 1
        if opened[enter] or status[enter] != FREE:
            continue
        saved, leave = best_partner(served, enter, state.nearest, state.loss, state.back, state.open_sites)
        if saved > least:
            exchange(served, state, enter, leave)
            quiet = 0


@kernel
def anneal(served: Served, status: StatusArray, opened: BoolArray, heat: Heat, random: np.random.Generator) -> None:
    """Swap at falling temperature, each random site for its best partner; leave the best found."""
    state = begin_swaps(served, status, opened)
    free = np.array([j for j in range(len(status)) if status[j] == FREE])
    if len(state.open_sites) == 0 or len(free) == len(state.open_sites):
        return
    best, change, least_change = opened.copy(), 0.0, 0.0
    temperature, ratio = heat.first, cooling(heat)
    for _ in range(heat.moves):
        temperature *= ratio
        enter = free[random.integers(0, len(free))]
        if opened[enter]:
            continue
        saved, leave = best_partner(served, enter, state.nearest, state.loss, state.back, state.open_sites)
        if not accepts(saved, temperature, random):
            continue
        exchange(served, state, enter, leave)
        change -= saved
        if change < least_change - 1e-9:
            least_change = change
            best[:] = opened
    opened[:] = best
