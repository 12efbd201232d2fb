"""Two answers side by side, on worlds small enough to see the changes."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage import StationPlan
from planner.coverage.appraise import Change, compare_coverage, compare_stations
from planner.coverage.explain import solution_of
from planner.coverage.proposal import Proposal
from planner.errors import BadDataError

# four villages on a road, 400 s apart, a site in each
ROAD = [[abs(i - j) * 400.0 for j in range(4)] for i in range(4)]


def opening(problem, *sites: int):
    """Return the answer in which these sites are open."""
    opened = np.zeros(len(problem.site_ids), dtype=bool)
    opened[list(sites)] = True
    return solution_of(problem, Proposal(opened=opened, bound=None, proven=False))


def test_sites_villages_people_and_money_that_change(world):
    problem = world(ROAD, objective=Objective.MCLP, count=2, registered_poor=np.array([1, 0, 0, 0], bool))
    # site 1 covers v0, v1, v2 within 600 s; sites 2 and 3 cover v1, v2, v3
    seen = compare_coverage(opening(problem, 1), opening(problem, 2, 3))
    assert (seen.opened, seen.closed, seen.kept) == (("s2", "s3"), ("s1",), ())
    assert [(p.demand_id, p.change, p.before_s, p.after_s) for p in seen.points] == [
        ("v0", Change.LOST, 400, 800),
        ("v1", Change.SLOWER, 0, 400),
        ("v2", Change.FASTER, 400, 0),
        ("v3", Change.GAINED, 800, 0),
    ]
    assert (seen.before.villages, seen.after.villages) == (3, 3)
    assert (seen.before.population, seen.before.households, seen.after.households) == (300, 90, 90)
    assert (seen.before.poor_villages, seen.after.poor_villages) == (1, 0)
    assert (seen.before_cost_yuan, seen.after_cost_yuan) == (1000, 2000)
    assert [p.demand_id for p in seen.of(Change.LOST)] == ["v0"]
    assert seen.same_standard


def test_another_standard_is_said_and_what_it_does_alone(world):
    short = world(ROAD, objective=Objective.MCLP, count=2)
    long = replace(short, standard_s=800.0)
    seen = compare_coverage(opening(short, 1), opening(long, 1))
    # v3 is 800 s from the same site: covered now, by the longer standard alone
    assert [(p.demand_id, p.change, p.by_standard_alone) for p in seen.points] == [("v3", Change.GAINED, True)]
    assert (seen.before_standard_s, seen.after_standard_s, seen.same_standard) == (600, 800, False)
    back = compare_coverage(opening(long, 1), opening(short, 1))
    assert [(p.demand_id, p.change, p.by_standard_alone) for p in back.points] == [("v3", Change.LOST, True)]
    nearer = compare_coverage(opening(short, 1), opening(long, 1, 3))
    assert [(p.change, p.by_standard_alone) for p in nearer.points if p.demand_id == "v3"] == [(Change.GAINED, False)]


def test_a_village_without_a_way_stays_what_it_was(world):
    problem = world([[0.0, 60.0], [math.inf, math.inf]], objective=Objective.MCLP, count=1)
    seen = compare_coverage(opening(problem, 0), opening(problem, 1))
    assert [(p.demand_id, p.change) for p in seen.points] == [("v0", Change.SLOWER)]
    assert seen.unchanged == 1


def test_answers_about_different_villages_are_refused_and_the_villages_named(world):
    one = opening(world([[0.0, 60.0], [60.0, 0.0]]), 0)
    other = opening(world([[0.0, 60.0], [60.0, 0.0]], demand_ids=("v1", "v7")), 0)
    with pytest.raises(BadDataError) as caught:
        compare_coverage(one, other)
    assert caught.value.problems == ("points in the first answer only: v0", "points in the second answer only: v7")


def test_stations_of_two_plans_serve_different_points(world):
    points = world(ROAD, objective=Objective.MCLP, count=2)
    stations = world([[0.0, 60.0], [60.0, 0.0]], demand_ids=("s1", "s2"), site_ids=("e0", "e1"))
    others = world([[0.0, 60.0], [60.0, 0.0]], demand_ids=("s2", "s3"), site_ids=("e0", "e1"))
    seen = compare_stations(
        StationPlan(service_points=opening(points, 1, 2), express_stations=opening(stations, 0)),
        StationPlan(service_points=opening(points, 2, 3), express_stations=opening(others, 0)),
    )
    assert (seen.express_stations.only_before, seen.express_stations.only_after) == (("s1",), ("s3",))
    # s2 was 60 s from e0, and is now in the first row: 0 s
    assert [(p.demand_id, p.change) for p in seen.express_stations.points] == [("s2", Change.FASTER)]
    assert seen.service_points.kept == ("s2",)


@given(st.data())
def test_there_and_back_are_mirror_images_and_gains_explain_the_totals(world, data):
    size = data.draw(st.integers(1, 6))
    times = st.one_of(st.integers(0, 1200).map(float), st.just(math.inf))
    rows = data.draw(st.lists(st.lists(times, min_size=3, max_size=3), min_size=size, max_size=size))
    problem = world(rows, objective=Objective.MCLP, count=3)
    chosen = [data.draw(st.sets(st.integers(0, 2))) for _ in range(2)]
    before, after = (opening(problem, *sorted(sites)) for sites in chosen)
    seen, back = compare_coverage(before, after), compare_coverage(after, before)
    assert seen.after.villages - seen.before.villages == len(seen.of(Change.GAINED)) - len(seen.of(Change.LOST))
    mirrored = {
        Change.GAINED: Change.LOST,
        Change.LOST: Change.GAINED,
        Change.FASTER: Change.SLOWER,
        Change.SLOWER: Change.FASTER,
    }
    assert [(p.demand_id, mirrored[p.change]) for p in seen.points] == [(p.demand_id, p.change) for p in back.points]
    assert len(seen.points) + seen.unchanged == size
    assert (seen.opened, seen.closed) == (back.closed, back.opened)
    assert not any(p.by_standard_alone for p in seen.points)
