"""Holidays on which nobody drives: where visits go, against all ways there are, and what a day then brings."""

import datetime
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.config import PlanConfig
from planner.outputs.service.week_rows import closure_rows
from planner.pipeline.day import plan_day
from planner.pipeline.earlier_days import EarlierDays
from planner.pipeline.service.closed_days import WorkedDays, closures_of
from planner.pipeline.service.plan import PlannedService, plan_service
from planner.plans import NetworkPlan
from planner.plans.service_closures import HolidayClosure, MovedVisit
from planner.plans.service_documents import service_from_json, service_to_json

MON_TO_SAT = (0, 1, 2, 3, 4, 5)
MWF, TUE_FRI, DAILY = 0b0010101, 0b0010010, 0b0111111


def day(number: int, month: int = 3) -> datetime.date:
    """A day of March 2026, whose 2nd, 9th and 16th are Mondays."""
    return datetime.date(2026, month, number)


def shut(*numbers: int) -> WorkedDays:
    return WorkedDays(weekdays=MON_TO_SAT, dates=frozenset(map(day, numbers)))


@pytest.mark.parametrize(
    ("pattern", "closed", "moved"),
    [
        # Wednesday: a day on either side is as near and as even; the earlier one
        (MWF, (11,), {11: 10}),
        # Monday: Saturday the 7th is 2 days away, Tuesday 1; from Friday the 6th to Tuesday are 4 days, 1 beyond 3;
        # by Saturday the gaps are 1 and 4 (to Wednesday): 1 beyond as well; so the smaller shift
        (MWF, (9,), {9: 10}),
        # Monday to Wednesday: Saturday and Thursday (gaps 1, 5, 1); Thursday alone would leave 6
        (MWF, (9, 10, 11), {9: 7, 11: 12}),
        # twice a week: Tuesday to Wednesday, or Monday; both leave gaps of 2 to 5, the earlier one
        (TUE_FRI, (10,), {10: 9}),
        # visited every day that is worked: there is no other day
        (DAILY, (10,), {10: None}),
        # eight days, Monday to Monday: only Saturday before and Tuesday after are free between Friday and Wednesday
        (MWF, tuple(range(9, 17)), {9: 7, 11: None, 13: None, 16: 17}),
    ],
)
def test_visits_move_to_the_nearest_days_that_keep_the_distance(
    pattern: int, closed: tuple[int, ...], moved: dict[int, int | None]
) -> None:
    found = shut(*closed).moved(pattern, day(1), day(31))
    assert found == {day(date): None if to is None else day(to) for date, to in moved.items()}


@settings(max_examples=60, deadline=None)
@given(pattern=st.integers(1, 63), first=st.integers(9, 15), length=st.integers(1, 5))
def test_no_other_way_to_move_visits_is_better(pattern: int, first: int, length: int) -> None:
    """All maps from the closed visits to free days or none, in order: none has a smaller excess, then fewer left out,
    then a smaller shift."""
    worked = shut(*range(first, first + length))
    own = [date for date in (day(1) + datetime.timedelta(days=k) for k in range(31)) if pattern >> date.weekday() & 1]
    closed = [date for date in own if worked.is_closed(date)]
    found = worked.moved(pattern, day(1), day(31))
    assert sorted(found) == closed
    if not closed:
        return
    before, after = max(d for d in own if d < closed[0]), min(d for d in own if d > closed[-1])
    week = [date for date in own if day(2) <= date <= day(8)]
    usual = max((b - a).days for a, b in itertools.pairwise([*week, week[0] + datetime.timedelta(days=7)]))
    free = [
        date
        for date in (before + datetime.timedelta(days=k) for k in range(1, (after - before).days))
        if date.weekday() != 6 and not first <= date.day < first + length
    ]

    def worth(to: tuple[datetime.date | None, ...]) -> tuple[int, int, int]:
        kept = [date for date in to if date is not None]
        gap = max((b - a).days for a, b in itertools.pairwise([before, *kept, after]))
        shift = sum(abs((date - visit).days) for date, visit in zip(to, closed, strict=True) if date is not None)
        return max(0, gap - usual), to.count(None), shift

    ways = (
        to
        for to in itertools.product([None, *free], repeat=len(closed))
        if (kept := [date for date in to if date is not None]) == sorted(set(kept))
    )
    assert worth(tuple(found[date] for date in closed)) == min(map(worth, ways))


