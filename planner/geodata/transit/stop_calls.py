"""The calls of each trip in their order, with times that only grow; what lies between timed stops is filled in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.geodata.transit.feed_cells import FeedCells, clock_s
from planner.model import said
from planner.units import METRES_PER_DEGREE

_MOST_CALLS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStop:
    """Where buses halt."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCall:
    """A call of a trip at a stop: seconds since midnight of the service date, beyond 86,400 after the next midnight.

    ``timed`` is false where the feed leaves the time to be filled in.
    """

    stop_id: str
    arrival_s: float
    departure_s: float
    timed: bool = True


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    order: float
    stop_id: str
    arrival_s: float | None
    departure_s: float | None


def read_calls(
    times: FeedCells, trips: Mapping[str, object], stops: Mapping[str, FeedStop], elsewhere: Mapping[str, bool]
) -> dict[str, tuple[FeedCall, ...]]:
    """Return the calls of each trip, of those without a fault.

    ``elsewhere`` are the other ids of the stops' file, and whether buses halt there: then its position is at fault.
    """
    times.require("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")
    rows: dict[str, list[_Row]] = {}
    faulty: set[str] = set()
    for row in times:
        trip_id = times.raw(row, "trip_id")
        if trip_id not in trips:
            times.known(row, "trip_id", trips.keys(), "trips.txt")
            continue
        stop_id = times.raw(row, "stop_id")
        if stop_id not in stops:
            stop_id = _no_stop(times, row, stop_id, stops, elsewhere)
        order = times.figure(row, "stop_sequence", 0, _MOST_CALLS)
        before = len(times.findings)
        arrival, departure = _time(times, row, "arrival_time"), _time(times, row, "departure_time")
        if not stop_id or order is None or len(times.findings) > before:
            faulty.add(trip_id)
            continue
        rows.setdefault(trip_id, []).append(_Row(row, order, stop_id, arrival, departure))
    found: dict[str, tuple[FeedCall, ...]] = {}
    for trip_id, unsorted in rows.items():
        calls = sorted(unsorted, key=lambda one: one.order)
        if trip_id not in faulty and _in_order(times, calls):
            found[trip_id] = tuple(_filled_in(calls, stops))
    return found


def _no_stop(
    times: FeedCells, row: int, stop_id: str, stops: Mapping[str, FeedStop], elsewhere: Mapping[str, bool]
) -> str:
    """Note that a call is at no stop, unless that is said of the stop itself."""
    if stop_id not in elsewhere:
        return times.known(row, "stop_id", stops.keys(), "stops.txt")
    if not elsewhere[stop_id]:
        message = said("is a station or an entrance, no stop where buses halt")
        times.note(row, "stop_id", "no_stop", message, said("write one of its stops"))
    return ""


def _time(times: FeedCells, row: int, column: str) -> float | None:
    """Return a time, None where it is empty; an error where it is no time."""
    text = times.raw(row, column)
    return None if not text else clock_s(text) if clock_s(text) is not None else times.clock(row, column)


def _in_order(times: FeedCells, calls: Sequence[_Row]) -> bool:
    """Return whether order and times of a trip's calls can be: each number once, both ends timed, never backwards."""
    good = True
    for before, one in pairwise(calls):
        if before.order == one.order:
            message = said("is given in row {row}, too", row=times.number(before.number))
            times.note(
                one.number, "stop_sequence", "repeated", message, said("number the calls of a trip in their order")
            )
            good = False
    for one in (calls[0], calls[-1]):
        if one.arrival_s is None and one.departure_s is None:
            message = said("is empty at the first or last call of its trip")
            times.note(one.number, "arrival_time", "missing", message, said("fill it in"))
            good = False
    last_s, last = -math.inf, calls[0]
    for one in calls:
        for column, at in (("arrival_time", one.arrival_s), ("departure_time", one.departure_s)):
            if at is None:
                continue
            if at < last_s:
                message = said("is before the time in row {row}", row=times.number(last.number))
                remedy = said("correct the time, or the order of the calls; after midnight write 24:10:00")
                times.note(one.number, column, "backwards", message, remedy)
                good = False
            last_s, last = max(at, last_s), one
    return good


def _filled_in(calls: Sequence[_Row], stops: Mapping[str, FeedStop]) -> list[FeedCall]:
    """Return the calls with times everywhere: between two timed ones in proportion to the straight way."""
    metres = [0.0]
    for before, one in pairwise(calls):
        metres.append(metres[-1] + _apart_m(stops[before.stop_id], stops[one.stop_id]))
    timed = [place for place, one in enumerate(calls) if one.arrival_s is not None or one.departure_s is not None]
    found: list[FeedCall] = []
    for place, one in enumerate(calls):
        arrival, departure = one.arrival_s, one.departure_s
        if arrival is None and departure is None:
            left = max(other for other in timed if other < place)
            right = min(other for other in timed if other > place)
            start, end = _leaves_s(calls[left]), _arrives_s(calls[right])
            whole = metres[right] - metres[left]
            share = (metres[place] - metres[left]) / whole if whole else (place - left) / (right - left)
            at = float(round(start + share * (end - start)))
            found.append(FeedCall(stop_id=one.stop_id, arrival_s=at, departure_s=at, timed=False))
        else:
            found.append(FeedCall(stop_id=one.stop_id, arrival_s=_arrives_s(one), departure_s=_leaves_s(one)))
    return found


def _arrives_s(one: _Row) -> float:
    return one.arrival_s if one.arrival_s is not None else one.departure_s or 0.0


def _leaves_s(one: _Row) -> float:
    return one.departure_s if one.departure_s is not None else one.arrival_s or 0.0


def _apart_m(one: FeedStop, other: FeedStop) -> float:
    """Return the straight distance, good enough to share out a few minutes."""
    east = (other.lon - one.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, other.lat - one.lat) * METRES_PER_DEGREE
