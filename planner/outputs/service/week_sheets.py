"""The workbook of a service plan and the tables that programs read: sheets of the week, its points, routes and choices."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.outputs.about import about_rows, week_about_rows
from planner.outputs.day_page import other_season_text
from planner.outputs.names import shown_name
from planner.outputs.notice import marked, notice_of_plan
from planner.outputs.service.drive_rows import DriveRow, drive_rows
from planner.outputs.service.week_figures import WeekdayFigures, WeekFigures, week_figures
from planner.outputs.service.week_names import week_fleet
from planner.outputs.service.week_rows import (
    compared_texts,
    conflict_texts,
    fleet_text,
    frequencies_text,
    frequency_rows,
    gap_rows,
    point_rows,
    township_rows,
)
from planner.outputs.service.year_sheets import year_sheets
from planner.outputs.workbook.books import about_sheet, made_book
from planner.outputs.workbook.cells import (
    Figure,
    Formula,
    Hundredths,
    Sheet,
    Tenths,
    WholeShare,
    Yuan,
    amount,
    summed,
    yes_no,
)
from planner.plans.service_plan import ServicePlan
from planner.words import figures, say
from planner.writing import csv_text

_WEEK = range(7)
_VISITED = "●"


def week_workbook(plan: ServicePlan) -> bytes:
    """Return the workbook of a service plan in the language that is spoken."""
    week = week_figures(plan)
    sheets = [
        summary_sheet(plan, week),
        week_sheet(week),
        points_sheet(plan),
        drives_sheet(plan, week),
        calls_sheet(plan, week),
        *([townships_sheet(plan)] if plan.townships else []),
        *([frequencies_sheet(plan)] if plan.frequencies else []),
        *([gaps] if (gaps := gaps_sheet(plan)).rows else []),
        *year_sheets(plan),
        about_sheet(about_rows(plan)),
    ]
    return made_book(sheets, week_cautions(plan), plan.id)


def points_csv(plan: ServicePlan) -> bytes:
    """Return the points as CSV in UTF-8 with a mark, as Excel and WPS expect."""
    return _csv(plan, points_sheet(plan))


def weekdays_csv(plan: ServicePlan) -> bytes:
    """Return the routes of each weekday as CSV in UTF-8 with a mark, as Excel and WPS expect."""
    return _csv(plan, drives_sheet(plan, week_figures(plan)))


def week_cautions(plan: ServicePlan) -> list[str]:
    """Return what must be said of all that is made of the plan."""
    return [text for text in (notice_of_plan(plan).text, other_season_text(plan.season, plan.monday)) if text]


def _csv(plan: ServicePlan, sheet: Sheet) -> bytes:
    """Return a sheet's rows without their sums, each with the plan and what must be said of it."""
    rows = list(sheet.rows)
    caution = say("; ").join(week_cautions(plan))
    lines = [[*map(_plain, row), plan.id, caution] for row in rows[: len(rows) - sheet.sums]]
    headings = [*sheet.headings, say("Service plan"), say("Caution")]
    return csv_text(headings, lines).encode("utf-8-sig")


def _plain(value: object) -> object:
    """Return a cell as a table for programs has it: numbers without separators."""
    if isinstance(value, Formula):
        return _plain(value.value)
    if isinstance(value, WholeShare):
        return f"{float(value):.2f}"
    if isinstance(value, Figure):
        return format(float(value), value.shown_as.replace(",", ""))
    return f"{value:.2f}" if isinstance(value, Yuan) else value


def summary_sheet(plan: ServicePlan, week: WeekFigures) -> Sheet:
    """Return what the week comes to."""
    fleet = week_fleet(plan)
    cost, year = Yuan(round(week.cost_yuan, 2)), Yuan(round(week.year_yuan, 2))
    parcels = week.parcels
    lines: list[Sequence[object]] = [
        (say("Area"), "", shown_name(plan.area)),
        (say("Service plan"), "", plan.id),
        (say("Network"), "", plan.network.id),
        *((what, "", text) for what, text in week_about_rows(plan)),
        (say("Points visited"), week.points, ""),
        (say("Visits a week"), week.visits, ""),
        (say("Places not served"), len(gap_rows(plan)), ""),
        (say("Vehicles needed"), sum(week.vehicles.values()), ""),
        *((fleet.called(kind), count, "") for kind, count in week.vehicles.items()),
        (say("Distance a week"), Tenths(week.distance_m / 1000), say("km")),
        (say("On duty a week"), Tenths(week.duty_s / 3600), say("hours")),
        (say("Parcels up"), round(week.up[0]), say("{kg} kg", kg=f"{week.up[1]:,.0f}")),
        (say("Parcels down"), parcels, say("{kg} kg", kg=f"{week.down[1]:,.0f}")),
        (say("Cost a week"), cost, marked(say("yuan"), plan.config, "routing.vehicles", "service")),
    ]
    last = len(lines) - 1
    lines.append(
        (say("Cost a year"), year, say("{weeks} weeks", weeks=f"{plan.config['service']['weeks_a_year']:.2f}"))
    )
    each = Formula(f"B[{last}]/B[{last - 1}]", Hundredths(cost / parcels)) if parcels else "-"
    lines.append((say("Cost a parcel"), each, say("yuan")))
    lines += [(say("Conflict"), "", text) for text in conflict_texts(plan)]
    if plan.frequencies:
        lines.append((say("Frequencies"), "", frequencies_text(plan)))
    lines += [(say("Weeks compared"), "", text) for text in compared_texts(plan)]
    return Sheet(say("Summary"), [say("Item"), say("Figure"), say("Unit, remark")], lines)


