"""Roads as somebody drew them: lines with what is known of each, not yet joined where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRoads:
    """Lines in lon/lat (WGS 84), shape (k, 2) each, with OpenStreetMap's tags and the number of the feature each is from.

    Ends within ``tolerance_m`` of each other, of a vertex or of the course of a line are joined. ``counts`` says by code
    what was left out or not understood, ``columns`` which column was taken for what.
    """

    lines: tuple[FloatArray, ...]
    tags: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]
    tolerance_m: float
    counts: Mapping[str, int] = field(default_factory=dict)
    not_understood: Mapping[tuple[str, str], int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
