"""What goes into the store comes out the same, and nothing broken goes in."""

import datetime
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from planner.coverage import StationPlan
from planner.errors import BadDataError, MissingExtraError, PlanNotFoundError, PlanRejectedError, UsageError
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import NetworkPlan
from planner.plans.store import open_store

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
ONE_DAY = datetime.timedelta(days=1)
ROUNDS = 20


def test_plans_come_back_as_they_went_in(tmp_path: Path, line: PlannedArea) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/planner.db"
    with open_store(url) as store:
        network = store.save_network(line.network, created_at=NOON)
        day = store.save_day(line.day, line.problem, created_at=NOON)
    with open_store(url) as store:
        assert store.network(line.network.id) == store.get(line.network.id) == line.network
        assert store.day(line.day.id) == store.get(line.day.id) == line.day
        assert (store.day(line.day.id).id, store.day(line.day.id).network.id) == (line.day.id, line.network.id)
        assert store.networks() == store.networks("line") == (network,)
        assert store.days() == store.days("line") == store.days("line", date=line.day.date) == (day,)
        assert store.days("line", date=line.day.date + ONE_DAY) == ()
        assert (store.network_summary(network.id), store.day_summary(day.id)) == (network, day)
        assert (store.networks("elsewhere"), store.days("elsewhere")) == ((), ())
        assert (store.area_ids(), store.count()) == (("line",), 2)
    assert (network.service_points, network.express_stations, network.stages) == (1, 1, 1)
    assert (network.area_id, network.synthetic, network.assumed, network.published) == ("line", True, False, False)
    # 600 of 650 people; a point of 1000 yuan and a station of 5000
    assert (network.population_covered, network.opening_cost_yuan) == (pytest.approx(600 / 650), 6000)
    assert (day.network_id, day.date, day.routes, day.stops, day.unassigned) == (network.id, line.day.date, 1, 1, 0)
    # 600 people are brought 60 parcels, out and back 2 * 11131.949 m
    assert (day.parcels, day.distance_m) == (60, pytest.approx(2 * 11131.949, abs=1))
    assert network.created_at == day.created_at == NOON


