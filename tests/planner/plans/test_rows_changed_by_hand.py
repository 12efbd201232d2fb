"""Whatever column of the store somebody edits by hand, what reads it says so by table and row, and nothing else happens."""

import datetime
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError, PlannerError
from planner.pipeline.service.plan import plan_service
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import bulletin_documents
from planner.plans.store import PlanStore, open_store
from planner.plans.store_tables import BULLETINS, DAYS, METADATA, NETWORKS, PUBLISHED, REVISIONS, SERVICES
from tests.conftest import write_line_of_three_villages

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
FROZEN = Path(__file__).with_name("frozen") / "bulletins"
VALUES = ("abc", "2026-99-99", -7, 1.5, None, b"\xff\xfe", "x" * 3000, float("inf"), "\x1b[2J")
READ = (NETWORKS, DAYS, SERVICES, PUBLISHED, REVISIONS, BULLETINS)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea) -> Path:
    """A store with a row in each table."""
    path = tmp_path_factory.mktemp("kept") / "planner.db"
    with open_store(f"sqlite:///{path}") as store:
        store.save_network(line.network, created_at=NOON)
        store.save_day(line.day, line.problem, created_at=NOON)
        folder = write_line_of_three_villages(tmp_path_factory.mktemp("line"))
        week = plan_service(line.network, load_config(folder), only_week=True)
        store.services.save(week.plan, week.problems, created_at=NOON)
        store.publish(line.network.id, published_at=NOON)
        store.publish(line.day.id, published_at=NOON)
        document = min(FROZEN.glob("*.json")).read_text(encoding="utf-8")
        store.bulletins.save(bulletin_documents.bulletin_from_json(document, name="frozen"), created_at=NOON)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    return path


def everything(store: PlanStore, *, documents: bool = True) -> Iterator[object]:
    """Read all that a store gives, by each of its ways; the documents take most of the time."""
    yield store.networks()
    yield store.days()
    for one in (*store.networks(), *store.days()):
        if documents:
            yield store.get(one.id)
        yield store.revisions(one.area_id, one.slot)
        yield store.versions(one.area_id, one.slot)
    for day in store.days():
        yield store.day_demand(day.id)
    for week in store.services.of_area("line"):
        yield store.services.get(week.id) if documents else week
    for area in store.area_ids():
        yield store.current_network(area)
        for bulletin in store.bulletins.of_area(area):
            yield store.bulletins.get(bulletin.id)


def refusal(store: PlanStore, *, documents: bool) -> str | None:
    """What is said where the store is read and something in it is refused; any other error is one of the program."""
    try:
        list(everything(store, documents=documents))
    except PlannerError as error:
        return str(error)
    return None


@pytest.mark.parametrize("table", READ, ids=lambda table: table.name)
def test_each_column_of_each_table_is_checked(kept: Path, tmp_path: Path, table) -> None:
    path = tmp_path / "planner.db"
    for column in table.columns:
        refused = 0
        for value in VALUES:
            shutil.copyfile(kept, path)
            with closing(sqlite3.connect(path)) as database:
                database.execute("PRAGMA foreign_keys = OFF")
                with suppress(sqlite3.IntegrityError):  # NULL where none may be: the database itself refuses it
                    database.execute(f"UPDATE {table.name} SET {column.name} = ?", [value])
                database.commit()
            with open_store(f"sqlite:///{path}") as store:
                said = refusal(store, documents="id" in column.name or column.name == "document")
            refused += said is not None
            assert said is None or table.name in said or "no plan" in said, (column.name, value, said)
            assert "\x1b" not in (said or ""), (column.name, value)
        # which plan people follow is asked by id: whatever stands there in its place is no plan's
        if table is not PUBLISHED and column.name not in ("former_id", "area_id", "slot"):
            assert refused >= 3, column.name
    assert len(READ) == len(METADATA.tables) - 2  # the version, and documents that wait for a later program


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("planner_days", "cost_yuan", "abc", "column cost_yuan: 'abc' is not an amount"),
        ("planner_days", "date", "2026-99-99", "column date: '2026-99-99' is not a date (2026-11-30)"),
        ("planner_days", "date", "2026-11-11", "column date: 2026-11-11 is not '20261110'"),
        ("planner_days", "routes", "3.5", "column routes: 3.5 is not a count"),
        ("planner_networks", "synthetic", 7, "column synthetic: 7 is not 0 or 1"),
        ("planner_networks", "created_at", "noon", "column created_at: 'noon' is not a time"),
        ("planner_networks", "area_id", "another", "column area_id: 'another' is not 'line'"),
        ("planner_bulletins", "period", "2026-13", "column period: '2026-13' is not '2026-"),
    ],
)
def test_an_index_column_is_named_with_its_row(
    kept: Path, tmp_path: Path, table: str, column: str, value: object, said: str
) -> None:
    path = tmp_path / "planner.db"
    shutil.copyfile(kept, path)
    with closing(sqlite3.connect(path)) as database:
        (row,) = database.execute(f"SELECT id FROM {table}").fetchone()
        database.execute(f"UPDATE {table} SET {column} = ?", [value])
        database.commit()
    with open_store(f"sqlite:///{path}") as store, pytest.raises(BadDataError) as caught:
        list(everything(store))
    assert str(path) in str(caught.value.summary)
    (problem,) = caught.value.problems
    assert f"{table}, row '{row}', " in str(problem)
    assert said in str(problem)


@pytest.mark.parametrize("table", ["planner_networks", "planner_days", "planner_bulletins"])
def test_a_document_is_the_one_that_was_kept_under_its_id(kept: Path, tmp_path: Path, table: str) -> None:
    """One space is enough, where the document itself still holds together."""
    path = tmp_path / "planner.db"
    shutil.copyfile(kept, path)
    with closing(sqlite3.connect(path)) as database:
        (row,) = database.execute(f"SELECT id FROM {table}").fetchone()
        database.execute(f"UPDATE {table} SET document = document || ' '")
        database.commit()
    with open_store(f"sqlite:///{path}") as store, pytest.raises(BadDataError) as caught:
        store.bulletins.get(row) if table == "planner_bulletins" else store.get(row)
    assert f"{table}, row '{row}': the document is not the one" in str(caught.value)
