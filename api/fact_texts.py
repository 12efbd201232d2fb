"""Facts in answers: code and parameters as they are, and beside them a sentence in the language of the request."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from planner.model import Fact
from planner.words import sentence
from planner.words.sentences import Names

_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def with_texts(value: object, names: Names) -> Any:
    """Return a value as JSON, each fact in it with its ``text``; ``names`` are of the places that facts name."""
    return _told(_ANY.dump_python(value, mode="json"), names)


def _told(value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return [_told(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_fact(value):
        return {**value, "text": sentence(_fact(value), names)}
    return {key: _told(item, names) for key, item in value.items()}


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"code", "params"}


def _fact(value: dict[str, Any]) -> Fact:
    return Fact(code=value["code"], params={key: _param(param) for key, param in value["params"].items()})


def _param(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_param(item) for item in value)
    return _fact(value) if _is_fact(value) else value
