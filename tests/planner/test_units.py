import numpy as np
import pytest

from planner.units import format_clock, parse_clock, solver_capacity, solver_load, solver_metres, solver_seconds


@pytest.mark.parametrize(("text", "seconds"), [("00:00", 0), ("7:05", 25_500), ("07:30:15", 27_015), ("26:00", 93_600)])
def test_clock_is_seconds_since_midnight(text, seconds):
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "24h", "12:60", "48:00", "-1:00", "07:30 pm"])
def test_what_is_no_clock_time_is_refused_with_the_form_to_use(text):
    with pytest.raises(ValueError, match="write HH:MM"):
        parse_clock(text)


def test_clock_prints_to_the_nearest_minute():
    assert format_clock(27_029) == "07:30"
    assert format_clock(27_030) == "07:31"


def test_durations_round_upward_and_infinity_becomes_the_given_figure():
    assert solver_seconds(np.array([0.0, 0.2, 1.0, 1.000001, np.inf]), 99).tolist() == [0, 1, 1, 2, 99]


def test_distances_round_to_the_nearest_metre():
    assert solver_metres(np.array([0.4, 0.6, np.inf]), 7).tolist() == [0, 1, 7]


def test_a_load_that_fits_exactly_still_fits_after_rounding():
    # ten loads of 0.1 fill a capacity of 1: 10 x 100 thousandths = 1000
    assert solver_load(np.full(10, 0.1)).sum() == solver_capacity(np.array([1.0]), 10**9)[0]


def test_a_load_above_the_capacity_does_not_fit_after_rounding():
    assert solver_load(np.array([1.0001]))[0] > solver_capacity(np.array([1.0]), 10**9)[0]
