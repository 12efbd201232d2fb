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
        "sources": [term(source) for source in FundingSource],
        "money": _money_rows(plan),
        "money_provenance": money_provenance(plan),
        "equity": []
        if not plan.stations.service_points.found
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
    """Return how good the phases are, and what planning each year alone would reach, or why that fails."""
    if plan.phases is None:
        return []
    remarks = [phases_proof(plan)]
    if plan.phases.alone is not None and plan.phases.value is not None:
        remarks.append(
            say(
                "covered, summed over the phases: {together} planned together, {alone} each year alone",
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
    return term(name) if name == "whole_plan" else name


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
                "people": f"{shares.population:.1%}",
                "villages": f"{shares.villages:.1%}",
                "poor": f"{shares.poor_villages:.1%}" if shares.poor_villages_total else "-",
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
