"""Order the stops of all rounds with OR-Tools: cheapest insertion, then guided local search.

Simultaneous pickup and delivery takes two dimensions a load: what is still to be delivered (falls, ends at 0) and what is
carried (pickup minus delivery, free start); both start equal, so that no parcel is delivered before it was loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from planner.errors import PlanRejectedError
from planner.routing.problem import RoutingProblem, Stop, VehicleType
from planner.units import (
    SECONDS_PER_HOUR,
    IntArray,
    solver_capacity,
    solver_load,
    solver_metres,
    solver_seconds,
    solver_yuan,
)

_FAR = 10**7
"""Seconds and metres of a leg that does not exist: beyond every shift, so that no vehicle takes it."""
_UNLIMITED = 10**12
_SKIP_PENALTY = 10**13
"""In the solver's money: far above any round, so that a stop is left out only where no round can take it."""
_NO_VEHICLE = -1
_SAFETY_LIMIT_S = 600


def order_stops(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seed: int,
) -> list[tuple[VehicleType, list[Stop]]]:
    """Return (vehicle type, stops in order) for each vehicle used; stops in no list are left out.

    ``iterations`` limits the number of solutions that the search accepts, which is repeatable. OR-Tools knows wall-clock
    time only: ``cpu_seconds`` are taken as such, which is the same for its one thread on a core of its own. ``seed`` is
    stated by the plan; this engine's search has no random choice.
    """
    vehicles = [kind for kind in problem.vehicle_types for _ in range(kind.count)]
    # a depot at which no vehicle is based would be a customer to OR-Tools
    depot_ids = sorted({kind.depot_id for kind in problem.vehicle_types})
    place_ids = depot_ids + [stop.id for stop in stops]
    first_stop = len(depot_ids)
    depot_index = {depot_id: i for i, depot_id in enumerate(depot_ids)}
    ends = [depot_index[kind.depot_id] for kind in vehicles]
    manager = pywrapcp.RoutingIndexManager(len(place_ids), len(vehicles), ends, ends)
    model = pywrapcp.RoutingModel(manager)
    part = problem.travel.select(place_ids, place_ids)
    seconds = solver_seconds(part.durations_s, _FAR)
    metres = solver_metres(part.distances_m, _FAR)
    # a vehicle that stays at home goes nowhere, whatever the matrix says of the way from a depot to itself
    seconds[:first_stop, :first_stop] = metres[:first_stop, :first_stop] = 0
    _add_time(model, manager, vehicles, stops, first_stop, seconds)
    _add_costs(model, vehicles, metres)
    for d in range(len(problem.dimensions)):
        _add_load(model, vehicles, stops, first_stop, d)
    for i, stop in enumerate(stops):
        index = manager.NodeToIndex(first_stop + i)
        optional = math.isfinite(stop.skip_cost_yuan)
        model.AddDisjunction([index], solver_yuan(stop.skip_cost_yuan) if optional else _SKIP_PENALTY)
        able = [v for v, kind in enumerate(vehicles) if set(stop.needs) <= set(kind.skills)]
        if len(able) < len(vehicles):
            model.VehicleVar(index).SetValues([_NO_VEHICLE, *able])
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    if iterations is not None:
        parameters.solution_limit = iterations
    parameters.time_limit.FromMilliseconds(round(1000 * (_SAFETY_LIMIT_S if cpu_seconds is None else cpu_seconds)))
    answer = model.SolveWithParameters(parameters)
    if answer is None:
        raise PlanRejectedError("OR-Tools found no plan at all, though leaving every stop out is one")
    rounds = []
    for v, kind in enumerate(vehicles):
        order, index = [], answer.Value(model.NextVar(model.Start(v)))
        while not model.IsEnd(index):
            stop = stops[manager.IndexToNode(index) - first_stop]
            begins = answer.Min(model.GetDimensionOrDie("time").CumulVar(index))
            order.append(_with_window_at(stop, begins))
            index = answer.Value(model.NextVar(index))
        if order:
            rounds.append((kind, order))
    return rounds


def _second_in(opens_s: float) -> int:
    """Return the first whole second of a window."""
    return int(np.ceil(opens_s))


