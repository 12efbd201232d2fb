"""Plans of the week as commands make, list, compare, publish and export them."""

import json
from pathlib import Path

import pytest

SERVICE = """
[service]
least_visits = 3
iterations = 3
other_visits = [2]
provenance = "for the test"
"""


def answer(planner, *arguments: object) -> dict:
    code, out, err = planner(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.slow
def test_plans_of_the_week_are_compared_published_and_exported(planner, inside: Path, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + SERVICE, encoding="utf-8")
    answer(planner, "site", line_folder)
    first = answer(planner, "service", line_folder, "--only-week")
    config.write_text(text + SERVICE.replace("least_visits = 3", "least_visits = 2"), encoding="utf-8")
    second = answer(planner, "service", line_folder, "--only-week")

    found = answer(planner, "compare", first["id"], second["id"])
    assert (found["before_id"], found["after_id"]) == (first["id"], second["id"])
    assert (found["before"]["visits"], found["after"]["visits"]) == (3, 2)
    assert found["before"]["cost_yuan"] == first["week_yuan"]
    assert found["after"]["distance_m"] == second["distance_m"]
    assert [one["changed"] for one in found["points"]] == ["point_on_other_days"]
    # documents as they lie do, too, and write the page in both languages
    documents = [Path(one["folder"]) / "service.json" for one in (first, second)]
    code, said, _ = planner("compare", *documents, "--out", "two.html")
    assert code == 0
    assert "Settings differ: service.least_visits 3 → 2" in said
    assert {"two.html", "two.zh.html"} <= {path.name for path in Path().glob("*.html")}
    assert "Points served otherwise (1)" in Path("two.html").read_text(encoding="utf-8")
    assert planner("compare", documents[0], Path("out/line/index.html"))[0] != 0
    code, _, said = planner("compare", first["id"], first["network_id"])
    assert code == 2
    assert "only one is a service plan" in said

    published = answer(planner, "publish", first["id"])
    assert published["published"]
    page = Path("out/line/index.html").read_text(encoding="utf-8")
    for one in (first, second):
        assert f"service/2026/{one['id'][-12:]}/index.en.html" in page
    assert f"2026: {first['visits']} visits a week to" in page  # the published one is the headline

    written = answer(planner, "export", first["id"], "--out", "again")
    names = {Path(path).name for path in written}
    assert {"service.json", "service.xlsx", "service.gpkg", "points.csv", "map.html", "weekdays.html"} <= names
    assert (Path("again") / "service.json").read_bytes() == documents[0].read_bytes()
    assert planner("export", documents[0], "--out", "again")[0] == 0  # its own files give way
    (Path("again") / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, said = planner("export", first["id"], "--out", "again")
    assert code == 2
    assert "mine.txt" in said
