"""A plan worked out by hand passes the check; broken in every way the check knows, it does not."""

import math
from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.model import Fact
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.solution import Route, RoutePlan, Unassigned, UnassignedReason, ViolationKind, Visit
from tests.planner.routing.worlds import road, vehicle


def stop(id_: str, delivery: float, pickup: float, **changes: float) -> Stop:
    values = {"opens_s": 0.0, "closes_s": 50_000.0, "service_duration_s": 60.0}
    return Stop(id=id_, name=id_, delivery=(delivery,), pickup=(pickup,), **(values | changes))


# hub - a - b on one road, 600 s and 10 km apart; "c" is an island
VAN = vehicle()


def line(**changes: object) -> RoutingProblem:
    values = {
        "dimensions": ("kg",),
        "depots": (Depot(id="hub", name="hub"),),
        "stops": (stop("a", 40, 10), stop("b", 50, 80), stop("c", 1, 1)),
        "vehicle_types": (VAN,),
        "travel": road("hub", "a", "b", "c", cut_off=("c",)),
    }
    return RoutingProblem(**(values | changes))


def visit(stop_id: str, arrival: float, delivered: float, picked_up: float, load: float) -> Visit:
    return Visit(
        stop_id=stop_id,
        arrival_s=arrival,
        service_start_s=arrival,
        departure_s=arrival + 60,
        distance_m=10_000.0,
        driving_s=600.0,
        delivered=(delivered,),
        picked_up=(picked_up,),
        load_after=(load,),
    )


# leaves at 1000 with 90 kg; a at 1600: 90 - 40 + 10 = 60; b at 2260: 60 - 50 + 80 = 90; back at 2320 + 1200 = 3520
# cost: 50 + 40 km x 1 + 2520 s x 36 / 3600 = 50 + 40 + 25.2 = 115.2
ROUTE = Route(
    vehicle_id="van-1",
    vehicle_type_id="van",
    depot_id="hub",
    start_s=1000.0,
    end_s=3520.0,
    load_at_start=(90.0,),
    visits=(visit("a", 1600, 40, 10, 60), visit("b", 2260, 50, 80, 90)),
    return_distance_m=20_000.0,
    return_driving_s=1200.0,
    distance_m=40_000.0,
    driving_s=2400.0,
    cost_yuan=115.2,
)
GOOD = RoutePlan(
    dimensions=("kg",),
    routes=(ROUTE,),
    unassigned=(Unassigned(stop_id="c", reason=UnassignedReason.UNREACHABLE, details=Fact(code="no_depot_has_a_way")),),
    cost_yuan=115.2,
    lower_bound_yuan=100.0,
    engine="by hand",
    seed=0,
)


def with_route(**changes: object) -> RoutePlan:
    return replace(GOOD, routes=(replace(ROUTE, **changes),))


def with_visit(number: int, **changes: object) -> RoutePlan:
    visits = list(ROUTE.visits)
    visits[number] = replace(visits[number], **changes)
    return with_route(visits=tuple(visits))


