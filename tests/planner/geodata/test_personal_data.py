"""Nothing by which a person is reached leaves a table of orders, in whatever spelling and wherever it stands."""

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
from planner.geodata.columns import normal
from planner.geodata.orders.day_orders import DayOrders, read_orders
from planner.geodata.orders.past_figures import read_past_figures
from planner.geodata.personal_data import has_few_digits, is_personal, may_name_goods
from planner.geodata.tables import read_table
from planner.model import StudyArea

DAY = datetime.date(2026, 11, 30)
WHO = "王大锤"
_SIGNS = (
    " ",
    "-",
    ".",
    "_",
    "—",
    "·",
    "\u3000",
    "\t",
    "\n",
    "/",
    "+",
    "*",
    "、",
    "~",
    "\u200b",
    "\u2060",
    "\xad",
    "\ufeff",
)
_LETTERS = ("转", "a", "东")
_DIGITS = (
    "０１２３４５６７８９",
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "⓿❶❷❸❹❺❻❼❽❾",
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "₀₁₂₃₄₅₆₇₈₉",
    "零一二三四五六七八九",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "洞幺两三四五六拐八勾",
    "〇〡〢〣〤〥〦〧〨〩",
    "O12345678９",
)
SPELLINGS = (
    *(sign.join(("138", "0013", "8000")) for sign in (*_SIGNS, *_LETTERS)),
    *(sign.join("13800138000") for sign in (" ", "-", ",", "\u200b", "\ufe0f\u20e3")),
    *("13800138000".translate(str.maketrans("0123456789", digits)) for digits in _DIGITS),
    *("13800138000", "008613800138000", "+8613800138000", "+86 138-0013-8000", "(+86)13800138000", "T13800138000"),
    *("0451-87654321", "(0451)8765 4321", "045187654321", "8765 4321", "87654321", "0451 8765-4321"),
    *("110101900307451", "110101 900307 451", "110101199003074514", "1101 0119 9003 0745 14", "11010119900307451X"),
    *("6222021234567890123", "6222 0212 3456 7890 123", "l38OOl38OOO", "138001三八零零零", "138001380 00"),
    *("wang@example.com", "wang＠example．com", "wang (at) example.com", "黑A12345", "黑A·1B345", "黑AD12345", "3组12号"),
)  # fmt: skip
GOODS = (
    "蘑菇",
    "黑木耳 250克",
    "五味子",
    "三七",
    "九三大豆油",
    "玉米、大豆；小米",
    "2026年新米",
    "长粒香 5kg×2",
    "七里香",
    "Mushrooms, dried 250 g",
)


@pytest.fixture(scope="module")
def area() -> StudyArea:
    return read_area(load_config("baiquan"))


