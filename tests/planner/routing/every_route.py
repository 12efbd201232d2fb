"""Tiny random worlds of many kinds, and every route that vehicles can drive in them, tried one by one.

Nothing of the planner's timing, bounds or checks is used: a route is a list of stops and of breaks on legs, driven here.
"""

import math
import random
from itertools import combinations, pairwise, permutations, product

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Break, Depot, Pair, RoutingProblem, Stop, VehicleType

_TINY = 1e-6
KINDS = ("times", "setup", "ends", "pairs", "breaks", "skills", "windows", "ranges", "loads", "types")


def random_world(seed, kind):
    """Return a world of two to four stops; the kind is what is sure to be in it, the rest is drawn."""
    draw = random.Random(f"{kind} {seed}")

    def has(what, share=0.3):
        return what == kind or draw.random() < share

    count = draw.choice((2, 3, 3, 4))
    ids = ("hub", *(f"s{i}" for i in range(count)))
    seconds = np.array([[float(draw.randint(1, 12)) for _ in ids] for _ in ids])
    metres = np.array([[float(draw.randint(1, 12)) for _ in ids] for _ in ids])
    if has("times", 0.6):
        for i, j in permutations(range(len(ids)), 2):
            if draw.random() < 0.35:
                seconds[i, j] = math.inf
    np.fill_diagonal(seconds, 0.0)
    np.fill_diagonal(metres, 0.0)
    stops = []
    for k, id_ in enumerate(ids[1:]):
        opens, closes = (draw.randint(0, 15), draw.randint(15, 30)) if has("windows") else (0, 60)
        stops.append(
            Stop(
                id=id_,
                name=id_,
                delivery=(float(draw.randint(0, 3)),),
                pickup=(float(draw.randint(0, 3)),),
                opens_s=float(opens),
                closes_s=float(closes),
                service_duration_s=float(draw.randint(0, 2)),
                setup_duration_s=float(draw.randint(2, 6)) if has("setup") else 0.0,
                needs=("cold",) if has("skills", 0.1) and draw.random() < 0.5 else (),
                location_id="s0" if k == 1 and has("setup", 0.1) else "",
            )
        )
    pairs = ()
    if has("pairs", 0.15):
        first, second = stops[-2], stops[-1]
        amount = (float(draw.randint(1, 3)),)
        stops[-2] = _changed(first, delivery=(0.0,), pickup=amount)
        stops[-1] = _changed(second, delivery=amount, pickup=(0.0,))
        pairs = (Pair(pickup_id=first.id, delivery_id=second.id),)
    types = tuple(_vehicle(draw, has, number) for number in range(2 if has("types") else 1))
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(stops),
        vehicle_types=types,
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=metres),
        pairs=pairs,
    )


def _changed(stop, **changes):
    fields = {name: getattr(stop, name) for name in stop.__dataclass_fields__}
    return Stop(**(fields | changes))


def _vehicle(draw, has, number):
    breaks = ()
    if has("breaks", 0.15) or has("loads", 0.1):
        opens = draw.randint(0, 40)
        breaks = tuple(
            Break(
                id=f"b{k}",
                opens_s=float(opens + 5 * k),
                closes_s=float(opens + 5 * k + draw.randint(0, 8)),
                duration_s=float(draw.randint(1, 6)),
                always=draw.random() < 0.6,
                max_load=(float(draw.randint(0, 3)),) if has("loads", 0.2) else (),
            )
            for k in range(draw.choice((1, 1, 2)))
        )
    start = draw.randint(0, 6)
    return VehicleType(
        id=f"van{number}",
        name=f"van{number}",
        count=draw.choice((1, 1, 2)),
        depot_id="hub",
        capacity=(float(draw.randint(2, 7)),),
        shift_start_s=float(start),
        shift_end_s=float(start + draw.randint(12, 45)),
        max_duration_s=float(draw.randint(8, 40)) if has("ranges") else 1e9,
        fixed_cost_yuan=1.0,
        cost_per_km_yuan=100.0,
        cost_per_hour_yuan=60.0,
        skills=("cold",) if draw.random() < 0.5 else (),
        open_end=has("ends", 0.2) and draw.random() < 0.7,
        open_start=has("ends", 0.1) and draw.random() < 0.5,
        max_distance_m=float(draw.randint(6, 25)) if has("ranges") else math.inf,
        max_driving_s=float(draw.randint(8, 30)) if has("ranges", 0.2) else math.inf,
        max_stops=draw.randint(1, 3) if has("ranges", 0.1) and draw.random() < 0.4 else None,
        breaks=breaks,
    )


