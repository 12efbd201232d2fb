"""A GTFS feed, as a zip or a folder → `TransitFeed`; every fault in it is listed by file, row and column."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planner.config import Datum
from planner.errors import BadDataError, Message, of_file
from planner.geodata.datum import to_wgs84
from planner.geodata.findings import Finding, Severity, about_file, raise_for
from planner.geodata.transit.feed import FeedLine, FeedTrip, Headway, TransitFeed, span_of
from planner.geodata.transit.feed_cells import FeedCells
from planner.geodata.transit.feed_tables import COLUMNS
from planner.geodata.transit.service_days import FeedService, read_services
from planner.geodata.transit.stop_calls import FeedCall, FeedStop, read_calls
from planner.model import said
from planner.sandbox import run_apart

_CHILD = "planner.geodata.transit.feed_tables"
_NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_DAY_S, _LATEST_S = 86_400, 72 * 3600
_SHORTEST_HEADWAY_S = 30
_HALTS = frozenset({"", "0"})
"""Kinds of places at which buses halt; others are houses, entrances and the like."""
_SWAPPED_LON, _SWAPPED_LAT = (3, 54), (73, 136)
"""What longitude and latitude of a place in China look like in each other's column."""


def read_feed(
    path: Path, datum: Datum = Datum.WGS84, bounds: tuple[float, float, float, float] | None = None
) -> TransitFeed:
    """Return the feed of a zip or a folder; a folder may hold the zip, or the files one folder deeper.

    Positions are given in ``datum``. Of stops none of which lies within ``bounds`` (west, south, east, north) the feed is
    another county's.

    Raises
    ------
    BadDataError
        If it cannot be read, or has faults: each has its line with file, row and column.
    """
    findings: list[Finding] = []
    tables, digest = _tables(path)
    files = {file: FeedCells(file, f"{path.name}/{file}", tables.get(file), findings) for file in COLUMNS}
    _check_files(files, path.name, findings)
    stops, elsewhere = _stops(files["stops.txt"], datum)
    lines = _lines(files["routes.txt"], _agencies(files["agency.txt"]))
    services = read_services(files["calendar.txt"], files["calendar_dates.txt"])
    trips = _trips(files["trips.txt"], lines, services, files["calendar.txt"], files["calendar_dates.txt"])
    calls = read_calls(files["stop_times.txt"], trips, stops, elsewhere)
    headways = _headways(files["frequencies.txt"], trips)
    whole = _whole_trips(files, trips, calls, headways)
    if bounds is not None and stops:
        _check_place(files["stops.txt"], stops, bounds)
    publisher, version, synthetic = _about(files["feed_info.txt"])
    span = span_of(list(services.values()))
    if span is None and not findings:
        message, remedy = said("no service runs on any date"), said("fill in calendar.txt or calendar_dates.txt")
        findings.append(about_file(Severity.ERROR, "no_service", path.name, message, remedy))
    raise_for(findings, Message("{file}: the buses cannot be used as they are", file=path.name))
    first, last = span or (datetime.date.min, datetime.date.max)
    return TransitFeed(
        name=path.name,
        sha256=digest,
        publisher=publisher or next(iter(sorted({line.agency for line in lines.values()})), ""),
        version=version,
        synthetic=synthetic,
        first=first,
        last=last,
        lines=lines,
        stops=stops,
        trips=whole,
        services=services,
        findings=tuple(findings),
    )


def _tables(path: Path) -> tuple[dict[str, Any], str]:
    """Return the files of a feed by name, as the child hands them over, and the hash of their content."""
    place = _place(path)
    if place.is_file():
        return run_apart(f"{_CHILD}:read_feed_zip", place, path.name), hashlib.sha256(place.read_bytes()).hexdigest()
    there = {one.name.lower(): one for one in sorted(place.iterdir()) if one.name.lower() in COLUMNS}
    tables = {
        name: run_apart(f"{_CHILD}:read_feed_file", one, f"{path.name}/{name}", name, renamed=f"{path.name}/{name}")
        for name, one in there.items()
    }
    digest = hashlib.sha256()
    for name, one in there.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(one.read_bytes()).digest())
    return tables, digest.hexdigest()


