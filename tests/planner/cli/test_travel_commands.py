"""The commands about travel, seasons and roads, and what is common to all: what they print, write and end with."""

import json
from pathlib import Path

import pyogrio
import pytest

from planner.plans import network_from_json
from tests.conftest import CLOSURE, close
from tests.planner.routing.test_vroom_hostile import mutated


def test_season_and_vehicle_of_the_command_line_are_in_the_plan(planner, inside: Path, line_folder: Path) -> None:
    code, out, _ = planner("plan", line_folder, "--season", "frozen_river", "--vehicle", "tricycle", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["network"]["season"], told["network"]["vehicle"]) == ("frozen_river", "tricycle")
    # 10 November is in no frozen river: the configuration says so, and the contradiction is in the document
    assert told["day"]["season"] == {"season": "frozen_river", "by": "configuration", "of_date": "drift_ice"}
    document = inside / told["network"]["folder"] / "network.json"
    plan = network_from_json(document.read_text(encoding="utf-8"))
    assert (plan.roads.season, plan.roads.vehicle) == ("frozen_river", "tricycle")
    assert plan.config["travel"]["vehicle"] == "tricycle"
    code, out, _ = planner("plan", line_folder, "--season", "frozen_river")
    assert "frozen river" in out
    assert "surface assumed on 0.0% of it" in out  # the one road has its surface tagged
    assert "speed assumed on 100.0% of it" in out


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "html"])
def test_reach_is_written_as_its_name_ends(planner, inside: Path, river_folder: Path, ending: str) -> None:
    command = ("reach", river_folder, "--from", "west", "--minutes", "14, 27,14", "--out", f"new/r.{ending}")
    code, out, _ = planner(*command, "--json")
    # middle is 13.4 minutes from west and east 26.7
    rings = [{"minutes": 14.0, "villages": 2, "population": 300}, {"minutes": 27.0, "villages": 3, "population": 600}]
    assert (code, json.loads(out)["rings"]) == (0, rings)
    code, out, _ = planner(*command)
    assert (code, "75.0%" in out, f"new/r.{ending}" in out) == (0, True, True)
    path = inside / "new" / f"r.{ending}"
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    if ending == "html":
        page = path.read_text(encoding="utf-8")
        for wanted in ("Reach by road", "summer", "contains synthetic data", "46.2%"):
            assert wanted in page, wanted
        assert "index.html" not in page
        assert "<b>村</b>" not in page
    else:
        frame = pyogrio.read_dataframe(path, layer="reach" if ending == "gpkg" else None)
        assert frame["minutes"].tolist() == [27, 14]  # the widest first
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.is_valid.all()
        # a road of 22.26 km with 500 m to both sides and beyond its ends; nothing beside the ferry
        assert frame["area_km2"][0] == pytest.approx(22.26 + 3.14 * 0.25, rel=0.03)


def test_seasons_are_put_side_by_side(planner, inside: Path, river_folder: Path) -> None:
    code, out, _ = planner("seasons", river_folder)
    assert code == 0
    for wanted in ("frozen river", "summer ●", "Dao", "closed this season"):
        assert wanted in out, wanted
    code, out, _ = planner("seasons", river_folder, "--json")
    told = json.loads(out)
    assert [row["season"] for row in told["seasons"]][:2] == ["summer", "winter"]
    assert told["seasons"][1]["cut_off"] == {"island": "closed_this_season"}
    assert planner("site", river_folder)[0] == 0
    (document,) = (inside / "out").rglob("network.json")
    code, out, _ = planner("seasons", river_folder, "--network", document, "--json")
    of_plan = json.loads(out)
    assert (code, of_plan["seasons"], of_plan["sited_for"]) == (0, told["seasons"], None)
    code, _, err = planner("seasons", "baiquan", "--network", document)
    assert (code, "a plan of 'line', not of 'baiquan'" in err) == (2, True)


