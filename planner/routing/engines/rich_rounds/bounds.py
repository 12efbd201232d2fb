"""What rules out a place in a round at once: times that no break or rest makes earlier, and the detour alone."""

from __future__ import annotations

from planner.routing.engines.rich_rounds.arrays import NONE, Search, World
from planner.routing.engines.rich_rounds.clock import arrive, depart
from planner.routing.engines.ruin_recreate.kernel import kernel


@kernel
def place_in(world: World, search: Search, slot: int, i: int) -> int:
    """Return the place of the i-th node of the slot's round; -1 is where it starts, its size where it ends."""
    kind = world.fleet.kind_of_slot[slot]
    if i < 0:
        return int(world.fleet.start[kind])
    if i >= search.rounds.size[slot]:
        return int(world.fleet.end[kind])
    return int(world.calls.place[search.rounds.order[slot, i]])


@kernel
def bound_times(world: World, search: Search, slot: int) -> None:
    """Note for each leg of the slot's round the earliest time to set out and the latest to arrive, nobody ever pausing."""
    calls, fleet, rounds, way = world.calls, world.fleet, search.rounds, search.way
    kind, size = fleet.kind_of_slot[slot], rounds.size[slot]
    legs = world.legs.duration_out[fleet.table[kind]]
    way.sets_out[0] = fleet.shift_start[kind]
    a = place_in(world, search, slot, -1)
    for i in range(size):
        node, b = rounds.order[slot, i], place_in(world, search, slot, i)
        clock = arrive(world.day, way.sets_out[i], legs[a, b])
        if node < calls.stops:
            setup = calls.setup[node] if a != b else 0
            clock = max(clock, calls.opens[node, rounds.window[node]]) + setup + calls.service[node]
        else:
            clock += fleet.reload_duration[kind]
        way.sets_out[i + 1] = clock
        a = b
    way.arrives[size] = fleet.shift_end[kind]
    b = place_in(world, search, slot, size)
    for i in range(size - 1, -1, -1):
        node, a = rounds.order[slot, i], place_in(world, search, slot, i)
        latest = depart(world.day, way.arrives[i + 1], legs[a, b])
        if node < calls.stops:
            latest = min(latest - calls.service[node], calls.closes[node, rounds.window[node]])
        way.arrives[i] = latest
        b = a


@kernel
def leaves_after(world: World, search: Search, slot: int, a: int, sets_out: int, stop: int) -> int:
    """Return the earliest time to leave the stop for a vehicle that leaves place a at ``sets_out``; `NONE` if none is."""
    calls = world.calls
    legs = world.legs.duration_out[world.fleet.table[world.fleet.kind_of_slot[slot]]]
    arrives = arrive(world.day, sets_out, legs[a, calls.place[stop]])
    if arrives > calls.closes[stop, calls.windows[stop] - 1]:
        return NONE
    return int(max(arrives, calls.opens[stop, 0]) + calls.service[stop])


@kernel
def in_time(world: World, search: Search, slot: int, stop: int, leaves: int, i: int) -> bool:
    """Say whether a vehicle that leaves the stop then may still reach the i-th node of the slot's round."""
    legs = world.legs.duration_out[world.fleet.table[world.fleet.kind_of_slot[slot]]]
    to = place_in(world, search, slot, i)
    return bool(arrive(world.day, leaves, legs[world.calls.place[stop], to]) <= search.way.arrives[i])


@kernel
def onward(world: World, search: Search, slot: int, a: int, leaves: int, i: int) -> int:
    """Return the earliest time to leave the i-th node for a vehicle that leaves place a then."""
    calls, node, kind = world.calls, search.rounds.order[slot, i], world.fleet.kind_of_slot[slot]
    legs = world.legs.duration_out[world.fleet.table[kind]]
    clock = arrive(world.day, leaves, legs[a, calls.place[node]])
    if node >= calls.stops:
        return int(clock + world.fleet.reload_duration[kind])
    return int(max(clock, calls.opens[node, search.rounds.window[node]]) + calls.service[node])


@kernel
def detour(world: World, search: Search, slot: int, one: int, i: int) -> float:
    """Return the metres added by a node before the i-th of the slot's round."""
    metres = world.legs.metres_out[world.fleet.table[world.fleet.kind_of_slot[slot]]]
    a, b, here = place_in(world, search, slot, i - 1), place_in(world, search, slot, i), world.calls.place[one]
    direct = metres[a, b] if search.rounds.size[slot] > 0 else 0.0
    return float(metres[a, here] + metres[here, b] - direct)


@kernel
def detour_of_two(world: World, search: Search, slot: int, one: int, two: int, i: int) -> float:
    """Return the metres added by two nodes one after the other before the i-th of the slot's round."""
    metres = world.legs.metres_out[world.fleet.table[world.fleet.kind_of_slot[slot]]]
    a, b = place_in(world, search, slot, i - 1), place_in(world, search, slot, i)
    first, second = world.calls.place[one], world.calls.place[two]
    direct = metres[a, b] if search.rounds.size[slot] > 0 else 0.0
    return float(metres[a, first] + metres[first, second] + metres[second, b] - direct)
