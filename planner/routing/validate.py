"""Every fault of a routing problem, one line each, before anything is solved."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType

if TYPE_CHECKING:
    from planner.routing.problem import RoutingProblem

_FINITE_OF_VEHICLES = (
    "shift_start_s",
    "fixed_cost_yuan",
    "cost_per_km_yuan",
    "cost_per_hour_yuan",
    "cost_per_driving_hour_yuan",
    "reload_duration_s",
    "max_reloads",
)


def faults_of(problem: RoutingProblem) -> Iterator[str]:
    """Yield what does not hold in a problem."""
    yield from _id_faults(problem)
    for stop in problem.stops:
        yield from stop_faults(problem, stop)
    for kind in problem.vehicle_types:
        yield from _vehicle_faults(problem, kind)
    yield from _pair_faults(problem)
    yield from _order_faults(problem)
    yield from _scalar_faults(problem)


def _repeated(ids: Iterable[str]) -> list[str]:
    return sorted(id_ for id_, times in Counter(ids).items() if times > 1)


def _id_faults(problem: RoutingProblem) -> Iterator[str]:
    for kind, ids in (
        ("depot or stop", [depot.id for depot in problem.depots] + [stop.id for stop in problem.stops]),
        ("vehicle type", [vehicle_type.id for vehicle_type in problem.vehicle_types]),
        ("dimension", list(problem.dimensions)),
    ):
        yield from (f"{kind} {id_!r} is given more than once" for id_ in _repeated(ids))
    places = dict.fromkeys([depot.id for depot in problem.depots] + [stop.place for stop in problem.stops])
    for name, travel in (("", problem.travel), *sorted(problem.profiles.items())):
        of = f" of profile {name!r}" if name else ""
        for axis, known in (("row", set(travel.origin_ids)), ("column", set(travel.destination_ids))):
            yield from (f"{id_!r} has no {axis} in the travel matrix{of}" for id_ in places if id_ not in known)
    if not problem.depots:
        yield "there is no depot"
    if not problem.vehicle_types:
        yield "there is no vehicle type"


def stop_faults(problem: RoutingProblem, stop: Stop) -> Iterator[str]:
    """Yield what does not hold of one stop of a problem, or one to be added to it."""
    name = f"stop {stop.id!r}"
    if not stop.skip_cost_yuan >= 0:
        yield f"{name}: skip_cost_yuan is {stop.skip_cost_yuan}, it must be 0 or more"
    if not 0 <= stop.priority <= 100:
        yield f"{name}: priority is {stop.priority}, it must be 0 to 100"
    for field in ("delivery", "pickup"):
        amounts = getattr(stop, field)
        if len(amounts) != len(problem.dimensions):
            yield f"{name}: {field} has {len(amounts)} amounts for {len(problem.dimensions)} dimensions"
        if not all(math.isfinite(amount) and amount >= 0 for amount in amounts):
            yield f"{name}: {field} {amounts} must be finite and not negative"
    yield from _finite_faults(name, stop, ("service_duration_s", "setup_duration_s", "release_s"))
    yield from _window_faults(name, stop.windows)
    named = {id_ for kind in problem.vehicle_types for id_ in (kind.id, *kind.vehicle_ids())}
    for field in ("only_vehicles", "not_vehicles"):
        for id_ in getattr(stop, field):
            if id_ not in named:
                yield f"{name}: {field} names {id_!r}, which is no vehicle or vehicle type"


def _finite_faults(name: str, holder: object, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        if not 0 <= getattr(holder, field) < math.inf:
            yield f"{name}: {field} is {getattr(holder, field)}, it must be finite and not negative"


def _window_faults(name: str, windows: tuple[tuple[float, float], ...]) -> Iterator[str]:
    bad = [window for window in windows if not all(0 <= time < math.inf for time in window)]
    if bad:
        yield from (f"{name}: window {window} must be finite and not negative" for window in bad)
        return
    for opens, closes in windows:
        if closes < opens:
            yield f"{name}: window closes at {closes} before it opens at {opens}"
    for earlier, later in pairwise(windows):
        if later[0] <= earlier[1]:
            yield f"{name}: window opens at {later[0]} before the one before it closes at {earlier[1]}"


def _vehicle_faults(problem: RoutingProblem, kind: VehicleType) -> Iterator[str]:
    name = f"vehicle type {kind.id!r}"
    depots = {depot.id for depot in problem.depots}
    if len(kind.capacity) != len(problem.dimensions):
        yield f"{name}: {len(kind.capacity)} capacities for {len(problem.dimensions)} dimensions"
    if not all(most >= 0 for most in kind.capacity):
        yield f"{name}: capacity {kind.capacity} must not be negative or NaN"
    for field in ("max_duration_s", "max_distance_m", "max_driving_s"):
        if not getattr(kind, field) >= 0:
            yield f"{name}: {field} is {getattr(kind, field)}, it must not be negative or NaN"
    yield from _finite_faults(name, kind, _FINITE_OF_VEHICLES)
    if not kind.shift_end_s > kind.shift_start_s:
        yield f"{name}: shift ends at {kind.shift_end_s}, starts at {kind.shift_start_s}"
    if kind.count < 1:
        yield f"{name}: count is {kind.count}, it must be 1 or more"
    if kind.max_stops is not None and kind.max_stops < 0:
        yield f"{name}: max_stops is {kind.max_stops}, it must not be negative"
    if not (kind.speed_factor > 0 and math.isfinite(kind.speed_factor)):
        yield f"{name}: speed_factor is {kind.speed_factor}, it must be above 0"
    for id_ in dict.fromkeys((kind.depot_id, kind.end_id, *kind.reload_depot_ids)):
        if id_ not in depots:
            yield f"{name}: depot {id_!r} is not among the depots"
    if kind.profile and kind.profile not in problem.profiles:
        yield f"{name}: profile {kind.profile!r} is not among the profiles"
    if kind.max_reloads and not kind.reload_depot_ids:
        yield f"{name}: max_reloads is {kind.max_reloads}, but there is no depot in reload_depot_ids"
    yield from (f"{name}: break {id_!r} is given more than once" for id_ in _repeated(b.id for b in kind.breaks))
    for pause in kind.breaks:
        yield from _break_faults(name, pause)
    rule = kind.driving_rule
    if rule is not None and not (rule.driving_s > 0 and rule.rest_s > 0 and math.isfinite(rule.rest_s)):
        yield f"{name}: driving_rule needs seconds above 0, it has {rule.driving_s} and {rule.rest_s}"


def _break_faults(name: str, pause: Break) -> Iterator[str]:
    own = f"{name}, break {pause.id!r}"
    yield from _finite_faults(own, pause, ("duration_s",))
    yield from _window_faults(own, pause.windows)


def _pair_faults(problem: RoutingProblem) -> Iterator[str]:
    stops = {stop.id: stop for stop in problem.stops}
    members = [id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)]
    yield from (f"pairs: stop {id_!r} is in more than one pair" for id_ in _repeated(members))
    yield from (f"pairs: no stop {id_!r}" for id_ in dict.fromkeys(members) if id_ not in stops)
    for pair in problem.pairs:
        first, second = stops.get(pair.pickup_id), stops.get(pair.delivery_id)
        if first is None or second is None:
            continue
        if any(first.delivery) or any(second.pickup) or first.pickup != second.delivery:
            yield (
                f"pair {first.id!r} → {second.id!r}: the first must deliver nothing, the second pick up nothing, "
                f"and {first.pickup} be {second.delivery}"
            )
        released = [stop.id for stop in (first, second) if stop.release_s]
        if released:
            yield f"pair {first.id!r} → {second.id!r}: release_s of {', '.join(released)} is for what depots hold"
        if (first.skip_cost_yuan == math.inf) != (second.skip_cost_yuan == math.inf):
            yield f"pair {first.id!r} → {second.id!r}: both must be optional, or neither"


def _order_faults(problem: RoutingProblem) -> Iterator[str]:
    stops = {stop.id for stop in problem.stops}
    vehicles = {id_ for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    for earlier, later in problem.before:
        yield from (f"before: no stop {id_!r}" for id_ in (earlier, later) if id_ not in stops)
        if earlier == later:
            yield f"before: {earlier!r} cannot be before itself"
    yield from _cycle_faults(problem.before)
    yield from (
        f"locks: vehicle {id_!r} has more than one" for id_ in _repeated(lock.vehicle_id for lock in problem.locks)
    )
    locked = [id_ for lock in problem.locks for id_ in lock.stop_ids]
    yield from (f"locks: stop {id_!r} is locked more than once" for id_ in _repeated(locked))
    for lock in problem.locks:
        if lock.vehicle_id not in vehicles:
            yield f"locks: no vehicle {lock.vehicle_id!r}"
        yield from (f"locks: no stop {id_!r}" for id_ in lock.stop_ids if id_ not in stops)


def _cycle_faults(before: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Name the stops left when everything that can come first has been taken away."""
    left = set(before)
    while left:
        later = {b for _, b in left}
        first = {(a, b) for a, b in left if a not in later}
        if not first:
            names = ", ".join(sorted({a for a, _ in left}))
            yield f"before: these stops wait for each other: {names}"
            return
        left -= first


def _scalar_faults(problem: RoutingProblem) -> Iterator[str]:
    for name in ("balance_duty_yuan", "balance_load_yuan"):
        value = getattr(problem, name)
        if not (math.isfinite(value) and value >= 0):
            yield f"{name} is {value}, it must be a number not below 0"
    times = [begins for begins, _ in problem.speed_of_day]
    if not all(math.isfinite(time) and time >= 0 for time in times) or any(b <= a for a, b in pairwise(times)):
        yield f"speed_of_day: times {times} must be finite, not negative and ascending"
    for begins, factor in problem.speed_of_day:
        if not (factor > 0 and math.isfinite(factor)):
            yield f"speed_of_day: the factor from {begins} on is {factor}, it must be above 0"
