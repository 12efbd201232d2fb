"""Whole areas: what is left out together, what is assumed and said, which datum fits, and what a new county starts with."""

import csv
import datetime
import re
from pathlib import Path
from typing import Literal

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely

from planner.cli.app import app
from planner.config import CONFIG_NAME, Datum, data_folder, load_config
from planner.errors import BadDataError, ConfigError, UsageError
from planner.geodata.assemble import boundary_of, read_area, read_area_with_findings
from planner.geodata.columns import fields_of_short
from planner.geodata.datum import from_wgs84
from planner.geodata.doctor import check_files
from planner.geodata.examined import FileKind
from planner.geodata.register import seats_of
from planner.geodata.rejects import RejectsFile
from planner.geodata.scaffold import start_area
from planner.geodata.tables import read_table
from planner.model import PopulationSource, SiteStatus, Tier, as_message
from planner.network import seasons
from planner.pipeline.examine import examine_files

AREAS = data_folder() / "areas"
WANGKUI = Path(__file__).parents[4] / "shared" / "data" / "heilongjiang" / "wangkui_villages.csv"
FRIDAY = datetime.date(2026, 11, 20)


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


SECOND_TOWNSHIP = "t1,道口镇,10.1,0.0,surveyed\nt2,{name},{lon},0.0,surveyed\n"


@pytest.mark.parametrize(
    ("name", "lon", "faults"),
    [("河口镇", "15.12345", "the row of its township has an error"), ("", "10.2", "is not a township of this area")],
    ids=["outside", "without a name"],
)
def test_villages_of_a_bad_township_are_left_out_with_it(line_folder: Path, name: str, lon: str, faults: str) -> None:
    change(line_folder / "townships.csv", ("t1,道口镇,10.1,0.0,surveyed\n", SECOND_TOWNSHIP.format(name=name, lon=lon)))
    change(line_folder / "villages.csv", ("Dong,t1,10.2", "Dong,t2,10.2"))
    with pytest.raises(BadDataError, match="faults"):
        read_area(load_config(line_folder))
    rejects = line_folder / "rejects.csv"
    area = read_area(load_config(line_folder), rejects=RejectsFile(path=rejects))
    assert [village.id for village in area.villages] == ["island", "middle", "west"]
    assert [township.id for township in area.townships] == ["t1"]
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["file"], row["row"]): row["faults"] for row in csv.DictReader(file)}
    # the township, its village, and the site that stood in that village
    assert rows.keys() == {("townships.csv", "3"), ("villages.csv", "4"), ("sites.csv", "3")}
    assert faults in rows["villages.csv", "4"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",service_point,west,西点,,15.12345,0.01234", "outside"),
        ("west,service_point,west,西点,,,", "id_taken"),
        ("t1,express_station,t1,道口站,,,", "id_taken"),
    ],
)
def test_listed_sites_are_examined_as_villages_are(line_folder: Path, row: str, code: str) -> None:
    hub = ",county_hub,west,共配中心,existing,,\n"
    sites = line_folder / "sites.csv"
    sites.write_text(f"id,tier,place,name,status,lon,lat\n{hub}{row}\n", encoding="utf-8")
    with pytest.raises(BadDataError, match=r"sites\.csv row 3"):
        read_area(load_config(line_folder))
    errors = [f for f in examine_files([line_folder], datum=None).findings if f.severity == "error"]
    assert [(f.file, f.row, f.code) for f in errors] == [("sites.csv", 3, code)]


def test_a_hub_nobody_listed_is_a_candidate_and_said_to_be_assumed(line_folder: Path) -> None:
    change(line_folder / "sites.csv", ("county_hub,west,共配中心,existing\n", ""))
    found = read_area_with_findings(load_config(line_folder))
    (hub,) = found.area.sites_of(Tier.COUNTY_HUB)
    assert (hub.name, hub.status, hub.place_id) == ("道口镇共配中心（假定）", SiteStatus.CANDIDATE, "t1")
    assert [f.severity for f in found.findings if f.code == "assumed_hub"] == ["note"]


