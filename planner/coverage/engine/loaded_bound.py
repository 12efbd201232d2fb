"""Before and after the dual of siting with loads: pairs that can serve at all, the bound in plain code, pairs still possible."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.dual_kernels import CLOSED, FREE, OPEN
from planner.coverage.engine.loaded_dual import Climb, Loads, choose
from planner.coverage.engine.served import Served, served_of
from planner.units import BoolArray, FloatArray


def prepared(served: Served, loads: Loads) -> tuple[Served, Loads, float]:
    """Return the pairs that can serve, the loads with hopeless sites closed, and the value that every answer is below.

    A row that must be served costs, forgone, more than that value; a site is hopeless if its rows do not make its least load.
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
    return kept._replace(forgone=forgone, cap=cap), loads._replace(status=status), beyond


def bound_of(
    served: Served, loads: Loads, count: int, budget: float, u: FloatArray, price: FloatArray, multiplier: float
) -> float:
    """Return the bound that multipliers of rows, sites' prices of load and the budget's multiplier prove, whatever they are.

    ``sum u + sum over the best sites of (fixed_j + multiplier x price_j + sum_i min(0, c_ij - u_i + price_j load_i)
    - price_j capacity_j or least_j) - multiplier x budget``; ``u`` is cut to ``cap``, the multiplier to 0 or more.
    """
    u, multiplier = np.minimum(u, served.cap), max(0.0, multiplier)
    rows = np.repeat(np.arange(len(u)), np.diff(served.row_starts))
    each = np.minimum(0.0, served.row_costs - u[rows] + price[served.row_sites] * loads.load[rows])
    site = loads.fixed + np.bincount(served.row_sites, each, minlength=len(price))
    tight, low = price > 0, price < 0
    site[tight] -= price[tight] * loads.capacity[tight]
    site[low] -= price[low] * loads.least[low]
    paid = multiplier if np.isfinite(budget) else 0.0
    site += paid * loads.price
    opened = loads.status == OPEN
    free = np.sort(np.minimum(site[loads.status == FREE], 0.0))[: max(0, count - int(opened.sum()))]
    total = float(u.sum() + site[opened].sum() + free.sum() - (paid * budget if paid else 0.0))
    return total - 1e-12 * float(np.abs(u).sum() + np.abs(site).sum())


def possible_pairs(served: Served, loads: Loads, room: int, state: Climb, slack: float) -> BoolArray:
    """Return which pairs an answer better than the best can use: those whose reduced costs stay within ``slack``.

    ``room`` is how many free sites may open.
    """
    alive = np.asarray(loads.status[served.row_sites] != CLOSED, dtype=np.bool_)
    if not np.isfinite(slack):
        return alive
    cost = state.reduced + max(0.0, float(state.control[6])) * loads.price
    share = np.empty(len(cost))
    last = choose(loads, cost, room, np.inf, share)[2]
    opening = np.where(loads.status == OPEN, 0.0, np.maximum(0.0, np.where(share > 0, 0.0, cost - min(last, 0.0))))
    rows = np.repeat(np.arange(len(state.u)), np.diff(served.row_starts))
    sites = served.row_sites
    serving = np.maximum(0.0, served.row_costs - state.u[rows] + state.price[sites] * loads.load[rows])
    return alive & (opening[sites] + serving <= slack)
