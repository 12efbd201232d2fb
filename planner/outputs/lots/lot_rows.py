"""The lots of a day as rows: what, whose, how heavy, and the way from hand-over to the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.model import SiteStatus, Tier
from planner.outputs.day_page import season_text
from planner.outputs.fleet_names import FleetNames
from planner.outputs.names import day_stop_names, shown_name, title_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.relaxations import reason_text
from planner.outputs.ride_rows import ride_rows
from planner.plans import DayPlan
from planner.plans.lots import Lot, lots_of
from planner.words import figures, say, term
from planner.writing import csv_text


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """A lot as people read it: names, clock times and the way; ``why_not`` says why no route picks it up, or takes it in.

    ``arrived`` and ``at`` are those of the depot that takes it in, empty where none does.
    """

    lot: Lot
    village: str
    township: str
    handed_over_at: str
    vehicle: str
    picked_up: str
    arrived: str
    at: str
    by_way_of: tuple[str, ...]
    kilometres: str
    why_not: str


def lot_rows(plan: DayPlan) -> list[LotRow]:
    """Return a row for each lot of a day, by village."""
    area, names = plan.area, day_stop_names(plan)
    fleet = FleetNames.of(plan)
    left = {one.stop_id: reason_text(one, area.site_by_id, fleet) for one in plan.routes.unassigned}
    rows = []
    for lot in lots_of(plan):
        village = area.village_by_id[lot.village_id]
        last = lot.legs[-1] if lot.legs and not lot.stays_on_board else None
        why_not = "" if lot.vehicle_id else left.get(lot.stop_id, say("On no route"))
        if lot.rides:
            rows.append(_by_bus(plan, lot, names))
            continue
        rows.append(
            LotRow(
                lot=lot,
                village=title_name(village),
                township=shown_name(area.township_by_id[village.township_id]),
                handed_over_at=names[lot.site_id],
                vehicle=fleet.called(lot.vehicle_id or ""),
                picked_up="" if lot.picked_up_s is None else figures.clock(lot.picked_up_s),
                arrived="" if last is None else figures.clock(last.arrives_s),
                at="" if last is None else names[last.destination_id],
                by_way_of=tuple(names[leg.destination_id] for leg in (lot.legs[:-1] if last else lot.legs)),
                kilometres=figures.kilometres(sum(leg.distance_m for leg in lot.legs)) if lot.legs else "",
                why_not=_on_board(names, plan, lot) if lot.stays_on_board else why_not,
            )
        )
    return rows


def _by_bus(plan: DayPlan, lot: Lot, names: Mapping[str, str]) -> LotRow:
    """Return the row of a lot that goes up by bus; where it has several, all of them are named."""
    village = plan.area.village_by_id[lot.village_id]
    hub = next(one for one in plan.area.sites_of(Tier.COUNTY_HUB) if one.status is not SiteStatus.FORBIDDEN)
    rides = [row for row in ride_rows(plan) if row.ride in lot.rides]
    return LotRow(
        lot=lot,
        village=title_name(village),
        township=shown_name(plan.area.township_by_id[village.township_id]),
        handed_over_at=names[lot.site_id],
        vehicle=say("; ").join(
            say("{bus}, {stop} {clock}", bus=row.bus, stop=row.stop, clock=figures.clock(row.leaves_s)) for row in rides
        ),
        picked_up=say("; ").join(figures.clock(row.ride.point_s) for row in rides),
        arrived=figures.clock(max(row.ride.hub_s for row in rides)),
        at=names[hub.id],
        by_way_of=(),
        kilometres="",
        why_not="",
    )


def _on_board(names: Mapping[str, str], plan: DayPlan, lot: Lot) -> str:
    """Return that a lot stays on the vehicle, and where the route ends."""
    route = next(one for one in plan.routes.routes if one.vehicle_id == lot.vehicle_id)
    return say(
        "stays on board: the route ends at {place} {clock}, not at a depot",
        place=names[route.visits[-1].stop_id],
        clock=figures.clock(route.end_s),
    )


def lots_csv(plan: DayPlan) -> bytes:
    """Return the lots as CSV in UTF-8 with a mark, as Excel and WPS expect, a line for each lot."""
    headings = [
        *(say("Lot"), say("Date"), say("Produce"), say("Village code"), say("Village"), say("Township")),
        *(say("kg"), say("Weight is"), say("Handed over at"), say("Vehicle"), say("Picked up")),
        *(
            say("By way of"),
            say("Arrival"),
            say("Taken to"),
            say("Driven with it (km)"),
            say("Not picked up or taken in: why"),
        ),
        *(say("Day plan"), say("Caution")),
    ]
    caution = say("; ").join(filter(None, (season_text(plan), notice_of_plan(plan).text)))
    rows = [
        [
            *(row.lot.id, row.lot.date.isoformat(), row.lot.product, row.lot.village_id, row.village, row.township),
            *(f"{row.lot.kg:.3f}", term(row.lot.basis), row.handed_over_at, row.vehicle, row.picked_up),
            *(say("; ").join(row.by_way_of), row.arrived, row.at),
            f"{sum(leg.distance_m for leg in row.lot.legs) / 1000:.2f}" if row.lot.legs else "",
            *(row.why_not, plan.id, caution),
        ]
        for row in lot_rows(plan)
    ]
    return csv_text(headings, rows).encode("utf-8-sig")
