"""The check that replays a week from the problem alone, day after day, in code that did not make it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from planner.model import Fact
from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.solution import Week, WeekRoute

_SHARE, _LEAST = 1e-7, 1e-6
"""Two figures are the same if they differ by no more than this share of them, or than this."""


def check_week(problem: WeekProblem, week: Week) -> tuple[Fact, ...]:
    """Return everything wrong with a week, nothing if it can be driven as planned and costs what it says.

    Goods are carried through two weeks in a row: what arrives waits at the hub and what is ready waits at the place until
    a vehicle comes. In the second week each visit must find what the plan counts on, every moment of every route must keep
    the capacity in every dimension, every route its duty, and every day its vehicles.
    """
    known = set(problem.place_ids)
    kinds = {kind.id: kind for kind in problem.vehicles}
    strange = [_strange(problem, route, known, kinds) for route in week.routes]
    if faults := [fact for facts in strange for fact in facts]:
        return tuple(faults)
    return (
        *_visit_faults(problem, week),
        *_vehicle_faults(week, kinds),
        *_load_faults(problem, week, kinds),
        *_cost_faults(problem, week, kinds),
    )


def _strange(problem: WeekProblem, route: WeekRoute, known: set[str], kinds: dict[str, WeekVehicle]) -> list[Fact]:
    """Return what a route names that is not in the problem."""
    facts = [
        Fact(code="week_unknown_place", params={"place_id": id_, "day_number": route.day + 1})
        for id_ in route.place_ids
        if id_ not in known
    ]
    if not route.place_ids:
        facts.append(
            Fact(code="week_empty_route", params={"day_number": route.day + 1, "vehicle_type": route.vehicle_type})
        )
    if not 0 <= route.day < problem.down.shape[1]:
        facts.append(Fact(code="week_unknown_day", params={"day_number": route.day + 1}))
    if route.vehicle_type not in kinds:
        facts.append(
            Fact(code="week_unknown_vehicle", params={"day_number": route.day + 1, "vehicle_type": route.vehicle_type})
        )
    return facts


def _visit_faults(problem: WeekProblem, week: Week) -> Iterator[Fact]:
    """Yield each place that is not visited exactly on the days of an allowed pattern, the one that the week names."""
    visits = Counter((id_, route.day) for route in week.routes for id_ in route.place_ids)
    given_up = {one.place_id for one in week.not_visited}
    if len(week.patterns) != len(problem.place_ids):
        yield Fact(code="week_patterns_missing", params={"amount": len(week.patterns)})
        return
    for place, id_ in enumerate(problem.place_ids):
        on_days = [visits[id_, day] for day in range(problem.down.shape[1])]
        mask = sum(2**day for day, count in enumerate(on_days) if count)
        if any(count > 1 for count in on_days):
            yield Fact(
                code="week_visited_twice_a_day", params={"place_id": id_, "day_number": on_days.index(max(on_days)) + 1}
            )
        if mask != week.patterns[place]:
            yield Fact(
                code="week_not_the_pattern",
                params={"place_id": id_, "planned": _numbers(week.patterns[place]), "visited": _numbers(mask)},
            )
        if mask == 0 and id_ not in given_up:
            yield Fact(code="week_never_visited", params={"place_id": id_})
        if mask != 0 and (id_ in given_up or mask not in problem.patterns[place]):
            yield Fact(code="week_pattern_not_allowed", params={"place_id": id_, "visited": _numbers(mask)})


def _vehicle_faults(week: Week, kinds: dict[str, WeekVehicle]) -> Iterator[Fact]:
    """Yield each vehicle that there is not on the day, or that drives twice."""
    used = Counter((route.day, route.vehicle_type, route.vehicle) for route in week.routes)
    for (day, kind, vehicle), count in sorted(used.items()):
        params: dict[str, str | int | float | Fact | tuple[str | int | float | Fact, ...]]
        params = {"day_number": day + 1, "vehicle_type": kind, "vehicle_number": vehicle + 1}
        if not 0 <= vehicle < kinds[kind].number[day]:
            yield Fact(code="week_no_such_vehicle", params=params)
        if count > 1:
            yield Fact(code="week_vehicle_drives_twice", params=params)


def _load_faults(problem: WeekProblem, week: Week, kinds: dict[str, WeekVehicle]) -> Iterator[Fact]:
    """Yield each route beyond its vehicle's capacity or duty, or with other figures than the week says."""
    days, dimensions = problem.down.shape[1], range(len(problem.dimensions))
    index = {id_: place for place, id_ in enumerate(problem.place_ids)}
    waiting_down = [[0.0 for _ in dimensions] for _ in index]
    waiting_up = [[0.0 for _ in dimensions] for _ in index]
    for day in range(2 * days):
        for place in index.values():
            for d in dimensions:
                waiting_down[place][d] += float(problem.down[place, day % days, d])
                waiting_up[place][d] += float(problem.up[place, day % days, d])
        for route in week.routes:
            if route.day != day % days:
                continue
            brings, takes = [], []
            for id_ in route.place_ids:
                place = index[id_]
                brings.append([waiting_down[place][d] + float(problem.down_a_visit[place, d]) for d in dimensions])
                takes.append([waiting_up[place][d] + float(problem.up_a_visit[place, d]) for d in dimensions])
                waiting_down[place] = [0.0 for _ in dimensions]
                waiting_up[place] = [0.0 for _ in dimensions]
            if day >= days:
                yield from _route_faults(problem, route, kinds[route.vehicle_type], brings, takes)


