"""A class name means one thing in the whole house, and so does the name of a file."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAME_BY_DESIGN = {
    "Demands": "arrays of what is asked, one for each compiled search",
    "Fleet": "the vehicles' arrays, one for each compiled search",
    "Routes": "the routes' arrays, one for each compiled search",
    "Scratch": "room that a compiled search works in, one for each",
    "Search": "the state of a compiled search, one for each",
    "Undo": "what a step of a compiled search takes back, one for each",
    "World": "what does not change while a search runs, one for each",
    "Day": "a running day, and its arrays in the compiled search",
    "Plan": "the document, and an answer while the capacitated engine moves sites",
    "Table": "a table of a file, and of a solver",
    "Tier": "of a site, and in the two-tier engine",
    "Visit": "of a route, and of a solver's route",
}
"""Names that two modules of a solver's engine may share with each other or with a noun, and why; it should get shorter."""

SEEN_FROM_SEVERAL_ROOMS = {
    *(
        "conflicts",
        "coverage",
        "curve",
        "demand",
        "equity",
        "phases",
        "plan",
        "problem",
        "reach",
        "reasons",
        "remedies",
    ),
    *("replan", "roads", "routing", "siting", "solution", "solve", "courier"),
    *("app", "bound", "check", "errors", "geofiles"),
}
"""Names of files that several rooms have for one thing: worked out here, said in words there, served elsewhere."""


def public_classes() -> dict[str, list[str]]:
    """The modules that define each public class at their top."""
    found = defaultdict(list)
    for path in sorted(path for room in ("planner", "api") for path in (ROOT / room).rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


def test_no_public_class_name_is_defined_twice() -> None:
    found = public_classes()
    assert len(found) > 200  # the modules were found
    twice = {name: where for name, where in found.items() if len(where) > 1}
    assert {name: where for name, where in twice.items() if name not in SAME_BY_DESIGN} == {}


def test_outside_of_the_engines_a_name_is_defined_once() -> None:
    for name, where in public_classes().items():
        assert len([path for path in where if "/engine/" not in path and "/engines/" not in path]) <= 1, (name, where)


def test_outside_of_the_engines_a_file_name_that_stands_twice_is_one_thing() -> None:
    found = defaultdict(list)
    for room in ("planner", "api"):
        for path in (ROOT / room).rglob("*.py"):
            if not path.stem.startswith("__") and not {"engine", "engines"} & set(path.parts):
                found[path.stem].append(path.relative_to(ROOT).as_posix())
    twice = {stem: where for stem, where in found.items() if len(where) > 1}
    assert {stem: where for stem, where in twice.items() if stem not in SEEN_FROM_SEVERAL_ROOMS} == {}
