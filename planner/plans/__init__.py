"""The documents that are kept: network, service and day plans with their schemas; `store` keeps them in a database."""

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
from planner.plans.service_documents import SERVICE_PARTS, service_from_json, service_to_json
from planner.plans.service_plan import (
    FrequencyFigure,
    ProfilePaths,
    ServedPoint,
    ServiceDay,
    ServicePlan,
    VisitsReason,
)

__all__ = [
    "SERVICE_PARTS",
    "Bulletin",
    "ClosedRoads",
    "DayPlan",
    "FrequencyFigure",
    "HandOver",
    "LegPath",
    "MergedInto",
    "NetworkPlan",
    "PeriodActuals",
    "PlaceActuals",
    "ProfilePaths",
    "ReachStudy",
    "ReadPlans",
    "ReportedParcels",
    "RoadReach",
    "RoadSummary",
    "SeasonTravel",
    "ServedPoint",
    "ServiceDay",
    "ServicePlan",
    "SiteRole",
    "SitesInReach",
    "Stage",
    "ViabilityVerdict",
    "VisitsReason",
    "bulletin_from_json",
    "bulletin_to_json",
    "day_from_json",
    "network_from_json",
    "read_plans",
    "service_from_json",
    "service_to_json",
    "to_json",
]
