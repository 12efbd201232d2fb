"""From a routing problem to the arrays of this engine, everything rounded so that no plan promises what it cannot keep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.prices import leaving_out_yuan
from planner.routing.engines.sisr.arrays import NONE
from planner.routing.engines.sisr.build import (
    LOAD_PARTS,
    NOWHERE,
    UNLIMITED,
    clock_ms,
    end_place,
    fleet_figures,
    legs_of,
    nearness,
    neighbours_of,
    sort_keys,
    start_place,
)
from planner.routing.engines.sisr.parameters import SIMULATED, Parameters
from planner.routing.engines.sisr.simulated.arrays import DaySpeeds, Demands, Fleet, World
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType
from planner.units import IntArray, solver_capacity, solver_load


def build_world(
    problem: RoutingProblem, stops: Sequence[Stop], crews: Sequence[Crew], parameters: Parameters = SIMULATED
) -> World:
    """Return the arrays of these stops of the problem, in the order given, with one kind of vehicle for each crew."""
    reload_ids = reload_depots(crews)
    ends = {place(crew.kind) for crew in crews for place in (start_place, end_place)}
    ids = [*sorted(({stop.place for stop in stops} | ends | set(reload_ids)) - {NOWHERE}), NOWHERE]
    number = {id_: i for i, id_ in enumerate(ids)}
    legs = legs_of(problem, crews, ids)
    demands = _demands(problem, stops, reload_ids, number)
    fleet = _fleet(problem, stops, crews, reload_ids, number)
    near = nearness(fleet.cost_per_metre.min(), fleet.cost_per_ms.min(), legs)
    at = demands.place[: len(stops)]
    factors = [(-math.inf, 1.0), *problem.speed_of_day]
    starts = np.array([number[crew.kind.depot_id] for crew in crews if crew.kind.depot_id in number] or at[:1])
    return World(
        legs=legs,
        demands=demands,
        fleet=fleet,
        parameters=parameters,
        day=DaySpeeds(
            begins=clock_ms([max(0.0, begins) for begins, _ in factors], upward=False),
            factors=np.array([factor for _, factor in factors]),
            fastest=max(factor for _, factor in factors),
        ),
        neighbours=neighbours_of(near[np.ix_(at, at)], 0, parameters.neighbours),
        keys=sort_keys(demands, fleet, near[np.ix_(starts, at)].min(axis=0)),
        leads=np.array(
            [v for v in range(len(stops)) if demands.lead[v] == v and not demands.locked[v]], dtype=np.int64
        ),
        balance_duty=float(problem.balance_duty_yuan),
        balance_load=float(problem.balance_load_yuan),
    )


def reload_depots(crews: Sequence[Crew]) -> list[str]:
    """Return the ids of the depots that are nodes behind the stops."""
    return sorted({id_ for crew in crews if crew.kind.max_reloads for id_ in crew.kind.reload_depot_ids})


def breaks_of(crews: Sequence[Crew]) -> list[list[Break]]:
    """Return for each crew its breaks as they are numbered: by first opening, then by last closing."""
    return [sorted(crew.kind.breaks, key=lambda one: (one.opens_s, one.windows[-1][1], one.id)) for crew in crews]


def _demands(
    problem: RoutingProblem, stops: Sequence[Stop], reload_ids: Sequence[str], number: dict[str, int]
) -> Demands:
    node = {stop.id: v for v, stop in enumerate(stops)}
    nodes, depots = len(stops) + len(reload_ids), len(reload_ids)
    locked_ids = {id_ for lock in problem.locks for id_ in lock.stop_ids}
    locked = np.array([stop.id in locked_ids for stop in stops] + [False] * depots)
    shipped, partner, lead = np.zeros(nodes, dtype=np.bool_), np.full(nodes, NONE), np.arange(nodes)
    penalty = np.concatenate([leaving_out_yuan(problem, stops), np.zeros(depots)])
    orders = [(node[a], node[b]) for a, b in problem.before if a in node and b in node]
    for pair in problem.pairs:
        if pair.pickup_id not in node or pair.delivery_id not in node:
            continue
        first, second = node[pair.pickup_id], node[pair.delivery_id]
        shipped[first] = shipped[second] = True
        if locked[first]:
            orders.append((first, second))  # the delivery alone is still free
        elif not locked[second]:
            partner[first], lead[second] = second, first
            penalty[first] += penalty[second]
    related: list[list[tuple[int, bool]]] = [[] for _ in range(nodes)]
    for a, b in orders:
        related[a].append((b, True))
        related[b].append((a, False))
    most = max(len(stop.windows) for stop in stops)
    windows = [[*stop.windows, *([(0.0, 0.0)] * (most - len(stop.windows)))] for stop in stops]
    windows += [[(0.0, math.inf)] * most] * depots
    nothing = [(0.0,) * len(problem.dimensions)] * depots
    flat = [one for row in related for one in row]
    return Demands(
        stops=len(stops),
        place=np.array([number[stop.place] for stop in stops] + [number[id_] for id_ in reload_ids], dtype=np.int64),
        windows=np.array([len(stop.windows) for stop in stops] + [1] * depots, dtype=np.int64),
        opens=clock_ms([[opens for opens, _ in row] for row in windows], upward=True),
        closes=clock_ms([[closes for _, closes in row] for row in windows], upward=False),
        release=clock_ms([stop.release_s for stop in stops] + [0.0] * depots, upward=True),
        service=clock_ms([stop.service_duration_s for stop in stops] + [0.0] * depots, upward=True),
        setup=clock_ms([stop.setup_duration_s for stop in stops] + [0.0] * depots, upward=True),
        delivery=solver_load(np.array([stop.delivery for stop in stops] + nothing), LOAD_PARTS),
        pickup=solver_load(np.array([stop.pickup for stop in stops] + nothing), LOAD_PARTS),
        shipped=shipped,
        partner=partner.astype(np.int64),
        lead=lead.astype(np.int64),
        related_begin=np.concatenate([[0], np.cumsum([len(row) for row in related])]).astype(np.int64),
        related=np.array([other for other, _ in flat], dtype=np.int64),
        later=np.array([later for _, later in flat], dtype=np.bool_),
        penalty=penalty,
        required=np.array([math.isinf(stop.skip_cost_yuan) for stop in stops] + [False] * depots),
        locked=locked,
    )


def _fleet(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    crews: Sequence[Crew],
    reload_ids: Sequence[str],
    number: dict[str, int],
) -> Fleet:
    kinds = [crew.kind for crew in crews]
    allowed = [
        [crew.may_serve(stop) for stop in stops] + [id_ in crew.kind.reload_depot_ids for id_ in reload_ids]
        for crew in crews
    ]
    rules = [kind.driving_rule for kind in kinds]
    return Fleet(
        **fleet_figures(problem, stops, crews, number),
        **_break_figures(crews, len(problem.dimensions)),
        loads_matter=np.array([any(one.max_load for one in kind.breaks) for kind in kinds]),
        allowed=np.array(allowed),
        max_reloads=_whole([min(kind.max_reloads, len(stops)) if kind.reload_depot_ids else 0 for kind in kinds]),
        reload_duration=clock_ms([kind.reload_duration_s for kind in kinds], upward=True),
        rule_driving=_whole([max(1, math.floor(rule.driving_s * 1000 + 1e-6)) if rule else 0 for rule in rules]),
        rule_rest=_whole([math.ceil(rule.rest_s * 1000 - 1e-6) if rule else 0 for rule in rules]),
        starts_matter=np.array([_start_matters(problem, kind) for kind in kinds]),
        plain=np.array([not problem.speed_of_day and not kind.breaks and kind.driving_rule is None for kind in kinds]),
        share_dimension=_whole([_share_dimension(kind) for kind in kinds]),
    )


def _break_figures(crews: Sequence[Crew], dimensions: int) -> dict[str, Any]:
    """Return the fields of `Fleet` that say what breaks there are; a row that none refers to where there is no break."""
    breaks = [one for row in breaks_of(crews) for one in row]
    most = max((len(one.windows) for one in breaks), default=1)
    windows = [[*one.windows, *([(0.0, 0.0)] * (most - len(one.windows)))] for one in breaks] or [[(0.0, 0.0)]]
    loads = np.array([one.max_load or (math.inf,) * dimensions for one in breaks] or [(math.inf,) * dimensions])
    return {
        "break_load": solver_capacity(loads.reshape(-1, dimensions), UNLIMITED, LOAD_PARTS),
        "first_break": _whole([0, *np.cumsum([len(row) for row in breaks_of(crews)])]),
        "break_windows": _whole([len(one.windows) for one in breaks] or [1]),
        "break_opens": clock_ms([[opens for opens, _ in row] for row in windows], upward=True),
        "break_closes": clock_ms([[closes for _, closes in row] for row in windows], upward=False),
        "break_duration": clock_ms([one.duration_s for one in breaks] or [0.0], upward=True),
        "break_always": np.array([one.always for one in breaks] or [False]),
    }


def _start_matters(problem: RoutingProblem, kind: VehicleType) -> bool:
    """Return whether it makes a difference when a route of this type begins."""
    return (
        bool(kind.cost_per_hour_yuan or problem.balance_duty_yuan)
        or kind.max_duration_s < kind.shift_end_s - kind.shift_start_s
        or any(not one.always for one in kind.breaks)
        or bool(problem.speed_of_day and (kind.cost_per_driving_hour_yuan or kind.max_driving_s < math.inf))
    )


def _share_dimension(kind: VehicleType) -> int:
    """Return the dimension in which loads are balanced: the first that is limited."""
    return next((d for d, most in enumerate(kind.capacity) if math.isfinite(most) and most > 0), NONE)


def _whole(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
