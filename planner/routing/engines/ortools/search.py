"""The search itself: the model of a problem, how long it is searched, and the steps of its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util.optional_boolean_pb2 import BOOL_TRUE

from planner.errors import Message, PlanRejectedError
from planner.routing.engines.ortools.graph import NodeGraph
from planner.routing.engines.ortools.loads import add_loads
from planner.routing.engines.ortools.releases import add_releases
from planner.routing.engines.ortools.rules import Rules
from planner.routing.engines.ortools.start import assignment_of
from planner.routing.engines.ortools.times import Clock
from planner.routing.engines.task import SearchTask
from planner.routing.stops import Stop
from planner.routing.timing import FleetSteps, Step
from planner.routing.vehicles import Break

_SAFETY_LIMIT_S = 600
_MOST_FAILURES = 500_000
"""Dead ends in a row after which nothing more is accepted: in tiny worlds the most before another solution was 57,000."""
_FEW_STOPS = 60
_WIDE_MOVES = ("path_lns", "full_path_lns", "inactive_lns", "extended_swap_active")
"""Moves that build whole routes anew, or serve stops left out: worth their time where there are few stops."""


def order_stops(task: SearchTask) -> FleetSteps:
    """Return the steps of each vehicle used, see `planner.routing.engines.ortools.order_stops`."""
    graph = NodeGraph(task.problem, task.stops)
    manager = pywrapcp.RoutingIndexManager(len(graph.nodes), len(graph.kinds), graph.starts, graph.ends)
    model = pywrapcp.RoutingModel(manager)
    clock = Clock(graph, manager, model)
    clock.add()
    clock.add_limits()
    add_loads(graph, manager, model)
    add_releases(graph, manager, model, clock.time)
    _add_costs(graph, model)
    Rules(graph, manager, model).add()
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    if len(task.stops) <= _FEW_STOPS:
        for name in _WIDE_MOVES:
            setattr(parameters.local_search_operators, f"use_{name}", BOOL_TRUE)
    if task.limits.iterations is not None:
        parameters.solution_limit = task.limits.iterations
    seconds = _SAFETY_LIMIT_S if task.limits.cpu_seconds is None else task.limits.cpu_seconds
    parameters.time_limit.FromMilliseconds(round(1000 * seconds))
    for _, _, interval in clock.intervals:
        model.AddIntervalToAssignment(interval)
    if task.limits.iterations is not None:
        _stop_where_nothing_is_accepted(model)
    begun = None
    if task.start:
        model.CloseModelWithParameters(parameters)
        begun = assignment_of(graph, manager, model, task.start)
    answer = (
        model.SolveFromAssignmentWithParameters(begun, parameters) if begun else model.SolveWithParameters(parameters)
    )
    if answer is None:
        raise PlanRejectedError(
            Message("OR-Tools found no plan at all: locked stops cannot be served as they are locked")
        )
    routes = [(kind, _steps(graph, clock, v, answer)) for v, kind in enumerate(graph.kinds)]
    by_name = bool(task.problem.locks) or any(stop.only_vehicles or stop.not_vehicles for stop in task.stops)
    driven = [(kind, steps if any(isinstance(step, Stop) for step in steps) else []) for kind, steps in routes]
    return [(kind, steps) for kind, steps in driven if steps or by_name]


def _stop_where_nothing_is_accepted(model: pywrapcp.RoutingModel) -> None:
    """End the search when it finds no further solution: with routes that cannot be changed it would go on for ever."""
    solver, last = model.solver(), [0]

    def remember() -> None:
        last[0] = solver.Failures()

    model.AddAtSolutionCallback(remember)
    model.AddSearchMonitor(solver.CustomLimit(lambda: solver.Failures() - last[0] > _MOST_FAILURES))


def _add_costs(graph: NodeGraph, model: pywrapcp.RoutingModel) -> None:
    evaluators: dict[tuple[str, float, float, float], int] = {}
    fewest = graph.miss if graph.problem.fewest_vehicles else 0
    for v, kind in enumerate(graph.kinds):
        key = (kind.profile, kind.speed_factor, kind.cost_per_km_yuan, kind.cost_per_driving_hour_yuan)
        if key not in evaluators:
            evaluators[key] = model.RegisterTransitMatrix(graph.leg_costs(kind).tolist())
        model.SetArcCostEvaluatorOfVehicle(evaluators[key], v)
        model.SetFixedCostOfVehicle(graph.money(kind.fixed_cost_yuan) + fewest, v)


def _steps(graph: NodeGraph, clock: Clock, v: int, answer: Any) -> list[Step]:
    """Return a vehicle's steps; of several windows the one that the answer takes."""
    model, manager = clock.model, clock.manager
    timed: list[tuple[int, int, Step]] = []
    before = manager.IndexToNode(model.Start(v))
    index = answer.Value(model.NextVar(model.Start(v)))
    while not model.IsEnd(index):
        n = manager.IndexToNode(index)
        node, at = graph.nodes[n], answer.Min(clock.time.CumulVar(index))
        if node.stop is not None:
            setup = graph.ticks(node.stop.setup_duration_s) if clock.on_leg[n] and not clock.same[before, n] else 0
            timed.append((at, 1, _with_window_at(graph, node.stop, at - setup)))
        elif node.reload is not None:
            timed.append((at, 1, node.reload))
        before, index = n, answer.Value(model.NextVar(index))
    end = answer.Min(clock.time.CumulVar(index))
    for owner, pause, interval in clock.intervals:
        at = answer.StartValue(interval)
        if owner == v and (pause.always or at + graph.ticks(pause.duration_s) <= end):
            timed.append((at, 0, _break_at(graph, pause, at)))
    return [step for _, _, step in sorted(timed, key=lambda entry: entry[:2])]


def _window_at(graph: NodeGraph, windows: Sequence[tuple[float, float]], at: int) -> tuple[float, float]:
    return max((w for w in windows if graph.ticks(w[0] - graph.base_s) <= at), default=windows[0])


def _with_window_at(graph: NodeGraph, stop: Stop, at: int) -> Stop:
    """Return the stop with the one of its windows in which its service begins."""
    opens_s, closes_s = _window_at(graph, stop.windows, at)
    return replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=())


def _break_at(graph: NodeGraph, pause: Break, at: int) -> Break:
    """Return a break that is due in any case with the one of its windows in which it begins; another as it is."""
    if not pause.always:
        return pause
    opens_s, closes_s = _window_at(graph, pause.windows, at)
    return replace(pause, opens_s=opens_s, closes_s=closes_s, further_windows=())
