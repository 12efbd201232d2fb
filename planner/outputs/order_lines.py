"""What a page says of a day's orders: what was entered and what estimated, and that no parcel is lost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from planner.model import DemandBasis, OrderTable, PointDemand, ReadAs
from planner.outputs.day_stops import whose_stop
from planner.outputs.station_lines import call_text
from planner.plans import DayPlan
from planner.plans.day_account import Held, held_of, parcel_sums, village_counts
from planner.words import figures, listed, say

_SIDES = ("delivery_parcels", "pickup_parcels")
_PARCELS = frozenset(_SIDES)


def orders_line(plan: DayPlan) -> str:
    """Return how many villages were entered, estimated, have nothing and are held; empty for a day without a table."""
    if plan.demand.orders is None:
        return ""
    counts = village_counts(plan)
    entered = say("Entered: {villages}", villages=figures.villages(counts.entered))
    if counts.entered_in_part:
        part = figures.villages(counts.entered_in_part)
        entered = say("{entered} (one figure of {part} estimated)", entered=entered, part=part)
    parts = [
        entered,
        say("estimated: {villages}", villages=figures.villages(counts.estimated)),
    ]
    if counts.nothing:
        parts.append(say("not in the table, so none: {villages}", villages=figures.villages(counts.nothing)))
    if counts.not_today:
        parts.append(say("visited on another day: {villages}", villages=figures.villages(counts.not_today)))
    if counts.held:
        parts.append(say("held or cut off: {villages}", villages=figures.villages(counts.held)))
    return say("; ").join(parts)


def week_line(plan: DayPlan) -> str:
    """Return which plan of the week a day follows, and how many points it leaves for other days; empty without one."""
    if plan.follows is None:
        return ""
    return say(
        "Follows the plan of the week {id}: {today} points are visited today with all that came since their visit before, "
        "{later} on other days ({villages})",
        id=plan.follows.service_id,
        today=figures.number(len(plan.demand.stops_of_site)),
        later=figures.number(len(plan.follows.next_visits)),
        villages=figures.villages(village_counts(plan).not_today),
    )


def orders_details(plan: DayPlan) -> list[str]:
    """Return what else is to be said of the table: its rows, that no parcel is lost, factors, columns not read."""
    table = plan.demand.orders
    if table is None:
        return []
    lines = [_table_line(table), sums_line(plan), *_weights_up(plan), *map(_read_as, table.read_as)]
    assumed = plan.demand.assumed_figures
    if assumed and not assumed & _PARCELS:
        lines.append(
            say(
                "Weights and volumes not entered are made of parcels, those of produce of households, by assumed factors"
            )
        )
    if table.skipped_columns:
        lines.append(say("Columns about people, not read: {headings}", headings=listed(table.skipped_columns)))
    return lines


def _weights_up(plan: DayPlan) -> list[str]:
    """Return what goes up as produce, as parcels, and held before any route, in kg; nothing for a day without produce."""
    whole = math.fsum(point.pickup_kg for point in plan.demand.points)
    held_kg = math.fsum(one.pickup_kg for one in plan.demand.waiting)
    produce = math.fsum(one.kg for point in plan.demand.points for one in point.produce)
    figures_up = {"produce_kg": f"{produce:,.1f}", "parcels_kg": f"{max(0.0, whole - produce):,.1f}"}
    if not produce:
        return []
    said = say("Going up: produce {produce_kg} kg, parcels {parcels_kg} kg", **figures_up)
    return [say("{up}; held: {kg} kg", up=said, kg=f"{held_kg:,.1f}") if held_kg else said]


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
    if plan.rides is not None and plan.rides.rides:
        return say(
            "Parcels in the table: {listed}; estimated: {estimated}; on routes: {carried}; by bus: {by_bus}; "
            "not served: {left}; held: {held}",
            listed=_both(sums.listed),
            estimated=_both(sums.estimated),
            carried=_both(sums.on_routes),
            by_bus=_both(sums.by_bus),
            left=_both(sums.not_served),
            held=_both(sums.held),
        )
    return say(
        "Parcels in the table: {listed}; estimated: {estimated}; on routes: {carried}; not served: {left}; held: {held}",
        listed=_both(sums.listed),
        estimated=_both(sums.estimated),
        carried=_both(sums.on_routes),
        left=_both(sums.not_served),
        held=_both(sums.held),
    )


def _both(parcels: tuple[int, int]) -> str:
    down, up = map(figures.number, parcels)
    return say("{down} down, {up} up", down=down, up=up)


def figures_mark(plan: DayPlan, stop_id: str) -> str:
    """Return what the parcels of a stop rest on, empty for a day without a table: entered, partly, or estimated."""
    if plan.demand.orders is None:
        return ""
    point = plan.demand_of_stop.get(stop_id)
    if point is None:
        return ""
    return {"entered": say("entered"), "partly": say("partly estimated"), "estimated": say("estimated")}[
        _mark(plan, point)
    ]


def asked_of_stop(plan: DayPlan, stop_id: str) -> list[str]:
    """Return whose a stop is where its point has several, what orders ask of it, and whether its parcels are estimated."""
    if (call := plan.calls.get(stop_id)) is not None:
        return [call_text(call)]
    whose = whose_stop(plan, stop_id)
    found = [say("For {villages} only", villages=whose)] if whose else []
    if plan.transfers and stop_id in plan.transfers.release_of:
        found.append(say("Ready at the station from {clock}", clock=figures.clock(plan.transfers.release_of[stop_id])))
    point = plan.demand_of_stop.get(stop_id)
    if point is None or plan.demand.orders is None:
        return found
    if point.earliest_s is not None:
        found.append(say("Not before {clock}", clock=figures.clock(point.earliest_s)))
    if point.latest_s is not None:
        found.append(say("Not after {clock}", clock=figures.clock(point.latest_s)))
    if point.cold:
        found.append(say("Cold chain"))
    if _mark(plan, point) != "entered":
        found.append(say("Parcels: {basis}", basis=figures_mark(plan, stop_id)))
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


def account_figures(plan: DayPlan) -> dict[str, Any]:
    """Return for programs what becomes of a day's villages and parcels, what is held, and the table that came in."""
    counts = village_counts(plan)
    table = plan.demand.orders
    orders = {} if table is None else {"orders": {k: v for k, v in asdict(table).items() if k != "village_ids"}}
    return {
        **orders,
        "villages_entered": counts.entered,
        "villages_estimated": counts.estimated,
        "villages_without": counts.nothing,
        "villages_held": counts.held,
        **({"villages_not_today": counts.not_today, "follows": plan.follows.service_id} if plan.follows else {}),
        "villages": counts.total,
        "parcels": asdict(parcel_sums(plan)),
        "held": [
            {name: value for name, value in _fields(one) if name not in ("left", "settled")} for one in held_of(plan)
        ],
        "several_visits": {id_: len(stops) for id_, stops in plan.demand.stops_of_site.items() if len(stops) > 1},
    }


def _fields(one: Held) -> Iterator[tuple[str, Any]]:
    return ((field.name, getattr(one, field.name)) for field in fields(one))
