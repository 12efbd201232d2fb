"""Facts in a plan that cannot be said: codes without words, and words whose values are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from planner.errors import Message
from planner.geodata import Finding
from planner.model import Fact
from planner.words import LANGUAGES, sentence, speaking

_Said = TypeVar("_Said")


def unsayable_facts(part: str, facts: Iterable[Fact]) -> Iterator[Message]:
    """Return a line for each fact of a part of the plan that the catalogues cannot say in every language."""
    yield from _unsayable(part, facts, _in_every_language)


def unsayable_findings(part: str, findings: Iterable[Finding]) -> Iterator[Message]:
    """Return a line for each finding whose sentence lacks a value that it names."""
    yield from _unsayable(part, findings, lambda finding: finding.remark)


def _in_every_language(fact: Fact) -> None:
    for language in LANGUAGES:
        with speaking(language):
            sentence(fact, {})


def _unsayable(part: str, parts: Iterable[_Said], say_it: Callable[[_Said], object]) -> Iterator[Message]:
    for number, one in enumerate(parts):
        try:
            say_it(one)
        except Exception as error:  # whatever a template does with values that are not its own
            yield Message(
                "{key}: cannot be said ({error})",
                key=f"{part}.{number}",
                error=f"{type(error).__name__} {str(error)[:100]}",
            )
