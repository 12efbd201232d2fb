"""Phases, money by source and equity of a plan, as the rows that pages show and workbooks hold."""

from __future__ import annotations

from typing import Any

from planner.config import CostItem, FundingSource
from planner.coverage import SolveStatus
from planner.coverage.appraise import FEN_PER_YUAN, Equity, format_fen
from planner.coverage.phases import PhasedSolution
from planner.model import Text
from planner.outputs.conflicts import named_conflicts
from planner.outputs.equity import village_equity
from planner.outputs.known_shares import share_text
from planner.outputs.stage_money import StageMoney, money_in_all, stages_money
from planner.plans import NetworkPlan
from planner.units import shown_minutes
from planner.words import figures, render, say, term


def siting_rows(plan: NetworkPlan) -> dict[str, Any]:
    """Return what a page shows of a plan's phases, money and equity; what the plan does not have is empty."""
    equity = village_equity(plan)
    everywhere = [*((group.name, group.equity) for group in equity.groups), (term("all"), equity.overall)]
    return {
        "phases": _phase_rows(plan),
        "phase_remarks": phase_remarks(plan),
        "budgets": budget_rows(plan),
        "sources": [term(source) for source in FundingSource],
        "money": _money_rows(plan),
        "money_provenance": money_provenance(plan),
        "equity": []
        if not plan.stations.service_points.opened
        else [_equity_row(name, one, plan.stations.service_points.standard_s) for name, one in everywhere],
    }


def phases_proof(plan: NetworkPlan) -> str:
    """Return how good the phases are, empty without phases."""
    if plan.phases is None:
        return ""
    return say("{what}: {text}", what=term("phases_together"), text=status_text(plan.phases.status, plan.phases.gap))


def status_text(status: SolveStatus, gap: float | None) -> str:
    """Return how good an answer is known to be: its status, and the gap that an answer without proof leaves."""
    if gap is None or status is SolveStatus.OPTIMAL:
        return term(status)
    return say("{status}, gap {gap}", status=term(status), gap=f"{gap:.2%}")


def running_yuan(phases: PhasedSolution) -> list[float | None]:
    """Return what each phase pays for running points out of its budget, None for all where budgets pay openings only."""
    paid = [phase.running_cost_yuan for phase in phases.phases]
    return list(paid) if any(paid) else [None] * len(paid)


def phase_remarks(plan: NetworkPlan) -> list[str]:
    """Return how good the phases are, and what planning each phase alone would reach, or why that fails."""
    if plan.phases is None:
        return []
    remarks = [phases_proof(plan)]
    if plan.phases.alone is not None and plan.phases.value is not None:
        remarks.append(
            say(
                "covered, summed over the phases: {together} planned together, {alone} each phase alone",
                together=figures.number(round(plan.phases.value)),
                alone=figures.number(round(plan.phases.alone)),
            )
        )
    return remarks + named_conflicts(plan.area, plan.phases.alone_conflicts)


def money_provenance(plan: NetworkPlan) -> str:
    """Return where the configuration's figures of money come from."""
    subsidies = plan.config.get("coverage", {}).get("subsidies") or {}
    return render(Text.of(subsidies.get("provenance", "")))


def phase_name(name: str) -> str:
    """Return a phase's name as people read it."""
    return term(name) if name in ("whole_plan", "all_phases") else name


def budget_rows(plan: NetworkPlan) -> list[dict[str, Any]]:
    """Return a row a stage, and one in all where there are several: budgets, what is spent from them and what is left."""
    if not plan.stations.service_points.found:
        return []
    stages = stages_money(plan)
    return [_budget_row(one) for one in (*stages, *([money_in_all(stages)] if len(stages) > 1 else []))]


def budget_figures(plan: NetworkPlan) -> list[dict[str, str | int | float | None]]:
    """Return the rows of `budget_rows` for programs: amounts in yuan by name, None where there is none."""
    return [
        {
            "stage": row["code"],
            "points_opened": row["points_opened"],
            "stations_opened": row["stations_opened"],
            **{f"{key}_yuan": amount for key, amount in row["amounts"].items()},
        }
        for row in budget_rows(plan)
    ]


def _budget_row(money: StageMoney) -> dict[str, Any]:
    amounts = {
        "budget": money.points.budget_yuan,
        "carried": money.points.carried_yuan or None,
        "opening": money.points_yuan,
        "closing": money.closing_yuan or None,
        "running": money.running_yuan,
        "left": money.points.left_yuan,
        "station_budget": money.stations.budget_yuan,
        "stations": money.stations.spent_yuan,
        "station_left": money.stations.left_yuan,
        "building": money.building_yuan,
    }
    return {
        "name": phase_name(money.name),
        "code": money.name,
        "points_opened": money.points_opened,
        "stations_opened": money.stations_opened,
        "amounts": amounts,
        **{key: "-" if yuan is None else figures.number(round(yuan, 2)) for key, yuan in amounts.items()},
    }


def _phase_rows(plan: NetworkPlan) -> list[dict[str, str]]:
    if plan.phases is None:
        return []
    rows = []
    for phase, running in zip(plan.phases.phases, running_yuan(plan.phases), strict=True):
        shares = phase.coverage.shares
        met = term("target_met" if phase.target_met else "target_missed")
        rows.append(
            {
                "name": phase.name,
                "added": str(len(phase.added)),
                "open": str(len(phase.coverage.opened)),
                "opening": f"{phase.opening_cost_yuan:,.2f}",
                "running": "-" if running is None else f"{running:,.2f}",
                "people": share_text(plan.area, shares, "population"),
                "villages": share_text(plan.area, shares, "villages"),
                "poor": share_text(plan.area, shares, "poor_villages"),
                "target": "-" if phase.target_share is None else f"{phase.target_share:.0%} {met}",
            }
        )
    return rows


def _money_rows(plan: NetworkPlan) -> list[dict[str, Any]]:
    """Return a row for each item of each phase, each phase, and all: by source, then together."""
    if plan.subsidies is None:
        return []
    table, rows = plan.subsidies, []
    phases: list[str | None] = [*table.phases, None]
    for phase in phases:
        items: list[CostItem | None] = [*CostItem, None]
        for item in items:
            fen = [table.fen(phase=phase, item=item, source=source) for source in FundingSource]
            rows.append(
                {
                    "phase": term("all_phases") if phase is None else phase_name(phase),
                    "item": term("total") if item is None else term(item),
                    "total": item is None,
                    "cells": [format_fen(amount) for amount in (*fen, table.fen(phase=phase, item=item))],
                    "money": [
                        figures.money(amount / FEN_PER_YUAN) for amount in (*fen, table.fen(phase=phase, item=item))
                    ],
                    "yuan": [amount / FEN_PER_YUAN for amount in (*fen, table.fen(phase=phase, item=item))],
                }
            )
    return rows


def _equity_row(name: str, equity: Equity, standard_s: float) -> dict[str, Any]:
    ways = {"maximum": equity.maximum_s, "p95": equity.p95_s, "mean": equity.mean_s}
    return {
        "name": name,
        "villages": equity.reached + equity.unreached,
        "unreached": equity.unreached,
        **{key: "-" if way is None else figures.minutes(way, standard_s) for key, way in ways.items()},
        **{f"{key}_minutes": None if way is None else shown_minutes(way, standard_s) for key, way in ways.items()},
        "gini": "-" if equity.gini is None else f"{equity.gini:.3f}",
        "gini_value": None if equity.gini is None else round(equity.gini, 4),
    }
