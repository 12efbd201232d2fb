"""A year's seasons as a calendar in inline SVG: a row a month, a cell a day, each season by its colour and its name."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import escape

from planner.plans.service_seasons import ServiceYear
from planner.words import say, term

_WIDE, _HIGH, _LEFT, _TOP = 24.0, 24.0, 42.0, 20.0
_COLOURS = ("#cfe8f7", "#f6d9a8", "#b9e0cd", "#fbf3b0", "#e3c3d8", "#f3c3a5")
"""Light tints of colours that are told apart by all eyes (Okabe & Ito); names stand on them in black."""


def season_colours(year: ServiceYear) -> dict[str, str]:
    """Return the colour of each season."""
    return {one.season: _COLOURS[number % len(_COLOURS)] for number, one in enumerate(year.seasons)}


def year_picture(year: ServiceYear) -> str:
    """Return the calendar."""
    width, height = _LEFT + 31 * _WIDE + 2, _TOP + 12 * _HIGH + 2
    title = escape(say("Seasons of {year}", year=year.year))
    return "".join(
        [
            f'<svg class="year" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{title}" '
            'font-family="sans-serif" font-size="11" fill="#111">',
            *_days(),
            *_months(year),
            "</svg>",
        ]
    )


def _days() -> Iterator[str]:
    for day in range(1, 32):
        x = _LEFT + (day - 0.5) * _WIDE
        yield f'<text x="{x:.1f}" y="{_TOP - 6:.1f}" text-anchor="middle" fill="#555">{day}</text>'


def _months(year: ServiceYear) -> Iterator[str]:
    colours = season_colours(year)
    for month in range(1, 13):
        y = _TOP + (month - 1) * _HIGH
        yield f'<text x="{_LEFT - 8:.0f}" y="{y + 16:.1f}" text-anchor="end">{month:02d}</text>'
        for first, last, season in _runs(year, month):
            x, wide = _LEFT + (first - 1) * _WIDE, (last - first + 1) * _WIDE
            yield (
                f'<rect x="{x:.1f}" y="{y + 1:.1f}" width="{wide:.1f}" height="{_HIGH - 2:.1f}" '
                f'fill="{colours[season]}" stroke="#555" stroke-width=".8"/>'
            )
            if last - first >= 4:
                name = escape(term(season))
                yield f'<text x="{x + 6:.1f}" y="{y + 16:.1f}">{name}</text>'


def _runs(year: ServiceYear, month: int) -> Iterator[tuple[int, int, str]]:
    """Yield the first and last day of each run of a season within a month."""
    begins = datetime.date(year.year, month, 1)
    ends = (begins + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    found = []
    for one in year.seasons:
        for spell in one.spells:
            first, last = max(spell.first, begins), min(spell.last, ends)
            if first <= last:
                found.append((first.day, last.day, one.season))
    yield from sorted(found)
