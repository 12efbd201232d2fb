"""Facts as sentences: a code's words, filled in with parameters that are said by what the end of their name tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from planner.words.speech import listed, say, term

_NAMED = 10
"""So many of a list are named, the rest are counted."""


class FactLike(Protocol):
    """What `planner.model.Fact` holds, as this room sees it."""

    @property
    def code(self) -> str: ...

    @property
    def params(self) -> Mapping[str, object]: ...


def sentence(fact: FactLike, names: Mapping[str, str]) -> str:
    """Return a fact in the language that is spoken; ``names`` are those of the places that it may name by their ids.

    The end of a parameter's name says how it is said, as `planner.model.Fact` has it; of durations and distances, those
    that end in ``limit_s``, ``standard_s`` or ``limit_m`` are limits, and so rounded down. What has its limit beside it, as
    ``driving_s`` has in ``driving_limit_s``, is not rounded past one that it keeps.

    Raises
    ------
    KeyError
        If the catalogues lack a code.
    """
    said = {key: _parameter(key, value, names, fact.params) for key, value in fact.params.items()}
    return term(fact.code).format(**said)


def place(place_id: str, names: Mapping[str, str]) -> str:
    """Return a place as people tell it from others: its name and its id, one of them where both are the same."""
    name = names.get(place_id, place_id)
    return place_id if name == place_id or not name else f"{name} {place_id}"


def _parameter(key: str, value: object, names: Mapping[str, str], params: Mapping[str, object]) -> str:
    if isinstance(value, (tuple, list)):
        return _several(key, value, names, params)
    if hasattr(value, "code") and hasattr(value, "params"):
        return sentence(value, names)
    if key.endswith(("_id", "_ids")):
        return place(str(value), names)
    if key.endswith(("_code", "_codes")):
        return term(str(value))
    if isinstance(value, (int, float)):
        return _figure(key, value, params)
    return str(value)


def _several(key: str, values: Sequence[object], names: Mapping[str, str], params: Mapping[str, object]) -> str:
    said = [_parameter(key, value, names, params) for value in values[:_NAMED]]
    rest = len(values) - _NAMED
    return listed(said) if rest <= 0 else say("{names} and {rest} more", names=said, rest=rest)


def _figure(key: str, value: float, params: Mapping[str, object]) -> str:
    from planner.words import figures

    stem, _, unit = key.rpartition("_")
    limit = params.get(f"{stem}_limit_{unit}")
    if isinstance(limit, (int, float)):
        return figures.kilometres(value, limit) if unit == "m" else figures.minutes(value, limit)
    ways: tuple[tuple[str, Callable[[float], str]], ...] = (
        ("clock_s", figures.clock),
        ("limit_s", figures.limit),
        ("standard_s", figures.limit),
        ("_s", figures.minutes),
        ("limit_m", figures.distance_limit),
        ("_m", figures.kilometres),
        ("price_yuan", figures.price),
        ("_yuan", figures.yuan),
        ("amount", figures.number),
        ("_share", figures.share),
    )
    return next((way(value) for end, way in ways if key.endswith(end)), str(value))
