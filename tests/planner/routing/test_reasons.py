"""What a reason tells: clock times, amounts with their dimension, and how to split what no vehicle holds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model import TravelMatrix
from planner.routing import Depot, DrivingRule, RoutingProblem, Stop, VehicleType
from planner.routing.schedule import schedule
from planner.routing.solution import UnassignedReason
from planner.routing.solve import plan_of
from planner.routing.why.reasons import why_left, why_never
from planner.words import sentence
from tests.planner.routing.worlds import vehicle

STOP = Stop(
    id="a",
    name="a",
    delivery=(250.0, 1.0),
    pickup=(0.0, 0.0),
    opens_s=8 * 3600.0,
    closes_s=9 * 3600.0,
    service_duration_s=600.0,
)
VAN = vehicle(
    count=3,
    capacity=(400.0, float("inf")),
    shift_start_s=7 * 3600.0,
    shift_end_s=12 * 3600.0,
    max_duration_s=5 * 3600.0,
    fixed_cost_yuan=1.0,
    cost_per_hour_yuan=1.0,
)


def problem(kind: VehicleType = VAN) -> RoutingProblem:
    """One stop an hour from the hub."""
    ids = ("hub", "a")
    seconds = np.array([[0.0, 3600.0], [3600.0, 0.0]])
    return RoutingProblem(
        dimensions=("kg", "m3"),
        depots=(Depot(id="hub", name="hub"),),
        stops=(STOP,),
        vehicle_types=(kind,),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=seconds),
    )


def reason(stop: Stop, kind: VehicleType = VAN) -> tuple[UnassignedReason, str]:
    left = why_never(problem(kind), stop)
    assert left is not None
    return left.reason, sentence(left.details, {})


def test_a_stop_that_fits_alone_has_no_reason_of_its_own():
    assert why_never(problem(), STOP) is None
    told = sentence(why_left(problem(), STOP).details, {})
    found = "it fits alone, but none of the 3 vehicles has room for it in the plan that was found"
    assert told == f"{found} (which does not prove that none could)"


def test_a_stop_too_large_is_told_in_dimensions_and_how_to_split_it():
    # 250 kg in vans of 100 kg take three trips
    found, detail = reason(STOP, replace(VAN, capacity=(100.0, float("inf"))))
    assert found is UnassignedReason.TOO_LARGE
    assert detail == (
        "delivery 250 kg, 1 m³; pickup 0 kg, 0 m³; vehicle type van holds 100 kg, any m³: split it into 3 equal visits"
    )


def test_a_dimension_no_vehicle_holds_cannot_be_split():
    _, detail = reason(STOP, replace(VAN, capacity=(400.0, 0.0)))
    assert detail.endswith("no vehicle type holds every dimension it needs")


def test_times_are_told_by_the_clock():
    # 07:00 and one hour on the way
    found, detail = reason(replace(STOP, opens_s=0.0, closes_s=7.5 * 3600))
    assert found is UnassignedReason.WINDOW_TOO_EARLY
    assert detail == "closes at 07:30, the first vehicle can be there at 08:00"


def test_a_stop_that_closes_seconds_too_early_is_not_told_the_minute_of_the_arrival():
    # an hour from 7:00, so 8:00:00; open until 7:59:40, which is nearer to 8:00 than to 7:59
    early = replace(STOP, opens_s=7 * 3600.0, closes_s=8 * 3600.0 - 20)
    assert reason(early)[1] == "closes at 07:59, the first vehicle can be there at 08:00"


def test_a_duty_too_short_is_told_in_minutes_and_by_the_clock():
    # an hour there, ten minutes, an hour back: 130 minutes
    found, detail = reason(STOP, replace(VAN, max_duration_s=7200.0))
    assert found is UnassignedReason.SHIFT_TOO_SHORT
    assert detail == (
        "any route by this stop takes at least 130.0 min within its hours 08:00-09:00; "
        "duty lasts at most 120.0 min and ends by 12:00"
    )


def test_a_route_too_long_by_metres_or_seconds_looks_longer_than_its_limit():
    # the world's metres are its seconds: 3,600 out and 3,600 back, 7.2 km and 120 minutes
    told = "the shortest route by this stop, with van: {}"
    for limits, measures in (
        ({"max_distance_m": 7_196.0}, "7.2 km (at most 7.19 km), 120.0 min of driving"),
        (
            {"max_distance_m": 7_150.0, "max_driving_s": 7_200.0},
            "7.2 km (at most 7.15 km), 120.0 min of driving (at most 120.0 min)",
        ),
        # 7,200 m are told as longer than 7,199, though both are 7.2 km to the tenth
        (
            {"max_distance_m": 7_199.0, "max_driving_s": 7_199.0},
            "7.2 km (at most 7.19 km), 120.0 min of driving (at most 119.98 min)",
        ),
        # what a limit just lets through is not told as longer
        (
            {"max_distance_m": 7_204.0, "max_driving_s": 7_199.0},
            "7.2 km (at most 7.2 km), 120.0 min of driving (at most 119.98 min)",
        ),
        ({"max_stops": 0}, "7.2 km, 120.0 min of driving, at most 0 stops"),
    ):
        assert reason(replace(STOP, delivery=(1.0, 1.0)), replace(VAN, **limits)) == (
            UnassignedReason.TOO_FAR,
            told.format(measures),
        )


def test_missing_skills_are_named():
    assert reason(replace(STOP, needs=("track", "cold"))) == (
        UnassignedReason.NO_SKILL,
        "no vehicle type has cold, track",
    )


def test_an_optional_stop_is_told_its_price():
    left = why_left(problem(), replace(STOP, skip_cost_yuan=12.5))
    assert left.reason is UnassignedReason.SKIPPED
    assert sentence(left.details, {}) == "leaving it out costs 12.50 yuan, less than any place found for it"


HOUR = 3600.0
RESTING = replace(VAN, driving_rule=DrivingRule(driving_s=0.5 * HOUR, rest_s=2 * HOUR))


@pytest.mark.parametrize(
    ("kind", "speed_of_day", "closes_s", "told"),
    [
        # an hour at half the speed from 7:00 is two, so it is there at 9:00; at normal speed it would be at 8:00
        (VAN, ((0.0, 0.5),), 8.5 * HOUR, UnassignedReason.WINDOW_TOO_EARLY),
        # half an hour of driving, two hours of rest, half an hour: there at 10:00
        (RESTING, (), 9.5 * HOUR, UnassignedReason.WINDOW_TOO_EARLY),
        # there at 8:00 and back at 9:10, but ten minutes to set up: on duty 2:20 of 2:15; where routes begin at their
        # first stop 1:20 of 1:15
        (replace(VAN, max_duration_s=2.25 * HOUR), (), 9 * HOUR, UnassignedReason.SHIFT_TOO_SHORT),
        (
            replace(VAN, open_start=True, max_duration_s=1.25 * HOUR),
            (),
            9 * HOUR,
            UnassignedReason.SHIFT_TOO_SHORT,
        ),
    ],
)
def test_a_route_that_takes_too_long_by_the_hour_is_told_and_the_check_agrees(kind, speed_of_day, closes_s, told):
    asked = replace(STOP, closes_s=closes_s, setup_duration_s=600.0)
    world = replace(problem(kind), stops=(asked,), speed_of_day=speed_of_day)
    plan = plan_of(world, [], engine="by hand", seed=0)
    assert [left.reason for left in plan.unassigned] == [told]
    later = replace(asked, closes_s=12 * HOUR)
    roomy = replace(kind, max_duration_s=24 * HOUR, shift_end_s=24 * HOUR)
    plan = plan_of(replace(world, stops=(later,), vehicle_types=(roomy,)), [], engine="by hand", seed=0)
    assert [left.reason for left in plan.unassigned] == [UnassignedReason.FLEET_USED_UP]


@given(
    speeds=st.lists(st.tuples(st.integers(0, 14), st.sampled_from([0.3, 0.5, 0.9, 1.0, 1.4])), max_size=3),
    rule=st.none() | st.builds(DrivingRule, driving_s=st.sampled_from([900.0, 3600.0]), rest_s=st.just(1200.0)),
    open_start=st.booleans(),
    open_end=st.booleans(),
    duty_s=st.integers(0, 40).map(lambda n: n * 600.0),
    speed_factor=st.sampled_from([0.7, 0.9, 1.0, 1.1]),
    opens=st.integers(0, 12),
    lasts=st.integers(0, 6),
    setup_s=st.sampled_from([0.0, 600.0]),
    release_s=st.sampled_from([0.0, 9 * HOUR]),
)
@settings(max_examples=200, deadline=None)
def test_what_a_plan_says_of_a_stop_holds_whatever_the_hour(
    speeds, rule, open_start, open_end, duty_s, speed_factor, opens, lasts, setup_s, release_s
):
    kind = replace(
        VAN,
        driving_rule=rule,
        open_start=open_start,
        open_end=open_end,
        max_duration_s=duty_s,
        max_driving_s=duty_s,
        speed_factor=speed_factor,
    )
    asked = replace(
        STOP, opens_s=opens * HOUR, closes_s=(opens + lasts) * HOUR, setup_duration_s=setup_s, release_s=release_s
    )
    by_time = {hour * HOUR: factor for hour, factor in speeds}
    world = replace(problem(kind), stops=(asked,), speed_of_day=tuple(sorted(by_time.items())))
    (left,) = plan_of(world, [], engine="by hand", seed=0).unassigned  # raises if the check sees it otherwise
    fits = schedule(world, kind, "van-1", [asked]) is not None
    if left.reason is UnassignedReason.FLEET_USED_UP:
        assert fits
