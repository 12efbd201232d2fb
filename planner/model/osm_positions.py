"""Positions in OpenStreetMap XML that are none: osmium takes ``1e999`` for 0 and drops ``lon="200"`` without a word."""

from __future__ import annotations

import re
from xml.parsers import expat

from planner.errors import Message

_FIGURE = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)  # as osmium reads it
_MOST = {"lon": 180.0, "lat": 90.0}
_PLAIN = {
    "lon": rb"-?(?:180(?:\.0*)?|(?:1[0-7]\d|\d{1,2})(?:\.\d*)?)",
    "lat": rb"-?(?:90(?:\.0*)?|[0-8]?\d(?:\.\d*)?)",
}
_SUSPECT = [
    re.compile(rb"<node\b(?![^>]*?\b" + name.encode() + rb"=(?:\"" + plain + rb"\"|'" + plain + rb"'))")
    for name, plain in _PLAIN.items()
]
"""A node whose position is written in another way than nearly all are; the parser has the last word."""


def positions_fault(content: bytes) -> Message | None:
    """Return what is wrong with the first node that has no position on Earth, and how many there are, None if all have."""
    if not any(pattern.search(content) for pattern in _SUSPECT):
        return None
    found = _Positions()
    try:
        found.parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        return None  # who reads on says what is wrong with it
    return found.fault()


class _Positions:
    """Nodes without a position, in the file's order."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EntityDeclHandler = self._entity
        self.found: list[tuple[str, str, str | None]] = []

    def _entity(self, *_about: object) -> None:
        raise ValueError("a map defines no entities")

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name != "node" or given.get("action") == "delete" or given.get("visible") == "false":
            return
        wrong = next((axis for axis, most in _MOST.items() if not _is_within(given.get(axis), most)), None)
        if wrong is not None:
            self.found.append((given.get("id", "?"), wrong, given.get(wrong)))

    def fault(self) -> Message | None:
        if not self.found:
            return None
        id_, axis, value = self.found[0]
        if value is None:
            return Message(
                "node {id} has no {axis} ({count} such nodes): ask for positions, too (Overpass: out body, not out ids)",
                id=id_,
                axis=axis,
                count=len(self.found),
            )
        return Message(
            "node {id}: {axis} is {value}, not a figure from -{most} to {most} ({count} such nodes): correct it, or "
            "download the file again",
            id=id_,
            axis=axis,
            value=repr(value[:40]),
            most=f"{_MOST[axis]:g}",
            count=len(self.found),
        )


def _is_within(text: str | None, most: float) -> bool:
    return text is not None and _FIGURE.fullmatch(text) is not None and abs(float(text)) <= most
