"""The faults of the parts of a routing problem, one line each; `planner.routing.problem` puts them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from planner.model import TravelMatrix
from planner.routing.stops import Lock, Pair, Stop
from planner.routing.vehicles import Break, VehicleType

_FINITE_OF_VEHICLES = (
    "shift_start_s",
    "fixed_cost_yuan",
    "cost_per_km_yuan",
    "cost_per_hour_yuan",
    "cost_per_driving_hour_yuan",
    "reload_duration_s",
    "max_reloads",
)


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that are given more than once."""
    return sorted(id_ for id_, times in Counter(ids).items() if times > 1)


def place_faults(places: Sequence[str], name: str, travel: TravelMatrix) -> Iterator[str]:
    """Yield the places that a travel matrix lacks; ``name`` is its profile's, empty for the one of the problem."""
    of = f" of profile {name!r}" if name else ""
    for axis, known in (("row", set(travel.origin_ids)), ("column", set(travel.destination_ids))):
        yield from (f"{id_!r} has no {axis} in the travel matrix{of}" for id_ in places if id_ not in known)


def stop_faults(stop: Stop, *, dimensions: int, vehicle_types: Sequence[VehicleType]) -> Iterator[str]:
    """Yield every fault of one stop."""
    name = f"stop {stop.id!r}"
    if not stop.skip_cost_yuan >= 0:
        yield f"{name}: skip_cost_yuan is {stop.skip_cost_yuan}, it must be 0 or more"
    if not 0 <= stop.priority <= 100:
        yield f"{name}: priority is {stop.priority}, it must be 0 to 100"
    for field in ("delivery", "pickup"):
        amounts = getattr(stop, field)
        if len(amounts) != dimensions:
            yield f"{name}: {field} has {len(amounts)} amounts for {dimensions} dimensions"
        if not all(math.isfinite(amount) and amount >= 0 for amount in amounts):
            yield f"{name}: {field} {amounts} must be finite and not negative"
    yield from _finite_faults(name, stop, ("service_duration_s", "setup_duration_s", "release_s"))
    yield from _window_faults(name, stop.windows)
    named = {id_ for kind in vehicle_types for id_ in (kind.id, *kind.vehicle_ids())}
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


def vehicle_faults(
    kind: VehicleType, *, dimensions: int, depots: Collection[str], profiles: Collection[str]
) -> Iterator[str]:
    """Yield every fault of one type of vehicle."""
    name = f"vehicle type {kind.id!r}"
    if len(kind.capacity) != dimensions:
        yield f"{name}: {len(kind.capacity)} capacities for {dimensions} dimensions"
    if not all(most >= 0 for most in kind.capacity):
        yield f"{name}: capacity {kind.capacity} must not be negative or NaN"
    for field in ("max_duration_s", "max_distance_m", "max_driving_s"):
        if not getattr(kind, field) >= 0:
            yield f"{name}: {field} is {getattr(kind, field)}, it must not be negative or NaN"
    yield from _finite_faults(name, kind, _FINITE_OF_VEHICLES)
    yield from _number_faults(name, kind)
    for id_ in dict.fromkeys((kind.depot_id, kind.end_id, *kind.reload_depot_ids)):
        if id_ not in depots:
            yield f"{name}: depot {id_!r} is not among the depots"
    if kind.profile and kind.profile not in profiles:
        yield f"{name}: profile {kind.profile!r} is not among the profiles"
    if kind.max_reloads and not kind.reload_depot_ids:
        yield f"{name}: max_reloads is {kind.max_reloads}, but there is no depot in reload_depot_ids"
    yield from (f"{name}: break {id_!r} is given more than once" for id_ in repeated(b.id for b in kind.breaks))
    for pause in kind.breaks:
        yield from _break_faults(name, pause)
    rule = kind.driving_rule
    if rule is not None and not (rule.driving_s > 0 and rule.rest_s > 0 and math.isfinite(rule.rest_s)):
        yield f"{name}: driving_rule needs seconds above 0, it has {rule.driving_s} and {rule.rest_s}"


def _number_faults(name: str, kind: VehicleType) -> Iterator[str]:
    if not kind.shift_end_s > kind.shift_start_s:
        yield f"{name}: shift ends at {kind.shift_end_s}, starts at {kind.shift_start_s}"
    if kind.count < 1:
        yield f"{name}: count is {kind.count}, it must be 1 or more"
    if kind.max_stops is not None and kind.max_stops < 0:
        yield f"{name}: max_stops is {kind.max_stops}, it must not be negative"
    if not (kind.speed_factor > 0 and math.isfinite(kind.speed_factor)):
        yield f"{name}: speed_factor is {kind.speed_factor}, it must be above 0"


def _break_faults(name: str, pause: Break) -> Iterator[str]:
    own = f"{name}, break {pause.id!r}"
    yield from _finite_faults(own, pause, ("duration_s",))
    yield from _window_faults(own, pause.windows)


def pair_faults(pairs: Sequence[Pair], stops: Mapping[str, Stop]) -> Iterator[str]:
    """Yield every fault of the pairs; ``stops`` by id."""
    members = [id_ for pair in pairs for id_ in (pair.pickup_id, pair.delivery_id)]
    yield from (f"pairs: stop {id_!r} is in more than one pair" for id_ in repeated(members))
    yield from (f"pairs: no stop {id_!r}" for id_ in dict.fromkeys(members) if id_ not in stops)
    for pair in pairs:
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


def order_faults(before: Sequence[tuple[str, str]], stops: Collection[str]) -> Iterator[str]:
    """Yield every fault of the (earlier, later) stops: unknown ids and circles."""
    for earlier, later in before:
        yield from (f"before: no stop {id_!r}" for id_ in (earlier, later) if id_ not in stops)
        if earlier == later:
            yield f"before: {earlier!r} cannot be before itself"
    left = set(before)
    while left:
        second = {b for _, b in left}
        first = {(a, b) for a, b in left if a not in second}
        if not first:  # what can come first has all been taken away
            names = ", ".join(sorted({a for a, _ in left}))
            yield f"before: these stops wait for each other: {names}"
            return
        left -= first


def lock_faults(locks: Sequence[Lock], stops: Collection[str], vehicles: Collection[str]) -> Iterator[str]:
    """Yield every fault of the locks."""
    yield from (f"locks: vehicle {id_!r} has more than one" for id_ in repeated(lock.vehicle_id for lock in locks))
    locked = [id_ for lock in locks for id_ in lock.stop_ids]
    yield from (f"locks: stop {id_!r} is locked more than once" for id_ in repeated(locked))
    for lock in locks:
        if lock.vehicle_id not in vehicles:
            yield f"locks: no vehicle {lock.vehicle_id!r}"
        yield from (f"locks: no stop {id_!r}" for id_ in lock.stop_ids if id_ not in stops)


def speed_faults(speed_of_day: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Yield every fault of the (second of the day, factor) pairs."""
    times = [begins for begins, _ in speed_of_day]
    if not all(math.isfinite(time) and time >= 0 for time in times) or any(b <= a for a, b in pairwise(times)):
        yield f"speed_of_day: times {times} must be finite, not negative and ascending"
    for begins, factor in speed_of_day:
        if not (factor > 0 and math.isfinite(factor)):
            yield f"speed_of_day: the factor from {begins} on is {factor}, it must be above 0"
