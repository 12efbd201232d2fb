"""The clock of the rounds: windows, setup, shifts, breaks and the limits on duty, driving, distance and stops."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from planner.routing.engines.ortools.world import FAR_M, World
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType
from planner.units import SECONDS_PER_HOUR, IntArray

Windows = Sequence[tuple[float, float]]


class Clock:
    """The time dimension: at a stop it stands at the beginning of the service, or of a setup that comes in any case.

    A setup that falls away when the vehicle is at the place already lies on the leg that leads there, and the window is
    held by a variable of its own; where vehicles take breaks, which may lie on a leg but not in a setup, such a setup is
    taken to last in any case, so that a round may be timed shorter than it was planned, never longer.
    """

    def __init__(self, world: World, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
        self.world, self.manager, self.model = world, manager, model
        self.same = world.same_place()
        self.breaks = any(kind.breaks for kind in world.kinds)
        self.on_leg = [self._setup_on_leg(n) for n in range(len(world.nodes))]
        self.intervals: list[tuple[int, Break, Any]] = []

    def _setup_on_leg(self, n: int) -> bool:
        stop = self.world.nodes[n].stop
        return bool(stop and stop.setup_duration_s and not self.breaks and self.same[n].sum() > 1)

    def add(self) -> None:
        """Add the dimension, its windows, shifts and breaks, and what hours on duty cost."""
        world, model = self.world, self.model
        evaluators: dict[tuple[str, float, float], int] = {}
        transits = []
        for kind in world.kinds:
            key = (kind.profile, kind.speed_factor, kind.reload_duration_s)
            if key not in evaluators:
                evaluators[key] = model.RegisterTransitMatrix(self._spent(kind).tolist())
            transits.append(evaluators[key])
        ends = [world.horizon] * len(world.kinds)
        model.AddDimensionWithVehicleTransitAndCapacity(transits, world.horizon, ends, False, "time")
        self.time = model.GetDimensionOrDie("time")
        for i, stop in enumerate(world.stops):
            self._windows(world.first_stop + i, stop)
        for v, kind in enumerate(world.kinds):
            self._shift(v, kind)
        if self.breaks:
            for v, kind in enumerate(world.kinds):
                self._take_breaks(v, kind)

    def _standing(self, kind: VehicleType) -> IntArray:
        """Return how long a vehicle stands at each node from the time on that the clock shows there."""
        standing = []
        for n, node in enumerate(self.world.nodes):
            if node.stop is not None:
                setup = 0.0 if self.on_leg[n] else node.stop.setup_duration_s * self._is_certain(n)
                standing.append(self.world.ticks(setup + node.stop.service_duration_s))
            else:
                standing.append(self.world.ticks(kind.reload_duration_s) if node.reload is not None else 0)
        return np.array(standing, dtype=np.int64)

    def _is_certain(self, n: int) -> bool:
        return self.breaks or self.same[n].sum() == 1

    def _spent(self, kind: VehicleType) -> IntArray:
        """Return the time from node to node: standing at the first, the leg, and a setup that lies on it."""
        setups = np.array([self._leg_setup(n) for n in range(len(self.world.nodes))], dtype=np.int64)
        spent: IntArray = (
            self._standing(kind)[:, None] + self.world.leg_ticks(kind) + np.where(self.same, 0, setups[None, :])
        )
        return spent

    def _leg_setup(self, n: int) -> int:
        stop = self.world.nodes[n].stop
        return self.world.ticks(stop.setup_duration_s) if stop is not None and self.on_leg[n] else 0

    def _windows(self, n: int, stop: Stop) -> None:
        index = self.manager.NodeToIndex(n)
        at = self.time.CumulVar(index)
        if not self.on_leg[n]:
            self._narrow(at, stop.windows)
            return
        setup = self._leg_setup(n)
        begins = self.model.solver().IntVar(0, self.world.horizon, f"begins {stop.id}")
        self._narrow(begins, stop.windows)
        here = [
            self.manager.NodeToIndex(int(k))
            for k in np.flatnonzero(self.same[n])
            if k != n and k >= self.world.first_stop
        ]
        here += [self.model.Start(v) for v, first in enumerate(self.world.starts) if self.same[n, first]]
        stays = self.model.solver().Sum([self.model.NextVar(k) == index for k in here])
        self.model.solver().Add(at == begins + setup - stays * setup)

    def _narrow(self, variable: Any, windows: Windows) -> None:
        """Keep a variable to the whole ticks inside these windows."""
        base, world = self.world.base_s, self.world
        spans = [(max(0, world.ticks(opens - base)), world.ticks_down(closes - base)) for opens, closes in windows]
        variable.SetRange(min(spans[0][0], world.horizon), min(max(spans[-1][1], spans[0][0]), world.horizon))
        for (_, closes), (opens, _) in pairwise(spans):
            if closes + 1 <= opens - 1:
                variable.RemoveInterval(max(closes + 1, 0), opens - 1)

    def _shift(self, v: int, kind: VehicleType) -> None:
        world, model, time = self.world, self.model, self.time
        begins = world.ticks(kind.shift_start_s - world.base_s)
        ends = world.horizon if math.isinf(kind.shift_end_s) else world.ticks_down(kind.shift_end_s - world.base_s)
        for at in (model.Start(v), model.End(v)):
            time.CumulVar(at).SetRange(begins, ends)
        if math.isfinite(kind.max_duration_s):
            time.SetSpanUpperBoundForVehicle(min(world.ticks_down(kind.max_duration_s), world.horizon), v)
        price = world.money(kind.cost_per_hour_yuan / SECONDS_PER_HOUR / world.parts_of_a_second)
        time.SetSpanCostCoefficientForVehicle(price, v)
        model.AddVariableMinimizedByFinalizer(time.CumulVar(model.End(v)))
        model.AddVariableMaximizedByFinalizer(time.CumulVar(model.Start(v)))

    # -- breaks

    def _take_breaks(self, v: int, kind: VehicleType) -> None:
        """Give a vehicle its breaks: within the round; one that is not ``always`` due may lie after its end instead."""
        world, model, solver = self.world, self.model, self.model.solver()
        standing = self._standing(kind)
        visits = [0] * model.Size()
        for index in range(model.Size()):
            visits[index] = int(standing[self.manager.IndexToNode(index)])
        used = model.ActiveVehicleVar(v)
        taken = []
        for pause in kind.breaks:
            if not pause.always and kind.shift_start_s > pause.windows[-1][1]:
                continue  # no round of this vehicle begins before the break's last window is over
            begins = solver.IntVar(0, world.horizon, f"break {v} {pause.id}")
            self._narrow(begins, pause.windows)
            lasts = world.ticks(pause.duration_s)
            interval = solver.FixedDurationIntervalVar(begins, lasts, f"break {v} {pause.id}")
            start, end = self.time.CumulVar(model.Start(v)), self.time.CumulVar(model.End(v))
            far = 2 * world.horizon
            solver.Add(begins + far * (1 - used) >= start)
            if pause.always:
                solver.Add(begins + lasts <= end + far * (1 - used))
            taken.append(interval)
            model.AddVariableMinimizedByFinalizer(begins)
            self.intervals.append((v, pause, interval))
        self.time.SetBreakIntervalsOfVehicle(taken, v, visits)

    # -- limits

    def add_limits(self) -> None:
        """Add the limits on metres, seconds at the wheel and stops, and the place of each stop in its round."""
        kinds = self.world.kinds
        if any(math.isfinite(kind.max_distance_m) for kind in kinds):
            most = [FAR_M - 1 if math.isinf(k.max_distance_m) else math.floor(k.max_distance_m + 1e-6) for k in kinds]
            self._limit("metres", self.world.leg_metres, most)
        if any(math.isfinite(kind.max_driving_s) for kind in kinds):
            most = [self.world.ticks_down(min(k.max_driving_s, self._most_s())) for k in kinds]
            self._limit("driving", self.world.leg_ticks, most)
        counts = [int(node.stop is not None) for node in self.world.nodes]
        counted = self.model.RegisterUnaryTransitVector(counts)
        all_ = len(self.world.stops)
        most = [all_ if kind.max_stops is None else min(all_, kind.max_stops) for kind in kinds]
        self.model.AddDimensionWithVehicleCapacity(counted, 0, most, True, "place")

    def _most_s(self) -> float:
        return self.world.horizon / self.world.parts_of_a_second

    def _limit(self, name: str, legs: Callable[[VehicleType], IntArray], most: list[int]) -> None:
        evaluators: dict[tuple[str, float], int] = {}
        for kind in self.world.kinds:
            key = (kind.profile, kind.speed_factor)
            if key not in evaluators:
                evaluators[key] = self.model.RegisterTransitMatrix(legs(kind).tolist())
        chosen = [evaluators[kind.profile, kind.speed_factor] for kind in self.world.kinds]
        self.model.AddDimensionWithVehicleTransitAndCapacity(chosen, 0, most, True, name)
