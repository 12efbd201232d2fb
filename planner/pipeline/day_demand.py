"""A day's orders over its estimate: what the table gives holds, what it lacks is estimated, and each figure says which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from planner.config import DemandConfig, RoutingConfig
from planner.errors import Message, of_file
from planner.geodata.findings import raise_for
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders
from planner.model import (
    AMOUNTS,
    Demand,
    DemandBasis,
    PointDemand,
    Produce,
    StudyArea,
    VillageDemand,
    WaitingOrders,
)
from planner.pipeline.order_windows import windows_at_fault
from planner.pipeline.rounding import round_to_total

_TRUST = (DemandBasis.ORDERED, DemandBasis.LEARNED, DemandBasis.ASSUMED)


class _Amounts(NamedTuple):
    """Figures by their names, and what each rests on."""

    figures: Mapping[str, float]
    basis: Mapping[str, DemandBasis]


def with_orders(
    estimate: Demand,
    orders: DayOrders,
    *,
    area: StudyArea,
    demand: DemandConfig,
    routing: RoutingConfig,
    opened: Set[str],
) -> Demand:
    """Return the demand of a date as its orders have it; what they lack is that of the estimate.

    Kilograms and cubic metres of parcels that were not weighed are made of the configured factors. A place that the table
    does not name is estimated, or has none, as ``orders`` says. Orders for a site that is not among those ``opened`` wait.

    Raises
    ------
    BadDataError
        With all that is wrong in the table, times that no visit can keep among it.
    """
    guessed = {one.village_id: one for one in estimate.villages}
    villages = {
        id_: _merged(_of_estimate(one), orders.villages.get(id_), orders, demand) for id_, one in guessed.items()
    }
    raise_for(
        [*orders.findings, *windows_at_fault(estimate, orders, partial(_with_goods, villages=villages), area, routing)],
        of_file(orders.table.name, Message("the orders of {date}", date=estimate.date)),
    )
    rests = _rounded_rests(estimate, orders, villages)
    points = [_point(point, orders, villages, rests[point.site_id], demand) for point in estimate.points]
    for point in points:
        if point.site_id in orders.points:
            villages |= _split(point, villages)
    known = {point.site_id for point in points}
    for site_id, one in orders.points.items():
        if site_id in opened and site_id not in known:
            points.append(_lone_point(site_id, one, demand))
    return replace(
        estimate,
        points=tuple(sorted(points, key=lambda point: point.site_id)),
        villages=tuple(_village(id_, found) for id_, found in sorted(villages.items())),
        orders=orders.table,
        waiting=tuple(_waiting(one, demand) for one in _without_place(orders, villages.keys(), opened)),
    )


def _of_estimate(one: VillageDemand | PointDemand) -> _Amounts:
    return _Amounts(
        {name: float(getattr(one, name)) for name in AMOUNTS},
        {name: one.basis.get(name, DemandBasis.ASSUMED) for name in AMOUNTS},
    )


def _merged(guess: _Amounts, ordered: PlaceOrders | None, orders: DayOrders, config: DemandConfig) -> _Amounts:
    """Return the figures of a place: ordered, made of ordered parcels by the factors, or estimated."""
    if ordered is None:
        none = orders.none_elsewhere
        return _Amounts(
            {name: 0.0 if name in none else value for name, value in guess.figures.items()},
            {name: DemandBasis.ORDERED if name in none else basis for name, basis in guess.basis.items()},
        )
    figures, basis = dict(guess.figures), dict(guess.basis)
    for side in ("delivery", "pickup"):
        names = [f"{side}_{measure}" for measure in ("parcels", "kg", "m3")]
        given = {name: ordered.amounts[name] for name in names if name in ordered.amounts}
        if not given and not orders.whole.isdisjoint(names):
            given = dict.fromkeys(names, 0.0)
        if not given:
            continue
        made = _side(given, guess, side, config, ordered.unweighed)
        figures |= made.figures
        basis |= made.basis
    return _Amounts(figures, basis)


def _side(
    given: Mapping[str, float], guess: _Amounts, side: str, config: DemandConfig, unweighed: Mapping[str, float]
) -> _Amounts:
    """Return parcels, kg and m³ of one direction, of which at least one is given."""
    parcels_name, kg_name, m3_name = (f"{side}_{measure}" for measure in ("parcels", "kg", "m3"))
    basis = dict.fromkeys(given, DemandBasis.ORDERED)
    nothing = not any(given.values())
    if parcels_name in given:
        parcels = given[parcels_name]
    elif nothing:
        parcels, basis[parcels_name] = 0.0, DemandBasis.ORDERED
    else:
        parcels, basis[parcels_name] = guess.figures[parcels_name], guess.basis[parcels_name]
    factor_basis = DemandBasis.ORDERED if nothing and not parcels else DemandBasis.ASSUMED
    of_parcels = parcels * config.kg_per_parcel
    kg = given.get(kg_name)
    if kg is None:
        m3 = given.get(m3_name, 0.0)
        loose_kg = 0.0 if parcels else m3 / config.m3_per_parcel * config.kg_per_parcel
        kg, basis[kg_name] = of_parcels + loose_kg, factor_basis
    elif kg_name in unweighed:
        kg, basis[kg_name] = kg + min(unweighed[kg_name], parcels) * config.kg_per_parcel, DemandBasis.ASSUMED
    room = given.get(m3_name)
    if room is None:
        rest_kg = max(0.0, kg - of_parcels)
        per_kg = 1 / config.kg_per_m3_produce if side == "pickup" else config.m3_per_parcel / config.kg_per_parcel
        loose_m3 = rest_kg * per_kg if side == "pickup" or not parcels else 0.0
        room, basis[m3_name] = parcels * config.m3_per_parcel + loose_m3, factor_basis
    elif m3_name in unweighed:
        room, basis[m3_name] = room + unweighed[m3_name] * config.m3_per_parcel, DemandBasis.ASSUMED
    return _Amounts({parcels_name: parcels, kg_name: kg, m3_name: room}, basis)


def _rounded_rests(estimate: Demand, orders: DayOrders, villages: Mapping[str, _Amounts]) -> dict[str, dict[str, int]]:
    """Return the estimated parcels of each point, whole, by the largest remainder over the points.

    Where nobody of a point is in the table, and it leaves nobody out, they are those of the estimate.
    """
    rests: dict[str, dict[str, int]] = {point.site_id: {} for point in estimate.points}
    for name in ("delivery_parcels", "pickup_parcels"):
        open_points, amounts = [], []
        for point in estimate.points:
            guessed = [
                villages[id_].figures[name]
                for id_ in point.village_ids
                if villages[id_].basis[name] is not DemandBasis.ORDERED
            ]
            if len(guessed) == len(point.village_ids):
                rests[point.site_id][name] = getattr(point, name)
            else:
                open_points.append(point.site_id)
                amounts.append(sum(guessed))
        for site_id, whole in zip(open_points, round_to_total(amounts), strict=True):
            rests[site_id][name] = whole
    return rests


def _point(
    point: PointDemand,
    orders: DayOrders,
    villages: Mapping[str, _Amounts],
    rest: Mapping[str, int],
    config: DemandConfig,
) -> PointDemand:
    """Return the demand of a point: that of its own rows, else the sum of its villages'."""
    own = orders.points.get(point.site_id)
    members = [orders.villages[id_] for id_ in point.village_ids if id_ in orders.villages]
    found = _summed(point, villages, rest, config)
    if own is not None:
        found = _merged(found, own, orders, config)
    named = {one.village_id: one for one in point.produce}
    produce = [
        Produce(
            village_id=member.place.village_id,
            product=product,
            kg=round(kg, 6),
            basis=_basis_of_product(member, product, villages),
        )
        for member in members
        for product, kg in sorted(member.products.items())
        if kg > 0
    ]
    silent = set(point.village_ids) - {member.place.village_id for member in members}
    if own is None and "pickup_kg" not in orders.none_elsewhere:
        produce += [named[id_] for id_ in sorted(silent) if id_ in named]
    for member in members:
        untouched = member.amounts.keys().isdisjoint({"pickup_parcels", "pickup_kg", "pickup_m3"})
        if untouched and "pickup_kg" not in orders.whole and member.place.village_id in named:
            produce.append(named[member.place.village_id])
    return replace(
        point,
        **_fields(found),
        produce=tuple(sorted(produce, key=lambda one: (one.village_id, one.product))),
        **_asked([own] if own is not None and any(found.figures.values()) else _with_goods(members, villages)),
    )


