"""A figure that the program or a planner assumed is marked until a person says where it is from, whatever else changes."""

import copy
import itertools
import json
import re
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest

from planner.config import parse_config
from planner.config.assumptions import assumptions
from planner.outputs.day_page import day_page
from planner.outputs.network_page import network_page
from planner.outputs.notice import assumed_parts, notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.workbook import write_network_workbook
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.upgrade import NETWORK_PARTS
from planner.words import speaking
from tests.conftest import CONFIG
from tests.planner.outputs.hostile import _MORE

GIVEN = (
    *(
        "county bureau of commerce, letter of 2026-05-12",
        "tender of 2026",
        "log of the post office, October",
        "2025 年统计公报",
    ),
    *("县商务局 2026 年文件", "measured on ten rounds", "provincial plan of 2016", "交警部门数据", "price list"),
    *("county finance bureau, not an assumption", "县财政局文件，非假设", "no estimate: invoices of 2025"),
)
ASSUMED = (
    *("assumption: half of the villages", "Assumed", "ASSUMPTION", "a guess", "cost as quoted; hours assumed"),
    *(
        "假设",
        "假设：每点 3 万元",
        "费用为假设",
        "暂定，待定",
        "估计，尚未核实",
        "待核实",
        "own estimate, not verified",
        {"zh": "假设", "en": "x x"},
        {"zh": "县里", "en": "a guess"},
    ),
)


