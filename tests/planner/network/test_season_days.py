"""Seasons by date: each day has exactly one, an area's own calendar, and what contradicts the date."""

import datetime
from typing import Any

import pytest

from planner.config import PlanConfig, SeasonDaysConfig, TravelConfig, load_config
from planner.errors import ConfigError
from planner.network import calendar, refuse_unknown_seasons, season_of, season_on

DAY = datetime.date
OWN = {"summer": [["04-01", "10-31"]], "winter": [["11-01", "03-31"]], "provenance": "for the test"}


def test_every_day_has_the_season_of_heilongjiang() -> None:
    found: dict[str, int] = {}
    for number in range((DAY(2029, 1, 1) - DAY(2026, 1, 1)).days):
        season = season_on(DAY(2026, 1, 1) + datetime.timedelta(days=number))
        found[season] = found.get(season, 0) + 1
    # three years: April; 1-10 May and 1-25 November; 11 May to October (21+30+31+31+30+31); the rest, with 29 February
    assert found == {"spring_thaw": 90, "drift_ice": 105, "summer": 522, "frozen_river": 379}
    assert sum(found.values()) == 365 + 365 + 366


@pytest.mark.parametrize(
    ("date", "season"),
    [
        (DAY(2026, 3, 31), "frozen_river"),
        (DAY(2026, 4, 1), "spring_thaw"),
        (DAY(2026, 5, 1), "drift_ice"),
        (DAY(2026, 5, 11), "summer"),
        (DAY(2026, 10, 31), "summer"),
        (DAY(2026, 11, 25), "drift_ice"),
        (DAY(2026, 11, 26), "frozen_river"),
        (DAY(2026, 12, 31), "frozen_river"),
        (DAY(2027, 1, 1), "frozen_river"),
        (DAY(2028, 2, 29), "frozen_river"),
    ],
)
def test_a_date_has_its_season(date: datetime.date, season: str) -> None:
    assert season_on(date) == season


def test_an_area_has_its_own_calendar() -> None:
    own = load_config("neubrandenburg").travel.season_days
    dates = [DAY(2026, 3, 31), DAY(2026, 4, 1), DAY(2026, 10, 31), DAY(2026, 11, 1), DAY(2028, 2, 29)]
    assert [season_on(date, own) for date in dates] == ["winter", "summer", "summer", "winter", "winter"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"winter": [["11-02", "03-31"]]}, "no season has the days 11-01"),
        ({"winter": [["11-01", "02-28"], ["03-01", "03-31"]]}, "no season has the days 02-29"),
        ({"winter": [["10-30", "04-01"]]}, r"more than one season has the days 04-01, 10-30\.\.10-31"),
        ({"winter": [["11-01", "02-30"]]}, "'02-30' is no day of the year"),
        ({"winter": [["11-01"]]}, "winter"),
        ({"provenance": ""}, "provenance"),
    ],
)
def test_a_calendar_at_fault_is_refused(changed: dict[str, Any], said: str) -> None:
    SeasonDaysConfig.model_validate(OWN)
    with pytest.raises(ValueError, match=said):
        SeasonDaysConfig.model_validate({**OWN, **changed})


def test_gaps_in_the_table_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "days_of_seasons", lambda: {"summer": [("01-01", "12-30")]})
    calendar._calendar.cache_clear()
    try:
        with pytest.raises(ConfigError, match="no season has the days 12-31"):
            season_on(DAY(2026, 1, 1))
    finally:
        calendar._calendar.cache_clear()


def test_a_contradiction_is_seen() -> None:
    july = DAY(2026, 7, 15)
    by_date, said = season_of(TravelConfig(), july), season_of(TravelConfig(season="drift_ice"), july)
    assert (by_date.season, by_date.by, by_date.of_date, by_date.contradicts) == ("summer", "date", "summer", False)
    assert (said.season, said.by, said.of_date, said.contradicts) == ("drift_ice", "configuration", "summer", True)
    assert not season_of(TravelConfig(season="summer"), july).contradicts


def test_sites_have_a_season_of_their_own() -> None:
    baiquan, march = load_config("baiquan"), DAY(2027, 3, 1)
    assert (baiquan.siting_season, season_of(baiquan.travel, march).season) == ("drift_ice", "frozen_river")
    asked = baiquan.under(season="summer")
    assert (asked.siting_season, season_of(asked.travel, march).season) == ("summer", "summer")
    bare = baiquan.coverage.model_copy(update={"season": None})
    assert baiquan.model_copy(update={"coverage": bare}).siting_season == "summer"
    travel = TravelConfig(season="winter")
    assert baiquan.model_copy(update={"coverage": bare, "travel": travel}).siting_season == "winter"


def test_unknown_seasons_are_named_by_their_keys() -> None:
    content = load_config("baiquan").model_dump(mode="json", by_alias=True)
    content["coverage"]["season"], content["travel"]["season"] = "monsoon", "dry"
    content["travel"]["season_days"] = {"rain": [["01-01", "12-31"]], "provenance": "for the test"}
    with pytest.raises(ConfigError) as caught:
        refuse_unknown_seasons(PlanConfig.model_validate(content))
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "travel.season",
        "coverage.season",
        "travel.season_days",
    ]
