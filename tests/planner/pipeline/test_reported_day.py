"""Couriers' reports become the state of a running day: worked out by hand on the line of three villages."""

import json
from pathlib import Path
from unittest import mock

import pytest

from planner.errors import BadDataError
from planner.pipeline.day_events import parse_events
from planner.pipeline.reported_day import reported_day
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.plans.courier_report import REPORT_SCHEMA, read_report
from tests.planner.pipeline.test_replanning import day as day
from tests.planner.pipeline.test_replanning import plan as plan
from tests.planner.pipeline.test_replanning import planner as planner

# van-1 is at the middle village at 7:00 and leaves it after 240 s and 6 s for each of 66 parcels: 7:10:36
LEAVES_S = 7 * 3600 + 240 + 6 * 66


def written(folder: Path, made: DayPlan, stops: list[object], name: str = "report.json", **changes: object) -> Path:
    content = {"report": REPORT_SCHEMA, "plan": made.id, "vehicle": "van-1", "at": "07:30", "stops": stops, **changes}
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_what_is_done_tells_how_late_a_vehicle_is(line: PlannedArea, tmp_path: Path) -> None:
    (route,) = line.day.routes.routes
    assert route.visits[0].departure_s == pytest.approx(LEAVES_S, abs=0.5)
    events = reported_day(line.day, [written(tmp_path, line.day, [[1, "done", "07:25", "", "07:05"]])]).events
    (event,) = events.vehicles
    assert (event.id, event.done, event.failed, event.at) == ("van-1", ("sp-middle",), (), "")
    assert event.delay_s == pytest.approx(7 * 3600 + 25 * 60 - LEAVES_S, abs=0.5)
    assert (events.now, events.most_changes, events.tolerance_s) == (7.5 * 3600, 0, 900)


def test_what_failed_is_behind_too_and_who_has_arrived_stands_there(line: PlannedArea, tmp_path: Path) -> None:
    failed = reported_day(line.day, [written(tmp_path, line.day, [[1, "failed", "07:05", "nobody_there"]])]).events
    assert (failed.vehicles[0].done, failed.vehicles[0].failed) == (("sp-middle",), ("sp-middle",))
    assert failed.vehicles[0].delay_s == 0  # ahead of its plan
    here = reported_day(line.day, [written(tmp_path, line.day, [[1, "arrived", "07:05"]])]).events
    assert (here.vehicles[0].done, here.vehicles[0].at) == ((), "sp-middle")


def test_the_last_report_of_a_vehicle_counts_beside_a_file_of_events(line: PlannedArea, tmp_path: Path) -> None:
    late = written(tmp_path, line.day, [[1, "done", "07:25"]], "late.json")
    early = written(tmp_path, line.day, [], "early.json", at="06:50")
    events = parse_events(
        {"now": "08:00", "most_changes": 2, "tolerance_s": 60, "vehicles": [{"id": "van-2"}]}, name="x"
    )
    for paths in ([late, early], [early, late]):
        told = reported_day(line.day, paths, events).events
        assert (told.now, told.most_changes) == (8 * 3600, 2)
        assert [(one.id, one.done) for one in told.vehicles] == [("van-2", None), ("van-1", ("sp-middle",))]


def test_of_two_vehicles_that_tell_of_a_stop_the_one_that_served_it_did_it(line: PlannedArea, tmp_path: Path) -> None:
    """Served later goes before tried in vain earlier; of two that served it, or did not, the first has it."""
    first = written(tmp_path, line.day, [["sp-middle", "failed", "07:05", "nobody_there"]], "1.json")
    for ticked, doer in ((["done", "07:20"], "van-2"), (["failed", "07:20", "refused"], "van-1")):
        second = written(tmp_path, line.day, [["sp-middle", *ticked]], "2.json", vehicle="van-2")
        for paths in ([first, second], [second, first]):
            found = reported_day(line.day, paths)
            assert {one.id: one.done for one in found.events.vehicles if one.done} == {doer: ("sp-middle",)}
            assert found.ticks["sp-middle"].ticked == (ticked[0] if doer == "van-2" else "failed")
            assert found.ticks["sp-middle"].at == 7 * 3600 + (20 if doer == "van-2" else 5) * 60


def test_of_two_reports_of_the_same_time_the_one_given_last_counts(line: PlannedArea, tmp_path: Path) -> None:
    done = written(tmp_path, line.day, [[1, "done", "07:25"]], "done.json")
    empty = written(tmp_path, line.day, [], "empty.json")
    assert reported_day(line.day, [empty, done]).events.vehicles[0].done == ("sp-middle",)
    assert reported_day(line.day, [done, empty]).events.vehicles[0].done == ()


