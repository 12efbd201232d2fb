"""Three tiers: a day worked out by hand, tiny worlds against all plans, and what must hold when a world changes."""

import math
from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.service.tiers import (
    MissedReason,
    TierEffort,
    TierFault,
    TierPlan,
    TownshipReason,
    TownshipWay,
    check_tiers,
    first_return_s,
    plan_tiers,
)
from tests.planner.service.tier_worlds import HOUR, cheapest_of_all, line, plane, point, station

QUICK = TierEffort(iterations=4, last_iterations=4, plans=17)


def clock(hours, minutes=0, seconds=0):
    return hours * HOUR + minutes * 60.0 + seconds


# The truck leaves at 7:00 and is there at 8:00; its call takes 300 s and 10 x 2 s, sorting 10 x 30 s: ready at 8:10:20. The
# tricycle drives half an hour, serves 600 s, and is back at 9:20:20; 4 x 30 s later, at 9:22:20, its produce is ready.
READY, BACK, HANDLED = clock(8, 10, 20), clock(9, 20, 20), clock(9, 22, 20)
# A truck that waited there loads for 4 x 2 s; one that comes again calls for 300 s more. Then it is an hour to the hub.
AT_HUB_WAITED, AT_HUB_AGAIN = clock(10, 22, 28), clock(10, 27, 28)


def test_a_day_of_one_village_is_as_worked_out_by_hand() -> None:
    problem = line()
    plan = plan_tiers(problem, seed=1, effort=QUICK)
    assert plan.holds
    assert check_tiers(problem, plan) == []
    down, up = plan.consignments
    assert (down.up, down.here_s, down.ready_s, down.bench) == (
        False,
        clock(8, 5, 20),
        READY,
        ((clock(8, 5, 20), READY),),
    )
    assert (up.up, up.here_s, up.ready_s) == (True, BACK, HANDLED)
    ((_, routes),) = plan.station_plans
    assert (routes.routes[0].start_s, routes.routes[0].end_s) == (READY, BACK)
    (trunk,) = plan.hub_plan.routes
    assert trunk.end_s == AT_HUB_WAITED
    # trunk: 50 + 120 km x 2; tricycle: 10 + 40 km x 0.3; station: 10 + 14 parcels x 0.1
    assert plan.cost.hub_yuan == pytest.approx(290.0)
    assert plan.cost.routes_yuan == pytest.approx(22.0)
    assert plan.cost.stations_yuan == pytest.approx(11.4)


def test_a_cut_off_before_the_first_possible_arrival_says_when_that_is() -> None:
    problem = line(cut_off_s=clock(10))
    (goods,) = problem.points
    assert first_return_s(problem, goods) == AT_HUB_AGAIN  # by a truck that comes for it alone
    plan = plan_tiers(problem, seed=1, effort=QUICK)
    (missed,) = plan.missed
    assert (missed.point_id, missed.reason, missed.until_s) == ("v", MissedReason.CUT_OFF_TOO_EARLY, AT_HUB_AGAIN)
    (township,) = plan.townships
    assert (township.way, township.reason) == (TownshipWay.NOT_WHOLLY, TownshipReason.NEITHER_WHOLE)
    assert plan_tiers(line(cut_off_s=missed.until_s), seed=1, effort=QUICK).holds


def test_both_costs_and_the_reason_are_those_of_two_plans_worked_out_by_hand() -> None:
    both = (point("v", "t", 10, 4, ("st",)),)
    plan = plan_tiers(line(points=both), seed=1, effort=QUICK)
    (township,) = plan.townships
    # direct: 50 + 160 km x 2; by station as above
    assert township.direct_yuan == pytest.approx(370.0)
    assert township.station_yuan == pytest.approx(323.4)
    assert (township.way, township.reason) == (TownshipWay.STATION, TownshipReason.CHEAPER)
    assert plan.all_townships_tried
    dear = line(points=both, stations=(station("st", fixed_yuan=60.0),))
    (township,) = plan_tiers(dear, seed=1, effort=QUICK).townships
    assert (township.way, township.station_yuan) == (TownshipWay.DIRECT, pytest.approx(373.4))


