"""The best routes of all for what is left of a day, where few stops are left and one that may be served is on no route.

Also where announced stops change: fewer might have to.

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
    """Routes of some vehicles, and what they cost: visits by another vehicle, yuan, seconds off the announced times."""

    cost: tuple[int, float, float]
    driven: dict[str, Driven]


def with_all_orders_tried(search: ReplanSearch) -> Routes | None:
    """Return the best routes within the bound on changes; None if nothing is left out or changed, or too many orders."""
    free = [stop for stop in search.problem.stops if stop.id not in search.fixed]
    served = {step.id for steps in search.best.values() for step in steps}
    left = [stop for stop in free if stop.id not in served]
    if len(free) > _MOST_STOPS or not (left or search.best_changes()):
        return None
    proofs = Proofs(search.problem)
    dropped = sum(stop.id in search.rest.announced for stop in left)
    if all(why_never(search.problem, stop, proofs) is not None for stop in left) and search.best_changes() <= dropped:
        return None
    begun = search.tried
    plans: dict[Key, _Together] = {(frozenset(), frozenset()): _Together((0, 0.0, 0.0), {})}
    for vehicle, kind in search.kinds.items():
        found = _routes_of(search, vehicle, kind, free, begun + _MOST_DRIVEN)
        if search.tried >= begun + _MOST_DRIVEN:
            return None
        plans = _combined(plans, found, vehicle)
    allowed = [
        one.driven for one in plans.values() if search.within_bound(one.driven) and not search.parted(one.driven)
    ]
    best = min(allowed, key=search.value, default=None)
    return None if best is None else {vehicle: one.steps for vehicle, one in best.items()}


def _combined(plans: dict[Key, _Together], found: dict[Key, _Together], vehicle: str) -> dict[Key, _Together]:
    """Return the plans with each route of one more vehicle that serves none of their stops; the cheapest of those alike."""
    wider: dict[Key, _Together] = {}
    for (done, changed), plan in plans.items():
        for (more, changed_more), route in found.items():
            if done & more:
                continue
            key = (done | more, changed | changed_more)
            (a, b, c), (d, e, f) = plan.cost, route.cost
            cost = (a + d, b + e, c + f)
            if key not in wider or cost < wider[key].cost:
                wider[key] = _Together(cost, {**plan.driven, vehicle: route.driven[vehicle]})
    return wider


def _routes_of(
    search: ReplanSearch, vehicle: str, kind: VehicleType, free: Sequence[Stop], most: int
) -> dict[Key, _Together]:
    """Return the cheapest route of a vehicle for each set of stops, those in it that change told apart."""
    now = search.best.get(vehicle, ())
    fixed = [step for step in now if step.id in search.fixed]
    able = [stop for stop in free if not stop.only_vehicles or vehicle in stop.only_vehicles]
    depots = [depot for depot in search.depots if kind.max_reloads and depot.id in kind.reload_depot_ids]
    found: dict[Key, _Together] = {}
    for order in _orders([], able, depots, kind.max_reloads):
        for steps in with_breaks(order, kind.breaks):
            if search.tried >= most:
                return found
            driven = search.drive(vehicle, [*fixed, *steps])
            if driven is None:
                continue
            key = search.served_by(driven), search.announced_otherwise(driven)
            cost = search.cost_of(driven)
            if key not in found or cost < found[key].cost:
                found[key] = _Together(cost, {vehicle: driven})
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
