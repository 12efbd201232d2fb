"""What planning refuses, the check of the same area reports; what the check passes can be planned."""

import itertools
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import PlannerError
from planner.geodata import Severity
from planner.pipeline.examine import examine_files
from planner.pipeline.whole_plan import plan_area
from tests.conftest import BOUNDARY, CLOSURE

TIER, STATIONS, VEHICLE = "[coverage.service_points]", "[coverage.express_stations]", 'id = "van"'
CHANGES: dict[str, tuple[str, str, str]] = {
    # file, what is replaced, by what
    "closure of no road": ("area.toml", TIER, CLOSURE.replace("way_ids = [2]", "way_ids = [99]") + TIER),
    "no such depot": ("area.toml", VEHICLE, f'{VEHICLE}\ndepot_id = "nowhere"'),
    "no such end": ("area.toml", VEHICLE, f'{VEHICLE}\nend_depot_id = "nowhere"'),
    "window of no site": (
        "area.toml",
        "[[routing.vehicles]]",
        '[[routing.windows]]\nsite_id = "x"\nopens = "08:00"\ncloses = "09:00"\n[[routing.vehicles]]',
    ),
    "no such township": ("area.toml", TIER, f'{TIER}\ntownships = [{{township = "nowhere", least = 1}}]'),
    "no such township for stations": ("area.toml", STATIONS, f'{STATIONS}\ntownships = [{{township = "x", most = 1}}]'),
    "township without a station": ("area.toml", STATIONS, f"{STATIONS}\ntownship_least = 2"),
    "closing costs of nothing": ("area.toml", TIER, f"{TIER}\nclosing_cost_yuan = 5"),
    "closing costs missing": ("sites.csv", "tier,place,name,status", "tier,place,name,status,可关闭"),
    "no such season": ("area.toml", 'season = "summer"', 'season = "monsoon"'),
    "no such season of siting": ("area.toml", TIER, f'[coverage]\nseason = "monsoon"\n{TIER}'),
    "no such vehicle": ("area.toml", 'season = "summer"', 'season = "summer"\nvehicle = "rocket"'),
    "no such profile": ("area.toml", VEHICLE, f'{VEHICLE}\nprofile = "rocket"'),
    "no roads": ("area.toml", 'roads = "roads.osm"', 'roads = "elsewhere.osm"'),
    "roads of nothing": ("roads.osm", "highway", "waterway"),
    "no such village table": ("area.toml", 'villages = "villages.csv"', 'villages = "x.csv"'),
    "no such townships": ("area.toml", 'townships = "townships.csv"', 'townships = "x.csv"'),
    "no such sites": ("area.toml", 'sites = "sites.csv"', 'sites = "x.csv"'),
    "no such boundary": ("area.toml", 'boundary = "boundary.geojson"', 'boundary = "x.geojson"'),
    "village outside": ("villages.csv", "10.2,0.0,300", "12.2,0.0,300"),
    "village twice": ("villages.csv", "island,", "east,"),
    "village without people": ("villages.csv", "10.1,0.0,200", "10.1,0.0,"),
    "village of no township": ("villages.csv", "Zhong,t1", "Zhong,t9"),
    "site of no place": ("sites.csv", "service_point,east", "service_point,nowhere"),
    "no such status": ("sites.csv", "forbidden", "perhaps"),
    "hub forbidden": ("sites.csv", "共配中心,existing", "共配中心,forbidden"),
    "date before the phases": (
        "area.toml",
        STATIONS,
        f'{STATIONS}\n[[coverage.phases]]\nname = "a"\nfirst = 2030\nlast = 2031\ncount = 2\nprovenance = "x x"\n'.replace(
            STATIONS, ""
        )
        + STATIONS,
    ),
    "crossing boundary": ("boundary.geojson", "[10.25,-0.15],[10.25,0.05]", "[10.25,0.05],[10.25,-0.15]"),
    "boundary of lines that close": ("boundary.geojson", '"Polygon"', '"MultiLineString"'),
    "boundary of a point": ("boundary.geojson", BOUNDARY, '{"type":"Point","coordinates":[10,0]}'),
    "boundary in metres": ("boundary.geojson", "9.95", "995000"),
    "sees no change": ("area.toml", "seed = 1", "seed = 2"),
    "a village more": ("sites.csv", "forbidden", "existing"),
    "a point that need not be": ("villages.csv", "是,20", "否,20"),
}


HARMLESS = {"township without a station", "closing costs missing", "sees no change", "a village more"}
HARMLESS |= {"a point that need not be", "boundary of lines that close"}
"""What can be planned: a demand that nothing meets is answered by a plan that says so."""


def changed(folder: Path, *names: str) -> Path:
    for name in names:
        file, before, after = CHANGES[name]
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text or len(names) > 1, name
        text = text.replace(before, after)
        if name == "closing costs missing":
            text = text.replace("forbidden", "existing,是").replace("共配中心,existing", "共配中心,existing,")
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> bool:
    try:
        plan_area(load_config(folder))
    except PlannerError:
        return True
    return False


def reported(folder: Path) -> bool:
    try:
        report = examine_files([folder], datum=None)
    except PlannerError:  # the configuration itself, which both refuse when it is read
        return True
    return any(finding.severity is Severity.ERROR for finding in report.findings)


@pytest.mark.parametrize("name", CHANGES)
def test_check_and_plan_agree(line_folder: Path, name: str) -> None:
    folder = changed(line_folder, name)
    found = reported(folder)
    assert found == (name not in HARMLESS)
    assert found == refused(folder)


@pytest.mark.slow
def test_check_and_plan_agree_on_two_changes_at_once(tmp_path: Path) -> None:
    from tests.conftest import write_line_of_three_villages

    pairs = list(itertools.combinations(CHANGES, 2))[::40]
    for number, names in enumerate(pairs):
        folder = tmp_path / str(number)
        folder.mkdir()
        changed(write_line_of_three_villages(folder), *names)
        assert reported(folder) == refused(folder), names
    assert len(pairs) > 10
