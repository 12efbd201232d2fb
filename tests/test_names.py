"""A class name means one thing in the whole house, and so does the name of a file."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAME_BY_DESIGN = {
    "Demands": "what is asked",
    "Fleet": "the vehicles",
    "Routes": "the routes",
    "Search": "the state of a search",
    "Undo": "what a step takes back",
    "World": "what does not change while a search runs",
}
"""Structs of ruin and recreate: what both judges share, and under the same name each judge's own, made from it."""

SEEN_FROM_SEVERAL_ROOMS = {
    *(
        "actuals",
        "comparison",
        "conflicts",
        "coverage",
        "curve",
        "demand",
        "equity",
        "frontier",
        "phases",
        "plan",
        "problem",
        "reach",
        "reasons",
        "remedies",
    ),
    *("replan", "roads", "routing", "siting", "solution", "solve", "courier"),
    *("app", "bound", "check", "errors", "faults", "geofiles"),
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
    elsewhere = [path for name in SAME_BY_DESIGN for path in twice[name] if "/engines/sisr/" not in path]
    assert elsewhere == []


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
