"""Plans, kept: checked at the door, never changed afterwards, in SQLite or any database that SQLAlchemy speaks to."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from planner.errors import BadDataError, MissingExtraError, PlanNotFoundError, PlanRejectedError
from planner.plans.plan import Plan, plan_from_json, plan_to_json
from planner.routing import RoutingProblem
from planner.routing.check import check

STORE_VERSION = 2
"""Version of the tables; a store of another version is refused, not guessed at."""

_ATTEMPTS = 12
_METADATA = sa.MetaData()
_VERSION = sa.Table("planner_store", _METADATA, sa.Column("version", sa.Integer, primary_key=True))
_PLANS = sa.Table(
    "planner_plans",
    _METADATA,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("area_id", sa.String(80), nullable=False, index=True),
    sa.Column("area_name", sa.String(200), nullable=False),
    sa.Column("service_date", sa.Date, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("service_points", sa.Integer, nullable=False),
    sa.Column("express_stations", sa.Integer, nullable=False),
    sa.Column("population_covered", sa.Float, nullable=False),
    sa.Column("routes", sa.Integer, nullable=False),
    sa.Column("unassigned", sa.Integer, nullable=False),
    sa.Column("cost_yuan", sa.Float, nullable=False),
    sa.Column("lower_bound_yuan", sa.Float, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("assumed", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
_SUMMARY = [column for column in _PLANS.columns if column.name != "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """A stored plan's headline figures; ``population_covered`` is a share, ``created_at`` is in UTC."""

    id: str
    area_id: str
    area_name: str
    service_date: datetime.date
    created_at: datetime.datetime
    service_points: int
    express_stations: int
    population_covered: float
    routes: int
    unassigned: int
    cost_yuan: float
    lower_bound_yuan: float
    synthetic: bool
    assumed: bool


