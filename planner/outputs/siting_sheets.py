"""Sheets of the workbook about siting: phases, money by source, equity by township, what is not covered and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.config import FundingSource
from planner.coverage.phases import PhasedSolution
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import running_yuan, siting_rows
from planner.plans import NetworkPlan
from planner.units import shown_minutes
from planner.words.terms import term

Sheet = tuple[str, Sequence[str], Iterable[Sequence[object]]]


def siting_sheets(plan: NetworkPlan) -> list[Sheet]:
    """Return the sheets as (title, headings, rows); a plan without phases or money has no sheet of them."""
    rows = siting_rows(plan)
    sheets = [_equity(rows["equity"]), _uncovered(plan)]
    if rows["money"]:
        sheets.insert(0, _money(rows["money"]))
    if plan.phases is not None and plan.phases.phases:
        sheets.insert(0, _phases(plan, plan.phases))
    return sheets


def _phases(plan: NetworkPlan, phases: PhasedSolution) -> Sheet:
    headings = [
        *("阶段 Phase", "新增服务点 Points added", "开放 Open", "建设 Opening (yuan)", "运行 Running (yuan)"),
        *("人口覆盖 People", "户数覆盖 Households", "村覆盖 Villages", "贫困村覆盖 Poor villages", "目标 Target"),
        *("达标 Target met", "新增站点 Sites added"),
    ]
    rows: list[list[object]] = []
    for phase, running in zip(phases.phases, running_yuan(phases), strict=True):
        shares = phase.coverage.shares
        rows.append(
            [
                *(phase.name, len(phase.added), len(phase.coverage.opened)),
                *(round(phase.opening_cost_yuan, 2), "" if running is None else round(running, 2)),
                *(round(shares.population, 4), round(shares.households, 4), round(shares.villages, 4)),
                round(shares.poor_villages, 4) if shares.poor_villages_total else "",
                "" if phase.target_share is None else phase.target_share,
                "" if phase.target_share is None else term("target_met" if phase.target_met else "target_missed").both,
                "、".join(plan.area.site_by_id[site_id].name for site_id in phase.added),
            ]
        )
    return "分期 Phases", headings, rows


def _money(rows: Sequence[dict[str, Sequence[object]]]) -> Sheet:
    sources = [f"{term(source).both} (yuan)" for source in FundingSource]
    headings = ["阶段 Phase", "项目 Item", *sources, "合计 Total (yuan)"]
    return "资金 Money", headings, [[row["phase"], row["item"], *row["yuan"]] for row in rows]


def _equity(rows: Sequence[dict[str, object]]) -> Sheet:
    headings = [
        *("乡镇 Township", "村 Villages", "道路不可达 No way", "最远 Longest (min)", "95 % 人口 Of people (min)"),
        *("平均 Mean (min)", "基尼系数 Gini"),
    ]
    keys = ("name", "villages", "unreached", "maximum_minutes", "p95_minutes", "mean_minutes", "gini_value")
    return "公平性 Equity", headings, [[row[key] for key in keys] for row in rows]


def _uncovered(plan: NetworkPlan) -> Sheet:
    headings = [
        *("编码 Id", "村名 Village", "乡镇 Township", "人口 Population", "贫困村 Poor village", "原因 Reason"),
        *(
            "最近服务点 Nearest point",
            "分钟 Minutes",
            "最省的补救 Cheapest remedy",
            "费用 Cost (yuan)",
            "所需标准 Standard (min)",
        ),
    ]
    rows: list[list[object]] = []
    points = plan.stations.service_points
    remedies = {remedy.demand_id: remedy for remedy in plan.remedies}
    for left in points.uncovered:
        village = plan.area.village_by_id[left.demand_id]
        remedy = remedies.get(village.id)
        way = plan.hand_over[village.id]
        near = "" if way.site_id is None else plan.area.site_by_id[way.site_id].name
        rows.append(
            [
                *(village.id, village.name, plan.area.township_by_id[village.township_id].name, village.population),
                "是 yes" if village.registered_poor else "否 no",
                *(term(left.reason).both, near),
                None if way.duration_s is None else shown_minutes(way.duration_s, points.standard_s),
                remedy_text(plan.area, remedy),
                None if remedy is None else remedy.cost_yuan,
                None if remedy is None or remedy.standard_s is None else remedy.standard_s / 60,
            ]
        )
    return "未覆盖 Not covered", headings, rows
