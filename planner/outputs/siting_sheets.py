"""Sheets of the workbook about siting: stages, money by source, equity by township, what is not served and why."""

from __future__ import annotations

from planner.config import CostItem, FundingSource
from planner.coverage.appraise import FEN_PER_YUAN, SubsidyTable
from planner.coverage.phases import PhasedSolution
from planner.outputs.equity import village_equity
from planner.outputs.left_out import people_left_out, row_faults_text
from planner.outputs.names import register_name, shown_name
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import budget_rows, running_yuan
from planner.outputs.workbook_cells import Share, Sheet, Yuan, stage_name, yes_no
from planner.plans import NetworkPlan
from planner.plans.area_shares import share_of
from planner.units import shown_limit, shown_minutes
from planner.words import listed, say, term


def siting_sheets(plan: NetworkPlan) -> list[Sheet]:
    """Return the sheets; a plan without phases or money has none of them."""
    return [
        *([_phases(plan, plan.phases)] if plan.phases is not None and plan.phases.phases else []),
        *([_budgets(plan)] if plan.stations.service_points.found else []),
        *([_money(plan.subsidies)] if plan.subsidies is not None else []),
        *([_equity(plan)] if plan.stations.service_points.opened else []),
        _uncovered(plan),
    ]


def _phases(plan: NetworkPlan, phases: PhasedSolution) -> Sheet:
    headings = [
        *(say("Stage"), say("New service points"), say("Open by then"), say("Opening cost (yuan)")),
        *(say("Running cost (yuan)"), say("Share of people served"), say("Share of households served")),
        *(
            say("Share of villages served"),
            say("Share of poor villages served"),
            say("Target"),
            say("Target met"),
            say("Which are new"),
        ),
    ]
    rows: list[list[object]] = []
    for phase, running in zip(phases.phases, running_yuan(phases), strict=True):
        shares = phase.coverage.shares
        rows.append(
            [
                *(stage_name(phase.name), len(phase.added), len(phase.coverage.opened)),
                *(Yuan(round(phase.opening_cost_yuan, 2)), "" if running is None else Yuan(round(running, 2))),
                *(
                    "-" if share is None else Share(round(share, 4))
                    for share in (
                        share_of(plan.area, shares, name)
                        for name in ("population", "households", "villages", "poor_villages")
                    )
                ),
                "" if phase.target_share is None else Share(phase.target_share),
                "" if phase.target_share is None else yes_no(phase.target_met),
                listed([register_name(plan.area, plan.area.site_by_id[site_id]) for site_id in phase.added]),
            ]
        )
    return Sheet(say("Stages"), headings, rows)


def _budgets(plan: NetworkPlan) -> Sheet:
    """Return a row a stage, and one in all where there are several: budgets, what is spent from them and what is left."""
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
    rows = [
        [
            *(row["name"], row["points_opened"], row["stations_opened"]),
            *("" if row["amounts"][key] is None else Yuan(row["amounts"][key]) for key in headings),
        ]
        for row in budget_rows(plan)
    ]
    counts = (say("Stage"), say("New service points"), say("New express stations"))
    return Sheet(say("Budget"), [*counts, *headings.values()], rows)


def _money(table: SubsidyTable) -> Sheet:
    """Return a row for each item of each stage, each stage, and all: by source, then together."""
    sources = [say("{source} (yuan)", source=term(source)) for source in FundingSource]
    phases: list[str | None] = [*table.phases, None]
    items: list[CostItem | None] = [*CostItem, None]
    rows = [
        [
            term("all_phases") if phase is None else stage_name(phase),
            term("total" if item is None else item),
            *(Yuan(table.fen(phase=phase, item=item, source=s) / FEN_PER_YUAN) for s in (*FundingSource, None)),
        ]
        for phase in phases
        for item in items
    ]
    return Sheet(say("Money"), [say("Stage"), say("Item"), *sources, say("Total (yuan)")], rows)


def _equity(plan: NetworkPlan) -> Sheet:
    headings = [
        *(say("Code"), say("Township"), say("Villages"), say("Without a way"), say("Longest (min)")),
        *(say("95% of people within (min)"), say("Mean by people (min)"), say("Gini coefficient")),
    ]
    report, standard_s = village_equity(plan), plan.stations.service_points.standard_s
    names = {township.id: shown_name(township) for township in plan.area.townships}
    everywhere = [
        *((group.id, names[group.id], group.equity) for group in report.groups),
        ("", term("all"), report.overall),
    ]
    rows: list[list[object]] = [
        [
            *(code, name, equity.reached + equity.unreached, equity.unreached),
            *(
                None if way is None else shown_minutes(way, standard_s)
                for way in (equity.maximum_s, equity.p95_s, equity.mean_s)
            ),
            None if equity.gini is None else round(equity.gini, 4),
        ]
        for code, name, equity in everywhere
    ]
    if report.left_out:
        rows.append(["", say("in no row above: left out, their rows are at fault"), report.left_out, *[None] * 5])
    return Sheet(say("Equity"), headings, rows)


def _uncovered(plan: NetworkPlan) -> Sheet:
    headings = [
        *(say("Code"), say("Village"), say("Township"), say("People"), say("Registered poor village"), say("Why")),
        *(say("Hands over at"), say("Minutes"), say("Cheapest remedy"), say("Its cost (yuan)")),
        say("Standard that would do (min)"),
    ]
    rows: list[list[object]] = []
    points = plan.stations.service_points
    remedies = {remedy.demand_id: remedy for remedy in plan.remedies}
    for left in points.uncovered:
        village = plan.area.village_by_id[left.demand_id]
        remedy = remedies.get(village.id)
        way = plan.hand_over[village.id]
        rows.append(
            [
                *(village.id, shown_name(village), shown_name(plan.area.township_by_id[village.township_id])),
                *(village.population, yes_no(village.registered_poor), term(left.reason)),
                "" if way.site_id is None else register_name(plan.area, plan.area.site_by_id[way.site_id]),
                None if way.duration_s is None else shown_minutes(way.duration_s, points.standard_s),
                remedy_text(plan.area, remedy, registers=True),
                None if remedy is None or remedy.cost_yuan is None else Yuan(remedy.cost_yuan),
                None if remedy is None or remedy.standard_s is None else shown_limit(remedy.standard_s),
            ]
        )
    if faulty := row_faults_text(plan.area):
        why = say("each row with its fault is in the sheet {title}", title=say("About"))
        rows.append(["", faulty, "", people_left_out(plan.area), "", why, "", None, say("mend the rows"), None, None])
    return Sheet(say("Not covered"), headings, rows)
