"""A process killed, or without room, while it changes a store."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.errors import BadDataError, PlanNotFoundError
from planner.plans.store import open_store
from planner.plans.store_tables import STORE_VERSION
from planner.writing import CannotWriteError
from tests.planner.plans.freeze import CREATED, FROZEN
from tests.planner.plans.stores_looked_into import HELD, LATER, documents_in, thawed, version_in
from tests.planner.writing.kills import DONE, KILLED, in_a_child, needs_fork


def test_a_store_whose_maker_was_killed_at_its_first_step_is_finished(tmp_path: Path) -> None:
    """The tables of version 1 or 2 without a word of which: nothing can be in them yet."""
    path = thawed(tmp_path, 1)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM planner_store")
        database.execute("DELETE FROM planner_plans")
    with open_store(f"sqlite:///{path}") as store:
        assert store.count() == 0
    assert version_in(path) == STORE_VERSION


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
        network = store.get(store.networks()[0].id)
        # the frozen store was written before the program's own speeds and season days counted as assumed
        kept = tuple(replace(one, assumed=True) for one in store.networks())
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
