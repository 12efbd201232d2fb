"""Times of day as people write them → seconds since midnight: 8:00, 8点半, 下午3点, 2.30 pm, a fraction of a day, a span."""

from __future__ import annotations

import datetime
import re
from functools import cache

from planner.geodata.columns import normal
from planner.geodata.gazetteer.spellings import numbers_in_digits
from planner.geodata.orders.order_vocabulary import WORDS

_CLOCK = WORDS["clock"]
_DAY_S = 86400
_NOON_H = 12
_COLON = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.0+)?)?", re.ASCII)
_BARE = re.compile(r"(\d{1,2})(\d{2})?", re.ASCII)
_FRACTION = re.compile(r"0?\.\d+", re.ASCII)
_DATED = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]+(.+)", re.ASCII)
_SPOKEN = re.compile(
    rf"(\d{{1,2}})\s*{_CLOCK['hour']}\s*(?:(\d{{1,2}})\s*{_CLOCK['minute']}|({_CLOCK['half']})|({'|'.join(_CLOCK['quarter'])}))?",
    re.IGNORECASE,
)


def is_any_time(text: str) -> bool:
    """Return whether a cell says that any time will do, or says none."""
    plain, flags = normal(text).lower(), WORDS["flags"]
    return any(plain in flags[kind] for kind in ("any_time", "dashes", "none", "not_said"))


def clock_s(text: str, day: datetime.date) -> int | None:
    """Return the seconds since midnight that a text says, None if it says no time of that day.

    Examples
    --------
    >>> monday = datetime.date(2026, 11, 30)
    >>> [clock_s(text, monday) / 3600 for text in ("8:00", "８：30", "下午3点", "八点半", "14时30分", "2:30 pm", "0800")]
    [8.0, 8.5, 15.0, 8.5, 14.5, 14.5, 8.0]
    >>> [clock_s(text, monday) / 3600 for text in ("0.375", "中午12点", "2026-11-30 09:15:00", "24:00", "晚上6点1刻前")]
    [9.0, 12.0, 9.25, 24.0, 18.25]
    >>> [clock_s(text, monday) for text in ("25:00", "8:75", "早上", "2026-12-01 09:00", "下午14", "8.5")]
    [None, None, None, None, 50400, None]
    """
    plain = normal(text).lower().removeprefix("'")
    if dated := _DATED.fullmatch(plain):
        try:
            date = datetime.date(int(dated[1]), int(dated[2]), int(dated[3]))
        except ValueError:
            return None
        return (
            clock_s(dated[4], day) if date in (day, datetime.date(1899, 12, 30), datetime.date(1899, 12, 31)) else None
        )
    if _FRACTION.fullmatch(plain):  # a spreadsheet's part of a day
        return round(float(plain) * _DAY_S / 60) * 60
    half, body = _half_of_day(plain.replace(_CLOCK["two"], "2"))
    hour, minute = _hour_and_minute(numbers_in_digits(body) if not body.isascii() else body)
    if hour is None or minute > 59:
        return None
    if (
        (half in ("late", "night") and hour < _NOON_H)
        or (half == "noon" and hour < 4)
        or (half == "night" and hour == 12)
    ):
        hour += _NOON_H
    elif (half == "early" and hour == _NOON_H and plain.isascii()) or (half == "midnight" and hour == _NOON_H):
        hour = 0
    seconds = hour * 3600 + minute * 60
    return seconds if 0 <= seconds <= _DAY_S else None


def span_s(text: str, day: datetime.date) -> tuple[int, int] | None:
    """Return the two times of a text like 8:00-10:00, None if it does not say both.

    Examples
    --------
    >>> span_s("8:00-10:30", datetime.date(2026, 11, 30)), span_s("下午2点至4点", datetime.date(2026, 11, 30))
    ((28800, 37800), (50400, 57600))
    """
    for between in _between().finditer(normal(text)):
        left, right = normal(text)[: between.start()], normal(text)[between.end() :]
        first, last = clock_s(left, day), clock_s(right, day)
        if first is None and re.fullmatch(r"\d{1,2}", left.strip()) and last is not None:
            first = int(left) * 3600
        if first is not None and last is not None:
            half, _ = _half_of_day(left.lower().strip())
            later = clock_s(f"{right} pm" if right.isascii() else right, day)
            if half in ("late", "night") and last < first and last < _NOON_H * 3600:
                last += _NOON_H * 3600
            elif last < first and later is not None and later > first:
                last = later
            return first, last
    return None


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_CLOCK['between']})\s*", re.IGNORECASE)


def _half_of_day(plain: str) -> tuple[str, str]:
    """Return which half of the day a text names, and the text without it."""
    body, half = plain, ""
    for name in ("midnight", "noon", "night", "late", "early"):
        for word in _CLOCK[name]:
            if half or not _says(body, word):
                continue
            half, body = name, body.replace(word, " ", 1)
            if not any(c.isdigit() for c in numbers_in_digits(body)) and name in ("noon", "midnight"):
                body = "12:00"
    for word in _CLOCK["around"]:
        if _says(body, word):
            body = body.replace(word, " ", 1)
    return half, body.strip()


def _says(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)) if word.isascii() else word in text


def _hour_and_minute(body: str) -> tuple[int | None, int]:
    plain = body.strip()
    if found := _COLON.fullmatch(plain.replace(" ", "")):
        return int(found[1]), int(found[2])
    if found := _SPOKEN.fullmatch(plain):
        minute = 30 if found[3] else _CLOCK["quarter"].get(found[4], 0) if found[4] else int(found[2] or 0)
        return int(found[1]), minute
    if found := _BARE.fullmatch(plain):
        return int(found[1]), int(found[2] or 0)
    return None, 0
