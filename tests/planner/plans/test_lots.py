"""Lots of produce, worked out by hand on the line of three villages."""

import datetime
from dataclasses import replace

import pytest

from planner.errors import UsageError
from planner.model import AMOUNTS, DemandBasis, Produce, VillageDemand
from planner.plans.lots import lots_of, parts_of_lot
from planner.routing import Reload


def with_produce(day, *produce, basis=None):
    """Return the day with produce at its first point."""
    first, *others = day.demand.points
    first = replace(first, produce=tuple(produce), basis=basis or {})
    return replace(day, demand=replace(day.demand, points=(first, *others)))


def test_lots_are_numbered_by_village_and_product_and_go_to_the_hub(line):
    (point,) = line.day.demand.points
    (route,) = line.day.routes.routes
    (visit,) = route.visits
    day = with_produce(
        line.day,
        Produce(village_id="middle", product="rice", kg=120.0),
        Produce(village_id="east", product="rice", kg=30.0),
        Produce(village_id="middle", product="beans", kg=7.5),
        Produce(village_id="west", product="rice", kg=0.0),
        basis={"pickup_kg": DemandBasis.ORDERED},
    )
    lots = lots_of(day)
    assert [(lot.id, lot.product, lot.kg) for lot in lots] == [
        ("east-20261110-01", "rice", 30.0),
        ("middle-20261110-01", "beans", 7.5),
        ("middle-20261110-02", "rice", 120.0),
    ]
    for lot in lots:
        (leg,) = lot.legs  # one stop, then home
        assert (lot.site_id, lot.vehicle_id, lot.picked_up_s) == (point.site_id, route.vehicle_id, visit.departure_s)
        assert (leg.origin_id, leg.destination_id) == (point.site_id, route.depot_id)
        assert (leg.leaves_s, leg.arrives_s, leg.distance_m) == (
            visit.departure_s,
            route.end_s,
            route.return_distance_m,
        )
        assert lot.basis is DemandBasis.ORDERED


def test_a_weight_rests_on_the_village_s_own_figure(line):
    """Another village of the point is estimated, which makes the point's sum an estimate."""
    day = with_produce(line.day, *(Produce(village_id=id_, product="rice", kg=1.0) for id_ in ("middle", "east")))
    amounts = dict.fromkeys(AMOUNTS, 1.0)
    own = VillageDemand(village_id="middle", **amounts, basis={"pickup_kg": DemandBasis.ORDERED})
    other = VillageDemand(village_id="east", **amounts)
    day = replace(day, demand=replace(day.demand, villages=(own, other)))
    assert {lot.village_id: lot.basis for lot in lots_of(day)} == {
        "middle": DemandBasis.ORDERED,
        "east": DemandBasis.ASSUMED,
    }


def test_a_lot_rides_along_to_the_next_depot_only(line):
    (route,) = line.day.routes.routes
    (visit,) = route.visits
    second = replace(visit, stop_id="sp-east", arrival_s=visit.departure_s + 300, departure_s=visit.departure_s + 600)
    reload = Reload(
        depot_id="hub-west",
        after=2,
        arrival_s=second.departure_s + 100,
        departure_s=second.departure_s + 400,
        distance_m=800.0,
        driving_s=100.0,
        load_after=(0.0, 0.0, 0.0),
    )
    third = replace(visit, stop_id="sp-west", arrival_s=reload.departure_s + 50, departure_s=reload.departure_s + 90)
    longer = replace(route, visits=(visit, second, third), reloads=(reload,))
    day = with_produce(line.day, Produce(village_id="middle", product="rice", kg=1.0))
    (lot,) = lots_of(replace(day, routes=replace(day.routes, routes=(longer,))))
    assert [(leg.destination_id, leg.arrives_s) for leg in lot.legs] == [
        ("sp-east", second.arrival_s),
        ("hub-west", reload.arrival_s),
    ]
    assert [leg.leaves_s for leg in lot.legs] == [visit.departure_s, second.departure_s]
    assert sum(leg.distance_m for leg in lot.legs) == second.distance_m + 800.0


def test_a_lot_stays_on_board_where_the_route_ends_at_a_stop(line):
    (route,) = line.day.routes.routes
    (visit,) = route.visits
    last = replace(visit, stop_id="sp-east", arrival_s=visit.departure_s + 300, departure_s=visit.departure_s + 600)
    ends = replace(route, visits=(visit, last), open_end=True, end_s=last.departure_s)
    day = with_produce(line.day, Produce(village_id="middle", product="rice", kg=80.5))
    day = replace(day, routes=replace(day.routes, routes=(ends,)))
    (lot,) = lots_of(day)
    assert (lot.stays_on_board, [leg.destination_id for leg in lot.legs]) == (True, ["sp-east"])
    # picked up at the very last stop it has no leg, and still says where it is
    (alone,) = lots_of(replace(day, routes=replace(day.routes, routes=(replace(ends, visits=(visit,)),))))
    assert (alone.stays_on_board, alone.vehicle_id, alone.legs) == (True, route.vehicle_id, ())
    # a reload after it takes it in, one before it does not
    reload = Reload(
        depot_id="hub-west", after=1, arrival_s=1.0, departure_s=2.0, distance_m=1.0, driving_s=1.0,
        load_after=(0.0, 0.0, 0.0),
    )  # fmt: skip
    for after, stays in ((1, False), (0, True)):
        reloads = (replace(reload, after=after),)
        (lot,) = lots_of(replace(day, routes=replace(day.routes, routes=(replace(ends, reloads=reloads),))))
        assert lot.stays_on_board is stays, after


def test_what_no_route_picks_up_has_no_way(line):
    day = with_produce(line.day, Produce(village_id="middle", product="rice", kg=1.0))
    (lot,) = lots_of(replace(day, routes=replace(day.routes, routes=())))
    assert (lot.vehicle_id, lot.picked_up_s, lot.legs, lot.basis) == (None, None, (), DemandBasis.ASSUMED)


@pytest.mark.parametrize("village", ["230231100200", "a-b", "村-20261110-01"])
def test_a_name_says_its_parts(village):
    from planner.plans.lots import lot_id

    date = datetime.date(2026, 2, 28)
    for number in (1, 99, 100):
        assert parts_of_lot(f" {lot_id(village, date, number)} ") == (village, date, number)


@pytest.mark.parametrize(
    "name",
    ["", "x", "-20261110-01", "a-2026111-01", "a-20261310-01", "a-20261110-", "a-20261110-x", "a-２０２６１１１０-01"],
)
def test_what_is_no_name_of_a_lot_is_refused(name):
    with pytest.raises(UsageError, match="no lot is called so"):
        parts_of_lot(name)
