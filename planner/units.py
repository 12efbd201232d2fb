"""Units, and the one place where physical quantities are rounded.

Suffixes say the unit everywhere: ``_s`` seconds, ``_m`` metres, ``_kg``, ``_m3``, ``_kph``, ``_yuan``. Clock times are
seconds since local midnight of the service date. A solver that works in integers gets its figures from the ``solver_*``
functions here and nowhere else: durations are rounded upward so that a plan never promises a time it cannot keep.
"""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

from planner.errors import Message

SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400
METRES_PER_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator: for distances that need not be exact."""
HALF_CENT_YUAN = 0.005
"""Sums of money that differ by no more are the same."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")


def metres_per_second(speed_kph: float) -> float:
    """Return the speed in m/s of one in km/h."""
    return speed_kph / 3.6


def parse_clock(text: str) -> int:
    """Return seconds since midnight for ``HH:MM`` or ``HH:MM:SS`` (up to 47:59:59, for routes past midnight).

    Raises
    ------
    ValueError
        If the text is not such a time.

    Examples
    --------
    >>> parse_clock("07:30")
    27000
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 47:
        raise ValueError(Message("{text} is not a time of day: write HH:MM, for example 07:30", text=repr(text)))
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def shown_minutes(seconds: float, standard_s: float = math.inf) -> float:
    """Return a duration as the minutes that people read: rounded up to the next tenth.

    With the ``standard_s`` that it is read against, it is not rounded past one that it keeps. So a duration looks longer
    than the standard (as `shown_limit` has it) where it is, and only there.

    Examples
    --------
    >>> shown_minutes(481.8)
    8.1
    """
    tenths = math.ceil(seconds / 6 - 1e-9) / 10
    return min(tenths, shown_limit(standard_s)) if seconds <= standard_s < math.inf else tenths


def shown_limit(seconds: float) -> float:
    """Return a standard or another limit as minutes: in whole tenths if it is such, else in hundredths, rounded down.

    Examples
    --------
    >>> shown_limit(480), shown_limit(500)
    (8.0, 8.33)
    """
    return math.floor(seconds / 0.6 + 1e-9) / 100


def shown_parts(whole_s: float, driving_s: float, standard_s: float = math.inf) -> tuple[float, float]:
    """Return minutes of driving and of walking that add up to the whole as `shown_minutes` has it.

    Examples
    --------
    >>> shown_parts(478, 451)  # 7.97, of which 7.52
    (7.6, 0.4)
    """
    whole = shown_minutes(whole_s, standard_s)
    driving = min(shown_minutes(driving_s), whole)
    return driving, round(whole - driving, 2)


def shown_distance_limit(metres: float) -> float:
    """Return a limit in kilometres: in whole tenths if it is such, else in hundredths, rounded down."""
    return math.floor(metres / 10 + 1e-9) / 100


def solver_metres(metres: FloatArray, unreachable: int) -> IntArray:
    """Return whole metres, rounded to the nearest; ``inf`` becomes ``unreachable``."""
    return np.where(np.isfinite(metres), np.rint(metres), unreachable).astype(np.int64)


def solver_milliseconds(seconds: FloatArray, unreachable: int) -> IntArray:
    """Return whole milliseconds, rounded upward; ``inf`` becomes ``unreachable``."""
    return np.where(np.isfinite(seconds), np.ceil(seconds * 1000 - 1e-6), unreachable).astype(np.int64)


def solver_load(amount: FloatArray, parts: int = 1000) -> IntArray:
    """Return loads in ``parts`` of a unit (grams, litres), rounded upward; capacities use `solver_capacity`."""
    return np.ceil(np.asarray(amount, dtype=np.float64) * parts - 1e-6).astype(np.int64)


def solver_capacity(amount: FloatArray, unlimited: int, parts: int = 1000) -> IntArray:
    """Return capacities in ``parts`` of a unit, rounded downward; ``inf`` becomes ``unlimited``."""
    scaled = np.asarray(amount, dtype=np.float64) * parts + 1e-6
    return np.where(np.isfinite(scaled), np.floor(np.minimum(scaled, unlimited)), unlimited).astype(np.int64)
