"""Compiled state of a capacitated plan: who serves whom, what that costs and breaks, and how a change is taken back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

# places of ``Plan.tally``: cost, load that open sites lack to their least or have beyond their capacity, budget spent,
# sites open, entries of the journal, sites that break a limit, and what a unit of violation costs
COST, VIOLATION, SPENT, OPENED, MOVED, BROKEN, PENALTY = range(7)
_JUMP = 0.01


class SitePlan(NamedTuple):
    """Who serves whom: per row its site (-1: none) and cost, per site its load and the chain of its rows.

    ``open_list`` and ``place`` list the open sites; ``tally`` holds the sums named above; ``journal`` (rows x 2, by turns)
    what row left which site; ``old_cost`` its cost there; ``pending`` and ``gain`` are scratch. ``worth`` (sites,) is by
    `appraise`.
    """

    opened: BoolArray
    site_of: SiteArray
    cost_of: FloatArray
    carried: FloatArray
    head: SiteArray
    after: SiteArray
    before: SiteArray
    members: SiteArray
    open_list: SiteArray
    place: SiteArray
    tally: FloatArray
    journal: IntArray
    old_cost: FloatArray
    pending: IntArray
    gain: FloatArray
    worth: FloatArray


@kernel
def empty_plan(served: Served, sites: int) -> SitePlan:
    """Return the plan in which every site is closed and every row forgone."""
    rows = len(served.forgone)
    plan = SitePlan(
        np.zeros(sites, dtype=np.bool_),
        np.full(rows, -1, dtype=np.int32),
        served.forgone.copy(),
        np.zeros(sites),
        np.full(sites, -1, dtype=np.int32),
        np.full(rows, -1, dtype=np.int32),
        np.full(rows, -1, dtype=np.int32),
        np.zeros(sites, dtype=np.int32),
        np.full(sites, -1, dtype=np.int32),
        np.full(sites, -1, dtype=np.int32),
        np.zeros(7),
        np.zeros((8 * rows + 8, 2), dtype=np.int64),
        np.zeros(8 * rows + 8),
        np.zeros(rows + 1, dtype=np.int64),
        np.zeros(rows + 1),
        np.zeros(sites),
    )
    plan.tally[COST] = served.forgone.sum()
    return plan


@kernel
def violation(loads: Loads, j: int, load: float) -> float:
    """Return by how much a load breaks an open site's limits, and a little more so that small breaches end."""
    if load < loads.least[j] * (1.0 - 1e-12):
        return float((1.0 + _JUMP) * loads.least[j] - load)
    if load > loads.capacity[j] * (1.0 + 1e-12):
        return float(load - (1.0 - _JUMP) * loads.capacity[j])
    return 0.0


@kernel
def count_breach(loads: Loads, plan: SitePlan, j: int, sign: float) -> None:
    """Add or take away what an open site's load breaks."""
    breach = violation(loads, j, plan.carried[j])
    if breach > 0.0:
        plan.tally[VIOLATION] += sign * breach
        plan.tally[BROKEN] += sign


@kernel
def put(loads: Loads, plan: SitePlan, i: int, j: int, cost: float) -> None:
    """Move row ``i`` to open site ``j`` (-1: forgone) at this cost, keeping chains and sums."""
    old = plan.site_of[i]
    plan.tally[COST] += cost - plan.cost_of[i]
    if old >= 0:
        count_breach(loads, plan, old, -1.0)
        plan.carried[old] -= loads.load[i]
        plan.members[old] -= 1
        b, a = plan.before[i], plan.after[i]
        if b >= 0:
            plan.after[b] = a
        else:
            plan.head[old] = a
        if a >= 0:
            plan.before[a] = b
        if plan.members[old] == 0:
            plan.carried[old] = 0.0
        count_breach(loads, plan, old, 1.0)
    if j >= 0:
        count_breach(loads, plan, j, -1.0)
        plan.carried[j] += loads.load[i]
        count_breach(loads, plan, j, 1.0)
        plan.members[j] += 1
        first = plan.head[j]
        plan.before[i], plan.after[i], plan.head[j] = -1, first, i
        if first >= 0:
            plan.before[first] = i
    plan.site_of[i], plan.cost_of[i] = j, cost


