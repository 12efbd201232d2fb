"""Plan what is left of a day again, with no more changes for those who had been told than allowed.

The routes as planned are the start. What has no vehicle is put in where it costs least, then single stops are moved; every
route that is tried is replayed, and one that would bring the changes above the bound is not taken. Routes that bear
something are tried in the orders near their own. The engines are asked, too, where more can be done than to let vehicles
serve what they have on board in another order: with every announced stop held to its vehicle and time, and with all of
them free; their routes count only if they keep the bound. Where few stops are left and one is on no route without a proof,
or somebody bears anything, every order is tried. The best of these is the answer: first what is served, then what those
bear who had been told (`planner.routing.day.burden`), then cost. Where nothing has happened that calls for another route,
the routes as planned are the answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from planner.errors import Message, PlanRejectedError
from planner.routing.day.changes import changes_of
from planner.routing.day.check import check_replan
from planner.routing.day.events import Day, Replan
from planner.routing.day.every_order import with_all_orders_tried
from planner.routing.day.faults import refuse_bad_day
from planner.routing.day.left import reason_today, return_to_load
from planner.routing.day.rest import rest_of_day
from planner.routing.day.search import ReplanSearch
from planner.routing.day.stop_ids import vehicle_at
from planner.routing.engines.task import Limits
from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import RelaxationKind
from planner.routing.solution import RoutePlan, Unassigned
from planner.routing.solve import engine_for, plan_of
from planner.routing.timing import VehicleSteps
from planner.routing.why.relax import with_relaxations

_EARLIER = (RelaxationKind.STARTS_EARLIER, RelaxationKind.READY_EARLIER)


def replan(
    problem: RoutingProblem,
    plan: RoutePlan,
    day: Day,
    *,
    iterations: int = 50,
    cpu_seconds: float = 10.0,
    seed: int,
    engine: str = "auto",
) -> Replan:
    """Return a checked plan of what is left of the day, and every change for a stop that had been announced.

    No more than ``day.most_changes`` stops are changed; if more than that would change although every vehicle goes on as
    planned (a vehicle is lost or late), these and no others. The engine searches for ``iterations`` or ``cpu_seconds``, what
    comes first, twice; as long as that is the iterations, the same problem, plan, day and seed give the same answer.

    Raises
    ------
    BadDataError
        If the day does not fit the problem and its plan, or the search cannot start: all faults at once.
    UsageError
        If the engine lacks a feature of what is left of the day.
    PlanRejectedError
        If the independent check finds the answer broken (a fault of this package, not of the data).
    """
    refuse_bad_day(problem, plan, day)
    limits = Limits(iterations=iterations, cpu_seconds=cpu_seconds)
    search = _searched(ReplanSearch(rest_of_day(problem, plan, day, held=True), day), limits, seed, engine)
    if search.falls_short():  # nobody waits for announced times: what comes earlier is a change like others
        free = ReplanSearch(rest_of_day(problem, plan, day), day)
        search = min(search, _searched(free, limits, seed, engine, like=search), key=ReplanSearch.best_value)
    rest = search.rest
    carried, best = search.on_board.carried_by_all(search.best)
    kinds = {kind.id: kind for kind in rest.problem.vehicle_types}
    driven = [VehicleSteps(kinds[id_], steps, f"{id_}-1") for id_, steps in sorted(best.items()) if steps]
    answer = _relaxed(search, plan_of(carried, driven, engine="replan", seed=seed), carried)
    out = {vehicle_at(place) for place in rest.places}
    left = tuple(_as_asked(problem, one, out, day.now_s) for one in answer.unassigned)
    left = tuple(_with_return(problem, search, answer, one) for one in left)
    answer = replace(answer, unassigned=left)
    failed = tuple(id_ for report in day.reports for id_ in report.failed)
    made = Replan(
        problem=carried,
        plan=answer,
        changes=tuple(changes_of(rest, answer.routes, day.tolerance_s, search.forced, search.announced.going_on)),
        going_on=search.going_on,
        done=rest.done,
        gone=rest.gone,
        most_changes=day.most_changes,
        tolerance_s=day.tolerance_s,
        failed=failed,
        too_late=tuple(id_ for id_ in dict.fromkeys(day.cancelled) if id_ in rest.done and id_ not in failed),
        places=rest.places,
    )
    violations = check_replan(problem, plan, day, made)
    if violations:
        raise PlanRejectedError(Message("the new plan is invalid"), [one.said() for one in violations])
    return made


def _searched(
    search: ReplanSearch, limits: Limits, seed: int, engine: str, like: ReplanSearch | None = None
) -> ReplanSearch:
    """Return the search for the best routes of what is left, done."""
    engine_for(search.problem, engine, limits, seed=seed)
    search.start(like)
    if search.goes_on():
        return search
    iterations, cpu_seconds = limits.iterations or 0, limits.cpu_seconds or 0.0
    search.consider(search.improved(iterations))
    if search.calls_for_an_engine():
        for routes in search.by_engines(iterations, cpu_seconds, seed, engine):
            search.consider(routes)
        search.consider(search.improved(iterations))
    if (tried := with_all_orders_tried(search)) is not None:
        search.consider(tried)
    return search


def _relaxed(search: ReplanSearch, plan: RoutePlan, problem: RoutingProblem) -> RoutePlan:
    """Return the plan with what would serve each stop on no route; goods that it would be handed fill no vehicle then."""
    answer = with_relaxations(problem, plan)
    aboard = {id_ for goods in search.rest.aboard.values() for id_ in goods}
    left = []
    for one in answer.unassigned:
        if one.stop_id in aboard:
            without = search.on_board.carried_by_all(search.best, served=[one.stop_id])[0]
            (one,) = with_relaxations(without, replace(plan, unassigned=(replace(one, relaxations=()),))).unassigned
        left.append(one)
    return replace(answer, unassigned=tuple(left))


def _with_return(problem: RoutingProblem, search: ReplanSearch, answer: RoutePlan, left: Unassigned) -> Unassigned:
    """Return a stop on no route with what stands against it today, and the return to a depot that would serve it."""
    left = reason_today(search.rest, left)
    change = return_to_load(problem, search, answer, left)
    return left if change is None else replace(left, relaxations=(*left.relaxations, change))


def _as_asked(problem: RoutingProblem, left: Unassigned, out: Collection[str], now_s: float) -> Unassigned:
    """Return a stop on no route with what would serve it in the words of the first problem.

    One more vehicle starts from a depot, not from where another is; no vehicle is allowed to goods that it does not have,
    and what would have had to begin or to be ready before now comes too late.
    """
    type_of = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    kept = []
    for change in left.relaxations:
        vehicle = change.vehicle_type_id  # in the problem of the rest of the day each is a type by itself
        if change.kind is RelaxationKind.ADMISSION or vehicle not in type_of:
            continue
        if change.kind in _EARLIER and change.until_s is not None and change.until_s <= now_s:
            continue
        kind = type_of[vehicle]
        if change.kind is not RelaxationKind.ONE_MORE_VEHICLE:
            kept.append(replace(change, vehicle_id=vehicle, vehicle_type_id=kind.id))
        elif vehicle not in out:
            kept.append(replace(change, vehicle_id=f"{kind.id}-{kind.count + 1}", vehicle_type_id=kind.id))
    return replace(left, relaxations=tuple(kept))