def _basis_of_product(member: PlaceOrders, product: str, villages: Mapping[str, _Amounts]) -> DemandBasis | None:
    """Return what the weight of a product in the table rests on, None if it is what the village's whole pickup does."""
    own = DemandBasis.ASSUMED if product in member.split else DemandBasis.ORDERED
    return None if villages[member.place.village_id].basis["pickup_kg"] is own else own


def _summed(
    point: PointDemand, villages: Mapping[str, _Amounts], rest: Mapping[str, int], config: DemandConfig
) -> _Amounts:
    """Return the sum over a point's villages; what is estimated weighs what its whole parcels do."""
    figures: dict[str, float] = {}
    for side in ("delivery", "pickup"):
        parcels, kg, m3 = (f"{side}_{measure}" for measure in ("parcels", "kg", "m3"))
        told = [villages[id_] for id_ in point.village_ids if villages[id_].basis[parcels] is DemandBasis.ORDERED]
        guessed = [
            villages[id_] for id_ in point.village_ids if villages[id_].basis[parcels] is not DemandBasis.ORDERED
        ]
        if not told and all(one.basis[name] is not DemandBasis.ORDERED for one in guessed for name in (kg, m3)):
            figures |= {name: float(getattr(point, name)) for name in (parcels, kg, m3)}
            continue
        figures[parcels] = sum(one.figures[parcels] for one in told) + rest[parcels]
        moved = rest[parcels] - sum(one.figures[parcels] for one in guessed)  # by rounding
        for name, each in ((kg, config.kg_per_parcel), (m3, config.m3_per_parcel)):
            by_factor = any(one.basis[name] is not DemandBasis.ORDERED for one in guessed)
            figures[name] = sum(one.figures[name] for one in (*told, *guessed)) + (moved * each if by_factor else 0.0)
    basis = {name: max((villages[id_].basis[name] for id_ in point.village_ids), key=_TRUST.index) for name in AMOUNTS}
    return _Amounts(figures, basis)