def test_saving_again_changes_nothing(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        first = (
            store.save_network(line.network, created_at=NOON),
            store.save_day(line.day, line.problem, created_at=NOON),
        )
        later = (
            store.save_network(line.network, created_at=NOON + ONE_DAY),
            store.save_day(line.day, line.problem, created_at=NOON + ONE_DAY),
        )
        assert later == first
        assert store.count() == 2


def test_a_day_is_not_kept_without_its_network(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        with pytest.raises(PlanNotFoundError, match=line.network.id):
            store.save_day(line.day, line.problem, created_at=NOON)
        assert store.count() == 0


def seeded(plan: NetworkPlan, seed: int) -> NetworkPlan:
    """The same plan of another configuration, and so under another id."""
    return replace(plan, config={**plan.config, "seed": seed})


def test_networks_newest_first_and_in_parts(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        ids = [
            store.save_network(seeded(line.network, day), created_at=NOON + day * ONE_DAY).id for day in range(10, 13)
        ]
        assert [plan.id for plan in store.networks()] == ids[::-1]
        assert [plan.id for plan in store.networks(limit=1, offset=1)] == [ids[1]]
        current = store.current_network("line")
        assert current is not None
        assert current.id == ids[2]
        assert store.current_network("elsewhere") is None


def test_days_by_the_latest_date_and_in_parts(line: PlannedArea) -> None:
    dates = [line.day.date + days * ONE_DAY for days in (1, 0, 2)]
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        for number, date in enumerate(dates):
            plan = replace(line.day, date=date, demand=replace(line.day.demand, date=date))
            store.save_day(plan, line.problem, created_at=NOON + number * ONE_DAY)
        again = replace(line.day, config={**line.day.config, "seed": 9})
        store.save_day(again, line.problem, created_at=NOON + 9 * ONE_DAY)
        kept = store.days("line")
        assert [plan.date for plan in kept] == [dates[2], dates[0], dates[1], dates[1]]
        assert store.days(date=line.day.date)[0].id == again.id  # of one date the newest first
        assert store.days(limit=2, offset=1) == kept[1:3]


def test_networks_of_two_areas_are_told_apart(line: PlannedArea) -> None:
    other = replace(line.network, area=replace(line.network.area, id="another"))
    with open_store("sqlite://") as store:
        for day in range(10, 12):
            for plan in (line.network, other):
                store.save_network(seeded(plan, day), created_at=NOON + day * ONE_DAY)
        assert store.area_ids() == ("another", "line")
        newest = [store.current_network(area_id) for area_id in store.area_ids()]
    assert [(one.area_id, one.created_at) for one in newest if one] == [
        ("another", NOON + 11 * ONE_DAY),
        ("line", NOON + 11 * ONE_DAY),
    ]


def test_what_is_published_is_a_pointer_that_moves(line: PlannedArea) -> None:
    other = replace(line.network, area=replace(line.network.area, id="another"))
    with open_store("sqlite://") as store:
        first, second = (
            store.save_network(seeded(line.network, day), created_at=NOON + day * ONE_DAY) for day in range(10, 12)
        )
        elsewhere = store.save_network(other, created_at=NOON)
        for chosen in (first, second, first, first):
            told = store.publish(chosen.id, published_at=NOON)
            assert (told.id, told.published) == (chosen.id, True)
            assert [one.id for one in store.networks("line") if one.published] == [chosen.id]
            current = store.current_network("line")
            assert current is not None
            assert current.id == chosen.id  # rather than the newest
        assert not store.network_summary(elsewhere.id).published  # each area has a pointer of its own
        assert store.network(first.id) == seeded(line.network, 10)  # and the documents stay as they are
        with pytest.raises(PlanNotFoundError, match="no-such-id"):
            store.publish("no-such-id", published_at=NOON)


def test_a_network_that_opens_nothing_is_followed_by_nobody(line: PlannedArea) -> None:
    points, stations = line.network.stations.service_points, line.network.stations.express_stations
    nothing = replace(
        line.network,
        stations=StationPlan(
            service_points=replace(points, opened=(), assignments=()),
            express_stations=replace(stations, opened=(), assignments=()),
        ),
    )
    with open_store("sqlite://") as store:
        empty = store.save_network(nothing, created_at=NOON)
        alone = store.current_network("line")
        assert alone is not None
        assert alone.id == empty.id  # it says why there is nothing
        good = store.save_network(line.network, created_at=NOON - ONE_DAY)
        current = store.current_network("line")
        assert current is not None
        assert current.id == good.id  # though it is older
        with pytest.raises(UsageError, match="opens nothing"):
            store.publish(empty.id, published_at=NOON)


def test_of_each_date_one_day_is_published(line: PlannedArea) -> None:
    later = line.day.date + ONE_DAY
    days = [
        line.day,
        replace(line.day, config={**line.day.config, "seed": 9}),
        replace(line.day, date=later, demand=replace(line.day.demand, date=later)),
    ]
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        for plan in days:
            store.save_day(plan, line.problem, created_at=NOON)
        for plan in (days[0], days[2], days[1]):
            assert store.publish(plan.id, published_at=NOON).published
        assert {one.id for one in store.days() if one.published} == {days[1].id, days[2].id}
        assert not store.network_summary(line.network.id).published


# reads the address of a store, opens it, says how that went, and waits for the next one
OPENER = """
import sys
from planner.plans.store import open_store
print("ready", flush=True)
for url in sys.stdin:
    try:
        with open_store(url.strip()) as store:
            print(store.count(), flush=True)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".splitlines()[0], flush=True)
"""


@pytest.mark.slow
def test_several_processes_open_one_new_file_at_once(tmp_path: Path) -> None:
    openers = [
        subprocess.Popen([sys.executable, "-c", OPENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        assert [opener.stdout.readline() for opener in openers] == ["ready\n"] * 4
        for attempt in range(ROUNDS):
            for opener in openers:
                opener.stdin.write(f"sqlite:///{tmp_path}/{attempt}.db\n")
            for opener in openers:
                opener.stdin.flush()
            assert [opener.stdout.readline() for opener in openers] == ["0\n"] * 4, attempt
    finally:
        for opener in openers:
            opener.communicate(timeout=60)


def test_a_day_whose_routes_do_not_hold_is_not_stored(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    late = replace(route, visits=(replace(route.visits[0], arrival_s=route.visits[0].arrival_s - 600),))
    broken = replace(line.day, routes=replace(line.day.routes, routes=(late,)))
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        with pytest.raises(PlanRejectedError, match="not stored"):
            store.save_day(broken, line.problem, created_at=NOON)
        assert (store.days(), store.count()) == ((), 1)
        with pytest.raises(PlanNotFoundError, match=broken.id):
            store.day(broken.id)


def test_a_day_whose_demand_the_problem_does_not_ask_for_is_not_stored(line: PlannedArea) -> None:
    (point,) = line.day.demand.points
    other = replace(line.day, demand=replace(line.day.demand, points=(replace(point, delivery_kg=1.0),)))
    with open_store("sqlite://") as store:
        store.save_network(line.network, created_at=NOON)
        with pytest.raises(PlanRejectedError, match="sp-middle: the problem asks for"):
            store.save_day(other, line.problem, created_at=NOON)


def test_tables_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    with open_store(f"sqlite:///{path}"):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE planner_store SET version = 99")
    connection.close()
    with pytest.raises(BadDataError, match="tables of version 99"), open_store(f"sqlite:///{path}"):
        pass


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("planner.db", BadDataError, "not a database URL"),
        ("postgresql://me:secret@host:port/x", BadDataError, r"me:\*\*\*@host"),
        ("nodb://x/y", MissingExtraError, "no driver"),
        ("sqlite:////proc/none/planner.db", BadDataError, "cannot be made"),
    ],
)
def test_an_address_that_is_no_store_says_what_to_write(url: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message), open_store(url):
        pass


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    path.write_text("a letter, not a database. " * 100, encoding="utf-8")
    with pytest.raises(BadDataError, match="not a database"), open_store(f"sqlite:///{path}"):
        pass
