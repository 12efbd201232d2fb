"""Bring the catalogues up to date with what the source says: ``make words``.

Every template that Python (``say``, ``Message``) and the pages (``say``) hold is looked up in the Chinese catalogues. One
that is missing is added, without its words, to the file of its family; every file is sorted; what still lacks Chinese is
listed, here and in the file that the tests hold against it. What no source says any more is listed, too, and removed with
``--prune``. The source is read as syntax, so a template that is no literal is found, and which values it is given.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the catalogues of this tree, whichever one is installed

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import nodes

import planner
from planner.words.catalogues import LANGUAGES, sources

ROOT = Path(__file__).parents[1]
UNTRANSLATED = ROOT / "tests/planner/words/untranslated.txt"

_SAID = ("say", "Message")
_LOOKUPS = tuple(ROOT / "planner" / name for name in ("errors.py", "model/facts.py", "words/speech.py"))
_PLACES = (
    ("planner/outputs/maps", "maps"),
    ("planner/outputs/courier", "courier"),
    ("planner/outputs/templates/route.html", "courier"),
    ("planner/outputs/templates/couriers.html", "courier"),
    ("planner/outputs/service", "service"),
    ("planner/outputs/templates/service", "service"),
    ("planner/outputs/templates/week", "service"),
    ("planner/outputs/workbook", "workbook"),
    ("planner/outputs/about", "workbook"),
    ("planner/outputs/objectives", "workbook"),
    ("planner/outputs/geofiles", "workbook"),
    ("planner/outputs", "pages"),
    ("planner/cli", "cli"),
    ("planner/config", "config"),
    ("planner/geodata", "findings"),
    ("planner/network", "network"),
    ("planner/coverage", "coverage"),
    ("planner/routing", "routing"),
    ("planner/service/week", "week"),
    ("planner/service/buses", "buses"),
    ("planner/plans", "plans"),
    ("planner/pipeline", "plans"),
    ("planner/writing", "writing"),
    ("api", "api"),
    ("planner", "figures"),
)
"""Which file gets the templates of which part of the source: the first that fits."""

_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


@dataclass(frozen=True)
class Said:
    """A template in the source; ``given`` are the names of its values, None if they are not all to be seen."""

    template: str | None  # None: no literal
    file: Path
    line: int
    given: frozenset[str] | None

    @property
    def where(self) -> str:
        return f"{self.file.relative_to(ROOT).as_posix()}:{self.line}"


def scan() -> list[Said]:
    """Return all that the source says, by file and line."""
    found = []
    for room in ("planner", "api"):
        for file in sorted((ROOT / room).rglob("*")):
            if file.suffix == ".py":
                source = file.read_text(encoding="utf-8")
                found += scan_python(source, file)
                if file.parent.name == "cli":
                    found += scan_help(source, file)
            elif file.suffix == ".html":
                found += scan_page(file.read_text(encoding="utf-8"), file)
    return found


def scan_python(source: str, file: Path) -> Iterator[Said]:
    """Yield what a Python file says; the functions that look templates up are handed them, and so left out."""
    tree = ast.parse(source)
    if file in _LOOKUPS:
        lookups = {node for node in ast.walk(tree) if isinstance(node, ast.Call) and not _literals(node)}
    else:
        lookups = set()
    facts = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("planner.model")
        and any(alias.name == "said" for alias in node.names)
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node in lookups:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in (*_SAID, *(("said",) if facts else ())):
            continue
        names = {keyword.arg for keyword in node.keywords}
        given = None if None in names else frozenset(name for name in names if name)
        for template in _literals(node) or [None]:
            yield Said(template, file, node.lineno, given)


def scan_help(source: str, file: Path) -> Iterator[Said]:
    """Yield the help texts of a file of the command line: those of options, and the docstrings of commands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in ("help", "epilog"):
                    value = keyword.value
                    known = isinstance(value, ast.Constant) and isinstance(value.value, str)
                    yield Said(value.value if known else None, file, node.lineno, None)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _takes_options(node):
            yield Said(ast.get_docstring(node), file, node.lineno, None)


