"""The points of a marginal curve, and what holds between them: a plan or bound for one limit says something of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from planner.config import Objective
from planner.coverage.solution import SolveStatus
from planner.model import Fact


class Limit(StrEnum):
    """What grows along the curve; the values are the problem's own fields."""

    COUNT = "count"
    BUDGET = "budget_yuan"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The best found within one limit: at most so many sites open, or so much money spent on opening.

    ``value``, ``bound`` and ``gap`` are those of `planner.coverage.CoverageSolution`. A limit that cannot be held,
    or within which no plan was found in time, has no value, and ``conflicts`` says why. ``carried``: the plan is that of a
    smaller limit, because none better was found within this one.
    """

    limit: float
    status: SolveStatus
    value: float | None
    bound: float | None
    gap: float | None
    opened: tuple[str, ...]
    opening_cost_yuan: float
    population_covered: int
    villages_covered: int
    poor_villages_covered: int
    carried: bool
    conflicts: tuple[Fact, ...]

    @property
    def proven(self) -> bool:
        """Whether nothing better is possible within this limit."""
        return self.status is SolveStatus.OPTIMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The points by rising limit; values never get worse along it, nor do bounds.

    ``full_at``: the smallest of the limits within which everything is covered that any number of sites could cover; the
    curve stops there, and limits above it are not solved. ``knee_at``: the limit after which a further site, or 10,000
    yuan, covers fewer people than ``knee_people`` as far as the curve goes; a remark, no more. ``without`` names demands
    that no point of the curve holds to.
    """

    objective: Objective
    limit: Limit
    standard_s: float
    points: tuple[CurvePoint, ...]
    full_at: float | None
    knee_at: float | None
    knee_people: float | None
    without: tuple[Fact, ...] = ()


def _better(objective: Objective, one: float, other: float) -> bool:
    return one > other if objective is Objective.MCLP else one < other


def carried(objective: Objective, point: CurvePoint, before: CurvePoint | None) -> CurvePoint:
    """Return the point, or the plan of the one before if that is better: it holds within the larger limit too."""
    if before is None or before.value is None:
        return point
    if point.value is not None and not _better(objective, before.value, point.value):
        return point
    return replace(
        before, limit=point.limit, status=SolveStatus.FEASIBLE, bound=point.bound, gap=None, carried=True, conflicts=()
    )


def bounds_carried_back(objective: Objective, found: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    """Return the points with the tightest bound that they and those of larger limits prove."""
    points: list[CurvePoint] = []
    tightest: float | None = None
    for point in reversed(found):
        if point.bound is not None and (tightest is None or _better(objective, tightest, point.bound)):
            tightest = point.bound
        points.append(point if point.value is None else _with_bound(point, point.value, tightest))
    return tuple(reversed(points))


def _with_bound(point: CurvePoint, value: float, bound: float | None) -> CurvePoint:
    if bound is None:
        return replace(point, bound=None, gap=None)
    gap = abs(value - bound) / max(abs(value), 1e-9)
    proven = point.proven or gap <= 1e-9
    return replace(
        point,
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        bound=value if proven else bound,
        gap=0.0 if proven else gap,
    )


def knee_of(points: Sequence[CurvePoint], limit: Limit, people: float) -> float | None:
    """Return the last limit that was worth going to: each step after it adds fewer people a unit than asked for."""
    unit = 1.0 if limit is Limit.COUNT else 10_000.0
    solved = [point for point in points if point.value is not None]
    steps = [
        (after.population_covered - before.population_covered) / ((after.limit - before.limit) / unit)
        for before, after in pairwise(solved)
    ]
    worth = max((number for number, gain in enumerate(steps) if gain >= people), default=-1)
    return solved[worth + 1].limit if solved and worth + 1 < len(steps) else None
