"""``planner frontier`` as a user runs it."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import write_line_of_three_villages

Planner = Callable[..., tuple[int, str, str]]


def test_a_frontier_is_shown_written_and_a_plan_of_it_kept(planner: Planner, inside: Path) -> None:
    folder = inside / "line"
    folder.mkdir()
    write_line_of_three_villages(folder)
    code, out, _ = planner("frontier", folder, "--iterations", "20", "--keep", "1", "--json")
    told = json.loads(out)
    assert code == 0
    assert [plan["site_ids"] for plan in told["plans"]] == [["sp-middle"]]
    assert (inside / "out" / "line" / "frontier" / "index.html").is_file()
    code, out, _ = planner("networks", "line", "--json")
    assert [one["id"] for one in json.loads(out)] == [told["kept_network_id"]]


def test_a_plan_that_there_is_not_is_said_with_those_there_are(
    planner: Planner, line_folder: Path, inside: Path
) -> None:
    code, _, err = planner("frontier", line_folder, "--iterations", "20", "--keep", "7")
    assert code == 2
    assert "plans 1 to 1" in err
