"""What stands in a store's file, read without the store."""

import datetime
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from tests.planner.plans.freeze import CREATED, FROZEN

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
