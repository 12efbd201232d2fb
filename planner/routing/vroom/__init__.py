"""VROOM's JSON in and out: `solve_vroom` answers a request, `error_answer` says what is wrong with one.

Fields and their meaning are VROOM's (github.com/VROOM-Project/vroom, docs/API.md; Coupey, Nicod & Varnier 2024). Not
modelled, and refused when it is solved: a limit on metres beside a matrix of costs. Setup and service per type of vehicle
are planned with the longest of those that may come and timed with the vehicle's own. No routing server is asked: matrices
are given, or an area's roads answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.errors import BadDataError, Message, PlanRejectedError, UsageError
from planner.routing.solution import Route, RoutePlan, Unassigned
from planner.routing.solve import plan_of, solve_routing
from planner.routing.timing import Step
from planner.routing.vehicles import Break, VehicleType
from planner.routing.vroom.answer import answer_of
from planner.routing.vroom.approximated import approximations
from planner.routing.vroom.eta import choose_times
from planner.routing.vroom.locations import AskRoads
from planner.routing.vroom.parse import parse
from planner.routing.vroom.read_request import read_request
from planner.routing.vroom.request import GivenStep, NoWayError, Request, RequestError, Vehicle
from planner.routing.vroom.steps import TimedStep, steps_of_route
from planner.routing.vroom.translate import Translation, name, translate
from planner.routing.vroom.unassigned import relaxation_of, sentence_of
from planner.routing.vroom.violations import Cause

__all__ = [
    "DEFAULT_ITERATIONS",
    "INPUT_ERROR",
    "INTERNAL_ERROR",
    "ROUTING_ERROR",
    "RequestError",
    "error_answer",
    "read_request",
    "solve_vroom",
]

INTERNAL_ERROR, INPUT_ERROR, ROUTING_ERROR = 1, 2, 3
"""VROOM's codes of answers without a solution: a fault here, an invalid request, places that no way leads to."""
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
    if check or parsed.options.get("check"):
        return _check(parsed)
    _refuse_unmodelled(parsed)
    extras = {key: value for key, value in parsed.options.items() if value is not None} | dict(parsed.extras)
    iterations = extras.get("iterations") if iterations is None and cpu_seconds is None else iterations
    cpu_seconds = extras.get("cpu_seconds") if cpu_seconds is None else cpu_seconds
    if iterations is None and (cpu_seconds is None or parsed.options.get("cpu_seconds") == cpu_seconds):
        iterations = DEFAULT_ITERATIONS
    search = {
        "iterations": iterations,
        "cpu_seconds": cpu_seconds,
        "seed": extras.get("seed", _DEFAULT_SEED) if seed is None else seed,
        "engine": extras.get("engine", "auto") if engine is None else engine,
        "threads": extras.get("threads") if threads is None else threads,
    }
    light: set[int] = set()
    while True:
        answer, loaded = _solved(parsed, light, search)
        if not loaded - light:
            return answer
        light |= loaded  # a break's max_load does not hold: these vehicles take no more than it allows


def _refuse_unmodelled(request: Request) -> None:
    """Raise a `RequestError` for what the search cannot hold, though routes that are given can be timed with it."""
    faults = [
        Message("{where}.max_distance: is not modelled together with a matrix of costs", where=f"vehicles[{k}]")
        for k, vehicle in enumerate(request.vehicles)
        if vehicle.max_distance_m is not None and request.matrices[vehicle.profile].costs is not None
    ]
    if faults:
        raise RequestError(Message("the VROOM request is invalid"), faults)


def _solved(parsed: Request, light: Collection[int], search: Mapping[str, Any]) -> tuple[dict[str, Any], set[int]]:
    """Return the answer, and the ids of vehicles that carry more at a break than its max_load."""
    try:
        translation = translate(parsed, light)
    except BadDataError as error:
        raise RequestError(Message("the VROOM request is invalid"), error.problems or [error.summary]) from error
    start = [] if light else _given_routes(parsed, translation)
    try:
        plan = solve_routing(translation.problem, start=start, **search)
    except (BadDataError, UsageError) as error:
        problems = error.problems if isinstance(error, BadDataError) and error.problems else [error.args[0]]
        raise RequestError(Message("the VROOM request cannot be solved as it is"), problems) from error
    return _answer(parsed, translation, plan, light)


