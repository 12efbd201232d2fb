"""Settle a route whose stops are in order: do without a reload or move it, move its breaks, give it another vehicle."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.draws import draw_below
from planner.routing.engines.sisr.simulated.arrays import NEVER, NONE, Search, World
from planner.routing.engines.sisr.simulated.judge import judge
from planner.routing.engines.sisr.simulated.note import note
from planner.routing.engines.sisr.simulated.price import price, price_as_noted
from planner.routing.engines.sisr.simulated.recreate import build_with, look_and_price
from planner.routing.engines.sisr.simulated.routes import give, locked_part, look_at, make_offer, remember

_GAIN = 1e-9


@lean_kernel
def settle(world: World, search: Search, slot: int) -> None:
    """Work out the cost of the slot's route anew, with its reloads and breaks where they cost least."""
    routes, fleet, kind = search.routes, world.fleet, world.fleet.kind_of_slot[slot]
    cost = look_and_price(world, search, slot)
    if fleet.max_reloads[kind] > 0 and routes.size[slot] > 0:
        cost = _move_reloads(world, search, slot, cost)
    if cost < NEVER and routes.size[slot] > 0 and fleet.starts_matter[kind] and search.trial.break_count[0] > 0:
        cost = move_breaks(world, search, cost)
    routes.cost[slot] = cost if routes.size[slot] > 0 else 0.0


@inlined
def _move_reloads(world: World, search: Search, slot: int, cost: float) -> float:
    """Try each reload nowhere and everywhere else; return the cost, the route being the one looked at."""
    routes, trial, stops = search.routes, search.trial, world.demands.stops
    i = 0
    while i < routes.size[slot]:
        node = routes.order[slot, i]
        if node < stops:
            i += 1
            continue
        _build_without(search, world, slot, i)
        without = price(world, routes, trial, cost + 2 * _GAIN)  # two in a row cost nothing
        give(world, routes, slot, trial.order, trial.size[0], without)
        if without < NEVER and without <= cost + _GAIN:
            cost = without
            continue
        cost = _put_reload(world, search, slot, i, node, cost)
        i += 1
    return look_and_price(world, search, slot)


@inlined
def _put_reload(world: World, search: Search, slot: int, i: int, depot: int, cost: float) -> float:
    """Put a reload where it costs least on the trip that lacks it, or for ``cost`` before the i-th node; return the cost."""
    routes, trial, stops, kind = search.routes, search.trial, world.demands.stops, world.fleet.kind_of_slot[slot]
    note(world, search, slot)
    j = search.known.first[slot, i]
    while j >= 0:
        for other in range(stops, len(world.demands.place)):
            if not world.fleet.allowed[kind, other]:
                continue
            moved = judge(world, search, slot, j, other, NONE, cost - _GAIN)
            if moved < NEVER and not (world.fleet.plain[kind] and cost < NEVER):
                build_with(search, world, slot, other, j, NONE, j)
                moved = price(world, routes, trial, cost - _GAIN)
            if moved < cost - _GAIN:
                i, depot, cost = j, other, moved
        j = j + 1 if j < routes.size[slot] and routes.order[slot, j] < stops else -1
    build_with(search, world, slot, depot, i, NONE, i)
    give(world, routes, slot, trial.order, trial.size[0], cost)
    return cost


@lean_kernel
def _build_without(search: Search, world: World, slot: int, i: int) -> None:
    """Look at the slot's route without its i-th node."""
    routes, trial = search.routes, search.trial
    trial.kind[0] = world.fleet.kind_of_slot[slot]
    trial.size[0] = routes.size[slot] - 1
    for k in range(trial.size[0]):
        trial.order[k] = routes.order[slot, k if k < i else k + 1]


@lean_kernel
def move_breaks(world: World, search: Search, cost: float) -> float:
    """Try each break of the route being looked at on every leg between its neighbours; return the least cost."""
    routes, trial = search.routes, search.trial
    for j in range(trial.break_count[0]):
        first = trial.leg[j - 1] if j > 0 else 0
        last = trial.leg[j + 1] if j + 1 < trial.break_count[0] else trial.size[0]
        best = trial.leg[j]
        for i in range(first, last + 1):
            trial.leg[j] = i
            moved = price_as_noted(world, routes, trial)
            if moved < cost - _GAIN:
                best, cost = i, moved
        trial.leg[j] = best
    return cost


@lean_kernel
def retype(world: World, search: Search, slot: int) -> None:
    """Give the slot's route to another kind, drawn at random, where that costs less: to a free vehicle or in exchange."""
    routes, trial, fleet, kinds = search.routes, search.trial, world.fleet, len(world.fleet.capacity)
    kind = draw_below(search.source, kinds)
    mine = fleet.kind_of_slot[slot]
    if kind == mine or routes.size[slot] == 0 or locked_part(world, routes, slot) > 0:
        return
    other = _slot_of(world, search, kind)
    if routes.size[other] > 0 and locked_part(world, routes, other) > 0:
        return
    before = routes.cost[slot] + routes.cost[other]
    offer = search.offer
    one, two = NEVER, 0.0
    for reloads in range(2):  # as it is, and if it holds reloads without them
        look_at(world, routes, trial, slot)
        trial.kind[0] = kind
        if reloads == 1 and not _drop_reloads(world, search):
            break
        cost = price(world, routes, trial, min(one, before))
        if cost < one:
            make_offer(offer, trial, other, 0.0)
            one = cost
    if one >= NEVER:
        return
    if routes.size[other] > 0:
        look_at(world, routes, trial, other)
        trial.kind[0] = mine
        two = price(world, routes, trial, before - one)
    if one + two >= before - _GAIN:
        return
    remember(routes, search.undo, slot)
    remember(routes, search.undo, other)
    give(world, routes, slot, routes.order[other], routes.size[other], two)
    give(world, routes, other, offer.order, offer.size[0], one)


@lean_kernel
def _drop_reloads(world: World, search: Search) -> bool:
    """Look at the route without its reloads; return whether it had any."""
    trial, at = search.trial, 0
    for i in range(trial.size[0]):
        if trial.order[i] < world.demands.stops:
            trial.order[at] = trial.order[i]
            at += 1
    dropped = at < trial.size[0]
    trial.size[0] = at
    return bool(dropped)


@lean_kernel
def _slot_of(world: World, search: Search, kind: int) -> int:
    """Return a free slot of the kind, or if there is none any of its slots."""
    first, beyond = world.fleet.first_slot[kind], world.fleet.first_slot[kind + 1]
    for slot in range(first, beyond):
        if search.routes.size[slot] == 0:
            return int(slot)
    return int(first + draw_below(search.source, beyond - first))
