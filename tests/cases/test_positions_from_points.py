"""Villages' positions from lists of named points: right ones are taken, wrong ones never, and doubt is listed."""

import csv
import json
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import shapely

from planner.cli.app import app
from planner.config import Datum, load_config
from planner.geodata.datum import from_wgs84
from planner.geodata.gazetteer.named_points import NamedPoint, read_points
from planner.geodata.gazetteer.proposals import propose_positions
from planner.geodata.gazetteer.same_village import Evidence, Match, MatchVerdict, NamedVillage, match_villages
from planner.geodata.gazetteer.spellings import common_name, name_stem, sound_of
from planner.geodata.register import seats_of, townships_of, villages_of
from planner.model import CoordinateSource
from tests.cases.name_variants import FIRST, variants

SHARED = Path(__file__).parents[3] / "shared" / "data"
WANGKUI = SHARED / "heilongjiang" / "wangkui_villages.csv"
HARBIN = SHARED / "osm" / "roads_harbin_se_2024.osm.pbf"
needs_wangkui = pytest.mark.skipif(not WANGKUI.is_file(), reason="no shared villages of 望奎")
needs_harbin = pytest.mark.skipif(not HARBIN.is_file(), reason="no shared roads of 哈尔滨")


def point(id_: str, name: str, lon: float, lat: float, *, townships: Sequence[str] = (), code: str = "") -> NamedPoint:
    return NamedPoint(
        id=id_,
        names=(name,),
        lon=lon,
        lat=lat,
        source=CoordinateSource.OSM,
        townships=frozenset(townships),
        code=code,
    )


def village(id_: str, name: str, township: str, position: tuple[float, float] | None = None) -> NamedVillage:
    return NamedVillage(id=id_, name=name, township_id=township, position=position)


def only(matches: Sequence[Match]) -> Match:
    (one,) = matches
    return one


def test_four_hundred_made_up_spellings_are_told_apart() -> None:
    """One township, one village, one point: it is taken exactly where the point's name was made from the village's."""
    seen: dict[str, int] = {}
    for number, variant in enumerate(variants(seed=15, count=400)):
        seen[variant.kind] = seen.get(variant.kind, 0) + 1
        found = only(
            match_villages(
                [village("v", variant.register, "t")],
                [point("p", variant.written, 126.02, 46.0)],
                {"t": (126.0, 46.0)},
            )
        )
        assert (found.verdict is MatchVerdict.FOUND) is variant.same, (number, variant, found)
        if variant.kind == "sound":
            assert found.verdict is MatchVerdict.SOUNDS_ALIKE
    assert len(seen) == 8


