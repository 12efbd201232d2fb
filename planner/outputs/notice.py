"""What everything made from an area must say where its data are not real: synthetic, or only assumed."""

from __future__ import annotations

from typing import NamedTuple

from planner.model import StudyArea
from planner.words import render, say, term


class Notice(NamedTuple):
    """The warning, empty where all data are real, and the parts it is about, each in a line."""

    text: str
    parts: tuple[str, ...]


def notice_of(area: StudyArea) -> Notice:
    """Return what must be said of the area's data; where there are both kinds, each part says which kind it is."""
    kinds = [
        (code, parts) for code, parts in (("synthetic", area.synthetic_parts), ("assumed", area.assumed_parts)) if parts
    ]
    if not kinds:
        return Notice("", ())
    text = term("_and_".join(code for code, _ in kinds) + "_notice")
    if len(kinds) == 1:
        return Notice(text, tuple(render(part) for part in kinds[0][1]))
    return Notice(
        text,
        tuple(say("{what}: {text}", what=term(code), text=render(part)) for code, parts in kinds for part in parts),
    )
