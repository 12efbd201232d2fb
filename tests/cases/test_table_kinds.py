"""Tables as offices write them: every variant is read exactly or refused with a sentence, never fewer rows in silence."""

import json
import random
from pathlib import Path

import geopandas
import pyproj
import pytest
import shapely

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.decimal_degrees import in_degrees
from planner.geodata.place_rows import Table
from planner.geodata.tables import read_table
from tests.cases.table_variants import (
    NOTATIONS,
    TOWNS,
    Layout,
    Truth,
    decorated,
    dms,
    villages,
    write_workbook,
)

GROUND = shapely.box(125.8, 47.3, 126.6, 47.9)
Place = tuple[str, str, float, float, int, int]


def read(path: Path, datum: Datum = Datum.WGS84) -> Table:
    return in_degrees(read_table(path, "villages"), datum, GROUND)


def as_read(table: Table) -> list[Place]:
    places = []
    for row in table.rows:
        assert not row.faults, row
        cells = row.cells
        town = cells.get("township") or TOWNS[cells["id"][:9]]
        name = " ".join(cells["name"].replace("\u200b", "").split())
        figures = (int(float(cells[f])) if cells.get(f) else 0 for f in ("population", "households"))
        places.append(
            (name, TOWNS.get(town, town), round(float(cells["lon"]), 5), round(float(cells["lat"]), 5), *figures)
        )
    return sorted(places)


def as_it_is(truth: list[Truth], *, homes: bool = True) -> list[Place]:
    return sorted((t.name, t.town, round(t.lon, 5), round(t.lat, 5), t.people, t.homes if homes else 0) for t in truth)


def near(found: list[Place], truth: list[Place], degrees: float = 2.1e-5) -> bool:
    return len(found) == len(truth) and all(
        (a[0], a[1], *a[4:]) == (b[0], b[1], *b[4:]) and abs(a[2] - b[2]) < degrees and abs(a[3] - b[3]) < degrees
        for a, b in zip(found, truth, strict=True)
    )


