"""Feeds of buses: what is read, on which dates runs are, and every fault by file, row and column."""

import datetime
import os
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.datum import from_wgs84
from planner.geodata.findings import Severity
from planner.geodata.transit.feed import TransitFeed
from planner.geodata.transit.read_feed import read_feed
from planner.model import Fact
from planner.words import Language, sentence, speaking
from tests.planner.geodata.transit.feeds import FILES, feed_folder, feed_zip

CAIRNS = Path(__file__).parents[5] / "shared" / "data" / "gtfs" / "cairns_gtfs.zip"
at_hand = pytest.mark.skipif(
    not CAIRNS.is_file(), reason="the feed is not at hand: ../shared/data/gtfs/cairns_gtfs.zip"
)


def november(day: int) -> datetime.date:
    return datetime.date(2026, 11, day)


def ids_on(feed: TransitFeed, day: int) -> list[str]:
    return [run.id for run in feed.trips_on(november(day))]


def faults_of(path: Path, **options: object) -> list[str]:
    with pytest.raises(BadDataError) as caught:
        read_feed(path, **options)  # type: ignore[arg-type]
    return [str(one) for one in caught.value.problems] or [str(caught.value)]


@pytest.fixture
def feed(tmp_path: Path) -> TransitFeed:
    return read_feed(feed_zip(tmp_path / "bus.zip"))


def test_lines_stops_and_calls_are_as_written(feed: TransitFeed) -> None:
    line = feed.lines["R1"]
    assert (line.name, line.long_name, line.agency, feed.publisher) == ("1路", "拜泉—丰产", "拜泉客运", "拜泉客运")
    assert (feed.stops["A"].name, feed.stops["A"].lon, feed.stops["A"].lat) == ("东升村", 126.2, 47.61)
    back = feed.trips["back"]  # by its numbers, not by the order of rows
    assert [(call.stop_id, call.arrival_s, call.departure_s) for call in back.calls] == [
        ("B", 43_200, 43_500),
        ("A", 44_400, 44_460),
        ("Z", 45_600, 45_600),
    ]
    # beyond midnight: 24:30:00
    assert feed.trips["night"].calls[1].arrival_s == 88_200


def test_a_time_left_open_lies_between_its_neighbours_by_the_straight_way(feed: TransitFeed) -> None:
    # from Z to A as far as from A to B but for a few metres of the meridians: half of forty minutes
    call = feed.trips["out"].calls[1]
    assert call.arrival_s == call.departure_s == pytest.approx(7 * 3600 + 20 * 60, abs=2)
    assert not call.timed


def test_services_run_by_weekday_and_by_single_dates(feed: TransitFeed) -> None:
    assert ids_on(feed, 2) == ["out", "back"]  # Monday
    assert ids_on(feed, 11) == []  # taken out
    assert ids_on(feed, 14) == ["out", "back"]  # a Saturday put in
    assert ids_on(feed, 7) == ["night"]  # a service of one date alone
    assert (feed.first, feed.last) == (november(2), november(30))


def test_a_date_without_buses_has_its_reason_and_the_nearest_date_with_some(feed: TransitFeed) -> None:
    assert feed.fault_on(november(2)) is None
    assert feed.fault_on(november(11)) == Fact(
        code="no_bus_that_day", params={"date": "2026-11-11", "other_date": "2026-11-12"}
    )
    assert feed.fault_on(datetime.date(2027, 3, 1)) == Fact(
        code="bus_feed_expired",
        params={"date": "2027-03-01", "other_date": "2026-11-30", "last_date": "2026-11-30"},
    )
    early = feed.fault_on(datetime.date(2026, 1, 1))
    assert early is not None
    assert (early.code, early.params["other_date"]) == ("bus_feed_not_begun", "2026-11-02")


