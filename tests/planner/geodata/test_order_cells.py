"""What people type in the cells of a day's orders: none and dashes, numerals, weights of parcels and of produce."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata import Severity
from planner.geodata.assemble import read_area
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders, read_orders
from planner.model import ReadAs, StudyArea

DAY = datetime.date(2026, 11, 30)
KG = 1.5
"""Of a parcel."""


@pytest.fixture(scope="module")
def area() -> StudyArea:
    return read_area(load_config("baiquan"))


def read(folder: Path, area: StudyArea, head: Sequence[str], *rows: Sequence[object]) -> DayOrders:
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["村代码", *head], *rows])
    places = {village.id: f"sp-{village.id}" for village in area.villages}
    return read_orders(path, area, DAY, places, kg_per_parcel=KG)


def codes(orders: DayOrders, severity: Severity = Severity.ERROR) -> list[tuple[int | None, str]]:
    return [(one.row, one.code) for one in orders.findings if one.severity is severity]


def only(orders: DayOrders) -> PlaceOrders:
    assert not codes(orders), [str(one) for one in orders.findings]
    (one,) = orders.villages.values()
    return one


@pytest.mark.parametrize(
    ("cell", "parcels"),
    [
        *((word, 0) for word in ("无", "没有", "none", "nil", "NONE", " 无 ", "零")),
        *((word, None) for word in ("-", "—", "——", "/", "暂无", "n/a", "N/A", "不详", "")),
        *zip(
            ("十二", "两", "三百零五", "二十", "一百一十", "十二件", "１２"), (12, 2, 305, 20, 110, 12, 12), strict=True
        ),
    ],
)
def test_a_word_under_parcels_is_what_people_mean(
    tmp_path: Path, area: StudyArea, cell: str, parcels: int | None
) -> None:
    one = only(read(tmp_path, area, ["下行件数", "上行件数"], [area.villages[0].id, cell, 4]))
    assert one.amounts.get("delivery_parcels") == parcels
    assert one.amounts["pickup_parcels"] == 4


@pytest.mark.parametrize("cell", ["约20", "三五", "一百二", "几十", "十来", "二三", "二〇", "十二三"])
def test_what_can_mean_two_things_stays_a_question(tmp_path: Path, area: StudyArea, cell: str) -> None:
    found = read(tmp_path, area, ["下行件数"], [area.villages[0].id, cell])
    assert codes(found) == [(2, "not_a_number")]


def test_none_under_a_weight_is_not_weighed_and_under_produce_is_none(tmp_path: Path, area: StudyArea) -> None:
    head = ["下行件数", "上行件数", "下行公斤", "上行公斤", "产品", "农产品（千克）", "最早", "冷链", "方向"]
    one = only(read(tmp_path, area, head, [area.villages[0].id, 5, 2, "无", "没有", "无", "无", "无", "无", "—"]))
    assert dict(one.amounts) == {"delivery_parcels": 5, "pickup_parcels": 2}
    assert (one.products, one.earliest_s, one.cold) == ({}, None, False)


def test_what_words_were_read_as_is_kept_with_the_table(tmp_path: Path, area: StudyArea) -> None:
    ids = [village.id for village in area.villages[:6]]
    cells = ["无", "无", "—", "十二", "无", 3]
    orders = read(tmp_path, area, ["下行件数"], *zip(ids, cells, strict=True))
    assert set(orders.table.read_as) == {
        ReadAs(cell="无", figure="0", cells=3),
        ReadAs(cell="—", figure="", cells=1),
        ReadAs(cell="十二", figure="12", cells=1),
    }
    assert (orders.table.delivery_parcels, orders.table.villages) == (15, 6)  # 3 × 0, 12 and 3
    assert [one.row for one in orders.findings if one.code == "read_as_figure"] == [2, 3, 5, 6]


def test_produce_and_parcels_are_weighed_apart(tmp_path: Path, area: StudyArea) -> None:
    head = ["上行件数", "上行（千克）", "产品", "农产品（千克）"]
    one = only(read(tmp_path, area, head, [area.villages[0].id, 6, 12, "大豆", 83]))
    assert dict(one.amounts) == {"pickup_parcels": 6, "pickup_kg": 95}  # 12 of parcels and 83 of beans
    assert (one.products, one.unweighed, one.split) == ({"大豆": 83}, {}, frozenset())

    one = only(read(tmp_path, area, head, [area.villages[0].id, 6, "", "大豆", 83]))
    assert (one.amounts["pickup_kg"], one.unweighed) == (83, {"pickup_kg": 6})  # the six have no weight yet
    one = only(read(tmp_path, area, head, [area.villages[0].id, "", "", "大豆", 83]))
    assert one.unweighed["pickup_kg"] == float("inf")  # of as many as are estimated
    one = only(read(tmp_path, area, head, [area.villages[0].id, 0, "", "大豆", 83]))
    assert (dict(one.amounts), one.unweighed) == ({"pickup_parcels": 0, "pickup_kg": 83}, {})


def test_one_weight_for_both_is_split_by_what_parcels_weigh_and_said(tmp_path: Path, area: StudyArea) -> None:
    head = ["上行件数", "上行（千克）", "产品"]
    orders = read(tmp_path, area, head, [area.villages[0].id, 6, 83, "大豆"])
    one = only(orders)
    assert (one.amounts["pickup_kg"], one.products, one.split) == (83, {"大豆": 74}, {"大豆"})  # 83 - 6 × 1.5
    (note,) = (str(found) for found in orders.findings if found.code == "weight_split")
    assert "holds 6 parcels, taken as 9 kg, and 74 kg of 大豆" in note
    orders = read(tmp_path, area, head, [area.villages[0].id, 60, 83, "大豆"])
    assert only(orders).products == {"大豆": 0}  # 60 × 1.5 is more than 83
    assert codes(orders, Severity.WARNING) == [(2, "weight_split")]
    assert only(read(tmp_path, area, head, [area.villages[0].id, "", 83, "大豆"])).products == {"大豆": 83}


def test_rows_of_several_products_are_added_up_and_parcels_counted_in_one(tmp_path: Path, area: StudyArea) -> None:
    village = area.villages[0].id
    head = ["下行件数", "上行件数", "产品", "农产品（千克）"]
    one = only(read(tmp_path, area, head, [village, 5, 2, "大豆", 83], [village, "", "", "西瓜", 160]))
    assert dict(one.amounts) == {"delivery_parcels": 5, "pickup_parcels": 2, "pickup_kg": 243}
    assert (one.products, one.unweighed) == ({"大豆": 83, "西瓜": 160}, {"pickup_kg": 2})
    twice = read(tmp_path, area, head, [village, 5, 2, "大豆", 83], [village, 5, "", "西瓜", 160])
    assert codes(twice) == [(3, "double_row")]
    same = read(tmp_path, area, head, [village, 5, 2, "大豆", 83], [village, "", "", "大豆", 83])
    assert codes(same) == [(3, "double_row")]


@pytest.mark.parametrize(
    ("product", "code"), [("大豆、西瓜", "several_products"), ("", "no_product"), ("无", "no_product")]
)
def test_a_weight_has_one_product(tmp_path: Path, area: StudyArea, product: str, code: str) -> None:
    found = read(tmp_path, area, ["产品", "农产品（千克）"], [area.villages[0].id, product, 83])
    assert codes(found) == [(2, code)]
    assert not codes(read(tmp_path, area, ["产品", "农产品（千克）"], [area.villages[0].id, product, "无"]))


@pytest.mark.parametrize(
    ("heading", "name", "kg"),
    [
        ("上行吨", "pickup_kg", 1500),
        ("上行（吨）", "pickup_kg", 1500),
        ("下行 (t)", "delivery_kg", 1500),
        ("上行重量（吨）", "pickup_kg", 1500),
        ("下行（斤）", "delivery_kg", 0.75),
        ("下行重量（千克）", "delivery_kg", 1.5),
    ],
)
def test_a_heading_in_tonnes_is_a_weight(tmp_path: Path, area: StudyArea, heading: str, name: str, kg: float) -> None:
    assert dict(only(read(tmp_path, area, [heading], [area.villages[0].id, 1.5])).amounts) == {name: kg}


@pytest.mark.parametrize(
    ("cell", "figure"),
    [("1900-01-01", "1"), ("1900-01-12", "12"), ("1900-02-28", "59"), ("1900-03-01", "61"), ("1904-01-01", "1462")],
)
def test_a_count_shown_as_a_date_is_told_as_it_was(tmp_path: Path, area: StudyArea, cell: str, figure: str) -> None:
    """Excel counts 1 January 1900 as 1 and a 29 February 1900, which was not, as 60."""
    orders = read(tmp_path, area, ["下行件数"], [area.villages[0].id, cell])
    (found,) = (one for one in orders.findings if one.code == "date")
    assert (found.value, found.remedy.params) == (cell, {"figure": figure})


def test_a_cell_without_end_is_told_by_its_row(tmp_path: Path, area: StudyArea) -> None:
    """Half a million letters, and no quotation mark anywhere."""
    with pytest.raises(BadDataError, match=r"row 2: a cell has more than 131072 characters"):
        read(tmp_path, area, ["下行件数", "产品"], [area.villages[0].id, 3, "a" * 500_000])


def test_a_stray_blank_far_below_is_to_be_deleted(tmp_path: Path, area: StudyArea) -> None:
    book = openpyxl.Workbook()
    book.active.append(("编码", "下行件数"))
    book.active.append((area.villages[0].id, 3))
    book.active.cell(1_048_576, 2, " ")
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(BadDataError, match="more than 200000 rows: delete what stands far below the table, blanks too"):
        read_orders(tmp_path / "t.xlsx", area, DAY, {})


def test_a_character_nobody_sees_is_told_once(tmp_path: Path, area: StudyArea) -> None:
    orders = read(tmp_path, area, ["下行件数", "产品"], [area.villages[0].id, "3\0", "大豆\0"])
    assert codes(orders) == [(2, "control_character")] * 2
    assert len({one.field for one in orders.findings}) == 2


@pytest.mark.parametrize(("cell", "figure"), [("①", 1), ("²", 2), ("３", 3), ("4", 4)])
def test_a_circled_figure_or_a_power_is_said(tmp_path: Path, area: StudyArea, cell: str, figure: int) -> None:
    orders = read(tmp_path, area, ["下行件数"], [area.villages[0].id, cell])
    assert only(orders).amounts == {"delivery_parcels": figure}
    told = [one.message.params["figure"] for one in orders.findings if one.code == "read_as_figure"]
    assert told == ([str(figure)] if figure < 3 else [])
