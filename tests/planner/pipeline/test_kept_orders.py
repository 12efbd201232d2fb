import datetime
from dataclasses import replace

from planner.model import DemandBasis, VillageDemand
from planner.pipeline.estimate import OrderedDay, kept_orders, orders_before
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import PlanStore, open_store

MONDAY = datetime.date(2026, 11, 2)
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)


def ordered(village_id: str, parcels: float, *, basis: DemandBasis = DemandBasis.ORDERED) -> VillageDemand:
    return VillageDemand(
        village_id=village_id,
        delivery_parcels=parcels,
        delivery_kg=0.0,
        delivery_m3=0.0,
        pickup_parcels=0.5,
        pickup_kg=0.0,
        pickup_m3=0.0,
        basis={"delivery_parcels": basis},
    )


def keep(store: PlanStore, line: PlannedArea, date: datetime.date, *villages: VillageDemand, hour: int = 0) -> str:
    demand = replace(line.day.demand, date=date, villages=villages)
    day = replace(line.day, date=date, demand=demand)
    return store.save_day(day, line.problem, created_at=NOON + datetime.timedelta(hours=hour)).id


def test_only_what_was_ordered_is_learned_from(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        keep(store, line, MONDAY, ordered("east", 0.0), ordered("west", 7.0, basis=DemandBasis.LEARNED))
        keep(store, line, MONDAY + datetime.timedelta(days=1))
        keep(store, line, MONDAY + datetime.timedelta(days=2), ordered("east", 3.0), ordered("west", 5.0))
        kept = kept_orders(store, line.day.area.id, MONDAY, MONDAY + datetime.timedelta(days=9))
        assert kept == (
            OrderedDay(date=MONDAY, down={"east": 0.0}),  # an ordered zero is one, an estimate is no order
            OrderedDay(date=MONDAY + datetime.timedelta(days=2), down={"east": 3.0, "west": 5.0}),
        )
        before = orders_before(store, line.day.area.id, MONDAY + datetime.timedelta(days=2))
        assert [day.date for day in before] == [MONDAY]


def test_of_several_plans_of_a_date_the_published_counts_else_the_newest(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        first = keep(store, line, MONDAY, ordered("east", 1.0))
        keep(store, line, MONDAY, ordered("east", 2.0), hour=1)
        keep(store, line, MONDAY, hour=2)  # planned again without a table

        def down() -> list[float]:
            return [day.down["east"] for day in kept_orders(store, line.day.area.id, MONDAY, MONDAY)]

        assert down() == [2.0]
        store.publish(first, published_at=NOON)
        assert down() == [1.0]
