"""Chinese stands in the catalogues and in data, not in the code or the pages; files that still hold some are listed."""

import ast
import re
from pathlib import Path

from scripts.words import ROOT

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LISTED = Path(__file__).with_name("chinese_outside.txt")


def chinese_texts(source: str) -> list[str]:
    """Texts of a Python file with Chinese in them; what only says what the code does is none of them."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if CHINESE.search(node.value)
    ]


def test_a_text_is_told_from_what_explains_it() -> None:
    source = '"""说明"""\n# 说明\nx = f"{1}村"\ndef f(a="乡"):\n    """说明"""\n    return "a"\n'
    assert sorted(chinese_texts(source)) == ["乡", "村"]


def test_chinese_stands_in_the_catalogues_only_but_for_what_is_listed() -> None:
    found = set()
    for file in [*ROOT.joinpath("planner").rglob("*"), *ROOT.joinpath("api").rglob("*")]:
        place = file.relative_to(ROOT).as_posix()
        if file.suffix not in (".py", ".html", ".js", ".css") or place.startswith("planner/words/"):
            continue
        text = file.read_text(encoding="utf-8")
        if chinese_texts(text) if file.suffix == ".py" else CHINESE.search(text):
            found.add(place)
    assert found <= set(LISTED.read_text(encoding="utf-8").split())
