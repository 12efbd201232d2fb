"""The week and its routes as arrays, for compiled code.

Place 0 is the hub, places of the problem follow. A slot is one vehicle of the week; route ``day * slots + slot`` is what it
drives on that day. An option of a place is one of its patterns; a variant is what a visit on one day brings under a pattern:
options whose visits that day are alike share it. Loads are in the units of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr.draws import WordArray, new_source
from planner.service.week.engine.parameters import WeekParameters
from planner.units import BoolArray, FloatArray, IntArray

NONE = -1
"""In place of an option, a variant, a slot or a route that is none."""
TO_YUAN, FROM_YUAN, TO_S, FROM_S = range(4)
"""Places in the last axis of ``legs``."""
STAMP, LEAST_S, AT, DETOUR_YUAN, DETOUR_S, NEAR = 0, 1, 2, 5, 8, 11
"""Places in the last axis of ``near``, and how long that is: three positions and what each costs, in one place of memory."""
FAR = 1e12
"""Yuan or seconds of a leg where there is no way."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekWorld(ByReference):
    """All that a search reads and never changes.

    ``legs[kind, place, other]`` are yuan to the place and from it, and seconds to it and from it (see `TO_YUAN` and those
    that follow), so that what a search for a position reads lies together. ``first_option[place]`` is the first of its
    options, up to that of the next place; ``day_variant[place, day]`` is the first of its variants on a day, up to that of
    the next day.
    ``option_variant[option, day]`` is the variant of the visit on that day. Loads are those of the ``dimensions`` in which a
    vehicle can be full at all. ``neighbours[place]`` are the nearest places, itself first. ``hands_over`` says that it
    matters which vehicle of a day drives which route. ``fleet_yuan[kind]`` is paid for each vehicle beyond ``owned[kind]``
    that drives on the kind's busiest day, ``prices_fleet`` whether any is.
    """

    parameters: WeekParameters
    days: int
    places: int
    slots: int
    dimensions: int
    both_ways: bool
    timed: bool
    legs: FloatArray
    capacity: FloatArray
    duty: FloatArray
    fixed: FloatArray
    second_yuan: FloatArray
    kind_of_slot: IntArray
    first_slot: IntArray
    slot_open: BoolArray
    day_open: BoolArray
    hands_over: bool
    first_option: IntArray
    option_variant: IntArray
    day_variant: IntArray
    variant_down: FloatArray
    variant_up: FloatArray
    variant_s: FloatArray
    neighbours: IntArray
    keys: FloatArray
    consistency: float
    day_balance: float
    vehicle_balance: float
    fleet_yuan: FloatArray
    owned: IntArray
    prices_fleet: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekRoutes(ByReference):
    """The routes being changed.

    ``stop[route, i]`` for ``i < size[route]`` are places, ``variant`` what each visit brings, ``leg_yuan`` and ``leg_s`` the
    leg to it, or back to the hub. Before stop ``i`` (and at the
    start, 0) the load was at most ``peak_before[route, i]``; from before stop ``i`` on it is at most
    ``peak_after[route, i]``. ``down`` and ``up`` are the route's totals, ``seconds`` its duty, ``yuan`` what is paid for it,
    ``peak`` the most on board, ``over_load`` and ``over_time`` by what share of capacity and duty it is beyond them.
    ``stamp`` is a number that no other state of a route has had, ``stamps[0]`` how many were given.
    """

    option: IntArray
    slot: IntArray
    position: IntArray
    stop: IntArray
    variant: IntArray
    leg_yuan: FloatArray
    leg_s: FloatArray
    size: IntArray
    peak_before: FloatArray
    peak_after: FloatArray
    down: FloatArray
    up: FloatArray
    seconds: FloatArray
    yuan: FloatArray
    peak: FloatArray
    over_load: FloatArray
    over_time: FloatArray
    times_of: IntArray
    stamp: IntArray
    stamps: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekUndo(ByReference):
    """Routes touched and places taken off since the last decision, as they were."""

    touched: BoolArray
    route_count: IntArray
    route: IntArray
    size: IntArray
    stop: IntArray
    variant: IntArray
    stamp: IntArray
    place_option: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekSearch(ByReference):
    """Everything one search changes.

    ``pending[: n]`` are the places that a proposal took off; ``missing[place]`` is the bit mask of the days on which.
    ``penalties`` are yuan for a whole capacity and a whole duty beyond the limit, between the two of
    ``penalty_range``. ``figures`` are the current yuan, load and
    time beyond the limits, and the best yuan and what it is beyond. ``looks`` count since the last look at the penalties:
    steps, weeks that kept loads, weeks that kept duties; ``blink`` the positions until the next one overlooked.
    ``near[place, route]`` are the three positions of the least detour (`AT` and after it; see `STAMP`), ascending, and the
    least seconds of all positions, for the route as it was at the stamp. ``rest_yuan[slot, k]`` is less than what any
    position but these three costs for the ``k``-th variant looked at. ``used[day, kind]`` are the vehicles that drive, where
    the fleet has a price, as they were last counted (`spread.count_used`).
    """

    routes: WeekRoutes
    undo: WeekUndo
    pending: IntArray
    missing: IntArray
    key: FloatArray
    ruined: BoolArray
    found_yuan: FloatArray
    found_route: IntArray
    found_at: IntArray
    near: FloatArray
    rest_yuan: FloatArray
    penalties: FloatArray
    penalty_range: FloatArray
    figures: FloatArray
    looks: IntArray
    blink: IntArray
    duties: FloatArray
    used: IntArray
    best_option: IntArray
    best_size: IntArray
    best_stop: IntArray
    source: WordArray


