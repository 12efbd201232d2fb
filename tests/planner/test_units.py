import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.units import (
    parse_clock,
    shown_limit,
    shown_minutes,
    shown_parts,
    solver_capacity,
    solver_load,
    solver_metres,
    solver_milliseconds,
)
from planner.words import figures


@pytest.mark.parametrize(("text", "seconds"), [("00:00", 0), ("7:05", 25_500), ("07:30:15", 27_015), ("26:00", 93_600)])
def test_clock_is_seconds_since_midnight(text, seconds):
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "24h", "12:60", "48:00", "-1:00", "07:30 pm"])
def test_what_is_no_clock_time_is_refused_with_the_form_to_use(text):
    with pytest.raises(ValueError, match="write HH:MM"):
        parse_clock(text)


def test_clock_prints_to_the_nearest_minute():
    assert figures.clock(27_029) == "07:30"
    assert figures.clock(27_030) == "07:31"


def test_durations_round_upward_and_infinity_becomes_the_given_figure():
    seconds = np.array([0.0, 0.0002, 0.001, 1.000001, np.inf])
    assert solver_milliseconds(seconds, 99).tolist() == [0, 1, 1, 1001, 99]


def test_distances_round_to_the_nearest_metre():
    assert solver_metres(np.array([0.4, 0.6, np.inf]), 7).tolist() == [0, 1, 7]


def test_a_load_that_fits_exactly_still_fits_after_rounding():
    # ten loads of 0.1 fill a capacity of 1: 10 x 100 thousandths = 1000
    assert solver_load(np.full(10, 0.1)).sum() == solver_capacity(np.array([1.0]), 10**9)[0]


def test_a_load_above_the_capacity_does_not_fit_after_rounding():
    assert solver_load(np.array([1.0001]))[0] > solver_capacity(np.array([1.0]), 10**9)[0]


# thousandths of a second, as travel times have at the finest
durations = st.integers(min_value=0, max_value=40_000_000).map(lambda thousandths: thousandths / 1000)
standards = st.integers(min_value=1, max_value=36_000).map(float)


@given(durations, standards)
@example(480.001, 480.0)  # less than a hundredth of a minute beyond
@example(481.8, 480.0)  # 8.03 minutes
@example(480.0, 480.0)
@example(500.0, 500.0)  # 8.333 minutes, no whole tenths
@example(499.9, 500.0)
@example(500.1, 500.0)
def test_minutes_look_longer_than_the_standard_where_they_are_and_only_there(seconds: float, standard_s: float) -> None:
    assert (shown_minutes(seconds, standard_s) > shown_limit(standard_s)) == (seconds > standard_s)
    # what is read is what figures write
    texts = figures.minutes(seconds, standard_s), figures.limit(standard_s)
    assert [float(text.removesuffix(" min")) for text in texts] == [
        shown_minutes(seconds, standard_s),
        shown_limit(standard_s),
    ]


@given(durations, durations, standards)
def test_driving_and_walking_add_up_to_the_whole_as_it_is_shown(
    driving_s: float, walking_s: float, standard_s: float
) -> None:
    whole_s = driving_s + walking_s
    driving, walking = shown_parts(whole_s, driving_s, standard_s)
    assert driving + walking == pytest.approx(shown_minutes(whole_s, standard_s), abs=1e-9)
    assert abs(driving - driving_s / 60) <= 0.1 + 1e-9
    assert walking >= -1e-9
    assert abs(walking - walking_s / 60) <= 0.1 + 1e-9


def test_minutes_are_rounded_up_to_a_tenth() -> None:
    # 8 min 1.8 s; 7 min 58.2 s; 8 min 0 s
    assert [figures.minutes(seconds) for seconds in (481.8, 478.2, 480, float("inf"))] == [
        "8.1 min",
        "8.0 min",
        "8.0 min",
        "-",
    ]
