"""Recreate: put absent stops back, pairs with both halves at once, each where it costs least, with "blinks"."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Search, World
from planner.routing.engines.rich_rounds.judge import call_at, cost_home, judge, takes_on, toll_with
from planner.routing.engines.rich_rounds.note import leaves, note, place_in
from planner.routing.engines.rich_rounds.price import price
from planner.routing.engines.rich_rounds.rounds import give, look_at, remember
from planner.routing.engines.ruin_recreate.draws import draw

BLINK_SHARE = 0.01
NEAR = 30
"""Rounds are tried that hold one of so many nearest stops ..."""
ALL_ROUNDS_SHARE = 0.2
"""... or, in this share of the steps, all rounds."""
SORT_SHARES = np.cumsum(np.array([0.30, 0.25, 0.15, 0.08, 0.10, 0.06, 0.06]))
"""Random, largest first, farthest, nearest, tightest window, earliest opening, latest closing."""


@lean_kernel
def recreate(world: World, search: Search, count: int) -> int:
    """Insert the first ``count`` pending leads; the ones left over are moved to the front and their number returned."""
    rounds, offer, pending = search.rounds, search.offer, search.pending
    _sort(world, search, count)
    everywhere = draw(search.source) < ALL_ROUNDS_SHARE
    left = 0
    for i in range(count):
        lead = pending[i]
        _best_offer(world, search, lead, everywhere)
        slot = offer.slot[0]
        if slot == NONE:
            pending[left] = lead
            left += 1
            continue
        remember(rounds, search.undo, slot)
        build_with(search, world, slot, offer.nodes[0], offer.places[0], offer.nodes[1], offer.places[1])
        rounds.window[offer.nodes[0]] = offer.windows[0]
        if offer.nodes[1] != NONE:
            rounds.window[offer.nodes[1]] = offer.windows[1]
        give(world, rounds, slot, search.way.order, search.way.size[0], rounds.cost[slot] + offer.added[0])
    return left


@lean_kernel
def _sort(world: World, search: Search, count: int) -> None:
    """Order the pending leads by a criterion drawn at random (insertion sort: they are few)."""
    pending, key = search.pending, search.key
    u = draw(search.source)
    criterion = 0
    while criterion < len(SORT_SHARES) - 1 and u >= SORT_SHARES[criterion]:
        criterion += 1
    for i in range(count):
        key[i] = draw(search.source) if criterion == 0 else world.keys[criterion - 1, pending[i]]
    for i in range(1, count):
        k, lead, j = key[i], pending[i], i - 1
        while j >= 0 and key[j] > k:
            key[j + 1] = key[j]
            pending[j + 1] = pending[j]
            j -= 1
        key[j + 1] = k
        pending[j + 1] = lead


@inlined
def _best_offer(world: World, search: Search, lead: int, everywhere: bool) -> None:
    """Note the round in which the lead, with its partner, costs least; no slot if leaving it out costs less."""
    rounds, offer, seen = search.rounds, search.offer, search.seen
    offer.slot[0] = NONE
    offer.added[0] = world.calls.penalty[lead]
    slots = len(rounds.size)
    seen[slots] += 1
    stamp, count, tried = seen[slots], 0, 0
    if not everywhere:
        for q in range(1, min(NEAR, world.neighbours.shape[1])):
            count = _add_slot(search, rounds.slot[world.neighbours[lead, q]], stamp, count)
    first_slot = world.fleet.first_slot
    if search.only_old[0] == 0:
        for kind in range(len(first_slot) - 1):
            for slot in range(first_slot[kind], first_slot[kind + 1]):
                if rounds.size[slot] == 0:
                    count = _add_slot(search, slot, stamp, count)
                    break
    for further in range(2):
        if further == 1:
            if not everywhere and offer.slot[0] != NONE:
                break
            for slot in range(slots):
                if rounds.size[slot] > 0:
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


@inlined
def _offer_in(world: World, search: Search, lead: int, slot: int) -> None:
    """Improve the offer by the best places in the slot's round."""
    calls, known = world.calls, search.known
    first, last = _range(world, search, lead, slot)
    if last < first:
        return
    note(world, search, slot)
    closes = calls.closes[lead, calls.windows[lead] - 1]
    for i in range(max(first, known.locked[slot]), last + 1):
        if known.soonest[slot, i] > closes:
            break
        for w in range(calls.windows[lead]):
            search.rounds.window[lead] = w
            if calls.partner[lead] != NONE:
                _offer_pair(world, search, lead, slot, i)
            else:
                _offer_alone(world, search, lead, slot, i)


