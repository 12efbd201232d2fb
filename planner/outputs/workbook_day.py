"""Sheets of a day's workbook: routes, stops, what is on no route, and villages without a way."""

from __future__ import annotations

import math

from planner.outputs.left_out import people_left_out, row_faults_text, why_cut_off
from planner.outputs.names import shown_name, stop_names
from planner.outputs.order_lines import figures_mark
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.route_figures import leg_parts, route_figures, walks_of
from planner.outputs.route_order import in_natural_order
from planner.outputs.workbook_cells import Sheet, Yuan, whole
from planner.plans import DayPlan
from planner.units import shown_minutes
from planner.words import figures, say


def routes_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each vehicle."""
    headings = [
        *(say("Vehicle"), say("Stops"), say("Start"), say("Back"), say("Distance (km)"), say("Driving (min)")),
        *(say("Walking (min)"), say("On duty (min)"), say("Fullest (%, rounded up)"), say("Yuan a parcel")),
        *(say("Cost (yuan)"), say("Parcels loaded"), say("Loaded (kg)"), say("Loaded (m³)")),
        *(say("Parcels brought back"), say("Brought back (kg)"), say("Brought back (m³)")),
    ]
    rows: list[list[object]] = []
    for route in in_natural_order(plan.routes.routes):
        found = route_figures(plan, route)
        loads = (*route.load_at_start[:3], *route.calls()[-1].load_after[:3])
        rows.append(
            [
                *(route.vehicle_id, len(route.visits), figures.clock(route.start_s), figures.clock(route.end_s)),
                *(round(route.distance_m / 1000, 1), shown_minutes(found.driving_s), _minutes(found.walking_s)),
                *(shown_minutes(found.duty_s), math.ceil(found.load_share * 100 - 1e-9)),
                "-" if found.parcel_yuan is None else Yuan(round(found.parcel_yuan, 2)),
                Yuan(found.cost_yuan),
                *(whole(round(amount, 3)) for amount in loads),
            ]
        )
    return Sheet(say("Routes"), headings, rows)


def stops_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each stop, vehicle by vehicle in driving order."""
    headings = [
        *(say("Vehicle"), say("No."), say("Site code"), say("Name"), say("Arrival"), say("Departure")),
        *(say("Leg (km)"), say("Driving (min)"), say("Walking (min)")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)")),
        *([say("Basis of the parcels")] if plan.demand.orders else []),
    ]
    names = stop_names(plan.area)
    rows: list[list[object]] = []
    for route in in_natural_order(plan.routes.routes):
        walks = dict(zip((leg.destination_id for leg in route.legs()), walks_of(plan, route), strict=False))
        for order, visit in enumerate(route.visits, start=1):
            driving_s, walking_s = leg_parts(visit.driving_s, walks.get(visit.stop_id))
            down, up = visit.delivered, visit.picked_up
            rows.append(
                [
                    *(route.vehicle_id, order, visit.stop_id, names[visit.stop_id]),
                    *(figures.clock(visit.arrival_s), figures.clock(visit.departure_s)),
                    *(round(visit.distance_m / 1000, 2), shown_minutes(driving_s), _minutes(walking_s)),
                    *(whole(down[0]), round(down[1], 1), whole(up[0]), round(up[1], 1)),
                    *([figures_mark(plan, visit.stop_id)] if plan.demand.orders else []),
                ]
            )
    return Sheet(say("Stop list"), headings, rows)


def _minutes(seconds: float | None) -> object:
    return "-" if seconds is None else shown_minutes(seconds)


def unassigned_sheet(plan: DayPlan) -> Sheet:
    """Return what is on no route, why, and what would serve it."""
    names = stop_names(plan.area)
    rows = [
        [
            *(left.stop_id, names[left.stop_id], reason_text(left, plan.area.site_by_id)),
            relaxations_text(left, plan.routes.dimensions),
        ]
        for left in plan.routes.unassigned
    ]
    return Sheet(say("On no route"), [say("Site code"), say("Name"), say("Why"), say("Any of these serves it")], rows)


def cut_off_sheet(plan: DayPlan) -> Sheet:
    """Return the villages that have no way to their hand-over place that day, or no such place, and why."""
    rows = []
    for id_ in (*plan.cut_off, *plan.without_site):
        village = plan.area.village_by_id[id_]
        township = plan.area.township_by_id[village.township_id]
        rows.append([id_, shown_name(village), shown_name(township), village.population, why_cut_off(plan, id_)])
    if faulty := row_faults_text(plan.area):
        rows.append(
            ["", faulty, "", people_left_out(plan.area), say("each row with its fault is on the network's page")]
        )
    return Sheet(say("Cut off"), [say("Code"), say("Village"), say("Township"), say("People"), say("Why")], rows)
