"""Recreate: put absent stops back, pairs with both halves at once, each where it costs least, with "blinks"."""

from __future__ import annotations

import numpy as np

from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Search, World
from planner.routing.engines.rich_rounds.bounds import (
    bound_times,
    detour,
    detour_of_two,
    in_time,
    leaves_after,
    onward,
    place_in,
)
from planner.routing.engines.rich_rounds.price import price
from planner.routing.engines.rich_rounds.rounds import give, locked_part, look_at, make_offer, remember
from planner.routing.engines.ruin_recreate.draws import draw
from planner.routing.engines.ruin_recreate.kernel import kernel, part

BLINK_SHARE = 0.01
NEAR = 30
"""Rounds are tried that hold one of so many nearest stops ..."""
ALL_ROUNDS_SHARE = 0.2
"""... or, in this share of the steps, all rounds."""
SORT_SHARES = np.cumsum(np.array([0.30, 0.25, 0.15, 0.08, 0.10, 0.06, 0.06]))
"""Random, largest first, farthest, nearest, tightest window, earliest opening, latest closing."""


@kernel
def recreate(world: World, search: Search, count: int) -> int:
    """Insert the first ``count`` pending leads; the ones left over are moved to the front and their number returned."""
    rounds, offer, pending, calls = search.rounds, search.offer, search.pending, world.calls
    _sort(world, search, count)
    everywhere = draw(search.source) < ALL_ROUNDS_SHARE
    left = 0
    for i in range(count):
        lead = pending[i]
        partner = calls.partner[lead]
        _best_offer(world, search, lead, everywhere)
        slot = offer.slot[0]
        if slot == NONE:
            pending[left] = lead
            left += 1
            continue
        remember(rounds, search.undo, slot)
        rounds.window[lead] = offer.windows[0]
        if partner != NONE:
            rounds.window[partner] = offer.windows[1]
        give(world, rounds, slot, offer.order, offer.size[0], rounds.cost[slot] + offer.added[0])
    return left


@kernel
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


@part
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


@kernel
def _add_slot(search: Search, slot: int, stamp: int, count: int) -> int:
    """Add the slot to those that are tried, unless it is none or among them; return how many they are."""
    if slot == NONE or search.seen[slot] == stamp:
        return count
    search.seen[slot] = stamp
    search.slots[count] = slot
    return count + 1


@part
def _offer_in(world: World, search: Search, lead: int, slot: int) -> None:
    """Improve the offer by the best places in the slot's round."""
    calls = world.calls
    partner = calls.partner[lead]
    first, last = _range(world, search, lead, slot)
    if last < first:
        return
    bound_times(world, search, slot)
    sets_out, closes = search.way.sets_out, calls.closes[lead, calls.windows[lead] - 1]
    for i in range(first, last + 1):
        if sets_out[i] > closes:
            break
        leaves = leaves_after(world, search, slot, place_in(world, search, slot, i - 1), sets_out[i], lead)
        if leaves == NONE:
            continue
        if partner != NONE:
            _offer_pair(world, search, lead, slot, i, leaves)
        elif in_time(world, search, slot, lead, leaves, i) and not _too_far(world, search, slot, lead, i, partner, i):
            _offer_alone(world, search, lead, slot, i)


@kernel
def _too_far(world: World, search: Search, slot: int, one: int, i: int, two: int, j: int) -> bool:
    """Say whether the detour alone costs more than the offer, where nothing else can make up for it."""
    fleet, kind = world.fleet, world.fleet.kind_of_slot[slot]
    if fleet.cost_per_ms[kind] + fleet.cost_per_driving_ms[kind] + world.balance_duty > 0.0:
        return False
    if two == NONE:
        metres = detour(world, search, slot, one, i)
    elif i == j:
        metres = detour_of_two(world, search, slot, one, two, i)
    else:
        metres = detour(world, search, slot, one, i) + detour(world, search, slot, two, j)
    return bool(fleet.cost_per_metre[kind] * metres > search.offer.added[0])


@kernel
def _offer_pair(world: World, search: Search, lead: int, slot: int, i: int, leaves: int) -> None:
    """Improve the offer by the lead before the i-th node, left at the earliest then, and its partner anywhere behind it."""
    rounds, calls = search.rounds, world.calls
    partner, a = calls.partner[lead], calls.place[lead]
    first, last = _range(world, search, partner, slot)
    closes = calls.closes[partner, calls.windows[partner] - 1]
    for j in range(i, last + 1):
        if j == i + 1 and not in_time(world, search, slot, lead, leaves, i):
            break
        if j > i:
            leaves = onward(world, search, slot, a, leaves, j - 1)
            a = place_in(world, search, slot, j - 1)
        if leaves > closes:
            break
        done = leaves_after(world, search, slot, a, leaves, partner)
        if j < first or done == NONE or not in_time(world, search, slot, partner, done, j):
            continue
        if _too_far(world, search, slot, lead, i, partner, j):
            continue
        for w in range(calls.windows[lead]):
            for v in range(calls.windows[partner]):
                if draw(search.source) < BLINK_SHARE:
                    continue
                rounds.window[lead], rounds.window[partner] = w, v
                _build(search, world, slot, lead, i, partner, j)
                _try(world, search, lead, slot)


@kernel
def _offer_alone(world: World, search: Search, lead: int, slot: int, i: int) -> None:
    """Improve the offer by the lead before the i-th node, with a reload beside it where the load is too much or late."""
    rounds, calls, kind = search.rounds, world.calls, world.fleet.kind_of_slot[slot]
    too_much = False
    for depot in range(calls.stops - 1, len(calls.place)):  # the first stands for none
        alone = depot < calls.stops
        if not alone and not (too_much and world.fleet.allowed[kind, depot] and world.fleet.max_reloads[kind] > 0):
            continue
        for side in range(1 if alone else 2):
            for w in range(calls.windows[lead]):
                if alone and draw(search.source) < BLINK_SHARE:
                    continue
                rounds.window[lead] = w
                one = lead if side == 0 else depot
                two = NONE if alone else (depot if side == 0 else lead)
                _build(search, world, slot, one, i, two, i)
                _try(world, search, lead, slot)
                too_much = too_much or (alone and search.way.figures[2] == 1)


@kernel
def _try(world: World, search: Search, lead: int, slot: int) -> None:
    """Make the round being looked at the offer if it adds less."""
    rounds, offer, partner = search.rounds, search.offer, world.calls.partner[lead]
    base = rounds.cost[slot]
    cost = price(world, rounds, search.way, base + offer.added[0])
    if cost < NEVER and cost - base < offer.added[0]:
        make_offer(offer, search.way, slot, cost - base)
        offer.windows[0] = rounds.window[lead]
        offer.windows[1] = rounds.window[partner] if partner != NONE else 0


@kernel
def _build(search: Search, world: World, slot: int, one: int, i: int, two: int, j: int) -> None:
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


@kernel
def _range(world: World, search: Search, stop: int, slot: int) -> tuple[int, int]:
    """Return the first and the last node of the slot before which the stop may come; none if the first is greater."""
    rounds, calls = search.rounds, world.calls
    if not world.fleet.allowed[world.fleet.kind_of_slot[slot], stop]:
        return 1, 0
    first, last = locked_part(world, rounds, slot), rounds.size[slot]
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


@kernel
def look_and_price(world: World, search: Search, slot: int) -> float:
    """Look at the slot's round and return what it costs."""
    look_at(world, search.rounds, search.way, slot)
    return price(world, search.rounds, search.way, 2 * NEVER) if search.way.size[0] > 0 else 0.0
