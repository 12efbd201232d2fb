"""Searches side by side: what they exchange and when, and that the plan depends on their number and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.model import Fact
from planner.routing.engines import portfolio
from planner.routing.engines.sisr import budget
from planner.routing.engines.task import Limits
from planner.routing.solve import solve_routing
from tests.planner.routing.feature_worlds import tiny_world
from tests.planner.routing.planar_worlds import WORLDS
from tests.planner.routing.test_ruin_recreate import CART, VAN, world

ITERATIONS = 20


def day_world():
    return world(4, 30, vehicle_types=(replace(VAN, count=9), replace(CART, count=9)))


class Steps:
    """A search whose cost is set by hand for each share it is run to."""

    engine = "steps"

    def __init__(self, seed, costs):
        self.seed, self.costs, self.now, self.adopted = seed, iter(costs), 0.0, []

    def run_to(self, share):
        self.now = next(self.costs)

    def cost(self):
        return self.now

    def adopt(self, other):
        self.adopted.append(other.seed)
        self.now = other.now

    def routes(self):
        return []


def test_the_best_is_handed_on_at_each_share_but_the_last():
    # after the first share B is better, after the second A; equal costs and the end of the budget exchange nothing
    a, b = Steps(1, [9.0, 5.0, 5.0, 4.0]), Steps(2, [7.0, 6.0, 5.0, 3.0])
    finders = portfolio.run_side_by_side([a, b], [0.25, 0.5, 0.75])
    assert (a.adopted, b.adopted) == ([2], [1])
    assert (a.cost(), b.cost()) == (4.0, 3.0)
    assert finders == [a, b]


def test_what_was_handed_on_and_not_improved_is_credited_to_who_found_it():
    a, b = Steps(1, [9.0, 7.0]), Steps(2, [7.0, 7.0])
    assert portfolio.run_side_by_side([a, b], [0.5]) == [b, b]


def test_engines_that_count_the_same_routes_a_little_differently_take_no_credit():
    a, b = Steps(1, [9.0, 7.0 - 0.001]), Steps(2, [7.0, 7.0])
    assert portfolio.run_side_by_side([a, b], [0.5]) == [b, b]


def test_routes_that_are_invalid_in_another_engine_are_not_its_own():
    a, b = Steps(1, [9.0, 8.0]), Steps(2, [7.0, 7.0])
    a.adopt = lambda other: None
    assert portfolio.run_side_by_side([a, b], [0.5]) == [a, b]


def test_one_search_alone_runs_through():
    shares = []
    alone = Steps(1, [1.0])
    alone.run_to = shares.append
    portfolio.run_side_by_side([alone])
    assert shares == [1.0]


def test_the_plan_is_the_same_every_time_and_on_one_worker(monkeypatch):
    problem = day_world()
    first, second = (solve_routing(problem, iterations=ITERATIONS, seed=4, threads=2) for _ in range(2))
    monkeypatch.setattr(portfolio, "ThreadPoolExecutor", lambda count: ThreadPoolExecutor(1))
    monkeypatch.setattr(portfolio, "cores", lambda: 1)
    assert first == second == solve_routing(problem, iterations=ITERATIONS, seed=4)


def test_one_thread_is_the_engine_alone():
    problem = day_world()
    alone = solve_routing(problem, iterations=ITERATIONS, seed=4, engine="ruin_recreate")
    assert solve_routing(problem, iterations=ITERATIONS, seed=4, threads=1) == alone


def test_the_plan_says_what_each_search_reached():
    plan = solve_routing(day_world(), iterations=ITERATIONS, seed=4)
    assert [(one.engine, one.seed) for one in plan.reached] == [("ruin_recreate", 4), ("ruin_recreate", 1_000_007)]
    assert plan.cost_yuan == min(one.cost_yuan for one in plan.reached)
    engine = Fact(code="ruin_recreate")
    searches = tuple(
        Fact(code="search_reached", params={"engine": engine, "seed": one.seed, "cost_yuan": one.cost_yuan})
        for one in plan.reached
    )
    best = {"engine": engine, "searches": searches}
    assert plan.found_by() == Fact(code="found_by_best_of", params=best)
    alone = replace(plan, reached=plan.reached[:1]).found_by()
    assert alone == Fact(code="found_by_engine", params={"engine": engine, "seed": 4})


def test_routes_driven_again_for_each_place_are_searched_on_two_threads_too():
    problem = replace(tiny_world(1), balance_duty_yuan=5.0)  # which OR-Tools does not know
    plan = solve_routing(problem, iterations=2, seed=1)
    assert len(plan.reached) == 2


@pytest.mark.parametrize(("engine", "reached"), [("auto", ["ruin_recreate"] * 2), ("ortools", ["ortools"])])
def test_ortools_searches_where_it_is_asked_for_and_alone(engine, reached):
    plan = solve_routing(WORLDS["orders"], iterations=5, seed=1, engine=engine)
    assert [one.engine for one in plan.reached] == reached


def test_with_a_clock_there_are_no_more_searches_than_cores(monkeypatch):
    for count, expected in ((1, 1), (2, 2), (64, 2)):
        monkeypatch.setattr(portfolio, "cores", lambda count=count: count)
        assert len(solve_routing(tiny_world(1), cpu_seconds=0.01, seed=1).reached) == expected


@pytest.mark.parametrize(("engine", "threads"), [("auto", 0), ("ruin_recreate", 2), ("ortools", 2)])
def test_threads_that_cannot_be_are_refused(engine, threads):
    with pytest.raises(BadDataError, match=f"threads is {threads}"):
        solve_routing(tiny_world(1), iterations=1, seed=1, engine=engine, threads=threads)


def test_a_budget_counts_what_each_thread_spent(monkeypatch):
    clock = iter([0.0, 0.0, 1.0, 50.0, 51.5])  # made, resumed, paused after 1 s; resumed elsewhere, asked after 1.5 s
    monkeypatch.setattr(budget.time, "thread_time", lambda: next(clock))
    spent = budget.Budget(Limits(cpu_seconds=10.0))
    spent.resume()
    spent.pause()
    spent.resume()
    assert spent.spent() == pytest.approx(0.25)
