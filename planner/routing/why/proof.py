"""What stands against a stop whatever else a route serves: bounds that no order of stops can undercut.

Nothing here assumes that times or metres are metric, that a stop alone is the easiest route to it, or that a vehicle comes
back. A stop against which nothing is found here may still be on no route; that is no proof, and nobody says that it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product

from planner.routing.clock import SpeedOfDay
from planner.routing.problem import RoutingProblem
from planner.routing.solution import UnassignedReason
from planner.routing.stops import Stop
from planner.routing.vehicles import Break, VehicleType
from planner.routing.why.shortest import Shortest, ShortestOfFleet

SLACK = 1e-6
_MOST_BREAKS = 4
"""Of more breaks the orders are not tried: nothing is proven by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The least of a route by which a type of vehicle serves a stop: seconds and metres there and back, its first arrival.

    ``duty_s`` is how long it lasts at least, ``ends_s`` its earliest end, infinite if every window is missed.
    """

    there_s: float
    back_s: float
    metres: float
    driving_s: float
    arrives_s: float
    ends_s: float
    duty_s: float


def may_serve(stop: Stop, kind: VehicleType, vehicle_id: str | None = None) -> bool:
    """Return whether the stop lets this vehicle come, or any of the type; skills are another matter."""
    if not (stop.only_vehicles or stop.not_vehicles):
        return True
    names = [{kind.id, id_} for id_ in ((vehicle_id,) if vehicle_id else kind.vehicle_ids())]
    wanted, barred = set(stop.only_vehicles), set(stop.not_vehicles)
    return any((not wanted or name & wanted) and not name & barred for name in names)


def may_come(stop: Stop, kind: VehicleType) -> bool:
    """Return whether any vehicle of the type has the skills and is let come."""
    return set(stop.needs) <= set(kind.skills) and may_serve(stop, kind)


class Proofs:
    """The bounds of one problem; what vehicles share is worked out once."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.clock = SpeedOfDay(problem.speed_of_day)
        self.fastest = max([1.0, *(factor for _, factor in problem.speed_of_day)])
        self._fleet = ShortestOfFleet(problem)
        self._paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
        self._ways: dict[str, Shortest] = {}

    @cached_property
    def _shared(self) -> set[str]:
        """Return the places of more than one stop: who comes there from there needs no setup."""
        seen: set[str] = set()
        twice: set[str] = set()
        for stop in self.problem.stops:
            (twice if stop.place in seen else seen).add(stop.place)
        return twice

    def ways(self, kind: VehicleType) -> Shortest:
        """Return the least ways of a type."""
        if kind.id not in self._ways:
            self._ways[kind.id] = self._fleet.of(kind, self._servable(kind))
        return self._ways[kind.id]

    def _servable(self, kind: VehicleType) -> list[bool]:
        return [not self._fleet.choosy or may_come(stop, kind) for stop in self.problem.stops]

    def nearer_by_others(self, kind: VehicleType, stop: Stop) -> bool:
        """Return whether the way to the stop or from it is shorter by way of other stops, in seconds or in metres."""
        return self._fleet.nearer_by_others(kind, self.ways(kind), stop.place)

    def path(self, kind: VehicleType, stop: Stop, *, by_metres: bool) -> tuple[list[str], list[str]]:
        """Return the places passed on the shortest way to the stop and on that from it, in order."""
        return self._fleet.path(kind, self.ways(kind), stop.place, by_metres=by_metres)

    def against(self, kind: VehicleType, stop: Stop) -> set[UnassignedReason]:
        """Return what is proven to keep every vehicle of the type, which may come, from the stop; empty if nothing is."""
        ways, at = self.ways(kind), self._fleet.row[stop.place]
        if not math.isfinite(ways.there_s[at] + ways.back_s[at]):
            return {UnassignedReason.UNREACHABLE}
        if any(max(down, up) > most for down, up, most in zip(stop.delivery, stop.pickup, kind.capacity, strict=True)):
            return {UnassignedReason.TOO_LARGE}
        return set(self._in_time(kind, stop))

    def _in_time(self, kind: VehicleType, stop: Stop) -> Iterator[UnassignedReason]:
        least = self.least(kind, stop)
        if not math.isfinite(least.ends_s):
            yield UnassignedReason.WINDOW_TOO_EARLY
        if least.ends_s > kind.shift_end_s + SLACK or least.duty_s > kind.max_duration_s + SLACK:
            yield UnassignedReason.SHIFT_TOO_SHORT
        far = least.metres > kind.max_distance_m + SLACK or least.driving_s > kind.max_driving_s + SLACK
        if far or kind.max_stops == 0:
            yield UnassignedReason.TOO_FAR
        if 0 < len(kind.breaks) <= _MOST_BREAKS and math.isfinite(least.ends_s) and not self._with_breaks(kind, stop):
            yield UnassignedReason.BREAK

    def least(self, kind: VehicleType, stop: Stop) -> Least:
        """Return the least that a route of this type by the stop takes, its breaks aside."""
        ways, at = self.ways(kind), self._fleet.row[stop.place]
        there, back = float(ways.there_s[at]), float(ways.back_s[at])
        driving = (there + back) / self.fastest
        arrives = self.clock.arrive(kind.shift_start_s, there)
        arrives = max(arrives, kind.shift_start_s + there / self.fastest + _rests_s(kind, there / self.fastest))
        if stop.release_s:
            loaded = float(ways.loaded_s[at])
            begins = stop.release_s if kind.max_reloads else max(stop.release_s, kind.shift_start_s)
            arrives = max(arrives, self.clock.arrive(begins, loaded))
        stay = self.stay_s(kind, stop)
        departs = first_begin(stop.windows, arrives) + stay
        ends = (
            max(self.clock.arrive(departs, back), departs + back / self.fastest) if math.isfinite(departs) else math.inf
        )
        duty = driving + stay + _rests_s(kind, driving)
        return Least(
            there_s=there,
            back_s=back,
            metres=float(ways.there_m[at] + ways.back_m[at]),
            driving_s=driving,
            arrives_s=arrives,
            ends_s=max(ends, kind.shift_start_s + duty),
            duty_s=duty,
        )

    def against_pair(self, kind: VehicleType, first: Stop, second: Stop) -> bool:
        """Return whether it is proven that no vehicle of the type takes anything from the first stop to the second."""
        if (
            self.against(kind, first)
            or self.against(kind, second)
            or (kind.max_stops is not None and kind.max_stops < 2)
        ):
            return True
        between_s, between_m = self._fleet.between(kind, self._servable(kind), first.place, second.place)
        ways, at, then = self.ways(kind), self._fleet.row[first.place], self._fleet.row[second.place]
        there, back = float(ways.there_s[at]), float(ways.back_s[then])
        metres = float(ways.there_m[at] + ways.back_m[then]) + between_m
        driving = (there + between_s + back) / self.fastest
        if not math.isfinite(driving) or metres > kind.max_distance_m + SLACK or driving > kind.max_driving_s + SLACK:
            return True
        stays = self.stay_s(kind, first), self.stay_s(kind, second)
        departs = first_begin(first.windows, self.least(kind, first).arrives_s) + stays[0]
        if not math.isfinite(departs):
            return True
        arrives = max(self.clock.arrive(departs, between_s), self.least(kind, second).arrives_s)
        departs = first_begin(second.windows, arrives) + stays[1]
        if not math.isfinite(departs):
            return True
        duty = driving + sum(stays) + _rests_s(kind, driving)
        too_late = self.clock.arrive(departs, back) > kind.shift_end_s + SLACK
        return too_late or duty > kind.max_duration_s + SLACK

    def stay_s(self, kind: VehicleType, stop: Stop) -> float:
        """Return how long a vehicle is at the stop at least: set up unless it may come from the same place."""
        from_there = stop.place in self._shared or (stop.place == kind.depot_id and not kind.open_start)
        from_there = from_there or (bool(kind.max_reloads) and stop.place in kind.reload_depot_ids)
        return stop.service_duration_s + (0.0 if from_there else stop.setup_duration_s)

    def _with_breaks(self, kind: VehicleType, stop: Stop) -> bool:
        """Return whether nothing is against some way to take the breaks before or after the stop, or to do without."""
        ways = [(*self._sides(kind, one, stop), *(() if one.always else ("earlier", "later"))) for one in kind.breaks]
        return any(self._taken(kind, stop, dict(zip(kind.breaks, chosen, strict=True))) for chosen in product(*ways))

    def _sides(self, kind: VehicleType, pause: Break, stop: Stop) -> tuple[str, ...]:
        """Return on which sides of the stop the break can be, by what is on board on account of the stop."""
        if not pause.max_load or kind.max_reloads or stop.id in self._paired:
            return ("before", "after")
        heavy = [
            any(a > most for a, most in zip(its, pause.max_load, strict=True)) for its in (stop.delivery, stop.pickup)
        ]
        return tuple(side for side, too_heavy in zip(("before", "after"), heavy, strict=True) if not too_heavy)

    def _taken(self, kind: VehicleType, stop: Stop, chosen: dict[Break, str]) -> bool:
        """Return whether the bounds let these breaks be taken so; none is due if the route ends earlier or starts later."""
        sides = {side: [one for one, its in chosen.items() if its == side] for side in ("before", "after")}
        last = {one: one.windows[-1][1] for one in chosen}
        starts = max([kind.shift_start_s, *(last[one] for one, side in chosen.items() if side == "later")])
        least = self.least(kind, stop)
        arrives = max(
            least.arrives_s,
            self.clock.arrive(starts, least.there_s),
            starts + least.there_s / self.fastest + sum(one.duration_s for one in sides["before"]),
            soonest_done(sides["before"], starts),
        )
        departs = first_begin(stop.windows, arrives) + self.stay_s(kind, stop)
        if not math.isfinite(departs):
            return False
        taken = sum(one.duration_s for one in (*sides["before"], *sides["after"]))
        ends = max(
            self.clock.arrive(departs, least.back_s),
            departs + least.back_s / self.fastest + sum(one.duration_s for one in sides["after"]),
            soonest_done(sides["after"], departs),
        )
        early = all(ends <= last[one] + SLACK for one, side in chosen.items() if side == "earlier")
        duty = least.driving_s + self.stay_s(kind, stop) + taken
        return early and ends <= kind.shift_end_s + SLACK and duty <= kind.max_duration_s + SLACK


def _rests_s(kind: VehicleType, driving_s: float) -> float:
    """Return the rests that so much driving asks for at least."""
    rule = kind.driving_rule
    if rule is None or rule.driving_s <= 0:
        return 0.0
    return max(0, math.ceil(driving_s / rule.driving_s - SLACK) - 1) * rule.rest_s


def first_begin(windows: Sequence[tuple[float, float]], arrives_s: float) -> float:
    """Return when one who arrives then can begin, infinity if every window is over."""
    return next((max(o, arrives_s) for o, c in windows if arrives_s <= c + SLACK), math.inf)


def soonest_done(breaks: Sequence[Break], from_s: float) -> float:
    """Return when all these breaks can be over, one after the other in whatever order; infinity if that cannot be."""
    if not breaks:
        return from_s
    soonest = math.inf
    for order in permutations(breaks):
        clock = from_s
        for one in order:
            clock = first_begin(one.windows, clock) + one.duration_s
        soonest = min(soonest, clock)
    return soonest
