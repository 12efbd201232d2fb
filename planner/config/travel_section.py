"""The section ``[travel]``: vehicle, season, closures, and travel without a road file."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.config.area import Datum
from planner.config.season_days import SeasonDaysConfig
from planner.config.sections import Day, FilePath, Metres, Name, Prose, Provenance, Section, Speed
from planner.errors import Message

ACCESS_CAP_M = 1000.0
"""Assumed: farther from a road than this a place counts as not reached."""
DETOUR_FACTOR = 1.4
"""Assumed: how much longer the way by road is than the straight line, in the middle of what rural networks have."""
Corner = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class ClosureConfig(Section):
    """Roads that cannot be used from the day ``first`` to the day ``last``, both included, and why, for people.

    ``way_ids`` are numbers of OpenStreetMap ways. ``area`` closes every road it touches: a file of polygons, or the
    corners of one polygon as [lon, lat] pairs; both in ``datum``.
    """

    reason: Prose
    first: Day
    last: Day
    way_ids: tuple[Annotated[int, Field(gt=0, le=2**62)], ...] = ()
    area: FilePath | tuple[Corner, ...] | None = None
    datum: Datum = Datum.WGS84

    @model_validator(mode="after")
    def _closes_something(self) -> Self:
        if self.last < self.first:
            raise ValueError(Message("ends on {last}, before it begins on {first}", last=self.last, first=self.first))
        if not self.way_ids and self.area is None:
            raise ValueError(Message("closes nothing: give way_ids, or an area, or both"))
        if isinstance(self.area, tuple) and len(set(self.area)) < 3:
            raise ValueError(Message("area needs three corners or more, each as [lon, lat]"))
        return self


class StraightLinesConfig(Section):
    """Travel without a road file: straight lines ``detour_factor`` times as long, at ``speed_kph`` in summer.

    Without a speed the vehicle is as fast as on village roads. Whatever is made from it is marked as assumed.
    """

    detour_factor: Annotated[float, Field(ge=1, le=10)] = DETOUR_FACTOR
    speed_kph: Speed | None = None
    provenance: Provenance | None = None


class TravelConfig(Section):
    """Vehicle and season of the roads, turns, closures, and the walk from a point to its nearest road (reported apart).

    A ``season`` that is given holds on every date; else the date decides, by ``season_days`` if the area has a calendar
    of its own, else by that of ``planner/network/profiles.toml``: see `planner.network.season_of`. With ``turn_costs``
    turns at junctions take time; forbidden turns are heeded in any case. Without ``access_speed_kph`` the walk is as
    fast as the walking profile has it in the season. ``provenance`` says who holds the profiles' speeds to be right here:
    without it they are named among what is assumed.
    """

    vehicle: Name = "van"
    season: Name | None = None
    season_days: SeasonDaysConfig | None = None
    turn_costs: bool = False
    access_cap_m: Metres = ACCESS_CAP_M
    access_speed_kph: Speed | None = None
    closures: tuple[ClosureConfig, ...] = ()
    straight_lines: StraightLinesConfig | None = None
    provenance: Provenance | None = None
