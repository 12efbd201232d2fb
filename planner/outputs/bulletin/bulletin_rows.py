"""The rows of a bulletin's tables, as both the workbook and the document have them."""

from __future__ import annotations

from planner.outputs.bulletin.bulletin_brief import NotServed
from planner.outputs.bulletin.bulletin_texts import (
    NONE,
    change_text,
    completion_text,
    county_figure,
    dated_text,
    fact_text,
    spoken,
    value_text,
)
from planner.plans.bulletin import Bulletin, Indicator
from planner.words import say


def indicator_headings() -> list[str]:
    """Return the headings of `indicator_cells`."""
    return [
        say("No."),
        say("Indicator"),
        say("Unit"),
        say("This month"),
        say("Month before"),
        say("Change on month"),
        say("Change on year"),
        say("Target"),
        say("Of target"),
    ]


def indicator_cells(bulletin: Bulletin, indicator: Indicator) -> list[str]:
    """Return an indicator of the county as a row of texts."""
    figure = county_figure(bulletin, indicator.code)
    return [
        indicator.code,
        spoken(indicator.name),
        spoken(indicator.unit),
        dated_text(indicator, figure),
        value_text(indicator, figure.previous),
        change_text(indicator, figure.value, figure.previous),
        change_text(indicator, figure.value, figure.year_before),
        NONE if indicator.target is None else value_text(indicator, indicator.target),
        completion_text(indicator, figure.value),
    ]


def not_served_headings() -> list[str]:
    """Return the headings of `not_served_cells`."""
    return [
        say("Township"),
        say("Village"),
        say("People"),
        say("Registered poor"),
        say("Hands over meanwhile at"),
        say("Minutes"),
        say("Served from"),
    ]


def not_served_cells(one: NotServed) -> list[str | int]:
    """Return a village that is not served as a row."""
    poor = say("yes") if one.poor else say("no")
    return [one.township, one.name, one.people, poor, one.meanwhile, one.minutes, one.served_from]


def definition_headings() -> list[str]:
    """Return the headings of `definition_cells`."""
    return [say("No."), say("Indicator"), say("Definition"), say("Source"), say("Filled in by")]


def definition_cells(bulletin: Bulletin, indicator: Indicator) -> list[str]:
    """Return what an indicator means and where its figure comes from."""
    figure = county_figure(bulletin, indicator.code)
    source = fact_text(figure.source)
    note = fact_text(figure.note)
    return [
        indicator.code,
        spoken(indicator.name),
        spoken(indicator.definition),
        say("{source}; {note}", source=source, note=note) if note else source,
        figure.reporter or NONE,
    ]
