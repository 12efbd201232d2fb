"""The sheet of what buses carry on a day: a row for each ride, and their sums."""

from __future__ import annotations

from planner.outputs.ride_rows import ride_rows
from planner.outputs.workbook.cells import Sheet, Tenths, Yuan, summed, whole
from planner.plans import DayPlan
from planner.words import figures, say


def rides_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each ride by time; no rows where nothing goes by bus. Runs to the terminal cost besides."""
    headings = [
        *(say("Bus"), say("Leaves"), say("Bus stop"), say("Point"), say("At the point"), say("Brought by")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)"), say("Cost (yuan)")),
    ]
    rows: list[list[object]] = []
    for row in ride_rows(plan):
        ride = row.ride
        goods = (whole(ride.amount[0]), Tenths(ride.amount[1]))
        rows.append(
            [
                *(row.bus, figures.clock(row.leaves_s), row.stop, row.point, figures.clock(ride.point_s)),
                row.brought_by,
                *(("", "", *goods) if ride.up else (*goods, "", "")),
                Yuan(round(ride.cost_yuan, 2)),
            ]
        )
    if rows:
        rows.append(summed(rows, [6, 7, 8, 9, 10]))
    return Sheet(say("Rides"), headings, rows, 1)
