"""Find for each stop on no route the smallest change of each kind that serves it, the other routes staying as they are.

A stop (a pair with both halves) is put into every place of every route, the nearest first, and into a route of its own on
each type of vehicle; the route is timed with one limit set free, which says how far that limit would have to move. A time
that has to be earlier is found by halving, in whole minutes. Nothing is said that the check's replay does not confirm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from planner.routing.check import between_stops
from planner.routing.check.route import violations_of
from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import Relaxation, RelaxationKind, relaxed, relaxed_kind, relaxed_stop
from planner.routing.schedule import schedule
from planner.routing.solution import Route, RoutePlan, Unassigned, UnassignedReason
from planner.routing.stops import Stop
from planner.routing.timing import Timer
from planner.routing.vehicles import VehicleType
from planner.routing.why.insertions import Insertion, insertions_for
from planner.routing.why.proof import may_serve

MOST_STOPS = 100
"""Of more stops on no route those of the highest priority are looked at: each takes a twentieth of a second in a county."""
_FAR_S = 1e7
_SLACK = 1e-6
_MINUTE_S = 60.0
_EARLIER = (RelaxationKind.OPENS_EARLIER, RelaxationKind.STARTS_EARLIER, RelaxationKind.READY_EARLIER)


def with_relaxations(problem: RoutingProblem, plan: RoutePlan) -> RoutePlan:
    """Return the plan with the smallest changes that would serve each stop on no route, the most urgent `MOST_STOPS`."""
    if not plan.unassigned:
        return plan
    stops = {stop.id: stop for stop in problem.stops}
    urgent = sorted(plan.unassigned, key=lambda one: (-stops[one.stop_id].priority, one.stop_id))[:MOST_STOPS]
    found = {one.stop_id: relaxations_of(problem, plan, stops[one.stop_id]) for one in urgent}
    left = tuple(replace(one, relaxations=found.get(one.stop_id, ())) for one in plan.unassigned)
    return replace(plan, unassigned=left)


def relaxations_of(problem: RoutingProblem, plan: RoutePlan, stop: Stop) -> tuple[Relaxation, ...]:
    """Return for each kind of change the smallest that serves the stop, by kind; empty if no single one was found."""
    finder = _Finder(problem, plan, stop)
    for insertion in insertions_for(problem, plan, finder.members):
        finder.look(insertion)
    return finder.verified()


class _Finder:
    def __init__(self, problem: RoutingProblem, plan: RoutePlan, stop: Stop) -> None:
        self.problem, self.plan, self.stop = problem, plan, stop
        self.stops = {one.id: one for one in problem.stops}
        pair = next((p for p in problem.pairs if stop.id in (p.pickup_id, p.delivery_id)), None)
        self.members = [stop] if pair is None else [self.stops[pair.pickup_id], self.stops[pair.delivery_id]]
        self.found: dict[RelaxationKind, list[tuple[tuple[float, ...], str, Relaxation, Insertion]]] = {}
        self.optional = any(one.reason is UnassignedReason.SKIPPED for one in plan.unassigned if one.stop_id == stop.id)

    def _may(self, kind: VehicleType, vehicle_id: str) -> bool:
        return all(may_serve(one, kind, vehicle_id) for one in self.members)

    # -- what is lacking

    def look(self, insertion: Insertion) -> None:
        """Note what an insertion lacks, if it is one thing alone."""
        if insertion.more:
            self._look_at_more(insertion)
            return
        route = self._timed(insertion, _free_kind(insertion.kind))
        if route is None:
            self._note_later(insertion)
        else:
            lacking = self._lacking(insertion, route)
            if not lacking and self._note_fitting(insertion):
                return
            if len(lacking) == 1:
                self._note(insertion, lacking[0], self._size(lacking[0], insertion.kind))
            if {change.kind for change in lacking} & {RelaxationKind.SKILL, RelaxationKind.ADMISSION}:
                return  # no earlier time helps
        for kind in _EARLIER:
            self._note_earlier(insertion, kind)

    def _look_at_more(self, insertion: Insertion) -> None:
        """Note one more vehicle of the type, if it serves the stop as it is or with more skills."""
        lacks = self._skills(insertion.kind)
        route = schedule(self.problem, insertion.kind, insertion.vehicle_id, insertion.steps)
        if route is None or not self._may(insertion.kind, insertion.vehicle_id):
            return
        change = self._change(insertion, RelaxationKind.ONE_MORE_VEHICLE, route, amount=1.0, skills=lacks)
        if all(
            other.kind in (RelaxationKind.SKILL, RelaxationKind.WORTH_MORE) for other in self._lacking(insertion, route)
        ):
            self._note(insertion, change, (float(len(lacks)), change.added_yuan))

    def _timed(
        self, insertion: Insertion, kind: VehicleType, change: Callable[[Stop], Stop] = lambda stop: stop
    ) -> Route | None:
        steps = [
            change(step) if isinstance(step, Stop) and step.id == self.stop.id else step for step in insertion.steps
        ]
        return schedule(self.problem, kind, insertion.vehicle_id, steps)

    def _skills(self, kind: VehicleType) -> tuple[str, ...]:
        needed = {skill for one in self.members for skill in one.needs}
        return tuple(sorted(needed - set(kind.skills)))

    def _change(self, insertion: Insertion, kind: RelaxationKind, route: Route, **more: object) -> Relaxation:
        return Relaxation(
            kind=kind,
            vehicle_id=insertion.vehicle_id,
            vehicle_type_id=insertion.kind.id,
            added_yuan=route.cost_yuan - insertion.before_yuan,
            **more,  # type: ignore[arg-type]
        )

    def _lacking(self, insertion: Insertion, route: Route) -> list[Relaxation]:
        """Return by how much the timed route exceeds each limit of its vehicle and stop."""
        kind, found = insertion.kind, []

        def note(of: RelaxationKind, **more: object) -> None:
            found.append(self._change(insertion, of, route, **more))

        loads = [route.load_at_start, *(call.load_after for call in route.calls())]
        room = tuple(
            max(0.0, max(column) - most) for column, most in zip(zip(*loads, strict=True), kind.capacity, strict=True)
        )
        if max(room) > _SLACK:
            note(RelaxationKind.MORE_ROOM, room=room)
        for of, value, most in (
            (RelaxationKind.LONGER_DUTY, route.end_s - route.start_s, kind.max_duration_s),
            (RelaxationKind.LONGER_ROUTE, route.distance_m, kind.max_distance_m),
            (RelaxationKind.MORE_DRIVING, route.driving_s, kind.max_driving_s),
            (RelaxationKind.ONE_MORE_STOP, len(route.visits), math.inf if kind.max_stops is None else kind.max_stops),
        ):
            if value > most + _SLACK:
                note(of, amount=value - most)
        if route.end_s > kind.shift_end_s + _SLACK:
            note(RelaxationKind.ENDS_LATER, amount=route.end_s - kind.shift_end_s, until_s=route.end_s)
        if self._skills(kind):
            note(RelaxationKind.SKILL, skills=self._skills(kind))
        if not self._may(kind, insertion.vehicle_id):
            note(RelaxationKind.ADMISSION)
        return found

    # -- notes

    def _note(self, insertion: Insertion, change: Relaxation, size: tuple[float, ...]) -> None:
        self.found.setdefault(change.kind, []).append((size, insertion.vehicle_id, change, insertion))

    def _note_fitting(self, insertion: Insertion) -> bool:
        """Note an insertion that lacks nothing: an optional stop is worth less than it costs, another was not put there."""
        route = self._timed(insertion, insertion.kind)
        if route is None or self._lacking(insertion, route):
            return False
        added = route.cost_yuan - insertion.before_yuan
        worth = sum(one.skip_cost_yuan for one in self.members)
        if not self.optional:
            self._note(insertion, self._change(insertion, RelaxationKind.LONGER_SEARCH, route), (added,))
        elif added > worth:
            change = self._change(insertion, RelaxationKind.WORTH_MORE, route, amount=added - worth)
            self._note(insertion, change, (added - worth,))
        return True

    def _size(self, change: Relaxation, kind: VehicleType) -> tuple[float, ...]:
        """Return by what changes of a kind are compared: skills, then the limit or the share of room, then money."""
        lacks = [
            more / most if most > 0 else math.inf
            for more, most in zip(change.room, kind.capacity, strict=False)
            if more
        ]
        return (float(len(change.skills)), max(lacks, default=change.amount), change.added_yuan)

    def _note_later(self, insertion: Insertion) -> None:
        """Note until when the stop would have to be open: when it is reached first, or later if the duty gets too long."""
        late = self._timed(insertion, insertion.kind, _free_stop)
        if late is None or self._lacking(insertion, late):
            return
        steps = [
            _free_stop(step) if isinstance(step, Stop) and step.id == self.stop.id else step for step in insertion.steps
        ]
        first = Timer(self.problem, insertion.kind).drive(steps, insertion.kind.shift_start_s)
        high = next(visit.service_start_s for visit in late.visits if visit.stop_id == self.stop.id)
        reached = [call.begins_s for call in first.calls if call.step.id == self.stop.id]
        low = min([high, *reached])  # not reached if the route holds only without a break that is not due
        change = self._later(insertion, low)
        while change is None and high - low > _MINUTE_S:
            middle = (low + high) / 2
            low, high = (middle, high) if self._later(insertion, middle) is None else (low, middle)
        change = change or self._later(insertion, high)
        if change is not None:
            self._note(insertion, change, self._size(change, insertion.kind))

    def _later(self, insertion: Insertion, until_s: float) -> Relaxation | None:
        """Return the change if it makes the insertion possible."""
        closed = max((closes for _, closes in self.stop.windows if closes < until_s), default=until_s)
        change = Relaxation(
            kind=RelaxationKind.CLOSES_LATER,
            vehicle_id=insertion.vehicle_id,
            vehicle_type_id=insertion.kind.id,
            amount=until_s - closed,
            until_s=until_s,
        )
        route = self._timed(insertion, insertion.kind, lambda stop: relaxed_stop(stop, change))
        if route is None or self._lacking(insertion, route):
            return None
        return replace(change, added_yuan=route.cost_yuan - insertion.before_yuan)

    def _note_earlier(self, insertion: Insertion, kind: RelaxationKind) -> None:
        """Note by how many whole minutes the time would have to be earlier."""
        now = {
            RelaxationKind.OPENS_EARLIER: self.stop.opens_s,
            RelaxationKind.STARTS_EARLIER: insertion.kind.shift_start_s,
            RelaxationKind.READY_EARLIER: self.stop.release_s,
        }[kind]
        known = min((size[0] for size, *_ in self.found.get(kind, [])), default=math.inf)
        most = min(math.ceil(now / _MINUTE_S), known / _MINUTE_S)
        if most < 1 or self._earlier(insertion, kind, now, most) is None:
            return
        low, high = 0, int(most)  # what is known to be too little, and enough
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._earlier(insertion, kind, now, middle) is None else (low, middle)
        change = self._earlier(insertion, kind, now, high)
        if change is not None:
            self._note(insertion, change, (change.amount, change.added_yuan))

    def _earlier(self, insertion: Insertion, kind: RelaxationKind, now: float, minutes: float) -> Relaxation | None:
        """Return the change if it makes the insertion possible."""
        until = max(0.0, now - minutes * _MINUTE_S)
        change = Relaxation(
            kind=kind,
            vehicle_id=insertion.vehicle_id,
            vehicle_type_id=insertion.kind.id,
            amount=now - until,
            until_s=until,
        )
        route = self._timed(insertion, relaxed_kind(insertion.kind, change), lambda stop: relaxed_stop(stop, change))
        if route is None or self._lacking(insertion, route):
            return None
        return replace(change, added_yuan=route.cost_yuan - insertion.before_yuan)

    # -- verified

    def verified(self) -> tuple[Relaxation, ...]:
        """Return for each kind the smallest change that the check confirms; where nothing is lacking, that alone."""
        chosen: list[Relaxation] = []
        for kind in RelaxationKind:
            for _, _, change, insertion in sorted(self.found.get(kind, []), key=lambda entry: entry[:2]):
                if self._holds(change, insertion):
                    chosen.append(change)
                    break
        nothing_lacks = {RelaxationKind.WORTH_MORE, RelaxationKind.LONGER_SEARCH}
        return tuple([change for change in chosen if change.kind in nothing_lacks] or chosen)

    def _holds(self, change: Relaxation, insertion: Insertion) -> bool:
        """Return whether the check finds nothing wrong with the changed route in the changed problem."""
        problem = relaxed(self.problem, self.stop.id, change)
        kind = next(one for one in problem.vehicle_types if one.id == insertion.kind.id)
        stops = {one.id: one for one in problem.stops}
        steps = [stops[step.id] if isinstance(step, Stop) else step for step in insertion.steps]
        route = schedule(problem, kind, insertion.vehicle_id, steps)
        if route is None or violations_of(problem, route):
            return False
        others = tuple(one for one in self.plan.routes if one.vehicle_id != insertion.vehicle_id)
        served = {one.id for one in self.members}
        left: tuple[Unassigned, ...] = tuple(one for one in self.plan.unassigned if one.stop_id not in served)
        return not list(between_stops(problem, replace(self.plan, routes=(*others, route), unassigned=left)))


def _free_kind(kind: VehicleType) -> VehicleType:
    return replace(kind, shift_end_s=math.inf, max_duration_s=math.inf)


def _free_stop(stop: Stop) -> Stop:
    return replace(stop, closes_s=_FAR_S, further_windows=())
