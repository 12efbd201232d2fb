"""What stands at the lines of a courier's page, what vehicles are called, and what a version says of those before."""

from dataclasses import replace
from pathlib import Path

from planner.outputs.courier import CourierDay, changed_lines, changes_between, revised, write_pack
from planner.outputs.courier.courier_day import vehicle_name
from planner.outputs.courier.revision import PublishedChange
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.under_way import SettledAs, SettledStop, UnderWay
from planner.routing import Pause, Route
from planner.routing.solution import PauseKind
from planner.words import speaking
from tests.planner.outputs.courier.heilongjiang import PLATE, heilongjiang, route
from tests.planner.outputs.sheets_read import LINKS

STOPS = [("sp-1", 25_200.0, 1.0), ("sp-2", 28_800.0, 1.0), ("sp-3", 32_400.0, 1.0)]  # 7:00, 8:00, 9:00


def watched(line: PlannedArea, one: Route) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of a route: where to, and what to watch for."""
    with speaking("en"):
        return [(leg.site.id, leg.watch) for leg in CourierDay.of(heilongjiang(line, [one])).legs(one)]


def test_a_wait_of_a_minute_is_told_and_a_shorter_one_is_not(line: PlannedArea) -> None:
    one = route("van-1", STOPS)
    late = tuple(
        replace(visit, service_start_s=visit.arrival_s + wait_s)
        for visit, wait_s in zip(one.visits, (59, 60, 300), strict=True)
    )
    assert watched(line, replace(one, visits=late)) == [
        ("sp-1", ()),
        ("sp-2", ("Opens at 08:01: wait",)),
        ("sp-3", ("Opens at 09:05: wait",)),
        ("hub", ()),
    ]
    # who first has to unload for four of the five minutes waits for one, or for less
    ready = tuple(replace(visit, setup_s=setup_s) for visit, setup_s in zip(late, (0, 1, 240), strict=True))
    assert [watch for _, watch in watched(line, replace(one, visits=ready))][1:3] == [(), ("Opens at 09:05: wait",)]


def test_a_break_stands_at_the_stop_that_it_comes_before(line: PlannedArea) -> None:
    def paused(after: int, start_s: float) -> Pause:
        return Pause(kind=PauseKind.BREAK, break_id="noon", after=after, start_s=start_s, end_s=start_s + 600)

    pauses = (paused(0, 24_000.0), paused(1, 26_400.0), paused(3, 33_000.0))  # 6:40, 7:20, 9:10
    usual = replace(route("van-1", STOPS), pauses=pauses)
    told = [("break 06:40–06:50",), ("break 07:20–07:30",), (), ("break 09:10–09:20",)]
    places = ["sp-1", "sp-2", "sp-3", "hub"]
    assert watched(line, usual) == list(zip(places, told, strict=True))
    # a route that begins at its first stop has the same lines, though no leg leads to that stop
    assert watched(line, replace(usual, open_start=True)) == list(zip(places, told, strict=True))


def test_a_number_that_no_unit_has_has_no_name_and_no_plate(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", STOPS)])  # twelve vans, the first with a plate
    (kind,) = plan.config["routing"]["vehicles"]
    units = [*kind["units"][:-1], {**kind["units"][-1], "plate": "黑E·LAST1"}]
    fleet = plan.config["routing"] | {"vehicles": [kind | {"units": units}]}
    plan = replace(plan, config=plan.config | {"routing": fleet})
    named = {number: vehicle_name(plan, f"van-{number}") for number in (0, 1, 12, 13)}
    assert {number: (one.name, one.plate) for number, one in named.items()} == {
        0: ("", ""),
        1: ("1号车", PLATE),
        12: ("12号车", "黑E·LAST1"),
        13: ("", ""),
    }


def test_vehicles_that_do_not_drive_any_more_are_in_natural_order(line: PlannedArea) -> None:
    before = heilongjiang(line, [route(f"van-{n}", [(f"sp-{n}", 25_200, 1)]) for n in (1, 10, 11, 2)])
    after = heilongjiang(line, [route("van-1", [("sp-1", 25_200, 1)])])
    assert revised([before.id], after, {before.id: before}.__getitem__).idle == ("van-2", "van-10", "van-11")


def test_a_stop_that_another_vehicle_did_is_told_with_the_time_at_which_it_was_done(line: PlannedArea) -> None:
    before = heilongjiang(line, [route("van-1", STOPS)])
    after = heilongjiang(line, [route("van-1", STOPS[:2]), route("van-2", [("sp-3", 30_000.0, 1.0)])])
    done = SettledStop(stop_id="sp-3", vehicle_id="van-2", settled=SettledAs.DONE, at_s=30_480.0, reported=True)
    after = replace(after, under_way=UnderWay(former_ids=(before.id,), now_s=31_000.0, settled=(done,)))
    (change,) = changes_between(before, after)
    assert (change.kind, change.before_s, change.after_s) == (PublishedChange.SETTLED, 32_400.0, 30_480.0)
    with speaking("en"):  # 8:28, not 8:20 as planned
        (told,) = changed_lines(CourierDay.of(after), [change])
    assert "done by 2号车 08:28, was 1号车" in told
    assert told.endswith("09:00")


def test_only_what_couriers_told_is_settled_by_a_vehicle(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", STOPS)])
    done = SettledStop(stop_id="sp-7", vehicle_id="van-1", settled=SettledAs.DONE, at_s=24_000.0, reported=True)
    failed = replace(done, stop_id="sp-8", settled=SettledAs.FAILED)
    others = (
        replace(done, stop_id="sp-5", reported=False),  # as it was planned
        replace(done, stop_id="sp-6", settled=SettledAs.CANCELLED),
        replace(done, stop_id="sp-9", vehicle_id="van-2"),
    )
    plan = replace(plan, under_way=UnderWay(former_ids=("x",), now_s=25_000.0, settled=(*others, done, failed)))
    with speaking("en"):
        assert CourierDay.of(plan).settled_by("van-1") == [done, failed]


def test_files_of_an_earlier_pack_go_and_other_files_stay(line: PlannedArea, tmp_path: Path) -> None:
    write_pack(heilongjiang(line, [route("van-1", STOPS[:1]), route("van-2", STOPS[1:])]), tmp_path, LINKS)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    written = write_pack(heilongjiang(line, [route("van-1", STOPS)]), tmp_path, LINKS)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written} | {"notes.txt"}
    assert not any(path.name.startswith("van-2") for path in tmp_path.iterdir())
