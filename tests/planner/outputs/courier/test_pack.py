"""The pack of a day: its files, their order, names and plates, the loading lists, and one ZIP."""

import csv
import io
import json
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import gpxpy
import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.outputs.courier import CourierDay, loading_csv, route_gpx, route_kml, route_page, write_pack
from planner.outputs.write import write_plan
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import DayPlan
from planner.routing.vehicle_order import vehicle_order
from planner.words import speaking
from tests.planner.outputs.courier.heilongjiang import LONG, NUMBER, PLATE, heilongjiang, route
from tests.planner.outputs.sheets_read import LINKS

GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def three(line: PlannedArea) -> DayPlan:
    """Three vehicles; van-2 reloads after its second stop. Documents of before have van-10 before van-2."""
    return heilongjiang(
        line,
        [
            route("van-1", [("sp-1", 25_200, 10), ("sp-2", 26_400, 20), ("sp-3", 27_600, 30)]),
            route("van-10", [("sp-4", 25_200, 5)]),
            route("van-2", [("sp-5", 25_200, 1), ("sp-6", 25_800, 2), ("sp-7", 28_000, 0), ("sp-8", 29_000, 4)], 2),
        ],
    )


def text_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL))


def test_the_zip_has_what_the_folder_has_and_the_same_bytes_each_time(three: DayPlan, tmp_path: Path) -> None:
    written = [write_pack(three, tmp_path / name, LINKS) for name in ("a", "b")]
    assert [path.read_bytes() for path in written[0]] == [path.read_bytes() for path in written[1]]
    kinds = ("html", "zh.html", "gpx", "kml", "csv", "geojson")
    vehicles = {f"{vehicle}.{kind}" for vehicle in ("van-1", "van-2", "van-10") for kind in kinds}
    pages = {"index.html", "index.en.html", "index.zh.html", "loading.csv"}
    assert {path.name for path in written[0]} == vehicles | pages | {"couriers.zip"}
    with zipfile.ZipFile(tmp_path / "a" / "couriers.zip") as archive:
        assert set(archive.namelist()) == vehicles | pages
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in vehicles:
            assert archive.read(name) == (tmp_path / "a" / name).read_bytes()
        links = {link for name in pages if name.endswith("html") for link in _links(archive.read(name).decode())}
    assert links <= vehicles | pages
    assert links >= {"van-10.html", "van-10.zh.html", "van-2.kml", "loading.csv"}


def _links(page: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith(("data:", "http", "geo:"))]


def test_vehicles_stand_in_their_natural_order(three: DayPlan, tmp_path: Path) -> None:
    write_pack(three, tmp_path, LINKS)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(van-\d+)\.html"', page) == ["van-1", "van-2", "van-10"]
    names = ["van-10", "truck-1", "van-2", "van-1"]
    assert sorted(names, key=vehicle_order) == ["truck-1", "van-1", "van-2", "van-10"]


def test_names_plates_and_numbers_stand_in_the_pack_and_nowhere_else(line_folder: Path, tmp_path: Path) -> None:
    config = line_folder / "area.toml"
    units = f'units = [{{ name = "1号车", plate = "{PLATE}" }}, {{ name = "2号车" }}]\n'
    config.write_text(
        config.read_text(encoding="utf-8").replace("count = 2\n", f"count = 2\n{units}"), encoding="utf-8"
    )
    (line_folder / "sites.csv").write_text(
        f"tier,place,name,status,公开电话\ncounty_hub,west,共配中心,existing,\nservice_point,middle,,candidate,{NUMBER}\n",
        encoding="utf-8",
    )
    made, out = plan_area(load_config(line_folder)), tmp_path / "out"
    for plan in (made.network, made.day):
        write_plan(plan, out / type(plan).__name__, home="zh")
    secret = [text.encode() for text in ("1号车", PLATE, NUMBER)]
    found = {path for path in out.rglob("*.*") if path.is_file() and any(one in _plain(path) for one in secret)}
    within = {path.relative_to(out).as_posix() for path in found}
    routes = "DayPlan/routes/"
    # the documents, from which the pack is written again, and the pack
    assert within == {
        *("DayPlan/day.json", "NetworkPlan/network.json"),
        *(
            f"{routes}{name}"
            for name in ("couriers.zip", "index.html", "index.zh.html", "index.en.html", "loading.csv")
        ),
        *(f"{routes}van-1.html", f"{routes}van-1.en.html"),
    }
    page = (out / routes / "van-1.html").read_text(encoding="utf-8")
    for wanted in (f"1号车 {PLATE}", "van-1", f"☎ {NUMBER}"):
        assert wanted in text_of(page)


