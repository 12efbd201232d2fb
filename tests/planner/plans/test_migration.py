"""A store of an earlier version becomes one of today's, whole or not at all, and loses nothing."""

import datetime
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.errors import BadDataError, PlanNotFoundError
from planner.plans import to_json
from planner.plans.store import open_store
from planner.plans.store_tables import STORE_VERSION
from tests.planner.plans.freeze import CREATED, FROZEN
from tests.planner.plans.stores_looked_into import (
    HELD,
    LATER,
    PHASES,
    PLAN_1,
    PLAN_2,
    documents_in,
    tables_of,
    thawed,
    version_in,
)


def test_there_is_a_frozen_store_of_every_version() -> None:
    found = {version_in(path) for path in FROZEN.glob("store-*.db")}
    assert found == set(range(1, STORE_VERSION + 1))


@pytest.mark.parametrize("version", [1, 2])
def test_an_old_store_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path, held = thawed(tmp_path, version), HELD[version]
    before = documents_in(path)
    with open_store(f"sqlite:///{path}") as store:
        assert [str(note).split(": ", 1)[1] for note in store.notes] == [
            f"brought from version {version} to version {STORE_VERSION} with {len(held)} days",
            "the store as it was before",
        ]
        assert store.count() == 2 * len(held)
        for former_id, created_at in held.items():
            day = store.get(former_id)
            assert store.day_summary(former_id).id == day.id
            assert store.day_summary(former_id).created_at == created_at
            assert store.network_summary(day.network.id).created_at == created_at
            assert store.get(day.id) == day
            assert store.get(day.network.id) == day.network
            old = json.loads(before[former_id])
            assert day.routes.cost_yuan == old["routes"]["cost_yuan"] == store.day_summary(former_id).cost_yuan
            assert list(day.network.stations.service_points.opened) == old["stations"]["service_points"]["opened"]
        assert store.current_network("line").created_at == max(held.values())
    with open_store(f"sqlite:///{path}") as store:
        assert store.notes == ()
    copy = tmp_path / f"planner.db.v{version}"
    assert version_in(copy) == version
    assert documents_in(copy) == before
    assert version_in(path) == STORE_VERSION


def test_what_was_published_becomes_the_first_revision(tmp_path: Path) -> None:
    path = thawed(tmp_path, 3)
    with open_store(f"sqlite:///{path}") as store:
        assert str(store.notes[0]).endswith(f"from version 3 to version {STORE_VERSION} with 1 days")
        (network,) = store.networks()
        (revision,) = store.revisions("line", "network")
        assert (revision.number, revision.plan_id, revision.published_at) == (1, network.id, CREATED)
        store.publish(network.id, published_at=CREATED + datetime.timedelta(days=1))
        assert [one.number for one in store.revisions("line", "network")] == [1, 2]
        assert store.revisions("line", "2026-11-10") == ()


def test_a_store_of_today_is_opened_as_it_is(tmp_path: Path) -> None:
    path = thawed(tmp_path, STORE_VERSION)
    with open_store(f"sqlite:///{path}") as store:
        assert store.notes == ()
        (network,), (day,) = store.networks(), store.days()
        assert (network.created_at, network.published) == (CREATED, True)
        assert to_json(store.get(network.id)) == (FROZEN / "network-3.json").read_text(encoding="utf-8")
        assert to_json(store.get(day.id)) == (FROZEN / "day-3.json").read_text(encoding="utf-8")
    assert [left.name for left in tmp_path.iterdir()] == ["planner.db"]


@pytest.mark.parametrize("version", range(1, STORE_VERSION + 1))
def test_an_opened_store_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    """Whoever changes a table raises `STORE_VERSION` and writes the revision that leads there."""
    path = thawed(tmp_path, version)
    for url in (f"sqlite:///{path}", f"sqlite:///{tmp_path}/new.db"):
        with open_store(url):
            pass
    assert tables_of(path) == tables_of(tmp_path / "new.db")
    assert version_in(tmp_path / "new.db") == STORE_VERSION


