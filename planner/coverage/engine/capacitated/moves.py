"""Compiled search for siting with loads: rows shift, push one another out, and sites move, at falling temperature.

Every move is carried out on the plan with a journal and taken back if it is not accepted (simulated annealing,
Kirkpatrick, Gelatt & Vecchi 1983). Capacities and budget hold at all times; a load below the least costs a penalty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.dual import Loads
from planner.coverage.engine.median.dual import FREE
from planner.coverage.engine.served import Served
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

# places of ``Plan.tally``: cost, load that open sites lack to their least, budget spent, sites open, entries of the journal
COST, AMISS, SPENT, OPENED, MOVED, BROKEN = range(6)
_JUMP = 0.01
# penalties rise with this power of the fall in temperature; how often a row enters a full site; sites drawn to pick the
# best of; how often one site opens or closes alone (tried on the province's p-median: 1 to 50 drawn, 0.1 to 0.25 alone)
_RAMP, _OVER, _TRIES, _LONE = 0.5, 0.3, 5, 0.25


class Plan(NamedTuple):
    """Who serves whom: per row its site (-1: none) and cost, per site its load and the chain of its rows.

    ``open_list`` and ``place`` list the open sites; ``tally`` holds the sums named above; ``journal`` (rows x 2, by turns)
    what row left which site; ``old_cost`` its cost there; ``pending`` and ``gain`` are scratch.
    """

    opened: BoolArray
    site_of: SiteArray
    cost_of: FloatArray
    loaded: FloatArray
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
def empty_plan(served: Served, sites: int) -> Plan:
    """Return the plan in which every site is closed and every row forgone."""
    rows = len(served.forgone)
    plan = Plan(
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
        np.zeros(6),
        np.zeros((8 * rows + 8, 2), dtype=np.int64),
        np.zeros(8 * rows + 8),
        np.zeros(rows + 1, dtype=np.int64),
        np.zeros(rows + 1),
        np.zeros(sites),
    )
    plan.tally[COST] = served.forgone.sum()
    return plan


@kernel
def amiss(loads: Loads, j: int, load: float) -> float:
    """Return by how much a load breaks an open site's limits, and a little more so that small breaches end."""
    if load < loads.least[j] * (1.0 - 1e-12):
        return float((1.0 + _JUMP) * loads.least[j] - load)
    if load > loads.capacity[j] * (1.0 + 1e-12):
        return float(load - (1.0 - _JUMP) * loads.capacity[j])
    return 0.0


@kernel
def count_breach(loads: Loads, plan: Plan, j: int, sign: float) -> None:
    """Add or take away what an open site's load breaks."""
    breach = amiss(loads, j, plan.loaded[j])
    if breach > 0.0:
        plan.tally[AMISS] += sign * breach
        plan.tally[BROKEN] += sign


@kernel
def put(loads: Loads, plan: Plan, i: int, j: int, cost: float) -> None:
    """Move row ``i`` to open site ``j`` (-1: forgone) at this cost, keeping chains and sums."""
    old = plan.site_of[i]
    plan.tally[COST] += cost - plan.cost_of[i]
    if old >= 0:
        count_breach(loads, plan, old, -1.0)
        plan.loaded[old] -= loads.load[i]
        plan.members[old] -= 1
        b, a = plan.before[i], plan.after[i]
        if b >= 0:
            plan.after[b] = a
        else:
            plan.head[old] = a
        if a >= 0:
            plan.before[a] = b
        if plan.members[old] == 0:
            plan.loaded[old] = 0.0
        count_breach(loads, plan, old, 1.0)
    if j >= 0:
        count_breach(loads, plan, j, -1.0)
        plan.loaded[j] += loads.load[i]
        count_breach(loads, plan, j, 1.0)
        plan.members[j] += 1
        first = plan.head[j]
        plan.before[i], plan.after[i], plan.head[j] = -1, first, i
        if first >= 0:
            plan.before[first] = i
    plan.site_of[i], plan.cost_of[i] = j, cost


