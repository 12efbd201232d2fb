"""Kept days with orders → each village's level and the weekdays of the county; how it is done stands in `learned_levels`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.units import FloatArray

FEWEST_DAYS = 5
"""Kept days with a figure from which on a village's level is called learned."""
FEWEST_HELD_OUT = 3
"""Days held out from which on an error is told: that of one day may be that of a holiday, or of luck."""
_VILLAGE_DAYS, _COUNTY_DAYS, _WEEKDAY_DAYS = 5.0, 2.0, 2.0
"""What is believed before any day was kept weighs as many days: of a village, of the county, of its one weekday."""
_ROUNDS, _CLOSE = 200, 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHistory:
    """Figures of kept days: ``ordered`` (villages, days), nan where nobody ordered, and as many ``factors`` of the year.

    ``shares`` (days, 7) are those of the weekdays that each day counts as; ``plain`` (days,) says which tell of usual days:
    no holidays and no days worked for one, whose factors nobody has measured.
    """

    ordered: FloatArray
    factors: FloatArray
    shares: FloatArray
    plain: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def until(self, day: int) -> OrderHistory:
        """Return the days before the ``day``-th."""
        return OrderHistory(
            ordered=self.ordered[:, :day],
            factors=self.factors[:, :day],
            shares=self.shares[:day],
            plain=self.plain[:day],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedLevels:
    """Parcels of each village on a day whose factors are 1 (villages,), factors of the weekdays (7,).

    ``days`` (villages,) counts those with a figure.
    """

    levels: FloatArray
    weekdays: FloatArray
    days: FloatArray

    def on(self, shares: Sequence[float] | FloatArray, factors: FloatArray) -> FloatArray:
        """Return each village's parcels on a day of these weekday shares and factors of the year (villages,)."""
        of_week: float = float(np.dot(np.asarray(shares, dtype=np.float64), self.weekdays))
        found: FloatArray = self.levels * of_week * factors
        return found


def learned_levels(history: OrderHistory, usual: FloatArray, weekdays: FloatArray) -> LearnedLevels:
    """Return levels and weekdays learned from kept days.

    ``usual`` (villages,) and ``weekdays`` (7,) are what the configuration says, and what is left where nothing was ordered.

    Notes
    -----
    A figure y of village v on day d is taken for a count of mean ``L_v * f_w(d) * s_vd``, with the factors s of the year
    given. Each unknown is the mean of what was seen and what was believed, each weighed by its days (a gamma prior of a
    Poisson rate [1]_)::

        c   = (2 * sum(p) + sum(y)) / (2 * sum(p) + sum(p_v * f * s))     the county against its configuration
        L_v = (5 * c * p_v + sum_d(y)) / (5 + sum_d(f * s))               a village's level
        f_w = (2 * g_w * sum(L) + sum_w(y)) / (2 * sum(L) + sum_w(L * s)) a weekday's factor

    with p ``usual`` and g ``weekdays``, over plain days; f is scaled to the mean of g. They are worked out in turn
    until nothing moves.
    With n days of a village, what is left of a wrong belief is 5 / (5 + n) of it.

    .. [1] Clayton, D., Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks. Biometrics 43(3).
    """
    seen = ~np.isnan(history.ordered) & history.plain
    figures = np.where(seen, history.ordered, 0.0)
    held = np.where(seen, history.factors, 0.0)
    of_village = figures.sum(axis=1)
    told = seen.any(axis=1)
    of_weekday = figures.sum(axis=0) @ history.shares
    believed, total = usual[told].sum(), figures.sum()
    factors, levels = weekdays.astype(np.float64), usual.astype(np.float64)
    for _ in range(_ROUNDS):
        exposure = held @ (history.shares @ factors)
        expected = float(usual @ exposure)
        weight = _COUNTY_DAYS * believed
        county = (weight + total) / (weight + expected) if weight + expected > 0 else 1.0
        before, levels = levels, (_VILLAGE_DAYS * county * usual + of_village) / (_VILLAGE_DAYS + exposure)
        day_total = float(levels[told].sum())
        seen_at = (levels @ held) @ history.shares
        weight = _WEEKDAY_DAYS * day_total
        if weight > 0:
            factors = (weight * weekdays + of_weekday) / (weight + seen_at)
            if factors.mean() > 0:
                factors = factors * (weekdays.mean() / factors.mean() if weekdays.mean() > 0 else 1.0)
        if np.allclose(levels, before, rtol=_CLOSE, atol=0):
            break
    return LearnedLevels(levels=levels, weekdays=factors, days=seen.sum(axis=1).astype(np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The mean absolute error on days held out, as a share of the mean: of what was learned, of the configuration."""

    days: int
    learned: float
    configured: float


def held_out_error(history: OrderHistory, usual: FloatArray, weekdays: FloatArray, last: int = 28) -> HeldOut | None:
    """Return how far estimates are off, village by village, on kept days that they did not know.

    Each of the ``last`` kept days is estimated from those before it (a rolling origin), if there are enough of them; None
    with fewer such days than `FEWEST_HELD_OUT`, or nothing ordered on them.
    """
    days = history.ordered.shape[1]
    off, off_configured, ordered, tried = 0.0, 0.0, 0.0, 0
    configured = LearnedLevels(levels=usual, weekdays=weekdays, days=np.zeros_like(usual))
    for day in range(max(FEWEST_DAYS, days - last), days):
        figures, told = history.ordered[:, day], ~np.isnan(history.ordered[:, day])
        for estimate, is_learned in ((learned_levels(history.until(day), usual, weekdays), True), (configured, False)):
            missed = float(np.abs(figures - estimate.on(history.shares[day], history.factors[:, day]))[told].sum())
            off, off_configured = (off + missed, off_configured) if is_learned else (off, off_configured + missed)
        ordered += float(figures[told].sum())
        tried += 1
    if tried < FEWEST_HELD_OUT or ordered <= 0:
        return None
    return HeldOut(days=tried, learned=off / ordered, configured=off_configured / ordered)
