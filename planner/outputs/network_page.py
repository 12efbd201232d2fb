"""The page of a network, that a person opens first: headline figures, links to everything else, what could not be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.coverage import CoverageSolution, Uncovered
from planner.model import Tier
from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.conflicts import named_conflicts
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import phases_proof, siting_rows
from planner.plans import HandOver, NetworkPlan, SeasonTravel
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.units import format_limit, format_minutes
from planner.words.terms import TERMS, term

_SHOWN = 10
"""Of villages without a plan, which all share one reason; the workbook lists all of them."""
_NAMED = 8
"""Villages that a season cuts off, by name; the others are only counted."""


class Listed(NamedTuple):
    """Another plan that a page links."""

    href: str
    summary: NetworkSummary | DaySummary


class _Card(NamedTuple):
    label: str
    value: str
    detail: str


def network_page(
    plan: NetworkPlan,
    links: PageLinks,
    *,
    folder: str = "",
    networks: Sequence[Listed] = (),
    days: Sequence[Listed] = (),
) -> str:
    """Return the page; ``folder`` leads to the files of the plan, ``networks`` and ``days`` are other plans to link."""
    remedies = {remedy.demand_id: remedy for remedy in plan.remedies}
    points, stations = plan.stations.service_points, plan.stations.express_stations
    shown = points.uncovered if points.found else points.uncovered[:_SHOWN]
    return page_template("network.html").render(
        plan=plan,
        links=links,
        folder=folder,
        networks=networks,
        days=days,
        notice=notice_of(plan.area),
        road_line=road_row(plan.roads)[1],
        closures=[closed_text(closed) for closed in plan.roads.closures],
        seasons=[_season(plan, season) for season in plan.seasons],
        conflicts=[
            *named_conflicts(plan.area, points.conflicts),
            *named_conflicts(plan.area, stations.conflicts, Tier.EXPRESS_STATION),
        ],
        beyond=[
            {
                "name": plan.area.site_by_id[left.demand_id].name,
                "reason": term(left.reason).both,
                "nearest": _nearest(plan, left, stations.standard_s),
            }
            for left in stations.uncovered
        ],
        terms={code: words.both for code, words in TERMS.items()},
        cards=_cards(plan),
        siting=siting_rows(plan),
        uncovered_count=len(points.uncovered),
        uncovered=[
            {
                "name": f"{village.name} {village.name_latin}",
                "poor": village.registered_poor,
                "township": plan.area.township_by_id[village.township_id].name,
                "population": village.population,
                "reason": term(left.reason).both,
                "nearest": _way(plan, plan.hand_over[village.id]),
                "remedy": remedy_text(plan.area, remedies.get(village.id)),
            }
            for left in shown
            for village in [plan.area.village_by_id[left.demand_id]]
        ],
    )


def _way(plan: NetworkPlan, way: HandOver) -> str:
    if way.site_id is None:
        return "-"
    minutes = (
        "" if way.duration_s is None else f", {format_minutes(way.duration_s, plan.stations.service_points.standard_s)}"
    )
    return f"{plan.area.site_by_id[way.site_id].name}{minutes}"


def _season(plan: NetworkPlan, season: SeasonTravel) -> dict[str, object]:
    standard_s = plan.stations.service_points.standard_s
    named = [plan.area.village_by_id[id_].name for id_ in list(season.cut_off)[:_NAMED]]
    return {
        "name": term(season.season).both,
        "own": season.season == plan.roads.season,
        "mean": "-" if season.mean_s is None else format_minutes(season.mean_s, standard_s),
        "longest": "-" if season.longest_s is None else format_minutes(season.longest_s, standard_s),
        "beyond": len(season.beyond),
        "cut_off": len(season.cut_off),
        "names": "、".join(named) + (" …" if len(season.cut_off) > _NAMED else ""),
    }


def _nearest(plan: NetworkPlan, left: Uncovered, standard_s: float) -> str:
    if left.nearest_site_id is None or left.nearest_duration_s is None:
        return "-"
    return f"{plan.area.site_by_id[left.nearest_site_id].name}, {format_minutes(left.nearest_duration_s, standard_s)}"


def _cards(plan: NetworkPlan) -> list[_Card]:
    points, stations = plan.stations.service_points, plan.stations.express_stations
    shares = points.shares
    poor = f"{shares.poor_villages:.1%}" if shares.poor_villages_total else "-"
    return [
        _Card(term("service_point").both, str(len(points.opened)), phases_proof(plan) or _proof(points)),
        _Card(term("express_station").both, str(len(stations.opened)), _proof(stations)),
        _Card(
            "快递站标准内的服务点 points near a station",
            f"{stations.shares.villages:.1%}" if stations.shares.villages_total else "-",
            f"≤ {format_limit(stations.standard_s)}",
        ),
        _Card("人口覆盖 people covered", f"{shares.population:.1%}", f"≤ {format_limit(points.standard_s)}"),
        _Card("建制村覆盖 villages covered", f"{shares.villages:.1%}", f"{shares.villages_total} 村 villages"),
        _Card("贫困村覆盖 poor villages covered", poor, f"{shares.poor_villages_total} 村 villages"),
    ]


def _proof(solution: CoverageSolution) -> str:
    gap = "" if solution.gap is None else f", gap {solution.gap:.2%}"
    return f"{term(solution.objective).both}: {term(solution.status).both}{gap}"
