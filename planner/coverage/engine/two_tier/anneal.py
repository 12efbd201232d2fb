"""Compiled annealing of a choice of points and stations."""

from __future__ import annotations

import numpy as np

from planner.coverage.engine.acceptance import Heat, accepts, chance, cooling
from planner.coverage.engine.status import FREE
from planner.coverage.engine.two_tier.choice import WORTH, Choice, become, begin_notes, empty_choice, leave, take_back
from planner.coverage.engine.two_tier.dual import Tiers
from planner.coverage.engine.two_tier.moves import change_station, try_point
from planner.kernels import kernel


@kernel
def near_station(tiers: Tiers, choice: Choice, opening: int, random: np.random.Generator) -> int:
    """Return an open station that may close, if the draw finds one that shares a point with this one; -1 for none."""
    first, last = tiers.station_starts[opening], tiers.station_starts[opening + 1]
    pick, seen = -1, 0
    if first < last:
        j = tiers.station_points[random.integers(first, last)]
        for q in range(tiers.reach_starts[j], tiers.reach_starts[j + 1]):
            s = tiers.reach_stations[q]
            if choice.stations[s] and tiers.station_status[s] == FREE:
                seen += 1
                if random.integers(0, seen) == 0:
                    pick = int(s)
    for _ in range(20):
        if pick >= 0:
            break
        other = random.integers(0, len(tiers.room))
        if choice.stations[other] and tiers.station_status[other] == FREE:
            pick = int(other)
    return pick


@kernel
def wanted_point(tiers: Tiers, choice: Choice, random: np.random.Generator) -> int:
    """Return a point that may open in reach of a row not covered, -1 if ten draws find none."""
    for _ in range(10):
        i = random.integers(0, len(tiers.need))
        if choice.hits[i] < tiers.need[i]:
            j = tiers.row_points[random.integers(tiers.row_starts[i], tiers.row_starts[i + 1])]
            return int(j) if tiers.point_status[j] == FREE else -1
    return -1


@kernel
def change_at_heat(tiers: Tiers, choice: Choice, opening: int, temperature: float, random: np.random.Generator) -> None:
    """Open a closed station, for an open one if the draw finds one, and take it back if that is not accepted."""
    closing = near_station(tiers, choice, opening, random)
    begin_notes(choice)
    before = choice.totals.copy()
    done = change_station(tiers, choice, closing, opening, random)
    if not done or not accepts(choice.totals[WORTH] - before[WORTH], temperature, random):
        choice.stations[opening] = False
        if closing >= 0:
            choice.stations[closing] = True
        take_back(tiers, choice)
        choice.totals[:] = before


@kernel
def anneal_tiers(
    tiers: Tiers, choice: Choice, heat: Heat, shares: tuple[float, float], random: np.random.Generator
) -> Choice:
    """Swap points and stations at falling temperature; return the best choice found.

    ``shares`` are the parts of the moves that change a station, and of the points that are drawn near a row not covered.
    ``choice`` is left as the last one, so that cooling can go on from there.
    """
    station_share, row_share = shares
    best, best_stations, best_at = choice.opened.copy(), choice.stations.copy(), choice.at.copy()
    most = choice.totals[WORTH]
    free = np.flatnonzero(tiers.point_status == FREE)
    free_stations = np.flatnonzero(tiers.station_status == FREE)
    if len(free) == 0:
        return choice
    temperature, ratio = heat.first, cooling(heat)
    for _ in range(heat.moves):
        temperature *= ratio
        if len(free_stations) > 0 and random.random() < station_share:
            opening = free_stations[random.integers(0, len(free_stations))]
            if choice.stations[opening]:
                continue
            change_at_heat(tiers, choice, opening, temperature, random)
        else:
            j = wanted_point(tiers, choice, random) if random.random() < row_share else -1
            if j < 0:
                j = free[random.integers(0, len(free))]
            if not choice.opened[j]:
                try_point(tiers, choice, j, temperature, random)
            elif random.random() < 0.1 and random.random() < chance(-choice.score[j], temperature):
                leave(tiers, choice, j)
        if choice.totals[WORTH] > most + 1e-9:
            most = choice.totals[WORTH]
            best[:], best_stations[:], best_at[:] = choice.opened, choice.stations, choice.at
    found = empty_choice(tiers, choice.weight)
    become(tiers, found, best, best_stations, best_at)
    return found
