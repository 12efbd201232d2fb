"""What the round being looked at costs, exactly as `planner.routing.schedule` times it, or that it cannot be driven."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Rounds, Way, World
from planner.routing.engines.rich_rounds.clock import FAULT
from planner.routing.engines.rich_rounds.drive import (
    earliest_end,
    first_start,
    forward,
    latest_start,
    needed_for,
    note_ready,
    place_at,
    stay_at,
)

_MS_AN_HOUR = 3_600_000.0


@lean_kernel
def price(world: World, rounds: Rounds, way: Way, most: float) -> float:
    """Return what the round costs, `NEVER` if it cannot be driven or surely costs ``most`` or more.

    Takes the breaks that are due, on the legs for which the round ends first.
    """
    way.figures[2] = 0
    if not _may_call(world, way):
        return NEVER
    metres = metres_of(world, way)
    if metres > world.fleet.max_metres[way.kind[0]] or _at_least(world, way, metres) >= most:
        return NEVER
    if not carries(world, way):
        way.figures[2] = 1
        return NEVER
    late = note_ready(world, way)
    _take_always(world, way)
    while True:
        ends = earliest_end(world, rounds, way)
        if ends == FAULT:
            way.figures[2] = 1 if late else 0
            return NEVER
        starts = _start(world, rounds, way, ends)
        if not _take_spanned(world, way, starts, ends):
            return _cost(world, way, metres, starts, ends)


@lean_kernel
def price_as_noted(world: World, rounds: Rounds, way: Way) -> float:
    """Return what the round costs with its breaks as noted, `NEVER` if one is missing or it cannot be driven so.

    `price` has looked at the round before.
    """
    ends = forward(world, rounds, way, first_start(world, way))
    if ends == FAULT:
        return NEVER
    starts = _start(world, rounds, way, ends)
    count = way.break_count[0]
    if _take_spanned(world, way, starts, ends):
        way.break_count[0] = count
        return NEVER
    return _cost(world, way, metres_of(world, way), starts, ends)


@lean_kernel
def _start(world: World, rounds: Rounds, way: Way, ends: int) -> int:
    """Return when the round begins; where that makes no difference, as early as can be."""
    if not world.fleet.starts_matter[way.kind[0]]:
        return first_start(world, way)
    starts = latest_start(world, rounds, way, ends)
    if len(world.day.begins) > 1:
        forward(world, rounds, way, starts)  # for the time at the wheel
    return starts


@lean_kernel
def _may_call(world: World, way: Way) -> bool:
    calls, fleet, kind = world.calls, world.fleet, way.kind[0]
    reloads = 0
    for i in range(way.size[0]):
        if not fleet.allowed[kind, way.order[i]]:
            return False
        if way.order[i] >= calls.stops:
            reloads += 1
    return bool(reloads <= fleet.max_reloads[kind] and way.size[0] - reloads <= fleet.max_stops[kind])


@lean_kernel
def metres_of(world: World, way: Way) -> float:
    """Return how long the round is."""
    table, metres, a = world.fleet.table[way.kind[0]], 0.0, place_at(world, way, -1)
    for i in range(way.size[0] + 1):
        b = place_at(world, way, i)
        metres += world.legs.metres_out[table, a, b]
        a = b
    return float(metres)


@lean_kernel
def _at_least(world: World, way: Way, metres: float) -> float:
    """Return a cost that the round cannot undercut: nobody waits, nobody rests, and the roads are free."""
    fleet, kind = world.fleet, way.kind[0]
    driving, stays = 0, 0
    for i in range(way.size[0]):
        driving += needed_for(world, way, i)
        stays += stay_at(world, way, i)
    driving += needed_for(world, way, way.size[0])
    at_wheel = driving / world.day.fastest
    hours = (at_wheel + stays) / _MS_AN_HOUR
    return float(
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * (at_wheel + stays)
        + fleet.cost_per_driving_ms[kind] * at_wheel
        + world.balance_duty * hours * hours
        + _share_cost(world, way)
    )


@lean_kernel
def _share_cost(world: World, way: Way) -> float:
    d = world.fleet.share_dimension[way.kind[0]]
    if d == NONE or world.balance_load == 0.0:
        return 0.0
    handled = 0
    for i in range(way.size[0]):
        handled += world.calls.delivery[way.order[i], d] + world.calls.pickup[way.order[i], d]
    share = handled / world.fleet.capacity[way.kind[0], d]
    return float(world.balance_load * share * share)


@lean_kernel
def carries(world: World, way: Way) -> bool:
    """Say whether the load stays within the capacity (see `planner.routing.loads`)."""
    calls, size = world.calls, way.size[0]
    for d in range(world.fleet.capacity.shape[1]):
        capacity = world.fleet.capacity[way.kind[0], d]
        to_deliver = 0  # from the next depot on, worked out backward
        way.load[size] = 0
        for i in range(size - 1, -1, -1):
            node = way.order[i]
            if node >= calls.stops:
                way.load[i] = to_deliver
                to_deliver = 0
            elif not calls.shipped[node]:
                to_deliver += calls.delivery[node, d]
        load, shipped = to_deliver, 0
        if load > capacity:
            return False
        for i in range(size):
            node = way.order[i]
            if node >= calls.stops:
                load = shipped + way.load[i]
            else:
                change = calls.pickup[node, d] - calls.delivery[node, d]
                load += change
                if calls.shipped[node]:
                    shipped += change
            if load > capacity:
                return False
    return True


@lean_kernel
def _take_always(world: World, way: Way) -> None:
    """Note the breaks that are taken whatever the round."""
    fleet, kind = world.fleet, way.kind[0]
    way.break_count[0] = 0
    for b in range(fleet.first_break[kind], fleet.first_break[kind + 1]):
        if fleet.break_always[b]:
            way.breaks[way.break_count[0]] = b
            way.break_count[0] += 1


@lean_kernel
def _take_spanned(world: World, way: Way, starts: int, ends: int) -> bool:
    """Note the breaks that a round from ``starts`` to ``ends`` may not leave out; return whether there was one more."""
    fleet, kind = world.fleet, way.kind[0]
    before = way.break_count[0]
    for b in range(fleet.first_break[kind], fleet.first_break[kind + 1]):
        last = fleet.break_closes[b, fleet.break_windows[b] - 1]
        taken = False
        for j in range(way.break_count[0]):
            taken = taken or way.breaks[j] == b
        if taken or not starts <= last < ends:
            continue
        j = way.break_count[0]
        while j > 0 and way.breaks[j - 1] > b:
            way.breaks[j] = way.breaks[j - 1]
            j -= 1
        way.breaks[j] = b
        way.break_count[0] += 1
    return bool(way.break_count[0] > before)


@lean_kernel
def _cost(world: World, way: Way, metres: float, starts: int, ends: int) -> float:
    fleet, kind = world.fleet, way.kind[0]
    duty, driving = ends - starts, way.figures[0]
    if duty > fleet.max_duty[kind] or driving > fleet.max_driving[kind]:
        return NEVER
    hours = duty / _MS_AN_HOUR
    return float(
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * duty
        + fleet.cost_per_driving_ms[kind] * driving
        + world.balance_duty * hours * hours
        + _share_cost(world, way)
    )
