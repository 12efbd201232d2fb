"""The table of the room that buses have for parcels → which trip carries how much, at which stops and for what price."""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import Vocabulary, normal
from planner.geodata.findings import Finding, Severity, about_file, raise_for
from planner.geodata.headings import known_headings
from planner.geodata.personal_data import shown_error
from planner.geodata.place_rows import Table, shown_table
from planner.geodata.row_reader import RowReader
from planner.geodata.sheet_table import cell_sheets, table_of
from planner.geodata.tables import SPREADSHEETS
from planner.geodata.transit.feed import FeedTrip, TransitFeed
from planner.geodata.transit.feed_cells import near_names
from planner.model import said

_WORDS: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata.transit").joinpath("room_words.toml").read_text(encoding="utf-8")
)
_ALL = frozenset(_WORDS["cells"]["all"])
_BETWEEN = re.compile(_WORDS["patterns"]["between"])
_FIGURES = frozenset({"parcels", "kg", "m3", "yuan_per_parcel", "handling_min"})
ROOM = Vocabulary(
    headings={name: tuple(words) for name, words in _WORDS["headings"].items()},
    own=_FIGURES | {"trip"},
    figures=_FIGURES,
    without=Message("no row of headings: name the columns trip_id or line, parcels, kg, m3, stops, yuan_per_parcel"),
)
_MOST_PARCELS, _MOST_KG, _MOST_M3, _MOST_YUAN, _LONGEST_MIN = 5000, 20_000, 100, 1000, 120
"""No bus has more room, and nobody pays more a parcel or waits longer for one: a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRoom:
    """What a trip may carry beside its passengers at any time; a measure without a figure is not limited.

    Parcels are handed over at ``stop_ids`` only, None: at all. Each costs ``yuan_per_parcel``; handing over takes
    ``handling_s`` at a stop. ``source`` says where the row's figures are from, ``row`` where it stands.
    """

    parcels: float
    kg: float = math.inf
    m3: float = math.inf
    stop_ids: frozenset[str] | None = None
    yuan_per_parcel: float = 0.0
    handling_s: float = 0.0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTable:
    """Rows by what they are of: one trip, one line, or all trips; the narrowest holds, and no row means no room."""

    name: str
    sha256: str
    of_trip: Mapping[str, ParcelRoom] = field(default_factory=dict)
    of_line: Mapping[str, ParcelRoom] = field(default_factory=dict)
    of_all: ParcelRoom | None = None
    findings: tuple[Finding, ...] = ()

    def room_of(self, trip: FeedTrip) -> ParcelRoom | None:
        """Return the room of a run of a date, None if it carries nothing."""
        rows = (
            self.of_trip.get(trip.id),
            self.of_trip.get(trip.pattern_id),
            self.of_line.get(trip.line_id),
            self.of_all,
        )
        room = next((one for one in rows if one is not None), None)
        return room if room is not None and room.parcels > 0 else None


def read_room(path: Path, feed: TransitFeed) -> RoomTable:
    """Return the table of a workbook or text file.

    Raises
    ------
    BadDataError
        If it cannot be read, or a row is at fault: a trip, line or stop that the feed has not is named with what is like it.
    """
    table = _table(path, feed)
    findings = list(table.findings)
    if not {"trip", "line"} & table.headings.keys():
        message, remedy = (
            said("has no column of trips or lines"),
            said("name one trip_id or line; all stands for all trips"),
        )
        findings.append(about_file(Severity.ERROR, "no_column", table.file, message, remedy))
    if "parcels" not in table.headings:
        message, remedy = said("has no column of parcels"), said("name one parcels: how many fit beside the passengers")
        findings.append(about_file(Severity.ERROR, "no_column", table.file, message, remedy))
    found = _RoomRows(feed)
    if not any(one.spoils_file for one in findings):
        for row in table.rows:
            found.add(RowReader(table, row, findings))
        if not table.rows:
            message, remedy = said("has no rows"), said("fill in a row for a trip, a line, or all")
            findings.append(about_file(Severity.ERROR, "no_rows", table.file, message, remedy))
    raise_for(findings, Message("{file}: the room of buses cannot be used as it is", file=path.name))
    return RoomTable(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        of_trip=found.of_trip,
        of_line=found.of_line,
        of_all=found.of_all,
        findings=tuple(findings),
    )


def _table(path: Path, feed: TransitFeed) -> Table:
    if not path.is_file():
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    if path.suffix.lower() not in SPREADSHEETS:
        ending = Message("{kind} extension", kind=path.suffix) if path.suffix else Message("no extension")
        what = Message("{ending}: the room of buses is read from {known}", ending=ending, known=sorted(SPREADSHEETS))
        raise BadDataError(of_file(path.name, what))
    try:
        sheets = cell_sheets(path, partial(known_headings, vocabulary=ROOM))
        table = table_of(path, sheets, [sheet.name for sheet in sheets], "", vocabulary=ROOM)
    except BadDataError as error:
        raise shown_error(error, (path.name,)) from error
    return shown_table(replace(table, codes=frozenset({*feed.trips, *feed.lines, *feed.stops})))


class _RoomRows:
    """The rows read so far, by what they are of."""

    def __init__(self, feed: TransitFeed) -> None:
        self.feed = feed
        self.of_trip: dict[str, ParcelRoom] = {}
        self.of_line: dict[str, ParcelRoom] = {}
        self.of_all: ParcelRoom | None = None
        self._runs = {run.id: run for trip in feed.trips.values() if trip.headways for run in trip.runs()}
        self._rows: dict[tuple[str, str], int] = {}

    def add(self, reader: RowReader) -> None:
        """Take a row in: what it is of, its stops and figures; faults are noted by its reader."""
        scope = list(self._scope(reader))
        room = ParcelRoom(
            parcels=self._figure(reader, "parcels", _MOST_PARCELS) or 0.0,
            kg=self._limit(reader, "kg", _MOST_KG),
            m3=self._limit(reader, "m3", _MOST_M3),
            stop_ids=self._stops(reader, scope),
            yuan_per_parcel=self._figure(reader, "yuan_per_parcel", _MOST_YUAN) or 0.0,
            handling_s=60.0 * (self._figure(reader, "handling_min", _LONGEST_MIN) or 0.0),
            source=reader.text("source"),
            row=reader.row.number,
        )
        for column, id_ in scope:
            if (column, id_) in self._rows:
                message = said("is given in row {row}, too", row=self._rows[column, id_])
                reader.note(
                    Severity.ERROR, "repeated", column or _filled(reader), message, said("delete one of the rows")
                )
            self._rows[column, id_] = reader.row.number
        if reader.bad:
            return
        for column, id_ in scope:
            if column == "trip":
                self.of_trip[id_] = room
            elif column == "line":
                self.of_line[id_] = room
            else:
                self.of_all = room

    def _scope(self, reader: RowReader) -> Iterator[tuple[str, str]]:
        """Yield what a row is of: a trip, a line (or several of one name), or everything."""
        trip, line = reader.text("trip"), reader.text("line")
        if trip and trip.lower() not in _ALL:
            yield from self._trip(reader, trip, line)
        elif line and line.lower() not in _ALL:
            ids = self._lines_called(line)
            if not ids:
                self._unknown(reader, "line", said("is no line of {feed}", feed=self.feed.name), _names(self.feed))
            yield from (("line", id_) for id_ in ids)
        elif trip or line:
            yield "", ""
        else:
            column = _filled(reader)
            message, remedy = said("is empty"), said("write a trip, a line, or all")
            reader.note(Severity.ERROR, "missing", column, message, remedy)

    def _trip(self, reader: RowReader, trip: str, line: str) -> Iterator[tuple[str, str]]:
        known = self.feed.trips.get(trip) or self._runs.get(trip)
        if known is None:
            same = [one.id for one in self.feed.trips.values() if one.line_id in self._lines_called(line)]
            choices = same if line and same else [*self.feed.trips, *self._runs]
            self._unknown(reader, "trip", said("is no trip of {feed}", feed=self.feed.name), choices)
            return
        if line and line.lower() not in _ALL and known.line_id not in self._lines_called(line):
            own = self.feed.lines[known.line_id].name
            message, remedy = said("is a trip of line {line}", line=own), said("correct the trip or the line")
            reader.note(Severity.ERROR, "trip_contradicts_line", "trip", message, remedy)
        yield "trip", trip

    def _lines_called(self, text: str) -> list[str]:
        if text in self.feed.lines:
            return [text]
        plain = normal(text).lower()
        return [
            one.id for one in self.feed.lines.values() if plain and plain in (one.name.lower(), one.long_name.lower())
        ]

    def _stops(self, reader: RowReader, scope: list[tuple[str, str]]) -> frozenset[str] | None:
        """Return the stops that a row names by id or name; None where it names none, or all."""
        parts = [part.strip() for part in _BETWEEN.split(reader.text("stops")) if part.strip()]
        if not parts or any(part.lower() in _ALL for part in parts):
            return None
        found: set[str] = set()
        served = {call.stop_id for trip in self._trips_of(scope) for call in trip.calls}
        for part in parts:
            ids = (
                [part] if part in self.feed.stops else [id_ for id_, one in self.feed.stops.items() if one.name == part]
            )
            if not ids:
                names = {one.name for id_, one in self.feed.stops.items() if not served or id_ in served}
                message = said("{stop} is no stop of {feed}", stop=part, feed=self.feed.name)
                self._unknown(reader, "stops", message, sorted(names | set(self.feed.stops)), part)
            elif served and not served & set(ids):
                message = said("no bus of this row calls at {stop}", stop=part)
                reader.note(
                    Severity.WARNING, "stop_not_served", "stops", message, said("correct the stop, or the trip")
                )
            found.update(ids)
        return frozenset(found)

    def _trips_of(self, scope: list[tuple[str, str]]) -> list[FeedTrip]:
        if ("", "") in scope:
            return list(self.feed.trips.values())
        runs = [self._runs[id_] for column, id_ in scope if column == "trip" and id_ in self._runs]
        of_feed = self.feed.trips.values()
        return runs + [one for one in of_feed if ("trip", one.id) in scope or ("line", one.line_id) in scope]

    def _unknown(self, reader: RowReader, column: str, message: Any, names: Any, text: str = "") -> None:
        near = near_names(text or reader.text(column), names)
        remedy = said("correct it, or leave the row out")
        if near:
            remedy = said("is one of these meant: {names}?", names=near)
        reader.note(Severity.ERROR, f"unknown_{column}", column, message, remedy)

    @staticmethod
    def _figure(reader: RowReader, column: str, most: float) -> float | None:
        if column != "parcels" and not reader.has(column):
            return None
        return reader.number(column, low=0, high=most, whole=column == "parcels")

    def _limit(self, reader: RowReader, column: str, most: float) -> float:
        found = self._figure(reader, column, most)
        return math.inf if found is None else found


def _names(feed: TransitFeed) -> list[str]:
    return sorted({name for one in feed.lines.values() for name in (one.id, one.name, one.long_name) if name})


def _filled(reader: RowReader) -> str:
    """Return the column that says what a row is of, or should."""
    return "trip" if reader.has("trip") or "line" not in reader.table.headings else "line"
