"""The embedded area of real villages of Heilongjiang holds what its sources have, and says what they do not."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import osmium
import pytest
import shapely

from planner.config import data_folder, load_config
from planner.geodata.assemble import read_area
from planner.model import CoordinateSource, PopulationSource, StudyArea, Tier
from planner.pipeline.examine import examine_files

FOLDER = data_folder() / "areas" / "harbin"
WITH_CODES = {
    "230110102": {"幸福村", "光明村", "孙家村", "西柞村", "曹家村", "信义村", "北柞村", "汲家村"},
    "230103101": {"靠山村", "新胜村"},
}


@pytest.fixture(scope="module")
def harbin() -> StudyArea:
    return read_area(load_config("harbin"))


@pytest.fixture(scope="module")
def register() -> dict[str, str]:
    """The province's divisions by code, read without the planner."""
    with zipfile.ZipFile(data_folder() / "boundaries" / "register.zip") as archive:
        return dict(csv.reader(archive.read("23/divisions.csv").decode().splitlines()))


def test_villages_stand_where_openstreetmap_has_them(harbin: StudyArea) -> None:
    tagged = {}
    for node in osmium.FileProcessor(str(FOLDER / "roads.osm.pbf"), osmium.osm.NODE).with_filter(
        osmium.filter.KeyFilter("place")
    ):
        if isinstance(node, osmium.osm.Node) and node.tags["place"] == "village":
            tagged[node.tags["name"]] = (node.location.lon, node.location.lat, "population" in node.tags)
    assert set(tagged) - {"太阳岛街道"} == {village.name for village in harbin.villages}
    assert len(harbin.villages) == 27
    for village in harbin.villages:
        assert (village.lon, village.lat) == pytest.approx(tagged[village.name][:2], abs=1e-6)
        assert village.coordinate_source is CoordinateSource.OSM
    assert not any(population for *_, population in tagged.values())  # so that all of it is an estimate


def test_codes_are_given_where_a_name_stands_once_in_its_township(harbin: StudyArea, register: dict[str, str]) -> None:
    coded = {village.id: village for village in harbin.villages if village.id.isdigit()}
    found: dict[str, set[str]] = {}
    for code, village in coded.items():
        assert register[code].startswith(village.name)
        assert code[:9] == village.township_id
        alike = [other for other, name in register.items() if other[:9] == code[:9] and name.startswith(village.name)]
        assert alike == [code]
        found.setdefault(village.township_id, set()).add(village.name)
    assert found == WITH_CODES
    ambiguous = {"胜利村", "红星村", "松花江村"}
    assert ambiguous <= {village.name for village in harbin.villages if village.id.startswith("n")}


def test_every_village_is_in_the_district_of_its_township(harbin: StudyArea, register: dict[str, str]) -> None:
    with zipfile.ZipFile(data_folder() / "boundaries" / "register.zip") as archive:
        counties = json.loads(archive.read("23/counties.geojson"))["features"]
    districts = {str(one["properties"]["adcode"]): shapely.geometry.shape(one["geometry"]) for one in counties}
    for village in harbin.villages:
        assert districts[village.township_id[:6]].contains(shapely.Point(village.lon, village.lat)), village.name
    for township in harbin.townships:
        if len(township.id) == 9:
            assert register[township.id] == township.name
    assert Counter(len(township.id) for township in harbin.townships) == {6: 3, 9: 2}


def test_people_are_an_estimate_by_the_rule_that_the_area_states(harbin: StudyArea) -> None:
    # 10,952,394 rural people over about 9,040 villages are 1,211, taken as 1,200; 1200 / 2.22 = 540.5, 300 / 2.22 = 135.1
    for village in harbin.villages:
        assert (village.population, village.households) == ((1200, 541) if village.name.endswith("村") else (300, 135))
        assert village.population_source is PopulationSource.ESTIMATE
    assert sum(village.population for village in harbin.villages) == 20 * 1200 + 7 * 300
    said = " ".join(part.in_language("en") for part in harbin.assumed_parts)
    for part in ("1,200", "frame", "townships", "hub"):
        assert part in said


def test_what_is_not_known_to_exist_is_a_candidate(harbin: StudyArea) -> None:
    assert {site.status for site in harbin.sites} == {"candidate"}
    (hub,) = harbin.sites_of(Tier.COUNTY_HUB)
    assert "假定" in hub.name
    attributions = " ".join(part.in_language("zh") for part in harbin.attributions)
    for source in ("OpenStreetMap", "国家统计局", "天地图"):
        assert source in attributions


def test_examining_it_finds_no_fault() -> None:
    report = examine_files([FOLDER], datum=None)
    assert [finding for finding in report.findings if finding.severity != "note"] == []


def test_an_area_that_lies_in_one_county_is_still_held_against_its_register(tmp_path: Path) -> None:
    """The same area with what is in 香坊区 alone: the register lists 38 villages more than the 8 that have codes."""
    shutil.copytree(FOLDER, tmp_path / "xiangfang")
    for name in ("villages.csv", "townships.csv"):
        path = tmp_path / "xiangfang" / name
        rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([rows[0], *(row for row in rows if row.startswith("230110"))]), encoding="utf-8")
    found = {finding.code for finding in examine_files([tmp_path / "xiangfang"], datum=None).findings}
    assert "register_count" in found
