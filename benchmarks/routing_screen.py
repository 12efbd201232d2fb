"""What it costs to look at each stop alone and to work out the lower bound, beside the search: CPU seconds, seeded.

Run ``python -m benchmarks.routing_screen [stops vehicles ...]``; each vehicle is a type of its own, as in VROOM's requests.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.bound import lower_bound_yuan
from planner.routing.engines.registry import ENGINES
from planner.routing.engines.task import Limits, SearchTask
from planner.routing.why import Proofs, why_never

T = TypeVar("T")
SIZES = ((800, 20), (1000, 20), (5000, 125))
SEARCH_ITERATIONS = 100


def county(stops: int, vehicles: int, seed: int = 1) -> RoutingProblem:
    """Return a made-up county: points on a plane, the hub in the middle, roads a third longer than straight lines."""
    draw = np.random.default_rng(seed)
    at = np.vstack([[[30_000.0, 30_000.0]], draw.uniform(0, 60_000, (stops, 2))])
    metres = 1.3 * np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    ids = ("hub", *(f"s{i}" for i in range(stops)))
    travel = TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=metres / 12.0, distances_m=metres)
    loads = draw.integers(1, 20, (stops, 2)).astype(float)
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(
            Stop(
                id=id_,
                name=id_,
                delivery=(loads[i, 0],),
                pickup=(loads[i, 1],),
                opens_s=25_200.0,
                closes_s=61_200.0,
                service_duration_s=240.0,
            )
            for i, id_ in enumerate(ids[1:])
        ),
        vehicle_types=tuple(
            VehicleType(
                id=f"van{k}",
                name=f"van{k}",
                count=1,
                depot_id="hub",
                capacity=(float(800 + 10 * (k % 7)),),
                shift_start_s=25_200.0,
                shift_end_s=61_200.0,
                max_duration_s=36_000.0,
                fixed_cost_yuan=100.0,
                cost_per_km_yuan=1.2,
                cost_per_hour_yuan=30.0,
            )
            for k in range(vehicles)
        ),
        travel=travel,
    )


def cpu_seconds(work: Callable[[], T]) -> tuple[float, T]:
    """Return the CPU seconds that some work takes, and what it returns."""
    begun = time.process_time()
    made = work()
    return time.process_time() - begun, made


def measured(stops: int, vehicles: int) -> tuple[float, float, float]:
    """Return the CPU seconds of the screen, of the bound and of the search."""
    problem = county(stops, vehicles)

    def screen() -> list[Stop]:
        proofs = Proofs(problem)
        return [stop for stop in problem.stops if why_never(problem, stop, proofs) is None]

    screening, feasible = cpu_seconds(screen)
    bounding, _ = cpu_seconds(lambda: lower_bound_yuan(problem, {stop.id for stop in feasible}))
    task = SearchTask(problem=problem, stops=feasible, limits=Limits(iterations=SEARCH_ITERATIONS), seed=1)
    searching, _ = cpu_seconds(lambda: ENGINES["ruin_recreate"].search(task, 1))
    return screening, bounding, searching


def main(sizes: tuple[tuple[int, int], ...]) -> None:
    """Print one line for each size, after one small run that compiles."""
    print(f"python {platform.python_version()}, numpy {np.__version__}, {SEARCH_ITERATIONS} iterations, seed 1")
    measured(20, 2)
    for stops, vehicles in sizes:
        screening, bounding, searching = measured(stops, vehicles)
        share = (screening + bounding) / searching
        print(
            f"{stops} stops, {vehicles} vehicles: screen {screening:.2f} s, bound {bounding:.2f} s, "
            f"search {searching:.1f} s CPU ({share:.1%} of it)"
        )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(tuple(zip(given[::2], given[1::2], strict=True)) or SIZES)
