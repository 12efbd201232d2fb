"""The message catalogues: a folder of PO files a language, compiled when first read and kept in the user's cache folder.

A family of messages has a file of its own. ``terms`` and those of facts hold codes and have an entry in every language; the
other files have English templates for keys, and so there are none for English. ``click`` holds the texts of the
libraries that read the command line.
"""

from __future__ import annotations

import contextlib
import gettext
import hashlib
import io
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from planner.cache_folder import cache_place
from planner.seals import sealed, unsealed

if TYPE_CHECKING:
    from babel.messages.catalog import Message

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Domain = Literal["codes", "templates", "messages"]
"""What is looked up together; ``messages`` is where a library that names no domain of its own looks."""

_FAMILIES: dict[str, Domain] = {
    "terms": "codes",
    "facts": "codes",
    "facts_buses": "codes",
    "facts_routing": "codes",
    "facts_service": "codes",
    "facts_week": "codes",
    "facts_year": "codes",
    "click": "messages",
}
_FOLDER = Path(__file__).parent


def sources(language: Language, domain: Domain | None = None) -> list[Path]:
    """Return the PO files of a language, of one domain or of all, by name."""
    files = sorted((_FOLDER / language).glob("*.po"))
    return [file for file in files if domain is None or _FAMILIES.get(file.stem, "templates") == domain]


@cache
def catalogue(language: Language, domain: Domain) -> gettext.GNUTranslations:
    """Return the compiled catalogue of a domain; a code that it lacks raises KeyError, a template stands for itself."""
    translations = _kept(language, domain)
    if translations is None:
        made = _compile(language, domain)
        if place := compiled_place(language, domain):
            with contextlib.suppress(OSError):  # the next run compiles again
                _keep(place, made)
        translations = gettext.GNUTranslations(io.BytesIO(made))
    if domain == "codes":
        translations.add_fallback(_NoSuchCode())
    return translations


def compiled_place(language: Language, domain: Domain) -> Path | None:
    """Return where the compiled catalogue is kept, in the layout that gettext looks in; None if nothing is kept."""
    root = cache_place()
    return None if root is None else root / "words" / _digest() / language / "LC_MESSAGES" / f"{domain}.mo"


@cache
def codes(language: Language, family: str = "") -> tuple[str, ...]:
    """Return the codes that a language has words for, of one family or of all, in the order of their files."""
    files = [file for file in sources(language, "codes") if family in ("", file.stem)]
    return tuple(str(message.id) for file in files for message in _messages(file) if message.string)


def entries(language: Language, domain: Domain) -> list[tuple[str, str]]:
    """Return the keys of a domain that are one text each, with their words."""
    return [
        (message.id, message.string)
        for file in sources(language, domain)
        for message in _messages(file)
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string
    ]


def compile_at(place: Path, language: Language, domain: Domain) -> None:
    """Write a compiled catalogue to a place of its own.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    _keep(place, _compile(language, domain))


class _NoSuchCode(gettext.NullTranslations):
    """What is asked when a catalogue of codes does not know one: a code without words must not reach a person."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)


@cache
def _digest() -> str:
    """Return what names the content of all catalogues: another content is kept elsewhere."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        for file in sources(language):
            content = file.read_bytes()
            digest.update(f"{language}/{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _kept(language: Language, domain: Domain) -> gettext.GNUTranslations | None:
    """Return what an earlier run compiled, None if it is not there or cannot be read."""
    place = compiled_place(language, domain)
    try:
        kept = None if place is None else unsealed(place.read_bytes())
    except OSError:
        return None
    return None if kept is None else gettext.GNUTranslations(io.BytesIO(kept))


def _compile(language: Language, domain: Domain) -> bytes:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    merged = Catalog(locale=language)
    for file in sources(language, domain):
        for message in _messages(file):
            merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    return compiled.getvalue()


def _messages(file: Path) -> list[Message]:
    """Return the entries of a PO file without its header."""
    from babel.messages.pofile import read_po

    with file.open(encoding="utf-8") as lines:
        return [message for message in read_po(lines, locale=file.parent.name) if message.id]


def _keep(place: Path, made: bytes) -> None:
    """Write beside and rename, so that nobody reads half; gettext does not mind the seal behind the catalogue."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed(made))
        Path(beside).replace(place)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
