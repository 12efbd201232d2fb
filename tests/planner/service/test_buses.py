"""Rural buses that carry parcels: worked out by hand, against all plans of small worlds, and broken plans noticed."""

from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.model import TravelMatrix
from planner.routing.solve import solve_routing
from planner.service.buses import (
    AccessKind,
    BusEffort,
    BusFault,
    BusStation,
    GoodsWay,
    HubTransfer,
    TripLoad,
    check_buses,
    plan_buses,
)
from tests.planner.service.bus_worlds import HOUR, access, chance, least_yuan, point, travel, trip, valley, van

QUICK = BusEffort(first_iterations=1, eager=(0.3,), rounds=8, iterations=1, last_iterations=1)
THOROUGH = BusEffort(first_iterations=2, rounds=30, iterations=1, last_iterations=2)


def ways(plan):
    return {one.point_id: (one.down, one.up) for one in plan.ways}


@pytest.fixture(scope="module")
def good():
    return plan_buses(valley(), seed=1, effort=QUICK)


def test_all_goes_by_bus_where_that_is_cheaper(good) -> None:
    """Vans alone drive 20 + 10 + 30 = 60 km for 120 + 50 = 170 yuan.

    Out 6 and 4 parcels, back 2: 12 parcels at 1.10 and 3 rides at 0.50 are 14.70 yuan, a run of 3.00 for each of two trips
    6.00. The runs are 2 x 2 x 2 km = 8 km. a's 6 parcels take two walks there and back, all others one: 4 walks of 800 m.
    """
    plan = good
    assert check_buses(valley(), plan) == []
    assert ways(plan) == {"a": (GoodsWay.BUS, GoodsWay.BUS), "b": (GoodsWay.BUS, GoodsWay.NOTHING)}
    assert plan.vans.routes == ()
    assert plan.money.total_yuan == pytest.approx(20.7)
    assert (plan.money.rides_yuan, plan.money.runs_yuan) == pytest.approx((14.7, 6.0))
    assert plan.money_alone.total_yuan == pytest.approx(170.0)
    assert plan.saved_yuan == pytest.approx(149.3)
    assert (plan.vans_m, plan.alone_m, plan.saved_m, plan.access_m) == pytest.approx((8000, 60000, 52000, 3200))
    assert {one.trip_id: one.legs for one in plan.loads} == {"out": ((10.0,), (4.0,)), "back": ((0.0,), (2.0,))}


def test_the_times_of_a_ride(good) -> None:
    """Down: the bus leaves at 9:00, goods are there at 8:50 and left the hub at 8:42; it is at a's stop at 9:30, goods can
    be carried on at 9:33, and three ways of five minutes (there, back, there) end at 9:48. Up: the bus leaves a's stop at
    10:16, goods are there at 10:13 after five minutes on foot; it is at the terminal at 10:45, goods are off at 10:55 and at
    the hub at 11:03.
    """
    rides = {(one.point_id, one.up): one for one in good.rides}
    down, up = rides["a", False], rides["a", True]
    clock = (8 * HOUR + 42 * 60, 9 * HOUR, 9.5 * HOUR, 9 * HOUR + 48 * 60)
    assert (down.hub_s, down.board_s, down.alight_s, down.point_s) == pytest.approx(clock)
    clock = (10 * HOUR + 8 * 60, 10 * HOUR + 16 * 60, 10.75 * HOUR, 11 * HOUR + 3 * 60)
    assert (up.point_s, up.board_s, up.alight_s, up.hub_s) == pytest.approx(clock)
    assert (down.ways, up.ways, down.kind) == (2, 1, AccessKind.WALK)


def test_without_buses_it_is_the_plan_of_vans_alone() -> None:
    problem = valley(trips=())
    plan = plan_buses(problem, seed=3, effort=QUICK)
    vans = solve_routing(problem.vans_alone(), iterations=QUICK.all_iterations, seed=3, threads=1)
    assert plan.vans == plan.vans_alone == vans
    assert (plan.rides, plan.loads, plan.saved_m, plan.saved_yuan) == ((), (), 0.0, 0.0)
    assert ways(plan) == {"a": (GoodsWay.VAN, GoodsWay.VAN), "b": (GoodsWay.VAN, GoodsWay.NOTHING)}


def test_dear_buses_carry_nothing() -> None:
    dear = tuple(replace(one, yuan_per_unit=(100.0,)) for one in valley().trips)
    plan = plan_buses(valley(trips=dear), seed=1, effort=QUICK)
    assert (plan.rides, plan.vans, plan.money) == ((), plan.vans_alone, plan.money_alone)


