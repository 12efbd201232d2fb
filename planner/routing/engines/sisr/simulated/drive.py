"""The route being looked at, driven: its earliest end, the legs on which its breaks are taken, its latest start."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.simulated.arrays import Routes, Trial, World
from planner.routing.engines.sisr.simulated.clock import FAULT, depart, go


@lean_kernel
def place_at(world: World, trial: Trial, i: int) -> int:
    """Return the place of the i-th node; -1 is where the route starts, its size where it ends."""
    if i < 0:
        return int(world.fleet.start[trial.kind[0]])
    if i >= trial.size[0]:
        return int(world.fleet.end[trial.kind[0]])
    return int(world.demands.place[trial.order[i]])


@lean_kernel
def needed_for(world: World, trial: Trial, i: int) -> int:
    """Return how long the i-th leg takes at normal speed."""
    table = world.fleet.table[trial.kind[0]]
    return int(world.legs.duration_out[table, place_at(world, trial, i - 1), place_at(world, trial, i)])


@lean_kernel
def stay_at(world: World, trial: Trial, i: int) -> int:
    """Return how long the vehicle is busy at the i-th node: setup and service, or reloading."""
    demands, node = world.demands, trial.order[i]
    if node >= demands.stops:
        return int(world.fleet.reload_duration[trial.kind[0]])
    setup = demands.setup[node] if place_at(world, trial, i - 1) != demands.place[node] else 0
    return int(setup + demands.service[node])


@lean_kernel
def _serve(world: World, routes: Routes, trial: Trial, i: int, arrives: int, since_rest: int) -> tuple[int, int]:
    """Return when the vehicle leaves the i-th node, `FAULT` if it is too late for it, and the driving time then."""
    demands, node, kind = world.demands, trial.order[i], trial.kind[0]
    if node >= demands.stops:
        begins = max(arrives, trial.ready[i + 1] - stay_at(world, trial, i))
        if world.fleet.rule_driving[kind] > 0 and begins - arrives >= world.fleet.rule_rest[kind]:
            since_rest = 0
        return int(begins + stay_at(world, trial, i)), since_rest
    w = routes.window[node]
    if arrives > demands.closes[node, w]:
        return FAULT, 0
    begins = max(arrives, demands.opens[node, w])
    if world.fleet.rule_driving[kind] > 0 and begins - arrives >= world.fleet.rule_rest[kind]:
        since_rest = 0
    return int(begins + stay_at(world, trial, i)), since_rest


@lean_kernel
def note_ready(world: World, trial: Trial) -> bool:
    """Note when the loads of the route are ready; return whether any has to be waited for."""
    trial.ready[trial.size[0]] = 0
    late = False
    for i in range(trial.size[0] - 1, -1, -1):
        node = trial.order[i]
        trial.ready[i] = 0 if node >= world.demands.stops else max(trial.ready[i + 1], world.demands.release[node])
        late = late or trial.ready[i] > 0
    return late


@lean_kernel
def first_start(world: World, trial: Trial) -> int:
    """Return the earliest start: of the shift, or when the first load is ready."""
    return int(max(world.fleet.shift_start[trial.kind[0]], trial.ready[0]))


@lean_kernel
def may_pause(world: World, trial: Trial, i: int, first: int, beyond: int) -> bool:
    """Say whether what is on board on leg i, as has been noted, lets these breaks be."""
    if not world.fleet.loads_matter[trial.kind[0]]:
        return True
    for j in range(first, beyond):
        for d in range(world.fleet.capacity.shape[1]):
            if trial.aboard[i, d] > world.fleet.break_load[trial.breaks[j], d]:
                return False
    return True


@lean_kernel
def forward(world: World, routes: Routes, trial: Trial, start: int) -> int:
    """Return when the route ends if it begins at ``start``, `FAULT` if that breaks a window or the shift.

    Breaks are taken on the legs noted; notes the driving time and the number of rests.
    """
    clock, since_rest, j = start, 0, 0
    trial.figures[0] = trial.figures[1] = 0
    for i in range(trial.size[0] + 1):
        first = j
        while j < trial.break_count[0] and trial.leg[j] == i:
            j += 1
        if not may_pause(world, trial, i, first, j):
            return FAULT
        clock, since_rest, drove, rests = go(world, trial, clock, since_rest, needed_for(world, trial, i), first, j)
        if clock == FAULT:
            return FAULT
        trial.figures[0] += drove
        trial.figures[1] += rests
        if i < trial.size[0]:
            clock, since_rest = _serve(world, routes, trial, i, clock, since_rest)
            if clock == FAULT:
                return FAULT
    return clock if clock <= world.fleet.shift_end[trial.kind[0]] else FAULT


@lean_kernel
def earliest_end(world: World, routes: Routes, trial: Trial) -> int:
    """Return the earliest end of the route, `FAULT` if there is none, and note the legs on which its breaks are taken.

    Dynamic programming: after each node, for each number of breaks taken, the earliest departure. With a driving rule it is
    not certain that the earliest is the best, but what is found can be driven.
    """
    start, breaks, size = first_start(world, trial), trial.break_count[0], trial.size[0]
    if breaks == 0:
        return forward(world, routes, trial, start)
    clock, since_rest, now = trial.clock, trial.since_rest, 0
    for m in range(breaks + 1):
        clock[0, m] = start if m == 0 else FAULT
        since_rest[0, m] = 0
    for i in range(size + 1):
        needed = needed_for(world, trial, i)
        for m in range(breaks + 1):
            clock[1 - now, m] = FAULT
            for k in range(m + 1):
                if clock[now, k] == FAULT or not may_pause(world, trial, i, k, m):
                    continue
                leaves, unrested, _, _ = go(world, trial, clock[now, k], since_rest[now, k], needed, k, m)
                if leaves != FAULT and i < size:
                    leaves, unrested = _serve(world, routes, trial, i, leaves, unrested)
                known = clock[1 - now, m]
                if leaves == FAULT or (known != FAULT and known <= leaves):
                    continue
                clock[1 - now, m], since_rest[1 - now, m], trial.chosen[i, m] = leaves, unrested, k
        now = 1 - now
    if clock[now, breaks] == FAULT:
        return FAULT
    m = breaks
    for i in range(size, -1, -1):
        for j in range(trial.chosen[i, m], m):
            trial.leg[j] = i
        m = trial.chosen[i, m]
    return forward(world, routes, trial, start)


@lean_kernel
def latest_start(world: World, routes: Routes, trial: Trial, ends: int) -> int:
    """Return the latest start with which the route, its breaks on the legs noted, still ends by ``ends``.

    `forward` from the first start has come before. Without rests and without breaks under speeds of the day it is
    worked out backward, else by halving as `planner.routing.schedule` does.
    """
    kind = trial.kind[0]
    rule = world.fleet.rule_driving[kind]
    if (rule > 0 and trial.figures[0] > rule) or (len(world.day.begins) > 1 and trial.break_count[0] > 0):
        return _by_halving(world, routes, trial, ends)
    demands, fleet = world.demands, world.fleet
    latest, j = ends, trial.break_count[0]
    for i in range(trial.size[0], -1, -1):
        latest = depart(world.day, latest, needed_for(world, trial, i))
        beyond = j
        while j > 0 and trial.leg[j - 1] == i:
            j -= 1
        for b in range(beyond - 1, j - 1, -1):
            taken = trial.breaks[b]
            latest -= fleet.break_duration[taken]
            latest = min(latest, fleet.break_closes[taken, fleet.break_windows[taken] - 1])
        if i > 0:
            node = trial.order[i - 1]
            latest -= stay_at(world, trial, i - 1)
            if node < demands.stops:
                latest = min(latest, demands.closes[node, routes.window[node]])
    latest = max(latest, first_start(world, trial))
    if trial.break_count[0] > 0 and not 0 <= forward(world, routes, trial, latest) <= ends:
        return _by_halving(world, routes, trial, ends)
    return int(latest)


@lean_kernel
def _by_halving(world: World, routes: Routes, trial: Trial, ends: int) -> int:
    low, high = first_start(world, trial), ends
    while high - low > 1:
        middle = (low + high) // 2
        if 0 <= forward(world, routes, trial, middle) <= ends:
            low = middle
        else:
            high = middle
    forward(world, routes, trial, low)
    return int(low)
