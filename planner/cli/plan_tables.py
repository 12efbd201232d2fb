"""What the command line shows people: tables of stations, routes and findings, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from planner.coverage import CoverageSolution
from planner.geodata import Finding, Severity
from planner.geodata.doctor import FileReport
from planner.geodata.register import short_name
from planner.model import StudyArea, Tier
from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.conflicts import named_conflicts
from planner.outputs.day_page import season_text
from planner.outputs.notice import notice_of
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.remedies import remedy_text
from planner.outputs.stage_in_force import stage_text
from planner.plans import DayPlan, NetworkPlan, ReachStudy, RoadSummary, SeasonTravel
from planner.units import format_clock, format_kilometres, format_limit, format_minutes
from planner.words import render, sentence
from planner.words.terms import term

_SHOWN = 15
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def day_figures(plan: DayPlan, folder: Path) -> dict[str, Any]:
    """Return a day plan's figures for programs."""
    return {
        "id": plan.id,
        "network_id": plan.network.id,
        "area": plan.area.id,
        "date": plan.date,
        "stage": plan.open_stage.name,
        "folder": str(folder),
        "routes": len(plan.routes.routes),
        "stops": sum(len(route.visits) for route in plan.routes.routes),
        "unassigned": plan.routes.unassigned,
        "vehicle": plan.roads.vehicle,
        "season": plan.season,
        "closures": [closed.reason for closed in plan.roads.closures],
        "distance_m": sum(route.distance_m for route in plan.routes.routes),
        "cost_yuan": round(plan.routes.cost_yuan, 2),
        "lower_bound_yuan": round(plan.routes.lower_bound_yuan, 2),
        "cut_off": plan.cut_off,
        "synthetic": list(plan.area.synthetic_parts),
        "assumed": list(plan.area.assumed_parts),
    }


def print_day(console: Console, plan: DayPlan, folder: Path) -> None:
    """Show the routes of a day, what of it is not real, and where its files are."""
    console.print(Text.assemble("\n", (f"{plan.area.name} {plan.date}", "bold"), f"  {plan.id}"))
    for caution in filter(None, (season_text(plan), stage_text(plan))):
        console.print(caution, style="yellow", soft_wrap=True)
    print_routes(console, plan)
    print_roads(console, plan.roads)
    print_notice(console, plan.area)
    console.print(f"→ {folder / 'index.html'}", soft_wrap=True)


def print_notice(console: Console, area: StudyArea) -> None:
    """Show what of an area's data is synthetic or assumed; nothing where all are real."""
    notice = notice_of(area)
    if notice.text:
        console.print(f"{notice.text}: {'; '.join(notice.parts)}", highlight=False, soft_wrap=True)


def print_roads(console: Console, roads: RoadSummary) -> None:
    """Show what travel times rest on, and what is closed."""
    console.print(f"{': '.join(road_row(roads))}", highlight=False, soft_wrap=True)
    for closed in roads.closures:
        console.print(f"  {term('closure').both}: {closed_text(closed)}", highlight=False, soft_wrap=True)


def reach_figures(study: ReachStudy, path: Path) -> dict[str, Any]:
    """Return a study of reach for programs."""
    return {
        "file": str(path),
        "area": study.area.id,
        "date": study.date,
        "vehicle": study.roads.vehicle,
        "season": study.roads.season,
        "from": list(study.rings[0].origin_ids),
        "rings": [
            {"minutes": ring.minutes, "villages": len(ring.village_ids), "population": ring.population}
            for ring in study.rings
        ],
    }


def print_reach(console: Console, study: ReachStudy, path: Path) -> None:
    """Show how many villages and people each number of minutes reaches."""
    table = table_of("分钟 minutes", "村 villages", "占比 share", "人口 people")
    whole = len(study.area.villages)
    for ring in study.rings:
        reached = len(ring.village_ids)
        table.add_row(f"≤ {ring.minutes:g}", str(reached), f"{reached / whole:.1%}", f"{ring.population:,}")
    console.print(table)
    print_roads(console, study.roads)
    print_notice(console, study.area)
    console.print(f"→ {path}", soft_wrap=True)


def print_seasons(
    console: Console, area: StudyArea, seasons: Sequence[SeasonTravel], *, standard_s: float, own: str
) -> None:
    """Show what each season makes of the ways to the open points, and which villages it cuts off."""
    table = table_of("季节 season", "平均 mean", "最长 longest", "超标准村 beyond", "不可达村 cut off")
    for row in seasons:
        mean, longest = ("-" if s is None else format_minutes(s, standard_s) for s in (row.mean_s, row.longest_s))
        mark = " ●" if row.season == own else ""
        table.add_row(f"{term(row.season).both}{mark}", mean, longest, str(len(row.beyond)), str(len(row.cut_off)))
    console.print(table)
    console.print(
        f"标准 standard ≤ {format_limit(standard_s)}; 均值和最长值只计各季都可达的村 mean (by people) and longest: "
        "villages that reach a point in every season; ● 选址所用季节 the season sited for",
        style="dim",
    )
    lost: dict[tuple[str, str], list[str]] = {}
    for row in seasons:
        for village_id, reason in row.cut_off.items():
            lost.setdefault((village_id, reason), []).append(term(row.season).both)
    for (village_id, reason), when in list(lost.items())[:_SHOWN]:
        said = (
            f"  {short_name(area.village_by_id[village_id].name)} {village_id}: {', '.join(when)}: {term(reason).both}"
        )
        console.print(said, highlight=False, soft_wrap=True)
    if len(lost) > _SHOWN:
        console.print(f"  ... {len(lost) - _SHOWN} more (--json lists all)")


