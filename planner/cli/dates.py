"""The date that a day is planned for: as it is given, in words too, or the configuration's, which is then said aloud."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import typer

from planner.cli.terminal import trouble
from planner.words import LANGUAGES, say, speaking, term

if TYPE_CHECKING:
    from planner.config import PlanConfig


def read_date(text: str) -> datetime.datetime:
    """Return the date of ``2026-11-10``, or of today or tomorrow in words of any language, by the machine's clock.

    Raises
    ------
    typer.BadParameter
        If it is none of these.
    """
    days = {word: number for number, code in enumerate(("date_today", "date_tomorrow")) for word in _words(code)}
    if (number := days.get(text.strip().casefold())) is not None:
        today = datetime.datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return today + datetime.timedelta(days=number)
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        raise typer.BadParameter(
            say("{value}: write the date as 2026-11-10, or today or tomorrow", value=repr(text))
        ) from error


def _words(code: str) -> list[str]:
    """Return the words for a day in all languages."""
    found: list[str] = []
    for lang in LANGUAGES:
        with speaking(lang):
            found += term(code).split("/")
    return found


def service_date(given: datetime.datetime | None, config: PlanConfig) -> datetime.date:
    """Return the date to plan; where nobody gave one, say on standard error which it is and how to give another."""
    if given is not None:
        return given.date()
    from planner.words import figures  # loads numpy, for which --help need not wait

    date = config.routing.date
    told = say(
        "Planning {date}: the date in area.toml (routing.date), as no --date is given; for tomorrow add --date {tomorrow}",
        date=figures.weekday(date),
        tomorrow=term("date_tomorrow").split("/")[0],
    )
    trouble.print(told, style="bold yellow", markup=False, soft_wrap=True)
    return date
