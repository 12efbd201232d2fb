"""The best routes of all for what is left of a day, where few stops are left and one that may be served is on no route.

Also where announced stops bear anything, or the routes cost more than going on as planned: they might bear less.

Moving stops one by one does not find an order in which two vehicles, or two stops of one, have to change at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.routing.day.search import Driven, ReplanSearch, Routes
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step, with_breaks
from planner.routing.vehicles import VehicleType
from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_never

_MOST_STOPS = 6
"""Stops of which every order is tried, for each vehicle 1,957 of them."""
_MOST_DRIVEN = 20_000
"""Routes that are timed in all, a few tenths of a millisecond each."""
Key = tuple[frozenset[str], frozenset[str]]
"""The stops served, and those among them that were announced otherwise."""


@dataclass(frozen=True, slots=True)
class _Together:
    """Routes of some vehicles: who is given up, the steps that their stops bear, yuan, seconds off the announced times."""

    cost: tuple[int, int, float, float]
    driven: dict[str, Driven]

    def is_beaten_by(self, other: _Together) -> bool:
        """Return whether another does as well in all that counts, and comes first if it is alike."""
        weighed = zip(other.cost[:3], self.cost[:3], strict=True)
        return all(theirs <= mine for theirs, mine in weighed) and other.cost <= self.cost


Front = dict[Key, list[_Together]]
"""For each key what no other beats: who bears less may cost more."""


def with_all_orders_tried(search: ReplanSearch) -> Routes | None:
    """Return the best routes within the bound on changes; None if nobody is left out or bears anything, or for many."""
    free = [stop for stop in search.problem.stops if stop.id not in search.fixed]
    served = {step.id for steps in search.best.values() for step in steps}
    left = [stop for stop in free if stop.id not in served]
    if len(free) > _MOST_STOPS:
        return None
    proofs = Proofs(search.problem)
    missing = any(why_never(search.problem, stop, proofs) is None for stop in left)
    if not missing and not any(search.best_value()[2:4]) and not search.day.improve:
        return None
    begun = search.tried
    plans: Front = {(frozenset(), frozenset()): [_Together((0, 0, 0.0, 0.0), {})]}
    for vehicle, kind in search.kinds.items():
        found = _routes_of(search, vehicle, kind, free, begun + _MOST_DRIVEN)
        if search.tried >= begun + _MOST_DRIVEN:
            return None
        plans = _combined(plans, found, vehicle)
    every = [one.driven for alike in plans.values() for one in alike]
    allowed = [driven for driven in every if search.within_bound(driven) and not search.parted(driven)]
    best = min(allowed, key=search.value, default=None)
    return None if best is None else {vehicle: one.steps for vehicle, one in best.items()}


def _combined(plans: Front, found: Front, vehicle: str) -> Front:
    """Return the plans with each route of one more vehicle that serves none of their stops; of those alike the front."""
    wider: Front = {}
    for (done, changed), alike in plans.items():
        for (more, changed_more), routes in found.items():
            if done & more:
                continue
            key = (done | more, changed | changed_more)
            for plan in alike:
                for route in routes:
                    (a, b, c, d), (e, f, g, h) = plan.cost, route.cost
                    made = _Together((a + e, b + f, c + g, d + h), {**plan.driven, vehicle: route.driven[vehicle]})
                    _keep(wider, key, made)
    return wider


def _keep(front: Front, key: Key, made: _Together) -> None:
    """Put routes among those alike, unless one of these beats them; those that they beat go."""
    alike = front.get(key, [])
    if not any(made.is_beaten_by(one) for one in alike):
        front[key] = [*(one for one in alike if not one.is_beaten_by(made)), made]


def _routes_of(search: ReplanSearch, vehicle: str, kind: VehicleType, free: Sequence[Stop], most: int) -> Front:
    """Return the best routes of a vehicle for each set of stops, those in it that change told apart."""
    now = search.best.get(vehicle, ())
    fixed = [step for step in now if step.id in search.fixed]
    able = [stop for stop in free if not stop.only_vehicles or vehicle in stop.only_vehicles]
    depots = [depot for depot in search.depots if kind.max_reloads and depot.id in kind.reload_depot_ids]
    found: Front = {}
    for order in _orders([], able, depots, kind.max_reloads):
        for steps in with_breaks(order, kind.breaks):
            if search.tried >= most:
                return found
            driven = search.drive(vehicle, [*fixed, *steps])
            if driven is None:
                continue
            key = search.served_by(driven), search.announced_otherwise(driven)
            cost = (driven.burden.given_up, driven.burden.steps, *search.cost_of(driven))
            _keep(found, key, _Together(cost, {vehicle: driven}))
    return found


def _orders(order: list[Step], left: Sequence[Stop], depots: Sequence[Depot], reloads: int) -> Iterator[list[Step]]:
    """Yield every order of some of these stops, none included, with calls to reload in between."""
    if not order or isinstance(order[-1], Stop):
        yield order
    for stop in left:
        yield from _orders([*order, stop], [one for one in left if one is not stop], depots, reloads)
    if reloads and left and not (order and isinstance(order[-1], Depot)):
        for depot in depots:
            yield from _orders([*order, depot], left, depots, reloads - 1)
