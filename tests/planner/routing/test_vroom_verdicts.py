"""Requests with one value changed are taken and refused as VROOM does it, but for what the documentation names."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from planner.errors import BadDataError
from planner.routing.vroom.parse import parse

GIVEN = json.loads((Path(__file__).parent / "vroom_verdicts.json").read_text(encoding="utf-8"))


def changed(path: list[Any], value: Any) -> Any:
    request = copy.deepcopy(GIVEN["request"])
    holder = request
    for key in path[:-1]:
        holder = holder[key]
    if value == "@gone":
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return request


def refused(request: Any) -> bool:
    try:
        parse(request, ask_roads=None)
    except BadDataError as error:
        return bool(error.problems)
    else:
        return False


def test_requests_are_refused_where_vroom_refuses_them() -> None:
    verdicts = GIVEN["verdicts"]
    assert len(verdicts) == 200
    assert sum(verdict for _, _, verdict in verdicts) == 120
    wrong = [(path, value, verdict) for path, value, verdict in verdicts if refused(changed(path, value)) != verdict]
    assert not wrong


@pytest.mark.parametrize(
    ("path", "value", "verdict"),
    [
        # taken here, refused by VROOM: whole numbers as 3.0, null for nothing
        (["jobs", 0, "service"], 3.0, False),
        (["jobs", 0, "skills"], None, False),
        (["vehicles", 1, "capacity"], "@gone", False),
        # refused here, taken by VROOM, which leaves out what it cannot mean
        (["jobs", 0, "time_windows", 0], [1, 2, 3], True),
        (["vehicles", 0, "id"], 2, True),
        (["matrices", "car", "durations", 1, 1], 5, True),
    ],
)
def test_what_differs_from_vroom_is_what_the_documentation_names(path: list[Any], value: Any, verdict: bool) -> None:
    assert refused(changed(path, value)) == verdict
