"""The stops that a point's demand takes: cold goods apart, times that exclude each other, and what no vehicle carries whole.

One stop is the rule. What a row of orders asks for holds for what the row brings and for nobody else, so that a point whose
rows ask for things that do not go together is visited more than once instead of not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner.config import RoutingConfig, VehicleConfig
from planner.model import AMOUNTS, DemandBasis, PointDemand, Produce
from planner.pipeline.fleet import COLD, hours_of, room_of
from planner.pipeline.rounding import round_to_total

_TRUST = (DemandBasis.ORDERED, DemandBasis.LEARNED, DemandBasis.ASSUMED)
_MOST_FLEETS = 2
"""A figure that would take so many times all trips of the vehicles that may come is a slip of the pen, left as it is."""
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PointShare:
    """What is for these villages and goes together: all of it is cold or nothing, and it is to come between two times."""

    village_ids: tuple[str, ...]
    figures: Mapping[str, float]
    basis: Mapping[str, DemandBasis]
    produce: tuple[Produce, ...] = ()
    earliest_s: float | None = None
    latest_s: float | None = None
    cold: bool = False

    @property
    def something(self) -> bool:
        """Whether there is anything to bring or fetch."""
        return any(value > _NOTHING for value in self.figures.values())

    def span(self, hours: tuple[float, float]) -> tuple[float, float]:
        """Return from when until when it can come at a point with these hours; nowhere if it ends before it begins."""
        opens, closes = hours
        return (
            opens if self.earliest_s is None else max(opens, self.earliest_s),
            closes if self.latest_s is None else min(closes, self.latest_s),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointStops:
    """The stops of a point, and what cannot come at any time that it is open."""

    stops: tuple[PointDemand, ...]
    never: tuple[PointShare, ...] = ()


def point_stops(point: PointDemand, shares: Sequence[PointShare], routing: RoutingConfig) -> PointStops:
    """Return the stops of a point; ``shares`` are all that is there, and come to its figures but for rounding.

    Where all that is asked for goes together the point is one stop with its own figures. Else each stop has those of its
    shares, parcels rounded so that the stops come to the point's.
    """
    hours = hours_of(point.site_id, routing)
    there = [one for one in shares if one.something]
    never = tuple(one for one in there if one.span(hours)[0] > one.span(hours)[1])
    groups = _groups([one for one in there if one not in never], hours)
    asked = [_asked(group) for group in groups]
    trips = [
        trip
        for group, ask in zip(groups, asked, strict=True)
        for trip in _trips(point, group, ask["cold"], routing, alone=len(groups) == 1 and not never)
    ]
    if len(trips) <= 1 and not never:
        return PointStops(stops=(replace(point, **(asked[0] if asked else _asked(()))),))
    return PointStops(stops=_with_figures(point, trips, never), never=never)


def _groups(shares: Sequence[PointShare], hours: tuple[float, float]) -> list[list[PointShare]]:
    """Return the shares in as few groups as go together: cold apart, and a time of day in common; the cold ones last.

    What has no time of its own joins the first group of its kind.
    """
    groups: list[list[PointShare]] = []
    for cold in (False, True):
        of_kind: list[tuple[list[PointShare], float]] = []
        for one in sorted((one for one in shares if one.cold is cold), key=lambda one: one.span(hours)[1]):
            opens, closes = one.span(hours)
            fitting = next((group for group, closes_s in of_kind if opens <= closes_s), None)
            if fitting is None:
                of_kind.append(([one], closes))
            else:
                fitting.append(one)
        groups += [group for group, _ in of_kind]
    return groups


def _asked(shares: Iterable[PointShare]) -> dict[str, Any]:
    """Return what all of a stop's shares ask together, as fields of `PointDemand`."""
    found = list(shares)
    return {
        "earliest_s": max((one.earliest_s for one in found if one.earliest_s is not None), default=None),
        "latest_s": min((one.latest_s for one in found if one.latest_s is not None), default=None),
        "cold": any(one.cold for one in found),
    }


def _trips(
    point: PointDemand, group: Sequence[PointShare], cold: bool, routing: RoutingConfig, *, alone: bool
) -> list[list[PointShare]]:
    """Return a group in as many parts as one vehicle each carries: whole villages together, where one has not too many."""
    whole = {name: float(getattr(point, name)) for name in AMOUNTS} if alone else _sum(group)
    room = _best_room(whole, _allowed(point.site_id, cold, routing), 1 - routing.load_reserve)
    if room is None or _times(whole, room) <= 1:
        return [list(group)]
    trips: list[list[PointShare]] = []
    pieces = [piece for one in group for piece in _pieces(one, _times(one.figures, room))]
    for piece in sorted(pieces, key=lambda piece: -_fullness(piece.figures, room)):
        fitting = next((trip for trip in trips if _times(_sum([*trip, piece]), room, spare=2.0) <= 1), None)
        if fitting is None:
            trips.append([piece])
        else:
            fitting.append(piece)
    return trips


