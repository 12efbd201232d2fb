"""What an area says of itself where its travel is on straight lines."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

from planner.config import PlanConfig, StraightLinesConfig
from planner.model import Source, Text


def straight_lines_source(config: PlanConfig) -> tuple[Source, ...]:
    """Return the source of travel times that are estimated, nothing where there is a road file.

    It stands among the sources of the area, so that whatever is made from it says so.
    """
    lines = config.straight_lines
    if lines is None:
        return ()
    words = tomllib.loads(
        resources.files("planner.geodata").joinpath("templates", "straight_lines.toml").read_text(encoding="utf-8")
    )

    def both(pick: Callable[[dict[str, Any]], str]) -> Text:
        return Text(pick(words["en"]), pick(words["zh"]))

    return (
        Source(
            what=both(lambda said: said["what"].format(factor=f"{lines.detour_factor:g}", speed=_speed(lines, said))),
            origin=both(lambda said: said["origin"]) if lines.provenance is None else lines.provenance,
            licence=both(lambda said: said["licence"]),
            attribution=Text(""),
            datum="wgs84",
            date="",
            assumed=True,
            straight_lines=True,
        ),
    )


def _speed(lines: StraightLinesConfig, said: dict[str, Any]) -> str:
    speed: str = said["no_speed"] if lines.speed_kph is None else said["speed"].format(speed=f"{lines.speed_kph:g}")
    return speed
