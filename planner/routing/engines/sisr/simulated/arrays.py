"""What the kernels of this engine read and write: the problem and the routes as arrays.

Nodes are numbered stops first, then depots to reload at. A route is the row of its slot in an array of nodes; breaks are no
nodes: where they are taken is found anew whenever a route is driven. Times are whole milliseconds, loads whole millionths
(both rounded so that a plan never promises what it cannot keep), money is in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr.constant_time.arrays import Legs
from planner.routing.engines.sisr.simulated.known import Known, nothing_known
from planner.units import BoolArray, FloatArray, IntArray

NEVER = 1e18
"""The price of a route that cannot be driven."""
NONE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Day(ByReference):
    """All driving goes ``factors[k]`` times as fast from ``begins[k]`` on; ``fastest`` is the greatest of them."""

    begins: IntArray
    factors: FloatArray
    fastest: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Demands(ByReference):
    """What each node asks, by node; depots to reload at, the nodes from ``stops`` on, have no windows and ask nothing.

    ``shipped`` says whether the stop is half of a pair, ``partner`` is the delivery that is inserted with a pickup (`NONE`
    for all others). ``lead`` is the stop by which a stop is absent: its pickup for a delivery, mostly itself. For
    ``related_begin[v] <= i < related_begin[v + 1]`` the stop ``related[i]`` comes later than v on the same route if
    ``later[i]``, earlier if not. ``penalty`` is the price of leaving a lead out, with its partner.
    """

    stops: int
    place: IntArray
    windows: IntArray
    opens: IntArray
    closes: IntArray
    release: IntArray
    service: IntArray
    setup: IntArray
    delivery: IntArray
    pickup: IntArray
    shipped: BoolArray
    partner: IntArray
    lead: IntArray
    related_begin: IntArray
    related: IntArray
    later: BoolArray
    penalty: FloatArray
    required: BoolArray
    locked: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Fleet(ByReference):
    """Kinds of vehicles and their slots, ``first_slot[k] <= slot < first_slot[k + 1]``; see `Crew`.

    ``allowed[k, node]`` says whether the kind may call there. Breaks of kind k are the rows
    ``first_break[k] <= b < first_break[k + 1]``, by opening. ``rule_driving`` is 0 without a rule. ``starts_matter`` says
    whether it makes a difference when a route begins, ``plain`` whether there are neither breaks nor rests nor speeds of the
    day. ``share_dimension`` is the dimension of the balance, or `NONE`.
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
    max_reloads: IntArray
    reload_duration: IntArray
    rule_driving: IntArray
    rule_rest: IntArray
    starts_matter: BoolArray
    plain: BoolArray
    share_dimension: IntArray
    first_break: IntArray
    break_windows: IntArray
    break_opens: IntArray
    break_closes: IntArray
    break_duration: IntArray
    break_always: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class World(ByReference):
    """All that a search reads and never changes.

    ``neighbours[stop]`` are its nearest stops, itself first; ``keys[i, stop]`` the i-th figure by which removed stops may be
    sorted; ``balance_duty`` is yuan for an hour squared, ``balance_load`` for the square of a share of the capacity.
    ``leads`` are the stops that are inserted, alone or with their partners.
    """

    legs: Legs
    demands: Demands
    fleet: Fleet
    day: Day
    neighbours: IntArray
    keys: FloatArray
    leads: IntArray
    balance_duty: float
    balance_load: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes(ByReference):
    """The routes being changed: nodes in order by slot, and by node its slot, its position and the window chosen.

    ``noted`` is that of `Known`: whoever changes a route lets it be noted anew.
    """

    noted: BoolArray
    order: IntArray
    size: IntArray
    cost: FloatArray
    slot: IntArray
    position: IntArray
    window: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial(ByReference):
    """The one route being looked at, and what was found on driving it.

    ``order[: size[0]]`` are its nodes, ``kind[0]`` its kind. ``breaks[: break_count[0]]`` are the breaks it takes in this
    order, ``leg[j]`` the leg on which the j-th is taken: leg i leads to the i-th node, the last one back. ``figures`` are
    milliseconds of driving, the number of rests, and 1 if the load is too much or comes too late. ``ready[i]`` is when all
    is ready that is loaded for the i-th node and those behind it up to the next reload. The rest is room to find out.
    """

    order: IntArray
    size: IntArray
    kind: IntArray
    breaks: IntArray
    leg: IntArray
    break_count: IntArray
    figures: IntArray
    clock: IntArray
    since_rest: IntArray
    chosen: IntArray
    load: IntArray
    ready: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer(ByReference):
    """The best place found so far for a stop and its partner, or the best route: slot, windows, and what it adds.

    ``nodes[0]`` comes before the node ``places[0]`` of the slot's route, ``nodes[1]``, unless `NONE`, before ``places[1]``.
    ``order[: size[0]]`` is a route.
    """

    slot: IntArray
    nodes: IntArray
    places: IntArray
    order: IntArray
    size: IntArray
    windows: IntArray
    added: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Undo(ByReference):
    """The routes touched since the last decision as they were; windows are by node."""

    touched_count: IntArray
    slots: IntArray
    order: IntArray
    size: IntArray
    cost: FloatArray
    window: IntArray
    touched: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Search(ByReference):
    """Everything one search changes; ``absent[: absent_count[0]]`` are the leads on no route.

    ``best_cost`` holds the cost of the best routes and of the current ones; ``absences`` counts how often a lead could not
    be placed. ``only_old[0]`` is 1 while no further vehicle may be used.
    """

    routes: Routes
    known: Known
    trial: Trial
    offer: Offer
    undo: Undo
    absent: IntArray
    absent_count: IntArray
    pending: IntArray
    key: FloatArray
    seen: IntArray
    slots: IntArray
    absences: IntArray
    only_old: IntArray
    best_order: IntArray
    best_size: IntArray
    best_window: IntArray
    best_cost: FloatArray
    source: np.typing.NDArray[np.uint64]


