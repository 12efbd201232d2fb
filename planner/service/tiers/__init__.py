"""Three tiers both ways: hub, township stations, village points; each township goes the cheaper way that keeps the standard.

`plan_tiers` answers a `TierProblem` with a `TierPlan`; `check_tiers` replays it in code that did not make it.
"""

from planner.service.tiers.check import check_tiers
from planner.service.tiers.drive_again import TierFault, TierViolation
from planner.service.tiers.problem import TierPoint, TierProblem, TierStation
from planner.service.tiers.solution import (
    Consignment,
    Missed,
    MissedReason,
    TierCost,
    TierPlan,
    TownshipChoice,
    TownshipReason,
    TownshipWay,
)
from planner.service.tiers.solve import TierEffort, first_return_s, plan_tiers

__all__ = [
    "Consignment",
    "Missed",
    "MissedReason",
    "TierCost",
    "TierEffort",
    "TierFault",
    "TierPlan",
    "TierPoint",
    "TierProblem",
    "TierStation",
    "TierViolation",
    "TownshipChoice",
    "TownshipReason",
    "TownshipWay",
    "check_tiers",
    "first_return_s",
    "plan_tiers",
]
