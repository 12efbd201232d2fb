"""Solve a routing problem: set aside what no vehicle can serve alone, order the rest, time it, have it checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any, NamedTuple

from planner.errors import BadDataError, PlanRejectedError, UsageError
from planner.routing.bound import lower_bound_yuan
from planner.routing.check import check
from planner.routing.engines import ortools, pyvrp
from planner.routing.engines.portfolio import Chain, cores, run_side_by_side, seeds_of
from planner.routing.engines.starts import named_routes
from planner.routing.features import Feature, features_of
from planner.routing.problem import RoutingProblem, Stop, VehicleType
from planner.routing.schedule import balance_yuan, schedule
from planner.routing.solution import Reached, Route, RoutePlan
from planner.routing.stops import Depot
from planner.routing.timing import Step, VehicleSteps
from planner.routing.why.reasons import why_left, why_not_alone
from planner.routing.why.relax import with_relaxations
from planner.routing.worth import worth

KNOWS: dict[str, frozenset[Feature]] = {
    "ruin_recreate": frozenset(Feature),
    "ortools": ortools.KNOWS,
    "pyvrp": pyvrp.KNOWS,
}
"""The engines and the features that each models."""
ENGINES = ("auto", *KNOWS)
_USUAL_THREADS = 2

FleetSteps = Sequence[VehicleSteps | tuple[VehicleType, Sequence[Step]]]
"""What an engine answers, for each vehicle used, and no steps for one passed over."""


class _Found(NamedTuple):
    """What a search ended with, and the engine and seed of the search that found it."""

    engine: str
    seed: int
    routes: FleetSteps
    found_by: tuple[str, int]


def solve_routing(
    problem: RoutingProblem,
    *,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int,
    engine: str = "auto",
    threads: int | None = None,
    start: FleetSteps = (),
) -> RoutePlan:
    """Return a checked plan: every stop is on one route or unassigned with a reason; it says which engine reached what.

    With each stop on no route come the smallest changes that would serve it (see `planner.routing.why.relax`).

    With ``iterations`` alone, the same problem, seed, engine, threads and start give the same plan, whatever the machine. An
    iteration is a hundred ruins of ``ruin_recreate``, one solution accepted by ``ortools`` or one iteration of ``pyvrp``.
    ``cpu_seconds`` (of each thread) also ends the search; given both, what comes first does. ``auto`` is ``ruin_recreate``,
    which knows every feature and, wherever both were measured, found in one CPU second what ``ortools`` did not in four.
    With ``auto``, so many ``threads`` of ``ruin_recreate`` search side by side and hand on the best; None is 2, but 1 where
    ``cpu_seconds`` are given and the machine has one core. Where ``cpu_seconds`` alone end the search, PyVRP is installed
    and knows a fleet of several types or with reloads, it is the last of them. The plan is never worse than the routes to
    ``start`` from.

    Raises
    ------
    BadDataError
        If the engine is unknown, no limit is given, or one that is not positive or whole, the routes to start from do not
        hold, or a locked stop cannot be served at all.
    UsageError
        If the engine lacks a feature.
    PlanRejectedError
        If the independent check finds the plan broken (a fault of this package, not of the data).
    """
    name = engine_for(problem, engine, iterations=iterations, cpu_seconds=cpu_seconds, threads=threads, seed=seed)
    stops = sorted(problem.stops, key=lambda stop: stop.id)
    feasible = [stop for stop in stops if why_not_alone(problem, stop) is None]
    _refuse_lost_locks(problem, {stop.id for stop in feasible})
    given = _plan_to_start_from(problem, start, name, seed) if start else None
    begun = [] if given is None else named_routes(start, given)
    seeds = seeds_of(seed, _threads(threads, cpu_seconds) if engine == "auto" and name == "ruin_recreate" else 1)
    found = (
        _search(problem, feasible, name, iterations, cpu_seconds, seeds, begun)
        if feasible
        else [_Found(name, seed, [], (name, seed))]
    )
    plans = [plan_of(problem, one.routes, engine=one.found_by[0], seed=one.found_by[1]) for one in found]
    best = min([*plans, *([given] if given else [])], key=lambda plan: worth(problem, plan))
    reached = tuple(
        Reached(engine=one.engine, seed=one.seed, cost_yuan=plan.cost_yuan)
        for one, plan in zip(found, plans, strict=True)
    )
    return replace(with_relaxations(problem, best), reached=reached)


def _search(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    engine: str,
    iterations: int | None,
    cpu_seconds: float | None,
    seeds: Sequence[int],
    start: Sequence[VehicleSteps],
) -> list[_Found]:
    limits: dict[str, Any] = {"iterations": iterations, "cpu_seconds": cpu_seconds, "start": start}
    if engine == "ortools":
        routes = ortools.order_stops(problem, stops, **limits, seed=seeds[0])
        return [_Found(engine, seeds[0], routes, (engine, seeds[0]))]
    with_pyvrp = engine == "pyvrp" or (len(seeds) > 1 and iterations is None and _pyvrp_helps(problem))
    chains: list[Chain] = []
    if engine == "ruin_recreate":
        # compiled code takes a second to load, and not every command needs it
        from planner.routing.engines import sisr

        chains += sisr.chains_of(problem, stops, **limits, seeds=seeds[:-1] if with_pyvrp else seeds)
    if with_pyvrp:
        chains.append(pyvrp.chain_of(problem, stops, **limits, seed=seeds[-1]))
    finders = run_side_by_side(chains)
    return [
        _Found(chain.engine, chain.seed, chain.routes(), (finder.engine, finder.seed))
        for chain, finder in zip(chains, finders, strict=True)
    ]


def _pyvrp_helps(problem: RoutingProblem) -> bool:
    """Say whether PyVRP takes the place of one search: it is there, models all, and finds fleets that ours does not.

    On mixed fleets, several depots and reloads this was 0.3 to 2.1 % cheaper in ten seconds, elsewhere 0 to 0.6 % dearer.
    """
    mixed = len(problem.vehicle_types) > 1 or any(kind.max_reloads for kind in problem.vehicle_types)
    return mixed and pyvrp.installed() and not _lacking(problem, "pyvrp")


def _threads(threads: int | None, cpu_seconds: float | None) -> int:
    """Return how many searches run side by side; what ends by iterations must not depend on the machine."""
    if threads is not None:
        return threads
    return _USUAL_THREADS if cpu_seconds is None else min(_USUAL_THREADS, cores())


def _plan_to_start_from(problem: RoutingProblem, start: FleetSteps, engine: str, seed: int) -> RoutePlan:
    faults = list(_unknown(problem, start))
    if faults:
        raise BadDataError("the routes to start from do not hold", faults)
    try:
        return plan_of(problem, start, engine=engine, seed=seed)
    except PlanRejectedError as error:
        raise BadDataError("the routes to start from do not hold", [str(error)]) from error


def _unknown(problem: RoutingProblem, start: FleetSteps) -> Iterator[str]:
    """Yield what routes name that the problem does not have."""
    kinds = {kind.id for kind in problem.vehicle_types}
    known = {Stop: {stop.id for stop in problem.stops}, Depot: {depot.id for depot in problem.depots}}
    for k, one in enumerate(VehicleSteps(*given) for given in start):
        if one.kind.id not in kinds:
            yield f"route {k + 1}: there is no vehicle type {one.kind.id!r}"
        strangers = [step.id for step in one.steps if step.id not in known.get(type(step), {step.id})]
        yield from (f"route {k + 1}: there is no stop or depot {id_!r}" for id_ in strangers)


def _refuse_lost_locks(problem: RoutingProblem, feasible: set[str]) -> None:
    faults = []
    for lock in problem.locks:
        lost = [id_ for id_ in lock.stop_ids if id_ not in feasible]
        if lost:
            faults.append(f"{lock.vehicle_id}: no vehicle can serve {', '.join(lost)}")
    if faults:
        raise BadDataError("locks: free these stops, or change what stands against them", faults)


def engine_for(
    problem: RoutingProblem,
    engine: str,
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    threads: int | None,
    seed: int,
) -> str:
    """Return the engine that is asked for, or the best that knows every feature of the problem.

    Raises
    ------
    BadDataError
        If there is no such engine, or the limits of the search or its seed make no sense: all faults at once.
    UsageError
        If the engine lacks a feature: it is never left out in silence.
    """
    _refuse_bad_limits(iterations, cpu_seconds, engine, threads, seed)
    if engine == "auto":
        return "ruin_recreate"
    lacking = _lacking(problem, engine)
    if lacking:
        able = [other for other in KNOWS if not _lacking(problem, other)]
        raise UsageError(f"engine {engine!r} does not know {', '.join(lacking)}; choose {' or '.join(able)}")
    return engine


def _lacking(problem: RoutingProblem, engine: str) -> list[str]:
    """Return what a problem asks and an engine does not know."""
    features = sorted(features_of(problem) - KNOWS[engine])
    return [*features, *(pyvrp.lacks(problem) if engine == "pyvrp" else ())]


def plan_of(problem: RoutingProblem, answer: FleetSteps, *, engine: str, seed: int) -> RoutePlan:
    """Return the timed, costed and checked plan of these routes; stops on none are unassigned, each with its reason.

    Raises
    ------
    PlanRejectedError
        If a route cannot be timed, or the independent check finds the plan broken.
    """
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    driven = [VehicleSteps(*one) for one in answer]
    taken = {one.vehicle_id for one in driven}
    names = {kind.id: iter([id_ for id_ in kind.vehicle_ids() if id_ not in taken]) for kind in problem.vehicle_types}
    routes: list[Route] = []
    for one in driven:
        vehicle_id = one.vehicle_id or next(names[one.kind.id], None)
        if not one.steps:
            continue
        route = None if vehicle_id is None else schedule(problem, one.kind, vehicle_id, one.steps)
        if route is None:
            raise PlanRejectedError(
                f"the engine's route of {one.vehicle_id or one.kind.id} cannot be timed, or is one more than there are"
            )
        routes.append(route)
    served = {visit.stop_id for route in routes for visit in route.visits}
    left = sorted((stop for stop in problem.stops if stop.id not in served), key=lambda stop: stop.id)
    plan = RoutePlan(
        dimensions=problem.dimensions,
        routes=tuple(sorted(routes, key=lambda route: route.vehicle_id)),
        unassigned=tuple(why_not_alone(problem, stop) or why_left(problem, stop) for stop in left),
        cost_yuan=sum(route.cost_yuan for route in routes),
        lower_bound_yuan=lower_bound_yuan(problem, served),
        engine=engine,
        seed=seed,
        balance_yuan=sum(balance_yuan(problem, kinds[route.vehicle_type_id], route) for route in routes),
    )
    violations = check(problem, plan)
    if violations:
        raise PlanRejectedError("the route plan does not hold", violations)
    return plan


def _whole(value: object) -> bool:
    return isinstance(value, Integral)


def _refuse_bad_limits(
    iterations: int | None, cpu_seconds: float | None, engine: str, threads: int | None, seed: int
) -> None:
    problems = []
    if not _whole(seed):
        problems.append(f"seed is {seed!r}, it must be a whole number")
    if engine not in ENGINES:
        problems.append(f"engine {engine!r} is not known; choose one of {', '.join(ENGINES)}")
    if iterations is None and cpu_seconds is None:
        problems.append("no limit: give iterations (repeatable) or cpu_seconds")
    if iterations is not None and not (_whole(iterations) and iterations >= 1):
        problems.append(f"iterations is {iterations}, it must be a whole number, 1 or more")
    if cpu_seconds is not None and not 0 < cpu_seconds < math.inf:
        problems.append(f"cpu_seconds is {cpu_seconds}, it must be above 0 and finite")
    if threads is not None and not (_whole(threads) and threads >= 1):
        problems.append(f"threads is {threads}, it must be a whole number, 1 or more")
    elif threads not in (None, 1) and engine != "auto":
        problems.append(f"threads is {threads}, but engine {engine!r} searches on one: leave it out, or choose auto")
    if problems:
        raise BadDataError("the routing search cannot start", problems)
