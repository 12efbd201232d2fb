"""Phases of the line of villages, worked out by hand: what to buy, whom to employ, who pays what.

In 2026 the middle alone is open, for all three villages: 60 parcels down and 6 up a day. From 2027 on the west has its own
point beside the hub: 11 parcels and 55. All the year is summer; nobody drives on Sundays.
"""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import CostItem, FundingSource, ServiceConfig, load_config
from planner.errors import ConfigError
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.driver_roster import drivers_needed
from planner.pipeline.service.phases import fleet_over_phases
from planner.pipeline.service.plan import plan_service
from planner.pipeline.site import plan_network
from planner.plans import ServicePlan, service_from_json, service_to_json
from planner.plans.service_faults import service_faults
from planner.plans.service_phases import PhaseItem
from tests.conftest import write_line_of_three_villages
from tests.planner.pipeline.service.conftest import SERVICE
from tests.planner.pipeline.test_days_on_networks import YEARS, write_phases

MONEY = """
driver_hours_week = 5
shares = { government = 0.3, firms = 0.7 }
[[service.prices]]
id = "van"
yuan = 30000.01
years = 2
provenance = "for the test"
[coverage.subsidies]
provenance = "for the test"
[coverage.subsidies.service_points]
agent_yuan_year = 100
rent_yuan_year = 0
[coverage.subsidies.express_stations]
agent_yuan_year = 0
rent_yuan_year = 0
[coverage.subsidies.shares]
equipment = { government = 1 }
agent = { society = 1 }
rent = { government = 1 }
"""
ROAD_S = 801.50
ROAD_KM = 11.13195


def written(folder: Path, money: str = MONEY) -> Path:
    write_phases(write_line_of_three_villages(folder), **YEARS)
    with (folder / "area.toml").open("a", encoding="utf-8") as config:
        config.write(SERVICE + money)
    return folder


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> ServicePlan:
    config = load_config(written(tmp_path_factory.mktemp("phases")))
    return plan_service(plan_network(AreaRun.for_siting(config)), config, year=2027).plan


def week_by_hand(stops: int) -> tuple[float, float]:
    """The seconds and the yuan of three routes to the middle and back with so many stops each."""
    duty_s = 3 * 2 * ROAD_S + 462 * 6 + 3 * stops * 240
    return duty_s, 3 * (150 + 1.2 * 2 * ROAD_KM) + 30 * duty_s / 3600


