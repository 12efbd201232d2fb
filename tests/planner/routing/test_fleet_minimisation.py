"""Driving with fewer vehicles: which routes it may open, and that it finds the fewest."""

import numpy as np
import pytest

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.engines.crews import crews_of
from planner.routing.engines.sisr.constant_time.build import build_world
from planner.routing.engines.sisr.constant_time.routes import link, refresh, start_of, unlink
from planner.routing.engines.sisr.constant_time.search import remove_route
from planner.routing.engines.sisr.constant_time.state import new_search
from planner.routing.engines.sisr.search import missing_stops, search_on
from tests.planner.routing.worlds import vehicle


def searched(routes, seed):
    """Return world and search of three vans for ten boxes each, with the routes given as boxes of each stop."""
    boxes = [amount for one in routes for amount in one]
    at = np.arange(len(boxes) + 1) * 1_000.0
    metres = np.abs(at[:, None] - at[None])
    ids = ("depot", *(f"s{i:02d}" for i in range(len(boxes))))
    one = RoutingProblem(
        dimensions=("boxes",),
        depots=(Depot(id="depot", name="depot"),),
        stops=tuple(
            Stop(
                id=id_,
                name=id_,
                delivery=(float(amount),),
                pickup=(0.0,),
                opens_s=0.0,
                closes_s=86_400.0,
                service_duration_s=0.0,
            )
            for id_, amount in zip(ids[1:], boxes, strict=True)
        ),
        vehicle_types=(
            vehicle(
                count=3,
                depot_id="depot",
                capacity=(10.0,),
                shift_end_s=86_400.0,
                max_duration_s=86_400.0,
                fixed_cost_yuan=100.0,
                cost_per_hour_yuan=0.0,
            ),
        ),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=metres / 20.0, distances_m=metres),
    )
    world = build_world(one, one.stops, crews_of(one, one.stops))
    search = new_search(world, seed)
    for stop in range(world.demands.first_stop, len(world.demands.opens)):
        unlink(world, search.routes, stop)
    stop = world.demands.first_stop
    for slot, amounts in enumerate(routes):
        behind = start_of(world, slot)
        for _ in amounts:
            link(world, search.routes, slot, behind, stop, 0)
            behind, stop = stop, stop + 1
        refresh(world, search.routes, slot)
    return world, search


@pytest.mark.parametrize("seed", range(5))
def test_a_route_emptied_on_the_way_may_be_opened_again(seed):
    # the stop of ten boxes fills a van: without its van the others have to share one, and it gets theirs
    world, search = searched([[10], [1] * 5, [1] * 5], seed)
    remove_route(world, search)
    assert search.routes.size.tolist() == [0, 5, 5]
    assert missing_stops(world, search) == 1
    assert search_on(world, search, 0.1, 2_000, 2) == 0
    assert sorted(search.routes.size.tolist()) == [0, 1, 10]


@pytest.mark.parametrize("seed", range(5))
def test_it_opens_no_more_routes_than_it_may(seed):
    # twenty-one boxes do not go into two vans of ten, but into three
    world, search = searched([[7], [7], [7]], seed)
    remove_route(world, search)
    for _ in range(20):
        assert search_on(world, search, 0.1, 50, 2) == 1
        assert (search.routes.size > 0).sum() <= 2
    assert search_on(world, search, 0.1, 2_000, 3) == 0
    assert search.routes.size.tolist() == [1, 1, 1]
