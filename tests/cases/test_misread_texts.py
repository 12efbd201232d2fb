"""Texts in a wrong encoding are said, or read rightly; names that are right are never doubted."""

import random
import struct
from pathlib import Path

import geopandas
import pytest
import shapely

from planner.errors import BadDataError
from planner.geodata.readers.attribute_text import decoded
from planner.geodata.readers.misread_text import misread
from planner.geodata.register import townships_of, villages_of
from planner.geodata.tables import read_table
from tests.cases.misread_variants import through_wrong_encoding
from tests.cases.table_variants import Truth, villages

HEADINGS = ["村名", "乡镇", "经度", "纬度", "人口"]


def _csv(headings: list[str], truth: list[Truth], names: list[str], towns: list[str]) -> bytes:
    rows = [f"{n},{t},{v.lon},{v.lat},{v.people}" for v, n, t in zip(truth, names, towns, strict=True)]
    return "\n".join([",".join(headings), *rows]).encode("utf-8-sig")


def test_tables_saved_in_a_wrong_encoding_are_refused_by_that_cause(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        texts = [*(t.name for t in truth), *(t.town for t in truth), *HEADINGS]
        wrong = through_wrong_encoding(draw, texts)
        names, towns, headings = wrong[: len(truth)], wrong[len(truth) : -len(HEADINGS)], wrong[-len(HEADINGS) :]
        headings = headings if draw.random() < 0.5 else HEADINGS
        path.write_bytes(_csv(headings, truth, names, towns))
        with pytest.raises(BadDataError, match="wrong encoding"):
            read_table(path, "villages")


def test_a_few_wrong_texts_among_right_ones_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(60):
        draw = random.Random(seed)
        truth = villages(draw)
        names = [t.name for t in truth]
        few = draw.sample(range(len(truth)), 3)
        for n, text in zip(few, through_wrong_encoding(draw, [names[n] + "民委员会" for n in few]), strict=True):
            names[n] = f"A{text}"  # some begin with a blank of their encoding, which is stripped
        path.write_bytes(_csv(HEADINGS, truth, names, [t.town for t in truth]))
        table = read_table(path, "villages")
        (found,) = [f for f in table.findings if f.code == "misread"]
        assert found.value in names, seed
        assert len(table.rows) == len(truth)


def test_names_of_the_register_are_not_doubted() -> None:
    for county in ("230231", "231221", "230102", "150222", "654202", "442000", "540121", "533124", "469002"):
        names = [d.name for d in (*townships_of(county), *villages_of(county))]
        assert names
        assert misread(names) is None
        assert all(misread([name]) is None for name in names), county
    assert misread(["Köln", "Neustrelitz", "Groß Nemerow", "Woldegk", "Łódź", "São Paulo", "拜泉縣", "興農鎮"]) is None


CPG = {"utf-8": ["UTF-8", "utf8", "65001"], "gb18030": ["GBK", "936", "GB2312", "CP936", "GB18030"]}
OTHER_CPG = ["ISO-8859-1", "1252", "950", "Big5", "ANSI 1252", "SYSTEM", "xyz", "", "8859_1", "UTF-8", "GBK"]


def _dbf(columns: list[tuple[str, int]], rows: list[list[bytes]], language: int) -> bytes:
    """Return a table of text columns in dBASE III, texts cut where the column ends, as programs write it."""
    width = 1 + sum(size for _, size in columns)
    head = (
        struct.pack("<BBBBIHH", 3, 126, 1, 1, len(rows), 33 + 32 * len(columns), width) + b"\0" * 17 + bytes([language])
    )
    fields = b"".join(
        name.encode("gb18030")[:10].ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([size]) + b"\0" * 15
        for name, size in columns
    )
    body = b"".join(
        b" " + b"".join(cell[:size].ljust(size) for cell, (_, size) in zip(row, columns, strict=True)) for row in rows
    )
    return head + b"\0\0" + fields + b"\r" + body + b"\x1a"


def _declared(draw: random.Random, encoding: str) -> str | None:
    """Return what a .cpg file says, None where there is none."""
    return draw.choice([None, draw.choice(CPG[encoding]), draw.choice(OTHER_CPG)])


def _attributes(draw: random.Random) -> tuple[list[Truth], list[list[bytes]], str, int, list[tuple[str, ...]]]:
    """Return villages, their cells as bytes, the encoding and the width of the first column, and what is to be read."""
    truth = villages(draw)[: draw.choice([1, 2, 3, 12, 12, 12])]
    names = [t.name + draw.choice(["", "民委员会"]) for t in truth]
    encoding = draw.choice(["utf-8", "gb18030"])
    size = draw.choice([40, 40, max(len(name.encode(encoding)) for name in names) - 1])  # too narrow by one byte
    rows = [
        [n.encode(encoding), t.town.encode(encoding), str(t.people).encode()] for n, t in zip(names, truth, strict=True)
    ]
    shown = [name.encode(encoding)[:size].decode(encoding, errors="ignore") for name in names]
    return truth, rows, encoding, size, [(n, t.town, str(t.people)) for n, t in zip(shown, truth, strict=True)]


def test_texts_of_attributes_are_read_whatever_is_declared() -> None:
    for seed in range(400):
        draw = random.Random(seed)
        _, rows, encoding, size, expected = _attributes(draw)
        cells = zip(*([*(cell[:size] for cell in row[:1]), *row[1:]] for row in rows), strict=True)
        columns = {name: [cell.decode("latin-1") for cell in column] for name, column in zip("abc", cells, strict=True)}
        declared = _declared(draw, encoding)
        found, doubt = decoded(columns, declared or "")
        assert list(zip(*found.values(), strict=True)) == expected, (seed, encoding, declared)
        assert doubt in ("", "declared")


def test_texts_of_dbf_files_are_read_whatever_their_cpg_says(tmp_path: Path) -> None:
    path = tmp_path / "v.shp"
    for seed in range(25):
        draw = random.Random(seed)
        truth, rows, encoding, size, expected = _attributes(draw)
        geopandas.GeoDataFrame(geometry=[shapely.Point(t.lon, t.lat) for t in truth], crs="EPSG:4326").to_file(path)
        language = draw.choice([0, 0x4D, 0x57, 3])
        path.with_suffix(".dbf").write_bytes(_dbf([("name", size), ("town", 40), ("pop", 10)], rows, language))
        path.with_suffix(".cpg").unlink(missing_ok=True)
        declared = _declared(draw, encoding)
        if declared is not None:
            path.with_suffix(".cpg").write_text(declared)
        table = read_table(path, "villages")
        found = [tuple(row.cells[field] for field in ("name", "township", "population")) for row in table.rows]
        assert found == expected, (seed, encoding, declared)
        assert {f.code for f in table.findings} <= {"encoding"}
