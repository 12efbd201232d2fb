"""Vehicles that are alike keep the stops that they had: against every way to share them out, and what must not change."""

from dataclasses import replace
from itertools import permutations

from planner.routing import Depot, Lock, RoutePlan, RoutingProblem, Stop, VehicleType
from planner.routing.check import check
from planner.routing.kept_vehicles import with_vehicles_kept
from planner.routing.relaxation import RelaxationKind
from planner.routing.solve import plan_of, solve_routing
from planner.routing.timing import VehicleSteps
from tests.planner.routing.worlds import HOUR, road, vehicle

IDS = tuple("abcdefghi")


def world(*kinds: VehicleType, **asked: dict[str, object]) -> RoutingProblem:
    """Nine stops along one road, 10 kg each; ``asked`` is what one of them asks for besides."""
    stops = tuple(
        Stop(
            id=id_,
            name=id_,
            delivery=(10.0,),
            pickup=(0.0,),
            opens_s=0.0,
            closes_s=10 * HOUR,
            service_duration_s=60.0,
            **asked.get(id_, {}),
        )
        for id_ in IDS
    )
    fleet = kinds or (vehicle(count=5, max_duration_s=11 * HOUR),)
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=stops,
        vehicle_types=fleet,
        travel=road("hub", *IDS),
    )


def plan(problem: RoutingProblem, **routes: str) -> RoutePlan:
    """The plan of these routes: ``van_2="abc"`` is that van-2 drives to a, b and c."""
    kinds = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    at = {stop.id: stop for stop in problem.stops}
    steps = []
    for name, stops in routes.items():
        vehicle_id = name.replace("_", "-")
        steps.append(VehicleSteps(kinds[vehicle_id], tuple(at[id_] for id_ in stops), vehicle_id))
    return plan_of(problem, steps, engine="ruin_recreate", seed=1)


def driven(plan: RoutePlan) -> dict[str, str]:
    return {route.vehicle_id: "".join(visit.stop_id for visit in route.visits) for route in plan.routes}


def moved(before: RoutePlan, after: RoutePlan) -> int:
    """Stops that another vehicle serves than before."""
    was = {stop: id_ for id_, stops in driven(before).items() for stop in stops}
    return sum(was.get(stop) != id_ for id_, stops in driven(after).items() for stop in stops)


def test_every_vehicle_keeps_what_it_had_where_only_numbers_moved() -> None:
    problem = world()
    before = plan(problem, van_1="abc", van_2="def", van_4="ghi")
    after = plan(problem, van_1="ghi", van_2="abc", van_3="def")
    assert moved(before, after) == 9
    kept = with_vehicles_kept(problem, after, [before])
    assert driven(kept) == {"van-1": "abc", "van-2": "def", "van-4": "ghi"}
    assert with_vehicles_kept(problem, kept, [before]) == kept
    assert (kept.cost_yuan, kept.lower_bound_yuan, check(problem, kept)) == (
        after.cost_yuan,
        after.lower_bound_yuan,
        (),
    )
    # a route is the same but for who drives it
    times = {tuple(visit.arrival_s for visit in route.visits) for route in after.routes}
    assert {tuple(visit.arrival_s for visit in route.visits) for route in kept.routes} == times


def test_no_other_way_to_share_vehicles_out_moves_fewer_stops() -> None:
    problem = world()
    before = plan(problem, van_1="adg", van_2="bceh", van_3="f", van_5="i")
    after = plan(problem, van_1="be", van_2="cfi", van_3="ad", van_4="gh")
    kept = with_vehicles_kept(problem, after, [before])
    vans = [f"van-{n}" for n in range(1, 6)]
    was = {stop: id_ for id_, stops in driven(before).items() for stop in stops}
    fewest = min(
        sum(was[stop] != id_ for id_, stops in zip(ids, driven(after).values(), strict=False) for stop in stops)
        for ids in permutations(vans, 4)
    )
    # ad stays with van-1 and be with van-2; cfi keeps f with van-3 or i with van-5, gh then nothing: 9 - 2 - 2 - 1
    assert moved(before, kept) == fewest == 4
    assert {driven(kept)["van-1"], driven(kept)["van-2"]} == {"ad", "be"}