def test_room_of_one_leg_sends_b_by_van() -> None:
    """Room for 3 behind a's stop: b's 4 parcels go by van (60 km, 170 yuan), which then passes a for nothing."""
    less = (trip("out", [("terminal", 539), ("sa", 570), ("sb", 585)], [10, 3]), valley().trips[1])
    plan = plan_buses(valley(trips=less), seed=1, effort=QUICK)
    assert (plan.rides, plan.money.total_yuan) == ((), pytest.approx(170.0))


def test_parcels_are_shared_among_trips_but_not_cut() -> None:
    """Two trips out with room for 3 behind a's stop: b's 4 parcels go in two rides, a's 6 in one or two."""
    out = trip("out", [("terminal", 539), ("sa", 570), ("sb", 585)], [10, 3])
    later = trip("later", [("terminal", 599), ("sa", 630), ("sb", 645)], [10, 3])
    plan = plan_buses(valley(trips=(out, later, valley().trips[1])), seed=1, effort=QUICK)
    assert check_buses(valley(trips=(out, later, valley().trips[1])), plan) == []
    parts = sorted(one.amount[0] for one in plan.rides if one.point_id == "b")
    assert parts in ([1.0, 3.0], [2.0, 2.0])


@pytest.mark.parametrize(
    ("changes", "down", "up"),
    [
        pytest.param({"cut_off_s": 11 * HOUR}, GoodsWay.VAN, GoodsWay.VAN, id="up at 11:03, cut-off at 11:00"),
        pytest.param({"latest_hand_over_s": 9.75 * HOUR}, GoodsWay.VAN, GoodsWay.VAN, id="handed over at 9:48, by 9:45"),
        pytest.param({"access": ()}, GoodsWay.VAN, GoodsWay.VAN, id="no way from the stop"),
        pytest.param({"transfers": ()}, GoodsWay.VAN, GoodsWay.VAN, id="no way to the terminal"),
    ],
)  # fmt: skip
def test_what_is_late_or_has_no_way_goes_by_van(changes, down, up) -> None:
    """a alone: 40 km by van, the same for one direction as for both, so that it goes wholly by van."""
    problem = replace(valley(), points=(point("a", 6, 2),), access=(access("sa", "a"),))
    plan = plan_buses(replace(problem, **changes), seed=1, effort=QUICK)
    assert ways(plan) == {"a": (down, up)}


def test_down_by_bus_and_up_by_van_where_the_van_has_no_room_for_all() -> None:
    """One van for 4 parcels, a is brought 4 and b 4, a gives 2 that no bus takes: the van serves one, a's go down by bus."""
    problem = valley(
        hub_vehicles=(van(count=1, capacity=(4.0,)),),
        points=(point("a", 4, 2), point("b", 4, 0)),
        trips=(trip("out", [("terminal", 539), ("sa", 570), ("sb", 585)], [4, 0]),),
    )
    plan = plan_buses(problem, seed=1, effort=THOROUGH)
    assert check_buses(problem, plan) == []
    assert ways(plan) == {"a": (GoodsWay.BUS, GoodsWay.VAN), "b": (GoodsWay.VAN, GoodsWay.NOTHING)}
    assert [one.stop_id for one in plan.vans_alone.unassigned] in (["a"], ["b"])


def test_points_of_a_station_go_by_its_routes_or_by_bus() -> None:
    """a's station is at a: bringing 6 and fetching 2 there costs 1.50 each, its tricycle 5.00 and nothing for 0 km.

    a by its station 17.00, by bus 8 x 1.10 + 2 x 0.50 + 6.00 = 15.80 (the run down is shared if b goes by bus, too, which
    costs 4 x 1.10 + 0.50; by van b costs 170). With trunk at 1.00 the station costs 13.00; by bus a would be 8.80 + 1.00
    and the run up 3.00, 12.80 with the run down paid by b: bus again; at 0.50 it is 9.00 by station.
    """
    trike = van(id="trike", depot_id="station", fixed_cost_yuan=5.0, count=1)
    for trunk, way, total in ((1.0, GoodsWay.BUS, 20.7), (0.5, GoodsWay.STATION, 9.0 + 7.9)):
        problem = valley(
            travel=travel({"hub": (0, 0), "a": (20, 0), "b": (30, 0), "station": (20, 0)}),
            stations=(
                BusStation(
                    id="station",
                    name="station",
                    vehicle_types=(trike,),
                    point_ids=("a",),
                    trunk_yuan_per_unit=(trunk,),
                ),
            ),
        )
        plan = plan_buses(problem, seed=1, effort=QUICK)
        assert check_buses(problem, plan) == []
        assert ways(plan) == {"a": (way, way), "b": (GoodsWay.BUS, GoodsWay.NOTHING)}
        assert plan.money.total_yuan == pytest.approx(total)
        assert plan.money_alone.trunk_yuan == pytest.approx(8 * trunk)


