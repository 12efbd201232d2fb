"""Counties for the frontier of coverage and cost, made from a seed or taken from an embedded area's roads, and its gains.

``python -m benchmarks.frontier_counties --kind spread clustered roads --villages 98 190 --seeds 1 2 3 --cpu-seconds 20``.

Spread: villages anywhere in a square; clustered: around townships. Ways are 1.3 times as long as the crow flies; people
ride at 25 km/h, vans drive at 40 km/h; 20 minutes are the standard; the hub lies near the middle. Roads: villages of an
embedded area drawn from all, on its roads, with its standard and its hub. Every village is a site. Villages have 200 to
2,000 people (log-normal), and one parcel a day for 20 of them. A tenth of the villages (``--points``) get a point. A
vehicle holds a fifth of all parcels, as Baiquan's 13 vehicles for 186 villages would be seven for 98, but no less than the
largest point of the coverage-only plan hands out. Nothing costs but kilometres. All of it is synthetic but the roads of some
areas.

Gains are kilometres against the coverage-only plan, which is proven to cover most (HiGHS) and driven by the same engines, at
equal coverage, one and two points of coverage less, and with one and two hundredths of what it covers less; against
preferring sites near the hub: the best of such plans that loses no more than two points, and the plan whose sites are
proven to be nearest to the hub in sum (``hub``). Coverage is that of people, or with ``--weight villages`` of villages, as
the official share counts; a point is then the nearest number of whole villages.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from planner.model import Tier
from planner.service.frontier import (
    LOSSES,
    Frontier,
    FrontierPoint,
    FrontierProblem,
    FrontierVehicle,
    check_frontier,
    plan_frontier,
)
from planner.service.frontier.measure import site_loads
from planner.units import BoolArray, FloatArray

DETOUR = 1.3
ACCESS_KPH, VAN_KPH = 25.0, 40.0
STANDARD_S = 1200.0
SQUARE_KM_A_VILLAGE = 36.0
VEHICLES = 5.0
_INFEASIBLE = 2
PREFERENCES = (0.05, 0.1, 0.2, 0.4)
"""Shares of all people that a kilometre of hub and site, over all points, is weighed with where near sites are preferred."""


def county(villages: int, seed: int, points: float, *, clustered: bool) -> FrontierProblem:
    """Return a county on a plane."""
    draws = np.random.default_rng([seed, villages, int(clustered)])
    side = float(np.sqrt(SQUARE_KM_A_VILLAGE * villages))
    if clustered:
        seats = draws.uniform(0.05 * side, 0.95 * side, (max(3, villages // 14), 2))
        places = seats[draws.integers(len(seats), size=villages)] + draws.normal(0.0, side / 14, (villages, 2))
        places = np.clip(places, 0.0, side)
    else:
        places = draws.uniform(0.0, side, (villages, 2))
    hub = side / 2 + draws.uniform(-0.1, 0.1, 2) * side
    nodes = np.concatenate([hub[None], places])
    metres = 1000.0 * DETOUR * np.hypot(*(nodes[:, None] - nodes[None]).transpose(2, 0, 1))
    access_s = metres[1:, 1:] / (ACCESS_KPH / 3.6)
    return problem_of(metres, metres / (VAN_KPH / 3.6), access_s, draws, (STANDARD_S, points))


def road_county(area: str, villages: int, seed: int, points: float) -> FrontierProblem:
    """Return so many villages of an embedded area (all, if it has no more) on its roads."""
    from planner.config import load_config
    from planner.pipeline.area_run import AreaRun

    run = AreaRun.for_siting(config=load_config(area))
    draws = np.random.default_rng([seed, villages])
    ids = [village.id for village in run.area.villages if village.id not in run.travel.unreachable]
    drawn = sorted(draws.choice(len(ids), size=min(villages, len(ids)), replace=False))
    places = [run.area.sites_of(Tier.COUNTY_HUB)[0].id, *(ids[k] for k in drawn)]
    travel = run.travel.select(places, places)
    standard_s = run.config.coverage.service_points.standard_s
    return problem_of(travel.distances_m, travel.durations_s, travel.durations_s[1:, 1:], draws, (standard_s, points))


def problem_of(
    metres: FloatArray,
    seconds: FloatArray,
    access_s: FloatArray,
    draws: np.random.Generator,
    wanted: tuple[float, float],
) -> FrontierProblem:
    """Return the problem of villages at places between which these are the ways, the hub first.

    ``wanted``: the standard in seconds, the share of villages that get a point.
    """
    villages, (standard_s, share) = len(access_s), wanted
    people = np.clip(np.exp(draws.normal(6.5, 0.5, villages)), 200.0, 2000.0).round()
    points = max(1, round(share * villages))
    ids = tuple(f"v{k:03d}" for k in range(villages))
    chosen = most_covering(access_s <= standard_s, people, points)
    problem = FrontierProblem(
        village_ids=ids,
        weight=people,
        demand=people / 20.0,
        site_ids=ids,
        site_yuan=np.zeros(villages),
        site_capacity=np.full(villages, np.inf),
        access_s=access_s,
        standard_s=standard_s,
        durations_s=seconds,
        distances_m=metres,
        vehicle=FrontierVehicle(capacity=float(people.sum() / 20.0 / VEHICLES)),
        coverage_only=tuple(ids[k] for k in np.flatnonzero(chosen)),
        days=1,
        most_sites=points,
    )
    largest = float(site_loads(problem, np.flatnonzero(chosen)).max())
    return replace(problem, vehicle=replace(problem.vehicle, capacity=max(problem.vehicle.capacity, largest)))


def most_covering(covers: BoolArray, weight: FloatArray, points: int) -> BoolArray:
    """Return the sites that cover most, proven (HiGHS)."""
    return _sites(covers, weight, points, np.zeros(len(covers)), None)


def nearest_hub(problem: FrontierProblem, least_covered: float) -> BoolArray:
    """Return the sites that cover so much and lie nearest to the hub in sum, as many at most (HiGHS)."""
    hub = (problem.distances_m[0, 1:] + problem.distances_m[1:, 0]) / 2000.0
    covers = problem.access_s <= problem.standard_s
    return _sites(covers, problem.weight, problem.limit, hub, least_covered)


def near_preferred(problem: FrontierProblem, preference: float) -> BoolArray:
    """Return the sites that cover most, where each kilometre to the hub counts against them (HiGHS)."""
    hub = (problem.distances_m[0, 1:] + problem.distances_m[1:, 0]) / 2000.0
    covers = problem.access_s <= problem.standard_s
    cost = preference * float(problem.weight.sum()) * hub / float(hub.mean()) / problem.limit
    return _sites(covers, problem.weight, problem.limit, cost, None)


def _sites(covers: BoolArray, weight: FloatArray, points: int, cost: FloatArray, least: float | None) -> BoolArray:
    villages, sites = covers.shape
    whole = csr_array(np.hstack([-covers.astype(float), np.eye(villages)]))
    number = np.concatenate([np.ones(sites), np.zeros(villages)])
    constraints = [LinearConstraint(whole, -np.inf, 0.0), LinearConstraint(number[None], 0, points)]
    goal = np.concatenate([cost, -weight])
    if least is not None:
        constraints.append(LinearConstraint(np.concatenate([np.zeros(sites), weight])[None], least, np.inf))
        goal = np.concatenate([cost, np.zeros(villages)])
    answer = milp(
        goal,
        integrality=np.concatenate([np.ones(sites), np.zeros(villages)]),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"mip_rel_gap": 0.0, "time_limit": 5.0},
    )
    if answer.x is None:
        raise RuntimeError(f"HiGHS found no plan: {answer.message}")
    return np.asarray(answer.x[:sites] > 0.5)


def driven(problem: FrontierProblem, sites: BoolArray) -> FrontierPoint | None:
    """Return the plan of these sites, with routes by the same engines; None where no fleet can drive it."""
    ids = tuple(problem.site_ids[k] for k in np.flatnonzero(sites))
    return plan_frontier(replace(problem, coverage_only=ids), iterations=100, losses=()).coverage_only


def whole_loss(problem: FrontierProblem, loss: float) -> float:
    """Return a share of all weight; where villages are counted, that of the nearest number of whole ones."""
    villages = len(problem.village_ids)
    return round(loss * villages) / villages if (problem.weight == 1.0).all() else loss


def gains(problem: FrontierProblem, frontier: Frontier) -> dict[str, float]:
    """Return by what share kilometres change, in percent."""
    reference = frontier.coverage_only
    assert reference is not None
    total = float(problem.weight.sum())

    def best(covered: float) -> float:
        return min(point.km for point in frontier.points if point.covered >= covered - 1e-6)

    found = {"equal": best(reference.covered) / reference.km}
    for loss in (0.01, 0.02):
        found[f"points_{loss:g}"] = best(reference.covered - whole_loss(problem, loss) * total) / reference.km
        found[f"share_{loss:g}"] = best(reference.covered * (1.0 - loss)) / reference.km
    least = reference.covered - whole_loss(problem, 0.02) * total
    tried = [driven(problem, near_preferred(problem, preference)) for preference in PREFERENCES]
    kept = [one.km for one in tried if one is not None and one.covered >= least - 1e-6]
    found["preferring"] = best(least) / min([reference.km, *kept])
    nearest = driven(problem, nearest_hub(problem, least))
    found["hub"] = float("nan") if nearest is None else best(least) / nearest.km
    return {name: round(100.0 * (value - 1.0), 3) for name, value in found.items()}


def by_villages(problem: FrontierProblem) -> FrontierProblem:
    """Return the problem with every village counted as one, as the official share of villages with a service does."""
    weight = np.ones(len(problem.village_ids))
    chosen = most_covering(problem.access_s <= problem.standard_s, weight, problem.limit)
    largest = float(site_loads(problem, np.flatnonzero(chosen)).max())
    capacity = max(float(problem.demand.sum()) / VEHICLES, largest)
    ids = tuple(problem.site_ids[k] for k in np.flatnonzero(chosen))
    vehicle = replace(problem.vehicle, capacity=capacity)
    return replace(problem, weight=weight, coverage_only=ids, vehicle=vehicle)


def every_equal_set(problem: FrontierProblem, most: int) -> tuple[bool, float]:
    """Return whether these are all sets of sites that cover as much as the coverage-only plan, and their least kilometres.

    One after the other is found and cut off (HiGHS), ``most`` at the most; each is driven by the same engines. Where they
    are all, no plan of equal coverage has fewer kilometres, but for what the routes of a set may still be improved by.
    """
    covers = problem.access_s <= problem.standard_s
    villages, sites = covers.shape
    reference = np.isin(problem.site_ids, problem.coverage_only)
    least = float(problem.weight[covers[:, reference].any(axis=1)].sum()) - 0.5  # people are whole
    found: list[BoolArray] = []
    kilometres = np.inf
    while len(found) < most:
        answer = milp(
            np.zeros(sites + villages),
            integrality=np.concatenate([np.ones(sites), np.zeros(villages)]),
            bounds=Bounds(0, 1),
            constraints=[
                LinearConstraint(csr_array(np.hstack([-covers.astype(float), np.eye(villages)])), -np.inf, 0.0),
                LinearConstraint(np.concatenate([np.ones(sites), np.zeros(villages)])[None], 0, problem.limit),
                LinearConstraint(np.concatenate([np.zeros(sites), problem.weight])[None], least, np.inf),
                *(LinearConstraint(np.concatenate([one, np.zeros(villages)])[None], 0, one.sum() - 1) for one in found),
            ],
            options={"time_limit": 60.0},
        )
        if answer.x is None:
            return answer.status == _INFEASIBLE, float(kilometres)
        found.append(np.asarray(answer.x[:sites] > 0.5))
        plan = driven(problem, found[-1])
        kilometres = min(kilometres, np.inf if plan is None else plan.km)
    return False, float(kilometres)


def _problem(kind: str, options: argparse.Namespace) -> Callable[[int, int], FrontierProblem]:
    if kind == "roads":
        return lambda villages, seed: road_county(options.area, villages, seed, options.points)
    return lambda villages, seed: county(villages, seed, options.points, clustered=kind == "clustered")


def main() -> None:
    """Print a line for each county, and the means of each kind and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", nargs="+", choices=["spread", "clustered", "roads"], default=["spread", "clustered"])
    parser.add_argument("--area", default="baiquan")
    parser.add_argument("--villages", nargs="+", type=int, default=[98])
    parser.add_argument("--points", type=float, default=0.1)
    parser.add_argument("--weight", choices=["people", "villages"], default="people")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(1, 11)))
    parser.add_argument("--cpu-seconds", type=float, default=20.0)
    parser.add_argument("--every-set", type=int, default=0, help="Look at so many sets of equal coverage at the most.")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for kind in options.kind:
        make = _problem(kind, options)
        for villages in options.villages:
            for seed in options.seeds:
                problem = make(villages, seed)
                if options.weight == "villages":
                    problem = by_villages(problem)
                rows.append(_measured(problem, options, {"kind": kind, "villages": villages, "seed": seed}))
                print(json.dumps(rows[-1]), flush=True)
            _print_means([row for row in rows if (row["kind"], row["villages"]) == (kind, villages)])
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


