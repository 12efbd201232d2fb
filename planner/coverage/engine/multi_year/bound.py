"""The proof: what any multipliers say no plan can exceed, in plain array code."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.multi_year.world import Phases, matrix_of, required_in
from planner.units import FloatArray


def earnings(phases: Phases, u: FloatArray, price: FloatArray) -> FloatArray:
    """Return (sites, years): multipliers that a site collects if it opens in a year, less the prices of the limits."""
    gain = np.cumsum((matrix_of(phases).T @ u)[:, ::-1], axis=1)[:, ::-1]
    years = np.arange(u.shape[1])
    for limit, p in enumerate(price):
        inside = (phases.first[limit] <= years) & (years <= phases.last[limit])
        gain = gain - p * phases.spend[limit][:, None] * inside[None, :]
    return np.asarray(gain, dtype=np.float64)


def upper_bound(phases: Phases, u: FloatArray, price: FloatArray, factor: FloatArray, base: float = 1.0) -> float:
    """Return the Lagrangian bound of any ``u >= 0``, ``price >= 0`` and ``factor >= base``.

    With base 1 no plan that keeps all demands covers more in total; with base 0 every plan that covers the required
    rows lacks at least minus this of its targets, if ``factor <= 1``.
    """
    u, price = np.maximum(u, 0.0), np.maximum(price, 0.0)
    factor = np.maximum(factor, base)
    profit = phases.weights * factor - u
    chosen = np.where(required_in(phases), profit, np.maximum(profit, 0.0))
    sites = np.maximum(earnings(phases, u, price).max(axis=1, initial=0.0), 0.0)
    terms = (chosen.sum(), sites.sum(), price @ phases.room, -(factor - base) @ phases.target)
    # sums of this many terms are right to a few parts in 1e12
    return float(sum(terms) + 1e-12 * sum(abs(term) for term in terms))
