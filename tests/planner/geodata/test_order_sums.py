"""Rows of orders added up, bounds of their cells and rows that cannot both hold: each figure worked out by hand."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from planner.config import load_config
from planner.geodata import Severity
from planner.geodata.assemble import read_area
from planner.geodata.orders.clock_times import clock_s
from planner.geodata.orders.day_orders import DayOrders, read_orders
from planner.model import StudyArea

DAY = datetime.date(2026, 11, 30)


@pytest.fixture(scope="module")
def area() -> StudyArea:
    return read_area(load_config("baiquan"))


def read(folder: Path, area: StudyArea, head: str, *rows: Sequence[object], cut_off: str = "") -> DayOrders:
    """The orders of a table: ``head`` has its headings apart from the village's code; one village hands over nowhere."""
    with (folder / "t.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["村代码", *head.split()], *rows])
    places = {village.id: f"sp-{village.id}" for village in area.villages if village.id != cut_off}
    return read_orders(folder / "t.csv", area, DAY, places, kg_per_parcel=1.5)


def told(orders: DayOrders, *severities: Severity) -> list[tuple[int | None, str, str]]:
    wanted = severities or (Severity.ERROR,)
    return [(one.row, one.field, one.code) for one in orders.findings if one.severity in wanted]


def test_parcels_of_one_village_are_served_when_all_of_them_may_be(tmp_path: Path, area: StudyArea) -> None:
    id_ = area.villages[0].id
    rows = [(id_, "A", "8:00", "11:00"), (id_, "B", "9:00", "10:30"), (id_, "C", "", "")]
    one = read(tmp_path, area, "快递单号 最早 最晚", *rows).villages[id_]
    assert (one.earliest_s, one.latest_s) == (9 * 3600, 10.5 * 3600)


def test_kilograms_of_one_product_in_several_rows_are_added_up(tmp_path: Path, area: StudyArea) -> None:
    id_ = area.villages[0].id
    rows = [(id_, "A", "上行", "大米", 3), (id_, "B", "上行", "大米", 4.5), (id_, "C", "上行", "豆", 2)]
    one = read(tmp_path, area, "快递单号 方向 产品 kg", *rows).villages[id_]
    assert (one.products, one.amounts["pickup_kg"]) == ({"大米": 7.5, "豆": 2.0}, 9.5)


def test_one_weight_is_shared_by_the_parcels_of_both_directions(tmp_path: Path, area: StudyArea) -> None:
    id_ = area.villages[0].id
    one = read(tmp_path, area, "下行件数 上行件数 kg", (id_, 30, 10, 60)).villages[id_]
    assert (one.amounts["delivery_kg"], one.amounts["pickup_kg"]) == (45.0, 15.0)  # 60 kg over 40 parcels


@pytest.mark.parametrize(("head", "most"), [("下行件数", 100_000), ("下行公斤", 1_000_000), ("下行立方米", 10_000)])
def test_the_most_of_a_village_is_read_and_one_more_is_not(
    tmp_path: Path, area: StudyArea, head: str, most: int
) -> None:
    first, second = (village.id for village in area.villages[:2])
    found = told(read(tmp_path, area, head, (first, most), (second, most + 1)))
    assert [(row, code) for row, _, code in found] == [(3, "out_of_range")]


def test_parcels_may_round_to_no_room_but_not_to_no_weight(tmp_path: Path, area: StudyArea) -> None:
    first, second = (village.id for village in area.villages[:2])
    found = read(
        tmp_path, area, "下行件数 下行立方米 上行件数 上行公斤", (first, 3, "0.0", 2, 3), (second, 3, "0.0", 2, 0)
    )
    assert told(found) == [(3, "上行公斤", "no_weight")]
    assert found.villages[first].amounts["delivery_m3"] == 0


def test_a_span_that_ends_when_it_begins_is_an_error(tmp_path: Path, area: StudyArea) -> None:
    id_ = area.villages[0].id
    assert told(read(tmp_path, area, "下行件数 最早 最晚", (id_, 3, "9:00", "9:00"))) == [(2, "最晚", "closes_first")]
    assert told(read(tmp_path, area, "下行件数 最早 最晚", (id_, 3, "9:00", "9:01"))) == []


def test_a_part_of_a_day_is_the_nearest_minute() -> None:
    # 8:30 is 510 of 1440 minutes, 0.354166...; with four digits it is 30602.88 s
    assert [clock_s(text, DAY) for text in ("0.3542", ".3541666", "0.5")] == [30_600, 30_600, 43_200]


def test_rows_of_two_products_may_not_both_weigh_what_comes_down(tmp_path: Path, area: StudyArea) -> None:
    id_ = area.villages[0].id
    twice = read(tmp_path, area, "产品 下行公斤", (id_, "大豆", 10), (id_, "大蒜", 12))
    assert told(twice) == [(3, "村代码", "double_row")]
    assert told(read(tmp_path, area, "产品 下行公斤", (id_, "大豆", 10), (id_, "大蒜", ""))) == []


@pytest.mark.parametrize(("parcels", "warned"), [(0, False), (1, True)])
def test_nothing_waits_where_nothing_is_ordered(tmp_path: Path, area: StudyArea, parcels: int, warned: bool) -> None:
    id_ = area.villages[0].id
    found = told(read(tmp_path, area, "下行件数", (id_, parcels), cut_off=id_), Severity.WARNING)
    assert ("hands_over_nowhere" in {code for _, _, code in found}) is warned
