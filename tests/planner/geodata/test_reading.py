"""Good files in every form give the same villages; datums come back; the real county is doctored rightly."""

import csv
import datetime
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely

from planner.config import Datum, data_folder, embedded_areas, load_config
from planner.errors import BadDataError, UnknownAreaError
from planner.geodata.assemble import read_area
from planner.geodata.datum import from_wgs84, to_wgs84
from planner.geodata.doctor import check_files
from planner.geodata.register import county_boundary, townships_of, villages_of
from planner.geodata.scaffold import start_area
from planner.geodata.tables import read_table
from planner.model import CoordinateSource, Tier, Village, as_message

FRIDAY = datetime.date(2026, 11, 20)
SHARED = Path(__file__).parents[4] / "shared" / "data" / "heilongjiang"
WANGKUI = SHARED / "wangkui_villages.csv"
ROWS = [["众兴村", "兴农镇", "125.96111", "47.81111", "700"], ["星火村", "兴农镇", "125.98111", "47.79111", "800"]]


def _csv(encoding: str, delimiter: str, head: str) -> bytes:
    return "\n".join([head.replace(",", delimiter), *(delimiter.join(row) for row in ROWS)]).encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        _csv("utf-8", ",", "村名,乡镇,经度,纬度,人口"),
        _csv("utf-8-sig", ";", "村委会,所属乡镇,东经,北纬,人口（人）"),
        _csv("gb18030", ",", "行政村,乡镇,经度,纬度,总人口"),
        _csv("utf-8", "\t", "Name,Township,Longitude,Latitude,Population"),
        "某县村庄统计表,,,,\n填表日期 2026年,,,,\n".encode() + _csv("utf-8", ",", "村名,乡镇,经度,纬度,人口"),
    ],
    ids=["utf-8", "semicolons and mark", "GB18030", "tabs, English", "title above"],
)
def test_every_form_of_csv_gives_the_same_rows(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "村.csv"
    path.write_bytes(content)
    assert [list(row.cells.values()) for row in read_table(path).rows] == ROWS


def test_spreadsheet_and_vector_files_give_the_same_villages(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["村名", "乡镇", "经度", "纬度", "人口"])
    for name, town, lon, lat, people in ROWS:
        book.worksheets[0].append([name, town, float(lon), float(lat), int(people)])
    paths = [tmp_path / "v.xlsx", tmp_path / "v.geojson", tmp_path / "v.gpkg", tmp_path / "v.shp"]
    book.save(paths[0])
    columns = {"name": [r[0] for r in ROWS], "township": [r[1] for r in ROWS], "pop": [int(r[4]) for r in ROWS]}
    points = [shapely.Point(float(r[2]), float(r[3])) for r in ROWS]
    frame = geopandas.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
    frame.to_file(paths[1], driver="GeoJSON")
    frame.to_crs("EPSG:32651").to_file(paths[2], driver="GPKG")  # a projected file comes back as lon/lat
    frame.to_file(paths[3], encoding="utf-8")
    found = [check_files([path], datum=Datum.CGCS2000, division_code="230231").villages for path in paths]
    for villages in found:
        assert [(v.id, v.name, v.township_id, v.population) for v in villages] == [
            (v.id, v.name, v.township_id, v.population) for v in found[0]
        ]
        np.testing.assert_allclose([(v.lon, v.lat) for v in villages], [(v.lon, v.lat) for v in found[0]], atol=1e-6)
    # the codes are the register's own for 兴农镇
    register = {division.code: division.name for division in villages_of("230231")}
    assert [register[v.id] for v in found[0]] == ["众兴村民委员会", "星火村民委员会"]


def metres_apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.hypot((a[:, 0] - b[:, 0]) * 111_320 * np.cos(np.radians(a[:, 1])), (a[:, 1] - b[:, 1]) * 111_320)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09, Datum.CGCS2000, Datum.WGS84])
def test_datum_there_and_back_is_within_half_a_metre_all_over_the_province(datum: Datum) -> None:
    lons, lats = (axis.ravel() for axis in np.meshgrid(np.linspace(121, 135.5, 60), np.linspace(43.3, 53.6, 60)))
    back = np.column_stack(to_wgs84(*from_wgs84(lons, lats, datum), datum))
    assert metres_apart(back, np.column_stack([lons, lats])).max() < 0.01 if datum is not Datum.BD09 else True
    assert metres_apart(back, np.column_stack([lons, lats])).max() < 0.5