@kernel
def shift(loads: Loads, plan: SitePlan, i: int, j: int, cost: float) -> None:
    """Move a row and write it down."""
    z = int(plan.tally[MOVED])
    if z < len(plan.old_cost):
        plan.journal[z, 0], plan.journal[z, 1], plan.old_cost[z] = i, plan.site_of[i], plan.cost_of[i]
        plan.tally[MOVED] = z + 1
        put(loads, plan, i, j, cost)


@kernel
def unlock(loads: Loads, plan: SitePlan, j: int) -> None:
    """Open a site; it has no rows."""
    z = int(plan.tally[OPENED])
    plan.opened[j], plan.open_list[z], plan.place[j] = True, j, z
    plan.tally[OPENED] += 1
    plan.tally[COST] += loads.fixed[j]
    plan.tally[SPENT] += loads.price[j]
    count_breach(loads, plan, j, 1.0)


@kernel
def lock(loads: Loads, plan: SitePlan, j: int) -> None:
    """Close a site that has no rows."""
    count_breach(loads, plan, j, -1.0)
    plan.tally[COST] -= loads.fixed[j]
    plan.tally[SPENT] -= loads.price[j]
    plan.tally[OPENED] -= 1
    z, last = plan.place[j], plan.open_list[int(plan.tally[OPENED])]
    plan.open_list[z], plan.place[last] = last, z
    plan.opened[j], plan.place[j] = False, -1


@kernel
def take_back(loads: Loads, plan: SitePlan, shut: int, new: int) -> None:
    """Undo what the journal holds, the closing of ``shut`` and the opening of ``new`` (-1: none)."""
    if shut >= 0:
        unlock(loads, plan, shut)
    for z in range(int(plan.tally[MOVED]) - 1, -1, -1):
        put(loads, plan, plan.journal[z, 0], plan.journal[z, 1], plan.old_cost[z])
    if new >= 0:
        lock(loads, plan, new)
    plan.tally[MOVED] = 0


@kernel
def fits(loads: Loads, plan: SitePlan, i: int, j: int) -> bool:
    """Return whether a site has room for a row."""
    return bool(plan.carried[j] + loads.load[i] <= loads.capacity[j] * (1.0 + 1e-12))


@kernel
def cost_at(served: Served, i: int, j: int) -> float:
    """Return what a row costs at a site, infinity if it is not listed."""
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        if served.row_sites[q] == j:
            return float(served.row_costs[q])
    return np.inf


@kernel
def best_open(served: Served, loads: Loads, plan: SitePlan, i: int, banned: int) -> tuple[int, float, float]:
    """Return the best open site of a row (-1: forgo it), the cost there, and the cost with the penalty of what it breaks."""
    penalty = plan.tally[PENALTY]
    found, cost, best = -1, served.forgone[i], served.forgone[i]
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        j = served.row_sites[q]
        if served.row_costs[q] > best:
            break
        if not plan.opened[j] or j == banned:
            continue
        now = served.row_costs[q]
        after = plan.carried[j] + loads.load[i]
        if after > loads.capacity[j]:
            now += penalty * (violation(loads, j, after) - violation(loads, j, plan.carried[j]))
        if now < best or (now == best and found < 0):
            found, cost, best = j, served.row_costs[q], now
    return found, cost, best


@kernel
def begin(served: Served, loads: Loads, opened: BoolArray, site_of: SiteArray) -> SitePlan:
    """Return the plan with these sites, each row where ``site_of`` says if that works, the others where they fit best."""
    plan = empty_plan(served, len(opened))
    plan.tally[PENALTY] = np.inf
    for j in range(len(opened)):
        if opened[j]:
            unlock(loads, plan, j)
    for i in range(len(site_of)):
        j = site_of[i]
        if j >= 0 and opened[j] and fits(loads, plan, i, j):
            cost = cost_at(served, i, j)
            if np.isfinite(cost):
                put(loads, plan, i, j, cost)
    for i in np.argsort(-loads.load):
        if plan.site_of[i] < 0:
            other, cost, _best = best_open(served, loads, plan, i, -1)
            if other >= 0:
                put(loads, plan, i, other, cost)
    return plan
