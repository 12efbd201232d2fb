"""What the easiest conceivable route by a stop, or by a pair, breaks: no other route could do better."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import permutations, product

from planner.routing.check.drive_time import fastest, first_within, on_the_road, rests_of
from planner.routing.check.nearest_way import NearestWay, nearest
from planner.routing.check.vehicle_fit import holds
from planner.routing.problem import RoutingProblem
from planner.routing.solution import UnassignedReason
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType

_Slip = tuple[Break, str]


def limits_broken(problem: RoutingProblem, near: NearestWay, stop: Stop, by: float) -> Iterator[UnassignedReason]:
    """Yield what the easiest conceivable route of the type by this stop breaks."""
    kind, fastest_factor = near.kind, fastest(problem)
    stay_s = _least_stay(problem, kind, stop)
    driving_s = (near.there_s + near.back_s) / fastest_factor
    serves_s = first_within(stop.windows, _first_arrival(problem, near, stop), by)
    if not math.isfinite(serves_s):
        yield UnassignedReason.WINDOW_TOO_EARLY
    rests_s = rests_of(kind, driving_s)
    ends_s = max(
        on_the_road(problem, None, serves_s + stay_s, near.back_s, 0.0)[0] if math.isfinite(serves_s) else math.inf,
        kind.shift_start_s + driving_s + rests_s + stay_s,
    )
    if ends_s > kind.shift_end_s + by or driving_s + rests_s + stay_s > kind.max_duration_s + by:
        yield UnassignedReason.SHIFT_TOO_SHORT
    if (
        near.there_m + near.back_m > kind.max_distance_m + by
        or driving_s > kind.max_driving_s + by
        or (kind.max_stops is not None and kind.max_stops < 1)
    ):
        yield UnassignedReason.TOO_FAR
    if kind.breaks and math.isfinite(serves_s) and not _takes_breaks(problem, near, stop, stay_s, by):
        yield UnassignedReason.BREAK


def _first_arrival(problem: RoutingProblem, near: NearestWay, stop: Stop) -> float:
    kind = near.kind
    begins_s, driving_s = kind.shift_start_s, near.there_s / fastest(problem)
    arrivals = [on_the_road(problem, None, begins_s, near.there_s, 0.0)[0]]
    arrivals.append(begins_s + driving_s + rests_of(kind, driving_s))
    if stop.release_s > 0:
        leaves_s = stop.release_s if kind.max_reloads else max(begins_s, stop.release_s)
        arrivals.append(on_the_road(problem, None, leaves_s, near.loaded_s, 0.0)[0])
    return max(arrivals)


def _least_stay(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> float:
    """Return service, and setup if nobody can come to the stop from where it is."""
    others = {other.place for other in problem.stops if other.id != stop.id}
    others |= set() if kind.open_start else {kind.depot_id}
    others |= set(kind.reload_depot_ids) if kind.max_reloads else set()
    return stop.service_duration_s + (0.0 if stop.place in others else stop.setup_duration_s)


def _takes_breaks(problem: RoutingProblem, near: NearestWay, stop: Stop, stay_s: float, by: float) -> bool:
    """Return whether some order of the stop and the breaks holds; who drives does so whenever it does not stand.

    A break that is not due is left out: the route ends before its last hour, or begins after that.
    """
    kind = near.kind
    if len(kind.breaks) > 4:
        return True
    choices = [("taken",) if one.always else ("taken", "ends before", "starts after") for one in kind.breaks]
    for chosen in product(*choices):
        slips = list(zip(kind.breaks, chosen, strict=True))
        steps: list[Stop | Break] = [stop, *(one for one, slip in slips if slip == "taken")]
        for order in permutations(steps):
            if _light_enough(problem, kind, order, stop) and _order_holds(problem, near, order, slips, stay_s, by):
                return True
    return False


def _light_enough(problem: RoutingProblem, kind: VehicleType, order: Sequence[Stop | Break], stop: Stop) -> bool:
    """Return whether what is on board for the stop before it, and from it afterwards, lets the breaks of this order be."""
    if kind.max_reloads or any(stop.id in (pair.pickup_id, pair.delivery_id) for pair in problem.pairs):
        return True
    served = order.index(stop)
    return all(
        not one.max_load
        or all(a <= m for a, m in zip(stop.delivery if k < served else stop.pickup, one.max_load, strict=True))
        for k, one in enumerate(order)
        if isinstance(one, Break)
    )


def _order_holds(
    problem: RoutingProblem,
    near: NearestWay,
    order: Sequence[Stop | Break],
    slips: Sequence[_Slip],
    stay_s: float,
    by: float,
) -> bool:
    kind, fastest_factor = near.kind, fastest(problem)
    clock = max([kind.shift_start_s, *(one.windows[-1][1] for one, slip in slips if slip == "starts after")])
    to_drive, stands = near.there_s / fastest_factor, 0.0
    for one in order:
        if isinstance(one, Stop):
            arrives = max(clock + to_drive, _first_arrival(problem, near, one))
            serves = first_within(one.windows, arrives, by)
            clock, to_drive, stands = serves + stay_s, near.back_s / fastest_factor, stands + stay_s
        else:
            begins = first_within(one.windows, clock, by)
            to_drive = max(0.0, to_drive - (begins - clock)) if math.isfinite(begins) else to_drive
            clock, stands = begins + one.duration_s, stands + one.duration_s
        if not math.isfinite(clock):
            return False
    ends = clock + to_drive
    early = all(ends <= one.windows[-1][1] + by for one, slip in slips if slip == "ends before")
    lasts = stands + (near.there_s + near.back_s) / fastest_factor
    return early and ends <= kind.shift_end_s + by and lasts <= kind.max_duration_s + by


def keeps_apart(problem: RoutingProblem, kind: VehicleType, first: Stop, second: Stop, by: float) -> bool:
    """Return whether the type is proven to take nothing from the first stop to the second."""
    near, then = NearestWay.of(problem, kind, first), NearestWay.of(problem, kind, second)
    for one, stop in ((near, first), (then, second)):
        if not (one.reached and holds(kind, stop)) or any(limits_broken(problem, one, stop, by)):
            return True
    between_s, between_m = nearest(problem, kind, first.place, [second.place], backward=False)
    driving_s = (near.there_s + between_s + then.back_s) / fastest(problem)
    if not math.isfinite(driving_s) or (kind.max_stops is not None and kind.max_stops < 2):
        return True
    metres = near.there_m + between_m + then.back_m
    if metres > kind.max_distance_m + by or driving_s > kind.max_driving_s + by:
        return True
    stays = [_least_stay(problem, kind, stop) for stop in (first, second)]
    serves = first_within(first.windows, _first_arrival(problem, near, first), by)
    arrives = on_the_road(problem, None, serves + stays[0], between_s, 0.0)[0] if math.isfinite(serves) else math.inf
    serves = first_within(second.windows, max(arrives, _first_arrival(problem, then, second)), by)
    if not math.isfinite(serves):
        return True
    ends = on_the_road(problem, None, serves + stays[1], then.back_s, 0.0)[0]
    lasts = driving_s + sum(stays) + rests_of(kind, driving_s)
    return ends > kind.shift_end_s + by or lasts > kind.max_duration_s + by