Row = dict[str, str | int | float]


def _measured(problem: FrontierProblem, options: argparse.Namespace, named: Row) -> Row:
    began_s = time.process_time()
    losses = tuple(sorted({whole_loss(problem, loss) for loss in LOSSES}))
    frontier = plan_frontier(problem, cpu_seconds=options.cpu_seconds, seed=1, losses=losses)
    used_s = time.process_time() - began_s
    reference = frontier.coverage_only
    if reference is None:
        return {**named, "coverage": float("nan")}
    faults = check_frontier(problem, frontier)
    figures = {
        "coverage": round(reference.coverage, 4),
        "km": round(reference.km, 1),
        "points": len(reference.site_ids),
    }
    confirmed = sum(point.routing_yuan is not None for point in frontier.points)
    if options.every_set:
        all_of_them, least_km = every_equal_set(problem, options.every_set)
        named = {**named, "every_set": int(all_of_them), "least_km": round(least_km, 3)}
    plans = {"plans": len(frontier.points), "confirmed": confirmed, "faults": len(faults), "cpu_s": round(used_s, 1)}
    return {**named, **figures, **plans, **gains(problem, frontier)}


def _print_means(rows: list[Row]) -> None:
    names = ("equal", "points_0.01", "points_0.02", "share_0.01", "share_0.02", "preferring", "hub")
    means = {name: np.nanmean([float(row.get(name, np.nan)) for row in rows]) for name in names}
    worst = max(float(row.get("equal", -np.inf)) for row in rows)
    print("mean", {name: round(float(value), 2) for name, value in means.items()}, "worst at equal", worst, flush=True)


if __name__ == "__main__":
    main()
