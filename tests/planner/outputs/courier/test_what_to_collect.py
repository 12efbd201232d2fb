"""A courier sees what to collect, lot by lot, and what orders ask of a stop: on the page, in CSV, in the workbook."""

import csv
import html
import io
from dataclasses import replace

import pytest

from planner.model import Produce
from planner.outputs.courier import CourierDay, route_csv, route_page
from planner.outputs.workbook.day_sheets import stops_sheet
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.words import speaking
from tests.planner.outputs.sheets_read import LINKS
from tests.planner.plans.test_lots import with_produce


@pytest.fixture
def day(line: PlannedArea) -> DayPlan:
    """Two villages bring produce to the one stop, which is to be served cold and between half past eight and ten."""
    made = with_produce(
        line.day,
        Produce(village_id="middle", product="西瓜", kg=160.0),
        Produce(village_id="east", product="=食用菌", kg=23.0),
    )
    points = tuple(replace(one, earliest_s=30_600.0, latest_s=36_000.0, cold=True) for one in made.demand.points)
    return replace(made, demand=replace(made.demand, points=points))


def test_lots_stand_at_the_stop_that_hands_them_over(day: DayPlan) -> None:
    (route,) = day.routes.routes
    east, middle = (day.area.village_by_id[id_].name for id_ in ("east", "middle"))
    wanted = [
        f"=食用菌（{east}）23 千克，批次 east-20261110-01",
        f"西瓜（{middle}）160 千克，批次 middle-20261110-01",
    ]
    with speaking("zh"):
        courier = CourierDay.of(day)
        stop, back = courier.legs(route)
        assert (list(stop.lots), back.lots) == (wanted, ())
        page = html.unescape(route_page(courier, route, LINKS))
        rows = list(csv.DictReader(io.StringIO(route_csv(courier, route).decode("utf-8-sig"))))
        sheet = stops_sheet(day)
    for line in wanted:
        assert page.count(line) == 1
    told = [(row["待收农产品"].lstrip("'"), row["冷链"], row["要求到站时间"]) for row in rows]
    assert told == [("；".join(wanted), "是", "08:30–10:00"), ("", "", "")]
    (row,) = sheet.rows
    assert dict(zip(sheet.headings[-3:], row[-3:], strict=True)) == {
        "待收农产品": "；".join(wanted),
        "冷链": "是",
        "要求到站时间": "08:30–10:00",
    }


def test_a_stop_that_is_asked_nothing_of_says_nothing(line: PlannedArea) -> None:
    (point,) = line.day.demand.points
    day = replace(line.day, demand=replace(line.day.demand, points=(replace(point, produce=(), latest_s=36_000.0),)))
    with speaking("en"):
        (row,) = stops_sheet(day).rows
        assert row[-3:] == ["", "", "–10:00"]
