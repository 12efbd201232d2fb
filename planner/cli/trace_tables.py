"""What ``planner trace`` prints."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.outputs.lots import lot_rows
from planner.outputs.names import day_stop_names
from planner.outputs.ride_rows import ride_figures
from planner.plans import DayPlan
from planner.plans.lots import Lot
from planner.words import figures, say, term


def lot_figures(plan: DayPlan, lot: Lot) -> dict[str, Any]:
    """Return a lot with its legs for programs; times are seconds of the day."""
    return {
        "day_plan": plan.id,
        "lot": lot.id,
        "village_id": lot.village_id,
        "product": lot.product,
        "date": lot.date.isoformat(),
        "kg": lot.kg,
        "basis": lot.basis.value,
        "site_id": lot.site_id,
        "vehicle_id": lot.vehicle_id,
        "picked_up_s": lot.picked_up_s,
        "stays_on_board": lot.stays_on_board,
        **({"rides": list(ride_figures(lot.rides))} if lot.rides else {}),
        "legs": [
            {
                "origin_id": leg.origin_id,
                "destination_id": leg.destination_id,
                "leaves_s": leg.leaves_s,
                "arrives_s": leg.arrives_s,
                "distance_m": leg.distance_m,
            }
            for leg in lot.legs
        ],
    }


def print_lot(console: Console, plan: DayPlan, lot: Lot) -> None:
    """Print where a lot came from and its way."""
    row = next(row for row in lot_rows(plan) if row.lot == lot)
    names = day_stop_names(plan)
    facts = [
        (say("Lot"), lot.id),
        (say("Produce"), lot.product),
        (say("Village"), say("{village}, {township}", village=row.village, township=row.township)),
        (say("Date"), figures.day(lot.date)),
        (say("Weight of the lot"), say("{weight} ({basis})", weight=figures.lot_weight(lot.kg), basis=term(lot.basis))),
        (say("Handed over at"), row.handed_over_at),
        (say("Vehicle"), row.vehicle or row.why_not),
        *([(say("Taken to"), row.why_not)] if lot.stays_on_board else []),
        *([(say("Taken to"), say("{place} {clock}", place=row.at, clock=row.arrived))] if lot.rides else []),
        (say("Day plan"), plan.id),
    ]
    for label, value in facts:
        console.print(say("{label}: {text}", label=label, text=value), soft_wrap=True, markup=False, highlight=False)
    if lot.legs:
        legs = table_of(say("From"), say("Leaves"), say("To"), say("Arrives"), say("Distance"))
        for leg in lot.legs:
            legs.add_row(
                *(names[leg.origin_id], figures.clock(leg.leaves_s), names[leg.destination_id]),
                *(figures.clock(leg.arrives_s), figures.kilometres(leg.distance_m)),
            )
        console.print(legs)
