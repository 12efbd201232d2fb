"""An area to start from, wherever in China it lies, and where it is no county at all."""

import datetime
import tomllib
from pathlib import Path

import pytest
import shapely

from planner.config import load_config
from planner.errors import BadDataError, UnknownAreaError, UsageError
from planner.geodata.doctor import check_area
from planner.geodata.register import County, _counties, county_boundary, find_county, planned_villages, townships_of
from planner.geodata.scaffold import start_area

DAY = datetime.date(2026, 11, 20)
SAMPLE = {
    "110101": "a district of a city under the state, neighbourhoods only",
    "500101": "the same, villages",
    "429004": "a city under its province, without a prefecture",
    "469002": "the same in Hainan",
    "441900": "a city without counties",
    "442000": "the same",
    "460400": "the same in Hainan",
    "620201": "the same, whose boundary has another code",
    "659001": "a city of the corps",
    "659012": "a young one",
    "540481": "renumbered in 2023",
    "330113": "made in 2021",
    "230717": "made in 2019",
    "152526": "villages are called gacha",
    "632726": "pastures",
    "653130": "far west",
    "460321": "islands",
    "231221": "the county of the handbook",
}


@pytest.mark.parametrize("code", SAMPLE)
def test_a_county_anywhere_in_china_is_started_and_lacks_only_what_people_must_fill_in(
    tmp_path: Path, code: str
) -> None:
    start_area(tmp_path / "county", code, date=DAY)
    config = load_config(tmp_path / "county")
    assert config.area.division_code == code
    report = check_area(config)
    faults = [finding for finding in report.findings if finding.severity == "error"]
    assert [(fault.file, fault.code) for fault in faults] == [
        ("roads.osm.pbf", "unreadable"),
        ("villages.csv", "no_people_yet"),
    ]
    assert f"planner fetch {tmp_path / 'county'} gets" in str(faults[0].line)
    assert "planner people" in str(faults[1].line)
    # a row without people is a row all the same: nobody is told to add it
    assert not any(": 0 of the " in str(finding.line) for finding in report.findings)
    rows = {file.file: file.rows for file in report.files}
    assert rows["villages.csv"] == len(planned_villages(code)) > 0
    names = {township.name for township in townships_of(code)}
    table = (tmp_path / "county/villages.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert {line.split(",")[2] for line in table} <= names


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("810101", "leave out Hong Kong, Macao and Taiwan"),
        ("820000", "leave out Hong Kong"),
        ("710009", "台北市: the register has no townships .* --boundary or --pbf"),
        ("629700", "no townships and villages"),
        ("232761", "加格达奇区: .* no boundary .* --boundary"),
        ("320576", "development zones"),
        ("330103", "merged or renumbered, give today's code: 330102 浙江省杭州市上城区"),
        ("371202", "no county '371202'"),
        ("999999", "no county '999999' among the 3020 of the register"),
    ],
)
def test_a_county_that_cannot_be_started_says_why_and_what_to_do(tmp_path: Path, code: str, message: str) -> None:
    with pytest.raises(UnknownAreaError, match=message):
        start_area(tmp_path / "county", code, date=DAY)
    assert not (tmp_path / "county").exists()


def test_every_county_of_the_register_has_what_an_area_needs() -> None:
    whole = [c for c in _counties().values() if c.has_boundary and townships_of(c.code)]
    assert len(whole) == 2849
    for county in whole[::20]:
        shape = county_boundary(county.code)
        assert shapely.is_valid(shape)
        assert planned_villages(county.code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("浙江省杭州市西湖区", "330106"),
        ("杭州市西湖区", "330106"),
        ("仙桃", "429004"),
        ("嘉峪关市", "620201"),
        ("望奎", "231221"),
    ],
)
def test_a_county_is_found_by_what_people_write(text: str, found: str) -> None:
    assert find_county(text)[0] == found


def test_a_name_of_several_counties_lists_them_with_where_they_are() -> None:
    with pytest.raises(UnknownAreaError, match="360103 江西省南昌市西湖区"):
        find_county("西湖区")
    with pytest.raises(UnknownAreaError, match=r"and \d+ more"):
        find_county("东")


def test_a_city_of_its_own_is_named_once() -> None:
    county = County(code="1", name="b", city="b", province="a", has_boundary=True)
    assert county.label == "1 ab"


@pytest.fixture
def boundary(tmp_path: Path) -> Path:
    path = tmp_path / "our area.geojson"
    path.write_text(shapely.to_geojson(shapely.box(13.25, 53.5, 13.32, 53.56)), encoding="utf-8")
    return path


def test_a_boundary_is_enough(tmp_path: Path, boundary: Path) -> None:
    paths = start_area(tmp_path / 'new "area"', date=DAY, boundary=boundary)
    assert [path.name for path in paths] == ["area.toml", "villages.csv", "townships.csv", "boundary.geojson"]
    config = load_config(tmp_path / 'new "area"')
    assert (config.area.name, config.area.division_code) == ('new "area"', "")
    assert "our area.geojson" in [source.origin for source in config.area.sources]
    errors = [f for f in check_area(config).findings if f.severity == "error"]
    assert {f.file for f in errors} <= {"villages.csv", "townships.csv", "roads.osm.pbf"}


@pytest.mark.parametrize("bounded", [True, False])
def test_a_road_file_is_enough_and_brings_its_places(
    tmp_path: Path, neubrandenburg_roads: Path, boundary: Path, bounded: bool
) -> None:
    folder = tmp_path / "neu"
    paths = start_area(folder, date=DAY, pbf=neubrandenburg_roads, boundary=boundary if bounded else None)
    assert paths[-1] == folder / "roads.osm.pbf"
    report = check_area(load_config(folder))
    assert [str(f) for f in report.findings if f.severity == "error"] == []
    usable = {file.file: file.usable for file in report.files}
    if not bounded:
        assert (usable["villages.csv"], usable["townships.csv"]) == (51, 12)  # as the demonstration has them
    assert 0 < usable["villages.csv"] <= 51
    assert all(village.coordinate_source == "osm" for village in report.villages)
    assert usable["roads.osm.pbf"] > 100


def test_a_county_may_have_a_better_boundary_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "better.geojson"
    path.write_text(shapely.to_geojson(shapely.box(124.0, 50.3, 124.3, 50.5)), encoding="utf-8")
    start_area(tmp_path / "county", "232761", date=DAY, boundary=path)  # the register has no polygon of it
    config = load_config(tmp_path / "county")
    assert (config.area.name, str(config.area.boundary)) == ("加格达奇区", "boundary.geojson")
    assert not [f for f in check_area(config).findings if f.severity == "error" and f.file == "boundary.geojson"]


@pytest.mark.parametrize("content", [None, "x", '{"type": "Point", "coordinates": [1, 2]}'])
def test_a_boundary_that_is_none_leaves_no_folder(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "b.geojson"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadDataError, match=r"b\.geojson"):
        start_area(tmp_path / "county", date=DAY, boundary=path)
    assert not (tmp_path / "county").exists()


def test_nothing_to_start_from_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--division, or a file with --boundary or --pbf"):
        start_area(tmp_path / "county", date=DAY)


def test_names_are_written_as_toml_whatever_is_in_them(tmp_path: Path, boundary: Path) -> None:
    for number, name in enumerate(['a"b', "a\\b", "新 村", "a#b", "a$name", "{x}"]):
        folder = tmp_path / str(number) / name
        start_area(folder, date=DAY, boundary=boundary)
        assert tomllib.loads((folder / "area.toml").read_text(encoding="utf-8"))["area"]["name"] == name
