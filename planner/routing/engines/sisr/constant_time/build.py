"""From a routing problem to the arrays of judging in constant time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.prices import leaving_out_yuan
from planner.routing.engines.sisr.build import (
    LOAD_PARTS,
    NOWHERE,
    clock_ms,
    fleet_figures,
    legs_of,
    nearness,
    neighbours_of,
    sort_keys,
)
from planner.routing.engines.sisr.constant_time.arrays import Demands, Fleet, World
from planner.routing.engines.sisr.parameters import CONSTANT_TIME, Parameters
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.units import solver_load


def build_world(
    problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew], parameters: Parameters = CONSTANT_TIME
) -> World:
    """Return the arrays of these stops of the problem, in the order given, with one kind of vehicle for each crew."""
    depot_ids = depot_places(crews)
    first_stop = len(depot_ids)
    legs = legs_of(problem, crews, depot_ids + [stop.place for stop in stops])
    demands = _demands(problem, stops, first_stop)
    fleet = _fleet(problem, depot_ids, stops, crews)
    near = nearness(fleet.cost_per_metre.min(), fleet.cost_per_ms.min(), legs)
    places = np.arange(first_stop + len(stops))
    ends = [fleet.start[fleet.kind_of_slot], fleet.end[fleet.kind_of_slot]]
    return World(
        legs=legs,
        demands=demands,
        fleet=fleet,
        parameters=parameters,
        place=np.concatenate([places, *ends]),
        neighbours=neighbours_of(near, first_stop, parameters.neighbours),
        keys=sort_keys(demands, fleet, near[[i for i, id_ in enumerate(depot_ids) if id_ != NOWHERE]].min(axis=0)),
    )


def depot_places(crews: Sequence[Crew]) -> list[str]:
    """Return the ids of the places where routes begin and end, `NOWHERE` last if any is open."""
    kinds = [crew.kind for crew in crews]
    ids = sorted({id_ for kind in kinds for id_ in (kind.depot_id, kind.end_id)})
    return [*ids, NOWHERE] if any(kind.open_start or kind.open_end for kind in kinds) else ids


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


def _fleet(problem: RoutingProblem, depot_ids: Sequence[str], stops: Sequence[Stop], crews: Sequence[Crew]) -> Fleet:
    kinds = [crew.kind for crew in crews]
    return Fleet(
        **fleet_figures(problem, stops, crews, {id_: i for i, id_ in enumerate(depot_ids)}),
        allowed=np.array([[True] * len(depot_ids) + [crew.may_serve(stop) for stop in stops] for crew in crews]),
        timed=any(
            kind.cost_per_hour_yuan > 0 or kind.max_duration_s < kind.shift_end_s - kind.shift_start_s for kind in kinds
        ),
        driven=any(
            kind.cost_per_driving_hour_yuan > 0 or min(kind.max_distance_m, kind.max_driving_s) < math.inf
            for kind in kinds
        ),
    )