def _allowed(site_id: str, cold: bool, routing: RoutingConfig) -> list[VehicleConfig]:
    """Return the types of vehicles that may serve a stop at a site."""
    asked = next((one for one in routing.stops if one.site_id == site_id), None)
    needs = {*(asked.needs if asked else ()), *((COLD,) if cold else ())}
    found = [one for one in routing.vehicles if one.count and needs.issubset(one.skills)]
    if asked is None:
        return found
    named = [{one.id, *(f"{one.id}-{n + 1}" for n in range(one.count))} for one in found]
    return [
        one
        for one, names in zip(found, named, strict=True)
        if (not asked.only_vehicles or not names.isdisjoint(asked.only_vehicles))
        and one.id not in asked.not_vehicles
        and not names - {one.id} <= set(asked.not_vehicles)
    ]


def _best_room(
    figures: Mapping[str, float], vehicles: Sequence[VehicleConfig], share: float
) -> tuple[float, ...] | None:
    """Return the room of a vehicle that takes all of it in the fewest trips, None if none can in a sensible number."""
    most = _MOST_FLEETS * sum(one.count * (1 + one.max_reloads) for one in vehicles)
    rooms = [
        (math.floor(parcels + _NOTHING) if math.isfinite(parcels) else parcels, kg, m3)
        for parcels, kg, m3 in (room_of(one, share) for one in vehicles)
    ]
    best = min(rooms, key=lambda room: _times(figures, room), default=None)
    return best if best is not None and _times(figures, best) <= most else None


def _fullness(figures: Mapping[str, float], room: Sequence[float], spare: float = 0.0) -> float:
    """Return how much of a room the figures take, both ways at most.

    Parts of parcels are rounded later, with what they weigh: ``spare`` parcels stay free for that.
    """
    parts = []
    for side in ("delivery", "pickup"):
        parcels = figures[f"{side}_parcels"]
        more = 1.0 if parcels == round(parcels) else 1.0 + spare / parcels
        for measure, most in zip(("parcels", "kg", "m3"), room, strict=True):
            amount = figures[f"{side}_{measure}"] * more
            if amount > _NOTHING:
                parts.append(amount / most if most > 0 else math.inf)
    return max(parts, default=0.0)


def _times(figures: Mapping[str, float], room: Sequence[float], spare: float = 0.0) -> float:
    """Return how many visits it takes to bring and fetch the figures with a vehicle of this room."""
    full = _fullness(figures, room, spare)
    return math.ceil(full - _NOTHING) if math.isfinite(full) else math.inf


def _pieces(one: PointShare, count: float) -> list[PointShare]:
    """Return a share in so many pieces of one size; whole parcels stay whole."""
    if count <= 1:
        return [one]
    parts = int(count)
    figures: list[dict[str, float]] = [{} for _ in range(parts)]
    for name in AMOUNTS:
        value = one.figures[name]
        even: list[float] = [value / parts] * parts
        if name.endswith("_parcels") and value == round(value):
            even = [float(number) for number in round_to_total(even)]
        for piece, amount in zip(figures, even, strict=True):
            piece[name] = amount
    produce = tuple(replace(made, kg=round(made.kg / parts, 6)) for made in one.produce)
    return [replace(one, figures=piece, produce=produce) for piece in figures]


def _sum(shares: Sequence[PointShare]) -> dict[str, float]:
    return {name: math.fsum(one.figures[name] for one in shares) for name in AMOUNTS}


def _with_figures(
    point: PointDemand, trips: Sequence[Sequence[PointShare]], never: Sequence[PointShare]
) -> tuple[PointDemand, ...]:
    """Return a stop for each trip; the first has what rounding leaves of the point's parcels, and who has nothing."""
    parts: list[dict[str, Any]] = [dict(_sum(trip)) for trip in (*trips, never)]
    for name in AMOUNTS:
        amounts = [part[name] for part in parts]
        if name.endswith("_parcels"):
            amounts = [*round_to_total(amounts)]
        amounts[0] = max(0, amounts[0] + getattr(point, name) - sum(amounts))
        for part, amount in zip(parts, amounts, strict=True):
            part[name] = amount
    idle = set(point.village_ids) - {id_ for trip in trips for one in trip for id_ in one.village_ids}
    if not trips:
        nothing: dict[str, Any] = dict.fromkeys(AMOUNTS, 0)
        return (replace(point, **nothing, produce=()),)
    stops = []
    for visit, (trip, part) in enumerate(zip(trips, parts, strict=False), start=1):
        ids = {id_ for one in trip for id_ in one.village_ids} | (idle if visit == 1 else set())
        basis = {
            name: max((one.basis.get(name, DemandBasis.ASSUMED) for one in trip), key=_TRUST.index) for name in AMOUNTS
        }
        stops.append(
            replace(
                point,
                visit=visit,
                village_ids=tuple(sorted(ids)),
                **part,
                produce=_together([made for one in trip for made in one.produce]),
                basis=basis,
                **_asked(trip),
            )
        )
    return tuple(stops)


def _together(produce: Sequence[Produce]) -> tuple[Produce, ...]:
    """Return produce of one village and kind added up, by village and product."""
    sums: dict[tuple[str, str], float] = {}
    for one in produce:
        key = (one.village_id, one.product)
        sums[key] = sums.get(key, 0.0) + one.kg
    return tuple(Produce(village_id=id_, product=product, kg=kg) for (id_, product), kg in sorted(sums.items()))
