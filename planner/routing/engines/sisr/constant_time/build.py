"""From a routing problem to the arrays of this engine, everything rounded so that no plan promises what it cannot keep."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.prices import leaving_out_yuan, vehicle_yuan
from planner.routing.engines.sisr.constant_time.arrays import Demands, Fleet, Legs, World
from planner.routing.problem import RoutingProblem, Stop, VehicleType
from planner.units import FloatArray, IntArray, solver_capacity, solver_load, solver_milliseconds

NO_WAY_MS = 1 << 46
"""The duration of a leg that does not exist: beyond every horizon."""
HORIZON_MS = 1 << 44
"""Five hundred years: times may be counted from 1970 as well as from midnight."""
UNLIMITED = 1 << 60
LOAD_PARTS = 1_000_000
NEIGHBOURS = 200
"""How many nearest stops each stop knows; strings are removed around a stop among these."""
NOWHERE = ""
"""Where routes with open ends begin and end: no distance from anywhere."""
Table = tuple[str, float]


def build_world(problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew]) -> World:
    """Return the arrays of these stops of the problem, in the order given, with one kind of vehicle for each crew."""
    depot_ids = depot_places(crews)
    first_stop = len(depot_ids)
    tables = tables_of(crews)
    legs = legs_of(problem, crews, depot_ids + [stop.place for stop in stops])
    demands = _demands(problem, stops, first_stop)
    fleet = _fleet(problem, depot_ids, stops, crews, tables)
    near = nearness(fleet.cost_per_metre.min(), fleet.cost_per_ms.min(), legs)
    places = np.arange(first_stop + len(stops))
    ends = [fleet.start[fleet.kind_of_slot], fleet.end[fleet.kind_of_slot]]
    return World(
        legs=legs,
        demands=demands,
        fleet=fleet,
        place=np.concatenate([places, *ends]),
        neighbours=neighbours_of(near, first_stop),
        keys=_sort_keys(demands, fleet, near[[i for i, id_ in enumerate(depot_ids) if id_ != NOWHERE]]),
    )


def depot_places(crews: Sequence[Crew]) -> list[str]:
    """Return the ids of the places where routes begin and end, `NOWHERE` last if any is open."""
    kinds = [crew.kind for crew in crews]
    ids = sorted({id_ for kind in kinds for id_ in (kind.depot_id, kind.end_id)})
    return [*ids, NOWHERE] if any(kind.open_start or kind.open_end for kind in kinds) else ids


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


def _demands(problem: RoutingProblem, stops: Sequence[Stop], first_stop: int) -> Demands:
    none = [0.0] * first_stop
    nothing = np.zeros((first_stop, len(problem.dimensions)))
    most = max(len(stop.windows) for stop in stops)
    always = [(0.0, float("inf"))]
    windows = [always * most] * first_stop + [
        [*stop.windows, *always][:most] + always * (most - len(stop.windows) - 1) for stop in stops
    ]
    return Demands(
        first_stop=first_stop,
        windows=np.array([1] * first_stop + [len(stop.windows) for stop in stops], dtype=np.int64),
        opens=clock_ms([[opens for opens, _ in row] for row in windows], upward=True),
        closes=clock_ms([[closes for _, closes in row] for row in windows], upward=False),
        service=clock_ms(none + [stop.setup_duration_s + stop.service_duration_s for stop in stops], upward=True),
        delivery=solver_load(np.vstack([nothing, *[stop.delivery for stop in stops]]), LOAD_PARTS),
        pickup=solver_load(np.vstack([nothing, *[stop.pickup for stop in stops]]), LOAD_PARTS),
        penalty=np.concatenate([np.zeros(first_stop), leaving_out_yuan(problem, stops)]),
        required=np.array([True] * first_stop + [math.isinf(stop.skip_cost_yuan) for stop in stops]),
    )


def _fleet(
    problem: RoutingProblem,
    depot_ids: Sequence[str],
    stops: Sequence[Stop],
    crews: Sequence[Crew],
    tables: Sequence[Table],
) -> Fleet:
    kinds = [crew.kind for crew in crews]
    counts = np.array([min(len(crew.vehicle_ids), len(stops)) for crew in crews], dtype=np.int64)
    capacity = np.array([kind.capacity for kind in kinds], dtype=np.float64).reshape(
        len(kinds), len(problem.dimensions)
    )
    first = vehicle_yuan(problem, stops)

    def figures(values: Sequence[float]) -> FloatArray:
        return np.array(values, dtype=np.float64)

    return Fleet(
        kind_of_slot=np.repeat(np.arange(len(kinds)), counts),
        first_slot=np.concatenate([[0], np.cumsum(counts)]),
        capacity=solver_capacity(capacity, UNLIMITED, LOAD_PARTS),
        table=np.array([tables.index((kind.profile, kind.speed_factor)) for kind in kinds], dtype=np.int64),
        start=np.array([depot_ids.index(start_place(kind)) for kind in kinds], dtype=np.int64),
        end=np.array([depot_ids.index(end_place(kind)) for kind in kinds], dtype=np.int64),
        shift_start=clock_ms([kind.shift_start_s for kind in kinds], upward=True),
        shift_end=clock_ms([kind.shift_end_s for kind in kinds], upward=False),
        max_duty=clock_ms([kind.max_duration_s for kind in kinds], upward=False),
        fixed_cost=figures([kind.fixed_cost_yuan + first for kind in kinds]),
        cost_per_metre=figures([kind.cost_per_km_yuan / 1000 for kind in kinds]),
        cost_per_ms=figures([kind.cost_per_hour_yuan / 3_600_000 for kind in kinds]),
        cost_per_driving_ms=figures([kind.cost_per_driving_hour_yuan / 3_600_000 for kind in kinds]),
        max_metres=figures([kind.max_distance_m + 1e-6 for kind in kinds]),
        max_driving=clock_ms([kind.max_driving_s for kind in kinds], upward=False),
        max_stops=np.array([len(stops) if kind.max_stops is None else kind.max_stops for kind in kinds]),
        allowed=np.array([[True] * len(depot_ids) + [crew.may_serve(stop) for stop in stops] for crew in crews]),
        timed=any(
            kind.cost_per_hour_yuan > 0 or kind.max_duration_s < kind.shift_end_s - kind.shift_start_s for kind in kinds
        ),
        driven=any(
            kind.cost_per_driving_hour_yuan > 0 or min(kind.max_distance_m, kind.max_driving_s) < math.inf
            for kind in kinds
        ),
    )


def nearness(per_metre: float, per_ms: float, legs: Legs) -> FloatArray:
    """Return what it costs to drive between two places there and back, in metres where driving costs nothing."""
    if per_metre == 0 and per_ms == 0:
        per_metre = 1.0
    one_way = legs.metres_out[0] * per_metre + legs.duration_out[0] * per_ms
    both: FloatArray = one_way + one_way.T
    return both


def neighbours_of(near: FloatArray, first_stop: int) -> IntArray:
    """Return for each place its nearest stops, for stops themselves first; depots have none."""
    stops = len(near) - first_stop
    nearest = np.zeros((len(near), min(stops, NEIGHBOURS)), dtype=np.int64)
    for v in range(first_stop, len(near)):  # row by row, as a sorted matrix would take as much room again as the legs
        row = near[v, first_stop:].copy()
        row[v - first_stop] = -1.0
        nearest[v] = np.argsort(row, kind="stable")[:NEIGHBOURS] + first_stop
    return nearest


def _sort_keys(demands: Demands, fleet: Fleet, from_depots: FloatArray) -> FloatArray:
    """Return one row for each order of insertion; the smallest goes first."""
    largest = fleet.capacity.max(axis=0).astype(np.float64)
    share = ((demands.delivery + demands.pickup) / np.maximum(largest, 1)).max(axis=1)
    far = from_depots.min(axis=0)
    last = demands.windows - 1
    opens = demands.opens[:, 0].astype(np.float64)
    closes = demands.closes[np.arange(len(last)), last].astype(np.float64)
    return np.ascontiguousarray(np.vstack([-share, -far, far, closes - opens, opens, -closes]))
