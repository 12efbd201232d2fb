"""Points whose goods of a visit no vehicle holds, by hand."""

import numpy as np

from planner.pipeline.service.point_parts import part_ids, parts_for, whole_id

DAILY = np.array([[10.0, 100.0]] * 7)
MONDAY_THURSDAY = 0b0001001  # the Thursday's visit has three days' goods, the Monday's four: 40 parcels, 400 kg


def test_a_point_is_visited_in_as_many_parts_as_the_largest_vehicle_needs() -> None:
    rooms = np.array([[np.inf, 150.0], [np.inf, 399.0]])
    assert parts_for(DAILY, [MONDAY_THURSDAY], rooms) == 2
    assert parts_for(DAILY, [MONDAY_THURSDAY], np.array([[np.inf, 400.0]])) == 1
    assert parts_for(DAILY, [MONDAY_THURSDAY], np.array([[np.inf, 133.0]])) == 4
    # daily, 100 kg at most: the pattern that needs fewest parts decides
    assert parts_for(DAILY, [MONDAY_THURSDAY, 0b1111111], np.array([[np.inf, 133.0]])) == 1


def test_a_point_beyond_all_measure_stays_whole() -> None:
    assert parts_for(DAILY, [MONDAY_THURSDAY], np.array([[np.inf, 1.0]])) == 1
    assert parts_for(DAILY, [MONDAY_THURSDAY], np.array([[0.0, 500.0]])) == 1


def test_parts_are_called_like_their_point() -> None:
    assert [whole_id(part) for part in part_ids("sp-1", 3)] == ["sp-1"] * 3
    assert len(set(part_ids("sp-1", 3))) == 3
