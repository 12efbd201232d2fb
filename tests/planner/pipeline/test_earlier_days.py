"""Whoever drove somewhere before drives there again: what a store is asked, and what a plan makes of it."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

from planner.config import load_config
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import PlannedDay, plan_day
from planner.pipeline.earlier_days import EarlierDays, earlier_days
from planner.pipeline.site import plan_network
from planner.plans.store import open_store
from planner.routing.check import check

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (datetime.date(2026, 11, day) for day in (2, 3, 4, 5))
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)


def with_driver(planned: PlannedDay, vehicle_id: str) -> PlannedDay:
    """The same day with its one route driven by another van."""
    routes = planned.plan.routes
    driven = tuple(replace(route, vehicle_id=vehicle_id) for route in routes.routes)
    return replace(planned, plan=replace(planned.plan, routes=replace(routes, routes=driven)))


def drivers(earlier: EarlierDays) -> list[str]:
    return [route.vehicle_id for one in earlier.routes for route in one.routes]


def test_the_published_plan_of_the_date_counts_then_the_latest_published_day(line_folder: Path) -> None:
    file = line_folder / "area.toml"
    before, fleet, after = file.read_text(encoding="utf-8").partition("[[routing.vehicles]]")
    file.write_text(before + fleet + re.sub("count = .*", "count = 5", after, count=1), encoding="utf-8")
    config = load_config(line_folder)
    network = plan_network(AreaRun.for_siting(config))
    tuesday = plan_day(network, config, date=TUESDAY)
    assert drivers(EarlierDays(routes=(tuesday.plan.routes,))) == ["van-1"]
    with open_store("sqlite://") as store:
        store.save_network(network, created_at=NOON)

        def keep(date: datetime.date, vehicle_id: str, hour: int, *, published: bool) -> None:
            planned = with_driver(plan_day(network, config, date=date), vehicle_id)
            store.save_day(planned.plan, planned.problem, created_at=NOON + datetime.timedelta(hours=hour))
            if published:
                store.publish(planned.plan.id, published_at=NOON)

        def known(date: datetime.date) -> list[str]:
            return drivers(earlier_days(store, "line", date))

        assert known(WEDNESDAY) == []
        keep(MONDAY, "van-5", 0, published=True)
        keep(TUESDAY, "van-4", 1, published=False)  # what was never published nobody knows on another day
        keep(THURSDAY, "van-1", 1, published=True)  # nor what comes later
        assert known(WEDNESDAY) == ["van-5"]
        keep(WEDNESDAY, "van-2", 2, published=False)
        keep(WEDNESDAY, "van-3", 3, published=False)
        assert known(WEDNESDAY) == ["van-3", "van-5"]
        keep(WEDNESDAY, "van-2", 4, published=True)  # kept already, and published now
        assert known(WEDNESDAY) == ["van-2", "van-5"]
        again = plan_day(network, config, date=WEDNESDAY, earlier=earlier_days(store, "line", WEDNESDAY))
        plain = plan_day(network, config, date=WEDNESDAY)
    assert [route.vehicle_id for route in plain.plan.routes.routes] == ["van-1"]
    assert again.plan == with_driver(plain, "van-2").plan
    assert check(again.problem, again.plan.routes) == ()
