"""Produce whose weight a table of orders leaves open: what the configuration says of it, as on a day without a table."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from planner.config import DemandConfig
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders
from planner.model import StudyArea, Village, said
from planner.pipeline.estimate import produce_of_households


def with_assumed_produce(
    orders: DayOrders, area: StudyArea, places: Mapping[str, str], config: DemandConfig, date: datetime.date
) -> DayOrders:
    """Return the orders with the weights that they leave open, by product, in kg; ``places`` has each village's point.

    A product without a weight has what the households of its village are taken to send; of several that a village names
    each has its share, alike. A village of which the table says that something goes up, but nothing of produce, sends what
    it does without a table. A point has that of its villages, of a product that of the villages that have it.
    """
    members: dict[str, list[Village]] = {}
    for village in area.villages:
        members.setdefault(places.get(village.id, ""), []).append(village)
    villages = {
        id_: _assumed(one, [area.village_by_id[id_]], config, date) for id_, one in sorted(orders.villages.items())
    }
    points = {id_: _assumed(one, members.get(id_, []), config, date) for id_, one in sorted(orders.points.items())}
    filled = [one for one in (*villages.values(), *points.values()) if one.assumed]
    notes = [_note(orders, filled)] if filled else []
    for id_, one in points.items():
        owners = Counter(village.product for village in members.get(id_, []))
        lone = len(members.get(id_, [])) == 1
        notes += [_of_nobody(orders, one, name) for name in one.products if owners[name] != 1 and not lone]
    return replace(orders, villages=villages, points=points, findings=(*orders.findings, *notes))


def _assumed(one: PlaceOrders, villages: list[Village], config: DemandConfig, date: datetime.date) -> PlaceOrders:
    if not one.unweighed_products and (one.tells_produce or not one.brings("pickup")):
        return one
    found: dict[str, float] = {}
    if one.unweighed_products and len(villages) <= 1:
        named = one.unweighed_products | one.products.keys()
        whole = produce_of_households(sum(village.households for village in villages), config, date)
        found = dict.fromkeys(sorted(one.unweighed_products), whole / len(named))
    else:
        for village in villages:
            if village.product in (one.unweighed_products or {village.product} - {""}):
                kg = produce_of_households(village.households, config, date)
                found[village.product] = found.get(village.product, 0.0) + kg
    found = {product: kg for product, kg in found.items() if kg}
    return replace(
        one,
        assumed=found,
        parts=tuple(
            replace(part, assumed={name: found[name] for name in sorted(part.unweighed_products) if name in found})
            for part in one.parts
        ),
    )


def _of_nobody(orders: DayOrders, one: PlaceOrders, product: str) -> Finding:
    """Return a warning: a lot is of one village, and nobody knows of which this is."""
    return Finding(
        severity=Severity.WARNING,
        code="product_of_point",
        file=orders.table.name,
        row=one.rows[0].number,
        field=orders.rows.headings.get("product", "product"),
        value=product,
        message=said("is of a point, and of no village alone: no lot is made of it"),
        remedy=said("give it in a row of the village that it comes from"),
    )


def _note(orders: DayOrders, filled: list[PlaceOrders]) -> Finding:
    message = said(
        "the produce of {count} villages and points has no weight: estimated, {kg} kg together",
        count=len(filled),
        kg=f"{sum(kg for one in filled for kg in one.assumed.values()):.1f}",
    )
    remedy = said("write it in the column Produce (kg), 0 where there is none")
    return about_file(Severity.NOTE, "produce_estimated", orders.table.name, message, remedy)
