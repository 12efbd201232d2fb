"""Solve the instances, have every plan checked twice, write solutions and figures.

``python -m benchmarks.bus_freight.run FILE_OR_DIR... --seed 1 --solutions DIR --json OUT``
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import Any

import numba
import numpy as np

from benchmarks.bus_freight.check import check
from benchmarks.bus_freight.instance import problem_of
from planner.routing import RoutePlan
from planner.service.buses import BusEffort, BusPlan, check_buses, plan_buses


def solution_of(name: str, plan: BusPlan) -> dict[str, Any]:
    """Return a plan as the solution of an instance."""
    return {
        "instance": name,
        "vans_alone": {"routes": _routes(plan.vans_alone), "rides": []},
        "with_buses": {
            "routes": _routes(plan.vans),
            "rides": [
                {
                    "point": one.point_id,
                    "up": one.up,
                    "trip": one.trip_id,
                    "board": one.board,
                    "alight": one.alight,
                    "kind": str(one.kind),
                    "amount": [round(amount, 6) for amount in one.amount],
                }
                for one in plan.rides
            ],
        },
    }


def _routes(plan: RoutePlan) -> list[dict[str, Any]]:
    return [{"vehicle": one.vehicle_id, "stops": [visit.stop_id for visit in one.visits]} for one in plan.routes]


def written(solution: dict[str, Any]) -> str:
    """Return a solution as text, a line for each route and ride."""
    parts = []
    for name in ("vans_alone", "with_buses"):
        lists = []
        for key in ("routes", "rides"):
            rows = ",\n".join("   " + json.dumps(one, separators=(",", ":")) for one in solution[name][key])
            lists.append(f'  "{key}": [\n{rows}\n  ]')
        parts.append(f' "{name}": {{\n' + ",\n".join(lists) + "\n }")
    return f'{{\n "instance": {json.dumps(solution["instance"])},\n' + ",\n".join(parts) + "\n}\n"


def measure(path: Path, seed: int, effort: BusEffort, solutions: Path | None) -> dict[str, Any]:
    """Return what one instance came to."""
    instance = json.loads(path.read_text(encoding="utf-8"))
    problem = problem_of(instance)
    began = time.process_time()
    plan = plan_buses(problem, seed=seed, effort=effort)
    spent = time.process_time() - began
    faults = [str(one) for one in check_buses(problem, plan)]
    solution = solution_of(instance["name"], plan)
    figures = {}
    for part in ("vans_alone", "with_buses"):
        found, figures[part] = check(instance, solution[part])
        faults += found
    if solutions is not None:
        solutions.mkdir(parents=True, exist_ok=True)
        (solutions / f"{instance['name']}.json").write_text(written(solution), encoding="utf-8")
    alone, buses = figures["vans_alone"], figures["with_buses"]
    return {
        "instance": instance["name"],
        "seed": seed,
        **figures,
        "saved_km_share": round(1 - buses["van_km"] / alone["van_km"], 4),
        "saved_yuan_share": round(1 - buses["yuan"] / alone["yuan"], 4),
        "access_km": round(plan.access_m / 1000, 3),
        "iterations_alone": effort.all_iterations,
        "iterations_with_buses": effort.all_iterations,
        "plans": plan.tried,
        "cpu_seconds": round(spent, 1),
        "faults": faults,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=BusEffort().rounds)
    parser.add_argument("--solutions", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rows = []
    for path in sorted(p for one in args.paths for p in (one.glob("*.json") if one.is_dir() else [one])):
        rows.append(measure(path, args.seed, BusEffort(rounds=args.rounds), args.solutions))
        print(json.dumps(rows[-1]), flush=True)
    kept = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "mean_saved_km_share": round(sum(row["saved_km_share"] for row in rows) / len(rows), 4),
        "mean_saved_yuan_share": round(sum(row["saved_yuan_share"] for row in rows) / len(rows), 4),
        "rows": rows,
    }
    print(json.dumps({key: value for key, value in kept.items() if key != "rows"}))
    if args.json:
        args.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