def _with_window_at(stop: Stop, begins_s: float) -> Stop:
    """Return the stop with the one of its windows in which its service begins."""
    opens_s, closes_s = max(
        (window for window in stop.windows if _second_in(window[0]) <= begins_s), default=stop.windows[0]
    )
    return replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=())


def _add_time(
    model: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    vehicles: Sequence[VehicleType],
    stops: Sequence[Stop],
    first_stop: int,
    seconds: IntArray,
) -> None:
    service = np.zeros(len(seconds), dtype=np.int64)
    service[first_stop:] = solver_seconds(np.array([stop.service_duration_s for stop in stops]), _FAR)
    spent = seconds + service[:, None]
    transit = model.RegisterTransitMatrix(spent.tolist())
    model.AddDimension(transit, _FAR, _FAR, False, "time")
    time = model.GetDimensionOrDie("time")
    for i, stop in enumerate(stops):
        # a window narrows to whole seconds inside it
        begins = time.CumulVar(manager.NodeToIndex(first_stop + i))
        begins.SetRange(_second_in(stop.opens_s), max(int(stop.windows[-1][1]), _second_in(stop.opens_s)))
        for earlier, later in pairwise(stop.windows):
            begins.RemoveInterval(int(earlier[1]) + 1, _second_in(later[0]) - 1)
    for v, kind in enumerate(vehicles):
        begins, ends = int(np.ceil(kind.shift_start_s)), int(kind.shift_end_s)
        time.CumulVar(model.Start(v)).SetRange(begins, ends)
        time.CumulVar(model.End(v)).SetRange(begins, ends)
        time.SetSpanUpperBoundForVehicle(int(min(kind.max_duration_s, _FAR)), v)
        time.SetSpanCostCoefficientForVehicle(solver_yuan(kind.cost_per_hour_yuan / SECONDS_PER_HOUR), v)
        model.AddVariableMinimizedByFinalizer(time.CumulVar(model.End(v)))
        model.AddVariableMaximizedByFinalizer(time.CumulVar(model.Start(v)))


def _add_costs(
    model: pywrapcp.RoutingModel,
    vehicles: Sequence[VehicleType],
    metres: IntArray,
) -> None:
    evaluators: dict[float, int] = {}
    for v, kind in enumerate(vehicles):
        if kind.cost_per_km_yuan not in evaluators:
            costs = metres * solver_yuan(kind.cost_per_km_yuan / 1000)
            evaluators[kind.cost_per_km_yuan] = model.RegisterTransitMatrix(costs.tolist())
        model.SetArcCostEvaluatorOfVehicle(evaluators[kind.cost_per_km_yuan], v)
        model.SetFixedCostOfVehicle(solver_yuan(kind.fixed_cost_yuan), v)


def _add_load(
    model: pywrapcp.RoutingModel,
    vehicles: Sequence[VehicleType],
    stops: Sequence[Stop],
    first_stop: int,
    d: int,
) -> None:
    capacities = solver_capacity(np.array([kind.capacity[d] for kind in vehicles]), _UNLIMITED).tolist()
    if min(capacities) >= _UNLIMITED:
        return
    none = [0] * first_stop
    delivery = solver_load(np.array([stop.delivery[d] for stop in stops])).tolist()
    pickup = solver_load(np.array([stop.pickup[d] for stop in stops])).tolist()
    falls = model.RegisterUnaryTransitVector(none + [-amount for amount in delivery])
    changes = model.RegisterUnaryTransitVector(none + [up - down for up, down in zip(pickup, delivery, strict=True)])
    model.AddDimensionWithVehicleCapacity(falls, 0, capacities, False, f"deliver{d}")
    model.AddDimensionWithVehicleCapacity(changes, 0, capacities, False, f"carry{d}")
    deliver, carry = model.GetDimensionOrDie(f"deliver{d}"), model.GetDimensionOrDie(f"carry{d}")
    for v in range(len(vehicles)):
        deliver.CumulVar(model.End(v)).SetValue(0)
        model.solver().Add(deliver.CumulVar(model.Start(v)) == carry.CumulVar(model.Start(v)))
