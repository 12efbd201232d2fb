"""A store of an earlier version brought up to today's: its tables by Alembic's revisions, its documents by `upgrade`."""

from __future__ import annotations

import filecmp
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from planner.errors import BadDataError, Message, PlannerError, PlanNotFoundError
from planner.plans import migrations
from planner.plans.documents import read_plans, to_json
from planner.plans.network_plan import NetworkPlan
from planner.plans.store_opening import unreadable
from planner.plans.store_tables import DAYS, FORMER, NETWORKS, STORE_VERSION, VERSION
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.writing import cannot_write, database_refusal


def migrate(connection: sa.Connection, url: sa.URL, found: int) -> tuple[Message, ...]:
    """Bring a store of version ``found`` up to today's in the connection's transaction; return what people should know.

    The file of an SQLite store is copied first, as it was. A document that cannot be brought up to today's stays in
    `FORMER` with its fault, and is named.

    Raises
    ------
    CannotWriteError
        If there is no room for the copy.
    BadDataError
        If the file cannot be copied for another reason.
    """
    copied = _copied(url, found)
    revisions = ScriptDirectory(str(Path(migrations.__file__).parent))
    steps = [*revisions.iterate_revisions(str(STORE_VERSION), str(found))]
    with Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.module.upgrade()
    connection.execute(VERSION.update().values(version=STORE_VERSION))
    _, faults = take_in(connection)
    kept = connection.execute(sa.select(sa.func.count()).select_from(DAYS)).scalar_one()
    store = url.database or ""
    done = Message(
        "{store}: brought from version {found} to version {version} with {count} days",
        store=store,
        found=found,
        version=STORE_VERSION,
        count=kept,
    )
    before = () if copied is None else (Message("{copy}: the store as it was before", copy=copied),)
    return (done, *before, *faults)


def take_in(connection: sa.Connection) -> tuple[int, tuple[Message, ...]]:
    """Keep each document of an earlier version as the plans that it holds; return how many, and which could not be read.

    The id of an old document finds the day that it held, which knows its network.
    """
    kept, faults = 0, []
    ids = connection.execute(sa.select(FORMER.c.id).order_by(FORMER.c.created_at, FORMER.c.id)).scalars().all()
    for former_id in ids:
        try:
            _keep(connection, former_id)
        except PlannerError as error:
            connection.execute(FORMER.update().where(FORMER.c.id == former_id).values(fault=str(error)))
            faults.append(unreadable(former_id, error))
        else:
            connection.execute(FORMER.delete().where(FORMER.c.id == former_id))
            kept += 1
    return kept, tuple(faults)


def _keep(connection: sa.Connection, former_id: str) -> None:
    created_at, document = connection.execute(
        sa.select(FORMER.c.created_at, FORMER.c.document).where(FORMER.c.id == former_id)
    ).one()
    plans = read_plans(document, name=former_id, find_network=_nowhere)
    network, day = plans.network, plans.day
    assert day is not None  # a document of versions 1 and 2 holds both
    _insert(connection, NETWORKS, {**NetworkSummary.row_of(network, created_at), "document": to_json(network)})
    row = {**DaySummary.row_of(day, created_at), "former_id": former_id, "document": to_json(day)}
    if not _insert(connection, DAYS, row):
        raise PlanNotFoundError(Message("it says the same as {id}, which is kept", id=day.id))


def _insert(connection: sa.Connection, table: sa.Table, row: dict[str, object]) -> bool:
    """Keep a row unless one of its id is there; return whether it was not."""
    if connection.execute(sa.select(table.c.id).where(table.c.id == row["id"])).first() is not None:
        return False
    connection.execute(table.insert().values(**row))
    return True


def _nowhere(network_id: str) -> NetworkPlan:
    raise PlanNotFoundError(Message("no plan {id!r} in the store", id=network_id))


def _copied(url: sa.URL, found: int) -> Path | None:
    """Copy the file of an SQLite store beside it; return the copy, an equal one if it is there, None without a file."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    file = Path(str(url.database))
    if not file.is_file():
        return None
    part = file.with_name(f"{file.name}.v{found}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
        for number in range(1, 1000):
            copy = file.with_name(f"{file.name}.v{found}" + (f"-{number}" if number > 1 else ""))
            if not copy.exists():
                part.rename(copy)
                return copy
            if filecmp.cmp(part, copy, shallow=False):
                part.unlink()
                return copy
    except (sqlite3.Error, OSError) as error:
        refused = cannot_write(part, error) if isinstance(error, OSError) else database_refusal(part, error)
        part.unlink(missing_ok=True)
        if refused is not None:
            raise refused from error
        raise BadDataError(Message("{file}: the database says: {error}", file=file, error=error)) from error
    raise FileExistsError(part)
