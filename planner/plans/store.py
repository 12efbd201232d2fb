"""Plans, kept: checked at the door, never changed afterwards, in SQLite or any database that SQLAlchemy speaks to."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from planner.errors import BadDataError, Message, PlanNotFoundError, PlanRejectedError, UsageError
from planner.model import Demand
from planner.plans.day_faults import day_faults
from planner.plans.day_plan import DayPlan
from planner.plans.documents import day_from_json, demand_from_json, network_from_json, to_json
from planner.plans.kept_bulletins import KeptBulletins
from planner.plans.kept_rows import checked_document, checked_rows
from planner.plans.kept_services import KeptServices, ServiceSummary
from planner.plans.network_plan import NetworkPlan
from planner.plans.ride_faults import ride_faults
from planner.plans.store_opening import connect, in_turn, prepare, shown, unreadable
from planner.plans.store_tables import DAYS, FORMER, NETWORKS, PUBLISHED, REVISIONS
from planner.plans.summaries import DaySummary, NetworkSummary, PublishedMeanwhileError, Revision
from planner.plans.transfer_faults import transfer_faults
from planner.plans.under_way_faults import other_routes
from planner.routing import RoutingProblem
from planner.routing.check import check
from planner.routing.day import Replan
from planner.routing.day.check import without_the_day
from planner.writing import database_refusal


class PlanStore:
    """The plans of one database; made by `open_store`.

    ``notes`` is what people should know of its opening: that a store of an earlier version was brought up to today's,
    where it is as it was, and which of its plans could not be read. ``bulletins`` and ``services`` (plans
    of a week) are kept beside the plans.
    """

    def __init__(self, engine: sa.Engine, notes: tuple[Message, ...] = ()) -> None:
        self._engine = engine
        self.notes = notes
        self.bulletins = KeptBulletins(engine)
        self.services = KeptServices(engine, self.network)

    def save_network(self, plan: NetworkPlan, *, created_at: datetime.datetime) -> NetworkSummary:
        """Keep a network plan; one that is kept already stays as it was.

        Its stations were checked when they were solved (`planner.coverage.check`): that needs all travel times, which a plan
        does not carry.
        """
        self._keep(NETWORKS, NetworkSummary.row_of(plan, created_at), to_json(plan))
        return self.network_summary(plan.id)

    def save_day(self, plan: DayPlan, problem: RoutingProblem, *, created_at: datetime.datetime) -> DaySummary:
        """Replay the plan's routes and keep it; a plan that is kept already stays as it was. Its network must be there.

        Raises
        ------
        PlanRejectedError
            If the problem does not ask for the plan's demand, `planner.routing.check` finds anything in the routes that is
            invalid for the problem, or the chain of a day over stations does not hold.
        PlanNotFoundError
            If the network that it stands on is not kept.
        """
        violations = [
            *_other_demand(plan, problem),
            *check(problem, plan.routes),
            *map(str, transfer_faults(plan)),
            *ride_faults(plan),
        ]
        if violations:
            raise PlanRejectedError(Message("plan {id} is not stored: its routes are invalid", id=plan.id), violations)
        self.network_summary(plan.network.id)
        self._keep(DAYS, DaySummary.row_of(plan, created_at), to_json(plan))
        return self.day_summary(plan.id)

    def save_replanned(self, plan: DayPlan, made: Replan, *, created_at: datetime.datetime) -> DaySummary:
        """Keep the plan that a running day was given anew, with its network; one that is kept already stays as it was.

        Raises
        ------
        PlanRejectedError
            If the new routes are invalid for what is left of the day, the plan has others, or a stop is in it not once.
        """
        violations = [
            *map(str, check(made.problem, without_the_day(made))),
            *other_routes(plan, made),
            *day_faults(plan),
        ]
        if violations:
            raise PlanRejectedError(Message("plan {id} is not stored: its routes are invalid", id=plan.id), violations)
        self.save_network(plan.network, created_at=created_at)
        self._keep(DAYS, DaySummary.row_of(plan, created_at), to_json(plan))
        return self.day_summary(plan.id)

    def _keep(self, table: sa.Table, row: dict[str, Any], document: str) -> None:
        with self._engine.begin() as connection:
            if connection.execute(sa.select(table.c.id).where(table.c.id == row["id"])).first() is not None:
                return
            try:
                with connection.begin_nested():
                    connection.execute(table.insert().values(**row, document=document))
            except IntegrityError:  # another process kept it between the two statements
                return

    def network(self, plan_id: str) -> NetworkPlan:
        """Return a network plan.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        """
        return network_from_json(self._document(NETWORKS, plan_id), name=plan_id)

    def day(self, plan_id: str) -> DayPlan:
        """Return a day plan with the network that it stands on.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        """
        summary = self.day_summary(plan_id)
        return day_from_json(self._document(DAYS, summary.id), self.network(summary.network_id), name=plan_id)

    def day_demand(self, plan_id: str) -> Demand:
        """Return the demand of a day plan, without the rest of it; PlanNotFoundError if there is none of that id."""
        return demand_from_json(self._document(DAYS, self.day_summary(plan_id).id), name=plan_id)

    def get(self, plan_id: str) -> NetworkPlan | DayPlan:
        """Return the plan of an id, whichever kind it is.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        """
        kind = self._one(NETWORKS, plan_id)
        return self.day(plan_id) if kind is None else self.network(plan_id)

    def network_summary(self, plan_id: str) -> NetworkSummary:
        """Return a network plan's headline figures; PlanNotFoundError if there is none of that id."""
        return NetworkSummary.of_row(self._found(NETWORKS, plan_id))

    def day_summary(self, plan_id: str) -> DaySummary:
        """Return a day plan's headline figures; PlanNotFoundError if there is none of that id."""
        return DaySummary.of_row(self._found(DAYS, plan_id))

    def networks(self, area_id: str | None = None, *, limit: int = 100, offset: int = 0) -> tuple[NetworkSummary, ...]:
        """Return the network plans of an area, or of all, the newest first."""
        return tuple(NetworkSummary.of_row(row) for row in self._rows(NETWORKS, area_id, limit, offset))

    def days(
        self, area_id: str | None = None, *, date: datetime.date | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[DaySummary, ...]:
        """Return the day plans of an area, or of all, and of a date if given: the latest date first, then the newest."""
        return tuple(DaySummary.of_row(row) for row in self._rows(DAYS, area_id, limit, offset, date))

    def publish(
        self, plan_id: str, *, published_at: datetime.datetime, after: int | None = None
    ) -> NetworkSummary | DaySummary | ServiceSummary:
        """Let people follow this plan: the network of its area, the service of its year, or the day of its date.

        It holds until another is published.

        ``after`` is the number of the last revision that files were made for, 0 where there was none.

        Raises
        ------
        PlanNotFoundError
            If there is none of that id.
        UsageError
            If it is a network that opens nothing: no plan holds what was asked for.
        PublishedMeanwhileError
            If the last revision is another than ``after``; nothing is published then.
        """
        summary = self._summary(plan_id)
        if isinstance(summary, NetworkSummary) and not _opens_something(summary):
            raise UsageError(
                Message("{id} opens nothing, so there is nothing to follow: publish another", id=summary.id)
            )
        slot = {"area_id": summary.area_id, "slot": summary.slot}
        values = {"plan_id": summary.id, "published_at": published_at.astimezone(datetime.UTC)}
        with in_turn(self._engine) as connection:
            number = _next_revision(connection, slot)
            if after is not None and number != after + 1:
                raise PublishedMeanwhileError(
                    Message("{id}: another plan was published for {slot} meanwhile", id=summary.id, slot=summary.slot)
                )
            connection.execute(
                PUBLISHED.delete().where(PUBLISHED.c.area_id == slot["area_id"], PUBLISHED.c.slot == slot["slot"])
            )
            connection.execute(PUBLISHED.insert().values(**slot, **values))
            connection.execute(REVISIONS.insert().values(**slot, **values, number=number))
        return self._summary(summary.id)

    def _summary(self, plan_id: str) -> NetworkSummary | DaySummary | ServiceSummary:
        row = self._one(NETWORKS, plan_id)
        if row is not None:
            return NetworkSummary.of_row(row)
        return self.services.find(plan_id) or self.day_summary(plan_id)

    def revisions(self, area_id: str, slot: str) -> tuple[Revision, ...]:
        """Return what people followed, the first first; ``slot`` is that of a summary: ``network``, or a date."""
        query = REVISIONS.select().where(REVISIONS.c.area_id == area_id, REVISIONS.c.slot == slot)
        with self._engine.connect() as connection:
            rows = checked_rows(connection, query.order_by(REVISIONS.c.number), REVISIONS)
        return tuple(map(Revision.of_row, rows))

    def versions(self, area_id: str, slot: str) -> tuple[Revision, ...]:
        """Return the revisions numbered from 1 as people are told of them: the same plan published again is none."""
        found = self.revisions(area_id, slot)
        before = ["", *(one.plan_id for one in found)]
        new = [one for one, last in zip(found, before, strict=False) if one.plan_id != last]
        return tuple(replace(one, number=number) for number, one in enumerate(new, start=1))

    def current_network(self, area_id: str) -> NetworkSummary | None:
        """Return the published network of an area, else the newest that opens anything, else the newest, if any."""
        kept = self.networks(area_id, limit=10_000)
        wanted = (one for holds in (_is_published, _opens_something) for one in kept if holds(one))
        return next(wanted, kept[0] if kept else None)

    def area_ids(self) -> tuple[str, ...]:
        """Return the areas that have a network plan, sorted."""
        with self._engine.connect() as connection:
            query = sa.select(NETWORKS.c.area_id).distinct().order_by(NETWORKS.c.area_id)
            return tuple(connection.execute(query).scalars())

    def count(self) -> int:
        """Return how many plans of both kinds are kept."""
        with self._engine.connect() as connection:
            return sum(
                connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in (NETWORKS, DAYS)
            )

    def _document(self, table: sa.Table, plan_id: str) -> str:
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(table.c.document).where(table.c.id == plan_id)).scalar_one_or_none()
            if found is None:
                raise PlanNotFoundError(Message("no plan {id!r} in the store", id=plan_id))
            return checked_document(connection, table, plan_id, found)

    def _rows(
        self, table: sa.Table, area_id: str | None, limit: int, offset: int, date: datetime.date | None = None
    ) -> list[dict[str, Any]]:
        order = [table.c.created_at.desc(), table.c.id]
        query = _summaries(table).order_by(*([table.c.date.desc()] if table is DAYS else []), *order)
        if area_id is not None:
            query = query.where(table.c.area_id == area_id)
        if date is not None:
            query = query.where(table.c.date == date)
        with self._engine.connect() as connection:
            return checked_rows(connection, query.limit(limit).offset(offset), table)

    def _one(self, table: sa.Table, plan_id: str) -> dict[str, Any] | None:
        query = _summaries(table).where(sa.or_(table.c.id == plan_id, table.c.former_id == plan_id))
        with self._engine.connect() as connection:
            return next(iter(checked_rows(connection, query.limit(1), table)), None)

    def _found(self, table: sa.Table, plan_id: str) -> dict[str, Any]:
        row = self._one(table, plan_id)
        if row is None:
            with self._engine.connect() as connection:
                fault = connection.execute(sa.select(FORMER.c.fault).where(FORMER.c.id == plan_id)).scalar()
            missing = Message("no plan {id!r} in the store", id=plan_id)
            raise PlanNotFoundError(missing if fault is None else unreadable(plan_id, fault))
        return row


