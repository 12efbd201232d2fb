"""Routes of a plan stand in the natural order of their vehicles, whichever was found first."""

from planner.routing import Depot, RoutingProblem
from planner.routing.solve import plan_of
from planner.routing.timing import VehicleSteps
from tests.planner.routing.line_worlds import stop, van
from tests.planner.routing.worlds import road


def test_van_2_stands_before_van_10() -> None:
    stops = (stop("a", 1), stop("b", 1), stop("c", 1))
    kind = van(count=10)
    problem = RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=stops,
        vehicle_types=(kind,),
        travel=road("hub", "a", "b", "c"),
    )
    driven = [VehicleSteps(kind, [one], id_) for one, id_ in zip(stops, ("van-10", "van-2", "van-1"), strict=True)]
    plan = plan_of(problem, driven, engine="by hand", seed=0)
    assert [route.vehicle_id for route in plan.routes] == ["van-1", "van-2", "van-10"]
