from dataclasses import replace

import pytest

from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.schedule import schedule
from planner.routing.solution import RoutePlan
from tests.planner.routing.worlds import road, vehicle

VAN = vehicle(count=1)


def stop(id_: str, opens_s: float, closes_s: float) -> Stop:
    return Stop(
        id=id_,
        name=id_,
        delivery=(10.0,),
        pickup=(20.0,),
        opens_s=opens_s,
        closes_s=closes_s,
        service_duration_s=60.0,
    )


def line(*stops: Stop) -> RoutingProblem:
    # hub - a - b on one road, 600 s and 10 km apart
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=stops,
        vehicle_types=(VAN,),
        travel=road("hub", "a", "b"),
    )


def test_the_start_is_as_late_as_the_first_opening_allows():
    # a opens at 3600: leave at 3000, serve 3600-3660, b 4260-4320, back at 5520
    problem = line(stop("a", 3600, 9000), stop("b", 0, 9000))
    route = schedule(problem, VAN, "van-1", problem.stops)
    assert (route.start_s, route.end_s) == (3000, 5520)
    # 50 + 40 km + 2520 s at 36 yuan an hour
    assert route.cost_yuan == pytest.approx(50 + 40 + 25.2)
    assert [visit.load_after for visit in route.visits] == [(30.0,), (40.0,)]


@pytest.mark.parametrize(
    ("prices", "yuan"),
    [
        ({"fixed_cost_yuan": 50.0}, 50),
        ({"cost_per_km_yuan": 1.5}, 60),
        ({"cost_per_hour_yuan": 36.0}, 62.6),
        ({"cost_per_driving_hour_yuan": 18.0}, 12),
        # a price of its own each: 50 + 60 + 62.6 + 12
        (
            {
                "fixed_cost_yuan": 50.0,
                "cost_per_km_yuan": 1.5,
                "cost_per_hour_yuan": 36.0,
                "cost_per_driving_hour_yuan": 18.0,
            },
            184.6,
        ),
    ],
)
def test_each_price_is_paid_for_what_it_is_asked_for(prices, yuan):
    # leave at 3000, serve a 3600-3660, at b 4260, which opens at 8000: serve it until 8060, back at 9260.
    # 40 km; 6260 s on duty, of which 4 x 600 = 2400 s are driving
    problem = line(stop("a", 3600, 3600), stop("b", 8000, 9000))
    free = {"fixed_cost_yuan": 0.0, "cost_per_km_yuan": 0.0, "cost_per_hour_yuan": 0.0}
    route = schedule(problem, replace(VAN, **(free | prices)), "van-1", problem.stops)
    assert (route.start_s, route.end_s, route.driving_s, route.distance_m) == (3000, 9260, 2400, 40_000)
    assert route.cost_yuan == pytest.approx(yuan)


def test_what_is_scheduled_passes_the_check():
    problem = line(stop("a", 3600, 9000), stop("b", 8000, 9000))
    route = schedule(problem, VAN, "van-1", problem.stops)
    plan = RoutePlan(
        dimensions=("kg",),
        routes=(route,),
        unassigned=(),
        cost_yuan=route.cost_yuan,
        lower_bound_yuan=0.0,
        engine="schedule",
        seed=0,
    )
    assert check(problem, plan) == ()


@pytest.mark.parametrize(
    ("stops", "changes"),
    [
        ((stop("a", 0, 599), stop("b", 0, 9000)), {}),
        ((stop("a", 0, 9000), stop("b", 0, 1259)), {}),
        ((stop("a", 0, 9000), stop("b", 0, 9000)), {"shift_end_s": 2519.0}),
        ((stop("a", 0, 700), stop("b", 9000, 9900)), {"max_duration_s": 9000.0}),
    ],
)
def test_what_does_not_fit_is_no_route(stops, changes):
    problem = line(*stops)
    assert schedule(problem, replace(VAN, **changes), "van-1", problem.stops) is None
