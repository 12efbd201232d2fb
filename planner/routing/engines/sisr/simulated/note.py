"""Note what is known of a slot's route (see `Known`): once after it has changed, in two passes over its nodes."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.simulated.arrays import NONE, Search, World
from planner.routing.engines.sisr.simulated.known import LATE


@lean_kernel
def place_in(world: World, search: Search, slot: int, i: int) -> int:
    """Return the place of the i-th node of the slot's route; -1 is where it starts, its size where it ends."""
    kind = world.fleet.kind_of_slot[slot]
    if i < 0:
        return int(world.fleet.start[kind])
    if i >= search.routes.size[slot]:
        return int(world.fleet.end[kind])
    return int(world.demands.place[search.routes.order[slot, i]])


@lean_kernel
def quickest(world: World, kind: int, a: int, b: int) -> int:
    """Return the milliseconds from place to place when driving goes fastest."""
    needed = int(world.legs.duration_out[world.fleet.table[kind], a, b])
    return needed if len(world.day.begins) == 1 else int(needed / world.day.fastest)


@lean_kernel
def stays(world: World, kind: int, a: int, node: int) -> int:
    """Return how long a vehicle that comes from place a is busy at the node."""
    demands = world.demands
    if node >= demands.stops:
        return int(world.fleet.reload_duration[kind])
    return int(demands.service[node] + (demands.setup[node] if demands.place[node] != a else 0))


@lean_kernel
def onward_from(world: World, search: Search, slot: int, a: int, i: int) -> tuple[int, int, int]:
    """Return span, clock and until from arriving at the i-th node, coming from place a, to the end of the route."""
    demands, known, kind = world.demands, search.known, world.fleet.kind_of_slot[slot]
    if i == search.routes.size[slot]:
        return 0, -LATE, int(world.fleet.shift_end[kind])
    node = search.routes.order[slot, i]
    stay = stays(world, kind, a, node)
    if node >= demands.stops:
        opens, until = known.ready_behind[slot, i + 1] - stay, known.tail_until[slot, i] - stay
    else:
        w = search.routes.window[node]
        opens, until = demands.opens[node, w], min(demands.closes[node, w], known.tail_until[slot, i] - stay)
    if opens > until:
        until = -LATE
    span = stay + known.tail_span[slot, i]
    return int(span), int(max(opens + span, known.tail_clock[slot, i])), int(until)


@lean_kernel
def leaves(world: World, search: Search, slot: int, i: int, ready: int) -> tuple[int, int, int]:
    """Return span, clock and until from the start to leaving the node before leg i, the trip's load ready by then."""
    known = search.known
    first = known.first[slot, i]
    begins = max(known.head_clock[slot, first], ready)
    if begins > known.until[slot, i]:
        return 0, LATE, 0
    before = known.head_span[slot, first]
    return (
        int(before + known.span[slot, i]),
        int(max(begins + known.span[slot, i], known.clock[slot, i])),
        int(min(known.head_until[slot, first], known.until[slot, i] - before)),
    )


@lean_kernel
def note(world: World, search: Search, slot: int) -> None:
    """Note what is known of the slot's route, unless it is noted already."""
    if search.known.noted[slot]:
        return
    search.known.noted[slot] = True
    _note_behind(world, search, slot)
    _note_before(world, search, slot)
    for d in range(world.fleet.capacity.shape[1]):
        _note_loads(world, search, slot, d)


@inlined
def _note_behind(world: World, search: Search, slot: int) -> None:
    known, routes, demands, kind = search.known, search.routes, world.demands, world.fleet.kind_of_slot[slot]
    size = routes.size[slot]
    known.ready_behind[slot, size] = 0
    b = place_in(world, search, slot, size)
    table = world.fleet.table[kind]
    metres, driving, locked, reloads, handled = 0.0, 0, 0, 0, 0
    d = world.fleet.share_dimension[kind]
    for i in range(size - 1, -1, -1):
        node, a = routes.order[slot, i], place_in(world, search, slot, i)
        leg = quickest(world, kind, a, b)
        span, clock, until = onward_from(world, search, slot, a, i + 1)
        known.tail_span[slot, i], known.tail_clock[slot, i], known.tail_until[slot, i] = span + leg, clock, until - leg
        metres += world.legs.metres_out[table, a, b]
        driving += leg
        known.ready_behind[slot, i] = 0
        if node >= demands.stops:
            reloads += 1
        else:
            known.ready_behind[slot, i] = max(known.ready_behind[slot, i + 1], demands.release[node])
            if locked == 0 and demands.locked[node]:
                locked = i + 1
            if d != NONE:
                handled += demands.delivery[node, d] + demands.pickup[node, d]
        b = a
    a = place_in(world, search, slot, -1)
    known.metres[slot] = metres + world.legs.metres_out[table, a, b]
    known.driving[slot] = driving + quickest(world, kind, a, b)
    known.stops[slot], known.reloads[slot] = size - reloads, reloads
    known.handled[slot], known.locked[slot] = handled, locked