def test_datum_shift_is_the_published_one() -> None:
    # shared/data/README: at 126.5 E, 46.8 N GCJ-02 lies +485 m E, +225 m N; BD-09 about +980 m E, +894 m N
    here = np.array([[126.5, 46.8]])
    for datum, east, north in ((Datum.GCJ02, 485, 225), (Datum.BD09, 980, 894)):
        lons, lats = from_wgs84(here[:, 0], here[:, 1], datum)
        assert (lons[0] - 126.5) * 111_320 * np.cos(np.radians(46.8)) == pytest.approx(east, abs=15)
        assert (lats[0] - 46.8) * 111_180 == pytest.approx(north, abs=15)


def test_no_shift_outside_china() -> None:
    lons, lats = from_wgs84(np.array([13.3]), np.array([53.5]), Datum.GCJ02)
    assert (lons[0], lats[0]) == (13.3, 53.5)


@pytest.mark.skipif(not WANGKUI.is_file(), reason="the real points of 望奎县 are not here (they may not be shipped)")
class TestRealCounty:
    def villages(self, tmp_path: Path, datum: Datum) -> list[Village]:
        """The county's villages as a file in ``datum``, read with that datum declared."""
        path = tmp_path / "望奎.csv"
        with WANGKUI.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        lons, lats = (np.array([float(row[f"{axis}_bd09"]) for row in rows]) for axis in ("lon", "lat"))
        if datum is not Datum.BD09:
            lons, lats = from_wgs84(*to_wgs84(lons, lats, Datum.BD09), datum)
        with path.open("w", encoding="gb18030", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["区划代码", "村名", "乡镇", "经度", "纬度"])
            writer.writerows(
                [row["code"], row["village"], row["town"], f"{x:.8f}", f"{y:.8f}"]
                for row, x, y in zip(rows, lons, lats, strict=True)
            )
        self.report = check_files([path], datum=datum)
        return self.report.villages

    @pytest.mark.parametrize("datum", [Datum.BD09, Datum.GCJ02])
    def test_points_come_to_their_wgs84_position(self, tmp_path: Path, datum: Datum) -> None:
        with WANGKUI.open(encoding="utf-8") as file:
            truth = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
        villages = self.villages(tmp_path, datum)
        found = np.array([(v.lon, v.lat) for v in villages])
        assert metres_apart(found, np.array([truth[v.id] for v in villages])).max() < 0.5

    def test_the_doctor_finds_the_point_in_another_county_and_shared_positions(self, tmp_path: Path) -> None:
        villages = self.villages(tmp_path, Datum.BD09)
        assert self.report.county == "231221"
        errors = [finding for finding in self.report.findings if finding.severity == "error"]
        assert [finding.code for finding in errors] == ["outside"]
        assert len(villages) == 108
        with WANGKUI.open(encoding="utf-8") as file:
            shared = {int(n) for n, row in enumerate(csv.DictReader(file), 2) if "dup" in row["quality"]}
        rows = {finding.row for finding in self.report.findings if finding.code == "same_position"}
        assert shared <= rows

    def test_every_village_goes_to_the_township_its_code_says(self, tmp_path: Path) -> None:
        villages = self.villages(tmp_path, Datum.BD09)
        assert len(villages) == 108
        assert all(v.id.startswith(v.township_id) for v in villages)


