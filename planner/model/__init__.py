"""The nouns that every room shares: places with their sources, and travel times between points."""

from planner.model.demand import (
    AMOUNTS,
    Demand,
    DemandBasis,
    Estimate,
    OrderTable,
    PointDemand,
    Produce,
    ReadAs,
    VillageDemand,
    WaitingDemand,
)
from planner.model.facts import Fact, as_fact, as_message, said
from planner.model.places import (
    Boundary,
    CoordinateSource,
    PopulationSource,
    SharedHouse,
    Site,
    SiteStatus,
    Source,
    StudyArea,
    Tier,
    Township,
    Village,
)
from planner.model.rows_left_out import NO_ROWS_LEFT_OUT, RowsLeftOut
from planner.model.season_choice import SeasonChoice
from planner.model.texts import Text
from planner.model.travel import Access, OddTag, Points, RoadLine, TravelMatrix, Trip, Unreachable, Walk

__all__ = [
    "AMOUNTS",
    "NO_ROWS_LEFT_OUT",
    "Access",
    "Boundary",
    "CoordinateSource",
    "Demand",
    "DemandBasis",
    "Estimate",
    "Fact",
    "OddTag",
    "OrderTable",
    "PointDemand",
    "Points",
    "PopulationSource",
    "Produce",
    "ReadAs",
    "RoadLine",
    "RowsLeftOut",
    "SeasonChoice",
    "SharedHouse",
    "Site",
    "SiteStatus",
    "Source",
    "StudyArea",
    "Text",
    "Tier",
    "Township",
    "TravelMatrix",
    "Trip",
    "Unreachable",
    "Village",
    "VillageDemand",
    "WaitingDemand",
    "Walk",
    "as_fact",
    "as_message",
    "said",
]
