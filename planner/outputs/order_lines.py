"""What a page says of a day's orders: what was entered and what estimated, and that no parcel is lost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from planner.model import AMOUNTS, DemandBasis, OrderTable, PointDemand, ReadAs, WaitingOrders
from planner.outputs.left_out import why_cut_off
from planner.outputs.names import spoken_name
from planner.plans import DayPlan
from planner.plans.under_way import AddedStop
from planner.words import figures, listed, say

_SIDES = ("delivery_parcels", "pickup_parcels")
_PARCELS = frozenset(_SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSums:
    """Parcels of a day, down and up: those ``listed`` and those ``estimated`` are ``on_routes`` or ``not_served``."""

    listed: tuple[int, int]
    estimated: tuple[int, int]
    on_routes: tuple[int, int]
    not_served: tuple[int, int]

    @property
    def add_up(self) -> bool:
        """Whether no parcel is lost or made."""
        return all(
            there + guessed == carried + left
            for there, guessed, carried, left in zip(
                self.listed, self.estimated, self.on_routes, self.not_served, strict=True
            )
        )


def parcel_sums(plan: DayPlan) -> ParcelSums:
    """Return the parcels of a day: those of the table as its rows count them, on routes as the visits do."""
    table = plan.demand.orders
    left = {one.stop_id for one in plan.routes.unassigned}
    came_up, moved = _came_up(plan)
    visits = [visit for route in plan.routes.routes for visit in route.visits if visit.stop_id not in moved]
    carried = (round(sum(visit.delivered[0] for visit in visits)), round(sum(visit.picked_up[0] for visit in visits)))
    left |= {one.stop_id for one in plan.under_way.settled if one.settled != "done"} if plan.under_way else set()
    stranded: list[PointDemand | WaitingOrders] = [point for point in plan.demand.points if point.site_id in left]
    stranded += plan.demand.waiting
    late = [one for one in came_up if one.id in left]
    return ParcelSums(
        listed=(
            (table.delivery_parcels if table else 0) + round(sum(one.delivery[0] for one in came_up)),
            (table.pickup_parcels if table else 0) + round(sum(one.pickup[0] for one in came_up)),
        ),
        estimated=(_estimated(plan, "delivery_parcels"), _estimated(plan, "pickup_parcels")),
        on_routes=carried,
        not_served=(
            sum(one.delivery_parcels for one in stranded) + round(sum(one.delivery[0] for one in late)),
            sum(one.pickup_parcels for one in stranded) + round(sum(one.pickup[0] for one in late)),
        ),
    )


def _came_up(plan: DayPlan) -> tuple[list[AddedStop], set[str]]:
    """Return the stops that people asked for during the day, and the ids of those at which goods change vehicles only."""
    added = plan.under_way.added if plan.under_way else ()
    planned = {point.site_id for point in plan.demand.points}
    moved = {one.id for one in added if one.taken_from}
    halves = {id_ for one in added for id_ in (one.id, one.id.removesuffix("/pickup")) if one.id.endswith("/pickup")}
    return [one for one in added if one.id not in planned | moved | halves], moved


def _estimated(plan: DayPlan, name: str) -> int:
    """Return the parcels of all points that no row has ordered."""
    ordered = {
        one.village_id: float(getattr(one, name))
        for one in plan.demand.villages
        if one.basis.get(name) is DemandBasis.ORDERED
    }
    return round(
        sum(
            float(getattr(point, name)) - sum(ordered.get(id_, 0.0) for id_ in point.village_ids)
            for point in plan.demand.points
            if point.basis.get(name) is not DemandBasis.ORDERED
        )
    )


def entered_and_estimated(plan: DayPlan) -> tuple[int, int, int]:
    """Return how many villages the table is about, how many are estimated, and how many have none for not being in it."""
    table = plan.demand.orders
    if table is None:
        return 0, len(plan.demand.villages), 0
    of_points = {
        id_
        for point in plan.demand.points
        if DemandBasis.ORDERED in point.basis.values()
        for id_ in point.village_ids
        if _has_own_row(plan, point)
    }
    guessed = [
        one
        for one in plan.demand.villages
        if DemandBasis.ORDERED not in one.basis.values() and one.village_id not in of_points
    ]
    everybody = {one.village_id for one in plan.demand.villages} | {one.village_id for one in plan.demand.waiting} - {
        ""
    }
    return table.villages, len(guessed), max(0, len(everybody) - table.villages - len(guessed))


def _has_own_row(plan: DayPlan, point: PointDemand) -> bool:
    """Return whether a point was ordered for as a whole: some figure is ordered that its villages' are not."""
    bases = {one.village_id: one.basis for one in plan.demand.villages}
    return any(
        point.basis.get(name) is DemandBasis.ORDERED
        and any(bases.get(id_, {}).get(name) is not DemandBasis.ORDERED for id_ in point.village_ids)
        for name in AMOUNTS
    )


def orders_line(plan: DayPlan) -> str:
    """Return how many villages' figures were entered and how many estimated; empty for a day without a table."""
    if plan.demand.orders is None:
        return ""
    entered, guessed, none = entered_and_estimated(plan)
    parts = [
        say("Entered: {villages}", villages=figures.villages(entered)),
        say("estimated: {villages}", villages=figures.villages(guessed)),
    ]
    if none:
        parts.append(say("not in the table, so none: {villages}", villages=figures.villages(none)))
    return say("; ").join(parts)


