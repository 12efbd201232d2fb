"""A problem as PyVRP sees it: places, visits, shipments and vehicles, in whole numbers.

PyVRP adds up a distance and a duration for each leg. The distance here is what driving the leg costs, so that prices of
metres and of hours of driving both fit; it is metres only where they are limited and cost nothing. Who may not serve a
stop has no room for it: each set of allowed vehicles is a dimension of the load in which others carry nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from planner.routing.engines.crews import Crew, crews_of, with_partners
from planner.routing.engines.prices import leaving_out_yuan, vehicle_yuan
from planner.routing.engines.pyvrp.scales import Scales, scales_of, upward
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import SECONDS_PER_HOUR, FloatArray, IntArray

ANYWHERE = ""
"""The place where an open route begins or ends: no way from it or to it."""
FORBIDDEN = 1000
"""What a stop takes of the room that vehicles which may not come do not have."""
COUNTED = 100
"""What a stop takes where stops are limited."""
UNLIMITED = 1 << 40
_MILLIMETRES = 1000


class ScaledTable(NamedTuple):
    """What legs depend on; on a table for vehicles with a limit to their metres nothing is rounded down."""

    profile: str
    speed_factor: float
    per_km: float
    per_driving_hour: float
    limited: bool

    @property
    def in_metres(self) -> bool:
        """Return whether legs are given in metres, which must be limited and cost nothing."""
        return self.limited and self.per_km == 0


class ScaledVisit(NamedTuple):
    """A stop with the one window that this visit would be in; visits of one ``group`` are the same stop."""

    stop: Stop
    group: int | None


class ScaledProblem:
    """The arrays and lists that the model is made of; vehicles by crew, stops in pairs apart from the others."""

    def __init__(self, problem: RoutingProblem, stops: Sequence[Stop]) -> None:
        self.problem = problem
        self.stops = with_partners(problem, stops)
        self.crews = crews_of(problem, self.stops)
        known = {stop.id: stop for stop in self.stops}
        pairs = [(known[p.pickup_id], known[p.delivery_id]) for p in problem.pairs if p.pickup_id in known]
        self.pairs = [
            (a, b) for a, b in pairs if a.opens_s <= b.closes_s
        ]  # PyVRP takes no others, nobody can serve them
        self.base_s = min(kind.shift_start_s for kind in problem.vehicle_types)
        self.visits, self.groups = self._visits()
        self.places = self._places()
        self.tables = list(dict.fromkeys(table_of(crew.kind) for crew in self.crews))
        legs = [self._legs(table) for table in self.tables]
        yuan = [_leg_yuan(table, *leg) for table, leg in zip(self.tables, legs, strict=True)]
        longest_s = self._latest_s() - self.base_s
        self.scales: Scales = scales_of(problem, self.stops, yuan, longest_s)
        self.horizon = self.scales.ticks_down(longest_s)
        self.costs = [self._costs(*one) for one in zip(self.tables, legs, yuan, strict=True)]
        self.durations = [self._durations(*leg) for leg in legs]
        leaving = leaving_out_yuan(problem, self.stops).tolist()
        self.leaving_out = {stop.id: self.scales.money(yuan) for stop, yuan in zip(self.stops, leaving, strict=True)}
        self.first_yuan = vehicle_yuan(problem, self.stops)
        self._let_come = {stop.id: tuple(crew.may_serve(stop) for crew in self.crews) for stop in self.stops}
        self._patterns = sorted({row for row in self._let_come.values() if not all(row)})
        self._counted = any(crew.kind.max_stops is not None for crew in self.crews)

    def _visits(self) -> tuple[list[ScaledVisit], int]:
        paired = {id_ for pair in self.problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
        visits: list[ScaledVisit] = []
        groups = 0
        for stop in self.stops:
            windows = [window for window in stop.windows if window[1] >= max(self.base_s, stop.release_s)]
            if stop.id in paired:
                continue
            group = groups if len(windows) > 1 else None
            groups += group is not None
            visits += [
                ScaledVisit(replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=()), group)
                for opens_s, closes_s in windows
            ]
        return visits, groups

    def _places(self) -> list[str]:
        ids: list[str] = []
        for kind in self.problem.vehicle_types:
            ids += [start_of(kind), end_of(kind), *(kind.reload_depot_ids if kind.max_reloads else ())]
        return list(dict.fromkeys([*ids, *(stop.place for stop in self.stops)]))

    # -- times, from the base

    def opens(self, seconds: float) -> int:
        """Return a time of day that is an earliest one."""
        return min(max(0, self.scales.ticks(seconds - self.base_s)), self.horizon)

    def closes(self, seconds: float) -> int:
        """Return a time of day that is a latest one."""
        if math.isinf(seconds):
            return self.horizon
        return min(max(0, self.scales.ticks_down(seconds - self.base_s)), self.horizon)

    def _latest_s(self) -> float:
        """Return when the last route is over at the latest."""
        kinds = self.problem.vehicle_types
        latest = max(kind.shift_end_s for kind in kinds)
        if math.isfinite(latest):
            return latest
        last = max([self.base_s, *(stop.windows[-1][1] for stop in self.stops)])
        longest = 0.0
        for kind in kinds:
            seconds = self.problem.travel_of(kind).durations_s / kind.speed_factor
            longest = max([longest, *seconds[np.isfinite(seconds)].tolist()])
        standing = sum(stop.service_duration_s + stop.setup_duration_s for stop in self.stops)
        calls = max(kind.max_reloads for kind in kinds)
        reloading = max(kind.reload_duration_s for kind in kinds) * calls
        return last + standing + reloading + (len(self.stops) + calls + 1) * longest

    # -- legs

    def _legs(self, table: ScaledTable) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres between the places, ``inf`` where there is no way."""
        travel = self.problem.profiles[table.profile] if table.profile else self.problem.travel
        known = [place for place in self.places if place != ANYWHERE]
        part = travel.select(known, known)
        at = [i for i, place in enumerate(self.places) if place != ANYWHERE]
        seconds, metres = np.zeros((2, len(self.places), len(self.places)))
        seconds[np.ix_(at, at)] = part.durations_s / table.speed_factor
        metres[np.ix_(at, at)] = part.distances_m
        for figures in (seconds, metres):
            np.fill_diagonal(figures, 0.0)
        return seconds, metres

    def _costs(self, table: ScaledTable, legs: tuple[FloatArray, FloatArray], yuan: FloatArray) -> IntArray:
        if table.in_metres:
            return upward(legs[1], _MILLIMETRES)
        if table.limited:
            return upward(yuan, self.scales.of_a_yuan)
        scaled: FloatArray = np.where(np.isfinite(yuan), yuan, 0.0) * self.scales.of_a_yuan
        return np.rint(scaled).astype(np.int64)

    def _durations(self, seconds: FloatArray, metres: FloatArray) -> IntArray:
        """Return driving times; a leg that does not exist lasts longer than the day."""
        ticks = np.minimum(upward(seconds, self.scales.of_a_second), self.horizon + 1)
        there = np.isfinite(seconds) & np.isfinite(metres)
        lasts: IntArray = np.where(there, ticks, self.horizon + 1)
        return lasts

    def longest(self, kind: VehicleType) -> int | None:
        """Return the limit to the sum of a route's distances, None if there is none."""
        if math.isinf(kind.max_distance_m):
            return None
        if table_of(kind).in_metres:
            return math.floor(kind.max_distance_m * _MILLIMETRES + 1e-6)
        return math.floor(kind.max_distance_m * kind.cost_per_km_yuan / 1000 * self.scales.of_a_yuan + 1e-6)

    # -- loads

    def taken(self, stop: Stop, amounts: Sequence[float]) -> list[int]:
        """Return what a stop picks up, with the room that it asks of vehicles which may not come or may make few stops."""
        row = self._let_come[stop.id]
        rooms = [FORBIDDEN * (pattern == row) for pattern in self._patterns]
        return [*self.scales.loads(amounts), *rooms, *([COUNTED] if self._counted else [])]

    def given(self, stop: Stop) -> list[int]:
        """Return what a stop is delivered."""
        return self.scales.loads(stop.delivery) + [0] * (len(self._patterns) + self._counted)

    def shipped(self, first: Stop, second: Stop) -> list[int]:
        """Return what a pair has on board, with the rooms that its stops ask for."""
        rows = {self._let_come[first.id], self._let_come[second.id]}
        rooms = [FORBIDDEN * (pattern in rows) for pattern in self._patterns]
        return [*self.scales.loads(first.pickup), *rooms, *([0] if self._counted else [])]

    def room(self, k: int, crew: Crew) -> list[int]:
        """Return what each vehicle of a crew holds."""
        most = crew.kind.max_stops
        rooms = [UNLIMITED if pattern[k] else 0 for pattern in self._patterns]
        count = [UNLIMITED if most is None else COUNTED * most] if self._counted else []
        return [*self.scales.capacity(crew.kind, UNLIMITED), *rooms, *count]


def table_of(kind: VehicleType) -> ScaledTable:
    """Return what the legs of a type depend on."""
    limited = math.isfinite(kind.max_distance_m)
    return ScaledTable(kind.profile, kind.speed_factor, kind.cost_per_km_yuan, kind.cost_per_driving_hour_yuan, limited)


def start_of(kind: VehicleType) -> str:
    """Return the place where routes begin."""
    return ANYWHERE if kind.open_start else kind.depot_id


def end_of(kind: VehicleType) -> str:
    """Return the place where routes end."""
    return ANYWHERE if kind.open_end else kind.end_id


def _leg_yuan(table: ScaledTable, seconds: FloatArray, metres: FloatArray) -> FloatArray:
    there = np.isfinite(seconds) & np.isfinite(metres)
    yuan = np.full(seconds.shape, np.inf)
    yuan[there] = metres[there] * table.per_km / 1000 + seconds[there] * table.per_driving_hour / SECONDS_PER_HOUR
    return yuan
