"""The whole numbers that PyVRP counts in: the coarsest parts of a second, of a yuan and of a load that lose nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import SECONDS_PER_HOUR, FloatArray, IntArray, solver_capacity, solver_load

_PARTS_OF_A_SECOND = (1 / 60, 1.0, 10.0, 100.0, 1000.0)
_PARTS_OF_A_YUAN = tuple(sorted(10**k * factor for k in range(9) for factor in (1, 36)))
"""36 because the price of an hour is charged by the second."""
_PARTS_OF_A_LOAD = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000)
_A_QUARTER_FEN = 0.0025
_ROOM = 2**44
"""What PyVRP takes in a matrix (its ``MAX_VALUE``)."""
_EPSILON = 1e-6


@dataclass(frozen=True, kw_only=True)
class Scales:
    """Parts of a second, of a yuan, and of each load's unit. Durations and loads are rounded upward, limits downward."""

    of_a_second: float
    of_a_yuan: int
    of_a_load: tuple[int, ...]

    def ticks(self, seconds: float) -> int:
        """Return a duration or an opening time, rounded upward."""
        return math.ceil(seconds * self.of_a_second - _EPSILON)

    def ticks_down(self, seconds: float) -> int:
        """Return a limit or a closing time, rounded downward."""
        return math.floor(seconds * self.of_a_second + _EPSILON)

    def money(self, yuan: float) -> int:
        """Return money, rounded to the nearest."""
        return round(yuan * self.of_a_yuan)

    def tick_price(self, kind: VehicleType) -> int:
        """Return the price of a tick on duty."""
        return self.money(kind.cost_per_hour_yuan / SECONDS_PER_HOUR / self.of_a_second)

    def loads(self, amounts: Sequence[float]) -> list[int]:
        """Return what a stop delivers or picks up in each dimension."""
        pairs = zip(amounts, self.of_a_load, strict=True)
        return [int(solver_load(np.array(amount), parts)) for amount, parts in pairs]

    def capacity(self, kind: VehicleType, unlimited: int) -> list[int]:
        """Return what a vehicle holds in each dimension."""
        pairs = zip(kind.capacity, self.of_a_load, strict=True)
        return [int(solver_capacity(np.array(most), unlimited, parts)) for most, parts in pairs]


def scales_of(
    problem: RoutingProblem, stops: Sequence[Stop], legs_yuan: Sequence[FloatArray], longest_s: float
) -> Scales:
    """Return the scales for these stops and what the legs cost, on each table, for routes of at most ``longest_s``."""
    kinds = problem.vehicle_types
    seconds = [problem.travel_of(kind).durations_s / kind.speed_factor for kind in kinds]
    times = [stop.service_duration_s + stop.setup_duration_s for stop in stops]
    times += [time for stop in stops for window in stop.windows for time in window]
    times += [time for kind in kinds for time in (kind.shift_start_s, kind.shift_end_s, kind.max_duration_s)]
    times += [kind.reload_duration_s for kind in kinds] + [stop.release_s for stop in stops]
    of_a_second = _first_whole(_PARTS_OF_A_SECOND, [*seconds, np.array(times)])
    of_a_load = tuple(
        int(_first_whole(_PARTS_OF_A_LOAD, _loads(problem, stops, d))) for d in range(len(problem.dimensions))
    )
    prices = [kind.cost_per_hour_yuan / SECONDS_PER_HOUR / of_a_second for kind in kinds]
    money = [*legs_yuan, np.array([kind.fixed_cost_yuan for kind in kinds]), np.array(prices)]
    vehicles = min(sum(kind.count for kind in kinds), len(stops))
    legs = len(stops) + vehicles * (1 + max(kind.max_reloads for kind in kinds))
    ticks = longest_s * of_a_second * vehicles
    dearest = max([1.0, *(float(table[np.isfinite(table)].max(initial=0.0)) for table in money)])
    roomy = [parts for parts in _PARTS_OF_A_YUAN if dearest * parts < _ROOM] or [1]
    whole = [parts for parts in roomy if all(_whole(table, parts) for table in money)]
    close = [
        parts
        for parts in roomy
        if legs * 0.5 / parts + max(abs(round(price * parts) / parts - price) for price in prices) * ticks
        < _A_QUARTER_FEN
    ]
    return Scales(of_a_second=of_a_second, of_a_yuan=[*whole, *close, roomy[-1]][0], of_a_load=of_a_load)


def _loads(problem: RoutingProblem, stops: Sequence[Stop], d: int) -> list[FloatArray]:
    amounts = [amount for stop in stops for amount in (stop.delivery[d], stop.pickup[d])]
    return [np.array([*amounts, *(kind.capacity[d] for kind in problem.vehicle_types)], dtype=np.float64)]


def _first_whole(candidates: Sequence[float], tables: Sequence[FloatArray]) -> float:
    """Return the first scale in which all finite figures are whole, the finest if there is none."""
    return next((parts for parts in candidates if all(_whole(table, parts) for table in tables)), candidates[-1])


def _whole(table: FloatArray, parts: float) -> bool:
    scaled = table[np.isfinite(table)] * parts
    return bool((np.abs(scaled - np.rint(scaled)) <= _EPSILON).all())


def upward(figures: FloatArray, parts: float) -> IntArray:
    """Return finite figures in parts, rounded upward; the others as 0."""
    there = np.isfinite(figures)
    return np.ceil(np.where(there, figures, 0.0) * parts - _EPSILON).astype(np.int64)
