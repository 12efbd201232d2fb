"""The cards of an area's first page: villages, money and the day, each with what it means."""

from __future__ import annotations

from typing import NamedTuple

from planner.outputs.headlines import served
from planner.outputs.left_out import not_served_text
from planner.outputs.network_links import Listed
from planner.outputs.notice import basis, marked
from planner.outputs.siting import phase_name
from planner.outputs.stage_money import stage_money, stages_money
from planner.plans import NetworkPlan
from planner.plans.summaries import DaySummary
from planner.words import figures, listed, say, term


class Card(NamedTuple):
    """A figure with what it is, what belongs to it, its definition, and where it leads, empty if nowhere."""

    label: str
    value: str
    detail: str
    meaning: str
    href: str = ""


def stage_shown(plan: NetworkPlan, day: Listed | None) -> int:
    """Return the stage that is in force on the day, the first without one or before the first begins."""
    begins = plan.stages[0].first
    if day is None or not isinstance(day.summary, DaySummary) or (begins is not None and day.summary.date < begins):
        return 0
    return plan.stage_on(day.summary.date)


def stage_name(plan: NetworkPlan, stage: int) -> str:
    """Return the name of a stage, empty for a plan without phases."""
    return phase_name(plan.stages[stage].name) if plan.phases is not None else ""


def network_cards(plan: NetworkPlan, stage: int, day: Listed | None) -> list[Card]:
    """Return the cards: villages served, poor villages or points, the money of the stage, the routes of the day."""
    now, built = served(plan, stage), served(plan, len(plan.stages) - 1)
    phase = stage_name(plan, stage)
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
        Card(
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
            Card(
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
            Card(
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


def _money_card(plan: NetworkPlan, stage: int, phase: str) -> Card:
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
    return Card(
        say("Money planned, {phase}", phase=phase) if phase else say("Money planned"),
        value,
        say("; ").join([*details, *basis(plan.config, "coverage")]),
        say("What the phase's budget pays for, against the budget; figures of the plan, none of it is paid yet.")
        if money.budget_yuan is not None
        else say("Figures of the plan, none of it is paid yet."),
    )


def _day_card(plan: NetworkPlan, day: Listed | None) -> Card:
    if day is None or not isinstance(day.summary, DaySummary):
        command = say("Plan one with {command}", command=f"planner day {plan.area.id}")
        return Card(say("Daily routes"), "-", say("No day is planned yet"), command)
    one = day.summary
    details = [figures.stops(one.stops), figures.parcels(one.parcels)]
    left = not_served_text(one.unassigned, one.without_place)
    return Card(
        say("Routes of {day}", day=figures.short_day(one.date)),
        figures.vehicles(one.routes),
        listed([*details, *([left] if left else [])]),
        say("The latest date whose plan is published.") if one.published else say("The day plan made last."),
        day.href,
    )
