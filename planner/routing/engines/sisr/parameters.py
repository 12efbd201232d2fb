"""What the search is tuned by, in one place; a search may be given others (see `planner.routing.engines.sisr.chains_of`)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.units import FloatArray


def _sort_shares() -> FloatArray:
    return np.cumsum(np.array([0.30, 0.25, 0.15, 0.08, 0.10, 0.06, 0.06]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameters(ByReference):
    """The figures of a search; kernels read them where they stand, so that another value compiles nothing.

    ``removed_on_average``, ``longest_string``, ``split_share`` and ``blink_share`` have the values that Christiaens & Vanden
    Berghe (2020) propose; all other values are the planner's own.

    Ruin: so many stops are removed on average, in strings of at most ``longest_string``. In the share ``split_share`` of the
    strings some stops in their middle are kept, one more with the probability ``split_growth`` each. In the share
    ``whole_route_share`` of the steps a short route is removed whole. Each stop knows ``neighbours`` nearest stops, around
    which strings are removed.

    Recreate: a place is overlooked with the probability ``blink_share``. Routes are tried that hold one of the ``near``
    nearest stops, or, in the share ``all_routes_share`` of the steps, all routes. ``sort_shares`` are the running totals of
    the shares of the orders of insertion: random, largest first, farthest, nearest, tightest window, earliest opening,
    latest closing.

    2-opt* (where a place is judged in constant time): ``two_opt_star_share`` of the proposals exchange the ends of two
    routes; the end that comes over begins with one of the ``two_opt_star_near`` nearest stops.

    Annealing: the temperature falls from ``hot`` to ``cold``, in mean costs of a leg, and from ``warm`` where given routes,
    which a hot search would take apart, are begun from. ``steps_a_call`` are made between two looks at the clock, and
    between two chances to interrupt.

    Fleet minimisation: at most the share ``fleet_share`` of the budget goes into it, ``fleet_try_share`` into each vehicle;
    where a vehicle costs more than all driving, ``vehicles_first_share`` takes the place of both, unless that is 0.
    """

    removed_on_average: int = 10
    longest_string: int = 10
    split_share: float = 0.5
    split_growth: float = 0.2
    whole_route_share: float
    neighbours: int = 200
    blink_share: float = 0.01
    near: int = 30
    all_routes_share: float = 0.2
    sort_shares: FloatArray = field(default_factory=_sort_shares)
    two_opt_star_share: float = 0.2
    two_opt_star_near: int = 20
    hot: float = 1.0
    cold: float = 0.03
    warm: float = 0.2
    steps_a_call: int
    fleet_share: float
    fleet_try_share: float
    vehicles_first_share: float


CONSTANT_TIME = Parameters(
    whole_route_share=0.01, steps_a_call=500, fleet_share=0.15, fleet_try_share=0.05, vehicles_first_share=0.0
)
"""Where a place is judged in constant time."""
SIMULATED = Parameters(
    whole_route_share=0.03, steps_a_call=20, fleet_share=0.3, fleet_try_share=0.1, vehicles_first_share=0.5
)
"""Where it is judged by what is noted of a route, and by driving it: a step takes longer, so that fewer are made a
call, whole routes go more often, and fleet minimisation has more of the budget."""
