"""Workbooks of networks and days."""

import re
import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from planner.config import CostItem, FundingSource
from planner.coverage.appraise import SubsidyTable
from planner.coverage.appraise.subsidy import SubsidyEntry
from planner.outputs.geofiles import write_network
from planner.outputs.network_page import network_page
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.outputs.workbook.cells import Heading, Sheet
from planner.outputs.workbook.money_sheets import funding_sheet
from planner.outputs.workbook.sheet_writer import SheetWriter
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking
from tests.planner.outputs.sheets_read import LINKS, NOTICE, OWN_FORMULA, rows_of, sheet_of


def test_workbooks_keep_codes_and_formulas_as_text(tmp_path: Path, line: PlannedArea) -> None:
    network, day = tmp_path / "network.xlsx", tmp_path / "day.xlsx"
    with speaking("zh"):
        write_network_workbook(line.network, network)
        write_day_workbook(line.day, day)
    for path, name in ((network, "=1+1村"), (day, line.day.area.site_by_id["sp-middle"].name)):
        cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
        formulas = [cell.value for cell in cells if cell.data_type == "f"]
        assert [text for text in formulas if not OWN_FORMULA.fullmatch(text)] == []
        assert name in [cell.value for cell in cells]
    write_network_workbook(line.network, network)
    write_day_workbook(line.day, day)
    for path in (network, day):
        about = sheet_of(path, "About")
        assert any(NOTICE in str(cell.value) for cell in about["A"] + about["B"])
    for path, name in ((network, "Sites"), (network, "Village list"), (day, "Routes"), (day, "Stop list")):
        assert sheet_of(path, name).max_row > 2, name
    villages = rows_of(network, "Village list", "Why it is not served")
    assert set(villages) == {"west", "middle", "east", "island"}
    assert "no road within reach" in str(villages["island"])


def test_long_text_is_wrapped_in_its_cell(tmp_path: Path, line: PlannedArea) -> None:
    long = "remark " + "word " * 20
    sources = (replace(line.network.area.sources[0], what=long),)
    plan = replace(line.network, area=replace(line.network.area, sources=sources))
    write_network_workbook(plan, tmp_path / "network.xlsx")
    cells = {cell.value: cell for cell in sheet_of(tmp_path / "network.xlsx", "About")["B"]}
    assert cells[long].alignment.wrap_text
    assert not cells[plan.id].alignment.wrap_text


