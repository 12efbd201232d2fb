"""Kinds of siting input that were answered wrongly: each case that is at hand, and made-up worlds of the same kind."""

import re
import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from planner.config import Objective, load_config
from planner.coverage import SolveStatus, UncoveredReason
from planner.coverage.phases import Phase, PhasedProblem
from planner.coverage.phases.solve import solve_phases
from planner.coverage.remedies import cheapest_remedies
from planner.coverage.solve import solve_coverage
from planner.pipeline.area_run import AreaRun
from tests.cases.siting_trials import best_value, best_ways, coverable, covered_by, problem_of

CASES = Path(__file__).parents[3] / "shared" / "cases"
at_hand = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not at hand: ../shared/cases")
SEEDS = range(200)


def siting_of(case):
    return AreaRun.for_siting(load_config(CASES / case)).siting


def holdable(problem, i):
    """Whether an allowed site within the standard has the capacity for what a point brings."""
    rules = problem.rules
    near = np.flatnonzero((problem.durations_s[i] <= problem.standard_s) & ~problem.forbidden)
    return rules.capacity is None or any(rules.load[i] <= rules.capacity[j] for j in near)


def reasons(solution):
    return {left.demand_id: left.reason for left in solution.uncovered}


@at_hand
def test_a_village_with_one_of_two_sites_needed_is_not_covered():
    points = siting_of("siting/s_backup2iso").stations.service_points
    assert reasons(points) == {"iso": UncoveredReason.TOO_FEW_SITES}
    assert (len(points.opened), points.shares.villages) == (3, 0.75)


@at_hand
def test_villages_where_nobody_lives_do_not_stop_siting():
    siting = siting_of("siting/zero_weight_capacity")
    points = siting.stations.service_points
    assert points.found
    # V00 has the existing point at its own place, which has room for its nothing
    assert "V00" in {one.demand_id for one in points.assignments}
    assert "V00" not in {remedy.demand_id for remedy in siting.remedies}


@at_hand
def test_one_poor_village_without_a_road_does_not_end_the_plan():
    siting = siting_of("areas/one_poor_village_no_road")
    points = siting.stations.service_points
    assert (points.status, len(siting.phases.phases)) == (SolveStatus.OPTIMAL, 3)
    assert reasons(points) == {"NEW-2": UncoveredReason.NO_ROAD}
    assert [fact.params["point_id"] for fact in points.relaxed] == ["NEW-2"]
    assert siting.stations.express_stations.found


@pytest.mark.parametrize("seed", SEEDS)
def test_backup_is_asked_for_as_it_is_written(seed):
    rng = np.random.default_rng(seed)
    objective = [Objective.LSCP, Objective.MCLP][seed % 2]
    problem = problem_of(rng, objective, sites_needed=int(rng.integers(2, 4)))
    solution = solve_coverage(problem)
    best = best_value(problem)
    if best is None:
        assert solution.status is SolveStatus.INFEASIBLE
        return
    assert solution.value == pytest.approx(best)
    opened = [problem.site_ids.index(id_) for id_ in solution.opened]
    covered = {one.demand_id for one in solution.assignments}
    for i, point in enumerate(problem.demand_ids):
        assert (point in covered) == covered_by(problem, opened, i)
        if point not in covered and (problem.durations_s[i, ~problem.forbidden] <= 600).sum() > 0:
            few = reasons(solution)[point] is UncoveredReason.TOO_FEW_SITES
            assert few == (not coverable(problem, i))
    named = {fact.params["point_id"] for fact in solution.relaxed}
    assert named == {p for i, p in enumerate(problem.demand_ids) if problem.mandatory[i] and not coverable(problem, i)}


@at_hand
def test_the_shortest_longest_way_counts_the_second_site_where_two_are_needed(tmp_path):
    shutil.copytree(CASES / "siting/s_backup2iso", tmp_path, dirs_exist_ok=True)
    config = tmp_path / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r'"LSCP"', '"PCENTER"\ncount = 3', text, count=1), encoding="utf-8")
    siting = AreaRun.for_siting(load_config(config)).siting
    points = siting.stations.service_points
    # the count is used up, and what a village still lacks is said to go beyond it
    assert (len(points.opened), points.status) == (3, SolveStatus.OPTIMAL)
    assert reasons(points)["iso"] is UncoveredReason.TOO_FEW_SITES
    assert set(reasons(points).values()) <= {UncoveredReason.TOO_FEW_SITES, UncoveredReason.COUNT_USED_UP}
    assert all("above_count" in {lift.code for lift in one.lifts} for one in siting.remedies if one.site_ids)


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_are_measured_to_the_last_site_that_is_needed(seed):
    rng = np.random.default_rng(4000 + seed)
    objective = [Objective.P_CENTER, Objective.P_MEDIAN][seed % 2]
    problem = problem_of(rng, objective, sites_needed=int(rng.integers(2, 4)))
    solution = solve_coverage(problem)
    best = best_ways(problem)
    if best is None:
        assert (solution.status, bool(solution.conflicts)) == (SolveStatus.INFEASIBLE, True)
        return
    assert (solution.status, solution.value) == (SolveStatus.OPTIMAL, pytest.approx(best))
    opened = [problem.site_ids.index(id_) for id_ in solution.opened]
    covered = {one.demand_id for one in solution.assignments}
    assert covered == {p for i, p in enumerate(problem.demand_ids) if covered_by(problem, opened, i)}
    for remedy in cheapest_remedies(problem, solution):  # what the count allows is open: every remedy goes beyond it
        assert not remedy.site_ids or "above_count" in {lift.code for lift in remedy.lifts}


