"""Sheets of the workbook about siting: stages, equity by township, what is not served, why and what that takes."""

from __future__ import annotations

from planner.outputs.equity import village_equity
from planner.outputs.left_out import people_left_out, row_faults_text
from planner.outputs.names import register_name, shown_name
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import running_yuan
from planner.outputs.workbook.cells import Bars, Share, Sheet, Thousandths, Yuan, stage_name, summed, yes_no
from planner.plans import NetworkPlan
from planner.plans.area_shares import share_of
from planner.units import shown_limit, shown_minutes
from planner.words import listed, say, term


def stages_sheet(plan: NetworkPlan) -> Sheet:
    """Return a row for each stage: what opens and costs, who is served by then, against the target; and a chart of that."""
    assert plan.phases is not None
    phases = plan.phases
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
                    "-" if share is None else Share(share)
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
    chart = Bars(say("Share served by the end of each stage"), 0, len(rows) - 1, 0, (5, 7, 8), say("Share served"))
    money = [3, *([4] if any(row[4] != "" for row in rows) else [])]
    return Sheet(say("Stages"), headings, [*rows, summed(rows, [1, *money])], 1, [chart])


def equity_sheet(plan: NetworkPlan) -> Sheet:
    """Return how the ways of people are spread, by township and in all."""
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
            None if equity.gini is None else Thousandths(equity.gini),
        ]
        for code, name, equity in everywhere
    ]
    if report.left_out:
        rows.append(["", say("in no row above: left out, their rows are at fault"), report.left_out, *[None] * 5])
    return Sheet(say("Equity"), headings, rows)


def uncovered_sheet(plan: NetworkPlan) -> Sheet:
    """Return who is not covered, why, where they hand over meanwhile, and what covering them takes."""
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