@kernel
def shift(loads: Loads, plan: Plan, i: int, j: int, cost: float) -> None:
    """Move a row and write it down."""
    z = int(plan.tally[MOVED])
    if z < len(plan.old_cost):
        plan.journal[z, 0], plan.journal[z, 1], plan.old_cost[z] = i, plan.site_of[i], plan.cost_of[i]
        plan.tally[MOVED] = z + 1
        put(loads, plan, i, j, cost)


@kernel
def unlock(loads: Loads, plan: Plan, j: int) -> None:
    """Open a site; it has no rows."""
    z = int(plan.tally[OPENED])
    plan.opened[j], plan.open_list[z], plan.place[j] = True, j, z
    plan.tally[OPENED] += 1
    plan.tally[COST] += loads.fixed[j]
    plan.tally[SPENT] += loads.price[j]
    count_breach(loads, plan, j, 1.0)


@kernel
def lock(loads: Loads, plan: Plan, j: int) -> None:
    """Close a site that has no rows."""
    count_breach(loads, plan, j, -1.0)
    plan.tally[COST] -= loads.fixed[j]
    plan.tally[SPENT] -= loads.price[j]
    plan.tally[OPENED] -= 1
    z, last = plan.place[j], plan.open_list[int(plan.tally[OPENED])]
    plan.open_list[z], plan.place[last] = last, z
    plan.opened[j], plan.place[j] = False, -1


@kernel
def take_back(loads: Loads, plan: Plan, shut: int, new: int) -> None:
    """Undo what the journal holds, the closing of ``shut`` and the opening of ``new`` (-1: none)."""
    if shut >= 0:
        unlock(loads, plan, shut)
    for z in range(int(plan.tally[MOVED]) - 1, -1, -1):
        put(loads, plan, plan.journal[z, 0], plan.journal[z, 1], plan.old_cost[z])
    if new >= 0:
        lock(loads, plan, new)
    plan.tally[MOVED] = 0


@kernel
def fits(loads: Loads, plan: Plan, i: int, j: int) -> bool:
    """Return whether a site has room for a row."""
    return bool(plan.loaded[j] + loads.load[i] <= loads.capacity[j] * (1.0 + 1e-12))


@kernel
def best_open(
    served: Served, loads: Loads, plan: Plan, i: int, banned: int, penalty: float
) -> tuple[int, float, float]:
    """Return the best open site of a row (-1: forgo it), the cost there, and the cost with the penalty of what it breaks."""
    found, cost, best = -1, served.forgone[i], served.forgone[i]
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        j = served.row_sites[q]
        if served.row_costs[q] > best:
            break
        if not plan.opened[j] or j == banned:
            continue
        now = served.row_costs[q]
        after = plan.loaded[j] + loads.load[i]
        if after > loads.capacity[j]:
            now += penalty * (amiss(loads, j, after) - amiss(loads, j, plan.loaded[j]))
        if now < best or (now == best and found < 0):
            found, cost, best = j, served.row_costs[q], now
    return found, cost, best


@kernel
def any_open(served: Served, plan: Plan, i: int, random: np.random.Generator) -> tuple[int, float]:
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
def push_in(served: Served, loads: Loads, plan: Plan, i: int, penalty: float, random: np.random.Generator) -> None:
    """Move a row to another open site; if that is full, one of its rows gives way to the best place it has."""
    j, cost = any_open(served, plan, i, random)
    if j < 0 or loads.load[i] > loads.capacity[j]:
        return
    if fits(loads, plan, i, j) or random.random() < _OVER:
        shift(loads, plan, i, j, cost)
        return
    excess = plan.loaded[j] + loads.load[i] - loads.capacity[j]
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
    other, price, _best = best_open(served, loads, plan, leaver, j, penalty)
    if other >= 0:
        shift(loads, plan, leaver, other, price)


