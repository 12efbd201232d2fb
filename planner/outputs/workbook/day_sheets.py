"""Sheets of a day's workbook: its figures, routes, stops, what is on no vehicle, the fleet."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.model import Text
from planner.outputs.about import day_rows
from planner.outputs.fleet_names import FleetNames
from planner.outputs.held_rows import held_rows
from planner.outputs.known_shares import rows_left_out_text
from planner.outputs.left_out import people_left_out, row_faults_text
from planner.outputs.leg_loads import loaded_in_all
from planner.outputs.names import day_stop_names, shown_name
from planner.outputs.notice import marked
from planner.outputs.order_lines import figures_mark
from planner.outputs.route_figures import (
    beside_routes,
    beside_routes_words,
    day_figures_of,
    leg_parts,
    route_figures,
    shown_costs,
    walks_of,
)
from planner.outputs.route_order import in_natural_order
from planner.outputs.stop_goods import StopGoods
from planner.outputs.workbook.cells import (
    Bars,
    Formula,
    Hundredths,
    Sheet,
    Tenths,
    WholeShare,
    Yuan,
    amount,
    summed,
    whole,
)
from planner.outputs.workbook.network_summary import assumed
from planner.plans import DayPlan
from planner.plans.day_account import parcel_sums, village_counts
from planner.routing import Route
from planner.units import shown_minutes
from planner.words import figures, render, say

_COST, _PARCELS, _EACH = 9, 10, 11
"""Columns of the routes: what a route costs, the parcels that it hands out, and the first by the second."""


def day_summary(plan: DayPlan) -> Sheet:
    """Return what the day comes to: vehicles, stops, parcels, kilometres, money, and what is not served."""
    routes = plan.routes.routes
    driving_s, walking_s = day_figures_of(plan)
    down, up = plan.handed_over(up=False), plan.handed_over(up=True)
    rows, parcels = plan.area.rows_left_out.villages, round(down[0])
    cost = Yuan(round(plan.cost_yuan, 2))
    lines: list[Sequence[object]] = [
        (say("Area"), "", shown_name(plan.area)),
        (say("Day plan"), "", plan.id),
        (say("Network"), "", plan.network.id),
        *((what, "", text) for what, text in day_rows(plan)),
        (say("Vehicles"), len(routes), ""),
        (say("Stops"), sum(len(plan.at_points(route)) for route in routes), ""),
        (say("Stops on no route"), len(plan.routes.unassigned), ""),
        *_account(plan),
        *([(say("Villages left out"), rows, rows_left_out_text(plan.area))] if rows else []),
        (say("Distance"), Tenths(sum(route.distance_m for route in routes) / 1000), say("km")),
        (say("Driving"), shown_minutes(driving_s), say("minutes")),
        (say("Walking"), "-" if walking_s is None else shown_minutes(walking_s), say("minutes")),
        (say("Parcels up"), whole(up[0]), say("{kg} kg", kg=f"{up[1]:,.0f}")),
        (say("Parcels down"), whole(down[0]), say("{kg} kg", kg=f"{down[1]:,.0f}")),
        (say("Cost"), cost, marked(say("yuan"), plan.config, "routing.vehicles")),
    ]
    last = len(lines) - 1
    each = Formula(f"B[{last}]/B[{last - 1}]", Hundredths(cost / down[0])) if parcels else "-"
    lines.append((say("Cost a parcel brought to a stop"), each, say("yuan")))
    besides = {"stations": say("Of the cost, paid at stations"), "buses": say("Of the cost, paid to buses")}
    lines += [(besides[where], Yuan(yuan), say("yuan")) for where, yuan in beside_routes(plan).items()]
    lines += [(row[0], "", row[-1]) for row in assumed(plan)]
    return Sheet(say("Summary"), [say("Item"), say("Figure"), say("Unit, remark")], lines)


def _account(plan: DayPlan) -> list[Sequence[object]]:
    """Return the villages by what becomes of them, their sum, and the parcels: whence they come and where they are."""
    counts, sums = village_counts(plan), parcel_sums(plan)
    up, down = say("up"), say("down")
    parcels = [
        (say("Parcels in the table"), sums.listed),
        (say("Parcels estimated"), sums.estimated),
        (say("Parcels on routes"), sums.on_routes),
        *([(say("Parcels by bus"), sums.by_bus)] if plan.rides else []),
        (say("Parcels of stops on no route"), sums.not_served),
        (say("Parcels held"), sums.held),
    ]
    return [
        (say("Villages entered"), counts.entered, ""),
        (say("Villages estimated"), counts.estimated, ""),
        (say("Villages that have nothing"), counts.nothing, ""),
        *([(say("Villages visited on another day"), counts.not_today, "")] if counts.not_today else []),
        (say("Villages held or cut off"), counts.held, ""),
        (say("Villages, all"), counts.total, ""),
        *((say("{what}, {side}", what=what, side=down), both[0], "") for what, both in parcels),
        *((say("{what}, {side}", what=what, side=up), both[1], "") for what, both in parcels),
    ]


def routes_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each vehicle, their sum, and a chart of how full each gets and what it costs."""
    headings = [
        *(say("Vehicle"), say("Stops"), say("Start"), say("Back"), say("Distance (km)"), say("Driving (min)")),
        *(say("Walking (min)"), say("On duty (min)"), say("Fullest (rounded up)"), say("Cost (yuan)")),
        *(say("Parcels down"), say("Yuan a parcel"), say("Parcels loaded"), say("Loaded (kg)"), say("Loaded (m³)")),
        *(say("Parcels up"), say("Up (kg)"), say("Up (m³)")),
    ]
    rows = [_route(plan, route) for route in in_natural_order(plan.routes.routes)]
    if not rows:
        return Sheet(say("Routes"), headings, rows)
    title = say("How full each vehicle gets, and what its route costs")
    chart = Bars(title, 0, len(rows) - 1, 0, (8,), say("Fullest (rounded up)"), _COST)
    rows += _besides(plan, len(headings), _COST)
    total = summed(rows, [1, 4, _COST, _PARCELS, *range(12, 18)])
    if parcels := amount(total[_PARCELS]):
        total[_EACH] = Formula("J[.]/K[.]", Hundredths(amount(total[_COST]) / parcels))
    return Sheet(say("Routes"), headings, [*rows, total], 1, [chart])


