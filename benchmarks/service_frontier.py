"""Measure the search of points and routes on capacitated location-routing (Prins, Prodhon & Wolfler Calvo).

``python -m benchmarks.service_frontier FILE_OR_DIR... --cpu-seconds 120 --seed 1``. Lengths are euclidean x 100 rounded up;
best known values stand in ``best_known.json``, in a folder above.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from planner.service.frontier.location_routing import LocationRoutingProblem, solve_location_routing


def read_instance(path: Path) -> LocationRoutingProblem:
    """Return the instance of a file."""
    values = np.array(path.read_text(encoding="utf-8").split(), dtype=np.float64)
    customers, depots = int(values[0]), int(values[1])
    nodes = customers + depots
    places, rest = values[2 : 2 + 2 * nodes].reshape(-1, 2), values[2 + 2 * nodes :]
    return LocationRoutingProblem(
        cost=np.ceil(100.0 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) - 1e-9),
        depot_cost=rest[1 + nodes : 1 + nodes + depots],
        depot_capacity=rest[1 : 1 + depots],
        demand=rest[1 + depots : 1 + nodes],
        capacity=float(rest[0]),
        route_cost=float(rest[1 + nodes + depots]),
    )


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--cpu-seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = [file for path in options.paths for file in (sorted(path.glob("*.dat")) if path.is_dir() else [path])]
    for file in files:
        began_s = time.process_time()
        answer = solve_location_routing(read_instance(file), cpu_seconds=options.cpu_seconds, seed=options.seed)
        folder = next(one for one in file.resolve().parents if (one / "best_known.json").is_file())
        best = json.loads((folder / "best_known.json").read_text(encoding="utf-8"))["lrp_prins"]["values"].get(
            file.stem, float("nan")
        )
        used_s = time.process_time() - began_s
        print(
            f"{file.stem} {answer.cost:.0f} gap {100 * (answer.cost / best - 1):.3f} % bound {answer.lower_bound:.0f}",
            end="",
        )
        print(f" CPU-s {used_s:.1f} steps {answer.steps}", flush=True)


if __name__ == "__main__":
    main()
