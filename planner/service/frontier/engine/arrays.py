"""Depots, sites, villages and routes as arrays, for compiled code.

Depots are the first nodes, sites follow. A village hands over at the nearest open site of its list, `reach`: one list after
the other, nearest first; a village's ``rank`` is a place in there, or `NONE`. A site is open where it is on a route.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr.draws import WordArray, new_source
from planner.service.frontier.engine.parameters import PointParameters
from planner.units import BoolArray, FloatArray, IntArray

NONE = -1
"""In place of a route or a rank that is none."""
FAR = 1e12
"""Yuan or seconds of a leg where there is no way."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PointWorld(ByReference):
    """All that a search reads and never changes.

    ``leg_yuan`` and ``leg_s`` are by node (seconds with those spent at the end of the leg). ``missing[rank]`` is what
    a village misses of the aim where it hands over by that rank, ``missing_none`` where it hands over nowhere.
    ``claim`` is ``reach`` by site, nearest first: the village, its rank, and how near it is. ``neighbours[site]`` are
    sites, itself first. Loads beyond a limit are counted in ``load_unit``. Where demand ``follows`` what is open, a
    site that opens may overload a vehicle at a penalty: others that open later relieve it.
    """

    parameters: PointParameters
    depots: int
    sites: int
    timed: bool
    follows: bool
    site_limited: bool
    capacity: float
    duty_s: float
    load_unit: float
    route_yuan: float
    leg_yuan: FloatArray
    leg_s: FloatArray
    depot_yuan: FloatArray
    depot_capacity: FloatArray
    site_yuan: FloatArray
    site_capacity: FloatArray
    required: BoolArray
    demand: FloatArray
    reach_first: IntArray
    reach_site: IntArray
    reach_near: FloatArray
    missing: FloatArray
    missing_none: FloatArray
    claim_first: IntArray
    claim_village: IntArray
    claim_rank: IntArray
    claim_near: FloatArray
    neighbours: IntArray
    keys: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class PointRoutes(ByReference):
    """The plan being changed: routes by slot, and what follows from which sites are open.

    ``stop[slot, : size[slot]]`` are sites. No slot from ``top`` on is used.
    """

    size: IntArray
    stop: IntArray
    depot: IntArray
    load: FloatArray
    yuan: FloatArray
    seconds: FloatArray
    slot: IntArray
    site_load: FloatArray
    rank: IntArray
    depot_load: FloatArray
    depot_routes: IntArray
    top: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class PointSearch(ByReference):
    """Everything one search changes.

    ``was`` is the plan before the proposal, in those routes that ``touched`` names and in all else. ``figures`` are the
    yuan, the missing, the overload and the open sites of the current plan and of the best; ``limits`` what may be missing,
    how many sites may be open and what they may cost. ``penalties`` are yuan for a unit missing beyond the limit and for
    a unit of load, or a tenth of a duty, beyond.
    """

    routes: PointRoutes
    was: PointRoutes
    was_figures: FloatArray
    best: PointRoutes
    touched: BoolArray
    touched_slot: IntArray
    touched_count: IntArray
    depot_open: BoolArray
    pending: IntArray
    candidates: IntArray
    is_candidate: BoolArray
    key: FloatArray
    ruined: BoolArray
    relief: FloatArray
    figures: FloatArray
    limits: FloatArray
    penalties: FloatArray
    penalty_range: FloatArray
    looks: IntArray
    blink: IntArray
    found: IntArray
    source: WordArray


YUAN, MISSING, OVER, OPEN, OPENING_YUAN, BEST_YUAN, BEST_BEYOND = range(7)
"""Places in ``figures``: OVER in units of load and tenths of a duty, OPENING_YUAN the part of YUAN paid for sites."""
MAY_MISS, MOST_SITES, BUDGET = range(3)
"""Places in ``limits``."""


def _empty_routes(world: PointWorld) -> PointRoutes:
    sites, villages = world.sites, len(world.demand)
    slots = sites + 1
    return PointRoutes(
        size=np.zeros(slots, dtype=np.int64),
        stop=np.zeros((slots, sites), dtype=np.int64),
        depot=np.zeros(slots, dtype=np.int64),
        load=np.zeros(slots),
        yuan=np.zeros(slots),
        seconds=np.zeros(slots),
        slot=np.full(sites, NONE),
        site_load=np.zeros(sites),
        rank=np.full(villages, NONE),
        depot_load=np.zeros(world.depots),
        depot_routes=np.zeros(world.depots, dtype=np.int64),
        top=np.zeros(1, dtype=np.int64),
    )


def new_point_search(world: PointWorld, seed: int) -> PointSearch:
    """Return a search in which no site is open yet and every depot may be used."""
    sites, slots = world.sites, world.sites + 1
    return PointSearch(
        routes=_empty_routes(world),
        was=_empty_routes(world),
        was_figures=np.zeros(5),
        best=_empty_routes(world),
        touched=np.zeros(slots, dtype=np.bool_),
        touched_slot=np.zeros(slots, dtype=np.int64),
        touched_count=np.zeros(1, dtype=np.int64),
        depot_open=np.ones(world.depots, dtype=np.bool_),
        pending=np.zeros(sites, dtype=np.int64),
        candidates=np.zeros(sites, dtype=np.int64),
        is_candidate=np.zeros(sites, dtype=np.bool_),
        key=np.zeros(sites),
        ruined=np.zeros(slots, dtype=np.bool_),
        relief=np.zeros(slots),
        figures=np.array([0.0, 0.0, 0.0, 0.0, 0.0, np.inf, np.inf]),
        limits=np.array([0.0, float(sites), np.inf]),
        penalties=np.ones(2),
        penalty_range=np.array([0.0, np.inf, 0.0, np.inf]),
        looks=np.zeros(3, dtype=np.int64),
        blink=np.full(1, 1 << 40),
        found=np.zeros(3, dtype=np.int64),
        source=new_source(seed),
    )
