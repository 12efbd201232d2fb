"""How every annealing here cools down and what it accepts (Kirkpatrick, Gelatt & Vecchi 1983)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel


class Heat(NamedTuple):
    """First and last temperature, in units of the gain, and the moves that lie between them."""

    first: float
    last: float
    moves: int


@kernel
def cooling(heat: Heat) -> float:
    """Return the factor by which each move lowers the temperature."""
    return float((heat.last / heat.first) ** (1.0 / max(heat.moves, 1)))


@kernel
def chance(gain: float, temperature: float) -> float:
    """Return how likely a move is accepted that gains less than nothing."""
    return float(np.exp(gain / temperature))


@kernel
def accepts(gain: float, temperature: float, random: np.random.Generator) -> bool:
    """Return whether a move is accepted; it draws only where the move loses, and without heat it loses never."""
    if gain < 0.0:
        return bool(temperature > 0.0 and random.random() < chance(gain, temperature))
    return True
