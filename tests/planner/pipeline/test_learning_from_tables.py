import datetime
from pathlib import Path

import pytest

from planner.config import load_config
from planner.model import DemandBasis
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import OrdersFile, plan_day
from planner.pipeline.earlier_days import EarlierDays
from planner.pipeline.estimate import orders_before
from planner.pipeline.site import plan_network
from planner.plans.store import open_store

MONDAY = datetime.date(2026, 11, 2)
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)


def test_tables_of_five_days_make_the_sixth_learned(line_folder: Path) -> None:
    config, table = load_config(line_folder), line_folder / "orders.csv"
    table.write_text("编码,下行件数\nwest,20\nmiddle,20\neast,20\n", encoding="utf-8")  # 10, 20 and 30 are assumed
    network = plan_network(AreaRun.for_siting(config))
    with open_store("sqlite://") as store:
        store.save_network(network, created_at=NOON)
        for number in range(5):
            date = MONDAY + datetime.timedelta(days=number)
            planned = plan_day(network, config, date=date, orders=OrdersFile(path=table))
            store.save_day(planned.plan, planned.problem, created_at=NOON)
        saturday = MONDAY + datetime.timedelta(days=5)
        history = orders_before(store, "line", saturday)
    assert [dict(day.down) for day in history] == [{"west": 20.0, "middle": 20.0, "east": 20.0}] * 5
    assert [day.up for day in history] == [{}] * 5  # the table says nothing of what goes up
    (point,) = plan_day(network, config, date=saturday, earlier=EarlierDays(orders=history)).plan.demand.points
    # as many came as were assumed in all; each village is half way from 10, 20 and 30 to 20, which adds up to the same
    assert point.delivery_parcels == pytest.approx(60, abs=1)
    assert point.basis["delivery_parcels"] is DemandBasis.LEARNED
    assert point.basis.get("pickup_parcels", DemandBasis.ASSUMED) is DemandBasis.ASSUMED
