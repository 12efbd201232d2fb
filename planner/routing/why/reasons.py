"""Why a stop is on no route, as facts with the figures that stand against it.

Times of day that are compared stand in whole minutes, on the side on which what is said of them holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from planner.model import Fact
from planner.routing.problem import RoutingProblem
from planner.routing.schedule import schedule
from planner.routing.solution import Unassigned, UnassignedReason
from planner.routing.stops import Stop
from planner.routing.timing import Timer
from planner.routing.vehicles import VehicleType

_SECONDS_PER_MINUTE = 60


def why_not_alone(problem: RoutingProblem, stop: Stop) -> Unassigned | None:
    """Return why no vehicle could serve this stop even if it served nothing else, None if one could."""

    def because(reason: UnassignedReason, details: Fact) -> Unassigned:
        return Unassigned(stop_id=stop.id, reason=reason, details=details)

    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return because(
            UnassignedReason.NO_SKILL, Fact(code="no_type_has_skills", params={"skills": tuple(sorted(stop.needs))})
        )
    wanted = [kind for kind in skilled if may_serve(stop, kind)]
    if not wanted:
        return because(UnassignedReason.NOT_ALLOWED, _not_allowed(stop))
    there, back = _ways(problem, wanted, stop)
    kinds = [kind for kind in wanted if math.isfinite(there[kind.id] + back[kind.id])]
    if not kinds:
        return because(UnassignedReason.UNREACHABLE, Fact(code="no_depot_has_a_way"))
    fitting = [kind for kind in kinds if _fits(stop, kind)]
    if not fitting:
        return because(UnassignedReason.TOO_LARGE, _too_large(problem, stop, kinds))
    first = min(max(kind.shift_start_s, stop.release_s) + there[kind.id] for kind in fitting)
    if first > stop.windows[-1][1]:
        return because(UnassignedReason.WINDOW_TOO_EARLY, _too_early(stop, first))
    if all(schedule(problem, kind, kind.id, [only]) is None for kind in fitting for only in _by_window(stop)):
        needed = min(there[kind.id] + stop.service_duration_s + back[kind.id] for kind in fitting)
        return because(UnassignedReason.SHIFT_TOO_SHORT, _too_short(stop, fitting, needed))
    if not any(_within_limits(problem, kind, stop) for kind in fitting):
        return because(UnassignedReason.TOO_FAR, _too_far(problem, fitting, stop))
    return None


def may_serve(stop: Stop, kind: VehicleType, vehicle_id: str | None = None) -> bool:
    """Return whether the stop lets this vehicle come, or any of the type; skills are another matter."""
    names = [{kind.id, id_} for id_ in ((vehicle_id,) if vehicle_id else kind.vehicle_ids())]
    wanted, barred = set(stop.only_vehicles), set(stop.not_vehicles)
    return any((not wanted or name & wanted) and not name & barred for name in names)


def _ways(
    problem: RoutingProblem, kinds: Sequence[VehicleType], stop: Stop
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds there and back for each type, at the fastest that the day allows."""
    fastest_factor = max([1.0, *(factor for _, factor in problem.speed_of_day)])
    there, back = {}, {}
    for kind in kinds:
        timer = Timer(problem, kind)
        there[kind.id] = 0.0 if kind.open_start else timer.leg(kind.depot_id, stop.place)[0] / fastest_factor
        back[kind.id] = 0.0 if kind.open_end else timer.leg(stop.place, kind.end_id)[0] / fastest_factor
    return there, back


