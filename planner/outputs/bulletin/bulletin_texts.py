"""A bulletin's figures, changes and sentences as people read them, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.model import Fact, Text, as_message
from planner.plans import NetworkPlan
from planner.plans.bulletin import COUNTY, Bulletin, BulletinPlace, Indicator, IndicatorFigure, change, completion
from planner.words import figures, language, listed, render, say, term

NONE = "-"
"""What stands where there is nothing to compare, and for a division by zero."""
_GRADES = ("grade_none", "grade_basic", "grade_enhanced", "grade_advanced")


def spoken(text: Text) -> str:
    """Return a text in the language that is spoken."""
    return text.in_language(language())


def fact_text(fact: Fact | None) -> str:
    """Return what a fact says, nothing of none."""
    return "" if fact is None else render(as_message(fact))


def value_text(indicator: Indicator, value: float | None) -> str:
    """Return a figure without its unit, but for the percent of a share; ``-`` of none."""
    if value is None:
        return NONE
    if indicator.kind == "grade":
        return term(_GRADES[round(value)])
    if indicator.kind == "share":
        return figures.share(value)
    if indicator.kind == "growth":
        return f"{value:.1%}"
    return figures.number(round(value, 2))


def short_text(indicator: Indicator, figure: IndicatorFigure) -> str:
    """Return a figure, or in a word that there is none: not filled in, or no data."""
    if figure.value is not None:
        return value_text(indicator, figure.value)
    return fact_text(figure.reason) if indicator.entered else say("no data")


def dated_text(indicator: Indicator, figure: IndicatorFigure) -> str:
    """Return a figure, with the days that it is worked out from where it is of days."""
    value = short_text(indicator, figure)
    if figure.value is None or figure.days is None:
        return value
    return say("{value} ({parts})", value=value, parts=figures.days(figure.days))


def days_text(bulletin: Bulletin) -> str:
    """Return which figures of the county rest on too few days, and how many days have not come; empty where none."""
    parts, few = [], [one for one in bulletin.figures if one.place_id == COUNTY and bulletin.is_of_few_days(one)]
    if few:
        parts.append(
            say(
                "{codes} rest on {days} only, fewer than {needed}: they say little yet.",
                codes=[one.code for one in few],
                days=figures.days(max(one.days or 0 for one in few)),
                needed=bulletin.fewest_days,
            )
        )
    if bulletin.ahead_ids and bulletin.until is not None:
        parts.append(
            say(
                "Plans of {days} after {until} are left out: those days have not come.",
                days=figures.days(len(bulletin.ahead_ids)),
                until=figures.day(bulletin.until),
            )
        )
    return in_one_line(parts)


def in_one_line(sentences: Sequence[str]) -> str:
    """Return sentences one after the other, as their language has it."""
    return ("" if language() == "zh" else " ").join(sentences)


def change_text(indicator: Indicator, value: float | None, before: float | None) -> str:
    """Return a change with its sign: of shares in percentage points, else in percent."""
    by = change(indicator, value, before)
    if by is None:
        return NONE
    signed = f"{by * 100:+.1f}"
    signed = "0.0" if float(signed) == 0 else signed
    return say("{points} points", points=signed) if indicator.in_percent else f"{signed}%"


def completion_text(indicator: Indicator, value: float | None) -> str:
    """Return which part of the target is reached."""
    part = completion(indicator, value)
    return NONE if part is None else f"{part:.1%}"


def month_text(bulletin: Bulletin) -> str:
    """Return the month as people write it."""
    return figures.month(bulletin.month.first)


def title_text(bulletin: Bulletin) -> str:
    """Return the title without the month."""
    return say("{area}: bulletin of rural e-commerce and logistics", area=spoken(bulletin.area_name))


def county_figure(bulletin: Bulletin, code: str) -> IndicatorFigure:
    """Return the county's figure of an indicator."""
    return bulletin.figure_of[code, COUNTY]


def sentences(bulletin: Bulletin) -> list[str]:
    """Return the paragraph of a notice, a sentence each: what is served, what was sold, how it stands against last month."""
    said = [
        say(
            "At the end of {month}, {share} of administrative villages of {area} had service within the standard{compared}.",
            month=month_text(bulletin),
            area=spoken(bulletin.area_name),
            share=_with_parts(bulletin, "A2"),
            compared=_compared(bulletin, "A2"),
        )
    ]
    if county_figure(bulletin, "A1").value is not None:
        share, compared = _with_parts(bulletin, "A1"), _compared(bulletin, "A1")
        said.append(say("Of registered poor villages, {share} had it{compared}.", share=share, compared=compared))
    said += _sold(bulletin)
    best, last = _first_and_last(bulletin, "A2")
    if best and last:
        said.append(
            say(
                "Among townships {best} came first with {first}, {last} last with {least}.",
                best=best[0],
                first=best[1],
                last=last[0],
                least=last[1],
            )
        )
    left = len(list(not_filled_in(bulletin)))
    if left:
        said.append(
            say("{count} indicators of the county have no figure this month; they are listed below.", count=left)
        )
    return said