@kernel
def vacate(served: Served, loads: Loads, plan: Plan, j: int) -> int:
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
def settle(served: Served, loads: Loads, plan: Plan, j: int, penalty: float, random: np.random.Generator) -> None:
    """Fill a site just opened with the rows that gain most by load; a pending row gains against its best other place."""
    size = 0
    needs = loads.least[j] > 0.0
    for q in range(served.column_starts[j], served.column_starts[j + 1]):
        i, cost = served.column_rows[q], served.column_costs[q]
        now = plan.cost_of[i]
        if (cost > now and not needs) or loads.load[i] > loads.capacity[j]:
            continue
        if plan.site_of[i] < 0:
            now = best_open(served, loads, plan, i, j, penalty)[2]
        if cost < now or needs:
            plan.pending[size] = i
            plan.gain[size] = -(now - cost) / (loads.load[i] + 1e-9) * (0.9 + 0.2 * random.random())
            size += 1
    for z in np.argsort(plan.gain[:size]):
        i = plan.pending[z]
        if plan.gain[z] >= 0.0 and amiss(loads, j, plan.loaded[j]) <= 0.0:
            break
        if fits(loads, plan, i, j):
            shift(loads, plan, i, j, cost_at(served, i, j))


@kernel
def cost_at(served: Served, i: int, j: int) -> float:
    """Return what a row costs at a site, infinity if it is not listed."""
    for q in range(served.row_starts[i], served.row_starts[i + 1]):
        if served.row_sites[q] == j:
            return float(served.row_costs[q])
    return np.inf


@kernel
def move_site(
    served: Served, loads: Loads, plan: Plan, shut: int, new: int, penalty: float, random: np.random.Generator
) -> None:
    """Close ``shut`` and open ``new`` (-1: none), and place the rows that this concerns."""
    size = vacate(served, loads, plan, shut) if shut >= 0 else 0
    left = plan.pending[:size].copy()
    if new >= 0:
        unlock(loads, plan, new)
        settle(served, loads, plan, new, penalty, random)
    weight = np.empty(size)
    for z in range(size):
        weight[z] = -loads.load[left[z]] * (0.5 + random.random())
    for z in np.argsort(weight):
        i = left[z]
        if plan.site_of[i] < 0:
            other, cost, _best = best_open(served, loads, plan, i, -1, penalty)
            if other >= 0:
                shift(loads, plan, i, other, cost)


class Cooling(NamedTuple):
    """How to anneal: first and last temperature, moves, rows moved for each site moved, cost of a unit that breaks a limit.

    At most ``most`` sites within ``budget``, at first more by the share ``slack``; ``site_charge`` is what an open site is
    taken to cost, ``price_charge`` a unit of its price.
    """

    first: float
    last: float
    moves: int
    rows_a_site: int
    penalty: float
    most: int
    budget: float
    slack: float
    site_charge: float
    price_charge: float


@kernel
def new_site(served: Served, loads: Loads, plan: Plan, i: int, random: np.random.Generator) -> int:
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
def appraise(served: Served, loads: Loads, plan: Plan, penalty: float) -> None:
    """Write into ``worth`` about what closing each open site would cost and what opening each closed one would save."""
    worth = plan.worth
    worth[:] = 0.0
    for i in range(len(plan.site_of)):
        s, now = plan.site_of[i], plan.cost_of[i]
        if s >= 0:
            worth[s] += best_open(served, loads, plan, i, s, penalty)[2] - now
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
def weakest(loads: Loads, plan: Plan, tries: int, random: np.random.Generator) -> int:
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
def strongest(served: Served, loads: Loads, plan: Plan, tries: int, random: np.random.Generator) -> int:
    """Return the closed site worth most of some drawn; -1 if none of them may open."""
    new = -1
    for _ in range(tries):
        j = new_site(served, loads, plan, int(random.integers(0, len(plan.site_of))), random)
        if j >= 0 and (new < 0 or plan.worth[j] > plan.worth[new]):
            new = j
    return new