def test_made_up_counties_give_no_wrong_village() -> None:
    """Townships on a grid, villages around their seats, some names in two of them, some villages without a point."""
    right = wrong = there = 0
    for seed in range(60):
        chance = random.Random(seed)
        seats = {f"t{i}": (126.0 + 0.3 * (i % 3), 46.0 + 0.2 * (i // 3)) for i in range(6)}
        stems = ["".join(chance.sample(FIRST, 2)) for _ in range(24)]
        villages, points, truth = [], [], {}
        taken: set[tuple[str, str]] = set()
        for number in range(60):
            township, stem = chance.choice(sorted(seats)), chance.choice(stems)
            if (township, name_stem(stem)) in taken:
                continue
            taken.add((township, name_stem(stem)))
            lon, lat = seats[township]
            at = lon + chance.uniform(-0.07, 0.07), lat + chance.uniform(-0.05, 0.05)
            id_ = f"v{number}"
            villages.append(village(id_, f"{stem}村委会", township))
            if chance.random() < 0.7:
                there += 1
                truth[id_] = f"p{number}"
                points.append(point(f"p{number}", f"{stem}村", *at))
        for match in match_villages(villages, points, seats):
            if match.verdict is MatchVerdict.FOUND:
                right += match.points[0].id == truth.get(match.village.id)
                wrong += match.points[0].id != truth.get(match.village.id)
    assert wrong == 0
    assert right > 0.9 * there > 1000


def test_names_in_neighbouring_townships_are_told_by_nearness_or_not_at_all() -> None:
    seats = {"a": (126.0, 46.0), "b": (126.4, 46.0)}
    both = [village("va", "胜利村委会", "a"), village("vb", "胜利村村民委员会", "b")]
    near_a, near_b = point("pa", "胜利村", 126.03, 46.01), point("pb", "胜利村", 126.38, 46.0)
    between = point("pm", "胜利村", 126.19, 46.0)
    found = match_villages(both, [near_a, near_b], seats)
    assert [(one.verdict, one.points[0].id) for one in found] == [
        (MatchVerdict.FOUND, "pa"),
        (MatchVerdict.FOUND, "pb"),
    ]
    assert found[0].evidence is Evidence.NEARNESS
    unsure = match_villages(both, [between], seats)
    assert [(one.verdict, [p.id for p in one.points]) for one in unsure] == [(MatchVerdict.AMBIGUOUS, ["pm"])] * 2
    # said by the point, the same is certain, however far; and two points of one township are again in doubt
    said = only(match_villages(both[1:], [point("pm", "胜利村", 126.19, 46.0, townships=["b"])], {}))
    assert (said.verdict, said.evidence) == (MatchVerdict.FOUND, Evidence.TOWNSHIP)
    two = match_villages(both, [near_a, point("p2", "胜利村", 126.0, 46.04)], seats)
    assert two[0].verdict is MatchVerdict.AMBIGUOUS
    assert {p.id for p in two[0].points} == {"pa", "p2"}


def test_a_village_is_taken_before_a_hamlet_and_one_spot_twice_is_one() -> None:
    seats = {"a": (126.0, 46.0)}
    here = [village("v", "王尖村委会", "a")]
    hamlet, itself = point("h", "王尖屯", 126.05, 46.0), point("v", "王尖村", 126.02, 46.0)
    assert only(match_villages(here, [hamlet, itself], seats)).points == (itself,)
    again = point("w", "王尖村", 126.021, 46.001)
    assert only(match_villages(here, [itself, again], seats)).verdict is MatchVerdict.FOUND


def test_what_is_another_village_or_has_its_position_is_not_taken() -> None:
    seats = {"a": (126.0, 46.0)}
    community = NamedVillage(id="c", name="幸福社区居委会", township_id="a", wanted=False)
    at = point("p", "幸福社区", 126.01, 46.0)
    assert (
        only(match_villages([village("v", "幸福村委会", "a"), community], [at], seats)).verdict
        is not MatchVerdict.FOUND
    )
    placed = village("x", "红升村", "a", (126.0, 46.02))
    assert match_villages([placed], [point("p", "红升村", 126.05, 46.0)], seats) == []


def test_without_a_place_of_its_township_a_point_is_in_doubt() -> None:
    here = [village("v", "红星村委会", "a")]
    assert only(match_villages(here, [point("p", "红星村", 126.0, 46.0)], {})).verdict is MatchVerdict.AMBIGUOUS
    by_code = only(match_villages(here, [point("p", "红星村", 126.0, 46.0, code="v")], {}))
    assert (by_code.verdict, by_code.evidence) == (MatchVerdict.FOUND, Evidence.CODE)
    contradicted = only(match_villages(here, [point("p", "宏星村", 126.0, 46.0, code="v")], {}))
    assert contradicted.verdict is MatchVerdict.AMBIGUOUS


def test_numbers_and_names_that_look_like_numbers() -> None:
    assert common_name("厢红伍村") == common_name("厢红五村村委会") == common_name("厢红５村")
    assert common_name("陆家村") != common_name("六家村")
    assert common_name("百合村") == "百合村"
    assert name_stem("二十五站村委会") == name_stem("廿五站") == "25站"
    assert sound_of("Xianghong Wu Cun") == sound_of("厢红五村")


def wangkui() -> tuple[list[NamedVillage], list[dict[str, str]], dict[str, tuple[float, float]]]:
    with WANGKUI.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["quality"] == "ok"]
    known = [
        NamedVillage(id=v.code, name=v.name, township_id=v.code[:9], wanted="村" in v.name)
        for v in villages_of("231221")
    ]
    return known, rows, {seat.code: (seat.lon, seat.lat) for seat in seats_of("231221")}


def score(
    known: list[NamedVillage], points: list[NamedPoint], seats: dict[str, tuple[float, float]]
) -> tuple[int, int]:
    found = [m for m in match_villages(known, points, seats) if m.verdict is MatchVerdict.FOUND]
    right = sum(match.points[0].id == match.village.id for match in found)
    return right, len(found) - right


@needs_wangkui
def test_real_villages_are_found_and_none_is_wrong() -> None:
    """Of 91 real points 72 are taken without a word of their townships: 6 of 15 seats are unknown; all where they say."""
    known, rows, seats = wangkui()
    points = [point(row["code"], row["village"], float(row["lon"]), float(row["lat"])) for row in rows]
    assert len(points) == 91
    right, wrong = score(known, points, seats)
    assert (wrong, right >= 70) == (0, True)
    told = [point(p.id, p.names[0], p.lon, p.lat, townships=[p.id[:9]]) for p in points]
    assert score(known, told, {}) == (91, 0)


@needs_wangkui
def test_hamlets_of_the_same_names_elsewhere_are_hardly_ever_taken() -> None:
    """Four points of ten missing, forty hamlets of villages' names around villages of other townships: precision 99 %."""
    known, rows, seats = wangkui()
    points = [point(row["code"], row["village"], float(row["lon"]), float(row["lat"])) for row in rows]
    right = wrong = 0
    for seed in range(8):
        chance = random.Random(seed)
        kept = [one for one in points if chance.random() < 0.6]
        for number in range(40):
            of, near = chance.choice(points), chance.choice(points)
            if of.id[:9] != near.id[:9]:
                at = near.lon + chance.gauss(0, 0.01), near.lat + chance.gauss(0, 0.01)
                kept.append(point(f"h{number}", f"{name_stem(of.names[0])}屯", *at))
        one_right, one_wrong = score(known, kept, seats)
        right, wrong = right + one_right, wrong + one_wrong
    assert right > 250
    assert wrong <= right / 100


def start(folder: Path, division: str) -> Path:
    app(["init", str(folder), "--division", division], standalone_mode=False)
    return folder


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@needs_harbin
def test_places_of_the_real_map_fill_in_villages_of_harbin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """香坊区幸福镇: eight of thirteen are on the map; 红星 may be 南岗区's and is left to people."""
    folder = start(tmp_path / "xiangfang", "230110")
    capsys.readouterr()
    app(["places", str(folder), str(HARBIN)], standalone_mode=False)
    said = capsys.readouterr().out
    filled = {row["name"]: row for row in rows_of(folder) if row["lon"]}
    names = {"幸福", "光明", "孙家", "西柞", "曹家", "信义", "北柞", "汲家"}
    assert set(filled) == {f"{name}村村委会" for name in names}
    assert {row["id"][:9] for row in filled.values()} == {"230110102"}
    assert {row["coordinate_source"] for row in filled.values()} == {"osm"}
    assert (filled["汲家村村委会"]["lon"], filled["汲家村村委会"]["lat"]) == ("126.747238", "45.740901")
    assert "Of 46 villages 8 have a position (17" in said
    assert "红星村村委会" in said
    with (folder / "positions.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["Village"]: row for row in csv.DictReader(file)}
    assert listed["红星村村委会"]["Result"] == "ambiguous"


@needs_harbin
@pytest.mark.parametrize(("division", "names"), [("230102", {"胜利村村委会"}), ("230109", {"松花江村村委会"})])
def test_names_that_two_districts_have_stay_open(tmp_path: Path, division: str, names: set[str]) -> None:
    found = propose_positions(load_config(start(tmp_path / "d", division)), [HARBIN])
    assert names <= {m.village.name for m in found.matches if m.verdict is MatchVerdict.AMBIGUOUS}


def geonames_row(id_: int, name: str, others: str, lon: float, lat: float, code: str = "PPL") -> str:
    kind = "A" if code.startswith("ADM") else "P"
    cells = [
        str(id_),
        name,
        name,
        others,
        f"{lat}",
        f"{lon}",
        kind,
        code,
        "CN",
        "",
        "08",
        *[""] * 6,
        "Asia/Shanghai",
        "",
    ]
    return "\t".join(cells)


def wangkui_lists(folder: Path) -> dict[str, Path]:
    """Write one made-up village point of 通江镇 in each form of list, in GCJ-02 for the table of a map firm."""
    lon, lat = 126.46, 46.66
    (amap_lon,), (amap_lat,) = from_wgs84([lon], [lat], Datum.GCJ02)
    name = next(v.name for v in villages_of("231221") if v.code.startswith("231221101") and "村" in v.name)
    stem = name_stem(name)
    lists = {"geonames": folder / "CN.zip", "csv": folder / "村点.csv", "xlsx": folder / "村点.xlsx"}
    rows = [geonames_row(1, "Somewhere", f"{stem},Whatever", lon, lat), geonames_row(2, "Far", "北京", 116.4, 39.9)]
    with zipfile.ZipFile(lists["geonames"], "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr("CN.txt", "\n".join(rows) + "\n")
    heading = ("名称", "乡镇", "经度", "纬度")
    lists["csv"].write_bytes(f"{','.join(heading)}\n{stem}村,望奎县通江镇,{lon},{lat}\n".encode("gb18030"))
    book = openpyxl.Workbook()
    for row in (heading, (f"望奎县通江镇{stem}村村委会", "", float(amap_lon), float(amap_lat))):
        book.active.append(row)
    book.save(lists["xlsx"])
    lists["geojson"] = folder / "村点.geojson"
    feature = {
        "type": "Feature",
        "properties": {"name": f"{stem}屯"},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }
    lists["geojson"].write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return lists


@pytest.mark.parametrize(
    ("form", "source"),
    [("geonames", "geonames"), ("csv", "村点.csv"), ("xlsx", "村点.xlsx"), ("geojson", "村点.geojson")],
)
def test_every_form_of_list_is_read_and_named(tmp_path: Path, form: str, source: str) -> None:
    folder = start(tmp_path / "wangkui", "231221")
    datum = Datum.GCJ02 if form == "xlsx" else None
    found = propose_positions(load_config(folder), [wangkui_lists(tmp_path)[form]], datum=datum)
    assert found.written == 1
    (row,) = (row for row in rows_of(folder) if row["lon"])
    assert row["id"].startswith("231221101")
    assert abs(float(row["lon"]) - 126.46) < 2e-6
    assert abs(float(row["lat"]) - 46.66) < 2e-6
    assert row["coordinate_source"] == source


def test_what_a_person_wrote_stays_and_the_table_keeps_its_datum(tmp_path: Path) -> None:
    folder = start(tmp_path / "wangkui", "231221")
    path = folder / "villages.csv"
    lists = wangkui_lists(tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    mine = next(i for i, line in enumerate(lines) if line.startswith("231221101"))
    lines[mine] = lines[mine].replace(",,,", ",126.5,46.7,", 1)
    path.write_text("\n".join(lines), encoding="gb18030")
    before = path.read_bytes()
    config = load_config(folder)
    assert propose_positions(config, [lists["csv"]]).written == 0
    assert path.read_bytes() == before  # not even written anew
    lines[mine] = lines[mine].replace(",126.5,46.7,", ",,,", 1)
    path.write_text("\n".join(lines), encoding="gb18030")
    shifted = config.model_copy(update={"area": config.area.model_copy(update={"datum": Datum.GCJ02})})
    assert propose_positions(shifted, [lists["geonames"]]).written == 1
    (lon,), (lat,) = from_wgs84([126.46], [46.66], Datum.GCJ02)
    (row,) = (row for row in rows_of(folder) if row["lon"])
    assert abs(float(row["lon"]) - lon) < 1e-6
    assert abs(float(row["lat"]) - lat) < 1e-6
    assert [row["name"] for row in rows_of(folder)] == [line.split(",")[1] for line in lines[1:]]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("1\tA\tA\t\t46\t126\tP\tPPL" + "\t" * 11 + "\n2\tB\n", "row 2: 2 columns, GeoNames has 19"),
        ("1\tA\tA\t\t46\t126\tP\tPPL" + "\t" * 11 + "\n2\tA\tA\t\tx\t126\tP\tPPL" + "\t" * 11, "row 2: cannot be read"),
    ],
)
def test_a_broken_list_of_geonames_names_its_row(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "CN.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Exception, match=fault):
        read_points(path, datum=Datum.WGS84, boundary=shapely.box(125, 45, 127, 47), townships=townships_of("231221"))
