"""What pydantic finds wrong with a key, as a message in the words of this project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from planner.config.content import shown
from planner.errors import Message

_OF: dict[str, Callable[[Mapping[str, Any]], Message]] = {
    "missing": lambda _: Message("missing: add it"),
    "extra_forbidden": lambda _: Message("not a known key: remove or rename it"),
    "greater_than": lambda at: Message("Input should be greater than {limit}", limit=_figure(at["gt"])),
    "greater_than_equal": lambda at: Message(
        "Input should be greater than or equal to {limit}", limit=_figure(at["ge"])
    ),
    "less_than": lambda at: Message("Input should be less than {limit}", limit=_figure(at["lt"])),
    "less_than_equal": lambda at: Message("Input should be less than or equal to {limit}", limit=_figure(at["le"])),
    "finite_number": lambda _: Message("Input should be a finite number"),
    "string_pattern_mismatch": lambda at: Message("String should match pattern '{pattern}'", pattern=at["pattern"]),
    "string_too_short": lambda at: Message("Text should have {count} characters or more", count=at["min_length"]),
    "string_too_long": lambda at: Message("Text should have {count} characters or fewer", count=at["max_length"]),
    "too_short": lambda at: Message(
        "There should be {count} or more, not {found}", count=at["min_length"], found=_n(at)
    ),
    "too_long": lambda at: Message(
        "There should be {count} at most, not {found}", count=at["max_length"], found=_n(at)
    ),
    "enum": lambda at: _one_of(at["expected"]),
    "literal_error": lambda at: _one_of(at["expected"]),
}
_KINDS = {
    "int": Message("Input should be a valid integer"),
    "float": Message("Input should be a valid number"),
    "bool": Message("Input should be true or false"),
    "string": Message("Input should be a valid string"),
    "date": Message("Input should be a valid date"),
    "date_from_datetime": Message("Input should be a valid date"),
    "path": Message("Input should be a path of a file"),
    "tuple": Message("Input should be a list"),
    "list": Message("Input should be a list"),
    "dict": Message("Input should be a table of keys"),
    "mapping": Message("Input should be a table of keys"),
    "model": Message("Input should be a table of keys"),
    "model_attributes": Message("Input should be a table of keys"),
    "dataclass": Message("Input should be a table of keys"),
}


def plain(fault: Mapping[str, Any]) -> Message:
    """Return what pydantic says of a key in one of ``ValidationError.errors()``; kinds not known here as it says them."""
    kind, at = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        said = (at["error"].args or ("",))[0]
        return said if isinstance(said, Message) else Message("{said}", said=said)
    if kind in _OF:
        return _OF[kind](at)
    for end in ("_type", "_parsing", "_from_float", "_inexact"):
        if kind.endswith(end) and kind.removesuffix(end) in _KINDS:
            return _KINDS[kind.removesuffix(end)]
    return Message("{said}", said=fault["msg"])


def section_faults(error: ValidationError, under: str = "") -> Iterator[tuple[str, Message]]:
    """Return the key of each fault and what is wrong with it, with the value found where that tells something.

    ``under`` stands before each key.
    """
    for fault in error.errors():
        key = ".".join(map(str, (*([under] if under else []), *fault["loc"])))
        named, said = key or Message("(top level)"), plain(fault)
        if fault["type"] in ("missing", "value_error"):
            yield key, Message("{key}: {fault}", key=named, fault=said)
        else:
            yield (
                key,
                Message("{key}: {fault} (found {value})", key=named, fault=said, value=shown(fault["input"])),
            )


def placed(faults: Mapping[str, Message], content: object) -> Iterator[Message]:
    """Yield faults by their keys; those in a table of several say which one it is, as whoever looks for it counts."""
    for key, said in faults.items():
        at, listed = content, ""
        section: list[str] = []
        one: tuple[int, Mapping[str, Any]] | None = None
        for name in key.split("."):
            if isinstance(at, list) and name.isdigit() and int(name) < len(at) and isinstance(at[int(name)], dict):
                one, listed = (int(name), at[int(name)]), ".".join(section)
                at = at[int(name)]
            else:
                at = at.get(name) if isinstance(at, dict) else None
                section.append(name)
        if one is None:
            yield said
            continue
        yield in_list(said, listed, one[0], one[1])


def in_list(said: Message, section: str, place: int, content: Mapping[str, Any]) -> Message:
    """Return a fault with which table of several it is in: its number from 1, and what it is called."""
    called = next((shown(content[name]) for name in ("id", "name", "village", "site") if content.get(name)), "")
    where = Message("{section} number {number}", section=f"[[{section}]]", number=place + 1)
    if called:
        where = Message("{where}, {called}", where=where, called=called)
    return Message("{problem} ({where})", problem=said, where=where)


def one_after_the_other(faults: Sequence[str]) -> Message:
    """Return several faults as one message."""
    said = Message("{said}", said=faults[0])
    for fault in faults[1:]:
        said = Message("{before}; {problem}", before=said, problem=fault)
    return said


def _one_of(expected: str) -> Message:
    """Return what a value should be, from pydantic's ``'a', 'b' or 'c'``."""
    *others, last = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    choices = Message("{others} or {last}", others=others, last=last) if others else last
    return Message("Input should be {choices}", choices=choices)


def _figure(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _n(at: Mapping[str, Any]) -> object:
    return at["actual_length"]
