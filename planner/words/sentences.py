"""Facts as sentences: a code's words, filled in with parameters that are said by what the end of their name tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from planner.words.speech import listed, say, term

_NAMED = 10
"""So many of a list are named, the rest are counted."""


class FactLike(Protocol):
    """What `planner.model.Fact` holds, as this room sees it."""

    @property
    def code(self) -> str: ...

    @property
    def params(self) -> Mapping[str, object]: ...


Names = Mapping[str, str] | Mapping[str, Mapping[str, str]]
"""Names of places by their ids, or those of each kind of place, where places of two kinds may have the same id."""


def sentence(fact: FactLike, names: Names) -> str:
    """Return a fact in the language that is spoken; ``names`` are those of the places that it may name by their ids.

    Where they are given for each kind of place, a parameter ``site_id`` or ``site_ids`` is looked up under ``site``.

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


def _parameter(key: str, value: object, names: Names, params: Mapping[str, object]) -> str:
    if isinstance(value, (tuple, list)):
        return _several(key, value, names, params)
    if hasattr(value, "code") and hasattr(value, "params"):
        return sentence(value, names)
    if key.endswith(("_id", "_ids")):
        return place(str(value), _of_kind(key, names))
    if key.endswith(("_code", "_codes")):
        return term(str(value))
    if isinstance(value, (int, float)):
        return _figure(key, value, params)
    return str(value)


def _of_kind(key: str, names: Names) -> Mapping[str, str]:
    """Return the names among which a parameter's are."""
    kind = names.get(key.rpartition("_")[0])
    return kind if isinstance(kind, Mapping) else cast("Mapping[str, str]", names)


def _several(key: str, values: Sequence[object], names: Names, params: Mapping[str, object]) -> str:
    said = [_parameter(key, value, names, params) for value in values[:_NAMED]]
    rest = len(values) - _NAMED
    if rest > 0:
        return say("{names} and {rest} more", names=said, rest=rest)
    return say("; ").join(said) if any(_lists_facts(value) for value in values) else listed(said)


def _lists_facts(value: object) -> bool:
    """Whether a value is a fact that names several others, and so has commas of its own."""
    inside = value.params.values() if hasattr(value, "params") else ()
    return any(isinstance(part, (tuple, list)) and hasattr(next(iter(part), None), "params") for part in inside)


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
        ("_yuan", figures.exact_yuan),
        ("amount", figures.number),
        ("_share", figures.share),
    )
    plain = figures.number if isinstance(value, float) else str
    return next((way(value) for end, way in ways if key.endswith(end)), plain(value))
