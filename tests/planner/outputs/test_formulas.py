"""A name that begins like a formula is a name in every table that is written, and in what spreadsheets make of it."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from planner.outputs.write import write_plan
from planner.pipeline.whole_plan import PlannedArea
from tests.planner.outputs.sheets_read import OWN_FORMULA

NAMES = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1","x")',
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
    "＝1+1",
    "'=1+1",
    " =1+1",
)
A_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
A_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?|-")  # a dash stands for nothing


@pytest.fixture(params=NAMES)
def named(request: pytest.FixtureRequest, line: PlannedArea) -> PlannedArea:
    """The plans of the line, every place of which has this name."""
    area = line.network.area
    renamed = replace(
        area,
        name=request.param,
        name_latin=request.param,
        **{
            kind: tuple(replace(place, name=request.param, name_latin=request.param) for place in getattr(area, kind))
            for kind in ("villages", "townships", "sites")
        },
    )
    network = replace(line.network, area=renamed)
    return replace(line, network=network, day=replace(line.day, network=network))


def test_no_cell_is_a_formula(named: PlannedArea, tmp_path: Path) -> None:
    name = named.network.area.name
    seen = 0
    for plan in (named.network, named.day):
        for path in write_plan(plan, tmp_path / type(plan).__name__, home="en"):
            if path.suffix == ".csv":
                for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
                    bad = [cell for cell in row if A_FORMULA.match(cell) and not A_NUMBER.fullmatch(cell)]
                    assert bad == [], path.name
                    seen += any(name.lstrip("'") in cell for cell in row)
            elif path.suffix == ".xlsx":
                for sheet in openpyxl.load_workbook(path):
                    cells = [cell for row in sheet.iter_rows() for cell in row]
                    formulas = [cell for cell in cells if cell.data_type == "f"]
                    assert [cell.value for cell in formulas if not OWN_FORMULA.fullmatch(cell.value)] == []
                    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
                    seen += sum(cell.value == name for cell in cells)
    assert seen > 5


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_computes_nothing(line: PlannedArea, tmp_path: Path) -> None:
    from planner.writing import csv_text

    rows = [[name] for name in NAMES]
    (tmp_path / "names.csv").write_bytes(csv_text(["name"], rows).encode("utf-8-sig"))
    done = subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--convert-to",
            "html",
            "names.csv",
        ],
        cwd=tmp_path,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "names.html").read_text(encoding="utf-8")
    assert not re.search(r">\s*2\s*<", page)
    assert "1+1" in page
