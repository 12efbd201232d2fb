"""Two depots and four stops with each rich feature, and the best of all plans there are of such a world."""

import math
from dataclasses import replace
from itertools import combinations, permutations, product

import numpy as np

from planner.errors import PlanRejectedError
from planner.model import TravelMatrix
from planner.routing import Break, Depot, Lock, Pair, RoutingProblem, Stop
from planner.routing.engines.task import Limits, SearchTask
from planner.routing.solve import plan_of
from tests.planner.routing.worlds import vehicle

# Two depots and four stops in the plane, in minutes from west to east and south to north; the way back is a minute longer.
AT = {"hub": (0, 0), "yard": (9, 2), "a": (3, 4), "b": (8, 6), "c": (-5, 3), "d": (4, -6)}
MINUTE = 60.0


def travel(places=tuple(AT), speed=1.0):
    x, y = np.array([AT[place] for place in places], dtype=float).T
    minutes = np.rint(np.hypot(x[:, None] - x, y[:, None] - y)) + (x[:, None] > x)
    np.fill_diagonal(minutes, 0)
    return TravelMatrix(
        origin_ids=places, destination_ids=places, durations_s=minutes * MINUTE / speed, distances_m=minutes * 700
    )


def stop(id_, delivery=1.0, pickup=0.0, **changes):
    values = {"opens_s": 0.0, "closes_s": 240 * MINUTE, "service_duration_s": 3 * MINUTE}
    return Stop(id=id_, name=id_, delivery=(delivery,), pickup=(pickup,), **(values | changes))


def van(id_="van", **changes):
    values = {
        "name": id_,
        "capacity": (3.0,),
        "shift_end_s": 240 * MINUTE,
        "max_duration_s": math.inf,
        "fixed_cost_yuan": 4.0,
    }
    return vehicle(id=id_, **(values | changes))


def world(*kinds, stops=None, **changes):
    values = {
        "dimensions": ("kg",),
        "depots": (Depot(id="hub", name="hub"), Depot(id="yard", name="yard")),
        "stops": stops or tuple(stop(id_) for id_ in "abcd"),
        "vehicle_types": kinds or (van(),),
        "travel": travel(),
    }
    return RoutingProblem(**(values | changes))


def shared(*places, **changes):
    """Stops that lie at these places."""
    return tuple(
        stop(f"{place}{k}", location_id=place, setup_duration_s=10 * MINUTE, **changes)
        for k, place in enumerate(places)
    )


def with_stop(stops, id_, **changes):
    return tuple(replace(s, **changes) if s.id == id_ else s for s in stops)


FOUR = tuple(stop(id_) for id_ in "abcd")
LUNCH = Break(id="lunch", opens_s=20 * MINUTE, closes_s=25 * MINUTE, duration_s=15 * MINUTE)
LATE = Break(id="late", opens_s=40 * MINUTE, closes_s=44 * MINUTE, duration_s=15 * MINUTE)
A_TO_D = (stop("a", 0, 3), stop("d", 3, 0), stop("b", 2), stop("c", 0, 1))
NORTH = replace(FOUR[0], only_vehicles=("van-2",))