def test_all_that_is_wrong_with_several_reports_is_said_at_once(line: PlannedArea, tmp_path: Path) -> None:
    paths = [
        written(tmp_path, line.day, [], "other.json", plan="line-20261109-000000000000"),
        written(tmp_path, line.day, [], "cart.json", vehicle="cart-1"),
        written(
            tmp_path,
            line.day,
            [[1, "done", "07:25"], [1, "done", "07:26"], [9, "done", "07:40"], ["sp-moon", "done", "07:00"]],
            "order.json",
        ),
        written(tmp_path, line.day, [[1, "failed", "07:25"], [0, "gone", "7"], ["x"]], "words.json"),
        written(tmp_path, line.day, [], "named.json", courier="Zhang", at="48:00"),
        tmp_path / "none.json",
    ]
    (tmp_path / "scan.json").write_text("van-1", encoding="utf-8")
    with pytest.raises(BadDataError) as caught:
        reported_day(line.day, [*paths, tmp_path / "scan.json"])
    said = [str(problem).replace(str(tmp_path), "") for problem in caught.value.problems]
    assert said[:5] == [
        "/other.json: plan: the report is of line-20261109-000000000000, the running plan is "
        f"{line.day.id}: give the plan that the courier has",
        "/cart.json: vehicle: the plan has no vehicle 'cart-1': it has van-1, van-2",
        "/order.json: stop 1 is reported more than once",
        "/order.json: stop 9: van-1 has 1 stops",
        "/order.json: stop 'sp-moon': there is no such stop on this day",
    ]
    assert "/order.json: stop 9 is ticked at a time after that of the report" in said
    words = [one for one in said if one.startswith("/words.json")]
    assert any("stops.0" in one and "has a reason" in one for one in words)
    assert {"stops.1.number", "stops.1.ticked", "stops.1.at"} <= {
        key for one in words for key in ("stops.1.number", "stops.1.ticked", "stops.1.at") if key in one
    }
    assert any("stops.2" in one for one in words)
    named = [one for one in said if one.startswith("/named.json")]
    assert any("courier: not a known key" in one for one in named)  # there is no room for anything personal
    assert any("at: " in one for one in named)
    assert any("none.json: no such file" in one for one in said)
    assert any("scan.json: not JSON" in one for one in said)


def test_a_huge_report_is_refused_by_its_bounds(line: PlannedArea, tmp_path: Path) -> None:
    path = written(tmp_path, line.day, [[1, "done", "07:00"]] * 3000)
    with pytest.raises(BadDataError) as caught:
        reported_day(line.day, [path])
    assert any("2000 at most" in str(problem) for problem in caught.value.problems)


def test_the_length_of_a_report_is_looked_at_before_its_stops(line: PlannedArea, tmp_path: Path) -> None:
    """No fault of an entry is told of a report that is too long, and none of them was looked at."""
    path = written(tmp_path, line.day, [["x"]] * 100_000)
    with mock.patch("planner.plans.courier_report.CourierReport.model_validate") as looked_at:
        with pytest.raises(BadDataError) as caught:
            read_report(path)
        assert not looked_at.called
    assert list(map(str, caught.value.problems)) == ["stops: There should be 2000 at most, not 100000"]


@pytest.mark.parametrize(
    ("at", "stops", "said"),
    [
        # the shift of the line's vans ends before midnight: a report may come until six in the morning
        ("30:00", [[1, "done", "30:00"]], None),
        ("30:01", [], "report.json: at: 30:01 is no time of this day, whose reports end at 30:00: correct it"),
        ("47:59", [[1, "done", "08:00"], [1, "done", "31:00"]], "stops.1.at: 31:00 is no time of this day"),
        ("08:30", [[1, "done", "08:00", "", "08:00"]], None),
        ("08:30", [[1, "done", "08:00", "", "08:01"]], "the courier arrived at a stop after the time of its tick"),
        ("08:30", [[1, "done", "08:00", "", "09:00"]], "stops.0: the courier arrived at a stop after"),
    ],
)
def test_times_that_cannot_be_are_told(
    line: PlannedArea, tmp_path: Path, at: str, stops: list[object], said: str | None
) -> None:
    path = written(tmp_path, line.day, stops, at=at)
    if said is None:
        assert reported_day(line.day, [path]).events.vehicles[0].done == ("sp-middle",)
        return
    with pytest.raises(BadDataError) as caught:
        reported_day(line.day, [path])
    assert said in "\n".join(map(str, caught.value.problems))


def test_a_key_that_stands_twice_is_told(line: PlannedArea, tmp_path: Path) -> None:
    path = written(tmp_path, line.day, [])
    path.write_text(path.read_text(encoding="utf-8")[:-1] + ',"vehicle":"van-2"}', encoding="utf-8")
    with pytest.raises(BadDataError, match="the key 'vehicle' stands twice in one object"):
        read_report(path)


def test_a_report_plans_the_rest_of_the_day_on_the_command_line(planner, day: Path, plan: Path, tmp_path: Path) -> None:
    document = json.loads(plan.read_text(encoding="utf-8"))
    content = {"report": REPORT_SCHEMA, "plan": f"line-20261110-{plan.parent.name}", "vehicle": "van-1", "at": "07:08"}
    content["stops"] = [[1, "failed", "07:07", "refused", "07:02"]]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    code, out, err = planner("replan", day / "line", plan, "--report", path, "--json")
    assert code == 0, err
    answer = json.loads(out)
    assert (answer["done"], answer["not_served"], answer["now_s"]) == ([], ["sp-middle"], 7 * 3600 + 8 * 60)
    (route,) = answer["routes"]
    # the 60 parcels are on board still, and the 39 kg that were to be fetched are not
    delivered = document["demand"]["points"][0]
    assert route["visits"][0]["load_after"][:2] == [60, pytest.approx(delivered["delivery_kg"])]
    code, _, err = planner("replan", day / "line", plan)
    assert code == 2
    assert "--report" in err