def _plain(path: Path) -> bytes:
    """What a file holds, unpacked if it is an archive."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_there_are_as_many_names_as_vehicles_or_none(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("count = 2\n", 'count = 2\nunits = [{ name = "1号车" }]\n'), encoding="utf-8")
    with pytest.raises(BadDataError, match="units has 1 entries and count is 2: give one for each vehicle, or none"):
        load_config(line_folder)
    config.write_text(text.replace("count = 2\n", 'count = 2\nunits = [{ name = "1号车" }, {}]\n'), encoding="utf-8")
    with pytest.raises(BadDataError, match="give a name or a plate"):
        load_config(line_folder)


def test_what_comes_out_last_is_loaded_first_trip_by_trip(three: DayPlan) -> None:
    rows = list(csv.reader(io.StringIO(loading_csv(CourierDay.of(three)).decode("utf-8-sig"))))[1:]
    told = [(row[0], *map(int, row[3:6]), *row[7:10]) for row in rows]
    # parcels, 1.5 kg and 0.01 m³ each; sp-7 gets nothing and is not loaded for
    assert told == [
        ("van-1", 1, 1, 3, "30", "45.0", "0.30"),
        ("van-1", 1, 2, 2, "20", "30.0", "0.20"),
        ("van-1", 1, 3, 1, "10", "15.0", "0.10"),
        ("van-2", 1, 1, 2, "2", "3.0", "0.02"),
        ("van-2", 1, 2, 1, "1", "1.5", "0.01"),
        ("van-2", 2, 1, 4, "4", "6.0", "0.04"),
        ("van-10", 1, 1, 1, "5", "7.5", "0.05"),
    ]
    assert rows[0][1:3] == ["1号车", PLATE]
    assert "永合村" in rows[0][6]


def test_villages_named_alike_have_their_township(three: DayPlan) -> None:
    day = CourierDay.of(three)
    with speaking("zh"):
        page = text_of(route_page(CourierDay.of(three), day.routes[0], LINKS))
    assert page.count("永合村（道口镇）") == 4  # two stops, and each once in the loading list
    assert LONG in page


def test_gpx_has_its_elements_in_the_order_of_the_schema(three: DayPlan) -> None:
    day = CourierDay.of(three)
    for one in day.routes:
        text = route_gpx(day, one)
        root = ElementTree.fromstring(text)
        assert (root.tag, root.get("version")) == (f"{GPX}gpx", "1.1")
        assert root.get("creator")
        # GPX 1.1: metadata?, wpt*, rte*, trk*, extensions?; in metadata name, desc, author, copyright; in wpt name, desc
        assert _in_order(root, ("metadata", "wpt", "rte", "trk", "extensions"))
        assert _in_order(
            root.find(f"{GPX}metadata"), ("name", "desc", "author", "copyright", "link", "time", "keywords")
        )
        for point in root.findall(f"{GPX}wpt"):
            assert _in_order(point, ("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc"))
            assert -90 <= float(point.get("lat", "x")) <= 90
        assert all(child.tag == f"{GPX}trkpt" for seg in root.iter(f"{GPX}trkseg") for child in seg)
        read = gpxpy.parse(text)
        assert len(read.waypoints) == len(one.calls())
        assert len(read.tracks[0].segments) == len(one.legs())


def _in_order(element: ElementTree.Element | None, names: tuple[str, ...]) -> bool:
    assert element is not None
    places = [names.index(child.tag.removeprefix(GPX)) for child in element]
    return places == sorted(places)


def test_kml_has_the_stops_and_the_ways_and_escapes_names(three: DayPlan) -> None:
    sites = tuple(replace(one, name="<b>&村") if one.id == "sp-1" else one for one in three.area.sites)
    plan = replace(three, network=replace(three.network, area=replace(three.area, sites=sites)))
    day = CourierDay.of(plan)
    root = ElementTree.fromstring(route_kml(day, day.routes[0]))
    marks = list(root.iter(f"{KML}Placemark"))
    assert marks[0].findtext(f"{KML}name") == "1 <b>&村"
    points = [mark.findtext(f"{KML}Point/{KML}coordinates") for mark in marks[:3]]
    assert points == ["126.110000,47.604000", "126.120000,47.608000", "126.130000,47.612000"]
    assert len(list(root.iter(f"{KML}LineString"))) == 4
    assert (
        next(root.iter(f"{KML}LineString")).findtext(f"{KML}coordinates") == "126.100000,47.600000 126.110000,47.604000"
    )


@pytest.mark.slow
def test_the_pack_of_120_vehicles_is_complete_and_its_time_is_told(line: PlannedArea, tmp_path: Path, capsys) -> None:
    stops = [(f"sp-{n}", 25_200.0 + 600 * n, 2.0) for n in range(1, 11)]
    plan = heilongjiang(line, [route(f"van-{number}", stops) for number in range(1, 121)])
    vehicles = plan.config["routing"]["vehicles"]
    plan.config["routing"]["vehicles"] = [{key: value for key, value in vehicles[0].items() if key != "units"}]
    begun = time.process_time()
    written = write_pack(plan, tmp_path, LINKS)
    spent = time.process_time() - begun
    with capsys.disabled():
        print(f"\n120 vehicles, 1,200 stops: {len(written)} files in {spent:.1f} s of processor time")
    assert len(written) == 120 * 6 + 5
    report = json.loads(
        re.search(r'id="data">(.*?)</script>', (tmp_path / "van-120.html").read_text(encoding="utf-8"))[1]
    )
    assert (report["vehicle"], len(report["stops"])) == ("van-120", 10)
