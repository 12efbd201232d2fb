"""What sheets of a workbook are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.words import has_term, say, term


class Sheet(NamedTuple):
    """A sheet: its title, its headings and its rows, all in the language that is spoken."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


class Share(float):
    """A part of the whole; the cell holds the number and shows percent."""


class Yuan(float):
    """An amount of money; the cell holds the number and shows its thousands apart."""


def yes_no(value: bool) -> str:
    """Return the word."""
    return say("yes") if value else say("no")


def stage_name(name: str) -> str:
    """Return a stage's name as people read it; most are years."""
    return term(name) if has_term(name) else name


def whole(amount: float) -> float:
    """Return a number without a trailing .0, as counts are read."""
    return int(amount) if amount == int(amount) else amount
