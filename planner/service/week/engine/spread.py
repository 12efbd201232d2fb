"""What no route costs by itself: how unlike the vehicles of a place, the days and the vehicles are, and the fleet."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.service.week.engine.arrays import WeekSearch, WeekWorld
from planner.units import FloatArray

_HOUR_S = 3600.0


@lean_kernel
def spread_yuan(world: WeekWorld, search: WeekSearch) -> float:
    """Return what inconsistency and imbalance of the current week are weighted with, and what its fleet costs."""
    yuan = 0.0
    if world.consistency > 0.0:
        for place in range(1, world.places + 1):
            vehicles = 0
            for slot in range(world.slots):
                vehicles += search.routes.times_of[place, slot] > 0
            yuan += world.consistency * max(0, vehicles - 1)
    if world.day_balance + world.vehicle_balance > 0.0:
        duties = search.duties
        for k in range(len(duties)):
            duties[k] = 0.0
        for route in range(len(search.routes.size)):
            duties[route // world.slots] += search.routes.seconds[route] / _HOUR_S
            duties[world.days + route % world.slots] += search.routes.seconds[route] / _HOUR_S
        yuan += world.day_balance * _open_days_spread(world, duties)
        yuan += world.vehicle_balance * _used_spread(duties, world.days, len(duties))
    if world.prices_fleet:
        count_used(world, search)
        for kind in range(len(world.fleet_yuan)):
            yuan += world.fleet_yuan[kind] * max(0, _most_used(world, search, kind) - world.owned[kind])
    return yuan


@lean_kernel
def count_used(world: WeekWorld, search: WeekSearch) -> None:
    """Count the vehicles of each kind that drive on each day."""
    for day in range(world.days):
        for kind in range(len(world.fleet_yuan)):
            search.used[day, kind] = 0
        for slot in range(world.slots):
            if search.routes.size[day * world.slots + slot] > 0:
                search.used[day, world.kind_of_slot[slot]] += 1


@inlined
def opening_yuan(world: WeekWorld, search: WeekSearch, day: int, kind: int) -> float:
    """Return what the fleet costs more if one vehicle more of a kind drives on a day, as they were last counted."""
    if world.fleet_yuan[kind] == 0.0:
        return 0.0
    there = max(world.owned[kind], _most_used(world, search, kind))
    return float(world.fleet_yuan[kind] if search.used[day, kind] >= there else 0.0)


@inlined
def _most_used(world: WeekWorld, search: WeekSearch, kind: int) -> int:
    """Return how many vehicles of a kind drive on the day with the most of them."""
    most = 0
    for day in range(world.days):
        most = max(most, search.used[day, kind])
    return most


@inlined
def _open_days_spread(world: WeekWorld, duties: FloatArray) -> float:
    """Return by how many hours in all the days with vehicles differ from their mean."""
    total, count = 0.0, 0
    for day in range(world.days):
        if world.day_open[day]:
            total += duties[day]
            count += 1
    spread = 0.0
    for day in range(world.days):
        if world.day_open[day]:
            spread += abs(duties[day] - total / count)
    return spread


@inlined
def _used_spread(duties: FloatArray, first: int, beyond: int) -> float:
    """Return by how many hours in all the used vehicles differ from their mean."""
    total, count = 0.0, 0
    for k in range(first, beyond):
        if duties[k] > 0.0:
            total += duties[k]
            count += 1
    spread = 0.0
    for k in range(first, beyond):
        if duties[k] > 0.0:
            spread += abs(duties[k] - total / count)
    return spread
