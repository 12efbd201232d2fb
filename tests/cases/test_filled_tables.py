"""Cells that are filled in stand in exactly the right places of a table, whatever its form; nothing else changes."""

import csv
import io
import random
from pathlib import Path

import pytest

from planner.errors import BadDataError
from planner.geodata.gazetteer.filled_table import fill_cells
from planner.geodata.readers.delimited import decode
from planner.geodata.tables import read_table
from tests.cases.table_variants import Layout, decorated, villages
from tests.cases.test_table_kinds import as_it_is, as_read, near, read


def _rows(path: Path, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(decode(path.read_bytes(), path.name)), delimiter=delimiter))


def _written(path: Path, page: Layout, delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in page.rows])
    path.write_bytes(text.getvalue().encode("gb18030"))


def test_what_was_taken_out_of_tables_is_filled_in_again(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth, delimiter = villages(draw), draw.choice([",", ";", "\t"])
        page = decorated(draw, truth)
        _written(path, page, delimiter)
        whole, table = _rows(path, delimiter), read_table(path, "villages")
        fields = draw.choice([("lon", "lat"), ("population",), ("lon", "lat", "population")])
        taken = draw.sample(list(table.rows), 4)
        for row in taken:
            for field in fields:
                page.rows[row.number - 1][table.places[field]] = None
        _written(path, page, delimiter)
        fill_cells(path, read_table(path, "villages"), {r.number: {f: r.cells[f] for f in fields} for r in taken})
        width = max(map(len, whole))
        again = _rows(path, delimiter)
        assert [row + [""] * (width - len(row)) for row in whole] == [row + [""] * (width - len(row)) for row in again]
        assert seed % 10 or near(as_read(read(path)), as_it_is(truth)), seed


def test_columns_that_lack_are_added_beside_the_others(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(60):
        draw = random.Random(seed)
        truth = villages(draw)
        two = draw.random() < 0.5
        head = [["村名", "乡镇", "位置", ""], ["", "", "经度", "纬度"]] if two else [["村名", "乡镇", "经度", "纬度"]]
        page = Layout(rows=[*head, *([t.name, t.town, t.lon, t.lat] for t in truth)])
        if draw.random() < 0.5:
            page.rows.insert(0, ["某县行政村情况表"])
        _written(path, page, ",")
        table = read_table(path, "villages")
        people = {row.number: {"population": str(t.people)} for row, t in zip(table.rows, truth, strict=True)}
        fill_cells(path, table, people)
        again = read_table(path, "villages")
        assert [row.cells["population"] for row in again.rows] == [str(t.people) for t in truth]
        assert [row.cells["lon"] for row in again.rows] == [str(t.lon) for t in truth]


def test_figures_are_written_in_the_unit_and_the_column_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    path.write_text(
        "村名,乡镇,坐标,户籍人口（万人）,常住人口（万人）,上年户籍人口\n"
        '永安村,东河镇,"126.1, 47.5",0.1,0.09,1\n和平村,东河镇,,,,2\n',
        encoding="utf-8",
    )
    fill_cells(path, read_table(path), {3: {"lon": "126.2", "lat": "47.6", "population": "1234"}})
    assert _rows(path, ",")[2] == ["和平村", "东河镇", "126.2, 47.6", "", "0.1234", "2"]
    path.write_text("村名,乡镇,X,Y\n永安村,东河镇,5260000,42500000\n和平村,东河镇,,\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(BadDataError, match="degrees"):
        fill_cells(path, read(path), {3: {"lon": "126.2", "lat": "47.6"}})
    assert path.read_bytes() == before
