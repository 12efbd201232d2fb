"""Sites with loads: each row served by one open site or forgone, within capacities and least loads, with a proven bound.

Minimise the cost of served rows + what forgone rows cost + fixed costs of open sites, with at most ``count`` sites within
a budget, each row at one site (single source). Capacitated p-median, capacitated maximal covering, fixed charge and
minimum viable load are this one model. Dual ascent and annealing first; then parts of the plan are solved exactly with
the rest held (Stefanello, de Araujo & Mueller 2015), and what reduced costs leave open is solved whole if it is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.search import CapacitatedSearch
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import CLOSED, OPEN
from planner.units import BoolArray, IntArray


class Outcome(StrEnum):
    """Whether there is an answer: ``INFEASIBLE`` is proven, ``NOT_FOUND`` is not."""

    FOUND = "found"
    INFEASIBLE = "infeasible"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadLimits:
    """At most ``count`` sites open, and their prices add up to at most ``budget``."""

    count: int
    budget: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacitatedFound:
    """Open sites (sites,), the site of each row (rows,; -1: forgone), their cost and the proven lower bound.

    Without an answer nothing is open, the value is infinite, and ``outcome`` says whether none can exist.
    """

    opened: BoolArray
    assigned: IntArray
    value: float
    bound: float
    outcome: Outcome

    @property
    def proven(self) -> bool:
        """Whether bound and value meet, or no answer exists."""
        if self.outcome is not Outcome.FOUND:
            return self.outcome is Outcome.INFEASIBLE
        return self.bound >= self.value - 1e-9 * max(1.0, abs(self.value))


def solve_capacitated(served: Served, loads: Loads, limits: LoadLimits, effort: Effort) -> CapacitatedFound:
    """Return the best sites and assignment found, with a bound; no nodes in the effort: without integer programmes.

    Pairs of ``served`` must keep costs at or above ``forgone`` where a least load could want them. Lists that are cut
    (``cap`` below ``forgone``) allow no least loads, for a row beyond its list might fill a site.

    Raises
    ------
    ValueError
        If an array has the wrong length, a figure is negative or not a number, or cut lists meet least loads.
    """
    _check(served, loads, limits)
    search = CapacitatedSearch(served, loads, limits.count, limits.budget, effort)
    if not _hopeless(search.loads, limits, served):
        search.run()
    elif np.isfinite(search.value):
        raise AssertionError("an answer to a hopeless problem")
    else:
        search.dual.bound = np.inf
    if np.isfinite(search.value):
        return CapacitatedFound(
            opened=search.opened,
            assigned=search.site_of.astype(np.int64),
            value=search.value,
            bound=min(search.dual.bound, search.value),
            outcome=Outcome.FOUND,
        )
    impossible = search.dual.bound >= search.dual.beyond
    return CapacitatedFound(
        opened=np.zeros(len(loads.status), dtype=np.bool_),
        assigned=np.full(len(loads.load), -1, dtype=np.int64),
        value=np.inf,
        bound=np.inf if impossible else search.dual.bound,
        outcome=Outcome.INFEASIBLE if impossible else Outcome.NOT_FOUND,
    )


def _hopeless(loads: Loads, limits: LoadLimits, served: Served) -> bool:
    """Return whether the open sites alone break a limit, or a row that must be served has no site that can take it."""
    opened = loads.status == OPEN
    over = opened.sum() > limits.count or loads.price[opened].sum() > limits.budget
    rows = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))
    takes = (loads.load[rows] <= loads.capacity[served.row_sites]) & (loads.status[served.row_sites] != CLOSED)
    reached = np.bincount(rows[takes], minlength=len(loads.load)) > 0
    within = np.bincount(served.row_sites[takes], loads.load[rows[takes]], minlength=len(opened))
    short = opened & (within < loads.least * (1 - 1e-12))
    return bool(over or (loads.must & ~reached).any() or short.any() or (opened & (loads.least > loads.capacity)).any())


def _check(served: Served, loads: Loads, limits: LoadLimits) -> None:
    rows, sites = len(served.forgone), len(served.column_starts) - 1
    faults = [
        f"{name} has {len(array)} entries, expected {size}"
        for names, size in ((("load", "must"), rows), (("capacity", "least", "fixed", "price", "status"), sites))
        for name in names
        if len(array := getattr(loads, name)) != size
    ]
    for name in ("load", "capacity", "least", "fixed", "price"):
        array = getattr(loads, name)
        wrong = np.flatnonzero(~(array >= 0) | ((name != "capacity") & np.isinf(array)))
        if len(wrong):
            faults.append(
                f"{name} must be finite and not negative, see places {', '.join(map(str, wrong[:10]))} ({len(wrong)})"
            )
    if limits.count < 0 or not limits.budget >= 0:
        faults.append("count and budget must not be negative")
    if len(loads.least) == sites and loads.least.any() and (served.cap < served.forgone).any():
        faults.append("least loads need whole lists: cap must not be below forgone")
    if faults:
        raise ValueError("; ".join(faults))
