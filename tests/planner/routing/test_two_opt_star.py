"""Exchanging the ends of two routes: what is kept, what is put back, and what it finds."""

from dataclasses import replace

import numpy as np
import pytest

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.engines.crews import crews_of
from planner.routing.engines.sisr.constant_time.build import build_world
from planner.routing.engines.sisr.constant_time.routes import link, refresh, restore, start_of, unlink
from planner.routing.engines.sisr.constant_time.state import new_search
from planner.routing.engines.sisr.constant_time.two_opt_star import exchange_ends
from planner.routing.engines.sisr.search import forget
from tests.planner.routing.worlds import vehicle

COUNT = 24
VAN = vehicle(
    count=6,
    depot_id="depot",
    capacity=(90.0,),
    shift_start_s=21_600.0,
    shift_end_s=64_800.0,
    max_duration_s=26_000.0,
    max_distance_m=190_000.0,
    max_stops=9,
    cost_per_hour_yuan=20.0,
)


def problem(seed):
    random = np.random.default_rng(seed)
    points = random.uniform(0, 40_000, size=(COUNT + 1, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    ids = ("depot", *(f"s{i:02d}" for i in range(COUNT)))
    stops = []
    for id_ in ids[1:]:
        opens = float(random.choice([21_600, 28_800, 36_000]))
        stops.append(
            Stop(
                id=id_,
                name=id_,
                delivery=(float(random.integers(5, 25)),),
                pickup=(float(random.integers(0, 25)),),
                opens_s=opens,
                closes_s=opens + 18_000.0,
                service_duration_s=600.0,
                needs=("lift",) if random.random() < 0.1 else (),
            )
        )
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="depot", name="depot"),),
        stops=tuple(stops),
        vehicle_types=(
            replace(VAN, skills=("lift",)),
            replace(VAN, id="large", count=3, capacity=(120.0,), max_stops=12, speed_factor=0.9),
        ),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=metres / 12.0, distances_m=metres),
    )


def routes_of(world, routes):
    """Return the stops of each slot in order, following the links alone."""
    places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
    found = []
    for slot in range(slots):
        stops, v = [], routes.next[places + slot]
        while v != places + slots + slot:
            assert routes.slot[v] == slot
            stops.append(int(v))
            v = routes.next[v]
        assert routes.prev[v] == (stops[-1] if stops else places + slot)
        assert routes.size[slot] == len(stops)
        found.append(stops)
    return found


def drive(world, kind, stops):
    """Return metres of a route driven stop by stop; fail if a time, load or limit is broken."""
    demands, fleet, legs = world.demands, world.fleet, world.legs
    table, here, clock = fleet.table[kind], fleet.start[kind], fleet.shift_start[kind]
    load, metres = demands.delivery[stops].sum(axis=0), 0.0
    for stop in [*stops, None]:
        there = fleet.end[kind] if stop is None else world.place[stop]
        clock += legs.duration_out[table, here, there]
        metres += legs.metres_out[table, here, there]
        assert (load <= fleet.capacity[kind]).all()
        assert stop is None or fleet.allowed[kind, stop]
        if stop is not None:
            assert clock <= demands.closes[stop, 0]
            clock = max(clock, demands.opens[stop, 0]) + demands.service[stop]
            load = load + demands.pickup[stop] - demands.delivery[stop]
        here = there
    assert clock <= fleet.shift_end[kind]
    assert metres <= fleet.max_metres[kind]
    assert len(stops) <= fleet.max_stops[kind]
    return metres


@pytest.mark.parametrize("seed", range(4))
def test_ends_change_places_whole_and_only_where_both_routes_can_be_driven(seed):
    one = problem(seed)
    world = build_world(one, one.stops, crews_of(one, one.stops))
    search = new_search(world, seed)
    routes, undo = search.routes, search.undo
    random = np.random.default_rng(seed)
    before, done, between_kinds = routes_of(world, routes), 0, 0
    for turn in range(3000):
        stop = int(random.integers(world.demands.first_stop, len(world.demands.opens)))
        changed = exchange_ends(world, routes, undo, stop, search.source)
        after = routes_of(world, routes)
        if not changed:
            assert after == before
            continue
        done += 1
        touched = [slot for slot in range(len(after)) if after[slot] != before[slot]]
        old, new = [[one[slot] for slot in touched if one[slot]] for one in (before, after)]
        assert len(old) == 2
        a, b, (c, d) = *old, (new if len(new) == 2 else (*new, []))
        # each route begins as one of the two did and ends as the other did
        assert any(
            sorted([a[:i] + b[j:], b[:j] + a[i:]]) == sorted([c, d])
            for i in range(len(a) + 1)
            for j in range(len(b) + 1)
        )
        between_kinds += len({int(world.fleet.kind_of_slot[slot]) for slot in touched}) > 1
        for slot in touched:
            if after[slot]:
                metres = drive(world, world.fleet.kind_of_slot[slot], after[slot])
                assert metres == pytest.approx(routes.slot_metres[slot])
        if turn % 2:
            restore(world, routes, undo)
            assert routes_of(world, routes) == before
        else:
            forget(undo)
            before = after
    assert done > 20
    assert between_kinds > 5