@pytest.mark.parametrize("point_ids", [("a",), ("b",), ()])
def test_a_point_may_be_called_like_its_station(point_ids: tuple[str, ...]) -> None:
    """A station's place may hand out parcels itself: vans of the hub, its own, and buses come to it as to any point."""
    trike = van(id="trike", depot_id="a", fixed_cost_yuan=5.0, count=1)
    station = BusStation(id="a", name="a", vehicle_types=(trike,), point_ids=point_ids, trunk_yuan_per_unit=(1.0,))
    for trips in (valley().trips, ()):
        problem = valley(stations=(station,), trips=trips)
        plan = plan_buses(problem, seed=1, effort=QUICK)
        assert check_buses(problem, plan) == []
        used = GoodsWay.BUS if trips else GoodsWay.STATION
        assert {ways(plan)[id_][0] for id_ in point_ids} <= {used}
        assert GoodsWay.NOT_SERVED not in {way for both in ways(plan).values() for way in both}


@pytest.mark.parametrize("seed", range(15))
def test_tiny_worlds_cost_as_little_as_the_best_of_all_plans(seed) -> None:
    problem = chance(seed)
    plan = plan_buses(problem, seed=1, effort=THOROUGH)
    assert check_buses(problem, plan) == []
    assert plan.money.total_yuan == pytest.approx(least_yuan(problem))


def test_the_same_seed_gives_the_same_plan() -> None:
    assert plan_buses(chance(1), seed=5, effort=QUICK) == plan_buses(chance(1), seed=5, effort=QUICK)


def _ride(plan, number=0, **changes):
    rides = list(plan.rides)
    rides[number] = replace(rides[number], **changes)
    return replace(plan, rides=tuple(rides))