def most_served(problem):
    """Return how many stops the fleet can serve at best, and the ids of those that are on any route that can be driven.

    At best: a vehicle is done as early as its stops and breaks let it be, and does not wait for a break to be over at home.
    """
    ids = [stop.id for stop in problem.stops]
    by_kind = {kind.id: _sets(problem, kind, ids, prompt=True) for kind in problem.vehicle_types}
    reachable = {frozenset()}
    for kind in problem.vehicle_types:
        for _ in range(kind.count):
            reachable |= {done | more for done in reachable for more in by_kind[kind.id] if not done & more}
    servable = frozenset().union(*(one for kind in problem.vehicle_types for one in _sets(problem, kind, ids)))
    return max(map(len, reachable)), servable


def _sets(problem, kind, ids, prompt=False):
    """Return each set of stops of which some order can be driven."""
    stops = {stop.id: stop for stop in problem.stops}
    found = set()
    for size in range(1, len(ids) + 1):
        for chosen in combinations(ids, size):
            if any((p.pickup_id in chosen) != (p.delivery_id in chosen) for p in problem.pairs):
                continue
            if any(set(stops[id_].needs) - set(kind.skills) for id_ in chosen):
                continue
            if kind.max_stops is not None and size > kind.max_stops:
                continue
            if any(_holds(problem, kind, [stops[id_] for id_ in order], prompt) for order in permutations(chosen)):
                found.add(frozenset(chosen))
    return found


def _holds(problem, kind, order, prompt):
    at = {stop.id: i for i, stop in enumerate(order)}
    if any(p.pickup_id in at and at[p.pickup_id] > at[p.delivery_id] for p in problem.pairs):
        return False
    loads = _loads(problem, order)
    if max(loads) > kind.capacity[0] + _TINY:
        return False
    legs = _legs(problem, kind, order)
    seconds, metres = [leg[0] for leg in legs], [leg[1] for leg in legs]
    if not math.isfinite(sum(seconds)) or sum(seconds) > kind.max_driving_s + _TINY:
        return False
    if sum(metres) > kind.max_distance_m + _TINY:
        return False
    where = [(None, *range(len(order) + 1))] * len(kind.breaks)
    for chosen in product(*where):
        if any(i is None and one.always for i, one in zip(chosen, kind.breaks, strict=True)):
            continue
        light = all(
            i is None or not one.max_load or loads[i] <= one.max_load[0] + _TINY
            for i, one in zip(chosen, kind.breaks, strict=True)
        )
        for turn in permutations(range(len(kind.breaks))):
            if light and _driven(kind, order, seconds, chosen, turn, prompt):
                return True
    return False


def _legs(problem, kind, order):
    """Return (seconds, metres) of each leg: to each stop, and back."""
    travel = problem.travel
    row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    places = [
        None if kind.open_start else "hub",
        *(s.location_id or s.id for s in order),
        None if kind.open_end else "hub",
    ]
    legs = []
    for a, b in pairwise(places):
        if a is None or b is None or a == b:
            legs.append((0.0, 0.0))
        else:
            legs.append((travel.durations_s[row[a], row[b]], travel.distances_m[row[a], row[b]]))
    return legs


def _loads(problem, order):
    """Return the load on each leg."""
    paired = {id_ for p in problem.pairs for id_ in (p.pickup_id, p.delivery_id)}
    load = sum(stop.delivery[0] for stop in order if stop.id not in paired)
    loads = [load]
    for stop in order:
        load += stop.pickup[0] - stop.delivery[0]
        loads.append(load)
    return loads


def _driven(kind, order, seconds, chosen, turn, prompt):
    """Return whether some start lets the route be driven with the breaks on these legs, in this turn on each."""

    def end(start):
        clock = start
        for i in range(len(order) + 1):
            needed = seconds[i]
            for k in turn:
                if chosen[k] != i:
                    continue
                one = kind.breaks[k]
                begins = max(one.opens_s, clock)
                if begins > one.closes_s + _TINY:
                    return math.inf
                needed -= min(needed, begins - clock)
                clock = begins + one.duration_s
            clock += needed
            if i < len(order):
                stop = order[i]
                if clock > stop.closes_s + _TINY:
                    return math.inf
                place = stop.location_id or stop.id
                came = "" if i == 0 else order[i - 1].location_id or order[i - 1].id
                setup = 0.0 if place == came else stop.setup_duration_s
                clock = max(clock, stop.opens_s) + setup + stop.service_duration_s
        return clock

    # all figures are whole, so that the latest start that still ends as early is a whole second, too
    soonest = end(float(kind.shift_start_s))
    for start in range(int(kind.shift_start_s), int(kind.shift_end_s) + 1):
        ends = end(float(start))
        if ends > kind.shift_end_s + _TINY or (prompt and ends > soonest):
            return False
        left_out = [one for i, one in zip(chosen, kind.breaks, strict=True) if i is None]
        due = any(start <= one.closes_s < ends - _TINY for one in left_out)
        if not due and ends - start <= kind.max_duration_s + _TINY:
            return True
    return False