def test_runs_of_a_headway_are_each_a_run(tmp_path: Path) -> None:
    every = {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nout,06:00:00,08:00:00,2400\n"}
    feed = read_feed(feed_zip(tmp_path / "bus.zip", every))
    # 06:00, 06:40, 07:20; 08:00 is when they end
    runs = [run for run in feed.trips_on(november(2)) if run.pattern_id == "out"]
    assert [run.id for run in runs] == ["out@06:00", "out@06:40", "out@07:20"]
    assert [call.arrival_s - run.departs_s for run in runs for call in run.calls[2:]] == [2400.0] * 3
    assert [run.calls[2].arrival_s for run in runs] == [24_000.0, 26_400.0, 28_800.0]


@pytest.mark.parametrize("inside", ["", "gtfs/", "导出/gtfs/"])
def test_a_zip_may_hold_the_feed_in_a_folder(tmp_path: Path, inside: str, feed: TransitFeed) -> None:
    again = read_feed(feed_zip(tmp_path / "b.zip", inside=inside))
    assert (again.trips, again.stops, again.lines) == (feed.trips, feed.stops, feed.lines)


def test_a_folder_may_hold_the_files_or_the_zip_or_a_folder_of_them(tmp_path: Path, feed: TransitFeed) -> None:
    (tmp_path / "one").mkdir()
    feed_zip(tmp_path / "one" / "bus.zip")
    for place in (feed_folder(tmp_path / "two"), tmp_path / "one", feed_folder(tmp_path / "three" / "deep").parent):
        again = read_feed(place)
        assert (again.trips, again.stops, again.services) == (feed.trips, feed.stops, feed.services)


def test_files_in_gbk_with_marks_or_windows_line_ends_are_read_alike(tmp_path: Path, feed: TransitFeed) -> None:
    as_gbk = {name: text.encode("gb18030") for name, text in FILES.items()}
    with_mark = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in FILES.items()}
    for number, changed in enumerate((as_gbk, with_mark)):
        again = read_feed(feed_zip(tmp_path / f"{number}.zip", changed))
        assert (again.stops, again.lines, again.trips) == (feed.stops, feed.lines, feed.trips)


def test_files_that_a_feed_may_lack_are_not_missed(tmp_path: Path) -> None:
    assert ids_on(read_feed(feed_zip(tmp_path / "a.zip", {"agency.txt": None})), 2) == ["out", "back"]
    only_dates = {
        "calendar.txt": None,
        "calendar_dates.txt": "service_id,date,exception_type\nW,20261102,1\nH,20261103,1\n",
    }
    assert ids_on(read_feed(feed_zip(tmp_path / "b.zip", only_dates)), 3) == ["night"]
    only_weeks = {
        "calendar_dates.txt": None,
        "trips.txt": "route_id,service_id,trip_id\nR1,W,out\nR1,W,back\nR1,W,night\n",
    }
    assert ids_on(read_feed(feed_zip(tmp_path / "c.zip", only_weeks)), 11) == ["out", "back", "night"]


def test_positions_in_another_datum_are_converted(tmp_path: Path) -> None:
    lons, lats = from_wgs84(pd.Series([126.1]).to_numpy(), pd.Series([47.6]).to_numpy(), Datum.GCJ02)
    moved = FILES["stops.txt"].replace("47.600000,126.100000", f"{lats[0]:.6f},{lons[0]:.6f}")
    stop = read_feed(feed_zip(tmp_path / "a.zip", {"stops.txt": moved}), Datum.GCJ02).stops["Z"]
    assert (stop.lon, stop.lat) == (pytest.approx(126.1, abs=2e-6), pytest.approx(47.6, abs=2e-6))


def test_every_fault_is_named_by_file_row_and_column(tmp_path: Path) -> None:
    changed = {
        "stops.txt": FILES["stops.txt"].replace("47.610000,126.200000", "126.2,47.61").replace("47.62", "94.62"),
        "routes.txt": FILES["routes.txt"].replace("R1,K", "R1,Q"),
        "trips.txt": FILES["trips.txt"] + "R9,W,lost,x,0\nR1,V,gone,x,0\nR1,W,out,x,0\n",
        "calendar.txt": FILES["calendar.txt"].replace("20261130", "20261131").replace("W,1,", "W,ja,"),
        "calendar_dates.txt": FILES["calendar_dates.txt"] + "W,20261116,3\n",
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nout,06:00:00,05:00:00,0\n",
    }
    faults = faults_of(feed_zip(tmp_path / "bus.zip", changed))
    for start in (
        "bus.zip/stops.txt row 3 stop_lat '126.2': longitude and latitude are swapped → write lon 126.2, lat 47.61",
        "bus.zip/stops.txt row 4 stop_lat '94.620000': is not within -90 and 90",
        "bus.zip/routes.txt row 2 agency_id 'Q': is in no row of agency.txt",
        "bus.zip/trips.txt row 5 route_id 'R9': is in no row of routes.txt → correct it, or add it to routes.txt",
        "bus.zip/trips.txt row 6 service_id 'V': is in no row of calendar.txt",
        "bus.zip/trips.txt row 7 trip_id 'out': is given in row 2, too",
        "bus.zip/calendar.txt row 2 end_date '20261131': is no date",
        "bus.zip/calendar.txt row 2 monday 'ja': is neither yes nor no",
        "bus.zip/calendar_dates.txt row 5 exception_type '3': is neither 1 (runs) nor 2 (does not run)",
        "bus.zip/frequencies.txt row 2 headway_secs '0': is not within 30 and 86400",
        "bus.zip/frequencies.txt row 2 end_time '05:00:00': is before the start of the runs",
    ):
        assert any(fault.startswith(start) for fault in faults), (start, faults)
    assert len(faults) == 11  # nothing is said of the calls at A and B: their stops are at fault, and are named


