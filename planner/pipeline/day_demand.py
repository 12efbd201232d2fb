"""A day's orders over its estimate: what the table gives holds, what it lacks is estimated, and each figure says which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

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
    VillageDemand,
    WaitingDemand,
)
from planner.pipeline.asked_shares import shares_of, waiting_at
from planner.pipeline.order_figures import Amounts, demand_fields, merged, of_estimate, only_ordered
from planner.pipeline.point_stops import PointShare, point_stops
from planner.pipeline.rounding import round_to_total

_TRUST = (DemandBasis.ORDERED, DemandBasis.LEARNED, DemandBasis.ASSUMED)


def with_orders(
    estimate: Demand,
    orders: DayOrders,
    *,
    demand: DemandConfig,
    routing: RoutingConfig,
    opened: Set[str],
) -> Demand:
    """Return the demand of a date as its orders have it; what they lack is that of the estimate.

    Kilograms and cubic metres of parcels that were not weighed are made of the configured factors. A place that the table
    does not name is estimated, or has none, as ``orders`` says. What is for a site that is not among those ``opened``, for a
    village without a place, or for a time at which its point is never open waits; what cannot come to a point in one visit
    comes in several.

    Raises
    ------
    BadDataError
        With all that is wrong in the table.
    """
    guessed = {one.village_id: one for one in estimate.villages}
    villages = {id_: merged(of_estimate(one), orders.villages.get(id_), orders, demand) for id_, one in guessed.items()}
    raise_for(orders.findings, of_file(orders.table.name, Message("the orders of {date}", date=estimate.date)))
    rests = _rounded_rests(estimate, orders, villages)
    points = [_point(point, orders, villages, rests[point.site_id], demand) for point in estimate.points]
    for point in points:
        if point.site_id in orders.points:
            villages |= _split(point, villages)
    known = {point.site_id for point in points}
    for site_id, one in orders.points.items():
        if site_id in opened and site_id not in known:
            points.append(_lone_point(site_id, one, demand))
    stops: list[PointDemand] = []
    waiting = [*_without_place(estimate, orders, villages.keys(), opened, demand)]
    for point in sorted(points, key=lambda point: point.site_id):
        found = point_stops(point, shares_of(point, villages, orders, demand), routing)
        stops += found.stops
        for share in found.never:
            waiting.append(waiting_at(point.site_id, share))
            for id_ in share.village_ids if len(share.village_ids) == 1 else ():
                left = {name: max(0.0, villages[id_].figures[name] - share.figures[name]) for name in AMOUNTS}
                villages[id_] = Amounts(left, villages[id_].basis)
    return replace(
        estimate,
        points=tuple(stops),
        villages=tuple(_village(id_, found) for id_, found in sorted(villages.items())),
        orders=orders.table,
        waiting=tuple(waiting),
    )


def _rounded_rests(estimate: Demand, orders: DayOrders, villages: Mapping[str, Amounts]) -> dict[str, dict[str, int]]:
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
    villages: Mapping[str, Amounts],
    rest: Mapping[str, int],
    config: DemandConfig,
) -> PointDemand:
    """Return the demand of a point: that of its own rows, else the sum of its villages'."""
    own = orders.points.get(point.site_id)
    found = _summed(point, orders, villages, rest, config)
    if own is not None:
        found = merged(found, own, orders, config)
    return replace(
        point,
        **demand_fields(found),
        produce=tuple(sorted(_produce(point, orders, villages), key=lambda one: (one.village_id, one.product))),
    )


def _produce(point: PointDemand, orders: DayOrders, villages: Mapping[str, Amounts]) -> Iterator[Produce]:
    """Yield what each village of a point sends of each product: as its rows say, or estimated where they say nothing."""
    own = orders.points.get(point.site_id)
    for id_ in point.village_ids:
        one = orders.villages.get(id_, own)
        mine = [made for made in point.produce if made.village_id == id_]
        if one is None:
            yield from mine if "pickup_kg" not in orders.none_elsewhere else ()
        elif not one.assumed and not one.brings("pickup") and "pickup_kg" not in orders.whole:
            yield from mine
        elif one is not own or len(point.village_ids) == 1:
            yield from _produce_of_rows(id_, one, villages[id_])
        else:
            yield from (made for made in mine if made.product in one.assumed)
            owned = {made.product for made in mine if _owners(point, made.product) == 1}
            known = {product: kg for product, kg in one.products.items() if product in owned}
            yield from _produce_of_rows(id_, replace(one, products=known, assumed={}), villages[id_])


def _owners(point: PointDemand, product: str) -> int:
    return sum(made.product == product for made in point.produce)


