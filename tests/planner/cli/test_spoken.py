"""What typer itself says is in the language that is spoken: help, and every way to be used wrongly."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

APP = """
import enum
import sys
from pathlib import Path
from typing import Annotated

from planner.words import speak
from planner.words.click_words import speak_click

speak(sys.argv[1])
speak_click(sys.argv[1])

import typer

from planner.cli.spoken import SpokenTyper

app = SpokenTyper(no_args_is_help=True, add_completion=False)

class Kind(enum.StrEnum):
    A = "a"
    B = "b"

@app.command()
def plan(
    area: str,
    table: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    count: Annotated[int, typer.Option(min=2, max=5)] = 3,
    speed: float = 1.5,
    sites: Annotated[list[str], typer.Option()] = [],
): ...

@app.command()
def show(kind: Kind): ...

for line in Path(sys.argv[2]).read_text().splitlines():
    print(f"###{line}")
    try:
        app(line.split())
    except SystemExit as end:
        print(end.code)
    sys.stdout.flush()
    sys.stderr.flush()
"""

CALLS = {
    "--help": "用法：",
    "plan --help": "<整数>",
    "show --help": "[必填]",
    "plna": "没有命令 'plna'。您要的是不是 'plan'？",
    "xyz": "没有命令 'xyz'。",
    "plan": "缺少参数 'area'。",
    "plan x": "缺少选项 '--table'。",
    "plan x --table /1/2": "'--table' 的值无效：文件 '/1/2' 不存在。",
    "plan x --table .": "'--table' 的值无效：'.' 是文件夹，不是文件。",
    "plan x --table app.py --count z": "'--count' 的值无效：应为整数",
    "plan x --table app.py --speed z": "'--speed' 的值无效：应为数字",
    "plan x --table app.py --count 1": "'--count' 的值无效：应不小于 2",
    "plan x --table app.py --count 9": "'--count' 的值无效：应不大于 5",
    "plan x y --table app.py": "多余的参数（y）",
    "plan x --cuont 3": "没有选项 --cuont（可能是 --count）",
    "plan --count": "选项 '--count' 需要一个值。",
    "show --help=3": "选项 '--help' 不带值。",
    "show": "缺少参数 'kind'，可选：",
    "show q": "'kind' 的值无效：'q' 不在可选值之内：'a', 'b'。",
}
# of the app above: commands, parameters, values
NAMES = {"app", "py", "plan", "show", "plna", "xyz", "x", "y", "z", "q", "a", "b", "area", "kind"} | {
    *("help", "table", "count", "cuont", "speed", "sites")
}


def run(tmp_path: Path, spoken: str, cache: str) -> dict[str, str]:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / "calls").write_text("\n".join(CALLS), encoding="utf-8")
    settings = {"PLANNER_CACHE": cache, "COLUMNS": "150", "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    environment = os.environ | settings | {"LANG": "de_DE.UTF-8"}
    command = [sys.executable, "app.py", spoken, "calls"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60
    )
    calls = done.stdout.decode().split("###")[1:]
    return {call.partition("\n")[0]: call.partition("\n")[2] for call in calls}


@pytest.mark.slow
@pytest.mark.parametrize("keeps", [True, False])
def test_in_chinese_no_english_word_is_left(tmp_path: Path, keeps: bool) -> None:
    said = run(tmp_path, "zh", str(tmp_path / "cache") if keeps else "")
    assert said.keys() == CALLS.keys()
    for call, text in said.items():
        assert CALLS[call] in text
        assert set(re.findall("[A-Za-z]+", text)) <= NAMES, text
    assert (tmp_path / "cache").exists() is keeps


@pytest.mark.slow
def test_in_english_it_says_what_typer_says(tmp_path: Path) -> None:
    said = run(tmp_path, "en", str(tmp_path / "cache"))
    assert "Usage: app.py [OPTIONS] COMMAND [ARGS]..." in said["--help"]
    assert "Show this message and exit." in said["--help"]
    assert "Missing argument 'area'." in said["plan"]
    assert not re.search("[\u3000-\u9fff\uff00-\uffef]", "".join(said.values()))
