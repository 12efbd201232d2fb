"""What a Chinese keyboard and copied lines do to area.toml is named by line, sign and remedy."""

import random
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import ConfigError

FULL_WIDTH = {"=": "＝", '"': "“", "[": "［", "]": "］", "#": "＃"}


def said(folder: Path, text: str) -> str:
    (folder / "area.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    return str(caught.value)


def test_signs_of_another_width_are_named(line_folder: Path) -> None:
    """200 files, each with one sign of its structure typed in Chinese: the line and what to write are right."""
    lines = (line_folder / "area.toml").read_text(encoding="utf-8").splitlines()
    structural = [i for i, line in enumerate(lines) if "=" in line and '"' not in line.partition("=")[0]]
    for seed in range(200):
        chance = random.Random(seed)
        number = chance.choice(structural)
        line = lines[number]
        choices = [sign for sign in ("=", '"') if sign in line]
        sign = chance.choice(choices)
        changed = line.replace(sign, FULL_WIDTH[sign], 1)
        text = "\n".join([*lines[:number], changed, *lines[number + 1 :]])
        found = said(line_folder, text)
        assert f"line {number + 1}, column" in found, (changed, found)
        assert f"{FULL_WIDTH[sign]} is no sign of TOML: write {sign!r}" in found, (changed, found)


def test_a_key_that_stands_twice_is_named(line_folder: Path) -> None:
    text = (line_folder / "area.toml").read_text(encoding="utf-8")
    number = next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith("datum"))
    found = said(line_folder, text.replace('datum = "wgs84"', 'datum = "wgs84"\ndatum = "gcj02"', 1))
    assert f'line {number + 1}: its key stands there twice: remove one: datum = "gcj02"' in found


def test_a_blank_of_another_kind_is_named(line_folder: Path) -> None:
    text = (line_folder / "area.toml").read_text(encoding="utf-8")
    assert "U+00A0 is no sign of TOML: write ' '" in said(line_folder, text.replace("datum =", "datum\u00a0=", 1))
