"""Windows and its ways, as far as they can be tried elsewhere: code page 936, CRLF, paths with Chinese and blanks."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium
import pytest

from benchmarks.memory import peak_mb
from planner.cli import options, terminal
from planner.cli.terminal import PlainConsole
from planner.config import load_config
from planner.errors import BadDataError, ConfigError
from planner.model.osm_file import osm_content, plain_name
from planner.network import kept, read_network
from tests.conftest import write_line_of_three_villages
from tests.planner.cli.conftest import run

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for room in ("planner", "api", "benchmarks", "scripts", "tests") for path in (ROOT / room).rglob("*.py")
)
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
UNPADDED = re.compile("%" + "-[dmH]")
POSIX_CALLS = {
    "fork",
    "forkpty",
    "getuid",
    "geteuid",
    "getgid",
    "kill",
    "killpg",
    "mkfifo",
    "nice",
    "setsid",
    "tzset",
    "uname",
}
RARE = "㐂村"  # its first character is not in code page 936
MARK = b"\xef\xbb\xbf"


def as_notepad_writes(folder: Path) -> None:
    """Give every text file lines that end in CRLF, and a mark at its start where the reader may meet one."""
    for path in folder.iterdir():
        content = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        path.write_bytes((MARK if path.suffix in (".csv", ".toml") else b"") + content)


def plan_in_cp936(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-m",
        "planner",
        "plan",
        "地 图",
        "--out",
        "结果 out",
        "--store",
        "sqlite://",
        *arguments,
    ]
    # a county office's: the language of the names that its console may lack a letter for
    environment = os.environ | {
        "PLANNER_LANG": "zh",
        "PYTHONIOENCODING": "cp936",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "0",
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)


@pytest.mark.slow
def test_plan_in_a_cp936_console_from_crlf_files_in_a_folder_with_chinese_and_blanks(tmp_path: Path) -> None:
    places = {}
    for name in ("here", "乡镇 一"):
        folder = tmp_path / name / "地 图"
        folder.mkdir(parents=True)
        write_line_of_three_villages(folder)
        villages = folder / "villages.csv"
        villages.write_text(villages.read_text(encoding="utf-8").replace("岛村", RARE), encoding="utf-8", newline="\n")
        places[name] = folder.parent
    as_notepad_writes(places["乡镇 一"] / "地 图")
    done = plan_in_cp936(places["乡镇 一"])
    said = done.stdout.decode("gbk")
    assert done.returncode == 0
    date = "计划日期：2026年11月10日星期二，取自 area.toml（未给 --date）；要排明天的线路请加 --date 明天"
    assert done.stderr.decode("gbk").splitlines() == [date]  # and nothing else went wrong
    assert RARE.replace("㐂", "?") in said
    results = places["乡镇 一"] / "结果 out" / "line"
    (network,), (day,) = results.rglob("network.json"), results.rglob("day.json")
    assert RARE in network.read_text(encoding="utf-8")
    told = plan_in_cp936(places["here"], "--json")
    assert told.stdout.isascii()
    assert json.loads(told.stdout)["network"]["area"] == "line"
    for made in (network, day):
        again = places["here"] / "结果 out" / "line" / made.relative_to(results)
        assert made.read_bytes() == again.read_bytes()


def test_a_console_that_lacks_a_letter_shows_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding="cp936", write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(kept, encoding="cp936", write_through=True))
    options.never_fail_to_print()
    terminal.console.print("© 望奎县 m³ →")
    terminal.trouble.print(RARE)
    assert kept.getvalue().decode("cp936").split() == ["?", "望奎县", "m?", "→", "?村"]


def test_the_bar_turns_in_letters_of_code_page_936(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.BytesIO()
    screen = io.TextIOWrapper(kept, encoding="cp936", errors="strict", write_through=True)
    console = PlainConsole(file=screen, force_terminal=True, legacy_windows=False)
    monkeypatch.setattr(options, "trouble", console)
    with options.progress_bar() as progress:
        progress("路网 roads", 1, 2)
    assert "路网 roads" in kept.getvalue().decode("cp936")


@pytest.mark.parametrize("id_", ["nul", "CON", "Com1"])
def test_an_area_may_not_be_called_as_a_device(line_folder: Path, id_: str) -> None:
    config = line_folder / "area.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('id = "line"', f'id = "{id_}"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="device"):
        load_config(line_folder)


@pytest.mark.parametrize("name", ["路 网.osm", "ROADS.OSM", "my.roads, v1=2.osm", "roads.osm"])
def test_osmium_reads_a_file_of_any_name(line_folder: Path, name: str) -> None:
    path = (line_folder / "roads.osm").rename(line_folder / name)
    assert sum(1 for _ in osmium.FileProcessor(osm_content(path))) == 4
    assert plain_name(path) == str(path)  # not on Windows
    assert len(read_network(path, vehicle="van", season="summer").edges.tail) == 1


def test_a_file_whose_name_says_no_format_is_refused(line_folder: Path) -> None:
    path = (line_folder / "roads.osm").rename(line_folder / "roads")
    with pytest.raises(BadDataError, match="roads: cannot be read as OpenStreetMap data"):
        read_network(path, vehicle="van", season="summer")


def refuse(*_: object) -> None:
    raise PermissionError(13, "The process cannot access the file because it is being used by another process")


def test_what_another_process_reads_is_not_kept_anew_and_no_harm_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.npz"
    kept.save(path, {"a": np.arange(3)}, "first")
    monkeypatch.setattr(Path, "replace", refuse)
    kept.save(path, {"a": np.arange(4)}, "second")
    assert [file.name for file in tmp_path.iterdir()] == ["some.npz"]
    assert kept.load(path, "first") is not None


def test_a_result_that_another_program_holds_open_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line_folder: Path, inside: Path
) -> None:
    assert run(capsys, monkeypatch, "plan", str(line_folder), "--no-cache")[0] == 0
    monkeypatch.setattr(Path, "replace", refuse)
    code, _, said = run(capsys, monkeypatch, "plan", str(line_folder), "--no-cache")
    assert code == 2
    assert "close programs that have it open, or choose another place" in said
    assert "Traceback" not in said


def test_json_on_standard_input_is_utf_8_whatever_the_console_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "description": RARE}
    request = {"vehicles": [vehicle], "jobs": [{"id": 3, "location_index": 1}]}
    request["matrices"] = {"car": {"durations": [[0, 7], [8, 0]]}}
    content = MARK + json.dumps(request, ensure_ascii=False).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="cp936"))
    code, out, said = run(capsys, monkeypatch, "route", "--vroom", "-")
    assert (code, said) == (0, "")
    assert json.loads(out)["routes"][0]["description"] == RARE


def test_peak_memory_is_told() -> None:
    assert 20 < peak_mb() < 100_000  # an interpreter with numpy takes more, no machine for tests has so much


def test_nothing_is_posix_only_and_every_text_names_its_encoding() -> None:
    assert len(SOURCES) > 400
    assert [fault for path in SOURCES for fault in _not_portable(path)] == []


def _not_portable(path: Path) -> Iterator[str]:
    """The lines of a source that work on POSIX only, or read or write a text without saying in which encoding."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    where = path.relative_to(ROOT).as_posix()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
            if modules & POSIX_ONLY:
                yield f"{where} line {node.lineno}: a module of POSIX"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keywords = {keyword.arg for keyword in node.keywords}
            if node.func.attr in ("read_text", "write_text") and path.parts[len(ROOT.parts)] != "tests":
                positional = 1 if node.func.attr == "read_text" else 2
                if "encoding" not in keywords and len(node.args) < positional:
                    yield f"{where} line {node.lineno}: no encoding"
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "os" and node.func.attr in POSIX_CALLS:
                yield f"{where} line {node.lineno}: a call of POSIX"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and UNPADDED.search(node.value):
            yield f"{where} line {node.lineno}: a date without padding, which Windows does not know"
