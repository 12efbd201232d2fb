"""The problem and the rounds as arrays: what the compiled kernels of this engine read and write.

Nodes are numbered depots first, then stops, then for each vehicle slot a node for its start and one for its end. A round
is a doubly linked list from its slot's start node to its end node, so that memory grows with the stops and not with
stops x slots. Times are whole milliseconds, loads whole millionths (both rounded so that a plan never promises what it
cannot keep), money is in yuan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planner.routing.problem import RoutingProblem, Stop
from planner.units import BoolArray, FloatArray, IntArray, solver_capacity, solver_load, solver_milliseconds

NO_WAY_MS = 1 << 40
"""The duration of a leg that does not exist: beyond every horizon."""
HORIZON_MS = 1 << 38
UNLIMITED = 1 << 60
LOAD_PARTS = 1_000_000
ANY_KIND, NO_KIND = -1, -2
"""In place of a kind: new rounds may use every kind, or none may be opened."""
NEIGHBOURS = 200
"""How many nearest stops each stop knows; strings are removed around a stop among these."""


class Legs(NamedTuple):
    """Metres and milliseconds between places; ``*_in`` are the transposes, so that one stop's legs lie side by side."""

    metres_out: FloatArray
    metres_in: FloatArray
    duration_out: IntArray
    duration_in: IntArray


class Demands(NamedTuple):
    """What each place asks, by place; depots ask nothing.

    ``opens[place, w]`` and ``closes[place, w]`` hold for ``w < windows[place]``. ``penalty`` is the price of leaving a stop
    out; ``required`` says that nothing but want of room may leave it out.
    """

    first_stop: int
    windows: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    delivery: IntArray
    pickup: IntArray
    penalty: FloatArray
    required: BoolArray


class Fleet(NamedTuple):
    """Vehicle kinds, and the slots (single vehicles) of each kind: ``first_slot[k] <= slot < first_slot[k + 1]``.

    ``allowed[k, place]`` says whether the kind has the skills that the place needs.
    ``timed`` says whether any kind pays for hours or limits them, that is, whether the length of duty matters.
    """

    kind_of_slot: IntArray
    first_slot: IntArray
    capacity: IntArray
    depot: IntArray
    shift_start: IntArray
    shift_end: IntArray
    max_duty: IntArray
    fixed_cost: FloatArray
    cost_per_metre: FloatArray
    cost_per_ms: FloatArray
    allowed: BoolArray
    timed: bool


class World(NamedTuple):
    """All that a search reads and never changes.

    ``place[node]`` is the node's row in the matrices; ``neighbours[stop]`` its nearest stops, itself first;
    ``keys[i, stop]`` the i-th figure by which removed stops may be sorted.
    """

    legs: Legs
    demands: Demands
    fleet: Fleet
    place: IntArray
    neighbours: IntArray
    keys: FloatArray


class Rounds(NamedTuple):
    """The rounds being changed, by node, and by slot where the name says so.

    A partial round is three figures (Savelsbergh 1992; Vidal et al. 2013): leaving the depot at ``s``, it is done at
    ``max(s + work, ready)``, and feasible for ``s <= latest``. ``*_before`` describe the way from the start through the
    node's service, ``*_after`` the way from the arrival at the node to the end. ``peak_*`` are the highest loads on these
    two parts. ``slot[node]`` is -1 for a stop on no round. ``window[node]`` is the window chosen for it.
    """

    next: IntArray
    prev: IntArray
    slot: IntArray
    window: IntArray
    leg_metres: FloatArray
    leg_duration: IntArray
    work_before: IntArray
    ready_before: IntArray
    latest_before: IntArray
    work_after: IntArray
    ready_after: IntArray
    latest_after: IntArray
    peak_before: IntArray
    peak_after: IntArray
    load: IntArray
    slot_size: IntArray
    slot_cost: FloatArray
    slot_duty: IntArray


class Undo(NamedTuple):
    """The rounds touched since the last decision, as they were: slots, and their stops and windows one after the other."""

    touched_count: IntArray
    slots: IntArray
    begins: IntArray
    stops: IntArray
    windows: IntArray
    costs: FloatArray
    touched: BoolArray


class Scratch(NamedTuple):
    """Room for intermediate results.

    ``only_kind[0]`` is the one kind of which new rounds may be opened, or `ANY_KIND`, or `NO_KIND`.
    """

    pending: IntArray
    key: FloatArray
    seen: IntArray
    stamp: IntArray
    only_kind: IntArray