WORLDS = {
    "pairs": world(stops=A_TO_D, pairs=(Pair(pickup_id="a", delivery_id="d"),)),
    "pair_backwards": world(
        van(count=1, capacity=(2.0,)),
        stops=(stop("a", 0, 2), stop("d", 2, 0), stop("b", 0, 2), stop("c", 2, 0)),
        pairs=(Pair(pickup_id="a", delivery_id="d"), Pair(pickup_id="b", delivery_id="c")),
    ),
    "pair_in_one_place": world(
        stops=(
            stop("x", 0, 1, location_id="a", service_duration_s=0.0),
            stop("w", 1, 0, location_id="a", service_duration_s=0.0),
            stop("b"),
        ),
        pairs=(Pair(pickup_id="x", delivery_id="w"),),
    ),
    "reloads": world(
        van(count=1, capacity=(2.0,), reload_depot_ids=("hub", "yard"), max_reloads=1, reload_duration_s=300.0)
    ),
    "reloads_both_ways": world(
        van(count=1, capacity=(2.0,), reload_depot_ids=("yard",), max_reloads=1),
        stops=(stop("a", 2, 1), stop("b", 1, 1), stop("c", 1, 2), stop("d", 0, 0)),
    ),
    "reloads_and_pairs": world(
        van(count=1, capacity=(2.0,), reload_depot_ids=("hub",), max_reloads=1),
        stops=(stop("a", 0, 1), stop("d", 1, 0), stop("b", 1), stop("c", 2)),
        pairs=(Pair(pickup_id="a", delivery_id="d"),),
    ),
    "releases": world(stops=with_stop(with_stop(FOUR, "a", release_s=40 * MINUTE), "c", release_s=90 * MINUTE)),
    "releases_and_reloads": world(  # b cannot wait for d: without a second load one of them is lost
        van(count=1, capacity=(4.0,), reload_depot_ids=("hub",), max_reloads=1, reload_duration_s=300.0),
        stops=with_stop(
            with_stop(FOUR, "b", closes_s=30 * MINUTE),
            "d",
            release_s=60 * MINUTE,
            closes_s=70 * MINUTE,
            opens_s=65 * MINUTE,
        ),
    ),
    "breaks": world(van(count=1, capacity=(4.0,), breaks=(LUNCH,))),
    "two_breaks": world(van(count=1, breaks=(replace(LUNCH, always=True), replace(LATE, always=True))), stops=FOUR[:3]),
    "break_not_due": world(van(capacity=(4.0,), breaks=(LATE,)), stops=(FOUR[0], FOUR[2])),
    "break_always": world(
        van(capacity=(4.0,), breaks=(replace(LUNCH, opens_s=70 * MINUTE, closes_s=80 * MINUTE, always=True),)),
        stops=FOUR[:3],
    ),
    "break_windows": world(
        van(count=1, capacity=(4.0,), breaks=(replace(LUNCH, further_windows=((40 * MINUTE, 42 * MINUTE),)),)),
        stops=with_stop(FOUR, "b", closes_s=21 * MINUTE, opens_s=18 * MINUTE),
    ),
    "other_end": world(van(end_depot_id="yard")),
    "two_depots": world(van("east", count=1, depot_id="yard"), van("west", count=1)),
    "open_end": world(van(open_end=True)),
    "open_start": world(van(open_start=True)),
    "open_both": world(van(open_start=True, open_end=True, capacity=(2.0,))),
    "max_distance": world(van(count=1, max_distance_m=16_000), van("other", count=1, max_distance_m=20_000)),
    "max_driving": world(van(max_driving_s=19 * MINUTE)),
    "max_stops": world(van(max_stops=1), van("other", count=1, max_stops=2, cost_per_km_yuan=2.0)),
    "max_duration": world(van(max_duration_s=30 * MINUTE)),
    "setup": world(stops=tuple(replace(s, setup_duration_s=5 * MINUTE) for s in FOUR)),
    "setup_in_shared_places": world(stops=shared("a", "a", "b", "hub")),
    "setup_shared_windows": world(stops=shared("a", "a", "b", opens_s=30 * MINUTE, closes_s=38 * MINUTE)),
    "setup_shared_breaks": world(van(count=1, breaks=(LUNCH,)), stops=shared("a", "b", "a")),
    "profiles": world(
        van("lorry", count=1, profile="lorry", capacity=(9.0,), fixed_cost_yuan=2.0),
        van(count=1),
        profiles={"lorry": travel(speed=0.8)},
    ),
    "speed_factors": world(van("slow", count=1, speed_factor=0.75), van(count=1, speed_factor=1.25)),
    "speed_factor_unrounded": world(
        van(count=2, speed_factor=1.1, cost_per_hour_yuan=0.0, cost_per_driving_hour_yuan=50.0, max_duration_s=2000.0)
    ),
    "named": world(stops=(NORTH, replace(FOUR[1], not_vehicles=("van-2",)), *FOUR[2:])),
    "orders": world(van(capacity=(4.0,)), before=(("d", "a"), ("c", "d"))),
    "order_left_out": world(
        van(count=1, capacity=(1.0,)), stops=with_stop(FOUR, "d", priority=3), before=(("d", "a"), ("a", "b"))
    ),
    "locks": world(locks=(Lock(vehicle_id="van-2", stop_ids=("d", "b")),)),
    "priority": world(
        van(count=1, capacity=(2.0,)),
        stops=(replace(FOUR[0], priority=1), replace(FOUR[1], priority=1), replace(FOUR[2], priority=3), FOUR[3]),
    ),
    "one_against_two": world(
        van(count=1, capacity=(2.0,)),
        stops=(stop("a", 1, priority=5), stop("b", 1, priority=5), stop("c", 2, priority=9)),
    ),
    "skipped": world(stops=with_stop(FOUR, "c", skip_cost_yuan=5.0)),
    "fewest_vehicles": world(
        van(count=3, capacity=(4.0,), fixed_cost_yuan=0.0),
        stops=with_stop(with_stop(FOUR, "c", opens_s=60 * MINUTE), "b", closes_s=10 * MINUTE),
        fewest_vehicles=True,
    ),
    "driving_cost": world(van(cost_per_hour_yuan=0.0, cost_per_driving_hour_yuan=60.0)),
    "windows": world(
        stops=with_stop(
            FOUR, "b", opens_s=10 * MINUTE, closes_s=12 * MINUTE, further_windows=((70 * MINUTE, 80 * MINUTE),)
        )
    ),
    "timestamps": world(
        van(shift_start_s=1.6e9, shift_end_s=1.6e9 + 14_400),
        stops=tuple(replace(s, opens_s=1.6e9, closes_s=1.6e9 + 3600) for s in FOUR),
    ),
}