def print_remarks(console: Console, remarks: Sequence[Finding]) -> None:
    """Show what was assumed, doubted or left out when the files were read."""
    for remark in remarks[:_SHOWN]:
        console.print(f"  {render(remark.remark)}", highlight=False, style="dim", soft_wrap=True)
    if len(remarks) > _SHOWN:
        console.print(f"  ... {len(remarks) - _SHOWN} more remarks: planner check lists all", style="dim")


def print_stations(console: Console, plan: NetworkPlan) -> None:
    """Show both tiers, and the villages that are not covered with the reason and the cheapest remedy."""
    area, stations = plan.area, plan.stations
    table = table_of(
        "", "开放 open", "人口 people", "户 homes", "村 villages", "贫困村 poor", "差距 gap", "状态 status"
    )
    for code, solution in (
        ("service_point", stations.service_points),
        ("express_station", stations.express_stations),
    ):
        table.add_row(
            term(code).both, str(len(solution.opened)), *_shares(solution), _gap(solution), term(solution.status).both
        )
    console.print(table)
    console.print("快递站一行: 占已开放服务点 express stations: of what the open points serve", style="dim")
    above = named_conflicts(area, stations.express_stations.conflicts, Tier.EXPRESS_STATION)
    for conflict in (*named_conflicts(area, stations.service_points.conflicts), *above):
        console.print(conflict, highlight=False, soft_wrap=True)
    if not stations.service_points.found:  # no village has a reason of its own
        return
    uncovered = stations.service_points.uncovered
    found = {remedy.demand_id: remedy for remedy in plan.remedies}
    for left in uncovered[:_SHOWN]:
        village = area.village_by_id[left.demand_id]
        away_s, standard_s = plan.hand_over[left.demand_id].duration_s, stations.service_points.standard_s
        near = "" if away_s is None else f", {format_minutes(away_s, standard_s)}"
        why = f"  {short_name(village.name)} {village.id}: {term(left.reason).both}{near}"
        console.print(why, highlight=False, soft_wrap=True)
        if left.demand_id in found:
            remedy = remedy_text(area, found[left.demand_id])
            console.print(f"    → {remedy}", highlight=False, soft_wrap=True)
    if len(uncovered) > _SHOWN:
        console.print(f"  ... {len(uncovered) - _SHOWN} more (--json lists all)")


def table_of(*headings: str) -> Table:
    """Return a table whose bilingual headings break between the languages, to fit 80 columns; no figure is cut off."""
    columns = (Column(heading.replace(" ", "\n", 1), overflow="fold") for heading in headings)
    return Table(*columns, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _shares(solution: CoverageSolution) -> tuple[str, str, str, str]:
    shares = solution.shares
    poor = f"{shares.poor_villages:.1%}" if shares.poor_villages_total else "-"
    if not shares.villages_total:
        return "-", "-", "-", "-"
    return f"{shares.population:.1%}", f"{shares.households:.1%}", f"{shares.villages:.1%}", poor


def _gap(solution: CoverageSolution) -> str:
    return "-" if solution.gap is None else f"{solution.gap:.2%}"


def print_routes(console: Console, plan: DayPlan) -> None:
    """Show the routes of the day with their cost, and what is on none of them."""
    table = table_of(
        *("车辆 vehicle", "站点 stops", "出发 out", "返回 back", "里程 distance", "行驶 driving"),
        *("下行件 down", "下行 kg", "上行 kg", "元 yuan"),
    )
    for route in plan.routes.routes:
        parcels, down_kg = (sum(visit.delivered[d] for visit in route.visits) for d in (0, 1))
        up_kg = sum(visit.picked_up[1] for visit in route.visits)
        table.add_row(
            route.vehicle_id,
            str(len(route.visits)),
            format_clock(route.start_s),
            format_clock(route.end_s),
            format_kilometres(route.distance_m),
            format_minutes(route.driving_s),
            f"{parcels:.0f}",
            f"{down_kg:.0f}",
            f"{up_kg:.0f}",
            f"{route.cost_yuan:.0f}",
        )
    console.print(table)
    routes = plan.routes
    found_by = sentence(routes.found_by(), {})
    console.print(
        f"{plan.date}: {routes.cost_yuan:.0f} 元 yuan, 下界 lower bound {routes.lower_bound_yuan:.0f} ({found_by})"
    )
    for left in routes.unassigned:
        console.print(
            f"  {plan.area.site_by_id[left.stop_id].name} {left.stop_id}: {reason_text(left, plan.area.site_by_id)}",
        )
        if left.relaxations:
            console.print(f"    {term('would_serve').both}: {relaxations_text(left, routes.dimensions)}")
    if plan.demand.without_point:
        villages = ", ".join(plan.area.village_by_id[id_].name for id_ in plan.demand.without_point)
        console.print(f"  无站点可达 no station in reach: {villages}")


def print_findings(console: Console, files: Sequence[FileReport], findings: Sequence[Finding]) -> None:
    """Show what each file was taken for, and every finding."""
    table = table_of("文件 file", "类型 kind", "行 rows", "可用 usable", "未用列 columns not used")
    for file in files:
        table.add_row(file.file, file.kind.value, str(file.rows), str(file.usable), ", ".join(file.unused_columns))
    console.print(table)
    for finding in findings:
        colour = _COLOURS[finding.severity]
        said = Text.assemble((finding.severity.value, colour), f" {render(finding.line)}")
        console.print(said, highlight=False, soft_wrap=True)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    console.print(f"错误 errors {errors}, 其他 other findings {len(findings) - errors}")
