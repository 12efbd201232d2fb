"""Remarks on files of one kind as one line with a count and the first names, the rest to be unfolded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.geodata import Finding
from planner.words import listed, render, say

_ALIKE = 3
"""So many of one kind are said one by one."""
_NAMED = 5
_UNFOLDED = 50


class RemarkGroup(NamedTuple):
    """A line, what unfolds beneath it (nothing where it says all), and how many are not even there."""

    text: str
    each: tuple[str, ...]
    more: int


def remark_groups(remarks: Sequence[Finding]) -> list[RemarkGroup]:
    """Return the remarks in the order of their kinds: those of one file, code and severity together."""
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for remark in remarks:
        kinds.setdefault((remark.file, remark.code, remark.severity), []).append(remark)
    return [group for found in kinds.values() for group in _lines(found)]


def _lines(found: Sequence[Finding]) -> list[RemarkGroup]:
    if len(found) <= _ALIKE:
        return [RemarkGroup(render(one.remark), (), 0) for one in found]
    names = list(dict.fromkeys(one.value for one in found if one.value))
    first = render(found[0].remark)
    text = say("{count} of one kind; the first: {remark}", count=len(found), remark=first)
    if len(names) > 1:
        shown = listed(names[:_NAMED])
        text = say("{count} of one kind ({names}); the first: {remark}", count=len(found), names=shown, remark=first)
    if len(names) > _NAMED:
        text = say(
            "{count} of one kind ({names} and {rest} more); the first: {remark}",
            count=len(found),
            names=shown,
            rest=len(names) - _NAMED,
            remark=first,
        )
    each = tuple(render(one.remark) for one in found[:_UNFOLDED])
    return [RemarkGroup(text, each, len(found) - len(each))]
