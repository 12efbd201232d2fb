"""The frontier of an area from its files, on the line of three villages: west, where the hub is, middle and east.

Nobody may build in the east, and 10 minutes are the standard, so each village that is covered has its own point. West has
20 people, middle 200, east 300, and 50 live on an island without a road: points in west and middle cover 220 of 570.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import PlanConfig, load_config
from planner.errors import BadDataError, PlanRejectedError
from planner.outputs.frontier_files import write_frontier
from planner.outputs.frontier_page import frontier_answers, frontier_basis, frontier_csv, frontier_rows
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.frontier import FrontierWish, network_of_point, study_frontier
from planner.pipeline.site import plan_network
from planner.plans.frontier_study import FrontierStudy
from planner.service.frontier import FrontierAim
from planner.words import LANGUAGES, speaking
from tests.conftest import write_line_of_three_villages

QUICK = FrontierWish(iterations=100)

# The van drives 11131.949 m at 50 km/h (801.5 s) from the hub in the west to the middle, and back. All points together hand
# over 0.11 parcels a person, 62.7 in all, 6 s each, spread over the two points; a stop takes 240 s and 188.1 s of these.
STOP_S = 240.0 + 6.0 * 570 * 0.11 / 2
ONE_YUAN = 365 * (150.0 + 1.2 * 22.263898 + 30.0 * (2 * 801.5 + STOP_S) / 3600)
BOTH_YUAN = ONE_YUAN + 365 * 30.0 * STOP_S / 3600


def write_line(folder: Path, **changes: str) -> PlanConfig:
    """Write the line with texts of its area.toml replaced, each ``old`` by what is given for it."""
    write_line_of_three_villages(folder)
    villages = folder / "villages.csv"
    villages.write_text(villages.read_text(encoding="utf-8").replace(",100,30,", ",20,6,"), encoding="utf-8")
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 600")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    config.write_text(text, encoding="utf-8")
    return load_config(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> AreaRun:
    return AreaRun.for_siting(write_line(tmp_path_factory.mktemp("frontier")))


@pytest.fixture(scope="module")
def study(run: AreaRun) -> FrontierStudy:
    return study_frontier(run, wish=QUICK)


def test_figures_are_those_worked_out_by_hand(study: FrontierStudy) -> None:
    one, both = study.frontier.points
    assert (one.site_ids, both.site_ids) == (("sp-middle",), ("sp-middle", "sp-west"))
    assert (one.covered, both.covered) == (200.0, 220.0)
    assert both.coverage == pytest.approx(220 / 570)
    assert (one.sites_yuan, both.sites_yuan) == (100.0, 200.0)  # a tenth of 1,000 yuan each
    assert one.routes_yuan == pytest.approx(ONE_YUAN, rel=1e-5)
    assert both.routes_yuan == pytest.approx(BOTH_YUAN, rel=1e-5)
    assert study.is_coverage_only(both)
    assert both.routing_yuan == pytest.approx(both.routes_yuan)


def test_room_is_taken_by_what_fills_the_vehicle_first(study: FrontierStudy) -> None:
    taken = dict(zip(study.problem.village_ids, study.problem.demand.tolist(), strict=True))
    # down 0.1 parcels a person, 0.01 m3 each, of 8 m3: 300 people take 0.3; up 60 households' garlic, 30 kg of 400 a m3, and
    # 2 parcels: 0.095 m3, less than the 0.2 down
    assert taken["east"] == pytest.approx(0.3 / 8)
    assert taken["middle"] == pytest.approx(0.2 / 8)


def test_what_is_saved_is_said_in_both_languages(study: FrontierStudy) -> None:
    saved = 100 + BOTH_YUAN - ONE_YUAN  # 1,402 of 72,182 yuan, for 20 of 570 people
    with speaking("en"):
        same, less = frontier_answers(study)
        assert "no plan was found" in same
        assert less == f"Plan 1: {saved:,.0f} yuan (1.9%) less a year for 3.5 percentage points of coverage"
        assert frontier_rows(study)[1][-1] == "by coverage alone"
        assert any("spread over 10 years" in text for text in frontier_basis(study))
    with speaking("zh"):
        assert frontier_answers(study)[1] == f"方案 1：覆盖率降低 3.5 个百分点，每年节省 {saved:,.0f} 元（1.9%）"


def test_files_tell_the_same_and_no_text_of_data_is_a_page(study: FrontierStudy, tmp_path: Path) -> None:
    write_frontier(study, tmp_path, home="zh")
    names = {path.name for path in tmp_path.iterdir()}
    assert {"index.html", "index.en.html", "index.zh.html", "plan-1.html", "plan-2.en.html", "frontier.svg"} <= names
    told = json.loads((tmp_path / "frontier.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "frontier.csv").read_text(encoding="utf-8-sig"))))
    for point, plan, row in zip(study.plans, told["plans"], rows, strict=True):
        assert plan["year_yuan"] == pytest.approx(point.yuan, abs=0.011) == pytest.approx(float(row["year_yuan"]))
        assert plan["routes"] == [list(route) for route in point.routes]
        assert int(row["service_points"]) == len(point.site_ids)
    assert told["synthetic"] == ["all of it"]
    for path in tmp_path.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<i>线</i>" not in text
        assert "西<b>村" not in text
        assert re.search(r"""(src|<link[^>]*href)\s*=\s*["']https?:""", text) is None
    english = (tmp_path / "index.en.html").read_text(encoding="utf-8")
    assert 'href="plan-1.en.html"' in english
    assert "worked &lt;out&gt;" in english


