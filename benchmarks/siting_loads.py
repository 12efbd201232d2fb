"""Measure siting with loads: capacities, minimum viable loads and fixed charges, at province size and on pmedcap.

``python -m benchmarks.siting_loads FILE_OR_DIR... --model CPMEDIAN,CMCLP,VIABLE,CFIXED --seeds 3 --seconds 120 --json OUT``.
Files are a province (npz) or OR-Library pmedcap (a capacitated p-median whatever ``--model`` says). Seed 1 takes the
province as it is, the others redraw its weights. Every answer is reckoned anew from the raw data.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.coverage import environment
from benchmarks.coverage_instances import read_pmedcap, within
from benchmarks.memory import peak_mb
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.solve import CapacitatedFound, LoadLimits, solve_capacitated
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.served import Served, served_of
from planner.coverage.engine.status import FREE
from planner.units import FloatArray, IntArray

MODELS = ("CPMEDIAN", "CMCLP", "VIABLE", "CFIXED")
# capacity as a multiple of the mean load of a site; least load as a share of it
_CAPACITY, _LEAST = 1.3, 0.9


@dataclass(frozen=True, kw_only=True)
class Case:
    """An instance as the engine takes it, and as told: a maximal covering is told as covered weight, ``given`` less cost."""

    name: str
    model: str
    served: Served
    loads: Loads
    limits: LoadLimits
    given: float | None
    best_known: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One instance and seed; ``value`` and ``bound`` are minimised costs, or the covered weight where that is the model."""

    instance: str
    model: str
    n: int
    p: int
    seed: int
    value: float
    bound: float
    gap_pct: float
    best_known: float | None
    seconds: float
    cpu_seconds: float
    peak_mb: float
    proven: bool
    engine: str


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    options = _options(arguments)
    print(environment(options.seeds))
    _warm_up()
    rows = []
    for file in _files(options.paths):
        for model in options.model if file.suffix == ".npz" else ("CPMEDIAN",):
            for seed in range(1, options.seeds + 1):
                case = province(file, model, options.p, options.minutes, seed) if file.suffix == ".npz" else small(file)
                rows.append(measure(case, seed, options.seconds))
                _print(rows[-1])
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.siting_loads", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="province npz, pmedcap*.txt, or folders of them")
    parser.add_argument("--model", type=lambda text: text.split(","), default=list(MODELS), help=", ".join(MODELS))
    parser.add_argument("--minutes", type=float, default=30.0, help="the standard, for *.npz")
    parser.add_argument("--p", type=int, default=300, help="sites at most, for *.npz")
    parser.add_argument("--seconds", type=float, default=120.0, help="limit of each run in CPU seconds")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args(arguments)
    unknown = [model for model in options.model if model not in MODELS]
    if unknown:
        parser.error(f"unknown models {', '.join(unknown)}; there are {', '.join(MODELS)}")
    return options


def _files(paths: Iterable[Path]) -> list[Path]:
    found = []
    for path in paths:
        found += sorted(path.rglob("pmedcap*.txt")) if path.is_dir() else [path]
    return found


def small(file: Path) -> Case:
    """Return a pmedcap file: every point is served by a site, each site carries the same."""
    points = read_pmedcap(file)
    n = len(points.loads)
    must = float(points.costs.max(axis=1).sum()) + 1.0
    order = np.argsort(points.costs, axis=1, kind="stable")
    served = served_of(
        np.arange(n + 1, dtype=np.int64) * n,
        order.ravel().astype(np.int32),
        np.take_along_axis(points.costs, order, axis=1).ravel(),
        site_count=n,
        forgone=np.full(n, must),
        cap=np.full(n, must),
    )
    loads = Loads(
        load=points.loads,
        must=np.ones(n, dtype=np.bool_),
        capacity=np.full(n, points.capacity),
        least=np.zeros(n),
        fixed=np.zeros(n),
        price=np.zeros(n),
        status=np.full(n, FREE, dtype=np.int64),
    )
    limits = LoadLimits(count=points.count)
    return Case(
        name=points.name,
        model="CPMEDIAN",
        served=served,
        loads=loads,
        limits=limits,
        given=None,
        best_known=points.best_known,
    )


