"""What the kernels of this engine read and write: the problem and the routes as arrays.

Nodes are numbered stops first, then depots to reload at. A route is the row of its slot in an array of nodes; breaks are no
nodes: where they are taken is found anew whenever a route is driven. Times are whole milliseconds, loads whole millionths
(both rounded so that a plan never promises what it cannot keep), money is in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr import arrays
from planner.routing.engines.sisr.arrays import NONE
from planner.routing.engines.sisr.draws import WordArray
from planner.routing.engines.sisr.simulated.known import Known, nothing_known
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class DaySpeeds(ByReference):
    """All driving goes ``factors[k]`` times as fast from ``begins[k]`` on; ``fastest`` is the greatest of them."""

    begins: IntArray
    factors: FloatArray
    fastest: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Demands(arrays.Demands):
    """What each node asks, by node; depots to reload at, the nodes from ``stops`` on, have no windows and ask nothing.

    ``shipped`` says whether the stop is half of a pair, ``partner`` is the delivery that is inserted with a pickup (`NONE`
    for all others). ``lead`` is the stop by which a stop is absent: its pickup for a delivery, mostly itself. For
    ``related_begin[v] <= i < related_begin[v + 1]`` the stop ``related[i]`` comes later than v on the same route if
    ``later[i]``, earlier if not. The ``penalty`` of a lead counts its partner.
    """

    stops: int
    place: IntArray
    release: IntArray
    setup: IntArray
    shipped: BoolArray
    partner: IntArray
    lead: IntArray
    related_begin: IntArray
    related: IntArray
    later: BoolArray
    locked: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Fleet(arrays.Fleet):
    """Kinds of vehicles; see `Crew`.

    Breaks of kind k are the rows
    ``first_break[k] <= b < first_break[k + 1]``, by opening. ``rule_driving`` is 0 without a rule. ``starts_matter`` says
    whether it makes a difference when a route begins, ``plain`` whether there are neither breaks nor rests nor speeds of the
    day. ``share_dimension`` is the dimension of the balance, or `NONE`. ``break_load`` is the most that may be on board
    during a break, by dimension, and ``loads_matter`` says whether that is limited for any of the kind's breaks.
    """

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
    break_load: IntArray
    loads_matter: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class World(arrays.World):
    """All that a search reads and never changes.

    ``balance_duty`` is yuan for an hour squared, ``balance_load`` for the square of a share of the capacity. ``leads`` are
    the stops that are inserted, alone or with their partners.
    """

    demands: Demands
    fleet: Fleet
    day: DaySpeeds
    leads: IntArray
    balance_duty: float
    balance_load: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes(arrays.Routes):
    """The routes being changed: nodes in order by slot, and by node its position.

    ``noted`` is that of `Known`: whoever changes a route lets it be noted anew.
    """

    noted: BoolArray
    order: IntArray
    position: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial(ByReference):
    """The one route being looked at, and what was found on driving it.

    ``order[: size[0]]`` are its nodes, ``kind[0]`` its kind. ``breaks[: break_count[0]]`` are the breaks it takes in this
    order, ``leg[j]`` the leg on which the j-th is taken: leg i leads to the i-th node, the last one back. ``figures`` are
    milliseconds of driving, the number of rests, and 1 if the load is too much or comes too late. ``ready[i]`` is when all
    is ready that is loaded for the i-th node and those behind it up to the next reload. ``aboard[i]`` is the load on leg i
    by dimension. The rest is room to find out.
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
    aboard: IntArray
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
class Undo(arrays.Undo):
    """The routes touched since the last decision as they were; windows are by node."""

    order: IntArray
    size: IntArray
    window: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Search(arrays.Search):
    """Everything one search changes; absent and pending are leads.

    ``only_old[0]`` is 1 while no further vehicle may be used.
    """

    routes: Routes
    known: Known
    trial: Trial
    offer: Offer
    undo: Undo
    seen: IntArray
    slots: IntArray
    only_old: IntArray
    best_order: IntArray
    best_size: IntArray


def whole(*shape: int) -> IntArray:
    """Return zeros."""
    return np.zeros(shape, dtype=np.int64)


def new_search(world: World, source: WordArray) -> Search:
    """Return a search in which no stop has a place yet."""
    nodes, slots = len(world.demands.place), len(world.fleet.kind_of_slot)
    longest = world.demands.stops + int(world.fleet.max_reloads.max()) + 4
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
    undo = Undo(
        touched_count=whole(1),
        slots=whole(slots),
        order=whole(slots, longest),
        size=whole(slots),
        cost=np.zeros(slots),
        window=whole(slots, longest),
        touched=np.zeros(slots, dtype=np.bool_),
    )
    return Search(
        routes=routes,
        known=known,
        trial=_no_trial(world, longest),
        offer=_no_offer(longest),
        undo=undo,
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


def _no_trial(world: World, longest: int) -> Trial:
    most_breaks = int(np.diff(world.fleet.first_break).max(initial=0))
    return Trial(
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
        aboard=whole(longest + 1, world.fleet.capacity.shape[1]),
        ready=whole(longest + 1),
    )


def _no_offer(longest: int) -> Offer:
    return Offer(
        slot=whole(1),
        nodes=whole(2),
        places=whole(2),
        order=whole(longest),
        size=whole(1),
        windows=whole(2),
        added=np.zeros(1),
    )
