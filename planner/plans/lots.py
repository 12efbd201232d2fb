"""Lots of produce: what one village sends up of one product on one date, and the way it takes; see docs/daily-work.

A lot is not kept anywhere: it is what a day plan says of it, so that a lot and its plan never differ.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from planner.errors import Message, UsageError
from planner.model import DemandBasis
from planner.plans.day_plan import DayPlan
from planner.routing import Reload, Route
from planner.service.buses import BusRide

_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLeg:
    """A drive of the vehicle that carries a lot, by ids of places; times are seconds of the day, metres those driven."""

    origin_id: str
    destination_id: str
    leaves_s: float
    arrives_s: float
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Produce of one village and product that is picked up together on a date.

    ``id`` is the village's, the date's and a running number of the village that day. ``site_id`` is where it is handed over,
    ``stop_id`` the stop there, ``basis`` what its weight rests on: the village's own figure, else that of its point.
    ``vehicle_id`` is None, and there are no legs, where no route picks it up; the last leg ends at the depot that takes it
    in. A lot that goes up by bus has ``rides`` instead, several where no single bus has the room. A lot ``stays_on_board``
    where the route ends at its last stop: no depot takes it in, and its legs, if any, end with the route.
    """

    id: str
    village_id: str
    product: str
    date: datetime.date
    number: int
    kg: float
    basis: DemandBasis
    site_id: str
    stop_id: str
    vehicle_id: str | None = None
    picked_up_s: float | None = None
    legs: tuple[LotLeg, ...] = ()
    stays_on_board: bool = False
    rides: tuple[BusRide, ...] = ()


def lots_of(plan: DayPlan) -> tuple[Lot, ...]:
    """Return the lots of a day, by village and number; a village's are numbered by the names of their products."""
    carried = {visit.stop_id: (route, i) for route in plan.routes.routes for i, visit in enumerate(route.visits)}
    fetched_by = {id_: call.id for call in plan.calls.values() if call.up for id_ in call.point_ids}
    of_village = {village.village_id: village.basis for village in plan.demand.villages}
    rides: dict[str, tuple[BusRide, ...]] = {}
    for ride in plan.rides.rides if plan.rides else ():
        if ride.up:
            rides[ride.point_id] = (*rides.get(ride.point_id, ()), ride)
    lots: list[Lot] = []
    numbers: dict[str, int] = {}
    found = [(one, point) for point in plan.demand.points for one in point.produce if one.kg > 0]
    for one, point in sorted(
        found, key=lambda pair: (pair[0].village_id, pair[0].product, pair[1].site_id, pair[1].visit)
    ):
        number = numbers[one.village_id] = numbers.get(one.village_id, 0) + 1
        by_bus = point.stop_id in rides  # a van may still bring what the place is brought
        route, i = (None, 0) if by_bus else carried.get(point.stop_id, (None, 0))
        legs = () if route is None else _way(route, i, plan.site_of_stop)
        fetched, k = carried.get(fetched_by.get(point.stop_id, ""), (None, 0))
        legs = legs if fetched is None else (*legs, *_way(fetched, k, plan.site_of_stop))
        lots.append(
            Lot(
                id=lot_id(one.village_id, plan.date, number),
                village_id=one.village_id,
                product=one.product,
                date=plan.date,
                number=number,
                kg=one.kg,
                basis=one.basis or of_village.get(one.village_id, point.basis).get("pickup_kg", DemandBasis.ASSUMED),
                site_id=point.site_id,
                stop_id=point.stop_id,
                vehicle_id=None if route is None else route.vehicle_id,
                picked_up_s=None if route is None else route.visits[i].departure_s,
                legs=legs,
                stays_on_board=route is not None and _stays_on_board(route, i),
                rides=rides.get(point.stop_id, ()),
            )
        )
    return tuple(lots)


def lot_id(village_id: str, date: datetime.date, number: int) -> str:
    """Return the name of a lot.

    Examples
    --------
    >>> lot_id("230231100200", datetime.date(2026, 11, 10), 2)
    '230231100200-20261110-02'
    """
    return f"{village_id}-{date:%Y%m%d}-{number:02d}"


def parts_of_lot(lot: str) -> tuple[str, datetime.date, int]:
    """Return the village, the date and the number that the name of a lot says.

    Raises
    ------
    UsageError
        If it is no name of a lot.

    Examples
    --------
    >>> parts_of_lot("230231100200-20261110-02")
    ('230231100200', datetime.date(2026, 11, 10), 2)
    """
    village_id, _, number = lot.strip().rpartition("-")
    village_id, _, day = village_id.rpartition("-")
    numeric = day.isascii() and day.isdecimal() and len(day) == _DIGITS and number.isascii() and number.isdecimal()
    try:
        if not (numeric and village_id and len(number) < _DIGITS):
            raise ValueError(lot)
        return village_id, datetime.date(int(day[:4]), int(day[4:6]), int(day[6:])), int(number)
    except ValueError:
        raise UsageError(
            Message(
                "{lot}: no lot is called so; a lot is a village's code, a date and a number: {example}",
                lot=repr(lot[:80]),
                example="230231100200-20261110-01",
            )
        ) from None


def _stays_on_board(route: Route, picked: int) -> bool:
    """Return whether no depot comes after a visit: the route ends at a stop, and the vehicle does not reload before."""
    return route.open_end and all(reload.after <= picked for reload in route.reloads)


def _way(route: Route, first: int, sites: Mapping[str, str]) -> tuple[LotLeg, ...]:
    """Return the legs from the visit that picks a lot up to the next depot, or where a route ends at a stop, there."""
    legs, calls = route.legs(), route.calls()
    picked_up = route.visits[first]
    at = calls.index(picked_up)
    found, leaves_s = [], picked_up.departure_s
    for leg in legs:
        if leg.call is None:
            after, arrives_s = len(calls), route.end_s
        else:
            after, arrives_s = calls.index(leg.call), leg.call.arrival_s
        if after <= at:
            continue
        found.append(
            LotLeg(
                origin_id=sites[leg.origin_id],
                destination_id=sites[leg.destination_id],
                leaves_s=leaves_s,
                arrives_s=arrives_s,
                distance_m=leg.distance_m,
            )
        )
        if leg.call is None or isinstance(leg.call, Reload):
            break
        leaves_s = leg.call.departure_s
    return tuple(found)
