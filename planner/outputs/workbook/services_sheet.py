"""The sheet of a network's workbook that says which villages have which service at the point that serves them."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from planner.outputs.names import shown_name
from planner.outputs.service_words import service_name, shown_share
from planner.outputs.workbook.cells import Formula, Share, Sheet, summed
from planner.plans import NetworkPlan
from planner.plans.service_coverage import ServiceRow, service_coverage
from planner.words import say

_FIRST = 5
"""The column of the first service: before it stand the township, its villages, and those of which nobody knows."""


def services_sheet(plan: NetworkPlan) -> Sheet:
    """Return by township how many villages have each service at their point when all is built, and which share that is."""
    rows_of = {(row.service, row.township_id): row for row in service_coverage(plan)}
    services = list(dict.fromkeys(service for service, _ in rows_of))
    headings = [
        *(say("Code"), say("Township"), say("Villages"), say("Villages whose point does not say")),
        say("Villages whose point's services are assumed"),
    ]
    for service in services:
        name = service_name(service)
        headings += [
            say("{service}: villages with it", service=name),
            say("{service}: share of villages", service=name),
        ]
    rows: list[list[object]] = []
    for township in plan.area.townships:
        found = [rows_of[service, township.id] for service in services]
        rows.append(_row([township.id, shown_name(township)], found))
    if left_out := plan.area.rows_left_out.villages:
        faulty = say("in no row above: left out, their rows are at fault")
        rows.append(["", faulty, left_out, 0, 0, *([0, ""] * len(services))])
    counts = [2, 3, 4, *range(_FIRST, _FIRST + 2 * len(services), 2)]
    rows.append(summed(rows, counts))
    places = [*(one.id for one in plan.area.townships), *([None] if left_out else []), ""]
    for row, place in zip(rows, places, strict=True):
        for number, service in enumerate(services):
            share = None if place is None else shown_share(plan, rows_of[service, place])
            row[_FIRST + 2 * number + 1] = "-" if share is None else _part(_FIRST + 2 * number, share)
    return Sheet(say("Services"), headings, rows, 1)


def _row(place: list[object], found: list[ServiceRow]) -> list[object]:
    first = found[0]
    row = [*place, first.villages, first.unknown, first.assumed]
    for one in found:
        row += [one.offered, ""]
    return row


def _part(column: int, share: float) -> Formula:
    return Formula(f"{xl_col_to_name(column)}[.]/{xl_col_to_name(2)}[.]", Share(share))