def test_the_day_before_decides_only_between_equals() -> None:
    problem = world()
    yesterday = plan(problem, van_3="abc", van_4="ghi")
    after = plan(problem, van_1="abc", van_2="ghi")
    assert driven(with_vehicles_kept(problem, after, [yesterday])) == {"van-3": "abc", "van-4": "ghi"}
    published = plan(problem, van_5="a", van_1="def")  # one stop of today's weighs more than three of yesterday's
    assert driven(with_vehicles_kept(problem, after, [published, yesterday])) == {"van-4": "ghi", "van-5": "abc"}
    # nothing in common: the plan's own numbers stay
    other = plan(problem, van_4="def")
    assert with_vehicles_kept(problem, after, [other]) == after
    apart = plan(problem, van_2="ghi", van_5="abc")
    assert with_vehicles_kept(problem, apart, [other]) == apart
    assert with_vehicles_kept(problem, after, []) is after


def test_types_that_differ_in_more_than_their_name_do_not_change_places() -> None:
    usual = vehicle(count=2, max_duration_s=11 * HOUR)
    hired, small = replace(usual, id="hired", name="hired", count=1), replace(usual, id="small", capacity=(50.0,))
    problem = world(usual, hired, small)
    before = plan(problem, van_1="abc", small_1="def", hired_1="ghi")
    after = plan(problem, van_1="def", van_2="ghi", small_1="abc")
    # hired-1 is a van in all but its name, and takes its villages; small-1 is none, and van-1 has no stop in common
    assert driven(with_vehicles_kept(problem, after, [before])) == {"hired-1": "ghi", "small-1": "abc", "van-1": "def"}


def test_a_vehicle_that_a_stop_or_a_lock_names_is_left_where_it_is() -> None:
    problem = world(a={"only_vehicles": ("van-1",)}, i={"not_vehicles": ("van-2",)})
    before = plan(problem, van_1="ad", van_3="bc", van_4="ef", van_5="ghi")
    after = plan(problem, van_1="a", van_2="d", van_3="ef", van_4="bc", van_5="ghi")
    kept = with_vehicles_kept(problem, after, [before])
    assert driven(kept) == {"van-1": "a", "van-2": "d", "van-3": "bc", "van-4": "ef", "van-5": "ghi"}
    assert check(problem, kept) == ()
    locked = replace(world(), locks=(Lock(vehicle_id="van-2", stop_ids=("a",)),))
    was, now = plan(locked, van_2="a", van_3="bc"), plan(locked, van_2="abc")
    assert driven(with_vehicles_kept(locked, now, [was])) == {"van-2": "abc"}


def test_what_would_serve_a_stop_is_said_of_the_vehicle_that_drives_the_route_now() -> None:
    # two vans for 40 kg each: nine stops of 10 kg are one too many, and room for one more is asked of some van
    problem = world(vehicle(count=2, capacity=(40.0,), max_duration_s=11 * HOUR))
    found = solve_routing(problem, iterations=20, seed=1, threads=1)
    (left,) = found.unassigned
    (asked,) = [one for one in left.relaxations if one.kind is RelaxationKind.MORE_ROOM]
    other = {"van-1": "van-2", "van-2": "van-1"}
    crossed = replace(found, routes=tuple(replace(one, vehicle_id=other[one.vehicle_id]) for one in found.routes))
    kept = with_vehicles_kept(problem, found, [crossed])
    assert driven(kept) == {other[id_]: stops for id_, stops in driven(found).items()}
    (said,) = [one for one in kept.unassigned[0].relaxations if one.kind is RelaxationKind.MORE_ROOM]
    assert said == replace(asked, vehicle_id=other[asked.vehicle_id])
