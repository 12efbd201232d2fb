"""Instances, replay and printing for siting with yearly budgets: what `siting_budget` and `siting_phases` share."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.memory import peak_mb
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.solve import plan_each_year_alone, plan_years
from planner.coverage.engine.multi_year.world import PhasedCover, PhasedPlan
from planner.coverage.engine.status import FREE
from planner.units import FloatArray, IntArray

# a province's travel: straight line x 1.35 at 40 km/h
_MINUTES_PER_KM = 1.35 / 40 * 60
_BUDGET_SHARE = 0.30  # of what covering all rows costs by the greedy choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engine on one instance; ``bound`` and ``gap_pct`` are empty where an engine proves nothing."""

    instance: str
    model: str
    n: int
    p: int | None
    value: float | None
    bound: float | None
    gap_pct: float | None
    best_known: float | None
    seconds: float
    cpu_seconds: float
    proven: bool
    engine: str
    peak_mb: float
    shortfall: float = 0.0
    least_shortfall: float = 0.0


def province_world(file: Path, minutes: float, *, years: int, costs: str, seed: int) -> PhasedCover:
    """Return the province with a budget that is equal in all years.

    Lognormal site costs come from the seed; with equal costs the seed deals the weights out among the villages anew.
    """
    data = np.load(file)
    points, weights = data["xy"], data["w"].astype(np.float64)
    tree, n, random = cKDTree(points), len(points), np.random.default_rng(seed)
    pairs = tree.query_pairs(minutes / _MINUTES_PER_KM, output_type="ndarray")
    row = np.concatenate([pairs[:, 0], pairs[:, 1], np.arange(n)])
    column = np.concatenate([pairs[:, 1], pairs[:, 0], np.arange(n)])
    covers = csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=(n, n))
    cost = random.lognormal(0.0, 0.5, n) if costs == "lognormal" else np.ones(n)
    if costs == "equal":
        weights = random.permutation(weights)
    budget = _BUDGET_SHARE * cost_of_covering_all(covers, cost)
    return PhasedCover(
        covers=covers,
        weights=weights,
        cost=cost,
        budget=np.full(years, budget / years),
        status=np.full(n, FREE, dtype=np.int64),
    )


def cost_of_covering_all(covers: csr_array, cost: FloatArray) -> float:
    """Return what the greedy choice by newly covered rows a unit of cost spends until all rows are covered."""
    turned, open_rows = covers.T.tocsr(), np.ones(covers.shape[0])
    fresh, total = np.asarray(turned @ open_rows), 0.0
    while open_rows.any():
        j = int(np.argmax(fresh / cost))
        total += float(cost[j])
        rows = turned.indices[turned.indptr[j] : turned.indptr[j + 1]]
        rows = rows[open_rows[rows] > 0]
        open_rows[rows] = 0.0
        fresh -= np.bincount(covers[rows].indices, minlength=len(cost))
    return total


def replay(world: PhasedCover, opens: IntArray) -> FloatArray:
    """Return the covered weight of each year, counted from the raw pairs.

    Raises
    ------
    SystemExit
        If the plan spends more than a year's budget.
    """
    years, covered = len(world.budget), np.zeros(len(world.budget))
    for year in range(years):
        spent = world.cost[opens == year].sum()
        if spent > world.budget[year] * (1 + 1e-9):
            sys.exit(f"year {year}: {spent} spent of {world.budget[year]}")
        pair_open = opens[world.covers.indices] <= year
        hits = np.add.reduceat(pair_open, world.covers.indptr[:-1])  # no row is empty: each village covers itself
        covered[year] = world.weights[hits > 0].sum()
    return covered


def measure(
    name: str, model: str, world: PhasedCover, engine: str, run: Callable[[], PhasedPlan]
) -> tuple[Row, PhasedPlan]:
    """Run an engine, replay its plan, print and return the row."""
    wall, cpu = time.perf_counter(), time.process_time()
    plan = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    covered = replay(world, plan.opens)
    if not np.allclose(covered, plan.covered, rtol=1e-12):
        sys.exit(f"{name}: the plan says {plan.covered}, its sites cover {covered}")
    value, bounded = float(covered.sum()), bool(np.isfinite(plan.bound))
    short = 0.0 if world.target is None else float(np.maximum(0.0, world.target - covered).sum())
    row = Row(
        instance=name,
        model=model,
        n=world.covers.shape[0],
        p=int(np.count_nonzero(plan.opens < len(world.budget))),
        value=value,
        bound=float(plan.bound) if bounded else None,
        gap_pct=100 * (plan.bound / value - 1) if bounded and value else None,
        best_known=None,
        seconds=wall,
        cpu_seconds=cpu,
        proven=plan.proven,
        engine=engine,
        peak_mb=peak_mb(),
        shortfall=short,
        least_shortfall=plan.least_shortfall,
    )
    gap = "-" if row.gap_pct is None else f"{row.gap_pct:.4f} %"
    lack = f"  lacks {short:,.0f} (at least {plan.least_shortfall:,.0f})" if short else ""
    print(
        f"{name:<34} {engine:<8} {value:>14,.0f} gap {gap:>10} {wall:7.1f} s {cpu:7.1f} CPU-s {row.peak_mb:5.0f} MB{lack}",
        flush=True,
    )
    return row, plan


def warm_up() -> None:
    """Compile the kernels on a small problem whose target is out of reach, which takes every step."""
    random = np.random.default_rng(0)
    points = random.random((80, 2))
    near = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) < 0.15
    world = PhasedCover(
        covers=csr_array(near.astype(np.int32)),
        weights=np.ones(80),
        cost=random.lognormal(0, 0.5, 80),
        budget=np.full(2, 4.0),
        status=np.full(80, FREE, dtype=np.int64),
        target=np.array([0.0, 90.0]),
    )
    plan_each_year_alone(world, Effort(deadline=time.monotonic() + 60, rounds=2))
    plan_years(world, Effort(deadline=time.monotonic() + 60, rounds=2))


def finish(rows: list[Row], file: Path | None) -> None:
    """Print versions and the peak memory; write the rows as JSON if asked."""
    packages = ("numpy", "scipy", "numba", "ortools")
    print(f"Python {sys.version.split()[0]}, " + ", ".join(f"{p} {metadata.version(p)}" for p in packages))
    if file:
        file.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
