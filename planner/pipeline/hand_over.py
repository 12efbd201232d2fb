"""Where each village hands over at each stage of a network, and how long it takes to get there: one rule for everything."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from planner.coverage import CoverageSolution
from planner.coverage.phases import opening_phases
from planner.model import Points, Trip, Walk
from planner.pipeline.area_roads import trips_with_walks
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate import usual_parcels
from planner.pipeline.siting import Siting
from planner.plans import HandOver, Stage


class _Opening(NamedTuple):
    """What is open from one day to another."""

    name: str
    first: datetime.date | None
    last: datetime.date | None
    points: CoverageSolution
    stations: tuple[str, ...]


def network_stages(run: AreaRun, siting: Siting) -> tuple[Stage, ...]:
    """Return what is open at each stage and where each village then hands over.

    A village hands over where the plan serves it. One that it leaves out goes to the open site of either tier that it
    reaches fastest, past service points whose capacity the others fill. Where no open site is reached there is no place:
    its parcels wait at the hub.
    """
    walks = run.roads.snap(Points.of(run.area.villages), access_cap_m=run.config.travel.access_cap_m).access_m
    access = [round(walk_m, 1) if math.isfinite(walk_m) else None for walk_m in walks.tolist()]
    return tuple(_stage(run, opening, access) for opening in _openings(siting, run))


def _openings(siting: Siting, run: AreaRun) -> list[_Opening]:
    points, stations = siting.stations.service_points, siting.stations.express_stations
    if siting.phases is None or not siting.phases.found:
        return [_Opening("", None, None, points, stations.opened)]
    first_phase = opening_phases(siting.phases, siting.stations, run.area.existing_ids)
    days = [(phase.first_day, phase.last_day) for phase in run.config.coverage.phases]
    return [
        _Opening(
            phase.name,
            *days[number],
            phase.coverage,
            tuple(id_ for id_ in stations.opened if first_phase[id_] <= number),
        )
        for number, phase in enumerate(siting.phases.phases)
    ]


def _stage(run: AreaRun, opening: _Opening, access: Sequence[float | None]) -> Stage:
    served = {one.demand_id for one in opening.points.assignments}
    places = _places(run, opening)
    trips = dict(zip(places, trips_with_walks(run.travel, list(places.items())), strict=True))
    return Stage(
        name=opening.name,
        first=opening.first,
        last=opening.last,
        opened=tuple(sorted({*opening.points.opened, *opening.stations})),
        hand_over=tuple(
            _way(village.id, places.get(village.id), trips.get(village.id), walk_m, covered=village.id in served)
            for village, walk_m in zip(run.area.villages, access, strict=True)
        ),
    )


def _way(
    village_id: str, site_id: str | None, found: tuple[Trip, Walk] | None, access_m: float | None, *, covered: bool
) -> HandOver:
    trip, walk = found or (None, None)
    if trip is None or walk is None or not math.isfinite(trip.driving_s):
        return HandOver(village_id=village_id, site_id=None, covered=False, access_m=access_m)
    driving_s, walking_s = round(trip.driving_s, 1), round(trip.walking_s, 1)
    return HandOver(
        village_id=village_id,
        site_id=site_id,
        covered=covered,
        access_m=access_m,
        duration_s=round(driving_s + walking_s, 1),
        driving_s=driving_s,
        walking_s=walking_s,
        distance_m=round(max(0.0, trip.distance_m - walk.metres), 1),
        walking_m=round(walk.metres, 1),
    )


def _places(run: AreaRun, opening: _Opening) -> dict[str, str]:
    """Return the site of each village that reaches one."""
    points = opening.points
    places = {one.demand_id: one.site_id for one in points.assignments}
    places |= {left.demand_id: left.served_by_site_id for left in points.uncovered if left.served_by_site_id}
    return with_the_rest(run, places, points.opened, opening.stations)


def with_the_rest(
    run: AreaRun, given: Mapping[str, str], points: Sequence[str], stations: Sequence[str]
) -> dict[str, str]:
    """Return ``given`` (site by village id) with the open site of either tier that each other village reaches fastest.

    Service points whose capacity is used up are passed by; a village that reaches no open site is left out.
    """
    places = dict(given)
    left = [village for village in run.area.villages if village.id not in places]
    opened = [*points, *stations]
    if not left or not opened:
        return places
    usual = usual_parcels(run.area.villages, run.config.demand).tolist()
    of_village = dict(zip([village.id for village in run.area.villages], usual, strict=True))
    parcels = {village.id: of_village[village.id] for village in left}
    room = _room_left(run, places, points, of_village)
    durations = run.travel.select(list(parcels), opened).durations_s
    for row, (village_id, amount) in enumerate(parcels.items()):
        for column in np.argsort(durations[row], kind="stable").tolist():
            site_id = opened[column]
            if not math.isfinite(durations[row, column]):
                break
            if room.get(site_id, math.inf) >= amount - 1e-9:
                places[village_id] = site_id
                if site_id in room:
                    room[site_id] -= amount
                break
    return places


def _room_left(
    run: AreaRun, places: Mapping[str, str], opened: Sequence[str], parcels: Mapping[str, float]
) -> dict[str, float]:
    """Return the parcels of a usual day that each open service point with a capacity can still take."""
    usual = run.config.coverage.service_points.capacity_parcels_day
    room = {}
    for site_id in opened:
        own = run.area.site_by_id[site_id].capacity_parcels_day
        capacity = usual if own is None else own
        if capacity is not None:
            room[site_id] = capacity
    for village_id, amount in parcels.items():
        if places.get(village_id) in room:
            room[places[village_id]] -= amount
    return room