def test_a_station_without_room_gives_way_to_the_dearer_direct_service() -> None:
    small = line(points=(point("v", "t", 10, 4, ("st",)),), stations=(station("st", room=(9.0,)),))
    plan = plan_tiers(small, seed=1, effort=QUICK)
    (township,) = plan.townships
    assert (township.way, township.reason, township.station_yuan) == (
        TownshipWay.DIRECT,
        TownshipReason.OTHER_BREAKS_STANDARD,
        None,
    )
    only = line(stations=(station("st", room=(9.0,)),))
    (missed,) = plan_tiers(only, seed=1, effort=QUICK).missed
    assert (missed.reason, missed.room) == (MissedReason.ROOM, (10.0,))


@pytest.mark.parametrize(("seed", "cut_off_h"), [(1, 18.0), (4, 18.0), (6, 18.0), (2, 10.5), (5, 10.5)])
def test_tiny_worlds_cost_what_the_cheapest_of_all_plans_costs(seed: int, cut_off_h: float) -> None:
    problem = plane(seed, cut_off_s=cut_off_h * HOUR)
    plan = plan_tiers(problem, seed=1, effort=QUICK)
    assert check_tiers(problem, plan) == []
    assert plan.cost.total_yuan == pytest.approx(cheapest_of_all(problem))


def test_where_no_plan_of_all_holds_none_is_claimed() -> None:
    problem = plane(2, cut_off_s=8.5 * HOUR)
    assert cheapest_of_all(problem) is None
    plan = plan_tiers(problem, seed=1, effort=QUICK)
    assert not plan.holds
    assert check_tiers(problem, plan) == []
    for missed in plan.missed:
        assert missed.until_s is not None or missed.relaxations


@pytest.fixture(scope="module")
def fourth() -> TierPlan:
    return plan_tiers(plane(4), seed=1, effort=QUICK)


def test_dearer_money_same_plan_and_other_order_same_cost(fourth: TierPlan) -> None:
    problem, plan = plane(4), fourth
    again = plan_tiers(replace(problem, points=problem.points[::-1]), seed=1, effort=QUICK)
    assert again == plan

    def twice(kind):
        return replace(kind, fixed_cost_yuan=2 * kind.fixed_cost_yuan, cost_per_km_yuan=2 * kind.cost_per_km_yuan)

    dear = replace(
        problem,
        hub_vehicles=tuple(twice(kind) for kind in problem.hub_vehicles),
        stations=tuple(
            replace(
                one,
                vehicle_types=tuple(twice(kind) for kind in one.vehicle_types),
                fixed_yuan=2 * one.fixed_yuan,
                yuan_per_parcel=2 * one.yuan_per_parcel,
            )
            for one in problem.stations
        ),
    )
    assert plan_tiers(dear, seed=1, effort=QUICK).cost.total_yuan == pytest.approx(2 * plan.cost.total_yuan)


def test_what_is_allowed_more_never_costs_more(fourth: TierPlan) -> None:
    problem, least = plane(4), fourth.cost.total_yuan
    tight = [
        replace(problem, cut_off_s=11 * HOUR),
        replace(problem, stations=tuple(replace(one, room=(20.0,)) for one in problem.stations)),
        replace(problem, points=tuple(replace(one, station_ids=()) for one in problem.points)),
    ]
    for one in tight:
        plan = plan_tiers(one, seed=1, effort=QUICK)
        assert check_tiers(one, plan) == []
        assert not plan.holds or plan.cost.total_yuan >= least - 1e-6