def _route_faults(
    problem: WeekProblem, route: WeekRoute, kind: WeekVehicle, brings: list[list[float]], takes: list[list[float]]
) -> Iterator[Fact]:
    """Yield what is wrong with a route that brings and takes so much at each of its stops, by dimension."""
    named: dict[str, str | int] = {
        "day_number": route.day + 1,
        "vehicle_type": route.vehicle_type,
        "vehicle_number": route.vehicle + 1,
    }
    for d, dimension in enumerate(problem.dimensions):
        on_board = sum(one[d] for one in brings)
        peak, total_up = on_board, 0.0
        for brought, taken in zip(brings, takes, strict=True):
            on_board += taken[d] - brought[d]
            total_up += taken[d]
            peak = max(peak, on_board)
        if peak > kind.capacity[d] and not _same(peak, kind.capacity[d]):
            yield Fact(
                code="week_overloaded",
                params={**named, "dimension": dimension, "amount": peak, "most_amount": kind.capacity[d]},
            )
        said = (route.down[d], route.up[d], route.peak[d])
        for what, ours, theirs in zip(
            ("down", "up", "peak"), (sum(one[d] for one in brings), total_up, peak), said, strict=True
        ):
            if not _same(ours, theirs):
                yield Fact(
                    code="week_load_misstated",
                    params={**named, "dimension": dimension, "which": what, "amount": ours, "said_amount": theirs},
                )
    seconds, metres, here = 0.0, 0.0, 0
    index = {id_: place for place, id_ in enumerate(problem.place_ids)}
    for id_, brought, taken in zip(route.place_ids, brings, takes, strict=True):
        place = index[id_]
        seconds += float(problem.durations_s[kind.profile, here, place + 1]) + float(problem.service_s[place])
        seconds += float(problem.service_s_a_parcel[place]) * (brought[0] + taken[0])
        metres += float(problem.distances_m[kind.profile, here, place + 1])
        here = place + 1
    seconds += float(problem.durations_s[kind.profile, here, 0])
    metres += float(problem.distances_m[kind.profile, here, 0])
    if not (math.isfinite(seconds) and math.isfinite(metres)):
        yield Fact(code="week_no_way", params={**named})
    elif seconds > kind.duty_s and not _same(seconds, kind.duty_s):
        yield Fact(code="week_duty_too_long", params={**named, "duty_s": seconds, "duty_limit_s": kind.duty_s})
    if not _same(seconds, route.duration_s) or not _same(metres, route.distance_m):
        yield Fact(code="week_travel_misstated", params={**named, "travel_s": seconds, "length_m": metres})


def _cost_faults(problem: WeekProblem, week: Week, kinds: dict[str, WeekVehicle]) -> Iterator[Fact]:
    """Yield each part of the cost that is another than the routes add up to; their figures are checked by themselves."""
    fixed = distance = time = 0.0
    vehicles_of: dict[str, set[tuple[str, int]]] = {id_: set() for id_ in problem.place_ids}
    day_hours = [0.0] * problem.down.shape[1]
    vehicle_hours: dict[tuple[str, int], float] = {}
    out: dict[str, list[int]] = {id_: [0] * problem.down.shape[1] for id_ in kinds}
    for route in week.routes:
        kind, hours = kinds[route.vehicle_type], route.duration_s / 3600
        fixed += kind.fixed_yuan
        distance += kind.yuan_per_km * route.distance_m / 1000
        time += kind.yuan_per_hour * hours
        day_hours[route.day] += hours
        out[route.vehicle_type][route.day] += 1
        mine = (route.vehicle_type, route.vehicle)
        vehicle_hours[mine] = vehicle_hours.get(mine, 0.0) + hours
        for id_ in route.place_ids:
            vehicles_of[id_].add(mine)
    with_vehicles = [h for day, h in enumerate(day_hours) if any(kind.number[day] for kind in problem.vehicles)]
    parts = {
        "fixed_yuan": fixed,
        "distance_yuan": distance,
        "time_yuan": time,
        "consistency_yuan": problem.consistency_yuan * sum(max(0, len(one) - 1) for one in vehicles_of.values()),
        "day_balance_yuan": problem.day_balance_yuan * _from_mean(with_vehicles),
        "vehicle_balance_yuan": problem.vehicle_balance_yuan * _from_mean(list(vehicle_hours.values())),
        "fleet_yuan": math.fsum(kind.fleet_yuan * max(0, max(out[id_]) - kind.owned) for id_, kind in kinds.items()),
    }
    for name, ours in parts.items():
        if not _same(ours, getattr(week.cost, name)):
            yield Fact(
                code="week_cost_misstated",
                params={"which": name, "sum_yuan": ours, "said_yuan": getattr(week.cost, name)},
            )


def _numbers(mask: int) -> tuple[int, ...]:
    """Return the days of a pattern as people count them, from 1."""
    return tuple(day + 1 for day in range(mask.bit_length()) if mask & 2**day)


def _from_mean(hours: list[float]) -> float:
    mean = math.fsum(hours) / max(1, len(hours))
    return math.fsum(abs(one - mean) for one in hours)


def _same(a: float, b: float) -> bool:
    return a == b or math.isclose(a, b, rel_tol=_SHARE, abs_tol=_LEAST)
