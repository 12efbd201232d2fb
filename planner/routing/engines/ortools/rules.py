"""Who may serve what and in which order: skills, named vehicles, optional stops, pairs, orders, locks and reloads."""

from __future__ import annotations

import math

from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.graph import NodeGraph
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.routing.why.proof import may_serve

_NO_VEHICLE = -1


class Rules:
    """Adds the rules between stops and vehicles to a model that has its dimensions."""

    def __init__(self, graph: NodeGraph, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
        self.graph, self.manager, self.model = graph, manager, model
        self.solver = model.solver()
        self.place = model.GetDimensionOrDie("place")

    def add(self) -> None:
        """Add all of them."""
        for i, stop in enumerate(self.graph.stops):
            self._stop(self.manager.NodeToIndex(self.graph.first_stop + i), stop)
        for n in self.graph.reloads:
            index = self.manager.NodeToIndex(n)
            self.model.AddDisjunction([index], 0)
            self.model.VehicleVar(index).SetValues([_NO_VEHICLE, self.graph.nodes[n].vehicle])
        for v, (kind, _) in enumerate(self.graph.vehicles):
            calls = [n for n in self.graph.reloads if self.graph.nodes[n].vehicle == v]
            if len(calls) > kind.max_reloads:  # it may reload at several depots, but not so often at each
                taken = self.solver.Sum([self.model.ActiveVar(self.manager.NodeToIndex(n)) for n in calls])
                self.solver.Add(taken <= kind.max_reloads)
        for pair in self.graph.problem.pairs:
            self._pair(pair.pickup_id, pair.delivery_id)
        for earlier, later in self.graph.problem.before:
            self._before(earlier, later)
        for lock in self.graph.problem.locks:
            self._lock(lock.vehicle_id, lock.stop_ids)

    def _stop(self, index: int, stop: Stop) -> None:
        self.model.AddDisjunction([index], self._miss(stop))
        able = [v for v, (kind, id_) in enumerate(self.graph.vehicles) if _able(stop, kind, id_)]
        if len(able) < len(self.graph.vehicles):
            self.model.VehicleVar(index).SetValues([_NO_VEHICLE, *able])

    def _miss(self, stop: Stop) -> int:
        """Return what leaving a stop out costs: its own price, or more than all routes and vehicles together."""
        if math.isfinite(stop.skip_cost_yuan):
            return self.graph.money(stop.skip_cost_yuan)
        vehicles = len(self.graph.vehicles) if self.graph.problem.fewest_vehicles else 0
        return self.graph.miss * (vehicles + 1) * self.graph.weight(stop)

    def _index(self, stop_id: str) -> int:
        node = self.graph.node_of(stop_id)
        return -1 if node < 0 else int(self.manager.NodeToIndex(node))

    def _pair(self, pickup_id: str, delivery_id: str) -> None:
        first, second = self._index(pickup_id), self._index(delivery_id)
        if first < 0 or second < 0:  # what forbids one forbids the other
            for index in (first, second):
                if index >= 0:
                    self.model.VehicleVar(index).SetValues([_NO_VEHICLE])
            return
        self.model.AddPickupAndDelivery(first, second)
        self.solver.Add(self.model.VehicleVar(first) == self.model.VehicleVar(second))
        # two stops of no duration at one place have one time: the count of stops tells them apart
        both = self.model.ActiveVar(first)
        self.solver.Add(self.place.CumulVar(second) >= self.place.CumulVar(first) + both)

    def _before(self, earlier: str, later: str) -> None:
        first, second = self._index(earlier), self._index(later)
        if first < 0 or second < 0:
            return
        both = self.model.ActiveVar(first) * self.model.ActiveVar(second)
        apart = self.model.VehicleVar(first) - self.model.VehicleVar(second)
        self.solver.Add(both * apart == 0)
        far = len(self.graph.stops) + 1
        self.solver.Add(self.place.CumulVar(second) + far >= self.place.CumulVar(first) + 1 + both * far - (1 - both))

    def _lock(self, vehicle_id: str, stop_ids: tuple[str, ...]) -> None:
        v = next(v for v, (_, id_) in enumerate(self.graph.vehicles) if id_ == vehicle_id)
        here = self.model.Start(v)
        for stop_id in stop_ids:
            index = self._index(stop_id)
            if index < 0:
                return
            self.model.NextVar(here).SetValue(index)
            here = index


def _able(stop: Stop, kind: VehicleType, vehicle_id: str) -> bool:
    return set(stop.needs) <= set(kind.skills) and may_serve(stop, kind, vehicle_id)
