"""Parts → whole numbers whose sum is that of the parts, rounded."""

from __future__ import annotations

from collections.abc import Sequence


def round_to_total(amounts: Sequence[float]) -> list[int]:
    """Return whole numbers whose sum is the rounded sum (largest remainder; ties to the earlier).

    Examples
    --------
    >>> round_to_total([1.5, 1.5, 0.9]), round_to_total([])
    ([2, 1, 1], [])
    """
    floors = [int(amount) for amount in amounts]
    missing = round(sum(amounts)) - sum(floors)
    by_remainder = sorted(range(len(amounts)), key=lambda i: (round(floors[i] - amounts[i], 9), i))
    for i in by_remainder[:missing]:
        floors[i] += 1
    return floors