def _besides(plan: DayPlan, columns: int, cost: int) -> list[list[object]]:
    """Return a row for each part of the cost that is no route's: with these the column of costs adds up to the day's."""
    words = beside_routes_words()
    return [
        [words[where], *("" for _ in range(cost - 1)), Yuan(yuan), *("" for _ in range(columns - cost - 1))]
        for where, yuan in beside_routes(plan).items()
    ]


def _route(plan: DayPlan, route: Route) -> list[object]:
    found = route_figures(plan, route)
    # what goes through a vehicle all day: with reloads the first load and the last are a part of it only
    collected = [sum(visit.picked_up[at] for visit in plan.at_points(route)) for at in range(3)]
    loads = [(whole(load[0]), Tenths(load[1]), Hundredths(load[2])) for load in (loaded_in_all(route), collected)]
    return [
        *(
            FleetNames.of(plan).called(route.vehicle_id),
            len(plan.at_points(route)),
            figures.clock(route.start_s),
            figures.clock(route.end_s),
        ),
        *(Tenths(route.distance_m / 1000), shown_minutes(found.driving_s), _minutes(found.walking_s)),
        *(shown_minutes(found.duty_s), WholeShare(math.ceil(found.load_share * 100 - 1e-9) / 100)),
        *(Yuan(found.cost_yuan), whole(sum(visit.delivered[0] for visit in plan.at_points(route)))),
        "-" if found.parcel_yuan is None else Hundredths(round(found.parcel_yuan, 2)),
        *(figure for load in loads for figure in load),
    ]


