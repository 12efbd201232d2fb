"""The table of room for parcels: what rows may be of, what figures may be, and what is said of what the feed has not."""

import datetime
import math
from pathlib import Path

import openpyxl
import pytest

from planner.errors import BadDataError
from planner.geodata.transit.feed import TransitFeed
from planner.geodata.transit.parcel_room import ParcelRoom, RoomTable, read_room
from planner.geodata.transit.read_feed import read_feed
from tests.planner.geodata.transit.feeds import feed_folder, feed_zip

MONDAY = datetime.date(2026, 11, 2)


@pytest.fixture
def feed(tmp_path: Path) -> TransitFeed:
    return read_feed(feed_zip(tmp_path / "bus.zip"))


def table_of(folder: Path, text: str, feed: TransitFeed) -> RoomTable:
    path = folder / "room.csv"
    path.write_text(text, encoding="utf-8")
    return read_room(path, feed)


def faults_of(folder: Path, text: str, feed: TransitFeed) -> list[str]:
    with pytest.raises(BadDataError) as caught:
        table_of(folder, text, feed)
    return [str(one) for one in caught.value.problems] or [str(caught.value)]


def rooms_on(table: RoomTable, feed: TransitFeed, date: datetime.date = MONDAY) -> dict[str, ParcelRoom | None]:
    return {run.id: table.room_of(run) for run in feed.trips_on(date)}


def test_the_narrowest_row_holds(tmp_path: Path, feed: TransitFeed) -> None:
    text = "trip_id,line,parcels,kg,m3,yuan per parcel,handling minutes\nall,,10,,,1,2\nback,,4,,,,\n,1路,30,100,0.5,0.8,3\n"
    rooms = rooms_on(table_of(tmp_path, text, feed), feed)
    assert rooms["out"] == ParcelRoom(parcels=30, kg=100, m3=0.5, yuan_per_parcel=0.8, handling_s=180, row=4)
    assert rooms["back"] == ParcelRoom(parcels=4, row=3)
    assert (rooms["back"].kg, rooms["back"].m3) == (math.inf, math.inf)  # type: ignore[union-attr]


def test_chinese_headings_units_and_stops_by_name(tmp_path: Path, feed: TransitFeed) -> None:
    text = (
        "线路名称,班次编号,可载件数（件）,可载重量（吨）,体积（升）,交接站点,每件费用（元）,装卸时间（分钟）,来源\n"
        "拜泉—丰产,全部,35,0.2,800,客运站、B,1.5,2,县客运站2026年10月函\n"
    )
    table = table_of(tmp_path, text, feed)
    assert table.of_all is None or "R1" not in table.of_line
    room = rooms_on(table, feed)["out"]
    assert room == ParcelRoom(
        parcels=35, kg=200, m3=0.8, stop_ids=frozenset({"Z", "B"}), yuan_per_parcel=1.5, handling_s=120,
        source="县客运站2026年10月函", row=2,
    )  # fmt: skip


def test_no_row_and_no_parcels_mean_no_room(tmp_path: Path, feed: TransitFeed) -> None:
    rooms = rooms_on(table_of(tmp_path, "班次,件数\nout,0\n", feed), feed)
    assert rooms == {"out": None, "back": None}


def test_a_workbook_is_read_like_text(tmp_path: Path, feed: TransitFeed) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["客货邮班次载件能力表"], ["班次", "件数", "公斤"], ["out", 12, 80], ["back", 12, "60公斤"]):
        sheet.append(row)
    book.save(tmp_path / "room.xlsx")
    table = read_room(tmp_path / "room.xlsx", feed)
    assert {id_: (one.parcels, one.kg, one.row) for id_, one in table.of_trip.items()} == {
        "out": (12, 80, 3),
        "back": (12, 60, 4),
    }


