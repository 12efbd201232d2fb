"""Villages that are in a file but not in the plan, because their rows were at fault: they count in every whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsLeftOut:
    """Villages whose rows were left out, with the people, households and poor villages among them as the rows said it.

    ``without_people`` are those whose rows have no figure of people that could be read: nobody knows how many live there.
    """

    villages: int
    population: int
    households: int
    poor_villages: int
    without_people: int


NO_ROWS_LEFT_OUT = RowsLeftOut(villages=0, population=0, households=0, poor_villages=0, without_people=0)
