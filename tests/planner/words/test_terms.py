"""The words people read: the same figures in both languages."""

import re

import pytest

from planner.words.terms import TERMS

_BRACES = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("code", TERMS)
def test_both_languages_say_the_same_figures(code: str) -> None:
    words = TERMS[code]
    assert sorted(_BRACES.findall(words.en)) == sorted(_BRACES.findall(words.zh))
    if code not in ("osm", "geonames"):  # names of their own
        if re.search("[a-z]", _BRACES.sub("", words.en)):  # else it is made of its figures alone
            assert re.search("[\u4e00-\u9fff]", words.zh), words
        assert not re.search("[\u4e00-\u9fff]", words.en), words
