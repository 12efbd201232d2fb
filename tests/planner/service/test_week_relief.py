"""What helps a fleet that cannot do a week, on roads where it can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from planner.service.week import WeekProblem, WeekVehicle, check_week, fleet_short, plan_week, relieve_week

MASKS = {1: (0b0001, 0b0010, 0b0100), 2: (0b011, 0b101, 0b110), 3: (0b111,)}


def star(visits, *, vans=1, duty_min=60.0, capacity=100.0):
    """Villages each 10 minutes from the hub and 20 from each other, three days, 10 minutes a visit, 6 parcels a day each."""
    places = len(visits)
    minutes = np.full((places + 1, places + 1), 20.0)
    minutes[0, :] = minutes[:, 0] = 10.0
    np.fill_diagonal(minutes, 0.0)
    return WeekProblem(
        place_ids=tuple("abcdef"[:places]),
        dimensions=("parcels",),
        down=np.full((places, 3, 1), 6.0),
        up=np.zeros((places, 3, 1)),
        down_a_visit=np.zeros((places, 1)),
        up_a_visit=np.zeros((places, 1)),
        service_s=np.full(places, 600.0),
        service_s_a_parcel=np.zeros(places),
        patterns=tuple(MASKS[count] for count in visits),
        vehicles=(
            WeekVehicle(id="van", number=(vans,) * 3, capacity=(capacity,), duty_s=60 * duty_min, fixed_yuan=20.0),
            WeekVehicle(id="dear", number=(0,) * 3, capacity=(capacity,), duty_s=60 * duty_min, fixed_yuan=50.0),
        ),
        durations_s=60.0 * minutes[None],
        distances_m=1000.0 * minutes[None],
    )


def test_a_week_that_holds_needs_nothing():
    problem = star([2, 2, 2])  # two villages take 10 + 10 + 20 + 10 + 10 = 60 minutes: three days, six visits
    week = plan_week(problem, iterations=10)
    assert week.holds
    assert fleet_short(problem, week) is None
    assert relieve_week(problem, week, iterations=10) == ()


def test_one_visit_too_many():
    problem = star([3, 2, 2])  # seven visits, and a van that makes two a day
    week = plan_week(problem, iterations=10)
    assert not week.holds
    vehicles, fewer = relieve_week(problem, week, iterations=10)
    assert (vehicles.vehicle_type, vehicles.more, len(vehicles.days)) == ("van", 1, 1)
    number = tuple(1 + (day in vehicles.days) for day in range(3))
    larger = replace(problem, vehicles=(replace(problem.vehicles[0], number=number), problem.vehicles[1]))
    assert check_week(larger, vehicles.week) == ()
    assert [visits for _, visits in fewer.fewer] in ([2], [1])
    assert fewer.week.holds
    assert sum(len(route.place_ids) for route in fewer.week.routes) == 6


@pytest.mark.parametrize(("visits", "days", "fewer"), [([3, 3, 3], 3, 3), ([3, 3, 2], 2, 2)])
def test_a_van_on_each_day_with_a_visit_too_many_or_as_many_visits_less(visits, days, fewer):
    # All villages on all days, or the third on two days: each of these days has one visit more than a van makes.
    problem = star(visits)
    week = plan_week(problem, iterations=10)
    vehicles, less = relieve_week(problem, week, iterations=20)
    assert (vehicles.vehicle_type, vehicles.more, len(vehicles.days)) == ("van", 1, days)
    assert len(less.fewer) == fewer
    assert all(count == visits["abc".index(id_)] - 1 for id_, count in less.fewer)


def test_reasons_by_hand():
    problem = star([3, 3, 3])
    week = plan_week(problem, iterations=5)
    short = fleet_short(problem, week)
    # Nine visits of 10 minutes and a leg of 10: three hours, which the van has: no proof, though none can be found.
    assert (short.what, short.needed, short.given, short.proven) == ("", pytest.approx(3.0), pytest.approx(3.0), False)
    tight = star([3, 3, 3], duty_min=50.0)
    short = fleet_short(tight, plan_week(tight, iterations=5))
    assert (short.what, short.given, short.proven) == ("", pytest.approx(2.5), True)
    full = star([3, 3, 3], vans=2, capacity=8.0)  # 54 parcels and six vans of 8
    short = fleet_short(full, plan_week(full, iterations=5))
    assert (short.what, short.needed, short.given, short.proven) == ("parcels", 54.0, 48.0, True)
