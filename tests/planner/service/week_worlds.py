"""Small weeks, and the cheapest plan of each by trying all there are, in code that knows nothing of the search."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, permutations, product

import numpy as np

from planner.service.week import WeekProblem, WeekVehicle


def week_problem(seed, *, places=4, days=3, vehicles=None, up=True, patterns=None, asymmetric=False, **changes):
    """A world of places in a square of 20 km, driven at 40 km/h, with a few parcels and kilograms a day each."""
    random = np.random.default_rng(seed)
    xy = np.vstack([[10.0, 10.0], random.uniform(0, 20, (places, 2))])
    km = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    if asymmetric:
        km = km * random.uniform(1.0, 1.4, km.shape)
        np.fill_diagonal(km, 0.0)
    down = random.integers(0, 5, (places, days, 2)).astype(float)
    all_masks = tuple(range(1, 1 << days))
    problem = WeekProblem(
        place_ids=tuple(f"v{k}" for k in range(places)),
        dimensions=("parcels", "kg"),
        down=down,
        up=random.integers(0, 5, (places, days, 2)).astype(float) * up,
        down_a_visit=random.integers(0, 2, (places, 2)).astype(float),
        up_a_visit=np.zeros((places, 2)),
        service_s=np.full(places, 120.0),
        service_s_a_parcel=np.full(places, 10.0),
        patterns=patterns or (all_masks,) * places,
        vehicles=vehicles or (van(days),),
        durations_s=90.0 * km[None],
        distances_m=1000.0 * km[None],
    )
    return replace(problem, **changes)


def van(days, **changes):
    """A van a day, twice."""
    kind = WeekVehicle(
        id="van", number=(2,) * days, capacity=(30.0, 40.0), duty_s=5400.0, fixed_yuan=20.0, yuan_per_km=1.0,
        yuan_per_hour=30.0,
    )  # fmt: skip
    return replace(kind, **changes)


def cheapest_week(problem):
    """The least cost of all patterns and all routes, inf if none holds; without the weights of balance."""
    total, known = math.inf, {}
    for masks in product(*problem.patterns):
        yuan = 0.0
        for day in range(problem.days):
            goods = {p: goods_of(problem, p, masks[p], day) for p in range(problem.places) if masks[p] >> day & 1}
            key = (day, *sorted(goods.items()))
            if key not in known:
                known[key] = cheapest_day(problem, day, goods)
            yuan += known[key]
            if yuan >= total:
                break
        total = min(total, yuan)
    return total


def goods_of(problem, place, mask, day):
    """What a visit brings and takes: all that came on the days since the one before, counted back one by one."""
    down, up = problem.down_a_visit[place].copy(), problem.up_a_visit[place].copy()
    back = day
    while True:
        down += problem.down[place, back % problem.days]
        up += problem.up[place, back % problem.days]
        back -= 1
        if mask >> (back % problem.days) & 1:
            return tuple(down), tuple(up)


def cheapest_day(problem, day, goods):
    """The least cost of the day's visits with these goods: all ways to share them among the vehicles, in all orders."""
    fleet = [kind for kind in problem.vehicles for _ in range(kind.number[day])]
    routes = {}
    for kind in problem.vehicles:
        for count in range(1, len(goods) + 1):
            for mine in combinations(sorted(goods), count):
                routes[kind.id, mine] = min(route_yuan(problem, kind, order, goods) for order in permutations(mine))

    def serve(left, vehicle):
        if not left:
            return 0.0
        if vehicle == len(fleet):
            return math.inf
        best = serve(left, vehicle + 1)
        for count in range(1, len(left) + 1):
            for mine in combinations(left, count):
                yuan = routes[fleet[vehicle].id, mine]
                if yuan < best:
                    best = min(best, yuan + serve(tuple(p for p in left if p not in mine), vehicle + 1))
        return best

    return serve(tuple(sorted(goods)), 0)


def route_yuan(problem, kind, order, goods):
    """What a route costs, inf if it is beyond capacity at any moment, or beyond the duty."""
    seconds = metres = 0.0
    here = 0
    for p in (*order, None):
        there = 0 if p is None else p + 1
        seconds += problem.durations_s.item(kind.profile, here, there)
        metres += problem.distances_m.item(kind.profile, here, there)
        here = there
    for p in order:
        parcels = goods[p][0][0] + goods[p][1][0]
        seconds += problem.service_s.item(p) + problem.service_s_a_parcel.item(p) * parcels
    if seconds > kind.duty_s + 1e-9:
        return math.inf
    for d, most in enumerate(kind.capacity):
        load = sum(goods[p][0][d] for p in order)
        for p in (None, *order):
            load += 0.0 if p is None else goods[p][1][d] - goods[p][0][d]
            if load > most + 1e-9:
                return math.inf
    return kind.fixed_yuan + kind.yuan_per_km * metres / 1000 + kind.yuan_per_hour * seconds / 3600