def week_sheet(week: WeekFigures) -> Sheet:
    """Return a row for each weekday with routes, and their sums; the week's vehicles are those needed."""
    headings = [
        *(say("Weekday"), say("Vehicles"), say("Stops"), say("Distance (km)"), say("On duty (h)"), say("Parcels down")),
        *(
            say("Down (kg)"),
            say("Parcels up"),
            say("Up (kg)"),
            say("Not served"),
            say("Cost (yuan)"),
            say("Yuan a parcel"),
        ),
    ]
    costs = week.fen()
    rows: list[list[object]] = [
        [
            *(figures.weekday_name(one.weekday, "wide"), one.vehicles, one.stops, Tenths(one.distance_m / 1000)),
            *(Tenths(one.duty_s / 3600), round(one.down[0]), Tenths(one.down[1]), round(one.up[0]), Tenths(one.up[1])),
            *(one.missed, Yuan(costs[one.weekday])),
            Hundredths(one.cost_yuan / one.down[0]) if one.down[0] else "-",
        ]
        for one in week.days
    ]
    if not rows:
        return Sheet(say("Week"), headings, rows)
    total = summed(rows, range(2, 11))
    total[1] = sum(week.vehicles.values())
    if parcels := amount(total[5]):
        total[11] = Formula("K[.]/F[.]", Hundredths(amount(total[10]) / parcels))
    return Sheet(say("Week"), headings, [*rows, total], 1)


def points_sheet(plan: ServicePlan) -> Sheet:
    """Return a row for each point: its weekdays, how often and why, its way, its villages and its goods of a week."""
    headings = [
        *(say("Site code"), say("Name"), say("Township"), *(figures.weekday_name(day) for day in _WEEK)),
        *(say("Visits a week"), say("Visits asked for"), say("Why"), say("Way"), say("Villages that hand over there")),
        *(
            say("Parcels down"),
            say("Down (kg)"),
            say("Parcels up"),
            say("Up (kg)"),
            say("Saved without it (yuan a week)"),
        ),
    ]
    rows: list[list[object]] = []
    for row in point_rows(plan):
        one = row.point
        saved = "" if one.saved_yuan is None else Hundredths(one.saved_yuan)
        rows.append(
            [
                *(one.site_id, row.name, row.township, *(_VISITED if day in one.weekdays else "" for day in _WEEK)),
                *(one.visits, one.asked, row.why, row.way, row.villages),
                *(row.down, Tenths(one.down_kg), row.up, Tenths(one.up_kg), saved),
            ]
        )
    if not rows:
        return Sheet(say("Points"), headings, rows)
    return Sheet(say("Points"), headings, [*rows, summed(rows, [10, 15, 16, 17, 18])], 1)


def drives_sheet(plan: ServicePlan, week: WeekFigures) -> Sheet:
    """Return a row for each route of each weekday, one for what stations cost, and their sums."""
    headings = [
        *(
            say("Weekday"),
            say("Vehicle"),
            say("Starts at"),
            say("Start"),
            say("Back"),
            say("Stops"),
            say("Calls at stations"),
        ),
        *(say("Distance (km)"), say("On duty (h)"), say("Fullest (rounded up)"), say("Parcels down"), say("Down (kg)")),
        *(say("Parcels up"), say("Up (kg)"), say("Cost (yuan)")),
    ]
    rows: list[list[object]] = []
    for day in week.days:
        name = figures.weekday_name(day.weekday, "wide")
        rows += [[name, *_drive(row)] for row in drive_rows(plan, day)]
        if day.stations_yuan:
            rows.append([name, say("Handling at stations"), *("" for _ in range(12)), Yuan(day.stations_yuan)])
        if any((day.buses_yuan, *day.by_bus[0], *day.by_bus[1])):
            rows.append([name, *_by_bus(day)])
    if not rows:
        return Sheet(say("Routes of weekdays"), headings, rows)
    return Sheet(say("Routes of weekdays"), headings, [*rows, summed(rows, [5, 6, 7, 8, 10, 11, 12, 13, 14])], 1)


