"""What is left of the day as a routing problem of its own: every vehicle where it is, with what it has on board."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from planner.model import TravelMatrix
from planner.routing.day.events import Cargo, Day
from planner.routing.day.standing import Standing, standings
from planner.routing.day.stop_ids import at_vehicle, collected_id, half_id, here_id, place_of, taken_for
from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import with_windows
from planner.routing.solution import RoutePlan, Visit
from planner.routing.stops import Depot, Lock, Pair, Stop
from planner.routing.timing import Step, Timer
from planner.routing.vehicles import VehicleType

_NEXT_LOAD_S = 1.0
"""Goods still at a depot are ready so long from now on: no vehicle on the road has them on board, see `_at_depot`."""
_NOBODY = "a vehicle that is back, lost or off duty"


@dataclass(frozen=True, kw_only=True)
class Rest:
    """The problem, the routes if every vehicle goes on as planned, and what was announced: (vehicle, time) by stop.

    ``at_depot`` are the stops whose goods lie at a depot, with the vehicles on the road that do not come by to load;
    ``nobody`` those for which no vehicle is on duty, with the vehicles they would have had to have, none if any would do.
    ``aboard`` are the goods that vehicles on the road have for stops, by vehicle and stop.
    """

    problem: RoutingProblem
    routes: Mapping[str, tuple[Step, ...]]
    announced: Mapping[str, tuple[str, float]]
    done: tuple[str, ...]
    gone: tuple[str, ...]
    places: Mapping[str, str]
    at_depot: Mapping[str, tuple[str, ...]]
    nobody: Mapping[str, tuple[str, ...]]
    aboard: Mapping[str, Mapping[str, tuple[float, ...]]]


def rest_of_day(problem: RoutingProblem, plan: RoutePlan, day: Day, *, held: bool = False) -> Rest:
    """Return what is left to be planned; ``held``: nobody comes earlier than announced by more than the tolerance."""
    return _Builder(problem, plan, day, held=held).build()


@dataclass
class _Parts:
    stops: list[Stop] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class _Builder:
    def __init__(self, problem: RoutingProblem, plan: RoutePlan, day: Day, *, held: bool) -> None:
        self.problem, self.plan, self.day = problem, plan, day
        announced = [visit for route in plan.routes for visit in route.visits] if held else []
        self.not_before = {visit.stop_id: visit.service_start_s - day.tolerance_s for visit in announced}
        self.fleet = standings(problem, plan, day)
        self.able = [one for one in self.fleet if not (one.report.lost or one.finished or self._too_late(one))]
        self.out = [one for one in self.able if one.out]
        self.lost = [one for one in self.fleet if one.report.lost]
        self.stops = {stop.id: stop for stop in problem.stops}
        self.nothing = (0.0,) * len(problem.dimensions)
        self.holder = {id_: one for one in self.fleet for id_ in (*one.aboard, *one.halves)}
        self.done = tuple(id_ for one in self.fleet for id_ in one.done)
        self.by_done = {id_: one.vehicle_id for one in self.fleet for id_ in one.done}
        self.parts = _Parts()
        self.at_depot: dict[str, tuple[str, ...]] = {}
        self.nobody: dict[str, tuple[str, ...]] = {}
        self.horizon_s = max([day.now_s + 86_400.0, *(kind.shift_end_s for kind in problem.vehicle_types)])

    def build(self) -> Rest:
        self._tasks()
        self.parts.stops += [self._here(one) for one in self.out]
        self._collected_of_lost()
        kinds = tuple(self._kind(one) for one in self.able)
        if not kinds:  # a vehicle that nothing is for, so that every stop has its reason
            kinds = (replace(self.problem.vehicle_types[0], id="none", count=1),)
            self.parts.stops = [replace(stop, needs=(*stop.needs, _NOBODY)) for stop in self.parts.stops]
            self.nobody |= {stop.id: () for stop in self.parts.stops if stop.id not in self.nobody}
        places = {place_of(one.vehicle_id): one.place_id for one in (*self.out, *(x for x in self.lost if x.out))}
        problem = self._problem(kinds, places)
        settled = {*self.done, *self.day.cancelled}
        return Rest(
            problem=problem,
            routes={one.vehicle_id: self._as_planned(one, problem) for one in self.able},
            announced={
                visit.stop_id: (route.vehicle_id, visit.service_start_s)
                for route in self.plan.routes
                for visit in route.visits
                if visit.stop_id not in settled
            },
            done=self.done,
            gone=tuple(self.parts.gone),
            places=places,
            at_depot=self.at_depot,
            nobody=self.nobody,
            aboard={
                one.vehicle_id: {id_: self.stops[id_].delivery for id_ in one.aboard} for one in self.out if one.aboard
            },
        )

    def _problem(self, kinds: tuple[VehicleType, ...], places: Mapping[str, str]) -> RoutingProblem:
        present = {stop.id for stop in self.parts.stops}
        return RoutingProblem(
            dimensions=self.problem.dimensions,
            depots=(*self.problem.depots, *(Depot(id=id_, name=id_) for id_ in places)),
            stops=tuple(self.parts.stops),
            vehicle_types=kinds,
            travel=_wider(self.problem.travel, places),
            profiles={name: _wider(travel, places) for name, travel in self.problem.profiles.items()},
            pairs=tuple(self.parts.pairs),
            speed_of_day=self.problem.speed_of_day,
            before=tuple((a, b) for a, b in self.problem.before if a in present and b in present),
            locks=tuple(
                Lock(vehicle_id=f"{one.vehicle_id}-1", stop_ids=(here_id(one.vehicle_id), *self._half_ids(one)))
                for one in self.out
            ),
        )

    # -- stops

    def _tasks(self) -> None:
        left = [s for s in self.problem.stops if s.id not in self.done and s.id not in self.day.cancelled]
        paired = {id_ for pair in self.problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
        for stop in (*left, *self.day.new_stops):
            stop = self._not_too_early(self._named(stop))
            holder = self.holder.get(stop.id)
            if holder is None:
                self.parts.stops.append(stop if stop.id in paired else self._at_depot(stop))
            elif holder.report.lost:
                self._from_lost(stop, holder)
            elif stop.id in holder.halves:
                self.parts.stops += [
                    stop,
                    self._at_vehicle(holder, at_vehicle(holder.vehicle_id, stop.id), stop.delivery, only=True),
                ]
                self.parts.pairs.append(Pair(pickup_id=at_vehicle(holder.vehicle_id, stop.id), delivery_id=stop.id))
            else:
                self.parts.stops.append(
                    replace(stop, only_vehicles=(holder.vehicle_id,), not_vehicles=(), release_s=0.0)
                )
        here = {stop.id for stop in self.parts.stops}
        self.parts.pairs += [p for p in self.problem.pairs if p.pickup_id in here and p.delivery_id in here]

    def _from_lost(self, stop: Stop, holder: Standing) -> None:
        """What it is brought has to be fetched from the lost vehicle, or is gone; what it hands over can be collected."""
        hands_over = any(stop.pickup)
        if holder.report.cargo is Cargo.GONE:
            self.parts.gone.append(stop.id)
            if hands_over:
                self.parts.stops.append(self._second_half(stop))
            return
        fetched = self._at_vehicle(holder, at_vehicle(holder.vehicle_id, stop.id), stop.delivery, only=False)
        fetched = replace(fetched, skip_cost_yuan=stop.skip_cost_yuan, priority=stop.priority)
        self.parts.stops += [replace(stop, pickup=self.nothing, release_s=0.0), fetched]
        self.parts.pairs.append(Pair(pickup_id=fetched.id, delivery_id=stop.id))
        if hands_over:
            self.parts.stops.append(replace(self._second_half(stop), service_duration_s=0.0))

    def _second_half(self, stop: Stop) -> Stop:
        """Return what a stop hands over, whose goods have to be taken over or are gone, as a stop of its own."""
        return replace(stop, id=half_id(stop.id), delivery=self.nothing, location_id=stop.place, release_s=0.0)

    def _collected_of_lost(self) -> None:
        """What a lost vehicle has collected is to be fetched where it stands."""
        for one in self.lost:
            if one.out and any(one.collected) and one.report.cargo is Cargo.FETCH:
                fetched = self._at_vehicle(one, collected_id(one.vehicle_id), one.collected, only=False)
                self.parts.stops.append(replace(fetched, name=f"collected goods of {one.vehicle_id}"))

    def _at_vehicle(self, one: Standing, id_: str, amounts: tuple[float, ...], *, only: bool) -> Stop:
        """Return the stop at which goods are taken from where a vehicle stands: by itself at once, or by another."""
        return Stop(
            id=id_,
            name=taken_for(id_) or id_,
            delivery=self.nothing,
            pickup=amounts,
            opens_s=self.day.now_s,
            closes_s=self.horizon_s,
            service_duration_s=0.0,
            setup_duration_s=0.0 if only else self.day.transfer_duration_s,
            location_id=place_of(one.vehicle_id),
            only_vehicles=(one.vehicle_id,) if only else (),
        )

    def _here(self, one: Standing) -> Stop:
        """Return the stop with which a vehicle on the road begins: it is busy until it is free, and carries what it has."""
        stop = self._at_vehicle(one, here_id(one.vehicle_id), one.collected, only=True)
        return replace(
            stop, closes_s=self.day.now_s, service_duration_s=one.free_s - self.day.now_s, name=one.vehicle_id
        )

    def _half_ids(self, one: Standing) -> list[str]:
        return [at_vehicle(one.vehicle_id, id_) for id_ in one.halves]

    def _at_depot(self, stop: Stop) -> Stop:
        """Return a stop whose goods are at a depot: a vehicle on the road has to come by to reload before it.

        The first load of such a vehicle is on board already: it starts now, and the goods are ready a second later.
        """
        if not any(stop.delivery):
            return stop
        unable = [one.vehicle_id for one in self.out if one.kind.max_reloads <= one.reloads_done]
        barred = (*stop.not_vehicles, *(id_ for id_ in unable if id_ not in stop.not_vehicles))
        self.at_depot[stop.id] = tuple(unable)
        if len(unable) == len(self.out):
            return replace(stop, not_vehicles=barred)
        return replace(stop, not_vehicles=barred, release_s=max(stop.release_s, self.day.now_s + _NEXT_LOAD_S))

    def _named(self, stop: Stop) -> Stop:
        """Return the stop with the vehicles that it names as they are called here, and bound to who did what goes before."""
        alike = {kind.id: kind.vehicle_ids() for kind in self.problem.vehicle_types}
        there = {one.vehicle_id for one in self.able}

        def known(names: tuple[str, ...]) -> tuple[str, ...]:
            every = dict.fromkeys(id_ for name in names for id_ in alike.get(name, (name,)))
            return tuple(id_ for id_ in every if id_ in there)

        bound = [self.by_done[a] for a, b in self.problem.before if b == stop.id and a in self.by_done]
        wanted = known(stop.only_vehicles)
        if bound:
            wanted = tuple(id_ for id_ in (wanted or tuple(there)) if id_ in bound)
        needs = stop.needs
        if (stop.only_vehicles or bound) and not wanted:
            needs = (*needs, _NOBODY)
            self.nobody[stop.id] = tuple(stop.only_vehicles) or tuple(bound)
        return replace(stop, only_vehicles=wanted, not_vehicles=known(stop.not_vehicles), needs=needs)

    def _not_too_early(self, stop: Stop) -> Stop:
        """Return the stop with windows that open when it was announced for, less the tolerance, and not before."""
        soonest = self.not_before.get(stop.id, -math.inf)
        kept = [(max(opens, soonest), closes) for opens, closes in stop.windows if closes >= soonest]
        return with_windows(stop, kept) if kept and kept != list(stop.windows) else stop

    # -- vehicles

    def _can_leave_s(self, one: Standing) -> float:
        """Return from when on a vehicle that is not on the road can leave."""
        planned = one.route.start_s if one.route is not None else self.day.now_s
        late = planned + one.report.delay_s if one.report.delay_s else 0.0
        return max(one.kind.shift_start_s, self.day.now_s, late)

    def _too_late(self, one: Standing) -> bool:
        """Return whether a vehicle has not left, and its shift is over before it can."""
        return not one.out and self._can_leave_s(one) >= one.kind.shift_end_s

    def _kind(self, one: Standing) -> VehicleType:
        """Return a vehicle as a type by itself, with what is left of its limits; the way straight back is always allowed."""
        kind, now = one.kind, self.day.now_s
        if not one.out:
            return replace(kind, id=one.vehicle_id, count=1, shift_start_s=self._can_leave_s(one))
        home_s, home_m = (0.0, 0.0) if kind.open_end else Timer(self.problem, kind).leg(one.place_id, kind.end_id)
        slowest = min([1.0, *(factor for _, factor in self.problem.speed_of_day)])
        stranded = not math.isfinite(home_s)  # no way straight back: it may stay where its last stop is
        home_s, home_m = (0.0, 0.0) if stranded else (home_s / slowest, home_m)
        back_s = one.free_s + home_s
        started = now if one.route is None else one.route.start_s
        own = 1 + len(one.halves)
        return replace(
            kind,
            id=one.vehicle_id,
            count=1,
            depot_id=place_of(one.vehicle_id),
            end_depot_id=kind.end_id,
            open_start=False,
            open_end=kind.open_end or stranded,
            shift_start_s=now,
            shift_end_s=max(kind.shift_end_s, back_s + 1.0),
            max_duration_s=max(kind.max_duration_s - (now - started), back_s - now + 1.0),
            max_distance_m=max(kind.max_distance_m - one.driven_m, home_m + 1.0),
            max_driving_s=max(kind.max_driving_s - one.driven_s, home_s + 1.0),
            max_stops=None if kind.max_stops is None else max(0, kind.max_stops - len(one.done)) + own,
            fixed_cost_yuan=0.0,
            max_reloads=max(0, kind.max_reloads - one.reloads_done),
            capacity=self._room(one),
            breaks=tuple(
                pause for pause in kind.breaks if pause.id not in one.breaks_taken and pause.windows[-1][1] >= now
            ),
        )

    def _room(self, one: Standing) -> tuple[float, ...]:
        """Return what a vehicle on the road can hold, no less than what it has on board."""
        goods = [one.collected, *(self.stops[id_].delivery for id_ in (*one.aboard, *one.halves))]
        return tuple(max(most, sum(now)) for most, now in zip(one.kind.capacity, zip(*goods, strict=True), strict=True))

    def _as_planned(self, one: Standing, problem: RoutingProblem) -> tuple[Step, ...]:
        """Return what is left of a vehicle's route."""
        stops = {stop.id: stop for stop in problem.stops}
        depots = {depot.id: depot for depot in problem.depots}
        first = [here_id(one.vehicle_id), *self._half_ids(one)] if one.out else []
        steps: list[Step] = [stops[id_] for id_ in first]
        for call in one.ahead:
            if not isinstance(call, Visit):
                steps.append(depots[call.depot_id])
            elif call.stop_id in stops:
                steps.append(stops[call.stop_id])
        return tuple(self._with_pauses(one, steps, problem))

    def _with_pauses(self, one: Standing, steps: list[Step], problem: RoutingProblem) -> Iterator[Step]:
        """Yield the steps, the breaks still to be taken where they were planned."""
        kind = next(kind for kind in problem.vehicle_types if kind.id == one.vehicle_id)
        due = {pause.id: pause for pause in kind.breaks}
        planned = [] if one.route is None else [p for p in one.route.pauses if p.break_id in due]
        for step in steps:
            call = next((c for c in one.ahead if isinstance(c, Visit) and c.stop_id == getattr(step, "id", "")), None)
            while planned and call is not None and planned[0].start_s <= call.arrival_s:
                yield due[planned.pop(0).break_id]
            yield step
        yield from (due[pause.break_id] for pause in planned)


def _wider(travel: TravelMatrix, places: Mapping[str, str]) -> TravelMatrix:
    """Return the matrix with further names for places that it has."""
    rows = [*range(len(travel.origin_ids)), *(travel.origin_ids.index(place) for place in places.values())]
    columns = [*range(len(travel.destination_ids)), *(travel.destination_ids.index(place) for place in places.values())]
    durations, distances = travel.durations_s[np.ix_(rows, columns)], travel.distances_m[np.ix_(rows, columns)]
    origins = [places.get(id_, id_) for id_ in (*travel.origin_ids, *places)]
    destinations = [places.get(id_, id_) for id_ in (*travel.destination_ids, *places)]
    same = np.array(origins)[:, None] == np.array(destinations)[None, :]
    return TravelMatrix(
        origin_ids=(*travel.origin_ids, *places),
        destination_ids=(*travel.destination_ids, *places),
        durations_s=np.where(same, 0.0, durations),
        distances_m=np.where(same, 0.0, distances),
    )