@pytest.mark.parametrize("seed", SEEDS)
def test_points_that_weigh_nothing_or_cannot_be_covered_never_end_a_plan(seed):
    rng = np.random.default_rng(1000 + seed)
    objective = [Objective.MCLP, Objective.LSCP, Objective.P_MEDIAN][seed % 3]
    problem = problem_of(rng, objective, **({"capacity": None} if seed % 2 else {}))
    solution = solve_coverage(problem)
    if not problem.rules.has_loads and objective is not Objective.P_MEDIAN:
        best = best_value(problem)
        assert solution.value == (None if best is None else pytest.approx(best))
    if not solution.found:
        return
    never = [i for i in range(len(problem.demand_ids)) if not (coverable(problem, i) and holdable(problem, i))]
    beyond = {problem.demand_ids[i] for i in never if problem.mandatory[i]}
    assert {fact.params["point_id"] for fact in solution.relaxed} == beyond
    for remedy in cheapest_remedies(problem, solution):
        i = problem.demand_ids.index(remedy.demand_id)
        assert problem.weights[i] > 0 or problem.mandatory[i]
        assert (remedy.cost_yuan is None) == (not remedy.site_ids and not remedy.station_ids)
        assert remedy.standard_s is None or remedy.standard_s > problem.standard_s


@pytest.mark.parametrize("seed", SEEDS)
def test_a_remedy_names_the_nearest_of_equally_cheap_sites(seed):
    rng = np.random.default_rng(2000 + seed)
    problem = problem_of(rng, Objective.MCLP, sites_needed=int(rng.integers(1, 3)))
    solution = solve_coverage(problem)
    if not solution.found:
        return
    opened = [problem.site_ids.index(id_) for id_ in solution.opened]
    for remedy in cheapest_remedies(problem, solution):
        i = problem.demand_ids.index(remedy.demand_id)
        closed = [j for j in np.flatnonzero(~problem.forbidden).tolist() if j not in opened]
        ways = [
            (sum(problem.opening_cost_yuan[j] for j in more), max(problem.durations_s[i, j] for j in more), len(more))
            for k in range(1, len(closed) + 1)
            for more in combinations(closed, k)
            if covered_by(problem, [*opened, *more], i)
            and sum(problem.durations_s[i, j] <= problem.standard_s for j in more) == k
        ]
        chosen = [problem.site_ids.index(id_) for id_ in remedy.site_ids]
        if not ways:
            assert not chosen
            continue
        cheapest = min(cost for cost, _, _ in ways)
        assert remedy.cost_yuan == cheapest
        assert max(problem.durations_s[i, j] for j in chosen) == min(far for cost, far, _ in ways if cost == cheapest)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unreachable_poor_village_ends_no_phases_and_is_named_in_each_that_asks_for_it(seed):
    rng = np.random.default_rng(3000 + seed)
    base = problem_of(rng, Objective.MCLP)
    base = replace(base, mandatory=np.zeros(len(base.demand_ids), dtype=bool), count=len(base.site_ids))
    poor = base.registered_poor
    phases = (Phase(name="a", budget_yuan=float(rng.integers(0, 9))), Phase(name="b", mandatory=poor))
    solution = solve_phases(PhasedProblem(base=base, phases=phases))
    assert solution.status is SolveStatus.OPTIMAL  # the last phase has no budget: what can be covered is
    beyond = {p for i, p in enumerate(base.demand_ids) if poor[i] and not coverable(base, i)}
    named = [{fact.params["point_id"] for fact in phase.coverage.relaxed} for phase in solution.phases]
    assert named == [set(), beyond]
    covered = {one.demand_id for one in solution.phases[-1].coverage.assignments}
    assert covered >= {p for i, p in enumerate(base.demand_ids) if poor[i] and coverable(base, i)}
