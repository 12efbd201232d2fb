"""A database as a store of plans: connected, its tables made, or brought up to today's version."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from planner.errors import BadDataError, Message, MissingExtraError, system_fault
from planner.plans.store_tables import FORMER, METADATA, STORE_VERSION, VERSION
from planner.writing import database_refusal

_ATTEMPTS = 12
_TURN = 7_201_954_301
"""What programs that prepare a PostgreSQL store wait for: any number that nobody else takes."""


def connect(url: str) -> sa.Engine:
    """Return the engine of an SQLAlchemy URL; the folder of a file is made.

    Raises
    ------
    BadDataError
        If the URL cannot be read, or the folder cannot be made.
    MissingExtraError
        If the URL needs a driver that is not installed.
    """
    try:
        parsed = sa.make_url(url)
        in_memory = parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:")
        options: dict[str, Any] = {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
        engine = sa.create_engine(parsed, **(options if in_memory else {}))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise MissingExtraError(
            Message(
                "{scheme}: no driver for this database is installed ({error})", scheme=url.split(":")[0], error=error
            )
        ) from error
    except (ArgumentError, ValueError) as error:
        raise BadDataError(
            Message(
                "{url} is not a database URL: write for example sqlite:///out/planner.db",
                url=repr(_without_password(url)),
            )
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        if not in_memory:
            _make_folder(Path(str(parsed.database)))
    return engine


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadDataError(
            Message("{folder}: cannot be made for the database: {error}", folder=path.parent, error=system_fault(error))
        ) from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def prepare(engine: sa.Engine) -> tuple[Message, ...]:
    """Make the tables, or bring those of an earlier version up to today's; return what people should know of it.

    When several processes open a database at once, one does the work and the others wait. It is done whole or not at all.

    Raises
    ------
    BadDataError
        If the tables are of a later version.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with engine.connect() as connection:
                if _is_ready(connection, engine):
                    return ()
            with in_turn(engine) as connection:
                return _made_or_migrated(connection, engine)
        except (OperationalError, IntegrityError, ProgrammingError) as error:
            no_room = database_refusal(Path(engine.url.database or "."), error.orig) is not None
            # another process that closes the database may keep it from being opened for a moment
            no_room = no_room and getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CANTOPEN
            if no_room or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.05 * (attempt + 1))
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def in_turn(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection in a transaction that holds changes of tables, too, and that no other program has meanwhile.

    Python's sqlite3 begins a transaction before rows are changed, but not before tables are: here it begins at once.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
            yield connection
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _is_ready(connection: sa.Connection, engine: sa.Engine) -> bool:
    names = sa.inspect(connection).get_table_names()
    if VERSION.name not in names:
        return False
    found = _version_of(connection, names, engine)
    return found == STORE_VERSION and FORMER.name in names


def _made_or_migrated(connection: sa.Connection, engine: sa.Engine) -> tuple[Message, ...]:
    found = _version_of(connection, sa.inspect(connection).get_table_names(), engine)
    if found is not None and found < STORE_VERSION:
        from planner.plans.store_migration import migrate  # Alembic takes its time to load

        return migrate(connection, engine.url, found)
    METADATA.create_all(connection)
    if found is None:
        connection.execute(VERSION.insert().values(version=STORE_VERSION))
    return ()


def _version_of(connection: sa.Connection, names: list[str], engine: sa.Engine) -> int | None:
    """Return the version of the tables, None if there are none; BadDataError if a later program made them."""
    versions = connection.execute(sa.select(VERSION.c.version)).scalars().all() if VERSION.name in names else []
    if not versions:
        if "planner_plans" not in names:
            return None
        # made by a program of version 1 or 2 that was killed before it wrote which
        columns = {column["name"] for column in sa.inspect(connection).get_columns("planner_plans")}
        connection.execute(VERSION.insert().values(version=2 if "assumed" in columns else 1))
        return 2 if "assumed" in columns else 1
    if odd := [one for one in versions if not isinstance(one, int)]:
        raise BadDataError(
            Message("{store}: planner_store: {value} is no version", store=shown(engine.url), value=repr(odd[0])[:60])
        )
    newest: int = max(versions)
    if newest > STORE_VERSION:
        raise BadDataError(
            Message(
                "{store}: tables of version {found}, this program has {version}: a later program made them; "
                "use that one, or another database",
                store=shown(engine.url),
                found=newest,
                version=STORE_VERSION,
            )
        )
    return newest


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def shown(url: sa.URL) -> str:
    """Return the URL as people may see it, without its password."""
    return url.render_as_string(hide_password=True)


def unreadable(former_id: str, fault: object) -> Message:
    """Return what is said of a document that could not be brought up to today's version."""
    return Message(
        "plan {id} was made by an earlier version and cannot be read; its document stays in the store's table "
        "planner_former: {fault}",
        id=former_id,
        fault=fault,
    )