@inlined
def _note_before(world: World, search: Search, slot: int) -> None:
    known, routes, demands, kind = search.known, search.routes, world.demands, world.fleet.kind_of_slot[slot]
    _begin_trip(search, slot, 0, 0, world.fleet.shift_start[kind], LATE)
    soonest = world.fleet.shift_start[kind]
    known.soonest[slot, 0] = soonest
    a = place_in(world, search, slot, -1)
    for i in range(routes.size[slot]):
        node, b = routes.order[slot, i], place_in(world, search, slot, i)
        leg, stay = quickest(world, kind, a, b), stays(world, kind, a, node)
        if node >= demands.stops:
            soonest += leg + stay
            ready = known.ready_behind[slot, known.first[slot, i]]
            span, clock, until = leaves(world, search, slot, i, ready)
            _begin_trip(search, slot, i + 1, span + leg + stay, clock + leg + stay, until)
        else:
            w = routes.window[node]
            opens, closes = demands.opens[node, w], demands.closes[node, w]
            soonest = max(soonest + leg, opens) + stay
            arrives, span = known.clock[slot, i] + leg, known.span[slot, i] + leg
            until = min(known.until[slot, i], closes - span) if arrives <= closes else -LATE
            known.first[slot, i + 1] = known.first[slot, i]
            known.span[slot, i + 1], known.until[slot, i + 1] = span + stay, until
            known.clock[slot, i + 1] = max(arrives, opens) + stay
            known.ready_before[slot, i + 1] = max(known.ready_before[slot, i], demands.release[node])
        known.soonest[slot, i + 1] = soonest
        a = b


@lean_kernel
def _begin_trip(search: Search, slot: int, i: int, span: int, clock: int, until: int) -> None:
    """Let leg i be the first of a trip whose depot is left so long after the start, reloaded then, before releases."""
    known = search.known
    known.first[slot, i], known.ready_before[slot, i] = i, 0
    known.head_span[slot, i], known.head_clock[slot, i], known.head_until[slot, i] = span, clock, until
    known.span[slot, i], known.clock[slot, i], known.until[slot, i] = 0, -LATE, LATE


@inlined
def _note_loads(world: World, search: Search, slot: int, d: int) -> None:
    """Note the loads in one dimension (see `planner.routing.loads`)."""
    known, routes, demands = search.known, search.routes, world.demands
    size = routes.size[slot]
    to_deliver = 0
    known.to_deliver[slot, size, d] = 0
    for i in range(size - 1, -1, -1):
        node = routes.order[slot, i]
        if node >= demands.stops:
            to_deliver = 0
        elif not demands.shipped[node]:
            to_deliver += demands.delivery[node, d]
        known.to_deliver[slot, i, d] = to_deliver
    load, shipped, collected, peak = to_deliver, 0, 0, to_deliver
    for i in range(size + 1):
        known.load[slot, i, d], known.collected[slot, i, d], known.peak_before[slot, i, d] = load, collected, peak
        if i == size:
            break
        node = routes.order[slot, i]
        if node >= demands.stops:
            load, collected = shipped + known.to_deliver[slot, i + 1, d], 0
            peak = load
            continue
        load += demands.pickup[node, d] - demands.delivery[node, d]
        peak = max(peak, load)
        if demands.shipped[node]:
            shipped += demands.pickup[node, d] - demands.delivery[node, d]
        else:
            collected += demands.pickup[node, d]
    peak = 0
    for i in range(size, -1, -1):
        if i < size and routes.order[slot, i] >= demands.stops:
            peak = 0
        peak = max(peak, known.load[slot, i, d])
        known.peak_behind[slot, i, d] = peak
