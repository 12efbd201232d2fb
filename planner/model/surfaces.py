"""Words for the surface of a road → OpenStreetMap's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_SIZE = re.compile(r":\d+(?:cm)?$")


@cache
def _words() -> Mapping[str, str]:
    table = tomllib.loads(resources.files("planner.model").joinpath("surface_words.toml").read_text(encoding="utf-8"))
    return {word: surface for surface, listed in table["surfaces"].items() for word in listed}


@cache
def surface_called(text: str) -> str:
    """Return the surface that a word in small letters stands for, the word itself if none is known by it.

    Stones have their size left out.

    Examples
    --------
    >>> surface_called("paving_stones:30"), surface_called("concrete_plates"), surface_called("lunar")
    ('paving_stones', 'concrete:plates', 'lunar')
    """
    fits = [word for word in _words() if text.startswith(word)]
    return _words()[max(fits, key=len)] if fits else _SIZE.sub("", text)
