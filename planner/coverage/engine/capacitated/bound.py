"""Around the dual of siting with loads: pairs that can serve at all, the bound in plain code, pairs still possible."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.capacitated.dual import Climb, choose
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served, served_of
from planner.coverage.engine.status import CLOSED, FREE, OPEN
from planner.units import BoolArray, FloatArray

# steps of the recursion over all sites, beyond which knapsacks stay fractional
_QUICK = 3_000_000
_FIGURES = ("load", "capacity", "least", "fixed", "price")


def prepared(served: Served, loads: Loads) -> tuple[Served, Loads, float]:
    """Return the pairs that can serve, the loads with hopeless sites closed, and the value that every answer is below.

    A row that must be served costs, forgone, more than that; a site is hopeless if its rows fall short of its least load.
    """
    rows = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))
    status = loads.status.copy()
    takes = (loads.load[rows] <= loads.capacity[served.row_sites]) & (status[served.row_sites] != CLOSED)
    within = np.bincount(served.row_sites[takes], loads.load[rows[takes]], minlength=len(status))
    status[(status == FREE) & ((within < loads.least * (1 - 1e-12)) | (loads.least > loads.capacity))] = CLOSED
    takes &= status[served.row_sites] != CLOSED
    if not loads.least.any():
        takes &= (served.row_costs < served.forgone[rows]) | loads.must[rows]
    dearest = np.zeros(len(loads.load))
    np.maximum.at(dearest, rows[takes], served.row_costs[takes])
    most = np.where(loads.must, dearest, np.maximum(dearest, served.forgone))
    highest = float(most.sum() + loads.fixed[status != CLOSED].sum())
    beyond = highest + 1e-6 * max(1.0, highest)
    forgone = np.where(loads.must, 2.0 * beyond + 1.0, served.forgone)
    everything = np.full(len(forgone), np.inf)
    kept = served_of(
        np.concatenate([[0], np.cumsum(takes)])[served.row_starts],
        served.row_sites[takes],
        served.row_costs[takes],
        site_count=len(status),
        forgone=everything,
        cap=everything,
    )
    cap = np.where(loads.must, forgone, np.minimum(served.cap, served.forgone))
    # one layout, so that kernels are compiled once
    plain = {name: np.array(getattr(loads, name), dtype=np.float64, order="C") for name in _FIGURES}
    loads = Loads(must=np.array(loads.must, dtype=np.bool_), status=status.astype(np.int64), **plain)
    return kept._replace(forgone=forgone, cap=cap), loads, beyond


def site_costs(served: Served, loads: Loads, u: FloatArray, price: FloatArray) -> FloatArray:
    """Return what each open site costs at least, by the multipliers of rows and the prices of load, whatever they are.

    ``fixed_j + sum_i min(0, c_ij - u_i + price_j load_i) - price_j capacity_j`` (``least_j`` for a negative price).
    """
    rows = np.repeat(np.arange(len(u)), np.diff(served.row_starts))
    each = np.minimum(0.0, served.row_costs - u[rows] + price[served.row_sites] * loads.load[rows])
    site = loads.fixed + np.bincount(served.row_sites, each, minlength=len(price))
    tight, low = price > 0, price < 0
    site[tight] -= price[tight] * loads.capacity[tight]
    site[low] -= price[low] * loads.least[low]
    return np.asarray(site, dtype=np.float64)


def whole_site_costs(served: Served, loads: Loads, u: FloatArray) -> FloatArray:
    """Return what each open site costs at least if it takes whole rows, of integer loads, up to its capacity."""
    site = loads.fixed.copy()
    for j in range(len(site)):
        part = slice(served.column_starts[j], served.column_starts[j + 1])
        rows = served.column_rows[part]
        gain = u[rows] - served.column_costs[part]
        weight = loads.load[rows].astype(np.int64)
        capacity = int(min(loads.capacity[j], weight.sum()))
        best = np.zeros(capacity + 1)
        for k in np.flatnonzero((gain > 0) & (weight <= capacity)):
            best[weight[k] :] = np.maximum(best[weight[k] :], best[: capacity + 1 - weight[k]] + gain[k])
        site[j] -= best[capacity]
    return site


def greatest_whole(served: Served, loads: Loads) -> int:
    """Return the greatest capacity if knapsacks of whole rows are quick: integers, and few steps in all; else -1."""
    limits = loads.capacity[np.isfinite(loads.capacity)]
    capacity = int(limits.max()) if len(limits) else -1
    whole = np.array_equal(loads.load, np.rint(loads.load))
    return capacity if whole and capacity >= 0 and capacity * len(served.row_sites) <= _QUICK else -1


def bound_of(
    served: Served, loads: Loads, limits: tuple[int, float], u: FloatArray, site: FloatArray, multiplier: float
) -> float:
    """Return the bound: ``sum u + the least site costs that count and budget allow``, the budget priced.

    ``limits`` are (count, budget), ``site`` what each open site costs at least at these ``u`` (at most ``cap``).
    """
    count, budget = limits
    paid = max(0.0, multiplier) if np.isfinite(budget) else 0.0
    priced = site + paid * loads.price
    opened = loads.status == OPEN
    free = np.sort(np.minimum(priced[loads.status == FREE], 0.0))[: max(0, count - int(opened.sum()))]
    total = float(u.sum() + priced[opened].sum() + free.sum() - (paid * budget if paid else 0.0))
    return total - 1e-12 * float(np.abs(u).sum() + np.abs(priced[priced < 0]).sum())


def possible_pairs(served: Served, loads: Loads, room: int, state: Climb, slack: tuple[float, FloatArray]) -> BoolArray:
    """Return which pairs an answer better than the best can use: those whose reduced costs stay within the gap.

    ``room`` is how many free sites may open; ``slack`` holds the gap and the sites' costs by `site_costs`.
    """
    gap, linear = slack
    alive = np.asarray(loads.status[served.row_sites] != CLOSED, dtype=np.bool_)
    if not np.isfinite(gap):
        return alive
    multiplier = max(0.0, float(state.multiplier[0]))
    cost = state.reduced + multiplier * loads.price
    share = np.empty(len(cost))
    last = choose(loads, cost, room, np.inf, share)[2]
    instead = np.where(share > 0, cost, min(last, 0.0))
    rows = np.repeat(np.arange(len(state.u)), np.diff(served.row_starts))
    sites = served.row_sites
    serving = np.maximum(0.0, served.row_costs - state.u[rows] + state.price[sites] * loads.load[rows])
    # a site that serves this row costs at least its knapsack, and at least its linear cost and what the row adds to it
    least = np.maximum(cost[sites], (linear + multiplier * loads.price)[sites] + serving)
    return np.asarray(alive & (least - instead[sites] <= max(gap, 0.0)), dtype=np.bool_)
