"""The first page of a bulletin: how many villages are served, who is not, what it costs, what to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from planner.config import FundingSource
from planner.outputs.bulletin.bulletin_texts import (
    county_figure,
    days_text,
    grade_text,
    in_one_line,
    sentences,
    spoken,
    stage_number,
    value_text,
)
from planner.outputs.headlines import decisions, main_gap
from planner.outputs.names import spoken_name
from planner.outputs.siting import phase_name
from planner.outputs.stage_money import stage_money
from planner.plans import HandOver, NetworkPlan, Stage
from planner.plans.bulletin import Bulletin
from planner.words import figures, listed, say, term

_NAMED = 24
"""Villages that are not served, by name on the first page; all of them stand in a table of their own."""
_YUAN_PER_UNIT = 10_000


class BriefAnswer(NamedTuple):
    """A question that a reader has, and what answers it: sentences, or a list of things to do."""

    question: str
    lines: list[str]
    a_list: bool = False


class NotServed(NamedTuple):
    """A village without service within the standard: where it hands over meanwhile, and from which stage on it is served."""

    name: str
    township: str
    people: int
    poor: bool
    meanwhile: str
    minutes: str
    served_from: str


def stage_of(bulletin: Bulletin, network: NetworkPlan) -> int:
    """Return the number of the stage that a bulletin is on."""
    number = stage_number(bulletin, network)
    return network.stage_on(bulletin.month.last) if number is None else number


def answers(bulletin: Bulletin, network: NetworkPlan) -> list[BriefAnswer]:
    """Return what the first page says, in its order."""
    stage = stage_of(bulletin, network)
    found = [
        BriefAnswer(say("How many villages are served"), sentences(bulletin)),
        BriefAnswer(say("Who is not served"), list(_not_served(network, stage))),
        BriefAnswer(say("What it costs"), list(_costs(bulletin, network, stage))),
    ]
    if text := days_text(bulletin):
        found.append(BriefAnswer(say("How far the figures of days carry"), [text]))
    return [*found, BriefAnswer(say("What to decide"), list(_to_decide(bulletin, network, stage)), a_list=True)]


def villages_not_served(network: NetworkPlan, stage: int) -> list[NotServed]:
    """Return the villages that no point serves within the standard in a stage, by township, as the area lists them."""
    area, standard_s = network.area, network.stations.service_points.standard_s
    order = {township.id: number for number, township in enumerate(area.townships)}
    ways = {one.village_id: one for one in network.stages[stage].hand_over}
    left = [village for village in area.villages if not ways[village.id].covered]
    found = []
    for village in sorted(left, key=lambda village: (order[village.township_id], village.id)):
        way = ways[village.id]
        found.append(
            NotServed(
                name=spoken_name(village),
                township=spoken_name(area.township_by_id[village.township_id]),
                people=village.population,
                poor=village.registered_poor,
                meanwhile="-" if way.site_id is None else spoken_name(area.site_by_id[way.site_id]),
                minutes="-" if way.duration_s is None else figures.minutes(way.duration_s, standard_s),
                served_from=_served_from(network.stages[stage + 1 :], way),
            )
        )
    return found


def _served_from(later: tuple[Stage, ...], way: HandOver) -> str:
    for stage in later:
        if any(one.village_id == way.village_id and one.covered for one in stage.hand_over):
            return phase_name(stage.name)
    return say("not planned")


def _not_served(network: NetworkPlan, stage: int) -> Iterator[str]:
    left = villages_not_served(network, stage)
    if not left:
        yield say("Every village is served.")
    else:
        people = figures.people(sum(one.people for one in left))
        yield say("Not served: {villages} ({people}).", villages=figures.villages(len(left)), people=people)
        by_township: dict[str, list[str]] = {}
        for one in left[:_NAMED]:
            by_township.setdefault(one.township, []).append(one.name)
        parts = [say("{what}: {text}", what=township, text=listed(names)) for township, names in by_township.items()]
        rest = len(left) - _NAMED
        more = [say("and {count} more, in the table", count=rest)] if rest > 0 else []
        yield say("By township: {names}.", names=say("; ").join([*parts, *more]))
        later = [one for one in left if one.served_from != say("not planned")]
        if later:
            yield say(
                "Of these, {villages} are served in later stages of the plan.", villages=figures.villages(len(later))
            )
    if network.area.rows_left_out.villages:
        count = network.area.rows_left_out.villages
        yield say("{count} villages whose rows are at fault count as not", count=figures.number(count))


def _costs(bulletin: Bulletin, network: NetworkPlan, stage: int) -> Iterator[str]:
    money, name = stage_money(network, stage), phase_name(network.stages[stage].name)
    planned, received = (
        county_figure(bulletin, code) if code in bulletin.indicator_of else None for code in ("A15.1", "A15.6")
    )
    all_yuan = money.all_yuan if planned is None or planned.value is None else planned.value * _YUAN_PER_UNIT
    yield say("Planned for {stage}: {amount}.", stage=name, amount=figures.money(all_yuan))
    shares = list(_by_source(bulletin))
    if shares:
        yield say("Who pays: {parts}.", parts=shares)
    if money.budget_yuan is not None:
        yield say(
            "From the budget for service points of {budget} the plan takes {paid}.",
            budget=figures.money(money.budget_yuan),
            paid=figures.money(money.from_budget_yuan),
        )
    if received is None or received.value is None:
        yield say("How much has come in is not filled in.")
    else:
        came = received.value * _YUAN_PER_UNIT
        yield say(
            "Come in so far: {amount}; still to come: {gap}.",
            amount=figures.money(came),
            gap=figures.money(max(0.0, all_yuan - came)),
        )
    cost = county_figure(bulletin, "A14.1")
    if cost.value is not None:
        price = figures.price(cost.value)
        days = "-" if cost.days is None else figures.days(cost.days)
        yield say("Routes cost {price} a parcel (over {days}).", price=price, days=days)


def _by_source(bulletin: Bulletin) -> Iterator[str]:
    for number, source in enumerate(FundingSource, start=2):
        figure = bulletin.figure_of.get((f"A15.{number}", ""))
        if figure is not None and figure.value:
            amount = figures.money(figure.value * _YUAN_PER_UNIT)
            text = say("{source} {amount}", source=term(source), amount=amount)
            came = bulletin.figure_of.get((f"A15.6.{number - 1}", ""))
            if came is None or came.value is None:
                yield text
            else:
                yield say("{what} ({received} come in)", what=text, received=figures.money(came.value * _YUAN_PER_UNIT))


def _to_decide(bulletin: Bulletin, network: NetworkPlan, stage: int) -> Iterator[str]:
    for number, one in enumerate(_decisions(bulletin, network, stage), start=1):
        yield say("{number}. {text}", number=number, text=one)


def _decisions(bulletin: Bulletin, network: NetworkPlan, stage: int) -> Iterator[str]:
    if network.stations.service_points.found:
        yield from (decision.text for decision in decisions(network, stage))  # the names stand on the network's page
    offer = main_gap(network)[1:]
    if offer:
        yield in_one_line(offer)
    planned, received = (bulletin.figure_of.get((code, "")) for code in ("A15.1", "A15.6"))
    if planned is not None and received is not None and None not in (planned.value, received.value):
        gap = (planned.value or 0.0) - (received.value or 0.0)
        if gap > 0:
            amount = figures.money(gap * _YUAN_PER_UNIT)
            yield say("Obtain the {amount} of planned money that has not come in", amount=amount)
    missed = [
        say(
            "{name} ({value} of {target})",
            name=spoken(one.name),
            value=value_text(one, figure.value),
            target=value_text(one, one.target),
        )
        for one in bulletin.indicators
        if one.kind == "share"
        and one.target is not None
        and (figure := county_figure(bulletin, one.code)).value is not None
        and not bulletin.is_of_few_days(figure)
        and figure.value < one.target
    ]
    if missed:
        yield say("Targets missed: {names}", names=missed)
    if step := grade_text(bulletin):
        yield step
