"""A station while its times are sought: its routes, what trucks bring and fetch, the bench, and what is on hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from planner.routing import Route, RoutePlan, RoutingProblem, Stop, Visit
from planner.service.tiers.bench import Job, handle
from planner.service.tiers.problem import TierPoint, TierStation
from planner.service.tiers.solution import Consignment, TierCost
from planner.service.tiers.two_tiers import Batch

_SLACK = 1e-6


@dataclass(slots=True)
class Post:
    """A station while its times are sought: its routes, and its lots down and up."""

    station: TierStation
    points: tuple[TierPoint, ...]
    problem: RoutingProblem
    plan: RoutePlan
    end_by_s: float
    down: list[Batch] = field(default_factory=list)
    up: list[Batch] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)

    def copy(self) -> Post:
        """Return a station whose lots and times may be changed apart from those of this one."""
        down, up = ([replace(lot) for lot in lots] for lots in (self.down, self.up))
        return replace(self, down=down, up=up, jobs=dict(self.jobs))

    def groups(self, *, by_route: bool) -> list[tuple[TierPoint, ...]]:
        """Return the points whose goods travel together."""
        if not by_route:
            return [self.points]
        of = {one.stop.id: one for one in self.points}
        routes = [tuple(of[visit.stop_id] for visit in route.visits) for route in self.plan.routes]
        rest = tuple(of[one.stop_id] for one in self.plan.unassigned)
        return [*routes, *([rest] if rest else [])]


class Style(NamedTuple):
    """How a plan is made: all ``clipped`` to the cut-off, stations' routes ``quick``, trucks that ``wait`` for produce."""

    clipped: bool = False
    quick: bool = False
    waits: bool = False


def comes_too_soon(post: Post, lot: Batch, calls: Mapping[str, Visit]) -> bool:
    """Say whether produce is not ready when the truck comes, or was thought to be ready earlier and is not fetched."""
    call = calls.get(lot.id)
    return (lot.opens_s if call is None else call.service_start_s) < post.jobs[lot.id].ready_s - _SLACK


def stay(post: Post, problem: RoutingProblem) -> tuple[str, tuple[Stop, Stop]] | None:
    """Return the call of a truck that waits at a station, and the second call that is in it; None if there are not two."""
    stops = {stop.id: stop for stop in problem.stops}
    if len(post.down) != 1 or len(post.up) != 1 or post.down[0].id not in stops or post.up[0].id not in stops:
        return None
    down, up = stops[post.down[0].id], stops[post.up[0].id]
    job, back = post.jobs.get(down.id), post.jobs[up.id]
    if job is None:
        return None
    begins = job.ready_s - sorted_after_s(post.down[0])
    lasts = back.ready_s - begins + up.service_duration_s
    closes = max(down.opens_s, min(down.closes_s, up.closes_s - (back.ready_s - begins)))
    both = replace(
        down,
        pickup=up.pickup,
        setup_duration_s=0.0,
        service_duration_s=max(0.0, lasts),
        closes_s=closes,
    )
    return down.id, (both, up)


def sorted_after_s(lot: Batch) -> float:
    """Return how long after the beginning of its call a lot is sorted."""
    return lot.station.call_s + lot.transfer_s + lot.work_s


def time_bench(post: Post, here: Mapping[str, float]) -> None:
    """Set when each lot is handled; ``here`` is when those down are there."""
    down = [Job(lot.id, here[lot.id], lot.work_s) for lot in post.down if lot.id in here]
    back = dict(back_at_depot(post.plan))
    up = [Job(lot.id, max(back.get(point.stop.id, 0.0) for point in lot.points), lot.work_s) for lot in post.up]
    handle(down, up)
    post.jobs = {job.id: job for job in (*down, *up)}


def back_at_depot(plan: RoutePlan) -> Iterator[tuple[str, float]]:
    """Yield when what each stop had collected is at the depot: at the next reload, or at the end."""
    for route in plan.routes:
        for number, visit in enumerate(route.visits):
            if any(visit.picked_up):
                yield visit.stop_id, _handed_over_s(route, number)


def _handed_over_s(route: Route, number: int) -> float:
    return min((one.arrival_s for one in route.reloads if one.after > number), default=route.end_s)


def _taken_on_s(route: Route, number: int) -> float:
    return max((one.departure_s for one in route.reloads if one.after <= number), default=route.start_s)


def peak_on_hand(
    plan: RoutePlan, points: Sequence[TierPoint], lots: Mapping[str, Batch], calls: Mapping[str, Visit]
) -> tuple[float, ...]:
    """Return the most that is at a station at any moment, by dimension; what comes at a moment is there before what goes."""
    of = {point.stop.id: lot for lot in lots.values() for point in lot.points if not lot.up}
    fetched = {point.stop.id: lot for lot in lots.values() for point in lot.points if lot.up}
    leaves, comes = {}, {}
    for route in plan.routes:
        for number, visit in enumerate(route.visits):
            leaves[visit.stop_id] = _taken_on_s(route, number)
            comes[visit.stop_id] = _handed_over_s(route, number)
    events: list[tuple[float, int, tuple[float, ...]]] = []
    for point in points:
        id_ = point.stop.id
        if id_ in of and of[id_].id in calls:
            events.append((calls[of[id_].id].service_start_s, 0, point.stop.delivery))
            events.append((leaves.get(id_, math.inf), 1, point.stop.delivery))
        if id_ in fetched and id_ in comes:
            call = calls.get(fetched[id_].id)
            events.append((comes[id_], 0, point.stop.pickup))
            events.append((call.departure_s if call else math.inf, 1, point.stop.pickup))
    now = [0.0] * len(points[0].stop.delivery)
    most = list(now)
    for _, goes, amount in sorted(events):
        now = [have + (-one if goes else one) for have, one in zip(now, amount, strict=True)]
        most = [max(pair) for pair in zip(most, now, strict=True)]
    return tuple(most)


def consignments_of(posts: Sequence[Post]) -> Iterator[Consignment]:
    """Yield what passes each station, with its times."""
    for post in posts:
        for lot in (*post.down, *post.up):
            if job := post.jobs.get(lot.id):
                yield Consignment(
                    id=lot.id,
                    station_id=post.station.id,
                    up=lot.up,
                    point_ids=tuple(point.stop.id for point in lot.points),
                    amount=lot.amount,
                    here_s=job.here_s,
                    bench=job.spans,
                    ready_s=job.ready_s,
                )


def cost_of(hub: RoutePlan, posts: Sequence[Post]) -> TierCost:
    """Return what the day costs."""
    stations = 0.0
    for post in posts:
        parcels = sum(lot.amount[0] for lot in (*post.down, *post.up))
        stations += post.station.fixed_yuan + parcels * post.station.yuan_per_parcel
    return TierCost(
        hub_yuan=hub.cost_yuan, routes_yuan=math.fsum(post.plan.cost_yuan for post in posts), stations_yuan=stations
    )
