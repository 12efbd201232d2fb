"""What the route being looked at costs, exactly as `planner.routing.schedule` times it, or that it cannot be driven."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.arrays import NEVER, NONE
from planner.routing.engines.sisr.simulated.arrays import Routes, Trial, World
from planner.routing.engines.sisr.simulated.clock import FAULT
from planner.routing.engines.sisr.simulated.drive import (
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
def price(world: World, routes: Routes, trial: Trial, most: float) -> float:
    """Return what the route costs, `NEVER` if it cannot be driven or surely costs ``most`` or more.

    Takes the breaks that are due, on the legs for which the route ends first.
    """
    trial.figures[2] = 0
    if not _may_call(world, trial):
        return NEVER
    metres = metres_of(world, trial)
    if metres > world.fleet.max_metres[trial.kind[0]] or _at_least(world, trial, metres) >= most:
        return NEVER
    if not carries(world, trial):
        trial.figures[2] = 1
        return NEVER
    late = note_ready(world, trial)
    _take_always(world, trial)
    while True:
        ends = earliest_end(world, routes, trial)
        if ends == FAULT:
            trial.figures[2] = 1 if late else 0
            return NEVER
        starts = _start(world, routes, trial, ends)
        if not _take_spanned(world, trial, starts, ends):
            return _cost(world, trial, metres, starts, ends)


@lean_kernel
def price_as_noted(world: World, routes: Routes, trial: Trial) -> float:
    """Return what the route costs with its breaks as noted, `NEVER` if one is missing or it cannot be driven so.

    `price` has looked at the route before.
    """
    ends = forward(world, routes, trial, first_start(world, trial))
    if ends == FAULT:
        return NEVER
    starts = _start(world, routes, trial, ends)
    if _lacks_break(world, trial, starts, ends):
        return NEVER
    return _cost(world, trial, metres_of(world, trial), starts, ends)


@lean_kernel
def _start(world: World, routes: Routes, trial: Trial, ends: int) -> int:
    """Return when the route begins; where that makes no difference, as early as can be."""
    if not world.fleet.starts_matter[trial.kind[0]]:
        return first_start(world, trial)
    starts = latest_start(world, routes, trial, ends)
    if len(world.day.begins) > 1:
        forward(world, routes, trial, starts)  # for the driving time
    return starts


@lean_kernel
def _may_call(world: World, trial: Trial) -> bool:
    demands, fleet, kind = world.demands, world.fleet, trial.kind[0]
    reloads = 0
    for i in range(trial.size[0]):
        if not fleet.allowed[kind, trial.order[i]]:
            return False
        if trial.order[i] >= demands.stops:
            reloads += 1
    return bool(reloads <= fleet.max_reloads[kind] and trial.size[0] - reloads <= fleet.max_stops[kind])


@lean_kernel
def metres_of(world: World, trial: Trial) -> float:
    """Return how long the route is."""
    table, metres, a = world.fleet.table[trial.kind[0]], 0.0, place_at(world, trial, -1)
    for i in range(trial.size[0] + 1):
        b = place_at(world, trial, i)
        metres += world.legs.metres_out[table, a, b]
        a = b
    return float(metres)


@lean_kernel
def _at_least(world: World, trial: Trial, metres: float) -> float:
    """Return a cost that the route cannot undercut: nobody waits, nobody rests, and the roads are free."""
    fleet, kind = world.fleet, trial.kind[0]
    driving, stays = 0, 0
    for i in range(trial.size[0]):
        driving += needed_for(world, trial, i)
        stays += stay_at(world, trial, i)
    driving += needed_for(world, trial, trial.size[0])
    shortest_driving = driving / world.day.fastest
    hours = (shortest_driving + stays) / _MS_AN_HOUR
    return float(
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * (shortest_driving + stays)
        + fleet.cost_per_driving_ms[kind] * shortest_driving
        + world.balance_duty * hours * hours
        + _share_cost(world, trial)
    )


@lean_kernel
def _share_cost(world: World, trial: Trial) -> float:
    d = world.fleet.share_dimension[trial.kind[0]]
    if d == NONE or world.balance_load == 0.0:
        return 0.0
    handled = 0
    for i in range(trial.size[0]):
        handled += world.demands.delivery[trial.order[i], d] + world.demands.pickup[trial.order[i], d]
    share = handled / world.fleet.capacity[trial.kind[0], d]
    return float(world.balance_load * share * share)


@lean_kernel
def carries(world: World, trial: Trial) -> bool:
    """Say whether the load stays within the capacity (see `planner.routing.loads`), and note it leg by leg."""
    demands, size = world.demands, trial.size[0]
    for d in range(world.fleet.capacity.shape[1]):
        capacity = world.fleet.capacity[trial.kind[0], d]
        to_deliver = 0  # from the next depot on, worked out backward
        trial.load[size] = 0
        for i in range(size - 1, -1, -1):
            node = trial.order[i]
            if node >= demands.stops:
                trial.load[i] = to_deliver
                to_deliver = 0
            elif not demands.shipped[node]:
                to_deliver += demands.delivery[node, d]
        load, shipped = to_deliver, 0
        if load > capacity:
            return False
        trial.aboard[0, d] = load
        for i in range(size):
            node = trial.order[i]
            if node >= demands.stops:
                load = shipped + trial.load[i]
            else:
                change = demands.pickup[node, d] - demands.delivery[node, d]
                load += change
                if demands.shipped[node]:
                    shipped += change
            if load > capacity:
                return False
            trial.aboard[i + 1, d] = load
    return True


@lean_kernel
def _take_always(world: World, trial: Trial) -> None:
    """Note the breaks that are taken whatever the route."""
    fleet, kind = world.fleet, trial.kind[0]
    trial.break_count[0] = 0
    for b in range(fleet.first_break[kind], fleet.first_break[kind + 1]):
        if fleet.break_always[b]:
            trial.breaks[trial.break_count[0]] = b
            trial.break_count[0] += 1


@lean_kernel
def _is_taken(trial: Trial, b: int) -> bool:
    taken = False
    for j in range(trial.break_count[0]):
        taken = taken or trial.breaks[j] == b
    return bool(taken)


@lean_kernel
def _lacks_break(world: World, trial: Trial, starts: int, ends: int) -> bool:
    """Say whether a route from ``starts`` to ``ends`` leaves out a break that it may not leave out."""
    fleet, kind = world.fleet, trial.kind[0]
    for b in range(fleet.first_break[kind], fleet.first_break[kind + 1]):
        last = fleet.break_closes[b, fleet.break_windows[b] - 1]
        if starts <= last < ends and not _is_taken(trial, b):
            return True
    return False


@lean_kernel
def _take_spanned(world: World, trial: Trial, starts: int, ends: int) -> bool:
    """Note the breaks that a route from ``starts`` to ``ends`` may not leave out; return whether there was one more."""
    fleet, kind = world.fleet, trial.kind[0]
    before = trial.break_count[0]
    for b in range(fleet.first_break[kind], fleet.first_break[kind + 1]):
        last = fleet.break_closes[b, fleet.break_windows[b] - 1]
        if not starts <= last < ends or _is_taken(trial, b):
            continue
        j = trial.break_count[0]
        while j > 0 and trial.breaks[j - 1] > b:
            trial.breaks[j] = trial.breaks[j - 1]
            j -= 1
        trial.breaks[j] = b
        trial.break_count[0] += 1
    return bool(trial.break_count[0] > before)


@lean_kernel
def _cost(world: World, trial: Trial, metres: float, starts: int, ends: int) -> float:
    fleet, kind = world.fleet, trial.kind[0]
    duty, driving = ends - starts, trial.figures[0]
    if duty > fleet.max_duty[kind] or driving > fleet.max_driving[kind]:
        return NEVER
    hours = duty / _MS_AN_HOUR
    return float(
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * duty
        + fleet.cost_per_driving_ms[kind] * driving
        + world.balance_duty * hours * hours
        + _share_cost(world, trial)
    )