def orders_details(plan: DayPlan) -> list[str]:
    """Return what else is to be said of the table: its rows, that no parcel is lost, factors, columns not read."""
    table = plan.demand.orders
    if table is None:
        return []
    lines = [_table_line(table), sums_line(plan), *_weights_up(plan), *map(_read_as, table.read_as)]
    assumed = plan.demand.assumed_figures
    if assumed and not assumed & _PARCELS:
        lines.append(
            say("Kilograms and cubic metres that were not entered are made of the parcels, by assumed factors")
        )
    if table.skipped_columns:
        lines.append(say("Columns about people, not read: {headings}", headings=listed(table.skipped_columns)))
    return lines


def _weights_up(plan: DayPlan) -> list[str]:
    """Return what goes up as produce and as parcels, in kg; nothing for a day without produce."""
    whole = math.fsum(point.pickup_kg for point in plan.demand.points)
    produce = math.fsum(one.kg for point in plan.demand.points for one in point.produce)
    figures_up = {"produce_kg": f"{produce:.1f}", "parcels_kg": f"{max(0.0, whole - produce):.1f}"}
    return [say("Going up: produce {produce_kg} kg, parcels {parcels_kg} kg", **figures_up)] if produce else []


def _read_as(words: ReadAs) -> str:
    said = {"cells": words.cells, "cell": words.cell}
    if words.figure:
        return say("Cells with “{cell}”: {cells}, read as {figure}", **said, figure=words.figure)
    return say("Cells with “{cell}”: {cells}, read as empty", **said)


def _table_line(table: OrderTable) -> str:
    rows = figures.number(table.rows)
    match table.a_row_is:
        case "parcel":
            return say("Table {name}: {rows} rows, each a parcel; added up", name=table.name, rows=rows)
        case "point":
            return say("Table {name}: {rows} rows, each a point", name=table.name, rows=rows)
        case _:
            return say("Table {name}: {rows} rows, each a village or a point", name=table.name, rows=rows)


def sums_line(plan: DayPlan) -> str:
    """Return the parcels of the table and of the estimate, and where they are now."""
    sums = parcel_sums(plan)
    return say(
        "Parcels in the table: {listed}; estimated: {estimated}; on routes: {carried}; not served: {left}",
        listed=_both(sums.listed),
        estimated=_both(sums.estimated),
        carried=_both(sums.on_routes),
        left=_both(sums.not_served),
    )


def _both(parcels: tuple[int, int]) -> str:
    down, up = map(figures.number, parcels)
    return say("{down} down, {up} up", down=down, up=up)


def waiting_rows(plan: DayPlan) -> list[dict[str, str]]:
    """Return the orders that no open place takes: for whom, how much, why, and what would serve them."""
    rows = []
    for one in plan.demand.waiting:
        if one.village_id:
            name = spoken_name(plan.area.village_by_id[one.village_id])
            reason = why_cut_off(plan, one.village_id)
            remedy = say("bring them to a place that is open, or plan a day when its own is")
        else:
            name = spoken_name(plan.area.site_by_id[one.site_id])
            reason = say("is not open on {date}", date=figures.day(plan.date))
            remedy = say("order for the villages, which hand over elsewhere that day")
        amount = say(
            "{parcels} parcels, {kg} kg",
            parcels=figures.number(one.delivery_parcels + one.pickup_parcels),
            kg=f"{one.delivery_kg + one.pickup_kg:.1f}",
        )
        rows.append({"name": say("{name} ({what})", name=name, what=amount), "reason": reason, "remedy": remedy})
    return rows


def figures_mark(plan: DayPlan, site_id: str) -> str:
    """Return what the parcels of a stop rest on, empty for a day without a table: entered, partly, or estimated."""
    if plan.demand.orders is None:
        return ""
    point = next((one for one in plan.demand.points if one.site_id == site_id), None)
    if point is None:
        return ""
    return {"entered": say("entered"), "partly": say("partly estimated"), "estimated": say("estimated")}[
        _mark(plan, point)
    ]


def asked_of_stop(plan: DayPlan, site_id: str) -> list[str]:
    """Return what orders ask of a stop, and whether its parcels are estimated; nothing for a day without a table."""
    point = next((one for one in plan.demand.points if one.site_id == site_id), None)
    if point is None or plan.demand.orders is None:
        return []
    found = []
    if point.earliest_s is not None:
        found.append(say("Not before {clock}", clock=figures.clock(point.earliest_s)))
    if point.latest_s is not None:
        found.append(say("Not after {clock}", clock=figures.clock(point.latest_s)))
    if point.cold:
        found.append(say("Cold chain"))
    if _mark(plan, point) != "entered":
        found.append(say("Parcels: {basis}", basis=figures_mark(plan, site_id)))
    return found


def _mark(plan: DayPlan, point: PointDemand) -> str:
    bases = [point.basis.get(name) for name in _SIDES]
    if all(basis is DemandBasis.ORDERED for basis in bases):
        return "entered"
    members = [one.basis for one in plan.demand.villages if one.village_id in point.village_ids]
    some = DemandBasis.ORDERED in bases or any(
        basis.get(name) is DemandBasis.ORDERED for basis in members for name in _SIDES
    )
    return "partly" if some else "estimated"


def orders_figures(plan: DayPlan) -> dict[str, Any]:
    """Return for programs what `orders_line` and `sums_line` say; nothing for a day without a table."""
    if plan.demand.orders is None:
        return {}
    entered, guessed, none = entered_and_estimated(plan)
    return {
        "orders": asdict(plan.demand.orders),
        "villages_entered": entered,
        "villages_estimated": guessed,
        "villages_without": none,
        "parcels": asdict(parcel_sums(plan)),
        "waiting": [asdict(one) for one in plan.demand.waiting],
    }
