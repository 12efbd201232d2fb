"""Names in archives of another encoding, degrees without their point, merged figures: read rightly or said."""

import csv
import io
import random
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from planner.config import Datum
from planner.geodata.doctor import check_files
from planner.geodata.readers.vector import vector_layers
from planner.geodata.tables import read_table
from tests.cases.table_variants import Layout, decorated, villages
from tests.cases.test_other_workbooks import _ods as write_ods
from tests.cases.test_table_kinds import as_it_is, as_read, near, read

STEMS = [
    "拜泉县村庄",
    "村",
    "数据/村点",
    "数据\\村点",
    "乡镇与村",
    "乗客\\村",
    "village 村(1)",
    "县 乡/村 2024",
    "plain",
    "a/b",
]
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def _packed(shapes: Path, stem: str, encoding: str, *, upper: bool) -> bytes:
    """Return an archive as packers of old make it: names in an encoding that nothing in the archive says."""
    name = stem.encode(encoding)
    stand_in, packed = "q" * len(name), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in PARTS:
            if (part := shapes.with_suffix(ending)).is_file():
                archive.write(part, stand_in + (ending.upper() if upper and ending != ".shp" else ending))
    return packed.getvalue().replace(stand_in.encode(), name)


def test_shapefiles_in_archives_are_found_whatever_encoding_their_names_have(tmp_path: Path) -> None:
    names, people = ["永安村", "和平村"], [100, 200]
    points = [shapely.Point(126.1, 47.5), shapely.Point(126.2, 47.6)]
    frame = geopandas.GeoDataFrame({"村名": names, "人口": people}, geometry=points, crs="EPSG:4326")
    frame.to_file(tmp_path / "shapes.shp", encoding="gbk")
    path = tmp_path / "村.zip"
    for stem in STEMS:
        for encoding in ("gb18030", "utf-8"):
            path.write_bytes(_packed(tmp_path / "shapes.shp", stem, encoding, upper=encoding == "utf-8"))
            ((called, layer),) = vector_layers(path).items()
            assert called == stem.replace("\\", "/").rpartition("/")[2], (stem, encoding)
            assert layer is not None
            assert (layer["村名"].tolist(), layer["人口"].tolist()) == (names, people), (stem, encoding)


def test_two_shapefiles_of_one_archive_keep_their_own_parts(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, stem in enumerate(("qq", "zz")):
            frame = geopandas.GeoDataFrame({"n": [number]}, geometry=[shapely.Point(number, 0)], crs="EPSG:4326")
            frame.to_file(tmp_path / f"{stem}.shp")
            for ending in PARTS:
                archive.write(tmp_path / f"{stem}{ending}", f"{stem}{ending}")
    content = packed.getvalue().replace(b"qq.", "村.".encode("gbk")).replace(b"zz.", "乡.".encode("gbk"))
    (tmp_path / "both.zip").write_bytes(content)
    layers = vector_layers(tmp_path / "both.zip")
    assert {name: layer["n"].tolist() for name, layer in layers.items() if layer is not None} == {"村": [0], "乡": [1]}


def test_degrees_without_their_point_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        power = draw.choice([5, 6, 7, 8])
        lines = ["村名,乡镇,经度,纬度,人口,户数"]
        for t in truth:
            lon, lat = (f"{round(degrees * 10**power)}" + draw.choice(["", ".0"]) for degrees in (t.lon, t.lat))
            lines.append(f"{t.name},{t.town},{lon},{lat},{t.people},{t.homes}")
        path.write_text("\n".join(lines), encoding="utf-8")
        table = read(path)
        assert near(as_read(table), as_it_is(truth)), (seed, power)
        assert [f.code for f in table.findings] == ["no_point"]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_texts_of_four_bytes_a_character_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "村.csv"
    for seed in range(20):
        draw = random.Random(seed)
        truth, text = villages(draw), io.StringIO(newline="")
        csv.writer(text).writerows([["" if c is None else c for c in row] for row in decorated(draw, truth).rows])
        path.write_bytes(text.getvalue().encode(encoding))
        assert near(as_read(read(path)), as_it_is(truth)), seed


def test_figures_in_one_merged_cell_of_ods_are_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "村.ods"
    heads: list[object] = ["乡镇", "村名", "代码", "经度", "纬度", "人口", "户数"]
    for seed in range(60):
        draw = random.Random(seed)
        truth = villages(draw)
        rows = [heads, *([t.town, t.name, f"V{n}", t.lon, t.lat, t.people, t.homes] for n, t in enumerate(truth))]
        first, column = draw.randrange(2, 9), draw.choice([2, 4, 5, 6, 7])
        last = first + draw.randrange(1, 4)
        for row in rows[first:last]:
            row[column - 1] = None
        write_ods(path, Layout(rows=rows, merges=[(first, column, last, column)]), {})
        report = check_files([path], datum=Datum.WGS84)
        errors = {(f.row, f.field) for f in report.findings if f.code == "merged_cell"}
        assert errors == {(n, heads[column - 1]) for n in range(first, last + 1)}, (seed, column)
        inside = {n - 2 for n in range(first, last + 1)}
        assert {v.name for v in report.villages} == {t.name for n, t in enumerate(truth) if n not in inside}
        assert len(read_table(path).rows) == len(truth)
