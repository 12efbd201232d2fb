"""Measure the routing engines on published instances, side by side with their peers.

``python -m benchmarks.routing FILE_OR_DIR... --cpu-seconds 10 --seeds 3 --peers pyvrp,ortools,vroom --best FILE --json OUT``

Every plan is replayed by `planner.routing.check`. Each solver gets the same CPU seconds on one core, ``auto`` on each of its
threads; ``cpu_s`` are those of the process. Compilation is measured apart, with ``--warm-up`` from an empty cache and with
what is then kept. Instances that a solver cannot model, and peers that are not installed, are listed and not left out in
silence.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.routing_formats import Instance, read_best_known, read_instance
from benchmarks.routing_peers import PACKAGES, peer_version, solve_with_peer
from planner.errors import PlannerError
from planner.routing.check import check
from planner.routing.engines.registry import ENGINES
from planner.routing.solution import RoutePlan
from planner.routing.solve import plan_of, solve_routing

COMPILED = ("ruin_recreate", "auto")
_FIRST_RUN = """
import json, sys, time
from pathlib import Path
from benchmarks.routing_formats import read_instance
from planner.routing.solve import solve_routing
problem = read_instance(Path(sys.argv[1]), json.loads(sys.argv[2])).problem
began = time.process_time()
solve_routing(problem, iterations=1, seed=1, engine="auto")
print(time.process_time() - began)
"""
Row = dict[str, Any]
BestKnown = dict[str, dict[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return 0, or 1 if any plan broke a rule."""
    options = _parser().parse_args(arguments)
    best_known = read_best_known(options.best) if options.best else {}
    peers = [peer for peer in options.peers.split(",") if peer]
    engines = [engine for engine in options.engines.split(",") if engine]
    _say_versions(peers)
    rows: list[Row] = []
    for path in _files(options.paths):
        try:
            instance = read_instance(path, best_known)
        except PlannerError as error:
            print(f"left out: {error}")
            continue
        if not rows and (ours := [engine for engine in engines if engine in COMPILED]):
            _warm_up(path, best_known, instance, ours[0], options.warm_up)
        for seed in range(1, options.seeds + 1):
            for engine in [*engines, *peers]:
                row = _measure(instance, engine, engine in peers, options, seed, best_known)
                rows.append(row)
                print(_line(row), flush=True)
    _summary(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return int(any(row["violations"] for row in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routing", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_DIR")
    parser.add_argument("--cpu-seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1 to this one")
    parser.add_argument("--engines", default=COMPILED[0], help=f"ours, of {', '.join(ENGINES)}, comma-separated")
    parser.add_argument("--threads", type=int, help="of the engine auto; two where the machine has them if left out")
    parser.add_argument(
        "--warm-up", action="store_true", help="measure the first run with nothing compiled, and the next"
    )
    parser.add_argument("--peers", default="", help=f"of {', '.join(PACKAGES)}, comma-separated")
    parser.add_argument("--best", type=Path, help="best known values (JSON)")
    parser.add_argument("--json", type=Path, help="where the rows go")
    return parser


def _files(paths: Iterable[Path]) -> list[Path]:
    return [file for path in paths for file in (_files(sorted(path.iterdir())) if path.is_dir() else [path])]


def _say_versions(peers: Sequence[str]) -> None:
    print(f"python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}")
    for peer in peers:
        print(f"{peer}: {peer_version(peer) or 'not installed'}")


def _warm_up(path: Path, best_known: BestKnown, instance: Instance, engine: str, from_nothing: bool) -> None:
    """Have the kernels compiled or loaded, and say what it takes; ``from_nothing`` in new processes as well."""
    if from_nothing:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", _FIRST_RUN, str(path), json.dumps(best_known)]
            for name in ("with nothing compiled", "with what the run before compiled"):
                done = subprocess.run(
                    command, env=os.environ | {"NUMBA_CACHE_DIR": folder}, check=True, capture_output=True, text=True
                )
                print(f"first run of a process {name}: {float(done.stdout):.1f} CPU-s")
    began = time.process_time()
    solve_routing(instance.problem, iterations=1, seed=1, engine=engine)
    print(f"warm-up (compiled or loaded): {time.process_time() - began:.1f} CPU-s")


def _measure(
    instance: Instance,
    engine: str,
    is_peer: bool,
    options: argparse.Namespace,
    seed: int,
    best_known: BestKnown,
) -> Row:
    """Return one row; ``note`` says why there is no cost."""
    row: Row = {"instance": instance.name, "kind": instance.kind, "engine": engine, "seed": seed}
    row |= {"cost": None, "vehicles": None, "best_known": None, "gap_pct": None, "violations": 0}
    best = best_known.get(instance.name)
    row["best_known"] = best["cost"] if best else None
    began = time.process_time()
    try:
        if is_peer:
            routes = solve_with_peer(engine, instance, cpu_seconds=options.cpu_seconds, seed=seed)
            row["cpu_s"] = round(time.process_time() - began, 2)
            plan = plan_of(instance.problem, routes, engine=engine, seed=seed)
        else:
            threads = options.threads if engine == "auto" else None
            plan = solve_routing(
                instance.problem, cpu_seconds=options.cpu_seconds, seed=seed, engine=engine, threads=threads
            )
            row["cpu_s"] = round(time.process_time() - began, 2)
            row["reached"] = [[one.engine, one.seed, one.cost_yuan] for one in plan.reached]
    except PlannerError as error:
        row.setdefault("cpu_s", round(time.process_time() - began, 2))
        row["violations"] = len(getattr(error, "violations", ()))
        row["note"] = str(error)
        return row
    return row | _score(instance, plan, best)


def _score(instance: Instance, plan: RoutePlan, best: dict[str, float] | None) -> Row:
    """Return cost, vehicles, gap and violations; a hierarchical gap counts only at the best known number of vehicles."""
    fixed = {kind.id: kind.fixed_cost_yuan for kind in instance.problem.vehicle_types}
    cost = plan.cost_yuan
    if instance.hierarchical:
        cost -= sum(fixed[route.vehicle_type_id] for route in plan.routes)
    cost *= instance.published
    scored: Row = {
        "cost": round(cost, 4),
        "vehicles": len(plan.routes),
        "violations": len(check(instance.problem, plan)),
    }
    if plan.unassigned:
        scored["note"] = f"{len(plan.unassigned)} stops unassigned"
    elif best and instance.hierarchical and len(plan.routes) != best["vehicles"]:
        scored["note"] = f"{len(plan.routes)} vehicles, best known {best['vehicles']:.0f}"
    elif best:
        scored["gap_pct"] = round(100 * (cost / best["cost"] - 1), 4)
    return scored


def _line(row: Row) -> str:
    gap = "-" if row["gap_pct"] is None else f"{row['gap_pct']:.3f} %"
    cost = "-" if row["cost"] is None else f"{row['cost']:.2f}"
    return (
        f"{row['instance']:18} {row['engine']:14} seed {row['seed']}  {cost:>12} {row['vehicles'] or '-':>4} vehicles "
        f"{gap:>9}  {row['cpu_s']:.1f} s  {row['violations']} violations  {row.get('note', '')}"
    )


def _summary(rows: Sequence[Row]) -> None:
    """Print the mean and the worst gap by kind and engine."""
    gaps: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        if row["gap_pct"] is not None:
            gaps[row["kind"], row["engine"]].append(row["gap_pct"])
    for (kind, engine), values in sorted(gaps.items()):
        print(f"mean gap {kind:10} {engine:14} {np.mean(values):.3f} %, worst {max(values):.3f} %, {len(values)} runs")


if __name__ == "__main__":
    raise SystemExit(main())
