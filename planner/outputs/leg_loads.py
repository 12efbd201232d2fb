"""What a vehicle carries both ways on each leg: down, to be handed out further on, and up, to be brought to the depot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.routing import Reload, Route, Visit

Amounts = tuple[float, ...]


class BothWays(NamedTuple):
    """What is on board, by dimension (parcels, kg, m³): ``down`` is handed out on the way, ``up`` was collected."""

    down: Amounts
    up: Amounts


def leg_loads(route: Route) -> list[BothWays]:
    """Return what is on board on each leg of a route, in driving order; down and up add up to its load."""
    return [_parted(leg.load, _handed_out(route, leg.call)) for leg in route.legs()]


def loaded_in_all(route: Route) -> Amounts:
    """Return what a vehicle leaves depots with, over all its trips: what is on board when each of them begins, added up."""
    trips = [route.load_at_start, *(reload.load_after for reload in route.reloads)]
    return tuple(sum(column) for column in zip(*trips, strict=True))


def _handed_out(route: Route, first: Visit | Reload | None) -> Sequence[Amounts]:
    """Return what is handed out from one call on until the next depot."""
    if first is None:
        return ()
    calls = route.calls()
    found = []
    for call in calls[next(at for at, call in enumerate(calls) if call is first) :]:
        if isinstance(call, Reload):
            break
        found.append(call.delivered)
    return found


def _parted(load: Amounts, later: Sequence[Amounts]) -> BothWays:
    # never more than is on board: what is fetched at one stop for another is up until it is handed out
    sums = [sum(column) for column in zip(*later, strict=True)] if later else [0.0] * len(load)
    down = tuple(min(part, whole) for part, whole in zip(sums, load, strict=True))
    up = tuple(whole - part if whole - part > 1e-6 else 0.0 for part, whole in zip(down, load, strict=True))
    return BothWays(down, up)