@inlined
def _offer_alone(world: World, search: Search, lead: int, slot: int, i: int) -> None:
    """Improve the offer by the lead before the i-th node, with a reload beside it where the load is too much or late."""
    calls, kind = world.calls, world.fleet.kind_of_slot[slot]
    base = search.rounds.cost[slot]
    variants = 1 if draw(search.source) >= BLINK_SHARE else 0
    k = 0
    while k < variants:
        depot = calls.stops + (k - 1) // 2
        one, two = (depot, lead) if k > 0 and k % 2 == 0 else (lead, depot if k > 0 else NONE)
        if k == 0 or world.fleet.allowed[kind, depot]:
            floor = judge(world, search, slot, i, one, two, base + search.offer.added[0])
            if floor < NEVER:
                _make(world, search, slot, floor, i, one, i, two)
        if k == 0 and search.way.figures[2] == 1 and world.fleet.max_reloads[kind] > 0:
            variants = 1 + 2 * (len(calls.place) - calls.stops)
        k += 1


@inlined
def _offer_pair(world: World, search: Search, lead: int, slot: int, i: int) -> None:
    """Improve the offer by the lead before the i-th node and its partner anywhere behind it."""
    rounds, calls, known, kind = search.rounds, world.calls, search.known, world.fleet.kind_of_slot[slot]
    partner, base, a = calls.partner[lead], rounds.cost[slot], place_in(world, search, slot, i - 1)
    first, last = _range(world, search, partner, slot)
    closes = calls.closes[partner, calls.windows[partner] - 1]
    span, clock, until = leaves(world, search, slot, i, known.ready_behind[slot, known.first[slot, i]])
    for j in range(i, last + 1):
        node = lead if j == i else rounds.order[slot, j - 1]
        ready = known.ready_behind[slot, j]
        span, clock, until = call_at(world, kind, span, clock, until, a, node, rounds.window[node], ready)
        a = calls.place[node]
        if clock > closes or not takes_on(world, search, slot, j, lead):
            break
        if j > i and clock > known.tail_until[slot, j - 1]:  # too late even without the partner on the way
            break
        toll = toll_with(world, search, slot, i, lead, j, partner)
        if j < first or toll >= min(base + search.offer.added[0], NEVER):
            continue
        for w in range(calls.windows[partner]):
            if draw(search.source) < BLINK_SHARE:
                continue
            rounds.window[partner] = w
            at = call_at(world, kind, span, clock, until, a, partner, w, 0)
            floor = cost_home(world, search, slot, j, calls.place[partner], at[0], at[1], at[2], toll)
            if floor < min(base + search.offer.added[0], NEVER):
                _make(world, search, slot, floor, i, lead, j, partner)


@lean_kernel
def _make(world: World, search: Search, slot: int, floor: float, i: int, one: int, j: int, two: int) -> None:
    """Make this the offer, unless it has to be driven to know what it costs and turns out not to be better."""
    rounds, offer, calls = search.rounds, search.offer, world.calls
    base = rounds.cost[slot]
    cost = floor
    alone = two == NONE and calls.shipped[one]  # what a locked stop has picked up
    if not world.fleet.plain[world.fleet.kind_of_slot[slot]] or base >= NEVER or alone:
        build_with(search, world, slot, one, i, two, j)
        cost = price(world, rounds, search.way, base + offer.added[0])
        if not (cost < NEVER and cost - base < offer.added[0]):
            return
    offer.slot[0] = slot
    offer.added[0] = cost - base
    offer.nodes[0], offer.nodes[1] = one, two
    offer.places[0], offer.places[1] = i, j
    offer.windows[0] = rounds.window[one]
    offer.windows[1] = rounds.window[two] if two != NONE else 0


@lean_kernel
def build_with(search: Search, world: World, slot: int, one: int, i: int, two: int, j: int) -> None:
    """Look at the slot's round with ``one`` before its i-th node and ``two``, if any, before its j-th, ``i <= j``."""
    rounds, way = search.rounds, search.way
    way.kind[0] = world.fleet.kind_of_slot[slot]
    at = 0
    for k in range(rounds.size[slot] + 1):
        if k == i:
            way.order[at] = one
            at += 1
        if k == j and two != NONE:
            way.order[at] = two
            at += 1
        if k < rounds.size[slot]:
            way.order[at] = rounds.order[slot, k]
            at += 1
    way.size[0] = at


@lean_kernel
def _range(world: World, search: Search, stop: int, slot: int) -> tuple[int, int]:
    """Return the first and last node of the slot that the stop may come before, locks aside; first > last if none."""
    rounds, calls = search.rounds, world.calls
    if not world.fleet.allowed[world.fleet.kind_of_slot[slot], stop]:
        return 1, 0
    first, last = 0, rounds.size[slot]
    for r in range(calls.related_begin[stop], calls.related_begin[stop + 1]):
        other = calls.related[r]
        if rounds.slot[other] == NONE:
            continue
        if rounds.slot[other] != slot:
            return 1, 0
        if calls.later[r]:
            last = min(last, rounds.position[other])
        else:
            first = max(first, rounds.position[other] + 1)
    return first, last


@lean_kernel
def look_and_price(world: World, search: Search, slot: int) -> float:
    """Look at the slot's round and return what it costs."""
    look_at(world, search.rounds, search.way, slot)
    return price(world, search.rounds, search.way, 2 * NEVER) if search.way.size[0] > 0 else 0.0
