"""Measure the choice of ways in made-up counties: each township directly from the hub or by its station.

``python -m benchmarks.tier_counties --points 57 192 --seeds 1 2 3 --shares 0.8 0.2 --json OUT``. Nothing of a real county
is in them. Township seats lie evenly over 120 km around a hub, points 4 km (standard deviation) around the seats; roads are
1.3 times as long as the straight line and driven at 40 km/h. At every second seat is a station: it holds 2,000 parcels,
opens from 7:00 to 17:00, and has two minivans of 0.6 t that cost a share of what the hub's do; at the hub are three trucks
of 5 t, vans of 1.5 t and minivans. Points are given 40 to 120 parcels of 1.5 kg and give a tenth as many, which must be back
at 17:00. The plans are replayed by `check_tiers`; CPU seconds are those of the process, kernels compiled before.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path

import numba
import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.service.tiers import TierEffort, TierPoint, TierProblem, TierStation, check_tiers, plan_tiers

HOUR_S = 3600.0
KG, M3 = 1.5, 0.008


def county(points: int, seed: int, share: float) -> TierProblem:
    """Return a county of so many points; a station's vehicles cost ``share`` of what the hub's do."""
    draw = np.random.default_rng(seed)
    townships = max(2, min(16, points // 3))
    seats = draw.uniform(-60.0, 60.0, (townships, 2))
    of = np.arange(points) % townships
    places = seats[of] + draw.normal(0.0, 4.0, (points, 2))
    stations = [f"s{k:02d}" for k in range(0, townships, 2)]
    ids = ("hub", *stations, *(f"p{i:03d}" for i in range(points)))
    xy = np.vstack([[0.0, 0.0], seats[::2], places])
    km = 1.3 * np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    parcels = draw.integers(40, 121, points)
    nearest = km[1 : 1 + len(stations), 1 + len(stations) :].argmin(axis=0)

    def vehicle(id_: str, depot: str, count: int, **figures: float) -> VehicleType:
        return VehicleType(
            id=id_,
            name=id_,
            count=count,
            depot_id=depot,
            capacity=(100_000.0, figures["kg"], figures["m3"]),
            shift_start_s=figures["starts"] * HOUR_S,
            shift_end_s=17.0 * HOUR_S,
            max_duration_s=9.0 * HOUR_S,
            fixed_cost_yuan=figures["day"],
            cost_per_km_yuan=figures["km"],
            cost_per_hour_yuan=figures["hour"],
        )

    def goods(i: int, share: float) -> tuple[float, float, float]:
        count = float(round(parcels[i] * share))
        return count, count * KG, count * M3

    def ways(i: int) -> tuple[str, ...]:
        own = stations[int(of[i]) // 2] if of[i] % 2 == 0 else stations[int(nearest[i])]
        return tuple(dict.fromkeys((own, stations[int(nearest[i])])))

    return TierProblem(
        dimensions=("parcels", "kg", "m3"),
        hubs=(Depot(id="hub", name="hub"),),
        hub_vehicles=(
            vehicle("truck", "hub", 3, kg=4500.0, m3=27.0, starts=5.0, day=200.0, km=1.8, hour=35.0),
            vehicle("van", "hub", points // 5 + 4, kg=1350.0, m3=7.2, starts=6.5, day=150.0, km=1.2, hour=30.0),
            vehicle("minivan", "hub", points // 8 + 2, kg=540.0, m3=3.1, starts=6.5, day=90.0, km=0.8, hour=28.0),
        ),
        stations=tuple(
            TierStation(
                id=id_,
                name=id_,
                vehicle_types=(
                    vehicle(
                        f"minivan-{id_}",
                        id_,
                        2,
                        kg=540.0,
                        m3=3.1,
                        starts=7.0,
                        day=90.0 * share,
                        km=0.8 * share,
                        hour=28.0 * share,
                    ),
                ),
                room=(2000.0, 6000.0, 40.0),
                opens_s=7.0 * HOUR_S,
                closes_s=17.0 * HOUR_S,
                call_s=300.0,
                transfer_s_per_parcel=0.5,
                sort_s_per_parcel=3.0,
                fixed_yuan=20.0,
                yuan_per_parcel=0.1,
            )
            for id_ in stations
        ),
        points=tuple(
            TierPoint(
                stop=Stop(
                    id=f"p{i:03d}",
                    name=f"p{i:03d}",
                    delivery=goods(i, 1.0),
                    pickup=goods(i, 0.1),
                    opens_s=7.0 * HOUR_S,
                    closes_s=17.0 * HOUR_S,
                    service_duration_s=240.0 + 6.0 * float(parcels[i]),
                ),
                township_id=f"t{int(of[i]):02d}",
                station_ids=ways(i),
            )
            for i in range(points)
        ),
        travel=TravelMatrix(
            origin_ids=ids, destination_ids=ids, durations_s=km / 40.0 * HOUR_S, distances_m=1000.0 * km
        ),
        cut_off_s=17.0 * HOUR_S,
    )


def measure(points: int, seed: int, share: float, effort: TierEffort) -> dict[str, object]:
    """Return what one county came to."""
    problem = county(points, seed, share)
    began = time.process_time()
    plan = plan_tiers(problem, seed=1, effort=effort)
    spent = time.process_time() - began
    ways = [one.way.value for one in plan.townships]
    return {
        "points": points,
        "seed": seed,
        "share": share,
        "cost": round(plan.cost.total_yuan, 2),
        "missed": len(plan.missed),
        "faults": [str(one) for one in check_tiers(problem, plan)],
        "by_station": sum(bool(way) for way in plan.ways),
        "townships": {way: ways.count(way) for way in sorted(set(ways))},
        "plans": plan.tried,
        "cpu_s": round(spent, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", nargs="+", type=int, default=[57, 192])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--shares", nargs="+", type=float, default=[0.8, 0.2])
    parser.add_argument("--plans", type=int, default=TierEffort().plans)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}")
    plan_tiers(county(6, 1, 0.2), seed=1)  # kernels are loaded
    rows = []
    for points in asked.points:
        for share in asked.shares:
            for seed in asked.seeds:
                rows.append(measure(points, seed, share, TierEffort(plans=asked.plans)))
                print(rows[-1], flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
