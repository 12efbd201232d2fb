"""The catalogues: both languages whole, the same values in both, sorted, and known wherever they are looked up."""

import ast
import gettext
import io
import re
import string
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import planner
from planner.words import LANGUAGES, say, speaking, term
from planner.words import catalogues as room
from planner.words.catalogues import codes, sources
from scripts import words

FILES = [file for language in LANGUAGES for file in sources(language)]
CODES = [file.stem for file in sources("en", "codes")]
FOUND = words.scan()
SAID = [said for said in FOUND if said.template]


def placeholders(template: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_all_that_the_source_says_has_chinese_but_what_is_listed() -> None:
    listed = [ast.literal_eval(line) for line in words.UNTRANSLATED.read_text(encoding="utf-8").splitlines()]
    assert len(SAID) > 10
    missing = set(words.untranslated(FOUND)) - set(listed)
    assert not missing, "run make words, and fill in what it adds to planner/words/catalogues/zh"


def test_every_template_is_a_literal_and_is_given_its_values() -> None:
    assert not [said.where for said in FOUND if said.template is None]
    wrong = [said.where for said in SAID if said.given is not None and said.given != placeholders(said.template or "")]
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_catalogue_is_sorted_and_its_words_have_the_values_of_their_key(file: Path) -> None:
    catalog = words.read(file)
    assert file.read_text(encoding="utf-8") == words.written(catalog, file.parent.name)
    for message in catalog:
        if not message.id or not message.string or file.stem in CODES:
            continue
        ids, strings = ((m,) if isinstance(m, str) else m for m in (message.id, message.string))
        assert {name for text in strings for name in placeholders(text)} == placeholders(ids[-1]), message.id
        if file.parent.name == "zh" and message.id != "Value error, {message}":  # nothing but the message is said
            assert re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", "".join(strings)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", ["codes", "templates", "messages"])
def test_a_key_stands_once_in_a_language(language: room.Language, domain: room.Domain) -> None:
    keys = [message.id for file in sources(language, domain) for message in words.read(file) if message.id]
    assert sorted({*map(str, keys)}) == sorted(map(str, keys))


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_both_languages_with_the_same_values(kind: str) -> None:
    assert set(codes("en", kind)) == set(codes("zh", kind))
    for code in codes("en", kind):
        with speaking("en"):
            english = term(code)
        with speaking("zh"):
            chinese = term(code)
        assert placeholders(english) == placeholders(chinese), code
        assert not re.search("[\u4e00-\u9fff]", english), code


def test_every_code_that_a_result_can_carry_has_words() -> None:
    kinds = _enums()
    assert {"UncoveredReason", "UnassignedReason", "RelaxationKind", "SiteStatus", "Tier"} <= kinds.keys()
    assert kinds.keys() >= _NEVER_SAID
    said = {name: set(kind) for name, kind in kinds.items() if name not in _NEVER_SAID}
    assert not {name: missing for name, all_of_it in said.items() if (missing := all_of_it - set(codes("en")))}


def _enums() -> dict[str, type[StrEnum]]:
    for module in walk_packages(planner.__path__, "planner."):
        if re.match(r"planner\.(model|coverage|routing|network|geodata|plans)\b", module.name):
            import_module(module.name)
    return {kind.__name__: kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("planner.")}


# decided by, or written into files of other programs, and never shown as a word
_NEVER_SAID = {
    "Cause",
    "Datum",
    "FrontierAim",
    "HeldBecause",
    "OrderForm",
    "Outcome",
    "TaskKind",
    "Verdict",
    "ViolationKind",
}


def test_what_is_compiled_is_kept_and_damage_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path))
    room.catalogue.cache_clear()
    kept = room.compiled_place("zh", "templates")
    assert kept is not None
    with speaking("zh"):
        assert say("{count} people", count=3) == "3 人"
        whole = kept.read_bytes()
        assert gettext.GNUTranslations(io.BytesIO(whole)).gettext("{count} people") == "{count} 人"
        kept.write_bytes(whole[:50])
        room.catalogue.cache_clear()
        assert say("{count} people", count=3) == "3 人"
    assert kept.read_bytes() == whole
    assert list(kept.parent.iterdir()) == [kept]
    room.catalogue.cache_clear()


def test_without_a_place_to_keep_it_a_catalogue_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    for place in ("", str(blocked)):
        monkeypatch.setenv("PLANNER_CACHE", place)
        room.catalogue.cache_clear()
        with speaking("zh"):
            assert term("existing") == "已有"
    room.catalogue.cache_clear()
