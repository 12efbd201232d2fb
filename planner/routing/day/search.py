"""Routes for the rest of a day that change no more announced stops than allowed: put in, moved, or found by an engine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from planner.errors import BadDataError, PlanRejectedError
from planner.routing.check.route import violations_of
from planner.routing.day.burden import WEIGHTS, Announced, Burden
from planner.routing.day.changes import changes_of
from planner.routing.day.events import Day
from planner.routing.day.on_board import OnBoard
from planner.routing.day.rest import Rest
from planner.routing.day.stop_ids import vehicle_at, whole_id
from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import with_windows
from planner.routing.schedule import schedule
from planner.routing.solution import Route
from planner.routing.solve import solve_routing
from planner.routing.stops import Stop
from planner.routing.timing import Step
from planner.routing.vehicles import VehicleType
from planner.routing.why.insertions import steps_of
from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_never

_FEW_STOPS = 10
"""Below this, moving stops one by one is all that is done."""
_LONGEST_ROW = 3
"""Stops in a row that are moved together within their route."""
_MOST_MOVES = 20_000
"""Routes that are tried when stops are moved one by one, for each hundred of the engine's iterations."""
Routes = dict[str, tuple[Step, ...]]
Value = tuple[float, int, int, float, float, float]
"""What routes are judged by, least first: see `ReplanSearch.value`."""


_NO_BURDEN = Burden()


@dataclass(frozen=True, slots=True)
class Driven:
    """A route that holds: its steps, timed, None without any; and what its announced stops bear."""

    steps: tuple[Step, ...]
    route: Route | None
    burden: Burden = _NO_BURDEN


