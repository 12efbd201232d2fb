import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import DemandConfig
from planner.errors import BadDataError
from planner.model import CoordinateSource, PopulationSource, Village
from planner.pipeline.demand import estimate_demand
from planner.pipeline.estimate import estimate_villages, usual_parcels

MONDAY = datetime.date(2026, 11, 23)


def village(id_: str, population: int, product: str = "") -> Village:
    return Village(
        id=id_,
        name=id_,
        name_latin=id_,
        lon=126.0,
        lat=47.0,
        coordinate_source=CoordinateSource.SURVEYED,
        township_id="t",
        population=population,
        population_source=PopulationSource.REPORTED,
        households=population // 3,
        product=product,
    )


def config(**changes: object) -> DemandConfig:
    values: dict[str, object] = {
        "delivery_parcels_per_person_day": 0.02,
        "pickup_parcels_per_person_day": 0.005,
        "kg_per_parcel": 2.0,
        "m3_per_parcel": 0.01,
        "pickup_kg_per_product_household_day": 0.5,
        "kg_per_m3_produce": 400.0,
        "provenance": "made up for this test",
    }
    return DemandConfig.model_validate(values | changes)


def test_a_point_serves_all_its_villages():
    # 300 + 200 heads x 0.02 = 10 parcels down, x 0.005 = 2.5 -> 2 up (banker's rounding of the total);
    # 100 households of the product village x 0.5 kg = 50 kg of produce on top of 2 parcels x 2 kg
    demand = estimate_demand([village("a", 300, "rice"), village("b", 200)], {"a": "p", "b": "p"}, config(), MONDAY)
    (point,) = demand.points
    assert (point.delivery_parcels, point.delivery_kg) == (10, 20.0)
    assert (point.pickup_parcels, point.pickup_kg) == (2, 54.0)
    assert point.pickup_m3 == pytest.approx(2 * 0.01 + 50 / 400)


def test_a_village_without_a_point_is_named():
    demand = estimate_demand([village("a", 300), village("b", 200)], {"a": "p"}, config(), MONDAY)
    assert demand.without_point == ("b",)


def test_unknown_villages_are_refused():
    with pytest.raises(BadDataError, match="unknown villages: z"):
        estimate_demand([village("a", 300)], {"z": "p"}, config(), MONDAY)


def test_a_day_without_service_has_no_demand():
    demand = estimate_demand([village("a", 300, "rice")], {"a": "p"}, config(weekday_factors=[0] + [1] * 6), MONDAY)
    assert (demand.points[0].delivery_parcels, demand.points[0].pickup_kg) == (0, 0.0)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=30))
def test_rounding_loses_no_parcel(populations):
    villages = [village(f"v{i:02d}", population) for i, population in enumerate(populations)]
    demand = estimate_demand(villages, {v.id: f"p-{v.id}" for v in villages}, config(), MONDAY)
    assert sum(point.delivery_parcels for point in demand.points) == round(sum(p * 0.02 for p in populations))


def test_published_parcels_are_spread_over_the_villages_by_their_people():
    # three villages x 5 by post x 3 for all carriers = 45 a day over 600 people: 7.5, 15 and 22.5 down, a tenth of it up
    published = config(
        delivery_parcels_per_person_day=None,
        pickup_parcels_per_person_day=None,
        post_parcels_per_village_day=5,
        all_carriers_factor=3,
        pickup_parcels_per_delivery=0.1,
    )
    villages = [village("a", 100), village("b", 200), village("c", 300)]
    found = estimate_villages(villages, published, MONDAY).villages
    assert [one.delivery_parcels for one in found] == pytest.approx([7.5, 15, 22.5])
    assert [one.pickup_parcels for one in found] == pytest.approx([0.75, 1.5, 2.25])
    assert usual_parcels(villages, published).tolist() == pytest.approx([8.25, 16.5, 24.75])
    # two of them share a point: 22.5 + 22.5 down, that is 22 and 23 (the first by remainder)
    demand = estimate_demand(villages, {"a": "p", "b": "p", "c": "q"}, published, MONDAY)
    assert sum(point.delivery_parcels for point in demand.points) == 45
