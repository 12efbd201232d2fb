"""Measure the planning of days and routes together on Cordeau's periodic instances.

``python -m benchmarks.service_week FILE_OR_DIR... --cpu-seconds 60 --seed 1 --json OUT``. A file begins with its type (1:
periodic), vehicles a day, customers and days; then the longest route (0: none) and the capacity of each day; then for the
depot and each customer its number, x, y, service, demand, visits, and the number of allowed combinations of days with these
as bit masks (first day: highest bit). Costs are exact euclidean lengths; each visit brings the whole demand. Best known
values stand in ``best_known.json``, in a folder above.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path

import numba
import numpy as np

from planner.service.week import Week, WeekProblem, WeekVehicle, check_week, pattern_of, plan_week


def read_instance(path: Path) -> WeekProblem:
    """Return the instance; a unit of length is a kilometre, a minute and a yuan."""
    numbers = iter(path.read_text(encoding="utf-8").split())

    def take() -> float:
        return float(next(numbers))

    kind, vehicles, _, days = (int(take()) for _ in range(4))
    if kind != 1:
        raise ValueError(f"{path}: type {kind} is no periodic instance")
    limits = [(take(), take()) for _ in range(days)]
    if len(set(limits)) > 1:
        raise ValueError(f"{path}: the days differ in capacity or duration")
    duration, capacity = limits[0]
    rows, patterns = [], []
    while (first := next(numbers, None)) is not None:
        row = [float(first), *(take() for _ in range(5))]
        masks = [int(take()) for _ in range(int(take()))]
        rows.append(row)
        patterns.append(tuple(pattern_of(day for day in range(days) if mask >> (days - 1 - day) & 1) for mask in masks))
    table = np.array(rows)
    places = len(rows) - 1
    length = np.hypot(*(table[:, None, 1:3] - table[None, :, 1:3]).transpose(2, 0, 1))
    return WeekProblem(
        place_ids=tuple(f"c{int(row[0]):04d}" for row in rows[1:]),
        dimensions=("goods",),
        down=np.zeros((places, days, 1)),
        up=np.zeros((places, days, 1)),
        down_a_visit=table[1:, 4:5],
        up_a_visit=np.zeros((places, 1)),
        service_s=60.0 * table[1:, 3],
        service_s_a_parcel=np.zeros(places),
        patterns=tuple(patterns[1:]),
        vehicles=(
            WeekVehicle(
                id="van",
                number=(vehicles,) * days,
                capacity=(capacity,),
                duty_s=60.0 * duration if duration else np.inf,
                yuan_per_km=1.0,
            ),
        ),
        durations_s=60.0 * length[None],
        distances_m=1000.0 * length[None],
    )


def best_known(path: Path) -> float | None:
    """Return the published value for an instance, None if there is none."""
    for folder in path.resolve().parents:
        if (file := folder / "best_known.json").is_file():
            value = json.loads(file.read_text(encoding="utf-8")).get("pvrp", {}).get("values", {}).get(path.stem)
            return None if value is None else float(value)
    return None


def measure(path: Path, cpu_seconds: float, seed: int) -> dict[str, object]:
    """Return what a search of one instance came to."""
    problem = read_instance(path)
    plan_week(problem, iterations=1, seed=seed)  # compiles
    began_s = time.process_time()
    week: Week = plan_week(problem, cpu_seconds=cpu_seconds, seed=seed)
    used_s = time.process_time() - began_s
    best, cost = best_known(path), week.cost.total_yuan
    return {
        "instance": path.stem,
        "cost": round(cost, 2),
        "best_known": best,
        "gap_percent": round(100 * (cost / best - 1), 3) if best else None,
        "holds": week.holds,
        "faults": len(check_week(problem, week)),
        "cpu_s": round(used_s, 1),
        "steps": week.steps,
        "seed": seed,
    }


def main() -> None:
    """Print a line for each instance and the mean and worst gap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--cpu-seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}")
    files = [file for path in options.paths for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    rows = []
    for file in files:
        rows.append(measure(file, options.cpu_seconds, options.seed))
        print(rows[-1], flush=True)
    gaps = [row["gap_percent"] for row in rows if isinstance(row["gap_percent"], float)]
    if gaps:
        print(f"mean gap {np.mean(gaps):.3f} %, worst {max(gaps):.3f} %")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