def error_answer(error: BadDataError) -> dict[str, Any]:
    """Return VROOM's answer to a request with faults: its code, the first ones in a sentence, all of them listed."""
    code = ROUTING_ERROR if isinstance(error, NoWayError) else INPUT_ERROR
    return {"code": code, "error": str(error), "planner": {"problems": list(error.problems)}}


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


def _answer(
    request: Request, translation: Translation, plan: RoutePlan, light: Collection[int]
) -> tuple[dict[str, Any], set[int]]:
    routes = [_timed(request, translation, route) for route in plan.routes]
    order = {vehicle.id: k for k, vehicle in enumerate(request.vehicles)}
    routes.sort(key=lambda entry: order[entry[0].id])
    why = [_why(translation, left) for left in plan.unassigned]
    more = {"engine": plan.engine, "seed": plan.seed} | ({"unassigned": why} if why else {})
    if light:
        more["held_to_max_load"] = sorted(light)
    approximated = approximations(request, light)
    if approximated:
        more["approximated"] = approximated
    if len(plan.reached) > 1:
        more["reached"] = [
            {"engine": one.engine, "seed": one.seed, "cost": one.cost_yuan, "unassigned": one.unassigned}
            for one in plan.reached
        ]
    answer = answer_of(request, routes, more=more)
    causes = {violation["cause"] for violation in answer["summary"]["violations"]}
    loaded = {
        route["vehicle"]
        for route in answer["routes"]
        if any(violation["cause"] == Cause.MAX_LOAD for violation in route["violations"])
    }
    if causes - {Cause.MAX_LOAD} or loaded & set(light):
        raise PlanRejectedError(Message("the answer breaks {causes}", causes=sorted(causes)))
    return answer, loaded


def _timed(request: Request, translation: Translation, route: Route) -> tuple[Vehicle, list[TimedStep]]:
    """Return a vehicle and its steps; they are timed again where its tasks take it less time than was planned."""
    vehicle = translation.vehicles[route.vehicle_id]
    steps = steps_of_route(request, translation, route)
    tasks = [step for step in steps if step.task is not None]
    if all(
        (step.task.setup_of(vehicle) if step.setup_s else 0, step.task.service_of(vehicle))
        == (step.setup_s, step.service_s)
        for step in tasks
        if step.task
    ):
        return vehicle, steps
    order = tuple(_as_given(step) for step in steps)
    return vehicle, choose_times(request, replace(vehicle, steps=order))


def _as_given(step: TimedStep) -> GivenStep:
    number = step.task.id if step.task is not None else step.pause.id if step.pause is not None else None
    return GivenStep(kind=step.kind, id=number, at_s=None, after_s=None, before_s=None, where=step.where)


def _why(translation: Translation, left: Unassigned) -> dict[str, Any]:
    """Return why a task is on no route, and what would serve it, in the request's own words and times."""
    task = translation.tasks[left.stop_id]
    found: dict[str, Any] = {
        "type": task.kind.value,
        "id": task.id,
        "reason": left.reason.value,
        "detail": sentence_of(left.details, translation.base_s),
    }
    if left.relaxations:
        found["relaxations"] = [relaxation_of(change, translation) for change in left.relaxations]
    return found


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
        faults = list(_broken_by(request)) or [error.args[0]]
        raise RequestError(Message("the routes given as steps are invalid"), faults) from error
    return routes


def _broken_by(request: Request) -> Iterator[Message]:
    """Yield what each route given as steps breaks, step by step, by VROOM's names of violations."""
    for route in _check(request)["routes"]:
        whole = {violation["cause"] for violation in route["violations"]}
        for k, step in enumerate(route["steps"]):
            own = [violation["cause"] for violation in step["violations"]]
            whole -= set(own)
            if own:
                task = f"{step['type']} {step['id']}" if "id" in step else step["type"]
                yield Message(
                    "vehicle {vehicle}, step {k} ({task}): breaks {causes}",
                    vehicle=route["vehicle"],
                    k=k,
                    task=task,
                    causes=own,
                )
        if whole:
            yield Message("vehicle {vehicle}: breaks {causes}", vehicle=route["vehicle"], causes=sorted(whole))
