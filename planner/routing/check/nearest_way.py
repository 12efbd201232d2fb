"""The nearest way to a stop and back over all places that a type of vehicle may pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.routing.check.vehicle_fit import comes
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestWay:
    """The nearest way over all that a type of vehicle may pass: seconds at normal speed and metres, there and back."""

    kind: VehicleType
    there_s: float
    loaded_s: float
    back_s: float
    there_m: float
    back_m: float

    @property
    def reached(self) -> bool:
        """Return whether there is a way there and back."""
        return math.isfinite(self.there_s) and math.isfinite(self.back_s)

    @classmethod
    def of(cls, problem: RoutingProblem, kind: VehicleType, stop: Stop) -> NearestWay:
        """Return the ways of the stop."""
        start, end = [] if kind.open_start else [kind.depot_id], [] if kind.open_end else [kind.end_id]
        loads = [*start, *kind.reload_depot_ids] if start and kind.max_reloads else start
        there_s, there_m = nearest(problem, kind, stop.place, start, backward=True)
        back_s, back_m = nearest(problem, kind, stop.place, end, backward=False)
        loaded_s, _ = nearest(problem, kind, stop.place, loads, backward=True)
        return cls(kind=kind, there_s=there_s, loaded_s=loaded_s, back_s=back_s, there_m=there_m, back_m=back_m)


def nearest(
    problem: RoutingProblem, kind: VehicleType, place: str, ends: Sequence[str], *, backward: bool
) -> tuple[float, float]:
    """Return the least seconds and metres between a place and the nearest of these, by Dijkstra from the place."""
    if not ends:
        return 0.0, 0.0
    travel = problem.travel_of(kind)
    passed = {stop.place for stop in problem.stops if comes(stop, kind)} - {place}
    passed |= set(kind.reload_depot_ids) if kind.max_reloads else set()
    places = [place, *sorted(passed - {place}), *(id_ for id_ in dict.fromkeys(ends) if id_ not in passed | {place})]
    rows = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    columns = {id_: i for i, id_ in enumerate(travel.destination_ids)}
    at = np.ix_([rows[id_] for id_ in places], [columns[id_] for id_ in places])
    seconds, metres = travel.durations_s[at], travel.distances_m[at]
    metres = np.where(np.isfinite(seconds), metres, np.inf)
    through = np.array([id_ in passed for id_ in places])
    reach = [_dijkstra(table.T if backward else table, through) for table in (seconds, metres)]
    found = [min(float(lengths[places.index(id_)]) for id_ in ends) for lengths in reach]
    return found[0] / kind.speed_factor, found[1]


def _dijkstra(legs: FloatArray, through: np.ndarray) -> FloatArray:
    """Return the length of the shortest path from the first row to each; only ``through`` rows are passed."""
    lengths = np.full(len(legs), np.inf)
    lengths[0], open_rows = 0.0, np.ones(len(legs), dtype=np.bool_)
    while True:
        row = int(np.argmin(np.where(open_rows, lengths, np.inf)))
        if not open_rows[row] or not math.isfinite(lengths[row]):
            return lengths
        open_rows[row] = False
        if row == 0 or through[row]:
            np.minimum(lengths, lengths[row] + legs[row], out=lengths, where=open_rows)
