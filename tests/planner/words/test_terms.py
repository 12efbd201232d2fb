"""The words people read: the same figures in both languages."""

import re

import pytest

from planner.words import speaking, term
from planner.words.catalogues import codes

_BRACES = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("code", sorted(codes("en")))
def test_both_languages_say_the_same_figures(code: str) -> None:
    with speaking("en"):
        english = term(code)
    with speaking("zh"):
        chinese = term(code)
    assert sorted(_BRACES.findall(english)) == sorted(_BRACES.findall(chinese))
    if code not in ("osm", "geonames", "ortools", "pyvrp"):  # names of their own
        if re.search("[a-z]", _BRACES.sub("", english)):  # else it is made of its figures alone
            assert re.search("[\u4e00-\u9fff]", chinese), chinese
        assert not re.search("[\u4e00-\u9fff]", english), english
