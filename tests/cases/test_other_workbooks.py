"""Workbooks of LibreOffice and WPS: merged cells and errors in .ods, and every layout in what LibreOffice writes."""

import random
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files
from planner.geodata.readers.sheets import sheets_of
from tests.cases.table_variants import Layout, decorated, villages, write_workbook
from tests.cases.test_table_kinds import as_it_is, as_read, near, read

SPACES = {"office": "office:1.0", "table": "table:1.0", "text": "text:1.0", "calcext": "calcext"}
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"


def _ods(path: Path, page: Layout, errors: dict[tuple[int, int], str]) -> None:
    """Write a sheet as LibreOffice does: what is covered by a merged cell is a cell of its own kind, blanks are counted."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - spans.keys()
    lines = []
    for row, cells in enumerate(page.rows, start=1):
        line = ""
        for column, value in enumerate(cells, start=1):
            down, right = spans.get((row, column), (1, 1))
            tag = "table:covered-table-cell" if (row, column) in covered else "table:table-cell"
            about = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
                if down * right > 1
                else ""
            )
            if (row, column) in errors:
                about += ' table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"'
                value = errors[row, column]
            elif isinstance(value, int | float):
                about += f' office:value-type="float" office:value="{value!r}"'
            elif value:
                about += ' office:value-type="string"'
            inside = "" if value is None else f"<text:p>{escape(str(value))}</text:p>"
            line += f"<{tag}{about}>{inside}</{tag}>"
        lines.append(f"<table:table-row>{line}</table:table-row>")
    names = " ".join(
        f'xmlns:{key}="{"urn:calcext" if key == "calcext" else _OASIS + value}"' for key, value in SPACES.items()
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="村">{"".join(lines)}</table:table>'
    content = f"<office:document-content {names}>{body}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        parts.writestr("META-INF/manifest.xml", "<manifest/>")


def test_merged_cells_of_ods_are_read_exactly(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        path = tmp_path / f"村{seed}.ods"
        _ods(path, decorated(draw, truth), {})
        assert near(as_read(read(path)), as_it_is(truth)), seed


def test_flags_in_merged_cells_and_errors_of_ods_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "villages.ods"
    for seed in range(40):
        draw = random.Random(seed)
        truth = villages(draw)
        rows: list[list[object]] = [["乡镇", "村名", "经度", "纬度", "人口", "户数", "贫困村", "村代码"]]
        rows += [[t.town, t.name, t.lon, t.lat, t.people, t.homes, None, f"V{n}"] for n, t in enumerate(truth)]
        first = draw.randrange(2, 6)
        last = first + draw.randrange(1, 4)
        rows[first - 1][6] = "是"
        place = (draw.randrange(8, 13), draw.choice([5, 6, 7]))
        error = draw.choice(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "Err:502"])
        _ods(path, Layout(rows=rows, merges=[(first, 7, last, 7)]), {place: error})
        report = check_files([path], datum=Datum.WGS84)
        assert [(f.code, f.row) for f in report.findings if f.severity == "error"] == [("error_cell", place[0])], seed
        poor = {v.name for v in report.villages if v.registered_poor}
        assert poor == {truth[n - 2].name for n in range(first, last + 1)}, seed


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_libreoffice_writes_is_read_exactly(tmp_path: Path, kind: str) -> None:
    wanted = {}
    for seed in range(40):
        draw = random.Random(seed)
        wanted[seed] = villages(draw)
        write_workbook(tmp_path / f"v{seed}.xlsx", {"Sheet1": decorated(draw, wanted[seed])})
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(file) for file in sorted(tmp_path.glob("*.xlsx"))]
    command = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for seed, truth in wanted.items():
        path = tmp_path / f"v{seed}.{kind}"
        if kind == "xls" and seed % 2:
            path = path.rename(path.with_suffix(".et"))
        assert sheets_of(path)
        assert near(as_read(read(path)), as_it_is(truth)), seed
