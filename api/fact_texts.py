"""Facts in answers: code and parameters as they are, and beside them a sentence in the language of the request."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from planner.model import Fact
from planner.outputs.fleet_names import NO_NAMES, FleetNames
from planner.outputs.relaxations import with_fleet_names
from planner.words import sentence
from planner.words.sentences import Names

_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def with_texts(value: object, names: Names, fleet: FleetNames = NO_NAMES) -> Any:
    """Return a value as JSON, each fact in it with its ``text``; ``names`` and ``fleet`` are of what facts name."""
    return _told(_ANY.dump_python(value, mode="json"), names, fleet)


def _told(value: Any, names: Names, fleet: FleetNames) -> Any:
    if isinstance(value, list):
        return [_told(item, names, fleet) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_fact(value):
        return {**value, "text": sentence(with_fleet_names(_fact(value), fleet), names)}
    return {key: _told(item, names, fleet) for key, item in value.items()}


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"code", "params"}


def _fact(value: dict[str, Any]) -> Fact:
    return Fact(code=value["code"], params={key: _param(param) for key, param in value["params"].items()})


def _param(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_param(item) for item in value)
    return _fact(value) if _is_fact(value) else value