def test_a_call_is_at_a_stop_where_buses_halt(tmp_path: Path) -> None:
    changed = {
        "stops.txt": FILES["stops.txt"].replace("stop_lon\n", "stop_lon,location_type\n") + "S,站房,47.6,126.1,1\n",
        "stop_times.txt": FILES["stop_times.txt"].replace(",Z,9", ",S,9").replace(",B,2", ",C,2"),
    }
    assert faults_of(feed_zip(tmp_path / "bus.zip", changed)) == [
        "bus.zip/stop_times.txt row 5 stop_id 'S': is a station or an entrance, no stop where buses halt → "
        "write one of its stops",
        "bus.zip/stop_times.txt row 9 stop_id 'C': is in no row of stops.txt → correct it, or add it to stops.txt",
    ]


def test_calls_must_go_forward_in_time_and_have_times_at_both_ends(tmp_path: Path) -> None:
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "out,07:00:00,07:00:00,Z,1\nout,06:50:00,06:50:00,A,2\nout,,,B,3\n"
        "back,12:00:00,12:05:00,B,1\nback,12:20:00,12:10:00,A,1\nbake,1:00,1:00,B,1\nback,25:61:00,,Z,3\n"
        "night,23:50:00,23:50:00,Z,x\n"
    )
    faults = faults_of(feed_zip(tmp_path / "bus.zip", {"stop_times.txt": times}))
    file = "bus.zip/stop_times.txt"
    for start in (
        f"{file} row 3 arrival_time '06:50:00': is before the time in row 2",
        f"{file} row 4 arrival_time: is empty at the first or last call of its trip",
        f"{file} row 7 trip_id 'bake': is in no row of trips.txt → correct it, or add it to trips.txt; like it are back",
        f"{file} row 8 arrival_time '25:61:00': is no time of day → write it as 07:05:00",
        f"{file} row 9 stop_sequence 'x': is not a number",
    ):
        assert any(fault.startswith(start) for fault in faults), (start, faults)


def test_times_within_a_call_and_numbers_given_twice_are_faults(tmp_path: Path) -> None:
    times = FILES["stop_times.txt"].replace("12:20:00,12:21:00,A,4", "12:20:00,12:19:00,A,1")
    faults = faults_of(feed_zip(tmp_path / "bus.zip", {"stop_times.txt": times}))
    assert any("row 7 stop_sequence '1': is given in row 6, too" in fault for fault in faults)
    assert any("row 7 departure_time '12:19:00': is before the time in row 7" in fault for fault in faults)


def test_a_trip_with_one_call_is_left_out_and_said(tmp_path: Path) -> None:
    more = {"trips.txt": FILES["trips.txt"] + "R1,W,short,x,0\nR1,W,none,x,0\n",
            "stop_times.txt": FILES["stop_times.txt"] + "short,08:00:00,08:00:00,Z,1\n"}  # fmt: skip
    feed = read_feed(feed_zip(tmp_path / "bus.zip", more))
    assert sorted(feed.trips) == ["back", "night", "out"]
    assert [(one.severity, one.row, one.field, one.value) for one in feed.findings] == [
        (Severity.WARNING, 6, "trip_id", "none"),
        (Severity.WARNING, 5, "trip_id", "short"),
    ]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"stops.txt": None}, "has no stops.txt"),
        ({"trips.txt": "route_id,trip_id\nR1,out\n"}, "has no column service_id"),
        ({"stops.txt": ""}, "has no rows"),
        ({"calendar.txt": None, "calendar_dates.txt": None}, "has neither calendar.txt nor calendar_dates.txt"),
        ({"stops.txt": "stop_id,stop_id,stop_lat,stop_lon\nA,A,1,2\n"}, "has these columns twice: stop_id"),
        ({"stops.txt": FILES["stops.txt"] + 'C,"open,47,126\n'}, "a quotation mark is not closed"),
        ({"stops.txt": FILES["stops.txt"] + "C,x,47,126,9,9\n"}, "row 5: has more cells than there are headings"),
        ({"stops.txt": FILES["stops.txt"] + "C,x\x07,47,126\n"}, "holds a character no file can show"),
    ],
)
def test_a_feed_that_lacks_what_it_needs_is_refused(tmp_path: Path, changed: dict[str, str | None], what: str) -> None:
    for path in (feed_zip(tmp_path / "bus.zip", changed), feed_folder(tmp_path / "bus", changed)):
        assert any(what in fault for fault in faults_of(path))