@pytest.mark.parametrize(
    ("people", "homes", "keys", "expected"),
    [
        ("100", "30", "", (100, PopulationSource.REPORTED, 30)),
        ("100", "", "persons_per_household = 2.5", (100, PopulationSource.ESTIMATE, 40)),
        ("", "40", "persons_per_household = 2.5", (100, PopulationSource.ESTIMATE, 40)),
        ("", "", "persons_per_household = 2.5\npersons_per_village = 50", (50, PopulationSource.ESTIMATE, 20)),
    ],
)
def test_what_is_filled_in_is_an_estimate(
    line_folder: Path, people: str, homes: str, keys: str, expected: tuple[int, PopulationSource, int]
) -> None:
    change(line_folder / "area.toml", ('datum = "wgs84"\n', f'datum = "wgs84"\n{keys}\n'))
    change(line_folder / "villages.csv", ("10.0,0.0,100,30", f"10.0,0.0,{people},{homes}"))
    found = read_area_with_findings(load_config(line_folder))
    west = found.area.village_by_id["west"]
    assert (west.population, west.population_source, west.households) == expected
    assert [f.row for f in found.findings if f.code == "estimated"] == ([2] if keys else [])


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("persons_per_village = 50", "persons_per_household is missing"),
        ('boundary_datum = "gcj02"\nboundary = "embedded"', "boundary_datum is for a boundary of your own"),
    ],
)
def test_keys_that_do_not_go_together_are_refused(line_folder: Path, key: str, words: str) -> None:
    change(line_folder / "area.toml", ('boundary = "boundary.geojson"\n', ""), ('id = "line"', f'id = "line"\n{key}'))
    with pytest.raises(ConfigError, match=words):
        load_config(line_folder)


def test_a_boundary_in_another_datum_is_converted(line_folder: Path) -> None:
    square = shapely.box(126.4, 46.7, 126.6, 46.9)
    shifted = shapely.transform(square, lambda at: np.column_stack(from_wgs84(at[:, 0], at[:, 1], Datum.GCJ02)))
    (line_folder / "boundary.geojson").write_text(shapely.to_geojson(shifted), encoding="utf-8")
    change(line_folder / "area.toml", ('datum = "wgs84"\n', 'datum = "wgs84"\nboundary_datum = "gcj02"\n'))
    assert shapely.equals_exact(boundary_of(load_config(line_folder)), square, tolerance=1e-7, normalize=True)


