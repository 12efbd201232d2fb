"""Coverage by service as people see it: layers of the map by stage, the workbook's sheet, the first page's block.

The line: west, middle and east, 801.5 s apart, and an island without a road. West has a point with express, which is
required beside finance; the middle's candidate says nothing and is taken to offer both; it covers the three.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.outputs.maps import coverage_map
from planner.outputs.network_page import network_page
from planner.outputs.workbook import write_network_workbook
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import NetworkPlan, Stage, network_from_json, to_json
from planner.plans.service_coverage import services_in_reach
from planner.words import speaking
from tests.conftest import write_line_of_three_villages
from tests.planner.outputs.maps_read import LINKS, layers_of, row_at
from tests.planner.outputs.sheets_read import rows_of
from tests.planner.pipeline.month_worlds import month_network

SITES = """tier,place,name,status,services
county_hub,west,共配中心,existing,
service_point,west,西村点,existing,快递
service_point,middle,中村点,candidate,
"""


@pytest.fixture(scope="module")
def required(tmp_path_factory: pytest.TempPathFactory) -> NetworkPlan:
    folder = write_line_of_three_villages(tmp_path_factory.mktemp("line"))
    toml = folder / "area.toml"
    tier = "[coverage.service_points]"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace(tier, f'{tier}\nrequired_services = ["快递", "金融"]'), encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    return plan_network(AreaRun.for_siting(load_config(toml)))


def answers(page: str, service: str) -> dict[str, list[tuple[str, list[int]]]]:
    """What the layer of a service says of each village, and at which stages."""
    found: dict[str, list[tuple[str, list[int]]]] = {}
    for layer in layers_of(page):
        for one in (feature["properties"] for feature in layer):
            said = re.fullmatch(rf"{service}: (.*)", one.get("tooltip", ""))
            if said:
                found.setdefault(one["of"], []).append((said[1], one["stages"]))
    return found


def test_each_service_is_a_layer_by_stage(line: PlannedArea) -> None:
    # at the first stage nothing is open; at the second the middle covers west and middle with express and finance
    network = month_network(line)
    (last,) = network.stages
    closed = tuple(replace(way, site_id=None, covered=False) for way in last.hand_over)
    before = Stage(name="2025", first=None, last=None, opened=(), hand_over=closed)
    with speaking("en"):
        page = coverage_map(replace(network, stages=(before, last), phases=None), LINKS)
    without = ("not in reach", [0])
    expected = {
        "west": [without, ("at its service point", [1])],
        "middle": [without, ("at its service point", [1])],
        "east": [("not in reach", [0, 1])],
        "island": [("not in reach", [0, 1])],
    }
    assert answers(page, "express") == answers(page, "finance") == expected
    assert not answers(page, "training")  # nobody offers or requires it
    assert "Which services are in reach?" in page
    assert "At its service point: 2 villages on the finished network" in page
    assert row_at(page, 1, "v", "Services there")[-1] == "express, finance"


def test_nothing_is_said_of_services_where_there_are_none(line: PlannedArea, tmp_path: Path) -> None:
    with speaking("en"):
        assert "Which services" not in coverage_map(line.network, LINKS)
        assert "Services at the village" not in network_page(line.network, LINKS)
        write_network_workbook(line.network, tmp_path / "network.xlsx")
        with pytest.raises(StopIteration):
            rows_of(tmp_path / "network.xlsx", "Services")


def test_what_is_assumed_and_what_lacks_is_said_on_the_map(required: NetworkPlan) -> None:
    with speaking("en"):
        page = coverage_map(required, LINKS)
    assert {id_: said for id_, ((said, _),) in answers(page, "finance").items()} == {
        "west": "at its service point",
        "middle": "at its service point",
        "east": "at its service point",
        "island": "not in reach",
    }
    assert "What new points will offer is assumed: 1" in page
    rows = {
        one["properties"]["id"]: dict(one["properties"]["popup"]["rows"])
        for layer in layers_of(page)
        for one in layer
        if str(one["properties"].get("id", "")).startswith("sp-")
    }
    assert rows["sp-middle"]["Services"] == "express, finance (assumed)"
    assert rows["sp-west"]["Lacking services"] == "finance: required, so it covers nobody"
    assert row_at(page, 0, "v", "Services there") == [
        "express, finance (assumed)",
        "",
        *["express, finance (assumed)"] * 2,
    ]
    assert row_at(page, 0, "s", "Why here")[-1] == "it is there already; finance: required, so it covers nobody"


def test_services_of_all_sites_within_reach_are_told(tmp_path: Path) -> None:
    # all but the island reach the middle, 801.5 s of 900 s from either end; west has a point and the hub
    folder = write_line_of_three_villages(tmp_path)
    (folder / "sites.csv").write_text(
        "tier,place,name,status,services\ncounty_hub,west,共配中心,existing,金融\n"
        "service_point,west,西村点,existing,快递\nservice_point,middle,中村点,existing,菌菇代销; 培训\n",
        encoding="utf-8",
    )
    network = plan_network(AreaRun.for_siting(load_config(folder)))
    with speaking("en"):
        page = coverage_map(network, LINKS)
    near = {
        way.village_id: row_at(page, 0, "v", "Services within 15.0 min")[number]
        for number, way in enumerate(network.finished.hand_over)
    }
    assert near == {
        "west": "express, finance, training, 菌菇代销",
        "middle": "express, finance, training, 菌菇代销",
        "east": "training, 菌菇代销",
        "island": "",
    }
    assert row_at(page, 0, "v", "Services there")[-1] == "express"  # of the west, at its own point
    closed = replace(network, stages=(replace(network.finished, opened=()),))
    assert services_in_reach(closed, 0)["west"] == ("finance",)
    document = json.loads(to_json(network))
    assert network_from_json(json.dumps(document)) == network
    document["in_reach"][0]["site_ids"] = ["no-site"]
    with pytest.raises(BadDataError, match="no site 'no-site'"):
        network_from_json(json.dumps(document))


def test_the_workbook_has_a_sheet_by_township(required: NetworkPlan, line: PlannedArea, tmp_path: Path) -> None:
    with speaking("en"):
        write_network_workbook(required, tmp_path / "required.xlsx")
        write_network_workbook(replace(month_network(line), phases=None), tmp_path / "month.xlsx")
    heads = ("Villages", "does not say", "assumed", "finance: villages", "finance: share", "training: share")
    # three of the four villages at a point that is taken to offer it
    assert rows_of(tmp_path / "required.xlsx", "Services", *heads) == {
        "t1": [4, 0, 3, 3, 0.75, 0],
        "total": [4, 0, 3, 3, 0.75, 0],
    }
    # west and middle of the three villages of t1; the island alone in t2
    assert rows_of(tmp_path / "month.xlsx", "Services", *heads) == {
        "t1": [3, 0, 0, 2, pytest.approx(2 / 3), 0],
        "t2": [1, 0, 0, 0, 0, 0],
        "total": [4, 0, 0, 2, 0.5, 0],
    }


def test_the_first_page_has_a_row_a_service(required: NetworkPlan) -> None:
    for language, words in (
        (
            "en",
            (
                "Express (required)",
                "75.0% (3 of 4)",
                "Training",
                "0.0% (0 of 4)",
                "What new points will offer is assumed where the sites table does not say (1).",
            ),
        ),
        ("zh", ("快递 （必备）", "75.0%（3，共 4）", "培训", "站点表未填写服务功能的新建点（1 个）以假设计。")),
    ):
        with speaking(language):
            text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", network_page(required, LINKS)))
            text = text.replace(" （", " （").replace("  ", " ")
        for word in words:
            assert word in text, (language, word)
