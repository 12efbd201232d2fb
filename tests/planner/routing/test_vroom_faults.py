"""VROOM requests with faults: each is named with where it stands."""

import pytest

from planner.routing.vroom import RequestError, error_answer, solve_vroom

from .vroom_worlds import GIVEN, indexed, line


def test_every_fault_is_listed():
    request = line(3)
    request["jobs"][0] |= {"location_index": 9, "service": -1, "time_windows": [[5, 1]]}
    request["jobs"][1] |= {"id": 1, "delivery": [1, 2], "priority": 101, "service_per_type": {"car": -3}}
    request["vehicles"] += [{"id": 1, "profile": "lorry", "costs": {"per_task_hour": -1}, "speed_factor": 0}]
    request["planner"] = {"unheard_of": 1, "before": [[{"type": "job", "id": 77}, 3]]}
    with pytest.raises(RequestError) as caught:
        solve_vroom(request)
    answer = error_answer(caught.value)
    assert answer["code"] == 2
    for part in (
        "jobs[0].location_index: there is no row 9",
        "jobs[0].service",
        "jobs[0].time_windows[0]: [5, 1] ends before it starts",
        "jobs: id 1 is given 2 times",
        "jobs[1].delivery: has 2 amounts",
        "jobs[1].priority",
        "jobs[1].service_per_type",
        "vehicles: id 1 is given 2 times",
        "vehicles[1].start: a vehicle needs a start or an end",
        "vehicles[1].profile: 'lorry' has no matrices",
        "vehicles[1].costs.per_task_hour",
        "vehicles[1].speed_factor",
        "planner.unheard_of",
        "planner.before",
    ):
        assert any(part in problem for problem in answer["planner"]["problems"]), part


@pytest.mark.parametrize(
    "matrix",
    [[[0, 1], [1]], [[0, -1], [1, 0]], [[0, 1.5], [1, 0]], [[0, None], [1, 0]], "no", [], [[0, 1, 2], [1, 0, 2]]],
)
def test_broken_matrices_are_refused(matrix):
    with pytest.raises(RequestError, match="durations"):
        solve_vroom(line(2, matrices={"car": {"durations": matrix}}))


@pytest.mark.parametrize("request_", [None, [], "x", {}, {"vehicles": 3}, {"vehicles": [None], "jobs": [3]}])
def test_what_is_no_request_is_refused(request_):
    with pytest.raises(RequestError):
        solve_vroom(request_)


def test_places_without_matrices_say_what_to_give():
    with pytest.raises(RequestError, match=r"matrices\.car\.durations.*planner\.area"):
        solve_vroom(indexed(GIVEN) | {"matrices": None})