def _produce_of_rows(village_id: str, one: PlaceOrders, village: Amounts) -> Iterator[Produce]:
    """Yield each product of a village's rows; its basis is None where it is what the village's whole pickup rests on."""
    for product in sorted(one.products.keys() | one.assumed.keys()):
        kg = one.products.get(product, 0.0) + one.assumed.get(product, 0.0)
        guessed = product in one.split or product in one.assumed
        basis = DemandBasis.ASSUMED if guessed else DemandBasis.ORDERED
        if kg > 0:
            yield Produce(
                village_id=village_id,
                product=product,
                kg=round(kg, 6),
                basis=None if village.basis["pickup_kg"] is basis else basis,
            )


def _summed(
    point: PointDemand,
    orders: DayOrders,
    villages: Mapping[str, Amounts],
    rest: Mapping[str, int],
    config: DemandConfig,
) -> Amounts:
    """Return the sum over a point's villages; what is estimated weighs what its whole parcels do."""
    figures: dict[str, float] = {}
    for side in ("delivery", "pickup"):
        parcels, kg, m3 = (f"{side}_{measure}" for measure in ("parcels", "kg", "m3"))
        told = [villages[id_] for id_ in point.village_ids if villages[id_].basis[parcels] is DemandBasis.ORDERED]
        guessed = [
            villages[id_] for id_ in point.village_ids if villages[id_].basis[parcels] is not DemandBasis.ORDERED
        ]
        changed = any(orders.villages[id_].assumed for id_ in point.village_ids if id_ in orders.villages)
        if not (told or changed) and all(
            one.basis[name] is not DemandBasis.ORDERED for one in guessed for name in (kg, m3)
        ):
            figures |= {name: float(getattr(point, name)) for name in (parcels, kg, m3)}
            continue
        figures[parcels] = sum(one.figures[parcels] for one in told) + rest[parcels]
        moved = rest[parcels] - sum(one.figures[parcels] for one in guessed)  # by rounding
        for name, each in ((kg, config.kg_per_parcel), (m3, config.m3_per_parcel)):
            by_factor = any(one.basis[name] is not DemandBasis.ORDERED for one in guessed)
            figures[name] = sum(one.figures[name] for one in (*told, *guessed)) + (moved * each if by_factor else 0.0)
    basis = {name: max((villages[id_].basis[name] for id_ in point.village_ids), key=_TRUST.index) for name in AMOUNTS}
    return Amounts(figures, basis)


def _split(point: PointDemand, villages: Mapping[str, Amounts]) -> dict[str, Amounts]:
    """Return a point's own figures shared by its villages as they were estimated, alike where nothing was."""
    shared: dict[str, dict[str, float]] = {id_: {} for id_ in point.village_ids}
    for name in AMOUNTS:
        parts = [villages[id_].figures[name] for id_ in point.village_ids]
        whole = sum(parts)
        for id_, part in zip(point.village_ids, parts, strict=True):
            shared[id_][name] = getattr(point, name) * (part / whole if whole else 1 / len(parts))
    return {id_: Amounts(figures, dict(villages[id_].basis)) for id_, figures in shared.items()}


def _lone_point(site_id: str, one: PlaceOrders, config: DemandConfig) -> PointDemand:
    """Return the demand of an open site at which no village hands over: only what is ordered."""
    return PointDemand(site_id=site_id, village_ids=(), **demand_fields(only_ordered(one, config)))


def _without_place(
    estimate: Demand, orders: DayOrders, handing_over: Set[str], opened: Set[str], config: DemandConfig
) -> Iterator[WaitingDemand]:
    """Yield what no open place takes: villages that hand over nowhere, then what is ordered for sites that are not open."""
    guessed = {one.village_id: one for one in estimate.waiting}
    for id_ in sorted(guessed.keys() | orders.villages.keys() - handing_over):
        ordered = orders.villages.get(id_)
        if id_ in guessed:
            found = merged(of_estimate(guessed[id_]), ordered, orders, config)
        else:
            found = only_ordered(orders.villages[id_], config)
        if any(found.figures.values()):
            yield WaitingDemand(village_id=id_, **demand_fields(found))
    for id_, one in sorted(orders.points.items()):
        if id_ not in opened and any(one.amounts.values()):
            yield WaitingDemand(site_id=id_, **demand_fields(only_ordered(one, config)))


def _village(id_: str, found: Amounts) -> VillageDemand:
    return VillageDemand(village_id=id_, **found.figures, basis=dict(found.basis))


def with_stops(estimate: Demand, routing: RoutingConfig) -> Demand:
    """Return the estimate as the demand of a date without orders; one that no vehicle carries whole has several stops."""
    villages = {one.village_id: one for one in estimate.villages}
    stops: list[PointDemand] = []
    for point in estimate.points:
        shares = [
            PointShare(
                village_ids=(id_,),
                figures={name: float(getattr(villages[id_], name)) for name in AMOUNTS},
                basis=villages[id_].basis,
                produce=tuple(made for made in point.produce if made.village_id == id_),
            )
            for id_ in point.village_ids
        ]
        stops += point_stops(point, shares, routing).stops
    return replace(estimate, points=tuple(stops), villages=())
