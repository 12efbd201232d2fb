"""The figures of a network at each of its stages, as the panel shows them."""

from __future__ import annotations

from collections.abc import Iterable

from planner.model import Site, SiteStatus, Tier
from planner.outputs.known_shares import share_text
from planner.outputs.maps.stage_coverage import coverage_at
from planner.plans import NetworkPlan
from planner.words import figures, say, term


def stage_figures(plan: NetworkPlan, number: int) -> list[tuple[str, str]]:
    """Return labels and values at a stage: what is open, whom it covers, and what opening it has cost since the first."""
    opened = [plan.area.site_by_id[id_] for id_ in plan.stages[number].opened]
    rows = [
        (term(tier), _opened(site for site in opened if site.tier is tier))
        for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION)
    ]
    rows += [
        (say("Standard"), say("at most {limit}", limit=figures.limit(plan.stations.service_points.standard_s))),
        (say("People covered"), _part(plan, number, "population")),
        (say("Households covered"), _part(plan, number, "households")),
        (say("Villages covered"), _part(plan, number, "villages")),
    ]
    if coverage_at(plan, number).shares.poor_villages_total:
        rows.append((say("Poor villages covered"), _part(plan, number, "poor_villages")))
    return [*rows, (say("Opening cost"), figures.money(_cost(plan, number, opened)))]


def _opened(sites: Iterable[Site]) -> str:
    counted = list(sites)
    new = sum(site.status is SiteStatus.CANDIDATE for site in counted)
    return say("{count}, of which {new} new", count=len(counted), new=new)


def _part(plan: NetworkPlan, number: int, name: str) -> str:
    shares = coverage_at(plan, number).shares
    share = share_text(plan.area, shares, name)
    return (
        share
        if share == "-"
        else say("{share} of {total}", share=share, total=figures.number(getattr(shares, f"{name}_total")))
    )


def _cost(plan: NetworkPlan, number: int, opened: Iterable[Site]) -> float:
    """Return the opening cost of the new sites; of the finished network the plan's own figure."""
    if number == len(plan.stages) - 1:
        return plan.stations.service_points.opening_cost_yuan + plan.stations.express_stations.opening_cost_yuan
    return sum(site.opening_cost_yuan for site in opened if site.status is SiteStatus.CANDIDATE)
