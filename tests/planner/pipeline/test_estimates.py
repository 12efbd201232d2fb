import datetime

import numpy as np
import pytest

from planner.config import DemandConfig
from planner.model import CoordinateSource, DemandBasis, PopulationSource, Township, Village
from planner.pipeline.estimate import OrderedDay, estimate_villages
from planner.pipeline.estimate.date_factors import date_factors, is_market_day

FIRST = datetime.date(2026, 3, 2)  # a Monday
WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 1.2, 0.9, 0.5)  # mean 1, as that of the configuration below


def village(id_: str, population: int = 1000, township: str = "t") -> Village:
    return Village(
        id=id_,
        name=id_,
        name_latin=id_,
        lon=126.0,
        lat=47.0,
        coordinate_source=CoordinateSource.SURVEYED,
        township_id=township,
        population=population,
        population_source=PopulationSource.REPORTED,
        households=population // 3,
    )


def township(id_: str, *market_days: str) -> Township:
    return Township(
        id=id_,
        name=id_,
        name_latin=id_,
        lon=126.0,
        lat=47.0,
        coordinate_source=CoordinateSource.SURVEYED,
        market_days=market_days,
    )


def config(**changes: object) -> DemandConfig:
    values: dict[str, object] = {
        "delivery_parcels_per_person_day": 0.02,
        "pickup_parcels_per_person_day": 0.002,
        "kg_per_parcel": 2.0,
        "m3_per_parcel": 0.01,
        "provenance": "made up for this test",
    }
    return DemandConfig.model_validate(values | changes)


def kept(days: int, figure, first: datetime.date = FIRST) -> list[OrderedDay]:
    dates = [first + datetime.timedelta(days=number) for number in range(days)]
    return [OrderedDay(date=date, down=figure(date)) for date in dates]


def down(found) -> dict[str, float]:
    return {one.village_id: one.delivery_parcels for one in found.villages}


def test_known_levels_and_weekdays_come_back():
    # Levels of 10 to 67 where the configuration believes 20 everywhere, as Poisson counts. What is left of a wrong belief
    # after n days is 5 / (5 + n), of a weekday after its n/7 days 2 / (2 + n/7); the rest is chance, four deviations of it.
    villages = [village(f"v{number:02d}") for number in range(20)]
    level = {one.id: 10.0 + 3 * number for number, one in enumerate(villages)}
    rng = np.random.default_rng(7)
    days = 140

    def counted(date: datetime.date) -> dict[str, float]:
        return {id_: float(rng.poisson(mean * WEEKDAYS[date.weekday()])) for id_, mean in level.items()}

    history, total = kept(days, counted), sum(level.values())
    for ahead in range(7):
        date = FIRST + datetime.timedelta(days=days + ahead)
        found = estimate_villages(villages, config(), date, history=history)
        of_week = WEEKDAYS[date.weekday()]
        believed = 2 / (2 + days / 7) * abs(1 - of_week) / of_week
        week_off = believed + 4 / np.sqrt(total * of_week * days / 7)
        for id_, amount in down(found).items():
            level_off = 5 / (5 + days) * abs(total / 20 - level[id_]) / level[id_] + 4 / np.sqrt(level[id_] * days)
            assert amount == pytest.approx(level[id_] * of_week, rel=(1 + week_off) * (1 + level_off) - 1)
        assert all(one.basis["delivery_parcels"] is DemandBasis.LEARNED for one in found.villages)
        assert all("pickup_parcels" not in one.basis for one in found.villages)  # nobody ordered any
        assert found.estimate is not None
        assert len(found.estimate.days) == days


def plain_fit(days, usual, weekdays):
    """The equations of the estimator, worked out anew: days are (weekday, {village: figure})."""
    level, week, county = dict(usual), list(weekdays), 1.0
    for _ in range(2000):
        told = {id_ for _, figures in days for id_ in figures}
        seen = sum(sum(figures.values()) for _, figures in days)
        awaited = sum(usual[id_] * week[day] for day, figures in days for id_ in figures)
        believed = 2 * sum(usual[id_] for id_ in told)
        county = (believed + seen) / (believed + awaited)
        for id_ in usual:
            own = [(day, figures[id_]) for day, figures in days if id_ in figures]
            level[id_] = (5 * county * usual[id_] + sum(figure for _, figure in own)) / (
                5 + sum(week[day] for day, _ in own)
            )
        weight = 2 * sum(level[id_] for id_ in told)
        for number in range(7):
            held = [figures for day, figures in days if day == number]
            seen = sum(sum(figures.values()) for figures in held)
            week[number] = (weight * weekdays[number] + seen) / (
                weight + sum(level[id_] for figures in held for id_ in figures)
            )
        scale = sum(weekdays) / sum(week)
        week = [factor * scale for factor in week]
    return level, week