def test_seasons_of_an_area_without_an_answer_end_with_four(planner, river_folder: Path) -> None:
    for name, old, new in (
        ("area.toml", 'objective = "LSCP"', 'objective = "MCLP"\nbudget_yuan = 1\ncover_poor_villages = true'),
        ("area.toml", 'season = "summer"', 'season = "winter"'),
    ):
        path = river_folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert planner("seasons", river_folder)[0] == 4


def test_check_tells_imputed_shares_closures_and_who_is_behind_them(planner, river_folder: Path) -> None:
    code, out, _ = planner("check", close(river_folder))
    assert code == 0
    assert "surface is not tagged on 0% and maxspeed on" in out
    assert "its only road is temporarily closed" in out
    close(river_folder, CLOSURE.replace("[2]", "[99]"))
    code, out, _ = planner("check", river_folder)
    assert (code, "no road is way 99" in out) == (3, True)


def test_roads_are_kept_where_the_option_says_and_not_at_all_if_it_says_so(
    planner, inside: Path, line_folder: Path
) -> None:
    assert planner("site", line_folder, "--cache", "here")[0] == 0
    assert len(list((inside / "here").glob("*.npz"))) == 2
    assert planner("site", line_folder, "--no-cache")[0] == 0
    assert planner("reach", line_folder, "--from", "west", "--out", "r.html", "--no-cache")[0] == 0


def test_route_answers_a_vroom_request(planner, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    matrix = {"car": {"durations": [[0, 7], [8, 0]]}}
    job = {"id": 3, "location_index": 1}
    request.write_text(
        json.dumps({"vehicles": [{"id": 1, "start_index": 0, "end_index": 0}], "jobs": [job], "matrices": matrix})
    )
    code, out, _ = planner("route", "--vroom", str(request))
    assert (code, json.loads(out)["summary"]["cost"]) == (0, 15)  # 7 s there and 8 s back at 3600 an hour
    request.write_text(json.dumps({"vehicles": [], "jobs": [job]}))
    code, out, _ = planner("route", "--vroom", str(request))
    assert (code, json.loads(out)["code"]) == (3, 2)
    assert planner("route", "--vroom", str(tmp_path / "none.json"))[0] == 3


def test_hostile_vroom_requests_end_with_3_and_one_error(planner, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    refused = 0
    for seed in range(1000, 1080):
        request.write_bytes(mutated(seed).encode("utf-8", "surrogatepass"))
        code, out, err = planner("route", "--vroom", str(request), *(["--check"] if seed % 4 == 0 else []))
        assert not err, (seed, err[:300])
        answer = json.loads(out)  # one document, whatever the request holds
        assert (code == 3) == (answer["code"] != 0), seed
        assert code in (0, 3, 4), seed
        if code == 3:
            refused += 1
            assert answer["code"] == 2, seed
            assert answer["planner"]["problems"], seed
            assert "Traceback" not in answer["error"], seed
    assert refused > 40


def test_names_that_look_like_the_terminal_s_markup_are_printed_as_they_are(planner, line_folder, tmp_path) -> None:
    name = "[/b][red]{{7*191}}村"
    for file, old in (
        ("villages.csv", "=1+1村"),
        ("townships.csv", "道口镇"),
        ("sites.csv", "共配中心"),
        ("area.toml", "三村"),
    ):
        path = line_folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, name), encoding="utf-8")
    events = tmp_path / "late.json"
    late = {"id": "van-1", "delay_s": 1200}
    events.write_text(json.dumps({"now": "06:50", "most_changes": 0, "tolerance_s": 900, "vehicles": [late]}))
    store = ("--lang", "zh", "--store", f"sqlite:///{tmp_path}/planner.db")
    code, out, err = planner("plan", line_folder, "--out", tmp_path / "out", *store)
    assert (code, name in out) == (0, True), err
    (document,) = (tmp_path / "out").rglob("day.json")
    code, out, err = planner("replan", line_folder, document, events, *store)
    assert (code, "[/b][red]{{7*191}}" in out) == (4, True), err  # the table of changes
    code, _, err = planner("check", line_folder)
    assert code == 0, err
