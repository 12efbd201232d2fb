"""Words in both languages at once, as they were asked for before one was spoken at a time: the last user removes this.

New code asks `planner.words.term`, `say` and `sentence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from planner.words import speech
from planner.words.catalogues import codes


class Term(NamedTuple):
    """One idea in both languages."""

    en: str
    zh: str

    @property
    def both(self) -> str:
        """Chinese first, then English, as county offices label their maps; one name where both are the same."""
        return self.en if self.en == self.zh else f"{self.zh} {self.en}"

    @property
    def sentence(self) -> str:
        """Both as sentences, Chinese first."""
        return f"{self.zh}。{self.en}"


class _Terms(Mapping[str, Term]):
    """The words of every code, read from the catalogues when first asked for."""

    def __getitem__(self, code: str) -> Term:
        return term(code)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and speech.has_term(code)

    def __iter__(self) -> Iterator[str]:
        return iter(codes("en"))

    def __len__(self) -> int:
        return len(codes("en"))


TERMS: Mapping[str, Term] = _Terms()


def say(code: str, **values: object) -> Term:
    """Return the words for a code with its braces filled in; a value that is a `Term` goes in in its own language.

    Examples
    --------
    >>> say("in_phase", phase="2026", conflict=say("limit_count", count=3))
    Term(en='phase 2026: count 3', zh='阶段 2026：数量 3')
    """
    words = term(code)
    english = {key: value.en if isinstance(value, Term) else value for key, value in values.items()}
    chinese = {key: value.zh if isinstance(value, Term) else value for key, value in values.items()}
    return Term(words.en.format(**english), words.zh.format(**chinese))


@cache
def term(code: str) -> Term:
    """Return the words for a code.

    Raises
    ------
    KeyError
        If the code is not in the catalogues: a code without words must not reach a person.
    """
    with speech.speaking("en"):
        english = speech.term(code)
    with speech.speaking("zh"):
        return Term(english, speech.term(code))
