"""The load of a route replayed: what is on board after every call, and whether it fits."""

from __future__ import annotations

from planner.errors import Message
from planner.routing.check.route_replay import LOAD_TOLERANCE, RouteReplay
from planner.routing.solution import Reload, ViolationKind


def replay_loads(replay: RouteReplay) -> None:
    """Replay the load: all deliveries from one depot call on, all pickups up to the next, pairs on board in between."""
    shipped = {id_ for pair in replay.problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    for d, capacity in enumerate(replay.kind.capacity):
        load = _to_deliver(replay, 0, d, shipped)
        on_the_way = 0.0
        _expect_load(replay, "", d, load, replay.route.load_at_start)
        if load > capacity + LOAD_TOLERANCE:
            replay.note(
                ViolationKind.CAPACITY,
                "",
                Message("leaves with {load:g} of {capacity:g} in dimension {d}", load=load, capacity=capacity, d=d),
            )
        for k, call in enumerate(replay.calls):
            if isinstance(call, Reload):
                load = on_the_way + _to_deliver(replay, k + 1, d, shipped)
                name = call.depot_id
            else:
                stop = replay.stops[call.stop_id]
                name = stop.id
                load += stop.pickup[d] - stop.delivery[d]
                on_the_way += stop.pickup[d] - stop.delivery[d] if stop.id in shipped else 0.0
                _expect_load(replay, name, d, stop.delivery[d], call.delivered)
                _expect_load(replay, name, d, stop.pickup[d], call.picked_up)
            _expect_load(replay, name, d, load, call.load_after)
            if load > capacity + LOAD_TOLERANCE:
                replay.note(
                    ViolationKind.CAPACITY,
                    name,
                    Message("carries {load:g} of {capacity:g} in dimension {d}", load=load, capacity=capacity, d=d),
                )


def _to_deliver(replay: RouteReplay, begin: int, d: int, shipped: set[str]) -> float:
    total = 0.0
    for call in replay.calls[begin:]:
        if isinstance(call, Reload):
            return total
        total += 0.0 if call.stop_id in shipped else replay.stops[call.stop_id].delivery[d]
    return total


def _expect_load(replay: RouteReplay, stop_id: str, dimension: int, found: float, claimed: tuple[float, ...]) -> None:
    if len(claimed) <= dimension or abs(claimed[dimension] - found) > LOAD_TOLERANCE:
        message = Message(
            "load is {found:g} in dimension {dimension}, the plan says {claimed}",
            found=found,
            dimension=dimension,
            claimed=str(claimed),
        )
        replay.note(ViolationKind.WRONG_LOAD, stop_id, message)