def along_a_road(at, vans):
    """Return a problem of one box for each stop, which lie along a road at these metres from the depot."""
    metres = np.abs(at[:, None] - at[None])
    ids = ("depot", *(f"s{i:02d}" for i in range(len(at) - 1)))
    plain = {"delivery": (1.0,), "pickup": (0.0,), "opens_s": 0.0, "closes_s": 86_400.0, "service_duration_s": 0.0}
    free = {"max_duration_s": 86_400.0, "max_distance_m": np.inf, "max_stops": None, "cost_per_hour_yuan": 0.0}
    return RoutingProblem(
        dimensions=("boxes",),
        depots=(Depot(id="depot", name="depot"),),
        stops=tuple(Stop(id=id_, name=id_, **plain) for id_ in ids[1:]),
        vehicle_types=tuple(replace(van, shift_start_s=0.0, shift_end_s=86_400.0, **free) for van in vans),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=metres / 20.0, distances_m=metres),
    )


def put(world, routes, orders):
    """Let the slots drive these stops in this order, and nothing else."""
    for stop in range(world.demands.first_stop, len(world.demands.opens)):
        if routes.slot[stop] >= 0:
            unlink(world, routes, stop)
    for slot in range(len(routes.size)):
        behind = start_of(world, slot)
        for stop in orders.get(slot, ()):
            link(world, routes, slot, behind, stop, 0)
            behind = stop
        refresh(world, routes, slot)


def test_two_routes_become_one_of_a_larger_vehicle_that_is_free():
    # five boxes each in two vans for five; only the lorry can drive the ten
    van = replace(VAN, count=2, capacity=(5.0,))
    one = along_a_road(np.arange(11) * 1_000.0, (van, replace(van, id="lorry", count=1, capacity=(10.0,))))
    world = build_world(one, one.stops, crews_of(one, one.stops))
    search = new_search(world, 1)
    routes, first = search.routes, world.demands.first_stop
    a, b = list(range(first, first + 5)), list(range(first + 5, first + 10))
    put(world, routes, {0: a, 1: b})
    for _ in range(500):
        if exchange_ends(world, routes, search.undo, a[-1], search.source):
            if routes.size[2] == 10:
                break
            restore(world, routes, search.undo)
    assert routes_of(world, routes) == [[], [], [*a, *b]]
    # 10 km out and back; 50 yuan for the lorry
    assert routes.slot_metres.tolist() == [0.0, 0.0, 20_000.0]
    assert routes.cost.tolist() == [0.0, 0.0, 70.0]
    restore(world, routes, search.undo)
    assert routes_of(world, routes) == [a, b, []]


def test_a_whole_cluster_changes_routes():
    # depot at 0; clusters A at 10..19 km and B at -10..-19 km; the vans' routes begin in one and end in the other
    at = np.concatenate([[0.0], np.arange(10_000, 20_000, 1_000), -np.arange(10_000, 20_000, 1_000)])
    one = along_a_road(at, (replace(VAN, count=2, capacity=(10.0,)),))
    world = build_world(one, one.stops, crews_of(one, one.stops))
    search = new_search(world, 1)
    routes, first = search.routes, world.demands.first_stop
    a, b = list(range(first, first + 10)), list(range(first + 10, first + 20))
    put(world, routes, {0: [*a[:5], *b[5:]], 1: [*b[:5], *a[5:]]})
    # by hand: out to 14 km, across to -15, on to -19 and home: 14 + 29 + 4 + 19 = 66 km each
    assert routes.slot_metres.tolist() == [66_000.0, 66_000.0]
    for _ in range(500):
        if exchange_ends(world, routes, search.undo, a[4], search.source):
            if routes.slot_metres.sum() == 76_000.0:  # each stays on its side: 2 x 19 km
                break
            restore(world, routes, search.undo)
    assert sorted(map(sorted, routes_of(world, routes))) == [a, b]
