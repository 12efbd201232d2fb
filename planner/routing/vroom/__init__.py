"""VROOM's JSON in and out: `solve_vroom` answers a request, `error_answer` says what is wrong with one.

Fields and their meaning are VROOM's (github.com/VROOM-Project/vroom, docs/API.md; Coupey, Nicod & Varnier 2024). Not
modelled, and refused: setup and service per type of vehicle, costs of working hours, a limit on metres beside a matrix of
costs. No routing server is asked: matrices are given, or an area's roads answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.errors import BadDataError, Message, PlanRejectedError, UsageError
from planner.routing.solution import RoutePlan
from planner.routing.solve import plan_of, solve_routing
from planner.routing.timing import Step
from planner.routing.vehicles import Break, VehicleType
from planner.routing.vroom.answer import answer_of
from planner.routing.vroom.eta import choose_times
from planner.routing.vroom.locations import AskRoads
from planner.routing.vroom.parse import parse
from planner.routing.vroom.request import Request, RequestError
from planner.routing.vroom.steps import TimedStep, steps_of_route
from planner.routing.vroom.translate import Translation, name, translate
from planner.routing.vroom.unassigned import sentence_of

__all__ = ["DEFAULT_ITERATIONS", "RequestError", "error_answer", "solve_vroom"]

INPUT_ERROR = 2
"""VROOM's code of an answer to an invalid request."""
DEFAULT_ITERATIONS = 200
_DEFAULT_SEED = 1


def solve_vroom(
    request: Mapping[str, Any],
    *,
    check: bool = False,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int | None = None,
    engine: str | None = None,
    threads: int | None = None,
    ask_roads: AskRoads | None = None,
) -> dict[str, Any]:
    """Return VROOM's answer to a request, which serves the highest sum of priorities, then most tasks, then costs least.

    With ``check`` the routes given as ``steps`` of the vehicles are timed as they are, and what they break is listed.
    Without it such routes are where the search begins, and it does no worse. Limits, seed, engine and threads are those of
    `planner.routing.solve.solve_routing`; what is not given here is taken from ``planner`` in the request. ``ask_roads``
    gives travel times where the request has no matrices and names an area.

    Raises
    ------
    RequestError
        All faults of the request at once; `error_answer` makes them VROOM's answer.
    """
    parsed = parse(request, ask_roads=ask_roads)
    if check:
        return _check(parsed)
    extras = parsed.extras
    iterations = extras.get("iterations") if iterations is None and cpu_seconds is None else iterations
    cpu_seconds = extras.get("cpu_seconds") if cpu_seconds is None else cpu_seconds
    if iterations is None and cpu_seconds is None:
        iterations = DEFAULT_ITERATIONS
    try:
        translation = translate(parsed)
    except BadDataError as error:
        raise RequestError(Message("the VROOM request is invalid"), error.problems or [error.summary]) from error
    start = _given_routes(parsed, translation)
    try:
        plan = solve_routing(
            translation.problem,
            iterations=iterations,
            cpu_seconds=cpu_seconds,
            seed=extras.get("seed", _DEFAULT_SEED) if seed is None else seed,
            engine=extras.get("engine", "auto") if engine is None else engine,
            threads=extras.get("threads") if threads is None else threads,
            start=start,
        )
    except (BadDataError, UsageError) as error:
        problems = error.problems if isinstance(error, BadDataError) and error.problems else [error.args[0]]
        raise RequestError(Message("the VROOM request cannot be solved as it is"), problems) from error
    return _answer(parsed, translation, plan)


def error_answer(error: BadDataError) -> dict[str, Any]:
    """Return VROOM's answer to a request with faults: code 2, the first ones in a sentence, all of them listed."""
    return {"code": INPUT_ERROR, "error": str(error), "planner": {"problems": list(error.problems)}}


def _check(request: Request) -> dict[str, Any]:
    routes = [
        (vehicle, choose_times(request, vehicle))
        for vehicle in request.vehicles
        if any(step.kind not in ("start", "end") for step in vehicle.steps or ())
    ]
    twice = _named_twice(routes)
    if twice:
        raise RequestError(
            Message("the given routes are invalid"),
            [Message("{name} is on more than one route", name=name) for name in twice],
        )
    return answer_of(request, routes, more={"checked": True})


def _named_twice(routes: Sequence[tuple[Any, Sequence[TimedStep]]]) -> list[str]:
    names = [step.task.stop_id for _, steps in routes for step in steps if step.task is not None]
    return sorted({name for name in names if names.count(name) > 1})


def _answer(request: Request, translation: Translation, plan: RoutePlan) -> dict[str, Any]:
    routes = [
        (translation.vehicles[route.vehicle_id], steps_of_route(request, translation, route)) for route in plan.routes
    ]
    order = {vehicle.id: k for k, vehicle in enumerate(request.vehicles)}
    routes.sort(key=lambda entry: order[entry[0].id])
    why = [
        {"type": task.kind.value, "id": task.id, "reason": left.reason.value, "detail": detail}
        for left in plan.unassigned
        for task in [translation.tasks[left.stop_id]]
        for detail in [sentence_of(left.details, translation.base_s)]
    ]
    more = {"engine": plan.engine, "seed": plan.seed} | ({"unassigned": why} if why else {})
    if len(plan.reached) > 1:
        more["reached"] = [{"engine": one.engine, "seed": one.seed, "cost": one.cost_yuan} for one in plan.reached]
    answer = answer_of(request, routes, more=more)
    broken = answer["summary"]["violations"]
    if broken:
        causes = [violation["cause"] for violation in broken]
        raise PlanRejectedError(
            Message(
                "no plan was found that keeps {causes}: a break's max_load is only looked at afterwards", causes=causes
            )
        )
    return answer


def _given_routes(request: Request, translation: Translation) -> list[tuple[VehicleType, list[Step]]]:
    """Return the routes that the request gives as steps, none if it gives none or not their breaks.

    Raises
    ------
    RequestError
        If it breaks anything.
    """
    stops = {stop.id: stop for stop in translation.problem.stops}
    depots = {depot.id: depot for depot in translation.problem.depots}
    kinds = {kind.id: kind for kind in translation.problem.vehicle_types}
    routes: list[tuple[VehicleType, list[Step]]] = []
    for vehicle in request.vehicles:
        kind = kinds[f"vehicle {vehicle.id}"]
        breaks = {pause.id: pause for pause in kind.breaks}
        order: list[Step] = []
        for step in vehicle.steps or ():
            if step.kind == "break":
                order.append(breaks[str(step.id)])
            elif step.kind == "reload":
                where = vehicle.reload_places[0] if step.where is None else step.where
                if where not in vehicle.reload_places:
                    raise RequestError(
                        Message("the routes given as steps are invalid"),
                        [Message("{vehicle_type} does not reload at {where}", vehicle_type=kind.id, where=str(where))],
                    )
                order.append(depots[name(where)])
            elif step.kind not in ("start", "end", "rest"):  # the engines rest where it is due
                order.append(stops[f"{step.kind} {step.id}"])
        tasks = [step for step in order if step in stops.values()]
        if tasks and sum(isinstance(step, Break) for step in order) < len(breaks):
            return []
        routes.append((kind, order if tasks else []))
    if not any(order for _, order in routes):
        return []
    try:
        plan_of(translation.problem, routes, engine="given", seed=0)
    except PlanRejectedError as error:
        raise RequestError(Message("the routes given as steps are invalid"), [error.args[0]]) from error
    return routes