# rides of the valley in order: a down, a up, b down
BROKEN = {
    "a ride on a trip that is not there": (lambda p: _ride(p, trip_id="x"), BusFault.UNKNOWN),
    "a ride of nobody": (lambda p: _ride(p, point_id="x"), BusFault.UNKNOWN),
    "a ride the wrong way round": (lambda p: _ride(p, board=1, alight=0), BusFault.RIDE),
    "a ride of nothing": (lambda p: _ride(p, amount=(0.0,)), BusFault.RIDE),
    "from a stop without a way": (lambda p: _ride(p, alight=2), BusFault.ACCESS),
    "by a carrier who is not there": (lambda p: _ride(p, kind=AccessKind.CARRIER), BusFault.ACCESS),
    "6 parcels in one way of 5": (lambda p: _ride(p, ways=1), BusFault.ACCESS),
    "another time of the bus": (lambda p: _ride(p, board_s=p.rides[0].board_s + 60), BusFault.TIME),
    "left the hub too late": (lambda p: _ride(p, hub_s=p.rides[0].hub_s + 60), BusFault.READY),
    "left the hub before it was there": (lambda p: _ride(p, hub_s=-60.0), BusFault.READY),
    "handed over before it came": (lambda p: _ride(p, point_s=p.rides[0].point_s - 60), BusFault.READY),
    "handed over after the latest": (lambda p: _ride(p, point_s=17.5 * HOUR), BusFault.CUT_OFF),
    "handed over after closing": (lambda p: _ride(p, point_s=18.5 * HOUR), BusFault.WINDOW),
    "left the point too late for the bus": (lambda p: _ride(p, 1, point_s=p.rides[1].point_s + 60), BusFault.READY),
    "left the point before it opened": (lambda p: _ride(p, 1, point_s=7 * HOUR), BusFault.WINDOW),
    "at the hub too soon": (lambda p: _ride(p, 1, hub_s=p.rides[1].hub_s - 60), BusFault.TIME),
    "at the hub after the cut-off": (lambda p: _ride(p, 1, hub_s=17.5 * HOUR), BusFault.CUT_OFF),
    "a cheaper ride": (lambda p: _ride(p, cost_yuan=p.rides[0].cost_yuan - 1), BusFault.FIGURE),
    "a parcel lost": (lambda p: _ride(p, amount=(5.0,)), BusFault.ACCOUNT),
    "a parcel too many": (lambda p: _ride(p, 2, amount=(5.0,)), BusFault.ROOM),
    "half a parcel": (lambda p: _ride(p, 2, amount=(3.5,)), BusFault.PARCEL),
    "a ride lost": (lambda p: replace(p, rides=p.rides[1:]), BusFault.ACCOUNT),
    "a ride twice": (lambda p: replace(p, rides=(*p.rides, p.rides[2])), BusFault.ACCOUNT),
    "a load lost": (lambda p: replace(p, loads=p.loads[1:]), BusFault.LOAD),
    "a load too small": (lambda p: replace(p, loads=(TripLoad(trip_id="out", legs=((9.0,), (4.0,))), p.loads[1])),
                         BusFault.LOAD),
    "said to go by van": (lambda p: replace(p, ways=(replace(p.ways[0], down=GoodsWay.VAN), p.ways[1])), BusFault.WAY),
    "a point not told of": (lambda p: replace(p, ways=p.ways[1:]), BusFault.ACCOUNT),
    "vans beside buses": (lambda p: replace(p, vans=p.vans_alone), BusFault.VANS),
    "vans alone left out": (lambda p: replace(p, vans_alone=p.vans), BusFault.VANS),
    "fewer yuan": (lambda p: replace(p, money=replace(p.money, rides_yuan=1.0)), BusFault.FIGURE),
    "no run paid": (lambda p: replace(p, money=replace(p.money, runs_yuan=0.0)), BusFault.FIGURE),
    "fewer metres": (lambda p: replace(p, vans_m=0.0), BusFault.FIGURE),
    "no metre on foot": (lambda p: replace(p, access_m=0.0), BusFault.FIGURE),
    "more metres alone": (lambda p: replace(p, alone_m=90_000.0), BusFault.FIGURE),
    "dearer than vans alone": (lambda p: replace(p, money=replace(p.money, rides_yuan=500.0)), BusFault.WORSE),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plan_is_noticed(good, name) -> None:
    breaking, kind = BROKEN[name]
    assert kind in {one.kind for one in check_buses(valley(), breaking(good))}


def test_a_stop_that_is_shut_is_noticed(good) -> None:
    for id_ in ("terminal", "sa"):
        stops = tuple(replace(one, closes_s=9.2 * HOUR) if one.id == id_ else one for one in valley().stops)
        assert BusFault.SHUT in {one.kind for one in check_buses(valley(stops=stops), good)}
        assert BusFault.SHUT not in {
            one.kind for one in check_buses(valley(stops=stops), plan_buses(valley(stops=stops), seed=1, effort=QUICK))
        }


def test_all_faults_are_told_at_once() -> None:
    good = valley()
    bad_trip = replace(
        good.trips[0], room=((1.0,),), calls=(*good.trips[0].calls[:2], replace(good.trips[0].calls[2], stop_id="x"))
    )
    with pytest.raises(BadDataError) as told:
        replace(
            good,
            points=(*good.points, good.points[0], point("c", 1, 0, skip_cost_yuan=3.0)),
            trips=(bad_trip, good.trips[1]),
            access=(access("sa", "nobody"), access("sa", "a", most=(0.0,))),
            transfers=(HubTransfer(stop_id="y", duration_s=-1.0, yuan_per_unit=()),),
            cut_off_s=float("nan"),
        )
    said = "\n".join(told.value.problems)
    for part in (
        "point 'a' is given more than once",
        "point 'c': skip_cost_yuan is given",
        "bus trip 'out': call 3: no bus stop 'x'",
        "bus trip 'out': room is given for 1 legs, it has 2",
        "access from 'sa' to 'nobody': no point 'nobody'",
        "access from 'sa' to 'a': most is (0.0,), it must be above 0",
        "transfer to 'y': no bus stop 'y'",
        "transfer to 'y': duration_s is -1.0",
        "transfer to 'y': yuan_per_unit is ()",
        "cut_off_s is nan",
    ):
        assert part in said


def test_a_shift_that_begins_after_the_cut_off_is_told_with_what_to_do() -> None:
    with pytest.raises(BadDataError, match="due already"):
        valley(cut_off_s=7 * HOUR)


def test_effort_without_sense_is_refused() -> None:
    with pytest.raises(BadDataError, match="rounds is -1"):
        plan_buses(valley(), seed=1, effort=BusEffort(rounds=-1))


def test_a_point_that_no_van_reaches_goes_by_bus() -> None:
    """b has no road: vans alone leave it out, with buses all is served."""
    there = valley().travel
    metres = there.distances_m.copy()
    metres[:, 2] = metres[2, :] = float("inf")
    metres[2, 2] = 0.0
    shut = TravelMatrix(
        origin_ids=there.origin_ids,
        destination_ids=there.destination_ids,
        distances_m=metres,
        durations_s=metres * 0.09,
    )
    plan = plan_buses(valley(travel=shut), seed=1, effort=QUICK)
    assert check_buses(valley(travel=shut), plan) == []
    assert [one.stop_id for one in plan.vans_alone.unassigned] == ["b"]
    assert ways(plan)["b"] == (GoodsWay.BUS, GoodsWay.NOTHING)
