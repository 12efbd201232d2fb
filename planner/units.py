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

SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")


def metres_per_second(speed_kph: float) -> float:
    """Return the speed in m/s of one in km/h."""
    return speed_kph / 3.6


def parse_clock(text: str) -> int:
    """Return seconds since midnight for ``HH:MM`` or ``HH:MM:SS`` (up to 47:59:59, for rounds past midnight).

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
        raise ValueError(f"{text!r} is not a time of day: write HH:MM, for example 07:30")
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def format_clock(seconds: float) -> str:
    """Return ``HH:MM`` of seconds since midnight, to the nearest minute; hours go on past 24.

    Examples
    --------
    >>> format_clock(27_030)
    '07:31'
    """
    minutes = math.floor(seconds / 60 + 0.5)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def format_minutes(seconds: float) -> str:
    """Return a duration as minutes with one decimal, ``-`` if it is infinite.

    Examples
    --------
    >>> format_minutes(95)
    '1.6 min'
    """
    return f"{seconds / 60:.1f} min" if math.isfinite(seconds) else "-"


def format_kilometres(metres: float) -> str:
    """Return a distance in kilometres with one decimal, ``-`` if it is infinite.

    Examples
    --------
    >>> format_kilometres(12_345)
    '12.3 km'
    """
    return f"{metres / 1000:.1f} km" if math.isfinite(metres) else "-"


def solver_seconds(seconds: FloatArray, unreachable: int) -> IntArray:
    """Return whole seconds, rounded upward; ``inf`` becomes ``unreachable``."""
    return np.where(np.isfinite(seconds), np.ceil(seconds - 1e-9), unreachable).astype(np.int64)


def solver_metres(metres: FloatArray, unreachable: int) -> IntArray:
    """Return whole metres, rounded to the nearest; ``inf`` becomes ``unreachable``."""
    return np.where(np.isfinite(metres), np.rint(metres), unreachable).astype(np.int64)


def solver_yuan(yuan: float) -> int:
    """Return money in hundred-thousandths of a yuan: fine enough for the price of a second or a metre."""
    return round(yuan * 100_000)


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
