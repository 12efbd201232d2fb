"""The faults of the parts of a routing problem, one line each; `planner.routing.problem` puts them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from planner.errors import Message
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


def place_faults(places: Sequence[str], name: str, travel: TravelMatrix) -> Iterator[Message]:
    """Yield the places that a travel matrix lacks; ``name`` is its profile's, empty for the one of the problem."""
    rows, columns = set(travel.origin_ids), set(travel.destination_ids)
    lacking = [Message("{id!r} has no row in the travel matrix", id=id_) for id_ in places if id_ not in rows]
    lacking += [Message("{id!r} has no column in the travel matrix", id=id_) for id_ in places if id_ not in columns]
    for fault in lacking:
        yield Message("{fault} of profile {name!r}", fault=fault, name=name) if name else fault


def stop_faults(stop: Stop, *, dimensions: int, vehicle_types: Sequence[VehicleType]) -> Iterator[Message]:
    """Yield every fault of one stop."""
    name = Message("stop {id!r}", id=stop.id)
    if not stop.skip_cost_yuan >= 0:
        yield Message(
            "{name}: skip_cost_yuan is {skip_cost}, it must be 0 or more", name=name, skip_cost=stop.skip_cost_yuan
        )
    if not 0 <= stop.priority <= 100:
        yield Message("{name}: priority is {priority}, it must be 0 to 100", name=name, priority=stop.priority)
    for field in ("delivery", "pickup"):
        amounts = getattr(stop, field)
        if len(amounts) != dimensions:
            yield Message(
                "{name}: {field} has {count} amounts for {dimensions} dimensions",
                name=name,
                field=field,
                count=len(amounts),
                dimensions=dimensions,
            )
        if not all(math.isfinite(amount) and amount >= 0 for amount in amounts):
            yield Message(
                "{name}: {field} {amounts} must be finite and not negative",
                name=name,
                field=field,
                amounts=str(amounts),
            )
    yield from _finite_faults(name, stop, ("service_duration_s", "setup_duration_s", "release_s"))
    yield from _window_faults(name, stop.windows)
    if not stop.only_vehicles and not stop.not_vehicles:
        return
    named = {id_ for kind in vehicle_types for id_ in (kind.id, *kind.vehicle_ids())}
    for field in ("only_vehicles", "not_vehicles"):
        for id_ in getattr(stop, field):
            if id_ not in named:
                yield Message(
                    "{name}: {field} names {id!r}, which is no vehicle or vehicle type", name=name, field=field, id=id_
                )


def _finite_faults(name: Message, holder: object, fields: tuple[str, ...]) -> Iterator[Message]:
    for field in fields:
        if not 0 <= getattr(holder, field) < math.inf:
            yield Message(
                "{name}: {field} is {value}, it must be finite and not negative",
                name=name,
                field=field,
                value=getattr(holder, field),
            )


def _window_faults(name: Message, windows: tuple[tuple[float, float], ...]) -> Iterator[Message]:
    bad = [window for window in windows if not all(0 <= time < math.inf for time in window)]
    if bad:
        yield from (
            Message("{name}: window {window} must be finite and not negative", name=name, window=str(window))
            for window in bad
        )
        return
    for opens, closes in windows:
        if closes < opens:
            yield Message(
                "{name}: window closes at {closes} before it opens at {opens}", name=name, closes=closes, opens=opens
            )
    for earlier, later in pairwise(windows):
        if later[0] <= earlier[1]:
            yield Message(
                "{name}: window opens at {opens} before the one before it closes at {closes}",
                name=name,
                opens=later[0],
                closes=earlier[1],
            )


def vehicle_faults(
    kind: VehicleType, *, dimensions: int, depots: Collection[str], profiles: Collection[str]
) -> Iterator[Message]:
    """Yield every fault of one type of vehicle."""
    name = Message("vehicle type {vehicle_type!r}", vehicle_type=kind.id)
    if len(kind.capacity) != dimensions:
        yield Message(
            "{name}: {count} capacities for {dimensions} dimensions",
            name=name,
            count=len(kind.capacity),
            dimensions=dimensions,
        )
    if not all(most >= 0 for most in kind.capacity):
        yield Message("{name}: capacity {capacity} must not be negative or NaN", name=name, capacity=str(kind.capacity))
    for field in ("max_duration_s", "max_distance_m", "max_driving_s"):
        if not getattr(kind, field) >= 0:
            yield Message(
                "{name}: {field} is {value}, it must not be negative or NaN",
                name=name,
                field=field,
                value=getattr(kind, field),
            )
    yield from _finite_faults(name, kind, _FINITE_OF_VEHICLES)
    yield from _number_faults(name, kind)
    for id_ in dict.fromkeys((kind.depot_id, kind.end_id, *kind.reload_depot_ids)):
        if id_ not in depots:
            yield Message("{name}: depot {id!r} is not among the depots", name=name, id=id_)
    if kind.profile and kind.profile not in profiles:
        yield Message("{name}: profile {profile!r} is not among the profiles", name=name, profile=kind.profile)
    if kind.max_reloads and not kind.reload_depot_ids:
        yield Message(
            "{name}: max_reloads is {most}, but there is no depot in reload_depot_ids", name=name, most=kind.max_reloads
        )
    yield from (
        Message("{name}: break {id!r} is given more than once", name=name, id=id_)
        for id_ in repeated(b.id for b in kind.breaks)
    )
    for pause in kind.breaks:
        yield from _break_faults(name, pause, dimensions)
    rule = kind.driving_rule
    if rule is not None and not (rule.driving_s > 0 and rule.rest_s > 0 and math.isfinite(rule.rest_s)):
        yield Message(
            "{name}: driving_rule needs seconds above 0, it has {driving} and {rest}",
            name=name,
            driving=rule.driving_s,
            rest=rule.rest_s,
        )


