"""The configuration of an area, one TOML file: read, checked and frozen; one module a section."""

from planner.config.area import ROADS_NAME, STRAIGHT_LINES, Datum, RoadLinesConfig, SourceConfig
from planner.config.area_file import CONFIG_NAME, data_folder, embedded_areas, kept_faults, load_config, parse_config
from planner.config.bulletin_section import BulletinConfig
from planner.config.content import content_faults, decoded, document_text, parse_json, parse_toml
from planner.config.coverage import (
    CostItem,
    CoverageConfig,
    FundingSource,
    Objective,
    SubsidyConfig,
    TierConfig,
    Weight,
)
from planner.config.demand_section import DemandConfig, PeakConfig, UsualParcels
from planner.config.faults import plain
from planner.config.maps_section import Basemap, MapsConfig
from planner.config.peaks import market_factor, market_provenance, peaks_of, usual_peaks
from planner.config.phases import PhaseConfig, phase_on
from planner.config.plan_config import REFERENCE_SEASON, PlanConfig
from planner.config.routing import Clock, RoutingConfig, VehicleConfig
from planner.config.season_days import SeasonDaysConfig, season_by_day
from planner.config.sections import Provenance, Section
from planner.config.service_section import OwnStationConfig, ServiceConfig, StationConfig, Weekday, usual_service
from planner.config.travel_section import ClosureConfig, StraightLinesConfig, TravelConfig
from planner.config.viability import ViabilityConfig, usual_viability

__all__ = [
    "CONFIG_NAME",
    "REFERENCE_SEASON",
    "ROADS_NAME",
    "STRAIGHT_LINES",
    "Basemap",
    "BulletinConfig",
    "Clock",
    "ClosureConfig",
    "CostItem",
    "CoverageConfig",
    "Datum",
    "DemandConfig",
    "FundingSource",
    "MapsConfig",
    "Objective",
    "OwnStationConfig",
    "PeakConfig",
    "PhaseConfig",
    "PlanConfig",
    "Provenance",
    "RoadLinesConfig",
    "RoutingConfig",
    "SeasonDaysConfig",
    "Section",
    "ServiceConfig",
    "SourceConfig",
    "StationConfig",
    "StraightLinesConfig",
    "SubsidyConfig",
    "TierConfig",
    "TravelConfig",
    "UsualParcels",
    "VehicleConfig",
    "ViabilityConfig",
    "Weekday",
    "Weight",
    "content_faults",
    "data_folder",
    "decoded",
    "document_text",
    "embedded_areas",
    "kept_faults",
    "load_config",
    "market_factor",
    "market_provenance",
    "parse_config",
    "parse_json",
    "parse_toml",
    "peaks_of",
    "phase_on",
    "plain",
    "season_by_day",
    "usual_peaks",
    "usual_service",
    "usual_viability",
]
