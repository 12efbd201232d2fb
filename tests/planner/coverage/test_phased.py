"""Covering over years against trying every plan, its proof for any multipliers, and worlds worked out by hand."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.bound import upper_bound
from planner.coverage.engine.multi_year.reduce import free_part
from planner.coverage.engine.multi_year.solve import plan_each_year_alone, plan_years
from planner.coverage.engine.multi_year.world import PhasedCover
from planner.coverage.engine.status import CLOSED, FREE, OPEN


def effort(seed=1, nodes=100_000):
    return Effort(deadline=time.monotonic() + 60, seed=seed, rounds=5, nodes=nodes)


def world_of(covers, weights, cost, budget, **changes):
    covers = np.array(covers)
    values = {
        "covers": csr_array(covers.astype(np.int32)),
        "weights": np.array(weights, dtype=float),
        "cost": np.array(cost, dtype=float),
        "budget": np.array(budget, dtype=float),
        "status": np.full(covers.shape[1], FREE),
    }
    return PhasedCover(**(values | changes))


@st.composite
def tiny_worlds(draw, most_years=3):
    years, rows, sites = draw(st.integers(1, most_years)), draw(st.integers(1, 5)), draw(st.integers(1, 4))

    def table(values, *shape):
        flat = draw(st.lists(values, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
        return np.array(flat).reshape(shape)

    by_year = draw(st.booleans())
    amounts = st.one_of(st.integers(0, 12).map(float), st.floats(0.1, 3.0))
    weights = table(st.integers(0, 9), rows, years) if by_year else table(st.integers(0, 9), rows)
    covers = table(st.integers(0, 1), rows, sites)
    heaviest = int(weights.sum()) // (years if by_year else 1)
    return world_of(
        covers,
        weights,
        table(amounts, sites),
        table(st.one_of(amounts, amounts, st.just(np.inf)), years),
        status=table(st.sampled_from([FREE, FREE, FREE, FREE, OPEN, CLOSED]), sites).astype(np.int64),
        carry_over=draw(st.booleans()),
        target=draw(st.one_of(st.none(), st.just(True)))
        and table(st.integers(0, max(1, heaviest)), years).astype(float),
        required_from=draw(st.one_of(st.none(), st.just(True)))
        and table(st.sampled_from([years, years, *range(years)]), rows).astype(np.int64),
        count=draw(st.one_of(st.none(), st.just(True)))
        and np.sort(table(st.integers(0, sites), years)).astype(np.int64),
    )


def within_limits(world, opens):
    """Budgets and counts by hand, from the words of the documentation; rounding of a billionth."""
    years = len(world.budget)
    if any((opens[j] == 0) != (world.status[j] == OPEN) and world.status[j] != FREE for j in range(len(opens))):
        return False
    if any(world.status[j] == CLOSED and opens[j] < years for j in range(len(opens))):
        return False
    spent = [
        sum(world.cost[j] for j in range(len(opens)) if opens[j] == t and world.status[j] == FREE) for t in range(years)
    ]
    left = 0.0
    for t in range(years):
        room = world.budget[t] + (left if world.carry_over else 0.0)
        if spent[t] > room + 1e-7:
            return False
        left = room - spent[t] if np.isfinite(room) else 0.0  # what has no limit leaves no sum of money
        new = sum(1 for j in range(len(opens)) if opens[j] <= t and world.status[j] == FREE)
        if world.count is not None and new > max(0, world.count[t] - np.count_nonzero(world.status == OPEN)):
            return False
    return True


def told_by_hand(world, opens):
    """Return covered weight by year, what targets lack, and the required (row, year) pairs that are not covered."""
    years, covers = len(world.budget), world.covers.toarray()
    weights = world.weights if world.weights.ndim == 2 else np.repeat(world.weights[:, None], years, axis=1)
    covered, missing = np.zeros(years), set()
    for i, t in product(range(len(covers)), range(years)):
        if any(covers[i, j] and opens[j] <= t for j in range(len(opens))):
            covered[t] += weights[i, t]
        elif world.required_from is not None and world.required_from[i] <= t:
            missing.add((i, t))
    target = np.zeros(years) if world.target is None else world.target
    return covered, np.maximum(0.0, target - covered), missing


def all_plans(world):
    years = len(world.budget)
    choices = [[0] if s == OPEN else [years] if s == CLOSED else list(range(years + 1)) for s in world.status]
    for opens in product(*choices):
        if within_limits(world, opens):
            yield told_by_hand(world, opens)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(tiny_worlds())
def test_years_together_are_what_trying_every_plan_gives(world):
    plan = plan_years(world, effort())
    assert within_limits(world, plan.opens)
    covered, short, missing = told_by_hand(world, plan.opens)
    assert plan.covered == pytest.approx(covered)
    assert plan.shortfall == pytest.approx(short, abs=1e-6)
    assert {(int(i), int(t)) for i, t in np.argwhere(plan.missing)} == missing
    plans = list(all_plans(world))
    complete = [c.sum() for c, s, m in plans if not m and s.sum() < 1e-9]
    if complete:
        assert plan.complete
        assert not plan.impossible
        assert plan.value == pytest.approx(max(complete))
        assert plan.proven
        return
    assert not plan.complete
    no_worse = [c.sum() for c, s, m in plans if m <= missing and (s <= short + 1e-9).all()]
    assert plan.value <= max(no_worse) + 1e-6 <= plan.bound + 2e-6
    keeping = [s.sum() for c, s, m in plans if not m]
    if keeping:
        assert plan.least_shortfall <= min(keeping) + 1e-6


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(tiny_worlds(), st.integers(0, 10_000))
def test_any_multipliers_prove_a_bound(world, seed):
    part = free_part(world)
    complete = [c.sum() for c, s, m in all_plans(world) if not m and s.sum() < 1e-9]
    if not complete:
        return
    random = np.random.default_rng(seed)
    phases = part.phases
    u = random.random(phases.weights.shape) * random.choice([0.0, 3.0, 12.0])
    price, factor = random.random(len(phases.room)) * 5, 1 + random.random(phases.weights.shape[1]) * 3
    assert upper_bound(phases, u, price, factor) + part.given.sum() >= max(complete) - 1e-9
    lacking = upper_bound(phases, u, price, random.random(len(factor)), base=0.0)
    assert lacking >= -1e-9  # a plan that lacks nothing exists, so nothing may be proven to lack


# a and b weigh 3, c and d 2; the middle site covers a and b, the outer ones a and c, b and d; each costs one year's budget
FOUR_ROWS = {"covers": [[1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]], "weights": [3, 3, 2, 2], "cost": [1, 1, 1]}


def test_years_together_beat_each_year_alone():
    # alone: 6 by the middle site, then 8 with an outer one. Together: 5 by an outer one, then 10 with the other
    world = world_of(**FOUR_ROWS, budget=[1, 1])
    together, alone = plan_years(world, effort()), plan_each_year_alone(world, effort())
    assert sorted(together.opens.tolist()) == [0, 1, 2]
    assert (together.opens[0], together.value, together.bound, together.proven) == (2, 15, 15, True)
    assert (alone.opens[0], alone.value, alone.covered.tolist()) == (0, 14, [6, 8])


def test_a_target_changes_the_plan_and_one_beyond_all_weight_is_proven_impossible():
    # a first year of 6 needs the middle site; then a second year can have 8 at most
    world = world_of(**FOUR_ROWS, budget=[1, 1], target=np.array([6.0, 0.0]))
    plan = plan_years(world, effort())
    assert (plan.covered.tolist(), plan.proven, plan.complete) == ([6, 8], True, True)
    # all weight is 10, which both outer sites cover: a target of 11 lacks 1 in every plan
    world = world_of(**FOUR_ROWS, budget=[1, 1], target=np.array([0.0, 11.0]))
    plan = plan_years(world, effort())
    assert plan.impossible
    assert (plan.covered.tolist(), plan.shortfall.tolist()) == ([5, 10], [0, 1])
    assert plan.least_shortfall == pytest.approx(1.0)
    assert plan.proven


def test_a_required_row_takes_its_site_though_others_cover_more():
    # d must be covered from the first year on: the outer site of 5 opens at once, then the other for 10
    world = world_of(**FOUR_ROWS, budget=[1, 1], required_from=np.array([2, 2, 2, 0]))
    plan = plan_years(world, effort())
    assert (plan.opens.tolist(), plan.value) == ([2, 1, 0], 15)
    # c and d both from the first year on: one site a year covers one of them
    world = world_of(**FOUR_ROWS, budget=[1, 1], required_from=np.array([2, 2, 0, 0]))
    plan = plan_years(world, effort())
    assert np.count_nonzero(plan.missing) == 1
    assert plan.value == 15


@pytest.mark.parametrize(("carry_over", "opens"), [(False, 2), (True, 1)])
def test_money_left_buys_a_dearer_site_later_only_if_it_is_carried_over(carry_over, opens):
    world = world_of([[1]], [7], [2], [1, 1], carry_over=carry_over)
    assert plan_years(world, effort()).opens.tolist() == [opens]
    assert plan_each_year_alone(world, effort()).opens.tolist() == [opens]


def test_a_year_without_a_limit_leaves_no_money_to_the_next():
    # no site may be opened in the first year, whose money knows no end; the second has 1 where the site costs 2
    world = world_of([[1]], [7], [2], [np.inf, 1], carry_over=True, count=np.array([0, 1]))
    for plan in (plan_years(world, effort()), plan_each_year_alone(world, effort())):
        assert plan.opens.tolist() == [2]  # never


def test_a_count_holds_over_the_years_and_existing_sites_are_in_it():
    # the middle site exists; with two allowed in all, one outer site may be added, in the first year: 8 and 8
    status = np.array([OPEN, FREE, FREE])
    world = world_of(**FOUR_ROWS, budget=[9, 9], status=status, count=np.array([2, 2]))
    plan = plan_years(world, effort())
    assert (plan.opens[0], plan.value, plan.bound) == (0, 16, 16)


def random_world(seed, years=3, rows=70, **changes):
    random = np.random.default_rng(seed)
    places = random.random((rows, 2))
    near = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) < 0.15
    cost = random.lognormal(0, 0.5, rows)
    budget = np.full(years, 6.0 / years)
    return world_of(near, random.integers(1, 900, rows), cost, budget, **changes)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_plan():
    # a target that no plan reaches sends the search through every one of its steps
    world = random_world(3, target=np.array([0.0, 0.0, 1e6]))
    first, second = (plan_years(world, effort(seed=7, nodes=20)) for _ in range(2))
    assert first.opens.tolist() == second.opens.tolist()
    assert first.bound == second.bound


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_plan_of_seventy_rows_is_proven_and_each_year_alone_is_not_better(seed):
    world = random_world(seed)
    together, alone = plan_years(world, effort()), plan_each_year_alone(world, effort())
    assert within_limits(world, together.opens)
    assert within_limits(world, alone.opens)
    assert together.proven
    assert alone.value <= together.value


def test_rows_and_sites_that_leave_no_choice():
    # the only site is forbidden, and its row required: missing and impossible, with nothing covered
    world = world_of([[1]], [5], [1], [1], status=np.array([CLOSED]), required_from=np.array([0]))
    plan = plan_years(world, effort())
    assert (plan.opens.tolist(), plan.value, plan.bound, plan.impossible) == ([1], 0, 0, True)
    assert plan.missing.tolist() == [[True]]
