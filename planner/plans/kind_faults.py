"""Values of a document that a plan takes for another kind: true for 1, "12" for 12, 1 for true, a number for a date.

What reads documents is generous: it makes of a value what the plan holds there. A program that writes true where a number
belongs has a fault, and a plan that is made of it would not be what its writer meant.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import Enum

from planner.config.content import shown
from planner.errors import Message

_NUMBERS = frozenset({int, float})
_WANTED = {
    bool: Message("Input should be true or false"),
    int: Message("Input should be a valid number"),
    float: Message("Input should be a valid number"),
    str: Message("Input should be a valid string"),
    datetime.date: Message("Input should be a valid date"),
}


def kind_faults(document: object, plan: object) -> Iterator[Message]:
    """Yield each key of a document whose value is of another kind than what the plan has made of it."""
    open_: list[tuple[str, object, object]] = [("", document, plan)]
    while open_:
        key, written, read = open_.pop()
        if isinstance(written, Mapping):
            open_ += reversed(
                [(f"{key}.{name}" if key else str(name), value, _under(read, name)) for name, value in written.items()]
            )
        elif isinstance(written, list):
            if isinstance(read, Sequence) and len(read) == len(written) and not _all_numbers(written, read):
                open_ += reversed([(f"{key}.{number}", value, read[number]) for number, value in enumerate(written)])
        elif wanted := _other_kind(written, read):
            yield Message("{key}: {fault} (found {value})", key=key, fault=wanted, value=shown(written))


def _all_numbers(written: Sequence[object], read: Sequence[object]) -> bool:
    """Return whether a list holds numbers only, on both sides: paths are long, and need no look at each figure."""
    return set(map(type, written)) <= _NUMBERS and set(map(type, read)) <= _NUMBERS


def _under(read: object, name: object) -> object:
    """Return what a plan holds under a key, None where it holds it in another form, which is not compared."""
    if isinstance(read, Mapping):
        return read.get(name)
    return getattr(read, str(name), None) if is_dataclass(read) else None


def _other_kind(written: object, read: object) -> Message | None:
    if written is None or read is None or isinstance(read, Enum) or not isinstance(written, (bool, int, float, str)):
        return None
    if isinstance(read, bool) or isinstance(written, bool):
        alike = isinstance(read, bool) and isinstance(written, bool)
    elif isinstance(read, (int, float)):
        alike = isinstance(written, (int, float))
    else:
        alike = isinstance(written, str) or not isinstance(read, (str, datetime.date))
    return None if alike else next((said for kind, said in _WANTED.items() if isinstance(read, kind)), None)
