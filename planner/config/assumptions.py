"""Which figures of a configuration are only assumed: those whose provenance says so, until a person gives another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from planner.model import Text


class Assumption(NamedTuple):
    """Figures that are only assumed: the section they stand in, and what its provenance says.

    ``section`` is its place in ``area.toml``, ``name`` what one of several is called (a vehicle, a phase), else empty.
    """

    section: str
    name: Text
    provenance: Text


def assumptions(config: Mapping[str, Any]) -> tuple[Assumption, ...]:
    """Return the sections whose figures are only assumed, in their order.

    ``config`` is a configuration as JSON types, or the parts of one that a document keeps.

    Examples
    --------
    >>> assumptions({"demand": {"provenance": "assumption: as in the next county"}, "routing": {"provenance": "2025 log"}})
    (Assumption(section='demand', name='', provenance='assumption: as in the next county'),)
    """
    return tuple(_below("", Text(""), config))


def _below(section: str, name: Text, content: Mapping[str, Any]) -> Iterator[Assumption]:
    said = content.get("provenance")
    if said is not None and says_assumed(provenance := Text.of(said)):
        yield Assumption(section, name, provenance)
    for key, inner in content.items():
        at = f"{section}.{key}".removeprefix(".")
        if isinstance(inner, Mapping):
            yield from _below(at, Text(""), inner)
        elif isinstance(inner, (list, tuple)):
            for one in inner:
                if isinstance(one, Mapping):
                    yield from _below(at, Text.of(one.get("name") or one.get("id") or ""), one)


def says_assumed(provenance: Text) -> bool:
    """Return whether a provenance names an assumption, in either language.

    Examples
    --------
    >>> says_assumed(Text("Assumed: 9 hours")), says_assumed(Text("county bureau, not an assumption"))
    (True, False)
    """
    both = f"{provenance} {provenance.zh}".casefold()
    return _pattern().search(both) is not None


@cache
def _pattern() -> re.Pattern[str]:
    text = resources.files("planner.config").joinpath("assumption_words.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    denied = "".join(f"(?<!{re.escape(words)})" for words in content["denied"])
    return re.compile(f"{denied}(?:{'|'.join(map(re.escape, content['words']))})")
