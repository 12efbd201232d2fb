"""The peaks of the year that hold where an area says none of its own, from ``peaks.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from planner.config.demand_section import DemandConfig, PeakConfig
from planner.model import Text


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("planner.config").joinpath("peaks.toml").read_text(encoding="utf-8"))


@cache
def usual_peaks() -> tuple[PeakConfig, ...]:
    """Return the peaks that are known of the whole country, each with its provenance."""
    return tuple(PeakConfig.model_validate(peak) for peak in _data()["peaks"])


def peaks_of(demand: DemandConfig) -> tuple[PeakConfig, ...]:
    """Return the peaks of an area: its own, else, with the calendar of China, the usual ones."""
    if demand.peaks is not None:
        return demand.peaks
    return usual_peaks() if demand.calendar == "china" else ()


def market_factor(demand: DemandConfig) -> float:
    """Return how much more there is on a market day: as the area says, else as it is usually assumed."""
    return float(_data()["market_day_factor"]) if demand.market_day_factor is None else demand.market_day_factor


def market_provenance() -> Text:
    """Return where the usual factor of a market day comes from."""
    return Text.of(_data()["market_day_provenance"])
