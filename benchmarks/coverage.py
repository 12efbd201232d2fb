"""Measure siting on published instances, with peers in the same run.

``python -m benchmarks.coverage FILE_OR_DIR... --peers spopt,highs --json OUT``. A small problem of each model is solved
first, so that compiling is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np

from benchmarks.coverage_instances import Instance, read_instances
from benchmarks.coverage_peers import PEERS, PeerMissingError
from benchmarks.memory import peak_mb
from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.engine.median.search import Effort
from planner.coverage.large import propose_at_large
from planner.coverage.large_rules import propose_loaded
from planner.coverage.problem import CoverageProblem
from planner.coverage.rules import AssignmentRule, SitingRules
from planner.coverage.solve import solve_coverage


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


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    options = _options(arguments)
    print(environment(options.seed))
    model = Objective(options.model)
    instances = read_instances(options.paths, model=model, counts=tuple(options.p), minutes=options.minutes)
    _warm_up(dict.fromkeys((i.problem.objective, i.problem.rules.has_loads) for i in instances))
    rows = []
    for instance in instances:
        engines: list[tuple[str, Callable[[], tuple[float | None, float | None]]]] = [
            ("planner", lambda i=instance: _planner(i, options.seconds, options.seed))  # type: ignore[misc]
        ]
        engines += [(name, lambda i=instance, n=name: PEERS[n](i, options.seconds)) for name in options.peers]  # type: ignore[misc]
        for name, run in engines:
            try:
                rows.append(_measure(instance, name, run))
            except PeerMissingError as missing:
                print(f"{instance.name:<28} {name:<10} {missing}")
                continue
            _print(rows[-1])
    _summary(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.coverage", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="pmed*, pmedcap*, *.tsp, *.npz, or folders of them")
    parser.add_argument(
        "--model", default="PMEDIAN", choices=[o.value for o in Objective], help="for *.npz; pmed*: PCENTER or p-median"
    )
    parser.add_argument("--minutes", type=float, default=20.0, help="the standard, for *.npz")
    parser.add_argument("--p", type=lambda text: [int(x) for x in text.split(",")], default=[], help="for *.tsp, *.npz")
    parser.add_argument("--peers", type=lambda text: [x for x in text.split(",") if x], default=[])
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of each engine on each instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.peers if name not in PEERS]
    if unknown:
        parser.error(f"unknown peers {', '.join(unknown)}; there are {', '.join(PEERS)}")
    return options


def environment(seed: int) -> str:
    """Return the versions of what a run depends on."""
    versions = {}
    for package in ("numpy", "scipy", "numba", "ortools", "spopt", "pulp"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Python {sys.version.split()[0]}, {listed}; seed {seed}"


def _planner(instance: Instance, seconds: float, seed: int) -> tuple[float | None, float | None]:
    solution = solve_coverage(instance.problem, time_limit_s=seconds, seed=seed)
    return solution.value, solution.bound


def _warm_up(models: Iterable[tuple[Objective, bool]]) -> None:
    """Compile the kernels on a small problem of each of these models, with capacities or without."""
    random = np.random.default_rng(0)
    for model, loaded in models:
        # distances of no plane leave a gap, so that branch and bound is compiled, too
        table = np.round(random.random((60, 60)), 2)
        pairs = SparseDurations.of_dense(np.where(table < 0.4, table, np.inf))
        none, ones = np.zeros(60, dtype=np.bool_), np.ones(60)
        full = SitingRules(load=ones, capacity=8 * ones, assignment=AssignmentRule.FREE)
        problem = CoverageProblem(
            objective=model,
            demand_ids=tuple(map(str, range(60))),
            site_ids=tuple(map(str, range(60))),
            durations_s=pairs,
            standard_s=0.15,
            weights=random.random(60),
            population=ones,
            households=ones,
            registered_poor=none,
            mandatory=none,
            opening_cost_yuan=ones,
            existing=none,
            forbidden=none,
            count=None if model is Objective.LSCP else 9,
            rules=full if loaded else SitingRules(),
        )
        if loaded:
            propose_loaded(problem, Effort(deadline=time.monotonic() + 600.0))
        else:
            propose_at_large(problem, 60.0)


def _measure(instance: Instance, name: str, run: Callable[[], tuple[float | None, float | None]]) -> Row:
    wall, cpu = time.perf_counter(), _cpu_seconds()
    value, bound = run()
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    problem = instance.problem
    gap = None if value is None or bound is None else 100 * abs(value - bound) / max(abs(value), 1e-9)
    return Row(
        instance=instance.name,
        model=problem.objective.value,
        n=len(problem.demand_ids),
        p=problem.count,
        value=None if value is None else value * instance.scale,
        bound=None if bound is None else bound * instance.scale,
        gap_pct=gap,
        best_known=instance.best_known,
        seconds=wall,
        cpu_seconds=cpu,
        proven=gap is not None and gap < 1e-6,
        engine=name,
    )


def _cpu_seconds() -> float:
    """Return the processor time of this process and of those that it started (CBC is one) and that have ended."""
    return time.process_time() + sum(os.times()[2:4])


def _print(row: Row) -> None:
    def figure(x: float | None) -> str:
        return "-" if x is None else f"{x:,.2f}"

    gap = "-" if row.gap_pct is None else f"{row.gap_pct:.4f} %"
    best = "" if row.best_known is None else f"  best known {figure(row.best_known)}"
    print(
        f"{row.instance:<28} {row.engine:<8} {figure(row.value):>16} bound {figure(row.bound):>16} gap {gap:>10}"
        f" {row.seconds:8.3f} s {row.cpu_seconds:8.3f} CPU-s{best}",
        flush=True,
    )


def _summary(rows: list[Row]) -> None:
    for engine in dict.fromkeys(row.engine for row in rows):
        seconds = [row.seconds for row in rows if row.engine == engine]
        proven = sum(row.proven for row in rows if row.engine == engine)
        median, longest = statistics.median(seconds), max(seconds)
        print(f"{engine}: {proven} of {len(seconds)} proven, median {median:.3f} s, max {longest:.3f} s")
    print(f"peak memory {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
