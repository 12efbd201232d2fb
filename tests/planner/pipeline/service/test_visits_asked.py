"""How often points ask to be visited and on which days: standards, a table of its own, markets, and a fleet too small."""

import dataclasses
from pathlib import Path

import pytest

from planner.config import PlanConfig
from planner.errors import BadDataError
from planner.model import Fact
from planner.outputs.names import spoken_name
from planner.outputs.service.week_rows import point_rows
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.plan import plan_service
from planner.pipeline.service.visit_patterns import market_weekdays, markets_met, own_visits, visit_patterns
from planner.plans import NetworkPlan, ServicePlan, VisitsReason, service_from_json, service_to_json
from planner.service.week import days_of
from planner.words import sentence, speaking


def with_service(config: PlanConfig, **changes: object) -> PlanConfig:
    assert config.service is not None
    return config.model_copy(update={"service": config.service.model_copy(update=changes)})


def visits_table(config: PlanConfig, tmp_path: Path, text: str) -> PlanConfig:
    (tmp_path / "visits.csv").write_text(text, encoding="utf-8")
    return with_service(config, visits=tmp_path / "visits.csv")


def test_a_row_of_the_table_holds(line_config: PlanConfig, line_network: NetworkPlan, tmp_path: Path) -> None:
    config = visits_table(line_config, tmp_path, "site_id,visits\nsp-west,2\n")
    plan = plan_service(line_network, config, year=2027, only_week=True).plan
    middle, west = plan.points
    assert (west.asked, west.reason, west.visits) == (2, VisitsReason.TABLE, 2)
    assert (middle.asked, middle.reason, middle.visits) == (3, VisitsReason.STANDARD, 3)


def test_every_bad_row_is_named(line_config: PlanConfig, line_network: NetworkPlan, tmp_path: Path) -> None:
    rows = "sp-west,2\nsp-nowhere,3\nsp-middle,7\nsp-west,4\n,2\nsp-middle,often\n"
    config = visits_table(line_config, tmp_path, "site_id,visits\n" + rows)
    run = AreaRun(config=config, given_area=line_network.area)
    with pytest.raises(BadDataError) as caught:
        own_visits(run)
    said = "\n".join(map(str, caught.value.problems))
    for row in (3, 4, 5, 6, 7):  # Sundays are closed: seven visits are one too many
        assert f"row {row}" in said, said
    assert "row 2" not in said.replace("in row 2", "")


def test_days_of_a_market(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    area = line_network.area
    township = dataclasses.replace(area.townships[0], market_days=("week-7",))  # Sunday: nobody drives, so on Saturday
    given = dataclasses.replace(area, townships=(township, *area.townships[1:]))
    config = with_service(line_config, visit_on_market_days=True)
    run = AreaRun(config=config, given_area=given)
    assert config.service is not None
    masks = visit_patterns(run, config.service, "sp-west", 3)
    assert {days_of(mask) for mask in masks} == {(0, 2, 5), (0, 3, 5), (1, 3, 5)}  # (0, 2, 4) has no Saturday
    assert market_weekdays(("week-7",), 2026) == (0, 0, 0, 0, 0, 0, 52)
    # The 5th, 10th, ... 30th of each month, five in February.
    held = market_weekdays(("ends-5", "ends-10"), 2026)
    assert sum(held) == 12 * 6 - 1
    assert markets_met(0b0010101, held) == pytest.approx(1 - held[6] / sum(held))  # all but Sunday's


def test_a_gap_asks_for_more_visits(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    config = with_service(line_config, most_gap_days=2)
    plan = plan_service(line_network, config, year=2027, only_week=True).plan
    # Three visits in six days leave three days once; four are at most two days apart.
    assert {point.asked for point in plan.points} == {4}


def test_a_fleet_too_small_says_what_helps(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    """One van serves both points each day in 2 x 801.50 s on the way, 2 x 240 s of stopping and 66 parcels of 6 s: 2,479 s.

    Monday has Sunday's goods as well: 2,875 s, and only Monday is beyond a duty of 2,700 s. A second van that day helps, or
    West left out on Mondays: on Tuesdays its three days of 11 parcels, and Middle's 55, then make 2,611 s. Middle left out
    on any day would bring two days' goods, or three, on the next.
    """
    van = line_config.routing.vehicles[0].model_copy(update={"count": 1, "max_duration_s": 2700.0})
    routing = line_config.routing.model_copy(update={"vehicles": (van,)})
    config = with_service(line_config.model_copy(update={"routing": routing}), least_visits=6, least_visits_seat=6)
    plan = plan_service(line_network, config, year=2027, only_week=True).plan
    reason, vehicles, fewer = plan.conflicts
    assert reason.code == "week_fleet_not_enough"
    assert reason.params["given_amount"] == pytest.approx(6 * 2700 / 3600)
    assert vehicles.params == {"count": 1, "vehicle_type": van.id, "days": (Fact(code="weekday_0"),)}
    assert fewer.params == {"visits": 5, "place_ids": ("sp-west",)}
    assert service_from_json(service_to_json(plan), plan.network).conflicts == plan.conflicts
    names = {site.id: spoken_name(site) for site in plan.area.sites}
    with speaking("en"):
        assert sentence(vehicles, names) == f"It could do it with 1 more of {van.id} on Monday"
    with speaking("zh"):
        assert sentence(vehicles, names) == f"星期一增加 {van.id} 1 辆即可完成"


def test_more_visits_than_asked_have_a_reason(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    """The one van holds 180 kg: the middle's 75 kg a day are 225 kg after three days and come in two parts.

    One van cannot bring both on one day: the days of both parts are those of the point.
    """
    van = line_config.routing.vehicles[0].model_copy(update={"count": 1, "capacity_kg": 200.0})
    routing = line_config.routing.model_copy(update={"vehicles": (van,)})
    plan = plan_service(
        line_network, line_config.model_copy(update={"routing": routing}), year=2027, only_week=True
    ).plan
    middle, west = plan.points
    assert (middle.asked, middle.reason) == (3, VisitsReason.STANDARD)
    assert middle.visits > 3
    assert middle.more_reason is VisitsReason.LOAD
    assert (west.visits, west.more_reason) == (3, None)
    assert service_from_json(service_to_json(plan), plan.network).points == plan.points
    assert "more_reason" not in service_to_json(replace_points(plan, more_reason=None))
    for lang, said in (
        ("en", f"; {middle.visits} are made: what piles up is more than any one vehicle holds"),
        ("zh", f"；实排 {middle.visits} 班：积压量超过任一辆车的容量"),
    ):
        with speaking(lang):
            row = next(one for one in point_rows(plan) if one.point is middle)
            assert row.why.endswith(said)


def replace_points(plan: ServicePlan, **changes: object) -> ServicePlan:
    points = tuple(dataclasses.replace(one, **changes) for one in plan.points)  # type: ignore[arg-type]
    return dataclasses.replace(plan, points=points)