def test_the_page_leads_back_to_the_area_where_that_has_one(study: FrontierStudy, tmp_path: Path) -> None:
    write_frontier(study, tmp_path / "alone", home="zh")
    write_frontier(study, tmp_path / "beside", home="zh", area_page=True)
    for lang in LANGUAGES:
        assert 'href="../' not in (tmp_path / "alone" / f"index.{lang}.html").read_text(encoding="utf-8")
        assert f'<a href="../index.{lang}.html">' in (tmp_path / "beside" / f"index.{lang}.html").read_text("utf-8")


def test_a_cell_of_data_is_no_formula(study: FrontierStudy) -> None:
    point = replace(study.frontier.points[0], site_ids=("=1+1",))
    hostile = replace(study, frontier=replace(study.frontier, points=(point,), coverage_only=None))
    assert ",=1+1" not in frontier_csv(hostile).decode("utf-8-sig")


def test_a_point_becomes_a_network_plan_with_these_points_alone(run: AreaRun, study: FrontierStudy) -> None:
    point = study.frontier.points[0]
    plan = network_of_point(run, point.site_ids)
    assert plan.stations.service_points.opened == point.site_ids
    assert plan.stations.service_points.shares.population == pytest.approx(point.coverage)
    assert plan.id != plan_network(run).id


def test_points_that_may_not_open_are_named(run: AreaRun) -> None:
    with pytest.raises(PlanRejectedError, match="sp-east"):
        network_of_point(run, ("sp-middle", "sp-east"))


def test_the_points_of_a_network_are_compared_with(run: AreaRun, study: FrontierStudy) -> None:
    network = network_of_point(run, ("sp-middle",))
    found = study_frontier(run, network=network, wish=QUICK)
    assert found.network_id == network.id
    assert found.frontier.coverage_only is not None
    assert found.frontier.coverage_only.site_ids == ("sp-middle",)
    assert found.problem.limit == 1


def test_minutes_can_be_weighed_and_points_last_longer(run: AreaRun) -> None:
    found = study_frontier(run, wish=replace(QUICK, aim=FrontierAim.MINUTES, lifetime_years=20.0))
    assert found.problem.site_yuan.tolist() == [50.0] * 4
    minutes = [point.mean_minutes for point in found.frontier.points]
    assert minutes == sorted(minutes, reverse=True)
    with speaking("en"):
        assert "mean minutes to the service point" in frontier_page_chart(found)


def frontier_page_chart(study: FrontierStudy) -> str:
    from planner.outputs.frontier_page import frontier_chart

    return frontier_chart(study)


def test_rules_that_are_not_heeded_are_said(tmp_path: Path) -> None:
    config = write_line(tmp_path, **{"opening_cost_yuan = 1000": "opening_cost_yuan = 1000\ntownship_least = 1"})
    found = study_frontier(AreaRun.for_siting(config), wish=QUICK)
    with speaking("en"):
        assert "Rules of siting that are not heeded here: township_least" in frontier_basis(found)


def test_an_area_without_a_hub_is_refused(tmp_path: Path) -> None:
    config = write_line(tmp_path)
    sites = tmp_path / "sites.csv"
    sites.write_text("tier,place,name,status\ncounty_hub,west,共配中心,forbidden\n", encoding="utf-8")
    with pytest.raises(BadDataError, match="no county hub"):
        study_frontier(AreaRun.for_siting(config), wish=QUICK)
