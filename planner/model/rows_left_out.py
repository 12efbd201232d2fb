"""Villages that are in a file but not in the plan, because their rows were at fault: they count in every whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

RowCount = Annotated[int, Field(ge=0)]
"""Never less than nothing: a document that says so would raise shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsLeftOut:
    """Villages whose rows were left out, with the people, households and poor villages among them as the rows said it.

    ``without_people`` are those whose rows have no figure of people that could be read: nobody knows how many live there.
    """

    villages: RowCount
    population: RowCount
    households: RowCount
    poor_villages: RowCount
    without_people: RowCount


NO_ROWS_LEFT_OUT = RowsLeftOut(villages=0, population=0, households=0, poor_villages=0, without_people=0)
