"""The plan: everything one run decided, with all that is needed to draw, export and serve it, as one JSON document."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.coverage import Remedy, StationPlan
from planner.coverage.appraise import SubsidyTable
from planner.coverage.phases import PhasedSolution, opening_phases
from planner.errors import BadDataError
from planner.model import Boundary, Demand, RoadLine, Site, SiteStatus, StudyArea, Tier
from planner.routing import RoutePlan
from planner.words.terms import TERMS

SCHEMA = "rural-service-planner/plan/2"
"""Name and version of the document; a reader refuses any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPath:
    """The way one leg of a route takes, (lon, lat) pairs from the one end to the other, about a metre exact."""

    origin_id: str
    destination_id: str
    coordinates: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRoads:
    """A closure in force on the plan's date, and the kilometres of road it takes away."""

    reason: str
    first: datetime.date
    last: datetime.date
    road_km: float


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
    turn_rules_followed: int = 0
    turn_rules_left: dict[str, int] = field(default_factory=dict)
    turn_costs: bool = False
    closures: tuple[ClosedRoads, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageTravel:
    """How a village gets to the point that serves it, or else the nearest open one, driving and walking apart.

    ``access_m`` is the walk from the village to its road, None if no road is within reach. The way is None where there is
    no way.
    """

    village_id: str
    access_m: float | None
    site_id: str | None = None
    driving_s: float | None = None
    walking_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonTravel:
    """What a season makes of the ways from the villages to the open service points.

    ``mean_s`` (by people) and ``longest_s`` are of the villages that reach a point in every season compared, so that they
    can be compared. ``beyond`` are villages that reach a point but not within the standard; ``cut_off`` has the reason for
    each village that reaches none.
    """

    season: str
    mean_s: float | None
    longest_s: float | None
    beyond: tuple[str, ...]
    cut_off: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RoadReach:
    """What is reached by road within ``minutes`` from any of ``origin_ids``.

    ``village_ids`` are the villages reached in time, the walk to the road included; ``geometry`` is what lies beside a
    road reached in time, lon/lat.
    """

    origin_ids: tuple[str, ...]
    minutes: float
    village_ids: tuple[str, ...]
    population: int
    geometry: Boundary


@dataclass(frozen=True, kw_only=True)
class ReachStudy:
    """What is reached by road from some places of an area on a date: one `RoadReach` for each number of minutes, rising."""

    area: StudyArea
    date: datetime.date
    roads: RoadSummary
    rings: tuple[RoadReach, ...]
    road_lines: tuple[RoadLine, ...]

    @property
    def id(self) -> str:
        """What it is a study of, in a line."""
        return f"{self.area.id}-{self.date:%Y%m%d}-{self.roads.vehicle}-{self.roads.season}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One area's stations and one date's routes, with what they rest on.

    ``phases`` says in which order the service points of ``stations`` open, ``subsidies`` who pays for both tiers; each is
    None if the configuration asks for none. ``mends`` say what would cover the villages that are left out. ``remarks`` is
    what was assumed, doubted or left out when the files were read, a line each. ``config`` is the configuration as read
    (JSON types); ``paths`` has one entry for each leg of each route; ``road_lines`` are the roads to draw behind it all, so
    that a plan can be drawn wherever it goes. ``village_travel`` has one entry a village, ``seasons`` one a season,
    ``reach`` what the open express stations reach.
    """

    area: StudyArea
    remarks: tuple[str, ...]
    config: dict[str, Any]
    roads: RoadSummary
    stations: StationPlan
    phases: PhasedSolution | None
    mends: tuple[Remedy, ...]
    subsidies: SubsidyTable | None
    demand: Demand
    routes: RoutePlan
    paths: tuple[LegPath, ...]
    road_lines: tuple[RoadLine, ...]
    village_travel: tuple[VillageTravel, ...] = ()
    seasons: tuple[SeasonTravel, ...] = ()
    reach: tuple[RoadReach, ...] = ()

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

    @cached_property
    def phase_of_site(self) -> dict[str, int]:
        """The number of the phase in which each open site of both tiers is open first, from 0; empty without phases."""
        return {} if self.phases is None else opening_phases(self.phases, self.stations)

    def phase_name_of(self, site_id: str) -> str:
        """Return the name of the phase in which a site is open first, empty if it is not open or there are no phases."""
        number = self.phase_of_site.get(site_id)
        return "" if number is None or self.phases is None else self.phases.phases[number].name


_ADAPTER = TypeAdapter(Plan)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+")


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
        If it is not JSON, not of this schema and version, or some of it is invalid: types, ids that refer to nothing,
        totals that are not the sum of their parts; every offender is listed.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadDataError(f"{name}: not JSON: {error}") from error
    found = document.pop("schema", None) if isinstance(document, dict) else None
    if found != SCHEMA:
        raise BadDataError(f"{name}: schema is {found!r}, expected {SCHEMA!r}: write the plan again with this version")
    try:
        plan = _ADAPTER.validate_python(document)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise BadDataError(f"{name}: the plan is inconsistent", problems) from error
    problems = [*_unknown_ids(plan), *_wrong_sums(plan), *_wrong_phases(plan)]
    if problems:
        raise BadDataError(f"{name}: the plan is inconsistent", problems)
    return plan


def _unknown_ids(plan: Plan) -> Iterator[str]:
    """Name what refers to nothing; ids that become file names are plain words."""
    for what, id_ in [("area.id", plan.area.id), *(("vehicle_id", route.vehicle_id) for route in plan.routes.routes)]:
        if not _PLAIN_ID.fullmatch(id_):
            yield f"{what} {id_!r} may hold letters, digits, _ and - only"
    reasons = {reason for season in plan.seasons for reason in season.cut_off.values()}
    words = {plan.roads.vehicle, plan.roads.season, *(season.season for season in plan.seasons), *reasons}
    yield from (f"no words for {code!r} in roads or seasons" for code in sorted(words - set(TERMS)))
    kinds = {vehicle["id"] for vehicle in plan.config.get("routing", {}).get("vehicles", [])}
    for route in plan.routes.routes:
        if route.vehicle_type_id not in kinds:
            yield f"route {route.vehicle_id}: no vehicle type {route.vehicle_type_id!r} in config.routing.vehicles"
        if not route.visits:
            yield f"route {route.vehicle_id}: visits nothing"
    sites = _sites_of_routes(plan.routes) | _sites_of_stations(plan)
    yield from (f"no site {id_!r} in the area" for id_ in sorted(sites - set(plan.area.site_by_id)))
    yield from (f"no village {id_!r} in the area" for id_ in sorted(_villages_of(plan) - set(plan.area.village_by_id)))


def _sites_of_routes(routes: RoutePlan) -> set[str]:
    """Return the ids of sites that the routes name."""
    return {
        *(left.stop_id for left in routes.unassigned),
        *(route.depot_id for route in routes.routes),
        *(visit.stop_id for route in routes.routes for visit in route.visits),
        *(leg.destination_id for route in routes.routes for leg in route.legs()),
    }


def _sites_of_stations(plan: Plan) -> set[str]:
    """Return the ids of sites that stations, demand, travel and remedies name."""
    points, stations = plan.stations.service_points, plan.stations.express_stations
    return {
        *points.opened,
        *stations.opened,
        *(point.site_id for point in plan.demand.points),
        *(assignment.site_id for tier in (points, stations) for assignment in tier.assignments),
        *(left.nearest_site_id for tier in (points, stations) for left in tier.uncovered if left.nearest_site_id),
        *(assignment.demand_id for assignment in stations.assignments),
        *(left.demand_id for left in stations.uncovered),
        *(way.site_id for way in plan.village_travel if way.site_id),
        *(id_ for ring in plan.reach for id_ in ring.origin_ids),
        *(site_id for mend in plan.mends for site_id in (*mend.site_ids, *mend.station_ids)),
    }


def _villages_of(plan: Plan) -> set[str]:
    """Return the ids of villages that the plan names."""
    points = plan.stations.service_points
    return {
        *(assignment.demand_id for assignment in points.assignments),
        *(left.demand_id for left in points.uncovered),
        *(mend.demand_id for mend in plan.mends),
        *(id_ for point in plan.demand.points for id_ in point.village_ids),
        *plan.demand.without_point,
        *(way.village_id for way in plan.village_travel),
        *(id_ for season in plan.seasons for id_ in (*season.beyond, *season.cut_off)),
        *(id_ for ring in plan.reach for id_ in ring.village_ids),
    }


def _wrong_sums(plan: Plan) -> Iterator[str]:
    """Name totals that are not the sum of their parts, and legs without a way."""
    yield from _wrong_routes(plan.routes)
    legs = [(leg.origin_id, leg.destination_id) for route in plan.routes.routes for leg in route.legs()]
    if [(path.origin_id, path.destination_id) for path in plan.paths] != legs:
        yield "paths: must have one way for each leg of each route, in driving order"
    taken = {a.demand_id: a.duration_s for a in plan.stations.service_points.assignments}
    for way in plan.village_travel:
        seconds = (way.driving_s or 0.0) + (way.walking_s or 0.0)
        if way.village_id in taken and not abs(seconds - taken[way.village_id]) < 1:
            yield f"village {way.village_id}: driving and walking make {seconds:.0f} s, not {taken[way.village_id]:.0f}"
    cost = sum(route.cost_yuan for route in plan.routes.routes)
    if not abs(cost - plan.routes.cost_yuan) < 0.01:
        yield f"routes.cost_yuan is {plan.routes.cost_yuan:.2f}, the routes make {cost:.2f}"
    people = {village.id: village.population for village in plan.area.villages}
    covered = sum(people.get(a.demand_id, 0) for a in plan.stations.service_points.assignments)
    share, total = plan.stations.service_points.shares.population, sum(people.values())
    if total and not abs(covered / total - share) < 1e-6:
        yield f"stations.service_points.shares.population is {share:.4f}, the assignments make {covered / total:.4f}"


def _wrong_routes(routes: RoutePlan) -> Iterator[str]:
    """Name routes whose legs do not make their metres, or whose loads lack a dimension."""
    for route in routes.routes:
        metres = sum(leg.distance_m for leg in route.legs())
        if not abs(metres - route.distance_m) < 1:
            yield f"route {route.vehicle_id}: distance_m is {route.distance_m:.0f}, its legs make {metres:.0f}"
        amounts = [amounts for visit in route.visits for amounts in (visit.delivered, visit.picked_up)]
        amounts += [route.load_at_start, *(call.load_after for call in route.calls())]
        if any(len(each) != len(routes.dimensions) for each in amounts):
            yield f"route {route.vehicle_id}: loads must have one amount for each of {', '.join(routes.dimensions)}"


def _wrong_phases(plan: Plan) -> Iterator[str]:
    """Name what of the phases and the money does not fit the stations."""
    if plan.phases is not None and plan.phases.found:
        unknown = {id_ for phase in plan.phases.phases for id_ in (*phase.added, *phase.coverage.opened)}
        yield from (f"phases: no site {id_!r} in the area" for id_ in sorted(unknown - set(plan.area.site_by_id)))
        before: set[str] = set()
        for phase in plan.phases.phases:
            opened = set(phase.coverage.opened)
            if before - opened:
                yield f"phase {phase.name}: closes {', '.join(sorted(before - opened))}, points are only ever added"
            before = opened
        if before != set(plan.stations.service_points.opened):
            yield "phases: the points open in the last one are not those of stations.service_points"
    if plan.subsidies is not None and plan.phases is not None:
        names = tuple(phase.name for phase in plan.phases.phases)
        if plan.subsidies.phases != names:
            yield f"subsidies.phases are {', '.join(plan.subsidies.phases)}, the plan's are {', '.join(names)}"
        strangers = {entry.phase for entry in plan.subsidies.entries} - set(plan.subsidies.phases)
        yield from (f"subsidies: no phase {name!r}" for name in sorted(strangers))
