"""Recreate: put absent stops back, pairs with both halves at once, each where it costs least, with "blinks"."""

from __future__ import annotations

from typing import Final

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.arrays import NEVER, NONE
from planner.routing.engines.sisr.draws import draw
from planner.routing.engines.sisr.search import sort_pending
from planner.routing.engines.sisr.simulated.arrays import Routes, Search, World
from planner.routing.engines.sisr.simulated.judge import call_at, cost_home, cost_without_duty, judge, takes_on
from planner.routing.engines.sisr.simulated.known import LATE
from planner.routing.engines.sisr.simulated.note import leaves, note, place_in, quickest, stays
from planner.routing.engines.sisr.simulated.price import price
from planner.routing.engines.sisr.simulated.routes import give, look_at, remember

_BROKEN: Final = 1e9


@lean_kernel
def recreate(world: World, search: Search, count: int) -> int:
    """Insert the first ``count`` pending leads; the ones left over are moved to the front and their number returned."""
    routes, offer, pending = search.routes, search.offer, search.pending
    sort_pending(world, search, count)
    everywhere = draw(search.source) < world.parameters.all_routes_share
    left = 0
    for i in range(count):
        lead = pending[i]
        _best_offer(world, search, lead, everywhere)
        slot = offer.slot[0]
        if slot == NONE:
            pending[left] = lead
            left += 1
            continue
        remember(routes, search.undo, slot)
        build_with(search, world, slot, offer.nodes[0], offer.places[0], offer.nodes[1], offer.places[1])
        routes.window[offer.nodes[0]] = offer.windows[0]
        if offer.nodes[1] != NONE:
            routes.window[offer.nodes[1]] = offer.windows[1]
        give(world, routes, slot, search.trial.order, search.trial.size[0], _base(routes, slot) + offer.added[0])
    return left


@inlined
def _best_offer(world: World, search: Search, lead: int, everywhere: bool) -> None:
    """Note the route in which the lead, with its partner, costs least; no slot if leaving it out costs less."""
    routes, offer, seen = search.routes, search.offer, search.seen
    offer.slot[0] = NONE
    offer.added[0] = world.demands.penalty[lead]
    slots = len(routes.size)
    seen[slots] += 1
    stamp, count, tried = seen[slots], 0, 0
    if not everywhere:
        for q in range(1, min(world.parameters.near, world.neighbours.shape[1])):
            count = _add_slot(search, routes.slot[world.neighbours[lead, q]], stamp, count)
    first_slot = world.fleet.first_slot
    if search.only_old[0] == 0:
        for kind in range(len(first_slot) - 1):
            for slot in range(first_slot[kind], first_slot[kind + 1]):
                if routes.size[slot] == 0:
                    count = _add_slot(search, slot, stamp, count)
                    break
    for further in range(2):
        if further == 1:
            if not everywhere and offer.slot[0] != NONE:
                break
            for slot in range(slots):
                if routes.size[slot] > 0:
                    count = _add_slot(search, slot, stamp, count)
        while tried < count:
            _offer_in(world, search, lead, search.slots[tried])
            tried += 1


@lean_kernel
def _add_slot(search: Search, slot: int, stamp: int, count: int) -> int:
    """Add the slot to those that are tried, unless it is none or among them; return how many they are."""
    if slot == NONE or search.seen[slot] == stamp:
        return count
    search.seen[slot] = stamp
    search.slots[count] = slot
    return count + 1


@lean_kernel
def _base(routes: Routes, slot: int) -> float:
    """Return what the slot's route costs; one that does not hold so much that a place by which it does comes first.

    Not `NEVER`, from which nothing can be taken off to the fen.
    """
    return float(routes.cost[slot]) if routes.cost[slot] < NEVER else _BROKEN


@inlined
def _offer_in(world: World, search: Search, lead: int, slot: int) -> None:
    """Improve the offer by the best places in the slot's route."""
    demands, known = world.demands, search.known
    first, last = _range(world, search, lead, slot)
    if last < first:
        return
    note(world, search, slot)
    sooner = 0 if demands.partner[lead] == NONE else _saves(world, search, slot, demands.partner[lead])
    closes = demands.closes[lead, demands.windows[lead] - 1]
    for i in range(max(first, known.locked[slot]), last + 1):
        if known.soonest[slot, i] > closes:
            break
        for w in range(demands.windows[lead]):
            search.routes.window[lead] = w
            if demands.partner[lead] != NONE:
                _offer_pair(world, search, lead, slot, i, sooner)
            else:
                _offer_alone(world, search, lead, slot, i)


@inlined
def _offer_alone(world: World, search: Search, lead: int, slot: int, i: int) -> None:
    """Improve the offer by the lead before the i-th node, with a reload beside it where the load is too much or late."""
    demands, kind = world.demands, world.fleet.kind_of_slot[slot]
    base = _base(search.routes, slot)
    variants = 1 if draw(search.source) >= world.parameters.blink_share else 0
    k = 0
    while k < variants:
        depot = demands.stops + (k - 1) // 2
        one, two = (depot, lead) if k > 0 and k % 2 == 0 else (lead, depot if k > 0 else NONE)
        if k == 0 or world.fleet.allowed[kind, depot]:
            floor = judge(world, search, slot, i, one, two, base + search.offer.added[0])
            if floor < NEVER:
                _make(world, search, slot, floor, i, one, i, two)
        if k == 0 and search.trial.figures[2] == 1 and world.fleet.max_reloads[kind] > 0:
            variants = 1 + 2 * (len(demands.place) - demands.stops)
        k += 1


