import numpy as np
import pytest

from planner.errors import BadDataError
from planner.model import Access, Points, TravelMatrix, Trip, Unreachable


def matrix() -> TravelMatrix:
    return TravelMatrix(
        origin_ids=("a", "b"),
        destination_ids=("a", "b"),
        durations_s=np.array([[0.0, 60.0], [np.inf, 0.0]]),
        distances_m=np.array([[0.0, 1000.0], [np.inf, 0.0]]),
        unreachable={"a": Unreachable.CLOSED},
    )


def test_a_part_keeps_the_order_asked_for():
    part = matrix().select(["b", "a"], ["b"])
    assert part.durations_s.tolist() == [[0.0], [60.0]]
    assert part.unreachable == {"a": Unreachable.CLOSED}


def test_unknown_ids_are_all_named():
    with pytest.raises(BadDataError, match="x, y"):
        matrix().select(["x"], ["y"])


def test_arrays_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        matrix().durations_s[0, 0] = 1


@pytest.mark.parametrize("value", [-1.0, np.nan])
def test_negative_and_missing_times_are_refused(value):
    with pytest.raises(BadDataError, match="rows of a"):
        TravelMatrix(
            origin_ids=("a",), destination_ids=("a",), durations_s=np.array([[value]]), distances_m=np.zeros((1, 1))
        )


def test_a_shape_that_does_not_fit_is_refused():
    with pytest.raises(BadDataError, match=r"shape \(1, 1\)"):
        TravelMatrix(
            origin_ids=("a", "b"), destination_ids=("a",), durations_s=np.zeros((1, 1)), distances_m=np.zeros((1, 1))
        )


def test_points_refuse_swapped_coordinates_and_repeated_ids():
    with pytest.raises(BadDataError, match="valid longitude and latitude: a"):
        Points(ids=("a",), lons=np.array([47.0]), lats=np.array([126.0]))
    with pytest.raises(BadDataError, match="repeat: a"):
        Points(ids=("a", "a"), lons=np.array([1.0, 2.0]), lats=np.array([1.0, 2.0]))


def walked_and_driven() -> TravelMatrix:
    # walking 3.6 km/h is a metre a second. From a to b: 10 m and 20 m on foot, 1000 m driven in 100 s between. From a to c:
    # 40 m on foot all the way. No road leads to d
    return TravelMatrix(
        origin_ids=("a",),
        destination_ids=("b", "c", "d"),
        durations_s=np.array([[130.0, 40.0, np.inf]]),
        distances_m=np.array([[1030.0, 40.0, np.inf]]),
        access=Access(origins_m=np.array([10.0]), destinations_m=np.array([20.0, 35.0, np.inf]), speed_kph=3.6),
    )


def test_driving_and_walking_are_told_apart():
    travel = walked_and_driven()
    wanted = (Trip(100.0, 30.0, 1030.0), Trip(0.0, 40.0, 40.0), Trip(np.inf, np.inf, np.inf))
    assert travel.trips([("a", "b"), ("a", "c"), ("a", "d")]) == wanted
    assert travel.select(["a"], ["d", "b"]).trips([("a", "b")]) == wanted[:1]


def test_a_matrix_that_does_not_know_the_walk_says_so_and_unknown_ids_are_named():
    with pytest.raises(BadDataError, match="does not tell walking from driving"):
        matrix().trips([("a", "b")])
    with pytest.raises(BadDataError, match="x, y"):
        walked_and_driven().trips([("x", "b"), ("a", "y")])


def test_access_of_another_length_is_refused():
    with pytest.raises(BadDataError, match="access has 2 origins and 1"):
        TravelMatrix(
            origin_ids=("a",),
            destination_ids=("b",),
            durations_s=np.zeros((1, 1)),
            distances_m=np.zeros((1, 1)),
            access=Access(origins_m=np.zeros(2), destinations_m=np.zeros(1), speed_kph=4),
        )
