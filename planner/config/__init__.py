"""The configuration of an area, one TOML file: read, checked and frozen; one module a section."""

from planner.config.area import (
    CONFIG_NAME,
    ClosureConfig,
    Datum,
    DemandConfig,
    PlanConfig,
    TravelConfig,
    data_folder,
    embedded_areas,
    load_config,
    parse_config,
    plain,
)
from planner.config.coverage import (
    CostItem,
    CoverageConfig,
    FundingSource,
    Objective,
    SubsidyConfig,
    TierConfig,
    Weight,
)
from planner.config.routing import Clock, RoutingConfig, VehicleConfig
from planner.config.sections import Provenance, Section

__all__ = [
    "CONFIG_NAME",
    "Clock",
    "ClosureConfig",
    "CostItem",
    "CoverageConfig",
    "Datum",
    "DemandConfig",
    "FundingSource",
    "Objective",
    "PlanConfig",
    "Provenance",
    "RoutingConfig",
    "Section",
    "SubsidyConfig",
    "TierConfig",
    "TravelConfig",
    "VehicleConfig",
    "Weight",
    "data_folder",
    "embedded_areas",
    "load_config",
    "parse_config",
    "plain",
]
