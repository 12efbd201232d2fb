"""Labels for lots of produce: a page that prints three in a row on A4, each with a code that tells what it is.

The code holds words, not an address: it can be read without a network, by whoever buys the produce.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno

from planner.outputs.lots.lot_rows import LotRow, lot_rows
from planner.outputs.names import shown_name, title_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.plans import DayPlan
from planner.plans.lots import Lot
from planner.words import figures, say, term

LOTS_PAGE = "lots"
_LONGEST = 40
"""Letters of a name in a code: longer ones are cut, or no code could hold them."""


def lots_page(plan: DayPlan, links: PageLinks) -> str:
    """Return the page of a day's lots: labels first, the table with their ways below."""
    rows = lot_rows(plan)
    return page_template("lots.html").render(
        plan=plan,
        links=links,
        area=shown_name(plan.area),
        notice=notice_of_plan(plan),
        labels=[
            _label(plan, row) for row in rows if row.lot.vehicle_id or row.lot.rides
        ],  # what nobody picks up needs none
        rows=rows,
    )


def label_text(plan: DayPlan, lot: Lot) -> str:
    """Return what the code of a lot says, a line each: lot, product, village with township and county, date, weight.

    Where data are synthetic or assumed the last line says so: a label leaves the page that says it above.
    """
    area = plan.area
    village = area.village_by_id[lot.village_id]
    township = area.township_by_id[village.township_id]
    names = [_cut(name) for name in (shown_name(area), shown_name(township), title_name(village))]
    return "\n".join(
        [
            lot.id,
            _cut(lot.product),
            say(" ").join(names),
            lot.date.isoformat(),
            f"{lot.kg:.1f} kg",
            *filter(None, [notice_of_plan(plan).text]),
        ]
    )


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _label(plan: DayPlan, row: LotRow) -> dict[str, Any]:
    return {
        "lot": row.lot.id,
        "product": row.lot.product,
        "village": row.village,
        "township": row.township,
        "date": figures.day(row.lot.date),
        "kg": figures.lot_weight(row.lot.kg),
        "basis": term(row.lot.basis),
        "code": _code(label_text(plan, row.lot)),
    }


@lru_cache(maxsize=4096)  # a label is drawn once a language
def _code(text: str) -> str:
    return str(
        segno.make(text, error="m", encoding="utf-8").svg_inline(scale=2, border=2, omitsize=True, lineclass=None)
    )
