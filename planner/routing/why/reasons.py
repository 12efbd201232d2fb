"""Why a stop is on no route, as facts with the figures that stand against it.

Times of day that are compared stand in whole minutes, on the side on which what is said of them holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from planner.model import Fact
from planner.routing.problem import RoutingProblem
from planner.routing.schedule import schedule
from planner.routing.solution import Route, Unassigned, UnassignedReason
from planner.routing.stops import Stop
from planner.routing.timing import with_breaks
from planner.routing.vehicles import VehicleType
from planner.routing.why.proof import SLACK, Proofs, may_serve

_SECONDS_PER_MINUTE = 60
_BY_ROUTE = (
    UnassignedReason.WINDOW_TOO_EARLY,
    UnassignedReason.SHIFT_TOO_SHORT,
    UnassignedReason.TOO_FAR,
    UnassignedReason.BREAK,
)
"""What can stand against every route of a type of vehicle by a stop that it reaches and that it holds."""


def why_never(problem: RoutingProblem, stop: Stop, proofs: Proofs | None = None) -> Unassigned | None:
    """Return why no route whatever can serve this stop, None if that is not proven; ``proofs`` are of this problem."""

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
    proofs = proofs or Proofs(problem)
    found = {}
    for kind in wanted:
        found[kind.id] = proofs.against(kind, stop)
        if not found[kind.id]:
            return None
    kinds = [kind for kind in wanted if found[kind.id] != {UnassignedReason.UNREACHABLE}]
    if not kinds:
        return because(UnassignedReason.UNREACHABLE, Fact(code="no_depot_has_a_way"))
    fitting = [kind for kind in kinds if found[kind.id] != {UnassignedReason.TOO_LARGE}]
    if not fitting:
        return because(UnassignedReason.TOO_LARGE, _too_large(problem, stop, kinds))
    for reason in _BY_ROUTE:
        if all(reason in found[kind.id] for kind in fitting):
            return because(reason, _told(reason, proofs, stop, fitting))
    return because(*_by_type(proofs, stop, fitting, found))


def _by_type(
    proofs: Proofs, stop: Stop, kinds: Sequence[VehicleType], found: Mapping[str, set[UnassignedReason]]
) -> tuple[UnassignedReason, Fact]:
    """Return what stands against the stop where it is not the same for all types: the last by which any is kept away."""
    firsts = {kind.id: next(reason for reason in _BY_ROUTE if reason in found[kind.id]) for kind in kinds}
    told: dict[str, Fact] = {}
    for kind in kinds:
        told[kind.id] = _told(firsts[kind.id], proofs, stop, [kind])
    types = tuple(
        Fact(code="type_kept_away", params={"vehicle_type": id_, "because": because}) for id_, because in told.items()
    )
    return max(firsts.values(), key=_BY_ROUTE.index), Fact(code="each_type_kept_away", params={"types": types})


def _told(reason: UnassignedReason, proofs: Proofs, stop: Stop, kinds: Sequence[VehicleType]) -> Fact:
    least = {kind.id: proofs.least(kind, stop) for kind in kinds}
    match reason:
        case UnassignedReason.WINDOW_TOO_EARLY:
            return _too_early(stop, min(one.arrives_s for one in least.values()))
        case UnassignedReason.SHIFT_TOO_SHORT:
            return _too_short(stop, kinds, min(one.duty_s for one in least.values()))
        case UnassignedReason.TOO_FAR:
            kind = min(kinds, key=lambda kind: (least[kind.id].metres, kind.id))
            return _too_far(kind, least[kind.id].metres, least[kind.id].driving_s)
        case _:
            return _break_forbids(proofs.problem, kinds[0])


def _break_forbids(problem: RoutingProblem, kind: VehicleType) -> Fact:
    breaks = []
    for one in kind.breaks:
        told = Fact(code="break_of_vehicle", params={"hours": _hours(one.windows), "lasts_s": one.duration_s})
        if one.max_load:
            told = Fact(code="break_with_load", params={"pause": told, "capacity": _amounts(problem, one.max_load)})
        breaks.append(told)
    return Fact(code="break_forbids", params={"vehicle_type": kind.id, "breaks": tuple(breaks)})


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
        params={"needed_s": needed_s, "hours": _hours(stop.windows), "duty_limit_s": longest, "ends_clock_s": latest},
    )


def _too_far(kind: VehicleType, metres: float, driving_s: float) -> Fact:
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


def why_left(problem: RoutingProblem, stop: Stop, proofs: Proofs | None = None) -> Unassigned:
    """Return the reason of a stop against which nothing is proven by itself.

    Its partner is never served, the two are never together, it was skipped, no vehicle had room though it fits alone, or
    it does not fit alone and no route by way of others was found.
    """
    proofs = proofs or Proofs(problem)
    partner = partner_of(problem, stop)
    forbids = None if partner is None else why_never(problem, partner, proofs)
    if forbids is not None:
        details = Fact(code="partner_not_served", params={"partner_id": forbids.stop_id, "because": forbids.details})
        return replace(forbids, stop_id=stop.id, details=details)
    members = [stop]
    if partner is not None:
        first_ids = {pair.pickup_id for pair in problem.pairs}
        members = [stop, partner] if stop.id in first_ids else [partner, stop]
        if all(proofs.against_pair(kind, *members) for kind in problem.vehicle_types if _let(members, kind)):
            return Unassigned(stop_id=stop.id, reason=UnassignedReason.NOT_TOGETHER, details=_apart(*members))
    if math.isfinite(stop.skip_cost_yuan):
        details = Fact(code="cheaper_left_out", params={"skip_price_yuan": stop.skip_cost_yuan})
        return Unassigned(stop_id=stop.id, reason=UnassignedReason.SKIPPED, details=details)
    vehicles = sum(kind.count for kind in problem.vehicle_types if _let(members, kind))
    if any(alone(problem, kind, members) for kind in problem.vehicle_types if _let(members, kind)):
        details = Fact(code="no_vehicle_had_room", params={"vehicles": vehicles})
        return Unassigned(stop_id=stop.id, reason=UnassignedReason.FLEET_USED_UP, details=details)
    details = Fact(code="no_route_by_others", params={"because": _why_not_alone(problem, stop, partner)})
    return Unassigned(stop_id=stop.id, reason=UnassignedReason.NO_ROUTE_FOUND, details=details)


def partner_of(problem: RoutingProblem, stop: Stop) -> Stop | None:
    """Return the other stop of the pair that a stop belongs to."""
    partners = {pair.pickup_id: pair.delivery_id for pair in problem.pairs}
    partners |= {second: first for first, second in partners.items()}
    return next((other for other in problem.stops if other.id == partners.get(stop.id)), None)


def _let(members: Sequence[Stop], kind: VehicleType) -> bool:
    """Return whether one vehicle of the type has the skills for all these stops and is let come to all."""
    skilled = all(set(one.needs) <= set(kind.skills) for one in members)
    return skilled and any(all(may_serve(one, kind, id_) for one in members) for id_ in kind.vehicle_ids())


def alone(problem: RoutingProblem, kind: VehicleType, members: Sequence[Stop]) -> bool:
    """Return whether a vehicle of the type can serve a stop, or a pair in its order, and nothing that it need not."""
    if not all(_fits(one, kind) for one in members) or (kind.max_stops is not None and kind.max_stops < len(members)):
        return False
    stops = {stop.id: stop for stop in problem.stops}
    of_one = f"{kind.id}-1" if kind.count == 1 else ""
    locked = [stops[id_] for lock in problem.locks if lock.vehicle_id == of_one for id_ in lock.stop_ids]
    for windows in product(*(_by_window(one) for one in members)):
        for steps in with_breaks([*locked, *windows], kind.breaks):
            route = schedule(problem, kind, kind.id, steps)
            if route is not None and within_limits(kind, route):
                return True
    return False


def within_limits(kind: VehicleType, route: Route) -> bool:
    """Return whether a timed route keeps the limits on metres and driving, and takes every break that is due."""
    taken = {pause.break_id for pause in route.pauses}
    due = [
        one
        for one in kind.breaks
        if one.id not in taken and (one.always or route.start_s <= one.windows[-1][1] < route.end_s - SLACK)
    ]
    near = route.distance_m <= kind.max_distance_m + SLACK and route.driving_s <= kind.max_driving_s + SLACK
    return near and not due


def _why_not_alone(problem: RoutingProblem, stop: Stop, partner: Stop | None) -> Fact:
    """Return what stands against a stop if nothing else is served: the bounds of the problem in which there is no other."""
    if partner is None:
        by_itself = replace(problem, stops=(stop,), pairs=(), before=(), locks=())
        forbids = why_never(by_itself, stop)
        if forbids is not None:
            return forbids.details
    return Fact(code="limits_together", params={"hours": _hours(stop.windows)})


def _apart(first: Stop, second: Stop) -> Fact:
    return Fact(
        code="pair_hours_apart",
        params={
            "first_id": first.id,
            "first_hours": _hours(first.windows),
            "second_id": second.id,
            "second_hours": _hours(second.windows),
        },
    )


def _fits(stop: Stop, kind: VehicleType) -> bool:
    amounts = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
    return all(max(down, up) <= most for down, up, most in amounts)


def _by_window(stop: Stop) -> list[Stop]:
    """Return the stop once for each of its windows, with that window alone."""
    return [replace(stop, opens_s=opens, closes_s=closes, further_windows=()) for opens, closes in stop.windows]


def _hours(windows: Sequence[tuple[float, float]]) -> tuple[Fact, ...]:
    return tuple(
        Fact(code="hours_of_stop", params={"opens_clock_s": opens, "closes_clock_s": closes})
        for opens, closes in windows
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
