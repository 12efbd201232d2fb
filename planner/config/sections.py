"""What every section of a configuration is: checked, frozen, and without keys that nobody knows."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)

from planner.errors import Message
from planner.model import Text

SMALLEST = 1e-9
"""No figure of a plan that is not 0 is nearer to it: a cubic millimetre is one in cubic metres."""
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
Duration = Annotated[float, Field(ge=0.01, le=1e7)]
"""Seconds, of which there must be some; up to four months."""
Metres = Annotated[float, Field(ge=0.01, le=1e7)]
Speed = Annotated[float, Field(ge=0.1, le=200)]
"""Kilometres an hour."""
Rate = Annotated[float, Field(ge=0, le=1e6)]
"""Something a head and day, or a factor of it."""
Kilograms = Annotated[float, Field(ge=1e-6, le=1e9)]
CubicMetres = Annotated[float, Field(ge=1e-9, le=1e9)]
Persons = Annotated[float, Field(ge=0.1, le=1e6)]


class Section(BaseModel):
    """Root of all sections of a configuration, and of events: figures are figures, not truths, nor texts of digits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _figures_are_figures(cls, value: object, about: ValidationInfo) -> object:
        wanted = _wanted(cls, about.field_name or "")
        if wanted & _FIGURES:
            inner = (
                value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else [value]
            )
            for figure in inner:
                _refuse_figure(figure, wanted)
        return value


_FIGURES = frozenset({int, float})


def _refuse_figure(value: object, wanted: frozenset[type]) -> None:
    """Raise ValueError if the value would be taken for a figure that nobody meant."""
    if isinstance(value, bool) and bool not in wanted:
        raise ValueError(Message("write a number, not {found}", found=str(value).lower()))
    if isinstance(value, str) and wanted <= _FIGURES | {NoneType} and _is_number(value):
        raise ValueError(Message("write the number without quotes (found {found})", found=repr(value)[:60]))
    if isinstance(value, float) and 0 < abs(value) < SMALLEST:
        raise ValueError(
            Message(
                "is so near to 0 that it means nothing: write 0, or at least {least} (found {found})",
                least=f"{SMALLEST:g}",
                found=f"{value:g}",
            )
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@cache
def _wanted(section: type[Section], name: str) -> frozenset[type]:
    """Return the plain types that a field takes, those in tuples among them, those in sections not."""
    field = section.model_fields[name]
    return _with_readers(_kinds_of(field.annotation), field.metadata)


def _kinds_of(annotation: Any) -> frozenset[type]:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _with_readers(_kinds_of(inner[0]), inner[1:])
    if get_origin(annotation) is Literal:
        return frozenset(map(type, inner))
    if inner:
        return frozenset[type]().union(*(_kinds_of(part) for part in inner))
    return frozenset([annotation]) if isinstance(annotation, type) else frozenset()


def _with_readers(kinds: frozenset[type], readers: Iterable[object]) -> frozenset[type]:
    """Return the types with those that validators read: texts (of clock times), or whatever they say themselves."""
    if any(isinstance(reader, PlainValidator) for reader in readers):
        return frozenset()
    return kinds | {str} if any(isinstance(reader, BeforeValidator) for reader in readers) else kinds