def build_world(problem: RoutingProblem, stops: Sequence[Stop]) -> World:
    """Return the arrays of these stops of the problem, in the order given."""
    depot_ids = sorted({kind.depot_id for kind in problem.vehicle_types})
    place_ids = depot_ids + [stop.id for stop in stops]
    part = problem.travel.select(place_ids, place_ids)
    legs = _legs(part.durations_s, part.distances_m)
    demands = _demands(problem, stops, len(depot_ids))
    fleet = _fleet(problem, depot_ids, stops)
    ends = fleet.depot[fleet.kind_of_slot]
    skip_costs = np.array([stop.skip_cost_yuan for stop in stops])
    serve_first = _leaving_out_cost(problem, part.distances_m, part.durations_s)
    demands.penalty[len(depot_ids) :] = np.where(demands.required[len(depot_ids) :], serve_first, skip_costs)
    near = _nearness(fleet, legs)
    return World(
        legs=legs,
        demands=demands,
        fleet=fleet,
        place=np.concatenate([np.arange(len(place_ids)), ends, ends]),
        neighbours=_neighbours(near, len(depot_ids)),
        keys=_sort_keys(demands, fleet, near),
    )


def empty_rounds(world: World) -> Rounds:
    """Return rounds with no stop on them; their figures hold after the first refresh."""
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    nodes, dimensions = places + 2 * slots, world.fleet.capacity.shape[1]
    starts, ends = np.arange(places, places + slots), np.arange(places + slots, nodes)

    def by_node() -> IntArray:
        return np.zeros(nodes, dtype=np.int64)

    rounds = Rounds(
        next=by_node(),
        prev=by_node(),
        slot=np.full(nodes, -1, dtype=np.int64),
        window=by_node(),
        leg_metres=np.zeros(nodes),
        leg_duration=by_node(),
        work_before=by_node(),
        ready_before=by_node(),
        latest_before=by_node(),
        work_after=by_node(),
        ready_after=by_node(),
        latest_after=by_node(),
        peak_before=np.zeros((nodes, dimensions), dtype=np.int64),
        peak_after=np.zeros((nodes, dimensions), dtype=np.int64),
        load=np.zeros((nodes, dimensions), dtype=np.int64),
        slot_size=np.zeros(slots, dtype=np.int64),
        slot_cost=np.zeros(slots),
        slot_duty=np.zeros(slots, dtype=np.int64),
    )
    rounds.next[starts], rounds.prev[ends] = ends, starts
    rounds.slot[starts] = rounds.slot[ends] = np.arange(slots)
    return rounds


def empty_undo(world: World) -> Undo:
    """Return room for remembering every round."""
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    return Undo(
        touched_count=np.zeros(1, dtype=np.int64),
        slots=np.zeros(slots, dtype=np.int64),
        begins=np.zeros(slots + 1, dtype=np.int64),
        stops=np.zeros(places, dtype=np.int64),
        windows=np.zeros(places, dtype=np.int64),
        costs=np.zeros(slots),
        touched=np.zeros(slots, dtype=np.bool_),
    )


