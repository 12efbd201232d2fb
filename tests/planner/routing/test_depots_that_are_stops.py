"""A depot that is a stop too: vehicles of another depot bring to it what is meant for the place."""

from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.routing import Depot, RoutingProblem, Stop, ViolationKind
from planner.routing.check import check
from planner.routing.solve import solve_routing
from tests.planner.routing.worlds import road, vehicle

STATION = Depot(id="station", name="station", stop_too=True)
VILLAGE = Stop(
    id="village",
    name="village",
    delivery=(10.0,),
    pickup=(0.0,),
    opens_s=0.0,
    closes_s=30_000.0,
    service_duration_s=60.0,
    only_vehicles=("tricycle",),
)
AT_STATION = replace(VILLAGE, id="station", name="station", delivery=(30.0,), only_vehicles=("van",))


def problem(**changes):
    """A hub, a station with a tricycle of its own, and a village behind it."""
    return RoutingProblem(
        **{
            "dimensions": ("kg",),
            "depots": (Depot(id="hub", name="hub"), STATION),
            "stops": (AT_STATION, VILLAGE),
            "vehicle_types": (vehicle(), vehicle(id="tricycle", depot_id="station", count=1, fixed_cost_yuan=20.0)),
            "travel": road("hub", "station", "village"),
        }
        | changes
    )


def test_a_van_brings_goods_to_the_depot_of_another_vehicle():
    asked = problem()
    found = solve_routing(asked, seed=1, iterations=5)
    assert not list(check(asked, found))
    served = {visit.stop_id: route for route in found.routes for visit in route.visits}
    assert (served["station"].depot_id, served["village"].depot_id) == ("hub", "station")
    assert served["station"].distance_m == 20_000
    assert served["village"].distance_m == 20_000


def test_its_visit_is_judged_like_any_other():
    asked = problem()
    found = solve_routing(asked, seed=1, iterations=5)
    # the van's own time at the station must hold, although the stop is called like a depot
    early = tuple(
        replace(route, visits=tuple(replace(one, arrival_s=0.0, service_start_s=0.0) for one in route.visits))
        if route.depot_id == "hub"
        else route
        for route in found.routes
    )
    assert ViolationKind.WRONG_TIME in {one.kind for one in check(asked, replace(found, routes=early))}
    short = tuple(route for route in found.routes if route.depot_id != "hub")
    assert ViolationKind.NOT_ACCOUNTED_FOR in {one.kind for one in check(asked, replace(found, routes=short))}


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({"depots": (Depot(id="hub", name="hub"), replace(STATION, stop_too=False))}, "station"),
        ({"stops": (AT_STATION, AT_STATION, VILLAGE)}, "station"),
        ({"stops": (replace(AT_STATION, id="hub"), VILLAGE)}, "hub"),
        ({"depots": (Depot(id="hub", name="hub"), STATION, STATION)}, "station"),
    ],
)
def test_other_ids_that_come_twice_are_refused(changes, id_):
    with pytest.raises(BadDataError, match="routing problem is invalid") as caught:
        problem(**changes)
    assert any(f"depot or stop '{id_}' is given more than once" in str(one) for one in caught.value.problems)
