"""Error cells of .xls, .et and .xlsb are named by row and field, and everything else in them is read exactly."""

import random
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files
from tests.cases.binary_workbooks import ERRORS, Rows, write_xls, write_xlsb
from tests.cases.table_variants import Truth, villages

FIELDS = {"乡镇": 0, "村名": 1, "经度": 3, "纬度": 4, "人口": 5}


def _table(draw: random.Random) -> tuple[list[Truth], Rows, dict[int, str]]:
    """Return villages, their rows, and which field of which row is an error."""
    truth = villages(draw)
    rows: Rows = [["乡镇", "村名", "代码", "经度", "纬度", "人口"]]
    rows += [[t.town, t.name, f"V{n}", t.lon, t.lat, t.people] for n, t in enumerate(truth)]
    wrong = {row: draw.choice(list(FIELDS)) for row in draw.sample(range(2, len(rows) + 1), draw.randrange(5))}
    for row, field in wrong.items():
        rows[row - 1][FIELDS[field]] = draw.choice(list(ERRORS))
    return truth, rows, wrong


def _assert_named(path: Path, truth: list[Truth], rows: Rows, wrong: dict[int, str]) -> None:
    report = check_files([path], datum=Datum.WGS84)
    found = {f.row: (f.code, f.field, f.value) for f in report.findings if f.severity == "error"}
    assert found == {row: ("error_cell", field, str(rows[row - 1][FIELDS[field]])) for row, field in wrong.items()}, (
        path
    )
    right = {(t.name, t.lon, t.lat, t.people) for n, t in enumerate(truth) if n + 2 not in wrong}
    assert {(v.name, v.lon, v.lat, v.population) for v in report.villages} == right, path


@pytest.mark.parametrize("kind", ["xls", "et", "xlsb"])
def test_error_cells_of_binary_workbooks_are_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"村.{kind}"
    for seed in range(70):
        draw = random.Random(seed)
        truth, rows, wrong = _table(draw)
        sheets: dict[str, Rows] = {"村": rows, "图表": [["说明", draw.choice(list(ERRORS))]]}
        if draw.random() < 0.5:
            sheets = dict(reversed(sheets.items()))
        write = write_xlsb if kind == "xlsb" else write_xls
        write(path, sheets, of_formulas=draw.random() < 0.5)
        _assert_named(path, truth, rows, wrong)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_error_cells_of_libreoffice_are_named(tmp_path: Path) -> None:
    made = {}
    for seed in range(40):
        made[seed] = _table(random.Random(seed))
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for number, row in enumerate(made[seed][1], start=1):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = str(value) if isinstance(value, str) else float(str(value))
                if value in ERRORS:
                    sheet.cell(number, place).data_type = "e"
        book.save(tmp_path / f"v{seed}.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(file) for file in sorted(tmp_path.glob("*.xlsx"))]
    command = ["soffice", home, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for seed, (truth, rows, wrong) in made.items():
        path = tmp_path / f"v{seed}.xls"
        if seed % 2:
            path = path.rename(path.with_suffix(".et"))
        _assert_named(path, truth, rows, wrong)
