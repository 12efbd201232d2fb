"""What of a network plan refers to nothing, or is not the sum of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import shapely

from planner.coverage import CoverageSolution
from planner.errors import Message
from planner.geodata.services import RequiredServices
from planner.model import Site, Township, Village
from planner.plans.code_faults import unknown_codes
from planner.plans.degrees import lines_off_the_earth, on_earth
from planner.plans.fact_faults import unsayable_facts, unsayable_findings
from planner.plans.network_plan import NetworkPlan, SiteRole, Stage

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+")


def network_faults(plan: NetworkPlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    if not _PLAIN_ID.fullmatch(plan.area.id):  # it names a folder
        yield Message("area.id {id!r} may hold letters, digits, _ and - only", id=plan.area.id)
    sites, villages = _sites_of(plan) - set(plan.area.site_by_id), _villages_of(plan) - set(plan.area.village_by_id)
    yield from (Message("no site {id!r} in the area", id=id_) for id_ in sorted(sites))
    yield from (Message("no village {id!r} in the area", id=id_) for id_ in sorted(villages))
    yield from _off_the_earth(plan)
    yield from _unsayable(plan)
    yield from _wrong_shares(plan)
    yield from _wrong_stages(plan)
    yield from _without_services(plan)
    yield from _wrong_phases(plan)
    yield from unknown_codes(
        vehicle=plan.roads.vehicle,
        in_seasons=[plan.roads.season, *(travel.season for travel in plan.seasons)],
        reasons=[reason for travel in plan.seasons for reason in travel.cut_off.values()],
    )


def _sites_of(plan: NetworkPlan) -> set[str]:
    """Return the ids of sites that stations, stages and remedies name."""
    points, stations = plan.stations.service_points, plan.stations.express_stations
    return {
        *points.opened,
        *stations.opened,
        *(assignment.site_id for tier in (points, stations) for assignment in tier.assignments),
        *(left.nearest_site_id for tier in (points, stations) for left in tier.uncovered if left.nearest_site_id),
        *(assignment.demand_id for assignment in stations.assignments),
        *(left.demand_id for left in stations.uncovered),
        *(site_id for stage in plan.stages for site_id in stage.opened),
        *(one.site_id for stage in plan.stages for one in stage.hand_over if one.site_id),
        *(role.site_id for role in _roles_of(plan)),
        *(id_ for one in plan.in_reach for id_ in one.site_ids),
        *(id_ for ring in plan.reach for id_ in ring.origin_ids),
        *(site_id for remedy in plan.remedies for site_id in (*remedy.site_ids, *remedy.station_ids)),
        *(one.site_id for tier in _tiers_of_phases(plan) for one in tier.assignments),
        *(left.nearest_site_id for tier in _tiers_of_phases(plan) for left in tier.uncovered if left.nearest_site_id),
    }


def _villages_of(plan: NetworkPlan) -> set[str]:
    """Return the ids of villages that the plan names."""
    points = plan.stations.service_points
    return {
        *(assignment.demand_id for assignment in points.assignments),
        *(left.demand_id for left in points.uncovered),
        *(remedy.demand_id for remedy in plan.remedies),
        *(one.village_id for stage in plan.stages for one in stage.hand_over),
        *(id_ for season in plan.seasons for id_ in (*season.beyond, *season.cut_off)),
        *(id_ for ring in plan.reach for id_ in ring.village_ids),
        *(id_ for role in _roles_of(plan) for id_ in role.village_ids),
        *(one.village_id for one in plan.in_reach),
        *(one.demand_id for tier in _tiers_of_phases(plan) for one in tier.assignments),
        *(left.demand_id for tier in _tiers_of_phases(plan) for left in tier.uncovered),
    }


def _roles_of(plan: NetworkPlan) -> list[SiteRole]:
    return [role for number in range(len(plan.stages)) for role in plan.roles_at(number)]


def _tiers_of_phases(plan: NetworkPlan) -> list[CoverageSolution]:
    return [] if plan.phases is None else [phase.coverage for phase in plan.phases.phases]


def _unsayable(plan: NetworkPlan) -> Iterator[Message]:
    """Name remarks, conflicts and limits that no language has words for."""
    yield from unsayable_findings("remarks", plan.remarks)
    for tier in ("service_points", "express_stations"):
        yield from unsayable_facts(f"stations.{tier}.conflicts", getattr(plan.stations, tier).conflicts)
        yield from unsayable_facts(f"stations.{tier}.relaxed", getattr(plan.stations, tier).relaxed)
    for number, remedy in enumerate(plan.remedies):
        yield from unsayable_facts(f"remedies.{number}.lifts", remedy.lifts)
    if plan.phases is not None:
        yield from unsayable_facts("phases.conflicts", plan.phases.conflicts)
        yield from unsayable_facts("phases.alone_conflicts", plan.phases.alone_conflicts)
        for number, phase in enumerate(plan.phases.phases):
            yield from unsayable_facts(f"phases.phases.{number}.coverage.relaxed", phase.coverage.relaxed)


def _off_the_earth(plan: NetworkPlan) -> Iterator[Message]:
    """Name places and lines that lie outside all degrees."""
    places: tuple[Township | Village | Site, ...] = (*plan.area.townships, *plan.area.villages, *plan.area.sites)
    for place in places:
        if not on_earth(place.lon, place.lat):
            yield Message(
                "{id}: longitude {lon} or latitude {lat} is out of range", id=place.id, lon=place.lon, lat=place.lat
            )
    shapes = [("area.boundary", plan.area.boundary), *(("reach", ring.geometry) for ring in plan.reach)]
    for name, shape in shapes:
        corners = [] if shape is None else shapely.get_coordinates(shape).tolist()
        if not all(on_earth(lon, lat) for lon, lat in corners):
            yield Message("{name}: a longitude or latitude is out of range", name=name)
    yield from lines_off_the_earth("road_lines", (line.coordinates for line in plan.road_lines))


def _wrong_shares(plan: NetworkPlan) -> Iterator[Message]:
    points = plan.stations.service_points
    people = {village.id: village.population for village in plan.area.villages}
    covered, total = sum(people.get(a.demand_id, 0) for a in points.assignments), plan.area.population_total
    share = points.shares.population
    if total and not abs(covered / total - share) < 1e-6:
        yield Message(
            "stations.service_points.shares.population is {share:.4f}, the assignments make {made:.4f}",
            share=share,
            made=covered / total,
        )


def _wrong_stages(plan: NetworkPlan) -> Iterator[Message]:
    if not plan.stages:
        yield Message("stages: there is none")
        return
    opened = {*plan.stations.service_points.opened, *plan.stations.express_stations.opened}
    if set(plan.finished.opened) != opened:
        yield Message("stages: what the last one has open is not what stations has")
    served = {a.demand_id: (a.site_id, a.duration_s) for a in plan.stations.service_points.assignments}
    for one in plan.finished.hand_over:
        site_id, seconds = served.get(one.village_id, (one.site_id, one.duration_s))
        if one.covered != (one.village_id in served) or one.site_id != site_id:
            yield Message(
                "village {id}: hands over at {site}, stations says {served}",
                id=one.village_id,
                site=one.site_id,
                served=site_id,
            )
        elif one.duration_s is not None and seconds is not None and not abs(one.duration_s - seconds) < 1:
            yield Message(
                "village {id}: hands over in {found:.0f} s, stations says {served:.0f}",
                id=one.village_id,
                found=one.duration_s,
                served=seconds,
            )
    for stage in plan.stages:
        yield from _wrong_hand_over(stage)
    for before, after in zip(plan.stages, plan.stages[1:], strict=False):
        if before.last is not None and after.first is not None and after.first <= before.last:
            yield Message(
                "stage {name}: begins on {first}, the one before ends on {last}",
                name=after.name,
                first=after.first,
                last=before.last,
            )


def _wrong_hand_over(stage: Stage) -> Iterator[Message]:
    """Name villages that hand over at a closed place, or whose driving and walking are not the whole."""
    opened = set(stage.opened)
    for one in stage.hand_over:
        if one.site_id is not None and one.site_id not in opened:
            yield Message(
                "stage {name}: village {id} hands over at {site}, which is not open",
                name=stage.name,
                id=one.village_id,
                site=one.site_id,
            )
        if one.duration_s is not None and one.driving_s is not None:
            parts = one.driving_s + (one.walking_s or 0.0)
            if not abs(parts - one.duration_s) < 1:
                yield Message(
                    "village {id}: driving and walking make {parts:.0f} s, not {whole:.0f}",
                    id=one.village_id,
                    parts=parts,
                    whole=one.duration_s,
                )


def _without_services(plan: NetworkPlan) -> Iterator[Message]:
    """Name villages that count as covered by a point without a service that the configuration requires."""
    wanted = RequiredServices.of(plan.config)
    for stage in plan.stages:
        for one in stage.hand_over:
            site = plan.area.site_by_id.get(one.site_id or "") if one.covered else None
            if site is not None and wanted.lacking_at(site):
                yield Message(
                    "stage {name}: village {id} counts as covered by {site}, which lacks {services}",
                    name=stage.name,
                    id=one.village_id,
                    site=site.id,
                    services=list(wanted.lacking_at(site)),
                )


def _wrong_phases(plan: NetworkPlan) -> Iterator[Message]:
    """Name what of the phases and the money does not fit the stations."""
    if plan.phases is not None and plan.phases.found:
        unknown = {id_ for phase in plan.phases.phases for id_ in (*phase.added, *phase.coverage.opened)}
        yield from (
            Message("phases: no site {id!r} in the area", id=id_) for id_ in sorted(unknown - set(plan.area.site_by_id))
        )
        before: set[str] = set()
        for phase in plan.phases.phases:
            opened = set(phase.coverage.opened)
            if before - opened:
                yield Message(
                    "phase {name}: closes {sites}, points are only ever added",
                    name=phase.name,
                    sites=sorted(before - opened),
                )
            before = opened
        if before != set(plan.stations.service_points.opened):
            yield Message("phases: the points open in the last one are not those of stations.service_points")
        if len(plan.stages) != len(plan.phases.phases):
            yield Message(
                "stages: there are {stages} for {phases} phases",
                stages=len(plan.stages),
                phases=len(plan.phases.phases),
            )
    if plan.subsidies is not None and plan.phases is not None:
        names = tuple(phase.name for phase in plan.phases.phases)
        if plan.subsidies.phases != names:
            yield Message(
                "subsidies.phases are {found}, the plan's are {names}", found=plan.subsidies.phases, names=names
            )
        strangers = {entry.phase for entry in plan.subsidies.entries} - set(plan.subsidies.phases)
        yield from (Message("subsidies: no phase {name!r}", name=name) for name in sorted(strangers))
