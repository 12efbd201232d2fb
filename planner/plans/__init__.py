"""The documents that are kept: network plans and day plans with their schemas; `store` keeps them in a database."""

from planner.plans.bulletin import Bulletin
from planner.plans.bulletin_documents import bulletin_from_json, bulletin_to_json
from planner.plans.day_plan import DayPlan
from planner.plans.documents import ReadPlans, day_from_json, network_from_json, read_plans, to_json
from planner.plans.network_plan import HandOver, NetworkPlan, SiteRole, SitesInReach, Stage
from planner.plans.period_actuals import MergedInto, PeriodActuals, PlaceActuals, ReportedParcels, ViabilityVerdict
from planner.plans.road_facts import (
    ClosedRoads,
    LegPath,
    ReachStudy,
    RoadReach,
    RoadSummary,
    SeasonTravel,
)

__all__ = [
    "Bulletin",
    "ClosedRoads",
    "DayPlan",
    "HandOver",
    "LegPath",
    "MergedInto",
    "NetworkPlan",
    "PeriodActuals",
    "PlaceActuals",
    "ReachStudy",
    "ReadPlans",
    "ReportedParcels",
    "RoadReach",
    "RoadSummary",
    "SeasonTravel",
    "SiteRole",
    "SitesInReach",
    "Stage",
    "ViabilityVerdict",
    "bulletin_from_json",
    "bulletin_to_json",
    "day_from_json",
    "network_from_json",
    "read_plans",
    "to_json",
]
