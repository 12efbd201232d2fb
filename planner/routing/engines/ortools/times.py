"""The clock of the routes: windows, setup, shifts, breaks and the limits on duty, driving, distance and stops."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.graph import FAR_M, NodeGraph
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType
from planner.units import SECONDS_PER_HOUR, IntArray

Windows = Sequence[tuple[float, float]]


class Clock:
    """The time dimension: at a stop it stands at the beginning of the service, or of a setup that comes in any case.

    A setup that falls away when the vehicle is at the place already lies on the leg that leads there, and the window is
    held by a variable of its own; where vehicles take breaks, which may lie on a leg but not in a setup, such a setup is
    taken to last in any case, so that a route may be timed shorter than it was planned, never longer.
    """

    def __init__(self, graph: NodeGraph, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
        self.graph, self.manager, self.model = graph, manager, model
        self.same = graph.same_place()
        self.breaks = any(kind.breaks for kind in graph.kinds)
        self.on_leg = [self._setup_on_leg(n) for n in range(len(graph.nodes))]
        self.intervals: list[tuple[int, Break, Any]] = []

    def _setup_on_leg(self, n: int) -> bool:
        stop = self.graph.nodes[n].stop
        return bool(stop and stop.setup_duration_s and not self.breaks and self.same[n].sum() > 1)

    def add(self) -> None:
        """Add the dimension, its windows, shifts and breaks, and what hours on duty cost."""
        graph, model = self.graph, self.model
        evaluators: dict[tuple[str, float, float], int] = {}
        transits = []
        for kind in graph.kinds:
            key = (kind.profile, kind.speed_factor, kind.reload_duration_s)
            if key not in evaluators:
                evaluators[key] = model.RegisterTransitMatrix(self._spent(kind).tolist())
            transits.append(evaluators[key])
        ends = [graph.horizon] * len(graph.kinds)
        model.AddDimensionWithVehicleTransitAndCapacity(transits, graph.horizon, ends, False, "time")
        self.time = model.GetDimensionOrDie("time")
        for i, stop in enumerate(graph.stops):
            self._windows(graph.first_stop + i, stop)
        for v, kind in enumerate(graph.kinds):
            self._shift(v, kind)
        if self.breaks:
            for v, kind in enumerate(graph.kinds):
                self._take_breaks(v, kind)

    def _standing(self, kind: VehicleType) -> IntArray:
        """Return how long a vehicle stands at each node from the time on that the clock shows there."""
        standing = []
        for n, node in enumerate(self.graph.nodes):
            if node.stop is not None:
                setup = 0.0 if self.on_leg[n] else node.stop.setup_duration_s * self._is_certain(n)
                standing.append(self.graph.ticks(setup + node.stop.service_duration_s))
            else:
                standing.append(self.graph.ticks(kind.reload_duration_s) if node.reload is not None else 0)
        return np.array(standing, dtype=np.int64)

    def _is_certain(self, n: int) -> bool:
        return self.breaks or self.same[n].sum() == 1

    def _spent(self, kind: VehicleType) -> IntArray:
        """Return the time from node to node: standing at the first, the leg, and a setup that lies on it."""
        setups = np.array([self._leg_setup(n) for n in range(len(self.graph.nodes))], dtype=np.int64)
        spent: IntArray = (
            self._standing(kind)[:, None] + self.graph.leg_ticks(kind) + np.where(self.same, 0, setups[None, :])
        )
        return spent

    def _leg_setup(self, n: int) -> int:
        stop = self.graph.nodes[n].stop
        return self.graph.ticks(stop.setup_duration_s) if stop is not None and self.on_leg[n] else 0

    def _windows(self, n: int, stop: Stop) -> None:
        index = self.manager.NodeToIndex(n)
        at = self.time.CumulVar(index)
        if not self.on_leg[n]:
            self._narrow(at, stop.windows)
            return
        setup = self._leg_setup(n)
        begins = self.model.solver().IntVar(0, self.graph.horizon, f"begins {stop.id}")
        self._narrow(begins, stop.windows)
        here = [
            self.manager.NodeToIndex(int(k))
            for k in np.flatnonzero(self.same[n])
            if k != n and k >= self.graph.first_stop
        ]
        here += [self.model.Start(v) for v, first in enumerate(self.graph.starts) if self.same[n, first]]
        stays = self.model.solver().Sum([self.model.NextVar(k) == index for k in here])
        self.model.solver().Add(at == begins + setup - stays * setup)

    def _narrow(self, variable: Any, windows: Windows) -> None:
        """Keep a variable to the whole ticks inside these windows."""
        base, graph = self.graph.base_s, self.graph
        spans = [(max(0, graph.ticks(opens - base)), graph.ticks_down(closes - base)) for opens, closes in windows]
        variable.SetRange(min(spans[0][0], graph.horizon), min(max(spans[-1][1], spans[0][0]), graph.horizon))
        for (_, closes), (opens, _) in pairwise(spans):
            if closes + 1 <= opens - 1:
                variable.RemoveInterval(max(closes + 1, 0), opens - 1)

    def _shift(self, v: int, kind: VehicleType) -> None:
        graph, model, time = self.graph, self.model, self.time
        begins = graph.ticks(kind.shift_start_s - graph.base_s)
        ends = graph.horizon if math.isinf(kind.shift_end_s) else graph.ticks_down(kind.shift_end_s - graph.base_s)
        for at in (model.Start(v), model.End(v)):
            time.CumulVar(at).SetRange(begins, ends)
        if math.isfinite(kind.max_duration_s):
            time.SetSpanUpperBoundForVehicle(min(graph.ticks_down(kind.max_duration_s), graph.horizon), v)
        price = graph.money(kind.cost_per_hour_yuan / SECONDS_PER_HOUR / graph.parts_of_a_second)
        time.SetSpanCostCoefficientForVehicle(price, v)
        model.AddVariableMinimizedByFinalizer(time.CumulVar(model.End(v)))
        model.AddVariableMaximizedByFinalizer(time.CumulVar(model.Start(v)))

    # -- breaks

    def _take_breaks(self, v: int, kind: VehicleType) -> None:
        """Give a vehicle its breaks: within the route; one that is not ``always`` due may lie after its end instead."""
        graph, model, solver = self.graph, self.model, self.model.solver()
        standing = self._standing(kind)
        visits = [0] * model.Size()
        for index in range(model.Size()):
            visits[index] = int(standing[self.manager.IndexToNode(index)])
        used = model.ActiveVehicleVar(v)
        taken = []
        for pause in kind.breaks:
            if not pause.always and kind.shift_start_s > pause.windows[-1][1]:
                continue  # no route of this vehicle begins before the break's last window is over
            begins = solver.IntVar(0, graph.horizon, f"break {v} {pause.id}")
            self._narrow(begins, pause.windows)
            lasts = graph.ticks(pause.duration_s)
            interval = solver.FixedDurationIntervalVar(begins, lasts, f"break {v} {pause.id}")
            start, end = self.time.CumulVar(model.Start(v)), self.time.CumulVar(model.End(v))
            far = 2 * graph.horizon
            solver.Add(begins + far * (1 - used) >= start)
            if pause.always:
                solver.Add(begins + lasts <= end + far * (1 - used))
            taken.append(interval)
            model.AddVariableMinimizedByFinalizer(begins)
            self.intervals.append((v, pause, interval))
        self.time.SetBreakIntervalsOfVehicle(taken, v, visits)

    # -- limits

    def add_limits(self) -> None:
        """Add the limits on metres, seconds of driving and stops, and the place of each stop in its route."""
        kinds = self.graph.kinds
        if any(math.isfinite(kind.max_distance_m) for kind in kinds):
            most = [FAR_M - 1 if math.isinf(k.max_distance_m) else math.floor(k.max_distance_m + 1e-6) for k in kinds]
            self._limit("metres", self.graph.leg_metres, most)
        if any(math.isfinite(kind.max_driving_s) for kind in kinds):
            most = [self.graph.ticks_down(min(k.max_driving_s, self._most_s())) for k in kinds]
            self._limit("driving", self.graph.leg_ticks, most)
        counts = [int(node.stop is not None) for node in self.graph.nodes]
        counted = self.model.RegisterUnaryTransitVector(counts)
        all_ = len(self.graph.stops)
        most = [all_ if kind.max_stops is None else min(all_, kind.max_stops) for kind in kinds]
        self.model.AddDimensionWithVehicleCapacity(counted, 0, most, True, "place")

    def _most_s(self) -> float:
        return self.graph.horizon / self.graph.parts_of_a_second

    def _limit(self, name: str, legs: Callable[[VehicleType], IntArray], most: list[int]) -> None:
        evaluators: dict[tuple[str, float], int] = {}
        for kind in self.graph.kinds:
            key = (kind.profile, kind.speed_factor)
            if key not in evaluators:
                evaluators[key] = self.model.RegisterTransitMatrix(legs(kind).tolist())
        chosen = [evaluators[kind.profile, kind.speed_factor] for kind in self.graph.kinds]
        self.model.AddDimensionWithVehicleTransitAndCapacity(chosen, 0, most, True, name)
