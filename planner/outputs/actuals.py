"""Plan against actual in words: a page and a workbook of a period, and what would mend a point that cannot live."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.plans import PeriodActuals, PlaceActuals
from planner.units import shown_minutes
from planner.words import figures, render, say, term

_UNDATED = datetime.datetime(1980, 1, 1)  # the same figures give the same bytes
PAGE = "actuals"
"""The name of the page and of its workbook, in the folder of the area."""


def actuals_page(found: PeriodActuals, config: Mapping[str, Any], links: PageLinks) -> str:
    """Return the page as HTML; ``config`` is what the area's configuration says (JSON types)."""
    names = stop_names(found.area, spoken_name)
    return page_template("actuals.html").render(
        found=found,
        page=PAGE,
        name=spoken_name(found.area),
        links=links,
        notice=notice_of(found.area, config),
        period=period_text(found),
        cards=_cards(found),
        viability=viability_text(found),
        below=[below_row(found, place, names) for place in found.below],
        rows=[_row(place, names) for place in found.places],
    )


def period_text(found: PeriodActuals) -> str:
    """Return the period, and the days of it that were entered."""
    return say(
        "{first} to {last}: orders of {count} days",
        first=figures.day(found.first),
        last=figures.day(found.last),
        count=figures.number(len(found.days)),
    )


def viability_text(found: PeriodActuals) -> str:
    """Return from when on a point can live, and who says so."""
    rule = found.viability
    return say(
        "A point can live from {parcels} parcels a day on: {income} a parcel against {pay} a month for its agent; "
        "where nothing was entered, from {residents} residents on ({source})",
        parcels=f"{rule.parcels_a_day:.1f}",
        income=figures.price(rule.income_yuan_per_parcel),
        pay=figures.yuan(rule.agent_yuan_month),
        residents=figures.number(rule.residents),
        source=render(rule.provenance),
    )


def _cards(found: PeriodActuals) -> list[tuple[str, str]]:
    entered = sum(place.entered_down or 0.0 for place in found.places)
    estimated = sum(place.estimated_down for place in found.places)
    return [
        (say("Parcels down a day, entered"), figures.number(round(entered))),
        (say("Estimated for the same"), f"{figures.number(round(estimated))} · {_off(entered, estimated)}"),
        (say("Off, place by place and day"), "-" if found.error is None else figures.share(found.error)),
        (say("Points below viability"), figures.number(len(found.below))),
    ]


def _off(entered: float | None, estimated: float) -> str:
    """Return how much more or less was entered than estimated, in percent of the estimate."""
    return "-" if entered is None or not estimated else f"{(entered / estimated - 1) * 100:+.0f}%"


def _row(place: PlaceActuals, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": names[place.site_id],
        "villages": len(place.village_ids),
        "people": figures.number(place.people),
        "days": place.days,
        "entered_down": _amount(place.entered_down),
        "estimated_down": _amount(place.estimated_down if place.entered_down is not None else None),
        "off": _off(place.entered_down, place.estimated_down),
        "entered_up": _amount(place.entered_up),
        "estimated_up": _amount(place.estimated_up if place.entered_up is not None else None),
        "income": figures.number(round(place.income_yuan_month)),
        "below": place.below,
    }


def _amount(amount: float | None) -> str:
    return "-" if amount is None else f"{amount:.1f}"


def below_row(found: PeriodActuals, place: PlaceActuals, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a point that cannot live of what it handles, why, and what would mend that."""
    why = (
        say(
            "{income} of income a month, {pay} for its agent",
            income=figures.yuan(place.income_yuan_month),
            pay=figures.yuan(found.viability.agent_yuan_month),
        )
        if place.days
        else say("{count} residents, nothing was entered", count=figures.number(place.people))
    )
    return {
        "name": names[place.site_id],
        "parcels": f"{place.parcels_a_day:.1f}",
        "why": why,
        "remedies": remedy_texts(place, names),
    }


def remedy_texts(place: PlaceActuals, names: Mapping[str, str]) -> list[str]:
    """Return what would mend a point that cannot live of what it handles."""
    texts = []
    if place.merge is not None:
        texts.append(
            say(
                "merge into {site}: {mean} min more on average, {most} at most; {parcels} parcels a day together",
                site=names[place.merge.site_id],
                mean=f"{shown_minutes(place.merge.mean_added_s):.1f}",
                most=f"{shown_minutes(place.merge.most_added_s):.1f}",
                parcels=f"{place.merge.parcels_a_day:.1f}",
            )
        )
    if place.share is not None:
        house, saved = (
            say("share a house with the {house} of its village", house=term(place.share)),
            place.rent_saved_yuan_year,
        )
        texts.append(
            say("{what}: {yuan} of rent a year less", what=house, yuan=figures.yuan(saved)) if saved else house
        )
    if place.visits_a_week is not None:
        texts.append(say("{count} visits a week, not one a day", count=place.visits_a_week))
    return texts or [say("none found: no other open place is reached")]


def actuals_workbook(found: PeriodActuals, config: Mapping[str, Any]) -> bytes:
    """Return a workbook with a sheet of all places; names from data are texts, never formulas."""
    names, file = stop_names(found.area), io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _UNDATED})
    sheet = book.add_worksheet(say("Plan against actual"))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    tenths = book.add_format({"num_format": "0.0"})
    headings = [
        *(say("Site code"), say("Name"), say("Villages"), say("People"), say("Days entered")),
        *(
            say("Down a day, entered"),
            say("Down a day, estimated"),
            say("Up a day, entered"),
            say("Up a day, estimated"),
        ),
        *(say("Parcels a day"), say("Income a month (yuan)"), say("Below viability"), say("What would mend it")),
    ]
    cautions = [period_text(found), notice_of(found.area, config).text, viability_text(found)]
    for row, text in enumerate(filter(None, cautions)):
        sheet.write_string(row, 0, text)
    top = sum(map(bool, cautions))
    for column, heading in enumerate(headings):
        sheet.write_string(top, column, heading, head)
    for row, place in enumerate(found.places, start=top + 1):
        sheet.write_string(row, 0, place.site_id)
        sheet.write_string(row, 1, names[place.site_id])
        for column, count in enumerate((len(place.village_ids), place.people, place.days), start=2):
            sheet.write_number(row, column, count)
        ways = ((place.entered_down, place.estimated_down), (place.entered_up, place.estimated_up))
        known = [pair if pair[0] is not None else (None, None) for pair in ways]
        amounts = (*known[0], *known[1], place.parcels_a_day)
        for column, amount in enumerate(amounts, start=5):
            if amount is not None:
                sheet.write_number(row, column, round(amount, 2), tenths)
        sheet.write_number(row, 10, round(place.income_yuan_month))
        sheet.write_string(row, 11, say("yes") if place.below else say("no"))
        if place.below:
            sheet.write_string(row, 12, say("; ").join(remedy_texts(place, names)))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 11, 11)
    sheet.set_column(12, 12, 80)
    sheet.set_row(top, 45)
    sheet.freeze_panes(top + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    book.close()
    return file.getvalue()
