"""What judging in constant time needs: routes as lists, with figures of every partial route.

Nodes are numbered depots first, then stops, then for each vehicle slot a node for its start and one for its end. A route
is a doubly linked list from its slot's start node to its end node, so that memory grows with the stops and not with
stops x slots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr import arrays
from planner.units import FloatArray, IntArray

ANY_KIND = -1
"""In place of a kind: new routes may use every kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Demands(arrays.Demands):
    """What each place asks, by place; the first stop comes behind the depots."""

    first_stop: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Fleet(arrays.Fleet):
    """Kinds of vehicles.

    ``timed`` says whether any kind pays for hours or limits them, that is, whether the length of duty matters; ``driven``
    whether any pays for or limits metres and hours of driving beyond that.
    """

    timed: bool
    driven: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class World(arrays.World):
    """All that a search reads; ``place[node]`` is the node's row in the matrices."""

    demands: Demands
    fleet: Fleet
    place: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes(arrays.Routes):
    """The routes being changed, by node, and by slot where the name says so.

    A partial route is three figures (Savelsbergh 1992; Vidal et al. 2013): leaving the depot at ``s``, it is done at
    ``max(s + work, ready)``, and feasible for ``s <= latest``. ``*_before`` describe the way from the start through the
    node's service, ``*_after`` the way from the arrival at the node to the end. ``peak_*`` are the highest loads on these
    two parts.
    """

    next: IntArray
    prev: IntArray
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
    slot_duty: IntArray
    slot_metres: FloatArray
    slot_driving: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Undo(arrays.Undo):
    """The routes touched since the last decision, as they were: their stops and windows one after the other."""

    begins: IntArray
    stops: IntArray
    windows: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Scratch(ByReference):
    """Room for intermediate results.

    ``only_kind[0]`` is the one kind of which new routes may be opened, or `ANY_KIND`; ``openings[0]`` how many may be.
    """

    seen: IntArray
    stamp: IntArray
    only_kind: IntArray
    openings: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Search(arrays.Search):
    """Everything one search changes; ``best_next`` are the followers by node on the best routes."""

    routes: Routes
    undo: Undo
    scratch: Scratch
    best_next: IntArray


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
        size=np.zeros(slots, dtype=np.int64),
        cost=np.zeros(slots),
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
        cost=np.zeros(slots),
        touched=np.zeros(slots, dtype=np.bool_),
    )


def empty_scratch(world: World) -> Scratch:
    """Return room for as many slots as there are."""
    slots = len(world.fleet.kind_of_slot)
    return Scratch(
        seen=np.zeros(slots, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        only_kind=np.full(1, ANY_KIND, dtype=np.int64),
        openings=np.full(1, slots, dtype=np.int64),
    )
