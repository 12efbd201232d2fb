"""No text is a formula to a spreadsheet, and each reads back as it was."""

import csv
import io
import random
import re
from pathlib import Path

import pytest

from planner.geodata.spreadsheets import csv_layout, write_csv
from planner.writing import csv_text, guarded, unguarded

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\n=", "\r=", " =", "\u3000@", "\ufeff=", "'=", "''@")
BODIES = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://127.0.0.1/?"&A1,"村")',
    "SUM(1)*cmd",
    "1+1",
    'WEBSERVICE("http://127.0.0.1")',
    "DDE(a;b;c)",
    "村",
    "-",
)
A_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # what the guides of spreadsheets name, written down apart
A_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def variants() -> list[str]:
    draw = random.Random(1)
    texts = [start + body for start in STARTS for body in BODIES]
    texts += ["".join(draw.choices("=+-@'＝\t 1.5ea村\n\",;", k=draw.randint(1, 8))) for _ in range(2000)]
    return texts


def test_no_cell_of_a_csv_file_begins_a_formula() -> None:
    texts = variants()
    cells = [row[0] for row in csv.reader(io.StringIO(csv_text(["a"], ([text] for text in texts)), newline=""))][1:]
    assert len(cells) == len(texts)
    assert [cell for cell in cells if A_FORMULA.match(cell) and not A_NUMBER.fullmatch(cell.strip())] == []
    assert [unguarded(cell) for cell in cells] == texts


@pytest.mark.parametrize("plain", ["-5.2", "+1e3", "'s Hof", "a=b", "道口镇", "", "'", "1-2"])
def test_what_is_no_formula_is_written_as_it_is(plain: str) -> None:
    assert guarded(plain) == unguarded(plain) == plain


def test_a_table_of_ours_reads_back_with_the_names_it_was_given(tmp_path: Path) -> None:
    names = [text for text in variants() if text.strip() and "\r" not in text]
    write_csv(tmp_path / "a.csv", ["name", "township"], ([name, "t"] for name in names))
    assert [cells[0] for _, cells in csv_layout(tmp_path / "a.csv")[0][1:]] == names
