"""What does not fit of a running day: each fault with the field that it is about, by the names of who filled it in."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from planner.errors import BadDataError, Message
from planner.routing.day.events import Cargo, Day, VehicleReport
from planner.routing.day.stop_ids import is_free
from planner.routing.problem import RoutingProblem
from planner.routing.solution import RoutePlan

_OWN_NAMES: Mapping[str, str] = MappingProxyType({})


def refuse_bad_day(
    problem: RoutingProblem,
    plan: RoutePlan,
    day: Day,
    *,
    summary: str = "",
    names: Mapping[str, str] = _OWN_NAMES,
    further: Iterable[Message] = (),
) -> None:
    """Raise if the day does not fit the problem and its plan.

    ``names`` are those of fields and of the lists ``reports``, ``new_stops`` and ``cancelled`` where the day was read from
    something that calls them otherwise; ``further`` faults are told with them.

    Raises
    ------
    BadDataError
        All faults at once, each with its list, the place in it (from 0) and the field.
    """
    faults = [*further, *_Faults(problem, plan, day, names).all()]
    if faults:
        raise BadDataError(summary or Message("the day cannot be planned again"), faults)


class _Faults:
    def __init__(self, problem: RoutingProblem, plan: RoutePlan, day: Day, names: Mapping[str, str]) -> None:
        self.problem, self.day, self.names = problem, day, names
        self.vehicles = {id_ for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
        self.routes = {route.vehicle_id: route for route in plan.routes}
        self.places = set(problem.travel.origin_ids) & set(problem.travel.destination_ids)

    def name(self, field: str) -> str:
        return self.names.get(field, field)

    def at(self, *path: str | int) -> str:
        """Return where a fault is, for example vehicles.0.at."""
        return ".".join(self.name(part) if isinstance(part, str) else str(part) for part in path)

    def all(self) -> Iterator[Message]:
        if any(kind.driving_rule is not None for kind in self.problem.vehicle_types):
            yield Message(
                "driving_rule: the driving time since the last rest of each driver is not known: not planned again"
            )
        yield from self._scalars()
        yield from self._reports()
        yield from self._cancelled()
        yield from self._new_stops()

    def _scalars(self) -> Iterator[Message]:
        day = self.day
        if not (math.isfinite(day.now_s) and day.now_s >= 0):
            yield Message("{field}: is {now}, it must be a time of the day", field=self.at("now_s"), now=day.now_s)
        for field in ("tolerance_s", "transfer_duration_s", "most_changes"):
            value = getattr(day, field)
            if not (math.isfinite(value) and value >= 0):
                yield Message("{field}: is {value}, it must be 0 or more", field=self.at(field), value=value)

    def _reports(self) -> Iterator[Message]:
        times = Counter(report.vehicle_id for report in self.day.reports)
        for k, report in enumerate(self.day.reports):
            if times[report.vehicle_id] > 1:
                yield Message(
                    "{field}: {vehicle!r} is reported more than once",
                    field=self.at("reports", k, "vehicle_id"),
                    vehicle=report.vehicle_id,
                )
            if report.vehicle_id not in self.vehicles:
                yield Message(
                    "{field}: there is no vehicle {vehicle!r}",
                    field=self.at("reports", k, "vehicle_id"),
                    vehicle=report.vehicle_id,
                )
            if not (math.isfinite(report.delay_s) and report.delay_s >= 0):
                yield Message(
                    "{field}: is {delay}, it must be 0 or more",
                    field=self.at("reports", k, "delay_s"),
                    delay=report.delay_s,
                )
            if report.place_id and report.place_id not in self.places:
                yield Message(
                    "{field}: there is no place {place!r}",
                    field=self.at("reports", k, "place_id"),
                    place=report.place_id,
                )
            if report.cargo is Cargo.GONE and not report.lost:
                yield Message(
                    "{field}: only of a vehicle that is lost can the goods be gone",
                    field=self.at("reports", k, "cargo"),
                )
            if report.free_s is not None and report.lost:
                yield Message(
                    "{field}: a vehicle that is lost does not go on: leave it out",
                    field=self.at("reports", k, "free_s"),
                )
            yield from self._where_it_is(k, report)

    def _where_it_is(self, k: int, report: VehicleReport) -> Iterator[Message]:
        place, free = self.name("place_id"), self.name("free_s")
        route = self.routes.get(report.vehicle_id)
        if report.vehicle_id in self.vehicles and route is None and (report.place_id or report.free_s is not None):
            yield Message(
                "{field}: vehicle {vehicle!r} has no route and stands at its depot: leave {place} and "
                "{free} out; {delay} says when it can go",
                field=self.at("reports", k),
                vehicle=report.vehicle_id,
                place=place,
                free=free,
                delay=self.name("delay_s"),
            )
        if report.free_s is not None and not (math.isfinite(report.free_s) and report.free_s >= self.day.now_s):
            yield Message(
                "{field}: {free} must not be before {now}",
                field=self.at("reports", k, "free_s"),
                free=_clock(report.free_s),
                now=_clock(self.day.now_s),
            )
        if report.free_s is not None and not report.place_id:
            yield Message("{field}: needs {place}, where it stands", field=self.at("reports", k, "free_s"), place=place)
        visits = () if route is None else tuple(visit.stop_id for visit in route.visits)
        if report.done is not None and visits[: len(report.done)] != report.done:
            known = visits or Message("no stops")
            yield Message(
                "{field}: {done} are not the first stops of its route: {known}",
                field=self.at("reports", k, "done"),
                done=report.done,
                known=known,
            )
        yield from self._failed(k, report)

    def _failed(self, k: int, report: VehicleReport) -> Iterator[Message]:
        paired = {id_ for pair in self.problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
        for stop_id in report.failed:
            if stop_id not in (report.done or ()):
                yield Message(
                    "{field}: {stop!r} is not among {done}: what was not served is behind the vehicle, too",
                    field=self.at("reports", k, "failed"),
                    stop=stop_id,
                    done=self.name("done"),
                )
            if stop_id in paired:
                yield Message(
                    "{field}: {stop!r} is part of a pair: its other part cannot be planned",
                    stop=stop_id,
                    field=self.at("reports", k, "failed"),
                )

    def _cancelled(self) -> Iterator[Message]:
        stops = {stop.id for stop in self.problem.stops}
        for k, stop_id in enumerate(self.day.cancelled):
            if stop_id not in stops:
                yield Message("{field}: there is no stop {stop!r}", field=self.at("cancelled", k), stop=stop_id)
        for pair in self.problem.pairs:
            if (pair.delivery_id in self.day.cancelled) != (pair.pickup_id in self.day.cancelled):
                yield Message(
                    "{field}: {first!r} and {second!r} are a pair: cancel both",
                    field=self.at("cancelled"),
                    first=pair.pickup_id,
                    second=pair.delivery_id,
                )

    def _new_stops(self) -> Iterator[Message]:
        known = [thing.id for things in (self.problem.stops, self.problem.depots) for thing in things]
        taken = Counter([*known, *(stop.id for stop in self.day.new_stops)])
        for k, stop in enumerate(self.day.new_stops):
            if taken[stop.id] > 1 or not is_free(stop.id):
                yield Message(
                    "{field}: {stop!r} is taken, or has @ or / in it; give it an id of its own",
                    field=self.at("new_stops", k, "id"),
                    stop=stop.id,
                )
            if stop.place not in self.places:
                yield Message(
                    "{field}: there is no place {place!r}",
                    field=self.at("new_stops", k, "location_id"),
                    place=stop.place,
                )
            yield from (
                Message("{field}: {fault}", field=self.at("new_stops", k), fault=fault)
                for fault in self.problem.stop_faults(stop)
            )


def _clock(seconds: float) -> str:
    """Return a time of day to the nearest minute, or what is given in its place as it is."""
    if not (math.isfinite(seconds) and seconds >= 0):
        return str(seconds)
    return "{:02d}:{:02d}".format(*divmod(round(seconds / 60), 60))