def _takes_options(function: ast.FunctionDef) -> bool:
    annotations = (argument.annotation for argument in function.args.args)
    return any("Option" in ast.unparse(annotation) for annotation in annotations if annotation is not None)


def scan_page(source: str, file: Path) -> Iterator[Said]:
    """Yield what a template of a page says."""
    for call in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            first = call.args[0] if call.args else None
            options = [first.expr1, first.expr2] if isinstance(first, nodes.CondExpr) else [first]
            given = None if call.dyn_kwargs else frozenset(keyword.key for keyword in call.kwargs)
            for option in options:
                known = isinstance(option, nodes.Const) and isinstance(option.value, str)
                yield Said(option.value if known else None, file, call.lineno, given)


def needs_words(template: str) -> bool:
    """Return whether a template has more than values to say: words, or marks that another language writes its own way."""
    return re.search(r"[A-Za-z:;,()]", re.sub(r"{[^{}]*}", "", template)) is not None


def untranslated(found: list[Said]) -> list[str]:
    """Return the templates that lack Chinese."""
    translated = {
        message.id
        for file in sources("zh", "templates")
        for message in read(file)
        if message.id and message.string and not message.fuzzy
    }
    wanted = {said.template for said in found if said.template and needs_words(said.template)}
    return sorted(wanted - translated)


def read(file: Path) -> Catalog:
    """Return a PO file."""
    with file.open(encoding="utf-8") as lines:
        return read_po(lines, locale=file.parent.name)


def written(catalog: Catalog, language: str) -> str:
    """Return a PO file's text: sorted, a line an entry, with what gettext's tools need in its header."""
    for message in catalog:
        message.flags -= {"python-format", "python-brace-format"}  # every template is, and by hand nobody writes it
    made = io.BytesIO()
    write_po(made, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    entries = made.getvalue().decode().strip()
    return _HEADER.format(language=language) + (f"\n{entries}\n" if entries else "")


def family(file: Path) -> str:
    """Return the family of catalogues of a source file."""
    place = file.relative_to(ROOT).as_posix()
    return next(family for start, family in _PLACES if place.startswith(start))


def main(prune: bool = False) -> int:
    """Add, remove, sort and list; return the exit code."""
    found = scan()
    wanted = {said.template: said for said in found if said.template and needs_words(said.template)}
    catalogs = {file: read(file) for language in LANGUAGES for file in sources(language)}
    templates = sources("zh", "templates")
    held = {message.id for file in templates for message in catalogs[file] if message.id}
    for template in wanted.keys() - held:
        (file,) = (file for file in templates if file.stem == family(wanted[template].file))
        catalogs[file].add(template)
    unused = sorted(held - wanted.keys())
    for template in unused if prune else ():
        for file in templates:
            catalogs[file].delete(template)
    for file, catalog in catalogs.items():
        file.write_text(written(catalog, file.parent.name), encoding="utf-8")
    lacking = untranslated(found)
    UNTRANSLATED.write_text("".join(f"{template!r}\n" for template in lacking), encoding="utf-8")
    for title, lines in (
        ("no literal", [said.where for said in found if said.template is None]),
        ("said nowhere" + (", removed" if prune else ""), unused),
        ("lacks Chinese", [f"{wanted[template].where}: {template}" for template in lacking]),
    ):
        print(f"{title}: {len(lines)}", *lines, sep="\n  ")
    return 0


def _literals(call: ast.Call) -> list[str]:
    """Return the template of a call, both of them if it is one or the other; none if it is no literal."""
    first = call.args[0] if call.args else None
    options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    texts = [option.value for option in options if isinstance(option, ast.Constant) and isinstance(option.value, str)]
    return texts if len(texts) == len(options) else []


def other_tree() -> str:
    """Return where the imported ``planner`` lies if it is not the tree of this script, whose catalogues are changed."""
    imported = Path(planner.__file__).resolve().parents[1]
    return "" if imported == ROOT.resolve() else str(imported)


if __name__ == "__main__":
    if other_tree():
        sys.exit(f"planner is imported from {other_tree()}, not from {ROOT}: set PYTHONPATH={ROOT}")
    sys.exit(main(prune="--prune" in sys.argv[1:]))
