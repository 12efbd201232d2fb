"""A fact about a plan as data: a code and its parameters; `planner.words.sentence` says it when somebody reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.errors import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is so, as a code of the catalogues and the figures it names.

    The end of a name says what a parameter holds, and so how it is said: ``_id`` and ``_ids`` are places (by their names),
    ``_s`` a duration, ``_clock_s`` a time of day, ``_m`` a distance, ``_yuan`` money (``price_yuan`` to its hundredth),
    ``_share`` a part of the whole, ``amount`` a figure, ``_code`` and ``_codes`` words of the catalogues; all else is said
    as it is. What has its limit beside it, as ``driving_s`` has in ``driving_limit_s``, looks longer only where it is. A
    fact among the parameters is said inside.
    """

    code: str
    params: dict[str, str | int | float | Fact | tuple[str | int | float | Fact, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.params.items())))


def said(template: str, /, **values: object) -> Fact:
    """Return an English sentence as a fact: its code is the sentence, with the names of its values in braces.

    Examples
    --------
    >>> as_message(said("lies {distance} km from {place}", distance=5, place="Warlin"))
    'lies 5 km from Warlin'
    """
    return Fact(code=template, params={name: _param(value) for name, value in values.items()})


def as_fact(text: str) -> Fact:
    """Return what an error says as a fact; a text that is no message is its own only parameter."""
    return said(text.template, **text.values) if isinstance(text, Message) else said("{text}", text=text)


def as_message(fact: Fact) -> Message:
    """Return a fact that `said` or `as_fact` made as a message: a string in English, in other languages by its template."""
    return Message(fact.code, **{name: _value(value) for name, value in fact.params.items()})


def _param(value: object) -> str | int | float | Fact | tuple[str | int | float | Fact, ...]:
    if isinstance(value, Message):
        return as_fact(value)
    if isinstance(value, (list, tuple)):
        return tuple(as_fact(part) if isinstance(part, Message) else _plain(part) for part in value)
    return _plain(value)


def _plain(value: object) -> str | int | float | Fact:
    """Return a value as JSON has it: kinds and paths as their text."""
    if type(value) in (str, int, float) or isinstance(value, Fact):
        return value  # type: ignore[return-value]
    return str(value)


def _value(param: object) -> object:
    if isinstance(param, tuple):
        return tuple(_value(part) for part in param)
    return as_message(param) if isinstance(param, Fact) else param
