"""The checker of languages notices a word of the other language, and no name, unit, file or address."""

import pytest

from planner.words import Language
from tests.languages import foreign_words, page_text


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "12 villages of Xinfu 新富村 are served", ["新富村"]),
        ("en", "coverage, 8.1 min；中文", ["；"]),
        ("zh", "覆盖 12 个村，villages covered 8.1 km", ["villages", "covered"]),
        (
            "zh",
            "见 routes/van-1.html、network.json、--area FOLDER、/networks/a-b-0123abcd/siting、W-12、ab-network-abcd01",
            [],
        ),
        ("zh", "GPX 与 GeoPackage 文件，WGS 84，5 kg，https://www.openstreetmap.org/copyright", []),
        ("zh", "共villages以上", ["villages"]),
        ("zh", "drift_ice 是编码，drift ice 是英文", ["drift", "ice"]),
        ("zh", "车辆 van", ["van"]),
        ("zh", "English", []),
    ],
)
def test_words_of_the_other_language_are_found(lang: Language, text: str, found: list[str]) -> None:
    assert foreign_words(text, lang) == found


def test_names_are_words_of_no_language() -> None:
    names = ["新富村", "Xinfu", "新", "Data <of> the bureau"]
    assert foreign_words("Xinfu 新富村, Data <of> the bureau", "en", names) == []
    assert foreign_words("新富村 Xinfu：Data <of> the bureau", "zh", names) == []
    assert foreign_words("Xinfuton", "zh", names) == ["Xinfuton"]  # a name is no part of a word


def test_a_page_is_what_it_shows_reads_out_and_holds_for_pop_ups() -> None:
    page = """<html><head><meta charset="utf-8"><title>Title</title><style>p { color: red }</style></head>
    <body><p title="Hint">Text &amp; <b>bold</b></p><code>planner demo</code><input placeholder="Search">
    <script>var x = 1; f({"popup": {"title": "Pop \\u4e2d", "rows": [["Label", "<b>"]]}, "id": "hidden",
    "attribution": ["Credits <x>"], "stages": [{"step": "ABC", "said": "Way"}],
    "words": {"none": "Nothing"}});</script></body></html>"""
    assert page_text(page).split("\n") == [
        *("Title", "Hint", "Text &", "bold", "Search", "Pop 中", "Label", "<b>", "Credits <x>", "Way", "Nothing"),
    ]
