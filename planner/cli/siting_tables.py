"""What the command line shows of phases, money, equity, and the marginal curve."""

from __future__ import annotations

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.config import CostItem, FundingSource
from planner.coverage.appraise import (
    FEN_PER_YUAN,
    Curve,
    Equity,
    SubsidyTable,
    format_fen,
)
from planner.coverage.phases import PhasedSolution
from planner.model import StudyArea
from planner.outputs.conflicts import named_conflicts
from planner.outputs.curve import curve_remarks, curve_rows, curve_without
from planner.outputs.equity import VillageEquity
from planner.outputs.known_shares import share_text
from planner.outputs.names import spoken_name
from planner.outputs.siting import budget_rows, running_yuan
from planner.plans import NetworkPlan
from planner.words import figures, has_term, listed, say, term

_SHOWN = 15


def print_phases(console: Console, area: StudyArea, phases: PhasedSolution | None) -> None:
    """Show what each phase adds and reaches, and what planning each phase alone would, or why it fails; nothing without."""
    if phases is None:
        return
    paid = running_yuan(phases)
    runs = None not in paid  # where budgets do not pay for running, the table of who pays does
    table = table_of(
        *(say("Phase"), say("Added"), say("Open"), say("Yuan to open"), *([say("Yuan to run")] if runs else [])),
        *(say("People"), say("Villages"), say("Poor villages"), say("Target")),
    )
    for phase, running in zip(phases.phases, paid, strict=True):
        shares = phase.coverage.shares
        target = "-" if phase.target_share is None else f"{phase.target_share:.0%} {'✓' if phase.target_met else '✗'}"
        table.add_row(
            phase.name,
            str(len(phase.added)),
            str(len(phase.coverage.opened)),
            f"{phase.opening_cost_yuan:,.0f}",
            *([] if running is None else [f"{running:,.0f}"]),
            *(share_text(area, shares, name) for name in ("population", "villages", "poor_villages")),
            target,
        )
    if phases.phases:
        console.print(table)
    proof = [term(phases.status), *([] if phases.gap is None else [say("gap {share}", share=f"{phases.gap:.2%}")])]
    console.print(say("{what}: {text}", what=term("phases_together"), text=listed(proof)))
    if phases.alone is not None and phases.value is not None:
        console.print(
            say(
                "Covered, summed over the phases: {together} planned together, {alone} each phase alone",
                together=f"{phases.value:,.0f}",
                alone=f"{phases.alone:,.0f}",
            )
        )
    for why in named_conflicts(area, phases.alone_conflicts):
        console.print(why, highlight=False, soft_wrap=True)


def print_budgets(console: Console, plan: NetworkPlan) -> None:
    """Show what each phase has for sites, spends and leaves, both tiers apart; the sum last."""
    rows = budget_rows(plan)
    if not rows:
        return
    columns = {
        say("Yuan"): "name",
        say("Budget"): "budget",
        say("Carried"): "carried",
        say("Points"): "opening",
        say("Closing"): "closing",
        say("Running"): "running",
        say("Left"): "left",
        say("Station budget"): "station_budget",
        say("Stations"): "stations",
        say("Left over"): "station_left",
        say("Both"): "building",
    }
    shown = {title: key for title, key in columns.items() if any(row[key] != "-" for row in rows)}
    table = table_of(*shown)
    for number, row in enumerate(rows):
        if number and number == len(rows) - 1:
            table.add_section()
        table.add_row(*(row[key] for key in shown.values()))
    console.print(table)


def print_subsidies(console: Console, subsidies: SubsidyTable | None) -> None:
    """Show who pays what, by phase and by item, each with the same total; nothing without subsidies."""
    if subsidies is None:
        return
    # whole yuan throughout are shown as such: with two decimals more they would not fit a terminal of 80 columns
    cut = 3 if all(entry.fen % FEN_PER_YUAN == 0 for entry in subsidies.entries) else 0

    def money(phase: str | None = None, item: CostItem | None = None) -> list[str]:
        amounts = [subsidies.fen(phase=phase, item=item, source=source) for source in FundingSource]
        shown = [format_fen(fen) for fen in (*amounts, subsidies.fen(phase=phase, item=item))]
        return [text[: len(text) - cut] for text in shown]

    table = table_of(say("Yuan"), *(term(source) for source in FundingSource), term("total"))
    for phase in subsidies.phases:
        table.add_row(term(phase) if has_term(phase) else phase, *money(phase=phase))
    table.add_section()
    for item in CostItem:
        table.add_row(term(item), *money(item=item))
    table.add_section()
    table.add_row(term("total"), *money())
    console.print(table)


def print_equity(console: Console, report: VillageEquity, standard_s: float) -> None:
    """Show how evenly minutes are spread, by township and in all; ``standard_s`` is what they are read against."""
    table = table_of(
        *(
            say("Township"),
            say("Villages"),
            say("No way"),
            say("Longest"),
            say("95% of people"),
            say("Mean"),
            say("Gini"),
        )
    )
    for name, equity in [*((group.name, group.equity) for group in report.groups), (term("all"), report.overall)]:
        table.add_row(
            name, str(equity.reached + equity.unreached), str(equity.unreached), *_minutes(equity, standard_s)
        )
    console.print(table)
    if report.left_out:
        villages = figures.villages(report.left_out)
        console.print(say("In no row: {villages} left out, their rows are at fault", villages=villages), style="dim")


def _minutes(equity: Equity, standard_s: float) -> tuple[str, ...]:
    ways = (equity.maximum_s, equity.p95_s, equity.mean_s)
    return (
        *("-" if way is None else figures.minutes(way, standard_s) for way in ways),
        "-" if equity.gini is None else f"{equity.gini:.3f}",
    )


def print_curve(console: Console, area: StudyArea, curve: Curve) -> None:
    """Show the curve as a table, and where all is covered and the knee is."""
    console.print(
        say(
            "{what}: {text}",
            what=spoken_name(area),
            text=listed([term(curve.objective), f"≤ {figures.limit(curve.standard_s)}"]),
        )
    )
    table = table_of(
        *(say("Limit"), say("Open"), say("Yuan"), say("Value"), say("Gap"), say("People"), say("Villages")),
        *(say("Poor villages"), say("Proven")),
    )
    for point, row in zip(curve.points, curve_rows(curve), strict=True):
        shown = (row[key] for key in ("limit", "open", "yuan", "value", "gap", "people", "villages", "poor"))
        table.add_row(*shown, "✓" if point.proven else "-")
    console.print(table)
    for remark in (*curve_remarks(curve), *curve_without(area, curve)):
        console.print(remark)
    for point in curve.points:
        for conflict in named_conflicts(area, point.conflicts):
            console.print(f"{point.limit:g}: {conflict}")