def _broken_worlds():
    """Worlds in which the plan of `line` is false, and what is false then."""
    whole = line()
    one = whole.stations[0]

    def of_station(**changes):
        return replace(whole, stations=(replace(one, **changes),))

    def of_stop(**changes):
        return replace(whole, points=(replace(whole.points[0], stop=replace(whole.points[0].stop, **changes)),))

    trike = one.vehicle_types[0]
    yield "sorting is slower", of_station(sort_s_per_parcel=31.0), TierFault.BENCH
    yield "less room", of_station(room=(9.9,)), TierFault.ROOM
    yield "longer calls", of_station(call_s=400.0), TierFault.TIME
    yield "goods ready later", of_stop(release_s=clock(7, 30)), TierFault.NOT_THERE
    yield "more parcels", of_stop(delivery=(11.0,)), TierFault.CONSIGNMENT
    yield "more produce", of_stop(pickup=(5.0,)), TierFault.CONSIGNMENT
    yield "earlier cut-off", replace(whole, cut_off_s=AT_HUB_WAITED - 1), TierFault.CUT_OFF
    yield "window", of_stop(closes_s=clock(8, 30)), TierFault.WINDOW
    yield "dearer", of_station(fixed_yuan=11.0), TierFault.COST
    yield "smaller tricycle", of_station(vehicle_types=(replace(trike, capacity=(9.0,)),)), TierFault.CAPACITY
    yield "other tricycle", of_station(vehicle_types=(replace(trike, id="other"),)), TierFault.VEHICLE
    yield "shift", of_station(vehicle_types=(replace(trike, shift_end_s=BACK - 1),)), TierFault.SHIFT
    yield "only direct", replace(whole, points=(point("v", "t", 10, 4, ()),)), TierFault.WAY


def test_the_check_notices_every_kind_of_broken_plan() -> None:
    plan = plan_tiers(line(), seed=1, effort=QUICK)
    for name, world, kind in _broken_worlds():
        assert kind in {one.kind for one in check_tiers(world, plan)}, name
    ((station_id, routes),) = plan.station_plans
    (route,) = routes.routes
    gone = replace(plan, station_plans=((station_id, replace(routes, routes=(), cost_yuan=0.0)),))
    assert TierFault.SERVED in {one.kind for one in check_tiers(line(), gone)}
    early = replace(route, start_s=route.start_s - 60.0, end_s=route.end_s - 60.0)
    early = replace(plan, station_plans=((station_id, replace(routes, routes=(early,))),))
    assert TierFault.NOT_THERE in {one.kind for one in check_tiers(line(), early)}


def test_every_fault_of_a_problem_is_listed_at_once() -> None:
    with pytest.raises(BadDataError) as caught:
        line(
            stations=(station("st", sort_s_per_parcel=-1.0, room=(1.0, 2.0)),),
            points=(point("v", "t", 1, 0, ("nowhere",)), point("w:up:1", "t", math.nan, 0, (), direct=False)),
            trunk_ids=("lorry",),
            cut_off_s=-1.0,
        )
    said = "\n".join(caught.value.problems)
    for word in ("room", "sort_s_per_parcel", "nowhere", "lorry", "cut_off_s", "w:up:1", "delivery", "no station"):
        assert word in said, word
    with pytest.raises(BadDataError, match="iterations"):
        plan_tiers(line(), seed=1, effort=TierEffort(iterations=0))


def test_where_each_point_has_one_way_one_plan_is_made_of_the_same_cost(fourth: TierPlan) -> None:
    problem = plane(4)
    points = tuple(
        replace(point, station_ids=(way,) if way else (), direct=not way)
        for point, way in zip(problem.points, fourth.ways, strict=True)
    )
    given = plan_tiers(replace(problem, points=points), seed=1, effort=QUICK)
    assert given.tried == 1
    assert given.ways == fourth.ways
    assert check_tiers(replace(problem, points=points), given) == []
    assert given.cost.total_yuan == pytest.approx(fourth.cost.total_yuan)
    for one, chosen in zip(given.townships, fourth.townships, strict=True):
        assert (one.way, one.by_station, one.direct_ids) == (chosen.way, chosen.by_station, chosen.direct_ids)
        assert (one.direct_yuan, one.station_yuan, one.own_yuan) == (None, None, None)
