"""Order the stops of all routes with PyVRP, if it is installed: iterated local search over all routes at once.

PyVRP (Wouda, Lan & Kool 2024) accepts late (Burke & Bykov 2017) and lets routes break loads, windows and lengths at a price
that it adapts. Its settings are its own. What it is told is made by `planner.routing.engines.pyvrp.scaled`: costs are exact
to a fen, so that what it finds costs what `planner.routing.check` works out.
"""

from __future__ import annotations

import importlib.util
import math

from planner.errors import Message, MissingExtraError
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.task import SearchTask
from planner.routing.features import OF_LEGS_AND_FLEET, Feature
from planner.routing.problem import RoutingProblem

KNOWS = OF_LEGS_AND_FLEET | {Feature.PAIRS, Feature.RELOADS, Feature.RELEASES}
"""What this engine models, but for what `lacks` names."""


def lacks(problem: RoutingProblem) -> tuple[Message, ...]:
    """Return in words what the problem asks and PyVRP cannot hold, beyond the features that are not in `KNOWS`."""
    kinds, stops = problem.vehicle_types, problem.stops
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    few_stops = any(kind.max_stops is not None for kind in kinds)
    reloads = any(kind.max_reloads for kind in kinds)
    metered = [kind for kind in kinds if math.isfinite(kind.max_distance_m)]
    there = {
        Message("limits on driving times"): any(math.isfinite(kind.max_driving_s) for kind in kinds),
        Message("limits on stops with pairs or reloads"): few_stops and (bool(paired) or reloads),
        Message("limits on metres of vehicles that pay for driving times"): any(
            k.cost_per_driving_hour_yuan for k in metered
        ),
        Message("setup times in shared places"): any(stop.setup_duration_s for stop in stops)
        and any(s.location_id for s in stops),
        Message("pairs with reloads"): bool(paired) and reloads,
        # a vehicle may load what is there while it waits for the rest; PyVRP begins to load when all is there
        Message("releases with reloads that take time"): any(stop.release_s for stop in stops)
        and any(kind.max_reloads and kind.reload_duration_s for kind in kinds),
        Message("several windows of a stop in a pair"): any(
            stop.id in paired and stop.further_windows for stop in stops
        ),
    }
    return tuple(what for what, asked in there.items() if asked)


def installed() -> bool:
    """Return whether the package is there."""
    return importlib.util.find_spec("pyvrp") is not None


def chain_of(task: SearchTask) -> Chain:
    """Return a search, ready to run; its routes have the reloads that they take, stops in none are left out.

    A stop with several windows is returned with the one it is to be served in. ``iterations`` are PyVRP's own; with them
    alone the same seed gives the same routes on every run.

    Raises
    ------
    MissingExtraError
        If PyVRP is not installed.
    """
    if not installed():
        raise MissingExtraError(
            Message(
                "engine 'pyvrp' needs the package pyvrp: install it with pip install 'rural-service-planner[pyvrp]'"
            )
        )
    from planner.routing.engines.pyvrp.search import PyvrpChain  # needs the package

    return PyvrpChain(task)