def _place(path: Path) -> Path:
    """Return the zip, or the folder with the files: the one given, or the only one in it."""
    if path.is_file():
        return path
    if not path.is_dir():
        raise BadDataError(
            of_file(path.name, Message("no such file or folder")), [Message("looked for {path}", path=path.resolve())]
        )
    inside = sorted(path.iterdir())
    if any(one.name.lower() in COLUMNS for one in inside):
        return path
    packed = [one for one in inside if one.suffix.lower() == ".zip" or (one.is_dir() and (one / "stops.txt").is_file())]
    if len(packed) == 1:
        return packed[0]
    what = Message("holds no feed: stops.txt, routes.txt, trips.txt and stop_times.txt are looked for, or one zip")
    if packed:
        what = Message("holds several feeds: {names}", names=[one.name for one in packed])
    raise BadDataError(of_file(path.name, what))


def _check_files(files: Mapping[str, FeedCells], name: str, findings: list[Finding]) -> None:
    for file in _NEEDED:
        if not files[file].is_there:
            remedy = said("put it there: a feed needs stops, routes, trips and stop_times")
            findings.append(about_file(Severity.ERROR, "no_file", name, said("has no {file}", file=file), remedy))
        elif not len(files[file]):
            files[file].note_file("no_rows", said("has no rows"), said("export the feed again"))
    if not (files["calendar.txt"].is_there or files["calendar_dates.txt"].is_there):
        message = said("has neither calendar.txt nor calendar_dates.txt: nobody knows when buses run")
        findings.append(about_file(Severity.ERROR, "no_file", name, message, said("export the feed again with them")))


def _agencies(cells: FeedCells) -> dict[str, str]:
    return {cells.raw(row, "agency_id"): cells.name(row, "agency_name") for row in cells}


def _stops(cells: FeedCells, datum: Datum) -> tuple[dict[str, FeedStop], dict[str, bool]]:
    """Return the stops by id, and of the other ids of the file whether buses halt there."""
    cells.require("stop_id", "stop_lat", "stop_lon")
    rows: dict[str, int] = {}
    at: list[tuple[str, float, float]] = []
    elsewhere: dict[str, bool] = {}
    for row in cells:
        id_ = cells.id(row, "stop_id", rows)
        halts = cells.raw(row, "location_type") in _HALTS
        position = _position(cells, row) if halts and cells.has("stop_lat") and cells.has("stop_lon") else None
        if id_:
            rows[id_] = row
        if id_ and position is None:
            elsewhere[id_] = halts
        elif position is not None and id_:
            at.append((id_, *position))
    lons, lats = to_wgs84(np.array([one[1] for one in at]), np.array([one[2] for one in at]), datum)
    stops = {
        id_: FeedStop(
            id=id_, name=cells.name(rows[id_], "stop_name") or id_, lon=round(float(lon), 7), lat=round(float(lat), 7)
        )
        for (id_, _, _), lon, lat in zip(at, lons, lats, strict=True)
    }
    return stops, elsewhere


def _position(cells: FeedCells, row: int) -> tuple[float, float] | None:
    """Return lon and lat as written, whatever the datum; None (with an error) where they are no place."""
    lon, lat = cells.figure(row, "stop_lon", -180, 180), cells.figure(row, "stop_lat", -180, 180)
    if lon is None or lat is None:
        return None
    if _SWAPPED_LON[0] <= lon <= _SWAPPED_LON[1] and _SWAPPED_LAT[0] <= lat <= _SWAPPED_LAT[1]:
        remedy = said("write lon {lon}, lat {lat}", lon=f"{lat:.10g}", lat=f"{lon:.10g}")
        cells.note(row, "stop_lat", "swapped", said("longitude and latitude are swapped"), remedy)
        return None
    if abs(lat) > 90:
        message = said("is not within {low} and {high}", low="-90", high="90")
        cells.note(row, "stop_lat", "out_of_range", message, said("correct the figure"))
        return None
    if lon == 0 and lat == 0:
        message = said("0, 0 is in the Atlantic: the position is missing")
        cells.note(row, "stop_lon", "zero", message, said("fill it in"))
        return None
    return lon, lat


