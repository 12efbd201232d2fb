"""The first page of an area: what its network comes to, for a reader with two minutes, and links to everything else."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from planner import __version__
from planner.coverage import CoverageSolution
from planner.model import Site, Tier
from planner.outputs.about_roads import closed_text, odd_tag_texts, road_row
from planner.outputs.conflicts import siting_notices
from planner.outputs.headlines import decisions, main_gap, served
from planner.outputs.known_shares import covered_text
from planner.outputs.left_out import amounts_left, not_served_text, people_left_out, row_faults_text
from planner.outputs.names import spoken_name
from planner.outputs.notice import basis, marked, notice_of_plan
from planner.outputs.origins import origin_rows
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.remark_groups import remark_groups
from planner.outputs.remedies import remedy_text
from planner.outputs.service_words import service_lines
from planner.outputs.siting import phase_name, phase_remarks, siting_rows, status_text
from planner.outputs.stage_money import stage_money, stages_money
from planner.outputs.thumbnail import mark, thumbnail
from planner.plans import NetworkPlan, SeasonTravel
from planner.plans.kept_services import ServiceSummary
from planner.plans.service_coverage import assumed_points
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.words import figures, listed, say, term

_SHOWN = 10
"""Of villages without a plan, which all share one reason; the workbook lists all of them."""
_NAMED = 8
"""Villages that a season cuts off, by name; the others are only counted."""


_WHOLE_FROM = 1000.0
"""Of what a model counts, whose parts nobody reads in large figures."""


class Listed(NamedTuple):
    """Another plan that a page links."""

    href: str
    summary: NetworkSummary | DaySummary


class ListedBulletin(NamedTuple):
    """The bulletin that a page links: where its files are, and its month."""

    folder: str
    month: datetime.date


class ListedService(NamedTuple):
    """A service plan that a page links."""

    href: str
    summary: ServiceSummary


class LinkedBeside(NamedTuple):
    """What a first page links beside plans: plan against actual, the map of the last days, bulletin, plans of the week.

    ``packs`` are the published packs for couriers, by the id of the day plan; ``has_picture``: the coverage is drawn.
    """

    actuals_href: str = ""
    week_href: str = ""
    packs: Mapping[str, str] = MappingProxyType({})
    bulletin: ListedBulletin | None = None
    has_picture: bool = False
    services: Sequence[ListedService] = ()


NOTHING_BESIDE = LinkedBeside()


class _Card(NamedTuple):
    """A figure with what it is, what belongs to it, its definition, and where it leads, empty if nowhere."""

    label: str
    value: str
    detail: str
    meaning: str
    href: str = ""


def network_page(
    plan: NetworkPlan,
    links: PageLinks,
    *,
    folder: str = "",
    map_href: str = "",
    networks: Sequence[Listed] = (),
    days: Sequence[Listed] = (),
    beside: LinkedBeside = NOTHING_BESIDE,
) -> str:
    """Return the page; ``folder`` leads to the files of the plan, ``networks`` and ``days`` are other plans to link.

    ``map_href`` leads to the coverage map where it is not beside the page, ``beside`` is what else it links.

    The phase whose money and decisions it shows is that of the day on the card (`_day_shown`), the first where there is
    none.
    """
    points, stations = plan.stations.service_points, plan.stations.express_stations
    day = _day_shown(days)
    stage = _stage_shown(plan, day)
    return page_template("network.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        folder=folder,
        map_href=map_href or folder + links.page("coverage"),
        networks=networks,
        days=days,
        planned_again=_planned_again(days),
        **beside._asdict(),
        notice=notice_of_plan(plan),
        cards=[] if not points.found else _cards(plan, stage, day),
        gap=main_gap(plan),
        phase=_stage_name(plan, stage),
        decisions=decisions(plan, stage) if points.found else [],
        thumbnail=thumbnail(plan),
        mark=mark,
        stages=_stages(plan) if plan.phases is not None and points.found else [],
        siting=siting_rows(plan),
        conflicts=siting_notices(plan),
        uncovered_count=len(points.uncovered) + plan.area.rows_left_out.villages,
        planned_count=len(points.uncovered),
        row_faults=row_faults_text(plan.area),
        people_left_out=people_left_out(plan.area),
        uncovered=_uncovered(plan),
        service_lines=service_lines(plan, stage) if points.found else [],
        assumed_points=assumed_points(plan),
        seasons=[_season(plan, season) for season in plan.seasons],
        closures=[closed_text(closed) for closed in plan.roads.closures],
        standard=figures.limit(points.standard_s),
        proof=[
            _proof(plan, tier, solution)
            for tier, solution in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, stations))
        ],
        remarks=phase_remarks(plan),
        remark_groups=remark_groups(plan.remarks),
        origins=origin_rows(plan.area),
        quality=_quality(plan),
        road_line=road_row(plan.roads)[1],
        odd_tags=odd_tag_texts(plan.roads),
        version=__version__,
        amounts_left=amounts_left,
        covered_text=covered_text,
    )


def _day_shown(days: Sequence[Listed]) -> Listed | None:
    """Return the published day of the latest date; where none is published, the day plan made last."""
    found = [one for one in days if isinstance(one.summary, DaySummary)]
    return max(found, key=_day_order, default=None)


def _planned_again(days: Sequence[Listed]) -> set[datetime.date]:
    """Return the dates that have several plans: what tells these apart is said."""
    count = Counter(one.summary.date for one in days if isinstance(one.summary, DaySummary))
    return {date for date, plans in count.items() if plans > 1}


def _day_order(one: Listed) -> tuple[datetime.date, datetime.datetime, str]:
    assert isinstance(one.summary, DaySummary)
    day = one.summary
    return day.date if day.published else datetime.date.min, day.created_at, day.id


def _stage_shown(plan: NetworkPlan, day: Listed | None) -> int:
    begins = plan.stages[0].first
    if day is None or not isinstance(day.summary, DaySummary) or (begins is not None and day.summary.date < begins):
        return 0
    return plan.stage_on(day.summary.date)


def _stage_name(plan: NetworkPlan, stage: int) -> str:
    """Return the name of a stage, empty for a plan without phases."""
    return phase_name(plan.stages[stage].name) if plan.phases is not None else ""


def _cards(plan: NetworkPlan, stage: int, day: Listed | None) -> list[_Card]:
    now, built = served(plan, stage), served(plan, len(plan.stages) - 1)
    phase = _stage_name(plan, stage)
    standard = figures.limit(plan.stations.service_points.standard_s)
    earlier = (
        []
        if now == built
        else [
            say(
                "{phase}: {villages}, {share} of people",
                phase=phase,
                villages=figures.villages(now.villages),
                share=now.share_text,
            )
        ]
    )
    cards = [
        _Card(
            say("Villages served") if now == built and not phase else say("Villages served when all is built"),
            say("{part} of {whole} villages", part=built.villages, whole=built.villages_total),
            say("; ").join(
                [
                    say(
                        "{share} of {people}",
                        share=built.share_text,
                        people=figures.people(built.people_total),
                    ),
                    *earlier,
                    _way_there(plan),
                    marked(say("within {limit}", limit=standard), plan.config, "coverage.service_points"),
                ]
            ),
            say(
                "Villages whose way to their service point, drive and walk, takes {limit} at most; when all is built.",
                limit=standard,
            ),
        )
    ]
    if built.poor_total:
        cards.append(
            _Card(
                say("Registered poor villages served"),
                say("{part} of {whole} villages", part=built.poor, whole=built.poor_total),
                "" if now == built else say("{phase}: {count}", phase=phase, count=now.poor),
                say(
                    "Registered poor villages whose way to their service point takes {limit} at most; when all is built.",
                    limit=standard,
                ),
            )
        )
    else:
        points, stations = plan.stations.service_points, plan.stations.express_stations
        cards.append(
            _Card(
                say("Service points"),
                figures.number(len(points.opened)),
                figures.express_stations(len(stations.opened)),
                say("Service points and express stations that are open when all is built."),
            )
        )
    return [*cards, _money_card(plan, stage, phase), _day_card(plan, day)]


def _way_there(plan: NetworkPlan) -> str:
    season = term(plan.roads.season)
    if plan.roads.on_straight_lines:
        return say("straight lines in place of roads, {season}", season=season)
    return say("on the roads of {season}", season=season)


def _money_card(plan: NetworkPlan, stage: int, phase: str) -> _Card:
    money = stage_money(plan, stage)
    stages = stages_money(plan)
    paid = figures.money(money.from_budget_yuan if money.budget_yuan is not None else money.all_yuan)
    value = (
        paid
        if money.budget_yuan is None
        else say("{paid} of {budget}", paid=paid, budget=figures.money(money.budget_yuan))
    )
    details = []
    if money.carried_yuan > 0:
        details.append(say("{amount} of it left from earlier phases", amount=figures.money(money.carried_yuan)))
    if money.budget_yuan is not None:
        amount = figures.money(money.all_yuan)
        details.append(
            say("with stations and running costs {amount}", amount=amount)
            if money.has_running
            else say("with stations {amount}; no running costs are set", amount=amount)
        )
    if len(stages) > 1:
        details.append(say("all phases {amount}", amount=figures.money(sum(one.all_yuan for one in stages))))
    return _Card(
        say("Money planned, {phase}", phase=phase) if phase else say("Money planned"),
        value,
        say("; ").join([*details, *basis(plan.config, "coverage")]),
        say("What the phase's budget pays for, against the budget; figures of the plan, none of it is paid yet.")
        if money.budget_yuan is not None
        else say("Figures of the plan, none of it is paid yet."),
    )


def _day_card(plan: NetworkPlan, day: Listed | None) -> _Card:
    if day is None or not isinstance(day.summary, DaySummary):
        command = say("Plan one with {command}", command=f"planner day {plan.area.id}")
        return _Card(say("Daily routes"), "-", say("No day is planned yet"), command)
    one = day.summary
    details = [figures.stops(one.stops), figures.parcels(one.parcels)]
    left = not_served_text(one.unassigned, one.without_place)
    return _Card(
        say("Routes of {day}", day=figures.short_day(one.date)),
        figures.vehicles(one.routes),
        listed([*details, *([left] if left else [])]),
        say("The latest date whose plan is published.") if one.published else say("The day plan made last."),
        day.href,
    )


def _stages(plan: NetworkPlan) -> list[dict[str, Any]]:
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


def _uncovered(plan: NetworkPlan) -> list[dict[str, Any]]:
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


def _season(plan: NetworkPlan, season: SeasonTravel) -> dict[str, Any]:
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


def _quality(plan: NetworkPlan) -> str:
    """Return in plain words how good the siting is known to be."""
    answer = plan.phases if plan.phases is not None else plan.stations.service_points
    if not answer.found:
        return say("There is no plan that meets all demands; what stands against each other is said above.")
    if answer.gap is None or answer.gap == 0:
        return say("It is proven that no other choice of service points meets the demands better.")
    return say("Another choice of service points could be better by {gap} at most.", gap=f"{answer.gap:.2%}")


def _proof(plan: NetworkPlan, tier: Tier, solution: CoverageSolution) -> dict[str, str]:
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
