"""How long each step takes from a road file to answers, and what the first run on a machine costs.

Other programs may be at work, so that each step has its CPU seconds beside its wall seconds; warm steps are the best of
several. The first run is measured in processes of their own, with an empty folder for compiled code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.memory import peak_mb
from planner.model import Points
from planner.network import RoadNetwork, read_network
from planner.network.matrix import Ends
from planner.network.ways import find_way

T = TypeVar("T")
ACCESS = {"access_cap_m": 2000.0, "access_speed_kph": 4.0}
LIMIT_S = 3600
WAYS = 200
COUNTY_POINTS = 200
Step = dict[str, float]


def timed(run: Callable[[], T]) -> tuple[float, float, T]:
    """Return CPU seconds, wall seconds and what was run for."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def beside_roads(network: RoadNetwork, count: int, seed: int) -> Points:
    """Return points some hundred metres around bends of roads."""
    rng = np.random.default_rng(seed)
    at = network.edges.coordinates[rng.choice(len(network.edges.coordinates), count)] + rng.normal(0, 1e-3, (count, 2))
    return Points(ids=tuple(map(str, range(count))), lons=at[:, 0], lats=at[:, 1])


def whole_way(path: Path, points: int, seed: int, repeats: int = 3) -> dict[str, Step]:
    """Return wall and CPU seconds of each step from the file to answers, and the most memory that was held, in GB.

    ``cold`` is the sum of all that is done once for a new file, its first matrix included.
    """
    steps: dict[str, Step] = {}

    def step(name: str, run: Callable[[], T], times: int = 1) -> T:
        cpu, wall, result = timed(run)
        for _ in range(times - 1):
            result = None  # type: ignore[assignment] # two matrices of a province need not be held at once
            again = timed(run)
            cpu, wall, result = min(cpu, again[0]), min(wall, again[1]), again[2]
        steps[name] = {"wall_s": round(wall, 6), "cpu_s": round(cpu, 6)}
        return result

    network = step("read the file", lambda: read_network(path, vehicle="van", season="summer"))
    step("node order and hierarchy", lambda: network.roads.topology)
    step("weights", lambda: network.hierarchy)
    dots = beside_roads(network, points, seed)
    step("index of lines and snapping", lambda: network.snap(dots, access_cap_m=ACCESS["access_cap_m"]))
    first = step("first matrix, 2 threads", lambda: network.travel_matrix(dots, threads=2, **ACCESS))
    steps["cold: file to first matrix"] = {
        key: round(sum(taken[key] for taken in steps.values()), 3) for key in ("wall_s", "cpu_s")
    }
    reached = np.isfinite(first.durations_s)
    del first
    step("matrix, 2 threads", lambda: network.travel_matrix(dots, threads=2, **ACCESS), repeats)
    step("matrix, 1 thread", lambda: network.travel_matrix(dots, threads=1, **ACCESS))
    step(
        "pairs within 60 min, 2 threads",
        lambda: network.travel_within(dots, limit_s=LIMIT_S, threads=2, **ACCESS),
        repeats,
    )
    # a network's weights are kept where they were worked out: each time a fresh one, the roads are the same
    step("another season's weights", lambda: network.under(vehicle="van", season="winter").hierarchy, repeats)
    pairs = [tuple(pair) for pair in np.random.default_rng(seed).integers(0, points, (WAYS, 2)) if reached[*pair]]
    ends = network.ends(dots, ACCESS["access_cap_m"])
    _ways(network, ends, pairs[:1])
    step("one way with its line", lambda: _ways(network, ends, pairs), repeats)
    steps["one way with its line"] = {
        key: round(value / max(len(pairs), 1), 6) for key, value in steps["one way with its line"].items()
    }
    steps["memory"] = {"gb": round(peak_mb() / 1e3, 2)}
    return steps


def _ways(network: RoadNetwork, ends: Ends, pairs: list[tuple[int, ...]]) -> None:
    for origin, destination in pairs:
        find_way(network.edges, network.roads.graph, network.hierarchy, ends, int(origin), int(destination))


def first_and_second_run(path: Path, points: int = COUNTY_POINTS, later: int = 3) -> dict[str, Step]:
    """Return wall and CPU seconds of new processes from the file to a matrix: one with nothing compiled, then others.

    Starting Python and importing are part of it; of the later runs the best is given. What the first takes longer is
    compiling.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        runs = [_run_anew(path, points, environment) for _ in range(1 + later)]
    first = runs[0]
    best = {key: min(run[key] for run in runs[1:]) for key in first}
    return {
        "first run of a new process, nothing compiled": first,
        "later run of a new process": best,
        "compiling": {key: round(first[key] - best[key], 3) for key in first},
    }


def _run_anew(path: Path, points: int, environment: dict[str, str]) -> Step:
    command = [sys.executable, "-m", "benchmarks.network_steps", str(path), str(points)]
    begun = time.perf_counter()
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=600, check=True
    )
    return {"wall_s": round(time.perf_counter() - begun, 3), "cpu_s": json.loads(done.stdout)["cpu_s"]}


def main() -> None:
    """Go from a file to a matrix once, and print what this process has used."""
    network = read_network(Path(sys.argv[1]), vehicle="van", season="summer")
    network.travel_matrix(beside_roads(network, int(sys.argv[2]), seed=1), threads=2, **ACCESS)
    print(json.dumps({"cpu_s": round(time.process_time(), 3)}))


if __name__ == "__main__":
    main()