def lost(problem, plan):
    """What a plan is judged by: priorities and stops left out, vehicles if few are wanted, cost with what is skipped."""
    left = [s for s in problem.stops if s.id in {u.stop_id for u in plan.unassigned}]
    needed = [s for s in left if math.isinf(s.skip_cost_yuan)]
    skipped = sum(s.skip_cost_yuan for s in left if math.isfinite(s.skip_cost_yuan))
    return (
        sum(s.priority for s in needed),
        len(needed),
        len(plan.routes) * problem.fewest_vehicles,
        round(plan.cost_yuan + skipped, 3),
    )


def all_orders(ids, vehicles):
    """Every way to serve any of these stops in order on any of these vehicles."""
    for size in range(len(ids) + 1):
        for chosen in combinations(ids, size):
            for order in permutations(chosen):
                for cuts in combinations(range(size + vehicles - 1), vehicles - 1):
                    places = [-1, *cuts, size + vehicles - 1]
                    bounds = [(places[v] + 1 - v, places[v + 1] - v) for v in range(vehicles)]
                    yield [order[begin:end] for begin, end in bounds]


def with_more(steps, more):
    """Every way to put these further steps, each once or not at all, between the steps."""
    if not more:
        yield steps
        return
    first, *rest = more
    for done in with_more(steps, rest):
        yield done
        yield from ([*done[:k], first, *done[k:]] for k in range(len(done) + 1))


def best_of_all(problem):
    """The best plan that holds, of all there are."""
    known = {step.id: step for step in (*problem.depots, *problem.stops)}
    kinds = [kind for kind in problem.vehicle_types for _ in range(kind.count)]
    anyone = tuple(replace(s, only_vehicles=(), not_vehicles=()) for s in problem.stops)
    alone = replace(problem, stops=anyone, locks=(), before=(), fewest_vehicles=False)  # one route, whoever drives it
    cache = {}

    def routes_of(kind, order):
        key = (kind.id, order)
        if key not in cache:
            cache[key] = []
            steps = [known[id_] for id_ in order]
            more = [known[id_] for id_ in kind.reload_depot_ids for _ in range(kind.max_reloads)]
            more += [replace(p, further_windows=(), opens_s=o, closes_s=c) for p in kind.breaks for o, c in p.windows]
            for tried in with_more(steps, more) if order else [[]]:
                try:
                    made = plan_of(alone, [(kind, tried)], engine="all", seed=0) if tried else None
                except PlanRejectedError:
                    continue
                cost = made.cost_yuan + made.balance_yuan if made else 0.0
                cache[key].append((cost, tried))
            cache[key] = sorted(cache[key], key=lambda entry: entry[0])[:1]
        return cache[key]

    best = None
    for orders in all_orders([s.id for s in problem.stops], len(kinds)):
        options = [routes_of(kind, tuple(order)) for kind, order in zip(kinds, orders, strict=True)]
        for choice in product(*options):
            cost = sum(cost for cost, _ in choice)
            served = {id_ for order in orders for id_ in order}
            left = [s for s in problem.stops if s.id not in served]
            needed = [s for s in left if math.isinf(s.skip_cost_yuan)]
            skipped = sum(s.skip_cost_yuan for s in left if math.isfinite(s.skip_cost_yuan))
            worth = (
                sum(s.priority for s in needed),
                len(needed),
                sum(map(bool, orders)) * problem.fewest_vehicles,
                round(cost + skipped, 3),
            )
            if best is not None and worth >= best:
                continue
            routes = [(kind, steps) for kind, (_, steps) in zip(kinds, choice, strict=True)]
            try:
                plan_of(problem, routes, engine="all", seed=0)
            except PlanRejectedError:
                continue
            best = worth
    return best


def task(problem, iterations, seed=1, start=()):
    """What a search of all stops of the problem is given."""
    return SearchTask(
        problem=problem, stops=problem.stops, limits=Limits(iterations=iterations), seed=seed, start=start
    )