def province(file: Path, model: str, count: int, minutes: float, seed: int) -> Case:
    """Return the province under a model; seeds above 1 multiply weights by lognormal factors.

    CPMEDIAN: weight x minutes, twice the standard for a village not served. CMCLP, VIABLE: the weight not covered; a site
    carries 1.3 times the mean, or must carry 0.9 of it. CFIXED: as CPMEDIAN, no count, each site at its own fixed cost.
    """
    data = np.load(file)
    random = np.random.default_rng(seed)
    weights = data["w"].astype(np.float64)
    if seed > 1:
        weights = np.maximum(20.0, np.rint(weights * random.lognormal(0.0, 0.2, len(weights))))
    travel = within(data["xy"], minutes)
    n, mean = len(weights), float(weights.sum()) / count
    median = model in ("CPMEDIAN", "CFIXED")
    forgone = 2.0 * minutes * weights if median else weights
    served = served_of(
        travel.starts,
        travel.sites,
        weights[travel.demands] * travel.seconds / 60.0 if median else np.zeros(len(travel.sites)),
        site_count=n,
        forgone=forgone,
        cap=forgone,
    )
    fixed = np.rint(random.lognormal(0.0, 0.3, n) * 10.0 * mean) if model == "CFIXED" else np.zeros(n)
    loads = Loads(
        load=weights,
        must=np.zeros(n, dtype=np.bool_),
        capacity=np.full(n, np.inf if model == "VIABLE" else _CAPACITY * mean),
        least=np.full(n, _LEAST * mean if model == "VIABLE" else 0.0),
        fixed=fixed,
        price=np.zeros(n),
        status=np.full(n, FREE, dtype=np.int64),
    )
    limits = LoadLimits(count=n if model == "CFIXED" else count)
    return Case(
        name=f"{file.stem}_{model}{minutes:g}_p{limits.count}",
        model=model,
        served=served,
        loads=loads,
        limits=limits,
        given=None if median else float(weights.sum()),
    )


def measure(case: Case, seed: int, seconds: float) -> Row:
    """Solve, replay the answer, and return the figures."""
    wall, cpu = time.perf_counter(), time.process_time()
    effort = Effort(deadline=time.process_time() + seconds, seed=seed, clock=time.process_time)
    found = solve_capacitated(case.served, case.loads, case.limits, effort)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    value, bound = replayed(case, found), found.bound
    if case.given is not None:
        value, bound = case.given - value, case.given - bound
    return Row(
        instance=case.name,
        model=case.model,
        n=len(case.loads.load),
        p=case.limits.count,
        seed=seed,
        value=value,
        bound=bound,
        gap_pct=100.0 * abs(value - bound) / max(abs(value), 1e-9),
        best_known=case.best_known,
        seconds=wall,
        cpu_seconds=cpu,
        peak_mb=peak_mb(),
        proven=found.proven,
        engine="planner",
    )


def replayed(case: Case, found: CapacitatedFound) -> float:
    """Return the cost reckoned from the raw figures; raise AssertionError if a limit is broken or the value is another."""
    served, loads = case.served, case.loads
    assigned: IntArray = found.assigned
    some = assigned >= 0
    row_of = np.repeat(np.arange(len(assigned)), np.diff(served.row_starts))
    used = np.flatnonzero(assigned[row_of] == served.row_sites)
    cost: FloatArray = served.forgone.copy()
    cost[row_of[used]] = served.row_costs[used]
    load = np.bincount(assigned[some], loads.load[some], minlength=len(found.opened))
    faults = {
        "a row is served by a site that is not listed": len(used) != np.count_nonzero(some),
        "a row is served by a closed site": not found.opened[assigned[some]].all(),
        "a site carries too much": (load > loads.capacity * (1 + 1e-9)).any(),
        "a site carries too little": (found.opened & (load < loads.least * (1 - 1e-9))).any(),
        "too many sites": found.opened.sum() > case.limits.count,
        "too dear": loads.price[found.opened].sum() > case.limits.budget,
        "a row that must be served is not": (loads.must & ~some).any(),
    }
    value = float(cost.sum() + loads.fixed[found.opened].sum())
    faults[f"the value is {value}, not {found.value}"] = abs(value - found.value) > 1e-6 * max(1.0, value)
    broken = [fault for fault, holds in faults.items() if holds]
    if broken:
        raise AssertionError(f"{case.name}: {'; '.join(broken)}")
    return value


def _warm_up() -> None:
    """Compile the kernels on a small instance."""
    n = 40
    costs = np.hypot(*(np.random.default_rng(0).random((2, n, 1)) - np.random.default_rng(0).random((2, 1, n))))
    order = np.argsort(costs, axis=1, kind="stable")
    served = served_of(
        np.arange(n + 1, dtype=np.int64) * n,
        order.ravel().astype(np.int32),
        np.take_along_axis(costs, order, axis=1).ravel(),
        site_count=n,
        forgone=np.full(n, 2.0),
        cap=np.full(n, 2.0),
    )
    none = np.zeros(n)
    loads = Loads(np.ones(n), np.zeros(n, dtype=np.bool_), np.full(n, 9.0), none, none, none, none.astype(np.int64))
    solve_capacitated(served, loads, LoadLimits(count=5), Effort(deadline=time.monotonic() + 60))


def _print(row: Row) -> None:
    best = "" if row.best_known is None else f"  best known {row.best_known:,.0f}"
    print(
        f"{row.instance:<34} seed {row.seed} {row.value:>16,.1f} bound {row.bound:>16,.1f} gap {row.gap_pct:8.4f} %"
        f" {row.seconds:8.2f} s {row.cpu_seconds:8.2f} CPU-s {row.peak_mb:6.0f} MB{best}",
        flush=True,
    )


if __name__ == "__main__":
    main()
