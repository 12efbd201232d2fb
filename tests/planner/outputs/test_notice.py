"""Data that are only assumed say so in everything that is made from them, as synthetic data do."""

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from planner.model import AMOUNTS, DemandBasis, Produce
from planner.outputs.courier import write_pack
from planner.outputs.day_page import day_page
from planner.outputs.geofiles import routes_geojson, stations_geojson, write_day, write_network
from planner.outputs.lots import label_text
from planner.outputs.maps.coverage import coverage_map
from planner.outputs.maps.routes import routes_map
from planner.outputs.network_page import network_page
from planner.outputs.notice import notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.pictures import day_picture
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.outputs.write import write_plan
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import network_from_json, to_json
from planner.plans.lots import lots_of
from planner.words import speaking

WARNING = "contains assumed data"
LINKS = PageLinks(home="en")


@pytest.fixture
def assumed(line: PlannedArea) -> PlannedArea:
    """The plans of the line, its data said to be assumed instead of synthetic."""
    sources = tuple(replace(source, synthetic=False, assumed=True) for source in line.network.area.sources)
    network = replace(line.network, area=replace(line.network.area, sources=sources))
    return replace(line, network=network, day=replace(line.day, network=network))


def test_pages_and_files_say_what_is_assumed(tmp_path: Path, assumed: PlannedArea) -> None:
    pages = {
        "network": network_page(assumed.network, LINKS),
        "day": day_page(assumed.day, LINKS, network_href="x"),
        "coverage": coverage_map(assumed.network, LINKS),
        "routes": routes_map(assumed.day, LINKS),
    }
    for name, text in pages.items():
        assert WARNING in text, name
        assert "all of it" in text, name
        assert "synthetic" not in re.sub(r"<(style|script).*?</\1>", "", text, flags=re.DOTALL), name
    *files, archive = write_pack(assumed.day, tmp_path, LINKS)
    with zipfile.ZipFile(archive) as packed:
        contents = {f"in the archive: {name}": packed.read(name) for name in packed.namelist()}
    for name, content in {**{path.name: path.read_bytes() for path in files}, **contents}.items():
        assert (WARNING if ".zh." not in name else "含假设数据") in content.decode("utf-8-sig"), name
    for about in (stations_geojson(assumed.network)["about"], routes_geojson(assumed.day)["about"]):
        assert isinstance(about, dict)
        assert (about["synthetic"], about["assumed"]) == ([], ["all of it"])
        assert WARNING in about["notice"]


def test_each_sheet_and_the_geopackages_say_what_is_assumed(tmp_path: Path, assumed: PlannedArea) -> None:
    write_network_workbook(assumed.network, tmp_path / "network.xlsx")
    write_day_workbook(assumed.day, tmp_path / "day.xlsx")
    write_network(assumed.network, tmp_path / "network.gpkg")
    write_day(assumed.day, tmp_path / "day.gpkg")
    for name in ("network", "day"):
        for sheet in openpyxl.load_workbook(tmp_path / f"{name}.xlsx"):
            assert WARNING in str(sheet["A1"].value), sheet.title
            assert sheet.oddHeader.center.text == sheet["A1"].value, sheet.title
        about = pyogrio.read_dataframe(tmp_path / f"{name}.gpkg", layer="about")
        assert "all of it" in about["value"].tolist()
        assert about["value"].str.contains(WARNING).any()


@pytest.mark.parametrize("entered", [True, False])
def test_all_files_of_a_day_warn_of_what_its_figures_rest_on_and_of_nothing_else(
    line: PlannedArea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entered: bool
) -> None:
    """Parcels a head are assumed in the configuration; a day whose parcels were all entered does not rest on them."""
    area = line.network.area
    real = replace(area, sources=tuple(replace(source, synthetic=False) for source in area.sources))
    config = {**line.day.config, "demand": {**line.day.config["demand"], "provenance": "assumption: made up"}}
    basis = dict.fromkeys(AMOUNTS, DemandBasis.ORDERED) if entered else {}
    rice = (Produce(village_id="middle", product="rice", kg=3.0),)
    demand = replace(
        line.day.demand, points=tuple(replace(p, basis=basis, produce=rice) for p in line.day.demand.points)
    )
    day = replace(line.day, network=replace(line.network, area=real), config=config, demand=demand)
    drawn: list[str] = []

    def texts_of(_: object, __: object, draw: Callable[[Figure], None]) -> bytes:
        draw(figure := Figure(figsize=(8, 5)))
        drawn.append("\n".join(one.get_text() for one in figure.findobj(Text)))
        return b""

    monkeypatch.setattr(day_picture, "to_bytes", texts_of)
    files = [path for path in write_plan(day, tmp_path, home="en") if path.suffix not in {".png", ".pdf", ".json"}]
    told = {path.name: _all_text(path) for path in files} | {"picture": drawn[0]}
    told["label"] = label_text(day, lots_of(day)[0])
    told["day as JSON"] = str(routes_geojson(day)["about"])
    assert {"index.html", "routes.html", "lots.html", "lots.csv", "day.xlsx", "day.gpkg"} < set(told)
    warned = {name for name, text in told.items() if "assumed data" in text or "含假设数据" in text}
    assert warned == (set() if entered else set(told))


def _all_text(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", errors="replace")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode("utf-8", errors="replace") for name in packed.namelist())


def test_where_both_kinds_are_each_part_says_which_it_is(line: PlannedArea) -> None:
    (source,) = line.network.area.sources
    area = replace(line.network.area, sources=(source, replace(source, what="demand", synthetic=False, assumed=True)))
    notice = notice_of(area)
    assert "contains synthetic data and assumptions" in notice.text
    assert [part.split(": ")[1] for part in notice.parts] == ["all of it", "demand"]
    assert ["synthetic" in part for part in notice.parts] == [True, False]
    with speaking("zh"):
        assert "含合成数据和假设" in notice_of(area).text
    real = replace(area, sources=(replace(source, synthetic=False),))
    assert notice_of(real) == ("", ())


def test_plans_written_before_sources_could_be_assumed_are_read(line: PlannedArea) -> None:
    document = json.loads(to_json(line.network))
    for source in [*document["area"]["sources"], *document["config"]["area"]["sources"]]:
        del source["assumed"]
    assert network_from_json(json.dumps(document)).area == line.network.area
