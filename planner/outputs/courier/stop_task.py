"""What is to be done at a stop and loaded for a route, as couriers are told it: compared between two versions of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.model import PointDemand
from planner.outputs.courier.courier_day import amounts_and_room
from planner.plans import DayPlan
from planner.routing import Reload, Route, Visit
from planner.words import figures, listed, say

_DIGITS = (0, 1, 2)
"""Parcels, kg and m³ as they are shown: what differs less is no change."""

Amounts = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTask:
    """Parcels, kg and m³ that a stop gets and gives, its produce (village, product, kg), and what its orders ask for."""

    delivered: Amounts
    picked_up: Amounts
    produce: tuple[tuple[str, str, float], ...] = ()
    earliest_s: float | None = None
    latest_s: float | None = None
    cold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLoading:
    """A vehicle that is loaded or driven in another way than published before: amounts loaded for each of its trips.

    ``reordered`` says that stops which it has in both versions come in another order.
    """

    vehicle_id: str
    before: tuple[Amounts, ...]
    after: tuple[Amounts, ...]
    reordered: bool

    def text(self) -> str:
        """Return what changes, old and new."""
        parts = [say("the order of stops is another")] if self.reordered else []
        if self.before == self.after:
            parts.append(say("load by the new loading list: the amounts are as before"))
        else:
            parts.append(
                say(
                    "load by the new loading list: {load} (was {before})",
                    load=_trips(self.after),
                    before=_trips(self.before),
                )
            )
        return say("; ").join(parts)


def tasks_of(plan: DayPlan) -> dict[str, StopTask]:
    """Return what is to be done at each stop that is served."""
    points = plan.van_demand_of_stop
    found = {}
    for visit in (visit for route in plan.routes.routes for visit in route.visits):
        point = points.get(visit.stop_id)
        found[visit.stop_id] = StopTask(
            delivered=_rounded(visit.delivered),
            picked_up=_rounded(visit.picked_up),
            produce=_lots(point),
            earliest_s=point.earliest_s if point else None,
            latest_s=point.latest_s if point else None,
            cold=point is not None and point.cold,
        )
    return found


def _lots(point: PointDemand | None) -> tuple[tuple[str, str, float], ...]:
    produce = point.produce if point else ()
    return tuple(sorted((one.village_id, one.product, round(one.kg, 1)) for one in produce))


def differences(before: StopTask, after: StopTask) -> Iterator[str]:
    """Yield what differs in two tasks, new and old."""
    if before.delivered != after.delivered:
        yield say(
            "down {now}, was {then}", now=amounts_and_room(after.delivered), then=amounts_and_room(before.delivered)
        )
    if before.picked_up != after.picked_up:
        yield say(
            "up {now}, was {then}", now=amounts_and_room(after.picked_up), then=amounts_and_room(before.picked_up)
        )
    if before.produce != after.produce:
        yield say("produce {now}, was {then}", now=_produce(before, after), then=_produce(after, before))
    if before.earliest_s != after.earliest_s:
        yield say("not before {now}, was {then}", now=_clock(after.earliest_s), then=_clock(before.earliest_s))
    if before.latest_s != after.latest_s:
        yield say("not after {now}, was {then}", now=_clock(after.latest_s), then=_clock(before.latest_s))
    if before.cold != after.cold:
        yield say("now cold chain, was not") if after.cold else say("no cold chain any more")


def changed_loadings(before: DayPlan, after: DayPlan) -> tuple[ChangedLoading, ...]:
    """Return the vehicles out in both versions that are loaded otherwise, or drive their stops in another order.

    Of a day that is under way only trips count that have not begun.
    """
    now_s = after.under_way.now_s if after.under_way else None
    old = {route.vehicle_id: route for route in before.routes.routes}
    found = []
    for route in after.routes.routes:
        former = old.get(route.vehicle_id)
        if former is None:
            continue
        lists = [_loaded(one, now_s) for one in (former, route)]
        orders = [[visit.stop_id for visit in one.visits] for one in (former, route)]
        shared = set(orders[0]) & set(orders[1])
        first, second = ([id_ for id_ in order if id_ in shared] for order in orders)
        if lists[0] != lists[1] or first != second:
            found.append(
                ChangedLoading(
                    vehicle_id=route.vehicle_id,
                    before=_sums(former, now_s),
                    after=_sums(route, now_s),
                    reordered=first != second,
                )
            )
    return tuple(found)


def _trips_of(route: Route, after_s: float | None) -> list[list[Visit]]:
    """Return the visits of each trip between two depots, of those only that begin later than a time."""
    trips: list[tuple[float, list[Visit]]] = [(route.start_s, [])]
    for call in route.calls():
        if isinstance(call, Reload):
            trips.append((call.departure_s, []))
        else:
            trips[-1][1].append(call)
    return [visits for begins_s, visits in trips if after_s is None or begins_s > after_s]


def _loaded(route: Route, after_s: float | None) -> list[list[tuple[str, Amounts]]]:
    """Return the loading list by trips: stops that something is brought to, with what is."""
    return [
        [(visit.stop_id, _rounded(visit.delivered)) for visit in trip if any(visit.delivered)]
        for trip in _trips_of(route, after_s)
    ]


def _sums(route: Route, after_s: float | None) -> tuple[Amounts, ...]:
    trips = _trips_of(route, after_s)
    return tuple(
        _rounded([sum(column) for column in zip(*(one.delivered for one in trip), strict=True)]) for trip in trips
    )


def _rounded(amounts: Sequence[float]) -> Amounts:
    return tuple(round(amount, digits) for amount, digits in zip(amounts, _DIGITS, strict=False))


def _trips(loads: Sequence[Amounts]) -> str:
    """Return what is loaded, of several trips each with its number."""
    said = [amounts_and_room(load) if load else "-" for load in loads]
    if len(said) > 1:
        said = [say("trip {number}: {load}", number=number, load=load) for number, load in enumerate(said, start=1)]
    return say("; ").join(said) or "-"


def _produce(other: StopTask, task: StopTask) -> str:
    """Return the produce of a task that differs from another's, by village where one product has several."""
    own = [one for one in task.produce if one not in other.produce]
    several = len({village for village, _, _ in (*own, *other.produce)}) > 1
    return listed([_lot(product, kg) + (f" ({village})" if several else "") for village, product, kg in own]) or "-"


def _lot(product: str, kg: float) -> str:
    return f"{product} {say('{kg} kg', kg=f'{kg:,.1f}')}"


def _clock(at_s: float | None) -> str:
    return "-" if at_s is None else figures.clock(at_s)
