"""A figure is a figure: no truth, no text of digits, nothing so near to 0 that it means nothing, in no key and no file."""

import copy
import json
import tomllib
from pathlib import Path

import pytest

from planner.config import document_text, load_config, parse_config
from planner.errors import BadDataError, ConfigError
from planner.pipeline.day_events import parse_events, read_events
from planner.words import LANGUAGES, render, speaking
from tests.conftest import CONFIG
from tests.planner.config.test_bounds import leaves
from tests.planner.outputs.hostile import _MORE

WHOLE = tomllib.loads(CONFIG.replace('objective = "LSCP"', 'objective = "MCLP"') + _MORE)
EVENTS = {
    "now": 36_000,
    "most_changes": 3,
    "tolerance_s": 600.0,
    "transfer_duration_s": 600.0,
    "vehicles": [{"id": "van-1", "delay_s": 1.0, "free": 37_000}],
    "new_stops": [
        {"site_id": "a", "delivery_parcels": 1.0, "delivery_kg": 1.0, "pickup_m3": 0.1, "opens": 1, "closes": 2}
    ],
}
NO_FIGURES = (True, False, "12", "1e3", 5e-324, -1e-300, 1e-12)


def replaced(content: object, path: tuple[object, ...], value: object) -> dict[str, object]:
    whole = copy.deepcopy(content)
    at = whole
    for key in path[:-1]:
        at = at[key]  # type: ignore[index]
    at[path[-1]] = value  # type: ignore[index]
    return whole  # type: ignore[return-value]


def figures_of(content: object) -> list[tuple[object, ...]]:
    found = []
    for path in leaves(content):
        at = content
        for key in path:
            at = at[key]  # type: ignore[index]
        if isinstance(at, (int, float)) and not isinstance(at, bool):
            found.append(path)
    return found


def test_what_is_no_figure_is_refused_by_its_key_in_an_area() -> None:
    paths = figures_of(WHOLE)
    assert len(paths) > 30
    for path in paths:
        for value in NO_FIGURES:
            with pytest.raises(ConfigError) as caught:
                parse_config(replaced(WHOLE, path, value), folder=Path(), name="area.toml")
            key = ".".join(map(str, path))
            assert any(key.startswith(fault.partition(": ")[0]) for fault in caught.value.problems), (key, value)


def test_what_is_no_figure_is_refused_by_its_key_in_events() -> None:
    parse_events(EVENTS, name="events.json")
    for path in figures_of(EVENTS):
        for value in NO_FIGURES:
            if isinstance(value, str) and path[-1] in ("now", "free", "opens", "closes"):
                continue  # a clock time is a text; what is none is refused as such
            with pytest.raises(BadDataError) as caught:
                parse_events(replaced(EVENTS, path, value), name="events.json")
            key = ".".join(map(str, path))
            assert any(key.startswith(fault.partition(": ")[0]) for fault in caught.value.problems), (key, value)


@pytest.mark.parametrize("text", ["\x07", "a\u202eb", "\ud800"])
def test_what_no_file_can_show_is_refused_in_events(text: str) -> None:
    with pytest.raises(BadDataError, match=r"vehicles\.0\.id"):
        parse_events(replaced(EVENTS, ("vehicles", 0, "id"), text), name="events.json")


def test_figures_may_be_written_as_toml_has_them() -> None:
    seed = tomllib.loads("a = 0x10")["a"]
    assert parse_config(replaced(WHOLE, ("seed",), seed), folder=Path(), name="area.toml").seed == 16
    whole = parse_config(replaced(WHOLE, ("routing", "iterations"), 3.0), folder=Path(), name="area.toml")
    assert whole.routing.iterations == 3


MARKS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16": b"",
    "utf-32": b"",
    "utf-16-be": b"\xfe\xff",
    "utf-32-be": b"\0\0\xfe\xff",
}


@pytest.mark.parametrize("form", MARKS)
def test_files_are_read_in_the_encoding_that_their_mark_says(tmp_path: Path, form: str) -> None:
    text = CONFIG.replace("\n", "\r\n")
    (tmp_path / "area.toml").write_bytes(MARKS[form] + text.encode(form))
    assert load_config(tmp_path).area.name == tomllib.loads(CONFIG)["area"]["name"]
    (tmp_path / "events.json").write_bytes(MARKS[form] + json.dumps(EVENTS).encode(form))
    assert read_events(tmp_path / "events.json").most_changes == 3
    assert "\r" not in document_text(tmp_path / "area.toml")


@pytest.mark.parametrize(
    ("form", "said"), [("gb18030", "in GBK"), ("gbk", "in GBK"), ("utf-16-le", "value 0"), ("latin-1", "is not UTF-8")]
)
def test_other_encodings_are_named_in_one_sentence(tmp_path: Path, form: str, said: str) -> None:
    name = "Müritz" if form == "latin-1" else "拜泉县"
    text = f'name = "{name}"\n'.encode(form)
    (tmp_path / "area.toml").write_bytes(text)
    (tmp_path / "events.toml").write_bytes(text)
    for read in (load_config, lambda path: read_events(path / "events.toml")):
        with pytest.raises(BadDataError, match=said) as caught:
            read(tmp_path)
        assert str(caught.value).count("\n") == 0
        for language in LANGUAGES:
            with speaking(language):
                assert ".toml" in render(caught.value.summary)
