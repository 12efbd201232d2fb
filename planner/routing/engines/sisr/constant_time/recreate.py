"""Recreate: put the pending stops back, each where it costs least, now and then overlooking a place ("blinks")."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import ANY_KIND, Demands, Fleet, Routes, Scratch, Search, World
from planner.routing.engines.sisr.constant_time.routes import end_of, link, refresh, remember, start_of
from planner.routing.engines.sisr.draws import WordArray, draw
from planner.routing.engines.sisr.search import sort_pending
from planner.units import IntArray


@lean_kernel
def recreate(world: World, search: Search, count: int) -> int:
    """Insert the first ``count`` pending stops; the ones left over are moved to the front and their number returned."""
    routes, scratch, pending = search.routes, search.scratch, search.pending
    sort_pending(world, search, count)
    everywhere = draw(search.source) < world.parameters.all_routes_share
    left = 0
    for i in range(count):
        stop = pending[i]
        slot, before, window = _best_place(world, routes, stop, everywhere, scratch, search.source)
        if slot < 0:
            pending[left] = stop
            left += 1
            continue
        if routes.size[slot] == 0:
            scratch.openings[0] -= 1
        remember(world, routes, search.undo, slot)
        link(world, routes, slot, before, stop, window)
        refresh(world, routes, slot)
    return left


@lean_kernel
def _best_place(
    world: World, routes: Routes, stop: int, everywhere: bool, scratch: Scratch, source: WordArray
) -> tuple[int, int, int]:
    """Return the slot, the node behind which the stop costs least and its window, slot -1 if leaving it out costs less."""
    best, best_slot, best_before, best_window = world.demands.penalty[stop], -1, -1, 0
    if not everywhere:
        scratch.stamp[0] += 1
        stamp, seen = scratch.stamp[0], scratch.seen
        for q in range(1, min(world.parameters.near, world.neighbours.shape[1])):
            slot = routes.slot[world.neighbours[stop, q]]
            if slot >= 0 and seen[slot] != stamp:
                seen[slot] = stamp
                best, before, window = _scan(world, routes, stop, slot, best, source)
                if before >= 0:
                    best_slot, best_before, best_window = slot, before, window
    first_slot = world.fleet.first_slot
    only_kind = scratch.only_kind[0]
    for kind in range(len(first_slot) - 1):
        if scratch.openings[0] <= 0 or only_kind not in (ANY_KIND, kind):
            continue
        for slot in range(first_slot[kind], first_slot[kind + 1]):
            if routes.size[slot] == 0:
                best, before, window = _scan(world, routes, stop, slot, best, source)
                if before >= 0:
                    best_slot, best_before, best_window = slot, before, window
                break
    if everywhere or best_slot < 0:
        for slot in range(len(routes.size)):
            if routes.size[slot] > 0:
                best, before, window = _scan(world, routes, stop, slot, best, source)
                if before >= 0:
                    best_slot, best_before, best_window = slot, before, window
    return best_slot, best_before, best_window


@lean_kernel
def _scan(world: World, routes: Routes, stop: int, slot: int, best: float, source: WordArray) -> tuple[float, int, int]:
    """Return the least added cost below ``best`` in the slot's route, the node before it and the window; or -1."""
    demands, fleet, place = world.demands, world.fleet, world.place
    kind, end = fleet.kind_of_slot[slot], end_of(world, slot)
    if not fleet.allowed[kind, stop] or routes.size[slot] >= fleet.max_stops[kind]:
        return best, -1, 0
    table = fleet.table[kind]
    metres_in, metres_out = world.legs.metres_in[table, stop], world.legs.metres_out[table, stop]
    duration_in, duration_out = world.legs.duration_in[table, stop], world.legs.duration_out[table, stop]
    windows, service = demands.windows[stop], demands.service[stop]
    last = demands.closes[stop, windows - 1]
    per_metre, per_ms = fleet.cost_per_metre[kind], fleet.cost_per_ms[kind]
    fixed = fleet.fixed_cost[kind] if routes.size[slot] == 0 else 0.0
    found, found_window = -1, 0
    a = start_of(world, slot)
    while a != end:
        b = routes.next[a]
        there, onward = duration_in[place[a]], duration_out[place[b]]
        arrives = routes.ready_before[a] + there
        if routes.ready_before[a] > last or not _delivery_fits(routes, demands, fleet.capacity[kind], a, stop):
            break  # both only grow along the route
        if arrives > last:  # from a later node the way may be shorter
            a = b
            continue
        detour = metres_in[place[a]] + metres_out[place[b]] - routes.leg_metres[b]
        driving = fixed + per_metre * detour
        if fleet.driven:
            longer = there + onward - routes.leg_duration[b]
            if not _may_drive(routes, fleet, slot, detour, longer):
                a = b
                continue
            driving += fleet.cost_per_driving_ms[kind] * longer
        for w in range(windows):
            opens, closes = demands.opens[stop, w], demands.closes[stop, w]
            if arrives > closes:
                continue
            added = driving
            if fleet.timed:
                duty = _duty_with(routes, a, b, opens, closes, there, service, onward)
                if duty > fleet.max_duty[kind]:
                    continue
                added += per_ms * (duty - routes.slot_duty[slot])
            if (
                added < best
                and max(arrives, opens) + service + onward <= routes.latest_after[b]
                and _pickup_fits(routes, demands, fleet.capacity[kind], a, stop)
                and draw(source) >= world.parameters.blink_share
            ):
                best, found, found_window = added, a, w
        a = b
    return best, found, found_window


@lean_kernel
def _may_drive(routes: Routes, fleet: Fleet, slot: int, detour: float, longer: int) -> bool:
    """Say whether the slot's route may become so many metres and milliseconds longer."""
    kind = fleet.kind_of_slot[slot]
    near = routes.slot_metres[slot] + detour <= fleet.max_metres[kind]
    return bool(near and routes.slot_driving[slot] + longer <= fleet.max_driving[kind])


@lean_kernel
def _delivery_fits(routes: Routes, demands: Demands, capacity: IntArray, a: int, stop: int) -> bool:
    """Say whether the stop's delivery can be carried from the start as far as node a."""
    for d in range(len(capacity)):  # noqa: SIM110 - compiled without a generator
        if routes.peak_before[a, d] + demands.delivery[stop, d] > capacity[d]:
            return False
    return True


@lean_kernel
def _pickup_fits(routes: Routes, demands: Demands, capacity: IntArray, a: int, stop: int) -> bool:
    """Say whether the stop's pickup can be carried from behind node a to the end."""
    for d in range(len(capacity)):  # noqa: SIM110 - compiled without a generator
        if routes.peak_after[a, d] + demands.pickup[stop, d] > capacity[d]:
            return False
    return True


@lean_kernel
def _duty_with(routes: Routes, a: int, b: int, opens: int, closes: int, there: int, service: int, onward: int) -> int:
    """Return how long the route lasts with a stop between a and b, leaving the depot as late as that allows."""
    arrives = routes.work_before[a] + there
    latest = min(routes.latest_before[a], closes - arrives)
    work = arrives + service + onward
    ready = max(routes.ready_before[a] + there, opens) + service + onward
    latest = min(latest, routes.latest_after[b] - work)
    ends = max(ready + routes.work_after[b], routes.ready_after[b])
    return int(max(work + routes.work_after[b], ends - latest))
