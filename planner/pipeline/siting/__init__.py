"""Siting of an area as its configuration asks: problems from places and travel times, both tiers, phases, and who pays."""

from planner.pipeline.siting.money import subsidies_of
from planner.pipeline.siting.stations import Siting, site_area, without_clock

__all__ = ["Siting", "site_area", "subsidies_of", "without_clock"]
