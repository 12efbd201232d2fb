"""The phases of a service plan: what to buy, employ and pay in each, who pays it, and maps of what is open."""

from __future__ import annotations

from planner.config import FundingSource
from planner.outputs.names import spoken_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.phase_rows import money_name, money_rows, phase_name, phase_rows, yuan_text
from planner.outputs.thumbnail import mark, thumbnail
from planner.plans.service_plan import ServicePlan
from planner.words import term

PHASES_PAGE = "phases"


def phases_page(plan: ServicePlan, links: PageLinks) -> str:
    """Return the page; its links are relative to the plan's folder."""
    rows = money_rows(plan)
    return page_template("service_phases.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        notice=notice_of_plan(plan),
        rows=phase_rows(plan),
        total=yuan_text(sum(one.total_fen for one in plan.phases)),
        sources=[term(source) for source in FundingSource],
        unnamed=any(row.unnamed_fen for row in rows),
        money=[
            {
                "phase": term("all_phases") if row.phase is None else phase_name(row.phase),
                "item": money_name(row),
                "sum": row.item is None,
                "sources": [yuan_text(fen) for fen in row.by_source],
                "unnamed": yuan_text(row.unnamed_fen),
                "total": yuan_text(row.total_fen),
            }
            for row in rows
        ],
        employs=any(one.drivers is not None for one in plan.phases),
        hours=plan.config["service"].get("driver_hours_week"),
        maps=[thumbnail(plan.network, one.stage) for one in plan.phases],
        marks={kind: mark(kind) for kind in ("served", "left", "station", "hub")},
    )
