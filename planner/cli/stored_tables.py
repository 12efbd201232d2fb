"""Tables of plans that are kept."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from planner.cli.plan_tables import table_of
from planner.plans.summaries import DaySummary, NetworkSummary

_PUBLISHED = "●"


def print_networks(console: Console, kept: Sequence[NetworkSummary]) -> None:
    """Show network plans: what they open, whom they cover, which one is published."""
    table = table_of("", "编号 id", "制定 made", "服务点 points", "快递站 stations", "人口 people", "元 yuan")
    table.columns[1].no_wrap = True  # an id is there to be copied
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            one.id,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            str(one.service_points),
            str(one.express_stations),
            f"{one.population_covered:.1%}",
            f"{one.opening_cost_yuan:,.0f}",
        )
    console.print(table)


def print_days(console: Console, kept: Sequence[DaySummary]) -> None:
    """Show day plans: date, network, routes, cost, which one is published."""
    table = table_of(
        "", "日期 date", "编号 id", "线路 routes", "站点 stops", "件 parcels", "km", "元 yuan", "未安排 left"
    )
    table.columns[2].no_wrap = True
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            one.date.isoformat(),
            one.id,
            str(one.routes),
            str(one.stops),
            f"{one.parcels:,}",
            f"{one.distance_m / 1000:.1f}",
            f"{one.cost_yuan:,.0f}",
            str(one.unassigned),
        )
    console.print(table)
