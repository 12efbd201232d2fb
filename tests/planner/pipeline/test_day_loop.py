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


def where_parcels_are(document: dict[str, Any]) -> dict[str, Counter[str]]:
    """Parcels down by stop that are delivered, failed, open or held, counted from the document alone."""
    behind = {one["stop_id"]: one["settled"] for one in (document.get("under_way") or {"settled": []})["settled"]}
    found: dict[str, Counter[str]] = {kind: Counter() for kind in ("delivered", "failed", "open", "held")}
    for route in document["routes"]["routes"]:
        for visit in route["visits"]:
            how = {"done": "delivered", None: "open"}.get(behind.get(visit["stop_id"]))
            if how is not None:
                found[how][visit["stop_id"]] += visit["delivered"][0]
    asked = {point["site_id"]: point["delivery_parcels"] for point in document["demand"]["points"]}
    for stop_id, how in behind.items():
        if how != "done":
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
