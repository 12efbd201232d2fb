import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import UsageError
from planner.model import DemandBasis, SharedHouse, VillageDemand
from planner.outputs.actuals import not_judged_text, period_text, remedy_texts, verdict_text
from planner.pipeline.actuals import period_actuals, period_of
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.site import plan_network
from planner.plans import PeriodActuals, ViabilityVerdict
from planner.plans.store import open_store
from planner.words import speaking

MONDAY = datetime.date(2026, 11, 2)
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
LATER = datetime.date(2027, 1, 1)
DAYS = ({"east": 10.0, "west": 6.0}, {"east": 20.0})
VIABILITY = """
[viability]
residents = 500
agent_yuan_month = 450
income_yuan_per_parcel = {income}
fewest_visits_week = 3
fewest_days = {days}
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

    def found(
        *changes: tuple[str, str],
        income: float = 0.5,
        facilities: str = "",
        orders=DAYS,
        fewest: int = 1,
        until: datetime.date = LATER,
    ) -> PeriodActuals:
        path, villages = line_folder / "area.toml", line_folder / "villages.csv"
        text = path.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path.write_text(
            text.partition("[viability]")[0] + VIABILITY.format(income=income, days=fewest), encoding="utf-8"
        )
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
            return period_actuals(run, network, store, period_of(store, "line", None, None, until=until))

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
    assert place.verdict is ViabilityVerdict.VIABLE  # 705 yuan against 450
    # a place and day: |16 - 40| and |20 - 30| of 36
    assert found.error == pytest.approx(34 / 36)
    assert (found.first, found.last) == (datetime.date(2026, 10, 7), MONDAY + datetime.timedelta(days=1))
    assert found.days == (MONDAY, MONDAY + datetime.timedelta(days=1))
    assert found.without_place == ("island",)


def test_a_point_that_cannot_pay_its_agent_has_what_would_mend_it(actuals_of) -> None:
    # with 100 s of standard only the own village counts: sp-west for the west, sp-middle for middle and east (forbidden)
    found = actuals_of(("standard_s = 900", "standard_s = 100"), income=1.5, facilities="供销社")
    west, middle = sorted(found.places, key=lambda place: place.village_ids, reverse=True)
    assert (west.gap_yuan_month, west.shop) == (pytest.approx(450 - 315), False)
    # west: 6 down, 100 x 0.01 = 1 up, 7 parcels x 30 x 1.5 = 315 of 450 yuan; ten parcels a day would do
    assert (west.site_id, west.below, west.income_yuan_month) == ("sp-west", True, pytest.approx(315))
    assert west.merge is None  # station and point in the middle are 801.5 s from the west, beyond the standard of 100 s
    assert west.share is SharedHouse.SUPPLY_COOP
    assert west.visits_a_week == 5  # 7 x 7 / 10 = 4.9
    assert (middle.below, middle.merge, middle.share, middle.visits_a_week) == (False, None, None, None)
    with speaking("en"):
        assert remedy_texts(west, {}) == [
            "no merging: no other open place is within the standard of all its villages",
            "share a house with the supply co-op of its village",
            "5 visits a week, not one a day",
            "a subsidy of 1,620 yuan a year (135 yuan a month) closes the gap",  # 450 - 315, twelve times
        ]


def test_a_point_merges_with_one_within_the_standard_and_with_none_beyond(actuals_of) -> None:
    # 900 s: all of the line are served from the middle, whose people reach the station in no time
    found = actuals_of(income=0.1)  # 47 parcels x 30 x 0.1 = 141 of 450 yuan
    (place,) = found.below
    # west 801.5 s and middle 0 s as now; from the east the station is as far as the point in the middle
    assert place.merge is not None
    assert (place.merge.site_id, place.merge.mean_added_s, place.merge.most_added_s) == ("es-t1", 0.0, 0.0)
    assert place.merge.parcels_a_day == pytest.approx(47)
    with speaking("en"):
        assert remedy_texts(place, {"es-t1": "Daokou"})[0] == (
            "merge into Daokou: 0.0 min more on average, 0.0 at most; 47.0 parcels a day together"
        )


def test_too_few_days_are_no_verdict_and_residents_are_a_hint(actuals_of) -> None:
    changes = ("standard_s = 900", "standard_s = 100")
    found = actuals_of(changes, income=0.01, orders=({"east": 30.0},), fewest=2)
    verdicts = {place.site_id: (place.days, place.verdict) for place in found.places}
    # 0.01 yuan a parcel pay nobody, but one day of two says nothing; the west has 100 residents, the middle 500
    assert verdicts == {"sp-middle": (1, ViabilityVerdict.TOO_FEW_DAYS), "sp-west": (0, ViabilityVerdict.FEW_RESIDENTS)}
    assert (found.below, len(found.not_judged)) == ((), 2)
    assert all((place.merge, place.gap_yuan_month) == (None, 0.0) for place in found.places)
    with speaking("en"):
        texts = {place.site_id: verdict_text(found, place) for place in found.places}
        assert texts == {
            "sp-middle": "too few days: 1 of 2",
            "sp-west": "too few days: 0 of 2; fewer than 500 residents",
        }
        assert not_judged_text(found) == "2 service points: no verdict yet, 0 to 1 of 2 days with figures"


def test_days_that_have_not_come_are_not_actual(actuals_of) -> None:
    found = actuals_of(until=MONDAY)
    tuesday = MONDAY + datetime.timedelta(days=1)
    assert (found.days, found.ahead, found.last) == ((MONDAY,), (tuesday,), MONDAY)
    (place,) = found.places
    assert (place.days, place.entered_down) == (1, pytest.approx(10 + 6))  # nothing of the 20 of Tuesday
    with speaking("en"):
        assert period_text(found).endswith(
            "orders of 1 days; 1 days with orders come only after 2 November 2026 and do not count"
        )
    with pytest.raises(UsageError, match="still to come after 2026-11-01: 2026-11-02, 2026-11-03"):
        actuals_of(until=MONDAY - datetime.timedelta(days=1))


def test_a_period_without_orders_is_refused() -> None:
    with open_store("sqlite://") as store:
        with pytest.raises(
            UsageError, match="no kept day of line has orders yet: plan one with planner day line --demand"
        ):
            period_of(store, "line", None, None, until=LATER)
        with pytest.raises(UsageError, match="--from 2026-11-03 comes after --to 2026-11-02"):
            period_of(store, "line", MONDAY + datetime.timedelta(days=1), MONDAY, until=LATER)


def test_the_period_is_four_weeks_up_to_the_last_day_with_orders() -> None:
    with open_store("sqlite://") as store:
        period = period_of(store, "line", None, MONDAY, until=LATER)
        assert (period.first, period.last) == (datetime.date(2026, 10, 6), MONDAY)
        assert period_of(store, "line", None, LATER, until=MONDAY).last == MONDAY  # no day has come after it
