"""In which phase express stations open, and what their budgets say, against a count of its own in made-up worlds."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from planner.config import Objective
from planner.coverage import Assignment, CoverageSolution, SolveStatus, StationPlan
from planner.coverage.phases import PhasedSolution, PhaseResult, opening_phases
from planner.model import Fact, SiteStatus
from planner.pipeline.siting.money import above_station_budgets

NOTHING = CoverageSolution.not_sited(Objective.MCLP, 600.0, Fact(code="stations_not_sited"))


def world(rng):
    """Return phases, stations with their links, which stations exist, their costs, and the phase of each point."""
    count, points, above = (int(rng.integers(1, high)) for high in (5, 8, 5))
    opens = {f"p{i}": int(rng.integers(0, count)) for i in range(points)}
    results = []
    for number in range(count):
        opened = tuple(sorted(id_ for id_, phase in opens.items() if phase <= number))
        results.append(
            PhaseResult(
                name=f"year {number}",
                added=tuple(id_ for id_ in opened if opens[id_] == number),
                opening_cost_yuan=0.0,
                running_cost_yuan=0.0,
                covered_weight=0.0,
                target_share=None,
                target_met=True,
                coverage=replace(NOTHING, opened=opened),
            )
        )
    phases = PhasedSolution(
        status=SolveStatus.OPTIMAL, phases=tuple(results), value=0.0, bound=0.0, gap=0.0, alone=None
    )
    stations = tuple(f"e{j}" for j in range(above))
    links = {point: str(rng.choice(stations)) for point in opens if rng.random() < 0.8}
    assigned = tuple(Assignment(demand_id=p, site_id=s, duration_s=1.0) for p, s in sorted(links.items()))
    upper = replace(NOTHING, status=SolveStatus.OPTIMAL, conflicts=(), opened=stations, assignments=assigned)
    existing = frozenset(s for s in stations if rng.random() < 0.3)
    costs = {s: float(rng.integers(0, 6)) for s in stations}
    return (
        phases,
        StationPlan(service_points=results[-1].coverage, express_stations=upper),
        existing,
        costs,
        opens,
        links,
    )


def open_at(number, station, count, existing, opens, links):
    linked = [point for point, site in links.items() if site == station]
    return station in existing or any(opens[p] <= number for p in linked) or number == count - 1


def test_200_worlds_of_phases_with_stations():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        phases, plan, existing, costs, opens, links = world(rng)
        count = len(phases.phases)
        found = opening_phases(phases, plan, existing)
        for station in plan.express_stations.opened:
            for number in range(count):
                truly = open_at(number, station, count, existing, opens, links)
                assert (found[station] <= number) == truly, (seed, station, number)
        assert {id_: found[id_] for id_ in opens} == opens

        budgets = [None if rng.random() < 0.3 else float(rng.integers(0, 8)) for _ in range(count)]
        carry = bool(rng.random() < 0.5)
        sites = {
            s: SimpleNamespace(
                id=s,
                opening_cost_yuan=costs[s],
                status=SiteStatus.EXISTING if s in existing else SiteStatus.CANDIDATE,
            )
            for s in costs
        }
        area = SimpleNamespace(site_by_id=sites, existing_ids=existing)
        asked = [SimpleNamespace(name=f"year {n}", station_budget_yuan=budget) for n, budget in enumerate(budgets)]
        config = SimpleNamespace(coverage=SimpleNamespace(phases=asked, carry_over=carry))
        said = {fact.params["phase"]: fact.params for fact in above_station_budgets(area, config, plan, phases)}
        for number, budget in enumerate(budgets):
            new = [
                s
                for s in costs
                if s not in existing
                and open_at(number, s, count, existing, opens, links)
                and not (number and open_at(number - 1, s, count, existing, opens, links))
            ]
            if budget is None:
                assert f"year {number}" not in said
                continue
            # what the unbroken run of budgeted phases before left, each as far as it had money
            purse, back = budget, number
            while carry and back and budgets[back - 1] is not None:
                back -= 1
            left = 0.0
            for n in range(back, number):
                spent = sum(
                    costs[s]
                    for s in costs
                    if s not in existing
                    and open_at(n, s, count, existing, opens, links)
                    and not (n and open_at(n - 1, s, count, existing, opens, links))
                )
                left = max(0.0, left + budgets[n] - spent)
            purse += left if carry else 0.0
            cost = sum(costs[s] for s in new)
            assert (f"year {number}" in said) == (cost > purse), (seed, number)
            if cost > purse:
                assert (said[f"year {number}"]["cost_yuan"], said[f"year {number}"]["budget_yuan"]) == (cost, purse)
