"""A store of an earlier version becomes one of today's, whole or not at all, and loses nothing."""

import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.errors import BadDataError, PlanNotFoundError
from planner.plans import to_json
from planner.plans.store import open_store
from planner.plans.store_tables import STORE_VERSION
from planner.writing import CannotWriteError
from tests.planner.plans.freeze import CREATED, FROZEN
from tests.planner.writing.kills import DONE, KILLED, in_a_child, needs_fork

PLAN_1, PLAN_2, PHASES = ("line-20261110-39f87bc587cc", "line-20261110-4385e1ba07d2", "line-20261110-05141c8a76c9")
LATER = CREATED + datetime.timedelta(days=1)
HELD = {1: {PLAN_1: CREATED}, 2: {PLAN_2: CREATED, PHASES: LATER}}
"""The plans in the frozen stores, and when they were kept."""


def thawed(folder: Path, version: int) -> Path:
    return Path(shutil.copy(FROZEN / f"store-{version}.db", folder / "planner.db"))


def documents_in(path: Path) -> dict[str, str]:
    """Return the documents of a store of version 1 or 2 by their ids, as they lie in its file."""
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT id, document FROM planner_plans"))


def version_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ((version,),) = database.execute("SELECT version FROM planner_store").fetchall()
        return int(version)


def tables_of(path: Path) -> dict[str, object]:
    """Return what a database says of its tables: columns with their types, keys and indexes."""
    engine = sa.create_engine(f"sqlite:///{path}")
    inspector = sa.inspect(engine)
    found: dict[str, object] = {}
    for name in inspector.get_table_names():
        columns = [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)]
        indexes = sorted((str(one["name"]), tuple(one["column_names"])) for one in inspector.get_indexes(name))
        keys = [(one["constrained_columns"], one["referred_table"]) for one in inspector.get_foreign_keys(name)]
        found[name] = (columns, indexes, keys, inspector.get_pk_constraint(name)["constrained_columns"])
    engine.dispose()
    return found


def test_there_is_a_frozen_store_of_every_version() -> None:
    found = {version_in(path) for path in FROZEN.glob("store-*.db")}
    assert found == set(range(1, STORE_VERSION + 1))


