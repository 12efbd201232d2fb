"""From the problem in whole numbers to PyVRP's data, and from its solutions to routes and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyvrp

from planner.routing.engines.pyvrp.scaled import ScaledProblem, ScaledVisit, end_of, start_of, table_of
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step, VehicleSteps
from planner.routing.vehicles import VehicleType

Activity, Kind = pyvrp.Activity, pyvrp.ActivityType


class Model:
    """PyVRP's data of a problem, in which stops that must be served are ``required``, or else have a price when left out."""

    def __init__(self, scaled: ScaledProblem, *, required: bool) -> None:
        self.scaled = scaled
        self.required = required
        self.calls = self._depots()
        self.place = {place: i for i, place in enumerate(scaled.places)}
        groups = []
        for group in range(scaled.groups):
            members = [i for i, visit in enumerate(scaled.visits) if visit.group == group]
            groups.append(pyvrp.ClientGroup(members, required=self.must(scaled.visits[members[0]].stop)))
        self.data = pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in scaled.places],
            [self._client(visit) for visit in scaled.visits],
            [
                pyvrp.Depot(self.place[place], service_duration=scaled.scales.ticks(reload_s))
                for place, reload_s in self.calls
            ],
            [self._vehicles(k) for k in range(len(scaled.crews))],
            scaled.costs,
            scaled.durations,
            groups,
            [self._shipment(*pair) for pair in scaled.pairs],
        )

    def must(self, stop: Stop) -> bool:
        """Return whether a solution without the stop is none."""
        return self.required and math.isinf(stop.skip_cost_yuan)

    def _depots(self) -> list[tuple[str, float]]:
        """Return (place, seconds that a call takes): ends of routes, and depots to reload at."""
        calls: list[tuple[str, float]] = []
        for crew in self.scaled.crews:
            calls += [(start_of(crew.kind), 0.0), (end_of(crew.kind), 0.0), *_reloads(crew.kind)]
        return list(dict.fromkeys(calls))

    def _client(self, visit: ScaledVisit) -> Any:
        scaled, stop = self.scaled, visit.stop
        must = self.must(stop)
        return pyvrp.Client(
            self.place[stop.place],
            delivery=scaled.given(stop),
            pickup=scaled.taken(stop, stop.pickup),
            service_duration=scaled.scales.ticks(stop.setup_duration_s + stop.service_duration_s),
            tw_early=scaled.opens(stop.opens_s),
            tw_late=scaled.closes(stop.closes_s),
            release_time=scaled.opens(stop.release_s),
            prize=0 if must else scaled.leaving_out[stop.id],
            required=must and visit.group is None,
            group=visit.group,
        )

    def _shipment(self, first: Stop, second: Stop) -> Any:
        scaled, must = self.scaled, self.must(first)
        return pyvrp.Shipment(
            self.place[first.place],
            self.place[second.place],
            pickup_tw_early=scaled.opens(first.opens_s),
            pickup_tw_late=scaled.closes(first.closes_s),
            pickup_service_duration=scaled.scales.ticks(first.setup_duration_s + first.service_duration_s),
            delivery_tw_early=scaled.opens(second.opens_s),
            delivery_tw_late=scaled.closes(second.closes_s),
            delivery_service_duration=scaled.scales.ticks(second.setup_duration_s + second.service_duration_s),
            amount=scaled.shipped(first, second),
            prize=0 if must else scaled.leaving_out[first.id] + scaled.leaving_out[second.id],
            required=must,
        )

    def _vehicles(self, k: int) -> Any:
        scaled, crew = self.scaled, self.scaled.crews[k]
        kind, table = crew.kind, table_of(crew.kind)
        limits = {}
        if math.isfinite(kind.max_duration_s):
            limits["shift_duration"] = min(scaled.scales.ticks_down(kind.max_duration_s), scaled.horizon)
        if (longest := scaled.longest(kind)) is not None:
            limits["max_distance"] = longest
        return pyvrp.VehicleType(
            min(len(crew.vehicle_ids), max(1, len(scaled.stops))),
            scaled.room(k, crew),
            self.calls.index((start_of(kind), 0.0)),
            self.calls.index((end_of(kind), 0.0)),
            scaled.scales.money(kind.fixed_cost_yuan + scaled.first_yuan),
            tw_early=scaled.opens(kind.shift_start_s),
            tw_late=scaled.closes(kind.shift_end_s),
            unit_distance_cost=0 if table.in_metres else 1,
            unit_duration_cost=scaled.scales.tick_price(kind),
            profile=scaled.tables.index(table),
            reload_depots=[self.calls.index(call) for call in _reloads(kind)],
            max_reloads=kind.max_reloads,
            **limits,
        )

    # -- solutions

    def routes(self, solution: Any) -> list[VehicleSteps]:
        """Return the routes of a solution, with the vehicles by name."""
        free = [iter(crew.vehicle_ids) for crew in self.scaled.crews]
        routes = []
        for route in solution.routes():
            k = route.vehicle_type()
            inner = list(route)[1:-1]
            routes.append(VehicleSteps(self.scaled.crews[k].kind, [self._step(call) for call in inner], next(free[k])))
        return routes

    def _step(self, call: Any) -> Step:
        number = int(call.idx)
        if call.is_depot():
            place, _ = self.calls[number]
            return next(depot for depot in self.scaled.problem.depots if depot.id == place)
        if call.is_client():
            return self.scaled.visits[number].stop
        first, second = self.scaled.pairs[number]
        return first if call.is_pickup() else second

    def solution(self, routes: Sequence[VehicleSteps]) -> Any:
        """Return these routes, whose stops have one window each and whose vehicles are named, as a solution."""
        scaled = self.scaled
        crew_of = {id_: k for k, crew in enumerate(scaled.crews) for id_ in crew.vehicle_ids}
        of_visit = {(visit.stop.id, visit.stop.opens_s): i for i, visit in enumerate(scaled.visits)}
        known = {key: Activity(Kind.CLIENT, i) for key, i in of_visit.items()}
        for i, (first, second) in enumerate(scaled.pairs):
            known[first.id, first.opens_s] = Activity(Kind.PICKUP, i)
            known[second.id, second.opens_s] = Activity(Kind.DELIVERY, i)
        told = []
        for one in routes:
            calls = [self._activity(one.kind, step, known) for step in one.steps]
            told.append(pyvrp.Route(self.data, calls, crew_of[one.vehicle_id]))
        return pyvrp.Solution(self.data, told)

    def _activity(self, kind: VehicleType, step: Step, known: Mapping[tuple[str, float], Any]) -> Any:
        if isinstance(step, Depot):
            return Activity(Kind.DEPOT, self.calls.index((step.id, kind.reload_duration_s)))
        return known[step.id, step.opens_s]


def _reloads(kind: VehicleType) -> list[tuple[str, float]]:
    """Return the calls at depots where a type may reload."""
    return [(id_, kind.reload_duration_s) for id_ in dict.fromkeys(kind.reload_depot_ids)] if kind.max_reloads else []
