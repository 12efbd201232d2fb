"""The words people read: the same figures in both languages, and ids where their names can be put before them."""

import re

import pytest

from planner.coverage.explain.conflicts import all_of, offenders
from planner.words.catalogues import codes
from planner.words.terms import TERMS, Term, say

_IDS = ("point", "site", "name")
_BRACES = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("code", TERMS)
def test_both_languages_say_the_same_figures(code: str) -> None:
    words = TERMS[code]
    assert sorted(_BRACES.findall(words.en)) == sorted(_BRACES.findall(words.zh))
    if code not in ("osm", "geonames"):  # names of their own
        if re.search("[a-z]", _BRACES.sub("", words.en)):  # else it is made of its figures alone
            assert re.search("[\u4e00-\u9fff]", words.zh), words
        assert not re.search("[\u4e00-\u9fff]", words.en), words


@pytest.mark.parametrize("code", codes("en", "facts"))
def test_an_id_stands_by_itself(code: str) -> None:
    # a name is put before a whole word only, and Chinese runs on without blanks
    for words in TERMS[code]:
        filled = words.format_map({key: f"@{key}@" for key in _BRACES.findall(words)})
        for key in _IDS:
            assert not re.search(rf"\w@{key}@|@{key}@\w", filled), words


def test_long_lists_are_cut_off_with_their_count_in_both_languages() -> None:
    ids = [f"v{number}" for number in range(12)]
    named = offenders(ids)
    assert named.en == "v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more"
    assert named.zh == "v0、v1、v2、v3、v4、v5、v6、v7、v8、v9 等 12 个"
    assert offenders(ids[:2]) == ("v0, v1", "v0、v1")


def test_words_within_words_stay_in_their_language() -> None:
    limits = all_of([say("limit_count", count=2), say("limit_budget", yuan="5")])
    assert say("in_phase", phase="2026", words=limits) == Term(
        "phase 2026: count 2 and budget 5 yuan", "阶段 2026：数量 2、预算 5 元"
    )
