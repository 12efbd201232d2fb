"""Ruin and recreate: the engine that carries the quality (SISR: Christiaens & Vanden Berghe 2020), compiled by numba.

Strings of neighbouring stops are taken off and put back where they cost least, under simulated annealing. Its objective is
the exact cost that `planner.routing.check` works out. It models simultaneous pickup and delivery in any number of
dimensions, time windows, service, several depots, kinds of vehicles with fixed, per-km and per-hour costs, counts,
capacities, shifts with floating start and longest duty, and fleets too small for all stops.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from planner.routing.engines.ruin_recreate.arrays import World, build_world
from planner.routing.engines.ruin_recreate.search import Search, anneal, new_search
from planner.routing.problem import RoutingProblem, Stop, VehicleType

STEPS_AN_ITERATION = 100
_STEPS_A_CALL = 500
"""Between two looks at the clock, and between two chances to interrupt."""
_HOT, _COLD = 1.0, 0.01
"""First and last temperature, in mean costs of a leg."""


def order_stops(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seed: int,
) -> list[tuple[VehicleType, list[Stop]]]:
    """Return (vehicle type, stops in order) for each vehicle used; stops in no list are left out.

    One iteration is a hundred ruins. With ``iterations`` alone the same seed gives the same rounds on every run; the search
    ends at whichever limit comes first, and cools down towards it.
    """
    world = build_world(problem, stops)
    search = new_search(world, seed)
    anneal(world, search, 1.0, 1.0, 0)  # compiles before the clock runs
    hot = _HOT * _mean_leg_cost(world, search)
    began, done = time.process_time(), 0
    steps = iterations * STEPS_AN_ITERATION if iterations is not None else None
    while True:
        progress = 0.0 if steps is None else done / steps
        if cpu_seconds is not None:
            progress = max(progress, (time.process_time() - began) / cpu_seconds)
        if progress >= 1:
            break
        chunk = _STEPS_A_CALL if steps is None else min(_STEPS_A_CALL, steps - done)
        cooling = (_COLD / _HOT) ** (1 / steps) if steps is not None else 1.0
        anneal(world, search, hot * (_COLD / _HOT) ** progress, cooling, chunk)
        done += chunk
    return _read_rounds(problem, stops, world, search)


def _mean_leg_cost(world: World, search: Search) -> float:
    rounds, fleet = search.rounds, world.fleet
    stops = len(world.demands.opens) - world.demands.first_stop - int(search.absent_count[0])
    used = rounds.slot_size > 0
    kinds = fleet.kind_of_slot[used]
    service = fleet.cost_per_ms.max() * world.demands.service.sum()
    driving = rounds.slot_cost[used].sum() - fleet.fixed_cost[kinds].sum() - service
    return max(float(driving) / max(1, stops + int(used.sum())), 1e-6)


def _read_rounds(
    problem: RoutingProblem, stops: Sequence[Stop], world: World, search: Search
) -> list[tuple[VehicleType, list[Stop]]]:
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    rounds = []
    for slot in range(slots):
        order, v = [], int(search.best.next[places + slot])
        while v < places:
            order.append(stops[v - world.demands.first_stop])
            v = int(search.best.next[v])
        if order:
            rounds.append((problem.vehicle_types[world.fleet.kind_of_slot[slot]], order))
    return rounds
