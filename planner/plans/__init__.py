"""The documents that are kept: the plan with its schema; `store` keeps them in a database."""

from planner.plans.plan import (
    ClosedRoads,
    LegPath,
    Plan,
    ReachStudy,
    RoadReach,
    RoadSummary,
    SeasonTravel,
    VillageTravel,
    plan_from_json,
    plan_to_json,
)

__all__ = [
    "ClosedRoads",
    "LegPath",
    "Plan",
    "ReachStudy",
    "RoadReach",
    "RoadSummary",
    "SeasonTravel",
    "VillageTravel",
    "plan_from_json",
    "plan_to_json",
]
