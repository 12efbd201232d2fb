"""What people bear of a new plan: how much later or earlier they are served than they were told, and who is moved.

A promise is weighed, not counted. A stop served within the tolerance of its announced time bears nothing; beyond it, each
step of a quarter of an hour that has begun counts, squared: one that waits four hours bears more than fifty that wait a
little. A stop that is moved, to another vehicle or out of the order of its own, bears twice what one does that is a step
late. All of this is priced in yuan, and what the routes cost more than going on as planned is added: no change is made at
any price. Saving money is no reason for a change, so that costing less than going on counts for nothing.

Before all that comes what no saving makes up for: a stop that going on as planned would have served about when it was told,
and that would now wait for an hour more.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.routing.day.stop_ids import whole_id
from planner.routing.solution import Route

_SLACK_S = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much a change weighs; all assumed.

    A stop bears the square of its steps of ``step_s`` beyond the tolerance, and ``moved`` for being moved; each of these is
    worth ``step_yuan``. It is given up where it waits ``hours_s`` more than going on would make it, if that were no more
    than ``soon_s`` off what was announced.
    """

    step_s: float = 900.0
    step_yuan: float = 10.0
    moved: int = 2
    soon_s: float = 1800.0
    hours_s: float = 3600.0


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What the stops of one route bear: how many are given up, and the steps that they are off or moved."""

    given_up: int = 0
    steps: int = 0


def steps_off(off_s: float, tolerance_s: float, weights: Weights = WEIGHTS) -> int:
    """Return the square of the steps that a service so much off its announced time is beyond the tolerance."""
    if off_s <= tolerance_s + _SLACK_S:
        return 0
    return math.ceil((off_s - tolerance_s - _SLACK_S) / weights.step_s) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What stops were told, (vehicle, time) by id, and when going on as planned would serve those that it can."""

    told: Mapping[str, tuple[str, float]]
    tolerance_s: float
    going_on: Mapping[str, float]

    def burden_of(self, route: Route | None, weights: Weights = WEIGHTS) -> Burden:
        """Return what a route's stops bear; what was not announced bears nothing."""
        if route is None:
            return Burden()
        vehicle = route.vehicle_type_id
        given_up = steps = 0
        order: list[float] = []
        for stop_id, starts_s in self._visits(route):
            named, told_s = self.told[stop_id]
            steps += steps_off(abs(starts_s - told_s), self.tolerance_s, weights)
            kept_s = self.going_on.get(stop_id)
            soon = kept_s is not None and abs(kept_s - told_s) <= weights.soon_s + _SLACK_S
            given_up += kept_s is not None and soon and starts_s > kept_s + weights.hours_s + _SLACK_S
            if named == vehicle:
                order.append(told_s)
            else:
                steps += weights.moved
        out_of_order = len(order) - _in_order(order)
        return Burden(given_up=given_up, steps=steps + weights.moved * out_of_order)

    def _visits(self, route: Route) -> Iterator[tuple[str, float]]:
        """Yield the visits of announced stops, with the time at which service begins; both halves of one that is two."""
        for visit in route.visits:
            stop_id = whole_id(visit.stop_id)
            if stop_id in self.told:
                yield stop_id, visit.service_start_s


def _in_order(times: list[float]) -> int:
    """Return how many can stay of an order so that the rest alone is moved: the longest row that never goes back.

    Fredman (1975), by binary search.
    """
    ends: list[float] = []
    for time_s in times:
        # of halves at one time the later may not count as going back
        at = bisect_left(ends, math.nextafter(time_s, math.inf))
        ends[at : at + 1] = [time_s]
    return len(ends)
