"""What rural buses offer: stops, trips with room for goods, ways between stop and point, hub and terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from planner.errors import Message
from planner.routing import VehicleType


class AccessKind(StrEnum):
    """Who brings goods from a bus stop to a point and back."""

    WALK = "on_foot"
    CARRIER = "by_carrier"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusStop:
    """Where a bus hands goods over, within ``[opens_s, closes_s]``.

    Goods must be here ``handling_s`` before the bus leaves that takes them, and can be carried on ``handling_s`` after the
    bus has come that brings them.
    """

    id: str
    name: str
    handling_s: float = 0.0
    opens_s: float = 0.0
    closes_s: float = 172_800.0

    def faults(self) -> Iterator[Message]:
        """Yield every fault."""
        name = Message("bus stop {id!r}", id=self.id)
        yield from number_faults(name, self, ("handling_s", "opens_s", "closes_s"))
        if self.closes_s < self.opens_s:
            yield Message("{name}: closes at {closes} before it opens at {opens}",
                          name=name, closes=self.closes_s, opens=self.opens_s)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BusCall:
    """A bus at a stop, in seconds since midnight of the service date; a night run may pass 86,400."""

    stop_id: str
    arrival_s: float
    departure_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BusTrip:
    """One run of a bus: its calls, and the room for goods on the leg from each call to the next, by dimension.

    ``yuan_per_unit`` is paid for what is carried, by dimension, however far; ``handling_yuan`` for each `BusRide`.
    """

    id: str
    line_id: str
    calls: tuple[BusCall, ...]
    room: tuple[tuple[float, ...], ...]
    yuan_per_unit: tuple[float, ...]
    handling_yuan: float = 0.0

    def faults(self, *, dimensions: int, stop_ids: frozenset[str]) -> Iterator[Message]:
        """Yield every fault."""
        name = Message("bus trip {id!r}", id=self.id)
        if len(self.calls) < 2:
            yield Message("{name}: it has {count} calls, it must have 2 or more", name=name, count=len(self.calls))
        for k, call in enumerate(self.calls):
            if call.stop_id not in stop_ids:
                yield Message("{name}: call {number}: no bus stop {stop!r}", name=name, number=k + 1, stop=call.stop_id)
            if not 0 <= call.arrival_s <= call.departure_s < math.inf:
                yield Message("{name}: call {number}: arrival {arrival} and departure {departure} must be in this order, "
                              "finite and not negative", name=name, number=k + 1, arrival=call.arrival_s,
                              departure=call.departure_s)  # fmt: skip
        for k, (one, following) in enumerate(pairwise(self.calls)):
            if following.arrival_s < one.departure_s:
                yield Message("{name}: call {number} is at {arrival}, before the one before it ends at {departure}",
                              name=name, number=k + 2, arrival=following.arrival_s,
                              departure=one.departure_s)  # fmt: skip
        if len(self.room) != len(self.calls) - 1:
            yield Message("{name}: room is given for {count} legs, it has {legs}",
                          name=name, count=len(self.room), legs=len(self.calls) - 1)  # fmt: skip
        for k, most in enumerate(self.room):
            if len(most) != dimensions or not all(one >= 0 for one in most):
                yield Message("{name}: room of leg {number} is {room}, it must be 0 or more in each of {dimensions} "
                              "dimensions", name=name, number=k + 1, room=str(most), dimensions=dimensions)  # fmt: skip
        yield from _price_faults(name, "yuan_per_unit", self.yuan_per_unit, dimensions)
        yield from number_faults(name, self, ("handling_yuan",))


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAccess:
    """A way between a bus stop and a point, both directions: ``duration_s`` and ``distance_m`` one way.

    No more than ``most`` is carried at a time, by dimension (``inf`` = no limit); whoever carries goes as often as that
    takes, and all is there at the end of the last way. ``yuan_per_unit`` by dimension, ``yuan_per_way`` for each time there
    and back. Goods that may not go by bus have no access.
    """

    stop_id: str
    point_id: str
    kind: AccessKind
    duration_s: float
    most: tuple[float, ...]
    yuan_per_unit: tuple[float, ...]
    yuan_per_way: float = 0.0
    distance_m: float = 0.0

    @property
    def key(self) -> tuple[str, str, AccessKind]:
        """Return what names it: stop, point and kind."""
        return self.stop_id, self.point_id, self.kind

    def faults(self, *, dimensions: int, stop_ids: frozenset[str], point_ids: frozenset[str]) -> Iterator[Message]:
        """Yield every fault."""
        name = Message("access from {stop!r} to {point!r}", stop=self.stop_id, point=self.point_id)
        if self.stop_id not in stop_ids:
            yield Message("{name}: no bus stop {stop!r}", name=name, stop=self.stop_id)
        if self.point_id not in point_ids:
            yield Message("{name}: no point {point!r}", name=name, point=self.point_id)
        if len(self.most) != dimensions or not all(one > 0 for one in self.most):
            yield Message("{name}: most is {most}, it must be above 0 in each of {dimensions} dimensions",
                          name=name, most=str(self.most), dimensions=dimensions)  # fmt: skip
        yield from _price_faults(name, "yuan_per_unit", self.yuan_per_unit, dimensions)
        yield from number_faults(name, self, ("duration_s", "yuan_per_way", "distance_m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTransfer:
    """Between the hub and a bus terminal: ``duration_s`` and ``distance_m`` one way.

    Each trip that brings or takes goods here costs ``yuan_per_run`` and twice the distance, once for each direction (down,
    up); ``yuan_per_unit`` by dimension is paid besides.
    """

    stop_id: str
    duration_s: float
    yuan_per_unit: tuple[float, ...]
    yuan_per_run: float = 0.0
    distance_m: float = 0.0

    def faults(self, *, dimensions: int, stop_ids: frozenset[str]) -> Iterator[Message]:
        """Yield every fault."""
        name = Message("transfer to {stop!r}", stop=self.stop_id)
        if self.stop_id not in stop_ids:
            yield Message("{name}: no bus stop {stop!r}", name=name, stop=self.stop_id)
        yield from _price_faults(name, "yuan_per_unit", self.yuan_per_unit, dimensions)
        yield from number_faults(name, self, ("duration_s", "yuan_per_run", "distance_m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BusStation:
    """A township station whose own vehicles (their depot is ``id``) serve ``point_ids``, and nobody else does but buses.

    Bringing goods there and fetching them costs ``trunk_yuan_per_unit`` by dimension. What its points collect is back here
    by ``cut_off_s``, to be at the hub by the hub's; what they are brought is here from the points' ``release_s`` on.
    """

    id: str
    name: str
    vehicle_types: tuple[VehicleType, ...]
    point_ids: tuple[str, ...]
    trunk_yuan_per_unit: tuple[float, ...]
    cut_off_s: float = math.inf
    hub_release_s: float = 0.0

    def faults(self, *, dimensions: int, point_ids: frozenset[str]) -> Iterator[Message]:
        """Yield every fault but those of its vehicles."""
        name = Message("station {id!r}", id=self.id)
        yield from (
            Message("{name}: no point {point!r}", name=name, point=id_)
            for id_ in self.point_ids
            if id_ not in point_ids
        )
        if any(kind.depot_id != self.id for kind in self.vehicle_types) or not self.vehicle_types:
            yield Message("{name}: it needs vehicles, and each must have it as depot", name=name)
        if not self.cut_off_s >= 0:
            yield Message("{name}: cut_off_s is {value}, it must not be negative", name=name, value=self.cut_off_s)
        yield from _price_faults(name, "trunk_yuan_per_unit", self.trunk_yuan_per_unit, dimensions)
        yield from number_faults(name, self, ("hub_release_s",))


def number_faults(name: Message, holder: object, fields: Sequence[str]) -> Iterator[Message]:
    """Yield the fields that are not finite or negative."""
    for field in fields:
        if not 0 <= getattr(holder, field) < math.inf:
            yield Message("{name}: {field} is {value}, it must be finite and not negative",
                          name=name, field=field, value=getattr(holder, field))  # fmt: skip


def _price_faults(name: Message, field: str, prices: tuple[float, ...], dimensions: int) -> Iterator[Message]:
    if len(prices) != dimensions or not all(0 <= one < math.inf for one in prices):
        yield Message("{name}: {field} is {prices}, it must be finite and not negative in each of {dimensions} dimensions",
                      name=name, field=field, prices=str(prices), dimensions=dimensions)  # fmt: skip
