"""Compiled Lagrangian dual: reduced costs, choice of sites, subgradient, and the ascent that joins them.

Relaxing "every row is served once" with multipliers ``u`` leaves ``L(u) = sum(u) + sum of the p least rho_j`` with
``rho_j = sum_i min(0, c_ij - u_i)``: a bound for any ``0 <= u <= cap`` (Cornuejols, Fisher & Nemhauser 1977).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.coverage.engine.pace import FALL_BACK, FLAT, STOP, best_so_far, deflected, set_out, stride, what_next
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import FREE, OPEN, StatusArray
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray


@kernel
def add_reduced_costs(served: Served, u: FloatArray, rho: FloatArray) -> None:
    """Add each site's reduced cost to ``rho``; rows are sorted, so a row ends at its first cost not below ``u``."""
    for i in range(len(u)):
        limit = u[i]
        for q in range(served.row_starts[i], served.row_starts[i + 1]):
            difference = served.row_costs[q] - limit
            if difference >= 0.0:
                break
            rho[served.row_sites[q]] += difference


@kernel
def reduced_costs(served: Served, u: FloatArray, rho: FloatArray) -> None:
    """Write each site's reduced cost into ``rho``."""
    rho[:] = 0.0
    add_reduced_costs(served, u, rho)


@kernel
def choose(rho: FloatArray, status: StatusArray, p: int, chosen: BoolArray) -> tuple[float, float, float]:
    """Mark fixed sites and the best free ones up to ``p``; return their sum, the last taken and the first left out."""
    total, taken = 0.0, 0
    free = np.empty(len(rho), dtype=np.float64)
    count = 0
    for j in range(len(rho)):
        chosen[j] = status[j] == OPEN
        if status[j] == OPEN:
            total += rho[j]
            taken += 1
        elif status[j] == FREE:
            free[count] = rho[j]
            count += 1
    room = min(p - taken, count)
    if room <= 0:
        return total, -np.inf, free[:count].min() if count else 0.0
    parts = np.partition(free[:count], room - 1)
    last = parts[room - 1]
    following = parts[room:].min() if count > room else 0.0
    below = 0
    for k in range(count):
        if free[k] < last:
            below += 1
    ties = room - below
    for j in range(len(rho)):
        if status[j] == FREE and (rho[j] < last or (rho[j] == last and ties > 0)):
            chosen[j] = True
            total += rho[j]
            if rho[j] == last:
                ties -= 1
    return total, last, following


@kernel
def service_gap(served: Served, u: FloatArray, chosen: BoolArray, gradient: FloatArray) -> None:
    """Write 1 minus how often the chosen sites serve each row, the slope of the bound in ``u``."""
    for i in range(len(u)):
        slope = 1.0
        for q in range(served.row_starts[i], served.row_starts[i + 1]):
            if served.row_costs[q] >= u[i]:
                break
            if chosen[served.row_sites[q]]:
                slope -= 1.0
        gradient[i] = slope


@kernel
def move(u: FloatArray, direction: FloatArray, step: float, cap: FloatArray) -> None:
    """Step along the direction and stay within 0 and ``cap``."""
    for i in range(len(u)):
        u[i] = min(max(u[i] + step * direction[i], 0.0), cap[i])


@kernel
def deflect(pace: Any, u: FloatArray, gradient: FloatArray, direction: FloatArray, cap: FloatArray) -> float:
    """Blend the gradient into the direction; return its squared length, not counting what the limits forbid."""
    memory, norm = pace.memory, 0.0
    for i in range(len(u)):
        direction[i] = deflected(memory, gradient[i], direction[i], u[i] <= 0.0, u[i] >= cap[i])
        norm += direction[i] * direction[i]
    return norm


class Ascent(NamedTuple):
    """What an ascent carries on: the best multipliers and their reduced costs, the direction, and choices so far.

    ``often`` (sites,) is a running mean of how often each site was chosen; ``pace`` is by `new_pace`.
    """

    u: FloatArray
    rho: FloatArray
    direction: FloatArray
    often: FloatArray
    pace: Any


@kernel
def ascend(served: Served, status: StatusArray, p: int, state: Ascent, iterations: int) -> float:
    """Raise the bound by deflected subgradient steps from ``state.u``; return the best, leaving its multipliers there."""
    pace, direction = state.pace, state.direction
    u, rho, gradient = state.u.copy(), np.empty(len(status)), np.empty(len(state.u))
    chosen = np.zeros(len(status), dtype=np.bool_)
    set_out(pace)
    for _ in range(iterations):
        reduced_costs(served, u, rho)
        total, _last, _next = choose(rho, status, p, chosen)
        current = u.sum() + total
        for j in range(len(rho)):
            state.often[j] = 0.9 * state.often[j] + (0.1 if chosen[j] else 0.0)
        if best_so_far(pace, current):
            state.u[:] = u
            state.rho[:] = rho
        following = what_next(pace)
        if following == STOP:
            break
        if following == FALL_BACK:
            u[:] = state.u
            direction[:] = 0.0
            continue
        service_gap(served, u, chosen, gradient)
        norm = deflect(pace, u, gradient, direction, served.cap)
        if norm < FLAT:
            break
        move(u, direction, stride(pace, current, norm), served.cap)
    return float(pace.bound)
