"""Days on a network that stays as it is: what is open on a date, which season it has, and that both are said."""

import datetime
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from planner.cli.plan_tables import print_day
from planner.config import load_config
from planner.errors import BadDataError, UsageError
from planner.outputs.day_page import day_page, season_text
from planner.outputs.page_links import PageLinks
from planner.outputs.stage_in_force import stage_text
from planner.outputs.workbook import write_day_workbook
from planner.outputs.write import write_plan
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.site import plan_network
from planner.plans import DayPlan, NetworkPlan, day_from_json, to_json
from planner.words import speaking
from tests.conftest import result_in, write_line_of_three_villages

DAY = datetime.date
LINKS = PageLinks(home="en")
# within 100 s a point serves its own village only: for 1000 yuan the one in the middle (200 people) in 2026, from 2027 on
# the one in the west (100 people) too; the site in the east is forbidden
PHASES = """
[[coverage.phases]]
name = "first"
{first}budget_yuan = 1000
provenance = "a test"
[[coverage.phases]]
name = "second"
{second}budget_yuan = 1000
provenance = "a test"
"""
YEARS = {"first": "first = 2026\nlast = 2026\n", "second": "first = 2027\nlast = 2028\n"}


def write_phases(folder: Path, **days: str) -> Path:
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 100")
    text = text.replace('objective = "LSCP"', 'objective = "MCLP"')
    config.write_text(text + PHASES.format(**({"first": "", "second": ""} | days)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_phases(write_line_of_three_villages(tmp_path_factory.mktemp("line")), **YEARS)


@pytest.fixture(scope="module")
def network(folder: Path) -> NetworkPlan:
    return plan_network(AreaRun.for_siting(load_config(folder)))


def visited(plan: DayPlan) -> set[str]:
    return {visit.stop_id for route in plan.routes.routes for visit in route.visits}


@pytest.mark.parametrize(
    ("date", "stage", "opened"),
    [
        (DAY(2026, 1, 1), 0, {"sp-middle"}),
        (DAY(2026, 12, 31), 0, {"sp-middle"}),
        (DAY(2027, 1, 1), 1, {"sp-middle", "sp-west"}),
        (DAY(2028, 12, 31), 1, {"sp-middle", "sp-west"}),
        (DAY(2035, 5, 5), 1, {"sp-middle", "sp-west"}),  # after the last phase all stays open
    ],
)
def test_a_day_visits_what_is_open_on_its_date(
    folder: Path, network: NetworkPlan, date: datetime.date, stage: int, opened: set[str]
) -> None:
    plan = plan_day(network, load_config(folder), date=date).plan
    assert (plan.date, plan.stage, plan.demand.date) == (date, stage, date)
    # the station in the middle opens with the first point; the east, without a point, hands over in the middle
    assert set(plan.open_stage.opened) == {*opened, "es-t1"}
    assert visited(plan) == {point.site_id for point in plan.demand.points} == opened
    with speaking("en"):
        assert ("after the last phase" in stage_text(plan)) == (date > DAY(2028, 12, 31))


def test_a_date_before_the_first_phase_is_refused(folder: Path, network: NetworkPlan) -> None:
    with pytest.raises(UsageError, match=r"the network .* begins on 2026-01-01, 2025-12-31 is before"):
        plan_day(network, load_config(folder), date=DAY(2025, 12, 31))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_phases_without_years_use_the_finished_network_and_that_is_said(line_folder: Path, lang: str) -> None:
    config = load_config(write_phases(line_folder))
    network = plan_network(AreaRun.for_siting(config))
    assert [(stage.name, stage.first, stage.last) for stage in network.stages] == [
        ("first", None, None),
        ("second", None, None),
    ]
    for date in (DAY(2025, 12, 31), DAY(2026, 11, 10)):
        plan = plan_day(network, config, date=date).plan
        assert (plan.stage, visited(plan)) == (1, {"sp-middle", "sp-west"})
    with speaking(lang):
        said = stage_text(plan)
        assert bool(re.search("[\u4e00-\u9fff]", said)) is (lang == "zh")
        assert "2026-11-10" in said
        assert said in day_page(plan, LINKS, network_href="x")
        assert said in printed(plan)


def printed(plan: DayPlan) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    print_day(console, plan, Path("out"))
    return console.export_text()


def test_the_day_of_another_area_is_refused(network: NetworkPlan, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('id = "line"', 'id = "other"'), encoding="utf-8")
    with pytest.raises(BadDataError, match="the network is of line, not of other"):
        plan_day(network, load_config(line_folder))


def test_a_date_has_its_season_and_a_contradiction_is_said(folder: Path, network: NetworkPlan) -> None:
    config = load_config(folder)  # it says summer
    july, january = (plan_day(network, config, date=date).plan for date in (DAY(2026, 7, 15), DAY(2027, 1, 15)))
    assert (july.season.season, july.season.of_date, july.season.contradicts) == ("summer", "summer", False)
    assert season_text(july) == ""
    assert (january.season.season, january.season.by, january.season.contradicts) == ("summer", "configuration", True)
    assert january.season.of_date == "frozen_river"
    assert january.roads.season == "summer"
    said = season_text(january)
    assert said in day_page(january, LINKS, network_href="x")
    assert said in printed(january)
    free = config.model_copy(update={"travel": config.travel.model_copy(update={"season": None})})
    by_date = plan_day(network, free, date=DAY(2027, 1, 15)).plan
    assert (by_date.season.season, by_date.season.by, by_date.roads.season) == (
        "frozen_river",
        "date",
        "frozen_river",
    )
    assert season_text(by_date) == ""
    # roads of the frozen river are slower than those of summer
    assert by_date.routes.routes[0].driving_s > january.routes.routes[0].driving_s


def four_seasons() -> Iterator[datetime.date]:
    """Ten days: of winter, spring thaw, drift ice, summer and phases to come."""
    yield from (DAY(2026, month, 15) for month in (1, 4, 5, 7, 9, 11))
    yield from (DAY(2027, 1, 1), DAY(2028, 2, 29), DAY(2029, 3, 1), DAY(2030, 8, 8))


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_sheet_of_a_day_in_another_season_says_so(folder: Path, network: NetworkPlan, tmp_path: Path) -> None:
    plan = plan_day(network, load_config(folder).under(season="summer"), date=DAY(2026, 1, 15)).plan
    assert plan.season.contradicts
    with speaking("en"):
        write_day_workbook(plan, tmp_path / "day.xlsx")
        said = season_text(plan)
    for sheet in openpyxl.load_workbook(tmp_path / "day.xlsx"):
        assert said in str(sheet["A1"].value), sheet.title


@pytest.mark.slow
def test_ten_days_in_four_seasons_leave_the_network_as_it_is_byte_for_byte(
    folder: Path, network: NetworkPlan, tmp_path: Path
) -> None:
    config = load_config(folder)
    config = config.model_copy(update={"travel": config.travel.model_copy(update={"season": None})})
    write_plan(network, tmp_path, home="en")
    before, files = to_json(network), files_in(tmp_path)
    days = [plan_day(network, config, date=date).plan for date in four_seasons()]
    assert len({day.id for day in days}) == 10
    assert len({day.season.season for day in days}) >= 4
    assert {day.network.id for day in days} == {network.id}
    assert to_json(network) == before
    write_plan(network, tmp_path / "again", home="en")
    assert files_in(tmp_path / "again") == files
    for day in days:
        assert day_from_json(to_json(day), network) == day


@pytest.mark.slow
def test_the_same_day_twice_gives_the_same_files_byte_for_byte(
    folder: Path, network: NetworkPlan, tmp_path: Path
) -> None:
    for name, cache in (("first", None), ("second", tmp_path / "kept"), ("third", tmp_path / "kept")):
        planned = plan_day(network, load_config(folder), date=DAY(2026, 11, 10), cache=cache)
        write_plan(planned.plan, tmp_path / name, home="en")
    first = files_in(tmp_path / "first")
    beside = {"day.json", "day.xlsx", "day.gpkg", "lots.csv", "routes.png", "routes.pdf"}
    pages = {
        "index.html",
        "index.en.html",
        "index.zh.html",
        "routes.html",
        "routes.zh.html",
        "lots.html",
        "lots.zh.html",
    }
    pack = {
        "index.html",
        "index.en.html",
        "index.zh.html",
        "loading.csv",
        "couriers.zip",
        "van-1.html",
        "van-1.zh.html",
    }
    route = {f"van-1.{kind}" for kind in ("gpx", "kml", "csv", "geojson")}
    assert set(first) == beside | pages | {f"routes/{name}" for name in pack | route}
    assert files_in(tmp_path / "second") == files_in(tmp_path / "third") == first


def test_baiquan_visits_no_site_of_a_later_phase(demo_out: Path) -> None:
    plan = result_in(demo_out, "baiquan")
    assert (plan.date, plan.stage, plan.open_stage.name) == (DAY(2026, 11, 10), 0, "2026")
    phase = plan.network.phase_of_site
    assert {number for site_id, number in phase.items()} == {0, 1, 2}
    assert {phase[site_id] for site_id in visited(plan)} == {0}
    assert {phase[point.site_id] for point in plan.demand.points} == {0}
    assert set(plan.open_stage.opened) == {site_id for site_id, number in phase.items() if number == 0}
    stages = plan.network.stages
    assert [(stage.first, stage.last) for stage in stages] == [
        (DAY(2026, 1, 1), DAY(2026, 12, 31)),
        (DAY(2027, 1, 1), DAY(2028, 12, 31)),
        (DAY(2029, 1, 1), DAY(2030, 12, 31)),
    ]
    for before, after in itertools.pairwise(stages):
        assert set(before.opened) < set(after.opened)


def test_a_day_at_a_closed_site_is_refused(network: NetworkPlan, folder: Path) -> None:
    later = plan_day(network, load_config(folder), date=DAY(2027, 1, 1)).plan
    too_early = replace(later, stage=0)
    with pytest.raises(BadDataError, match="the site sp-west is not open on 2027-01-01"):
        day_from_json(to_json(too_early), network)
