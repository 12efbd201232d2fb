"""How unlike the vehicles of a place, the days, and the vehicles are, which the search may be asked to make small."""

from __future__ import annotations

from planner.kernels import inlined, lean_kernel
from planner.service.week.engine.arrays import WeekSearch, WeekWorld
from planner.units import FloatArray

_HOUR_S = 3600.0


@lean_kernel
def spread_yuan(world: WeekWorld, search: WeekSearch) -> float:
    """Return what inconsistency and imbalance of the current week are weighted with."""
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
    return yuan


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
