"""The round being looked at, driven: its earliest end, the legs on which its breaks are taken, its latest start."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.rich_rounds.arrays import Rounds, Way, World
from planner.routing.engines.rich_rounds.clock import FAULT, depart, go


@lean_kernel
def place_at(world: World, way: Way, i: int) -> int:
    """Return the place of the i-th node; -1 is where the round starts, its size where it ends."""
    if i < 0:
        return int(world.fleet.start[way.kind[0]])
    if i >= way.size[0]:
        return int(world.fleet.end[way.kind[0]])
    return int(world.calls.place[way.order[i]])


@lean_kernel
def needed_for(world: World, way: Way, i: int) -> int:
    """Return how long the i-th leg takes at normal speed."""
    table = world.fleet.table[way.kind[0]]
    return int(world.legs.duration_out[table, place_at(world, way, i - 1), place_at(world, way, i)])


@lean_kernel
def stay_at(world: World, way: Way, i: int) -> int:
    """Return how long the vehicle is busy at the i-th node: setup and service, or reloading."""
    calls, node = world.calls, way.order[i]
    if node >= calls.stops:
        return int(world.fleet.reload_duration[way.kind[0]])
    setup = calls.setup[node] if place_at(world, way, i - 1) != calls.place[node] else 0
    return int(setup + calls.service[node])


@lean_kernel
def _serve(world: World, rounds: Rounds, way: Way, i: int, arrives: int, wheel: int) -> tuple[int, int]:
    """Return when the vehicle leaves the i-th node, `FAULT` if it is too late for it, and the time at the wheel then."""
    calls, node, kind = world.calls, way.order[i], way.kind[0]
    if node >= calls.stops:
        begins = max(arrives, way.ready[i + 1] - stay_at(world, way, i))
        if world.fleet.rule_driving[kind] > 0 and begins - arrives >= world.fleet.rule_rest[kind]:
            wheel = 0
        return int(begins + stay_at(world, way, i)), wheel
    w = rounds.window[node]
    if arrives > calls.closes[node, w]:
        return FAULT, 0
    begins = max(arrives, calls.opens[node, w])
    if world.fleet.rule_driving[kind] > 0 and begins - arrives >= world.fleet.rule_rest[kind]:
        wheel = 0
    return int(begins + stay_at(world, way, i)), wheel


@lean_kernel
def note_ready(world: World, way: Way) -> bool:
    """Note when the loads of the round are ready; return whether any has to be waited for."""
    way.ready[way.size[0]] = 0
    late = False
    for i in range(way.size[0] - 1, -1, -1):
        node = way.order[i]
        way.ready[i] = 0 if node >= world.calls.stops else max(way.ready[i + 1], world.calls.release[node])
        late = late or way.ready[i] > 0
    return late


@lean_kernel
def first_start(world: World, way: Way) -> int:
    """Return the earliest start: of the shift, or when the first load is ready."""
    return int(max(world.fleet.shift_start[way.kind[0]], way.ready[0]))


@lean_kernel
def forward(world: World, rounds: Rounds, way: Way, start: int) -> int:
    """Return when the round ends if it begins at ``start``, `FAULT` if that breaks a window or the shift.

    Breaks are taken on the legs noted; notes the time at the wheel and the number of rests.
    """
    clock, wheel, j = start, 0, 0
    way.figures[0] = way.figures[1] = 0
    for i in range(way.size[0] + 1):
        first = j
        while j < way.break_count[0] and way.leg[j] == i:
            j += 1
        clock, wheel, drove, rests = go(world, way, clock, wheel, needed_for(world, way, i), first, j)
        if clock == FAULT:
            return FAULT
        way.figures[0] += drove
        way.figures[1] += rests
        if i < way.size[0]:
            clock, wheel = _serve(world, rounds, way, i, clock, wheel)
            if clock == FAULT:
                return FAULT
    return clock if clock <= world.fleet.shift_end[way.kind[0]] else FAULT


@lean_kernel
def earliest_end(world: World, rounds: Rounds, way: Way) -> int:
    """Return the earliest end of the round, `FAULT` if there is none, and note the legs on which its breaks are taken.

    Dynamic programming: after each node, for each number of breaks taken, the earliest departure. With a driving rule it is
    not certain that the earliest is the best, but what is found can be driven.
    """
    start, breaks, size = first_start(world, way), way.break_count[0], way.size[0]
    if breaks == 0:
        return forward(world, rounds, way, start)
    clock, wheel, now = way.clock, way.wheel, 0
    for m in range(breaks + 1):
        clock[0, m] = start if m == 0 else FAULT
        wheel[0, m] = 0
    for i in range(size + 1):
        needed = needed_for(world, way, i)
        for m in range(breaks + 1):
            clock[1 - now, m] = FAULT
            for k in range(m + 1):
                if clock[now, k] == FAULT:
                    continue
                leaves, at_wheel, _, _ = go(world, way, clock[now, k], wheel[now, k], needed, k, m)
                if leaves != FAULT and i < size:
                    leaves, at_wheel = _serve(world, rounds, way, i, leaves, at_wheel)
                known = clock[1 - now, m]
                if leaves == FAULT or (known != FAULT and known <= leaves):
                    continue
                clock[1 - now, m], wheel[1 - now, m], way.chosen[i, m] = leaves, at_wheel, k
        now = 1 - now
    if clock[now, breaks] == FAULT:
        return FAULT
    m = breaks
    for i in range(size, -1, -1):
        for j in range(way.chosen[i, m], m):
            way.leg[j] = i
        m = way.chosen[i, m]
    return forward(world, rounds, way, start)


@lean_kernel
def latest_start(world: World, rounds: Rounds, way: Way, ends: int) -> int:
    """Return the latest start with which the round, its breaks on the legs noted, still ends by ``ends``.

    `forward` from the first start has come before. Without rests and without breaks under speeds of the day it is
    worked out backward, else by halving as `planner.routing.schedule` does.
    """
    kind = way.kind[0]
    rule = world.fleet.rule_driving[kind]
    if (rule > 0 and way.figures[0] > rule) or (len(world.day.begins) > 1 and way.break_count[0] > 0):
        return _by_halving(world, rounds, way, ends)
    calls, fleet = world.calls, world.fleet
    latest, j = ends, way.break_count[0]
    for i in range(way.size[0], -1, -1):
        latest = depart(world.day, latest, needed_for(world, way, i))
        beyond = j
        while j > 0 and way.leg[j - 1] == i:
            j -= 1
        for b in range(beyond - 1, j - 1, -1):
            taken = way.breaks[b]
            latest -= fleet.break_duration[taken]
            latest = min(latest, fleet.break_closes[taken, fleet.break_windows[taken] - 1])
        if i > 0:
            node = way.order[i - 1]
            latest -= stay_at(world, way, i - 1)
            if node < calls.stops:
                latest = min(latest, calls.closes[node, rounds.window[node]])
    latest = max(latest, first_start(world, way))
    if way.break_count[0] > 0 and not 0 <= forward(world, rounds, way, latest) <= ends:
        return _by_halving(world, rounds, way, ends)
    return int(latest)


@lean_kernel
def _by_halving(world: World, rounds: Rounds, way: Way, ends: int) -> int:
    low, high = first_start(world, way), ends
    while high - low > 1:
        middle = (low + high) // 2
        if 0 <= forward(world, rounds, way, middle) <= ends:
            low = middle
        else:
            high = middle
    forward(world, rounds, way, low)
    return int(low)
