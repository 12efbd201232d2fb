"""On which days a township's market is held, from what offices write; the words are in ``market_days.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources

from planner.geodata.columns import normal

_DATA = tomllib.loads(resources.files("planner.geodata").joinpath("market_days.toml").read_text(encoding="utf-8"))
_PATTERNS = {name: re.compile(pattern) for name, pattern in _DATA["patterns"].items()}
_NUMBERS: dict[str, int] = _DATA["numbers"]
_WEEKDAYS: dict[str, int] = {**_NUMBERS, **_DATA["weekdays"]}
_TENS: dict[str, int] = dict(sorted(_DATA["tens"].items(), key=lambda pair: -len(pair[0])))
_CALENDAR = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _DATA["calendars"].items()))
_NUMBER = re.compile(r"\d+|" + "|".join(_NUMBERS))
_WEEKDAY = re.compile(r"\d|" + "|".join(_WEEKDAYS))
_TEN_DAYS = 10
_LAST_WEEKDAY, _LAST_DAY = 7, 31


def market_days_in(text: str) -> tuple[str, ...] | None:
    """Return the market days that a cell names, None where it cannot be told.

    ``ends-3`` are the days of the month that end in 3 (``ends-10`` in 0), ``date-15`` is the 15th, ``week-3`` Wednesday;
    with ``lunar-`` before it days of the lunar month.

    Examples
    --------
    >>> market_days_in("3, 6, 9"), market_days_in("Wednesday"), market_days_in("lunar 5, 10"), market_days_in("often")
    (('ends-3', 'ends-6', 'ends-9'), ('week-3',), ('lunar-ends-5', 'lunar-ends-10'), None)
    """
    text = normal(text).lower()
    if not text or _PATTERNS["none"].fullmatch(text):
        return ()
    found: dict[str, None] = {}
    for lunar, part in _by_calendar(text):
        codes = _codes_in(part)
        if codes is None:
            return None
        found |= dict.fromkeys(f"lunar-{code}" if lunar and not code.startswith("week-") else code for code in codes)
    return tuple(found) or None


def names_no_calendar(text: str) -> bool:
    """Return whether days of the month are named without saying of which calendar."""
    days = market_days_in(text) or ()
    return any(not code.startswith("week-") for code in days) and not _CALENDAR.search(text.lower())


def _by_calendar(text: str) -> Iterator[tuple[bool, str]]:
    """Yield each part of a text, and whether its days are lunar: as the word before it says."""
    lunar, start = False, 0
    for word in _CALENDAR.finditer(text):
        if text[start : word.start()].strip():
            yield lunar, text[start : word.start()]
        lunar, start = word.lastgroup == "lunar", word.end()
    yield lunar, text[start:]


def _codes_in(text: str) -> list[str] | None:
    if _PATTERNS["plain"].fullmatch(text.strip()):
        return _plain(text)
    found: list[str] = []
    for name, codes in _READERS:
        for match in _PATTERNS[name].finditer(text):
            made = codes(match[0])
            if made is None:
                return None
            found += made
        text = _PATTERNS[name].sub(" ", text)
    return found if found and not _PATTERNS["filler"].sub("", text).strip() else None


def _numbers(text: str) -> list[int]:
    return [int(one) if one.isdecimal() else _NUMBERS[one] for one in _NUMBER.findall(text)]


def _plain(text: str) -> list[str] | None:
    """Return the codes of bare numbers: endings of days if all can be that, else days."""
    numbers = _numbers(text)
    if all(number <= _TEN_DAYS for number in numbers):
        return [f"ends-{number or _TEN_DAYS}" for number in numbers]
    return [f"date-{number}" for number in numbers] if all(1 <= number <= _LAST_DAY for number in numbers) else None


def _week(text: str) -> list[str]:
    return [f"week-{int(day) if day.isdecimal() else _WEEKDAYS[day]}" for day in _WEEKDAY.findall(text)]


def _ends(text: str) -> list[str]:
    digits = re.findall(r"10|\d|" + "|".join(_NUMBERS), text)
    return [f"ends-{(int(one) if one.isdecimal() else _NUMBERS[one]) or _TEN_DAYS}" for one in digits]


def _date(text: str) -> list[str] | None:
    (number,) = _numbers(text)
    return [f"date-{number}"] if 1 <= number <= _LAST_DAY else None


def _date_in_words(text: str) -> list[str] | None:
    ten = next(word for word in _TENS if text.startswith(word))
    number = _TENS[ten] + sum(_numbers(text[len(ten) :]))
    return [f"date-{number}"] if 1 <= number <= _LAST_DAY else None


def _every(first: int, step: int) -> Callable[[str], list[str]]:
    return lambda _: [f"ends-{number}" for number in range(first, _TEN_DAYS + 1, step)]


_READERS: tuple[tuple[str, Callable[[str], list[str] | None]], ...] = (
    *(("week", _week), ("week_en", lambda text: [f"week-{_WEEKDAYS[text[:3]]}"])),
    *(("odd", _every(1, 2)), ("even", _every(2, 2)), ("daily", _every(1, 1))),
    *(("ends", _ends), ("date", _date), ("date_in_words", _date_in_words)),
)
"""What may stand in a cell beside other words, in the order in which it is looked for."""
