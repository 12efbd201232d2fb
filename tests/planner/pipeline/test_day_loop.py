"""A day from plan to pack to report to new plan, twice round: what is done stays done, and no parcel is lost or made."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from planner.plans.courier_report import REPORT_SCHEMA
from tests.planner.cli.conftest import planner as planner
from tests.planner.cli.test_stored import answer
from tests.planner.outputs.courier.test_pack import text_of
from tests.planner.pipeline.long_line import VILLAGES, write_long_line

# A village of number n has 100 + 10 n people, who get a tenth of a parcel each: 10 to 17, in all 108
PLANNED = {f"sp-v{n}": 10 + n for n in range(VILLAGES)}
assert sum(PLANNED.values()) == 108


@pytest.fixture
def area(inside: Path) -> Path:
    """The long line, in the folder where commands are run."""
    folder = inside / "line"
    folder.mkdir()
    return write_long_line(folder)


def document_of(plan_id: str, inside: Path) -> dict[str, Any]:
    """The document as the store keeps it, read without the program's own classes."""
    import sqlite3

    with sqlite3.connect(inside / "out" / "planner.db") as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
            if {"id", "document", "routes"} <= set(columns):
                (text,) = connection.execute(f"select document from {name} where id = ?", [plan_id]).fetchone()
    return dict(json.loads(text))


def going_up(document: dict[str, Any]) -> float:
    """Parcels that vehicles fetch at stops, without what they take over from one another."""
    moved = {one["id"] for one in document["under_way"]["added"] if one["taken_from"]}
    visits = [visit for route in document["routes"]["routes"] for visit in route["visits"]]
    return sum(visit["picked_up"][0] for visit in visits if visit["stop_id"] not in moved)


def where_parcels_are(document: dict[str, Any]) -> dict[str, Counter[str]]:
    """Parcels down by stop that are delivered, failed, open or held, counted from the document alone."""
    behind = {one["stop_id"]: one["settled"] for one in (document.get("under_way") or {"settled": []})["settled"]}
    found: dict[str, Counter[str]] = {kind: Counter() for kind in ("delivered", "failed", "open", "held")}
    for route in document["routes"]["routes"]:
        for visit in route["visits"]:
            if visit["stop_id"] not in PLANNED:  # goods change vehicles, or somebody called: nothing of the morning
                assert visit["delivered"][0] == 0
                continue
            how = {"done": "delivered", None: "open"}.get(behind.get(visit["stop_id"]))
            if how is not None:
                found[how][visit["stop_id"]] += visit["delivered"][0]
    asked = {point["site_id"]: point["delivery_parcels"] for point in document["demand"]["points"]}
    for stop_id, how in behind.items():
        if how != "done" and stop_id in PLANNED:
            found["held" if how == "cancelled" else "failed"][stop_id] += asked[stop_id]
    for left in document["routes"]["unassigned"]:
        found["held"][left["stop_id"]] += asked[left["stop_id"]]
    return found


