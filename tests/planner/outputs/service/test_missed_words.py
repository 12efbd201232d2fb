"""Why a visit is missed: said of the vehicles it is about, and of the goods that are, in page, workbook and command line."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from planner.cli.service_tables import print_service
from planner.outputs.service.week_rows import compared_texts, gap_rows
from planner.plans.service_plan import ComparedWays, ServicePlan
from planner.routing import UnassignedReason
from planner.service.tiers import Missed, MissedReason
from planner.service.week import NotVisited, NotVisitedReason
from planner.words import Language, speaking
from tests.planner.outputs.service.test_service_page import page_in


def with_missed(week: ServicePlan, one: Missed) -> ServicePlan:
    *others, thursday = week.days
    return replace(week, days=(*others, replace(thursday, tiers=replace(thursday.tiers, missed=(one,)))))


def said(plan: ServicePlan, tmp_path_factory: pytest.TempPathFactory, lang: Language = "en") -> str:
    console = Console(file=(text := io.StringIO()), width=400)
    with speaking(lang):
        print_service(console, plan, tmp_path_factory.mktemp("week"))
    return text.getvalue()


@pytest.mark.parametrize("code", list(UnassignedReason))
def test_every_reason_of_a_station_is_said_of_its_vehicles(
    week: ServicePlan, code: UnassignedReason, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at_station = Missed(point_id="sp-west", station_id="es-t1", reason=MissedReason.ROUTE, routing_reason=code.value)
    plan = with_missed(week, at_station)
    with speaking("en"):
        (row,) = [one for one in gap_rows(plan) if one.weekday == 3]
    (line,) = [one for one in said(plan, tmp_path_factory).splitlines() if one.startswith("Thu: ")]
    assert row.reason in line
    assert "any vehicle" not in line
    assert "no vehicle" not in line
    with speaking("zh"):
        assert any(one.weekday == 3 for one in gap_rows(plan))
    directly = with_missed(week, replace(at_station, station_id=""))
    with speaking("en"):
        (row,) = [one for one in gap_rows(directly) if one.weekday == 3]
    assert "station" not in row.reason


def test_a_point_that_a_station_cannot_visit_at_all_names_it(week: ServicePlan) -> None:
    left = NotVisited(place_id="sp-east", reason=NotVisitedReason.TOO_LONG)
    with speaking("en"):
        by_station = gap_rows(replace(week, not_visited=(left,)))[0]
        directly = gap_rows(replace(week, not_visited=(replace(left, place_id="sp-middle"),)))[0]
    assert by_station.reason == f"{directly.reason} (Daokouzhen station)"


def test_what_is_handed_over_is_not_said_to_have_no_route(
    week: ServicePlan, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The east is visited on Thursday; what the call that was to fetch its produce found no vehicle for is not its route."""
    late = Missed(
        point_id="sp-east",
        station_id="es-t1",
        reason=MissedReason.CUT_OFF,
        until_s=61_234.0,
        routing_reason=UnassignedReason.FLEET_USED_UP.value,
    )
    plan = with_missed(week, late)
    reason = "parcels are handed over and goods collected, but these do not reach the hub by the cut-off"
    text = said(plan, tmp_path_factory)
    assert reason in text
    assert "cut-off at 17:01" in text  # 61,234 s, up to the full minute
    assert "no vehicle has room" not in text
    assert reason in page_in("en", plan)
    not_there = with_missed(week, replace(late, point_id="sp-west"))
    assert "what is collected misses the cut-off" in said(not_there, tmp_path_factory)


def test_the_weeks_compared_are_told(week: ServicePlan, tmp_path_factory: pytest.TempPathFactory) -> None:
    compared = (
        ComparedWays(station_ids=("es-t1",), week_yuan=16_873.0, missed=5, kept=False),
        ComparedWays(station_ids=(), week_yuan=16_688.0, missed=0, kept=True),
    )
    plan = replace(week, ways_compared=compared)
    with speaking("en"):
        by_station, directly = compared_texts(plan)
    assert by_station.endswith("16,873 yuan a week, 5 visits missed")
    assert directly == "all directly from the hub: 16,688 yuan a week, 0 visits missed (kept)"
    for text in (said(plan, tmp_path_factory), page_in("en", plan)):
        assert by_station in text
        assert directly in text
    with speaking("zh"):
        assert compared_texts(plan)[1] == "全部由县级中心直送：每周 16,688 元，缺 0 班（采用）"
    assert compared_texts(week) == []