def test_runs_of_a_headway_have_the_room_of_their_trip_or_their_own(tmp_path: Path) -> None:
    every = {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nout,06:00:00,08:00:00,3600\n"}
    feed = read_feed(feed_folder(tmp_path / "feed", every))
    rooms = rooms_on(table_of(tmp_path, "trip,parcels\nout,9\nout@07:00,3\n", feed), feed)
    assert {id_: one and one.parcels for id_, one in rooms.items()} == {"out@06:00": 9, "out@07:00": 3, "back": None}


def test_unknown_trips_lines_and_stops_are_named_with_what_is_like_them(tmp_path: Path, feed: TransitFeed) -> None:
    text = (
        "trip_id,line,parcels,stops\n"
        "bakc,,5,\nnoght,,5,\n,1号路,5,\nout,,5,东生村\nback,2路,5,\n,,5,\nout,,5,客运站\nT-99,,5,\n"
    )
    assert faults_of(tmp_path, text, feed) == [
        "room.csv row 2 trip_id 'bakc': is no trip of bus.zip → is one of these meant: back?",
        "room.csv row 3 trip_id 'noght': is no trip of bus.zip → is one of these meant: night?",
        "room.csv row 4 line '1号路': is no line of bus.zip → is one of these meant: 1路?",
        "room.csv row 5 stops '东生村': 东生村 is no stop of bus.zip → is one of these meant: 东升村?",
        "room.csv row 6 trip_id 'back': is a trip of line 1路 → correct the trip or the line",
        "room.csv row 7 line: is empty → write a trip, a line, or all",
        "room.csv row 8 trip_id 'out': is given in row 5, too → delete one of the rows",
        "room.csv row 9 trip_id 'T-99': is no trip of bus.zip → correct it, or leave the row out",
    ]


def test_figures_beyond_any_bus_are_refused(tmp_path: Path, feed: TransitFeed) -> None:
    text = (
        "trip_id,parcels,kg,m3,yuan per parcel,handling minutes\n"
        "out,-1,1e9,1000,5000,600\nback,2.5,x,,,\nnight,,1,1,1,1\nall,many,1,1,1,1\n"
    )
    faults = faults_of(tmp_path, text, feed)
    assert [fault.split(" → ")[0] for fault in faults] == [
        "room.csv row 2 parcels '-1': is not within 0 and 5000",
        "room.csv row 2 kg '1e9': is not within 0 and 20000",
        "room.csv row 2 m3 '1000': is not within 0 and 100",
        "room.csv row 2 yuan per parcel '5000': is not within 0 and 1000",
        "room.csv row 2 handling minutes '600': is not within 0 and 120",
        "room.csv row 3 parcels '2.5': is not a whole number",
        "room.csv row 3 kg 'x': is not a number",
        "room.csv row 4 parcels: is empty",
        "room.csv row 5 parcels 'many': is not a number",
    ]


def test_a_stop_where_no_bus_of_the_row_calls_is_a_warning(tmp_path: Path, feed: TransitFeed) -> None:
    table = table_of(tmp_path, "trip,parcels,stops\nnight,5,A\n", feed)
    assert [str(one) for one in table.findings] == [
        "room.csv row 2 stops 'A': no bus of this row calls at A → correct the stop, or the trip"
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("parcels,kg\n5,5\n", "has no column of trips or lines"),
        ("trip,kg\nout,5\n", "has no column of parcels"),
        ("甲,乙\nout,5\n", "no row of headings"),
        ("trip,parcels\n", "has no rows"),
        ("", "is empty"),
    ],
)
def test_a_table_without_its_columns_is_refused(tmp_path: Path, text: str, what: str, feed: TransitFeed) -> None:
    assert what in faults_of(tmp_path, text, feed)[0]


def test_a_missing_file_and_another_kind_are_refused(tmp_path: Path, feed: TransitFeed) -> None:
    with pytest.raises(BadDataError, match="no such file"):
        read_room(tmp_path / "none.csv", feed)
    (tmp_path / "room.pdf").write_text("x")
    with pytest.raises(BadDataError, match="the room of buses is read from"):
        read_room(tmp_path / "room.pdf", feed)
