"""What a courier sends back: which stops of which day plan are settled, how and when; no personal data has room in it.

The page of a vehicle writes it as compact JSON, which its QR code holds, too: of each stop its id, what became of it, when,
why not, and when the courier arrived. Pages of before named stops by their number on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from planner.config import Clock, Section, content_faults, document_text, parse_json
from planner.config.faults import section_faults
from planner.config.sections import Name
from planner.errors import BadDataError, Message, parse_fault
from planner.plans.day_plan import DayPlan
from planner.units import SECONDS_PER_DAY

REPORT_SCHEMA = "rural-service-planner/report/2"
_MOST_STOPS = 2000
_AFTER_HOURS_S = 6 * 3600
"""How long after midnight, or after a shift that ends later, a vehicle may still report its day."""


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
    """What became of a stop, which is told by its id, or by its number, from 1, on the page of its vehicle."""

    number: Annotated[int, Field(ge=1, le=_MOST_STOPS)] | None = None
    stop: Name = ""
    ticked: TickedAs
    at: Clock
    reason: NotDone | Literal[""] = ""
    arrived: Clock | None = None

    @model_validator(mode="after")
    def _is_of_one_stop(self) -> TickedStop:
        if (self.number is None) != bool(self.stop):
            raise ValueError(Message("a stop is named by its id, or by its number on the page"))
        return self

    @model_validator(mode="after")
    def _reason_goes_with_failure(self) -> TickedStop:
        if (self.ticked is TickedAs.FAILED) != bool(self.reason):
            raise ValueError(Message("a stop that was not served has a reason, and no other has one"))
        return self

    @model_validator(mode="after")
    def _is_settled_after_arrival(self) -> TickedStop:
        if self.arrived is not None and self.arrived > self.at:
            raise ValueError(
                Message("the courier arrived at a stop after the time of its tick: correct one of the two")
            )
        return self

    @property
    def settled(self) -> bool:
        """Return whether the courier is done with it."""
        return self.ticked is not TickedAs.ARRIVED


_FIELDS = ("ticked", "at", "reason", "arrived")


def _by_name(entry: object) -> object:
    """Return an entry [stop, ticked, at, reason, arrived], the last two of which may be missing, by field."""
    if isinstance(entry, list) and 3 <= len(entry) <= 1 + len(_FIELDS):
        which = "stop" if isinstance(entry[0], str) else "number"
        return {which: entry[0], **dict(zip(_FIELDS, entry[1:], strict=False))}
    return entry


class CourierReport(Section):
    """The report of one vehicle at a time of the day."""

    report: Literal["rural-service-planner/report/1", "rural-service-planner/report/2"]
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
    if isinstance(content, dict) and isinstance(stops := content.get("stops"), list) and len(stops) > _MOST_STOPS:
        # a million of them are not looked at one by one before that is said
        too_many = Message("There should be {count} at most, not {found}", count=_MOST_STOPS, found=len(stops))
        problem = Message("{key}: {fault}", key="stops", fault=too_many)
        raise BadDataError(Message("{file}: not a courier's report", file=name), [problem])
    faults = dict(content_faults(content))
    try:
        found = CourierReport.model_validate(content)
    except ValidationError as error:
        faults = dict(section_faults(error)) | faults
        raise BadDataError(Message("{file}: not a courier's report", file=name), list(faults.values())) from error
    if faults:
        raise BadDataError(Message("{file}: not a courier's report", file=name), list(faults.values()))
    return found


def report_faults(
    report: CourierReport, plan: DayPlan, *, name: str, published: Collection[str] = ()
) -> Iterator[Message]:
    """Yield what does not fit the plan: its id, the vehicle, stops that it does not have; ``name`` is the file's.

    A report of a plan that ran before, or was ``published`` for the same date, is one of this day: what is done is done.
    """
    former = {*published, *(plan.under_way.former_ids if plan.under_way else ())}
    by_number = any(one.number is not None for one in report.stops)
    if report.plan != plan.id and (by_number or report.plan not in former):
        yield Message(
            "{file}: plan: the report is of {found}, the running plan is {id}: give the plan that the courier has",
            file=name,
            found=report.plan,
            id=plan.id,
        )
        return
    fleet = fleet_ids(plan)
    if report.vehicle not in fleet:
        yield Message(
            "{file}: vehicle: the plan has no vehicle {vehicle}: it has {known}",
            file=name,
            vehicle=repr(report.vehicle),
            known=fleet,
        )
        return
    yield from _stop_faults(report, plan, name)
    yield from _late_times(report, plan, name)
    for one in report.stops:
        if one.at > report.at:
            yield Message(
                "{file}: stop {number} is ticked at a time after that of the report",
                file=name,
                number=one.number or one.stop,
            )


def _late_times(report: CourierReport, plan: DayPlan, name: str) -> Iterator[Message]:
    """Yield times that no report of this day can be of: long after the vehicle's shift, and after midnight."""
    kind = next(one for one in plan.config["routing"]["vehicles"] if report.vehicle in _ids_of(one))
    latest = max(kind["shift_end"], SECONDS_PER_DAY) + _AFTER_HOURS_S
    times = [("at", report.at), *((f"stops.{number}.at", one.at) for number, one in enumerate(report.stops))]
    for key, at in times:
        if at > latest:
            yield Message(
                "{file}: {key}: {found} is no time of this day, whose reports end at {latest}: correct it",
                file=name,
                key=key,
                found=_clock(at),
                latest=_clock(latest),
            )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def stops_of(report: CourierReport, plan: DayPlan) -> dict[str, TickedStop]:
    """Return what is ticked by the ids of stops; numbers are those of the plan, in which each must have its stop."""
    route = next((one for one in plan.routes.routes if one.vehicle_id == report.vehicle), None)
    ids = [] if route is None else [visit.stop_id for visit in route.visits]
    return {one.stop or ids[(one.number or 1) - 1]: one for one in report.stops}


def fleet_ids(plan: DayPlan) -> list[str]:
    """Return the ids of all vehicles of a day, those that stay at their depot included."""
    kinds = plan.config["routing"]["vehicles"]
    return [id_ for kind in kinds for id_ in _ids_of(kind)]


def _ids_of(kind: Mapping[str, Any]) -> list[str]:
    return [f"{kind['id']}-{number}" for number in range(1, kind["count"] + 1)]


def _stop_faults(report: CourierReport, plan: DayPlan, name: str) -> Iterator[Message]:
    """Yield numbers and ids that are none of the plan, or are there twice."""
    count = sum(len(route.visits) for route in plan.routes.routes if route.vehicle_id == report.vehicle)
    riding = {ride.point_id for ride in plan.rides.rides} if plan.rides else set()
    known = {point.stop_id for point in plan.demand.points if point.stop_id not in riding}
    known |= {left.stop_id for left in plan.routes.unassigned}  # no bus has it all
    known |= {visit.stop_id for route in plan.routes.routes for visit in route.visits}
    known |= {one.id for one in plan.under_way.added} if plan.under_way else set()
    times = Counter(one.number or one.stop for one in report.stops)
    for which, times_told in times.items():
        if times_told > 1:
            yield Message("{file}: stop {number} is reported more than once", file=name, number=which)
        if isinstance(which, int) and which > count:
            yield Message(
                "{file}: stop {number}: {vehicle} has {count} stops",
                file=name,
                number=which,
                vehicle=report.vehicle,
                count=count,
            )
        if isinstance(which, str) and which not in known:
            yield Message("{file}: stop {stop}: there is no such stop on this day", file=name, stop=repr(which))