def _written(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    path = folder / "t.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _read(path: Path, area: StudyArea) -> DayOrders:
    return read_orders(path, area, DAY, {village.id: f"sp-{village.id}" for village in area.villages})


def _leaks(text: str) -> list[str]:
    return [secret for secret in (WHO, *SPELLINGS) if secret in text]


def _said(orders: DayOrders) -> str:
    return repr(orders) + "\n".join(f"{one.fault} {one.fault.values}" for one in orders.findings)


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_number_is_told_in_any_spelling(text: str) -> None:
    for cell in (text, WHO + text, f"玉米（{WHO} {text}）"):
        assert (is_personal(cell), may_name_goods(cell), has_few_digits(cell)) == (True, False, False)


def test_codes_dates_times_and_products_are_nobodys() -> None:
    shown = (
        *("230103101211", "230103101", "2301 0310 1211", "2026-11-13 08:30:00", "8:00-10:30", "20261113", "1200人"),
        *("2026年11月下行件数", "8:00—10:30 14:00—16:00", "四百五十五村", "一二三四五屯", "东升村3组"),
    )
    assert [text for text in (*shown, *GOODS) if is_personal(text)] == []
    assert [text for text in GOODS if not may_name_goods(text)] == []
    assert not is_personal("n1234567890", frozenset({"n1234567890"}))
    for text in ("王大锤 13800", "玉米@", "微信王大锤", "电话同上", "a" * 41, "王1三8零0零1"):
        assert not may_name_goods(text)


@pytest.mark.parametrize(
    "heading",
    [
        "产品",
        "村名",
        "乡镇",
        "服务点",
        "下行件数",
        "上行公斤",
        "农产品（千克）",
        "最早",
        "方向",
        "冷链",
        "备注",
        "收件人",
    ],
)
def test_no_cell_is_shown(tmp_path: Path, area: StudyArea, heading: str) -> None:
    rows = [(village.id, 4, f"{WHO}{text}") for village, text in zip(area.villages, SPELLINGS, strict=False)]
    count = "上行件数" if heading == "下行件数" else "下行件数"
    orders = _read(_written(tmp_path, [("编码", count, heading), *rows]), area)
    assert _leaks(_said(orders)) == []
    refused = [one.row for one in orders.findings if one.severity is Severity.ERROR and one.code == "personal_data"]
    assert refused == ([] if heading in ("备注", "收件人") else list(range(2, len(rows) + 2)))
    assert all(
        one.value == "…" and one.field == normal(heading) for one in orders.findings if one.code == "personal_data"
    )


def test_no_code_and_no_bare_figure_is_shown(tmp_path: Path, area: StudyArea) -> None:
    rows = [(text, text, "大豆") for text in SPELLINGS]
    orders = _read(_written(tmp_path, [("编码", "下行件数", "产品"), *rows]), area)
    assert _leaks(_said(orders)) == []


def test_no_heading_and_no_sheet_is_shown(tmp_path: Path, area: StudyArea) -> None:
    village = area.villages[0].id
    heads = [f"{WHO}{text}" for text in SPELLINGS]
    orders = _read(_written(tmp_path, [("编码", "下行件数", *heads), (village, 4)]), area)
    assert [one for one in orders.findings if one.severity is Severity.ERROR] == []
    assert "unused_columns" in [one.code for one in orders.findings]
    assert _leaks(_said(orders)) == []

    book = openpyxl.Workbook()
    book.active.append(("编码", "下行件数"))
    book.active.append((village, 4))
    for text in SPELLINGS:
        if not set(text) & set("/*?:[]\\\t\n"):
            book.create_sheet(f"{WHO}{text}"[:31]).append(("x",))
    book.save(tmp_path / "t.xlsx")
    orders = _read(tmp_path / "t.xlsx", area)
    assert "not_read" in [one.code for one in orders.findings]
    assert _leaks(_said(orders)) == []
    for sheet in book.worksheets[1:3]:
        sheet.append(("编码", "件数", "产品", "公斤"))
        sheet.append((village, 4))
        sheet.sheet_state = "visible"
    book.remove(book.worksheets[0])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(BadDataError) as refused:
        _read(tmp_path / "t.xlsx", area)
    assert _leaks(f"{refused.value} {refused.value.problems!r}") == []


def test_no_figure_of_the_past_is_shown(tmp_path: Path, area: StudyArea) -> None:
    rows = [(area.villages[0].id, f"{WHO}{text}", f"{WHO}{text}") for text in SPELLINGS]
    with pytest.raises(BadDataError) as refused:
        read_past_figures(_written(tmp_path, [("编码", "日期", "下行件数"), *rows]), area, {}, DAY)
    assert len(refused.value.problems) >= len(SPELLINGS)
    assert _leaks(f"{refused.value} {refused.value.problems!r}") == []


def test_a_table_of_villages_quotes_no_number_of_a_person(tmp_path: Path) -> None:
    heads = [f"{WHO}{text}" for text in SPELLINGS]
    table = read_table(
        _written(tmp_path, [("编码", "村名", "经度", "纬度", "人口", *heads), ("1", "A", 126.1, 47.1, 9)])
    )
    assert _leaks(repr(table)) == []