@pytest.mark.parametrize("version", [1, 2])
def test_an_old_store_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path, held = thawed(tmp_path, version), HELD[version]
    before = documents_in(path)
    with open_store(f"sqlite:///{path}") as store:
        assert [str(note).split(": ", 1)[1] for note in store.notes] == [
            f"brought from version {version} to version {STORE_VERSION} with {len(held)} plans",
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


def test_a_store_of_today_is_opened_as_it_is(tmp_path: Path) -> None:
    path = thawed(tmp_path, STORE_VERSION)
    with open_store(f"sqlite:///{path}") as store:
        assert store.notes == ()
        (network,), (day,) = store.networks(), store.days()
        assert (network.created_at, network.published) == (CREATED, True)
        assert to_json(store.get(network.id)) == (FROZEN / "network-3.json").read_text(encoding="utf-8")
        assert to_json(store.get(day.id)) == (FROZEN / "day-3.json").read_text(encoding="utf-8")
    assert [left.name for left in tmp_path.iterdir()] == ["planner.db"]


@pytest.mark.parametrize("version", [1, 2, STORE_VERSION])
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
        assert "with 1 plans" in store.notes[0]
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


def test_a_store_whose_maker_was_killed_at_its_first_step_is_finished(tmp_path: Path) -> None:
    """The tables of version 1 or 2 without a word of which: nothing can be in them yet."""
    path = thawed(tmp_path, 1)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM planner_store")
        database.execute("DELETE FROM planner_plans")
    with open_store(f"sqlite:///{path}") as store:
        assert store.count() == 0
    assert version_in(path) == STORE_VERSION


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


def killed_at_each_statement(
    work: Callable[[], object], check: Callable[[str], None], set_up: Callable[[], None]
) -> int:
    """Kill the work before and after each statement to the database, commit and change of a file; return how often.

    ``set_up`` comes before each, ``check`` after each, told the point.
    """
    for number in range(1, 1000):
        set_up()
        code = in_a_child(lambda number=number: (_die_before(number), work()))
        assert code in (KILLED, DONE), f"point {number}: {code}"
        check(f"point {number}")
        if code == DONE:
            return number - 1
    raise AssertionError("never done")


def _die_before(number: int) -> None:
    seen = 0

    def point(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os._exit(KILLED)

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            point()
            return real(*args, **kwargs)

        return call

    for event in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, event, point)
    for name in ("rename", "unlink"):
        setattr(os, name, dying(getattr(os, name)))


@pytest.mark.slow
@needs_fork
@pytest.mark.parametrize("version", [1, 2])
def test_a_killed_migration_leaves_the_old_store_or_the_new(tmp_path: Path, version: int) -> None:
    path = tmp_path / "planner.db"
    before = documents_in(FROZEN / f"store-{version}.db")
    left = set()

    def set_up() -> None:
        for file in tmp_path.iterdir():
            file.unlink()
        thawed(tmp_path, version)

    def migrate() -> None:
        with open_store(f"sqlite:///{path}"):
            pass

    def check(point: str) -> None:
        left.add(version_in(path))
        if version_in(path) == version:
            assert documents_in(path) == before, point
        for copy in tmp_path.glob("planner.db.v?"):
            assert documents_in(copy) == before, point
        with open_store(f"sqlite:///{path}") as store:
            assert {store.get(id_).routes.cost_yuan for id_ in HELD[version]} == {
                json.loads(document)["routes"]["cost_yuan"] for document in before.values()
            }, point
            assert store.count() == 2 * len(before), point
        assert {file.name for file in tmp_path.iterdir()} == {"planner.db", f"planner.db.v{version}"}, point

    assert killed_at_each_statement(migrate, check, set_up) >= 50
    assert left == {version, STORE_VERSION}


@pytest.mark.slow
@needs_fork
def test_a_killed_save_leaves_the_plan_out_or_keeps_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    with open_store(f"sqlite:///{thawed(tmp_path, STORE_VERSION)}") as store:
        kept, network = store.networks(), store.get(store.networks()[0].id)
        day_id = store.days()[0].id
    left = set()

    def set_up() -> None:
        for file in tmp_path.iterdir():
            file.unlink()
        thawed(tmp_path, STORE_VERSION)
        with closing(sqlite3.connect(path)) as database, database:
            for table in ("planner_published", "planner_days", "planner_networks"):
                database.execute(f"DELETE FROM {table}")

    def save() -> None:
        with open_store(f"sqlite:///{path}") as store:
            store.save_network(network, created_at=CREATED)
            store.publish(network.id, published_at=CREATED)
            store.publish(network.id, published_at=LATER)

    def check(point: str) -> None:
        with open_store(f"sqlite:///{path}") as store:
            found = store.networks()
            left.add((len(found), bool(found) and found[0].published))
            assert all(store.get(one.id) == network for one in found), point
            store.save_network(network, created_at=CREATED)
            store.publish(network.id, published_at=CREATED)
            assert store.networks() == kept, point
            with pytest.raises(PlanNotFoundError):
                store.get(day_id)

    assert killed_at_each_statement(save, check, set_up) >= 20
    assert left == {(0, False), (1, False), (1, True)}


def test_a_migration_without_room_names_the_file_and_leaves_the_store(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    before, pages = documents_in(path), 0

    def no_more_pages(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with closing(sqlite3.connect(path)) as database:
        ((pages,),) = database.execute("PRAGMA page_count").fetchall()
    sa.event.listen(sa.Engine, "connect", no_more_pages)
    try:
        full = r"planner\.db: cannot be written: the disk is full"
        with pytest.raises(CannotWriteError, match=full), open_store(f"sqlite:///{path}"):
            pass
    finally:
        sa.event.remove(sa.Engine, "connect", no_more_pages)
    assert version_in(path) == 2
    assert documents_in(path) == before
    with open_store(f"sqlite:///{path}") as store:
        assert store.count() == 4


def test_a_store_that_cannot_be_copied_is_left_as_it_was(tmp_path: Path) -> None:
    path = thawed(tmp_path, 2)
    (tmp_path / "planner.db.v2.part" / "in the way").mkdir(parents=True)
    with (
        pytest.raises((BadDataError, CannotWriteError, OSError), match=r"planner\.db"),
        open_store(f"sqlite:///{path}"),
    ):
        pass
    assert version_in(path) == 2


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
