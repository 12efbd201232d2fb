"""Which season a date has: by the calendar in ``profiles.toml``, by the area's own, or as the configuration says."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache

from planner.config import PlanConfig, SeasonDaysConfig, TravelConfig, season_by_day
from planner.config.faults import in_list
from planner.errors import ConfigError, Message
from planner.model import SeasonChoice
from planner.network.profiles import days_of_seasons, seasons, vehicles


@cache
def _calendar() -> Mapping[str, str]:
    try:
        return season_by_day(days_of_seasons())
    except ValueError as error:
        raise ConfigError(Message("profiles.toml: the days of the seasons are at fault"), [error.args[0]]) from error


def season_on(date: datetime.date, calendar: SeasonDaysConfig | None = None) -> str:
    """Return the season of a date in an area's own calendar, or in that of ``profiles.toml``.

    Raises
    ------
    ConfigError
        If the days of ``profiles.toml`` leave a gap or overlap.
    """
    days = _calendar() if calendar is None else season_by_day(calendar.ranges)
    return days[f"{date:%m-%d}"]


def season_of(travel: TravelConfig, date: datetime.date) -> SeasonChoice:
    """Return the season that a day is planned in: as ``[travel] season`` says, else as the calendar has it.

    Raises
    ------
    ConfigError
        If the days of ``profiles.toml`` leave a gap or overlap.
    """
    of_date = season_on(date, travel.season_days)
    if travel.season is None:
        return SeasonChoice(season=of_date, by="date", of_date=of_date)
    return SeasonChoice(season=travel.season, by="configuration", of_date=of_date)


def refuse_unknown_seasons(config: PlanConfig) -> None:
    """Raise unless every season that a configuration names has a profile.

    Raises
    ------
    ConfigError
        One problem a key; each lists the seasons there are.
    """
    named = [("travel.season", config.travel.season), ("coverage.season", config.coverage.season)]
    if config.travel.season_days is not None:
        named += [("travel.season_days", season) for season in config.travel.season_days.ranges]
    known = seasons()
    problems = [
        Message("{key}: no season {season}: choose one of {known}", key=key, season=repr(season), known=known)
        for key, season in named
        if season is not None and season not in known
    ]
    if problems:
        raise ConfigError(Message("the seasons are not known"), problems)


def refuse_unknown_profiles(config: PlanConfig) -> None:
    """Raise unless every vehicle of the fleet drives by a profile that there is.

    Raises
    ------
    ConfigError
        One problem a vehicle; each lists the profiles there are.
    """
    known = vehicles()
    problems = [
        in_list(
            Message(
                "routing.vehicles.{i}.profile: no vehicle {name!r}: choose one of {known}",
                i=i,
                name=vehicle.profile,
                known=[*known],
            ),
            "routing.vehicles",
            i,
            {"id": vehicle.id},
        )
        for i, vehicle in enumerate(config.routing.vehicles)
        if vehicle.profile and vehicle.profile not in known
    ]
    if problems:
        raise ConfigError(Message("the profiles of the vehicles are not known"), problems)