def _with_parts(bulletin: Bulletin, code: str) -> str:
    figure = county_figure(bulletin, code)
    value = value_text(bulletin.indicator_of[code], figure.value)
    if figure.part is None or figure.whole is None:
        return value
    parts = {"part": figures.number(figure.part), "whole": figures.number(figure.whole)}
    return say("{value} ({part} of {whole})", value=value, **parts)


def _compared(bulletin: Bulletin, code: str) -> str:
    """Return how a share stands against the month and the year before, nothing where neither is known."""
    indicator, figure = bulletin.indicator_of[code], county_figure(bulletin, code)
    said = ""
    for before, template in ((figure.previous, "month"), (figure.year_before, "year")):
        text = change_text(indicator, figure.value, before)
        if text == NONE:
            continue
        same = not any(digit in "123456789" for digit in text)
        if template == "month":
            said += say(", as in the month before") if same else _changed(text, say("on the month before"))
        else:
            said += say(", as in the year before") if same else _changed(text, say("on the year before"))
    return said


def _changed(change_said: str, since: str) -> str:
    return say(", {change} {since}", change=change_said, since=since)


def _sold(bulletin: Bulletin) -> Iterator[str]:
    shops, turnover = county_figure(bulletin, "B1.1"), county_figure(bulletin, "B1.3")
    if shops.value is not None:
        count, compared = figures.number(shops.value), _compared(bulletin, "B1.1")
        yield say("There were {count} online shops{compared}.", count=count, compared=compared)
    if turnover.value is not None:
        amount, compared = figures.money(turnover.value * 10_000), _compared(bulletin, "B1.3")
        yield say("Online turnover in the month was {amount}{compared}.", amount=amount, compared=compared)


def _first_and_last(bulletin: Bulletin, code: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    ranked = ranking(bulletin, code)
    if len(ranked) < 2 or ranked[0][1].value == ranked[-1][1].value:
        return None, None
    indicator = bulletin.indicator_of[code]
    first, last = ranked[0], ranked[-1]
    return (first[0], value_text(indicator, first[1].value)), (last[0], value_text(indicator, last[1].value))


def ranking(bulletin: Bulletin, code: str) -> list[tuple[str, IndicatorFigure]]:
    """Return the townships that have a figure of an indicator, by rank, equal ones in the order of their codes."""
    found = [
        (spoken(place.name), figure)
        for place in bulletin.townships
        if (figure := bulletin.figure_of.get((code, place.id))) is not None and figure.rank is not None
    ]
    return sorted(found, key=lambda row: row[1].rank or 0)


def grade_text(bulletin: Bulletin) -> str:
    """Return what leads to the next commercial grade at the least cost; empty where nothing is known of it."""
    step = bulletin.grade_step
    if step is None:
        return ""
    grade = term(_GRADES[step.grade])
    if step.reason is not None:
        return say("To grade {grade}: {reason}.", grade=grade, reason=fact_text(step.reason))
    if step.centre_m2 is not None:
        floor = figures.number(step.centre_m2)
        return say(
            "To grade {grade}: the county's centre of trade lacks {floor} m² of floor.", grade=grade, floor=floor
        )
    parts = []
    if step.shops:
        parts.append(say("{count} shops ({names})", count=len(step.shops), names=_names(step.shops)))
    if step.centres:
        parts.append(say("{count} centres of trade ({names})", count=len(step.centres), names=_names(step.centres)))
    return say(
        "To grade {grade} at the least cost: {parts}, {amount} in all.",
        grade=grade,
        parts=parts,
        amount=figures.money(step.cost_yuan or 0.0),
    )


def _names(places: Sequence[BulletinPlace], most: int = 12) -> str:
    names = [spoken(one.name) for one in places]
    rest = len(names) - most
    return listed(names) if rest <= 0 else say("{names} and {rest} more", names=names[:most], rest=rest)


def stage_number(bulletin: Bulletin, network: NetworkPlan) -> int | None:
    """Return the number of the network's stage that a bulletin is on, None if it has none of that name."""
    names = [stage.name for stage in network.stages]
    return names.index(bulletin.stage) if bulletin.stage in names else None


def not_filled_in(bulletin: Bulletin) -> Iterator[tuple[Indicator, IndicatorFigure]]:
    """Yield the indicators that have no figure of the county."""
    for indicator in bulletin.indicators:
        figure = county_figure(bulletin, indicator.code)
        if figure.value is None:
            yield indicator, figure
