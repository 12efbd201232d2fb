"""From a week to the arrays of a search, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from planner.service.week.engine.anneal import load_best
from planner.service.week.engine.arrays import BEST_OVER, NONE, WeekSearch, WeekWorld
from planner.service.week.engine.build import visit_goods
from planner.service.week.patterns import days_of, pattern_of
from planner.service.week.problem import METRES_PER_KM, WeekProblem
from planner.service.week.solution import NotVisited, Week, WeekCost, WeekRoute
from planner.units import SECONDS_PER_HOUR, FloatArray, IntArray


def enter_week(problem: WeekProblem, world: WeekWorld, search: WeekSearch, start: Week) -> None:
    """Put the places of a week on their routes whose pattern is among the options; the others are left to be inserted."""
    node = {id_: place + 1 for place, id_ in enumerate(problem.place_ids)}
    first_slot = {kind.id: int(world.first_slot[k]) for k, kind in enumerate(problem.vehicles)}
    count = {kind.id: kind.number for kind in problem.vehicles}
    on_days: dict[int, set[int]] = {}
    rows: dict[int, list[int]] = {}
    for route in start.routes:
        if route.vehicle_type in first_slot and route.vehicle < count[route.vehicle_type][route.day]:
            slot = first_slot[route.vehicle_type] + route.vehicle
            rows[route.day * world.slots + slot] = [node[id_] for id_ in route.place_ids if id_ in node]
    for row, places in rows.items():
        for place in places:
            on_days.setdefault(place, set()).add(row // world.slots)
    search.best_option[:], search.best_size[:] = NONE, 0
    for place, days in on_days.items():
        for option in range(world.first_option[place], world.first_option[place + 1]):
            if set(np.flatnonzero(world.option_variant[option] != NONE).tolist()) == days:
                search.best_option[place] = option
    for row, places in rows.items():
        kept = [place for place in places if search.best_option[place] != NONE]
        search.best_size[row] = len(kept)
        search.best_stop[row, : len(kept)] = kept
    load_best(world, search)


def read_week(
    problem: WeekProblem, world: WeekWorld, search: WeekSearch, not_visited: Sequence[NotVisited], steps: int
) -> Week:
    """Return the best week of a search."""
    load_best(world, search)
    routes = [
        _route(problem, world, search, int(row)) for row in np.flatnonzero(search.best_size)
    ]  # by day, type and vehicle
    patterns = []
    for place in range(1, problem.places + 1):
        option = search.best_option[place]
        patterns.append(
            0 if option == NONE else pattern_of(np.flatnonzero(world.option_variant[option] != NONE).tolist())
        )
    return Week(
        patterns=tuple(patterns),
        routes=tuple(routes),
        cost=_cost(problem, routes),
        not_visited=tuple(not_visited),
        holds=not routes or bool(search.figures[BEST_OVER] == 0.0),
        steps=steps,
    )


def _route(problem: WeekProblem, world: WeekWorld, search: WeekSearch, row: int) -> WeekRoute:
    slot, size = row % world.slots, int(search.best_size[row])
    kind = int(world.kind_of_slot[slot])
    stops: IntArray = search.best_stop[row, :size].copy()
    nodes = np.array([0, *stops, 0])
    profile = problem.vehicles[kind].profile
    goods = [_goods(problem, world, search, int(place), row // world.slots) for place in stops]
    down, up = (np.array([one[side] for one in goods]) for side in (0, 1))
    loads: FloatArray = np.vstack([down.sum(axis=0), down.sum(axis=0) + np.cumsum(up - down, axis=0)])
    return WeekRoute(
        day=row // world.slots,
        vehicle_type=problem.vehicles[kind].id,
        vehicle=slot - int(world.first_slot[kind]),
        place_ids=tuple(problem.place_ids[place - 1] for place in stops),
        distance_m=float(problem.distances_m[profile, nodes[:-1], nodes[1:]].sum()),
        duration_s=float(problem.durations_s[profile, nodes[:-1], nodes[1:]].sum() + sum(one[2] for one in goods)),
        down=tuple(down.sum(axis=0).tolist()),
        up=tuple(up.sum(axis=0).tolist()),
        peak=tuple(loads.max(axis=0).tolist()),
    )


def _goods(
    problem: WeekProblem, world: WeekWorld, search: WeekSearch, place: int, day: int
) -> tuple[FloatArray, FloatArray, float]:
    """Return what a visit of a day delivers and collects in all dimensions, and its seconds."""
    visits = np.flatnonzero(world.option_variant[search.best_option[place]] != NONE).tolist()
    return visit_goods(problem, place - 1, day, visits[visits.index(day) - 1])


def _cost(problem: WeekProblem, routes: Sequence[WeekRoute]) -> WeekCost:
    kinds = {kind.id: kind for kind in problem.vehicles}
    visitors: dict[str, set[tuple[str, int]]] = {}
    by_day = dict.fromkeys(days_of(problem.open_days()), 0.0)
    by_vehicle: dict[tuple[str, int], float] = {}
    driving = Counter((route.vehicle_type, route.day) for route in routes)
    for route in routes:
        hours, vehicle = route.duration_s / SECONDS_PER_HOUR, (route.vehicle_type, route.vehicle)
        by_day[route.day] += hours
        by_vehicle[vehicle] = by_vehicle.get(vehicle, 0.0) + hours
        for id_ in route.place_ids:
            visitors.setdefault(id_, set()).add(vehicle)
    return WeekCost(
        fixed_yuan=sum(kinds[route.vehicle_type].fixed_yuan for route in routes),
        distance_yuan=sum(kinds[route.vehicle_type].yuan_per_km * route.distance_m / METRES_PER_KM for route in routes),
        time_yuan=sum(kinds[r.vehicle_type].yuan_per_hour * r.duration_s / SECONDS_PER_HOUR for r in routes),
        consistency_yuan=problem.consistency_yuan * sum(len(one) - 1 for one in visitors.values()),
        day_balance_yuan=problem.day_balance_yuan * _spread(list(by_day.values())),
        vehicle_balance_yuan=problem.vehicle_balance_yuan * _spread(list(by_vehicle.values())),
        fleet_yuan=sum(
            kind.fleet_yuan * max(0, max(driving[id_, day] for day in range(problem.days)) - kind.owned)
            for id_, kind in kinds.items()
        ),
    )


def _spread(hours: list[float]) -> float:
    mean = sum(hours) / len(hours) if hours else 0.0
    return sum(abs(one - mean) for one in hours)