def test_a_year_of_closed_mondays_moves_each_visit_by_a_day_or_two() -> None:
    first = datetime.date(2026, 1, 5)
    mondays = frozenset(first + datetime.timedelta(weeks=number) for number in range(8))
    worked = WorkedDays(weekdays=MON_TO_SAT, dates=mondays)
    moved = worked.moved(0b0000001, datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
    assert moved.keys() == mondays
    assert all(to is not None and worked.is_worked(to) and abs((to - date).days) <= 2 for date, to in moved.items())


def test_the_spring_festival_is_as_the_calendar_has_it() -> None:
    """2026: 15 to 23 February are days off (the State Council's notice); Saturday the 14th is worked for it."""
    (closure,) = closures_of(
        2026, {"sp": MWF}, WorkedDays(weekdays=MON_TO_SAT, holidays=frozenset({"spring_festival"}))
    )
    assert (closure.first, closure.last) == (datetime.date(2026, 2, 15), datetime.date(2026, 2, 23))
    # Mondays 16 and 23, Wednesday 18, Friday 20; free are Saturday 14 and Tuesday 24
    assert {visit.date.day: visit.to and visit.to.day for visit in closure.moved} == {
        16: 14,
        18: None,
        20: None,
        23: 24,
    }


def test_nothing_moves_where_no_holiday_is_closed() -> None:
    assert closures_of(2026, {"sp": MWF}, WorkedDays(weekdays=MON_TO_SAT)) == ()


def _followed(line_week: PlannedService, pattern: int, *closed: str):  # type: ignore[no-untyped-def]
    plan = line_week.plan
    points = tuple(replace(one, pattern=pattern) for one in plan.points)
    config = {**plan.config, "service": {**plan.config["service"], "closed_dates": list(closed)}}
    return replace(plan, points=points, config=config)


def test_a_day_over_a_holiday_brings_what_piled_up(
    line_week: PlannedService, line_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """Wednesday 10 November 2027 is closed, visits are on Monday, Wednesday, Friday: Wednesday's is made on Tuesday.

    So Tuesday brings one day, Wednesday visits nobody and names Friday, and Friday brings three days instead of two.
    """
    service = _followed(line_week, MWF, "2027-11-10")
    earlier = EarlierDays(service=service)

    def on(number: int):  # type: ignore[no-untyped-def]
        return plan_day(line_network, line_config, date=datetime.date(2027, 11, number), earlier=earlier).plan

    tuesday, wednesday, friday = on(9), on(10), on(12)
    sites = {point.site_id for point in service.points}
    assert {point.site_id for point in tuesday.demand.points} == sites
    assert wednesday.demand.points == ()
    assert wednesday.routes.routes == ()
    assert dict(wednesday.follows.next_visits) == dict.fromkeys(sites, datetime.date(2027, 11, 12))
    usual = EarlierDays(service=_followed(line_week, MWF))
    before = plan_day(line_network, line_config, date=datetime.date(2027, 11, 12), earlier=usual).plan
    for mine, theirs in zip(friday.demand.points, before.demand.points, strict=True):
        assert mine.delivery_parcels == pytest.approx(1.5 * theirs.delivery_parcels, abs=1.0)  # three days, not two


def test_the_plan_lists_closed_dates_and_where_visits_go(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    """Monday 1 and Tuesday 2 March 2027 are closed; each point's visits of these days are named with their new day."""
    assert line_config.service is not None
    shut_days = (datetime.date(2027, 3, 1), datetime.date(2027, 3, 2))
    service = line_config.service.model_copy(update={"closed_dates": shut_days})
    config = line_config.model_copy(update={"service": service})
    plan = plan_service(line_network, config, year=2027, only_week=True).plan
    (closure,) = plan.closures
    assert (closure.first, closure.last) == shut_days
    visits = {(point.site_id, date) for point in plan.points for date in shut_days if date.weekday() in point.weekdays}
    assert visits
    assert {(one.site_id, one.date) for one in closure.moved} == visits
    for one in closure.moved:
        assert one.to is None or (one.to not in shut_days and one.to.weekday() != 6)
    assert service_from_json(service_to_json(plan), line_network) == plan
    (row,) = closure_rows(plan)
    assert row.moved or row.left_out


def test_a_closure_of_a_stranger_is_refused(line_week: PlannedService, line_network: NetworkPlan) -> None:
    moved = (MovedVisit(site_id="nobody", date=day(2), to=day(3)),)
    plan = replace(line_week.plan, closures=(HolidayClosure(first=day(2), last=day(2), moved=moved),))
    with pytest.raises(ValueError, match=r"closures\.moved: no such sites: nobody"):
        service_from_json(service_to_json(plan), line_network)