@kernel
def neighbour(served: Served, loads: Loads, plan: Plan, shut: int, random: np.random.Generator) -> int:
    """Return a closed site in reach of a row of an open one; -1 if the one drawn may not open."""
    if plan.members[shut] == 0:
        return -1
    i = plan.head[shut]
    for _ in range(random.integers(0, plan.members[shut])):
        i = plan.after[i]
    return new_site(served, loads, plan, i, random)


@kernel
def draw_sites(
    served: Served, loads: Loads, plan: Plan, cooling: Cooling, room: tuple[float, float], random: np.random.Generator
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


@kernel
def anneal(served: Served, loads: Loads, plan: Plan, best: Plan, cooling: Cooling, random: np.random.Generator) -> None:
    """Change the plan at falling temperature; whenever it breaks nothing and costs less, write it into ``best``.

    Count and budget may be passed by a share that falls with the temperature; their charges follow how the plan keeps them.
    """
    rows = len(plan.site_of)
    ratio = (cooling.last / cooling.first) ** (1.0 / max(cooling.moves, 1))
    temperature = cooling.first
    site_charge, price_charge = cooling.site_charge, cooling.price_charge
    room = (float(cooling.most), cooling.budget)
    for move in range(cooling.moves):
        temperature *= ratio
        penalty = cooling.penalty * (cooling.first / temperature) ** _RAMP
        tally = plan.tally
        tally[MOVED] = 0
        before = tally[COST] + penalty * tally[AMISS] + site_charge * tally[OPENED] + price_charge * tally[SPENT]
        shut, new = -1, -1
        if move % (cooling.rows_a_site + 1):
            push_in(served, loads, plan, int(random.integers(0, rows)), penalty, random)
            if tally[MOVED] == 0:
                continue
        else:
            if move % (100 * (cooling.rows_a_site + 1)) == 0:
                appraise(served, loads, plan, penalty)
                if tally[OPENED] != cooling.most:
                    site_charge *= 1.01 if tally[OPENED] > cooling.most else 0.99
                price_charge *= 1.01 if tally[SPENT] > cooling.budget else 0.99
            slack = 1.0 + cooling.slack * max(0.0, temperature / cooling.first - 0.1)
            room = (np.floor(cooling.most * slack), cooling.budget * slack)
            shut, new = draw_sites(served, loads, plan, cooling, room, random)
            if shut < 0 and new < 0:
                continue
            move_site(served, loads, plan, shut, new, penalty, random)
        change = (
            tally[COST] + penalty * tally[AMISS] + site_charge * tally[OPENED] + price_charge * tally[SPENT] - before
        )
        # a site that count or budget no longer allow closes whatever that costs
        forced = shut >= 0 and new < 0 and (tally[OPENED] >= room[0] or tally[SPENT] > room[1])
        if change > 0.0 and not forced and random.random() >= np.exp(-change / temperature):
            take_back(loads, plan, shut, new)
            continue
        if (
            tally[BROKEN] == 0.0
            and tally[OPENED] <= cooling.most
            and tally[SPENT] <= cooling.budget
            and tally[COST] < best.tally[COST] - 1e-9 * (1.0 + abs(tally[COST]))
        ):
            keep(plan, best)


@kernel
def keep(plan: Plan, best: Plan) -> None:
    """Copy who serves whom; only these parts of ``best`` are in order."""
    best.opened[:] = plan.opened
    best.site_of[:] = plan.site_of
    best.tally[:] = plan.tally


@kernel
def begin(served: Served, loads: Loads, opened: BoolArray, site_of: SiteArray) -> Plan:
    """Return the plan with these sites, each row where ``site_of`` says if that works, the others where they fit best."""
    plan = empty_plan(served, len(opened))
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
            other, cost, _best = best_open(served, loads, plan, i, -1, np.inf)
            if other >= 0:
                put(loads, plan, i, other, cost)
    return plan
