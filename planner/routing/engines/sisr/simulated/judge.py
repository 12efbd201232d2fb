"""What a route costs with one or two nodes more, in a few additions and without driving it.

Nobody takes a break or rests here, and roads are as fast as they ever are. Where a kind of vehicle knows neither breaks nor
rests nor speeds of the day (`Fleet.plain`) what is found is exact, and otherwise no route can do better.
"""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.arrays import NEVER, NONE
from planner.routing.engines.sisr.simulated.arrays import Search, World
from planner.routing.engines.sisr.simulated.known import LATE
from planner.routing.engines.sisr.simulated.note import leaves, onward_from, place_in, quickest, stays

_MS_AN_HOUR = 3_600_000.0


@lean_kernel
def judge(world: World, search: Search, slot: int, i: int, one: int, two: int, most: float) -> float:
    """Return the least that the slot's noted route costs with ``one``, and ``two`` if not `NONE`, before its i-th node.

    `NEVER` if it cannot be driven or costs ``most`` or more; ``figures[2]`` is 1 if the load is too much or comes too late.
    Not both are depots; a pair is given in its order.
    """
    demands, trial, kind = world.demands, search.trial, world.fleet.kind_of_slot[slot]
    trial.figures[2] = 0
    without_duty = cost_without_duty(world, search, slot, i, one, i, two)
    if without_duty >= min(most, NEVER):
        return NEVER
    if not _carries(world, search, slot, i, one, two):
        trial.figures[2] = 1
        return NEVER
    before, behind = _ready(world, search, slot, i, one, two)
    a = place_in(world, search, slot, i - 1)
    span, clock, until = leaves(world, search, slot, i, before)
    span, clock, until = call_at(world, kind, span, clock, until, a, one, search.routes.window[one], behind)
    a = demands.place[one]
    if two != NONE:
        span, clock, until = call_at(world, kind, span, clock, until, a, two, search.routes.window[two], behind)
        a = demands.place[two]
    cost = cost_home(world, search, slot, i, a, span, clock, until, without_duty)
    if cost >= NEVER and (before > 0 or behind > 0):
        trial.figures[2] = 1
    return cost if cost < most else NEVER


@lean_kernel
def cost_without_duty(world: World, search: Search, slot: int, i: int, one: int, j: int, two: int) -> float:
    """Return what the route costs with these nodes, duty aside; `NEVER` beyond a limit. ``two`` comes before the j-th."""
    known, fleet, kind = search.known, world.fleet, world.fleet.kind_of_slot[slot]
    metres, driving = _longer(world, search, slot, i, one, NONE if j > i else two)
    stops, handled = _handles(world, kind, one)
    added, reloads = 1, 1 - stops
    if two != NONE:
        if j > i:
            further, longer = _longer(world, search, slot, j, two, NONE)
            metres += further
            driving += longer
        also, more = _handles(world, kind, two)
        added, stops, handled = added + 1, stops + also, handled + more
        reloads = added - stops
    metres += known.metres[slot]
    driving += known.driving[slot]
    if (
        metres > fleet.max_metres[kind]
        or driving > fleet.max_driving[kind]
        or known.stops[slot] + stops > fleet.max_stops[kind]
        or known.reloads[slot] + reloads > fleet.max_reloads[kind]
    ):
        return NEVER
    without_duty = (
        fleet.fixed_cost[kind] + fleet.cost_per_metre[kind] * metres + fleet.cost_per_driving_ms[kind] * driving
    )
    d = fleet.share_dimension[kind]
    if d != NONE and world.balance_load > 0.0:
        share = (known.handled[slot] + handled) / fleet.capacity[kind, d]
        without_duty += world.balance_load * share * share
    return float(without_duty)


@lean_kernel
def _longer(world: World, search: Search, slot: int, i: int, one: int, two: int) -> tuple[float, int]:
    """Return the metres and milliseconds added by one or two nodes in a row on leg i."""
    kind, demands = world.fleet.kind_of_slot[slot], world.demands
    metres, table = world.legs.metres_out, world.fleet.table[kind]
    a, z, b = place_in(world, search, slot, i - 1), place_in(world, search, slot, i), demands.place[one]
    longer, driving = (
        metres[table, a, b] - metres[table, a, z],
        quickest(world, kind, a, b) - quickest(world, kind, a, z),
    )
    if two != NONE:
        c = demands.place[two]
        longer += metres[table, b, c]
        driving += quickest(world, kind, b, c)
        b = c
    return float(longer + metres[table, b, z]), driving + quickest(world, kind, b, z)


