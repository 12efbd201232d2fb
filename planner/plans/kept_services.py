"""Service plans in the store: each checked at the door, kept as it was made, with the network that it stands on."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from planner.errors import Message, PlanNotFoundError, PlanRejectedError
from planner.plans.kept_rows import checked_document, checked_rows
from planner.plans.network_plan import NetworkPlan
from planner.plans.service_documents import service_from_json, service_to_json
from planner.plans.service_faults import service_faults
from planner.plans.service_plan import ServicePlan
from planner.plans.store_tables import PUBLISHED, SERVICES
from planner.service.tiers import TierProblem, check_tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSummary:
    """A kept service plan: all figures but those of points and vehicles are a week's; ``created_at`` is in UTC.

    ``points`` are those that are visited.
    """

    id: str
    network_id: str
    area_id: str
    year: int
    season: str
    created_at: datetime.datetime
    points: int
    visits: int
    missed: int
    vehicles: int
    parcels: int
    distance_m: float
    week_yuan: float
    published: bool

    @property
    def slot(self) -> str:
        """What there is one published plan for."""
        return f"service-{self.year}"

    @staticmethod
    def row_of(plan: ServicePlan, created_at: datetime.datetime) -> dict[str, Any]:
        """Return the row of a plan, without its document."""
        return {
            "id": plan.id,
            "network_id": plan.network.id,
            "area_id": plan.area.id,
            "year": plan.year,
            "season": plan.season.season,
            "created_at": created_at.astimezone(datetime.UTC),
            "points": sum(1 for point in plan.points if point.pattern),
            "visits": sum(point.visits for point in plan.points),
            "missed": sum(len(day.tiers.missed) for day in plan.days),
            "vehicles": sum(plan.fleet.values()),
            "parcels": round(sum(sum(point.down_parcels) for point in plan.points)),
            "distance_m": plan.week_distance_m,
            "week_yuan": plan.week_yuan,
        }


class KeptServices:
    """The service plans of one database, as `planner.plans.store.PlanStore.services` gives them."""

    def __init__(self, engine: sa.Engine, network: Callable[[str], NetworkPlan]) -> None:
        self._engine = engine
        self._network = network

    def save(
        self, plan: ServicePlan, problems: Mapping[int, TierProblem], *, created_at: datetime.datetime
    ) -> ServiceSummary:
        """Replay each weekday and keep the plan; one that is kept already stays as it was. Its network must be there.

        Raises
        ------
        PlanRejectedError
            If `planner.service.tiers.check_tiers` finds anything false in a weekday, or the plan is inconsistent.
        PlanNotFoundError
            If the network that it stands on is not kept.
        """
        violations = [*map(str, service_faults(plan))]
        for day in plan.days:
            violations += map(str, check_tiers(problems[day.weekday], day.tiers))
        if violations:
            raise PlanRejectedError(Message("plan {id} is not stored: its routes are invalid", id=plan.id), violations)
        self._network(plan.network.id)
        row = ServiceSummary.row_of(plan, created_at)
        with self._engine.begin() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(SERVICES.insert().values(**row, document=service_to_json(plan)))
            except IntegrityError:
                pass  # it is there
        return self.summary(plan.id)

    def get(self, plan_id: str) -> ServicePlan:
        """Return a service plan with its network; PlanNotFoundError if there is none of that id."""
        summary = self.summary(plan_id)
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(SERVICES.c.document).where(SERVICES.c.id == plan_id)).scalar_one()
            document = checked_document(connection, SERVICES, plan_id, found)
        return service_from_json(document, self._network(summary.network_id), name=plan_id)

    def summary(self, plan_id: str) -> ServiceSummary:
        """Return what lists show of a service plan; PlanNotFoundError if there is none of that id."""
        found = self.find(plan_id)
        if found is None:
            raise PlanNotFoundError(Message("no plan {id!r} in the store", id=plan_id))
        return found

    def find(self, plan_id: str) -> ServiceSummary | None:
        """Return what lists show of a service plan, None if there is none of that id."""
        return next(iter(self._rows(SERVICES.c.id == plan_id)), None)

    def of_area(self, area_id: str, *, network_id: str | None = None) -> tuple[ServiceSummary, ...]:
        """Return the service plans of an area, or of one of its networks: the latest year first, of a year the newest."""
        wanted = [SERVICES.c.area_id == area_id]
        return self._rows(*wanted, *([] if network_id is None else [SERVICES.c.network_id == network_id]))

    def in_force(self, network_id: str, year: int) -> ServiceSummary | None:
        """Return the plan that days of a year follow on a network: the published, else the newest; None if there is none."""
        found = self._rows(SERVICES.c.network_id == network_id, SERVICES.c.year == year)
        return next((one for one in found if one.published), found[0] if found else None)

    def _rows(self, *wanted: sa.ColumnElement[bool]) -> tuple[ServiceSummary, ...]:
        columns = [column for column in SERVICES.columns if column.name != "document"]
        published = sa.exists().where(PUBLISHED.c.plan_id == SERVICES.c.id).label("published")
        order = (SERVICES.c.year.desc(), SERVICES.c.created_at.desc(), SERVICES.c.id)
        with self._engine.connect() as connection:
            rows = checked_rows(connection, sa.select(*columns, published).where(*wanted).order_by(*order), SERVICES)
        return tuple(
            ServiceSummary(**{**row, "created_at": row["created_at"].replace(tzinfo=datetime.UTC)}) for row in rows
        )
