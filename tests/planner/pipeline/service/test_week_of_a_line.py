"""The week of three villages, worked out by hand: what piles up, what a week costs, what a day takes from it.

West (100 people) hands over at its own point beside the hub, east (300) and middle (200) at the middle's: 10 parcels a day,
and 50. Middle's sixty households send 30 kg of garlic a day. Three visits in six days: every second day, the Sunday's goods
come with the next.
"""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import PlanConfig
from planner.errors import BadDataError, PlanRejectedError
from planner.pipeline.day import OrdersFile, plan_day
from planner.pipeline.earlier_days import EarlierDays
from planner.pipeline.service.plan import PlannedService
from planner.pipeline.service.week_demand import waited_days
from planner.plans import NetworkPlan, ServicePlan, VisitsReason, service_from_json, service_to_json
from planner.plans.day_account import HeldBecause, held_of, parcel_sums, village_counts
from planner.plans.service_faults import service_faults
from planner.plans.store import open_store

NOW = datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC)
SPREAD = {(0, 2, 4), (0, 2, 5), (0, 3, 5), (1, 3, 5)}
"""The days of three visits in a week without Sundays whose gaps are 2, 2 and 3."""


@given(st.integers(1, 127))
def test_the_goods_of_each_day_come_with_one_visit(pattern: int) -> None:
    days = [day for day in range(7) if pattern >> day & 1]
    waited = [one for day in days for one in waited_days(pattern, day)]
    assert sorted(waited) == list(range(7))
    assert all(waited_days(pattern, day)[-1] == day for day in days)


def test_the_week_brings_all_that_arrives(line_week: PlannedService) -> None:
    plan = line_week.plan
    middle, west = plan.points
    assert (middle.site_id, west.site_id) == ("sp-middle", "sp-west")
    assert (middle.down_parcels, west.down_parcels) == ((50.0,) * 7, (10.0,) * 7)
    assert (middle.up_parcels, west.up_parcels) == ((5.0,) * 7, (1.0,) * 7)
    assert middle.down_kg == pytest.approx(7 * 50 * 1.5)
    assert middle.up_kg == pytest.approx(7 * (5 * 1.5 + 60 * 0.5))
    assert {point.asked for point in plan.points} == {3}
    assert {point.reason for point in plan.points} == {VisitsReason.STANDARD}
    for point in plan.points:
        assert point.weekdays in SPREAD
        brought = [
            (day.weekday, one.delivery_parcels)
            for day in plan.days
            for one in day.demand.points
            if one.site_id == point.site_id
        ]
        assert tuple(weekday for weekday, _ in brought) == point.weekdays
        assert sum(parcels for _, parcels in brought) == sum(point.down_parcels)
    assert plan.without_site == ("island",)


def test_what_the_week_costs(line_week: PlannedService) -> None:
    """Both points lie on one way: one van, 22.2639 km out and back, three times.

    On duty: 2 x 801.50 s of driving, 2 x 240 s of stopping and 6 s a parcel: 462 parcels in all three weekdays together.
    """
    plan = line_week.plan
    assert plan.fleet == {"van": 1}
    assert len(plan.days) == 3
    km = 2 * 11.131949
    hours = (3 * (2 * 801.50 + 2 * 240) + 6 * 7 * (50 + 5 + 10 + 1)) / 3600
    assert plan.week_distance_m == pytest.approx(3 * km * 1000, abs=5)
    assert plan.week_yuan == pytest.approx(3 * (150 + 1.2 * km) + 30 * hours, abs=0.05)
    assert plan.year_yuan == pytest.approx(plan.week_yuan * 365 / 7)
    dearer = {one.visits: one.week_yuan for one in plan.frequencies}
    assert sorted(dearer) == [2, 3, 5, 7]
    assert dearer[3] == pytest.approx(plan.week_yuan, abs=0.05)
    # Seven are on Sundays as well: twice as many again.
    assert dearer[7] - dearer[5] == pytest.approx(dearer[5] - dearer[3], abs=0.1)
    assert dearer[5] - dearer[3] == pytest.approx(2 * (150 + 1.2 * km + 30 * (2 * 801.50 + 480) / 3600), abs=0.05)


def test_it_is_kept_as_it_was_made(line_week: PlannedService, tmp_path: Path) -> None:
    plan = line_week.plan
    with open_store(f"sqlite:///{tmp_path}/planner.db") as store:
        store.save_network(plan.network, created_at=NOW)
        summary = store.services.save(plan, line_week.problems, created_at=NOW)
        assert (summary.points, summary.visits, summary.vehicles, summary.parcels) == (2, 6, 1, 7 * 60)
        assert store.services.get(plan.id) == plan
        assert store.services.in_force(plan.network.id, 2027) == summary
        assert store.services.in_force(plan.network.id, 2026) is None
        store.publish(plan.id, published_at=NOW)
        assert store.services.summary(plan.id).published
    assert service_to_json(service_from_json(service_to_json(plan), plan.network)) == service_to_json(plan)


