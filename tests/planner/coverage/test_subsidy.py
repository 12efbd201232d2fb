"""Subsidies: sums that agree to the fen, by hand and for whatever costs and shares there are."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import CostItem, FundingSource, Objective
from planner.coverage import CoverageSolution, SolveStatus
from planner.coverage.appraise import (
    SiteCost,
    SpendingPhase,
    apportion,
    fen_of,
    format_fen,
    fund,
    spending_of_phases,
    spending_of_plan,
)
from planner.coverage.explain import solution_of
from planner.coverage.phases import PhasedSolution, PhaseResult
from planner.coverage.proposal import Proposal
from planner.errors import BadDataError

EQUIPMENT, AGENT, RENT = CostItem
GOVERNMENT, FIRMS, SOCIETY, BENEFICIARIES = FundingSource
ALL_GOVERNMENT = {item: {GOVERNMENT: 1.0} for item in CostItem}


def test_equipment_once_agent_and_rent_for_every_year_by_hand():
    costs = {
        "a": SiteCost(equipment_fen=3_000_000, agent_fen=540_000, rent_fen=120_000),
        "b": SiteCost(equipment_fen=2_000_000, agent_fen=540_000, rent_fen=0),  # shares a house: no rent
    }
    phases = (
        SpendingPhase(name="2026", years=1, added=("a",), opened=("a",)),
        SpendingPhase(name="2027-2028", years=2, added=("b",), opened=("a", "b")),
    )
    shares = {
        EQUIPMENT: {GOVERNMENT: 0.6, FIRMS: 0.2, SOCIETY: 0.1, BENEFICIARIES: 0.1},
        AGENT: {BENEFICIARIES: 1},
        RENT: {SOCIETY: 0.5, FIRMS: 0.5},
    }
    table = fund(phases, costs, shares)
    assert table.fen(phase="2026", item=EQUIPMENT) == 3_000_000
    assert table.fen(phase="2026", item=EQUIPMENT, source=GOVERNMENT) == 1_800_000
    assert table.fen(phase="2027-2028", item=EQUIPMENT) == 2_000_000
    # two years of two agents, and of the one rent
    assert table.fen(phase="2027-2028", item=AGENT) == 2 * 2 * 540_000
    assert table.fen(phase="2027-2028", item=RENT) == 2 * 120_000
    assert table.fen(source=BENEFICIARIES) == 300_000 + 200_000 + 540_000 + 2_160_000
    assert table.fen() == 5_000_000 + 540_000 + 2_160_000 + 120_000 + 240_000
    assert len(table.entries) == 2 * 3 * 4


def test_a_third_each_of_one_yuan_loses_no_fen():
    # 33.33... fen each: the fen that is left goes to the first
    assert apportion(100, [Fraction(1, 3)] * 3) == (34, 33, 33)
    # 0.1 + 0.2 + 0.7 of 1 fen: the largest remainder has it
    assert apportion(1, [Fraction("0.1"), Fraction("0.2"), Fraction("0.7")]) == (0, 0, 1)


@st.composite
def spendings(draw):
    ids = [f"s{i}" for i in range(draw(st.integers(1, 5)))]
    fen = st.integers(0, 10**9)
    costs = {id_: SiteCost(equipment_fen=draw(fen), agent_fen=draw(fen), rent_fen=draw(fen)) for id_ in ids}
    phases, opened = [], []
    for number in range(draw(st.integers(1, 4))):
        added = draw(st.lists(st.sampled_from(ids), unique=True).map(lambda some: [s for s in some if s not in opened]))  # noqa: B023
        opened = [*opened, *added]
        phases.append(
            SpendingPhase(name=str(number), years=draw(st.integers(1, 5)), added=tuple(added), opened=tuple(opened))
        )
    shares = {}
    for item in CostItem:
        cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=3, max_size=3)))
        parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
        shares[item] = {source: part / 10_000 for source, part in zip(FundingSource, parts, strict=True)}
    return tuple(phases), costs, shares


@given(spendings())
def test_every_row_column_and_grand_total_agrees_exactly(drawn):
    phases, costs, shares = drawn
    table = fund(phases, costs, shares)
    for phase in phases:
        wanted = {
            EQUIPMENT: sum(costs[s].equipment_fen for s in phase.added),
            AGENT: phase.years * sum(costs[s].agent_fen for s in phase.opened),
            RENT: phase.years * sum(costs[s].rent_fen for s in phase.opened),
        }
        for item in CostItem:
            cells = {source: table.fen(phase=phase.name, item=item, source=source) for source in FundingSource}
            assert sum(cells.values()) == table.fen(phase=phase.name, item=item) == wanted[item]
            for source, fen in cells.items():  # within one fen of what its share says
                assert abs(fen - Fraction(str(shares[item][source])) * wanted[item]) < 1
    total = table.fen()
    assert total == sum(table.fen(phase=phase.name) for phase in phases)
    assert total == sum(table.fen(item=item) for item in CostItem)
    assert total == sum(table.fen(source=source) for source in FundingSource)
    assert total == sum(table.fen(item=item, source=source) for item, source in product(CostItem, FundingSource))


@given(st.integers(0, 10**12))
def test_fen_are_shown_and_read_back_exactly(fen):
    assert fen_of(float(format_fen(fen).replace(",", ""))) == fen


@pytest.mark.parametrize("yuan", [0.001, -1, float("nan"), float("inf"), 12.345])
def test_what_is_no_amount_in_whole_fen_is_refused(yuan):
    with pytest.raises(BadDataError, match="whole fen"):
        fen_of(yuan)


def test_every_fault_is_named():
    costs = {"a": SiteCost(equipment_fen=-1, agent_fen=0, rent_fen=0)}
    phases = (
        SpendingPhase(name="x", years=0, added=("a", "b"), opened=("a",)),
        SpendingPhase(name="x", years=1, added=(), opened=()),
    )
    with pytest.raises(BadDataError) as caught:
        fund(phases, costs, {EQUIPMENT: {GOVERNMENT: 0.5, FIRMS: 0.6}, AGENT: {GOVERNMENT: 2.0, FIRMS: -1.0}})
    assert caught.value.problems == (
        "phase names repeat: x",
        "phase x lasts 0 years, it must be 1 or more",
        "sites without a cost: b",
        "costs are negative: a",
        "sites are added but not open in the same phase: b",
        "shares of equipment sum to 1.1, they must sum to 1",
        "shares of agent: none may be negative",
        "shares of rent sum to 0, they must sum to 1",
    )


def line(world, *sites: int) -> CoverageSolution:
    problem = world([[0.0, 900.0], [900.0, 0.0]], objective=Objective.MCLP, count=2)
    return solution_of(problem, Proposal(opened=np.isin([0, 1], sites), bound=None, proven=False))


def test_phases_of_an_answer_cost_what_the_answer_says(world):
    def result(name, added, *sites):
        return PhaseResult(
            name=name,
            added=added,
            opening_cost_yuan=1000.0 * len(added),
            running_cost_yuan=0.0,
            covered_weight=0.0,
            target_share=None,
            target_met=True,
            coverage=line(world, *sites),
        )

    solution = PhasedSolution(
        status=SolveStatus.OPTIMAL,
        phases=(result("2026", ("s0",), 0), result("2028", ("s1",), 0, 1)),
        value=1.0,
        bound=1.0,
        gap=0.0,
        alone=None,
    )
    phases = spending_of_phases(solution, [2, 1])
    cost = SiteCost(equipment_fen=100_000, agent_fen=7, rent_fen=3)
    table = fund(phases, {"s0": cost, "s1": cost}, ALL_GOVERNMENT)
    for phase in solution.phases:
        assert table.fen(phase=phase.name, item=EQUIPMENT) == fen_of(phase.opening_cost_yuan)
    assert (table.fen(phase="2026", item=AGENT), table.fen(phase="2028", item=AGENT)) == (2 * 7, 2 * 7)
    with pytest.raises(BadDataError, match="2 phases and 1 numbers of years"):
        spending_of_phases(solution, [1])


def test_a_plan_at_once_pays_no_equipment_for_what_exists(world):
    (phase,) = spending_of_plan([line(world, 0, 1)], frozenset({"s1"}), name="2026", years=3)
    assert (phase.added, phase.opened, phase.years) == (("s0",), ("s0", "s1"), 3)
