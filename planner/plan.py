"""The plan: everything one run decided, with all that is needed to draw, export and serve it, as one JSON document."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.coverage.solution import StationPlan
from planner.demand import Demand
from planner.errors import BadDataError
from planner.places import Site, SiteStatus, StudyArea, Tier
from planner.routing.solution import RoutePlan
from planner.travel import RoadLine

SCHEMA = "rural-service-planner/plan/1"
"""Name and version of the document; a reader refuses any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPath:
    """The way one leg of a route takes, (lon, lat) pairs from the one end to the other, about a metre exact."""

    origin_id: str
    destination_id: str
    coordinates: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadSummary:
    """What the road network rests on: lengths, the share of ways whose speed had to be imputed, snapping distances."""

    vehicle: str
    season: str
    nodes: int
    arcs: int
    road_km: float
    imputed_surface_share: float
    imputed_speed_share: float
    access_m_median: float
    access_m_max: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One area's stations and one date's routes, with what they rest on.

    ``config`` is the configuration as read (JSON types); ``paths`` has one entry for each leg of each route;
    ``road_lines`` are the roads to draw behind it all, so that a plan can be drawn wherever it goes.
    """

    area: StudyArea
    config: dict[str, Any]
    roads: RoadSummary
    stations: StationPlan
    demand: Demand
    routes: RoutePlan
    paths: tuple[LegPath, ...]
    road_lines: tuple[RoadLine, ...]

    @cached_property
    def id(self) -> str:
        """A name that is the same for the same content: area id, date and twelve digits of a hash."""
        digest = hashlib.sha256(plan_to_json(self).encode()).hexdigest()[:12]
        return f"{self.area.id}-{self.demand.date:%Y%m%d}-{digest}"

    @property
    def date(self) -> datetime.date:
        """The service date of the routes."""
        return self.demand.date

    def opened_sites(self, tier: Tier) -> tuple[Site, ...]:
        """Return the open sites of one tier, by id; every hub that is not forbidden counts as open."""
        if tier is Tier.COUNTY_HUB:
            return tuple(hub for hub in self.area.sites_of(tier) if hub.status is not SiteStatus.FORBIDDEN)
        solution = self.stations.service_points if tier is Tier.SERVICE_POINT else self.stations.express_stations
        return tuple(self.area.site_by_id[site_id] for site_id in solution.opened)


_ADAPTER = TypeAdapter(Plan)


def plan_to_json(plan: Plan) -> str:
    """Return the plan as a JSON document with its schema name, a line for each part; the same plan gives the same text."""
    document = {"schema": SCHEMA, **_ADAPTER.dump_python(plan, mode="json")}
    parts = [
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'), allow_nan=False)}"
        for key, value in document.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def plan_from_json(text: str, name: str = "plan.json") -> Plan:
    """Return the plan of such a document; ``name`` is what errors call it.

    Raises
    ------
    BadDataError
        If it is not JSON, not of this schema and version, or some of it does not hold; every offending key is listed.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadDataError(f"{name}: not JSON: {error}") from error
    found = document.pop("schema", None) if isinstance(document, dict) else None
    if found != SCHEMA:
        raise BadDataError(f"{name}: schema is {found!r}, expected {SCHEMA!r}: write the plan again with this version")
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise BadDataError(f"{name}: the plan does not hold together", problems) from error
