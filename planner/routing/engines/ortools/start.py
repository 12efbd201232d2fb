"""Routes to start from, as OR-Tools reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.graph import NodeGraph
from planner.routing.stops import Depot, Stop
from planner.routing.timing import VehicleSteps


def assignment_of(
    graph: NodeGraph, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel, start: Sequence[VehicleSteps]
) -> Any:
    """Return the routes of named vehicles as an assignment of the closed model, None if the model does not take them."""
    number = {id_: v for v, (_, id_) in enumerate(graph.vehicles)}
    routes: list[list[int]] = [[] for _ in graph.vehicles]
    for one in start:
        v = number[one.vehicle_id]
        calls = [n for n in graph.reloads if graph.nodes[n].vehicle == v]
        for step in one.steps:
            node = -1
            if isinstance(step, Stop):
                node = graph.node_of(step.id)
            elif isinstance(step, Depot):
                node = next(n for n in calls if graph.nodes[n].place == step.id)
                calls.remove(node)
            if node >= 0:
                routes[v].append(manager.NodeToIndex(node))
    return model.ReadAssignmentFromRoutes(routes, True)
