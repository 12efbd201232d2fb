"""Whether the reason why a stop is on no route is true, worked out again from the problem alone.

That a stop is on no route whatever is granted only if a vehicle that drives by the nearest way over all others, and has
nothing else to do, cannot serve it. Whether it is served alone only tells the reasons apart that claim no proof.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.routing.check.easiest_route import keeps_apart, limits_broken
from planner.routing.check.nearest_way import NearestWay
from planner.routing.check.served_alone import brings, fits_alone
from planner.routing.check.vehicle_fit import comes, holds, one_vehicle
from planner.routing.problem import RoutingProblem
from planner.routing.solution import UnassignedReason
from planner.routing.stops import Stop

_GRANTED, _CERTAIN = 1e-7, 1e-5
"""By how much a limit has to be broken for a proof to be granted, and for one that claims none to be wrong."""


def true_reasons(problem: RoutingProblem, stop: Stop) -> set[UnassignedReason]:
    """Return every reason that is proven of the stop, or if none is why it was left: skipped, no room, no route found.

    A stop of a pair is looked at with its partner: what forbids either forbids both, and so does what forbids the pair.
    """
    partners = {pair.pickup_id: pair.delivery_id for pair in problem.pairs}
    partners |= {second: first for first, second in partners.items()}
    partner = next((other for other in problem.stops if other.id == partners.get(stop.id)), None)
    members = [stop] if partner is None else [stop, partner]
    if partner is not None and stop.id not in {pair.pickup_id for pair in problem.pairs}:
        members.reverse()
    granted, certain = (_proven(problem, members, by) for by in (_GRANTED, _CERTAIN))
    if certain - {UnassignedReason.BREAK}:
        return granted
    return granted | _unproven(problem, members, stop)


def _unproven(problem: RoutingProblem, members: Sequence[Stop], stop: Stop) -> set[UnassignedReason]:
    """Return why a stop may have been left of which nothing is proven."""
    if math.isfinite(stop.skip_cost_yuan):
        return {UnassignedReason.SKIPPED}
    kinds = problem.vehicle_types
    weak = {UnassignedReason.FLEET_USED_UP, UnassignedReason.NO_ROUTE_FOUND}
    if problem.locks or any(kind.breaks or kind.driving_rule is not None for kind in kinds) or problem.speed_of_day:
        return weak  # whether it fits alone depends on the hour
    if len(members) == 1:
        fits = any(fits_alone(problem, kind, stop) for kind in kinds)
    else:
        fits = any(brings(problem, kind, *members) for kind in kinds)
    return {UnassignedReason.FLEET_USED_UP if fits else UnassignedReason.NO_ROUTE_FOUND}


def _proven(problem: RoutingProblem, members: Sequence[Stop], by: float) -> set[UnassignedReason]:
    """Return every reason for which no route holds the stop or pair, each limit being broken by more than ``by``."""
    found: set[UnassignedReason] = set()
    for stop in members:
        found |= _never(problem, stop, by)
    if not found and len(members) == 2:
        first, second = members
        kinds = [kind for kind in problem.vehicle_types if one_vehicle(kind, first, second)]
        if all(keeps_apart(problem, kind, first, second, by) for kind in kinds):
            found = {UnassignedReason.NOT_TOGETHER}
    return found


def _never(problem: RoutingProblem, stop: Stop, by: float) -> set[UnassignedReason]:
    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return {UnassignedReason.NO_SKILL}
    wanted = [kind for kind in skilled if comes(stop, kind)]
    if not wanted:
        return {UnassignedReason.NOT_ALLOWED}
    in_reach = [one for one in (NearestWay.of(problem, kind, stop) for kind in wanted) if one.reached]
    if not in_reach:
        return {UnassignedReason.UNREACHABLE}
    fitting = [one for one in in_reach if holds(one.kind, stop)]
    if not fitting:
        return {UnassignedReason.TOO_LARGE}
    against = [set(limits_broken(problem, one, stop, by)) for one in fitting]
    if not all(against):
        return set()
    return set.intersection(*against) or set.union(*against)