@lean_kernel
def _saves(world: World, search: Search, slot: int, stop: int) -> int:
    """Return by how much a node of the slot's route is reached and done earlier, at the most, with the stop before it.

    0 where times are metric; but the way over a third place may be quicker than that of fewest metres, and who comes from
    the stop's place may save a set-up. A route that does not hold as it is (a stop that was taken off can have been the
    quicker way) says nothing of where it holds: any time.
    """
    if search.routes.cost[slot] >= NEVER:
        return 2 * LATE
    demands, kind, size = world.demands, world.fleet.kind_of_slot[slot], search.routes.size[slot]
    most, b, a = 0, demands.place[stop], place_in(world, search, slot, -1)
    for j in range(size + 1):
        z = place_in(world, search, slot, j)
        straight, over = quickest(world, kind, a, z), quickest(world, kind, a, b) + quickest(world, kind, b, z)
        over += stays(world, kind, a, stop)
        if j < size:
            node = search.routes.order[slot, j]
            straight += stays(world, kind, a, node)
            over += stays(world, kind, b, node)
        most = max(most, straight - over)
        a = z
    return most


@inlined
def _offer_pair(world: World, search: Search, lead: int, slot: int, i: int, sooner: int) -> None:
    """Improve the offer by the lead before the i-th node and its partner anywhere behind it.

    ``sooner`` is what `_saves` says of the partner. Left before leg j at ``clock``, what is behind the partner is reached at
    most that much earlier than without it. The route as it is holds, so where ``clock`` is beyond ``tail_until`` some node
    is reached without any wait on the way, late by all of the difference: if that is more than ``sooner``, with the partner
    it is late as well, be it put in on this leg or a later one.
    """
    routes, demands, known, kind = search.routes, world.demands, search.known, world.fleet.kind_of_slot[slot]
    partner, base, a = demands.partner[lead], _base(routes, slot), place_in(world, search, slot, i - 1)
    first, last = _range(world, search, partner, slot)
    closes = demands.closes[partner, demands.windows[partner] - 1]
    span, clock, until = leaves(world, search, slot, i, known.ready_behind[slot, known.first[slot, i]])
    for j in range(i, last + 1):
        node = lead if j == i else routes.order[slot, j - 1]
        ready = known.ready_behind[slot, j]
        span, clock, until = call_at(world, kind, span, clock, until, a, node, routes.window[node], ready)
        a = demands.place[node]
        if clock > closes or not takes_on(world, search, slot, j, lead):
            break
        if j > i and clock > known.tail_until[slot, j - 1] + sooner:
            break
        without_duty = cost_without_duty(world, search, slot, i, lead, j, partner)
        if j < first or without_duty >= min(base + search.offer.added[0], NEVER):
            continue
        for w in range(demands.windows[partner]):
            if draw(search.source) < world.parameters.blink_share:
                continue
            routes.window[partner] = w
            at = call_at(world, kind, span, clock, until, a, partner, w, 0)
            floor = cost_home(world, search, slot, j, demands.place[partner], at[0], at[1], at[2], without_duty)
            if floor < min(base + search.offer.added[0], NEVER):
                _make(world, search, slot, floor, i, lead, j, partner)


@lean_kernel
def _make(world: World, search: Search, slot: int, floor: float, i: int, one: int, j: int, two: int) -> None:
    """Make this the offer, unless it has to be driven to know what it costs and turns out not to be better."""
    routes, offer, demands = search.routes, search.offer, world.demands
    base = _base(routes, slot)
    cost = floor
    alone = two == NONE and demands.shipped[one]  # what a locked stop has picked up
    if not world.fleet.plain[world.fleet.kind_of_slot[slot]] or routes.cost[slot] >= NEVER or alone:
        build_with(search, world, slot, one, i, two, j)
        cost = price(world, routes, search.trial, base + offer.added[0])
        if not (cost < NEVER and cost - base < offer.added[0]):
            return
    offer.slot[0] = slot
    offer.added[0] = cost - base
    offer.nodes[0], offer.nodes[1] = one, two
    offer.places[0], offer.places[1] = i, j
    offer.windows[0] = routes.window[one]
    offer.windows[1] = routes.window[two] if two != NONE else 0


@lean_kernel
def build_with(search: Search, world: World, slot: int, one: int, i: int, two: int, j: int) -> None:
    """Look at the slot's route with ``one`` before its i-th node and ``two``, if any, before its j-th, ``i <= j``."""
    routes, trial = search.routes, search.trial
    trial.kind[0] = world.fleet.kind_of_slot[slot]
    at = 0
    for k in range(routes.size[slot] + 1):
        if k == i:
            trial.order[at] = one
            at += 1
        if k == j and two != NONE:
            trial.order[at] = two
            at += 1
        if k < routes.size[slot]:
            trial.order[at] = routes.order[slot, k]
            at += 1
    trial.size[0] = at


@lean_kernel
def _range(world: World, search: Search, stop: int, slot: int) -> tuple[int, int]:
    """Return the first and last node of the slot that the stop may come before, locks aside; first > last if none."""
    routes, demands = search.routes, world.demands
    if not world.fleet.allowed[world.fleet.kind_of_slot[slot], stop]:
        return 1, 0
    first, last = 0, routes.size[slot]
    for r in range(demands.related_begin[stop], demands.related_begin[stop + 1]):
        other = demands.related[r]
        if routes.slot[other] == NONE:
            continue
        if routes.slot[other] != slot:
            return 1, 0
        if demands.later[r]:
            last = min(last, routes.position[other])
        else:
            first = max(first, routes.position[other] + 1)
    return first, last


@lean_kernel
def look_and_price(world: World, search: Search, slot: int) -> float:
    """Look at the slot's route and return what it costs."""
    look_at(world, search.routes, search.trial, slot)
    return price(world, search.routes, search.trial, 2 * NEVER) if search.trial.size[0] > 0 else 0.0
