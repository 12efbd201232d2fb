"""Driving at the speeds of the day within the model of a route's times: later departure never means earlier arrival.

What is driven up to a time t at normal speed is w(t) = sum of f_k d_k: d_k is the part of t within stretch k of the day,
full before the next begins, f_k how many times as fast all drive meanwhile. A leg of n seconds at normal speed ends at the
first t with w(t) >= w(departure) + n (Ichoua, Gendreau & Potvin 2003).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

_DIGITS = 1000  # factors on speeds are kept to three digits


class SpeedsOfDay:
    """The stretches of the day between two times of the model, in parts of a second."""

    def __init__(self, model: Any, factors: Sequence[tuple[float, float]], span: tuple[int, int], parts: int) -> None:
        self.model, self.least = model, span[0]
        begins = [round(begin * parts) for begin, _ in factors]
        inside = [begin for begin in begins if span[0] < begin < span[1]]
        cuts = [span[0], *inside, span[1]]
        self.lengths = [until - begin for begin, until in pairwise(cuts)]
        before = [1.0, *(factor for _, factor in factors)][sum(begin <= span[0] for begin in begins)]
        after = [factor for (_, factor), begin in zip(factors, begins, strict=True) if span[0] < begin < span[1]]
        self.factors = [max(1, round(_DIGITS * factor)) for factor in (before, *after)]
        self.parts = parts

    def driven(self, time: Any, name: str) -> Any:
        """Return what can be driven up to a time, as an expression of the model."""
        d = [self.model.new_int_var(0, length, f"{name}.{k}") for k, length in enumerate(self.lengths)]
        self.model.add(sum(d) == time - self.least)
        for k, (full, then) in enumerate(pairwise(self.lengths)):
            over = self.model.new_bool_var(f"{name}.over{k}")
            self.model.add(d[k] >= full * over)
            self.model.add(d[k + 1] <= then * over)
        return sum(factor * part for factor, part in zip(self.factors, d, strict=True))

    def hold(self, driven: Any, seconds: float) -> None:
        """Let what is driven in all be a leg of so many seconds at normal speed, and no more than a part of one above."""
        needed = math.ceil(seconds * self.parts * _DIGITS - 1e-6)
        self.model.add(driven >= needed)
        self.model.add(driven <= needed + max(self.factors))
