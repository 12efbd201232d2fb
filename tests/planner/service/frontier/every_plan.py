"""All plans of tiny worlds, one after the other: what the search is held against."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from planner.service.frontier import FrontierProblem
from planner.service.frontier.location_routing import LocationRoutingProblem


def partitions(items: list[int]) -> Iterator[list[list[int]]]:
    """Yield every way to share items out among routes."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for parts in partitions(rest):
        yield [[first], *parts]
        for k in range(len(parts)):
            yield [*parts[:k], [first, *parts[k]], *parts[k + 1 :]]


def cheapest_frontier(problem: FrontierProblem) -> list[tuple[float, float]]:
    """Return (covered weight, yearly yuan) of all plans that no other dominates, the cheapest first."""
    found = []
    for count in range(1, problem.limit + 1):
        for sites in itertools.combinations(range(len(problem.site_ids)), count):
            if any(problem.is_forbidden[k] for k in sites) or any(
                problem.is_fixed[k] and k not in sites for k in range(len(problem.site_ids))
            ):
                continue
            if any(problem.must_cover & (problem.access_s[:, list(sites)].min(axis=1) > problem.standard_s)):
                continue
            yuan = float(problem.site_yuan[list(sites)].sum())
            if yuan <= problem.budget_yuan:
                covered, loads = _served(problem, sites)
                found.append((covered, yuan + problem.days * _routes_yuan(problem, list(sites), loads)))
    kept: list[tuple[float, float]] = []
    for covered, yuan in sorted(found, key=lambda one: (one[1], -one[0])):
        if math.isfinite(yuan) and (not kept or covered > kept[-1][0]):
            kept.append((covered, yuan))
    return kept


def _served(problem: FrontierProblem, sites: tuple[int, ...]) -> tuple[float, dict[int, float]]:
    covered, loads = 0.0, dict.fromkeys(sites, 0.0)
    for village, row in enumerate(problem.access_s):
        nearest = min(sites, key=lambda site: (row[site], site))
        loads[nearest] += float(problem.demand[village])
        if row[nearest] <= problem.standard_s:
            covered += float(problem.weight[village])
    return covered, loads


def _routes_yuan(problem: FrontierProblem, sites: list[int], loads: dict[int, float]) -> float:
    best = math.inf
    vehicle, metres = problem.vehicle, problem.distances_m
    for parts in partitions(sites):
        if any(sum(loads[site] for site in part) > vehicle.capacity + 1e-9 for part in parts):
            continue
        yuan = 0.0
        for part in parts:
            shortest = min(
                sum(metres[a, b] for a, b in itertools.pairwise([0, *(site + 1 for site in order), 0]))
                for order in itertools.permutations(part)
            )
            yuan += vehicle.yuan_per_route + vehicle.yuan_per_km * float(shortest) / 1000.0
        best = min(best, yuan)
    return best


def cheapest_location_routing(problem: LocationRoutingProblem) -> float:
    """Return what the cheapest plan costs."""
    depots, customers = len(problem.depot_cost), list(range(len(problem.demand)))
    best = math.inf
    for parts in partitions(customers):
        if any(problem.demand[part].sum() > problem.capacity for part in parts):
            continue
        for driven in itertools.product(range(depots), repeat=len(parts)):
            loads = [
                sum(problem.demand[part].sum() for part, d in zip(parts, driven, strict=True) if d == k)
                for k in range(depots)
            ]
            if any(load > room for load, room in zip(loads, problem.depot_capacity, strict=True)):
                continue
            cost = sum(float(problem.depot_cost[k]) for k in set(driven)) + problem.route_cost * len(parts)
            for part, depot in zip(parts, driven, strict=True):
                cost += _tour(problem, depot, tuple(part))
            best = min(best, cost)
    return best


def _tour(problem: LocationRoutingProblem, depot: int, part: tuple[int, ...]) -> float:
    first = len(problem.depot_cost)
    return min(
        float(sum(problem.cost[a, b] for a, b in itertools.pairwise([depot, *(first + c for c in order), depot])))
        for order in itertools.permutations(part)
    )