def _metres_alone(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> float:
    timer = Timer(problem, kind)
    there = 0.0 if kind.open_start else timer.leg(kind.depot_id, stop.place)[1]
    return there + (0.0 if kind.open_end else timer.leg(stop.place, kind.end_id)[1])


def _within_limits(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> bool:
    there, back = _ways(problem, [kind], stop)
    near = _metres_alone(problem, kind, stop) <= kind.max_distance_m
    return near and there[kind.id] + back[kind.id] <= kind.max_driving_s and kind.max_stops != 0


def _not_allowed(stop: Stop) -> Fact:
    """Return which vehicles may serve the stop and which may not, where none that may has the skills."""
    if not stop.not_vehicles:
        return Fact(code="allowed_lack_skills", params={"allowed": stop.only_vehicles})
    if not stop.only_vehicles:
        return Fact(code="not_barred_lack_skills", params={"barred": stop.not_vehicles})
    return Fact(code="allowed_or_barred", params={"allowed": stop.only_vehicles, "barred": stop.not_vehicles})


def _too_early(stop: Stop, first_s: float) -> Fact:
    arrival = {"closes_clock_s": _minute_down(stop.windows[-1][1]), "first_clock_s": _minute_up(first_s)}
    if not stop.release_s:
        return Fact(code="closes_before_first_arrival", params={**arrival})
    return Fact(code="ready_too_late", params={"ready_clock_s": _minute_up(stop.release_s), **arrival})


def _too_short(stop: Stop, kinds: Sequence[VehicleType], needed_s: float) -> Fact:
    longest = max(min(kind.max_duration_s, kind.shift_end_s - kind.shift_start_s) for kind in kinds)
    latest = max(kind.shift_end_s for kind in kinds)
    return Fact(
        code="route_longer_than_duty",
        params={"needed_s": needed_s, "hours": _hours(stop), "duty_limit_s": longest, "ends_clock_s": latest},
    )


def _too_far(problem: RoutingProblem, kinds: Sequence[VehicleType], stop: Stop) -> Fact:
    kind = min(kinds, key=lambda kind: (_metres_alone(problem, kind, stop), kind.id))
    there, back = _ways(problem, [kind], stop)
    metres, driving_s = _metres_alone(problem, kind, stop), there[kind.id] + back[kind.id]
    measures = [Fact(code="distance_of_route", params={"route_m": metres})]
    if math.isfinite(kind.max_distance_m):
        distance = {"route_m": metres, "route_limit_m": kind.max_distance_m}
        measures = [Fact(code="distance_against_limit", params={**distance})]
    if math.isfinite(kind.max_driving_s):
        driving = {"driving_s": driving_s, "driving_limit_s": kind.max_driving_s}
        measures.append(Fact(code="driving_against_limit", params={**driving}))
    else:
        measures.append(Fact(code="driving_of_route", params={"driving_s": driving_s}))
    if kind.max_stops is not None:
        measures.append(Fact(code="most_stops", params={"stops": kind.max_stops}))
    return Fact(code="route_beyond_limits", params={"vehicle_type": kind.id, "measures": tuple(measures)})


def why_left(problem: RoutingProblem, stop: Stop) -> Unassigned:
    """Return the reason of a stop that would fit alone: its partner would not, it was skipped, or no vehicle had room."""
    partners = {pair.pickup_id: pair.delivery_id for pair in problem.pairs}
    partners |= {second: first for first, second in partners.items()}
    partner = next((other for other in problem.stops if other.id == partners.get(stop.id)), None)
    forbids = None if partner is None else why_not_alone(problem, partner)
    if forbids is not None:
        details = Fact(code="partner_not_served", params={"partner_id": forbids.stop_id, "because": forbids.details})
        return replace(forbids, stop_id=stop.id, details=details)
    if partner is not None:
        first, second = (stop, partner) if stop.id in {pair.pickup_id for pair in problem.pairs} else (partner, stop)
        if not _fit_together(problem, first, second):
            return Unassigned(stop_id=stop.id, reason=UnassignedReason.NOT_TOGETHER, details=_apart(first, second))
    if math.isfinite(stop.skip_cost_yuan):
        details = Fact(code="cheaper_left_out", params={"skip_price_yuan": stop.skip_cost_yuan})
        return Unassigned(stop_id=stop.id, reason=UnassignedReason.SKIPPED, details=details)
    vehicles = sum(kind.count for kind in problem.vehicle_types)
    details = Fact(code="no_vehicle_had_room", params={"vehicles": vehicles})
    return Unassigned(stop_id=stop.id, reason=UnassignedReason.FLEET_USED_UP, details=details)


def _apart(first: Stop, second: Stop) -> Fact:
    return Fact(
        code="pair_hours_apart",
        params={
            "first_id": first.id,
            "first_hours": _hours(first),
            "second_id": second.id,
            "second_hours": _hours(second),
        },
    )


def _fit_together(problem: RoutingProblem, first: Stop, second: Stop) -> bool:
    """Return whether a vehicle can serve the pair and nothing else; where speed or rests depend on the hour, it may be."""
    if problem.speed_of_day or any(kind.driving_rule is not None for kind in problem.vehicle_types):
        return True
    for kind in problem.vehicle_types:
        if not set(first.needs) | set(second.needs) <= set(kind.skills):
            continue
        if not any(may_serve(first, kind, id_) and may_serve(second, kind, id_) for id_ in kind.vehicle_ids()):
            continue
        if not (_fits(first, kind) and _fits(second, kind)) or (kind.max_stops is not None and kind.max_stops < 2):
            continue
        for a, b in product(_by_window(first), _by_window(second)):
            route = schedule(problem, kind, kind.id, [a, b])
            if route and route.distance_m <= kind.max_distance_m and route.driving_s <= kind.max_driving_s:
                return True
    return False


def _fits(stop: Stop, kind: VehicleType) -> bool:
    amounts = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
    return all(max(down, up) <= most for down, up, most in amounts)


def _by_window(stop: Stop) -> list[Stop]:
    """Return the stop once for each of its windows, with that window alone."""
    return [replace(stop, opens_s=opens, closes_s=closes, further_windows=()) for opens, closes in stop.windows]


def _hours(stop: Stop) -> tuple[Fact, ...]:
    return tuple(
        Fact(code="hours_of_stop", params={"opens_clock_s": opens, "closes_clock_s": closes})
        for opens, closes in stop.windows
    )


def _too_large(problem: RoutingProblem, stop: Stop, kinds: Sequence[VehicleType]) -> Fact:
    """Return the amounts, the largest vehicle, and into how many equal parts the stop would have to be split."""

    def trips(kind: VehicleType) -> float:
        amounts = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
        shares = [max(down, up) / most if most > 0 else math.inf for down, up, most in amounts if max(down, up) > 0]
        return max(math.ceil(share - 1e-9) if math.isfinite(share) else math.inf for share in shares)

    best = min(kinds, key=lambda kind: (trips(kind), kind.id))
    figures: dict[str, str | tuple[Fact, ...]] = {
        "delivery": _amounts(problem, stop.delivery),
        "pickup": _amounts(problem, stop.pickup),
        "vehicle_type": best.id,
        "capacity": _amounts(problem, best.capacity),
    }
    needed = trips(best)
    if math.isfinite(needed):
        return Fact(code="split_over_vehicles", params={**figures, "visits": int(needed)})
    return Fact(code="no_type_holds_every_dimension", params={**figures})


def _amounts(problem: RoutingProblem, amounts: Sequence[float]) -> tuple[Fact, ...]:
    """Return each amount with its dimension; infinity, which no document can hold, as a fact of its own."""
    return tuple(
        Fact(code="amount_of", params={"amount": amount, "dimension_code": name})
        if math.isfinite(amount)
        else Fact(code="any_amount_of", params={"dimension_code": name})
        for amount, name in zip(amounts, problem.dimensions, strict=True)
    )


def _minute_down(seconds: float) -> float:
    """Return the last full minute not after the time, so that what comes after it looks later."""
    return float(math.floor(seconds / _SECONDS_PER_MINUTE) * _SECONDS_PER_MINUTE)


def _minute_up(seconds: float) -> float:
    """Return the first full minute not before the time, so that a stated earliest arrival holds."""
    return float(math.ceil(seconds / _SECONDS_PER_MINUTE) * _SECONDS_PER_MINUTE)
