"""Every table that the planner writes to be filled in is read by it, for each area that comes with it, in both languages."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from planner.config import load_config
from planner.geodata.assemble import read_area
from planner.geodata.lookups import is_called
from planner.geodata.orders.day_orders import read_orders
from planner.geodata.services import RequiredServices, services_in
from planner.model import StudyArea
from planner.outputs.bulletin.figures_template import TEMPLATE_COLUMNS, write_figures_template
from planner.outputs.order_template import order_template
from planner.pipeline.bulletin.definitions import headings, indicators
from planner.pipeline.bulletin.entered import read_figures
from planner.plans.bulletin import Month
from planner.words import LANGUAGES, Language, speaking

MONTH, DAY = Month.of("2026-11"), datetime.date(2026, 11, 30)
AREAS = ("harbin", "baiquan", "neubrandenburg")


@pytest.fixture(scope="module", params=AREAS)
def area(request: pytest.FixtureRequest) -> StudyArea:
    return read_area(load_config(request.param))


def filled(path: Path, column: int, figure: str, *, without: int | None = None) -> int:
    """Write a figure into a column of each row of a CSV, and empty another column; return the number of rows."""
    head, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    for row in rows:
        row[column] = figure
        if without is not None:
            row[without] = ""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return len(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_a_months_figures_is_read_back(area: StudyArea, lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    with speaking(lang):
        write_figures_template(path, headings(lang), area, indicators(), MONTH)
    value, code = TEMPLATE_COLUMNS.index("value"), TEMPLATE_COLUMNS.index("place")
    # by the township's name alone as well: the codes are for the machine, the names for those who fill it in
    for without in (None, code):
        count = filled(path, value, "0", without=without)  # 0 is a part of any whole
        found = read_figures(path, area, indicators(), MONTH)
        assert len(found) == count > len(area.townships)
        assert {one.value for one in found.values()} == {0}
        assert {place for _, place in found} == {"", *(one.id for one in area.townships)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_a_days_orders_is_read_back(area: StudyArea, lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with speaking(lang):
        path.write_bytes(order_template(area, ".csv"))
    assert filled(path, 3, "7") == len(area.villages)
    orders = read_orders(path, area, DAY, {one.id: f"sp-{one.id}" for one in area.villages})
    assert [str(one) for one in orders.findings if one.severity == "error"] == []
    assert orders.table.delivery_parcels == 7 * len(area.villages)


def test_a_workbook_of_figures_is_read_back(tmp_path: Path) -> None:
    area, path = read_area(load_config("harbin")), tmp_path / "figures.xlsx"
    with speaking("zh"):
        write_figures_template(path, headings("zh"), area, indicators(), MONTH)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, TEMPLATE_COLUMNS.index("value") + 1, 12)
    book.save(path)
    assert [one.value for one in read_figures(path, area, indicators(), MONTH).values()] == [12]


def test_width_of_brackets_tells_no_two_names_apart() -> None:
    assert is_called("市郊(东)", "市郊（东）")
    assert is_called("市郊（东）", "市郊(东)")
    assert not is_called("", "")
    assert services_in("代购（烟）") == services_in("代购(烟)")
    # what a configuration requires in wide brackets is what a cell offers in narrow ones
    assert RequiredServices.of_tier(["水电费（代缴）"], None).required == ("水电费(代缴)",)
