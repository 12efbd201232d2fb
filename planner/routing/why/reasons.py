"""Why a stop is on no route, in words that a planner reads: clock times as HH:MM, amounts with their dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from planner.routing.problem import RoutingProblem
from planner.routing.schedule import schedule
from planner.routing.solution import Unassigned, UnassignedReason
from planner.routing.stops import Stop
from planner.routing.timing import Timer
from planner.routing.vehicles import VehicleType
from planner.units import format_clock, format_distance_limit, format_kilometres, format_limit, format_minutes


def why_not_alone(problem: RoutingProblem, stop: Stop) -> Unassigned | None:
    """Return why no vehicle could serve this stop even if it served nothing else, None if one could."""

    def because(reason: UnassignedReason, detail: str) -> Unassigned:
        return Unassigned(stop_id=stop.id, reason=reason, detail=detail)

    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return because(UnassignedReason.NO_SKILL, f"no vehicle type has {' and '.join(sorted(stop.needs))}")
    wanted = [kind for kind in skilled if may_serve(stop, kind)]
    if not wanted:
        named = ", ".join(stop.only_vehicles) or "all"
        forbidden = f", not {', '.join(stop.not_vehicles)}" if stop.not_vehicles else ""
        return because(
            UnassignedReason.NOT_ALLOWED, f"may be served by {named}{forbidden}; none of them has the skills"
        )
    there, back = _ways(problem, wanted, stop)
    kinds = [kind for kind in wanted if math.isfinite(there[kind.id] + back[kind.id])]
    if not kinds:
        return because(UnassignedReason.UNREACHABLE, "no depot with a vehicle has a way there and back")
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


def _too_early(stop: Stop, first_s: float) -> str:
    ready = f"is ready at {_clock_up(stop.release_s)}, " if stop.release_s else ""
    closes = _clock_down(stop.windows[-1][1])
    return f"{ready}closes at {closes}, the first vehicle can be there at {_clock_up(first_s)}"


def _too_short(stop: Stop, kinds: Sequence[VehicleType], needed_s: float) -> str:
    longest = max(min(kind.max_duration_s, kind.shift_end_s - kind.shift_start_s) for kind in kinds)
    latest = max(kind.shift_end_s for kind in kinds)
    return (
        f"the route to this stop alone takes {format_minutes(needed_s)} within its hours {_hours(stop)}; "
        f"duty lasts at most {format_limit(longest)} and ends by {format_clock(latest)}"
    )


def _too_far(problem: RoutingProblem, kinds: Sequence[VehicleType], stop: Stop) -> str:
    kind = min(kinds, key=lambda kind: (_metres_alone(problem, kind, stop), kind.id))
    there, back = _ways(problem, [kind], stop)
    limits = [f"drive {format_distance_limit(kind.max_distance_m)}"] if math.isfinite(kind.max_distance_m) else []
    limits += [f"drive for {format_limit(kind.max_driving_s)}"] if math.isfinite(kind.max_driving_s) else []
    limits += [] if kind.max_stops is None else [f"serve {kind.max_stops} stops"]
    return (
        f"the route to this stop alone is {format_kilometres(_metres_alone(problem, kind, stop), kind.max_distance_m)} "
        f"and {format_minutes(there[kind.id] + back[kind.id], kind.max_driving_s)} of driving; {kind.id} may "
        f"{' and '.join(limits)}"
    )


def why_left(problem: RoutingProblem, stop: Stop) -> Unassigned:
    """Return the reason of a stop that would fit alone: its partner would not, it was skipped, or no vehicle had room."""
    partners = {pair.pickup_id: pair.delivery_id for pair in problem.pairs}
    partners |= {second: first for first, second in partners.items()}
    partner = next((other for other in problem.stops if other.id == partners.get(stop.id)), None)
    forbids = None if partner is None else why_not_alone(problem, partner)
    if forbids is not None:
        return replace(forbids, stop_id=stop.id, detail=f"it is served with {forbids.stop_id} only: {forbids.detail}")
    if partner is not None:
        first, second = (stop, partner) if stop.id in {pair.pickup_id for pair in problem.pairs} else (partner, stop)
        if not _fit_together(problem, first, second):
            detail = (
                f"no vehicle can bring it from {first.id} within {_hours(first)} to {second.id} within {_hours(second)}"
            )
            return Unassigned(stop_id=stop.id, reason=UnassignedReason.NOT_TOGETHER, detail=detail)
    if math.isfinite(stop.skip_cost_yuan):
        detail = f"leaving it out costs {stop.skip_cost_yuan:.2f} yuan, less than any place found for it"
        return Unassigned(stop_id=stop.id, reason=UnassignedReason.SKIPPED, detail=detail)
    vehicles = sum(kind.count for kind in problem.vehicle_types)
    detail = f"it fits alone, but none of the {vehicles} vehicles had room for it"
    return Unassigned(stop_id=stop.id, reason=UnassignedReason.FLEET_USED_UP, detail=detail)


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


def _hours(stop: Stop) -> str:
    return " and ".join(f"{format_clock(opens)}-{format_clock(closes)}" for opens, closes in stop.windows)


def _too_large(problem: RoutingProblem, stop: Stop, kinds: Sequence[VehicleType]) -> str:
    """Return the amounts, the largest vehicle, and into how many equal parts the stop would have to be split."""

    def trips(kind: VehicleType) -> float:
        amounts = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
        shares = [max(down, up) / most if most > 0 else math.inf for down, up, most in amounts if max(down, up) > 0]
        return max(math.ceil(share - 1e-9) if math.isfinite(share) else math.inf for share in shares)

    best = min(kinds, key=lambda kind: (trips(kind), kind.id))
    detail = (
        f"delivery {_amounts(problem, stop.delivery)}, pickup {_amounts(problem, stop.pickup)}; "
        f"the vehicle type {best.id!r} holds {_amounts(problem, best.capacity)}"
    )
    needed = trips(best)
    if math.isfinite(needed):
        return f"{detail}: split it into {needed:.0f} equal visits"
    return f"{detail}: no vehicle type holds every dimension it needs"


def _amounts(problem: RoutingProblem, amounts: Sequence[float]) -> str:
    shown = (
        f"{amount:.1f} {name}" if math.isfinite(amount) else f"any {name}"
        for amount, name in zip(amounts, problem.dimensions, strict=True)
    )
    return " and ".join(shown)


def _clock_down(seconds: float) -> str:
    """Return the last full minute not after the time, so that what comes after it looks later."""
    return format_clock(math.floor(seconds / 60) * 60)


def _clock_up(seconds: float) -> str:
    """Return the first full minute not before the time, so that a stated earliest arrival holds."""
    return format_clock(math.ceil(seconds / 60) * 60)
