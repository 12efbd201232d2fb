"""Worlds with any features of routing: tiny ones, of which all plans can be tried, and one of a hundred stops with all."""

import math
from dataclasses import replace

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Break, Depot, DrivingRule, Lock, Pair, RoutingProblem, Stop
from planner.routing.features import Feature
from tests.planner.routing.worlds import vehicle

HOUR = 3600.0
NAMES = ("a", "b", "c", "d")


def travel(rng, places, kph=40.0):
    """Places within 60 km x 60 km, every way a little longer than the straight line and not the same both ways."""
    xy = rng.uniform(0, 60_000, size=(len(places), 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * rng.uniform(1.0, 1.2, size=(len(places),) * 2)
    metres = metres.round()
    np.fill_diagonal(metres, 0.0)
    seconds = (metres / kph * 3.6).round()
    return TravelMatrix(origin_ids=places, destination_ids=places, durations_s=seconds, distances_m=metres)


def tiny_world(seed, count=3):
    """A van and a cart at one hub, a yard besides, three or four stops; hours on duty cost, so that waiting does."""
    rng = np.random.default_rng(seed)
    van = vehicle(
        capacity=(10.0,),
        shift_start_s=7 * HOUR,
        shift_end_s=22 * HOUR,
        max_duration_s=math.inf,
        fixed_cost_yuan=30.0,
        cost_per_hour_yuan=20.0,
    )
    cart = replace(van, id="cart", name="cart", count=1, capacity=(7.0,), fixed_cost_yuan=10.0, cost_per_km_yuan=0.8)
    stops = []
    for id_ in NAMES[:count]:
        opens = float(rng.choice([7, 9, 11])) * HOUR
        stops.append(
            Stop(
                id=id_,
                name=id_,
                delivery=(float(rng.integers(1, 7)),),
                pickup=(float(rng.integers(0, 5)),),
                opens_s=opens,
                closes_s=opens + float(rng.choice([3, 8])) * HOUR,
                service_duration_s=600.0,
            )
        )
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"), Depot(id="yard", name="yard")),
        stops=tuple(stops),
        vehicle_types=(van, cart),
        travel=travel(rng, ("hub", "yard", *NAMES[:count])),
    )


def change_kinds(problem, **changes):
    return replace(problem, vehicle_types=tuple(replace(kind, **changes) for kind in problem.vehicle_types))


def change_stops(problem, *changes):
    stops = [replace(stop, **one) for stop, one in zip(problem.stops, changes, strict=False)]
    return replace(problem, stops=(*stops, *problem.stops[len(stops) :]))


def only_first(problem, **changes):
    first, *rest = problem.vehicle_types
    return replace(problem, vehicle_types=(replace(first, **changes), *rest))


def with_pair(problem):
    first, second = problem.stops[0], problem.stops[-1]
    changed = (
        replace(first, delivery=(0.0,), pickup=(4.0,), release_s=0.0),
        replace(second, delivery=(4.0,), pickup=(0.0,), release_s=0.0),
    )
    stops = (changed[0], *problem.stops[1:-1], changed[1])
    return replace(problem, stops=stops, pairs=(*problem.pairs, Pair(pickup_id=first.id, delivery_id=second.id)))


def with_reloads(problem):
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    stops = tuple(s if s.id in paired else replace(s, delivery=(4.0,), pickup=(2.0,)) for s in problem.stops)
    reloads = {"reload_depot_ids": ("hub", "yard"), "max_reloads": 1, "reload_duration_s": 600.0}
    return change_kinds(replace(problem, stops=stops), **reloads, fixed_cost_yuan=150.0)


def with_releases(problem):
    """What two stops are brought comes to the hub during the day, unless it comes from another stop."""
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    times = (9.5 * HOUR, 0.0, 11.0 * HOUR)
    changes = [{} if s.id in paired else {"release_s": at} for s, at in zip(problem.stops, times, strict=False)]
    return change_stops(problem, *changes)


ADD = {
    Feature.PAIRS: with_pair,
    Feature.RELOADS: with_reloads,
    Feature.BREAKS: lambda p: change_kinds(
        p, breaks=(Break(id="lunch", opens_s=11.5 * HOUR, closes_s=13 * HOUR, duration_s=1800.0),)
    ),
    Feature.BREAK_LOADS: lambda p: change_kinds(
        p,
        breaks=(
            Break(
                id="tea",
                opens_s=10 * HOUR,
                closes_s=12 * HOUR,
                duration_s=900.0,
                max_load=tuple(most / 2 for most in p.vehicle_types[0].capacity),
            ),
        ),
    ),
    Feature.DRIVING_RULE: lambda p: change_kinds(p, driving_rule=DrivingRule(driving_s=1.5 * HOUR, rest_s=1200.0)),
    Feature.SPEED_OF_DAY: lambda p: replace(p, speed_of_day=((8 * HOUR, 0.6), (10 * HOUR, 1.2))),
    Feature.PROFILES: lambda p: only_first(
        replace(p, profiles={"hill": travel(np.random.default_rng(7), p.travel.origin_ids, 50.0)}), profile="hill"
    ),
    Feature.SPEED_FACTORS: lambda p: only_first(p, speed_factor=0.8),
    Feature.OTHER_END: lambda p: only_first(p, end_depot_id="yard"),
    Feature.OPEN_ENDS: lambda p: only_first(change_kinds(p, open_end=True), open_start=True),
    Feature.LIMITS: lambda p: change_kinds(p, max_distance_m=170_000.0, max_driving_s=4.5 * HOUR, max_stops=2),
    Feature.SETUP: lambda p: change_stops(p, {"setup_duration_s": 900.0}, {"setup_duration_s": 1200.0}),
    Feature.SHARED_PLACES: lambda p: change_stops(p, {}, {"location_id": "a"}),
    Feature.PRIORITY: lambda p: change_stops(  # two vans with a stop each for three stops
        only_first(change_kinds(p, max_stops=0), max_stops=1), {"priority": 3}, {"priority": 50}, {"priority": 1}
    ),
    Feature.NAMED_VEHICLES: lambda p: change_stops(
        p, {"only_vehicles": ("van-2", "cart")}, {"not_vehicles": ("van-2",)}
    ),
    Feature.ORDERS: lambda p: replace(p, before=(("b", "a"),)),
    Feature.LOCKS: lambda p: replace(p, locks=(Lock(vehicle_id="van-2", stop_ids=("b",)),)),
    Feature.FEWEST_VEHICLES: lambda p: replace(p, fewest_vehicles=True),
    Feature.BALANCE: lambda p: replace(p, balance_duty_yuan=8.0, balance_load_yuan=30.0),
    Feature.DRIVING_COST: lambda p: change_kinds(p, cost_per_driving_hour_yuan=40.0),
    Feature.RELEASES: with_releases,
}
"""How a world comes by a feature."""


def world_with(features, seed, count=3):
    """Return a world with these features; some stops wide open, so that most worlds can be served whole."""
    problem = tiny_world(seed, count)
    if seed % 3:  # a second window, or a stop that may be skipped
        problem = change_stops(problem, {}, {"skip_cost_yuan": 60.0} if seed % 3 == 1 else {})
        late = problem.stops[-1]
        further = {"further_windows": ((late.closes_s + HOUR, late.closes_s + 3 * HOUR),)}
        problem = change_stops(problem, *([{}] * (count - 1)), further)
    for feature in features:
        problem = ADD[feature](problem)
    return problem


def large_world(count=100):
    """Every feature at once: fifteen pairs, reloads, breaks, rests, rush hours, locks, orders and all the rest."""
    rng = np.random.default_rng(5)
    names = tuple(f"s{i:03d}" for i in range(count))
    places = ("hub", "yard", *names)
    stops = []
    for i, id_ in enumerate(names):
        opens = float(rng.choice([7, 8, 10, 12])) * HOUR
        stops.append(
            Stop(
                id=id_,
                name=id_,
                delivery=(float(rng.integers(1, 9)), 1.0),
                pickup=(float(rng.integers(0, 5)), 0.0),
                opens_s=opens,
                closes_s=opens + float(rng.choice([2, 6, 9])) * HOUR,
                further_windows=((22 * HOUR, 23 * HOUR),) if i % 9 == 0 else (),
                service_duration_s=300.0,
                setup_duration_s=120.0 if i % 3 == 0 else 0.0,
                location_id=names[i - 1] if i % 10 == 7 else "",
                needs=("cold",) if i % 13 == 0 else (),
                skip_cost_yuan=40.0 if i % 8 == 5 else math.inf,
                priority=i % 5,
                only_vehicles=("van-2", "truck") if i % 17 == 3 else (),
                not_vehicles=("van-1",) if i % 19 == 4 else (),
                release_s=8.5 * HOUR if i % 11 == 6 and not 60 <= i < 90 else 0.0,
            )
        )
    for a, b in zip(range(60, 75), range(75, 90), strict=True):
        stops[a] = replace(stops[a], delivery=(0.0, 0.0), pickup=(3.0, 1.0), skip_cost_yuan=math.inf)
        stops[b] = replace(stops[b], delivery=(3.0, 1.0), pickup=(0.0, 0.0), skip_cost_yuan=math.inf)
    stops[0] = replace(stops[0], opens_s=7 * HOUR, closes_s=16 * HOUR)
    stops[1] = replace(stops[1], opens_s=7 * HOUR, closes_s=16 * HOUR)
    lunch = Break(id="lunch", opens_s=11 * HOUR, closes_s=14 * HOUR, duration_s=1800.0)
    tea = Break(id="tea", opens_s=15 * HOUR, closes_s=17 * HOUR, duration_s=900.0)
    van = vehicle(
        count=6,
        capacity=(40.0, math.inf),
        shift_start_s=6 * HOUR,
        shift_end_s=20 * HOUR,
        max_duration_s=12 * HOUR,
        cost_per_hour_yuan=25.0,
        skills=("cold",),
        cost_per_driving_hour_yuan=5.0,
        max_distance_m=500_000.0,
        max_driving_s=10 * HOUR,
        max_stops=30,
        reload_depot_ids=("hub", "yard"),
        max_reloads=2,
        reload_duration_s=900.0,
        breaks=(lunch, tea),
        driving_rule=DrivingRule(driving_s=4 * HOUR, rest_s=1200.0),
    )
    rest = Break(
        id="rest", opens_s=11 * HOUR, closes_s=14 * HOUR, duration_s=1800.0, always=True, max_load=(45.0, 15.0)
    )
    truck = replace(
        van,
        id="truck",
        name="truck",
        count=4,
        capacity=(60.0, 20.0),
        end_depot_id="yard",
        speed_factor=0.9,
        profile="truck",
        skills=(),
        breaks=(rest,),
    )
    bike = replace(
        van, id="bike", count=3, capacity=(12.0, 5.0), open_start=True, open_end=True, breaks=(), max_reloads=0
    )
    return RoutingProblem(
        dimensions=("kg", "crates"),
        depots=(Depot(id="hub", name="hub"), Depot(id="yard", name="yard")),
        stops=tuple(stops),
        vehicle_types=(van, truck, bike),
        travel=travel(rng, places, 50.0),
        profiles={"truck": travel(rng, places, 40.0)},
        pairs=tuple(Pair(pickup_id=names[60 + i], delivery_id=names[75 + i]) for i in range(15)),
        speed_of_day=((7 * HOUR, 0.7), (9 * HOUR, 1.1), (17 * HOUR, 0.8), (19 * HOUR, 1.0)),
        before=((names[20], names[30]), (names[30], names[41])),
        locks=(Lock(vehicle_id="van-3", stop_ids=(names[0], names[1])),),
        fewest_vehicles=True,
        balance_duty_yuan=1.0,
        balance_load_yuan=5.0,
    )