@pytest.mark.parametrize("read_as", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("really", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_wrong_datum_is_noticed_against_known_seats(tmp_path: Path, really: Datum, read_as: Datum) -> None:
    area = read_area(load_config("baiquan"))
    lons, lats = from_wgs84(
        np.array([t.lon for t in area.townships]), np.array([t.lat for t in area.townships]), really
    )
    path = tmp_path / "乡镇.csv"
    rows = [f"{t.id},{t.name},{x:.6f},{y:.6f}" for t, x, y in zip(area.townships, lons, lats, strict=True)]
    path.write_text("\n".join(["编码,乡镇名称,经度,纬度", *rows]), encoding="utf-8")
    shifts = [f for f in check_files([path], datum=read_as).findings if f.code == "datum_shift"]
    if really is read_as:
        assert shifts == []
    else:
        (shift,) = shifts
        assert as_message(shift.remedy) == f"declare {really.value}: --datum {really.value}, or area.datum"


@pytest.mark.parametrize("name", ["harbin", "baiquan", "neubrandenburg"])
def test_embedded_area(name: str) -> None:
    assert name in embedded_areas()
    area = read_area(load_config(name))
    inside = shapely.contains_xy(area.boundary, [v.lon for v in area.villages], [v.lat for v in area.villages])
    assert inside.all()
    assert len(area.sites_of(Tier.SERVICE_POINT)) == len(area.villages)
    assert len(area.sites_of(Tier.COUNTY_HUB)) == 1


def test_baiquan_has_the_registers_villages_and_says_what_is_synthetic() -> None:
    area = read_area(load_config("baiquan"))
    register = {d.code: d.name for d in villages_of("230231") if d.name.endswith("村民委员会")}
    assert {v.id: v.name for v in area.villages} == register
    assert len(register) == 186
    assert [t.id for t in area.townships] == [d.code for d in townships_of("230231")]
    assert all(v.coordinate_source is CoordinateSource.SYNTHETIC for v in area.villages)
    assert all(t.coordinate_source is CoordinateSource.GEONAMES for t in area.townships)
    assert (len(area.synthetic_parts), area.assumed_parts) == (3, ())


def test_synthesis_writes_the_embedded_files_again(tmp_path: Path) -> None:
    from planner.geodata.synthesis.__main__ import main
    from planner.network.osm import read_ways

    main(tmp_path)
    embedded = data_folder() / "areas" / "baiquan"
    feed = [f"buses/{path.name}" for path in sorted((embedded / "buses").iterdir())]
    assert len(feed) == 8
    for name in ("villages.csv", "townships.csv", "sites.csv", "bus_room.csv", *feed):
        assert (tmp_path / name).read_bytes() == (embedded / name).read_bytes()
    again, before = read_ways(tmp_path / "roads.osm.pbf"), read_ways(embedded / "roads.osm.pbf")
    assert [(w.id, w.tags, w.node_ids) for w in again] == [(w.id, w.tags, w.node_ids) for w in before]


def test_synthetic_roads_are_planar_tagged_and_have_one_ferry() -> None:
    import osmium

    from planner.network.osm import read_ways

    path = data_folder() / "areas" / "baiquan" / "roads.osm.pbf"
    ways = read_ways(path)
    assert sum(way.tags.get("route") == "ferry" for way in ways) == 1
    assert any(way.tags.get("tracktype") == "grade4" for way in ways)
    lines = [shapely.LineString(way.coordinates) for way in ways]
    left, right = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(left) == len(right) == 0
    assert {thing.tags.get("source") for thing in osmium.FileProcessor(str(path))} == {"synthetic"}


def test_unknown_county_says_which_there_are() -> None:
    with pytest.raises(UnknownAreaError, match="3020 of the register"):
        county_boundary("999999")


def test_new_county_starts_with_its_villages_and_is_not_overwritten(tmp_path: Path) -> None:
    config, villages = start_area(tmp_path / "county", "231221", date=FRIDAY)
    assert load_config(config).area.division_code == "231221"
    assert len(read_table(villages).rows) == sum("村" in d.name for d in villages_of("231221"))
    with pytest.raises(BadDataError, match="choose another folder"):
        start_area(tmp_path / "county", "231221", date=FRIDAY)
    with pytest.raises(BadDataError, match="faults") as caught:
        read_area(load_config(config))  # nothing is filled in yet: one sentence says what to do
    (problem,) = caught.value.problems
    assert "no village has people yet → run planner people" in str(problem)
