"""What is done before a search grows with the stops times the types of vehicles at most, counted and not timed."""

import pytest

from benchmarks.routing_screen import county
from planner.routing import bound
from planner.routing.why import Proofs, why_never
from planner.routing.why.shortest import ShortestOfFleet


@pytest.fixture
def effort(monkeypatch):
    """Return how often each step of the screen and of the bound is taken for so many stops and vehicles."""
    counts = {}

    def counted(owner, name):
        real = getattr(owner, name)

        def step(*arguments, **named):
            counts[name] += 1
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, step)

    for owner, name in (
        (Proofs, "against"),
        (Proofs, "least"),
        (ShortestOfFleet, "of"),
        (bound, "_cheapest_legs"),
    ):
        counted(owner, name)

    def of(stops, vehicles):
        counts.update(dict.fromkeys(("against", "least", "of", "_cheapest_legs"), 0))
        problem = county(stops, vehicles)
        proofs = Proofs(problem)
        served = {stop.id for stop in problem.stops if why_never(problem, stop, proofs) is None}
        bound.lower_bound_yuan(problem, served)
        return dict(counts)

    return of


def test_the_screen_looks_at_each_stop_and_type_once_at_most(effort):
    for stops in (20, 80):
        done = effort(stops, 6)
        assert stops <= done["against"] <= stops * 6
        assert stops <= done["least"] <= 2 * stops * 6


def test_four_times_the_stops_are_four_times_the_steps_at_most(effort):
    few, many = effort(20, 6), effort(80, 6)
    assert all(many[name] <= 4 * few[name] for name in few)


def test_vehicles_whose_legs_cost_the_same_are_bounded_once_and_share_their_ways(effort):
    assert effort(20, 12)["_cheapest_legs"] == 1
    assert effort(20, 12)["of"] <= 12
