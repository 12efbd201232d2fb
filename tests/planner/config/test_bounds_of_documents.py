"""Documents of JSON and TOML that are too large or too deep are refused by the cap that they are beyond."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from planner.cli.app import app
from planner.cli.plan_tables import print_protections
from planner.config import load_config, parse_json, parse_toml
from planner.errors import EXIT_BAD_DATA, BadDataError, parse_fault
from planner.pipeline.day_events import read_events
from planner.plans import network_from_json
from planner.routing.vroom import read_request
from planner.sandbox import CAPS
from planner.words import LANGUAGES, render, speaking

DEEP = [f'{{"a": {"[" * levels}{"]" * levels}}}' for levels in (150, 900, 100_000)]
DEEP_TOML = [f"a = {'[' * levels}{']' * levels}" for levels in (150, 100_000)] + [f"[{'a.' * 150}a]\n"]


@pytest.mark.parametrize("text", DEEP, ids=len)
def test_deep_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDataError, match="PLANNER_MAX_DEPTH"):
        read_events(path)
    with pytest.raises(BadDataError, match="PLANNER_MAX_DEPTH"):
        read_request(text.encode(), "a.json")
    with pytest.raises(BadDataError, match="PLANNER_MAX_DEPTH"):
        network_from_json(text, name="a.json")


@pytest.mark.parametrize("text", DEEP_TOML, ids=len)
def test_deep_toml(tmp_path: Path, text: str) -> None:
    (tmp_path / "area.toml").write_text(text, encoding="utf-8")
    for read in (load_config, read_events):
        with pytest.raises(BadDataError, match="PLANNER_MAX_DEPTH"):
            read(tmp_path / "area.toml")


def test_a_cap_may_be_set_higher(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="PLANNER_MAX_DEPTH") as caught:
        parse_json(DEEP[0])
    for language in LANGUAGES:
        with speaking(language):
            assert str(CAPS["depth"]) in render(parse_fault(caught.value))
    monkeypatch.setenv("PLANNER_MAX_DEPTH", "200")
    assert parse_json(DEEP[0])
    assert parse_toml(DEEP_TOML[0])


def test_large_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_MAX_JSON_MB", "1")
    monkeypatch.setenv("PLANNER_MAX_TEXT_MB", "1")
    for name, variable in (("a.json", "JSON_MB"), ("area.toml", "TEXT_MB")):
        (tmp_path / name).write_bytes(b" " * 2_000_000)
        with pytest.raises(BadDataError, match=f"PLANNER_MAX_{variable}"):
            read_events(tmp_path / name)
    with pytest.raises(BadDataError, match="PLANNER_MAX_TEXT_MB"):
        load_config(tmp_path / "area.toml")
    done = CliRunner().invoke(app, ["route", "--vroom", str(tmp_path / "a.json")])
    assert done.exit_code == EXIT_BAD_DATA
    assert "PLANNER_MAX_JSON_MB" in done.output


@pytest.mark.parametrize(("language", "word"), [("en", "no connection"), ("zh", "不能联网")])
def test_check_says_what_holds(tmp_path: Path, language: str, word: str) -> None:
    said = StringIO()
    with speaking(language):
        print_protections(Console(file=said, width=200))
    assert word in said.getvalue() or sys.platform != "linux"
    (tmp_path / "v.csv").write_text("name,lon,lat\na,126.1,47.0\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["--lang", "en", "check", str(tmp_path / "v.csv"), "--datum", "wgs84", "-v"])
    assert "Foreign files are read apart" in done.output
