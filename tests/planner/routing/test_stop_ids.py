"""Ids of the stops that replanning adds are made and read in one place."""

import ast
from pathlib import Path

import pytest

import planner
from planner.routing.day import stop_ids

ROOT = Path(planner.__file__).parent
READERS = [
    *(path for room in ("routing", "plans", "pipeline") for path in sorted((ROOT / room).rglob("*.py"))),
    *(ROOT / "outputs" / name for name in ("replan.py", "order_lines.py", "held_rows.py")),
]


def test_ids_are_read_as_they_were_made() -> None:
    here, collected = stop_ids.here_id("van-1"), stop_ids.collected_id("van-1")
    fetched, half = stop_ids.at_vehicle("van-1", "sp-1"), stop_ids.half_id("sp-1")
    # documents and answers of the API hold them as they are
    assert (here, collected, fetched, half) == ("@van-1/here", "@van-1/collected", "@van-1/sp-1", "sp-1/pickup")
    assert [stop_ids.vehicle_at(id_) for id_ in (here, collected, fetched, half, "sp-1")] == [*["van-1"] * 3, "", ""]
    assert [stop_ids.taken_for(id_) for id_ in (collected, fetched)] == ["", "sp-1"]
    assert [stop_ids.whole_id(id_) for id_ in (half, "sp-1")] == ["sp-1", "sp-1"]
    assert [stop_ids.is_half(id_) for id_ in (half, "sp-1", fetched)] == [True, False, False]
    # vehicles with names that begin alike are apart, and half a stop of a vehicle's place is its own
    assert stop_ids.vehicle_at("@van-10/here") == "van-10"
    assert [stop_ids.is_free(id_) for id_ in ("sp-1", here, half, "a@b", "a/b")] == [True, *[False] * 4]


@pytest.mark.parametrize(
    "text", ['x = "@" + y', 'x = f"@{y}/here"', 'y.removesuffix("/pickup")', 'y.endswith("/here")']
)
def test_a_literal_of_theirs_is_found(text: str) -> None:
    assert list(literals(text))


def test_no_other_file_spells_them_out() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in READERS
        for text in literals(path.read_text(encoding="utf-8"))
        if path.name != "stop_ids.py"
    }
    assert found == set()


def literals(source: str) -> list[str]:
    """The texts of a module, docstrings left out, that begin like a vehicle's place or end like one of those stops."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
    return [text for text in texts if text.startswith("@") or text.endswith(("/pickup", "/here", "/collected"))]
