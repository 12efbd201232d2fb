"""What the search is tuned by can be given from outside, whichever way places are judged."""

from dataclasses import replace

import pytest

from planner.routing.engines import sisr
from planner.routing.engines.registry import ENGINES
from planner.routing.engines.sisr.parameters import CONSTANT_TIME, SIMULATED
from tests.planner.routing.planar_worlds import task, world

JUDGES = [(world(), CONSTANT_TIME), (world(balance_duty_yuan=1.0), SIMULATED)]


@pytest.mark.parametrize(("problem", "usual"), JUDGES)
def test_a_search_that_overlooks_every_place_serves_nobody(problem, usual):
    (blind,) = sisr.chains_of(task(problem, 2), [1], replace(usual, blink_share=1.0))
    blind.run_to(1.0)
    assert blind.routes() == []


@pytest.mark.parametrize(("problem", "usual"), JUDGES)
def test_without_parameters_it_is_tuned_as_usual(problem, usual):
    searches = [*sisr.chains_of(task(problem, 2), [1]), *sisr.chains_of(task(problem, 2), [1], usual)]
    for one in searches:
        one.run_to(1.0)
    assert searches[0].routes() == searches[1].routes() != []


def test_the_public_names_of_the_engines():
    assert tuple(ENGINES) == ("auto", "ruin_recreate", "ortools", "pyvrp")
    assert ENGINES["ortools"].lacking(world(balance_duty_yuan=1.0)) == ["balance"]
