"""Sheets of a network's money: budgets and what is left of them, who pays for what, what has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name

from planner.config import CostItem, FundingSource
from planner.coverage.appraise import FEN_PER_YUAN, SubsidyTable
from planner.outputs.siting import budget_rows
from planner.outputs.workbook.cells import Formula, Sheet, Subtotal, ToFill, Yuan, amount, column_sum, stage_name
from planner.plans import NetworkPlan
from planner.units import HALF_CENT_YUAN
from planner.words import say, term

_COUNTS = 3
"""Columns of the budgets' sheet before its amounts: the stage and how many sites of each tier are new."""
_WORKED_OUT = {
    "left": {"budget": 1, "carried": 1, "opening": -1, "closing": -1, "running": -1},
    "station_left": {"station_budget": 1, "stations": -1},
    "building": {"opening": 1, "stations": 1},
}
"""Which amounts of a stage are worked out of which others."""


def budget_sheet(plan: NetworkPlan) -> Sheet:
    """Return a row a stage, and one in all where there are several: budgets, what is spent from them and what is left.

    What no stage has (a budget for stations, something carried over) has no column.
    """
    headings = {
        "budget": say("Budget for service points (yuan)"),
        "carried": say("Left from stages before (yuan)"),
        "opening": say("Opening service points (yuan)"),
        "closing": say("Closing sites (yuan)"),
        "running": say("Staff and rent in the budget (yuan)"),
        "left": say("Left for service points (yuan)"),
        "station_budget": say("Budget for express stations (yuan)"),
        "stations": say("Opening express stations (yuan)"),
        "station_left": say("Left for express stations (yuan)"),
        "building": say("Opening cost, both tiers (yuan)"),
    }
    found, rows = budget_rows(plan), list[list[object]]()
    headings = {key: text for key, text in headings.items() if any(row["amounts"][key] is not None for row in found)}
    for number, row in enumerate(found):
        cells: list[object] = [row["name"], row["points_opened"], row["stations_opened"]]
        cells += [_worked_out(key, row["amounts"], list(headings)) for key in headings]
        if number and number == len(found) - 1:
            cells = [cells[0], *(_added(rows, column, cell) for column, cell in enumerate(cells[1:], start=1))]
        rows.append(cells)
    counts = (say("Stage"), say("New service points"), say("New express stations"))
    return Sheet(say("Budget"), [*counts, *headings.values()], rows, int(len(rows) > 1))


def _worked_out(key: str, amounts: Mapping[str, float | None], columns: Sequence[str]) -> object:
    """Return an amount of a stage, as a formula of the others that it is worked out of where they give just that."""
    yuan = amounts[key]
    if yuan is None:
        return ""
    parts = {part: sign for part, sign in _WORKED_OUT.get(key, {}).items() if amounts[part] is not None}
    # what one tier leaves to its next stage, or closes, has no column: the amount then stands as it is
    if not parts or abs(sum(sign * (amounts[part] or 0.0) for part, sign in parts.items()) - yuan) > HALF_CENT_YUAN:
        return Yuan(yuan)
    text = "".join(f"{'+' if s > 0 else '-'}{xl_col_to_name(_COUNTS + columns.index(p))}[.]" for p, s in parts.items())
    return Formula(text.removeprefix("+"), Yuan(yuan))


def _added(rows: Sequence[Sequence[object]], column: int, cell: object) -> object:
    """Return a figure of all stages as the sum of theirs, if it is that and no formula already."""
    if cell == "" or isinstance(cell, Formula):
        return cell
    added = column_sum(rows, column, range(len(rows)))
    return added if abs(amount(added) - amount(cell)) < HALF_CENT_YUAN else cell


def money_sheet(table: SubsidyTable) -> Sheet:
    """Return a row for each item of each stage, each stage, and all: by source, then together."""
    items, sources = list(CostItem), list(FundingSource)
    each, rows = len(items) + 1, list[list[object]]()
    for number, stage in enumerate([*table.phases, None]):
        first = number * each
        for item in items:
            before = [earlier * each + len(rows) - first for earlier in range(number)]
            cells: list[object] = [
                Yuan(table.fen(phase=stage, item=item, source=source) / FEN_PER_YUAN) for source in sources
            ]
            if stage is None:
                cells = [column_sum(rows, column, before) for column in range(2, 2 + len(sources))]
            rows.append([_stage(stage), term(item), *cells])
        adding = range(first, first + len(items))
        rows.append([Subtotal(_stage(stage)), term("total")])
        rows[-1] += [column_sum(rows, column, adding) for column in range(2, 2 + len(sources))]
    for row in rows:
        row.append(_across(row, 2, 2 + len(sources)))
    headings = [say("{source} (yuan)", source=term(source)) for source in sources]
    return Sheet(say("Money"), [say("Stage"), say("Item"), *headings, say("Total (yuan)")], rows, each)


def funding_sheet(table: SubsidyTable) -> Sheet:
    """Return what each source is to pay in each stage, what has come in, to be filled in, and what is still to come."""
    items, sources = list(CostItem), list(FundingSource)
    planned, received = 2 + len(items), xl_col_to_name(3 + len(items))
    open_ = f"IF(ISNUMBER({received}[.]),{xl_col_to_name(planned)}[.]-{received}[.],{xl_col_to_name(planned)}[.])"
    rows: list[list[object]] = []

    def add_up(label: str, adding: Sequence[int]) -> None:
        row: list[object] = [Subtotal(label), term("total")]
        row += [column_sum(rows, column, adding) for column in range(2, planned)]
        row.append(_across(row, 2, planned))
        cells = ",".join(f"{received}[{number}]" for number in adding)
        row.append(Formula(f'IF(COUNT({cells})=0,"{_unfilled()}",SUM({cells}))', _unfilled()))
        rows.append([*row, Formula(open_, Yuan(amount(row[planned])))])

    for stage in table.phases:
        first = len(rows)
        for source in sources:
            row: list[object] = [stage_name(stage), term(source)]
            row += [Yuan(table.fen(phase=stage, item=item, source=source) / FEN_PER_YUAN) for item in items]
            row.append(_across(row, 2, planned))
            rows.append([*row, ToFill(_unfilled()), Formula(open_, Yuan(amount(row[planned])))])
        add_up(stage_name(stage), range(first, len(rows)))
    several = len(table.phases) > 1
    if several:
        add_up(term("all_phases"), range(len(sources), len(rows), len(sources) + 1))
    headings = [say("Stage"), say("Funding source"), *(say("{item} (yuan)", item=term(item)) for item in items)]
    headings += [say("Planned (yuan)"), say("Received (yuan)"), say("Still to come (yuan)")]
    return Sheet(say("Funding"), headings, rows, int(several))


def _unfilled() -> str:
    return say("not filled in")


def _stage(stage: str | None) -> str:
    return term("all_phases") if stage is None else stage_name(stage)


def _across(row: Sequence[object], first: int, end: int) -> Formula:
    """Return the sum of a row's amounts from one column up to, but not in, another."""
    yuan = Yuan(round(sum(amount(cell) for cell in row[first:end]), 2))
    return Formula(f"SUM({xl_col_to_name(first)}[.]:{xl_col_to_name(end - 1)}[.])", yuan)
