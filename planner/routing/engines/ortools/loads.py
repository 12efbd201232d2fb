"""The loads of the routes: what is still to be delivered, what is carried, and what pairs have on board.

Simultaneous pickup and delivery takes two dimensions a load: what is still to be delivered (falls, ends at 0) and what is
carried (pickup minus delivery, free start); both start equal, so that no parcel is delivered before it was loaded. A call
at a depot sets both anew: nothing may be left to deliver, and what is carried on is what pairs have on board and what is
delivered next.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.graph import NodeGraph
from planner.units import IntArray, solver_capacity, solver_load

_UNLIMITED = 10**12


def add_loads(graph: NodeGraph, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
    """Add the dimensions of every load that a capacity limits."""
    for d in range(len(graph.problem.dimensions)):
        capacities = solver_capacity(np.array([kind.capacity[d] for kind in graph.kinds]), _UNLIMITED).tolist()
        if min(capacities) < _UNLIMITED:
            _Load(graph, manager, model, d, capacities).add()


class _Load:
    def __init__(
        self,
        graph: NodeGraph,
        manager: pywrapcp.RoutingIndexManager,
        model: pywrapcp.RoutingModel,
        d: int,
        capacities: list[int],
    ) -> None:
        self.model, self.d, self.capacities = model, d, capacities
        self.reloads = [manager.NodeToIndex(n) for n in graph.reloads]
        shipped = {id_ for pair in graph.problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
        stops = [node.stop for node in graph.nodes]
        self.delivery = solver_load(np.array([stop.delivery[d] if stop else 0.0 for stop in stops]))
        self.pickup = solver_load(np.array([stop.pickup[d] if stop else 0.0 for stop in stops]))
        self.paired = np.array([stop is not None and stop.id in shipped for stop in stops])
        self.calls_at = np.zeros(len(stops), dtype=np.int64)
        self.calls_at[graph.reloads] = 1

    def add(self) -> None:
        most = max(self.capacities)
        changes = self.pickup - self.delivery
        deliver = self.dimension("deliver", np.where(self.paired, 0, -self.delivery))
        carry = self.dimension("carry", changes - most * self.calls_at)
        for v in range(len(self.capacities)):
            deliver.CumulVar(self.model.End(v)).SetValue(0)
            self.model.solver().Add(deliver.CumulVar(self.model.Start(v)) == carry.CumulVar(self.model.Start(v)))
        if not self.reloads:
            return
        aboard = self.dimension("aboard", np.where(self.paired, changes, 0))
        for v in range(len(self.capacities)):
            aboard.CumulVar(self.model.Start(v)).SetValue(0)
        for index in self.reloads:
            deliver.CumulVar(index).SetValue(0)
            aboard.SlackVar(index).SetValue(0)
            left = carry.CumulVar(index) + carry.SlackVar(index) - most
            self.model.solver().Add(left == deliver.SlackVar(index) + aboard.CumulVar(index))

    def dimension(self, name: str, changes: IntArray) -> Any:
        """Add a dimension that changes by what a node says, and freely where the vehicle reloads."""
        evaluator = self.model.RegisterUnaryTransitVector(changes.tolist())
        slack = 2 * max(self.capacities) if self.reloads else 0
        self.model.AddDimensionWithVehicleCapacity(evaluator, slack, self.capacities, False, f"{name}{self.d}")
        dimension = self.model.GetDimensionOrDie(f"{name}{self.d}")
        if self.reloads:
            for index in set(range(self.model.Size())) - set(self.reloads):
                dimension.SlackVar(index).SetValue(0)
        return dimension
