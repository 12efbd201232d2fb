"""Fixtures that several rooms use: real roads, the demonstrations, and one world small enough to work out by hand."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.config import data_folder, load_config
from planner.kernels.cache import VARIABLE, kernels_folder
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import DayPlan, day_from_json, network_from_json
from planner.sandbox import apart, child_process
from planner.sandbox.caps import PREFIX

# Three villages along the equator, 0.1 degree apart: 6378137 * pi / 1800 = 11131.949 m, at 50 km/h 801.50 s. The
# fourth is eleven kilometres from any road. Names are such as would break a page, a formula or a file.
ROADS = """<osm version='0.6'>
<node id='1' version='1' lon='10.0' lat='0.0'/><node id='2' version='1' lon='10.1' lat='0.0'/>
<node id='3' version='1' lon='10.2' lat='0.0'/>
<way id='1' version='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/>
<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way></osm>
"""
VILLAGES = """编码,村名,name_latin,乡镇,经度,纬度,人口,户数,贫困村,贫困户,一村一品
west,西<b>村</b></script>,Xi,t1,10.0,0.0,100,30,否,0,
middle,=1+1村,Zhong,t1,10.1,0.0,200,60,是,20,大蒜
east,"东'""&村",Dong,t1,10.2,0.0,300,100,否,0,
island,岛村,Dao,t1,10.1,-0.1,50,20,否,0,
"""
TOWNSHIPS = "id,name,lon,lat,coordinate_source\nt1,道口镇,10.1,0.0,surveyed\n"
SITES = "tier,place,name,status\ncounty_hub,west,共配中心,existing\nservice_point,east,东村点,forbidden\n"
BOUNDARY = '{"type":"Polygon","coordinates":[[[9.95,-0.15],[10.25,-0.15],[10.25,0.05],[9.95,0.05],[9.95,-0.15]]]}'
CONFIG = """
schema = 1
seed = 1
[area]
id = "line"
name = "三村 <i>线</i>"
datum = "wgs84"
villages = "villages.csv"
townships = "townships.csv"
sites = "sites.csv"
boundary = "boundary.geojson"
roads = "roads.osm"
[[area.sources]]
what = "all of it"
origin = "worked out by hand"
licence = "as the project"
attribution = "worked <out>"
synthetic = true
[travel]
season = "summer"
season_days.summer = [["05-11", "10-31"]]
season_days.spring_thaw = [["04-01", "04-30"]]
season_days.drift_ice = [["05-01", "05-10"], ["11-01", "11-25"]]
season_days.frozen_river = [["11-26", "03-31"]]
season_days.provenance = "for the test"
provenance = "for the test"
[coverage.service_points]
objective = "LSCP"
standard_s = 900
opening_cost_yuan = 1000
provenance = "for the test"
[coverage.express_stations]
objective = "PMEDIAN"
count = 1
standard_s = 3600
opening_cost_yuan = 5000
provenance = "for the test"
[demand]
delivery_parcels_per_person_day = 0.1
pickup_parcels_per_person_day = 0.01
kg_per_parcel = 1.5
m3_per_parcel = 0.01
pickup_kg_per_product_household_day = 0.5
kg_per_m3_produce = 400
provenance = "for the test"
[routing]
date = 2026-11-10
opens = "07:00"
closes = "17:00"
service_base_s = 240
service_per_parcel_s = 6
provenance = "for the test"
iterations = 20
[[routing.vehicles]]
id = "van"
name = "厢式货车"
count = 2
capacity_kg = 1500
capacity_m3 = 8
fixed_cost_yuan = 150
cost_per_km_yuan = 1.2
cost_per_hour_yuan = 30
shift_start = "06:30"
shift_end = "17:30"
provenance = "for the test"
"""


# The same three villages on two ways, and the island behind a ferry of 0.1 degree of latitude on the equator, 11057.4 m:
# at 8 km/h and after 600 s of boarding 5575.8 s
RIVER = """<osm version='0.6'>
<node id='1' version='1' lon='10.0' lat='0.0'/><node id='2' version='1' lon='10.1' lat='0.0'/>
<node id='3' version='1' lon='10.2' lat='0.0'/><node id='4' version='1' lon='10.1' lat='-0.1'/>
<node id='5' version='1' lon='10.1' lat='-0.11'/>
<way id='1' version='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>
<way id='2' version='1'><nd ref='2'/><nd ref='3'/><tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>
<way id='3' version='1'><nd ref='2'/><nd ref='4'/><tag k='route' v='ferry'/></way>
<way id='4' version='1'><nd ref='4'/><nd ref='5'/><tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>
</osm>
"""
CLOSURE = """[[travel.closures]]
reason = "桥 <bridge>"
first = 2026-11-01
last = 2026-11-30
way_ids = [2]
"""


OWN_READER = apart._taken
"""A child for the files of one folder, as outside of tests."""

# compiled kernels alone are kept between runs of the tests: their folder's name is the hash of their sources
if (_kernels := kernels_folder()) is not None:
    os.environ[VARIABLE] = str(_kernels.parent)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs the demonstrations planned first is slow."""
    for item in items:
        if "demo_out" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests keep nothing in the folder of who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("kept")
        patch.setenv("PLANNER_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def _readers_outlive_folders() -> Iterator[None]:
    """Files of all tests are read by children that go on with the next test's folder, as long as no setting changes.

    That a folder has a child of its own is tried in ``tests/planner/sandbox``, with the original.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "_taken", lambda _: OWN_READER(Path(repr(_settings()))))
        yield


def _settings() -> list[object]:
    """Return what a child is started with."""
    named = (*child_process._PASSED_ON, *(name for name in os.environ if name.startswith(PREFIX)))
    return [*sys.path, *((name, os.environ.get(name)) for name in sorted(named))]


@pytest.fixture(scope="session")
def neubrandenburg_roads() -> Path:
    """The embedded extract of real OpenStreetMap roads."""
    return data_folder() / "areas" / "neubrandenburg" / "roads.osm.pbf"


def write_line_of_three_villages(folder: Path) -> Path:
    contents = {
        "roads.osm": ROADS,
        "villages.csv": VILLAGES,
        "townships.csv": TOWNSHIPS,
        "sites.csv": SITES,
        "boundary.geojson": BOUNDARY,
        "area.toml": CONFIG,
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def line_folder(tmp_path: Path) -> Path:
    """The folder of the line of three villages and an island, to be changed by the test."""
    folder = tmp_path / "line"
    folder.mkdir()
    return write_line_of_three_villages(folder)


@pytest.fixture
def river_folder(line_folder: Path) -> Path:
    """The same villages with the island behind a ferry; ``close`` of this module closes the way to the east."""
    (line_folder / "roads.osm").write_text(RIVER, encoding="utf-8")
    return line_folder


def close(folder: Path, closure: str = CLOSURE) -> Path:
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("[coverage.service_points]", f"{closure}[coverage.service_points]"), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> PlannedArea:
    """The plan of the line of three villages and an island."""
    return plan_area(load_config(write_line_of_three_villages(tmp_path_factory.mktemp("line"))))


@pytest.fixture(scope="session")
def demo_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``planner demo`` writes, to be read only: of several processes that test, the first to ask plans for all."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return write_demo(tmp_path_factory.mktemp("demo"))
    shared = tmp_path_factory.getbasetemp().parent / "demo"
    written, failed = shared.with_name("demo-written"), shared.with_name("demo-failed")
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(3000):  # ten minutes: a process that was killed says nothing
            if written.exists():
                return shared
            if failed.exists():
                break
            time.sleep(0.2)
        return write_demo(tmp_path_factory.mktemp("demo"))
    mark = failed
    try:
        write_demo(shared)
        mark = written
    finally:
        mark.touch()
    return shared


def write_demo(out: Path) -> Path:
    """Plan the areas into a folder, each in its own language: a test before may have asked for one."""
    from planner.cli.app import app
    from planner.cli.language import ask_language

    ask_language(None)
    app(["demo", "--out", str(out), "--store", f"sqlite:///{out}/planner.db"], standalone_mode=False)
    return out


def result_in(out: Path, area: str) -> DayPlan:
    """The one day that a folder of results has of an area, with its network."""
    network, day = folders_in(out, area)
    base = network_from_json((network / "network.json").read_text(encoding="utf-8"))
    return day_from_json((day / "day.json").read_text(encoding="utf-8"), base)


def folders_in(out: Path, area: str) -> tuple[Path, Path]:
    """The folders of the one network and the one day that a folder of results has of an area."""
    (network,), (day,) = (out / area / "network").iterdir(), (out / area / "days").glob("*/*")
    return network, day


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Path]:
    """An empty working folder."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)