def _lines(cells: FeedCells, agencies: Mapping[str, str]) -> dict[str, FeedLine]:
    cells.require("route_id")
    rows: dict[str, int] = {}
    lines: dict[str, FeedLine] = {}
    for row in cells:
        id_ = cells.id(row, "route_id", rows)
        short, long = cells.name(row, "route_short_name"), cells.name(row, "route_long_name")
        agency = cells.raw(row, "agency_id")
        if agency and agencies and agency not in agencies:
            cells.known(row, "agency_id", agencies.keys(), "agency.txt")
        if id_:
            rows[id_] = row
            only = next(iter(agencies.values()), "") if len(agencies) == 1 else ""
            lines[id_] = FeedLine(id=id_, name=short or long or id_, long_name=long, agency=agencies.get(agency, only))
    return lines


def _trips(
    cells: FeedCells,
    lines: Mapping[str, FeedLine],
    services: Mapping[str, FeedService],
    calendar: FeedCells,
    exceptions: FeedCells,
) -> dict[str, int]:
    """Return the rows of trips by id; what they name must be there."""
    cells.require("route_id", "service_id", "trip_id")
    named = {
        *services,
        *(calendar.raw(row, "service_id") for row in calendar),
        *(exceptions.raw(row, "service_id") for row in exceptions),
    }
    rows: dict[str, int] = {}
    for row in cells:
        id_ = cells.id(row, "trip_id", rows)
        cells.known(row, "route_id", lines.keys(), "routes.txt")
        cells.known(row, "service_id", named, "calendar.txt")
        if id_:
            rows[id_] = row
    return rows


def _headways(cells: FeedCells, trips: Mapping[str, int]) -> dict[str, list[Headway]]:
    cells.require("trip_id", "start_time", "end_time", "headway_secs")
    found: dict[str, list[Headway]] = {}
    for row in cells:
        trip_id = cells.known(row, "trip_id", trips.keys(), "trips.txt")
        first, until = cells.clock(row, "start_time"), cells.clock(row, "end_time")
        every = cells.figure(row, "headway_secs", _SHORTEST_HEADWAY_S, _DAY_S)
        if first is not None and until is not None and until < first:
            message = said("is before the start of the runs")
            cells.note(row, "end_time", "backwards", message, said("correct one of the times"))
        elif trip_id and first is not None and until is not None and every is not None:
            found.setdefault(trip_id, []).append(Headway(first_s=first, until_s=until, every_s=every))
    return found


def _whole_trips(
    files: Mapping[str, FeedCells],
    rows: Mapping[str, int],
    calls: Mapping[str, tuple[FeedCall, ...]],
    headways: Mapping[str, Sequence[Headway]],
) -> dict[str, FeedTrip]:
    """Return the trips with two calls or more; the others are left out, with a warning each."""
    cells, found = files["trips.txt"], dict[str, FeedTrip]()
    named = {files["stop_times.txt"].raw(row, "trip_id") for row in files["stop_times.txt"]}
    for id_, row in sorted(rows.items()):
        of_trip = calls.get(id_, ())
        if len(of_trip) < 2:
            if of_trip or id_ not in named:
                message = said("has {count} calls in stop_times.txt and is left out", count=len(of_trip))
                remedy = said("add its calls, or delete the trip")
                cells.note(row, "trip_id", "too_few_calls", message, remedy, Severity.WARNING)
            continue
        found[id_] = FeedTrip(
            id=id_,
            line_id=cells.raw(row, "route_id"),
            service_id=cells.raw(row, "service_id"),
            calls=of_trip,
            headsign=cells.name(row, "trip_headsign"),
            direction=cells.raw(row, "direction_id"),
            headways=tuple(headways.get(id_, ())),
            pattern_id=id_,
        )
    return found


def _about(cells: FeedCells) -> tuple[str, str, bool]:
    """Return who publishes the feed, its version, and whether it says that it is made up."""
    for row in cells:
        synthetic = cells.raw(row, "synthetic") == "1"
        return cells.name(row, "feed_publisher_name"), cells.name(row, "feed_version"), synthetic
    return "", "", False


def _check_place(cells: FeedCells, stops: Mapping[str, FeedStop], bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    if any(west <= one.lon <= east and south <= one.lat <= north for one in stops.values()):
        return
    one = next(iter(stops.values()))
    message = said(
        "none of its {count} stops lies in the area: {name} is at {lon}, {lat}",
        count=len(stops),
        name=one.name,
        lon=f"{one.lon:.4f}",
        lat=f"{one.lat:.4f}",
    )
    cells.note_file("elsewhere", message, said("give the feed of this county, and its datum if it is not WGS 84"))