def new_search(world: World, source: np.typing.NDArray[np.uint64]) -> Search:
    """Return a search in which no stop has a place yet."""
    nodes, slots = len(world.demands.place), len(world.fleet.kind_of_slot)
    most_breaks = int(np.diff(world.fleet.first_break).max(initial=0))
    longest = world.demands.stops + int(world.fleet.max_reloads.max()) + 4

    def whole(*shape: int) -> IntArray:
        return np.zeros(shape, dtype=np.int64)

    known = nothing_known(slots, longest, world.fleet.capacity.shape[1])
    routes = Routes(
        noted=known.noted,
        order=whole(slots, longest),
        size=whole(slots),
        cost=np.zeros(slots),
        slot=np.full(nodes, NONE, dtype=np.int64),
        position=whole(nodes),
        window=whole(nodes),
    )
    return Search(
        routes=routes,
        known=known,
        trial=Trial(
            order=whole(longest),
            size=whole(1),
            kind=whole(1),
            breaks=whole(most_breaks + 1),
            leg=whole(most_breaks + 1),
            break_count=whole(1),
            figures=whole(3),
            clock=whole(2, most_breaks + 1),
            since_rest=whole(2, most_breaks + 1),
            chosen=whole(longest + 1, most_breaks + 1),
            load=whole(longest + 1),
            ready=whole(longest + 1),
        ),
        offer=Offer(
            slot=whole(1),
            nodes=whole(2),
            places=whole(2),
            order=whole(longest),
            size=whole(1),
            windows=whole(2),
            added=np.zeros(1),
        ),
        undo=Undo(
            touched_count=whole(1),
            slots=whole(slots),
            order=whole(slots, longest),
            size=whole(slots),
            cost=np.zeros(slots),
            window=whole(slots, longest),
            touched=np.zeros(slots, dtype=np.bool_),
        ),
        absent=whole(nodes),
        absent_count=whole(1),
        pending=whole(nodes),
        key=np.zeros(nodes),
        seen=whole(slots + 1),
        slots=whole(slots),
        absences=whole(nodes),
        only_old=whole(1),
        best_order=whole(slots, longest),
        best_size=whole(slots),
        best_window=whole(nodes),
        best_cost=np.zeros(2),
        source=source,
    )
