"""Phases in years: what the keys mean, what is refused, and which phase a date falls in."""

import datetime
from typing import Any

import pytest

from planner.config import CoverageConfig, PhaseConfig, load_config, phase_on
from planner.errors import UsageError

DAY = datetime.date


def phase(**keys: Any) -> dict[str, Any]:
    return {"name": "x", "provenance": "for the test", **keys}


def coverage(*phases: dict[str, Any]) -> CoverageConfig:
    tier = {"standard_s": 600, "opening_cost_yuan": 1, "provenance": "for the test"}
    points, stations = {"objective": "MCLP", **tier}, {"objective": "PMEDIAN", "count": 1, **tier}
    named = [{**one, "name": f"p{number}"} for number, one in enumerate(phases)]
    return CoverageConfig.model_validate({"service_points": points, "express_stations": stations, "phases": named})


def test_a_year_begins_in_january_and_ends_in_december() -> None:
    years = PhaseConfig(**phase(first=2027, last=2028))
    assert (years.first_day, years.last_day, years.years) == (DAY(2027, 1, 1), DAY(2028, 12, 31), 2)
    days = PhaseConfig(**phase(first="2027-03-01", last=DAY(2029, 2, 28)))  # as JSON and as TOML bring them
    assert (days.first_day, days.last_day, days.years) == (DAY(2027, 3, 1), DAY(2029, 2, 28), 2)
    plain = PhaseConfig(**phase())
    assert (plain.first_day, plain.last_day, plain.years) == (None, None, 1)


@pytest.mark.parametrize("keys", [{"first": 2027, "last": 2028}, {"first": DAY(2027, 3, 1), "last": 2028}, {}])
def test_a_phase_is_read_again_as_it_was_written(keys: dict[str, Any]) -> None:
    one = PhaseConfig(**phase(**keys))
    assert PhaseConfig.model_validate(one.model_dump(mode="json")) == one


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"first": 2027}, "first and last go together"),
        ({"last": 2027}, "first and last go together"),
        ({"first": 2028, "last": 2027}, "last is 2027, before first, which is 2028"),
        ({"first": DAY(2028, 2, 1), "last": DAY(2028, 1, 31)}, "before first"),
        ({"first": 2027, "last": 2028, "years": 3}, "years is 3, but 2027 to 2028 is 2"),
        ({"first": 20270101, "last": 2028}, "a year"),
        ({"first": True, "last": 2028}, "a year"),
        ({"first": "spring", "last": 2028}, "a year"),
    ],
)
def test_a_phase_at_fault_is_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PhaseConfig(**phase(**keys))


def test_phases_follow_one_another() -> None:
    coverage(phase(first=2026, last=DAY(2027, 6, 30)), phase(first=DAY(2027, 7, 1), last=2028))
    with pytest.raises(ValueError, match="p1 begins") as caught:
        coverage(phase(first=2026, last=2026), phase(first=2028, last=2028), phase(first=2028, last=2029))
    assert "p1 begins on 2028-01-01, and p0 ends on 2026-12-31: the days between are in no phase" in str(caught.value)
    assert "p2 begins on 2028-01-01, before p1 ends on 2028-12-31" in str(caught.value)
    with pytest.raises(ValueError, match="first and last are missing in p1: give them to all or to none"):
        coverage(phase(first=2026, last=2026), phase())


@pytest.mark.parametrize(
    ("date", "number"),
    [
        (DAY(2026, 1, 1), 0),
        (DAY(2026, 12, 31), 0),
        (DAY(2027, 1, 1), 1),
        (DAY(2028, 2, 29), 1),
        (DAY(2028, 12, 31), 1),
        (DAY(2029, 1, 1), 2),
        (DAY(2030, 12, 31), 2),
        (DAY(2035, 5, 5), 2),
    ],
)
def test_a_date_chooses_the_phase(date: datetime.date, number: int) -> None:
    assert phase_on(load_config("baiquan").coverage.phases, date) == number


def test_before_the_first_phase_there_is_no_network() -> None:
    with pytest.raises(UsageError, match="the network begins on 2026-01-01"):
        phase_on(load_config("baiquan").coverage.phases, DAY(2025, 12, 31))
    assert phase_on([PhaseConfig(**phase())], DAY(2025, 12, 31)) is None
    assert phase_on([], DAY(2025, 12, 31)) is None
