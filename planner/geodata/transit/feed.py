"""A feed's nouns: lines, stops, runs of a date; what is wrong with it on a date."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.geodata.findings import Finding
from planner.geodata.transit.service_days import FeedService
from planner.geodata.transit.stop_calls import FeedCall, FeedStop
from planner.model import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A line: what people call it, and who runs it."""

    id: str
    name: str
    long_name: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headway:
    """Runs every ``every_s`` from ``first_s``, the last before ``until_s``."""

    first_s: float
    until_s: float
    every_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrip:
    """A run of a line, with two calls or more; one with ``headways`` stands for many, whose times are counted from its own.

    ``pattern_id`` is the id that the feed gives it, which the runs of a headway share.
    """

    id: str
    line_id: str
    service_id: str
    calls: tuple[FeedCall, ...]
    headsign: str = ""
    direction: str = ""
    headways: tuple[Headway, ...] = ()
    pattern_id: str = ""

    @property
    def departs_s(self) -> float:
        """When it leaves its first stop."""
        return self.calls[0].departure_s

    def runs(self) -> tuple[FeedTrip, ...]:
        """Return the trip, or a run for each departure of its headways, its time behind its id: ``5@07:40``."""
        if not self.headways:
            return (self,)
        starts = {
            headway.first_s + number * headway.every_s
            for headway in self.headways
            for number in range(int(-(-(headway.until_s - headway.first_s) // headway.every_s)))
        }
        return tuple(self._leaving(start) for start in sorted(starts))

    def _leaving(self, start_s: float) -> FeedTrip:
        later = start_s - self.departs_s
        calls = tuple(
            replace(call, arrival_s=call.arrival_s + later, departure_s=call.departure_s + later) for call in self.calls
        )
        minutes, seconds = divmod(int(start_s), 60)
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
        return replace(self, id=f"{self.id}@{clock}", calls=calls, headways=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitFeed:
    """The buses of a county: lines, stops and trips by id, services, and what was found wrong without keeping it from use.

    ``first`` and ``last`` are the dates that it says anything about. ``sha256`` is that of its content. A ``synthetic``
    feed says itself that nobody drives by it.
    """

    name: str
    sha256: str
    publisher: str
    version: str
    synthetic: bool
    first: datetime.date
    last: datetime.date
    lines: Mapping[str, FeedLine]
    stops: Mapping[str, FeedStop]
    trips: Mapping[str, FeedTrip]
    services: Mapping[str, FeedService]
    findings: tuple[Finding, ...] = ()

    def trips_on(self, date: datetime.date) -> tuple[FeedTrip, ...]:
        """Return the runs of a date by departure, those of headways one by one."""
        running = {id_ for id_, service in self.services.items() if service.runs_on(date)}
        runs = [run for trip in self.trips.values() if trip.service_id in running for run in trip.runs()]
        return tuple(sorted(runs, key=lambda run: (run.departs_s, run.id)))

    def day_with_buses(self, date: datetime.date) -> datetime.date | None:
        """Return the date nearest to one, the later of two, on which buses run; None if there is none."""
        used = {trip.service_id for trip in self.trips.values()}
        running = [service for id_, service in self.services.items() if id_ in used]
        start = min(max(date, self.first), self.last)
        for away in range((self.last - self.first).days + 1):
            for day in (start + datetime.timedelta(days=away), start - datetime.timedelta(days=away)):
                if self.first <= day <= self.last and any(one.runs_on(day) for one in running):
                    return day
        return None

    def fault_on(self, date: datetime.date) -> Fact | None:
        """Return why no bus of the feed runs on a date, None if some do; with the nearest date on which they do."""
        if self.trips_on(date):
            return None
        other = self.day_with_buses(date)
        if other is None:
            return Fact(code="no_bus_ever")
        dates = {"date": date.isoformat(), "other_date": other.isoformat()}
        if date > self.last:
            return Fact(code="bus_feed_expired", params={**dates, "last_date": self.last.isoformat()})
        if date < self.first:
            return Fact(code="bus_feed_not_begun", params={**dates, "first_date": self.first.isoformat()})
        return Fact(code="no_bus_that_day", params={**dates})


def span_of(services: Sequence[FeedService]) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last date that services say anything about, None if they say nothing."""
    dates = [date for service in services for date in service.ends()]
    return (min(dates), max(dates)) if dates else None
