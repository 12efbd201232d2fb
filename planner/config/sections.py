"""What every section of a configuration is: checked, frozen, and without keys that nobody knows."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from planner.errors import Message
from planner.model import Text

_FEWEST = 2
_LONGEST_PATH, _LONGEST_PART = 1000, 255


def _long_enough(text: Text) -> Text:
    if len(text) < _FEWEST:
        raise ValueError(Message("Text should have {count} characters or more", count=_FEWEST))
    return text


def _no_number(value: object) -> object:
    """Return what stands for a date: 20261110 would be taken for so many seconds after 1970."""
    if isinstance(value, (int, float)):
        raise ValueError(Message("write a date as 2026-11-10, without quotes"))
    return value


def _can_be_a_path(path: Path) -> Path:
    """Return the path, which a system can be asked for: of what is longer, or holds a zero, it would say so in its way."""
    if len(str(path)) > _LONGEST_PATH:
        raise ValueError(Message("Text should have {count} characters or fewer", count=_LONGEST_PATH))
    if any(len(os.fsencode(part)) > _LONGEST_PART for part in path.parts):
        raise ValueError(Message("a name in a path has {count} bytes at most", count=_LONGEST_PART))
    return path


Prose = Annotated[Text, AfterValidator(_long_enough)]
"""What people write for people, in one language or both."""
Provenance = Prose
"""Where the figures of a section come from; a figure that drives money or time has one."""
Name = Annotated[str, Field(max_length=500)]
Day = Annotated[datetime.date, BeforeValidator(_no_number)]
FilePath = Annotated[Path, AfterValidator(_can_be_a_path)]

# Every figure has bounds. They are far beyond what any county has: what lies outside is a slip of the pen or a trap, and
# would overflow a sum, or take the machine down, before anybody saw that it is wrong.
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Years = Annotated[int, Field(ge=1, le=100)]
Yuan = Annotated[float, Field(ge=0, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=1e7)]
Duration = Annotated[float, Field(gt=0, le=1e7)]
"""Seconds, of which there must be some; up to four months."""
Metres = Annotated[float, Field(gt=0, le=1e7)]
Speed = Annotated[float, Field(gt=0, le=200)]
"""Kilometres an hour."""
Rate = Annotated[float, Field(ge=0, le=1e6)]
"""Something a head and day, or a factor of it."""
Kilograms = Annotated[float, Field(ge=1e-6, le=1e9)]
CubicMetres = Annotated[float, Field(ge=1e-9, le=1e9)]
Persons = Annotated[float, Field(ge=0.1, le=1e6)]


class Section(BaseModel):
    """Root of all sections of a configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)
