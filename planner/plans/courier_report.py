"""What a courier sends back: which stops of which day plan are settled, how and when; no personal data has room in it.

The page of a vehicle writes it as compact JSON, which its QR code holds, too: of each stop its number on the page, what
became of it, when, why not, and when the courier arrived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from planner.config import Clock, Section, content_faults, document_text, parse_json
from planner.config.faults import section_faults
from planner.config.sections import Name
from planner.errors import BadDataError, Message, parse_fault
from planner.plans.day_plan import DayPlan

REPORT_SCHEMA = "rural-service-planner/report/1"
_MOST_STOPS = 2000


class TickedAs(StrEnum):
    """What a courier ticks of a stop; the last two settle it."""

    ARRIVED = "arrived"
    DONE = "done"
    FAILED = "failed"


class NotDone(StrEnum):
    """Why a stop was not served: chosen, never written, so that nothing personal is."""

    NOBODY_THERE = "nobody_there"
    REFUSED = "refused"
    ROAD_BLOCKED = "road_blocked"
    PLACE_NOT_FOUND = "place_not_found"
    NO_TIME = "no_time"
    DAMAGED = "damaged"
    OTHER = "other_reason"


class TickedStop(Section):
    """What became of the stop of this number, from 1, on the page of its vehicle."""

    number: Annotated[int, Field(ge=1, le=_MOST_STOPS)]
    ticked: TickedAs
    at: Clock
    reason: NotDone | Literal[""] = ""
    arrived: Clock | None = None

    @model_validator(mode="after")
    def _reason_goes_with_failure(self) -> TickedStop:
        if (self.ticked is TickedAs.FAILED) != bool(self.reason):
            raise ValueError(Message("a stop that was not served has a reason, and no other has one"))
        return self

    @property
    def settled(self) -> bool:
        """Return whether the courier is done with it."""
        return self.ticked is not TickedAs.ARRIVED


_FIELDS = tuple(TickedStop.model_fields)


def _by_name(entry: object) -> object:
    """Return an entry [number, ticked, at, reason, arrived], the last two of which may be missing, by field."""
    if isinstance(entry, list) and 3 <= len(entry) <= len(_FIELDS):
        return dict(zip(_FIELDS, entry, strict=False))
    return entry


class CourierReport(Section):
    """The report of one vehicle at a time of the day."""

    report: Literal["rural-service-planner/report/1"]
    plan: Name
    vehicle: Name
    at: Clock
    stops: Annotated[tuple[Annotated[TickedStop, BeforeValidator(_by_name)], ...], Field(max_length=_MOST_STOPS)]


def read_report(path: Path) -> CourierReport:
    """Return the report of a file, whatever its name ends in.

    Raises
    ------
    BadDataError
        If there is no such file, it is no JSON, or keys or values are invalid: every offender is listed.
    """
    if not path.is_file():
        raise BadDataError(Message("{path}: no such file: give a report that a courier's page has saved", path=path))
    try:
        content = parse_json(document_text(path).strip())
    except BadDataError:
        raise
    except (ValueError, RecursionError) as error:
        raise BadDataError(
            Message("{path}: not {form} in UTF-8: {error}", path=path, form="JSON", error=parse_fault(error))
        ) from error
    return _parsed(content, name=str(path))


def _parsed(content: Any, *, name: str) -> CourierReport:
    faults = dict(content_faults(content))
    try:
        found = CourierReport.model_validate(content)
    except ValidationError as error:
        faults = dict(section_faults(error)) | faults
        raise BadDataError(Message("{file}: not a courier's report", file=name), list(faults.values())) from error
    if faults:
        raise BadDataError(Message("{file}: not a courier's report", file=name), list(faults.values()))
    return found


def report_faults(report: CourierReport, plan: DayPlan, *, name: str) -> Iterator[Message]:
    """Yield what does not fit the plan: its id, the vehicle, numbers of stops, their order; ``name`` is the file's."""
    if report.plan != plan.id:
        yield Message(
            "{file}: plan: the report is of {found}, the running plan is {id}: give the plan that the courier has",
            file=name,
            found=report.plan,
            id=plan.id,
        )
        return
    route = next((one for one in plan.routes.routes if one.vehicle_id == report.vehicle), None)
    if route is None:
        yield Message(
            "{file}: vehicle: the plan has no route of {vehicle}: it has those of {known}",
            file=name,
            vehicle=repr(report.vehicle),
            known=[one.vehicle_id for one in plan.routes.routes],
        )
        return
    count = len(route.visits)
    times = Counter(one.number for one in report.stops)
    for number in sorted(times):
        if times[number] > 1:
            yield Message("{file}: stop {number} is reported more than once", file=name, number=number)
        if number > count:
            yield Message(
                "{file}: stop {number}: {vehicle} has {count} stops",
                file=name,
                number=number,
                vehicle=report.vehicle,
                count=count,
            )
    yield from _out_of_order(report, name)


def _out_of_order(report: CourierReport, name: str) -> Iterator[Message]:
    """Yield the stops that are settled, or reached, though one before them is not settled."""
    settled = {one.number for one in report.stops if one.settled}
    open_ = next(number for number in range(1, _MOST_STOPS + 2) if number not in settled)
    for one in sorted(report.stops, key=lambda stop: stop.number):
        if one.number > open_:
            yield Message(
                "{file}: stop {number} is ticked, and stop {before} before it is not settled: let the courier tick it as "
                "done or as not done, and report again",
                file=name,
                number=one.number,
                before=open_,
            )
        if one.at > report.at:
            yield Message(
                "{file}: stop {number} is ticked at a time after that of the report", file=name, number=one.number
            )
