"""Figures as people read them, with their units, in the language that is spoken."""

from __future__ import annotations

import datetime
import math
from typing import Literal

from planner.units import shown_distance_limit, shown_limit, shown_minutes, shown_parts
from planner.words.speech import language, say

_LOCALES = {"zh": "zh_CN", "en": "en_GB"}  # 10 November 2026
_TEN_THOUSAND = 10_000
_UNREADABLE = 1e15  # more digits than a double holds


def clock(seconds: float) -> str:
    """Return ``HH:MM`` of seconds since midnight, to the nearest minute; hours go on past 24.

    Examples
    --------
    >>> clock(27_030)
    '07:31'
    """
    whole = math.floor(seconds / 60 + 0.5)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def minutes(seconds: float, standard_s: float = math.inf) -> str:
    """Return a duration as `planner.units.shown_minutes` has it, ``-`` if it is infinite.

    Examples
    --------
    >>> minutes(95)
    '1.6 min'
    """
    return _minutes_text(shown_minutes(seconds, standard_s)) if math.isfinite(seconds) else "-"


def limit(seconds: float) -> str:
    """Return a standard or another limit as `planner.units.shown_limit` has it, ``-`` if it is infinite.

    Examples
    --------
    >>> limit(480), limit(500)
    ('8.0 min', '8.33 min')
    """
    return _minutes_text(shown_limit(seconds)) if math.isfinite(seconds) else "-"


def parts(whole_s: float, driving_s: float, standard_s: float = math.inf) -> str:
    """Return driving and walking as `planner.units.shown_parts` has them.

    Examples
    --------
    >>> parts(478, 451)
    '7.6 min + 0.4 min'
    """
    return " + ".join(_minutes_text(part) for part in shown_parts(whole_s, driving_s, standard_s))


def kilometres(metres: float, limit_m: float = math.inf) -> str:
    """Return a distance in kilometres with one decimal, ``-`` if it is infinite.

    With the ``limit_m`` that it is read against, it is rounded up, but not past a limit that it keeps: it looks longer than
    the limit (as `distance_limit` has it) where it is, and only there, as minutes do.

    Examples
    --------
    >>> kilometres(12_345), kilometres(120_004, 120_000), kilometres(119_996, 119_996)
    ('12.3 km', '120.1 km', '119.99 km')
    >>> kilometres(4_173_600)
    '4,173.6 km'
    """
    if not math.isfinite(metres):
        return "-"
    if math.isinf(limit_m):
        return say("{kilometres} km", kilometres=f"{metres / 1000:,.1f}")
    tenths = math.ceil(metres / 100 - 1e-9) / 10
    return _kilometres_text(min(tenths, shown_distance_limit(limit_m)) if metres <= limit_m else tenths)


def distance_limit(metres: float) -> str:
    """Return a limit in kilometres: in whole tenths if it is such, else in hundredths, rounded down; ``-`` if infinite.

    Examples
    --------
    >>> distance_limit(120_000), distance_limit(119_996)
    ('120.0 km', '119.99 km')
    """
    return _kilometres_text(shown_distance_limit(metres)) if math.isfinite(metres) else "-"


def number(value: float) -> str:
    """Return a figure with its thousands apart, and three decimals at most; one that nobody could read, by its power of ten.

    Examples
    --------
    >>> number(1234567), number(1234.5), number(1e-300), number(1e300)
    ('1,234,567', '1,234.5', '0', '1e+300')
    """
    from babel.numbers import format_decimal

    if abs(value) >= _UNREADABLE:
        return f"{float(value):.3g}"
    return format_decimal(round(value, 3), locale=_LOCALES[language()])


def yuan(amount: float) -> str:
    """Return money in whole yuan.

    Examples
    --------
    >>> yuan(228_000.4)
    '228,000 yuan'
    """
    return say("{amount} yuan", amount=number(round(amount)))


def price(amount: float) -> str:
    """Return money to the hundredth of a yuan.

    Examples
    --------
    >>> price(12.5)
    '12.50 yuan'
    """
    return say("{amount} yuan", amount=f"{amount:,.2f}")


def exact_yuan(amount: float) -> str:
    """Return money to the fen, as it is read where two amounts are told apart by less than a yuan.

    Examples
    --------
    >>> exact_yuan(228_000), exact_yuan(1234.5)
    ('228,000 yuan', '1,234.5 yuan')
    """
    return say("{amount} yuan", amount=number(round(amount, 2)))


def money(amount: float) -> str:
    """Return money as its language counts it: in whole yuan, in Chinese from 10 000 on in tenths of 万元.

    Examples
    --------
    >>> money(228_000)
    '228,000 yuan'
    """
    if language() != "zh" or abs(amount) < _TEN_THOUSAND:
        return yuan(amount)
    return say("{amount} ten thousand yuan", amount=number(round(amount / _TEN_THOUSAND, 1)))


def share(part: float) -> str:
    """Return a part of the whole in percent with one decimal; only the whole is 100 %, only nothing is 0 %.

    Examples
    --------
    >>> share(0.9734), share(0.99996), share(1)
    ('97.3%', '99.9%', '100.0%')
    """
    percent = round(part * 100, 1)
    if percent >= 100 and part < 1:
        percent = 99.9
    elif percent <= 0 and part > 0:
        percent = 0.1
    return f"{percent:.1f}%"


