"""The words of a reason: clock times, amounts with their dimension, and how to split what no vehicle holds."""

from dataclasses import replace

import numpy as np

from planner.routing.problem import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.reasons import why_left, why_not_alone
from planner.routing.solution import UnassignedReason
from planner.travel import TravelMatrix

STOP = Stop(
    id="a",
    name="a",
    delivery=(250.0, 1.0),
    pickup=(0.0, 0.0),
    opens_s=8 * 3600.0,
    closes_s=9 * 3600.0,
    service_duration_s=600.0,
)
VAN = VehicleType(
    id="van",
    name="van",
    count=3,
    depot_id="hub",
    capacity=(400.0, float("inf")),
    shift_start_s=7 * 3600.0,
    shift_end_s=12 * 3600.0,
    max_duration_s=5 * 3600.0,
    fixed_cost_yuan=1.0,
    cost_per_km_yuan=1.0,
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
    left = why_not_alone(problem(kind), stop)
    assert left is not None
    return left.reason, left.detail


def test_a_stop_that_fits_alone_has_no_reason_of_its_own():
    assert why_not_alone(problem(), STOP) is None
    assert why_left(problem(), STOP).detail == "it fits alone, but none of the 3 vehicles had room for it"


def test_a_stop_too_large_is_told_in_dimensions_and_how_to_split_it():
    # 250 kg in vans of 100 kg take three trips
    found, detail = reason(STOP, replace(VAN, capacity=(100.0, float("inf"))))
    assert found is UnassignedReason.TOO_LARGE
    assert detail == (
        "delivery 250.0 kg and 1.0 m3, pickup 0.0 kg and 0.0 m3; "
        "the vehicle type 'van' holds 100.0 kg and any m3: split it into 3 equal visits"
    )


def test_a_dimension_no_vehicle_holds_cannot_be_split():
    _, detail = reason(STOP, replace(VAN, capacity=(400.0, 0.0)))
    assert detail.endswith("no vehicle type holds every dimension it needs")


def test_times_are_told_by_the_clock():
    # 07:00 and one hour on the way
    found, detail = reason(replace(STOP, opens_s=0.0, closes_s=7.5 * 3600))
    assert found is UnassignedReason.WINDOW_TOO_EARLY
    assert detail == "closes at 07:30, the first vehicle can be there at 08:00"


def test_a_duty_too_short_is_told_in_minutes_and_by_the_clock():
    # an hour there, ten minutes, an hour back: 130 minutes
    found, detail = reason(STOP, replace(VAN, max_duration_s=7200.0))
    assert found is UnassignedReason.SHIFT_TOO_SHORT
    assert detail == (
        "the round to this stop alone takes 130.0 min within its hours 08:00-09:00; "
        "duty lasts at most 120.0 min and ends by 12:00"
    )


def test_missing_skills_are_named():
    assert reason(replace(STOP, needs=("track", "cold"))) == (
        UnassignedReason.NO_SKILL,
        "no vehicle type has cold and track",
    )


def test_an_optional_stop_is_told_its_price():
    left = why_left(problem(), replace(STOP, skip_cost_yuan=12.5))
    assert left.reason is UnassignedReason.SKIPPED
    assert left.detail == "leaving it out costs 12.50 yuan, less than any place found for it"
