"""Words in the tables of the made-up county, from ``words.toml`` beside this file."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

_WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    resources.files("planner.geodata.synthesis").joinpath("words.toml").read_text(encoding="utf-8")
)
HEADINGS = _WORDS["headings"]
CELLS = _WORDS["cells"]