def people(count: float) -> str:
    """Return a number of people.

    Examples
    --------
    >>> people(12_345), people(1)
    ('12,345 people', '1 person')
    """
    said = number(round(count))
    return say("{count} person", count=said) if round(count) == 1 else say("{count} people", count=said)


def villages(count: int) -> str:
    """Return a number of villages.

    Examples
    --------
    >>> villages(15), villages(1)
    ('15 villages', '1 village')
    """
    said = number(count)
    return say("{count} village", count=said) if count == 1 else say("{count} villages", count=said)


def service_points(count: int) -> str:
    """Return a number of service points.

    Examples
    --------
    >>> service_points(33)
    '33 service points'
    """
    said = number(count)
    return say("{count} service point", count=said) if count == 1 else say("{count} service points", count=said)


def points(count: int) -> str:
    """Return a number of points where goods are handed over, of any kind.

    Examples
    --------
    >>> points(57), points(1)
    ('57 points', '1 point')
    """
    said = number(count)
    return say("{count} point", count=said) if count == 1 else say("{count} points", count=said)


def express_stations(count: int) -> str:
    """Return a number of express stations.

    Examples
    --------
    >>> express_stations(1)
    '1 express station'
    """
    said = number(count)
    return say("{count} express station", count=said) if count == 1 else say("{count} express stations", count=said)


def vehicles(count: int) -> str:
    """Return a number of vehicles.

    Examples
    --------
    >>> vehicles(9)
    '9 vehicles'
    """
    return say("{count} vehicle", count=count) if count == 1 else say("{count} vehicles", count=number(count))


def days(count: int) -> str:
    """Return a number of days.

    Examples
    --------
    >>> days(1), days(28)
    ('1 day', '28 days')
    """
    return say("{count} day", count=count) if count == 1 else say("{count} days", count=number(count))


def stops(count: int) -> str:
    """Return a number of stops.

    Examples
    --------
    >>> stops(106)
    '106 stops'
    """
    return say("{count} stop", count=count) if count == 1 else say("{count} stops", count=number(count))


def parcels(count: int) -> str:
    """Return a number of parcels.

    Examples
    --------
    >>> parcels(8297)
    '8,297 parcels'
    """
    return say("{count} parcel", count=count) if count == 1 else say("{count} parcels", count=number(count))


def lot_weight(kg: float) -> str:
    """Return the weight of a lot of produce to the tenth of a kilogram, the same on label, page and table.

    Examples
    --------
    >>> lot_weight(80.5), lot_weight(1234.44)
    ('80.5 kg', '1,234.4 kg')
    """
    return say("{amount} kg", amount=f"{kg:,.1f}")


def kilograms(amount: float) -> str:
    """Return a weight in whole kilograms.

    Examples
    --------
    >>> kilograms(1234.4)
    '1,234 kg'
    """
    return say("{amount} kg", amount=number(round(amount)))


def day(date: datetime.date) -> str:
    """Return a date in full.

    Examples
    --------
    >>> day(datetime.date(2026, 11, 10))
    '10 November 2026'
    """
    from babel.dates import format_date

    return format_date(date, "long", locale=_LOCALES[language()])


def month(date: datetime.date) -> str:
    """Return the month of a date in full.

    Examples
    --------
    >>> month(datetime.date(2026, 11, 10))
    'November 2026'
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", date, locale=_LOCALES[language()])


def moment(time: datetime.datetime) -> str:
    """Return a date in full and the time of day in UTC, by which plans of one day are told apart.

    Examples
    --------
    >>> moment(datetime.datetime(2026, 11, 10, 9, 5, tzinfo=datetime.UTC))
    '10 November 2026 09:05 UTC'
    """
    return f"{day(time.date())} {time:%H:%M} UTC"


def weekday_name(weekday_number: int, width: Literal["wide", "abbreviated", "narrow"] = "abbreviated") -> str:
    """Return the name of a weekday by its number, 0 for Monday; the short one unless another width is asked for.

    Examples
    --------
    >>> weekday_name(0), weekday_name(6, "wide"), weekday_name(2, "narrow")
    ('Mon', 'Sunday', 'W')
    """
    from babel.dates import get_day_names

    return str(get_day_names(width, locale=_LOCALES[language()])[weekday_number])


def weekday(date: datetime.date) -> str:
    """Return a date in full with its day of the week.

    Examples
    --------
    >>> weekday(datetime.date(2026, 11, 10))
    'Tuesday 10 November 2026'
    """
    from babel.dates import format_date

    return format_date(date, "full", locale=_LOCALES[language()]).replace(", ", " ")


def short_day(date: datetime.date) -> str:
    """Return a date with its day of the week, in short.

    Examples
    --------
    >>> short_day(datetime.date(2026, 11, 10))
    'Tue 10 Nov 2026'
    """
    from babel.dates import format_date, format_skeleton

    if language() == "zh":
        return format_skeleton("yMMMEd", date, locale=_LOCALES["zh"])
    return format_date(date, "EEE d MMM y", locale=_LOCALES["en"])


def _minutes_text(shown: float) -> str:
    return say("{minutes} min", minutes=_one_decimal_or_two(shown))


def _kilometres_text(shown: float) -> str:
    return say("{kilometres} km", kilometres=_one_decimal_or_two(shown))


def _one_decimal_or_two(shown: float) -> str:
    """Return one decimal, or two where one does not say it."""
    return f"{shown:,.1f}" if round(shown, 1) == shown else f"{shown:,.2f}"
