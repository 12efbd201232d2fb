"""A VROOM request from bytes, whoever brings them: what no request can hold is refused by its field at the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.config.content import content_faults, decoded, parse_json
from planner.errors import BadDataError, Message, of_file, parse_fault

_DEEPEST = 30
"""Requests nest eight levels deep; what stands under keys that nobody reads may do so a little more."""


def read_request(data: bytes, name: str | Message) -> Any:
    """Return what the JSON says; ``name`` is what errors call it. A byte-order mark may stand before it.

    Raises
    ------
    BadDataError
        If it is not JSON in UTF-8, a key stands twice in an object, or a figure is not finite or has endless digits.
    """
    try:
        return parse_json(decoded(data))
    except (ValueError, RecursionError) as error:
        fault = of_file(name, Message("not JSON: {error}", error=parse_fault(error)))
        raise BadDataError(fault, [fault]) from error


def wild_faults(request: Any) -> Iterator[Message]:
    """Yield what no request can hold: too deep nesting, endless figures, characters that no file can show.

    Matrices are left to whoever reads them.
    """
    deep = _too_deep(request)
    if deep:
        yield Message("{key}: is nested more than {most} levels deep, which no request needs", key=deep, most=_DEEPEST)
        return
    content = request
    if isinstance(request, Mapping):
        content = {key: value for key, value in request.items() if key not in ("matrices", "matrix")}
    yield from (fault for _, fault in content_faults(content))


def with_wholes(value: Any) -> Any:
    """Return the content with whole numbers as such, however they are written (3.0); matrices stay as they are."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: part if key in ("matrices", "matrix") else with_wholes(part) for key, part in value.items()}
    return [with_wholes(part) for part in value] if isinstance(value, list) else value


def _too_deep(request: Any) -> str:
    """Return the key below which a value is nested too deeply, empty if none is; nothing here calls itself."""
    open_: list[tuple[str, Any, int]] = [("", request, 0)]
    while open_:
        key, value, depth = open_.pop()
        if depth > _DEEPEST:
            return key
        inner: Sequence[Any] = ()
        if isinstance(value, Mapping):
            if depth == 0:
                open_ += [(str(name)[:60], part, 1) for name, part in value.items()]
                continue
            inner = list(value.values())
        elif isinstance(value, list):
            inner = value
        open_ += [(key, part, depth + 1) for part in inner if isinstance(part, (Mapping, list))]
    return ""