def no_parcel_is_lost(document: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Check that each stop's parcels are in one place, and all of them are as many as were planned in the morning."""
    found = where_parcels_are(document)
    total: Counter[str] = sum(found.values(), Counter())
    assert {id_: round(count) for id_, count in total.items()} == PLANNED
    assert sum(len(one) for one in found.values()) == len(PLANNED)
    return {kind: dict(sorted(one.items())) for kind, one in found.items()}


def report(inside: Path, plan: str, vehicle: str, at: str, stops: list[list[str]]) -> Path:
    path = inside / f"report-{vehicle}-{at.replace(':', '')}.json"
    content = {"report": REPORT_SCHEMA, "plan": plan, "vehicle": vehicle, "at": at, "stops": stops}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def order_of(document: dict[str, Any], vehicle: str) -> list[str]:
    (route,) = [one for one in document["routes"]["routes"] if one["vehicle_id"] == vehicle]
    return [visit["stop_id"] for visit in route["visits"]]


def again(planner, area: Path, plan: str, *arguments: object) -> tuple[str, dict[str, Any]]:
    code, out, err = planner("replan", area, plan, *arguments, "--json")
    assert code in (0, 4), err
    told = json.loads(out)
    assert "new_plan_id" in told, err
    return told["new_plan_id"], told


def test_twice_round(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    first = document_of(morning, inside)
    no_parcel_is_lost(first)
    vans = {vehicle: order_of(first, vehicle) for vehicle in ("van-1", "van-2")}
    assert vans == {
        "van-1": ["sp-v4", "sp-v3", "sp-v2", "sp-v1", "sp-v0"],
        "van-2": ["sp-v7", "sp-v6", "sp-v5"],
    }
    answer(planner, "publish", morning)
    pack = inside / "out" / "line" / "published" / "2026-11-10"

    # van-1 has left out v3 and stands at v2; van-2 found nobody at v7; neither keeps to the order of its route
    ticks = [["sp-v4", "done", "07:06", "", "07:00"], ["sp-v2", "done", "07:15"]]
    one = report(inside, morning, "van-1", "07:15", ticks)
    two = report(
        inside, morning, "van-2", "07:14", [["sp-v6", "done", "07:12"], ["sp-v7", "failed", "07:05", "nobody_there"]]
    )
    second, told = again(planner, area, morning, "--report", one, "--report", two)
    assert (sorted(told["done"]), told["not_served"]) == (["sp-v2", "sp-v4", "sp-v6"], ["sp-v7"])
    document = document_of(second, inside)
    parcels = no_parcel_is_lost(document)
    assert parcels == {
        "delivered": {"sp-v2": 12, "sp-v4": 14, "sp-v6": 16},
        "failed": {"sp-v7": 17},
        "open": {"sp-v0": 10, "sp-v1": 11, "sp-v3": 13, "sp-v5": 15},
        "held": {},
    }
    assert order_of(document, "van-1")[:2] == ["sp-v4", "sp-v2"]
    assert order_of(document, "van-2") == ["sp-v7", "sp-v6", "sp-v5"]
    (route,) = [route for route in document["routes"]["routes"] if route["vehicle_id"] == "van-1"]
    third = route["visits"][2]
    # it stands at v2 at 7:15: a leg of 3339.6 m, 240.45 s, to the next village, whichever it is
    assert third["arrival_s"] == pytest.approx(7 * 3600 + 15 * 60 + 240.45, abs=1)
    assert third["distance_m"] == pytest.approx(3339.6, abs=2)
    # 60 parcels were loaded, 14 and 12 handed out, and 1 fetched at each of the two
    assert (route["load_at_start"][0], route["visits"][1]["load_after"][0]) == (60, 60 - 14 - 12 + 2)

    code, _, err = planner("publish", second)
    assert code == 0, err
    page = (pack / "van-1.html").read_text(encoding="utf-8")
    assert "version 2" in text_of(page)
    assert re.findall(r'data-stop="([^"]+)"', page) == order_of(document, "van-1")

    # van-1 is on its way with the new order; its page still knew the first version
    rest = order_of(document, "van-1")[2:]
    ticks += [[rest[0], "done", "07:30"]]
    three = report(inside, morning, "van-1", "07:30", ticks)
    last, told = again(planner, area, second, "--report", three)
    document = document_of(last, inside)
    parcels = no_parcel_is_lost(document)
    assert parcels["delivered"] == {id_: PLANNED[id_] for id_ in sorted(["sp-v2", "sp-v4", "sp-v6", rest[0]])} | (
        {"sp-v5": 15} if "sp-v5" in parcels["delivered"] else {}
    )
    assert parcels["failed"] == {"sp-v7": 17}
    assert document["under_way"]["former_ids"] == [second, morning]
    assert order_of(document, "van-1") == ["sp-v4", "sp-v2", *rest]
    answer(planner, "publish", last)
    assert "version 3" in text_of((pack / "van-1.html").read_text(encoding="utf-8"))


def test_a_stop_that_came_up_and_one_called_off_stay_so_in_the_next_round(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    events = {
        "now": "07:03",
        "most_changes": 9,
        "tolerance_s": 900,
        "cancelled": ["sp-v1"],
        "new_stops": [{"id": "letter", "site_id": "sp-v3", "pickup_parcels": 4, "pickup_kg": 2}],
    }
    path = inside / "events.json"
    path.write_text(json.dumps(events), encoding="utf-8")
    second, _ = again(planner, area, morning, path)
    document = document_of(second, inside)
    parcels = no_parcel_is_lost(document)
    assert parcels["held"] == {"sp-v1": 11}
    # of the 13 parcels to go up, 1 or 2 a village, the one of v1 does not, and the four letters do
    assert going_up(document) == sum(1 if n < 5 else 2 for n in range(8)) - 1 + 4
    (van,) = [route for route in document["routes"]["routes"] if route["vehicle_id"] == "van-1"]
    assert van["load_at_start"][0] == sum(PLANNED[f"sp-v{n}"] for n in range(5))  # what is called off is on board
    later = report(inside, second, "van-1", "07:08", [["sp-v4", "done", "07:07"]])
    third, told = again(planner, area, second, "--report", later)
    document = document_of(third, inside)
    assert no_parcel_is_lost(document)["held"] == {"sp-v1": 11}
    stops = [visit["stop_id"] for route in document["routes"]["routes"] for visit in route["visits"]]
    assert stops.count("letter") == 1
    assert "sp-v1" not in stops
    assert "sp-v4" in told["done"]
    code, out, err = planner("publish", third)
    assert code == 0, err
    assert "Not served: 11 parcels down, 1 up: Cun1 (11 parcels down, 1 up)" in out
    # pages, maps and the workbook of the new plan are there as of any other
    folder = inside / "out" / "line" / "days" / "2026-11-10" / third.rpartition("-")[2]
    assert {"index.html", "day.xlsx", "routes.html"} <= {one.name for one in folder.iterdir()}


def test_what_a_lost_vehicle_has_on_board_is_fetched_in_the_next_round_too(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    events = {"now": "07:10", "most_changes": 9, "tolerance_s": 900}
    events["vehicles"] = [{"id": "van-2", "lost": True, "cargo": "fetch", "done": ["sp-v7"], "at": "sp-v6"}]
    path = inside / "lost.json"
    path.write_text(json.dumps(events), encoding="utf-8")
    second, _ = again(planner, area, morning, path)
    document = document_of(second, inside)
    assert document["under_way"]["lost"] == ["van-2"]
    parcels = no_parcel_is_lost(document)
    assert parcels["delivered"]["sp-v7"] == 17
    taken = {one["id"]: one["site_id"] for one in document["under_way"]["added"] if one["taken_from"]}
    assert set(taken.values()) == {"sp-v6"}
    assert {"@van-2/sp-v6", "@van-2/sp-v5"} <= taken.keys()
    answer(planner, "publish", second)
    # whoever fetches them reports that it has, and delivers them in the round after
    (van,) = [one for one in document["routes"]["routes"] if "@van-2/sp-v5" in [v["stop_id"] for v in one["visits"]]]
    order = [visit["stop_id"] for visit in van["visits"]]
    at = max(order.index("@van-2/sp-v5"), order.index("@van-2/sp-v6"))
    clock = (
        f"{int(van['visits'][at]['departure_s'] // 3600):02d}:{int(van['visits'][at]['departure_s'] // 60 % 60):02d}"
    )
    told = report(inside, second, van["vehicle_id"], clock, [[id_, "done", clock] for id_ in order[: at + 1]])
    third, _ = again(planner, area, second, "--report", told)
    document = document_of(third, inside)
    no_parcel_is_lost(document)
    stops = [visit["stop_id"] for route in document["routes"]["routes"] for visit in route["visits"]]
    assert max(Counter(stops).values()) == 1
    assert {"sp-v5", "sp-v6", "sp-v7"} <= set(stops)
    answer(planner, "publish", third)


def test_a_stop_done_by_the_vehicle_that_had_it_before_is_not_visited_again(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    answer(planner, "publish", morning)
    config = area / "area.toml"  # a second plan of the same morning: five vehicles take fewer stops each
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("capacity_parcels = 60", "capacity_parcels = 40"), encoding="utf-8")
    second = answer(planner, "day", area)["id"]
    answer(planner, "publish", second)
    was, now = document_of(morning, inside), document_of(second, inside)
    moved = next(id_ for id_ in order_of(was, "van-1") if id_ not in order_of(now, "van-1"))
    holder = next(one["vehicle_id"] for one in now["routes"]["routes"] if moved in order_of(now, one["vehicle_id"]))
    told = report(inside, morning, "van-1", "07:10", [[moved, "done", "07:08"]])
    third, _ = again(planner, area, second, "--report", told)
    document = document_of(third, inside)
    assert no_parcel_is_lost(document)["delivered"][moved] == PLANNED[moved]
    assert order_of(document, "van-1")[0] == moved
    others = [one["vehicle_id"] for one in document["routes"]["routes"] if one["vehicle_id"] != "van-1"]
    assert others
    assert moved not in {id_ for vehicle in others for id_ in order_of(document, vehicle)}
    answer(planner, "publish", third)
    page = inside / "out" / "line" / "published" / "2026-11-10" / f"{holder}.html"
    assert "done by van-1 07:08" in text_of(page.read_text(encoding="utf-8"))


def test_what_rides_on_for_a_stop_that_is_left_out_is_in_the_loads(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    # van-2 had v7, v6, v5 ahead with 48 parcels; it stands at v7 until 7:30, when both others have closed
    path = inside / "late.json"
    config = (area / "area.toml").read_text(encoding="utf-8")
    closed = "".join(
        f'[[routing.windows]]\nsite_id = "{id_}"\nopens = "06:00"\ncloses = "07:20"\n' for id_ in ("sp-v6", "sp-v5")
    )
    (area / "area.toml").write_text(f"{config}\n{closed}", encoding="utf-8")
    stands = {"id": "van-2", "at": "sp-v7", "free": "07:30", "done": ["sp-v7"]}
    events = {"now": "07:10", "most_changes": 9, "tolerance_s": 900, "vehicles": [stands]}
    path.write_text(json.dumps(events), encoding="utf-8")
    second, told = again(planner, area, morning, path)
    assert {one["stop_id"] for one in told["unassigned"]} == {"sp-v5", "sp-v6"}
    document = document_of(second, inside)
    assert no_parcel_is_lost(document)["held"] == {"sp-v5": 15, "sp-v6": 16}
    (van,) = [one for one in document["routes"]["routes"] if one["vehicle_id"] == "van-2"]
    assert (van["load_at_start"][0], order_of(document, "van-2")) == (17 + 16 + 15, ["sp-v7"])
    assert van["visits"][0]["load_after"][0] == 16 + 15 + 2


def test_a_fresh_plan_published_when_vehicles_are_out_is_warned_of(planner, inside: Path, area: Path) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    answer(planner, "publish", morning)
    config = area / "area.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("capacity_parcels = 60", "capacity_parcels = 40"))
    fresh = answer(planner, "day", area)["id"]
    starts = {one["vehicle_id"]: one["start_s"] for one in document_of(morning, inside)["routes"]["routes"]}
    assert all(6 * 3600 < start < 9 * 3600 for start in starts.values())
    for clock, warned in (("2026-11-10T05:59", False), ("2026-11-10T09:00", True), ("2026-11-09T09:00", False)):
        answer(planner, "publish", morning)
        code, _, err = planner("publish", fresh, "--now", clock)
        assert code == 0
        assert (f"planner replan AREA {morning}" in " ".join(err.split())) == warned
        assert ("van-1" in err) == warned


def test_a_second_vehicle_lost_with_goods_of_the_first_hands_on_what_it_took_over(
    planner, inside: Path, area: Path
) -> None:
    morning = answer(planner, "plan", area)["day"]["id"]
    lost = {"id": "van-2", "lost": True, "cargo": "fetch", "done": ["sp-v7"], "at": "sp-v6"}
    path = inside / "lost.json"
    events = {"now": "07:10", "most_changes": 9, "tolerance_s": 900, "vehicles": [lost]}
    path.write_text(json.dumps(events), encoding="utf-8")
    second, _ = again(planner, area, morning, path)
    document = document_of(second, inside)
    (van,) = [one for one in document["routes"]["routes"] if "@van-2/sp-v5" in [v["stop_id"] for v in one["visits"]]]
    order = [visit["stop_id"] for visit in van["visits"]]
    at = max(order.index("@van-2/sp-v5"), order.index("@van-2/sp-v6"))
    minutes = int(van["visits"][at]["departure_s"] // 60) + 1
    lost = {"id": van["vehicle_id"], "lost": True, "cargo": "fetch", "done": order[: at + 1], "at": "sp-v6"}
    now = f"{minutes // 60:02d}:{minutes % 60:02d}"
    path.write_text(json.dumps(events | {"now": now, "vehicles": [lost]}), encoding="utf-8")
    third, _ = again(planner, area, second, path)
    document = document_of(third, inside)
    assert document["under_way"]["lost"] == sorted(["van-2", van["vehicle_id"]])
    no_parcel_is_lost(document)
    stops = Counter(visit["stop_id"] for route in document["routes"]["routes"] for visit in route["visits"])
    assert max(stops.values()) == 1
    answer(planner, "publish", third)
