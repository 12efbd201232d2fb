"""Solve a routing problem: set aside what no vehicle can serve alone, order the rest, time it, have it checked."""

from __future__ import annotations

from collections.abc import Sequence

from planner.errors import BadDataError, PlanRejectedError, UsageError
from planner.routing.bound import lower_bound_yuan
from planner.routing.check import check
from planner.routing.engines import ortools, pyvrp
from planner.routing.features import Feature, features_of, judged_in_constant_time
from planner.routing.problem import RoutingProblem, VehicleType
from planner.routing.reasons import why_left, why_not_alone
from planner.routing.relax import with_relaxations
from planner.routing.schedule import balance_yuan, schedule
from planner.routing.solution import Route, RoutePlan
from planner.routing.timing import Round, Step

KNOWS: dict[str, frozenset[Feature]] = {
    "ruin_recreate": frozenset(Feature),
    "ortools": ortools.KNOWS,
    "pyvrp": pyvrp.KNOWS,
}
"""The engines and the features that each models."""
ENGINES = ("auto", *KNOWS)

Rounds = Sequence[Round | tuple[VehicleType, Sequence[Step]]]
"""What an engine answers, for each vehicle used, and no steps for one passed over."""


def solve_routing(
    problem: RoutingProblem,
    *,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int,
    engine: str = "auto",
) -> RoutePlan:
    """Return a checked plan: every stop is on one route or unassigned with a reason; its ``engine`` says who found it.

    With each stop on no route come the smallest changes that would serve it (see `planner.routing.relax`).

    With ``iterations`` alone, the same problem, seed and engine give the same plan. An iteration is a hundred ruins of
    ``ruin_recreate``, one solution accepted by ``ortools`` or one iteration of ``pyvrp``. ``cpu_seconds`` also ends the
    search; given both, what comes first does. ``auto`` is ``ruin_recreate``, but ``ortools`` where a place in a round cannot
    be judged in constant time and ``ortools`` knows every feature.

    Raises
    ------
    BadDataError
        If the engine is unknown, no limit is given, or one that is not positive, or a locked stop cannot be served at all.
    PlanRejectedError
        If the independent check finds the plan broken (a fault of this package, not of the data).
    """
    _refuse_bad_limits(iterations, cpu_seconds, engine)
    name = _engine_for(problem, engine)
    stops = sorted(problem.stops, key=lambda stop: stop.id)
    feasible = [stop for stop in stops if why_not_alone(problem, stop) is None]
    _refuse_lost_locks(problem, {stop.id for stop in feasible})
    rounds: Rounds = []
    if feasible and name == "ortools":
        rounds = ortools.order_stops(problem, feasible, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed)
    elif feasible and name == "pyvrp":
        rounds = pyvrp.order_stops(problem, feasible, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed)
    elif feasible:
        # compiled code takes a second to load, and not every command needs it
        from planner.routing.engines import ruin_recreate

        rounds = ruin_recreate.order_stops(problem, feasible, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed)
    return with_relaxations(problem, plan_of(problem, rounds, engine=name, seed=seed))


def _refuse_lost_locks(problem: RoutingProblem, feasible: set[str]) -> None:
    faults = []
    for lock in problem.locks:
        lost = [id_ for id_ in lock.stop_ids if id_ not in feasible]
        if lost:
            faults.append(f"{lock.vehicle_id}: no vehicle can serve {', '.join(lost)}")
    if faults:
        raise BadDataError("locks: free these stops, or change what stands against them", faults)


def _engine_for(problem: RoutingProblem, engine: str) -> str:
    """Return the engine that is asked for, or the best that knows every feature of the problem.

    Raises
    ------
    UsageError
        If the engine lacks a feature: it is never left out in silence.
    """
    features = features_of(problem)
    if engine == "auto":
        # driving each candidate round again takes minutes to compile once: only what nobody else knows is worth that
        plain = judged_in_constant_time(problem) or not features <= KNOWS["ortools"]
        return "ruin_recreate" if plain else "ortools"
    lacking = _lacking(problem, engine)
    if lacking:
        able = [other for other in KNOWS if not _lacking(problem, other)]
        raise UsageError(f"engine {engine!r} does not know {', '.join(lacking)}; choose {' or '.join(able)}")
    return engine


def _lacking(problem: RoutingProblem, engine: str) -> list[str]:
    """Return what a problem asks and an engine does not know."""
    features = sorted(features_of(problem) - KNOWS[engine])
    return [*features, *(pyvrp.lacks(problem) if engine == "pyvrp" else ())]


def plan_of(problem: RoutingProblem, rounds: Rounds, *, engine: str, seed: int) -> RoutePlan:
    """Return the timed, costed and checked plan of these rounds; stops on none are unassigned, each with its reason.

    Raises
    ------
    PlanRejectedError
        If a round cannot be timed, or the independent check finds the plan broken.
    """
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    driven = [Round(*one) for one in rounds]
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
                f"the engine's round of {one.vehicle_id or one.kind.id} cannot be timed, or is one more than there are"
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


def _refuse_bad_limits(iterations: int | None, cpu_seconds: float | None, engine: str) -> None:
    problems = []
    if engine not in ENGINES:
        problems.append(f"engine {engine!r} is not known; choose one of {', '.join(ENGINES)}")
    if iterations is None and cpu_seconds is None:
        problems.append("no limit: give iterations (repeatable) or cpu_seconds")
    if iterations is not None and iterations < 1:
        problems.append(f"iterations is {iterations}, it must be 1 or more")
    if cpu_seconds is not None and not cpu_seconds > 0:
        problems.append(f"cpu_seconds is {cpu_seconds}, it must be above 0")
    if problems:
        raise BadDataError("the routing search cannot start", problems)