def _fields(found: _Amounts) -> dict[str, Any]:
    """Return figures as fields of `PointDemand`."""
    whole = {name: round(value) for name, value in found.figures.items() if name.endswith("_parcels")}
    return {**found.figures, **whole, "basis": dict(found.basis)}


def _asked(members: Sequence[PlaceOrders]) -> dict[str, Any]:
    """Return when a point is to be visited and with what: as all who have something there want it."""
    earliest = [one.earliest_s for one in members if one.earliest_s is not None]
    latest = [one.latest_s for one in members if one.latest_s is not None]
    return {
        "earliest_s": max(earliest, default=None),
        "latest_s": min(latest, default=None),
        "cold": any(one.cold for one in members),
    }


def _with_goods(members: Sequence[PlaceOrders], villages: Mapping[str, _Amounts]) -> list[PlaceOrders]:
    """Return the villages that have something that day: the times of the others bind nobody."""
    return [one for one in members if any(villages[one.place.village_id].figures.values())]


def _split(point: PointDemand, villages: Mapping[str, _Amounts]) -> dict[str, _Amounts]:
    """Return a point's own figures shared by its villages as they were estimated, alike where nothing was."""
    shared: dict[str, dict[str, float]] = {id_: {} for id_ in point.village_ids}
    for name in AMOUNTS:
        parts = [villages[id_].figures[name] for id_ in point.village_ids]
        whole = sum(parts)
        for id_, part in zip(point.village_ids, parts, strict=True):
            shared[id_][name] = getattr(point, name) * (part / whole if whole else 1 / len(parts))
    return {id_: _Amounts(figures, dict(villages[id_].basis)) for id_, figures in shared.items()}


def _lone_point(site_id: str, one: PlaceOrders, config: DemandConfig) -> PointDemand:
    """Return the demand of an open site at which no village hands over: only what is ordered."""
    return PointDemand(
        site_id=site_id,
        village_ids=(),
        **_fields(_only_ordered(one, config)),
        **_asked([one]),
    )


def _only_ordered(one: PlaceOrders, config: DemandConfig) -> _Amounts:
    nothing = _Amounts(dict.fromkeys(AMOUNTS, 0.0), dict.fromkeys(AMOUNTS, DemandBasis.ORDERED))
    figures, basis = dict(nothing.figures), dict(nothing.basis)
    for side in ("delivery", "pickup"):
        given = {name: value for name, value in one.amounts.items() if name.startswith(side)}
        if given:
            made = _side(given, nothing, side, config, one.unweighed)
            figures |= made.figures
            basis |= made.basis
    return _Amounts(figures, basis)


def _without_place(orders: DayOrders, handing_over: Set[str], opened: Set[str]) -> Iterator[PlaceOrders]:
    """Yield the orders that are for no open place: villages that hand over nowhere, then sites that are not open."""
    for id_, one in sorted(orders.villages.items()):
        if id_ not in handing_over and any(one.amounts.values()):
            yield one
    for id_, one in sorted(orders.points.items()):
        if id_ not in opened and any(one.amounts.values()):
            yield one


def _waiting(one: PlaceOrders, config: DemandConfig) -> WaitingOrders:
    fields = _fields(_only_ordered(one, config))
    return WaitingOrders(
        village_id=one.place.village_id,
        site_id=one.place.site_id,
        **{name: fields[name] for name in AMOUNTS},
    )


def _village(id_: str, found: _Amounts) -> VillageDemand:
    return VillageDemand(village_id=id_, **found.figures, basis=dict(found.basis))