def test_a_boundary_that_crosses_itself_beside_another_is_one_message(line_folder: Path) -> None:
    rings = "[[[0,0],[2,2],[2,0],[0,2],[0,0]]],[[[1,0],[3,0],[3,2],[1,2],[1,0]]]"
    text = f'{{"type":"MultiPolygon","coordinates":[{rings}]}}'
    (line_folder / "boundary.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(BadDataError, match="the boundary crosses itself"):
        read_area(load_config(line_folder))


def test_of_several_sheets_and_layers_the_one_of_places_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "说明"
    book.worksheets[0].append(["填表说明", "名称"])
    book.create_sheet("数据").append(["村名", "乡镇", "经度", "纬度", "人口"])
    book["数据"].append(["众兴村", "兴农镇", 125.96111, 47.81111, 700])
    book.create_sheet("空")
    book.save(tmp_path / "v.xlsx")
    point = [shapely.Point(125.96111, 47.81111)]
    county = geopandas.GeoDataFrame({"名称": ["县"]}, geometry=[shapely.box(125, 47, 127, 49)], crs="EPSG:4326")
    county.to_file(tmp_path / "v.gpkg", layer="县")
    for layer, columns in (("站", {"备注": ["无"]}), ("村", {"村名": ["众兴村"], "乡镇": ["兴农镇"], "人口": [700]})):
        geopandas.GeoDataFrame(columns, geometry=point, crs="EPSG:4326").to_file(tmp_path / "v.gpkg", layer=layer)
    for name, beside in (("v.xlsx", "说明"), ("v.gpkg", "县, 站")):
        report = check_files([tmp_path / name], datum=Datum.WGS84, division_code="230231")
        assert [village.name for village in report.villages] == ["众兴村"]
        assert [(f.severity, as_message(f.message)) for f in report.findings if f.code == "not_read"] == [
            ("note", f"not read besides: {beside}")
        ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_with_a_mark_is_read(tmp_path: Path, encoding: str) -> None:
    mark = b"" if encoding == "utf-16" else b"\xfe\xff"
    (tmp_path / "村.txt").write_bytes(mark + "村名\t经度\n众兴村\t125.9\n".encode(encoding))
    assert [dict(row.cells) for row in read_table(tmp_path / "村.txt").rows] == [{"name": "众兴村", "lon": "125.9"}]


def test_names_a_shapefile_has_cut_are_understood(tmp_path: Path) -> None:
    columns = ["registered_poor", "poor_households", "opening_cost_yuan", "coordinate_source", "population_source"]
    assert set(fields_of_short([column[:10] for column in columns[:4]]).values()) == set(columns[:4])
    frame = geopandas.GeoDataFrame(
        {**{column: ["1"] for column in columns}, "population": [7]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326"
    )
    with pytest.warns(UserWarning, match="Column names longer"), pytest.warns(RuntimeWarning, match="Normalized"):
        frame.to_file(tmp_path / "v.shp")
    cells = read_table(tmp_path / "v.shp").rows[0].cells
    assert cells.keys() == {*columns, "population", "lon", "lat"}


def test_files_of_the_demonstration_are_told_apart_by_name_and_roads_are_counted() -> None:
    files = check_files(sorted((AREAS / "neubrandenburg").glob("*.csv")), datum=Datum.WGS84)
    assert {file.file: file.kind for file in files.files} == {
        "sites.csv": FileKind.SITES,
        "townships.csv": FileKind.TOWNSHIPS,
        "villages.csv": FileKind.VILLAGES,
    }
    assert [f for f in files.findings if f.severity == "error"] == []


@pytest.mark.parametrize("area", ["baiquan", "neubrandenburg"])
def test_an_area_is_examined_as_its_configuration_says(area: str) -> None:
    report = examine_files([AREAS / area], datum=None)
    assert report.county == load_config(area).area.division_code
    assert [f for f in report.findings if f.severity == "error"] == []
    config = load_config(area).area
    assert {file.file for file in report.files} >= {"villages.csv", "townships.csv", "sites.csv", "roads.osm.pbf"}
    roads = next(file for file in report.files if file.kind is FileKind.ROADS)
    assert roads.rows > len(report.villages)  # neither demonstration has fewer roads than villages
    assert all(file.rows == file.usable for file in report.files)
    with pytest.raises(ConfigError, match="contradicts"):
        examine_files([AREAS / area], datum=Datum.BD09 if config.datum is not Datum.BD09 else Datum.WGS84)
    with pytest.raises(UsageError, match="--datum is missing"):
        examine_files([AREAS / area / "villages.csv"], datum=None)


@pytest.mark.parametrize("content", [None, "编码,村名,乡镇,经度,纬度,人口\n", "编码,村名,乡镇\n1,甲,乙\n"])
def test_a_file_that_cannot_be_used_is_an_error_with_accept_bad_too(inside: Path, content: str | None) -> None:
    path = inside / "村.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert check_files([path], datum=Datum.WGS84).unusable_files == ("村.csv",)
    with pytest.raises(SystemExit) as ended:
        app(["check", "村.csv", "--datum", "wgs84", "--accept-bad", "r.csv"])
    assert ended.value.code == 3


@pytest.mark.parametrize("really", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("declared", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_the_datum_is_judged_by_settlements_of_the_road_file(tmp_path: Path, really: Datum, declared: Datum) -> None:
    names = ("甲山", "乙山", "丙山", "丁山")
    lons, lats = 126.41111 + 0.05 * np.arange(4), np.full(4, 46.81111)
    tags = "<tag k='place' v='village'/><tag k='name' v='{}'/>"
    nodes = [
        f"<node id='{i}' version='1' lon='{lons[i]}' lat='{lats[i]}'>{tags.format(name)}</node>"
        for i, name in enumerate(names)
    ]
    (tmp_path / "roads.osm").write_text(f"<osm version='0.6'>{''.join(nodes)}</osm>", encoding="utf-8")
    there = zip(names, *from_wgs84(lons, lats, really), strict=True)
    rows = [f"{name},{name}村,某镇,{lon:.6f},{lat:.6f},90,30" for name, lon, lat in there]
    (tmp_path / "村.csv").write_text("\n".join(["编码,村名,乡镇,经度,纬度,人口,户数", *rows]), encoding="utf-8")
    found = check_files([tmp_path / "村.csv", tmp_path / "roads.osm"], datum=declared).findings
    mends = [as_message(finding.remedy) for finding in found if "datum" in finding.code]
    assert mends == ([] if really is declared else [f"declare {really}: --datum {really}, or area.datum"])


@pytest.mark.skipif(not WANGKUI.is_file(), reason="the real points of 望奎县 are not here (they may not be shipped)")
@pytest.mark.parametrize(
    ("really", "declared", "fits"),
    [
        ("bd09", "bd09", True),  # 13 seats tell BD-09's 1.3 km from the others ...
        ("bd09", "gcj02", False),
        ("bd09", "wgs84", False),
        ("wgs84", "bd09", False),
        ("wgs84", "wgs84", None),  # ... but not GCJ-02's 530 m: their median is known to ±300 m and more
        ("wgs84", "gcj02", None),
        ("gcj02", "wgs84", None),
    ],
)
def test_the_datum_of_a_real_county(tmp_path: Path, really: str, declared: str, fits: bool | None) -> None:
    folder = tmp_path / "wangkui"
    config, villages = start_area(folder, "231221", date=FRIDAY)
    with WANGKUI.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["quality"] != "bad"]
    lons, lats = (np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))
    lons, lats = from_wgs84(lons, lats, Datum(really))
    lines = [
        f"{r['code']},{r['village']},{r['town']},{x:.7f},{y:.7f},500" for r, x, y in zip(rows, lons, lats, strict=True)
    ]
    villages.write_text("\n".join(["编码,村名,乡镇,经度,纬度,人口", *lines]), encoding="utf-8")
    change(config, ('datum = "wgs84" ', f'datum = "{declared}" '))
    rejects = RejectsFile(path=tmp_path / "rejects.csv")  # one point lies in another county
    if fits is False:
        with pytest.raises(BadDataError, match=f"they are {really.upper()} → declare {really}"):
            read_area(load_config(folder), rejects=rejects)
        return
    notes = [f for f in read_area_with_findings(load_config(folder), rejects=rejects).findings if "datum" in f.code]
    assert [(f.severity, f.code) for f in notes] == ([] if fits else [("note", "datum_unchecked")])
    assert all("13 township seats" in as_message(f.message) for f in notes)


def test_a_new_county_is_named_counted_and_dated(tmp_path: Path) -> None:
    path, villages = start_area(tmp_path / "望奎 2026", "231221", date=FRIDAY)
    config = load_config(path)
    rows = len(read_table(villages).rows)
    assert (config.area.id, config.area.name) == ("wangkui-2026", "望奎县")
    assert config.coverage.service_points.count == round(rows / 2)
    assert f"half of the {rows} villages" in config.coverage.service_points.provenance
    placed = {row.cells["id"][:9] for row in read_table(villages).rows} | {seat.code for seat in seats_of("231221")}
    assert config.coverage.express_stations.count == round(len(placed) / 2)
    assert config.routing.date == datetime.date(2026, 11, 23)  # the Monday after
    assert (config.travel.season, config.siting_season) == (None, "summer")
    assert 'season = "summer"        # that sites are chosen for: summer, winter' in path.read_text(encoding="utf-8")


def test_a_new_county_needs_a_folder_it_can_write(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("", encoding="utf-8")
    for folder, words in ((taken, "is a file"), (taken / "below", "cannot be written")):
        with pytest.raises(BadDataError, match=words):
            start_area(folder, "231221", date=FRIDAY)
    assert not (tmp_path / CONFIG_NAME).exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_is_started_in_one_language_and_read_back(tmp_path: Path, language: Literal["zh", "en"]) -> None:
    path, villages = start_area(tmp_path / "county", "231221", date=FRIDAY, language=language)
    config = load_config(path)
    assert config.language == language
    table = read_table(villages)
    assert table.unused == ()
    assert {"id", "name", "township", "lon", "lat", "population", "households"} <= table.headings.keys()
    said = path.read_text(encoding="utf-8")
    assert all(season in said for season in seasons())
    chinese = re.compile("[\u4e00-\u9fff]")
    remarks = [line.partition("#")[2] for line in said.splitlines() if "#" in line][1:]
    assert all(bool(chinese.search(remark)) == (language == "zh") for remark in remarks if " planner " not in remark)
    texts = [config.demand.provenance, config.routing.provenance, *(source.what for source in config.area.sources)]
    assert all(bool(chinese.search(text)) == (language == "zh") for text in texts)
