"""What `planner check` doubts is among the findings of a plan: the same warnings, whatever is wrong."""

import random
from dataclasses import replace

import pytest

from planner.config import load_config
from planner.geodata.assemble import read_area_with_findings
from planner.geodata.doctor import check_area
from planner.geodata.rejects import RejectsFile
from planner.outputs.remark_groups import remark_groups
from planner.words import speaking
from tests.conftest import write_line_of_three_villages

HEADINGS = "id,name,name_latin,township,lon,lat,population,households,facilities\n"
TOWNSHIPS = "id,name,lon,lat,coordinate_source\nt1,甲镇,10.0,0.0,surveyed\nt2,乙镇,10.9,0.0,surveyed\n"
BOUNDARY = '{"type":"Polygon","coordinates":[[[9.9,-0.2],[11.0,-0.2],[11.0,0.2],[9.9,0.2],[9.9,-0.2]]]}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = write_line_of_three_villages(tmp_path_factory.mktemp("doubts"))
    (made / "sites.csv").write_text("tier,place,name,status\ncounty_hub,t1,共配中心,existing\n", encoding="utf-8")
    (made / "townships.csv").write_text(TOWNSHIPS, encoding="utf-8")
    (made / "boundary.geojson").write_text(BOUNDARY, encoding="utf-8")
    config = made / "area.toml"
    crs = 'id = "line"\nmetric_crs = "EPSG:32632"'
    config.write_text(config.read_text(encoding="utf-8").replace('id = "line"', crs), encoding="utf-8")
    return made


def table(rng):
    """Return rows with faults, and which codes of doubt they must give, by village id."""
    rows, expected = [], set()

    def add(id_, name, lon, lat, township="t1", people=100, facility=""):
        rows.append(f"{id_},{name},V,{township},{lon:.5f},{lat:.5f},{people},30,{facility}\n")

    for number in range(rng.randint(2, 5)):
        add(f"g{number}", f"平{'一二三四五'[number]}村", 10.01 + number * 0.01, 0.01)
    if rng.random() < 0.5:
        lon, count = rng.uniform(10.1, 10.2), rng.randint(2, 5)
        for number in range(count):
            add(f"s{number}", f"同{'一二三四五'[number]}村", lon, 0.05)
            expected.add(("same_position", f"同{'一二三四五'[number]}村"))
    if rng.random() < 0.5:  # 90 km from its own seat, beside the other
        add("far", "远村", 10.85, -0.05)
        expected.add(("far_from_seat", "远村"))
    if rng.random() < 0.5:
        for number, name in enumerate(("重名村", "重名村")):
            add(f"n{number}", name, 10.05, -0.03 - number * 0.01)
        expected.add(("same_name", "重名村"))
    if rng.random() < 0.3:
        add("mill", "磨村", 10.04, 0.08, facility="水磨坊")
        expected.add(("unknown_facility", ""))
    if rng.random() < 0.3:
        add("edge", "边村", 10.3, 0.203)  # 330 m outside
        expected.add(("outside", "10.30000, 0.20300"))
    if rng.random() < 0.3:
        add("out", "外村", 12.0, 0.0)
    if rng.random() < 0.3:
        add("none", "无人村", 10.07, 0.09, people=0)
        expected.add(("no_people", "0"))
    rng.shuffle(rows)
    return HEADINGS + "".join(rows), expected


def test_200_areas_are_doubted_alike_by_check_and_plan(folder):
    for seed in range(200):
        text, expected = table(random.Random(seed))
        (folder / "villages.csv").write_text(text, encoding="utf-8")
        config = load_config(folder)
        plan = read_area_with_findings(config, rejects=RejectsFile(path=folder / f"r-{seed}.csv")).findings
        check = check_area(config).findings
        warned = {one for one in plan if one.severity == "warning"}
        assert warned == {one for one in check if one.severity == "warning"}, (seed, text)
        found = {(one.code, one.value) for one in warned}
        assert expected <= found, (seed, text)
        kinds = {"same_position", "far_from_seat", "same_name", "unknown_facility", "outside"}
        assert {pair for pair in found if pair[0] in kinds} <= expected


def test_18_villages_on_one_spot_are_one_line_with_names_and_a_fold(folder):
    lines = [f"s{n:02d},村{n:02d},V,t1,10.10000,0.05000,100,30,\n" for n in range(18)]
    (folder / "villages.csv").write_text(HEADINGS + "".join(lines), encoding="utf-8")
    findings = read_area_with_findings(load_config(folder)).findings
    for language, words in (("en", "18 of one kind (村00"), ("zh", "同类 18 条（村00")):
        with speaking(language):
            (group,) = [one for one in remark_groups(findings) if one.each]
        assert group.text.startswith(words)
        assert "13" in group.text  # five by name
        assert (len(group.each), group.more) == (18, 0)
    three = [finding for finding in findings if finding.code == "same_position"][:3]
    assert [one.each for one in remark_groups(three)] == [(), (), ()]
    many = remark_groups([replace(three[0], row=row) for row in range(80)])
    assert [(len(one.each), one.more) for one in many] == [(50, 30)]