class ReplanSearch:
    """The best routes found so far for the rest of a day, and what it takes to find better ones."""

    def __init__(self, rest: Rest, day: Day) -> None:
        self.rest, self.day, self.problem = rest, day, rest.problem
        self.on_board = OnBoard(rest)
        self.kinds = {kind.id: kind for kind in rest.problem.vehicle_types}
        self.stops = {stop.id: stop for stop in rest.problem.stops}
        self.partner = {pair.pickup_id: pair.delivery_id for pair in rest.problem.pairs}
        self.seconds = set(self.partner.values())
        self.fixed = {id_ for lock in rest.problem.locks for id_ in lock.stop_ids}
        self.depots = rest.problem.depots
        self.known: dict[tuple[str, tuple[str, ...]], Driven | None] = {}
        self.tried = 0
        self.forced: tuple[str, ...] = ()
        self.best: Routes = {}
        self.going_on: tuple[Route, ...] = ()
        self.going_on_yuan = 0.0
        self.announced = Announced(told=rest.announced, tolerance_s=day.tolerance_s, going_on={})

    # -- routes

    def drive(self, vehicle: str, steps: Sequence[Step]) -> Driven | None:
        """Return the route timed, None if it is invalid."""
        key = (vehicle, tuple(step.id for step in steps))
        if key not in self.known:
            self.tried += 1
            self.known[key] = self._drive(self.kinds[vehicle], tuple(steps))
        return self.known[key]

    def _drive(self, kind: VehicleType, steps: tuple[Step, ...]) -> Driven | None:
        if not any(isinstance(step, Stop) for step in steps):
            return Driven((), None)
        problem, carried = self.on_board.carried(kind.id, steps)
        route = schedule(problem, kind, f"{kind.id}-1", carried)
        if route is None or violations_of(problem, route) or not self._in_order(steps):
            return None
        burden = self.announced.burden_of(route)
        return Driven(steps, route, replace(burden, steps=0) if self.day.improve else burden)

    def _in_order(self, steps: Sequence[Step]) -> bool:
        at = {step.id: i for i, step in enumerate(steps) if isinstance(step, Stop)}
        orders = [*self.partner.items(), *self.problem.before]
        halves = all((a in at) == (b in at) for a, b in self.partner.items())
        return halves and all(at[a] < at[b] for a, b in orders if a in at and b in at)

    def parted(self, driven: Mapping[str, Driven]) -> bool:
        """Return whether stops that have an order are on two routes: it holds within one."""
        of = {step.id: vehicle for vehicle, one in driven.items() for step in one.steps}
        return any(of[a] != of[b] for a, b in self.problem.before if a in of and b in of)

    def served_by(self, driven: Driven) -> frozenset[str]:
        """Return the stops on a route that are not fixed to its vehicle."""
        return frozenset(step.id for step in driven.steps if step.id in self.stops and step.id not in self.fixed)

    def announced_otherwise(self, driven: Driven) -> frozenset[str]:
        """Return the stops on a route that were announced with another vehicle or at another time."""
        known, found = self.rest.announced, set()
        for visit in () if driven.route is None else driven.route.visits:
            vehicle, time_s = known.get(whole_id(visit.stop_id), ("", 0.0))
            other = driven.route is not None and driven.route.vehicle_type_id != vehicle
            if vehicle and (other or abs(visit.service_start_s - time_s) > self.day.tolerance_s):
                found.add(visit.stop_id)
        return frozenset(found)

    def cost_of(self, driven: Driven) -> tuple[float, float]:
        """Return what a route costs, and by how many seconds it is off."""
        route = driven.route
        return (0.0, 0.0) if route is None else (round(route.cost_yuan, 4), self._off_s(route))

    def changes(self, driven: Mapping[str, Driven]) -> int:
        """Return how many announced stops change."""
        routes = [one.route for one in driven.values() if one.route is not None]
        return sum(1 for _ in changes_of(self.rest, routes, self.day.tolerance_s))

    def within_bound(self, driven: Mapping[str, Driven]) -> bool:
        """Return whether no more stops change than allowed, or none but those whose change is forced."""
        return self.keeps_bound([one.route for one in driven.values() if one.route is not None])

    def keeps_bound(self, routes: Sequence[Route]) -> bool:
        """Return what `within_bound` does of routes as they are timed."""
        changed = {change.stop_id for change in changes_of(self.rest, routes, self.day.tolerance_s)}
        return len(changed) <= self.day.most_changes or changed <= set(self.forced)

    def value(self, driven: Mapping[str, Driven]) -> Value:
        """Return what a plan is judged by: stops not served, by priority, parts of them, who is given up, burden, cost, off.

        A stop of which half is served is not served. Goods to be fetched from a lost vehicle are nobody's stop: they count
        among the parts. The burden is that of `planner.routing.day.burden` in yuan, with what the routes cost more than
        going on as planned; where money may be saved by changes, these count for nothing within their bound. At last the
        seconds by which stops are off their announced times.
        """
        missed, parts, cost = self._left_and_cost(driven)
        burdens = [one.burden for one in driven.values()]
        steps = sum(one.steps for one in burdens)
        burden = 0.0 if self.day.improve else steps * WEIGHTS.step_yuan + max(0.0, cost - self.going_on_yuan)
        return (
            missed,
            parts,
            sum(one.given_up for one in burdens),
            round(burden, 4),
            round(cost, 4),
            round(sum(self._off_s(one.route) for one in driven.values()), 1),
        )

    def _left_and_cost(self, driven: Mapping[str, Driven]) -> tuple[float, int, float]:
        """Return the stops that are not served by their priority, the parts of them, and what all costs."""
        served = {visit.stop_id for one in driven.values() if one.route is not None for visit in one.route.visits}
        left = [stop for stop in self.problem.stops if stop.id not in served]
        wanted = {whole_id(stop.id): stop.priority for stop in left if math.isinf(stop.skip_cost_yuan)}
        missed = sum(1.0 + priority for id_, priority in wanted.items() if not vehicle_at(id_))
        skipped = sum(stop.skip_cost_yuan for stop in left if math.isfinite(stop.skip_cost_yuan))
        cost = sum(one.route.cost_yuan for one in driven.values() if one.route is not None) + skipped
        return missed, sum(math.isinf(stop.skip_cost_yuan) for stop in left), cost

    def _off_s(self, route: Route | None) -> float:
        """Return by how many seconds a route's visits are off the announced times."""
        visits = () if route is None else route.visits
        known = self.rest.announced
        return sum(abs(v.service_start_s - known[v.stop_id][1]) for v in visits if v.stop_id in known)

    def best_changes(self) -> int:
        """Return how many announced stops the best routes change."""
        return self.changes(self._driven_best())

    def calls_for_an_engine(self) -> bool:
        """Return whether more can be done than to let vehicles serve their own stops in another order.

        So it is where a stop is left out without a proof or came up or was called off, where money may be saved, and where a
        stop that changes need not stay with its vehicle: its goods are not on board.
        """
        served = {step.id for steps in self.best.values() for step in steps}
        proofs = Proofs(self.problem)
        left = [stop for stop in self.problem.stops if stop.id not in served]
        if self.day.improve or self.day.new_stops or self.day.cancelled:
            return True
        free = any(len(self.stops[id_].only_vehicles) != 1 for id_ in self.forced if id_ in self.stops)
        return free or any(why_never(self.problem, stop, proofs) is None for stop in left)

    def best_value(self) -> Value:
        """Return what the best routes are judged by."""
        return self.value(self._driven_best())

    def _driven_best(self) -> dict[str, Driven]:
        return {vehicle: found for vehicle, steps in self.best.items() if (found := self.drive(vehicle, steps))}

    def falls_short(self) -> bool:
        """Return whether the best routes leave a stop that has to be served, or change more than is allowed."""
        return self.best_value()[0] > 0.0 or self.best_changes() > self.day.most_changes

    def goes_on(self) -> bool:
        """Return whether nothing calls for other routes than those planned: nobody is late, left out, new or called off."""
        served = {step.id for steps in self.best.values() for step in steps}
        whole = all(stop.id in served for stop in self.problem.stops)
        return whole and not (self.forced or self.day.cancelled or self.day.improve)

    # -- the start

    def start(self, like: ReplanSearch | None = None) -> None:
        """Let every vehicle go on as planned; a stop that it can no longer serve is dropped. What changes so is forced.

        Going on as planned is what it is for another search of the same day, if one is given.
        """
        driven = {}
        for vehicle, steps in sorted(self.rest.routes.items()):
            driven[vehicle] = self._as_far_as_it_goes(vehicle, steps)
        routes = [one.route for one in driven.values() if one.route is not None]
        self.forced = tuple(change.stop_id for change in changes_of(self.rest, routes, self.day.tolerance_s))
        self.best = {vehicle: one.steps for vehicle, one in driven.items()}
        self.going_on, self.going_on_yuan = tuple(routes), self._left_and_cost(driven)[2]
        if like is not None:
            self.going_on, self.going_on_yuan = like.going_on, like.going_on_yuan
        served = {visit.stop_id: visit.service_start_s for route in self.going_on for visit in route.visits}
        self.announced = replace(self.announced, going_on=served)
        self.known.clear()  # of these it was not known what their stops bear

    def _as_far_as_it_goes(self, vehicle: str, steps: Sequence[Step]) -> Driven:
        whole = self.drive(vehicle, steps)
        kept: list[Step] = [step for step in steps if step.id in self.fixed]
        if whole is not None:
            return whole
        for step in steps:
            if step.id in self.fixed or step.id in self.seconds:
                continue
            second = self.partner.get(step.id)
            wanted = {step.id, second} | {one.id for one in kept}
            longer = [one for one in steps if one.id in wanted]
            if not isinstance(step, Stop) or self.drive(vehicle, longer) is not None:
                kept = longer
        found = self.drive(vehicle, kept)
        return found or self.drive(vehicle, [step for step in kept if isinstance(step, Stop)]) or Driven((), None)

    # -- moves

    def improved(self, iterations: int) -> Routes:
        """Return the routes after stops were put in and moved one by one."""
        driven = self._driven_best()
        most = self.tried + _MOST_MOVES * max(1, iterations // 100)
        while self.tried < most:
            now = self.value(driven)
            better = self._put_absent(driven) or self._move_one(driven, now, most) or self._reorder(driven, now, most)
            if better is None:
                break
            driven = better
        return {vehicle: one.steps for vehicle, one in driven.items()}

    def _units(self) -> list[tuple[Stop, ...]]:
        """Return the stops that may be put in or moved: alone, or both halves of a pair."""
        units: list[tuple[Stop, ...]] = []
        for stop in self.problem.stops:
            if stop.id in self.fixed or stop.id in self.seconds:
                continue
            second = self.partner.get(stop.id)
            units.append((stop,) if second is None else (stop, self.stops[second]))
        units.sort(key=lambda unit: (-unit[0].priority, unit[-1].windows[-1][1], unit[0].id))
        return units

    def _put_absent(self, driven: dict[str, Driven]) -> dict[str, Driven] | None:
        """Return the routes with the first absent stop that finds a place put in where it costs least."""
        served = {step.id for one in driven.values() for step in one.steps}
        for unit in self._units():
            if unit[0].id in served:
                continue
            best = self._cheapest(driven, unit)
            if best is not None and self.value(best) < self.value(driven):
                return best
        return None

    def _move_one(self, driven: dict[str, Driven], now: Value, most: int) -> dict[str, Driven] | None:
        """Return the routes with one stop moved to where it costs less, or so that an absent one finds a place."""
        served = {step.id for one in driven.values() for step in one.steps}
        absent = [unit for unit in self._units() if unit[0].id not in served]
        for unit in self._units():
            if unit[0].id not in served or self.tried >= most:
                continue
            ids = {one.id for one in unit}
            vehicle = next(v for v, one in driven.items() if any(step.id in ids for step in one.steps))
            rest = self.drive(vehicle, [step for step in driven[vehicle].steps if step.id not in ids])
            if rest is None:
                continue
            without = {**driven, vehicle: rest}
            for first in (None, *absent):
                base = without if first is None else self._cheapest(without, first, bounded=False)
                best = None if base is None else self._cheapest(base, unit)
                if best is not None and self.value(best) < now:
                    return best
        return None

    def _reorder(self, driven: dict[str, Driven], now: Value, most: int) -> dict[str, Driven] | None:
        """Return the routes with one that bears something in another order: a row of stops elsewhere, or turned round."""
        for vehicle, one in driven.items():
            if not (one.burden.steps or one.burden.given_up):
                continue
            for steps in self._orders_near(one.steps):
                tried = self.drive(vehicle, steps) if self.tried < most else None
                made = driven if tried is None else {**driven, vehicle: tried}
                if tried is not None and self.value(made) < now and not self.parted(made) and self.within_bound(made):
                    return made
        return None

    def _orders_near(self, steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        """Yield the steps with a row of two or more behind the fixed ones in any other place, and any row turned round."""
        first = max((i + 1 for i, step in enumerate(steps) if step.id in self.fixed), default=0)
        for i, j in combinations(range(first, len(steps) + 1), 2):
            row, rest = steps[i:j], (*steps[:i], *steps[j:])
            if len(row) < 2:
                continue
            yield (*steps[:i], *reversed(row), *steps[j:])
            for k in range(first, len(rest) + 1 if len(row) <= _LONGEST_ROW else first):
                if k != i:
                    yield (*rest[:k], *row, *rest[k:])

    def _cheapest(
        self, driven: Mapping[str, Driven], unit: Sequence[Stop], *, bounded: bool = True
    ) -> dict[str, Driven] | None:
        """Return the routes with the unit put in where it changes and costs least within the bound; None if nowhere."""
        found: list[tuple[int, float, float, str, Driven]] = []
        for vehicle in self.kinds:
            before = driven.get(vehicle, Driven((), None))
            cost = 0.0 if before.route is None else before.route.cost_yuan
            bears = before.burden
            for steps in self._with(self.kinds[vehicle], before.steps, unit):
                tried = self.drive(vehicle, steps)
                if tried is not None and tried.route is not None:
                    now = tried.burden
                    added = (now.steps - bears.steps) * WEIGHTS.step_yuan + tried.route.cost_yuan - cost
                    found.append((now.given_up, round(added, 4), self._off_s(tried.route), vehicle, tried))
        for *_, vehicle, tried in sorted(found, key=lambda entry: entry[:4]):
            made = {**driven, vehicle: tried}
            if not self.parted(made) and (not bounded or self.within_bound(made)):
                return made
        return None

    def _with(self, kind: VehicleType, steps: tuple[Step, ...], unit: Sequence[Stop]) -> Iterator[tuple[Step, ...]]:
        """Yield the steps with the unit in every place behind the fixed ones, alone and behind a call to reload."""
        if unit[0].only_vehicles and kind.id not in unit[0].only_vehicles:
            return
        first = max((i + 1 for i, step in enumerate(steps) if step.id in self.fixed), default=0)
        for i in range(first, len(steps) + 1):
            if len(unit) == 1:
                yield (*steps[:i], unit[0], *steps[i:])
                if kind.max_reloads and any(unit[0].delivery):
                    for depot in self.depots:
                        if depot.id in kind.reload_depot_ids:
                            yield (*steps[:i], depot, unit[0], *steps[i:])
                continue
            for j in range(i, len(steps) + 1):
                yield (*steps[:i], unit[0], *steps[i:j], unit[1], *steps[j:])

    # -- engines

    def by_engines(self, iterations: int, cpu_seconds: float, seed: int, engine: str) -> Iterator[Routes]:
        """Yield the routes that an engine finds, announced stops held to vehicle and time, and free; none for few stops."""
        if len(self._units()) < _FEW_STOPS:
            return
        for problem in (self._held(), self.problem):
            try:
                plan = solve_routing(problem, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, engine=engine)
            except (BadDataError, PlanRejectedError):  # what is held cannot all be kept: the routes as planned stand
                continue
            yield {
                route.vehicle_type_id: tuple(
                    self.stops.get(step.id, step)
                    for step in steps_of(problem, self.kinds[route.vehicle_type_id], route)
                )
                for route in plan.routes
            }

    def _held(self) -> RoutingProblem:
        """Return the problem with every announced stop that can be kept held to its vehicle and time."""
        held = []
        for stop in self.problem.stops:
            vehicle, time_s = self.rest.announced.get(stop.id, ("", 0.0))
            if not vehicle or stop.id in self.forced or vehicle not in self.kinds:
                held.append(stop)
                continue
            near = (time_s - self.day.tolerance_s, time_s + self.day.tolerance_s)
            windows = [(max(o, near[0]), min(c, near[1])) for o, c in stop.windows]
            kept = [(max(0.0, opens), closes) for opens, closes in windows if opens <= closes]
            held.append(replace(with_windows(stop, kept or stop.windows), only_vehicles=(vehicle,), priority=100))
        return replace(self.problem, stops=tuple(held))

    def consider(self, routes: Routes) -> None:
        """Keep the routes if they hold, keep the bound, and are better than the best."""
        driven = {vehicle: self.drive(vehicle, routes.get(vehicle, ())) for vehicle in self.kinds}
        best = self._driven_best()
        whole = {vehicle: one for vehicle, one in driven.items() if one is not None}
        holds = len(whole) == len(driven) and self._locked(whole) and not self.parted(whole)
        holds = holds and self.within_bound(whole)
        if holds and self.value(whole) < self.value(best):
            self.best = {vehicle: one.steps for vehicle, one in whole.items()}

    def _locked(self, driven: Mapping[str, Driven]) -> bool:
        served = {step.id for one in driven.values() for step in one.steps}
        return served >= self.fixed
