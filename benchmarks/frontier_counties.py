"""Counties for the frontier of coverage and cost, made from a seed, and the plans to compare with, from exact models.

Spread: villages anywhere in a square; clustered: around townships. Every village is a site. Ways are 1.3 times as long as
the crow flies; people walk or ride at 25 km/h, vans drive at 40 km/h. Villages have 200 to 2,000 people (log-normal), and
one parcel a day for 20 of them. The hub lies near the middle. A fifth of the villages get a point, 20 minutes are the
standard, and a vehicle holds a fifth of all parcels. Nothing costs but kilometres. All of it is synthetic.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from planner.service.frontier import FrontierProblem, FrontierVehicle
from planner.units import BoolArray, FloatArray

DETOUR = 1.3
ACCESS_KPH, VAN_KPH = 25.0, 40.0
STANDARD_S = 1200.0
SQUARE_KM_A_VILLAGE = 36.0


def county(villages: int, seed: int, *, clustered: bool) -> FrontierProblem:
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
    return problem_of(metres, metres / (VAN_KPH / 3.6), metres[1:, 1:] / (ACCESS_KPH / 3.6), draws)


def problem_of(
    metres: FloatArray, seconds: FloatArray, access_s: FloatArray, draws: np.random.Generator
) -> FrontierProblem:
    """Return the problem of villages at places between which these are the ways, the hub first."""
    villages = len(access_s)
    people = np.clip(np.exp(draws.normal(6.5, 0.5, villages)), 200.0, 2000.0).round()
    points = max(1, round(villages / 5))
    ids = tuple(f"v{k:03d}" for k in range(villages))
    chosen = most_covering(access_s <= STANDARD_S, people, points)
    return FrontierProblem(
        village_ids=ids,
        weight=people,
        demand=people / 20.0,
        site_ids=ids,
        site_yuan=np.zeros(villages),
        site_capacity=np.full(villages, np.inf),
        access_s=access_s,
        standard_s=STANDARD_S,
        durations_s=seconds,
        distances_m=metres,
        vehicle=FrontierVehicle(capacity=float(people.sum() / 20.0 / 5.0)),
        coverage_only=tuple(ids[k] for k in np.flatnonzero(chosen)),
        days=1,
        most_sites=points,
    )


def most_covering(covers: BoolArray, weight: FloatArray, points: int) -> BoolArray:
    """Return the sites that cover most, proven (HiGHS)."""
    return _sites(covers, weight, points, np.zeros(len(covers)), None)


def nearest_hub(problem: FrontierProblem, least_covered: float) -> BoolArray:
    """Return the sites that cover so much and lie nearest to the hub in sum, as many at most (HiGHS)."""
    hub = (problem.distances_m[0, 1:] + problem.distances_m[1:, 0]) / 2000.0
    covers = problem.access_s <= problem.standard_s
    return _sites(covers, problem.weight, problem.limit, hub, least_covered)


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
        options={"mip_rel_gap": 0.0, "time_limit": 20.0},
    )
    if answer.x is None:
        raise RuntimeError(f"HiGHS found no plan: {answer.message}")
    return np.asarray(answer.x[:sites] > 0.5)
