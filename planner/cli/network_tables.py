"""What the command line shows of a network plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from planner.cli import plan_tables, siting_tables
from planner.outputs.equity import village_equity
from planner.outputs.known_shares import answer_figures, phases_figures
from planner.outputs.names import spoken_name
from planner.outputs.notice import caveats
from planner.outputs.siting import budget_figures
from planner.plans import NetworkPlan


def network_figures(plan: NetworkPlan, folder: Path) -> dict[str, Any]:
    """Return a network plan's figures for programs."""
    return {
        "id": plan.id,
        "area": plan.area.id,
        "folder": str(folder),
        "service_points": answer_figures(plan.area, plan.stations.service_points),
        "express_stations": answer_figures(plan.area, plan.stations.express_stations),
        "stages": plan.stages,
        "phases": phases_figures(plan.area, plan.phases),
        "remedies": plan.remedies,
        "subsidies": plan.subsidies,
        "budgets": budget_figures(plan),
        "equity": village_equity(plan),
        "remarks": plan.remarks,
        "vehicle": plan.roads.vehicle,
        "season": plan.roads.season,
        "imputed_surface_share": plan.roads.imputed_surface_share,
        "imputed_speed_share": plan.roads.imputed_speed_share,
        **caveats(plan.area, plan.config),
    }


def print_network(console: Console, plan: NetworkPlan, page: Path) -> None:
    """Show both tiers, phases, money and equity of a network plan, what of it is not real, and where its page is."""
    console.print(Text.assemble("\n", (spoken_name(plan.area), "bold"), f"  {plan.id}"))
    plan_tables.print_stations(console, plan)
    siting_tables.print_phases(console, plan.area, plan.phases)
    siting_tables.print_budgets(console, plan)
    siting_tables.print_subsidies(console, plan.subsidies)
    if plan.stations.service_points.opened:  # else nobody has a way there, which says nothing of the roads
        siting_tables.print_equity(console, village_equity(plan), plan.stations.service_points.standard_s)
    plan_tables.print_roads(console, plan.roads)
    plan_tables.print_remarks(console, plan.remarks)
    plan_tables.print_notice(console, plan.area, plan.config)
    console.print(f"→ {page}", soft_wrap=True)
