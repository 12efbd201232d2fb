"""Compiled moves of a capacitated plan: rows push one another out, sites open and close."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.plan import (
    OPENED,
    SPENT,
    SitePlan,
    best_open,
    cost_at,
    fits,
    lock,
    shift,
    unlock,
    violation,
)
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import FREE
from planner.kernels import kernel

# how often a row enters a full site; sites drawn to pick the best of; how often one site opens or closes alone (tried on
# the province's p-median: 1 to 50 drawn, 0.1 to 0.25 alone)
_OVER, _TRIES, _LONE = 0.3, 5, 0.25


@kernel
def any_open(served: Served, plan: SitePlan, i: int, random: np.random.Generator) -> tuple[int, float]:
    """Return an open site of a row, the cheaper the likelier, other than its own; -1 if there is none."""
    found, cost = -1, served.forgone[i]
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        j = served.row_sites[q]
        if plan.opened[j] and j != plan.site_of[i]:
            found, cost = j, served.row_costs[q]
            if random.random() < 0.6:
                break
    return found, cost


@kernel
def push_in(served: Served, loads: Loads, plan: SitePlan, i: int, random: np.random.Generator) -> None:
    """Move a row to another open site; if that is full, one of its rows gives way to the best place it has."""
    j, cost = any_open(served, plan, i, random)
    if j < 0 or loads.load[i] > loads.capacity[j]:
        return
    if fits(loads, plan, i, j) or random.random() < _OVER:
        shift(loads, plan, i, j, cost)
        return
    excess = plan.carried[j] + loads.load[i] - loads.capacity[j]
    leaver, seen, k = -1, 0, plan.head[j]
    while k >= 0:
        if loads.load[k] >= excess:
            seen += 1
            if random.random() * seen < 1.0:
                leaver = k
        k = plan.after[k]
    if leaver < 0:
        return
    shift(loads, plan, leaver, -1, served.forgone[leaver])
    shift(loads, plan, i, j, cost)
    other, price, _best = best_open(served, loads, plan, leaver, j)
    if other >= 0:
        shift(loads, plan, leaver, other, price)


@kernel
def vacate(served: Served, loads: Loads, plan: SitePlan, j: int) -> int:
    """Forgo all rows of a site and close it; return how many rows are pending."""
    size = 0
    while plan.head[j] >= 0:
        i = plan.head[j]
        plan.pending[size] = i
        size += 1
        shift(loads, plan, i, -1, served.forgone[i])
    lock(loads, plan, j)
    return size


@kernel
def settle(served: Served, loads: Loads, plan: SitePlan, j: int, random: np.random.Generator) -> None:
    """Fill a site just opened with the rows that gain most by load; a pending row gains against its best other place."""
    size = 0
    needs = loads.least[j] > 0.0
    for q in range(served.column_starts[j], served.column_starts[j + 1]):
        i, cost = served.column_rows[q], served.column_costs[q]
        now = plan.cost_of[i]
        if (cost > now and not needs) or loads.load[i] > loads.capacity[j]:
            continue
        if plan.site_of[i] < 0:
            now = best_open(served, loads, plan, i, j)[2]
        if cost < now or needs:
            plan.pending[size] = i
            plan.gain[size] = -(now - cost) / (loads.load[i] + 1e-9) * (0.9 + 0.2 * random.random())
            size += 1
    for z in np.argsort(plan.gain[:size]):
        i = plan.pending[z]
        if plan.gain[z] >= 0.0 and violation(loads, j, plan.carried[j]) <= 0.0:
            break
        if fits(loads, plan, i, j):
            shift(loads, plan, i, j, cost_at(served, i, j))


@kernel
def move_site(served: Served, loads: Loads, plan: SitePlan, shut: int, new: int, random: np.random.Generator) -> None:
    """Close ``shut`` and open ``new`` (-1: none), and place the rows that this concerns."""
    size = vacate(served, loads, plan, shut) if shut >= 0 else 0
    left = plan.pending[:size].copy()
    if new >= 0:
        unlock(loads, plan, new)
        settle(served, loads, plan, new, random)
    weight = np.empty(size)
    for z in range(size):
        weight[z] = -loads.load[left[z]] * (0.5 + random.random())
    for z in np.argsort(weight):
        i = left[z]
        if plan.site_of[i] < 0:
            other, cost, _best = best_open(served, loads, plan, i, -1)
            if other >= 0:
                shift(loads, plan, i, other, cost)


@kernel
def new_site(served: Served, loads: Loads, plan: SitePlan, i: int, random: np.random.Generator) -> int:
    """Return a closed free site that could serve a row, the cheaper the likelier; -1 if the one drawn cannot open."""
    start, end = served.row_starts[i], served.row_starts[i + 1]
    if end == start:
        return -1
    r = random.random()
    if served.row_costs[end - 1] > served.row_costs[start]:
        r *= r
    j = served.row_sites[start + int(r * (end - start))]
    return -1 if plan.opened[j] or loads.status[j] != FREE else j


@kernel
def appraise(served: Served, loads: Loads, plan: SitePlan) -> None:
    """Write into ``worth`` about what closing each open site would cost and what opening each closed one would save."""
    worth = plan.worth
    worth[:] = 0.0
    for i in range(len(plan.site_of)):
        s, now = plan.site_of[i], plan.cost_of[i]
        if s >= 0:
            worth[s] += best_open(served, loads, plan, i, s)[2] - now
    for j in range(len(worth)):
        if plan.opened[j]:
            continue
        total = 0.0
        for q in range(served.column_starts[j], served.column_starts[j + 1]):
            i = served.column_rows[q]
            if plan.cost_of[i] > served.column_costs[q]:
                worth[j] += plan.cost_of[i] - served.column_costs[q]
                total += loads.load[i]
        if total > loads.capacity[j]:
            worth[j] *= loads.capacity[j] / total
        worth[j] -= loads.fixed[j]


@kernel
def weakest(loads: Loads, plan: SitePlan, tries: int, random: np.random.Generator) -> int:
    """Return the open site worth least of some drawn; -1 if that may not close."""
    shut = -1
    for _ in range(tries):
        j = plan.open_list[random.integers(0, int(plan.tally[OPENED]))]
        if loads.status[j] == FREE and (
            shut < 0 or plan.worth[j] - loads.fixed[j] < plan.worth[shut] - loads.fixed[shut]
        ):
            shut = j
    return shut


@kernel
def strongest(served: Served, loads: Loads, plan: SitePlan, tries: int, random: np.random.Generator) -> int:
    """Return the closed site worth most of some drawn; -1 if none of them may open."""
    new = -1
    for _ in range(tries):
        j = new_site(served, loads, plan, int(random.integers(0, len(plan.site_of))), random)
        if j >= 0 and (new < 0 or plan.worth[j] > plan.worth[new]):
            new = j
    return new


@kernel
def neighbour(served: Served, loads: Loads, plan: SitePlan, shut: int, random: np.random.Generator) -> int:
    """Return a closed site in reach of a row of an open one; -1 if the one drawn may not open."""
    if plan.members[shut] == 0:
        return -1
    i = plan.head[shut]
    for _ in range(random.integers(0, plan.members[shut])):
        i = plan.after[i]
    return new_site(served, loads, plan, i, random)


@kernel
def draw_sites(
    served: Served, loads: Loads, plan: SitePlan, room: tuple[float, float], random: np.random.Generator
) -> tuple[int, int]:
    """Return a site to close and one to open (-1: none) within this count and budget: one of them, or two neighbours."""
    size = int(plan.tally[OPENED])
    shut, new = -1, -1
    kind = random.random()
    full = size >= room[0]
    if size > room[0] or plan.tally[SPENT] > room[1]:
        return weakest(loads, plan, _TRIES, random), -1
    if size == 0 or (kind < _LONE and not full):
        new = strongest(served, loads, plan, _TRIES, random)
    elif kind < 2.0 * _LONE:
        shut = weakest(loads, plan, _TRIES, random)
        if kind < _LONE and shut >= 0:
            new = strongest(served, loads, plan, _TRIES, random)
            if new < 0:
                return -1, -1
    else:
        shut = weakest(loads, plan, 1, random)
        if shut >= 0:
            new = neighbour(served, loads, plan, shut, random)
        if new < 0:
            return -1, -1
    spent = plan.tally[SPENT] - (loads.price[shut] if shut >= 0 else 0.0) + (loads.price[new] if new >= 0 else 0.0)
    if new >= 0 and spent > room[1] and spent > plan.tally[SPENT]:
        return -1, -1
    return shut, new
