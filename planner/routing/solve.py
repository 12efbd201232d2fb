"""Solve a routing problem: set aside what is proven to be on no route, order the rest, time it, have it checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.errors import BadDataError, Message, PlanRejectedError, UsageError
from planner.routing.bound import lower_bound_yuan
from planner.routing.check import check
from planner.routing.engines.crews import with_partners
from planner.routing.engines.portfolio import Found, threads_for
from planner.routing.engines.registry import ALONE, ENGINES, Engine
from planner.routing.engines.starts import named_routes
from planner.routing.engines.task import Limits, SearchTask, is_whole
from planner.routing.problem import RoutingProblem
from planner.routing.schedule import balance_yuan, schedule
from planner.routing.solution import Reached, Route, RoutePlan
from planner.routing.stops import Depot, Stop
from planner.routing.timing import FleetSteps, VehicleSteps
from planner.routing.vehicle_order import vehicle_order
from planner.routing.why.on_the_way import routes_by_others, with_more_served
from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_left, why_never
from planner.routing.why.relax import with_relaxations
from planner.routing.worth import worth


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
    limits = Limits(iterations=iterations, cpu_seconds=cpu_seconds)
    chosen = engine_for(problem, engine, limits, threads=threads, seed=seed)
    stops = sorted(problem.stops, key=lambda stop: stop.id)
    proofs = Proofs(problem)
    feasible = [stop for stop in stops if why_never(problem, stop, proofs) is None]
    _refuse_lost_locks(problem, {stop.id for stop in feasible})
    feasible = with_partners(problem, feasible)
    given = _plan_to_start_from(problem, start, chosen.main, seed) if start else None
    if given is None and (by_others := routes_by_others(problem, feasible, proofs)):
        start, given = by_others, plan_of(problem, by_others, engine=chosen.main, seed=seed, proofs=proofs)
    begun = [] if given is None else named_routes(start, given)
    task = SearchTask(problem=problem, stops=feasible, limits=limits, seed=seed, start=begun)
    found = [Found(chosen.main, seed, [], (chosen.main, seed))]
    if feasible:
        found = chosen.search(task, threads_for(limits, threads))
    plans = [plan_of(problem, one.routes, engine=one.found_by[0], seed=one.found_by[1], proofs=proofs) for one in found]
    best = min([*plans, *([given] if given else [])], key=lambda plan: worth(problem, plan))
    reached = tuple(
        Reached(engine=one.engine, seed=one.seed, cost_yuan=plan.cost_yuan, unassigned=len(plan.unassigned))
        for one, plan in zip(found, plans, strict=True)
    )
    more = with_more_served(problem, feasible, best)
    if more is not None:
        tried = plan_of(problem, more, engine=best.engine, seed=best.seed, proofs=proofs)
        best = min(best, tried, key=lambda plan: worth(problem, plan))
    return replace(with_relaxations(problem, best), reached=reached)


def _plan_to_start_from(problem: RoutingProblem, start: FleetSteps, engine: str, seed: int) -> RoutePlan:
    faults = list(_unknown(problem, start))
    if faults:
        raise BadDataError(Message("the routes to start from are invalid"), faults)
    try:
        return plan_of(problem, start, engine=engine, seed=seed)
    except PlanRejectedError as error:
        raise BadDataError(Message("the routes to start from are invalid"), [error.args[0]]) from error


def _unknown(problem: RoutingProblem, start: FleetSteps) -> Iterator[Message]:
    """Yield what routes name that the problem does not have."""
    kinds = {kind.id for kind in problem.vehicle_types}
    known = {Stop: {stop.id for stop in problem.stops}, Depot: {depot.id for depot in problem.depots}}
    for k, one in enumerate(VehicleSteps(*given) for given in start):
        if one.kind.id not in kinds:
            yield Message(
                "route {number}: there is no vehicle type {vehicle_type!r}", number=k + 1, vehicle_type=one.kind.id
            )
        strangers = [step.id for step in one.steps if step.id not in known.get(type(step), {step.id})]
        yield from (
            Message("route {number}: there is no stop or depot {id!r}", number=k + 1, id=id_) for id_ in strangers
        )


def _refuse_lost_locks(problem: RoutingProblem, feasible: set[str]) -> None:
    faults = []
    for lock in problem.locks:
        lost = [id_ for id_ in lock.stop_ids if id_ not in feasible]
        if lost:
            faults.append(Message("{vehicle}: no vehicle can serve {stops}", vehicle=lock.vehicle_id, stops=lost))
    if faults:
        raise BadDataError(Message("locks: free these stops, or change what stands against them"), faults)


def engine_for(problem: RoutingProblem, name: str, limits: Limits, *, threads: int | None = None, seed: int) -> Engine:
    """Return the engine of this name.

    Raises
    ------
    BadDataError
        If there is no such engine, or the limits of the search or its seed make no sense: all faults at once.
    UsageError
        If the engine lacks a feature: it is never left out in silence.
    """
    _refuse_bad_search(name, limits, threads, seed)
    engine = ENGINES[name]
    lacking = engine.lacking(problem)
    if lacking:
        able = [other.name for other in ALONE if not other.lacking(problem)]
        raise UsageError(
            Message("engine {name!r} does not know {lacking}; choose {able}", name=name, lacking=lacking, able=able)
        )
    return engine


def plan_of(
    problem: RoutingProblem, answer: FleetSteps, *, engine: str, seed: int, proofs: Proofs | None = None
) -> RoutePlan:
    """Return the timed, costed and checked plan of these routes; stops on none are unassigned, each with its reason.

    ``proofs`` are those of this problem, if they have been worked out before.

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
                Message(
                    "the engine's route of {vehicle} cannot be timed, or is one more than there are",
                    vehicle=one.vehicle_id or one.kind.id,
                )
            )
        routes.append(route)
    served = {visit.stop_id for route in routes for visit in route.visits}
    proofs = proofs or Proofs(problem)
    left = sorted((stop for stop in problem.stops if stop.id not in served), key=lambda stop: stop.id)
    plan = RoutePlan(
        dimensions=problem.dimensions,
        routes=tuple(sorted(routes, key=lambda route: vehicle_order(route.vehicle_id))),
        unassigned=tuple(why_never(problem, stop, proofs) or why_left(problem, stop, proofs) for stop in left),
        cost_yuan=sum(route.cost_yuan for route in routes),
        lower_bound_yuan=lower_bound_yuan(problem, served),
        engine=engine,
        seed=seed,
        balance_yuan=sum(balance_yuan(problem, kinds[route.vehicle_type_id], route) for route in routes),
    )
    violations = check(problem, plan)
    if violations:
        raise PlanRejectedError(Message("the route plan is invalid"), [one.said() for one in violations])
    return plan


def _refuse_bad_search(engine: str, limits: Limits, threads: int | None, seed: int) -> None:
    problems = []
    if not is_whole(seed):
        problems.append(Message("seed is {seed!r}, it must be a whole number", seed=seed))
    if engine not in ENGINES:
        problems.append(
            Message("engine {engine!r} is not known; choose one of {engines}", engine=engine, engines=list(ENGINES))
        )
    problems += limits.faults()
    if threads is not None and not (is_whole(threads) and threads >= 1):
        problems.append(Message("threads is {threads}, it must be a whole number, 1 or more", threads=threads))
    elif threads not in (None, 1) and not (engine in ENGINES and ENGINES[engine].threaded):
        problems.append(
            Message(
                "threads is {threads}, but engine {engine!r} searches on one: leave it out, or choose auto",
                threads=threads,
                engine=engine,
            )
        )
    if problems:
        raise BadDataError(Message("the routing search cannot start"), problems)
