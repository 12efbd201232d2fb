"""Thirty and more kinds of bad input, each with the message that tells how to correct it."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files
from planner.geodata.lookups import divisions_called
from planner.geodata.register import Division, plain_village
from planner.geodata.rejects import RejectsFile
from planner.model import as_message
from planner.words import render, speaking

HEAD = "编码,村名,乡镇,经度,纬度,人口,户数,贫困村,贫困户\n"
GOOD = "230231102200,新福村,兴农镇,125.95740,47.80041,800,300,否,3\n"


def table(**cells: str) -> str:
    """One village of 兴农镇 in which some cells are spoilt."""
    good = {
        **{"编码": "230231102201", "村名": "永发村", "乡镇": "兴农镇", "经度": "125.96111", "纬度": "47.81111"},
        **{"人口": "700", "户数": "250", "贫困村": "否", "贫困户": "2"},
    }
    assert cells.keys() <= good.keys()
    row = good | cells
    return HEAD + ",".join(f'"{value}"' for value in row.values()) + "\n"


def _in_units(heading: str, people: str) -> str:
    return table(人口=people).replace(",人口,", f",{heading},")


ROWS: list[tuple[str, str, str, str]] = [
    # what is wrong, the file, the finding's code, a part of the message or of the proposed correction
    ("missing longitude", table(经度=""), "missing", "fill in the lon"),
    ("missing name", table(村名=""), "missing", "fill in the name"),
    ("missing population", table(人口="", 户数=""), "missing", "fill in the population"),
    ("swapped coordinates", table(经度="47.81111", 纬度="125.96111"), "swapped", "write lon 125.96111, lat 47.81111"),
    ("zero coordinates", table(经度="0", 纬度="0"), "zero", "the position is missing"),
    ("outside the county", table(经度="120.50000"), "outside", "km outside the area's boundary"),
    ("outside the world", table(经度="1259.61111"), "out_of_range", "is not within -180 and 180"),
    ("text for a number", table(人口="约300人"), "not_a_number", "write 300 if that is meant"),
    ("a word for a number", table(人口="不详"), "not_a_number", "write a number"),
    ("degrees and too many minutes", table(经度="125°61′40″"), "not_a_number", "is not a number"),
    ("a character nobody sees", table(村名="新\x07福村"), "control_character", "type it anew"),
    ("negative people", table(人口="-5"), "out_of_range", "correct the figure"),
    ("half a household", table(户数="250.5"), "not_whole", "write the exact count"),
    ("neither yes nor no", table(贫困村="也许"), "not_yes_or_no", "write yes or no"),
    ("more poor than all", table(贫困户="251"), "more_poor_than_all", "is more than all 250"),
    ("unknown township", table(乡镇="月亮镇"), "unknown_township", "write one of the county's townships"),
    ("no township", table(编码="v1", 乡镇=""), "no_township", "fill it in"),
    ("code the register lacks", table(编码="230231102999"), "not_in_register", "register of 2023"),
    ("no code, unknown name", table(编码="", 村名="桃花源村"), "unknown_village", "has no code in the register"),
    ("code as a rounded number", table(编码="2.30231E+11"), "rounded_code", "format the column as text"),
    ("coarse coordinates", table(经度="125.96", 纬度="47.81"), "coarse", "too few decimals"),
    ("repeated id", HEAD + GOOD + GOOD.replace("125.95740", "125.97740"), "repeated_id", "row 3 has the same id"),
    (
        "one spot for two",
        HEAD + GOOD + GOOD.replace("102200,新福村", "102202,富强村"),
        "same_position",
        "lies on the same spot as 富强村",
    ),
    (
        "one name for two",
        HEAD + GOOD + GOOD.replace("102200", "102202").replace("125.95740", "125.97740"),
        "same_name",
        "2 villages of its township have this name",
    ),
    ("far from its township", table(经度="126.40030", 纬度="47.41733"), "far_from_seat", "next to 三道镇"),
    ("no column of longitudes", "村名,乡镇,纬度,人口\n新福村,兴农镇,47.8,10\n", "missing_column", "headed lon or lng"),
    ("no headings", "a,b,c\n1,2,3\n", "unreadable", "no row of headings"),
    ("two columns for one field", "村名,经度,lon,纬度\n新福村,1,2,3\n", "unreadable", "both stand for lon: keep one"),
    ("a row too long", HEAD + GOOD.strip() + ",多,余\n", "unreadable", "row 2: 11 cells for 9 headings"),
    ("an empty file", "", "unreadable", "is empty"),
    ("nothing but headings", HEAD, "no_row", "contains no row"),
    ("a range", table(人口="3000-4000"), "not_a_number", "several figures: 3000, 4000 → write the one that is meant"),
    ("points for thousands", table(人口="3.807"), "not_whole", "write 3807 if its point marks thousands"),
    ("a share", table(人口="12.5%"), "not_a_number", "is a share, not a count"),
    ("another unit", table(人口="380户"), "not_a_number", "has the unit 户, which is not this column's"),
    (
        "a pair in one cell",
        table(经度="125.95,47.80", 纬度=""),
        "not_a_number",
        "write 125.95 as longitude and 47.8 as",
    ),
    ("a remark behind a figure", table(人口="3'807(含流动)"), "not_a_number", "write 3807 if that is meant"),
    ("whole counts under thousands", _in_units("人口（万人）", "3807"), "out_of_range", "counts in units of 10000"),
    ("a cell in thousands of people", table(人口="约3千人"), "not_a_number", "write 3000 if that is meant"),
    ("two multiples in a cell", table(人口="1万2千"), "not_a_number", "write the whole figure in digits"),
    ("multiples in cell and heading", _in_units("人口（千人）", "1.2万"), "not_a_number", "write 12 if that is meant"),
    ("thousands with a rest", _in_units("人口（千人）", "0.70055"), "not_whole", "is 700.55, not a whole number"),
    ("decimal comma", table(户数="250,5"), "not_a_number", "write 250.5: decimals have a point"),
    ("decimal comma after points", table(户数="1.250,5"), "not_a_number", "write 1250.5: decimals have a point"),
    ("commas in odd groups", table(人口="1,23,456"), "not_a_number", "is not a number"),
    ("blanks in odd groups", table(人口="12 34"), "not_a_number", "is not a number"),
    ("Python's own numbers", table(人口="1_000"), "not_a_number", "is not a number"),
    ("comma in a longitude", table(经度="125,961"), "out_of_range", "write 125.961 if the comma marks decimals"),
    ("impossible either way", table(经度="125.96111", 纬度="125.96111"), "out_of_range", "is not within -90 and 90"),
    ("code of letters", table(编码="ABC"), "odd_code", "a village's has 12 digits"),
    ("code too short", table(编码="23023110220"), "odd_code", "a village's has 12 digits"),
    ("code contradicts township", table(乡镇="三道镇"), "township_contradicts_code", "三道镇, is used"),
    ("a row of totals", HEAD + GOOD + ",合 计,,,,1500,550,,\n", "totals_row", "row 3 村名 '合 计': is a row of totals"),
    ("a small town of a village", table(人口="20001"), "many_people", "is more than 20000 in one village"),
    ("nobody there", table(人口="0", 户数="0", 贫困户="0"), "no_people", "nobody lives there"),
    ("more homes than people", table(人口="249"), "more_homes_than_people", "is more than its 249 people"),
    (
        "the second of two with one id lies outside",
        HEAD + GOOD + GOOD.replace("125.95740", "120.50000"),
        "outside",
        "村.csv row 3",
    ),
]

# one file, the only finding with this code is about this row
ONCE = {"a row of totals": 3, "the second of two with one id lies outside": 3}


def codes_and_texts(path: Path, *others: Path, datum: Datum = Datum.WGS84) -> list[tuple[str, str]]:
    seats = path.parent / "乡镇.csv"
    seats.write_text(
        "编码,乡镇名称,经度,纬度\n230231102,兴农镇,125.95740,47.80041\n230231101,三道镇,126.40030,47.41733\n",
        encoding="utf-8",
    )
    report = check_files([seats, path, *others], datum=datum, division_code="230231")
    return [(finding.code, str(finding)) for finding in report.findings if finding.file != seats.name]


@pytest.mark.parametrize(("content", "code", "words"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_row(tmp_path: Path, content: str, code: str, words: str) -> None:
    path = tmp_path / "村.csv"
    path.write_text(content, encoding="utf-8")
    found = codes_and_texts(path)
    matching = [text for found_code, text in found if found_code == code]
    assert matching, found
    assert any(words in text for text in matching)
    assert all(text.startswith("村.csv") for text in matching)


@pytest.mark.parametrize("what", ONCE)
def test_one_fault_is_reported_once_at_its_row(tmp_path: Path, what: str) -> None:
    path = tmp_path / "村.csv"
    (row,) = [row for row in ROWS if row[0] == what]
    path.write_text(row[1], encoding="utf-8")
    findings = check_files([path], datum=Datum.WGS84, division_code="230231").findings
    assert [finding.row for finding in findings if finding.code == row[2]] == [ONCE[what]]
    if row[2] == "totals_row":  # nothing else is said about such a row
        assert [finding.code for finding in findings if finding.row == ONCE[what]] == ["totals_row"]


@pytest.mark.parametrize(
    ("heading", "cell", "people"),
    [
        *[("人口（千人）", "1.1", 1100), ("人口(万人)", "0.07", 700), ("人口/百人", "7", 700)],
        *[
            ("Population (thousands)", "0.7", 700),
            ("人口", "1,234", 1234),
            ("人口", "1 234", 1234),
            ("人口", "7e2", 700),
        ],
    ],
)
def test_a_figure_is_multiplied_by_its_unit(tmp_path: Path, heading: str, cell: str, people: int) -> None:
    path = tmp_path / "村.csv"
    path.write_text(_in_units(heading, cell), encoding="utf-8")
    (village,) = check_files([path], datum=Datum.WGS84, division_code="230231").villages
    assert village.population == people


def test_costs_in_ten_thousands_are_multiplied(tmp_path: Path) -> None:
    villages, sites = tmp_path / "村.csv", tmp_path / "站点.csv"
    villages.write_text(table(), encoding="utf-8")
    sites.write_text("所在地,投资（万元）\n永发村,3.5\n", encoding="utf-8")
    (site,) = check_files([villages, sites], datum=Datum.WGS84, division_code="230231").sites
    assert site.opening_cost_yuan == 35_000


@pytest.mark.parametrize("written", ["230231102201.0", "2.30231102201E+11", "'230231102201"])
def test_a_code_comes_back_from_a_number(tmp_path: Path, written: str) -> None:
    path = tmp_path / "村.csv"
    path.write_text(table(编码=written, 乡镇="230231102.0"), encoding="utf-8")
    (village,) = check_files([path], datum=Datum.WGS84, division_code="230231").villages
    assert (village.id, village.township_id) == ("230231102201", "230231102")


@pytest.mark.parametrize(
    ("written", "township"), [("兴农镇", "1"), ("兴农乡", "2"), ("兴农", "兴农镇 (1), 兴农乡 (2)"), ("三道乡", "3")]
)
def test_a_township_is_found_by_its_name_or_all_it_may_be_are_listed(
    tmp_path: Path, written: str, township: str
) -> None:
    seats, path = tmp_path / "乡镇.csv", tmp_path / "村.csv"
    names = (("1", "兴农镇"), ("2", "兴农乡"), ("3", "三道镇"))
    seats.write_text(
        "编码,名称,经度,纬度\n" + "".join(f"{id_},{name},1{id_}.11111,5.11111\n" for id_, name in names),
        encoding="utf-8",
    )
    path.write_text(f"id,村名,乡镇,经度,纬度,人口,户数\nv,甲,{written},11.22222,5.22222,9,3\n", encoding="utf-8")
    report = check_files([seats, path], datum=Datum.WGS84)
    if len(township) == 1:
        assert [village.township_id for village in report.villages] == [township]
    else:
        (fault,) = [finding for finding in report.findings if finding.severity == "error"]
        assert (fault.code, fault.row) == ("ambiguous_township", 2)
        assert township in as_message(fault.message)


@pytest.mark.parametrize(
    ("name", "code"),
    [("新福村", "1"), ("新福社区", "2"), ("新福社区居民委员会", "2"), ("新福屯", ""), ("新福村民委员会", "1")],
)
def test_a_village_is_found_by_its_full_name_first(name: str, code: str) -> None:
    register = [Division(code="1", name="新福村民委员会"), Division(code="2", name="新福社区居民委员会")]
    found = divisions_called(name, register, plain_village)
    assert [division.code for division in found] == ([code] if code else ["1", "2"])


def test_of_the_good_row_only_the_datum_and_the_register_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    path.write_text(table(), encoding="utf-8")
    # two seats do not tell the datum, and the county has more villages than this one
    assert {code for code, _ in codes_and_texts(path)} == {"datum_unchecked", "register_count"}


def _neither_encoding(path: Path) -> None:
    path.write_bytes("村名,经度\n".encode("utf-16") + b"\xff\xff\xff")


def _not_xlsx(path: Path) -> None:
    path.write_bytes(b"PK not a workbook")


def _formula(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["村名", "编码", "乡镇", "经度", "纬度", "人口"])
    sheet.append(["永发村", "230231102201", "兴农镇", 125.96111, 47.81111, "=SUM(1,2)"])
    book.save(path)


def _polygons_for_points(path: Path) -> None:
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"村名":"甲"},"geometry":'
        '{"type":"LineString","coordinates":[[1,2],[3,4]]}}]}',
        encoding="utf-8",
    )


def _no_geometry(path: Path) -> None:
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"村名":"甲村","乡镇":"兴农镇",'
        '"人口":5},"geometry":null}]}',
        encoding="utf-8",
    )


def _crossing_polygon(path: Path) -> None:
    rings = ([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]], [[1, 0], [3, 0], [3, 2], [1, 2], [1, 0]])
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}} for ring in rings
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _damaged_sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["村名", "经度"])
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as spoilt:
        for name, content in parts.items():
            spoilt.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)


def _impossible_node(path: Path) -> None:
    path.write_text(f"<osm version='0.6'><node id='{'9' * 40}' version='1' lon='10' lat='1'/></osm>", encoding="utf-8")


def _impossible_position(path: Path) -> None:
    path.write_text("<osm version='0.6'><node id='1' version='1' lon='10D' lat='1'/></osm>", encoding="utf-8")


def _broken_json(path: Path) -> None:
    path.write_text('{"type":"FeatureCollection"', encoding="utf-8")


FILES: list[tuple[str, str, Callable[[Path], None], str]] = [
    ("neither UTF-8 nor GB18030", "村.csv", _neither_encoding, "save it as CSV UTF-8"),
    ("not a workbook", "村.xlsx", _not_xlsx, "is no workbook, or damaged"),
    ("formula never computed", "村.xlsx", _formula, "is a formula whose result is not in the file"),
    ("lines for points", "村.geojson", _polygons_for_points, "places must be points"),
    ("feature without geometry", "村.geojson", _no_geometry, "is empty"),
    ("broken GeoJSON", "村.geojson", _broken_json, "cannot be read as a vector file"),
    ("polygon that crosses itself", "界.geojson", _crossing_polygon, "the boundary crosses itself"),
    ("sheet cut in two", "村.xlsx", _damaged_sheet, "is no workbook, or damaged"),
    ("old Excel", "村.xls", _not_xlsx, "save it as .xlsx"),
    ("OSM with an impossible number", "roads.osm", _impossible_node, "cannot be read as OpenStreetMap data"),
    ("OSM with an impossible position", "roads.osm", _impossible_position, "node 1: lon is '10D', not a figure"),
    ("not OSM", "roads.osm.pbf", _not_xlsx, "cannot be read as OpenStreetMap data"),
]


@pytest.mark.parametrize(("name", "spoil", "words"), [file[1:] for file in FILES], ids=[file[0] for file in FILES])
def test_file(tmp_path: Path, name: str, spoil: Callable[[Path], None], words: str) -> None:
    path = tmp_path / name
    spoil(path)
    texts = [text for _, text in codes_and_texts(path)]
    assert any(words in text for text in texts), texts


@pytest.mark.parametrize(("name", "spoil", "words"), [file[1:] for file in FILES], ids=[file[0] for file in FILES])
def test_what_a_library_says_of_a_file_stays_out_of_chinese(
    tmp_path: Path, name: str, spoil: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / name
    spoil(path)
    with speaking("zh"):
        texts = [render(f.line) for f in check_files([path], datum=Datum.WGS84, division_code="230231").findings]
    assert texts
    assert not [text for text in texts if re.search("[a-z]{3,} [a-z]{2,}", text)]


def test_missing_file(tmp_path: Path) -> None:
    assert any("no such file" in text for _, text in codes_and_texts(tmp_path / "none.csv"))


def test_village_no_road_reaches(tmp_path: Path, neubrandenburg_roads: Path) -> None:
    from planner.pipeline.examine import examine_files

    path = tmp_path / "villages.csv"
    path.write_text("id,name,township,lon,lat,population\nv1,Far,T,12.11111,53.11111,10\n", encoding="utf-8")
    report = examine_files([path, neubrandenburg_roads], datum=Datum.WGS84)
    assert [finding.code for finding in report.findings if finding.file == "roads.osm.pbf" and not finding.field] == [
        "imputed",
        "no_road_in_reach",
    ]


def test_all_faults_come_at_once_and_rejects_hold_every_row(tmp_path: Path) -> None:
    path = tmp_path / "村.csv"
    codes = ("missing", "swapped", "not_a_number")
    bad = [text.removeprefix(HEAD) for _, text, code, _ in ROWS if code in codes and text.startswith(HEAD)]
    path.write_text(
        HEAD + GOOD + "".join(row.replace("102201", f"1022{i:02d}") for i, row in enumerate(bad, 10)),
        encoding="utf-8",
    )
    rejects = tmp_path / "rejects.csv"
    report = check_files([path], datum=Datum.WGS84, division_code="230231", accept_bad=RejectsFile(path=rejects))
    rows = {finding.row for finding in report.findings if finding.severity == "error"}
    assert rows == set(range(3, 3 + len(bad)))
    lines = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(bad)
    assert [village.name for village in report.villages] == ["新福村"]
    assert lines[0].startswith("file,row,faults,")
    chinese_rejects = tmp_path / "rejects.zh.csv"
    with speaking("zh"):
        check_files(
            [path],
            datum=Datum.WGS84,
            division_code="230231",
            accept_bad=RejectsFile(path=chinese_rejects, render=render),
        )
    with chinese_rejects.open(encoding="utf-8-sig", newline="") as file:
        chinese = list(csv.DictReader(file))
    assert [*chinese[0]][:3] == ["文件", "行号", "问题"]
    assert all(re.search("[\u4e00-\u9fff]", row["问题"]) for row in chinese)
    assert not any(re.search("[a-z]{3} [a-z]", row["问题"]) for row in chinese)