def test_the_error_of_one_or_two_days_held_out_is_not_told():
    villages = [village("a", 500)]
    for days, told in ((7, False), (8, True)):  # five to learn from, and two or three held out
        history = kept(days, lambda date: {"a": 12.0})
        found = estimate_villages(villages, config(), FIRST + datetime.timedelta(days=days), history=history)
        assert found.estimate is not None
        assert (found.estimate.error is not None) == told


def test_the_error_that_is_shown_is_that_of_days_held_out():
    villages = [village("a", 500), village("b", 1500)]
    usual = {"a": 10.0, "b": 30.0}
    figures = [(14, 25), (13, 28), (9, 31), (16, 24), (15, 30), (11, 22), (5, 12), (17, 27), (12, 26)]
    history = kept(9, lambda date: dict(zip("ab", map(float, figures[(date - FIRST).days]), strict=True)))
    off = configured_off = total = 0.0
    for held in range(5, 9):  # five days are the fewest that an estimate learns from
        level, week = plain_fit(
            [(day % 7, dict(zip("ab", map(float, figures[day]), strict=True))) for day in range(held)], usual, [1.0] * 7
        )
        for id_, figure in zip("ab", figures[held], strict=True):
            off += abs(figure - level[id_] * week[held % 7])
            configured_off += abs(figure - usual[id_])
            total += figure
    found = estimate_villages(villages, config(), FIRST + datetime.timedelta(days=9), history=history)
    assert found.estimate is not None
    assert found.estimate.error == pytest.approx(off / total, abs=6e-5)
    assert found.estimate.configured_error == pytest.approx(configured_off / total, abs=6e-5)
    level, week = plain_fit(
        [(day % 7, dict(zip("ab", map(float, figures[day]), strict=True))) for day in range(9)], usual, [1.0] * 7
    )
    assert down(found) == pytest.approx({id_: level[id_] * week[2] for id_ in "ab"}, rel=1e-6)  # a Wednesday


def test_without_enough_kept_days_it_is_what_the_configuration_says():
    villages = [village("a", 500), village("b", 1500)]
    date = FIRST + datetime.timedelta(days=300)
    plain = estimate_villages(villages, config(), date)
    assert down(plain) == {"a": 10.0, "b": 30.0}
    assert plain.estimate is None
    few = kept(4, lambda _: {"a": 90.0}, first=date - datetime.timedelta(days=4))
    old = kept(50, lambda _: {"a": 90.0})  # more than half a year ago
    later = kept(50, lambda _: {"a": 90.0}, first=date)  # the day itself and what comes after it tell nothing of it
    assert estimate_villages(villages, config(), date, history=few) == plain
    assert estimate_villages(villages, config(), date, history=old) == plain
    assert estimate_villages(villages, config(), date, history=later) == plain
    many = kept(30, lambda _: {"a": 90.0}, first=date - datetime.timedelta(days=30))
    assert estimate_villages(villages, config(learn=False), date, history=many) == plain


def test_a_village_that_nobody_ordered_for_follows_the_county_and_stays_assumed():
    # a has three times its usual parcels: after 60 days the county's ratio is (2 x 10 + 1800) / (2 x 10 + 600) = 2.935
    date = FIRST + datetime.timedelta(days=60)
    history = kept(60, lambda _: {"a": 30.0})
    found = estimate_villages([village("a", 500), village("b", 1500)], config(), date, history=history)
    amounts = down(found)
    assert amounts["b"] == pytest.approx(30 * 1820 / 620, rel=1e-3)
    assert amounts["a"] == pytest.approx(30, rel=0.01)
    assert [dict(one.basis) for one in found.villages] == [{"delivery_parcels": DemandBasis.LEARNED}, {}]


def test_an_ordered_zero_is_a_zero():
    date = FIRST + datetime.timedelta(days=60)
    history = kept(60, lambda _: {"a": 0.0, "b": 30.0})
    amounts = down(estimate_villages([village("a", 500), village("b", 1500)], config(), date, history=history))
    assert amounts["a"] == pytest.approx(0, abs=10 * 5 / 65 + 1e-9)


