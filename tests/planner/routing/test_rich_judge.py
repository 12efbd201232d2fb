"""What rich routes cost with a stop more is judged without driving them; here they are driven as well."""

import numpy as np
import pytest

from planner.routing.engines.crews import crews_of, with_partners
from planner.routing.engines.sisr.arrays import NEVER, NONE
from planner.routing.engines.sisr.draws import new_source
from planner.routing.engines.sisr.simulated.arrays import new_search
from planner.routing.engines.sisr.simulated.build import build_world
from planner.routing.engines.sisr.simulated.judge import call_at, cost_home, cost_without_duty, judge, takes_on
from planner.routing.engines.sisr.simulated.note import leaves, note, place_in
from planner.routing.engines.sisr.simulated.price import price
from planner.routing.engines.sisr.simulated.recreate import build_with, look_and_price
from planner.routing.engines.sisr.simulated.routes import give
from planner.routing.engines.sisr.simulated.settle import settle
from planner.routing.features import Feature
from tests.planner.routing.feature_worlds import HOUR, change_kinds, change_stops, world_with

PLAIN = (
    (Feature.RELOADS,),
    (Feature.RELOADS, Feature.RELEASES),
    (Feature.RELOADS, Feature.RELEASES, Feature.SETUP, Feature.SHARED_PLACES),
    (Feature.RELOADS, Feature.PAIRS, Feature.LIMITS),
    (Feature.RELOADS, Feature.RELEASES, Feature.BALANCE, Feature.DRIVING_COST, Feature.OTHER_END),
    (Feature.RELOADS, Feature.PAIRS, Feature.OPEN_ENDS, Feature.PROFILES, Feature.SPEED_FACTORS),
)
TIMED = (
    (Feature.RELOADS, Feature.RELEASES, Feature.BREAKS),
    (Feature.RELOADS, Feature.PAIRS, Feature.DRIVING_RULE),
    (Feature.RELOADS, Feature.RELEASES, Feature.SPEED_OF_DAY, Feature.DRIVING_COST),
)


def cases(features, trials=80):
    """Routes of stops and reloads in any order, of either kind of vehicle, and a stop and perhaps a depot that is absent."""
    for seed in range(trials):
        problem = change_kinds(world_with(features, seed, 4), max_reloads=3, capacity=(14.0,), shift_end_s=24 * HOUR)
        later = [
            {"closes_s": stop.closes_s + (0, 1, 8, 12)[seed % 4] * HOUR, "further_windows": ()}
            for stop in problem.stops
        ]
        problem = change_stops(problem, *later)
        crews = crews_of(problem, problem.stops)
        stops = with_partners(problem, problem.stops)
        world = build_world(problem, stops, crews)
        rng = np.random.default_rng(seed)
        search = new_search(world, new_source(seed))
        nodes = len(world.demands.place)
        for slot in range(len(search.routes.size)):
            lead = int(rng.choice(world.leads))
            partner = int(world.demands.partner[lead])
            order = [v for v in rng.permutation(nodes) if v not in (lead, partner)]
            order = [v for v in order if rng.random() < (0.6 if v < world.demands.stops else 0.4)]
            paired = [v for v in order if world.demands.shipped[v]]
            if len(paired) == 1 or (len(paired) == 2 and world.demands.partner[paired[0]] != paired[1]):
                order = [v for v in order if v not in paired]
            for v in range(world.demands.stops):
                search.routes.window[v] = rng.integers(world.demands.windows[v])
            give(world, search.routes, slot, np.array(order, dtype=np.int64), len(order), 0.0)
            note(world, search, slot)
            yield world, search, slot, lead, partner, nodes


def drive(world, search, slot, i, one, j, two):
    build_with(search, world, slot, one, i, two, j)
    return price(world, search.routes, search.trial, 2 * NEVER)


def judge_apart(world, search, slot, i, one, j, two):
    """As recreation does: the pickup, the nodes up to the delivery, the delivery, and home."""
    known, kind = search.known, world.fleet.kind_of_slot[slot]
    a = place_in(world, search, slot, i - 1)
    without_duty = cost_without_duty(world, search, slot, i, one, j, two)
    if without_duty >= NEVER or not all(takes_on(world, search, slot, k, one) for k in range(i, j + 1)):
        return NEVER
    at = leaves(world, search, slot, i, known.ready_behind[slot, known.first[slot, i]])
    between = [(node, known.ready_behind[slot, i + k + 1]) for k, node in enumerate(search.routes.order[slot, i:j])]
    for node, ready in ((one, 0), *between, (two, 0)):
        at = call_at(world, kind, *at, a, node, search.routes.window[node], ready)
        a = world.demands.place[node]
    return cost_home(world, search, slot, j, a, *at, without_duty)


def places_of(features):
    """Yield what is judged and what is driven for every place of the absent stop, its partner, and a reload beside it."""
    for world, search, slot, lead, partner, nodes in cases(features):
        if not world.fleet.allowed[world.fleet.kind_of_slot[slot], lead]:
            continue
        base = look_and_price(world, search, slot)
        size = search.routes.size[slot]
        for i in range(size + 1):
            pairs = [(lead, partner)]
            if partner == NONE:
                depots = range(world.demands.stops, nodes)
                pairs += [pair for d in depots for pair in ((lead, d), (d, lead), (d, NONE))]
            for one, two in pairs:
                driven = drive(world, search, slot, i, one, i, two)
                if lead in (one, two) and search.known.soonest[slot, i] > world.demands.closes[lead, 0]:
                    assert driven >= NEVER
                yield world, slot, base, judge(world, search, slot, i, one, two, 2 * NEVER), driven
            for j in range(i + 1, size + 1) if partner != NONE else ():
                driven = drive(world, search, slot, i, lead, j, partner)
                yield world, slot, base, judge_apart(world, search, slot, i, lead, j, partner), driven


@pytest.mark.slow
@pytest.mark.parametrize("features", PLAIN)
def test_without_breaks_rests_and_speeds_of_the_day_the_price_is_exact(features):
    possible = 0
    for world, slot, base, judged, driven in places_of(features):
        assert world.fleet.plain[world.fleet.kind_of_slot[slot]]
        if base < NEVER:
            assert judged == pytest.approx(driven, abs=1e-6)
            possible += driven < NEVER
    assert possible > 100


@pytest.mark.slow
@pytest.mark.parametrize("features", TIMED)
def test_else_no_route_costs_less_than_judged(features):
    possible = 0
    for world, slot, _, judged, driven in places_of(features):
        assert not world.fleet.plain[world.fleet.kind_of_slot[slot]]
        assert judged <= driven + 1e-6  # also that what can be driven is not ruled out
        possible += driven < NEVER
    assert possible > 100


def test_reloads_that_serve_nothing_are_dropped():
    # hub - a (4 kg) - b (4 kg) with room for 14: no reload is needed, and two in a row at the hub cost no metre
    problem = change_kinds(
        world_with((Feature.RELOADS,), 0, 4), max_reloads=4, capacity=(14.0,), cost_per_hour_yuan=0.0
    )
    problem = change_stops(problem, *[{"opens_s": 0.0, "closes_s": 24 * HOUR}] * 4)
    world = build_world(problem, problem.stops, crews_of(problem, problem.stops))
    search = new_search(world, new_source(1))
    hub = world.demands.stops
    order = np.array([0, hub, hub, 1, hub], dtype=np.int64)
    give(world, search.routes, 0, order, len(order), 0.0)
    settle(world, search, 0)
    assert list(search.routes.order[0, : search.routes.size[0]]) == [0, 1]
    assert search.routes.cost[0] < NEVER
