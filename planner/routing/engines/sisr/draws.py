"""Random draws inside compiled code, the same on every machine: xorshift64* (Vigna 2016) on a state of one word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.kernels import lean_kernel

WordArray = npt.NDArray[np.uint64]

_A, _B, _C = np.uint64(12), np.uint64(25), np.uint64(27)
_FACTOR = np.uint64(2685821657736338717)
_TOP = np.uint64(11)
_UNIT = 1.0 / (1 << 53)


def new_source(seed: int) -> WordArray:
    """Return the state for a seed; any whole number is a seed."""
    words = np.random.SeedSequence(abs(seed) * 2 + (seed < 0)).generate_state(1, np.uint64)
    return words.astype(np.uint64) | np.uint64(1)


@lean_kernel
def draw(source: WordArray) -> float:
    """Return a number in [0, 1) and move the source on."""
    x = source[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    source[0] = x
    return float((x * _FACTOR) >> _TOP) * _UNIT


@lean_kernel
def draw_below(source: WordArray, limit: int) -> int:
    """Return a whole number in [0, limit)."""
    return min(int(draw(source) * limit), limit - 1)
