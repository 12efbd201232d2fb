"""From a routing problem to the arrays that all judges read, rounded so that no plan promises what it cannot keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.prices import vehicle_yuan
from planner.routing.engines.sisr.arrays import Demands, Fleet, Legs
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import FloatArray, IntArray, solver_capacity, solver_milliseconds

NO_WAY_MS = 1 << 46
"""The duration of a leg that does not exist: beyond every horizon."""
HORIZON_MS = 1 << 44
"""Five hundred years: times may be counted from 1970 as well as from midnight."""
UNLIMITED = 1 << 60
LOAD_PARTS = 1_000_000
NOWHERE = ""
"""Where routes with open ends begin and end: no distance from anywhere."""
Table = tuple[str, float]


def start_place(kind: VehicleType) -> str:
    """Return the id of the place where routes begin."""
    return NOWHERE if kind.open_start else kind.depot_id


def end_place(kind: VehicleType) -> str:
    """Return the id of the place where routes end."""
    return NOWHERE if kind.open_end else kind.end_id


def tables_of(crews: Sequence[Crew]) -> list[Table]:
    """Return each profile at each speed factor that is driven by."""
    return list(dict.fromkeys((crew.kind.profile, crew.kind.speed_factor) for crew in crews))


def legs_of(problem: RoutingProblem, crews: Sequence[Crew], place_ids: Sequence[str]) -> Legs:
    """Return metres and milliseconds between the places for each table; none between a place and itself or nowhere."""
    known = list(dict.fromkeys(id_ for id_ in place_ids if id_ != NOWHERE))
    number = {id_: i for i, id_ in enumerate(known)}
    at = np.array([number.get(id_, len(known)) for id_ in place_ids])
    durations, distances = [], []
    for profile, speed_factor in tables_of(crews):
        travel = (problem.profiles[profile] if profile else problem.travel).select(known, known)
        wide = np.zeros((2, len(known) + 1, len(known) + 1))
        wide[0, :-1, :-1] = travel.durations_s / speed_factor
        wide[1, :-1, :-1] = np.where(np.isfinite(travel.distances_m), travel.distances_m, 1e12)
        for table in wide:
            np.fill_diagonal(table, 0.0)
        durations.append(solver_milliseconds(wide[0], NO_WAY_MS)[np.ix_(at, at)])
        distances.append(wide[1][np.ix_(at, at)])
    metres, milliseconds = np.ascontiguousarray(np.stack(distances)), np.ascontiguousarray(np.stack(durations))
    return Legs(
        metres_out=metres,
        metres_in=np.ascontiguousarray(metres.transpose(0, 2, 1)),
        duration_out=milliseconds,
        duration_in=np.ascontiguousarray(milliseconds.transpose(0, 2, 1)),
    )


def clock_ms(seconds: Sequence[float] | Sequence[Sequence[float]], *, upward: bool) -> IntArray:
    """Return whole milliseconds, at most the horizon."""
    scaled = np.minimum(np.array(seconds, dtype=np.float64) * 1000, HORIZON_MS)
    whole = np.ceil(scaled - 1e-6) if upward else np.floor(scaled + 1e-6)
    return whole.astype(np.int64)


def fleet_figures(
    problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew], number: Mapping[str, int]
) -> dict[str, Any]:
    """Return the fields of `Fleet` but for ``allowed``; ``number`` is the row of each place in the legs."""
    kinds, tables = [crew.kind for crew in crews], tables_of(crews)
    counts = np.array([min(len(crew.vehicle_ids), len(stops)) for crew in crews], dtype=np.int64)
    capacity = np.array([kind.capacity for kind in kinds], dtype=np.float64).reshape(
        len(kinds), len(problem.dimensions)
    )
    first = vehicle_yuan(problem, stops)

    def figures(values: Sequence[float]) -> FloatArray:
        return np.array(values, dtype=np.float64)

    return {
        "kind_of_slot": np.repeat(np.arange(len(kinds)), counts),
        "first_slot": np.concatenate([[0], np.cumsum(counts)]),
        "capacity": solver_capacity(capacity, UNLIMITED, LOAD_PARTS),
        "table": np.array([tables.index((kind.profile, kind.speed_factor)) for kind in kinds], dtype=np.int64),
        "start": np.array([number[start_place(kind)] for kind in kinds], dtype=np.int64),
        "end": np.array([number[end_place(kind)] for kind in kinds], dtype=np.int64),
        "shift_start": clock_ms([kind.shift_start_s for kind in kinds], upward=True),
        "shift_end": clock_ms([kind.shift_end_s for kind in kinds], upward=False),
        "max_duty": clock_ms([kind.max_duration_s for kind in kinds], upward=False),
        "fixed_cost": figures([kind.fixed_cost_yuan + first for kind in kinds]),
        "cost_per_metre": figures([kind.cost_per_km_yuan / 1000 for kind in kinds]),
        "cost_per_ms": figures([kind.cost_per_hour_yuan / 3_600_000 for kind in kinds]),
        "cost_per_driving_ms": figures([kind.cost_per_driving_hour_yuan / 3_600_000 for kind in kinds]),
        "max_metres": figures([kind.max_distance_m + 1e-6 for kind in kinds]),
        "max_driving": clock_ms([kind.max_driving_s for kind in kinds], upward=False),
        "max_stops": np.array([len(stops) if kind.max_stops is None else kind.max_stops for kind in kinds]),
    }


def nearness(per_metre: float, per_ms: float, legs: Legs) -> FloatArray:
    """Return what it costs to drive between two places there and back, in metres where driving costs nothing."""
    if per_metre == 0 and per_ms == 0:
        per_metre = 1.0
    one_way = legs.metres_out[0] * per_metre + legs.duration_out[0] * per_ms
    both: FloatArray = one_way + one_way.T
    return both


def neighbours_of(near: FloatArray, first_stop: int, most: int) -> IntArray:
    """Return for each place its nearest stops, at most so many, for stops themselves first; depots have none."""
    stops = len(near) - first_stop
    nearest = np.zeros((len(near), min(stops, most)), dtype=np.int64)
    for v in range(first_stop, len(near)):  # row by row, as a sorted matrix would take as much room again as the legs
        row = near[v, first_stop:].copy()
        row[v - first_stop] = -1.0
        nearest[v] = np.argsort(row, kind="stable")[:most] + first_stop
    return nearest


def sort_keys(demands: Demands, fleet: Fleet, far: FloatArray) -> FloatArray:
    """Return one row for each order of insertion, as long as ``far``, how far each node is; the smallest goes first."""
    rows = len(far)
    largest = fleet.capacity.max(axis=0).astype(np.float64)
    share = ((demands.delivery + demands.pickup) / np.maximum(largest, 1)).max(axis=1)[:rows]
    opens = demands.opens[:rows, 0].astype(np.float64)
    closes = demands.closes[np.arange(rows), demands.windows[:rows] - 1].astype(np.float64)
    return np.ascontiguousarray(np.vstack([-share, -far, far, closes - opens, opens, -closes]))