@pytest.mark.parametrize(
    ("date", "factor", "codes"),
    [
        ("2026-11-10", 1.4, ["weekday", "double_eleven"]),
        ("2026-11-16", 1.0, ["weekday"]),
        ("2026-10-01", 0.5, ["public_holiday"]),  # a Thursday of the national holiday: as a Sunday
        ("2026-10-10", 1.0, ["made_up_workday"]),  # a Saturday that is worked: as the mean of Monday to Friday
        ("2026-10-17", 0.8, ["weekday"]),  # a Saturday as any
        ("2026-02-10", 1.2, ["weekday", "before_spring_festival"]),  # a week before 17 February, new year's day of 2026
        ("2026-02-17", 0.16, ["weekday", "spring_festival"]),  # its holiday counts no more
        ("2026-02-23", 0.35, ["public_holiday", "after_spring_festival"]),  # 0.5 x 0.7
        ("2027-06-09", 1.0, ["holidays_unknown"]),  # nobody has said the holidays of 2027 yet
    ],
)
def test_what_a_date_of_chinas_calendar_is(date, factor, codes):
    china = config(calendar="china", weekday_factors=[1, 1, 1, 1, 1, 0.8, 0.5])
    day = datetime.date.fromisoformat(date)
    found = estimate_villages([village("a", 500)], china, day)
    assert down(found) == pytest.approx({"a": 10 * factor})
    factors = () if found.estimate is None else found.estimate.factors
    assert [code for code, _ in factors] == (codes if codes != ["weekday"] else [])
    assert codes == [code for code, _ in date_factors(day, china).named(china.weekday_factors)]


def test_an_area_says_its_own_peaks():
    fair = {"id": "fair", "first": "12-30", "last": "01-02", "factor": 2, "provenance": "a test"}
    own = config(peaks=[fair])
    amounts = {
        day: down(estimate_villages([village("a", 500)], own, datetime.date.fromisoformat(day)))["a"]
        for day in ("2026-12-29", "2026-12-30", "2027-01-02", "2027-01-03", "2026-11-10")
    }
    assert list(amounts.values()) == [10, 20, 20, 10, 10]


def test_market_days_count_for_the_villages_of_their_township():
    towns = [township("t", "ends-3", "ends-10"), township("u", "week-5"), township("w")]
    villages = [village("a", 500, "t"), village("b", 500, "u"), village("c", 500, "w")]
    on = {
        day: down(estimate_villages(villages, config(market_day_factor=1.5), day, townships=towns))
        for day in (datetime.date(2026, 11, 13), datetime.date(2026, 11, 20), datetime.date(2026, 11, 14))
    }
    # the 13th is a Friday, the 20th too
    assert list(on.values()) == [{"a": 15, "b": 15, "c": 10}, {"a": 15, "b": 15, "c": 10}, {"a": 10, "b": 10, "c": 10}]


def test_days_of_the_lunar_month():
    # 17 February 2026 is the first day of the lunar year, so 21 February is the fifth
    first = datetime.date(2026, 2, 17)
    held = [
        number + 1
        for number in range(29)
        if is_market_day(["lunar-ends-5", "lunar-ends-10"], first + datetime.timedelta(days=number))
    ]
    assert held == [5, 10, 15, 20, 25]
    assert is_market_day(["lunar-date-15"], first + datetime.timedelta(days=14))
    assert not is_market_day(["lunar-date-15"], first + datetime.timedelta(days=24))


def test_holidays_teach_nothing_of_usual_days():
    # as many on the holidays as on other days, though the configuration halves them as Sundays
    china = config(calendar="china", weekday_factors=[1, 1, 1, 1, 1, 1, 0.5])
    first = datetime.date(2026, 9, 14)
    history = kept(40, lambda date: {"a": 15.0 if date.weekday() == 6 else 30.0}, first=first)
    villages = [village("a", 1500)]
    found = estimate_villages(villages, china, first + datetime.timedelta(days=42), history=history)  # a Monday
    assert down(found) == pytest.approx({"a": 30.0}, rel=1e-6)
    assert found.estimate is not None
    # 1 to 7 October and 25 September are holidays, 20 September and 10 October are worked for them
    left_out = {(9, 20), (9, 25), (10, 10), *((10, number) for number in range(1, 8))}
    taken = {(day.month, day.day) for day in found.estimate.days}
    assert taken.isdisjoint(left_out)
    assert (9, 21) in taken


def test_peaks_are_taken_out_of_what_is_learned():
    # 30 a day, 42 in the weeks of the peak: the level is that of usual days
    china = config(calendar="china")
    first = datetime.date(2026, 10, 12)

    def figure(date: datetime.date) -> dict[str, float]:
        peak = datetime.date(2026, 11, 4) <= date <= datetime.date(2026, 11, 14)
        return {"a": 42.0 if peak else 30.0}

    history = kept(40, figure, first=first)
    found = estimate_villages([village("a", 1500)], china, datetime.date(2026, 11, 24), history=history)
    assert down(found) == pytest.approx({"a": 30.0})
