"""Rows of an area's first page: phases, villages not served, seasons, and how good the siting is known to be."""

from __future__ import annotations

from typing import Any

from planner.coverage import CoverageSolution
from planner.model import Site, Tier
from planner.outputs.headlines import served
from planner.outputs.names import spoken_name
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import phase_name, status_text
from planner.outputs.stage_money import stage_money
from planner.plans import NetworkPlan, SeasonTravel
from planner.words import figures, listed, say, term

_SHOWN = 10
"""Of villages without a plan, which all share one reason; the workbook lists all of them."""
_NAMED = 8
"""Villages that a season cuts off, by name; the others are only counted."""
_WHOLE_FROM = 1000.0
"""Of what a model counts, whose parts nobody reads in large figures."""


def stage_rows(plan: NetworkPlan) -> list[dict[str, Any]]:
    """Return a row a phase: who is served by its end, against the target, and what it opens and costs."""
    assert plan.phases is not None
    rows = []
    for number, phase in enumerate(plan.phases.phases):
        who, money = served(plan, number), stage_money(plan, number)
        rows.append(
            {
                "name": phase_name(phase.name),
                "share": who.share,
                "people": who.share_text,
                "target": phase.target_share,
                "target_text": "" if phase.target_share is None else figures.share(phase.target_share),
                "met": term("target_met" if phase.target_met else "target_missed"),
                "villages": who.villages,
                "poor": who.poor if who.poor_total else "-",
                "added": len(phase.added),
                "open": len(phase.coverage.opened),
                "paid": figures.money(money.from_budget_yuan),
                "budget": "-" if money.budget_yuan is None else figures.money(money.budget_yuan),
            }
        )
    return rows


def uncovered_rows(plan: NetworkPlan) -> list[dict[str, Any]]:
    """Return a row for each village not served: where it hands over, why, and the cheapest remedy."""
    area, points = plan.area, plan.stations.service_points
    remedies = {remedy.demand_id: remedy for remedy in plan.remedies}
    rows = []
    for left in points.uncovered if points.found else points.uncovered[:_SHOWN]:
        village, way = area.village_by_id[left.demand_id], plan.hand_over[left.demand_id]
        remedy = remedies.get(village.id)
        rows.append(
            {
                "name": spoken_name(village),
                "poor": village.registered_poor,
                "township": spoken_name(area.township_by_id[village.township_id]),
                "people": figures.number(village.population),
                "place": "-" if way.site_id is None else _place(area.site_by_id[way.site_id]),
                "minutes": "-" if way.duration_s is None else figures.minutes(way.duration_s, points.standard_s),
                "reason": term(left.reason),
                "remedy": remedy_text(area, remedy, ids=False),
            }
        )
    return rows


def _place(site: Site) -> str:
    """Return where a village hands over that no point serves: a station is called one, for it serves only meanwhile."""
    if site.tier is not Tier.EXPRESS_STATION:
        return spoken_name(site)
    return say("{place} ({kind})", place=spoken_name(site), kind=term(site.tier))


def season_row(plan: NetworkPlan, season: SeasonTravel) -> dict[str, Any]:
    """Return a season's row: minutes, villages beyond the standard, villages cut off."""
    standard_s = plan.stations.service_points.standard_s
    names = [spoken_name(plan.area.village_by_id[id_]) for id_ in list(season.cut_off)[:_NAMED]]
    rest = len(season.cut_off) - len(names)
    return {
        "name": term(season.season),
        "own": season.season == plan.roads.season,
        "mean": "-" if season.mean_s is None else figures.minutes(season.mean_s, standard_s),
        "longest": "-" if season.longest_s is None else figures.minutes(season.longest_s, standard_s),
        "beyond": len(season.beyond),
        "cut_off": len(season.cut_off),
        "names": say("{names} and {rest} more", names=names, rest=rest) if rest else listed(names),
    }


def quality_text(plan: NetworkPlan) -> str:
    """Return in plain words how good the siting is known to be."""
    answer = plan.phases if plan.phases is not None else plan.stations.service_points
    if not answer.found:
        return say("There is no plan that meets all demands; what stands against each other is said above.")
    if answer.gap is None or answer.gap == 0:
        return say("It is proven that no other choice of service points meets the demands better.")
    return say("Another choice of service points could be better by {gap} at most.", gap=f"{answer.gap:.2%}")


def proof_row(plan: NetworkPlan, tier: Tier, solution: CoverageSolution) -> dict[str, str]:
    """Return what is known of a tier's solution: model, value, bound and gap."""
    section = (plan.config.get("coverage") or {}).get(f"{tier.value}s") or {}
    return {
        "tier": term(tier),
        "open": figures.number(len(solution.opened)),
        "model": term(solution.objective),
        "status": status_text(solution.status, solution.gap),
        "value": "-" if solution.value is None else _rounded(solution.value),
        "bound": "-" if solution.bound is None else _rounded(solution.bound),
        "standard": figures.limit(solution.standard_s),
        "weight": term(section["weight"]) if "weight" in section else "-",
    }


def _rounded(value: float) -> str:
    """Return what a model counts: large figures whole."""
    return figures.number(round(value) if abs(value) >= _WHOLE_FROM else value)
