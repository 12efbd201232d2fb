"""Sheets of a service plan's year and phases: seasons, villages, what to buy and employ, and who pays what."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from planner.config import FundingSource
from planner.outputs.service.phase_rows import MoneyRow, in_yuan, money_name, money_rows, phase_name, phase_rows
from planner.outputs.service.season_rows import gap_headings, gap_table, season_rows, unserved_rows
from planner.outputs.workbook.cells import Formula, Sheet, Subtotal, Tenths, Yuan, amount, column_sum
from planner.plans.service_phases import ServicePhase
from planner.plans.service_plan import ServicePlan
from planner.plans.service_seasons import ServiceYear
from planner.words import say, term

_FIRST_SOURCE = 2


def year_sheets(plan: ServicePlan) -> list[Sheet]:
    """Return the sheets of the year and the phases, as far as the plan has them."""
    sheets = []
    if plan.seasons is not None:
        sheets += [seasons_of_year_sheet(plan, plan.seasons), villages_of_year_sheet(plan, plan.seasons)]
        left_out = unserved_rows(plan, plan.seasons)
        if left_out:
            headings = [say("Season"), say("Point or village"), say("What"), say("Reason")]
            rows = [[row.season, row.name, row.what, row.reason] for row in left_out]
            sheets.append(Sheet(say("Left out by seasons"), headings, rows))
    if plan.phases:
        sheets += [phases_of_service_sheet(plan), money_of_phases_sheet(plan)]
    return sheets


def seasons_of_year_sheet(plan: ServicePlan, year: ServiceYear) -> Sheet:
    """Return a row for each season, and the year."""
    headings = [
        *(say("Season"), say("From and until"), say("Days a year"), say("km a week"), say("Hours a week")),
        *(say("Vehicles needed"), say("Extra vehicles"), say("Visits not made"), say("Villages cut off")),
        *(say("Yuan a week"), say("Yuan in its days")),
    ]
    rows: list[list[object]] = [
        [
            *(row.name, row.spells, row.week.days),
            *(Tenths(row.week.week_distance_m / 1000), Tenths(row.week.week_duty_s / 3600)),
            *(row.vehicles, row.extra, len(row.week.missed), row.cut_off),
            *(Yuan(round(row.week.week_yuan)), Yuan(row.year_yuan)),
        ]
        for row in season_rows(plan, year)
    ]
    added = range(len(rows))
    rows.append([say("The year"), "", column_sum(rows, 2, added), *[""] * 7, column_sum(rows, 10, added)])
    return Sheet(say("Seasons of the year"), headings, rows, 1)


def villages_of_year_sheet(plan: ServicePlan, year: ServiceYear) -> Sheet:
    """Return a row for each gap of each village, and one for each village without any."""
    return Sheet(say("Villages"), gap_headings(), gap_table(plan, year))


def phases_of_service_sheet(plan: ServicePlan) -> Sheet:
    """Return a row for each phase: what to buy, employ and pay."""
    headings = [
        *(say("Phase"), say("From and until"), say("Points visited"), say("Visits a week"), say("Visits not made")),
        *(say("km a week"), say("Hours a week"), say("Vehicles needed"), say("To buy"), say("Drivers")),
        *(say("Running costs (yuan)"), say("Vehicles bought (yuan)"), say("All it costs (yuan)")),
    ]
    rows: list[list[object]] = [
        [
            *(row.name, row.when, row.phase.points, row.phase.visits, row.phase.missed),
            *(Tenths(row.phase.week_distance_m / 1000), Tenths(row.phase.week_duty_s / 3600), row.needed, row.buy),
            "" if row.phase.drivers is None else row.phase.drivers,
            Yuan(in_yuan(sum(one.running_fen for one in row.phase.years))),
            Yuan(in_yuan(sum(one.fen for one in row.phase.vehicles))),
            Yuan(in_yuan(row.phase.total_fen)),
        ]
        for row in phase_rows(plan)
    ]
    added = range(len(rows))
    rows.append([term("all_phases"), *[""] * 9, *(column_sum(rows, column, added) for column in (10, 11, 12))])
    return Sheet(say("Phases of the service"), headings, rows, 1)


def money_of_phases_sheet(plan: ServicePlan) -> Sheet:
    """Return what each source pays for each item of each phase; sums are formulas."""
    found = money_rows(plan)
    unnamed = any(row.unnamed_fen for row in found)
    named = [say("{source} (yuan)", source=term(source)) for source in FundingSource]
    headings = [say("Phase"), say("For"), *named, *([say("not said who")] if unnamed else []), say("Together")]
    last, rows = _FIRST_SOURCE + len(named) + unnamed, list[list[object]]()
    for number, row in enumerate(found):
        cells = _cells(row, _adds_up(found, number), rows, unnamed=unnamed)
        across = f"SUM({xl_col_to_name(_FIRST_SOURCE)}[.]:{xl_col_to_name(last - 1)}[.])"
        total = Yuan(round(sum(amount(cell) for cell in cells[_FIRST_SOURCE:]), 2))
        rows.append([*cells, Formula(across, total)])
    sums = sum(1 for row in found if row.phase is None)
    return Sheet(say("Money of the phases"), headings, rows, sums)


def _adds_up(found: list[MoneyRow], number: int) -> list[int]:
    """Return the rows that a row is the sum of, none for an item of a phase."""
    row = found[number]
    if row.phase is None and row.item is not None:
        return [k for k in range(number) if found[k].phase is not None and found[k].item is row.item]
    return [k for k in range(number) if found[k].phase is row.phase and row.item is None and found[k].item is not None]


def _cells(row: MoneyRow, adding: list[int], rows: list[list[object]], *, unnamed: bool) -> list[object]:
    named = _phase(row.phase)
    cells: list[object] = [Subtotal(named) if row.item is None else named, money_name(row)]
    parts = [*row.by_source, *([row.unnamed_fen] if unnamed else [])]
    for column, fen in enumerate(parts, start=_FIRST_SOURCE):
        cells.append(column_sum(rows, column, adding) if adding else Yuan(in_yuan(fen)))
    return cells


def _phase(phase: ServicePhase | None) -> str:
    return term("all_phases") if phase is None else phase_name(phase)
