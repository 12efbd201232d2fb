"""Several searches of one problem side by side, which hand on the best that any of them has found.

Each runs in a thread of its own; compiled kernels hold no interpreter lock. They wait for each other at fixed shares of
their budgets, so that what they exchange does not depend on the clock or on the cores there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

from planner.model.cores import cores
from planner.routing.engines.task import Limits
from planner.routing.timing import FleetSteps, VehicleSteps

_EPSILON = 0.005
"""Yuan; by less than this engines that count in parts of different size may differ about the same routes."""
EXCHANGE_AT = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of the budgets at which the best is handed on."""
SEEDS_APART = 1_000_003
"""Between the seeds of two searches of one plan: further than seeds that people choose one after the other."""
_USUAL_THREADS = 2


class Found(NamedTuple):
    """What a search ended with, and the engine and seed of the search that found it."""

    engine: str
    seed: int
    routes: FleetSteps
    found_by: tuple[str, int]


class Chain(Protocol):
    """A search that can be stopped at a share of its budget, and go on from what another one found."""

    engine: str
    seed: int

    def run_to(self, share: float) -> None:
        """Search until this share of the budget is spent."""

    def cost(self) -> float:
        """Return what the best routes cost the search in yuan, with the price of stops left out."""

    def adopt(self, other: Chain) -> None:
        """Go on from the best routes of another search of the same problem, of this engine or another."""

    def routes(self) -> list[VehicleSteps]:
        """Return the best routes."""


def seeds_of(seed: int, threads: int) -> list[int]:
    """Return the seeds of so many searches, that of the first is given."""
    return [seed + SEEDS_APART * k for k in range(threads)]


def threads_for(limits: Limits, threads: int | None) -> int:
    """Return how many searches run side by side; what ends by iterations must not depend on the machine."""
    if threads is not None:
        return threads
    return _USUAL_THREADS if limits.cpu_seconds is None else min(_USUAL_THREADS, cores())


def search_side_by_side(chains: Sequence[Chain]) -> list[Found]:
    """Run all searches to the end of their budgets and return what each has found."""
    finders = run_side_by_side(chains)
    return [
        Found(chain.engine, chain.seed, chain.routes(), (finder.engine, finder.seed))
        for chain, finder in zip(chains, finders, strict=True)
    ]


def run_side_by_side(chains: Sequence[Chain], exchange_at: Sequence[float] = EXCHANGE_AT) -> list[Chain]:
    """Run all searches to the end of their budgets, exchanging the best at these shares; return who found what each has."""
    if len(chains) == 1:
        chains[0].run_to(1.0)
        return list(chains)
    finders, costs = list(chains), [math.inf] * len(chains)
    with ThreadPoolExecutor(len(chains)) as pool:
        for share in (*exchange_at, 1.0):
            for running in [pool.submit(chain.run_to, share) for chain in chains]:
                running.result()
            for k, chain in enumerate(chains):
                if chain.cost() < costs[k] - _EPSILON:
                    finders[k], costs[k] = chain, chain.cost()
            first = min(range(len(chains)), key=lambda k: costs[k])
            for k, chain in enumerate(chains):
                if share < 1.0 and costs[k] > costs[first] + _EPSILON:
                    chain.adopt(chains[first])
                    if chain.cost() < costs[k]:
                        finders[k], costs[k] = finders[first], chain.cost()
    return finders
