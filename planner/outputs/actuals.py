"""Plan against actual in words: a page and a workbook of a period, and what would mend a point that cannot live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.workbook.cells import Hundredths, Sheet, Yuan
from planner.outputs.workbook.sheet_writer import SheetWriter
from planner.plans import PeriodActuals, PlaceActuals, ViabilityVerdict
from planner.units import shown_minutes
from planner.words import figures, render, say, term

_MONTHS_A_YEAR = 12
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
        not_judged=not_judged_text(found),
        rows=[_row(found, place, names) for place in found.places],
        reported_headings=reported_headings() if found.figures_file else [],
    )


def period_text(found: PeriodActuals) -> str:
    """Return the period, the days of it that were entered, and how many have not come and are left out."""
    text = say(
        "{first} to {last}: orders of {count} days",
        first=figures.day(found.first),
        last=figures.day(found.last),
        count=figures.number(len(found.days)),
    )
    if found.figures_file:
        text = say("; ").join([text, say("figures reported in {file}", file=found.figures_file)])
    if not found.ahead:
        return text
    ahead = say(
        "{count} days with orders come only after {until} and do not count",
        count=figures.number(len(found.ahead)),
        until=figures.day(found.until),
    )
    return say("; ").join([text, ahead])


def viability_text(found: PeriodActuals) -> str:
    """Return from when on a point can live, and who says so."""
    rule = found.viability
    return say(
        "A point can live from {parcels} parcels a day on: {income} a parcel against {pay} a month for its agent; it is "
        "judged from {days} days with figures on, before that {residents} residents are a hint ({source})",
        parcels=f"{rule.parcels_a_day:.1f}",
        income=figures.price(rule.income_yuan_per_parcel),
        pay=figures.yuan(rule.agent_yuan_month),
        days=figures.number(rule.fewest_days),
        residents=figures.number(rule.residents),
        source=render(rule.provenance),
    )


def not_judged_text(found: PeriodActuals) -> str:
    """Return how many points too few days are known of, empty where there is none."""
    if not found.not_judged:
        return ""
    days = [place.days for place in found.not_judged]
    return say(
        "{points}: no verdict yet, {least} to {most} of {needed} days with figures",
        points=figures.service_points(len(days)),
        least=min(days),
        most=max(days),
        needed=found.viability.fewest_days,
    )


def verdict_text(found: PeriodActuals, place: PlaceActuals) -> str:
    """Return whether a point can live of what it handles, or that too few days say; - of a station."""
    if place.verdict is None:
        return "-"
    if place.verdict in (ViabilityVerdict.VIABLE, ViabilityVerdict.BELOW):
        return term(place.verdict)
    text = say(
        "{verdict}: {days} of {needed}",
        verdict=term(ViabilityVerdict.TOO_FEW_DAYS),
        days=place.days,
        needed=found.viability.fewest_days,
    )
    if place.verdict is ViabilityVerdict.TOO_FEW_DAYS:
        return text
    few = say("fewer than {residents} residents", residents=figures.number(found.viability.residents))
    return say("; ").join([text, few])


def _cards(found: PeriodActuals) -> list[tuple[str, str]]:
    entered = sum(place.entered_down or 0.0 for place in found.places)
    estimated = sum(place.estimated_down for place in found.places)
    return [
        (say("Days with orders that are over"), figures.number(len(found.days))),
        (say("Parcels down a day, entered"), figures.number(round(entered))),
        (say("Estimated for the same"), f"{figures.number(round(estimated))} · {_off(entered, estimated)}"),
        (say("Off, place by place and day"), "-" if found.error is None else figures.share(found.error)),
        (say("Points below viability"), figures.number(len(found.below))),
        (say("Points of which too few days are known"), figures.number(len(found.not_judged))),
    ]


def _off(entered: float | None, estimated: float) -> str:
    """Return how much more or less was entered than estimated, in percent of the estimate."""
    return "-" if entered is None or not estimated else f"{(entered / estimated - 1) * 100:+.0f}%"


def _row(found: PeriodActuals, place: PlaceActuals, names: Mapping[str, str]) -> dict[str, Any]:
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
        "reported": [_amount(None if place.reported is None else amount) for amount in _reported(place)[:2]],
        "days_reported": "-" if place.reported is None else place.reported.days,
        "verdict": verdict_text(found, place),
        "below": place.below,
    }


def _reported(place: PlaceActuals) -> tuple[float | None, float | None, int | None]:
    """Return what was reported a day, down and up, and of how many days."""
    of = place.reported
    return (None, None, None) if of is None else (of.down, of.up, of.days)


def _amount(amount: float | None) -> str:
    return "-" if amount is None else f"{amount:.1f}"


def below_row(found: PeriodActuals, place: PlaceActuals, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a point that cannot live of what it handles, why, and what would mend that."""
    why = say(
        "{income} of income a month, {pay} for its agent ({days} days)",
        income=figures.yuan(place.income_yuan_month),
        pay=figures.yuan(found.viability.agent_yuan_month),
        days=figures.number(place.days),
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
    if place.merge is None:
        texts.append(say("no merging: no other open place is within the standard of all its villages"))
    else:
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
    if place.shop and place.share is None:
        texts.append(say("have the shop of its village run it"))
    if place.visits_a_week is not None:
        texts.append(say("{count} visits a week, not one a day", count=place.visits_a_week))
    gap = place.gap_yuan_month
    texts.append(
        say(
            "a subsidy of {year} a year ({month} a month) closes the gap",
            year=figures.yuan(gap * _MONTHS_A_YEAR),
            month=figures.yuan(gap),
        )
    )
    return texts


def actuals_workbook(found: PeriodActuals, config: Mapping[str, Any]) -> bytes:
    """Return a workbook with a sheet of all places; names from data are texts, never formulas."""
    names, writer = stop_names(found.area), SheetWriter()
    notice = say("; ").join(filter(None, [period_text(found), notice_of(found.area, config).text]))
    headings = [
        *(say("Site code"), say("Name"), say("Villages"), say("People"), say("Days entered")),
        *(say("Down a day, entered"), say("Down a day, estimated")),
        *(say("Up a day, entered"), say("Up a day, estimated")),
        *(reported_headings() if found.figures_file else []),
        *(say("Parcels a day"), say("Income a month (yuan)"), say("Verdict"), say("What would mend it")),
    ]
    sheets = [
        Sheet(say("Plan against actual"), headings, [_cells(found, place, names) for place in found.places]),
        Sheet(
            say("About"),
            [say("Item"), say("Content")],
            [
                [say("Period"), period_text(found)],
                [say("Viability"), viability_text(found)],
                *([[say("Not judged"), text]] if (text := not_judged_text(found)) else []),
                [say("Network plan"), found.network_id],
            ],
        ),
    ]
    for sheet in sheets:
        writer.add(sheet, notice, found.network_id)
    return writer.finished()


def _cells(found: PeriodActuals, place: PlaceActuals, names: Mapping[str, str]) -> list[object]:
    ways = ((place.entered_down, place.estimated_down), (place.entered_up, place.estimated_up))
    amounts = [None if entered is None else amount for entered, estimated in ways for amount in (entered, estimated)]
    down, up, days = _reported(place)
    reported = [*map(_hundredths, (down, up)), days] if found.figures_file else []
    return [
        *(place.site_id, names[place.site_id], len(place.village_ids), place.people, place.days),
        *map(_hundredths, amounts),
        *reported,
        _hundredths(place.parcels_a_day),
        Yuan(round(place.income_yuan_month)),
        verdict_text(found, place),
        say("; ").join(remedy_texts(place, names)) if place.below else "",
    ]


def reported_headings() -> list[str]:
    """Return the headings of what was reported: down and up a day, and the days of it."""
    return [say("Down a day, reported"), say("Up a day, reported"), say("Days reported")]


def _hundredths(amount: float | None) -> Hundredths | None:
    return None if amount is None else Hundredths(round(amount, 2))