def test_a_plan_that_cannot_be_read_stays_and_is_named(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    broken = documents_in(path)[PLAN_2].replace('"cost_yuan":195', '"cost_yuan":295', 1)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE planner_plans SET document = ? WHERE id = ?", (broken, PLAN_2))
    with open_store(f"sqlite:///{path}") as store:
        assert "with 1 days" in store.notes[0]
        (said,) = store.notes[2:]
        assert PLAN_2 in said
        assert "cost_yuan" in said
        assert store.get(PHASES).network.phases is not None
        assert store.count() == 2
    with (
        open_store(f"sqlite:///{path}") as store,
        pytest.raises(PlanNotFoundError, match=r"(?s)cannot be read.*cost_yuan"),
    ):
        store.get(PLAN_2)
    with closing(sqlite3.connect(path)) as database:
        ((kept,),) = database.execute("SELECT document FROM planner_former WHERE id = ?", (PLAN_2,)).fetchall()
    assert kept == broken


def test_two_days_on_the_same_sites_share_a_network(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    other_day = documents_in(path)[PLAN_2].replace("2026-11-10", "2026-11-12")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE planner_plans SET document = ? WHERE id = ?", (other_day, PHASES))
    with open_store(f"sqlite:///{path}") as store:
        assert len(store.days()) == 2
        assert store.get(PLAN_2).network.id == store.get(PHASES).network.id
        (network,) = store.networks()
        assert network.created_at == CREATED


def test_the_same_plan_under_two_names_is_kept_once_and_said(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    with closing(sqlite3.connect(path)) as database, database:
        document = documents_in(path)[PLAN_2]
        database.execute("UPDATE planner_plans SET document = ? WHERE id = ?", (document, PHASES))
    with open_store(f"sqlite:///{path}") as store:
        day = store.get(PLAN_2)
        assert any(PHASES in note and day.id in note for note in store.notes)
        with pytest.raises(PlanNotFoundError, match=day.id):
            store.get(PHASES)


def test_a_later_store_is_refused_by_its_version_and_left_alone(tmp_path: Path) -> None:
    path = thawed(tmp_path, STORE_VERSION)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE planner_store SET version = 99")
    refused = f"tables of version 99, this program has {STORE_VERSION}: a later program"
    with pytest.raises(BadDataError, match=refused), open_store(f"sqlite:///{path}"):
        pass
    assert version_in(path) == 99


# says what it is told of the store's opening, and how many plans it finds
OPENER = """
import sys
from planner.plans.store import open_store
print("ready", flush=True)
sys.stdin.readline()
with open_store(sys.argv[1]) as store:
    print(len(store.notes), store.count(), flush=True)
"""


@pytest.mark.slow
def test_of_several_processes_one_migrates_and_all_find_the_plans(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    command = [sys.executable, "-c", OPENER, f"sqlite:///{path}"]
    openers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    try:
        assert [opener.stdout.readline() for opener in openers] == ["ready\n"] * 4
        for opener in openers:
            opener.stdin.write("go\n")
            opener.stdin.flush()
        assert sorted(opener.stdout.readline() for opener in openers) == ["0 4\n", "0 4\n", "0 4\n", "2 4\n"]
    finally:
        for opener in openers:
            opener.communicate(timeout=60)
    assert [left.name for left in sorted(tmp_path.iterdir())] == ["planner.db", "planner.db.v2"]


def test_copies_of_other_stores_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "planner.db.v1").write_text("another store")
    path = thawed(tmp_path, 1)
    with open_store(f"sqlite:///{path}"):
        pass
    assert (tmp_path / "planner.db.v1").read_text() == "another store"
    assert list(documents_in(tmp_path / "planner.db.v1-2")) == [PLAN_1]


SERVER = os.environ.get("PLANNER_POSTGRES", "")
"""An empty database of a PostgreSQL server, ``postgresql+psycopg://...``, whose tables may be dropped."""


@pytest.mark.slow
@pytest.mark.skipif(not SERVER, reason="PLANNER_POSTGRES names no database to try")
@pytest.mark.parametrize("version", [1, 2])
def test_a_store_on_a_server_is_brought_up_to_date(version: int) -> None:
    engine = sa.create_engine(SERVER)
    source = sa.create_engine(f"sqlite:///{FROZEN}/store-{version}.db")
    old = sa.MetaData()
    old.reflect(source)
    there = sa.MetaData()
    there.reflect(engine)
    there.drop_all(engine)
    for table in old.tables.values():  # the types of SQLite's own that a server spells in another way
        for column in table.columns:
            column.type = column.type.as_generic()
            if isinstance(column.type, sa.DateTime):
                column.type = sa.DateTime(timezone=True)
    old.create_all(engine)
    with source.connect() as read, engine.begin() as write:
        for table in old.tables.values():
            rows = [dict(row._mapping) for row in read.execute(sa.select(table))]
            for row in rows:
                if "created_at" in row:
                    row["created_at"] = row["created_at"].replace(tzinfo=datetime.UTC)
            write.execute(table.insert(), rows)
    with open_store(SERVER) as store:
        assert len(store.notes) == 1
        for former_id, created_at in HELD[version].items():
            assert store.day_summary(former_id).created_at == created_at
            assert store.get(former_id).network == store.network(store.day_summary(former_id).network_id)
        assert store.count() == 2 * len(HELD[version])
        network = store.networks()[0]
        assert store.publish(network.id, published_at=LATER).published
    with open_store(SERVER) as store:
        assert store.notes == ()
        assert store.current_network("line").published
    engine.dispose()
    source.dispose()
