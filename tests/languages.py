"""Which words of a text are of the other language: what people read has one, but for names, units, codes and addresses."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from planner.geodata.columns import WORDS
from planner.model import SharedHouse, StudyArea
from planner.words import Language

_CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]+")
_ENGLISH = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z'’]*[A-Za-z](?![A-Za-z0-9])")
# addresses, commands, options, paths and files, and what has digits, underscores or dots inside: ids, versions, keys
_CODES = re.compile(
    r"(?:https?|file)://[!-~]+|`[^`]*`|planner [a-z]+|--[a-z-]+(?: [A-Z]+)?|(?<![\w/])/[\w.{}~%/-]+"
    r"|[A-Za-z]*[0-9_][A-Za-z0-9_]*(?:[-.:][A-Za-z0-9_]+)*|[A-Za-z][A-Za-z0-9]*(?:[-.:][A-Za-z0-9]*)*[-.:][A-Za-z]*[0-9][A-Za-z0-9.-]*"
    r"|(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]*[A-Za-z0-9_](?:\.[A-Za-z][A-Za-z0-9_]*)+",
    re.ASCII,
)
_SAID_IN_BOTH = frozenset(
    [
        *("km", "kg", "min", "html", "gpx", "csv", "geojson", "xlsx", "gpkg"),
        *("Excel", "GeoPackage", "GeoJSON", "OpenStreetMap", "GeoNames", "Python", "Amap", "planner", "ODbL"),
    ]
)
"""Units, formats, licences, products: English letters in a Chinese text too. Words in capitals (GPX) are such anyway."""
_SWITCH: dict[Language, str] = {"zh": "English", "en": "中文"}


def foreign_words(text: str, lang: Language, names: Iterable[str] = ()) -> list[str]:
    """Return the Chinese in an English text, or the English words of three letters and more in a Chinese one.

    ``names`` are what data call things; they, units, ids, files and addresses are words of no language.
    """
    for name in sorted({*names, _SWITCH[lang]} - {""}, key=len, reverse=True):
        before = r"(?<![A-Za-z])" if re.match("[A-Za-z]", name) else ""
        after = r"(?![A-Za-z])" if re.search("[A-Za-z]$", name) else ""
        text = re.sub(before + re.escape(name) + after, " ", text)
    if lang == "en":
        return _CHINESE.findall(text)
    words = _ENGLISH.findall(_CODES.sub(" ", text))
    return [word for word in words if len(word) > 2 and not word.isupper() and word not in _SAID_IN_BOTH]


def names_of(area: StudyArea) -> set[str]:
    """Return all that an area's data call things, its sources included; what they say in both languages is no name."""
    places = [*area.townships, *area.villages, *area.sites]
    given = [area.name, area.name_latin, area.id, *area.synthetic_parts, *area.assumed_parts, *area.attributions]
    given += [getattr(place, key, "") for place in places for key in ("id", "name", "name_latin", "product")]
    known = frozenset().union(*(WORDS[house] for house in SharedHouse))
    given += [one for village in area.villages for one in village.facilities if one.lower() not in known]
    given += [part for source in area.sources for part in (source.what, source.origin, source.licence)]
    return {name for name in given if name and getattr(name, "zh", name) == name}


def page_text(page: str) -> str:
    """Return what a page shows or reads out, and what its data hold for pop-ups, lists and the search, a line each."""
    reader = _Reader()
    reader.feed(page)
    return "\n".join(reader.shown)


class _Reader(HTMLParser):
    _SILENT = ("style", "code")
    _READ_OUT = ("alt", "title", "placeholder", "aria-label", "content")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", *self._SILENT):
            self._inside = tag
        if tag == "meta" and given.get("name") != "description":
            return
        self.shown += [value for key in self._READ_OUT if (value := given.get(key))]

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.shown += [page_text(text) for text in _said_by_data(data)]
        elif self._inside not in self._SILENT and data.strip():
            self.shown.append(data.strip())


_SAID = re.compile(
    r'"(?:texts|said|label|tooltip|name|text|where|title|rows|finished|labels|words|figures|attribution)"\s*:\s*(?=["\[{])'
)


def _said_by_data(script: str) -> Iterator[str]:
    """Yield the texts in a script's data, as pieces of pages."""
    for found in _SAID.finditer(script):
        yield from map(html.escape, _texts(json.JSONDecoder().raw_decode(script, found.end())[0]))


def _texts(value: object) -> Iterator[str]:
    """Yield all texts inside a value of JSON; the keys of its objects are the script's."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
