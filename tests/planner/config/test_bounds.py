"""Every figure and every text of a configuration has bounds: what lies outside is refused by its key, whatever it is."""

import copy
import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.config import PlanConfig, parse_config
from planner.errors import ConfigError
from tests.conftest import CONFIG
from tests.planner.outputs.hostile import _MORE

ENDS = ({"minimum", "exclusiveMinimum", "ge"}, {"maximum", "exclusiveMaximum", "le"})
BOUNDED_TEXT = {"maxLength", "format", "pattern"}  # patterns hold a count of digits, formats are those of dates
EXTREMES: tuple[object, ...] = (
    *(float("inf"), float("nan"), 1e300, -1e300, 10**400, -(10**400), 2**63, 5e-324, -5e-324),
    *("\x07", "\ud800", "\u202e", "\ufffe", "x" * 100_000, "\x00", [], {}, [[[]]]),
    *(datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2026, 1, 1), datetime.time(1)),
)


def nodes(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a JSON schema that says a type."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield where, schema
        for key, inner in schema.items():
            yield from nodes(inner, f"{where}.{key}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from nodes(inner, f"{where}.{number}")


def test_every_figure_has_both_bounds_and_every_text_an_end() -> None:
    found = [
        (where, node) for where, node in nodes(PlanConfig.model_json_schema()) if not {"const", "enum"} & set(node)
    ]
    figures = [(where, set(node)) for where, node in found if node["type"] in ("number", "integer")]
    texts = [(where, set(node)) for where, node in found if node["type"] == "string"]
    assert len(figures) > 60
    assert [where for where, keys in figures if not all(keys & ends for ends in ENDS)] == []
    assert [where for where, keys in texts if not keys & BOUNDED_TEXT] == []


def leaves(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else None
    if inner is None:
        yield path
    else:
        for key, value in inner:
            yield from leaves(value, (*path, key))


def test_extremes_in_any_key_are_refused_by_that_key_or_taken_for_what_they_are() -> None:
    whole = tomllib.loads(CONFIG.replace('objective = "LSCP"', 'objective = "MCLP"') + _MORE)
    parse_config(copy.deepcopy(whole), folder=Path(), name="area.toml")
    taken = []
    for path in leaves(whole):
        for extreme in EXTREMES:
            content = copy.deepcopy(whole)
            at = content
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = extreme
            if faults := faults_of(content):
                first = (
                    1 if isinstance(extreme, datetime.time) else 2
                )  # a time of day, read, may not fit its section's others
                keys = tuple(".".join(map(str, path[:count])) for count in range(first, len(path) + 1)) or path
                assert any(fault.startswith(keys) for fault in faults), (path, extreme, faults)
                "".join(faults).encode()
            else:
                taken.append((path[-1], extreme))
    assert [(key, value[:9]) for key, value in taken if isinstance(value, str)] == []
    assert not any(isinstance(value, float) and abs(value) > 1e15 for _, value in taken)


def faults_of(content: dict[str, Any]) -> tuple[str, ...]:
    try:
        parse_config(content, folder=Path(), name="area.toml")
    except ConfigError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("figure", ["1" + "0" * 5000, "1e999", "-inf", "nan", "0x" + "f" * 400])
def test_endless_figures_in_toml_are_one_error(tmp_path: Path, figure: str) -> None:
    from planner.config import load_config

    (tmp_path / "area.toml").write_text(CONFIG.replace("standard_s = 900", f"standard_s = {figure}"), encoding="utf-8")
    with pytest.raises(ConfigError):
        load_config(tmp_path)
