"""The least that any route drives to a place and from it: shortest paths over all stops that a vehicle may pass.

Tables of travel need not be metric: on the way through another stop a place can be nearer than straight away, in seconds
as in metres. What is less than these paths no route is, whatever else it serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.vehicles import VehicleType
from planner.units import BoolArray, FloatArray

_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shortest:
    """Least seconds at normal speed and metres by place: from where routes start, from where they load, to their end."""

    row: dict[str, int]
    there_s: FloatArray
    loaded_s: FloatArray
    back_s: FloatArray
    there_m: FloatArray
    back_m: FloatArray


class ShortestOfFleet:
    """The ways of each type of vehicle, worked out once for types that drive alike."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.places = list(dict.fromkeys([*(d.id for d in problem.depots), *(stop.place for stop in problem.stops)]))
        self.row = {place: i for i, place in enumerate(self.places)}
        self.choosy = any(stop.needs or stop.only_vehicles or stop.not_vehicles for stop in problem.stops)
        self.legs: dict[str, tuple[FloatArray, FloatArray]] = {}
        self.known: dict[tuple[object, ...], Shortest] = {}

    def of(self, kind: VehicleType, servable: Sequence[bool]) -> Shortest:
        """Return the ways of a type; ``servable`` says of each of the problem's stops whether it may come there."""
        reloads = kind.reload_depot_ids if kind.max_reloads else ()
        ends = ("" if kind.open_start else kind.depot_id, "" if kind.open_end else kind.end_id)
        passable = self._passable(kind, servable)
        key = (
            kind.profile,
            kind.speed_factor,
            *ends,
            tuple(sorted(reloads)),
            passable.tobytes() if self.choosy else b"",
        )
        if key not in self.known:
            self.known[key] = self._ways(kind, ends, reloads, passable)
        return self.known[key]

    def nearer_by_others(self, kind: VehicleType, ways: Shortest, place: str) -> bool:
        """Return whether a place is nearer by way of others than straight, from the start or to the end."""
        seconds, metres = self._legs_of(kind)
        at, shorter = self.row[place], 1.0 - 1e-12
        straight = []
        if not kind.open_start:
            start = self.row[kind.depot_id]
            straight += [(ways.there_s, seconds[start, at] / kind.speed_factor), (ways.there_m, metres[start, at])]
        if not kind.open_end:
            end = self.row[kind.end_id]
            straight += [(ways.back_s, seconds[at, end] / kind.speed_factor), (ways.back_m, metres[at, end])]
        return any(least[at] < length * shorter for least, length in straight)

    def path(self, kind: VehicleType, ways: Shortest, place: str, *, by_metres: bool) -> tuple[list[str], list[str]]:
        """Return the places passed on the shortest way to a place and on that from it, in order."""
        legs = self._legs_of(kind)[by_metres] / (1.0 if by_metres else kind.speed_factor)
        there, back = (ways.there_m, ways.back_m) if by_metres else (ways.there_s, ways.back_s)
        start, end = ("" if kind.open_start else kind.depot_id), ("" if kind.open_end else kind.end_id)
        before = [] if not start else _passed(there, legs, self.row[start], self.row[place])
        behind = [] if not end else _passed(back, legs.T, self.row[end], self.row[place])
        return [self.places[i] for i in reversed(before)], [self.places[i] for i in behind]

    def between(
        self, kind: VehicleType, servable: Sequence[bool], origin: str, destination: str
    ) -> tuple[float, float]:
        """Return the least seconds at normal speed and metres from one place to another."""
        passable, begins = self._passable(kind, servable), [self.row[origin]]
        seconds, metres = (_least(legs, begins, passable)[self.row[destination]] for legs in self._legs_of(kind))
        return float(seconds) / kind.speed_factor, float(metres)

    def _passable(self, kind: VehicleType, servable: Sequence[bool]) -> BoolArray:
        passable = np.zeros(len(self.places), dtype=np.bool_)
        passable[[self.row[s.place] for s, may in zip(self.problem.stops, servable, strict=True) if may]] = True
        passable[[self.row[id_] for id_ in kind.reload_depot_ids if kind.max_reloads]] = True
        return passable

    def _ways(self, kind: VehicleType, ends: tuple[str, str], reloads: Sequence[str], passable: BoolArray) -> Shortest:
        seconds, metres = self._legs_of(kind)
        start, end = ([self.row[id_]] if id_ else [] for id_ in ends)
        loads = [*start, *(self.row[id_] for id_ in reloads)]
        there_s = _least(seconds, start, passable) / kind.speed_factor
        loaded_s = _least(seconds, loads, passable) / kind.speed_factor if start and reloads else there_s
        return Shortest(
            row=self.row,
            there_s=there_s,
            loaded_s=loaded_s,
            back_s=_least(seconds.T, end, passable) / kind.speed_factor,
            there_m=_least(metres, start, passable),
            back_m=_least(metres.T, end, passable),
        )

    def _legs_of(self, kind: VehicleType) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres between all places, infinite where there is no way."""
        if kind.profile not in self.legs:
            travel = self.problem.travel_of(kind)
            row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
            column = {id_: i for i, id_ in enumerate(travel.destination_ids)}
            at = np.ix_([row[id_] for id_ in self.places], [column[id_] for id_ in self.places])
            seconds, metres = travel.durations_s[at], travel.distances_m[at]
            metres[~np.isfinite(seconds)] = np.inf
            for table in (seconds, metres):
                np.fill_diagonal(table, 0.0)
            self.legs[kind.profile] = seconds, metres
        return self.legs[kind.profile]


def _least(legs: FloatArray, begins: Sequence[int], passable: BoolArray) -> FloatArray:
    """Return the length of the shortest path from the nearest of these places to each; nothing where one may begin anywhere.

    Labels are corrected until none changes (Bellman 1958), the rows of places whose label has changed at a time.
    """
    if not begins:
        return np.zeros(len(legs))
    known: FloatArray = legs[list(begins)].min(axis=0)
    known[list(begins)] = 0.0
    changed = passable & np.isfinite(known)
    changed[list(begins)] = False
    while changed.any():
        before, rows = known.copy(), np.flatnonzero(changed)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            np.minimum(known, (legs[some] + before[some, None]).min(axis=0), out=known)
        changed = passable & (known < before)
    return known


def _passed(known: FloatArray, legs: FloatArray, begin: int, at: int) -> list[int]:
    """Return the rows passed on the shortest path from one row to another, the last first."""
    passed: list[int] = []
    while len(passed) <= len(known):
        if known[at] >= legs[begin, at]:
            return passed
        through = known + legs[:, at]
        through[[at, *passed]] = np.inf
        at = int(np.argmin(through))
        passed.append(at)
    return []
