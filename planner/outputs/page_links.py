"""Names of pages in both languages, and the switch between them.

A page is written once a language: ``coverage.html`` in the language that was chosen, ``coverage.en.html`` (or ``.zh``) in
the other. First pages, which pages of other folders link, have the language in their names whichever was chosen there, and
a copy named ``index.html`` in the chosen one. Pages of a language link pages of that language, so a reader who switches
stays there. A server has one address a page and is told the language in the address (``?lang=en``), which it remembers for
the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

from planner.words import LANGUAGES, Language, language

FIRST_PAGE = "index"
WEEK_PAGE = "week"
"""The map of several days of an area, which maps of other folders link."""


class Switch(NamedTuple):
    """One language of the switch: its own name, and where the page is in it; empty for the page itself."""

    lang: Language
    name: str
    href: str


_NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}  # each in its own language, whichever is spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """How pages link each other; ``home`` is the language whose files have the plain name, None where pages are served.

    ``query`` is what else the address of a served page asks for: the switch keeps it.
    """

    home: Language | None = None
    query: tuple[tuple[str, str], ...] = ()

    def page(self, name: str) -> str:
        """Return the file of a page (``coverage``, ``routes/van-1``) in the language that is spoken."""
        return self._file(name, language())

    def switch(self, name: str) -> tuple[Switch, ...]:
        """Return the languages that a page can be read in; ``name`` is as in `page`, without folders for the link."""
        own = name.rpartition("/")[2]
        return tuple(
            Switch(lang, _NAMES[lang], "" if lang == language() else self._to(own, lang)) for lang in LANGUAGES
        )

    def _to(self, name: str, lang: Language) -> str:
        return f"?{urlencode([*self.query, ('lang', lang)])}" if self.home is None else quote(self._file(name, lang))

    def _file(self, name: str, lang: Language) -> str:
        plain = self.home is None or (self.home == lang and name.rpartition("/")[2] not in (FIRST_PAGE, WEEK_PAGE))
        return f"{name}.html" if plain else f"{name}.{lang}.html"
