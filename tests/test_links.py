"""What documents point to is there, every relative link and heading; and each document is there in both languages."""

import re
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
SKIPPED = {"out", "node_modules", "build", "dist"}
CHINESE = ".zh-CN.md"
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|<img[^>]*\ssrc=\"([^\"]+)\"")
HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*")
NAMED_IN_CODE = re.compile(r"docs/[a-z][a-z-]*\.md")


def documents() -> list[Path]:
    """All Markdown files of the tree, but for those of tools and of results."""
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not any(part.startswith(".") or part in SKIPPED for part in path.relative_to(ROOT).parts)
    )


def lines_outside_code(path: Path) -> list[str]:
    """The lines of a document without its fenced code."""
    kept, fenced = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            kept.append(line)
    return kept


def headings(path: Path) -> list[str]:
    return [found[1] for line in lines_outside_code(path) if (found := HEADING.fullmatch(line))]


def anchors(path: Path) -> set[str]:
    """What headings are called in addresses: lower case, blanks as hyphens, no punctuation, repeats numbered."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in headings(path):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        kept = [c for c in text if c in " -_" or unicodedata.category(c)[0] in "LNM"]
        name = "".join(kept).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def links(path: Path) -> list[str]:
    text = re.sub(r"`[^`\n]*`", "", "\n".join(lines_outside_code(path)))
    return [one or other for one, other in LINK.findall(text)]


def broken(path: Path) -> list[str]:
    """Relative links whose file or heading is not there."""
    wrong = []
    for link in links(path):
        if re.match(r"[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / unquote(name)).resolve() if name else path
        if not target.exists() or (anchor and unquote(anchor) not in anchors(target)):
            wrong.append(link)
    return wrong


def pairs() -> list[Path]:
    """The English one of each pair that there has to be: README and all of docs."""
    return [
        ROOT / "README.md",
        *sorted(path for path in (ROOT / "docs").glob("*.md") if not path.name.endswith(CHINESE)),
    ]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    assert broken(path) == []


@pytest.mark.parametrize("english", pairs(), ids=lambda path: path.stem)
def test_each_document_is_there_in_both_languages_and_says_so(english: Path) -> None:
    chinese = english.with_name(english.stem + CHINESE)
    assert chinese.is_file()
    assert chinese.name in links(english)
    assert english.name in links(chinese)
    assert len(headings(english)) == len(headings(chinese))


def test_no_chinese_document_is_without_its_english_one() -> None:
    chinese = [path for path in documents() if path.name.endswith(CHINESE)]
    assert len(chinese) == len(pairs())


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / f"README{CHINESE}"], ids=lambda path: path.name)
def test_readme_is_short_and_leads_to_every_document_of_its_language(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150
    mine = {
        f"docs/{one.name}"
        for one in (ROOT / "docs").glob("*.md")
        if one.name.endswith(CHINESE) == path.name.endswith(CHINESE)
    }
    assert mine <= set(links(path))


def test_documents_that_messages_name_are_there() -> None:
    named = {
        name
        for room in ("planner", "api")
        for path in (ROOT / room).rglob("*.py")
        for name in NAMED_IN_CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert "docs/replanning.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_a_broken_link_and_a_broken_heading_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# Two words, one `key`\n## Twice\n## Twice\n## 表格（一）\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#two-words-one-key) [c](there.md#twice-1) [d](there.md#表格一) [e](https://example.org/x)\n"
        "[f](gone.md) [g](there.md#gone) ![h](gone.png) `[i](gone-too.md)`\n```\n[j](not-a-link.md)\n```\n"
        '<img src="lost.png" width="9">\n',
        encoding="utf-8",
    )
    assert broken(page) == ["gone.md", "there.md#gone", "gone.png", "lost.png"]
