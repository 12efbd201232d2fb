"""What the indicators are called and mean, the rules of grades and the headings of tables, as `indicators.toml` has them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import TypeAdapter

from planner.plans.bulletin import Indicator


@cache
def _data() -> dict[str, Any]:
    text = resources.files("planner.pipeline.bulletin").joinpath("indicators.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def grade_rules() -> dict[str, Any]:
    """Return what makes a commercial grade: the least ``share``, and the floor of the county's centre by grade."""
    rules: dict[str, Any] = _data()["grades"]
    return rules


def motor_profiles() -> frozenset[str]:
    """Return the vehicles that officials count as motor vehicles."""
    return frozenset(_data()["motor"]["vehicles"])


def bus_services() -> frozenset[str]:
    """Return what a site's own services are called where rural buses bring and fetch parcels."""
    return frozenset(_data()["buses"]["services"])


def headings(language: str) -> dict[str, str]:
    """Return the headings of a table to fill in, by field."""
    found: dict[str, str] = _data()["headings"][language]
    return found


@cache
def known_headings() -> dict[str, tuple[str, ...]]:
    """Return all headings that are read, by field."""
    table: dict[str, Any] = _data()["headings"]
    return {field: (table["zh"][field], table["en"][field], *table["also"].get(field, ())) for field in table["zh"]}


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return the indicators of the data file, in its order."""
    return TypeAdapter(tuple[Indicator, ...]).validate_python(_data()["indicators"])
