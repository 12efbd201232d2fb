"""Order the stops of all routes with OR-Tools: cheapest insertion, then guided local search.

Arc costs are metres and seconds of driving, the span of the time dimension costs the hours on duty; what may not be is
held by the constraint solver underneath (Voudouris & Tsang 1999 for the search).
"""

from __future__ import annotations

from planner.routing.engines.task import SearchTask
from planner.routing.features import Feature
from planner.routing.timing import FleetSteps

KNOWS = frozenset(Feature) - {Feature.DRIVING_RULE, Feature.SPEED_OF_DAY, Feature.BALANCE, Feature.BREAK_LOADS}
"""What this engine models. Not always to the optimum of the model: a break that is not ``always`` due is taken whenever the
route ends after its last window, even if a later start would avoid it; setup before a stop is counted in any case where
vehicles take breaks."""


def order_stops(task: SearchTask) -> FleetSteps:
    """Return (vehicle type, steps in order) for each vehicle; stops in no list are left out.

    Vehicles that stay at home have no entry, but an empty one where the problem calls vehicles by name. ``iterations``
    limits the number of solutions that the search accepts, which is repeatable; where it accepts no more, it ends. OR-Tools
    knows wall-clock time only: ``cpu_seconds`` are taken as such, which is the same for its one thread on a core of its own.
    ``seed`` is stated by the plan; this engine's search has no random choice. It begins from
    ``start`` if it can take it: its times are coarser than those of a plan.
    """
    from planner.routing.engines.ortools import search  # OR-Tools takes a moment to load

    return search.order_stops(task)
