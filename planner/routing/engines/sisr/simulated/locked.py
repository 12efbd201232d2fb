"""How routes with locked stops begin: in their order, with the windows and reloads that make it possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from planner.errors import BadDataError, Message
from planner.routing.engines.crews import Crew
from planner.routing.engines.sisr.arrays import NEVER
from planner.routing.engines.sisr.simulated.arrays import Search, World
from planner.routing.engines.sisr.simulated.recreate import look_and_price
from planner.routing.engines.sisr.simulated.routes import give
from planner.routing.stops import Stop


def put_locked(stops: Sequence[Stop], crews: Sequence[Crew], world: World, search: Search) -> None:
    """Begin the routes of vehicles that have locked stops, with reloads where they need them.

    Raises
    ------
    BadDataError
        If locked stops cannot be driven as they are locked.
    """
    node = {stop.id: v for v, stop in enumerate(stops)}
    faults = []
    for kind, crew in enumerate(crews):
        if not crew.locked:
            continue
        slot = int(world.fleet.first_slot[kind])
        lacking = [id_ for id_ in crew.locked if id_ not in node]
        if lacking:
            faults.append(
                Message("{vehicle}: no vehicle can serve {lacking}", vehicle=crew.vehicle_ids[0], lacking=lacking)
            )
            continue
        order = [node[id_] for id_ in crew.locked]
        if not _give_with_reloads(world, search, slot, order, int(world.fleet.max_reloads[kind])):
            faults.append(
                Message("{vehicle} cannot drive {stops} in this order", vehicle=crew.vehicle_ids[0], stops=crew.locked)
            )
    if faults:
        raise BadDataError(Message("locks: free these stops, or change what stands against them"), faults)


def _give_with_reloads(world: World, search: Search, slot: int, order: list[int], reloads: int) -> bool:
    """Give the slot the order, with as few reloads put in as make it possible; return whether that was found."""
    give(world, search.routes, slot, np.array(order, dtype=np.int64), len(order), 0.0)
    windows = world.demands.windows
    stops = [v for v in order if v < world.demands.stops]
    for choice in product(*(range(int(windows[v])) for v in stops)):
        search.routes.window[stops] = choice
        if look_and_price(world, search, slot) < NEVER:
            return True
    if reloads == 0:
        return False
    return any(
        _give_with_reloads(world, search, slot, [*order[:i], depot, *order[i:]], reloads - 1)
        for i in range(1, len(order))
        for depot in range(world.demands.stops, len(world.demands.place))
    )