def fleet_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each type of vehicle: how many there are and drive, what they may carry, what they cost."""
    headings = [
        *(say("Vehicle"), say("There are"), say("On the road"), say("Stops"), say("Distance (km)")),
        *(say("Cost (yuan)"), say("May carry (kg)"), say("May carry (m³)"), say("May carry (parcels)")),
        *(say("Yuan a day"), say("Yuan a km"), say("Yuan an hour on duty"), say("Yuan an hour of driving")),
    ]
    costs, rows = shown_costs(plan), list[list[object]]()
    for one in plan.config["routing"]["vehicles"]:
        routes = [route for route in plan.routes.routes if route.vehicle_type_id == one["id"]]
        distance_m = sum(route.distance_m for route in routes)
        rows.append(
            [
                *(render(Text.of(one["name"])), one["count"], len(routes)),
                *(sum(len(plan.at_points(route)) for route in routes), Tenths(distance_m / 1000)),
                Yuan(round(sum(costs[route.vehicle_id] for route in routes), 2)),
                *(one["capacity_kg"], one["capacity_m3"], one.get("capacity_parcels") or "-"),
                *(Yuan(one[key]) for key in ("fixed_cost_yuan", "cost_per_km_yuan", "cost_per_hour_yuan")),
                Yuan(one.get("cost_per_driving_hour_yuan", 0.0)),
            ]
        )
    rows += _besides(plan, len(headings), 5)
    return Sheet(say("Fleet"), headings, [*rows, summed(rows, [1, 2, 3, 4, 5])], 1)


def stops_sheet(plan: DayPlan) -> Sheet:
    """Return a row for each stop, vehicle by vehicle in driving order."""
    headings = [
        *(say("Vehicle"), say("No."), say("Site code"), say("Name"), say("Arrival"), say("Departure")),
        *(say("Leg (km)"), say("Driving (min)"), say("Walking (min)")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)")),
        *([say("Basis of the parcels")] if plan.demand.orders else []),
        *(say("Produce to collect"), say("Cold chain"), say("Times asked for")),
    ]
    goods = StopGoods(plan)
    names, fleet = day_stop_names(plan), FleetNames.of(plan)
    rows: list[list[object]] = []
    for route in in_natural_order(plan.routes.routes):
        walks = dict(zip((leg.destination_id for leg in route.legs()), walks_of(plan, route), strict=False))
        for order, visit in enumerate(route.visits, start=1):
            driving_s, walking_s = leg_parts(visit.driving_s, walks.get(visit.stop_id))
            counts = visit.stop_id not in plan.calls  # of a call its name says what is moved
            down, up = (visit.delivered, visit.picked_up) if counts else ((0.0, 0.0), (0.0, 0.0))
            rows.append(
                [
                    *(fleet.called(route.vehicle_id), order, plan.site_of_stop[visit.stop_id], names[visit.stop_id]),
                    *(figures.clock(visit.arrival_s), figures.clock(visit.departure_s)),
                    *(Hundredths(visit.distance_m / 1000), shown_minutes(driving_s), _minutes(walking_s)),
                    *(whole(down[0]), Tenths(down[1]), whole(up[0]), Tenths(up[1])),
                    *([figures_mark(plan, visit.stop_id)] if plan.demand.orders else []),
                    say("; ").join(goods.lots(route, visit, plan.site_by_id[visit.stop_id].id)),
                    *(goods.cold(visit.stop_id), goods.window(visit.stop_id)),
                ]
            )
    return Sheet(say("Stop list"), headings, rows)


def _minutes(seconds: float | None) -> object:
    return "-" if seconds is None else shown_minutes(seconds)


def held_sheet(plan: DayPlan) -> Sheet:
    """Return what is on no vehicle: whose, how much, why, and what would serve it; the same rows as on the day's page."""
    headings = [
        *(say("Site code"), say("Stop or village"), say("Villages"), say("People"), say("Parcels down")),
        *(say("Parcels up"), say("kg"), say("What is held"), say("Why"), say("Any of these serves it")),
    ]
    rows: list[list[object]] = []
    for row in held_rows(plan):
        one = row.held
        people = sum(plan.area.village_by_id[id_].population for id_ in one.village_ids)
        rows.append(
            [
                *(one.site_id, row.name, len(one.village_ids), people, one.delivery_parcels, one.pickup_parcels),
                *(Tenths(one.kg), row.what, row.reason, row.remedy),
            ]
        )
    if faulty := row_faults_text(plan.area):
        why = say("each row with its fault is on the network's page")
        villages = plan.area.rows_left_out.villages
        rows.append(["", faulty, villages, people_left_out(plan.area), 0, 0, Tenths(0.0), "", why, ""])
    return Sheet(say("Held"), headings, rows)
