"""Plans that are kept: listed, published, exported, and the network that a day is asked to rest on."""

import datetime
import json
import re
from pathlib import Path

import pytest

from planner.plans.store import open_store


def answer(planner, *arguments: object) -> object:
    """What a command prints as JSON."""
    code, out, err = planner(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def shorten(folder: Path) -> None:
    """Make the standard 100 s: only a point of its own serves a village then."""
    config = folder / "area.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 100"), encoding="utf-8"
    )


@pytest.mark.slow
def test_plan_is_site_and_day(planner, inside: Path, line_folder: Path) -> None:
    network = answer(planner, "site", line_folder, "--out", "a", "--store", "sqlite:///a.db")
    day = answer(planner, "day", line_folder, "--out", "a", "--store", "sqlite:///a.db")
    both = answer(planner, "plan", line_folder, "--out", "b", "--store", "sqlite:///b.db")
    assert (both["network"]["id"], both["day"]["id"]) == (network["id"], day["id"])
    assert both["network"] | {"folder": network["folder"]} == network
    assert both["day"] | {"folder": day["folder"]} == day
    first = files_in(inside / "a")
    assert {"network.json", "day.json", "index.html"} <= {Path(name).name for name in first}
    assert files_in(inside / "b") == first  # the area's own page included


@pytest.mark.slow
def test_earlier_results_stay_where_another_network_and_days_are_made(
    planner, inside: Path, line_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answer(planner, "plan", line_folder)
    before = files_in(inside / first["network"]["folder"]), files_in(inside / first["day"]["folder"])
    later = answer(planner, "day", line_folder, "--date", "2026-11-11")
    shorten(line_folder)
    second = answer(planner, "plan", line_folder)
    assert second["network"]["id"] != first["network"]["id"]
    assert (files_in(inside / first["network"]["folder"]), files_in(inside / first["day"]["folder"])) == before
    networks, days = answer(planner, "networks", "line"), answer(planner, "days", "line")
    assert [one["id"] for one in networks] == [second["network"]["id"], first["network"]["id"]]
    # the latest date first, then the newest
    assert [one["id"] for one in days] == [later["id"], second["day"]["id"], first["day"]["id"]]
    assert [one["network_id"] for one in days] == [
        *(first["network"]["id"], second["network"]["id"], first["network"]["id"]),
    ]
    monkeypatch.setenv("COLUMNS", "80")
    for told in (*networks, *days):
        assert told["id"] in " ".join(
            planner("networks" if "-network-" in told["id"] else "days", line_folder)[1].split()
        )
    page = (inside / "out" / "line" / "index.html").read_text(encoding="utf-8")
    for folder in (*(one["network"]["folder"] for one in (first, second)), later["folder"], first["day"]["folder"]):
        assert f'href="{Path(folder).relative_to("out/line").as_posix()}/index.en.html"' in page
        assert (inside / folder / "index.en.html").is_file()
    week = (inside / "out" / "line" / "week.en.html").read_text(encoding="utf-8")
    assert 'href="week.en.html"' in page
    # one plan a date, the newest: the second of the 10th, and that of the 11th
    assert week.count('data-day="') == 2
    assert "2026-11-10 to 2026-11-11" in week


def test_pages_of_plans_made_in_either_language_link_each_other(planner, inside: Path, line_folder: Path) -> None:
    answer(planner, "--lang", "en", "plan", line_folder)
    answer(planner, "--lang", "zh", "day", line_folder, "--date", "2026-11-11")
    pages = list((inside / "out").rglob("*.html"))
    links = {(page, link) for page in pages for link in re.findall(r'href="([^"#?:,]+)"', page.read_text("utf-8"))}
    assert len(links) > 50
    assert [(page, link) for page, link in links if not (page.parent / link).is_file()] == []


@pytest.mark.slow
def test_what_is_published_is_what_days_rest_on_and_what_the_area_s_page_shows(
    planner, inside: Path, line_folder: Path
) -> None:
    old = answer(planner, "site", line_folder)
    shorten(line_folder)
    new = answer(planner, "site", line_folder)
    page = inside / "out" / "line" / "index.html"

    def shown() -> str:
        text = page.read_text(encoding="utf-8")
        digests = [told["id"].rpartition("-")[2] for told in (old, new)]
        return next(digest for digest in digests if f'href="network/{digest}/coverage.html"' in text)

    # nothing is published: the newest counts
    assert (answer(planner, "day", line_folder)["network_id"], shown()) == (new["id"], Path(new["folder"]).name)
    for chosen in (old, new, old):
        told = answer(planner, "publish", chosen["id"])
        assert (told["id"], told["published"]) == (chosen["id"], True)
        assert [one["id"] for one in answer(planner, "networks", "line") if one["published"]] == [chosen["id"]]
        assert answer(planner, "day", line_folder)["network_id"] == chosen["id"]
        assert shown() == Path(chosen["folder"]).name
    # a day may rest on another, by its id or its document
    assert answer(planner, "day", line_folder, "--network", new["id"])["network_id"] == new["id"]
    document = inside / new["folder"] / "network.json"
    by_file = answer(planner, "day", line_folder, "--network", document)
    assert by_file == answer(planner, "day", line_folder, "--network", new["id"])
    assert [one["id"] for one in answer(planner, "networks", "line") if one["published"]] == [old["id"]]
    told = answer(planner, "publish", by_file["id"])
    assert [one["id"] for one in answer(planner, "days", "line") if one["published"]] == [told["id"]]


def test_a_day_on_a_document_that_the_store_has_not(planner, inside: Path, line_folder: Path) -> None:
    network = answer(planner, "site", line_folder)
    document = inside / network["folder"] / "network.json"
    told = answer(planner, "day", line_folder, "--network", document, "--out", "b", "--store", "sqlite:///b.db")
    assert told["network_id"] == network["id"]
    with open_store("sqlite:///b.db") as store:
        assert store.day(told["id"]).network == store.network(network["id"])
        assert (
            inside / "b" / "line" / "network" / document.parent.name / "index.html"
        ).is_file()  # the day links to it
        assert store.network_summary(network["id"]).created_at <= datetime.datetime.now(datetime.UTC)


def test_lists_of_an_area_without_plans_are_empty(planner, inside: Path) -> None:
    assert (answer(planner, "networks", "harbin"), answer(planner, "days", "harbin")) == ([], [])
    for command in ("networks", "days"):
        code, out, err = planner(command, "nowhere")
        assert code == 2
        assert "harbin" in out + err  # what there is


def test_an_export_takes_a_folder_for_itself(planner, inside: Path, line_folder: Path) -> None:
    made = answer(planner, "plan", line_folder)
    assert planner("export", made["day"]["id"], "--out", "again")[0] == 0
    assert planner("export", made["network"]["id"], "--out", "again")[0] == 0
    names = {path.name for path in (inside / "again").iterdir()}
    assert {"network.json", "network.xlsx"} <= names
    assert not {"day.json", "day.xlsx", "routes"} & names  # of the plan that was there nothing is left
    (inside / "again" / "notes.txt").write_text("mine", encoding="utf-8")
    code, _, said = planner("export", made["day"]["id"], "--out", "again")
    assert code == 2
    assert "notes.txt" in said
    assert (inside / "again" / "notes.txt").read_text(encoding="utf-8") == "mine"
