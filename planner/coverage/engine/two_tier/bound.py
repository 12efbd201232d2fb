"""The bound of `two_tier.dual` once more in plain arrays, from the prices alone: what an answer is proven by."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.status import FREE, OPEN, StatusArray
from planner.coverage.engine.two_tier.dual import Prices, Tiers
from planner.units import FloatArray


def proved_bound(tiers: Tiers, prices: Prices) -> float:
    """Return the most weight that any choice can cover, proven by these prices; whole if all weights are."""
    total, worth = rows_and_worths(tiers, prices)
    total += knapsack(worth, tiers.point_cost, tiers.point_status, tiers.point_limit)
    if len(tiers.room):
        total += knapsack(
            _station_worths(tiers, np.maximum(0.0, prices.v)),
            tiers.station_cost,
            tiers.station_status,
            tiers.station_limit,
        )
    total += 1e-9 * max(1.0, abs(total))
    return float(np.floor(total)) if np.array_equal(tiers.weight, np.rint(tiers.weight)) else total


def rows_and_worths(tiers: Tiers, prices: Prices) -> tuple[float, FloatArray]:
    """Return what the rows keep at these prices, and what each point earns (points,), less the price of its link."""
    rows = np.repeat(np.arange(len(tiers.need)), np.diff(tiers.row_starts))
    pair = np.maximum(0.0, prices.u[rows] + prices.extra)
    order = np.lexsort((pair, rows))
    rank = np.arange(len(rows)) - tiers.row_starts[rows]
    cheap = order[rank < tiers.need[rows]]
    gain = tiers.weight - np.bincount(rows[cheap], pair[cheap], len(tiers.need))
    worth: FloatArray = np.bincount(tiers.row_points, pair, len(prices.v)).astype(np.float64)
    if len(tiers.room):
        worth = worth - np.maximum(0.0, prices.v)
    return float(np.where(tiers.must, gain, np.maximum(0.0, gain)).sum()), worth


def _station_worths(tiers: Tiers, v: FloatArray) -> FloatArray:
    """Return what each station's dearest points, as many as it has room for, are worth."""
    stations = np.repeat(np.arange(len(tiers.room)), np.diff(tiers.station_starts))
    price = v[tiers.station_points]
    order = np.lexsort((-price, stations))
    rank = np.arange(len(stations)) - tiers.station_starts[stations]
    taken = order[rank < tiers.room[stations]]
    return np.bincount(stations[taken], price[taken], len(tiers.room)).astype(np.float64)


def knapsack(worth: FloatArray, costs: FloatArray, status: StatusArray, limit: float) -> float:
    """Return the worth of the best choice with fractions: what is fixed open, then the best rates within the limit."""
    fixed = status == OPEN
    total, left = float(worth[fixed].sum()), limit - float(costs[fixed].sum())
    items = np.flatnonzero((status == FREE) & (worth > 0))
    gratis = items[costs[items] <= 0]
    total += float(worth[gratis].sum())
    items = items[costs[items] > 0]
    items = items[np.argsort(-worth[items] / costs[items], kind="stable")]
    before = np.concatenate([[0.0], np.cumsum(costs[items])])[:-1]
    part = np.clip((max(0.0, left) - before) / costs[items], 0.0, 1.0)
    return total + float(part @ worth[items])
