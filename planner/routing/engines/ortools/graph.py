"""What OR-Tools is told of a problem, in whole numbers: vehicles, nodes, legs, costs and the scale of time and money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Depot, Stop
from planner.routing.vehicles import VehicleType
from planner.units import SECONDS_PER_HOUR, FloatArray, IntArray, solver_metres

ANYWHERE = ""
"""The place where an open route begins or ends: no way from it or to it."""
FAR_M = 10**9
_MOST_PARTS_OF_A_YUAN = 100_000
_ROOM = 2**60


@dataclass(frozen=True, kw_only=True)
class Node:
    """A place that a route passes: an end of routes, a stop, or one possible call at a depot to reload."""

    place: str
    stop: Stop | None = None
    reload: Depot | None = None
    vehicle: int = -1


class NodeGraph:
    """A problem with every vehicle apart, and the nodes: ends first, then ``stops``, then calls to reload.

    Times are counted from ``base_s``, in hundredths of a second where durations are no whole seconds, but in seconds where
    an hour on duty costs money (the price of a hundredth would be rounded too much) or vehicles take breaks (the solver
    narrows their times step by step, a hundred times slower); durations are rounded upward.
    """

    def __init__(self, problem: RoutingProblem, stops: Sequence[Stop]) -> None:
        self.problem = problem
        self.stops = list(stops)
        self.vehicles = [(kind, id_) for kind in problem.vehicle_types for id_ in kind.vehicle_ids()]
        self.kinds = [kind for kind, _ in self.vehicles]
        ends = [(_start(kind), _end(kind)) for kind in self.kinds]
        self.end_places = sorted({place for pair in ends for place in pair})
        self.starts = [self.end_places.index(first) for first, _ in ends]
        self.ends = [self.end_places.index(last) for _, last in ends]
        self.first_stop = len(self.end_places)
        self.nodes = [Node(place=place) for place in self.end_places]
        self.nodes += [Node(place=stop.place, stop=stop) for stop in self.stops]
        self.nodes += _reloads(problem, self.kinds)
        self.base_s = min(kind.shift_start_s for kind in self.kinds)
        self.parts_of_a_second = self._parts_of_a_second()
        self.horizon = self.ticks_down(self._latest_s() - self.base_s) + 1
        self._legs: dict[tuple[str, float], tuple[FloatArray, FloatArray]] = {}
        self.parts_of_a_yuan, self.miss = self._money()

    @property
    def reloads(self) -> list[int]:
        """Nodes where a vehicle may reload."""
        return [n for n, node in enumerate(self.nodes) if node.reload is not None]

    def node_of(self, stop_id: str) -> int:
        """Return the node of a stop, -1 if the stop takes no part."""
        return next((self.first_stop + i for i, stop in enumerate(self.stops) if stop.id == stop_id), -1)

    # -- whole numbers

    def ticks(self, seconds: float) -> int:
        """Return a duration or a time after the base, rounded upward."""
        return math.ceil(seconds * self.parts_of_a_second - 1e-6)

    def ticks_down(self, seconds: float) -> int:
        """Return a limit or a time after the base, rounded downward."""
        return math.floor(seconds * self.parts_of_a_second + 1e-6)

    def money(self, yuan: float) -> int:
        """Return money in the solver's parts of a yuan."""
        return round(yuan * self.parts_of_a_yuan)

    # -- legs

    def legs(self, kind: VehicleType) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres from node to node as this type drives them; ``inf`` where there is no way."""
        key = (kind.profile, kind.speed_factor)
        if key not in self._legs:
            travel = self.problem.travel_of(kind)
            places = [node.place or travel.origin_ids[0] for node in self.nodes]
            row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
            column = {id_: i for i, id_ in enumerate(travel.destination_ids)}
            at = np.ix_([row[place] for place in places], [column[place] for place in places])
            seconds, metres = travel.durations_s[at] / kind.speed_factor, travel.distances_m[at].copy()
            free = self.same_place() | self._anywhere()[:, None] | self._anywhere()[None, :]
            seconds[free] = metres[free] = 0.0
            self._legs[key] = seconds, metres
        return self._legs[key]

    def same_place(self) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Return whether two nodes are one place, so that nothing is driven and nothing set up between them."""
        names = np.array([node.place for node in self.nodes])
        return np.asarray((names[:, None] == names[None, :]) & (names != ANYWHERE)[:, None])

    def _anywhere(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([node.place == ANYWHERE for node in self.nodes])

    def leg_ticks(self, kind: VehicleType) -> IntArray:
        """Return driving times; a leg that does not exist lasts longer than the day."""
        seconds, _ = self.legs(kind)
        ticks = np.ceil(np.where(np.isfinite(seconds), seconds, 0.0) * self.parts_of_a_second - 1e-6)
        return np.where(np.isfinite(seconds), np.minimum(ticks, self.horizon + 1), self.horizon + 1).astype(np.int64)

    def leg_metres(self, kind: VehicleType) -> IntArray:
        """Return lengths, rounded upward so that a limit is never passed."""
        return solver_metres(np.ceil(self.legs(kind)[1] - 1e-6), FAR_M)

    def leg_costs(self, kind: VehicleType) -> IntArray:
        """Return what driving each leg costs, hours on duty apart."""
        yuan = self._leg_yuan(kind)
        return np.where(
            np.isfinite(yuan), np.rint(np.where(np.isfinite(yuan), yuan, 0.0) * self.parts_of_a_yuan), 0
        ).astype(np.int64)

    def _leg_yuan(self, kind: VehicleType) -> FloatArray:
        seconds, metres = self.legs(kind)
        there = np.isfinite(seconds) & np.isfinite(metres)
        yuan = np.full(seconds.shape, np.inf)
        per_hour = kind.cost_per_driving_hour_yuan
        yuan[there] = metres[there] * kind.cost_per_km_yuan / 1000 + seconds[there] * per_hour / SECONDS_PER_HOUR
        return yuan

    # -- scales

    def _parts_of_a_second(self) -> int:
        durations = [stop.service_duration_s + stop.setup_duration_s for stop in self.stops]
        whole = all(float(seconds).is_integer() for seconds in durations)
        for kind in self.kinds:
            seconds = self.problem.travel_of(kind).durations_s / kind.speed_factor
            seconds = seconds[np.isfinite(seconds)]
            whole = whole and bool((seconds == np.rint(seconds)).all())
        return 1 if whole or any(kind.cost_per_hour_yuan or kind.breaks for kind in self.kinds) else 100

    def _latest_s(self) -> float:
        """Return when the last route is over at the latest."""
        latest = max(kind.shift_end_s for kind in self.kinds)
        if math.isfinite(latest):
            return latest
        last = max([self.base_s, *(stop.windows[-1][1] for stop in self.stops)])
        pauses = [pause for kind in self.kinds for pause in kind.breaks]
        last = max([last, *(pause.windows[-1][1] for pause in pauses)])
        return last + sum(pause.duration_s for pause in pauses) + self._longest_s()

    def _longest_s(self) -> float:
        """Return more than a route takes that passes every node without a wait."""
        longest = 0.0
        for kind in self.kinds:
            seconds = self.problem.travel_of(kind).durations_s / kind.speed_factor
            longest = max([longest, *seconds[np.isfinite(seconds)].tolist()])
        standing = sum(stop.service_duration_s + stop.setup_duration_s for stop in self.stops)
        reloading = sum(kind.reload_duration_s * kind.max_reloads for kind in self.kinds)
        return standing + reloading + (len(self.nodes) + 1) * longest

    def _money(self) -> tuple[int, int]:
        """Return the parts of a yuan, and in them more than all routes together cost.

        What a missed stop costs grows with its priority, and must leave room in 64 bits for all of them.
        """
        total = 1.0
        dearest = 0.0
        hours = (self._latest_s() - self.base_s) / SECONDS_PER_HOUR
        for kind in self.kinds:
            yuan = self._leg_yuan(kind)
            dearest = max([dearest, *yuan[np.isfinite(yuan)].tolist()])
            total += kind.fixed_cost_yuan + kind.cost_per_hour_yuan * min(hours, kind.max_duration_s / SECONDS_PER_HOUR)
        total += dearest * (len(self.nodes) + len(self.kinds))
        total += sum(stop.skip_cost_yuan for stop in self.stops if math.isfinite(stop.skip_cost_yuan))
        steps = (len(self.kinds) + 1) * sum(self.weight(stop) for stop in self.stops)
        parts = _MOST_PARTS_OF_A_YUAN
        while parts > 1 and total * parts * max(steps, 1) > _ROOM:
            parts //= 10
        return parts, math.ceil(total * parts)

    def weight(self, stop: Stop) -> int:
        """Return what a stop counts for where not all can be served: the sum of priorities first, then how many."""
        return stop.priority * (len(self.stops) + 1) + 1


def _start(kind: VehicleType) -> str:
    return ANYWHERE if kind.open_start else kind.depot_id


def _end(kind: VehicleType) -> str:
    return ANYWHERE if kind.open_end else kind.end_id


def _reloads(problem: RoutingProblem, kinds: Sequence[VehicleType]) -> list[Node]:
    """Return one node for each possible reload of each vehicle at each depot where it may."""
    depots = {depot.id: depot for depot in problem.depots}
    return [
        Node(place=id_, reload=depots[id_], vehicle=v)
        for v, kind in enumerate(kinds)
        for id_ in dict.fromkeys(kind.reload_depot_ids)
        for _ in range(kind.max_reloads)
    ]
