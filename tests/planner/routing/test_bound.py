"""The lower bound against routes that can be worked out by hand."""

import pytest

from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.bound import lower_bound_yuan
from tests.planner.routing.worlds import road, vehicle

# hub - a - b on one road, 600 s and 10 km apart; "far" is a hub that no road joins to them


def line(*, depot_ids: tuple[str, ...] = ("hub",), cost_per_km_yuan: float = 1.0) -> RoutingProblem:
    stops = tuple(
        Stop(
            id=id_,
            name=id_,
            delivery=(10.0,),
            pickup=(10.0,),
            opens_s=0.0,
            closes_s=30_000.0,
            service_duration_s=60.0,
        )
        for id_ in ("a", "b")
    )
    van = vehicle(max_duration_s=30_000.0, cost_per_km_yuan=cost_per_km_yuan)
    return RoutingProblem(
        dimensions=("kg",),
        depots=tuple(Depot(id=id_, name=id_) for id_ in depot_ids),
        stops=stops,
        vehicle_types=(van,),
        travel=road("hub", "a", "b", "far", cut_off=("far",)),
    )


# A leg between neighbours is 10 km at 1 yuan and 600 s at 0.01 yuan a second: 16 yuan. Two stops: each is entered by such
# a leg, and one leads back, 3 x 16; 120 s of service 1.2; a vehicle 50: 99.2. The best route is hub - a - b - hub, 40 km
# and 2520 s: 50 + 40 + 25.2 = 115.2. b alone is entered and left over 20 km and 1200 s: 50 + 2 x 32 + 0.6 = 114.6, and
# the only route costs just that.
@pytest.mark.parametrize(
    ("served", "at_least", "best_cost"), [({"a", "b"}, 99.2, 115.2), ({"b"}, 114.6, 114.6), (set(), 0.0, 0.0)]
)
def test_the_bound_is_worth_what_hands_can_prove_and_never_above_the_best_route(served, at_least, best_cost):
    bound = lower_bound_yuan(line(), served)
    assert at_least - 1e-6 <= bound <= best_cost + 1e-6


def test_a_hub_that_no_road_joins_leaves_the_bound_finite_where_kilometres_are_free():
    # without kilometres a leg between neighbours is 6 yuan: 50 + 3 x 6 + 1.2 = 69.2, the best route 50 + 25.2
    bound = lower_bound_yuan(line(depot_ids=("hub", "far"), cost_per_km_yuan=0.0), {"a", "b"})
    assert 69.2 - 1e-6 <= bound <= 75.2 + 1e-6