@lean_kernel
def _handles(world: World, kind: int, node: int) -> tuple[int, int]:
    """Return 1 for a stop, 0 for a depot, and the amount handled there in the dimension of the balance."""
    d, demands = world.fleet.share_dimension[kind], world.demands
    if node >= demands.stops:
        return 0, 0
    return 1, 0 if d == NONE else int(demands.delivery[node, d] + demands.pickup[node, d])


@inlined
def _carries(world: World, search: Search, slot: int, i: int, one: int, two: int) -> bool:
    """Say whether the loads of the trip, or of the two that it becomes, are within the capacity."""
    demands, known = world.demands, search.known
    splits = one >= demands.stops or (two != NONE and two >= demands.stops)
    stop = two if one >= demands.stops else one
    for d in range(world.fleet.capacity.shape[1]):
        most, load = world.fleet.capacity[world.fleet.kind_of_slot[slot], d], known.load[slot, i, d]
        down, up = (demands.delivery[stop, d], demands.pickup[stop, d]) if stop != NONE else (0, 0)
        if stop != NONE and demands.shipped[stop]:  # a pair in a row, or what a locked stop has picked up
            if load + up > most:
                return False
            continue
        if not splits:
            if known.peak_before[slot, i, d] + down > most or known.peak_behind[slot, i, d] + up > most:
                return False
            continue
        before, behind = known.to_deliver[slot, i, d], known.collected[slot, i, d]
        first = known.peak_before[slot, i, d] - before
        second = known.peak_behind[slot, i, d] - behind
        if one < demands.stops:
            first = max(first + down, load - before + up)
        elif stop != NONE:
            second = max(second + up, load - behind + down)
        if first > most or second > most:
            return False
    return True


@inlined
def _ready(world: World, search: Search, slot: int, i: int, one: int, two: int) -> tuple[int, int]:
    """Return when all is ready that the trip brings, and what the trip from a new reload on brings."""
    demands, known = world.demands, search.known
    before, behind = known.ready_before[slot, i], known.ready_behind[slot, i]
    if one >= demands.stops:
        return int(before), int(max(behind, demands.release[two]) if two != NONE else behind)
    before = max(before, demands.release[one])
    if two != NONE and two >= demands.stops:
        return int(before), int(behind)
    return int(max(before, behind)), 0


@lean_kernel
def call_at(
    world: World, kind: int, span: int, clock: int, until: int, a: int, node: int, w: int, ready: int
) -> tuple[int, int, int]:
    """Return span, clock and until on leaving the node, coming from place a; a clock of `LATE` or more if it is too late."""
    demands = world.demands
    leg, stay = quickest(world, kind, a, demands.place[node]), stays(world, kind, a, node)
    span, clock = span + leg, clock + leg
    if node >= demands.stops:
        return span + stay, max(clock + stay, ready), until
    closes = int(demands.closes[node, w])
    if clock > closes:
        return span, LATE, until
    return span + stay, max(clock, int(demands.opens[node, w])) + stay, min(until, closes - span)


@lean_kernel
def cost_home(
    world: World, search: Search, slot: int, i: int, a: int, span: int, clock: int, until: int, without_duty: float
) -> float:
    """Return what the route costs that leaves place a so and goes on to its i-th node; `NEVER` if that is too late."""
    fleet, kind = world.fleet, world.fleet.kind_of_slot[slot]
    leg = quickest(world, kind, a, place_in(world, search, slot, i))
    after, ends, latest = onward_from(world, search, slot, a, i)
    clock, span = clock + leg, span + leg
    if clock > latest:
        return NEVER
    until = min(until, latest - span)
    span += after
    ends = max(clock + after, ends)
    duty = ends - min(until, ends - span)
    if duty > fleet.max_duty[kind]:
        return NEVER
    hours = duty / _MS_AN_HOUR
    return float(without_duty + fleet.cost_per_ms[kind] * duty + world.balance_duty * hours * hours)


@lean_kernel
def takes_on(world: World, search: Search, slot: int, i: int, pickup: int) -> bool:
    """Say whether what is picked up for another stop may be on board on leg i."""
    for d in range(world.fleet.capacity.shape[1]):
        most = world.fleet.capacity[world.fleet.kind_of_slot[slot], d]
        if search.known.load[slot, i, d] + world.demands.pickup[pickup, d] > most:
            return False
    return True
