"""The problem and the routes as arrays: what the compiled kernels of this engine read and write.

Nodes are numbered depots first, then stops, then for each vehicle slot a node for its start and one for its end. A route
is a doubly linked list from its slot's start node to its end node, so that memory grows with the stops and not with
stops x slots. Times are whole milliseconds, loads whole millionths (both rounded so that a plan never promises what it
cannot keep), money is in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.units import BoolArray, FloatArray, IntArray

ANY_KIND = -1
"""In place of a kind: new routes may use every kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Legs(ByReference):
    """Metres and milliseconds between places, by table; a table for each profile at each speed factor.

    ``*_in`` are the transposes, so that one stop's legs lie side by side.
    """

    metres_out: FloatArray
    metres_in: FloatArray
    duration_out: IntArray
    duration_in: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Demands(ByReference):
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Fleet(ByReference):
    """Vehicle kinds, and the slots (single vehicles) of each kind: ``first_slot[k] <= slot < first_slot[k + 1]``.

    ``allowed[k, place]`` says whether the kind has the skills that the place needs.
    ``table`` is the kind's row of `Legs`, ``start`` and ``end`` the places where its routes begin and end (with open ends
    one that is no distance from anywhere). ``timed`` says whether any kind pays for hours or limits them, that is, whether
    the length of duty matters; ``driven`` whether any pays for or limits metres and hours of driving beyond that.
    """

    kind_of_slot: IntArray
    first_slot: IntArray
    capacity: IntArray
    table: IntArray
    start: IntArray
    end: IntArray
    shift_start: IntArray
    shift_end: IntArray
    max_duty: IntArray
    fixed_cost: FloatArray
    cost_per_metre: FloatArray
    cost_per_ms: FloatArray
    cost_per_driving_ms: FloatArray
    max_metres: FloatArray
    max_driving: IntArray
    max_stops: IntArray
    allowed: BoolArray
    timed: bool
    driven: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class World(ByReference):
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes(ByReference):
    """The routes being changed, by node, and by slot where the name says so.

    A partial route is three figures (Savelsbergh 1992; Vidal et al. 2013): leaving the depot at ``s``, it is done at
    ``max(s + work, ready)``, and feasible for ``s <= latest``. ``*_before`` describe the way from the start through the
    node's service, ``*_after`` the way from the arrival at the node to the end. ``peak_*`` are the highest loads on these
    two parts. ``slot[node]`` is -1 for a stop on no route. ``window[node]`` is the window chosen for it.
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
    slot_metres: FloatArray
    slot_driving: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Undo(ByReference):
    """The routes touched since the last decision, as they were: slots, and their stops and windows one after the other."""

    touched_count: IntArray
    slots: IntArray
    begins: IntArray
    stops: IntArray
    windows: IntArray
    costs: FloatArray
    touched: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Scratch(ByReference):
    """Room for intermediate results.

    ``only_kind[0]`` is the one kind of which new routes may be opened, or `ANY_KIND`; ``openings[0]`` how many may be.
    """

    pending: IntArray
    key: FloatArray
    seen: IntArray
    stamp: IntArray
    only_kind: IntArray
    openings: IntArray


def empty_routes(world: World) -> Routes:
    """Return routes with no stop on them; their figures hold after the first refresh."""
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    nodes, dimensions = places + 2 * slots, world.fleet.capacity.shape[1]
    starts, ends = np.arange(places, places + slots), np.arange(places + slots, nodes)

    def by_node() -> IntArray:
        return np.zeros(nodes, dtype=np.int64)

    routes = Routes(
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
        slot_metres=np.zeros(slots),
        slot_driving=np.zeros(slots, dtype=np.int64),
    )
    routes.next[starts], routes.prev[ends] = ends, starts
    routes.slot[starts] = routes.slot[ends] = np.arange(slots)
    return routes


def empty_undo(world: World) -> Undo:
    """Return room for remembering every route."""
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
        openings=np.full(1, slots, dtype=np.int64),
    )
