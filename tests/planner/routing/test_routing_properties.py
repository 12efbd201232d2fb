"""What holds for every routing problem, whatever its figures."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.check import check
from planner.routing.solve import solve_routing

TIMES = st.integers(0, 30_000).map(float)
LEGS = st.one_of(st.integers(0, 9_000).map(float), st.floats(0, 9_000), st.just(float("inf")))
AMOUNTS = st.one_of(st.integers(0, 60).map(float), st.floats(0, 60))
CAPACITIES = st.one_of(st.integers(20, 150).map(float), st.just(float("inf")))
SKILLS = st.sampled_from([(), (), (), ("cold",), ("track",), ("cold", "track")])


@st.composite
def stops(draw, id_: str, dimensions: int) -> Stop:
    amounts = st.tuples(*[AMOUNTS] * dimensions)
    times = sorted(draw(st.lists(TIMES, min_size=2, max_size=6, unique=True)))
    windows = list(zip(times[::2], times[1::2], strict=False))
    return Stop(
        id=id_,
        name=id_,
        delivery=draw(amounts),
        pickup=draw(amounts),
        opens_s=windows[0][0],
        closes_s=windows[0][1],
        further_windows=tuple(windows[1:]),
        needs=draw(SKILLS),
        skip_cost_yuan=draw(st.one_of(st.just(float("inf")), st.floats(0, 100))),
        service_duration_s=draw(st.floats(0, 1_000)),
    )


@st.composite
def vehicle_types(draw, id_: str, depot_ids: list[str], dimensions: int) -> VehicleType:
    begins = draw(TIMES)
    return VehicleType(
        id=id_,
        name=id_,
        count=draw(st.integers(1, 3)),
        depot_id=draw(st.sampled_from(depot_ids)),
        capacity=draw(st.tuples(*[CAPACITIES] * dimensions)),
        shift_start_s=begins,
        shift_end_s=begins + 1 + draw(TIMES),
        max_duration_s=draw(st.one_of(TIMES, st.just(float("inf")))),
        fixed_cost_yuan=draw(st.floats(0, 200)),
        cost_per_km_yuan=draw(st.floats(0, 3)),
        cost_per_hour_yuan=draw(st.floats(0, 60)),
        skills=draw(SKILLS),
    )


@st.composite
def problems(draw) -> RoutingProblem:
    dimensions = draw(st.integers(1, 4))
    depot_ids = [f"d{i}" for i in range(draw(st.integers(1, 2)))]
    stop_ids = [f"s{i}" for i in range(draw(st.integers(0, 7)))]
    ids = (*depot_ids, *stop_ids)
    legs = [[draw(LEGS) for _ in ids] for _ in ids]
    seconds = np.array(legs)
    return RoutingProblem(
        dimensions=tuple("abcd"[:dimensions]),
        depots=tuple(Depot(id=id_, name=id_) for id_ in depot_ids),
        stops=tuple(draw(stops(id_, dimensions)) for id_ in stop_ids),
        vehicle_types=tuple(
            draw(vehicle_types(f"v{i}", depot_ids, dimensions)) for i in range(draw(st.integers(1, 3)))
        ),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=seconds * 7),
    )


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problem=problems(), seed=st.integers(-5, 5))
def test_every_stop_is_accounted_for_once_and_the_plan_repeats(engine, problem, seed):
    plan = solve_routing(problem, iterations=2, seed=seed, engine=engine)
    assert check(problem, plan) == ()
    named = [visit.stop_id for route in plan.routes for visit in route.visits]
    named += [left.stop_id for left in plan.unassigned]
    assert sorted(named) == sorted(stop.id for stop in problem.stops)
    assert plan == solve_routing(problem, iterations=2, seed=seed, engine=engine)
