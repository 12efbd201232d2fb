"""What the command line shows of phases, money, equity, the marginal curve and two plans side by side."""

from __future__ import annotations

from rich.console import Console

from planner.cli.plan_tables import shown_name, table_of
from planner.config import CostItem, FundingSource
from planner.coverage.appraise import (
    FEN_PER_YUAN,
    Change,
    CoverageComparison,
    Curve,
    Equity,
    EquityReport,
    SubsidyTable,
    format_fen,
)
from planner.coverage.phases import PhasedSolution
from planner.model import StudyArea
from planner.outputs.comparison import PlanComparison
from planner.outputs.conflicts import named_conflicts
from planner.outputs.curve import curve_remarks, curve_rows
from planner.outputs.siting import running_yuan
from planner.plans import NetworkPlan
from planner.units import format_limit, format_minutes
from planner.words import figures, has_term, listed, say, term

_SHOWN = 15


def print_phases(console: Console, area: StudyArea, phases: PhasedSolution | None) -> None:
    """Show what each phase adds and reaches, and what planning each year alone would, or why it fails; nothing without."""
    if phases is None:
        return
    table = table_of(
        *(say("Phase"), say("Added"), say("Open"), say("Yuan to open"), say("Yuan to run"), say("People")),
        *(say("Villages"), say("Poor villages"), say("Target")),
    )
    for phase, running in zip(phases.phases, running_yuan(phases), strict=True):
        shares = phase.coverage.shares
        target = "-" if phase.target_share is None else f"{phase.target_share:.0%} {'✓' if phase.target_met else '✗'}"
        table.add_row(
            phase.name,
            str(len(phase.added)),
            str(len(phase.coverage.opened)),
            f"{phase.opening_cost_yuan:,.0f}",
            "-" if running is None else f"{running:,.0f}",
            figures.share(shares.population),
            figures.share(shares.villages),
            figures.share(shares.poor_villages) if shares.poor_villages_total else "-",
            target,
        )
    if phases.phases:
        console.print(table)
    proof = [term(phases.status), *([] if phases.gap is None else [say("gap {share}", share=f"{phases.gap:.2%}")])]
    console.print(say("{what}: {text}", what=term("phases_together"), text=listed(proof)))
    if phases.alone is not None and phases.value is not None:
        console.print(
            say(
                "Covered, summed over the years: {together} planned together, {alone} each year alone",
                together=f"{phases.value:,.0f}",
                alone=f"{phases.alone:,.0f}",
            )
        )
    for why in named_conflicts(area, phases.alone_conflicts):
        console.print(why, highlight=False, soft_wrap=True)


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


def print_equity(console: Console, report: EquityReport, standard_s: float) -> None:
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
            what=shown_name(area),
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
    for remark in curve_remarks(curve):
        console.print(remark)
    for point in curve.points:
        for conflict in named_conflicts(area, point.conflicts):
            console.print(say("{what}: {text}", what=f"{point.limit:g}", text=conflict), soft_wrap=True)


def print_comparison(console: Console, before: NetworkPlan, after: NetworkPlan, found: PlanComparison) -> None:
    """Show sites opened and closed, villages gained and lost, people and money."""
    from planner.words import terms

    term = terms.term

    console.print(f"{after.area.name}: {found.before_id} → {found.after_id}")
    points, stations = found.stations.service_points, found.stations.express_stations
    if not found.same_roads:
        console.print("车辆或季节不同 the plans rest on different vehicles or seasons", style="yellow")
    for code, tier in (("service_point", points), ("express_station", stations)):
        if not tier.same_standard:
            ways = f"{format_limit(tier.before_standard_s)} → {format_limit(tier.after_standard_s)}"
            console.print(f"{term(code).both}: 标准不同 different standards: {ways}", style="yellow")
    table = table_of("", "新开 opened", "撤点 closed", "保留 kept", "元 yuan before", "元 yuan after")
    for code, tier in (("service_point", points), ("express_station", stations)):
        sites = (str(len(ids)) for ids in (tier.opened, tier.closed, tier.kept))
        table.add_row(term(code).both, *sites, f"{tier.before_cost_yuan:,.0f}", f"{tier.after_cost_yuan:,.0f}")
    console.print(table)
    _print_reach(console, points)
    table = table_of("村 villages", "数 number", "人口 people", "户 homes", "贫困村 poor", "贫困户 poor homes")
    for change, people in found.people.items():
        figures = (people.villages, people.population, people.households, people.poor_villages, people.poor_households)
        table.add_row(term(change).both, *(f"{figure:,}" for figure in figures))
    console.print(table)
    for money in found.money:
        was, now = ("-" if fen is None else format_fen(fen) for fen in (money.before_fen, money.after_fen))
        console.print(f"  {term(money.source).both}: {was} → {now} 元 yuan", highlight=False)
    changed = [*points.of(Change.LOST), *points.of(Change.GAINED)]
    for point in changed[:_SHOWN]:
        village = after.area.village_by_id[point.demand_id]
        was, now = (
            "-" if way is None else format_minutes(way, standard_s)
            for way, standard_s in (
                (point.before_s, points.before_standard_s),
                (point.after_s, points.after_standard_s),
            )
        )
        alone = " (仅因标准 by the standard alone)" if point.by_standard_alone else ""
        console.print(
            f"  {term(point.change).both}: {village.name} {village.id}, {was} → {now}{alone}",
            highlight=False,
        )
    if len(changed) > _SHOWN:
        console.print(f"  ... {len(changed) - _SHOWN} more (--json lists all)")


def _print_reach(console: Console, points: CoverageComparison) -> None:
    before, after = points.before, points.after
    console.print(
        f"覆盖 covered: 村 villages {before.villages} → {after.villages}, 人口 people {before.population:,} → "
        f"{after.population:,}, 贫困村 poor villages {before.poor_villages} → {after.poor_villages}",
    )
