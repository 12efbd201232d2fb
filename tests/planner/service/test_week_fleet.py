"""The fleet's price in the week's search: against all plans of tiny worlds, and in a world where the peak alone matters."""

import math
from collections import Counter
from dataclasses import replace
from itertools import combinations, permutations, product

import numpy as np
import pytest

from planner.service.week import check_week, plan_week
from tests.planner.service.week_worlds import goods_of, route_yuan, van, week_problem


def cheapest_with_fleet(problem):
    """The least of driving and fleet over all patterns, and for each day all ways to share visits among vehicles.

    What a day costs with so many vehicles of each type is all that the fleet's price needs to know of it.
    """
    known = {}

    def day_costs(day, goods):
        key = (day, *sorted(goods.items()))
        if key not in known:
            known[key] = _by_used(problem, day, goods)
        return known[key]

    best = math.inf
    for masks in product(*problem.patterns):
        of_days = [
            day_costs(
                day, {p: goods_of(problem, p, masks[p], day) for p in range(problem.places) if masks[p] >> day & 1}
            )
            for day in range(problem.days)
        ]
        for used in product(*of_days):
            fleet = sum(
                kind.fleet_yuan * max(0, max(day[k] for day in used) - kind.owned)
                for k, kind in enumerate(problem.vehicles)
            )
            best = min(best, fleet + sum(costs[one] for costs, one in zip(of_days, used, strict=True)))
    return best


def _by_used(problem, day, goods):
    """The least a day costs for each number of vehicles of each type that drive."""
    fleet = [k for k, kind in enumerate(problem.vehicles) for _ in range(kind.number[day])]
    routes = {
        (k, mine): min(route_yuan(problem, kind, order, goods) for order in permutations(mine))
        for k, kind in enumerate(problem.vehicles)
        for count in range(1, len(goods) + 1)
        for mine in combinations(sorted(goods), count)
    }
    found = {}

    def serve(left, vehicle, used, yuan):
        if not left:
            if yuan < found.get(used, math.inf):
                found[used] = yuan
            return
        if vehicle == len(fleet):
            return
        serve(left, vehicle + 1, used, yuan)
        k = fleet[vehicle]
        more = tuple(count + (number == k) for number, count in enumerate(used))
        for count in range(1, len(left) + 1):
            for mine in combinations(left, count):
                if routes[k, mine] < math.inf:
                    serve(tuple(p for p in left if p not in mine), vehicle + 1, more, yuan + routes[k, mine])

    serve(tuple(sorted(goods)), 0, (0,) * len(problem.vehicles), 0.0)
    return found


PRICED = {
    "one type": week_problem(11, vehicles=(van(3, fleet_yuan=60.0, fixed_yuan=1.0, duty_s=3600.0),)),
    "one is owned": week_problem(12, vehicles=(van(3, fleet_yuan=60.0, owned=1, duty_s=3600.0),)),
    "two types": week_problem(
        13,
        vehicles=(
            van(
                3, id="trike", number=(1, 1, 1), capacity=(15.0, 15.0), fixed_yuan=8.0, yuan_per_km=0.6, fleet_yuan=9.0
            ),
            van(3, fleet_yuan=40.0),
        ),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PRICED)
def test_as_cheap_as_the_best_of_all_plans_with_its_fleet(name):
    problem = PRICED[name]
    week = plan_week(problem, iterations=60, seed=1)
    assert check_week(problem, week) == ()
    assert week.holds
    assert week.cost.total_yuan == pytest.approx(cheapest_with_fleet(problem), abs=1e-6)


def test_visits_of_one_day_go_to_other_days_where_a_vehicle_costs_more_than_the_way():
    """Two places 10 km east, two 10 km west, one visit each on the first or second day; a route takes any two.

    East and west by one route each is 20 km a route, on one day with two vehicles or on two days with one: by way the two
    are alike, and a vehicle more costs 7.
    """
    km = np.array(
        [[0, 10, 10, 10, 10], [10, 0, 0, 20, 20], [10, 0, 0, 20, 20], [10, 20, 20, 0, 0], [10, 20, 20, 0, 0.0]]
    )
    base = week_problem(1, patterns=((0b001, 0b010),) * 4)
    kind = van(3, capacity=(100.0, 100.0), duty_s=1e6, yuan_per_hour=0.0, fixed_yuan=0.0)
    problem = replace(
        base, durations_s=90.0 * km[None], distances_m=1000.0 * km[None], vehicles=(replace(kind, fleet_yuan=7.0),)
    )
    week = plan_week(problem, iterations=20, seed=3)
    assert check_week(problem, week) == ()
    assert max(Counter(route.day for route in week.routes).values()) == 1
    assert week.cost.fleet_yuan == 7.0  # one vehicle
    assert week.cost.paid_yuan == 40.0  # two routes of 20 km at 1 yuan


def test_the_check_notices_a_fleet_that_is_misstated():
    problem = PRICED["one type"]
    week = plan_week(problem, iterations=2, seed=1)
    told = replace(week, cost=replace(week.cost, fleet_yuan=week.cost.fleet_yuan - 1.0))
    assert [fact.params["which"] for fact in check_week(problem, told)] == ["fleet_yuan"]


def test_a_fleet_price_below_nothing_is_refused():
    with pytest.raises(ValueError, match=r"fleet_yuan is -1\.0"):
        week_problem(1, vehicles=(van(3, fleet_yuan=-1.0),))
    with pytest.raises(ValueError, match="owned is -1"):
        week_problem(1, vehicles=(van(3, owned=-1),))