def test_a_feed_of_another_county_is_refused(tmp_path: Path) -> None:
    path = feed_zip(tmp_path / "bus.zip")
    assert read_feed(path, bounds=(126.0, 47.0, 127.0, 48.0)).name == "bus.zip"
    faults = faults_of(path, bounds=(120.0, 40.0, 121.0, 41.0))
    assert faults == [
        "bus.zip/stops.txt: none of its 3 stops lies in the area: 客运站 is at 126.1000, 47.6000 → "
        "give the feed of this county, and its datum if it is not WGS 84"
    ]


def test_two_feeds_no_feed_and_no_file_are_told_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for name, text in FILES.items():
            archive.writestr(f"a/{name}", text)
            archive.writestr(f"b/{name}", text)
    assert "holds several feeds, in the folders a, b" in faults_of(tmp_path / "two.zip")[0]
    (tmp_path / "empty").mkdir()
    assert "holds no feed" in faults_of(tmp_path / "empty")[0]
    assert "looked for" in faults_of(tmp_path / "nowhere.zip")[0]
    (tmp_path / "text.zip").write_text("no zip")
    assert "text.zip: cannot be read as a zip archive" in faults_of(tmp_path / "text.zip")[0]


def test_what_a_mac_packs_beside_the_files_is_passed_over(tmp_path: Path) -> None:
    path = feed_zip(tmp_path / "mac.zip", inside="bus/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/bus/stops.txt", b"\0\1\2")
    assert len(read_feed(path).stops) == 3


def test_hostile_archives_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../stops.txt", FILES["stops.txt"])
    assert "names that lead out of it" in faults_of(out)[0]
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stops.txt", b"\n" * 60_000_000)
    assert "it unpacks to more than" in faults_of(bomb)[0]
    monkeypatch.setenv("PLANNER_MAX_ENTRIES", "5")
    assert "the archive has more than 5 files" in faults_of(feed_zip(tmp_path / "many.zip"))[0]


def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    make_pipe = getattr(os, "mkfifo", None)
    if make_pipe is None:
        pytest.skip("this system has no named pipes")
    make_pipe(tmp_path / "stops.txt")
    assert "stops.txt" in faults_of(tmp_path)[0]


@at_hand
def test_a_real_feed_has_the_runs_that_pandas_and_gtfs_kit_count() -> None:
    feed = read_feed(CAIRNS)
    with zipfile.ZipFile(CAIRNS) as archive:
        frames = {
            name: pd.read_csv(archive.open(f"{name}.txt"), dtype=str)
            for name in ("trips", "stop_times", "stops", "routes", "calendar", "calendar_dates")
        }
    assert (len(feed.stops), len(feed.lines), len(feed.trips)) == tuple(
        len(frames[name]) for name in ("stops", "routes", "trips")
    )
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week, single = frames["calendar"], frames["calendar_dates"]
    # as gtfs-kit 13.0.1 has them: get_trips(date), get_stop_times(date)
    counted = {"20140526": (622, 17_091), "20140530": (636, 17_709), "20140531": (437, 12_192),
               "20140601": (266, 7_889), "20140609": (266, 7_889), "20141225": (266, 7_889)}  # fmt: skip
    for text, expected in counted.items():
        date = pd.Timestamp(text).date()
        on = week[(week[days[date.weekday()]] == "1") & (week["start_date"] <= text) & (week["end_date"] >= text)]
        of_date = single[single["date"] == text]
        services = set(on["service_id"]) - set(of_date.loc[of_date["exception_type"] == "2", "service_id"])
        services |= set(of_date.loc[of_date["exception_type"] == "1", "service_id"])
        trips = frames["trips"][frames["trips"]["service_id"].isin(services)]
        calls = frames["stop_times"][frames["stop_times"]["trip_id"].isin(trips["trip_id"])]
        runs = feed.trips_on(date)
        assert {run.id for run in runs} == set(trips["trip_id"])
        assert (len(runs), sum(len(run.calls) for run in runs)) == (len(trips), len(calls)) == expected
    first = frames["stop_times"].groupby("trip_id")["departure_time"].min()
    for id_, trip in feed.trips.items():
        hours, minutes, seconds = map(int, first[id_].split(":"))
        assert trip.departs_s == hours * 3600 + minutes * 60 + seconds
    assert feed.fault_on(datetime.date(2026, 11, 2)) is not None


@pytest.mark.parametrize(("language", "zh"), [("en", False), ("zh", True)])
def test_why_no_bus_runs_is_said_in_both_languages(feed: TransitFeed, language: Language, zh: bool) -> None:
    with speaking(language):
        texts = [
            sentence(fact, {})
            for date in (november(11), datetime.date(2027, 3, 1), datetime.date(2026, 1, 1))
            if (fact := feed.fault_on(date))
        ]
    assert len(texts) == 3
    assert all(other in text for other, text in zip(("2026-11-12", "2026-11-30", "2026-11-02"), texts, strict=True))
    assert all(("班次" in text) is zh for text in texts)
