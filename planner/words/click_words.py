"""What click and typer say themselves, in the language that is spoken.

Some of it they ask of gettext's default domain, when they are called or as they are imported, so it has to be bound before;
the rest, which they build without asking, is known again by its English.
"""

from __future__ import annotations

import atexit
import gettext
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from planner.words.catalogues import Domain, Language, catalogue, compile_at, compiled_place, entries
from planner.words.speech import language

_DOMAIN: Domain = "messages"  # where gettext looks for one who names no domain


def speak_click(lang: Language) -> None:
    """Bind gettext's default domain to the catalogue of a language, for this process: call it before typer is imported."""
    catalogue(lang, _DOMAIN)
    place = compiled_place(lang, _DOMAIN)
    if place is None or not place.is_file():
        folder = tempfile.mkdtemp(prefix="words-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        place = Path(folder, lang, "LC_MESSAGES", f"{_DOMAIN}.mo")
        compile_at(place, lang, _DOMAIN)
    gettext.bindtextdomain(_DOMAIN, place.parents[2])
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = lang  # the first thing that gettext asks


def click_word(text: str) -> str:
    """Return a text of click or typer that holds no values in the language that is spoken; what is not known as it is."""
    return catalogue(language(), _DOMAIN).gettext(text) if text else text


def click_text(text: str) -> str:
    """Return what click or typer say in the language that is spoken, values and all; what is not known as it is.

    Values inside are known again, too: an invalid value's message, say.
    """
    exact = click_word(text)
    if exact != text or language() == "en":
        return exact
    for known, template in _patterns(language()):
        if match := known.fullmatch(text):
            return template.format(**{name: click_text(value) for name, value in match.groupdict().items()})
    return text


@cache
def _patterns(lang: Language) -> list[tuple[re.Pattern[str], str]]:
    """Return what tells a sentence with values in it, and its template: the one with most words of its own first."""
    templates = {key: said for key, said in entries(lang, _DOMAIN) if re.search(r"{\w+}", key)}
    longest_first = sorted(templates, key=lambda key: (-len(re.sub(r"{\w+}", "", key)), key))
    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(key)), re.DOTALL), templates[key])
        for key in longest_first
    ]
