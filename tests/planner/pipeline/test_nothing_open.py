"""Where no site is open, nobody is cut off by roads: what stands on pages is that nothing is open."""

from pathlib import Path

from planner.config import load_config
from planner.outputs.network_page import network_page
from planner.outputs.page_links import PageLinks
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.words import speaking


def test_villages_with_roads_are_not_cut_off_when_no_point_is_open(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("standard_s = 900", "standard_s = 60\nsites_needed = 2"), encoding="utf-8")
    plan = plan_network(AreaRun.for_siting(load_config(line_folder)))
    assert plan.stations.service_points.opened == ()
    assert len(plan.stations.service_points.uncovered) == 4
    # the island alone has no road, in any season
    assert {tuple(season.cut_off) for season in plan.seasons} == {("island",)}
    with speaking("en"):
        page = network_page(plan, PageLinks(home="en"))
    assert "is cut off" not in page.replace("Dao is cut off", "")
    assert "Gini" not in page