def _number_faults(name: Message, kind: VehicleType) -> Iterator[Message]:
    if not kind.shift_end_s > kind.shift_start_s:
        yield Message(
            "{name}: shift ends at {ends}, starts at {starts}",
            name=name,
            ends=kind.shift_end_s,
            starts=kind.shift_start_s,
        )
    if kind.count < 1:
        yield Message("{name}: count is {count}, it must be 1 or more", name=name, count=kind.count)
    if kind.max_stops is not None and kind.max_stops < 0:
        yield Message("{name}: max_stops is {most}, it must not be negative", name=name, most=kind.max_stops)
    if not (kind.speed_factor > 0 and math.isfinite(kind.speed_factor)):
        yield Message(
            "{name}: speed_factor is {speed_factor}, it must be above 0", name=name, speed_factor=kind.speed_factor
        )


def _break_faults(name: Message, pause: Break, dimensions: int) -> Iterator[Message]:
    own = Message("{name}, break {id!r}", name=name, id=pause.id)
    yield from _finite_faults(own, pause, ("duration_s",))
    yield from _window_faults(own, pause.windows)
    if pause.max_load and (len(pause.max_load) != dimensions or not all(most >= 0 for most in pause.max_load)):
        yield Message(
            "{name}: max_load is {amounts}, it must be an amount of 0 or more for each of {dimensions} dimensions",
            name=own,
            amounts=str(pause.max_load),
            dimensions=dimensions,
        )


def pair_faults(pairs: Sequence[Pair], stops: Mapping[str, Stop]) -> Iterator[Message]:
    """Yield every fault of the pairs; ``stops`` by id."""
    members = [id_ for pair in pairs for id_ in (pair.pickup_id, pair.delivery_id)]
    yield from (Message("pairs: stop {id!r} is in more than one pair", id=id_) for id_ in repeated(members))
    yield from (Message("pairs: no stop {id!r}", id=id_) for id_ in dict.fromkeys(members) if id_ not in stops)
    for pair in pairs:
        first, second = stops.get(pair.pickup_id), stops.get(pair.delivery_id)
        if first is None or second is None:
            continue
        if any(first.delivery) or any(second.pickup) or first.pickup != second.delivery:
            yield Message(
                "pair {first!r} → {second!r}: the first must deliver nothing, the second pick up nothing, "
                "and {picked_up} be {delivered}",
                first=first.id,
                second=second.id,
                picked_up=str(first.pickup),
                delivered=str(second.delivery),
            )
        released = [stop.id for stop in (first, second) if stop.release_s]
        if released:
            yield Message(
                "pair {first!r} → {second!r}: release_s of {stops} is for what depots hold",
                first=first.id,
                second=second.id,
                stops=released,
            )
        if (first.skip_cost_yuan == math.inf) != (second.skip_cost_yuan == math.inf):
            yield Message(
                "pair {first!r} → {second!r}: both must be optional, or neither", first=first.id, second=second.id
            )


def order_faults(before: Sequence[tuple[str, str]], stops: Collection[str]) -> Iterator[Message]:
    """Yield every fault of the (earlier, later) stops: unknown ids and circles."""
    for earlier, later in before:
        yield from (Message("before: no stop {id!r}", id=id_) for id_ in (earlier, later) if id_ not in stops)
        if earlier == later:
            yield Message("before: {earlier!r} cannot be before itself", earlier=earlier)
    left = set(before)
    while left:
        second = {b for _, b in left}
        first = {(a, b) for a, b in left if a not in second}
        if not first:  # what can come first has all been taken away
            names = sorted({a for a, _ in left})
            yield Message("before: these stops wait for each other: {names}", names=names)
            return
        left -= first


def lock_faults(locks: Sequence[Lock], stops: Collection[str], vehicles: Collection[str]) -> Iterator[Message]:
    """Yield every fault of the locks."""
    yield from (
        Message("locks: vehicle {id!r} has more than one", id=id_)
        for id_ in repeated(lock.vehicle_id for lock in locks)
    )
    locked = [id_ for lock in locks for id_ in lock.stop_ids]
    yield from (Message("locks: stop {id!r} is locked more than once", id=id_) for id_ in repeated(locked))
    for lock in locks:
        if lock.vehicle_id not in vehicles:
            yield Message("locks: no vehicle {vehicle!r}", vehicle=lock.vehicle_id)
        yield from (Message("locks: no stop {id!r}", id=id_) for id_ in lock.stop_ids if id_ not in stops)


def speed_faults(speed_of_day: Sequence[tuple[float, float]]) -> Iterator[Message]:
    """Yield every fault of the (second of the day, factor) pairs."""
    times = [begins for begins, _ in speed_of_day]
    if not all(math.isfinite(time) and time >= 0 for time in times) or any(b <= a for a, b in pairwise(times)):
        yield Message("speed_of_day: times {times} must be finite, not negative and ascending", times=str(times))
    for begins, factor in speed_of_day:
        if not (factor > 0 and math.isfinite(factor)):
            yield Message(
                "speed_of_day: the factor from {begins} on is {factor}, it must be above 0",
                begins=begins,
                factor=factor,
            )