def test_what_was_changed_is_refused(line_week: PlannedService, tmp_path: Path) -> None:
    plan = line_week.plan
    day = plan.days[0]
    route = replace(day.routes[0], cost_yuan=day.routes[0].cost_yuan - 50)
    hub = replace(day.tiers.hub_plan, routes=(route, *day.tiers.hub_plan.routes[1:]))
    cheaper = replace(plan, days=(replace(day, tiers=replace(day.tiers, hub_plan=hub)), *plan.days[1:]))
    with open_store(f"sqlite:///{tmp_path}/planner.db") as store:
        store.save_network(plan.network, created_at=NOW)
        with pytest.raises(PlanRejectedError):
            store.services.save(cheaper, line_week.problems, created_at=NOW)


def _with_point(plan: ServicePlan, **changes: object) -> ServicePlan:
    return replace(plan, points=(replace(plan.points[0], **changes), *plan.points[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"site_id": "sp-nowhere"}, "no such sites: sp-nowhere"),
        ({"village_ids": ("nobody",)}, "no such villages: nobody"),
        ({"township_id": "t9"}, "no such townships: t9"),
        ({"pattern": 200}, "200 is no set of weekdays"),
        ({"down_parcels": (1.0,)}, "each of the seven weekdays"),
        ({"pattern": 1 << 6}, "not the day of sp-middle"),
    ],
)
def test_a_plan_that_refers_to_nothing_is_named(
    line_week: PlannedService, changes: dict[str, object], said: str
) -> None:
    assert not list(service_faults(line_week.plan))
    assert any(said in str(fault) for fault in service_faults(_with_point(line_week.plan, **changes)))


def _followed(line_week: PlannedService, *, patterns: dict[str, int]) -> ServicePlan:
    points = tuple(replace(one, pattern=patterns[one.site_id]) for one in line_week.plan.points)
    return replace(line_week.plan, points=points)


# Monday and Thursday, Tuesday and Friday; on Thursday 11 November 2027 the middle has three days' goods
TWO_DAYS = {"sp-middle": 0b0001001, "sp-west": 0b0010010}
THURSDAY = datetime.date(2027, 11, 11)


def test_a_day_visits_those_whose_day_it_is(
    line_week: PlannedService, line_network: NetworkPlan, line_config: PlanConfig
) -> None:
    service = _followed(line_week, patterns=TWO_DAYS)
    day = plan_day(line_network, line_config, date=THURSDAY, earlier=EarlierDays(service=service)).plan
    (point,) = day.demand.points
    assert (point.site_id, point.delivery_parcels, point.pickup_parcels) == ("sp-middle", 150, 15)
    assert point.pickup_kg == pytest.approx(3 * (5 * 1.5 + 30))
    assert day.follows is not None
    assert dict(day.follows.next_visits) == {"sp-west": datetime.date(2027, 11, 12)}
    counts = village_counts(day)
    assert (counts.estimated, counts.not_today, counts.held, counts.total) == (2, 1, 1, 4)


def test_orders_for_another_day_wait_for_it(
    line_week: PlannedService, line_network: NetworkPlan, line_config: PlanConfig, tmp_path: Path
) -> None:
    table = tmp_path / "orders.csv"
    table.write_text("id,parcels down\nwest,7\neast,4\n", encoding="utf-8")
    service = _followed(line_week, patterns=TWO_DAYS)
    orders = OrdersFile(path=table, only_listed=True)
    day = plan_day(line_network, line_config, date=THURSDAY, orders=orders, earlier=EarlierDays(service=service)).plan
    assert [(one.site_id, one.delivery_parcels) for one in day.demand.points] == [("sp-middle", 4)]
    (held,) = (one for one in held_of(day) if one.delivery_parcels)
    assert (held.because, held.delivery_parcels, held.village_ids) == (HeldBecause.ANOTHER_DAY, 7, ("west",))
    assert held.next_visit == datetime.date(2027, 11, 12)
    sums = parcel_sums(day)
    assert sums.add_up
    assert (sums.listed[0], sums.on_routes[0], sums.held[0]) == (11, 4, 7)


def test_nobody_drives_on_a_day_without_visits(
    line_week: PlannedService, line_network: NetworkPlan, line_config: PlanConfig
) -> None:
    service = _followed(line_week, patterns=TWO_DAYS)
    day = plan_day(
        line_network, line_config, date=datetime.date(2027, 11, 14), earlier=EarlierDays(service=service)
    ).plan
    assert day.routes.routes == ()
    assert village_counts(day).not_today == 3


def test_a_week_of_another_network_is_refused(
    line_week: PlannedService, line_network: NetworkPlan, line_config: PlanConfig
) -> None:
    other = replace(
        line_week.plan, network=replace(line_network, remarks=(), config={**line_network.config, "seed": 9})
    )
    with pytest.raises(BadDataError, match="stands on the network"):
        plan_day(line_network, line_config, date=THURSDAY, earlier=EarlierDays(service=other))
