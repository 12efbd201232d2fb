"""Running days against every order of what is left: nothing is dropped that another order within the rules can serve."""

import pytest

from planner.routing.day.check import check_replan
from planner.routing.day.replan import replan
from tests.planner.routing.running_days import KINDS, fewest_missed, left_of, random_day


def assert_as_good_as_any(kind, seed):
    world = random_day(seed, kind)
    if world is None:
        return False
    problem, plan, day = world
    made = replan(problem, plan, day, iterations=1, seed=1, engine="ruin_recreate")
    assert check_replan(problem, plan, day, made) == ()
    left = left_of(problem, plan, day)
    missed = sum(not one.stop_id.startswith("@") for one in made.plan.unassigned)
    forced = {change.stop_id for change in made.changes if change.forced}
    assert missed == fewest_missed(problem, plan, day, forced), (kind, seed, made.plan.unassigned)
    assert set(made.done) == left.done
    assert set(made.gone) == left.gone
    free = {van.id: van.free_s for van in left.vans}
    visits = [(route.vehicle_type_id, visit) for route in made.plan.routes for visit in route.visits]
    for vehicle, visit in visits:
        here = visit.stop_id == f"@{vehicle}/here"
        assert here or visit.service_start_s >= free[vehicle] - 0.5, (kind, seed, visit)
    ids = [visit.stop_id for _, visit in visits]
    assert len(ids) == len(set(ids))
    assert len(made.changes) == len({change.stop_id for change in made.changes})
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_no_stop_is_dropped_that_another_order_can_serve(kind):
    assert sum(assert_as_good_as_any(kind, seed) for seed in range(6)) >= 2


@pytest.mark.parametrize("seed", [47, 67])
def test_two_stops_change_places_at_once_where_that_serves_one_more(seed):
    # moving one stop at a time leaves a
    assert assert_as_good_as_any("tight", seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_in_two_hundred_days_no_stop_is_dropped_that_another_order_can_serve(kind):
    assert sum(assert_as_good_as_any(kind, seed) for seed in range(100, 140)) >= 8
