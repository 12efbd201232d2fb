"""Ruin and recreate: the engine that carries the quality (SISR: Christiaens & Vanden Berghe 2020), compiled by numba.

Strings of neighbouring stops are taken off and put back where they cost least, under simulated annealing. Its objective is
the exact cost that `planner.routing.check` works out. What a place in a round costs is found in constant time, which holds
for simultaneous pickup and delivery in any number of dimensions, one or several time windows, service, setup, skills,
named vehicles, optional stops and priorities, several depots, open ends, kinds of vehicles with their own travel times,
costs, counts, capacities, limits, and shifts with floating start and longest duty, and fleets too small for all stops.
What does not fit that (see `planner.routing.features`) goes to `planner.routing.engines.rich_rounds`, which drives every
round again for every place that it tries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.routing.engines.crews import Crew, crews_of
from planner.routing.engines.ruin_recreate.arrays import World
from planner.routing.engines.ruin_recreate.budget import Budget
from planner.routing.engines.ruin_recreate.build import build_world
from planner.routing.engines.ruin_recreate.search import anneal, dismiss, squeeze
from planner.routing.engines.ruin_recreate.state import Search, keep_best, load_best, missing_stops, new_search
from planner.routing.features import judged_in_constant_time
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import Round

_STEPS_A_CALL = 500
"""Between two looks at the clock, and between two chances to interrupt."""
_HOT, _COLD = 1.0, 0.03
"""First and last temperature, in mean costs of a leg."""
_SQUEEZE_SHARE = 0.15
"""At most so much of the budget goes into driving with fewer vehicles, if a vehicle costs anything by itself."""
_SQUEEZE_TRY_SHARE = 0.05


def order_stops(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seed: int,
) -> list[Round]:
    """Return a round for each vehicle used; stops in none are left out.

    A stop with several windows is returned with the one it is to be served in.

    One iteration is a hundred ruins. With ``iterations`` alone the same seed gives the same rounds on every run; the search
    ends at whichever limit comes first, and cools down towards it.
    """
    if not judged_in_constant_time(problem):
        from planner.routing.engines import rich_rounds  # more compiled code, which plain problems need not load

        return rich_rounds.order_stops(problem, stops, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed)
    crews = crews_of(problem, stops)
    world = build_world(problem, stops, crews)
    search = new_search(world, seed)
    _compile(world, search)
    budget = Budget(iterations, cpu_seconds)
    leg_cost = _mean_leg_cost(world, search)
    if world.fleet.fixed_cost.max() > 0 or missing_stops(world, search) > 0:
        _save_vehicles(world, search, budget, leg_cost)
    _anneal_until(world, search, budget, leg_cost, 1.0)
    return _read_rounds(crews, stops, world, search)


def _compile(world: World, search: Search) -> None:
    """Have everything compiled or loaded before the budget's clock runs."""
    anneal(world, search, 1.0, 1.0, 0)
    squeeze(world, search, 1.0, 0)
    load_best(world, search)


def _anneal_until(world: World, search: Search, budget: Budget, leg_cost: float, end: float) -> None:
    """Anneal from hot to cold until this share of the budget is spent."""
    begin = budget.spent()
    while (spent := budget.spent()) < end:
        progress = (spent - begin) / (end - begin)
        steps = budget.take(_STEPS_A_CALL)
        anneal(world, search, leg_cost * _HOT * (_COLD / _HOT) ** progress, 1.0, steps)


def _save_vehicles(world: World, search: Search, budget: Budget, leg_cost: float) -> None:
    """Place absent stops, then do without one vehicle after the other as long as that is found to be cheaper."""
    while (begin := budget.spent()) < _SQUEEZE_SHARE:
        if missing_stops(world, search) == 0:
            dismiss(world, search)
        end = min(begin + _SQUEEZE_TRY_SHARE, _SQUEEZE_SHARE)
        while budget.spent() < end:
            if squeeze(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL)) == 0:
                break
        if search.best.current[0] < search.best.cost[0] - 1e-9:
            keep_best(search)
        elif missing_stops(world, search) == 0:  # fewer vehicles on poor rounds: better ones may make it worth it
            anneal(world, search, leg_cost * _COLD, 1.0, budget.take(_STEPS_A_CALL))
        if search.best.current[0] > search.best.cost[0] + 1e-9:
            break
    load_best(world, search)


def _mean_leg_cost(world: World, search: Search) -> float:
    rounds, fleet = search.rounds, world.fleet
    stops = len(world.demands.opens) - world.demands.first_stop - int(search.absent_count[0])
    used = rounds.slot_size > 0
    kinds = fleet.kind_of_slot[used]
    service = fleet.cost_per_ms.max() * world.demands.service.sum()
    driving = rounds.slot_cost[used].sum() - fleet.fixed_cost[kinds].sum() - service
    return max(float(driving) / max(1, stops + int(used.sum())), 1e-6)


def _read_rounds(crews: Sequence[Crew], stops: Sequence[Stop], world: World, search: Search) -> list[Round]:
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    rounds = []
    free = [iter(crew.vehicle_ids) for crew in crews]
    for slot in range(slots):
        order, v = [], int(search.best.next[places + slot])
        while v < places:
            stop = stops[v - world.demands.first_stop]
            opens_s, closes_s = stop.windows[int(search.best.window[v])]
            order.append(replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=()))
            v = int(search.best.next[v])
        if order:
            crew = world.fleet.kind_of_slot[slot]
            rounds.append(Round(crews[crew].kind, order, next(free[crew])))
    return rounds
