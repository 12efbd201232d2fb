"""Siting: which sites to open so that people are served (`CoverageProblem`), and what that comes to (`CoverageSolution`).

The nouns stand here and load no solver. `planner.coverage.solve` solves, `planner.coverage.check` replays an answer from the
problem alone, `planner.coverage.explain` says who is served and why others are not, `planner.coverage.remedies` what would
cover them, `planner.coverage.phases` plans several years, and `planner.coverage.appraise` says what an answer is worth.
Problems are solved by `planner.coverage.models`, as integer programmes, or by the compiled searches of
`planner.coverage.engine`, which `planner.coverage.adapters` ask.
"""

from planner.coverage.durations import SparseDurations
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import AssignmentRule, SitingRules, UpperTier
from planner.coverage.solution import (
    Assignment,
    CoverageSolution,
    CoveredShares,
    Remedy,
    SolveStatus,
    StationPlan,
    Uncovered,
    UncoveredReason,
    UpperSolution,
)

__all__ = [
    "Assignment",
    "AssignmentRule",
    "CoverageProblem",
    "CoverageSolution",
    "CoveredShares",
    "Remedy",
    "SitingRules",
    "SolveStatus",
    "SparseDurations",
    "StationPlan",
    "Uncovered",
    "UncoveredReason",
    "UpperSolution",
    "UpperTier",
]
