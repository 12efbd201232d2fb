"""The search: ruin and recreate under simulated annealing, from an insertion of all stops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.routing.engines.ruin_recreate.arrays import (
    Rounds,
    Scratch,
    Undo,
    World,
    empty_rounds,
    empty_scratch,
    empty_undo,
)
from planner.routing.engines.ruin_recreate.draws import WordArray, draw, draw_below, new_source
from planner.routing.engines.ruin_recreate.kernel import kernel
from planner.routing.engines.ruin_recreate.recreate import recreate
from planner.routing.engines.ruin_recreate.retype import retype_touched
from planner.routing.engines.ruin_recreate.rounds import cost_change, forget, join, refresh, restore
from planner.routing.engines.ruin_recreate.ruin import ruin
from planner.units import FloatArray, IntArray


class Best(NamedTuple):
    """The best rounds seen: followers by node, what they cost, and the cost of the current ones."""

    next: IntArray
    cost: FloatArray
    current: FloatArray


class Search(NamedTuple):
    """Everything one search changes; ``absent[: absent_count[0]]`` are the stops on no round."""

    rounds: Rounds
    undo: Undo
    scratch: Scratch
    best: Best
    absent: IntArray
    absent_count: IntArray
    source: WordArray


def new_search(world: World, seed: int) -> Search:
    """Return a search whose rounds hold every stop that an insertion one by one finds room for."""
    stops = np.arange(world.demands.first_stop, len(world.demands.opens))
    rounds = empty_rounds(world)
    search = Search(
        rounds=rounds,
        undo=empty_undo(world),
        scratch=empty_scratch(world),
        best=Best(next=rounds.next.copy(), cost=np.full(1, np.inf), current=np.zeros(1)),
        absent=stops.copy(),
        absent_count=np.full(1, len(stops), dtype=np.int64),
        source=new_source(seed),
    )
    _begin(world, search, _cheapest_opening(world, search))
    return search


def _cheapest_opening(world: World, search: Search) -> int:
    """Return the kind of vehicle that, filled before all others, gives the cheapest first rounds; -1 for no preference.

    One by one, insertion opens small vehicles where few large ones would do, and strings of ten stops never undo that.
    """
    kinds = len(world.fleet.capacity)
    if kinds == 1:
        return -1
    costs = {}
    for kind in range(-1, kinds):
        _begin(world, search, kind)
        costs[kind] = float(search.best.current[0])
    return min(costs, key=lambda kind: (costs[kind], kind))


@kernel
def _begin(world: World, search: Search, preferred: int) -> None:
    """Insert all stops, into vehicles of the preferred kind first, and take the result as current and best."""
    rounds, undo, absent = search.rounds, search.undo, search.absent
    slots, places = len(rounds.slot_size), len(world.demands.opens)
    for slot in range(slots):
        join(world, rounds, places + slot, places + slots + slot)
        rounds.slot_size[slot] = 0
        refresh(world, rounds, slot)
    left = places - world.demands.first_stop
    for i in range(left):
        absent[i] = world.demands.first_stop + i
        rounds.slot[absent[i]] = -1
    if preferred >= 0:
        search.scratch.only_kind[0] = preferred
        left = recreate(world, rounds, undo, absent, left, search.scratch, search.source)
    search.scratch.only_kind[0] = -1
    left = recreate(world, rounds, undo, absent, left, search.scratch, search.source)
    search.absent_count[0] = left
    forget(undo)
    search.best.current[0] = _total(world, search)
    _keep_best(search)


@kernel
def _total(world: World, search: Search) -> float:
    total = search.rounds.slot_cost.sum()
    for i in range(search.absent_count[0]):
        total += world.demands.penalty[search.absent[i]]
    return float(total)


@kernel
def _copy(target: IntArray, values: IntArray, count: int) -> None:
    """Copy the first values; a slice assignment would allocate."""
    for i in range(count):
        target[i] = values[i]


@kernel
def _keep_best(search: Search) -> None:
    search.best.cost[0] = search.best.current[0]
    _copy(search.best.next, search.rounds.next, len(search.rounds.next))


@kernel
def anneal(world: World, search: Search, temperature: float, cooling: float, steps: int) -> None:
    """Ruin and recreate ``steps`` times, the temperature falling by the factor ``cooling`` at each."""
    rounds, undo, best = search.rounds, search.undo, search.best
    pending, source = search.scratch.pending, search.source
    first_stop = world.demands.first_stop
    stops = len(world.demands.opens) - first_stop
    best.current[0] = _total(world, search)  # so that rounding errors do not gather over the steps
    for _ in range(steps):
        absent = search.absent_count[0]
        _copy(pending, search.absent, absent)
        seed_stop = first_stop + draw_below(source, stops)
        count = ruin(world, rounds, undo, pending, absent, seed_stop, source)
        left = recreate(world, rounds, undo, pending, count, search.scratch, source)
        if len(world.fleet.capacity) > 1:
            retype_touched(world, rounds, undo, source)
        change = cost_change(rounds, undo)
        for i in range(left):
            change += world.demands.penalty[pending[i]]
        for i in range(absent):
            change -= world.demands.penalty[search.absent[i]]
        if change < -temperature * np.log(draw(source) + 1e-18):
            forget(undo)
            _copy(search.absent, pending, left)
            search.absent_count[0] = left
            best.current[0] += change
            if best.current[0] < best.cost[0] - 1e-9:
                _keep_best(search)
        else:
            for i in range(absent):
                rounds.slot[search.absent[i]] = -1
            restore(world, rounds, undo)
        temperature *= cooling
