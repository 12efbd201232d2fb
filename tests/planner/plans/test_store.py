"""What goes into the store comes out the same, and nothing broken goes in."""

import datetime
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from planner.errors import BadDataError, MissingExtraError, PlanNotFoundError, PlanRejectedError
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
ROUNDS = 20


def test_a_plan_comes_back_as_it_went_in(tmp_path: Path, line: PlannedArea) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/planner.db"
    with open_store(url) as store:
        summary = store.save(line.plan, line.problem, created_at=NOON)
    with open_store(url) as store:
        assert store.get(line.plan.id) == line.plan
        assert store.get(line.plan.id).id == line.plan.id
        assert store.list() == store.list("line") == store.latest() == (summary,)
        assert store.summary(line.plan.id) == summary
        assert store.list("elsewhere") == ()
        assert store.count() == 1
    assert (summary.service_points, summary.express_stations, summary.routes, summary.unassigned) == (1, 1, 1, 0)
    assert summary.created_at == NOON


def test_saving_again_changes_nothing(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        first = store.save(line.plan, line.problem, created_at=NOON)
        later = store.save(line.plan, line.problem, created_at=NOON + datetime.timedelta(days=1))
        assert later == first
        assert store.count() == 1


def test_newest_first_and_in_parts(line: PlannedArea) -> None:
    with open_store("sqlite://") as store:
        ids = []
        for day in range(3):
            plan = replace(line.plan, config={**line.plan.config, "seed": day})
            ids.append(store.save(plan, line.problem, created_at=NOON + datetime.timedelta(days=day)).id)
        assert [plan.id for plan in store.list()] == ids[::-1]
        assert [plan.id for plan in store.list(limit=1, offset=1)] == [ids[1]]
        assert [plan.id for plan in store.latest()] == [ids[2]]


def test_the_latest_of_two_areas_are_two_plans(line: PlannedArea) -> None:
    other = replace(line.plan, area=replace(line.network.area, id="another"))
    with open_store("sqlite://") as store:
        for day in range(2):
            for plan in (line.plan, other):
                changed = replace(plan, config={**plan.config, "seed": day})
                store.save(changed, line.problem, created_at=NOON + datetime.timedelta(days=day))
        newest = store.latest()
    assert [(plan.area_id, plan.created_at.day) for plan in newest] == [("another", 11), ("line", 11)]


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


def test_a_plan_whose_routes_do_not_hold_is_not_stored(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    late = replace(route, visits=(replace(route.visits[0], arrival_s=route.visits[0].arrival_s - 600),))
    broken = replace(line.plan, routes=replace(line.day.routes, routes=(late,)))
    with open_store("sqlite://") as store:
        with pytest.raises(PlanRejectedError, match="not stored"):
            store.save(broken, line.problem, created_at=NOON)
        assert store.count() == 0
        with pytest.raises(PlanNotFoundError, match=broken.id):
            store.get(broken.id)


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
