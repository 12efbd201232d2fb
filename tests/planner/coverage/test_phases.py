"""Phases against trying every year for every site, by hand, and broken on purpose."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage import CoverageProblem, SitingRules, SolveStatus
from planner.coverage.explain.conflicts import fact, plain_conflicts
from planner.coverage.phases import Phase, PhasedProblem
from planner.coverage.phases.phased_adapter import knows, propose_phases_at_large
from planner.coverage.phases.phased_check import check_phases
from planner.coverage.phases.solve import solve_phases
from planner.coverage.phases.years import phase_problems
from planner.errors import BadDataError

LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
BUDGET_OF_2 = fact("limit_budget", budget_yuan=2.0)


def base_of(world, table=LINE, **changes):
    table = np.array(table, dtype=float)
    values = {"objective": Objective.MCLP, "count": table.shape[1], "standard_s": 300.0}
    return world(table, **(values | changes))


@pytest.fixture
def two_years(world):
    """Each village its own point at 1000 yuan: the heaviest first, as money for one comes each year."""
    base = base_of(world, weights=np.array([1.0, 5.0, 3.0]))
    return PhasedProblem(
        base=base, phases=(Phase(name="2026", budget_yuan=1000.0), Phase(name="2027", budget_yuan=1500.0))
    )


def test_the_heaviest_village_comes_first_and_stays(two_years):
    solution = solve_phases(two_years)
    assert [result.added for result in solution.phases] == [("s1",), ("s2",)]
    assert (solution.value, solution.bound, solution.alone) == (5 + 8, 13, 13)
    assert solution.status is SolveStatus.OPTIMAL


def test_money_that_is_left_can_be_carried_over(two_years):
    # 999 yuan buy nothing in the first year; with the 1001 of the second they are two points
    poor = replace(two_years, phases=(Phase(name="2026", budget_yuan=999.0), Phase(name="2027", budget_yuan=1001.0)))
    assert solve_phases(poor).value == 5
    assert solve_phases(replace(poor, carry_over=True)).value == 8


def test_running_costs_are_paid_every_year(two_years):
    # a point costs 1000 and 300 a year: the first year has money for one; the second's 1500 pay 600 and not another 1000
    dear = replace(
        two_years,
        running_cost_yuan=np.full(3, 300.0),
        phases=(Phase(name="a", budget_yuan=1300.0), Phase(name="b", budget_yuan=1500.0)),
    )
    solution = solve_phases(dear)
    assert [(result.opening_cost_yuan, result.running_cost_yuan) for result in solution.phases] == [
        (1000, 300),
        (0, 300),
    ]


def test_planning_together_can_be_worth_more_than_a_year_at_a_time(world):
    # s0 (2 yuan) covers the village of 10, s2 (4 yuan) both villages; two yuan come in each of the first two years.
    # Together it pays to wait: nothing, then s2: 0 + 19 + 19. A year at a time buys s0 at once, and then two yuan more
    # buy nothing: 10 + 10 + 10.
    base = base_of(
        world,
        [[60, 900, 60], [900, 60, 60]],
        weights=np.array([10.0, 9.0]),
        opening_cost_yuan=np.array([2.0, 9.0, 4.0]),
    )
    phases = tuple(Phase(name=str(year), budget_yuan=budget) for year, budget in enumerate([2.0, 2.0, 0.0]))
    best = solve_phases(PhasedProblem(base=base, phases=phases, carry_over=True))
    assert (best.value, best.alone) == (38, 30)


def test_a_year_that_cannot_keep_running_what_is_open_fails_when_planned_alone(world):
    # both sites are opened by a year that pays what it costs; the next has 1 yuan where running both costs 2.
    # Together one site is opened, the one of 3: 3 + 3.
    base = base_of(world, [[60, 900], [900, 60]], weights=np.array([3.0, 2.0]), opening_cost_yuan=np.zeros(2))
    phases = (Phase(name="a"), Phase(name="b", budget_yuan=1.0))
    solution = solve_phases(PhasedProblem(base=base, phases=phases, running_cost_yuan=np.ones(2)))
    assert (solution.value, solution.alone) == (6, None)
    assert solution.alone_conflicts == (
        fact("alone_fails_in", phase="b"),
        fact("running_above_budget", running_yuan=2.0, budget_yuan=1.0),
    )


def a_year_that_spoils_the_next(world, **second):
    """Two years of 2 yuan. a alone buys s0 (village 0, weight 6); only s1 (village 1, weight 5) and s2 (both villages, 4
    yuan with what is carried over) let b keep what it asks."""
    base = base_of(
        world,
        [[60, 900, 60], [900, 60, 60]],
        weights=np.array([6.0, 5.0]),
        opening_cost_yuan=np.array([2.0, 3.0, 4.0]),
    )
    phases = (Phase(name="a", budget_yuan=2.0), Phase(name="b", budget_yuan=2.0, **second))
    return PhasedProblem(base=base, phases=phases, carry_over=True)


@pytest.mark.parametrize(
    ("second", "by_milp", "by_engine"),
    [
        (
            {"mandatory": np.array([False, True])},
            fact("mandatory_point_beyond_limits", point_id="v1", limits=(BUDGET_OF_2,)),
            fact("alone_misses_point", point_id="v1"),
        ),
        (
            {"target_share": 0.9},
            fact("demands_exclude", demands=(fact("limit_share", target_share=0.9), BUDGET_OF_2)),
            fact("alone_misses_target", max_share=6 / 11, target_share=0.9),
        ),
    ],
)
def test_why_a_year_alone_fails_is_said_by_both_ways_of_planning(world, second, by_milp, by_engine):
    problem = a_year_that_spoils_the_next(world, **second)
    solution = solve_phases(problem)
    assert solution.found
    assert solution.alone is None
    first, *rest = solution.alone_conflicts
    assert first == fact("alone_fails_in", phase="b")
    proposal = propose_phases_at_large(problem, 20.0, 1)
    assert proposal.alone is None
    assert proposal.alone_conflicts == (first, by_engine)
    assert rest == [by_milp]


def test_a_target_that_cannot_be_met_is_named_with_the_most_that_can(two_years):
    phases = (replace(two_years.phases[0], target_share=0.6), two_years.phases[1])
    solution = solve_phases(replace(two_years, phases=phases))
    assert solution.status is SolveStatus.INFEASIBLE
    # the heaviest village is 5 of 9
    assert solution.conflicts == (
        fact(
            "in_phase",
            phase="2026",
            conflict=fact("phase_share_out_of_reach", target_share=0.6, max_share=pytest.approx(5 / 9)),
        ),
    )


def test_targets_that_exclude_each_other_are_said_to(world):
    # 40 % in the first year takes s0 (10 of 21), but then s2 (11 of 21 and more) cannot be paid in the second
    base = base_of(
        world, [[60, 900], [900, 60]], weights=np.array([10.0, 11.0]), opening_cost_yuan=np.array([2.0, 4.0])
    )
    phases = (Phase(name="a", budget_yuan=2.0, target_share=0.4), Phase(name="b", budget_yuan=2.0, target_share=0.5))
    solution = solve_phases(PhasedProblem(base=base, phases=phases, carry_over=True))
    assert solution.conflicts == (
        fact(
            "demands_exclude",
            demands=(
                fact("demands_of_phase", phase="a", demands=(fact("limit_share", target_share=0.4), BUDGET_OF_2)),
                fact("demands_of_phase", phase="b", demands=(fact("limit_share", target_share=0.5), BUDGET_OF_2)),
            ),
        ),
    )


def test_only_the_demands_that_exclude_each_other_are_named(world):
    # three villages, a site of 2 yuan at each: by b two of them are mandatory, which takes the 2 yuan of a, spent on v0 or
    # v1, and 2 more, where there are none. Neither the target of a (any village), nor its count, nor c matters.
    base = base_of(
        world,
        [[60, 900, 900], [900, 60, 900], [900, 900, 60]],
        weights=np.array([1.0, 1.0, 1.0]),
        opening_cost_yuan=np.array([2.0, 2.0, 2.0]),
    )
    both = np.array([True, True, False])
    phases = (
        Phase(name="a", budget_yuan=2.0, target_share=0.3, count=2),
        Phase(name="b", budget_yuan=1.0, mandatory=both),
        Phase(name="c", budget_yuan=9.0, target_share=0.9),
    )
    solution = solve_phases(PhasedProblem(base=base, phases=phases))
    assert solution.status is SolveStatus.INFEASIBLE
    assert solution.conflicts == (
        fact(
            "demands_exclude",
            demands=(
                fact("demands_of_phase", phase="a", demands=(BUDGET_OF_2,)),
                fact(
                    "demands_of_phase",
                    phase="b",
                    demands=(
                        fact("limit_budget", budget_yuan=1.0),
                        fact("limit_mandatory_points", count=2, point_ids=("v0", "v1")),
                    ),
                ),
            ),
        ),
    )


def test_poor_villages_wait_no_longer_than_their_year(two_years):
    poor = (replace(two_years.phases[0], mandatory=np.array([True, False, False])), two_years.phases[1])
    assert [result.added for result in solve_phases(replace(two_years, phases=poor)).phases] == [("s0",), ("s1",)]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda s: replace(s, value=14.0), "the phases sum to 13"),
        (lambda s: replace(s, bound=12.0), "passes the bound"),
        (lambda s: replace(s, phases=s.phases[:1]), "not those of the problem"),
        (lambda s: with_first(s, opening_cost_yuan=999.0), "costs 1000.00 and 0.00 yuan"),
        (lambda s: with_first(s, added=()), "the sites it adds are not those it says"),
        (lambda s: with_first(s, covered_weight=6.0), "covers 5.0, the answer says 6.0"),
        (lambda s: with_first(s, target_share=0.9), "the target is not the phase's own"),
        (lambda s: both_at_once(s), "phase 2026 spends 2000.00 yuan, it has 1000.00"),
        (lambda s: replace(s, phases=(s.phases[0], replace(s.phases[0], name="2027"))), "phase 2027: the sites it adds"),
    ],
)  # fmt: skip
def test_the_check_notices_a_broken_answer(two_years, broken, fault):
    solution = solve_phases(two_years)
    assert check_phases(two_years, solution) == ()
    assert fault in " ".join(check_phases(two_years, broken(solution)))


def both_at_once(solution):
    return with_first(solution, coverage=solution.phases[1].coverage, added=("s1", "s2"), opening_cost_yuan=2000.0)


def with_first(solution, **changes):
    return replace(solution, phases=(replace(solution.phases[0], **changes), *solution.phases[1:]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phases": ()}, "there is no phase"),
        ({"phases": (Phase(name="a"), Phase(name="a"))}, "phase names repeat: a"),
        ({"phases": (Phase(name="a", budget_yuan=-1.0),)}, "phase a: budget_yuan is -1.0"),
        ({"phases": (Phase(name="a", target_share=1.5),)}, "phase a: target_share is 1.5"),
        ({"phases": (Phase(name="a", mandatory=np.ones(2, bool)),)}, "phase a: mandatory has shape (2,)"),
        ({"running_cost_yuan": np.array([1.0, np.nan, 1.0])}, "running_cost_yuan is negative or not a number for s1"),
    ],
)
def test_phases_that_do_not_hold_together_are_refused(two_years, changes, message):
    with pytest.raises(BadDataError) as caught:
        replace(two_years, **changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"objective": Objective.LSCP}, "phases take MCLP"), ({"budget_yuan": 5.0}, "has a budget of its own")],
)
def test_a_base_that_phases_cannot_take_is_refused(world, changes, message):
    with pytest.raises(BadDataError, match=message):
        PhasedProblem(base=base_of(world, **changes), phases=(Phase(name="a"),))


@st.composite
def tiny_phased(draw):
    points, sites, years = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    times = st.integers(0, 12).map(lambda x: 100.0 * x)
    kinds = [draw(st.sampled_from(["free", "free", "existing", "forbidden"])) for _ in range(sites)]
    rules = {}
    if draw(st.booleans()):
        rules = {
            "township": tuple("ab"[j % 2] for j in range(sites)),
            "township_limits": {"a": draw(st.sampled_from([(0, 1), (1, None)]))},
        }
    if draw(st.booleans()):
        rules["decay_s"] = 1000.0
    base = CoverageProblem(
        objective=Objective.MCLP,
        demand_ids=tuple(f"v{i}" for i in range(points)),
        site_ids=tuple(f"s{j}" for j in range(sites)),
        durations_s=np.array([[draw(times) for _ in range(sites)] for _ in range(points)]),
        standard_s=600.0,
        weights=np.array([float(draw(st.integers(0, 9))) for _ in range(points)]),
        population=np.ones(points),
        households=np.ones(points),
        registered_poor=np.zeros(points, dtype=bool),
        mandatory=np.zeros(points, dtype=bool),
        opening_cost_yuan=np.array([float(draw(st.integers(0, 4))) for _ in range(sites)]),
        existing=np.array([kind == "existing" for kind in kinds]),
        forbidden=np.array([kind == "forbidden" for kind in kinds]),
        count=sites,
        rules=SitingRules(**rules),
    )
    phases = tuple(
        Phase(
            name=f"y{t}",
            budget_yuan=draw(st.sampled_from([None, 1.0, 3.0, 5.0])),
            count=draw(st.sampled_from([None, None, sites, 1])),
            target_share=draw(st.sampled_from([None, None, 0.4])),
            mandatory=np.array([draw(st.sampled_from([False] * 5 + [True])) for _ in range(points)]),
        )
        for t in range(years)
    )
    running = np.array([float(draw(st.integers(0, 1))) for _ in range(sites)]) if draw(st.booleans()) else None
    return PhasedProblem(base=base, phases=phases, carry_over=draw(st.booleans()), running_cost_yuan=running)


def best_by_trying_all(problem):
    base, years = problem.base, len(problem.phases)
    choices = [
        [0] if base.existing[j] else [years] if base.forbidden[j] else range(years + 1)
        for j in range(len(base.site_ids))
    ]
    values = [value for start in product(*choices) if (value := value_by_hand(problem, np.array(start))) is not None]
    return max(values) if values else None


def value_by_hand(problem, start):
    base, left, total = problem.base, 0.0, 0.0
    for t, phase in enumerate(problem.phases):
        opened = start <= t
        cost = base.opening_cost_yuan[(start == t) & ~base.existing].sum()
        if problem.running_cost_yuan is not None:
            cost += problem.running_cost_yuan[opened].sum()
        if phase.budget_yuan is None:
            left = 0.0
        else:
            left = (left if problem.carry_over else 0.0) + phase.budget_yuan - cost
            if left < -1e-9:
                return None
        if opened.sum() > (len(opened) if phase.count is None else phase.count):
            return None
        for town, (least, most) in base.rules.township_limits.items():
            there = sum(opened[j] for j, name in enumerate(base.rules.township) if name == town)
            if (most is not None and there > most) or (t == len(problem.phases) - 1 and there < least):
                return None
        nearest = base.durations_s[:, opened].min(axis=1, initial=np.inf)
        can = (base.durations_s[:, ~base.forbidden] <= 600).any(axis=1)
        if (nearest[phase.mandatory & can] > 600).any():
            return None
        end = base.rules.decay_s or 600.0 + 1e-9
        if base.weights[nearest <= 600].sum() < (phase.target_share or 0.0) * base.weights.sum() - 1e-9:
            return None
        total += float((base.weights * np.clip((end - nearest) / (end - 600.0), 0.0, 1.0)).sum())
    return total


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(tiny_phased())
def test_phases_are_what_trying_every_year_for_every_site_gives(problem):
    best = best_by_trying_all(problem)
    solution = solve_phases(problem)
    if best is None:
        assert solution.status is SolveStatus.INFEASIBLE
        assert solution.conflicts
        return
    assert solution.status is SolveStatus.OPTIMAL
    assert solution.value == pytest.approx(best, abs=1e-6)
    if solution.alone is not None:
        assert solution.alone <= solution.value + 1e-6


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(tiny_phased())
def test_the_engine_for_a_province_never_claims_more_than_trying_every_year_gives(problem):
    problem = replace(problem, base=replace(problem.base, rules=SitingRules()), running_cost_yuan=None)
    problem = problem.attainable  # as `solve_phases` asks
    assert knows(problem)
    assume(not any(plain_conflicts(year) for year in phase_problems(problem)))  # named before any engine is asked
    best = best_by_trying_all(problem)
    proposal = propose_phases_at_large(problem, 20.0, 1)
    if best is None:
        assert proposal.status is not None
        return
    assert proposal.status is None
    opened = np.array([year.opened for year in proposal.years])
    value = value_by_hand(problem, np.where(opened.any(axis=0), opened.argmax(axis=0), 99))
    assert value is not None
    assert value <= best + 1e-6 <= proposal.bound + 2e-6
    if proposal.proven:
        assert value == pytest.approx(best, abs=1e-6)
