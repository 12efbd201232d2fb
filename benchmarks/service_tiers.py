"""Measure the planning of three tiers on published instances of the two-echelon vehicle routing problem with time windows.

``python -m benchmarks.service_tiers FILE_OR_DIR... --seed 1 2 3 --json OUT``. The files of Dellaert, Dashty Saridarq, Van
Woensel & Crainic (Transportation Science 2019) are named by category, number, depots, satellites and customers
(``Ca1-2,3,50``). They have no header: a line for each customer (x, y, earliest, latest, demand, service), then for each
satellite (x, y, service), then for each depot (x, y, service). By the authors' readme an urban vehicle (first echelon) holds
200 and costs 50, a city freighter (second) holds 50 and costs 25. Nothing says how a tie or a fraction is rounded: lengths
are euclidean and not rounded, a unit of length is a unit of time and of cost. Taken besides: an urban vehicle starts and
ends at the same depot; a satellite's service is once for each call; freighters wait at satellites, which have no limit of
room, until what they carry has come; what a freighter carries comes on one urban vehicle; customers are not served directly.
The bound is simple: vehicles for the whole demand, each customer entered by its shortest way in, one freighter's way out
for each that is needed, and the shortest way there and back for as many urban vehicles as are needed.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import time
from pathlib import Path

import numba
import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.service.tiers import TierEffort, TierPoint, TierProblem, TierStation, check_tiers, plan_tiers

TRUCK, FREIGHTER = (200.0, 50.0), (50.0, 25.0)
"""What an urban vehicle and a city freighter hold and cost."""
ALWAYS_S = 1e5


def read_instance(path: Path) -> TierProblem:
    """Return the instance; a unit of length is a kilometre, a second and a yuan."""
    depots, satellites, customers = (int(one) for one in path.stem.partition("-")[2].split(","))
    rows = [
        [float(one) for one in line.split()] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    if [len(row) for row in rows] != [6] * customers + [3] * (satellites + depots):
        raise ValueError(f"{path}: not {customers} customers, {satellites} satellites and {depots} depots")
    ids = (
        *(f"c{i:03d}" for i in range(customers)),
        *(f"satellite-{i}" for i in range(satellites)),
        *(f"depot-{i}" for i in range(depots)),
    )
    xy = np.array([row[:2] for row in rows])
    length = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    at_satellites, at_depots = ids[customers:-depots], ids[-depots:]

    def vehicles(id_: str, depot: str, size: tuple[float, float], count: int) -> VehicleType:
        return VehicleType(
            id=id_,
            name=id_,
            count=count,
            depot_id=depot,
            capacity=size[:1],
            shift_start_s=0.0,
            shift_end_s=ALWAYS_S,
            max_duration_s=math.inf,
            fixed_cost_yuan=size[1],
            cost_per_km_yuan=1.0,
            cost_per_hour_yuan=0.0,
        )

    return TierProblem(
        dimensions=("goods",),
        hubs=tuple(Depot(id=id_, name=id_) for id_ in at_depots),
        hub_vehicles=tuple(vehicles(f"urban-{id_}", id_, TRUCK, customers) for id_ in at_depots),
        stations=tuple(
            TierStation(
                id=id_,
                name=id_,
                vehicle_types=(vehicles(f"freighter-{id_}", id_, FREIGHTER, customers),),
                room=(math.inf,),
                closes_s=ALWAYS_S,
                call_s=row[2],
            )
            for id_, row in zip(at_satellites, rows[customers:-depots], strict=True)
        ),
        points=tuple(
            TierPoint(
                stop=Stop(
                    id=id_,
                    name=id_,
                    delivery=(row[4],),
                    pickup=(0.0,),
                    opens_s=row[2],
                    closes_s=row[3],
                    service_duration_s=row[5],
                ),
                township_id="all",
                station_ids=tuple(sorted(at_satellites, key=lambda one: float(length[i, ids.index(one)]))),
                direct=False,
            )
            for i, (id_, row) in enumerate(zip(ids[:customers], rows, strict=False))
        ),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=length, distances_m=1000.0 * length),
        cut_off_s=ALWAYS_S,
        by_route=True,
    )


def bound(problem: TierProblem) -> float:
    """Return a simple cost that no plan can undercut (see the module)."""
    place = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    length = problem.travel.distances_m / 1000.0
    at = [place[one.stop.id] for one in problem.points]
    satellites = [place[one.id] for one in problem.stations]
    depots = [place[one.id] for one in problem.hubs]
    total = sum(point.stop.delivery[0] for point in problem.points)
    freighters, trucks = math.ceil(total / FREIGHTER[0]), math.ceil(total / TRUCK[0])
    into = 0.0
    for i in at:
        others = [j for j in (*at, *satellites) if j != i]
        into += float(min(length[j, i] for j in others))
    home = sorted(float(min(length[i, j] for j in satellites)) for i in at)[:freighters]
    there = float(min(length[i, j] for i in depots for j in satellites))
    return freighters * FREIGHTER[1] + trucks * TRUCK[1] + into + sum(home) + 2 * trucks * there


def measure(path: Path, seed: int, effort: TierEffort) -> dict[str, object]:
    """Return what one instance and seed came to."""
    problem = read_instance(path)
    began = time.process_time()
    plan = plan_tiers(problem, seed=seed, effort=effort)
    spent = time.process_time() - began
    violations = check_tiers(problem, plan)
    return {
        "instance": path.stem,
        "seed": seed,
        "cost": round(float(plan.cost.total_yuan), 2),
        "bound": round(bound(problem), 2),
        "missed": len(plan.missed),
        "violations": [str(one) for one in violations],
        "trunk_runs": len(plan.hub_plan.routes),
        "freighters": sum(len(routes.routes) for _, routes in plan.station_plans),
        "plans": plan.tried,
        "cpu_seconds": round(spent, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--seed", nargs="+", type=int, default=[1])
    parser.add_argument("--plans", type=int, default=150)
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--last-iterations", type=int, default=20)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    effort = TierEffort(iterations=asked.iterations, last_iterations=asked.last_iterations, plans=asked.plans)
    files = sorted(file for path in asked.paths for file in (path.glob("*.txt") if path.is_dir() else [path]))
    print(f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}")
    results = []
    for file in files:
        for seed in asked.seed:
            results.append(measure(file, seed, effort))
            print(results[-1], flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
