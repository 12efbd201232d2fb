"""Three tiers both ways: hub, township stations, village points; each township goes the cheaper way that keeps the standard.

`plan_tiers` answers a `TierProblem` with a `TierPlan`; `check_tiers` replays it in code that did not make it.

What searches or checks is loaded when it is first asked for: whoever reads a plan needs no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from planner.service.tiers.check import check_tiers
    from planner.service.tiers.drive_again import TierFault, TierViolation
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
_MODULES = {
    "TierEffort": "solve",
    "TierFault": "drive_again",
    "TierViolation": "drive_again",
    "check_tiers": "check",
    "first_return_s": "solve",
    "plan_tiers": "solve",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"planner.service.tiers.{_MODULES[name]}"), name)
    raise AttributeError(name)