def empty_scratch(world: World) -> Scratch:
    """Return room for as many stops and slots as there are."""
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    return Scratch(
        pending=np.zeros(places, dtype=np.int64),
        key=np.zeros(places),
        seen=np.zeros(slots, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        only_kind=np.full(1, ANY_KIND, dtype=np.int64),
    )


def _legs(durations_s: FloatArray, distances_m: FloatArray) -> Legs:
    durations = np.ascontiguousarray(solver_milliseconds(durations_s, NO_WAY_MS))
    metres = np.ascontiguousarray(np.where(np.isfinite(distances_m), distances_m, 1e12))
    return Legs(
        metres_out=metres,
        metres_in=np.ascontiguousarray(metres.T),
        duration_out=durations,
        duration_in=np.ascontiguousarray(durations.T),
    )


def _clock(seconds: Sequence[float] | Sequence[Sequence[float]], *, upward: bool) -> IntArray:
    scaled = np.minimum(np.array(seconds, dtype=np.float64) * 1000, HORIZON_MS)
    whole = np.ceil(scaled - 1e-6) if upward else np.floor(scaled + 1e-6)
    return whole.astype(np.int64)


def _demands(problem: RoutingProblem, stops: Sequence[Stop], depots: int) -> Demands:
    none = [0.0] * depots
    nothing = np.zeros((depots, len(problem.dimensions)))
    most = max(len(stop.windows) for stop in stops)
    always = [(0.0, float("inf"))]
    windows = [always * most] * depots + [
        [*stop.windows, *always][:most] + always * (most - len(stop.windows) - 1) for stop in stops
    ]
    return Demands(
        first_stop=depots,
        windows=np.array([1] * depots + [len(stop.windows) for stop in stops], dtype=np.int64),
        opens=_clock([[opens for opens, _ in row] for row in windows], upward=True),
        closes=_clock([[closes for _, closes in row] for row in windows], upward=False),
        service=_clock(none + [stop.service_duration_s for stop in stops], upward=True),
        delivery=solver_load(np.vstack([nothing, *[stop.delivery for stop in stops]]), LOAD_PARTS),
        pickup=solver_load(np.vstack([nothing, *[stop.pickup for stop in stops]]), LOAD_PARTS),
        penalty=np.zeros(depots + len(stops)),
        required=np.array([True] * depots + [math.isinf(stop.skip_cost_yuan) for stop in stops]),
    )


def _fleet(problem: RoutingProblem, depot_ids: Sequence[str], stops: Sequence[Stop]) -> Fleet:
    kinds = problem.vehicle_types
    counts = np.array([min(kind.count, len(stops)) for kind in kinds], dtype=np.int64)
    capacity = np.array([kind.capacity for kind in kinds], dtype=np.float64).reshape(
        len(kinds), len(problem.dimensions)
    )
    return Fleet(
        kind_of_slot=np.repeat(np.arange(len(kinds)), counts),
        first_slot=np.concatenate([[0], np.cumsum(counts)]),
        capacity=solver_capacity(capacity, UNLIMITED, LOAD_PARTS),
        depot=np.array([depot_ids.index(kind.depot_id) for kind in kinds], dtype=np.int64),
        shift_start=_clock([kind.shift_start_s for kind in kinds], upward=True),
        shift_end=_clock([kind.shift_end_s for kind in kinds], upward=False),
        max_duty=_clock([kind.max_duration_s for kind in kinds], upward=False),
        fixed_cost=np.array([kind.fixed_cost_yuan for kind in kinds], dtype=np.float64),
        cost_per_metre=np.array([kind.cost_per_km_yuan / 1000 for kind in kinds], dtype=np.float64),
        cost_per_ms=np.array([kind.cost_per_hour_yuan / 3_600_000 for kind in kinds], dtype=np.float64),
        allowed=np.array(
            [[True] * len(depot_ids) + [set(stop.needs) <= set(kind.skills) for stop in stops] for kind in kinds]
        ),
        timed=any(
            kind.cost_per_hour_yuan > 0 or kind.max_duration_s < kind.shift_end_s - kind.shift_start_s for kind in kinds
        ),
    )


def _leaving_out_cost(problem: RoutingProblem, metres: FloatArray, seconds: FloatArray) -> float:
    """Return a price above what serving one more stop can reasonably cost, so that serving comes first."""
    kinds = problem.vehicle_types
    longest = max(metres[np.isfinite(metres)].max() / 1000, 1)
    slowest = max(seconds[np.isfinite(seconds)].max() / 3600, 1)
    dearest = (
        max(kind.fixed_cost_yuan for kind in kinds)
        + longest * max(kind.cost_per_km_yuan for kind in kinds)
        + slowest * max(kind.cost_per_hour_yuan for kind in kinds)
    )
    return float(1 + 100 * dearest)


def _nearness(fleet: Fleet, legs: Legs) -> FloatArray:
    """Return what it costs to drive between two places there and back, in metres where driving costs nothing."""
    per_metre, per_ms = fleet.cost_per_metre.min(), fleet.cost_per_ms.min()
    if per_metre == 0 and per_ms == 0:
        per_metre = 1.0
    one_way = legs.metres_out * per_metre + legs.duration_out * per_ms
    nearness: FloatArray = one_way + one_way.T
    return nearness


def _neighbours(near: FloatArray, first_stop: int) -> IntArray:
    among_stops = near[first_stop:, first_stop:].copy()
    np.fill_diagonal(among_stops, -1.0)
    nearest = np.argsort(among_stops, axis=1, kind="stable")[:, :NEIGHBOURS] + first_stop
    above = np.zeros((first_stop, nearest.shape[1]), dtype=np.int64)
    return np.ascontiguousarray(np.vstack([above, nearest]))


def _sort_keys(demands: Demands, fleet: Fleet, near: FloatArray) -> FloatArray:
    """Return one row for each order of insertion; the smallest goes first."""
    largest = fleet.capacity.max(axis=0).astype(np.float64)
    share = ((demands.delivery + demands.pickup) / np.maximum(largest, 1)).max(axis=1)
    far = near[: demands.first_stop].min(axis=0)
    last = demands.windows - 1
    opens = demands.opens[:, 0].astype(np.float64)
    closes = demands.closes[np.arange(len(last)), last].astype(np.float64)
    return np.ascontiguousarray(np.vstack([-share, -far, far, closes - opens, opens, -closes]))
