"""The year of a service plan: the calendar's seasons, a week for each, and each village's card."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from planner.model import Tier
from planner.pipeline.service.season import PlannedSeason, PlannedWeek, plan_season, season_places
from planner.pipeline.service.village_years import village_years
from planner.pipeline.service.week_demand import DAYS_A_WEEK
from planner.pipeline.service.year_calendar import YearCalendar
from planner.plans.service_seasons import HubCutOff, ServiceYear, StandInHub


def plan_seasons(main: PlannedWeek, calendar: YearCalendar) -> dict[str, PlannedSeason]:
    """Return the week of each season of a year, the plan's own week among them."""
    return {season: plan_season(main, season_places(main, season), calendar) for season in calendar.seasons}


def service_year(
    main: PlannedWeek, planned: Mapping[str, PlannedSeason], calendar: YearCalendar, monday: datetime.date
) -> ServiceYear:
    """Return the year that these seasons make; ``monday`` is the first day of the week that ``main`` was made for."""
    return ServiceYear(
        year=calendar.year,
        seasons=tuple(
            replace(one.week, hub_cut_off=_hub_cut_off(season, planned, calendar)) for season, one in planned.items()
        ),
        villages=tuple(village_years(main, planned, calendar, monday)),
    )


def _hub_cut_off(season: str, planned: Mapping[str, PlannedSeason], calendar: YearCalendar) -> HubCutOff | None:
    """Return how a season cuts off the hub from most of the points of its best season, and what helps."""
    reached = {name: len(one.there.supply) - len(one.there.unreached) for name, one in planned.items()}
    best = max(reached, key=lambda name: reached[name])
    if reached[season] * 2 >= reached[best]:
        return None
    there = planned[season].there
    opened = [id_ for id_ in there.stage.opened if there.run.area.site_by_id[id_].tier is Tier.EXPRESS_STATION]
    others = [
        StandInHub(site_id=id_, points=len(there.reached_from(id_) & there.unreached.keys())) for id_ in sorted(opened)
    ]
    stand_in = max(others, key=lambda one: one.points, default=None)
    spells = [(name, len(list(days))) for name, days in groupby(calendar.around(), key=calendar.season_on)]
    return HubCutOff(
        reached=reached[season],
        points=reached[best],
        best_season=best,
        stand_in=stand_in if stand_in is not None and stand_in.points else None,
        weeks=max(days for name, days in spells if name == season) / DAYS_A_WEEK,
    )
