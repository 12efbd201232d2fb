"""Conditions of tags (``no @ (Nov-Apr)``) → what they say of a whole day in a season.

A plan is for a day: whoever drives it may be anywhere at any hour. So a condition holds if it holds all through the season
(spans of months, ``winter`` and ``summer``, the season's weather), or if its hours take in Monday to Friday from 8:00 to
18:00. One that holds at other hours only, or hangs on weight, height or the load, is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_SPAN = re.compile(r"([a-z]{3})[a-z]*(?: \d+)?(?:\s*-\s*([a-z]{3})[a-z]*(?: \d+)?)?")
_CLAUSE = re.compile(
    r"\s*([^@;()]+?)\s*@\s*(?:\(([^()]*)(?:\)|$)|([^;()]*)\)?)\s*(?:;|$)"
)  # a lost bracket does no harm
_NAMED = {"winter": frozenset({11, 12, 1, 2, 3, 4}), "summer": frozenset({5, 6, 7, 8, 9, 10})}
_WEATHER = frozenset({"winter", "summer", "snow", "ice"})
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WORKING_DAYS, _WORKING_MINUTES = frozenset(range(5)), (8 * 60, 18 * 60)
_HOURS = re.compile(
    r"(?P<days>(?:mo|tu|we|th|fr|sa|su|ph|sh)(?:\s*[-,]\s*(?:mo|tu|we|th|fr|sa|su|ph|sh))*)?\s*"
    r"(?P<hours>\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d(?:\s*,\s*\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d)*)?"
)


class Clause(NamedTuple):
    """One ``value @ condition`` of a conditional tag."""

    value: str
    condition: str


def clauses(text: str) -> list[Clause] | None:
    """Return the clauses of a plain conditional value, None if it is not made of clauses.

    Examples
    --------
    >>> clauses("no @ (nov-apr); delivery @ 06:00-10:00")
    [Clause(value='no', condition='nov-apr'), Clause(value='delivery', condition='06:00-10:00')]
    """
    found = list(_CLAUSE.finditer(text))
    if not found or "".join(match[0] for match in found) != text:
        return None
    return [Clause(match[1], (match[2] or match[3] or "").strip()) for match in found]


def holds(condition: str, months: Sequence[int], weather: Iterable[str]) -> bool:
    """Return whether a condition holds on every working day, all day long, through these months."""
    return all(
        part in weather or set(months) <= _months(part) or _takes_in_working_days(part) for part in _joined(condition)
    )


def is_followed(condition: str) -> bool:
    """Return whether a condition is of a kind that holds in some season or always; all others are left aside."""
    return all(part in _WEATHER or bool(_months(part)) or _takes_in_working_days(part) for part in _joined(condition))


def _joined(condition: str) -> list[str]:
    return [part.strip() for part in re.split(r"\band\b", condition)]


def _months(condition: str) -> frozenset[int]:
    """Return the months that a condition covers, none if it is not of that kind. A span's rims count as whole months."""
    if condition in _NAMED:
        return _NAMED[condition]
    covered: set[int] = set()
    for part in condition.split(","):
        span = _MONTH_SPAN.fullmatch(part.strip())
        if span is None or span[1] not in _MONTHS or (span[2] or span[1]) not in _MONTHS:
            return frozenset()
        first, last = _MONTHS.index(span[1]), _MONTHS.index(span[2] or span[1])
        covered.update((first + step) % 12 + 1 for step in range((last - first) % 12 + 1))
    return frozenset(covered)


def _takes_in_working_days(condition: str) -> bool:
    """Return whether hours and days of the week take in the working hours of all working days."""
    if condition == "24/7":
        return True
    spans: dict[int, list[tuple[int, int]]] = {day: [] for day in _WORKING_DAYS}
    for rule in condition.split(";"):
        match = _HOURS.fullmatch(rule.strip())
        if match is None or not (match["days"] or match["hours"]):
            return False
        for day in _days(match["days"]) & _WORKING_DAYS:
            spans[day] += _minutes(match["hours"])
    return all(_cover(sorted(found)) for found in spans.values())


def _days(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first in _DAYS and (last or first) in _DAYS:  # not holidays
            begin, end = _DAYS.index(first), _DAYS.index(last or first)
            days.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(days)


def _minutes(text: str | None) -> list[tuple[int, int]]:
    if text is None:
        return [(0, 24 * 60)]
    spans = []
    for part in text.split(","):
        begin, end = (int(h) * 60 + int(m) for h, m in (side.split(":") for side in part.split("-")))
        spans += [(begin, end)] if begin < end else [(begin, 24 * 60), (0, end)]  # over midnight
    return spans


def _cover(spans: Sequence[tuple[int, int]]) -> bool:
    reached, end = _WORKING_MINUTES
    for begin, last in spans:
        if begin <= reached:
            reached = max(reached, last)
    return reached >= end
