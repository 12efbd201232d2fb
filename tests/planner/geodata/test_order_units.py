"""Units in the headings of a day's orders: known ones are converted, unknown ones are an error that names the column."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from planner.cli.orders import reading_figures
from planner.config import load_config
from planner.geodata import Severity
from planner.geodata.assemble import read_area
from planner.geodata.orders.day_orders import DayOrders, read_orders
from planner.geodata.orders.past_figures import read_past_figures
from planner.model import StudyArea
from tests.conftest import write_line_of_three_villages

DAY = datetime.date(2026, 11, 10)


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> StudyArea:
    return read_area(load_config(write_line_of_three_villages(tmp_path_factory.mktemp("line"))))


def read(folder: Path, area: StudyArea, *rows: Sequence[object]) -> DayOrders:
    return read_orders(written(folder, *rows), area, DAY, {village.id: "sp" for village in area.villages})


def written(folder: Path, *rows: Sequence[object]) -> Path:
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize(
    ("heading", "cell", "name", "figure"),
    [
        ("下行重量(g)", "3,000", "delivery_kg", 3),
        ("下行（克）", 500, "delivery_kg", 0.5),
        ("下行（斤）", 100, "delivery_kg", 50),
        ("下行重量（公斤）", 7, "delivery_kg", 7),
        ("下行（千克）", 7, "delivery_kg", 7),
        ("下行 kg", 7, "delivery_kg", 7),
        ("上行（吨）", 0.2, "pickup_kg", 200),
        ("上行(t)", 0.2, "pickup_kg", 200),
        ("下行（升）", 200, "delivery_m3", 0.2),
        ("下行体积(L)", 200, "delivery_m3", 0.2),
        ("下行体积(m3)", 2, "delivery_m3", 2),
        ("下行（m³）", 2, "delivery_m3", 2),
        ("下行（立方米）", 2, "delivery_m3", 2),
        ("下行（方）", 2, "delivery_m3", 2),
        ("上行体积(cm3)", 8000, "pickup_m3", 0.008),
        ("上行（立方厘米）", 8000, "pickup_m3", 0.008),
        ("上行公斤", "500克", "pickup_kg", 0.5),
    ],
)
def test_known_units_are_converted(
    tmp_path: Path, area: StudyArea, heading: str, cell: object, name: str, figure: float
) -> None:
    found = read(tmp_path, area, ["编码", "下行件数", "上行件数", heading], ["west", 4, 4, cell])
    assert not found.findings, [str(one) for one in found.findings]
    assert found.villages["west"].amounts[name] == pytest.approx(figure)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("重量(磅)", "磅"),
        ("重量lb", "lb"),
        ("下行(箱)", "箱"),
        ("上行体积(加仑)", "加仑"),
        ("上行件数(公斤)", "公斤"),
    ],
)
def test_an_unknown_unit_is_an_error_that_names_the_column(
    tmp_path: Path, area: StudyArea, heading: str, unit: str
) -> None:
    found = read(tmp_path, area, ["编码", "件数", heading], ["west", 4, 9])
    errors = [one for one in found.findings if one.severity is Severity.ERROR]
    assert [(one.code, one.field, one.message.params["unit"]) for one in errors] == [("unknown_unit", heading, unit)]
    assert not [one for one in found.findings if one.code == "unused_columns" and heading in str(one.message.params)]


def test_a_column_in_another_unit_beside_the_one_that_is_read_is_not_needed(tmp_path: Path, area: StudyArea) -> None:
    found = read(tmp_path, area, ["编码", "件数", "重量(kg)", "重量(磅)", "备注"], ["west", 4, 9, 20, ""])
    (note,) = found.findings
    assert (note.severity, note.message.params["headings"]) == (Severity.NOTE, ("重量(磅)", "备注"))
    assert found.villages["west"].amounts["delivery_kg"] == 9
    told = reading_figures(found.findings)  # what --json has of it
    assert told["unread_columns"] == ["重量(磅)", "备注"]
    assert [(one["code"], one["severity"], one["file"]) for one in told["findings"]] == [
        ("unused_columns", "note", "t.csv")
    ]


@pytest.mark.parametrize(("unit", "amount"), [("斤", ("delivery_kg", 20)), ("件", ("delivery_parcels", 40))])
def test_a_row_of_units_says_what_the_column_is(
    tmp_path: Path, area: StudyArea, unit: str, amount: tuple[str, float]
) -> None:
    found = read(tmp_path, area, ["编码", "下行", "上行件数"], ["", unit, "件"], ["west", 40, 1])
    assert not found.findings
    assert dict([amount]).items() <= found.villages["west"].amounts.items()
    found = read(tmp_path, area, ["编码", "下行", "上行件数"], ["", "磅", "件"], ["west", 40, 1])
    assert [(one.code, one.field) for one in found.findings] == [("unknown_unit", "下行")]


def test_past_figures_with_a_row_of_totals_are_read(tmp_path: Path, area: StudyArea) -> None:
    rows = [["月份", "编码", "下行件数"], ["2026-09", "west", 300], ["合计", "", 300]]
    (one,) = read_past_figures(written(tmp_path, *rows), area, {village.id: "sp" for village in area.villages}, DAY)
    assert one.down == 300
