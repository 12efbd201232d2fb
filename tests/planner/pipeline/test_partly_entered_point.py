"""A point of which one village is entered and the others are estimated, worked out by hand."""

from pathlib import Path

import pytest

from planner.geodata.orders.day_orders import read_orders
from planner.pipeline.day_demand import with_orders
from planner.pipeline.demand import estimate_demand
from tests.planner.pipeline.test_day_demand import DAY, World


def test_what_rounding_takes_from_estimated_parcels_it_takes_from_their_weight(tmp_path: Path) -> None:
    world = World(tmp_path)
    factors = world.config.demand.model_copy(update={"delivery_parcels_per_person_day": 0.1025})
    estimate = estimate_demand(world.area.villages, world.places, factors, DAY)
    orders = read_orders(world.write([("west", 7, *[""] * 8)]), world.area, DAY, world.places)
    made = with_orders(estimate, orders, demand=factors, routing=world.config.routing, opened=world.opened)
    (point,) = made.points
    # west has 7; 200 and 300 people have 20.5 and 30.75, together 51.25 and whole 51, of 1.5 kg and 0.01 m³ each
    assert point.delivery_parcels == 7 + 51
    assert point.delivery_kg == pytest.approx(58 * 1.5)
    assert point.delivery_m3 == pytest.approx(58 * 0.01)
