import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import UsageError
from planner.model import DemandBasis, SharedHouse, VillageDemand
from planner.outputs.actuals import remedy_texts
from planner.pipeline.actuals import period_actuals, period_of
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.site import plan_network
from planner.plans import PeriodActuals
from planner.plans.store import PlanStore, open_store
from planner.words import speaking

MONDAY = datetime.date(2026, 11, 2)
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
DAYS = ({"east": 10.0, "west": 6.0}, {"east": 20.0})
VIABILITY = """
[viability]
residents = 500
agent_yuan_month = 450
income_yuan_per_parcel = {income}
fewest_visits_week = 3
provenance = "for the test"
"""


def ordered(village_id: str, parcels: float) -> VillageDemand:
    return VillageDemand(
        village_id=village_id,
        delivery_parcels=parcels,
        delivery_kg=0.0,
        delivery_m3=0.0,
        pickup_parcels=0.0,
        pickup_kg=0.0,
        pickup_m3=0.0,
        basis={"delivery_parcels": DemandBasis.ORDERED},
    )


@pytest.fixture
def actuals_of(line_folder: Path) -> Callable[..., PeriodActuals]:
    """What two days of orders come to: with other words in area.toml, with facilities in villages.csv."""

    def found(*changes: tuple[str, str], income: float = 0.5, facilities: str = "", orders=DAYS) -> PeriodActuals:
        path, villages = line_folder / "area.toml", line_folder / "villages.csv"
        text = path.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path.write_text(text + VIABILITY.format(income=income), encoding="utf-8")
        if facilities:
            head, *rows = villages.read_text(encoding="utf-8").splitlines()
            villages.write_text("\n".join([f"{head},设施", *(f"{row},{facilities}" for row in rows)]), encoding="utf-8")
        config = load_config(line_folder)
        run = AreaRun.for_siting(config)
        network = plan_network(run)
        planned = plan_day(network, config)
        with open_store("sqlite://") as store:
            store.save_network(network, created_at=NOON)
            for number, told in enumerate(orders):
                date = MONDAY + datetime.timedelta(days=number)
                demand = replace(
                    planned.plan.demand, date=date, villages=tuple(ordered(id_, told[id_]) for id_ in sorted(told))
                )
                store.save_day(replace(planned.plan, date=date, demand=demand), planned.problem, created_at=NOON)
            return period_actuals(run, network, store, *period_of(store, "line", None, None))

    return found


def test_what_was_entered_stands_against_the_estimate_of_the_same_villages_and_days(actuals_of) -> None:
    # west 100, middle 200, east 300 people x 0.1 down: 10, 20, 30; all hand over at sp-middle, the island has no road
    found = actuals_of()
    (place,) = found.places
    assert (place.site_id, place.village_ids, place.people, place.days) == (
        "sp-middle",
        ("east", "middle", "west"),
        600,
        2,
    )
    assert place.entered_down == pytest.approx((10 + 20) / 2 + 6)
    assert place.estimated_down == pytest.approx(30 + 10)
    assert (place.entered_up, place.estimated_up) == (None, 0.0)
    # east 15 and west 6 as entered, middle 20 as estimated, 600 people x 0.01 up as estimated
    assert place.parcels_a_day == pytest.approx(15 + 6 + 20 + 6)
    assert place.income_yuan_month == pytest.approx(47 * 30 * 0.5)
    assert not place.below  # 705 yuan against 450
    # a place and day: |16 - 40| and |20 - 30| of 36
    assert found.error == pytest.approx(34 / 36)
    assert (found.first, found.last) == (datetime.date(2026, 10, 7), MONDAY + datetime.timedelta(days=1))
    assert found.days == (MONDAY, MONDAY + datetime.timedelta(days=1))
    assert found.without_place == ("island",)


def test_a_point_that_cannot_pay_its_agent_has_what_would_mend_it(actuals_of) -> None:
    # with 100 s of standard only the own village counts: sp-west for the west, sp-middle for middle and east (forbidden)
    found = actuals_of(("standard_s = 900", "standard_s = 100"), income=1.5, facilities="供销社")
    west, middle = sorted(found.places, key=lambda place: place.village_ids, reverse=True)
    # west: 6 down, 100 x 0.01 = 1 up, 7 parcels x 30 x 1.5 = 315 of 450 yuan; ten parcels a day would do
    assert (west.site_id, west.below, west.income_yuan_month) == ("sp-west", True, pytest.approx(315))
    assert west.merge is not None
    # the station and the point in the middle are both 801.5 s from the west: the station comes first by id
    assert (west.merge.site_id, west.merge.mean_added_s, west.merge.most_added_s) == ("es-t1", 801.5, 801.5)
    assert west.merge.parcels_a_day == pytest.approx(7)
    assert west.share is SharedHouse.SUPPLY_COOP
    assert west.visits_a_week == 5  # 7 x 7 / 10 = 4.9
    assert (middle.below, middle.merge, middle.share, middle.visits_a_week) == (False, None, None, None)
    with speaking("en"):
        assert remedy_texts(west, {"es-t1": "Daokou"}) == [
            "merge into Daokou: 13.4 min more on average, 13.4 at most; 7.0 parcels a day together",
            "share a house with the supply co-op of its village",
            "5 visits a week, not one a day",
        ]


def test_where_nothing_was_entered_residents_decide(actuals_of) -> None:
    found = actuals_of(("standard_s = 900", "standard_s = 100"), income=0.01, orders=({"east": 30.0},))
    below = {place.site_id: (place.days, place.below) for place in found.places}
    # the west has 100 residents, fewer than 500; the middle has an entered figure, and 0.01 yuan a parcel pay nobody
    assert below == {"sp-middle": (1, True), "sp-west": (0, True)}


def test_a_period_without_orders_is_refused() -> None:
    with open_store("sqlite://") as store:
        with pytest.raises(
            UsageError, match="no kept day of line has orders yet: plan one with planner day line --demand"
        ):
            period_of(store, "line", None, None)
        with pytest.raises(UsageError, match="--from 2026-11-03 comes after --to 2026-11-02"):
            period_of(store, "line", MONDAY + datetime.timedelta(days=1), MONDAY)


def test_the_period_is_four_weeks_up_to_the_last_day_with_orders() -> None:
    store = PlanStore.__new__(PlanStore)
    assert period_of(store, "line", None, MONDAY) == (datetime.date(2026, 10, 6), MONDAY)
