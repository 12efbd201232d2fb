"""Whether the reason why a stop is on no route is true, worked out again from the problem alone.

That a stop is on no route whatever is granted only if a vehicle that drives by the nearest way over all others, and has
nothing else to do, cannot serve it. Whether it is served alone only tells the reasons apart that claim no proof.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations, product

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.solution import UnassignedReason
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType
from planner.units import FloatArray

_SLACK_S = 1e-6
"""What sums of times in another order may differ by."""
_GRANTED, _CERTAIN = 1e-7, 1e-5
"""By how much a limit has to be broken for a proof to be granted, and for one that claims none to be wrong."""
_WINDOW = UnassignedReason.WINDOW_TOO_EARLY
_Slip = tuple[Break, str]


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
        fits = any(_fits_alone(problem, kind, stop) for kind in kinds)
    else:
        fits = any(_brings(problem, kind, *members) for kind in kinds)
    return {UnassignedReason.FLEET_USED_UP if fits else UnassignedReason.NO_ROUTE_FOUND}


def _fits_alone(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> bool:
    there_s, back_s = _way(problem, kind, stop)
    if not (math.isfinite(there_s + back_s) and _comes(stop, kind) and _holds(kind, stop)):
        return False
    in_time = any(_route_fits(problem, kind, stop, window, there_s, back_s) for window in stop.windows)
    return in_time and _within_limits(problem, kind, stop)


# -- proofs


def _proven(problem: RoutingProblem, members: Sequence[Stop], by: float) -> set[UnassignedReason]:
    """Return every reason for which no route holds the stop or pair, each limit being broken by more than ``by``."""
    found: set[UnassignedReason] = set()
    for stop in members:
        found |= _never(problem, stop, by)
    if not found and len(members) == 2:
        first, second = members
        kinds = [kind for kind in problem.vehicle_types if _one_vehicle(kind, first, second)]
        if all(_keeps_apart(problem, kind, first, second, by) for kind in kinds):
            found = {UnassignedReason.NOT_TOGETHER}
    return found


def _comes(stop: Stop, kind: VehicleType) -> bool:
    return set(stop.needs) <= set(kind.skills) and any(_may(stop, kind, id_) for id_ in kind.vehicle_ids())


def _one_vehicle(kind: VehicleType, first: Stop, second: Stop) -> bool:
    skilled = {*first.needs, *second.needs} <= {*kind.skills}
    return skilled and any(_may(first, kind, id_) and _may(second, kind, id_) for id_ in kind.vehicle_ids())


def _never(problem: RoutingProblem, stop: Stop, by: float) -> set[UnassignedReason]:
    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return {UnassignedReason.NO_SKILL}
    wanted = [kind for kind in skilled if _comes(stop, kind)]
    if not wanted:
        return {UnassignedReason.NOT_ALLOWED}
    in_reach = [one for one in (_Nearest.of(problem, kind, stop) for kind in wanted) if one.reached]
    if not in_reach:
        return {UnassignedReason.UNREACHABLE}
    fitting = [one for one in in_reach if _holds(one.kind, stop)]
    if not fitting:
        return {UnassignedReason.TOO_LARGE}
    against = [set(_limits_broken(problem, one, stop, by)) for one in fitting]
    if not all(against):
        return set()
    return set.intersection(*against) or set.union(*against)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nearest:
    """The nearest way over all that a type of vehicle may pass: seconds at normal speed and metres, there and back."""

    kind: VehicleType
    there_s: float
    loaded_s: float
    back_s: float
    there_m: float
    back_m: float

    @property
    def reached(self) -> bool:
        """Return whether there is a way there and back."""
        return math.isfinite(self.there_s) and math.isfinite(self.back_s)

    @classmethod
    def of(cls, problem: RoutingProblem, kind: VehicleType, stop: Stop) -> _Nearest:
        """Return the ways of the stop."""
        start, end = [] if kind.open_start else [kind.depot_id], [] if kind.open_end else [kind.end_id]
        loads = [*start, *kind.reload_depot_ids] if start and kind.max_reloads else start
        there_s, there_m = _nearest(problem, kind, stop.place, start, backward=True)
        back_s, back_m = _nearest(problem, kind, stop.place, end, backward=False)
        loaded_s, _ = _nearest(problem, kind, stop.place, loads, backward=True)
        return cls(kind=kind, there_s=there_s, loaded_s=loaded_s, back_s=back_s, there_m=there_m, back_m=back_m)


def _nearest(
    problem: RoutingProblem, kind: VehicleType, place: str, ends: Sequence[str], *, backward: bool
) -> tuple[float, float]:
    """Return the least seconds and metres between a place and the nearest of these, by Dijkstra from the place."""
    if not ends:
        return 0.0, 0.0
    travel = problem.travel_of(kind)
    passed = {stop.place for stop in problem.stops if _comes(stop, kind)} - {place}
    passed |= set(kind.reload_depot_ids) if kind.max_reloads else set()
    places = [place, *sorted(passed - {place}), *(id_ for id_ in dict.fromkeys(ends) if id_ not in passed | {place})]
    rows = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    columns = {id_: i for i, id_ in enumerate(travel.destination_ids)}
    at = np.ix_([rows[id_] for id_ in places], [columns[id_] for id_ in places])
    seconds, metres = travel.durations_s[at], travel.distances_m[at]
    metres = np.where(np.isfinite(seconds), metres, np.inf)
    through = np.array([id_ in passed for id_ in places])
    reach = [_dijkstra(table.T if backward else table, through) for table in (seconds, metres)]
    found = [min(float(lengths[places.index(id_)]) for id_ in ends) for lengths in reach]
    return found[0] / kind.speed_factor, found[1]


def _dijkstra(legs: FloatArray, through: np.ndarray) -> FloatArray:
    """Return the length of the shortest path from the first row to each; only ``through`` rows are passed."""
    lengths = np.full(len(legs), np.inf)
    lengths[0], open_rows = 0.0, np.ones(len(legs), dtype=np.bool_)
    while True:
        row = int(np.argmin(np.where(open_rows, lengths, np.inf)))
        if not open_rows[row] or not math.isfinite(lengths[row]):
            return lengths
        open_rows[row] = False
        if row == 0 or through[row]:
            np.minimum(lengths, lengths[row] + legs[row], out=lengths, where=open_rows)


def _limits_broken(problem: RoutingProblem, near: _Nearest, stop: Stop, by: float) -> Iterator[UnassignedReason]:
    """Yield what the easiest conceivable route of the type by this stop breaks."""
    kind, fastest_factor = near.kind, _fastest(problem)
    stay_s = _least_stay(problem, kind, stop)
    driving_s = (near.there_s + near.back_s) / fastest_factor
    serves_s = _first_within(stop.windows, _first_arrival(problem, near, stop), by)
    if not math.isfinite(serves_s):
        yield _WINDOW
    rests_s = _rests(kind, driving_s)
    ends_s = max(
        _on_the_road(problem, None, serves_s + stay_s, near.back_s, 0.0)[0] if math.isfinite(serves_s) else math.inf,
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


def _first_arrival(problem: RoutingProblem, near: _Nearest, stop: Stop) -> float:
    kind = near.kind
    begins_s, driving_s = kind.shift_start_s, near.there_s / _fastest(problem)
    arrivals = [_on_the_road(problem, None, begins_s, near.there_s, 0.0)[0]]
    arrivals.append(begins_s + driving_s + _rests(kind, driving_s))
    if stop.release_s > 0:
        leaves_s = stop.release_s if kind.max_reloads else max(begins_s, stop.release_s)
        arrivals.append(_on_the_road(problem, None, leaves_s, near.loaded_s, 0.0)[0])
    return max(arrivals)


def _rests(kind: VehicleType, driving_s: float) -> float:
    """Return the seconds of rest without which nobody drives so long."""
    rule, rests = kind.driving_rule, 0
    if rule is None or rule.driving_s <= 0:
        return 0.0
    while driving_s > rule.driving_s * (1 + 1e-9) + _SLACK_S and rests < 10_000:
        driving_s, rests = driving_s - rule.driving_s, rests + 1
    return rests * rule.rest_s


def _least_stay(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> float:
    """Return service, and setup if nobody can come to the stop from where it is."""
    others = {other.place for other in problem.stops if other.id != stop.id}
    others |= set() if kind.open_start else {kind.depot_id}
    others |= set(kind.reload_depot_ids) if kind.max_reloads else set()
    return stop.service_duration_s + (0.0 if stop.place in others else stop.setup_duration_s)


def _first_within(windows: Sequence[tuple[float, float]], clock_s: float, by: float = _SLACK_S) -> float:
    later = [max(opens, clock_s) for opens, closes in windows if clock_s <= closes + by]
    return min(later, default=math.inf)


def _takes_breaks(problem: RoutingProblem, near: _Nearest, stop: Stop, stay_s: float, by: float) -> bool:
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
    near: _Nearest,
    order: Sequence[Stop | Break],
    slips: Sequence[_Slip],
    stay_s: float,
    by: float,
) -> bool:
    kind, fastest_factor = near.kind, _fastest(problem)
    clock = max([kind.shift_start_s, *(one.windows[-1][1] for one, slip in slips if slip == "starts after")])
    to_drive, stands = near.there_s / fastest_factor, 0.0
    for one in order:
        if isinstance(one, Stop):
            arrives = max(clock + to_drive, _first_arrival(problem, near, one))
            serves = _first_within(one.windows, arrives, by)
            clock, to_drive, stands = serves + stay_s, near.back_s / fastest_factor, stands + stay_s
        else:
            begins = _first_within(one.windows, clock, by)
            to_drive = max(0.0, to_drive - (begins - clock)) if math.isfinite(begins) else to_drive
            clock, stands = begins + one.duration_s, stands + one.duration_s
        if not math.isfinite(clock):
            return False
    ends = clock + to_drive
    early = all(ends <= one.windows[-1][1] + by for one, slip in slips if slip == "ends before")
    lasts = stands + (near.there_s + near.back_s) / fastest_factor
    return early and ends <= kind.shift_end_s + by and lasts <= kind.max_duration_s + by


def _keeps_apart(problem: RoutingProblem, kind: VehicleType, first: Stop, second: Stop, by: float) -> bool:
    """Return whether the type is proven to take nothing from the first stop to the second."""
    near, then = _Nearest.of(problem, kind, first), _Nearest.of(problem, kind, second)
    for one, stop in ((near, first), (then, second)):
        if not (one.reached and _holds(kind, stop)) or any(_limits_broken(problem, one, stop, by)):
            return True
    between_s, between_m = _nearest(problem, kind, first.place, [second.place], backward=False)
    driving_s = (near.there_s + between_s + then.back_s) / _fastest(problem)
    if not math.isfinite(driving_s) or (kind.max_stops is not None and kind.max_stops < 2):
        return True
    metres = near.there_m + between_m + then.back_m
    if metres > kind.max_distance_m + by or driving_s > kind.max_driving_s + by:
        return True
    stays = [_least_stay(problem, kind, stop) for stop in (first, second)]
    serves = _first_within(first.windows, _first_arrival(problem, near, first), by)
    arrives = _on_the_road(problem, None, serves + stays[0], between_s, 0.0)[0] if math.isfinite(serves) else math.inf
    serves = _first_within(second.windows, max(arrives, _first_arrival(problem, then, second)), by)
    if not math.isfinite(serves):
        return True
    ends = _on_the_road(problem, None, serves + stays[1], then.back_s, 0.0)[0]
    lasts = driving_s + sum(stays) + _rests(kind, driving_s)
    return ends > kind.shift_end_s + by or lasts > kind.max_duration_s + by


# -- a stop or a pair alone


def _holds(kind: VehicleType, stop: Stop) -> bool:
    needs = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
    return all(down <= most and up <= most for down, up, most in needs)


def _fastest(problem: RoutingProblem) -> float:
    """Return the greatest factor on speeds over the day, at least 1."""
    return max([1.0, *(factor for _, factor in problem.speed_of_day)])


def _route_fits(
    problem: RoutingProblem,
    kind: VehicleType,
    stop: Stop,
    window: tuple[float, float],
    there_s: float,
    back_s: float,
) -> bool:
    """Return whether the route to a stop alone, back as early as can be and begun as late as that allows, fits the shift."""
    begins_s = max(kind.shift_start_s, stop.release_s)
    setup_s = 0.0 if stop.place == kind.depot_id and not kind.open_start else stop.setup_duration_s
    stay_s = setup_s + stop.service_duration_s

    def back_at(leaves_s: float) -> float:
        arrives_s, since_rest_s = _on_the_road(problem, kind, leaves_s, there_s, 0.0)
        serves_s = max(arrives_s, window[0])
        if serves_s > window[1] + _SLACK_S:
            return math.inf
        rests = kind.driving_rule is not None and serves_s - arrives_s >= kind.driving_rule.rest_s - _SLACK_S
        return _on_the_road(problem, kind, serves_s + stay_s, back_s, 0.0 if rests else since_rest_s)[0]

    ends_s = back_at(begins_s)
    if ends_s > kind.shift_end_s + _SLACK_S:
        return False
    if not problem.speed_of_day and kind.driving_rule is None:
        leaves_s = max(begins_s, window[0] - there_s)
    else:  # halved: what drives and rests by the hour has no formula
        leaves_s, high = begins_s, ends_s
        while high - leaves_s > _SLACK_S:
            middle = (leaves_s + high) / 2
            leaves_s, high = (leaves_s, middle) if back_at(middle) > ends_s + _SLACK_S else (middle, high)
    return ends_s - leaves_s <= kind.max_duration_s + 2 * _SLACK_S


def _on_the_road(
    problem: RoutingProblem, kind: VehicleType | None, clock_s: float, needed_s: float, since_rest_s: float
) -> tuple[float, float]:
    """Return arrival and seconds of driving since the last rest, driven from one change of speed or rest to the next.

    Without a type of vehicle nobody rests.
    """
    rule = None if kind is None else kind.driving_rule
    while needed_s > _SLACK_S:
        spare_s = math.inf if rule is None else rule.driving_s - since_rest_s
        if rule is not None and spare_s <= _SLACK_S:
            clock_s, since_rest_s = clock_s + rule.rest_s, 0.0
            continue
        factor = next((f for t, f in reversed(problem.speed_of_day) if t <= clock_s), 1.0)
        change_s = next((t for t, _ in problem.speed_of_day if t > clock_s), math.inf)
        drives_s = min(needed_s / factor, spare_s, change_s - clock_s)
        since_rest_s, needed_s = since_rest_s + drives_s, needed_s - drives_s * factor
        clock_s = change_s if drives_s == change_s - clock_s else clock_s + drives_s
    return clock_s, since_rest_s


def _brings(problem: RoutingProblem, kind: VehicleType, first: Stop, second: Stop) -> bool:
    """Return whether a vehicle of the type could serve the pair and nothing else, without rests or speeds of the day."""
    heavy = any(up > most for up, most in zip(first.pickup, kind.capacity, strict=True))
    if heavy or not _one_vehicle(kind, first, second) or kind.max_stops in (0, 1):
        return False
    places = ["" if kind.open_start else kind.depot_id, first.place, second.place, "" if kind.open_end else kind.end_id]
    legs = [_leg(problem, kind, origin, destination) for origin, destination in pairwise(places)]
    seconds, metres = zip(*legs, strict=True)
    if not (sum(seconds) <= kind.max_driving_s and sum(metres) <= kind.max_distance_m):
        return False
    stays = [
        stop.service_duration_s + (stop.setup_duration_s if before != stop.place else 0.0)
        for before, stop in zip(places, (first, second), strict=False)
    ]
    return any(_pair_fits(kind, seconds, stays, window, later) for window in first.windows for later in second.windows)


def _leg(problem: RoutingProblem, kind: VehicleType, origin: str, destination: str) -> tuple[float, float]:
    """Return seconds at normal speed and metres between two places, nothing where one is open or both are the same."""
    if not (origin and destination) or origin == destination:
        return 0.0, 0.0
    travel = problem.travel_of(kind)
    at = travel.origin_ids.index(origin), travel.destination_ids.index(destination)
    return float(travel.durations_s[at]) / kind.speed_factor, float(travel.distances_m[at])


def _pair_fits(
    kind: VehicleType,
    legs_s: Sequence[float],
    stays_s: Sequence[float],
    window: tuple[float, float],
    later: tuple[float, float],
) -> bool:
    """Return whether a pair is served within these windows, in the shift, begun as late as that allows."""
    begins = max(kind.shift_start_s + legs_s[0], window[0])
    then = max(begins + stays_s[0] + legs_s[1], later[0])
    ends = then + stays_s[1] + legs_s[2]
    leaves = min(window[1], then - legs_s[1] - stays_s[0]) - legs_s[0]
    in_time = begins <= window[1] + _SLACK_S and then <= later[1] + _SLACK_S
    return in_time and ends <= kind.shift_end_s + _SLACK_S and ends - leaves <= kind.max_duration_s + _SLACK_S


def _may(stop: Stop, kind: VehicleType, vehicle_id: str) -> bool:
    names = {kind.id, vehicle_id}
    return (not stop.only_vehicles or bool(names & set(stop.only_vehicles))) and not names & set(stop.not_vehicles)


def _way(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> tuple[float, float]:
    """Return the seconds there and back for a vehicle that serves the stop alone, at normal speed."""
    there, back = _there_and_back(problem, kind, stop)
    return there[0], back[0]


def _there_and_back(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> tuple[tuple[float, float], ...]:
    start, end = "" if kind.open_start else kind.depot_id, "" if kind.open_end else kind.end_id
    return _leg(problem, kind, start, stop.place), _leg(problem, kind, stop.place, end)


def _within_limits(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> bool:
    there, back = _there_and_back(problem, kind, stop)
    stops_allowed = kind.max_stops is None or kind.max_stops >= 1
    fastest_factor = _fastest(problem)
    driving = there[0] / fastest_factor + back[0] / fastest_factor
    return there[1] + back[1] <= kind.max_distance_m and driving <= kind.max_driving_s and stops_allowed