def _by_bus(day: WeekdayFigures) -> list[object]:
    """Return what buses carry on a weekday, and the runs between hub and terminal."""
    (down, up), none = day.by_bus, ""
    return [
        *(say("Rural buses"), *(none for _ in range(5)), Tenths(day.runs_m / 1000), none, none),
        *(round(down[0]), Tenths(down[1]), round(up[0]), Tenths(up[1]), Yuan(day.buses_yuan)),
    ]


def _drive(row: DriveRow) -> list[object]:
    one = row.drive
    return [
        *(row.name, row.start, figures.clock(one.route.start_s), figures.clock(one.route.end_s)),
        *(one.stops, one.station_calls, Tenths(one.route.distance_m / 1000), Tenths(one.duty_s / 3600)),
        WholeShare(math.ceil(one.load_share * 100 - 1e-9) / 100),
        *(round(one.down[0]), Tenths(one.down[1]), round(one.up[0]), Tenths(one.up[1]), Yuan(one.cost_yuan)),
    ]


def calls_sheet(plan: ServicePlan, week: WeekFigures) -> Sheet:
    """Return a row for each call of each route, in driving order."""
    headings = [
        *(say("Weekday"), say("Vehicle"), say("No."), say("Site code"), say("Name"), say("Arrival"), say("Departure")),
        *(say("Parcels down"), say("Down (kg)"), say("Parcels up"), say("Up (kg)"), say("Passes the station")),
    ]
    rows: list[list[object]] = []
    for day in week.days:
        planned = plan.day_of[day.weekday]
        sites = {**planned.demand.site_of_stop, **{one.id: one.station_id for one in planned.tiers.consignments}}
        for row in drive_rows(plan, day):
            for call in row.calls:
                down, up = call.visit.delivered, call.visit.picked_up
                rows.append(
                    [
                        *(figures.weekday_name(day.weekday, "wide"), row.name, call.number),
                        *(sites[call.visit.stop_id], call.name),
                        *(figures.clock(call.visit.arrival_s), figures.clock(call.visit.departure_s)),
                        *(round(down[0]), Tenths(down[1]), round(up[0]), Tenths(up[1]), yes_no(call.at_station)),
                    ]
                )
    return Sheet(say("Stop list"), headings, rows)


def townships_sheet(plan: ServicePlan) -> Sheet:
    """Return which way each township goes, what both ways cost on a usual day, and why."""
    headings = [
        *(say("Township"), say("Way"), say("Why"), say("Directly (yuan)"), say("By station (yuan)")),
        *(say("As planned (yuan)"), say("By station")),
    ]
    rows = [
        [
            *(row.name, row.way, row.reason),
            *(
                "-" if yuan is None else Yuan(round(yuan, 2))
                for yuan in (row.choice.direct_yuan, row.choice.station_yuan, row.choice.own_yuan)
            ),
            row.by_station,
        ]
        for row in township_rows(plan)
    ]
    return Sheet(say("Townships"), headings, rows)


def frequencies_sheet(plan: ServicePlan) -> Sheet:
    """Return what other numbers of visits cost, beside the plan before its weekdays were confirmed."""
    headings = [
        *(
            say("Visits a week"),
            say("As planned"),
            say("Yuan a week"),
            say("More than planned (yuan)"),
            say("Yuan a year"),
        ),
        *(say("Distance (km)"), say("Vehicles"), say("The fleet can do it")),
    ]
    weeks: float = plan.config["service"]["weeks_a_year"]
    rows = [
        [
            *(one.visits, yes_no(planned), Yuan(round(one.week_yuan, 2)), Yuan(round(more, 2))),
            *(
                Yuan(round(one.week_yuan * weeks, 2)),
                Tenths(one.distance_m / 1000),
                one.vehicles,
                fleet_text(plan, one),
            ),
        ]
        for one, planned, more in frequency_rows(plan)
    ]
    return Sheet(say("Frequencies"), headings, rows)


def gaps_sheet(plan: ServicePlan) -> Sheet:
    """Return what is not served, when, why, and what would serve it."""
    headings = [say("Point or village"), say("When"), say("Why"), say("Any of these serves it")]
    rows = [[row.name, row.when, row.reason, row.remedy] for row in gap_rows(plan)]
    return Sheet(say("Not served"), headings, rows)
