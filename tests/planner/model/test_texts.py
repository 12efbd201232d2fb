"""A text in both languages is one string for who knows nothing of it, and survives JSON, pickling and plain strings."""

import copy
import json
import pickle

import pytest
from pydantic import TypeAdapter, ValidationError

from planner.errors import Message
from planner.model import Source, Text, as_fact, as_message, said
from planner.words import render, speaking

ROADS = Text("roads", "道路")
ADAPTER = TypeAdapter(Source)


def test_both_languages_survive_json_and_copies() -> None:
    source = Source(
        what=ROADS, origin=Text("OSM"), licence=Text("ODbL"), attribution=Text(""), datum="wgs84", date="2024"
    )
    data = json.loads(json.dumps(ADAPTER.dump_python(source, mode="json")))
    assert data["what"] == {"zh": "道路", "en": "roads"}
    assert data["origin"] == "OSM"
    again = ADAPTER.validate_python(data)
    for text in (again.what, copy.deepcopy(ROADS), pickle.loads(pickle.dumps(ROADS))):
        assert (str(text), text.in_language("zh"), text.in_language("en")) == ("roads", "道路", "roads")


@pytest.mark.parametrize("wrong", [1, None, {"zh": "道路"}, {"zh": "道路", "en": 1}])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError, match="a table with zh and en"):
        TypeAdapter(Text).validate_python(wrong)


def test_a_sentence_that_was_kept_as_a_fact_is_said_in_both_languages() -> None:
    message = Message("{summary}: {count} faults", summary=Message("cannot be read as a table"), count=3)
    fact = as_fact(message)
    assert as_message(fact) == "cannot be read as a table: 3 faults"
    assert as_message(said("{file} row {row}", file="a.csv", row=2)) == "a.csv row 2"
    with speaking("zh"):
        assert render(as_message(fact)) == "无法作为表格读取：3 处错误"
        assert render(ROADS) == "道路"