def test_workbooks_in_every_layout_are_read_exactly(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        path = tmp_path / f"村{seed}.xlsx"
        write_workbook(path, {"Sheet1": decorated(draw, truth)})
        assert near(as_read(read(path)), as_it_is(truth)), seed


def _delimited(draw: random.Random, page: Layout, delimiter: str) -> str:
    lines = []
    for row in page.rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        quoted = [f'"{c}"' if delimiter in c or "\n" in c or draw.random() < 0.1 else c for c in cells]
        lines.append(delimiter.join(quoted))
    return draw.choice(["\n", "\r\n", "\r"]).join(lines) + draw.choice(["", "\n"])


def test_text_files_in_every_encoding_are_read_exactly(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        delimiter = draw.choice([",", ";", "\t", "，", "|"])
        text = _delimited(draw, decorated(draw, truth), delimiter)
        if draw.random() < 0.2 and delimiter != "，":
            text = f"sep={delimiter}\n{text}"
        encoding = draw.choice(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
        path = tmp_path / f"村{seed}.csv"
        path.write_bytes(text.encode(encoding))
        assert near(as_read(read(path)), as_it_is(truth)), (seed, encoding, delimiter)


def test_damaged_text_files_are_refused(tmp_path: Path) -> None:
    for seed in range(40):
        draw = random.Random(seed)
        content = bytearray(_delimited(draw, decorated(draw, villages(draw)), ",").encode())
        places = [n for n, byte in enumerate(content) if byte > 127]
        content[draw.choice(places)] = 0xFF
        (tmp_path / "村.csv").write_bytes(content)
        with pytest.raises(BadDataError, match="damaged"):
            read_table(tmp_path / "村.csv", "villages")


def _rows(truth: list[Truth], lon: list[str], lat: list[str]) -> str:
    lines = ["村名,乡镇,经度,纬度,人口,户数"]
    lines += [
        f'{t.name},{t.town},"{_csv(x)}","{_csv(y)}",{t.people},{t.homes}'
        for t, x, y in zip(truth, lon, lat, strict=True)
    ]
    return "\n".join(lines)


def _csv(text: str) -> str:
    return text.replace('"', '""')


def test_degrees_in_every_notation_are_read(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth, style = villages(draw), draw.choice(NOTATIONS)
        lon, lat = [dms(t.lon, style) for t in truth], [dms(t.lat, style) for t in truth]
        letters = draw.choice([("", "", ""), ("E", "N", "before"), ("东经", "北纬", "before"), ("E", "N", "behind")])
        if letters[2] == "before":
            lon, lat = [letters[0] + x for x in lon], [letters[1] + y for y in lat]
        elif letters[2] == "behind":
            lon, lat = [x + letters[0] for x in lon], [y + letters[1] for y in lat]
        path.write_text(_rows(truth, lon, lat), encoding="utf-8")
        assert near(as_read(read(path)), as_it_is(truth)), (seed, style, letters)


def test_longitude_and_latitude_in_one_cell_are_parted(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    for seed in range(200):
        draw = random.Random(seed)
        truth, style = villages(draw), draw.choice(["signs", "chinese", "minutes", "plain", "wide"])
        between = draw.choice([",", "，", ", ", ";", " ", "、", "/"])
        pairs = []
        for t in truth:
            both = [f"{v:.6f}" if style == "plain" else dms(v, style) for v in (t.lon, t.lat)]
            pairs.append(between.join(both if seed % 3 else both[::-1]))
        lines = [draw.choice(["村名,乡镇,坐标,人口,户数", "村名,乡镇,经纬度,人口,户数"])]
        lines += [f'{t.name},{t.town},"{_csv(p)}",{t.people},{t.homes}' for t, p in zip(truth, pairs, strict=True)]
        path.write_text("\n".join(lines), encoding="utf-8")
        assert near(as_read(read(path)), as_it_is(truth)), (seed, style, between, pairs[0])


PROJECTED = {  # EPSG's own definitions, which the code under test does not use for Gauss-Kruger
    "EPSG:4530": "EPSG:4530",  # 3 degrees, zone 42
    "EPSG:4551": "EPSG:4551",  # 3 degrees, central meridian 126
    "EPSG:4499": "EPSG:4499",  # 6 degrees, zone 21
    "EPSG:3857": "EPSG:3857",
}


@pytest.mark.parametrize("system", PROJECTED)
def test_metres_of_a_projection_are_named_and_converted(tmp_path: Path, system: str) -> None:
    away = pyproj.Transformer.from_crs("EPSG:4490" if system != "EPSG:3857" else "EPSG:4326", system, always_xy=True)
    path = tmp_path / "村.csv"
    for seed in range(50):
        draw = random.Random(seed)
        truth = villages(draw)
        metres = [away.transform(t.lon, t.lat) for t in truth]
        first, second = ([f"{m[0]:.2f}" for m in metres], [f"{m[1]:.2f}" for m in metres])
        if draw.random() < 0.5:  # surveyors have the northing first
            first, second = second, first
        text = _rows(truth, first, second).replace("经度,纬度", draw.choice(["X,Y", "经度,纬度", "X坐标,Y坐标"]))
        path.write_text(text, encoding="utf-8")
        table = read(path)
        assert near(as_read(table), as_it_is(truth)), (seed, system)
        (said,) = [str(f) for f in table.findings if f.code == "projected"]
        assert system in said


def test_metres_that_fit_two_projections_or_none_are_refused_by_name(tmp_path: Path) -> None:
    truth = villages(random.Random(1))
    path = tmp_path / "村.csv"
    for system, words in (("EPSG:32651", "EPSG:32651"), ("EPSG:4549", "no Gauss-Kruger")):  # 4549: meridian 120
        away = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
        metres = [away.transform(t.lon, t.lat) for t in truth]
        if system == "EPSG:4549":
            metres = [(x + 5e6, y) for x, y in metres]
        path.write_text(
            _rows(truth, [f"{m[0]:.1f}" for m in metres], [f"{m[1]:.1f}" for m in metres]), encoding="utf-8"
        )
        with pytest.raises(BadDataError, match=words):
            read(path)
    away = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4530", always_xy=True)
    metres = [away.transform(t.lon, t.lat) for t in truth]
    path.write_text(_rows(truth, [f"{m[0]:.1f}" for m in metres], [f"{m[1]:.1f}" for m in metres]), encoding="utf-8")
    with pytest.raises(BadDataError, match="declare cgcs2000"):
        read(path, Datum.GCJ02)


def test_sheets_of_one_form_are_read_together_and_hidden_ones_never_alone(tmp_path: Path) -> None:
    path = tmp_path / "村.xlsx"
    for seed in range(100):
        draw = random.Random(seed)
        truth = villages(draw)
        columns = [("村名", "name"), ("经度", "lon"), ("纬度", "lat"), ("户数", "homes"), ("人口", "people")]
        sheets = {}
        for number, town in enumerate(TOWNS.values(), start=1):
            rows: list[list[object]] = [[heading for heading, _ in columns]]
            rows += [[getattr(t, key) for _, key in columns] for t in truth if t.town == town]
            sheets[draw.choice([town, f"{number}.{town}", f"（{number}）{town}"])] = Layout(rows=rows)
        if draw.random() < 0.5:
            sheets = {"封面": Layout(rows=[["某县村情"], ["编制单位：某局"]]), **sheets}
        old = Layout(rows=[["村名", "经度", "纬度", "户数", "人口"], ["旧村", 126.1, 47.5, 10, 30]])
        sheets |= {"旧表": old} if draw.random() < 0.5 else {}
        write_workbook(path, sheets, hidden=("旧表",))
        table = read(path)
        assert near(as_read(table), as_it_is(truth)), seed
        assert any(f.code == "read_together" for f in table.findings)
    write_workbook(path, {"空": Layout(rows=[["说明"]]), "旧表": old}, hidden=("旧表",))
    with pytest.raises(BadDataError, match="hidden"):
        read_table(path)


def test_two_sheets_of_the_same_villages_ask_which_is_meant(tmp_path: Path) -> None:
    for seed in range(20):
        truth = villages(random.Random(seed))
        later = [Truth(**{**vars(t), "people": t.people + 5}) for t in truth]
        sheets = {name: decorated(random.Random(seed), which) for name, which in (("2019年", truth), ("2022年", later))}
        write_workbook(tmp_path / "村.xlsx", sheets)
        with pytest.raises(BadDataError, match="list the same places"):
            read_table(tmp_path / "村.xlsx", "villages")


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "ESRI Shapefile"])
def test_strays_among_points_are_faults_of_their_rows(tmp_path: Path, driver: str) -> None:
    if driver == "ESRI Shapefile":
        pytest.skip("a shapefile holds shapes of one kind")
    path = tmp_path / ("v.geojson" if driver == "GeoJSON" else "v.gpkg")
    for seed in range(20):
        draw = random.Random(seed)
        truth = villages(draw)
        strays = set(draw.sample(range(len(truth)), draw.randrange(1, 4)))
        odd = draw.choice([shapely.box(126, 47.5, 126.1, 47.6), shapely.LineString([(126, 47.5), (126.1, 47.6)])])
        far = shapely.MultiPoint([(126, 47.5), (126.3, 47.5)])
        points = [
            draw.choice([odd, far]) if n in strays else shapely.Point(t.lon, t.lat, *([150.0] if n % 2 else []))
            for n, t in enumerate(truth)
        ]
        columns = {"村名": [t.name for t in truth], "乡镇": [t.town for t in truth], "人口": [t.people for t in truth]}
        frame = geopandas.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
        frame.to_file(path, driver=driver)
        rows = read_table(path).rows
        assert len(rows) == len(truth)
        assert {row.number - 1 for row in rows if row.faults} == strays


def test_of_a_file_of_all_counties_the_areas_is_taken_or_it_is_refused(tmp_path: Path) -> None:
    from planner.geodata.boundary_file import boundary_in

    path = tmp_path / "界.geojson"
    for seed in range(60):
        draw = random.Random(seed)
        count = draw.randrange(2, 30)
        codes = [f"2302{n:02d}" for n in draw.sample(range(1, 90), count)]
        key, name = draw.choice(["adcode", "code", "区划代码", "PAC"]), draw.choice(["name", "NAME", "县"])
        features = [
            {
                "type": "Feature",
                "properties": {key: draw.choice([int(code), code, f"{code}000000"]), name: f"第{code}县"},
                "geometry": json.loads(shapely.to_geojson(shapely.box(120 + n, 45, 121 + n, 46))),
            }
            for n, code in enumerate(codes)
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        wanted = draw.randrange(count)
        for code, called in ((codes[wanted], ""), ("", f"第{codes[wanted]}县")):
            found = boundary_in(path, Datum.WGS84, code=code, name=called)
            assert found.equals(shapely.box(120 + wanted, 45, 121 + wanted, 46)), seed
        with pytest.raises(BadDataError, match=f"holds {count} divisions"):
            boundary_in(path, Datum.WGS84, code="110101")