def provenances(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a parsed configuration says where figures are from."""
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [
        found for key, value in items for found in ([path] if key == "provenance" else provenances(value, (*path, key)))
    ]


def test_each_section_is_marked_by_itself_until_it_has_a_provenance() -> None:
    whole = tomllib.loads(CONFIG.replace('objective = "LSCP"', 'objective = "MCLP"') + _MORE)
    sections = provenances(whole)
    assert len(sections) == 10
    tried = 0
    for chosen, text in itertools.product(sections, (*GIVEN, *ASSUMED)):
        content = copy.deepcopy(whole)
        for path in sections:
            at = content
            for key in path:
                at = at[key]
            at["provenance"] = text if path == chosen else "assumed"
        config = parse_config(content, folder=Path(), name="area.toml")
        marked = [one.section for one in assumptions(config.model_dump(mode="json"))]
        expected = [".".join(str(key) for key in path if isinstance(key, str)) for path in sections]
        if text in GIVEN:
            expected.remove(".".join(str(key) for key in chosen if isinstance(key, str)))
        assert sorted(marked) == sorted(expected), (chosen, text)
        tried += 1
    assert tried >= 150


@pytest.fixture(scope="module")
def guessed(line: PlannedArea) -> PlannedArea:
    """The plans of the line, whose every figure is assumed and whose data are real."""
    area = replace(line.network.area, sources=())
    config = _with_provenance(line.network.config, "assumption: as in the next county")
    network = replace(line.network, area=area, config=config)
    day = replace(line.day, network=network, config=_with_provenance(line.day.config, "assumption: a guess"))
    return replace(line, network=network, day=day)


def _with_provenance(config: dict[str, Any], text: str) -> dict[str, Any]:
    made = copy.deepcopy(config)
    for path in provenances(made):
        at: Any = made
        for key in path:
            at = at[key]
        at["provenance"] = text
    return made


def test_the_notice_hangs_on_figures_not_on_a_list_of_sources(guessed: PlannedArea, line: PlannedArea) -> None:
    network, day = guessed.network, guessed.day
    assert notice_of(network.area).text == ""
    assert set(NETWORK_PARTS) >= set(network.config)
    assert "contains assumed data" in notice_of(network.area, network.config).text
    assert assumed_parts(network.area, network.config) == (
        "travel speeds: assumption: as in the next county",
        "days of the seasons: assumption: as in the next county",
        "standard, number and cost of service points: assumption: as in the next county",
        "standard, number and cost of express stations: assumption: as in the next county",
        "parcels and produce: assumption: as in the next county",
    )
    assert [part.partition(": assumption")[0] for part in assumed_parts(day.area, day.config)] == [
        "travel speeds",
        "days of the seasons",
        "parcels and produce",
        "opening hours and time at a stop",
        "vehicle 厢式货车: number, room, hours and costs",
    ]
    with speaking("zh"):
        assert assumed_parts(day.area, day.config)[2].startswith("件量和农产品")
    assert assumed_parts(line.network.area, line.network.config) == ()


def test_the_programs_own_speeds_and_days_are_assumed_until_the_area_says_where_its_own_are_from() -> None:
    """By what ``profiles.toml`` says of each table, over vehicles, seasons and what an area gives."""
    table = tomllib.loads(resources.files("planner.network").joinpath("profiles.toml").read_text(encoding="utf-8"))
    guessed = {
        (kind, name): "assum" in content["provenance"].casefold()
        for kind in ("vehicles", "seasons")
        for name, content in table[kind].items()
    }
    assert set(guessed.values()) == {True, False}
    tried = 0
    for vehicle, season, other, speeds, days in itertools.product(
        table["vehicles"],
        table["seasons"],
        (None, *table["vehicles"]),
        (None, *GIVEN[:2], *ASSUMED[:2]),
        (None, GIVEN[0]),
    ):
        travel: dict[str, Any] = {"vehicle": vehicle, "season": season, "provenance": speeds}
        if days is not None:
            travel["season_days"] = {"provenance": days}
        config = {"travel": travel, "routing": {"vehicles": [{"profile": other}]}}
        own = guessed["vehicles", vehicle] or guessed["seasons", season] or bool(other and guessed["vehicles", other])
        said = _travel_parts(config)
        expected = ["travel speeds"] if (speeds is None and own) or speeds in ASSUMED else []
        assert said == expected + (["days of the seasons"] if days is None else []), config
        tried += 1
    assert tried >= 200


def _travel_parts(config: dict[str, Any]) -> list[str]:
    area = Mock(assumed_parts=(), villages=())
    return [part.partition(": ")[0] for part in assumed_parts(area, config)]


def test_page_and_workbook_say_it(guessed: PlannedArea, tmp_path: Path) -> None:
    page = network_page(guessed.network, PageLinks(home="en"))
    assert re.search(r"<summary>[^<]*contains assumed data[^<]*\(5\)</summary>", page)
    assert "within 15.0 min (assumed)" in page
    assert page.count("on assumed figures") == 1
    day = day_page(guessed.day, PageLinks(home="en"), network_href="x")
    assert day.count("on assumed figures") == 3
    write_network_workbook(guessed.network, tmp_path / "network.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "network.xlsx"):
        assert "contains assumed data" in str(sheet["A1"].value), sheet.title


def test_the_command_line_says_it_wherever_it_shows_figures(
    line_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from planner.cli.app import app

    monkeypatch.chdir(tmp_path)
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace('provenance = "for the test"', 'provenance = "assumption"')
    config.write_text(text.replace('objective = "LSCP"', 'objective = "MCLP"\ncount = 2'), encoding="utf-8")
    area = str(line_folder)
    app(["site", area], standalone_mode=False)
    document = str(next(tmp_path.glob("out/line/network/*/network.json")))
    capsys.readouterr()
    for command in (["curve", area, "--counts", "1,2"], ["seasons", area], ["compare", document, document]):
        app(command, standalone_mode=False)
        assert "standard, number and cost of service points: assumption" in capsys.readouterr().out, command
        app([*command, "--json"], standalone_mode=False)
        told = json.loads(capsys.readouterr().out)
        assert "standard, number and cost of service points: assumption" in told["assumed"], command
        assert (told["synthetic"], told["rows_left_out"]["villages"]) == (["all of it"], 0), command
    assert told["before_assumed"] == told["assumed"]