def test_the_plan_worked_out_by_hand_holds():
    assert check(line(), GOOD) == ()


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (with_visit(0, stop_id="z"), ViolationKind.UNKNOWN_ID),
        (with_route(vehicle_id="van-3"), ViolationKind.UNKNOWN_ID),
        (with_route(visits=()), ViolationKind.EMPTY_ROUTE),
        (replace(GOOD, routes=(ROUTE, ROUTE)), ViolationKind.VEHICLE_USED_TWICE),
        (replace(GOOD, routes=(ROUTE, ROUTE)), ViolationKind.VISITED_TWICE),
        (replace(GOOD, unassigned=()), ViolationKind.NOT_ACCOUNTED_FOR),
        (with_visit(1, stop_id="c"), ViolationKind.NO_WAY),
        (with_visit(0, distance_m=9_000.0), ViolationKind.WRONG_DISTANCE),
        (with_route(distance_m=39_000.0), ViolationKind.WRONG_DISTANCE),
        (with_visit(0, driving_s=500.0), ViolationKind.WRONG_TIME),
        (with_visit(0, arrival_s=1500.0), ViolationKind.WRONG_TIME),
        (with_visit(0, service_start_s=1500.0), ViolationKind.WRONG_TIME),
        (with_visit(1, departure_s=2270.0), ViolationKind.WRONG_TIME),
        (with_route(end_s=3000.0), ViolationKind.WRONG_TIME),
        (with_route(start_s=math.nan), ViolationKind.WRONG_TIME),
        (with_route(load_at_start=(80.0,)), ViolationKind.WRONG_LOAD),
        (with_visit(0, load_after=(50.0,)), ViolationKind.WRONG_LOAD),
        (with_visit(0, picked_up=()), ViolationKind.WRONG_LOAD),
        (with_route(cost_yuan=115.0), ViolationKind.WRONG_COST),
        (replace(GOOD, cost_yuan=100.0), ViolationKind.WRONG_COST),
        (replace(GOOD, lower_bound_yuan=120.0), ViolationKind.WRONG_COST),
        (replace(GOOD, lower_bound_yuan=math.nan), ViolationKind.WRONG_COST),
        (replace(GOOD, dimensions=("m3",)), ViolationKind.WRONG_DIMENSIONS),
        (replace(GOOD, dimensions=()), ViolationKind.WRONG_DIMENSIONS),
    ],
)
def test_a_broken_plan_is_noticed(broken, kind):
    assert kind in {violation.kind for violation in check(line(), broken)}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"vehicle_types": (replace(VAN, capacity=(89.0,)),)}, ViolationKind.CAPACITY),
        ({"vehicle_types": (replace(VAN, shift_end_s=3500.0),)}, ViolationKind.SHIFT),
        ({"vehicle_types": (replace(VAN, shift_start_s=1001.0),)}, ViolationKind.SHIFT),
        ({"vehicle_types": (replace(VAN, max_duration_s=2500.0),)}, ViolationKind.MAX_DURATION),
        ({"stops": (stop("a", 40, 10, closes_s=1599.0), stop("b", 50, 80), stop("c", 1, 1))}, ViolationKind.WINDOW),
        ({"stops": (stop("a", 40, 10, opens_s=1700.0), stop("b", 50, 80), stop("c", 1, 1))}, ViolationKind.WINDOW),
        (
            {
                "stops": (
                    replace(stop("a", 40, 10, closes_s=1500.0), further_windows=((1700.0, 1800.0),)),
                    stop("b", 50, 80),
                    stop("c", 1, 1),
                )
            },
            ViolationKind.WINDOW,
        ),
        (
            {"stops": (replace(stop("a", 40, 10), needs=("cold",)), stop("b", 50, 80), stop("c", 1, 1))},
            ViolationKind.SKILL,
        ),
    ],
)
def test_a_plan_that_breaks_a_limit_is_noticed(changes, kind):
    assert kind in {violation.kind for violation in check(line(**changes), GOOD)}


def test_a_visit_in_a_further_window_by_a_vehicle_with_the_skill_holds():
    early = replace(stop("a", 40, 10, closes_s=900.0), further_windows=((1550.0, 1600.0),), needs=("cold",))
    problem = line(
        stops=(early, stop("b", 50, 80), stop("c", 1, 1)), vehicle_types=(replace(VAN, skills=("cold", "track")),)
    )
    assert check(problem, GOOD) == ()


@pytest.mark.parametrize(
    ("changes", "claimed", "holds"),
    [
        ({}, UnassignedReason.FLEET_USED_UP, True),
        ({}, UnassignedReason.SKIPPED, False),
        ({"skip_cost_yuan": 5.0}, UnassignedReason.SKIPPED, True),
        ({"skip_cost_yuan": 5.0}, UnassignedReason.FLEET_USED_UP, False),
        ({"needs": ("cold",)}, UnassignedReason.NO_SKILL, True),
        ({"needs": ("cold",)}, UnassignedReason.FLEET_USED_UP, False),
        # b is reached at 1200 s at the earliest: the first window is over, the second is not
        ({"closes_s": 900.0}, UnassignedReason.WINDOW_TOO_EARLY, True),
        ({"closes_s": 900.0, "further_windows": ((2000.0, 3000.0),)}, UnassignedReason.WINDOW_TOO_EARLY, False),
        ({"closes_s": 900.0, "further_windows": ((2000.0, 3000.0),)}, UnassignedReason.FLEET_USED_UP, True),
    ],
)
def test_a_reason_that_does_not_hold_is_noticed(changes, claimed, holds):
    problem = line(stops=(stop("a", 40, 10), replace(stop("b", 50, 80), **changes), stop("c", 1, 1)))
    # a alone: leaves with 40 kg, back with 10; 600 + 60 + 600 s, 20 km: 50 + 20 + 12.6 = 82.6 yuan
    alone = replace(
        ROUTE,
        end_s=2260.0,
        load_at_start=(40.0,),
        visits=(visit("a", 1600, 40, 10, 10),),
        return_distance_m=10_000.0,
        return_driving_s=600.0,
        distance_m=20_000.0,
        driving_s=1200.0,
        cost_yuan=82.6,
    )
    left = Unassigned(stop_id="b", reason=claimed, details=Fact(code="no_depot_has_a_way"))
    plan = replace(GOOD, routes=(alone,), unassigned=(left, *GOOD.unassigned), cost_yuan=82.6, lower_bound_yuan=0.0)
    kinds = {violation.kind for violation in check(problem, plan)}
    assert kinds == (set() if holds else {ViolationKind.WRONG_REASON})