def _is_published(one: NetworkSummary) -> bool:
    return one.published


def _opens_something(one: NetworkSummary) -> bool:
    return one.service_points > 0


def _summaries(table: sa.Table) -> sa.Select[Any]:
    """Return the query of all columns but the document, and whether the plan is published."""
    columns = [column for column in table.columns if column.name not in ("document", "former_id")]
    published = sa.exists().where(PUBLISHED.c.plan_id == table.c.id).label("published")
    return sa.select(*columns, published)


def _next_revision(connection: sa.Connection, slot: Mapping[str, str]) -> int:
    of_slot = (REVISIONS.c.area_id == slot["area_id"], REVISIONS.c.slot == slot["slot"])
    last = connection.execute(sa.select(sa.func.max(REVISIONS.c.number)).where(*of_slot)).scalar()
    return int(last or 0) + 1


@contextmanager
def open_store(url: str) -> Iterator[PlanStore]:
    """Open the store at an SQLAlchemy URL (``sqlite:///out/planner.db``), making what is missing.

    A store of an earlier version is brought up to today's; ``notes`` of the store then says so. SQLite files are kept in
    write-ahead mode, so that a server reads while a plan is written.

    Raises
    ------
    BadDataError
        If the URL cannot be read, or the database holds tables of a later version.
    CannotWriteError
        If its file is full, read-only or cannot be opened; what was kept before is whole.
    MissingExtraError
        If the URL needs a driver that is not installed.
    """
    engine = connect(url)
    try:
        yield PlanStore(engine, prepare(engine))
    except DBAPIError as error:
        refused = database_refusal(Path(engine.url.database or "."), error.orig)
        if refused is not None:
            raise refused from error
        raise BadDataError(
            Message("{store}: the database says: {error}", store=shown(engine.url), error=error.orig)
        ) from error
    finally:
        engine.dispose()


def _other_demand(plan: DayPlan, problem: RoutingProblem) -> Iterator[str]:
    """Name the stops whose amounts are not those of the plan's demand."""
    asked = {stop.id: (stop.delivery, stop.pickup) for stop in problem.stops}
    wanted: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
        point.stop_id: (
            (float(point.delivery_parcels), point.delivery_kg, point.delivery_m3),
            (float(point.pickup_parcels), point.pickup_kg, point.pickup_m3),
        )
        for point in plan.van_demand.points
        if point.delivery_kg or point.pickup_kg
    }
    for call in plan.calls.values():
        nothing = (0.0,) * len(call.amount)
        wanted[call.id] = (nothing, call.amount) if call.up else (call.amount, nothing)
    for stop_id in sorted(asked.keys() | wanted.keys()):
        if asked.get(stop_id) != wanted.get(stop_id):
            yield f"{stop_id}: the problem asks for {asked.get(stop_id)}, the plan's demand is {wanted.get(stop_id)}"
