"""The command line speaks the language that it is asked for, and no word of the other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli.language import system_language
from planner.config import load_config
from planner.geodata.assemble import read_area_with_findings
from planner.words import LANGUAGES, Language
from tests.languages import foreign_words, names_of
from tests.planner.cli.conftest import run

COMMANDS = [
    "init",
    "fetch",
    "places",
    "people",
    "check",
    "site",
    "day",
    "plan",
    "demo",
    "networks",
    "days",
    "publish",
    "export",
    "picture",
    "replan",
]
COMMANDS += ["actuals", "bulletin", "bulletins", "service", "services", "frontier", "picture", "trace"]
COMMANDS += ["reach", "seasons", "curve", "compare", "route", "serve", ""]
# values of options, products, and what the tests call things
NAMES = {
    "van",
    "tricycle",
    "truck",
    "walking",
    "summer",
    "winter",
    "baiquan",
    "neubrandenburg",
    "harbin",
    "Geofabrik",
    "Overpass",
    "GeoTIFF",
    "WorldPop",
    "GHS-POP",
    "GHS",
    "POP",
    "CN.zip",
    "raster",
    "total",
}
NAMES |= {"python -m planner", "planner init", "init", "out", "zh", "en", *COMMANDS} - {""}
NAMES |= {"none", "minutes", "coverage", "phases", "routes", "png", "svg", "pdf", "date", "published", "Word", "lot"}
NAMES |= {"area", "county", "events", "files", "folder", "plan", "before", "after", "nowhere", "line", "many"}
NAMES |= {
    "west",
    "east",
    "middle",
    "island",
    "first",
    "last",
    "step",
    "x",
    "Xi",
    "sled",
    "toml",
    "json",
    "sqlite",
    "python",
    "gpkg",
    "planner",
    "day",
    "network",
}

HELP = """
import sys
from planner.cli.app import main
for command in sys.argv[1].split(","):
    sys.argv = ["planner", *([command] if command else []), "--help"]
    try:
        main()
    except SystemExit:
        pass
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_of_every_command_is_in_one_language(lang: Language) -> None:
    environment = os.environ | {"PLANNER_LANG": lang, "COLUMNS": "300", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", HELP, ",".join(COMMANDS)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    text = done.stdout.decode()
    assert text.count("用法：" if lang == "zh" else "Usage:") == len(COMMANDS)
    assert foreign_words(text, lang, NAMES) == []


# what typer itself finds wrong is in test_spoken: it makes some of its words once in a process
CALLS = [
    ("plan", "nowhere"),
    ("check", "x.csv"),
    ("export", "none.json", "--out", "o"),
    ("picture", "none.json", "--out", "o.png"),
    ("curve", "{line}"),
    ("curve", "{line}", "--counts", "many"),
    ("compare", "no-such-id", "other"),
    ("site", "{line}", "--vehicle", "sled", "--season", "x"),
    ("site", "{line}", "--cache", "c", "--no-cache"),
    ("site", "{line}", "--cache", "/proc/none"),
    ("plan", "{line}", "--out", "/proc/none"),
    ("reach", "{line}", "--from", "x", "--out", "r.html"),
    ("reach", "{line}", "--from", "x", "--out", "r.pdf"),
    ("reach", "{line}", "--from", "west", "--out", "r.html", "--minutes", "0"),
    ("seasons", "{line}", "--network", "none.json"),
    ("day", "{line}", "--store", "nonsense"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_what_is_wrong_is_said_in_the_language_asked_for(
    capsys, monkeypatch, inside: Path, line_folder: Path, lang: Language, call: tuple[str, ...]
) -> None:
    given = [argument.replace("{line}", str(line_folder)) for argument in call]
    code, out, err = run(capsys, monkeypatch, *given, "--lang", lang)
    assert code in (2, 3)
    assert foreign_words(out + err, lang, {*NAMES, *given, "nonsense", "other"}) == []


def test_the_system_speaks_where_nobody_asks(monkeypatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for locale, lang in (("zh_CN.UTF-8", "zh"), ("zh_TW", "zh"), ("de_DE.UTF-8", "en"), ("C.UTF-8", "en")):
        monkeypatch.setenv("LANG", locale)
        assert system_language() == lang
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert system_language() == "en"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_commands_on_a_small_world_speak_one_language(
    capsys, monkeypatch, inside: Path, line_folder: Path, lang: Language
) -> None:
    area = read_area_with_findings(load_config(line_folder)).area
    names = {
        *NAMES,
        *names_of(area),
        str(line_folder),
        "lon",
        "经度",
        "望奎县",
        "again",
        "coverage",
        "index",
        "routes",
    }  # and files
    late = '{"now": "06:50", "most_changes": 0, "tolerance_s": 900, "vehicles": [{"id": "van-1", "delay_s": 1200}]}'
    (inside / "late.json").write_text(late, encoding="utf-8")

    def foreign(*call: object) -> str:
        code, out, err = run(capsys, monkeypatch, "--lang", lang, *map(str, call))
        assert code in (0, 4), (call, err)
        assert out + err, call
        found = foreign_words(out + err, lang, names)
        return f"{call[0]}: {found}; " if found else ""

    said = foreign("plan", line_folder)
    (network,), (day,) = (inside / "out").rglob("network.json"), (inside / "out").rglob("day.json")
    for call in (
        ("init", "county", "--division", "231221"),
        ("check", line_folder),
        ("site", line_folder),
        ("day", line_folder),
        ("networks", "line"),
        ("days", "line"),
        ("publish", f"line-network-{network.parent.name}"),
        ("export", network, "--out", "again"),
        ("replan", line_folder, day, "late.json"),
        ("reach", line_folder, "--from", "west", "--out", "r.html"),
        ("seasons", line_folder),
        ("curve", line_folder, "--counts", "1,2"),
        ("compare", network, network),
        ("compare", day, day),
    ):
        said += foreign(*call)
    assert said == ""
