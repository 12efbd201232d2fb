"""Settle a round whose stops are in order: do without a reload or move it, move its breaks, give it another vehicle."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Search, World
from planner.routing.engines.rich_rounds.judge import judge
from planner.routing.engines.rich_rounds.note import note
from planner.routing.engines.rich_rounds.price import price, price_as_noted
from planner.routing.engines.rich_rounds.recreate import build_with, look_and_price
from planner.routing.engines.rich_rounds.rounds import give, locked_part, look_at, make_offer, remember
from planner.routing.engines.ruin_recreate.draws import draw_below

_GAIN = 1e-9


@lean_kernel
def settle(world: World, search: Search, slot: int) -> None:
    """Work out the cost of the slot's round anew, with its reloads and breaks where they cost least."""
    rounds, fleet, kind = search.rounds, world.fleet, world.fleet.kind_of_slot[slot]
    cost = look_and_price(world, search, slot)
    if fleet.max_reloads[kind] > 0 and rounds.size[slot] > 0:
        cost = _move_reloads(world, search, slot, cost)
    if cost < NEVER and rounds.size[slot] > 0 and fleet.starts_matter[kind] and search.way.break_count[0] > 0:
        cost = move_breaks(world, search, cost)
    rounds.cost[slot] = cost if rounds.size[slot] > 0 else 0.0


@inlined
def _move_reloads(world: World, search: Search, slot: int, cost: float) -> float:
    """Try each reload nowhere and everywhere else; return the cost, the round being the one looked at."""
    rounds, way, stops = search.rounds, search.way, world.calls.stops
    i = 0
    while i < rounds.size[slot]:
        node = rounds.order[slot, i]
        if node < stops:
            i += 1
            continue
        _build_without(search, world, slot, i)
        without = price(world, rounds, way, cost + 2 * _GAIN)  # two in a row cost nothing
        give(world, rounds, slot, way.order, way.size[0], without)
        if without < NEVER and without <= cost + _GAIN:
            cost = without
            continue
        cost = _put_reload(world, search, slot, i, node, cost)
        i += 1
    return look_and_price(world, search, slot)


@inlined
def _put_reload(world: World, search: Search, slot: int, i: int, depot: int, cost: float) -> float:
    """Put a reload where it costs least on the trip that lacks it, or for ``cost`` before the i-th node; return the cost."""
    rounds, way, stops, kind = search.rounds, search.way, world.calls.stops, world.fleet.kind_of_slot[slot]
    note(world, search, slot)
    j = search.known.first[slot, i]
    while j >= 0:
        for other in range(stops, len(world.calls.place)):
            if not world.fleet.allowed[kind, other]:
                continue
            moved = judge(world, search, slot, j, other, NONE, cost - _GAIN)
            if moved < NEVER and not (world.fleet.plain[kind] and cost < NEVER):
                build_with(search, world, slot, other, j, NONE, j)
                moved = price(world, rounds, way, cost - _GAIN)
            if moved < cost - _GAIN:
                i, depot, cost = j, other, moved
        j = j + 1 if j < rounds.size[slot] and rounds.order[slot, j] < stops else -1
    build_with(search, world, slot, depot, i, NONE, i)
    give(world, rounds, slot, way.order, way.size[0], cost)
    return cost


@lean_kernel
def _build_without(search: Search, world: World, slot: int, i: int) -> None:
    """Look at the slot's round without its i-th node."""
    rounds, way = search.rounds, search.way
    way.kind[0] = world.fleet.kind_of_slot[slot]
    way.size[0] = rounds.size[slot] - 1
    for k in range(way.size[0]):
        way.order[k] = rounds.order[slot, k if k < i else k + 1]


@lean_kernel
def move_breaks(world: World, search: Search, cost: float) -> float:
    """Try each break of the round being looked at on every leg between its neighbours; return the least cost."""
    rounds, way = search.rounds, search.way
    for j in range(way.break_count[0]):
        first = way.leg[j - 1] if j > 0 else 0
        last = way.leg[j + 1] if j + 1 < way.break_count[0] else way.size[0]
        best = way.leg[j]
        for i in range(first, last + 1):
            way.leg[j] = i
            moved = price_as_noted(world, rounds, way)
            if moved < cost - _GAIN:
                best, cost = i, moved
        way.leg[j] = best
    return cost


@lean_kernel
def retype(world: World, search: Search, slot: int) -> None:
    """Give the slot's round to another kind, drawn at random, where that costs less: to a free vehicle or in exchange."""
    rounds, way, fleet, kinds = search.rounds, search.way, world.fleet, len(world.fleet.capacity)
    kind = draw_below(search.source, kinds)
    mine = fleet.kind_of_slot[slot]
    if kind == mine or rounds.size[slot] == 0 or locked_part(world, rounds, slot) > 0:
        return
    other = _slot_of(world, search, kind)
    if rounds.size[other] > 0 and locked_part(world, rounds, other) > 0:
        return
    before = rounds.cost[slot] + rounds.cost[other]
    offer = search.offer
    one, two = NEVER, 0.0
    for reloads in range(2):  # as it is, and if it holds reloads without them
        look_at(world, rounds, way, slot)
        way.kind[0] = kind
        if reloads == 1 and not _drop_reloads(world, search):
            break
        cost = price(world, rounds, way, min(one, before))
        if cost < one:
            make_offer(offer, way, other, 0.0)
            one = cost
    if one >= NEVER:
        return
    if rounds.size[other] > 0:
        look_at(world, rounds, way, other)
        way.kind[0] = mine
        two = price(world, rounds, way, before - one)
    if one + two >= before - _GAIN:
        return
    remember(rounds, search.undo, slot)
    remember(rounds, search.undo, other)
    give(world, rounds, slot, rounds.order[other], rounds.size[other], two)
    give(world, rounds, other, offer.order, offer.size[0], one)


@lean_kernel
def _drop_reloads(world: World, search: Search) -> bool:
    """Look at the round without its reloads; return whether it had any."""
    way, at = search.way, 0
    for i in range(way.size[0]):
        if way.order[i] < world.calls.stops:
            way.order[at] = way.order[i]
            at += 1
    dropped = at < way.size[0]
    way.size[0] = at
    return bool(dropped)


@lean_kernel
def _slot_of(world: World, search: Search, kind: int) -> int:
    """Return a free slot of the kind, or if there is none any of its slots."""
    first, beyond = world.fleet.first_slot[kind], world.fleet.first_slot[kind + 1]
    for slot in range(first, beyond):
        if search.rounds.size[slot] == 0:
            return int(slot)
    return int(first + draw_below(search.source, beyond - first))