# hub - a takes 600 s, service 60 s, the way back 600 s: a route to a alone takes 1260 s
@pytest.mark.parametrize(
    ("left", "changes", "true"),
    [
        (stop("c", 1, 1), {}, {"unreachable"}),
        (stop("a", 101, 1), {}, {"larger_than_any_vehicle"}),
        (stop("a", 1, 101), {}, {"larger_than_any_vehicle"}),
        # who cannot come before it closes fits no shift either
        (stop("a", 1, 1, closes_s=599.0), {}, {"window_closes_before_arrival", "does_not_fit_any_shift"}),
        (stop("a", 1, 1, opens_s=39_341.0), {}, {"does_not_fit_any_shift"}),
        (stop("a", 1, 1), {"max_duration_s": 1259.0}, {"does_not_fit_any_shift"}),
        (stop("a", 1, 1), {"max_duration_s": 1260.0}, {"fleet_used_up"}),
        # one may leave late, so that a late opening makes no long duty: back at 39,340 + 60 + 600 = 40,000
        (stop("a", 1, 1, opens_s=39_340.0), {"max_duration_s": 1260.0}, {"fleet_used_up"}),
    ],
)
def test_of_all_reasons_for_an_unassigned_stop_only_the_true_ones_hold(left, changes, true):
    problem = line(stops=(left,), vehicle_types=(replace(VAN, **changes),))
    empty = replace(GOOD, routes=(), cost_yuan=0.0, lower_bound_yuan=0.0)
    found = {
        reason: [
            violation.kind
            for violation in check(
                problem,
                replace(
                    empty,
                    unassigned=(Unassigned(stop_id=left.id, reason=reason, details=Fact(code="no_depot_has_a_way")),),
                ),
            )
        ]
        for reason in UnassignedReason
    }
    assert {reason.value for reason, kinds in found.items() if not kinds} == true
    assert all(kinds in ([], [ViolationKind.WRONG_REASON]) for kinds in found.values())


def test_order_matters_for_simultaneous_pickup_and_delivery():
    # the same stops the other way round: b first gives 90 - 50 + 80 = 120 kg on a van for 100
    turned = with_route(visits=(visit("b", 2200, 50, 80, 120), visit("a", 2860, 40, 10, 90)))
    assert ViolationKind.CAPACITY in {violation.kind for violation in check(line(), turned)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depots": ()}, "there is no depot"),
        ({"vehicle_types": ()}, "there is no vehicle type"),
        ({"stops": (stop("a", -1, 0),)}, "delivery (-1,) must be finite and not negative"),
        ({"stops": (stop("a", 1, math.nan),)}, "pickup (nan,) must be finite"),
        ({"stops": (stop("a", 1, 1, opens_s=9.0, closes_s=8.0),)}, "closes at 8.0 before it opens at 9.0"),
        ({"stops": (stop("a", 1, 1), stop("a", 1, 1))}, "'a' is given more than once"),
        (
            {"stops": (replace(stop("a", 1, 1, closes_s=9.0), further_windows=((9.0, 12.0),)),)},
            "window opens at 9.0 before the one before it closes at 9.0",
        ),
        (
            {"stops": (replace(stop("a", 1, 1, closes_s=9.0), further_windows=((12.0, 11.0),)),)},
            "window closes at 11.0 before it opens at 12.0",
        ),
        ({"stops": (replace(stop("a", 1, 1), skip_cost_yuan=math.nan),)}, "skip_cost_yuan is nan"),
        ({"stops": (stop("z", 1, 1),)}, "'z' has no row in the travel matrix"),
        ({"dimensions": ("kg", "m3")}, "1 amounts for 2 dimensions"),
        (
            {"stops": (stop("a", 1, 1, opens_s=-5.0),)},
            "stop 'a': window (-5.0, 50000.0) must be finite and not negative",
        ),
        ({"stops": (stop("a", 1, 1, service_duration_s=math.nan),)}, "stop 'a': service_duration_s is nan"),
        ({"vehicle_types": (replace(VAN, capacity=(-1.0,)),)}, "capacity (-1.0,) must not be negative or NaN"),
        (
            {"vehicle_types": (replace(VAN, fixed_cost_yuan=math.inf),)},
            "'van': fixed_cost_yuan is inf, it must be finite",
        ),
        ({"vehicle_types": (replace(VAN, max_duration_s=math.nan),)}, "max_duration_s is nan"),
        ({"vehicle_types": (replace(VAN, shift_end_s=0.0),)}, "shift ends at 0.0"),
        ({"vehicle_types": (replace(VAN, count=0),)}, "count is 0"),
        ({"vehicle_types": (replace(VAN, depot_id="x"),)}, "depot 'x' is not among the depots"),
    ],
)
def test_a_problem_that_does_not_hold_together_is_refused(changes, message):
    with pytest.raises(BadDataError) as caught:
        line(**changes)
    assert message in str(caught.value)
