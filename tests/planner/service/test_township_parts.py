"""Why a station cannot serve a township, in figures, and what the part that it can serve costs; worked out by hand."""

import pytest

from planner.routing import RelaxationKind
from planner.service.tiers import (
    MissedReason,
    TierEffort,
    TownshipChoice,
    TownshipReason,
    TownshipWay,
    check_tiers,
    plan_tiers,
)
from tests.planner.service.tier_worlds import HOUR, line, point, station, vehicle

QUICK = TierEffort(iterations=4, last_iterations=4, plans=17)
# Directly: 50 + 160 km x 2. By the station go the truck's call on its way, the tricycle (10 + 40 km x 0.3), and 10 a day
# with 0.1 a parcel.
DIRECT, BESIDES = 370.0, 22.0 + 10.0


def only_township(problem) -> TownshipChoice:
    plan = plan_tiers(problem, seed=1, effort=QUICK)
    assert plan.holds
    assert check_tiers(problem, plan) == []
    (township,) = plan.townships
    assert (township.way, township.reason) == (TownshipWay.DIRECT, TownshipReason.OTHER_BREAKS_STANDARD)
    assert township.direct_yuan == pytest.approx(DIRECT)
    assert township.station_yuan is None
    return township


def two(v: float, w: float):
    return point("v", "t", v, 0, ("st",)), point("w", "t", w, 0, ("st",), location_id="v")


def test_a_tricycle_too_small_for_all_is_said_by_how_much_and_serves_a_part() -> None:
    trike = vehicle("trike-st", "st", 40.0, count=1, fixed_cost_yuan=10.0, cost_per_km_yuan=0.3)
    township = only_township(line(points=two(10, 35), stations=(station("st", vehicle_types=(trike,)),)))
    (missed,) = township.breaks
    assert (missed.station_id, missed.reason) == ("st", MissedReason.ROUTE)
    more = next(one for one in missed.relaxations if one.kind is RelaxationKind.MORE_ROOM)
    assert more.room == (5.0,)  # 45 parcels, and 40 fit
    ((served, by),) = township.part_by_station
    assert {served, missed.point_id} == {"v", "w"}
    assert by == "st"
    assert township.part_yuan == pytest.approx(DIRECT + BESIDES + 0.1 * {"v": 10, "w": 35}[served])


def test_a_station_without_room_for_all_serves_what_fits() -> None:
    township = only_township(line(points=two(5, 8), stations=(station("st", room=(9.0,)),)))
    assert {(one.point_id, one.reason, one.room) for one in township.breaks} == {
        ("v", MissedReason.ROOM, (13.0,)),
        ("w", MissedReason.ROOM, (13.0,)),
    }
    assert township.part_by_station == (("v", "st"),)
    assert township.part_yuan == pytest.approx(DIRECT + BESIDES + 0.5)


def test_a_cut_off_that_the_station_misses_is_said_with_the_one_that_would_do() -> None:
    # directly produce is at the hub at 10:10: 8:30 at the village, ten minutes there, an hour and a half back
    goods = (point("v", "t", 10, 4, ("st",)),)
    township = only_township(line(points=goods, cut_off_s=10.25 * HOUR))
    (missed,) = township.breaks
    # the tricycle's produce is ready at 9:22:20, loads for 8 s, and is an hour from the hub; a truck that comes again
    # calls for 300 s more
    assert missed.until_s in (10 * HOUR + 22 * 60 + 28, 10 * HOUR + 27 * 60 + 28)
    assert township.part_yuan is None
    assert township.part_by_station == ()


def test_a_part_competes_and_wins_where_it_is_cheaper() -> None:
    # v's 38 parcels and w's 6, w at the station itself: the tricycle holds 40. Directly 50 + 160 km x 2 = 370; with v by the
    # tricycle, w by the truck that comes there anyway, 50 + 120 km x 2 + 1 + 40 km x 0.01 = 291.4.
    trike = vehicle("trike-st", "st", 40.0, count=1, fixed_cost_yuan=1.0, cost_per_km_yuan=0.01)
    cheap = station("st", vehicle_types=(trike,), fixed_yuan=0.0, yuan_per_parcel=0.0)
    beside = point("w", "t", 6, 0, ("st",), location_id="st")
    plan = plan_tiers(line(points=(point("v", "t", 38, 0, ("st",)), beside), stations=(cheap,)), seed=1, effort=QUICK)
    (township,) = plan.townships
    assert township.by_station == (("v", "st"),)
    assert township.own_yuan == pytest.approx(291.4)
    assert (township.direct_yuan, township.station_yuan) == (pytest.approx(370.0), None)
    assert township.part_yuan is not None
    assert township.part_yuan >= township.own_yuan - 1e-6