@pytest.mark.parametrize("kind", ["network", "day"])
def test_every_sheet_says_that_data_are_synthetic_and_none_does_where_they_are_real(
    tmp_path: Path, line: PlannedArea, kind: str
) -> None:
    path = tmp_path / "plan.xlsx"

    def written(planned: PlannedArea) -> list[openpyxl.worksheet.worksheet.Worksheet]:
        if kind == "network":
            write_network_workbook(planned.network, path)
        else:
            write_day_workbook(planned.day, path)
        return openpyxl.load_workbook(path).worksheets

    sheets = written(line)
    assert len(sheets) == (10 if kind == "network" else 8)  # the island, which hands over nowhere, is held
    for sheet in sheets:
        assert NOTICE in str(sheet["A1"].value), sheet.title
        assert NOTICE in str(sheet.oddHeader.center.text), sheet.title  # printed on each page
        headings = [cell.value for cell in sheet[2]]
        assert None not in headings, sheet.title
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2"), sheet.title
        assert str(sheet.auto_filter.ref).startswith("A2:"), sheet.title
    real = tuple(replace(source, synthetic=False) for source in line.network.area.sources)
    network = replace(line.network, area=replace(line.network.area, sources=real))
    own = replace(line.day.season, of_date=line.day.season.season)  # another season would be said in the same place
    again = written(replace(line, network=network, day=replace(line.day, network=network, season=own)))
    assert [sheet.title for sheet in again] == [sheet.title for sheet in sheets]
    for sheet in again:
        assert not any(NOTICE in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title
        assert sheet.oddHeader.center.text is None, sheet.title
        assert sheet.freeze_panes == "A2", sheet.title


def test_driving_and_walking_stand_apart_in_workbook_and_geopackage(tmp_path: Path, line: PlannedArea) -> None:
    # the three villages lie on their road: 801.5 s are 13.4 minutes of driving and none of walking
    write_network_workbook(line.network, tmp_path / "network.xlsx")
    by_id = rows_of(tmp_path / "network.xlsx", "Village list", "Driving (min)", "Walking (min)", "Walk to the road (m)")
    assert by_id["west"] == [13.4, 0, 0]
    assert by_id["island"] == [None, None, None]
    write_network(line.network, tmp_path / "network.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "network.gpkg", layer="villages").set_index("id")
    assert frame.loc["west", ["minutes_driving", "minutes_walking", "access_m"]].tolist() == [13.4, 0, 0]
    assert pyogrio.read_dataframe(tmp_path / "network.gpkg", layer="station_reach")["minutes"].tolist() == [
        60,
        45,
        30,
        15,
    ]


def test_workbook_and_page_put_the_seasons_side_by_side(tmp_path: Path, line: PlannedArea) -> None:
    write_network_workbook(line.network, tmp_path / "network.xlsx")
    rows = list(sheet_of(tmp_path / "network.xlsx", "Seasons").iter_rows(min_row=3, values_only=True))
    # summer 801.5 s = 13.358 min; winter 942.9 s = 15.715 min at the longest, beyond the standard of 15; mean by people
    # 400 / 600 of it, 8.906 and 10.477; each rounded up to a tenth
    assert ["summer" in str(rows[0][0]), *rows[0][1:5]] == [True, 9.0, 13.4, 0, 1]
    assert ["winter" in str(rows[1][0]), *rows[1][1:5]] == [True, 10.5, 15.8, 2, 1]
    page = network_page(line.network, LINKS)
    assert re.search(r"summer <span[^>]*>\(this plan\)", page)
    for wanted in ("15.8 min", "speed assumed on 100.0% of it", "surface assumed on 0.0% of it"):
        assert wanted in page, wanted


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>taken for marked-up text</t></r>",
        "<r></r>",
        "_x000D_",
        "bell \x07",
        "{=1+1}",
        "=1+1",
        "http://127.0.0.1/x",
        "internal:Sheet1!A1",
        "12",
        " two lines\nand a tab\t",
        "&amp; & <b>",
    ],
)
def test_text_stays_text_whatever_a_writer_could_take_it_for(tmp_path: Path, text: str) -> None:
    writer = SheetWriter()
    writer.add(Sheet("Texts", ["Text", "Figure"], [[text, 1], [text, 2]]), text, text)
    (tmp_path / "texts.xlsx").write_bytes(writer.finished())
    (sheet,) = openpyxl.load_workbook(tmp_path / "texts.xlsx")
    for cell in (sheet["A1"], sheet["A3"], sheet["A4"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text.replace("\x07", "\\x07"), "s", None)
    assert sheet["A3"].quotePrefix is (text == "=1+1")
    assert sheet["B4"].value == 2


def test_a_text_too_long_for_a_cell_or_a_header_says_that_it_was_cut(tmp_path: Path) -> None:
    writer = SheetWriter()
    writer.add(Sheet("Texts", ["Text"], [["村" * 40_000]]), "&" * 300, "plan")
    (tmp_path / "texts.xlsx").write_bytes(writer.finished())
    (sheet,) = openpyxl.load_workbook(tmp_path / "texts.xlsx")
    assert sheet["A3"].value == "村" * 32_766 + "…"
    with zipfile.ZipFile(tmp_path / "texts.xlsx") as parts:
        (header,) = re.findall(r"<oddHeader>(.*?)</oddHeader>", parts.read("xl/worksheets/sheet1.xml").decode())
    assert len(header.replace("&amp;", "&")) <= 255
    assert header.endswith("…")


def test_money_by_source_waits_for_what_has_come_in(tmp_path: Path) -> None:
    """A formula of what is still to come: planned less what somebody fills in; nobody has, and it is not 0."""
    entries = [
        SubsidyEntry(phase=phase, item=item, source=source, fen=100 * (number + 1))
        for number, (phase, item, source) in enumerate(product(("2026", "2027"), CostItem, FundingSource))
    ]
    table = SubsidyTable(phases=("2026", "2027"), entries=tuple(entries))
    with speaking("en"):
        sheet = funding_sheet(table)
    first, *_ = rows = list(sheet.rows)
    # equipment, agent and rent of the first source are 1, 5 and 9 yuan
    assert (first[2:5], first[5].value, first[6], first[7].value) == ([1.0, 5.0, 9.0], 15.0, "not filled in", 15.0)
    assert first[7].text == "IF(ISNUMBER(G[.]),F[.]-G[.],F[.])"
    # 1 + 2 + ... + 12 in the first stage, 13 + ... + 24 in the second
    assert [row[5].value for row in rows if row[1] == "total"] == [78.0, 222.0, 300.0]
    assert rows[-1][5].text == "SUM(C[.]:E[.])"
    assert rows[-1][2].text == "C[4]+C[9]"
    assert {row[6] if isinstance(row[6], str) else row[6].value for row in rows} == {"not filled in"}


def test_a_sentence_longer_than_its_sheet_is_wrapped_over_the_row(tmp_path: Path) -> None:
    writer = SheetWriter()
    rows = [[Heading("short"), ""], [Heading("word " * 100), ""], ["a", 1]]
    writer.add(Sheet("Parts", ["What", "Figure"], rows), "", "plan")
    (tmp_path / "parts.xlsx").write_bytes(writer.finished())
    (sheet,) = openpyxl.load_workbook(tmp_path / "parts.xlsx")
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A3:B3"]
    assert sheet["A3"].alignment.wrap_text
    assert not sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[3].height > 15 * 500 / sum(sheet.column_dimensions[one].width for one in "AB")
