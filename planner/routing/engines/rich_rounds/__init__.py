"""Rich rounds: ruin and recreate for problems in which a place in a round cannot be judged without driving it again.

The search is that of `planner.routing.engines.ruin_recreate`: strings of neighbouring stops are taken off and put back
where they cost least, under simulated annealing (SISR: Christiaens & Vanden Berghe 2020). For every place that is tried and
not ruled out at once the whole round is driven by a compiled simulation with the semantics of `planner.routing.timing`, in
whole milliseconds. It knows every feature: pairs are removed and inserted together, and stops with an order to keep are
removed together; reloads come beside a stop that is too much for the load and are then moved or dropped; breaks lie on the
legs for which the round ends first, and in the end where they cost least; locked stops are never moved; balance is part of
the cost of a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from planner.errors import BadDataError
from planner.routing.engines.crews import Crew, crews_of, with_partners
from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Search, World, new_search
from planner.routing.engines.rich_rounds.build import breaks_of, build_world, reload_depots
from planner.routing.engines.rich_rounds.recreate import look_and_price
from planner.routing.engines.rich_rounds.rounds import give, total_cost
from planner.routing.engines.rich_rounds.search import begin, dismiss, keep_best, load_best, missing, search_on
from planner.routing.engines.rich_rounds.settle import move_breaks
from planner.routing.engines.ruin_recreate.budget import Budget
from planner.routing.engines.ruin_recreate.draws import new_source
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import Round, Step

_STEPS_A_CALL = 20
"""Between two looks at the clock, and between two chances to interrupt."""
_HOT, _COLD = 1.0, 0.03
"""First and last temperature, in mean costs of a leg."""
_SQUEEZE_SHARE = 0.3
"""At most so much of the budget goes into driving with fewer vehicles, if a vehicle costs anything by itself."""
_SQUEEZE_TRY_SHARE = 0.1


def order_stops(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seed: int,
) -> list[Round]:
    """Return a round for each vehicle used, with the reloads and breaks it takes; stops in none are left out.

    A stop with several windows is returned with the one it is to be served in. One iteration is a hundred ruins. With
    ``iterations`` alone the same seed gives the same rounds on every run; the search ends at whichever limit comes first,
    and cools down towards it.

    Raises
    ------
    BadDataError
        If locked stops cannot be driven as they are locked.
    """
    crews = crews_of(problem, stops)
    stops = with_partners(problem, stops)
    world = build_world(problem, stops, crews)
    search = new_search(world, new_source(seed))
    _put_locked(problem, stops, crews, world, search)
    search.absent[: len(world.leads)] = world.leads
    search.absent_count[0] = len(world.leads)
    begin(world, search)
    search_on(world, search, 1.0, 0, False)
    load_best(world, search)
    budget = Budget(iterations, cpu_seconds)  # everything is compiled or loaded before its clock runs
    leg_cost = _mean_leg_cost(world, search)
    if world.fleet.fixed_cost.max() > 0 or missing(world, search) > 0:
        _save_vehicles(world, search, budget, leg_cost)
    begin_share = budget.spent()
    while (spent := budget.spent()) < 1.0:
        progress = (spent - begin_share) / (1.0 - begin_share)
        search_on(world, search, leg_cost * _HOT * (_COLD / _HOT) ** progress, budget.take(_STEPS_A_CALL), False)
    load_best(world, search)
    return _read_rounds(problem, stops, crews, world, search)


def _put_locked(
    problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew], world: World, search: Search
) -> None:
    """Begin the rounds of vehicles that have locked stops, with reloads where they need them."""
    node = {stop.id: v for v, stop in enumerate(stops)}
    faults = []
    for kind, crew in enumerate(crews):
        if not crew.locked:
            continue
        slot = int(world.fleet.first_slot[kind])
        lacking = [id_ for id_ in crew.locked if id_ not in node]
        if lacking:
            faults.append(f"{crew.vehicle_ids[0]}: no vehicle can serve {', '.join(lacking)}")
            continue
        order = [node[id_] for id_ in crew.locked]
        if not _give_with_reloads(world, search, slot, order, int(world.fleet.max_reloads[kind])):
            faults.append(f"{crew.vehicle_ids[0]} cannot drive {', '.join(crew.locked)} in this order")
    if faults:
        raise BadDataError("locks: free these stops, or change what stands against them", faults)


def _give_with_reloads(world: World, search: Search, slot: int, order: list[int], reloads: int) -> bool:
    """Give the slot the order, with as few reloads put in as make it possible; return whether that was found."""
    give(world, search.rounds, slot, np.array(order, dtype=np.int64), len(order), 0.0)
    windows = world.calls.windows
    stops = [v for v in order if v < world.calls.stops]
    for choice in product(*(range(int(windows[v])) for v in stops)):
        search.rounds.window[stops] = choice
        if look_and_price(world, search, slot) < NEVER:
            return True
    if reloads == 0:
        return False
    return any(
        _give_with_reloads(world, search, slot, [*order[:i], depot, *order[i:]], reloads - 1)
        for i in range(1, len(order))
        for depot in range(world.calls.stops, len(world.calls.place))
    )


def _save_vehicles(world: World, search: Search, budget: Budget, leg_cost: float) -> None:
    """Place absent stops, then do without one vehicle after the other as long as that is found to be cheaper."""
    while (started := budget.spent()) < _SQUEEZE_SHARE:
        if missing(world, search) == 0:
            dismiss(world, search)
        end = min(started + _SQUEEZE_TRY_SHARE, _SQUEEZE_SHARE)
        while budget.spent() < end:
            if search_on(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL), True) == 0:
                break
        search.best_cost[1] = total_cost(world, search)
        if search.best_cost[1] < search.best_cost[0] - 1e-9:
            keep_best(search)
        elif missing(world, search) == 0:  # fewer vehicles on poor rounds: better ones may make it worth it
            search_on(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL), False)
        if search.best_cost[1] > search.best_cost[0] + 1e-9:
            break
    load_best(world, search)


def _mean_leg_cost(world: World, search: Search) -> float:
    """Return what a leg costs on average, without what rounds cost however they are driven."""
    size, cost = search.rounds.size, search.rounds.cost
    used = size > 0
    fixed = world.fleet.fixed_cost[world.fleet.kind_of_slot[used]].sum()
    served = search.rounds.slot[: world.calls.stops] != NONE
    service = world.calls.service[: world.calls.stops][served].sum() * world.fleet.cost_per_ms.max()
    return max(float(cost[used].sum() - fixed - service) / max(1, int(size.sum()) + int(used.sum())), 1e-6)


def _read_rounds(
    problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew], world: World, search: Search
) -> list[Round]:
    depots = {depot.id: depot for depot in problem.depots}
    reloads = [depots[id_] for id_ in reload_depots(crews)]
    breaks = [one for row in breaks_of(crews) for one in row]
    free = [iter(crew.vehicle_ids) for crew in crews]
    way, rounds = search.way, []
    for slot, size in enumerate(search.rounds.size):
        if size == 0:
            continue
        cost = look_and_price(world, search, slot)
        if world.fleet.starts_matter[world.fleet.kind_of_slot[slot]]:
            move_breaks(world, search, cost)
        steps: list[Step] = []
        taken = 0
        for i in range(size + 1):
            while taken < way.break_count[0] and way.leg[taken] == i:
                steps.append(breaks[way.breaks[taken]])
                taken += 1
            if i < size:
                steps.append(_step(int(way.order[i]), stops, reloads, search))
        crew = world.fleet.kind_of_slot[slot]
        rounds.append(Round(crews[crew].kind, steps, next(free[crew])))
    return rounds


def _step(node: int, stops: Sequence[Stop], reloads: Sequence[Step], search: Search) -> Step:
    if node >= len(stops):
        return reloads[node - len(stops)]
    stop = stops[node]
    opens_s, closes_s = stop.windows[int(search.rounds.window[node])]
    return replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=())