def test_each_phase_has_the_week_of_what_is_open_then(plan: ServicePlan) -> None:
    first, second = plan.phases
    assert (first.name, first.first, first.last) == ("first", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    for phase, stops in ((first, 1), (second, 2)):
        duty_s, yuan = week_by_hand(stops)
        assert phase.week_yuan == pytest.approx(yuan, abs=0.05)
        assert phase.week_duty_s == pytest.approx(duty_s, abs=1)
        assert phase.week_distance_m == pytest.approx(6 * 1000 * ROAD_KM, abs=1)
        assert (phase.points, phase.visits, phase.missed) == (stops, 3 * stops, 0)
    assert second.week_yuan == pytest.approx(plan.week_yuan)  # the plan's own week is that of 2027
    # 2.3 hours of duty a week: one driver
    assert (first.drivers, second.drivers) == (1, 1)


def test_running_costs_are_those_of_the_days_of_each_year(plan: ServicePlan) -> None:
    cost = {day.weekday: day.cost_yuan for day in plan.days}
    second = plan.phases[1]
    for one in second.years:
        assert one.year is not None
        day, due = datetime.date(one.year, 1, 1), 0.0
        while day.year == one.year:
            due += cost.get(day.weekday(), 0.0)
            day += datetime.timedelta(days=1)
        assert one.running_fen == round(due * 100)
    assert [(one.year, one.days) for one in second.years] == [(2027, 365), (2028, 366)]
    assert plan.seasons is not None
    assert second.years[0].running_fen == round(plan.seasons.year_yuan * 100)


def test_what_to_buy_and_who_pays_it_to_the_fen(plan: ServicePlan) -> None:
    first, second = plan.phases
    # a van in 2026, worn out after two years: another in 2028
    assert [(v.vehicle_id, v.needed, v.there, v.bought, v.replaced, v.fen) for v in first.vehicles] == [
        ("van", 1, 0, 1, 0, 3000001)
    ]
    assert [(v.needed, v.there, v.bought, v.replaced) for v in second.vehicles] == [(1, 1, 1, 1)]
    assert first.fen(item=PhaseItem.VEHICLES, source=FundingSource.GOVERNMENT) == 900000  # 0.3 of it, the fen to firms
    assert first.fen(item=PhaseItem.VEHICLES, source=FundingSource.FIRMS) == 2100001
    # a point for 1000 yuan in each phase, and in the first the station for 5000
    assert first.fen(item=PhaseItem.EQUIPMENT) + second.fen(item=PhaseItem.EQUIPMENT) == 700000
    # an agent for a year in 2026, two agents for two years after
    assert (first.fen(item=PhaseItem.AGENT), second.fen(item=PhaseItem.AGENT)) == (10000, 40000)
    assert first.fen(source=FundingSource.SOCIETY) == 10000
    for phase in (first, second):
        sites = plan.network.subsidies.fen(phase=phase.name) if plan.network.subsidies else 0
        running = sum(one.running_fen for one in phase.years)
        assert phase.total_fen == sites + running + sum(one.fen for one in phase.vehicles)
        assert phase.total_fen == sum(phase.fen(source=source) for source in FundingSource)
        assert phase.unnamed_fen == 0


def test_the_phases_are_kept_and_broken_ones_are_refused(plan: ServicePlan) -> None:
    assert service_from_json(service_to_json(plan), plan.network) == plan
    assert not list(service_faults(plan))
    first, second = plan.phases
    wrong = replace(first, total_fen=first.total_fen + 1, money=(replace(first.money[0], fen=7), *first.money[1:]))
    said = "; ".join(map(str, service_faults(replace(plan, phases=(wrong, second)))))
    assert "total_fen is" in said
    assert f"government pays 7 fen for {CostItem.EQUIPMENT.value}" in said
    assert "not those of the network" in "; ".join(map(str, service_faults(replace(plan, phases=(first,)))))


def test_without_shares_and_prices_nobody_is_named(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, money=""))
    plan = plan_service(plan_network(AreaRun.for_siting(config)), config, year=2027).plan
    first, second = plan.phases
    assert (first.drivers, second.drivers) == (None, None)
    assert [vehicle.each_fen for vehicle in first.vehicles] == [None]
    assert [(one.item, one.source) for one in first.money] == [(PhaseItem.RUNNING, None)]
    assert first.unnamed_fen == first.total_fen == sum(one.running_fen for one in first.years)
    assert [one.bought for one in (*first.vehicles, *second.vehicles)] == [1, 0]


def test_a_price_of_a_vehicle_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there are no vehicles sledge; there is van"):
        load_config(written(tmp_path, money=MONEY.replace('id = "van"', 'id = "sledge"')))


def service_of(**price: float) -> ServiceConfig:
    prices = [{"id": "van", "yuan": 10, "provenance": "a test", **price}]
    return ServiceConfig.model_validate({"provenance": "a test", "prices": prices})


def test_vehicles_are_bought_when_they_are_needed_and_replaced_when_they_are_worn() -> None:
    spans = [[2026], [2027, 2028], [2029, 2030]]
    rows = fleet_over_phases(service_of(years=3), [{"van": 2}, {"van": 3}, {"van": 1}], spans)
    # two in 2026, one more in 2027; in 2029 the two are worn out and the third does, which is worn out in 2030
    assert [(one.there, one.bought, one.replaced) for (one,) in rows] == [(0, 2, 0), (2, 1, 0), (3, 1, 1)]
    owned = fleet_over_phases(service_of(years=3, owned=2), [{"van": 2}, {"van": 3}, {"van": 3}], spans)
    assert [(one.there, one.bought) for (one,) in owned] == [(2, 0), (2, 1), (3, 1)]
    # of a type without a price nobody knows how long it drives
    plain = fleet_over_phases(service_of(years=1), [{"trike": 1}, {"trike": 1}, {}], spans)
    assert [(one.needed, one.bought, one.each_fen) for (one,) in plain] == [(1, 1, None), (1, 0, None), (0, 0, None)]


def test_drivers_are_those_of_a_roster() -> None:
    hour = 3600.0
    # six days of one route of eight hours: 48 hours, 44 a driver: two
    assert drivers_needed([(day, 8 * hour) for day in range(6)], 44 * hour) == 2
    # as many as are out at once
    assert drivers_needed([(0, hour)] * 3, 44 * hour) == 3
    # 3 x 30 hours are 90, for two drivers of 50 each; but nobody takes two
    assert drivers_needed([(day, 30 * hour) for day in range(3)], 50 * hour) == 3
    # a route beyond a driver's hours is driven all the same, by one who has nothing else
    assert drivers_needed([(0, 60 * hour)], 44 * hour) == 1
    assert drivers_needed([], 44 * hour) == 0