CURRENT_YUAN, CURRENT_LOAD, CURRENT_TIME, BEST_YUAN, BEST_OVER, SPREAD = range(6)
"""Places in ``figures``; the last is what inconsistency and imbalance are weighted with now."""


def new_week_search(world: WeekWorld, seed: int) -> WeekSearch:
    """Return a search in which no place is on a route yet."""
    routes, places, dimensions = world.days * world.slots, world.places + 1, world.dimensions
    longest = world.places
    return WeekSearch(
        routes=WeekRoutes(
            option=np.full(places, NONE),
            slot=np.full((places, world.days), NONE),
            position=np.zeros((places, world.days), dtype=np.int64),
            stop=np.zeros((routes, longest), dtype=np.int64),
            variant=np.zeros((routes, longest), dtype=np.int64),
            leg_yuan=np.zeros((routes, longest + 1)),
            leg_s=np.zeros((routes, longest + 1)),
            size=np.zeros(routes, dtype=np.int64),
            peak_before=np.zeros((routes, longest + 2, dimensions)),
            peak_after=np.zeros((routes, longest + 2, dimensions)),
            down=np.zeros((routes, dimensions)),
            up=np.zeros((routes, dimensions)),
            seconds=np.zeros(routes),
            yuan=np.zeros(routes),
            peak=np.zeros((routes, dimensions)),
            over_load=np.zeros(routes),
            over_time=np.zeros(routes),
            times_of=np.zeros((places, world.slots), dtype=np.int64),
            stamp=np.zeros(routes, dtype=np.int64),
            stamps=np.zeros(1, dtype=np.int64),
        ),
        undo=WeekUndo(
            touched=np.zeros(routes, dtype=np.bool_),
            route_count=np.zeros(1, dtype=np.int64),
            route=np.zeros(routes, dtype=np.int64),
            size=np.zeros(routes, dtype=np.int64),
            stop=np.zeros((routes, longest), dtype=np.int64),
            variant=np.zeros((routes, longest), dtype=np.int64),
            stamp=np.zeros(routes, dtype=np.int64),
            place_option=np.full(places, NONE),
        ),
        pending=np.zeros(places, dtype=np.int64),
        missing=np.zeros(places, dtype=np.int64),
        key=np.zeros(places),
        ruined=np.zeros(routes, dtype=np.bool_),
        found_yuan=np.zeros(len(world.variant_s)),
        found_route=np.zeros(len(world.variant_s), dtype=np.int64),
        found_at=np.zeros(len(world.variant_s), dtype=np.int64),
        near=np.full((places, routes, NEAR), float(NONE)),
        rest_yuan=np.zeros((world.slots, int(np.diff(world.day_variant, axis=1).max(initial=1)))),
        penalties=np.zeros(2),
        penalty_range=np.zeros(2),
        figures=np.array([0.0, 0.0, 0.0, np.inf, np.inf, 0.0]),
        looks=np.zeros(3, dtype=np.int64),
        blink=np.zeros(1, dtype=np.int64),
        duties=np.zeros(world.days + world.slots),
        used=np.zeros((world.days, len(world.fixed)), dtype=np.int64),
        best_option=np.full(places, NONE),
        best_size=np.zeros(routes, dtype=np.int64),
        best_stop=np.zeros((routes, longest), dtype=np.int64),
        source=new_source(seed),
    )