class PlanStore:
    """The plans of one database; made by `open_store`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, plan: Plan, problem: RoutingProblem, *, created_at: datetime.datetime) -> PlanSummary:
        """Replay the plan's routes and keep it; a plan that is kept already stays as it was.

        Its stations were checked when they were solved (`planner.coverage.check`): that needs all travel times, which a plan
        does not carry.

        Raises
        ------
        PlanRejectedError
            If the problem does not ask for the plan's demand, or `planner.routing.check` finds anything in the routes that
            is invalid for the problem.
        """
        violations = [*_other_demand(plan, problem), *check(problem, plan.routes)]
        if violations:
            raise PlanRejectedError(f"plan {plan.id} is not stored: its routes are invalid", violations)
        points = plan.stations.service_points
        summary = PlanSummary(
            id=plan.id,
            area_id=plan.area.id,
            area_name=plan.area.name,
            service_date=plan.date,
            created_at=created_at.astimezone(datetime.UTC),
            service_points=len(points.opened),
            express_stations=len(plan.stations.express_stations.opened),
            population_covered=points.shares.population,
            routes=len(plan.routes.routes),
            unassigned=len(plan.routes.unassigned),
            cost_yuan=plan.routes.cost_yuan,
            lower_bound_yuan=plan.routes.lower_bound_yuan,
            synthetic=bool(plan.area.synthetic_parts),
            assumed=bool(plan.area.assumed_parts),
        )
        row = {column.name: getattr(summary, column.name) for column in _SUMMARY}
        with self._engine.begin() as connection:
            known = connection.execute(sa.select(*_SUMMARY).where(_PLANS.c.id == plan.id)).one_or_none()
            if known is not None:
                return _summary(known)
            try:
                with connection.begin_nested():
                    connection.execute(_PLANS.insert().values(**row, document=plan_to_json(plan)))
            except IntegrityError:  # another process kept it between the two statements
                return _summary(connection.execute(sa.select(*_SUMMARY).where(_PLANS.c.id == plan.id)).one())
        return summary

    def get(self, plan_id: str) -> Plan:
        """Return a plan.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        """
        with self._engine.connect() as connection:
            document = connection.execute(
                sa.select(_PLANS.c.document).where(_PLANS.c.id == plan_id)
            ).scalar_one_or_none()
        if document is None:
            raise PlanNotFoundError(f"no plan {plan_id!r} in the store")
        return plan_from_json(str(document), name=f"plan {plan_id}")

    def summary(self, plan_id: str) -> PlanSummary:
        """Return a plan's headline figures.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        """
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*_SUMMARY).where(_PLANS.c.id == plan_id)).one_or_none()
        if row is None:
            raise PlanNotFoundError(f"no plan {plan_id!r} in the store")
        return _summary(row)

    def list(self, area_id: str | None = None, *, limit: int = 100, offset: int = 0) -> tuple[PlanSummary, ...]:
        """Return the plans of an area, or of all, the newest first."""
        query = sa.select(*_SUMMARY).order_by(_PLANS.c.created_at.desc(), _PLANS.c.id).limit(limit).offset(offset)
        if area_id is not None:
            query = query.where(_PLANS.c.area_id == area_id)
        with self._engine.connect() as connection:
            return tuple(_summary(row) for row in connection.execute(query))

    def latest(self) -> tuple[PlanSummary, ...]:
        """Return the newest plan of each area, by area id."""
        newest = sa.func.row_number().over(
            partition_by=_PLANS.c.area_id, order_by=[_PLANS.c.created_at.desc(), _PLANS.c.id]
        )
        ranked = sa.select(*_SUMMARY, newest.label("rank")).subquery()
        columns = [ranked.c[column.name] for column in _SUMMARY]
        query = sa.select(*columns).where(ranked.c.rank == 1).order_by(ranked.c.area_id)
        with self._engine.connect() as connection:
            return tuple(_summary(row) for row in connection.execute(query))

    def count(self) -> int:
        """Return how many plans are kept."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(_PLANS)).scalar_one()


@contextmanager
def open_store(url: str) -> Iterator[PlanStore]:
    """Open the store at an SQLAlchemy URL (``sqlite:///out/planner.db``), making what is missing.

    SQLite files are kept in write-ahead mode, so that a server reads while a plan is written.

    Raises
    ------
    BadDataError
        If the URL cannot be read, the database cannot be opened, or it holds tables of another version.
    MissingExtraError
        If the URL needs a driver that is not installed.
    """
    engine = _engine(url)
    try:
        _prepare_in_turn(engine)
        yield PlanStore(engine)
    except DBAPIError as error:
        raise BadDataError(f"{_shown(engine.url)}: the database says: {error.orig}") from error
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        in_memory = parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:")
        options: dict[str, Any] = {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
        engine = sa.create_engine(parsed, **(options if in_memory else {}))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise MissingExtraError(f"{url.split(':')[0]}: no driver for this database is installed ({error})") from error
    except (ArgumentError, ValueError) as error:
        example = "write for example sqlite:///out/planner.db"
        raise BadDataError(f"{_without_password(url)!r} is not a database URL: {example}") from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        if not in_memory:
            _make_folder(Path(str(parsed.database)))
    return engine


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadDataError(f"{path.parent}: cannot be made for the database: {error.strerror}") from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_in_turn(engine: sa.Engine) -> None:
    """Make the tables; when several processes open a new database at once, those who come second try again."""
    for attempt in range(_ATTEMPTS):
        try:
            _prepare(engine)
        except (OperationalError, IntegrityError, ProgrammingError):
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.05 * (attempt + 1))
        else:
            return


def _prepare(engine: sa.Engine) -> None:
    _METADATA.create_all(engine)
    with engine.begin() as connection:
        found = connection.execute(sa.select(_VERSION.c.version)).scalars().all()
        if not found:
            connection.execute(_VERSION.insert().values(version=STORE_VERSION))
        elif found != [STORE_VERSION]:
            versions = ", ".join(map(str, found))
            raise BadDataError(
                f"{_shown(engine.url)}: tables of version {versions}, this program has {STORE_VERSION}: "
                "use another database, or write the plans again from their plan.json"
            )


def _other_demand(plan: Plan, problem: RoutingProblem) -> Iterator[str]:
    """Name the stops whose amounts are not those of the plan's demand."""
    asked = {stop.id: (stop.delivery, stop.pickup) for stop in problem.stops}
    wanted = {
        point.site_id: (
            (float(point.delivery_parcels), point.delivery_kg, point.delivery_m3),
            (float(point.pickup_parcels), point.pickup_kg, point.pickup_m3),
        )
        for point in plan.demand.points
        if point.delivery_kg or point.pickup_kg
    }
    for site_id in sorted(asked.keys() | wanted.keys()):
        if asked.get(site_id) != wanted.get(site_id):
            yield f"{site_id}: the problem asks for {asked.get(site_id)}, the plan's demand is {wanted.get(site_id)}"


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def _shown(url: sa.URL) -> str:
    return url.render_as_string(hide_password=True)


def _summary(row: sa.Row[Any]) -> PlanSummary:
    values = row._asdict()
    created_at: datetime.datetime = values.pop("created_at")
    if created_at.tzinfo is None:  # SQLite keeps no zone; what is written is UTC
        created_at = created_at.replace(tzinfo=datetime.UTC)
    return PlanSummary(created_at=created_at, **values)
