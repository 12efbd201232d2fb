"""Headline figures of kept plans, as lists show them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from planner.config.assumptions import assumptions
from planner.errors import PlannerError
from planner.network.assumed_figures import assumed_figures
from planner.plans.area_shares import share_of
from planner.plans.day_account import village_counts
from planner.plans.day_plan import DayPlan
from planner.plans.network_plan import NetworkPlan

_NOT_KNOWN = -1.0
"""What the store has in place of a share that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSummary:
    """A kept network plan: ``population_covered`` is a share when all is open, ``created_at`` is in UTC.

    It is None where it is not known: where nobody lives, or all are served but those of rows left out that do not say how
    many live there (`area_shares`); the store, whose column takes no null, then has -1.
    """

    id: str
    area_id: str
    area_name: str
    created_at: datetime.datetime
    service_points: int
    express_stations: int
    stages: int
    population_covered: float | None
    opening_cost_yuan: float
    synthetic: bool
    assumed: bool
    published: bool

    @property
    def slot(self) -> str:
        """What there is one published plan for."""
        return "network"

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """Return the summary of a row of the store."""
        covered = row["population_covered"]
        known = covered if covered != _NOT_KNOWN else None
        return cls(**{**row, "created_at": _in_utc(row["created_at"]), "population_covered": known})

    @staticmethod
    def row_of(plan: NetworkPlan, created_at: datetime.datetime) -> dict[str, Any]:
        """Return the row of a plan, without its document."""
        points, stations = plan.stations.service_points, plan.stations.express_stations
        covered = share_of(plan.area, points.shares, "population")
        return {
            "id": plan.id,
            "area_id": plan.area.id,
            "area_name": plan.area.name,
            "created_at": _in_utc(created_at),
            "service_points": len(points.opened),
            "express_stations": len(stations.opened),
            "stages": len(plan.stages),
            "population_covered": _NOT_KNOWN if covered is None else covered,
            "opening_cost_yuan": points.opening_cost_yuan + stations.opening_cost_yuan,
            "synthetic": bool(plan.area.synthetic_parts),
            "assumed": bool(plan.area.assumed_parts or assumptions(plan.config) or assumed_figures(plan.config)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """A kept day plan; ``parcels`` go down, ``created_at`` is in UTC.

    ``without_place`` counts villages that hand over nowhere that day, cannot get to where they do, or are in no plan because
    their rows are at fault.
    """

    id: str
    network_id: str
    area_id: str
    area_name: str
    date: datetime.date
    created_at: datetime.datetime
    season: str
    season_of_date: str
    routes: int
    stops: int
    unassigned: int
    without_place: int
    parcels: int
    distance_m: float
    cost_yuan: float
    lower_bound_yuan: float
    published: bool

    @property
    def slot(self) -> str:
        """What there is one published plan for."""
        return self.date.isoformat()

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """Return the summary of a row of the store."""
        return cls(**{**row, "created_at": _in_utc(row["created_at"])})

    @staticmethod
    def row_of(plan: DayPlan, created_at: datetime.datetime) -> dict[str, Any]:
        """Return the row of a plan, without its document."""
        routes = plan.routes.routes
        return {
            "id": plan.id,
            "network_id": plan.network.id,
            "area_id": plan.area.id,
            "area_name": plan.area.name,
            "date": plan.date,
            "created_at": _in_utc(created_at),
            "season": plan.season.season,
            "season_of_date": plan.season.of_date,
            "routes": len(routes),
            "stops": sum(len(plan.at_points(route)) for route in routes),
            "unassigned": len(plan.routes.unassigned),
            "without_place": village_counts(plan).held,
            "parcels": round(
                sum(visit.delivered[0] for route in routes for visit in plan.at_points(route))
                + (plan.rides.parcels(up=False) if plan.rides else 0)
            ),
            "distance_m": sum(route.distance_m for route in routes),
            "cost_yuan": plan.cost_yuan,
            "lower_bound_yuan": plan.routes.lower_bound_yuan,
        }


def _in_utc(time: datetime.datetime) -> datetime.datetime:
    """Return a time in UTC; what a database gives back without a zone is UTC."""
    return time.replace(tzinfo=datetime.UTC) if time.tzinfo is None else time.astimezone(datetime.UTC)


class PublishedMeanwhileError(PlannerError, RuntimeError):
    """Another plan was published while the files of one were made: what they say changed is not what did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What people followed from a moment on: the ``number``-th plan that was published for an area's network or date."""

    area_id: str
    slot: str
    number: int
    plan_id: str
    published_at: datetime.datetime

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """Return the revision of a row of the store."""
        return cls(**{**row, "published_at": _in_utc(row["published_at"])})


DAYS_AROUND = 7
"""As many days are looked at together."""


def days_around(days: Sequence[DaySummary]) -> list[DaySummary]:
    """Return one plan a date of the week that ends with the latest date, in their order: the published, else the newest."""
    chosen: dict[datetime.date, DaySummary] = {}
    for one in sorted(days, key=lambda one: (one.published, one.created_at, one.id)):
        chosen[one.date] = one
    last = max(chosen, default=datetime.date.min)
    return [chosen[date] for date in sorted(chosen) if (last - date).days < DAYS_AROUND]
