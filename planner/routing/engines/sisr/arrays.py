"""The problem and the routes as arrays: what all kernels read and write, however they judge a place.

Times are whole milliseconds, loads whole millionths (both rounded so that a plan never promises what it cannot keep), money
is in yuan. Each judge adds what it needs, and says how nodes are numbered.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr.draws import WordArray
from planner.routing.engines.sisr.parameters import Parameters
from planner.units import BoolArray, FloatArray, IntArray

NEVER = 1e18
"""The price of a route that cannot be driven."""
NONE = -1
"""In place of a node or a slot that is none."""
ANY_NUMBER = -1
"""In place of a limit to the number of routes."""


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
    """What each node asks that can be called at; depots ask nothing.

    ``opens[node, w]`` and ``closes[node, w]`` (ms since midnight) hold for ``w < windows[node]``. ``service`` is in ms,
    ``delivery`` and ``pickup`` [node, dimension] in millionths. ``penalty`` (yuan) is the price of leaving a stop out;
    ``required`` says that nothing but want of room may leave it out.
    """

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

    ``allowed[k, node]`` says whether the kind may call there. ``table`` is the kind's row of `Legs`, ``start`` and ``end``
    the places where its routes begin and end (with open ends one that is no distance from anywhere).

    ``capacity[k, dimension]`` is in millionths; ``shift_start`` and ``shift_end`` in ms since midnight; ``max_duty`` and
    ``max_driving`` in ms, ``max_metres`` in metres; ``fixed_cost`` in yuan, ``cost_per_metre`` in yuan a metre,
    ``cost_per_ms`` (of duty) and ``cost_per_driving_ms`` in yuan a ms.
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


@dataclass(frozen=True, kw_only=True, eq=False)
class World(ByReference):
    """All that a search reads and never changes.

    ``neighbours[stop]`` are its nearest stops, itself first; ``keys[i, stop]`` the i-th figure by which removed stops may be
    sorted.
    """

    legs: Legs
    demands: Demands
    fleet: Fleet
    parameters: Parameters
    neighbours: IntArray
    keys: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Routes(ByReference):
    """The routes being changed: by node its slot (`NONE` on no route) and the window chosen, by slot its stops and cost.

    ``cost`` is in yuan.
    """

    slot: IntArray
    window: IntArray
    size: IntArray
    cost: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Undo(ByReference):
    """The routes touched since the last decision, as they were, and their ``cost`` in yuan."""

    touched_count: IntArray
    slots: IntArray
    cost: FloatArray
    touched: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Search(ByReference):
    """Everything one search changes; ``absent[: absent_count[0]]`` are the stops on no route.

    ``absences`` counts by stop how often fleet minimisation could not place it. The first of ``pending`` are the stops that
    a proposal has taken off, and has found no place for. ``best_cost`` holds the cost in yuan of the best routes and of the
    current ones.
    """

    routes: Routes
    undo: Undo
    absent: IntArray
    absent_count: IntArray
    absences: IntArray
    pending: IntArray
    key: FloatArray
    best_window: IntArray
    best_cost: FloatArray
    source: WordArray
