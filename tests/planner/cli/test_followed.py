"""Which network an area's days rest on is said when another is made, and when its settings are not the area's."""

import json
import shutil
from pathlib import Path


def _variant(folder: Path, name: str) -> Path:
    copy = folder.parent / name
    shutil.copytree(folder, copy)
    toml = copy / "area.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 800", 1), encoding="utf-8"
    )
    return copy


def test_a_copied_folder_that_takes_over_an_area_is_said(planner, inside: Path, line_folder: Path) -> None:
    first = json.loads(planner("site", line_folder, "--json")[1])
    assert (first["followed"], first["followed_before"], first["settings_changed"]) == (first["id"], None, [])
    assert "From now on" not in planner("site", line_folder)[1]  # the same plan again takes nothing over

    copy = _variant(line_folder, "what-if")
    code, out, _ = planner("site", copy)
    assert (code, f"From now on days of line rest on this network, no longer on {first['id']}" in out) == (0, True)
    assert f"planner publish {first['id']}" in out
    assert f"Its settings differ from those of {first['id']}: coverage.service_points.standard_s." in out

    code, out, _ = planner("day", line_folder)
    second = out.split("Rests on the network ")[1].split()[0]
    assert second != first["id"]
    assert "made with other settings than the area has now: coverage.service_points.standard_s;" in out
    assert "other settings" not in planner("day", copy)[1]

    assert planner("publish", first["id"])[0] == 0
    code, out, _ = planner("site", copy)
    assert f"Days of line still rest on the network {first['id']}; to follow this one: planner publish {second}" in out
    out = planner("day", line_folder)[1]
    assert f"Rests on the network {first['id']}" in out
    assert "other settings" not in out
