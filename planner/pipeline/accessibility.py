"""What the roads mean for the villages: ways to their points, seasons side by side, what is reached within minutes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

import numpy as np
import shapely

from planner.config import PlanConfig
from planner.coverage import StationPlan
from planner.errors import ConfigError, UsageError, list_offenders
from planner.model import Points, Site, StudyArea, Village
from planner.network import RoadNetwork
from planner.network.profiles import seasons
from planner.pipeline.area_roads import Travel, area_points, road_summary, threads
from planner.plans import Reach, ReachStudy, SeasonTravel, VillageTravel
from planner.units import BoolArray, FloatArray
from planner.words import term

LONGEST_REACH_MIN = 600.0
BESIDE_M = 500.0
"""So far beside a road that is reached in time, land counts as reached."""
MOST_RINGS = 6
"""More than so many cannot be told apart on a map."""
_STATION_RINGS = 4
_ROWS_AT_ONCE = 1000
_DRAWN_DEGREES = 0.001  # some hundred metres: an outline 500 m beside the road needs no finer corners


def village_travel(
    area: StudyArea, stations: StationPlan, travel: Travel, roads: RoadNetwork, config: PlanConfig
) -> tuple[VillageTravel, ...]:
    """Return each village's way to the point that serves it, or else to the nearest open one, by village id."""
    points = stations.service_points
    site_of = {assignment.demand_id: assignment.site_id for assignment in points.assignments}
    site_of |= {left.demand_id: left.nearest_site_id for left in points.uncovered if left.nearest_site_id}
    legs = dict(zip(site_of, travel.legs(list(site_of.items())), strict=True))
    walks = roads.snap(Points.of(area.villages), access_cap_m=config.travel.access_cap_m).access_m
    ways = []
    for village, walk_m in zip(area.villages, walks.tolist(), strict=True):
        access_m = round(walk_m, 1) if math.isfinite(walk_m) else None
        leg = legs.get(village.id)
        if leg is None or not math.isfinite(leg.driving_s):
            ways.append(VillageTravel(village_id=village.id, access_m=access_m))
            continue
        ways.append(
            VillageTravel(
                village_id=village.id,
                access_m=access_m,
                site_id=site_of[village.id],
                driving_s=round(leg.driving_s, 1),
                walking_s=round(leg.walking_s, 1),
                distance_m=round(leg.distance_m, 1),
            )
        )
    return tuple(ways)


def by_season(
    area: StudyArea, opened: Sequence[str], roads: RoadNetwork, config: PlanConfig, *, standard_s: float
) -> tuple[SeasonTravel, ...]:
    """Return what each season makes of the ways from the villages to the open service points ``opened`` (site ids).

    Vehicle and closures are those of ``roads``; each season is a re-customization of the same hierarchy. A village goes to
    the open point that it reaches fastest in that season.
    """
    villages = Points.of(area.villages)
    points = Points.of([area.site_by_id[site_id] for site_id in opened])
    people = np.array([village.population for village in area.villages], dtype=np.float64)
    times, reasons = [], []
    for season in seasons():
        there = roads.under(vehicle=roads.vehicle, season=season)
        times.append(_fastest_s(there, villages, points, config))
        reasons.append(there.snap(villages, access_cap_m=config.travel.access_cap_m).reasons)
    always: BoolArray = np.asarray(np.isfinite(times).all(axis=0), dtype=np.bool_)
    return tuple(
        SeasonTravel(
            season=season,
            mean_s=_mean(seconds, people, always),
            longest_s=math.ceil(float(seconds[always].max()) * 10 - 1e-6) / 10 if always.any() else None,
            beyond=tuple(villages.ids[i] for i in np.flatnonzero(np.isfinite(seconds) & (seconds > standard_s))),
            cut_off={
                villages.ids[i]: (why[villages.ids[i]].value if villages.ids[i] in why else "unreachable")
                for i in np.flatnonzero(~np.isfinite(seconds))
            },
        )
        for season, seconds, why in zip(seasons(), times, reasons, strict=True)
    )


def _mean(seconds: FloatArray, people: FloatArray, rows: BoolArray) -> float | None:
    if not rows.any():
        return None
    weights = people[rows] if people[rows].any() else None
    return round(float(np.average(seconds[rows], weights=weights)), 1)


def _fastest_s(roads: RoadNetwork, villages: Points, points: Points, config: PlanConfig) -> FloatArray:
    """Return the seconds from each village to the point it reaches fastest, ``inf`` if it reaches none."""
    fastest = np.full(len(villages.ids), np.inf)
    if not points.ids:
        return fastest
    for begin in range(0, len(fastest), _ROWS_AT_ONCE):  # a province's table at once would fill gigabytes
        part = slice(begin, begin + _ROWS_AT_ONCE)
        travel = roads.travel_matrix(
            Points(ids=villages.ids[part], lons=villages.lons[part], lats=villages.lats[part]),
            destinations=points,
            access_cap_m=config.travel.access_cap_m,
            access_speed_kph=config.travel.access_speed_kph,
            threads=threads(),
        )
        fastest[part] = travel.durations_s.min(axis=1)
    return fastest


def reach(
    area: StudyArea, roads: RoadNetwork, config: PlanConfig, origin_ids: Sequence[str], minutes: Sequence[float]
) -> tuple[Reach, ...]:
    """Return what is reached from any of the villages and sites ``origin_ids``, for each number of minutes, rising.

    Raises
    ------
    UsageError
        If an id is unknown, or no road leads to its place; all of them are listed.
    ConfigError
        If no minutes are given, too many, or some that are not above 0 and up to ten hours.
    """
    points = area_points(area)
    wanted = sorted(set(minutes))
    wrong = [f"{value:g}" for value in wanted if not 0 < value <= LONGEST_REACH_MIN]
    if wrong or not wanted:
        raise ConfigError(f"minutes must be given, each above 0 and up to {LONGEST_REACH_MIN:.0f}", wrong)
    if len(wanted) > MOST_RINGS:
        raise ConfigError(f"{len(wanted)} different minutes: give {MOST_RINGS} at most, more cannot be told apart")
    origins = tuple(dict.fromkeys(origin_ids))
    _check_origins(area, roads, config, origins)
    shapes = roads.isochrones(
        points,
        origins,
        minutes=wanted,
        beside_m=BESIDE_M,
        access_cap_m=config.travel.access_cap_m,
        access_speed_kph=config.travel.access_speed_kph,
    )
    seconds = _seconds_from(area, roads, config, origins)
    rings = []
    for value, shape in zip(wanted, shapes, strict=True):
        inside = tuple(v for v, s in zip(area.villages, seconds.tolist(), strict=True) if s <= value * 60)
        rings.append(
            Reach(
                origin_ids=origins,
                minutes=value,
                village_ids=tuple(village.id for village in inside),
                population=sum(village.population for village in inside),
                geometry=shapely.set_precision(shapely.simplify(shape, _DRAWN_DEGREES), 1e-4),
            )
        )
    return tuple(rings)


def _check_origins(area: StudyArea, roads: RoadNetwork, config: PlanConfig, origins: Sequence[str]) -> None:
    known: dict[str, Village | Site] = {**area.village_by_id, **area.site_by_id}
    if not origins:
        raise UsageError("no place to start from is given: name a village or a site by its id")
    unknown = [id_ for id_ in origins if id_ not in known]
    if unknown:
        raise UsageError(
            f"no village or site has the id {list_offenders(unknown)}: plan.json and stations.xlsx list ids, "
            f"for example {area.villages[0].id} or {area.sites[0].id}"
        )
    reasons = roads.snap(Points.of([known[id_] for id_ in origins]), access_cap_m=config.travel.access_cap_m).reasons
    if reasons:
        said = [f"{id_}: {term(why).both}" for id_, why in reasons.items()]
        raise UsageError(f"no way begins here ({roads.vehicle}, {roads.season}): {list_offenders(said)}")


def _seconds_from(area: StudyArea, roads: RoadNetwork, config: PlanConfig, origins: Sequence[str]) -> FloatArray:
    """Return the seconds from the nearest of the origins to each village."""
    known: dict[str, Village | Site] = {**area.village_by_id, **area.site_by_id}
    travel = roads.travel_matrix(
        Points.of([known[id_] for id_ in origins]),
        destinations=Points.of(area.villages),
        access_cap_m=config.travel.access_cap_m,
        access_speed_kph=config.travel.access_speed_kph,
        threads=threads(),
    )
    return np.asarray(travel.durations_s.min(axis=0), dtype=np.float64)


def station_reach(area: StudyArea, roads: RoadNetwork, stations: StationPlan, config: PlanConfig) -> tuple[Reach, ...]:
    """Return what the open express stations reach within quarters of their standard; nothing if none meets a road."""
    snaps = roads.snap(area_points(area), access_cap_m=config.travel.access_cap_m)
    origins = [site_id for site_id in stations.express_stations.opened if site_id not in snaps.reasons]
    if not origins:
        return ()
    whole_min = stations.express_stations.standard_s / 60
    steps = [min(whole_min * step / _STATION_RINGS, LONGEST_REACH_MIN) for step in range(1, _STATION_RINGS + 1)]
    return reach(area, roads, config, origins, steps)


def reach_study(
    area: StudyArea,
    roads: RoadNetwork,
    config: PlanConfig,
    origin_ids: Sequence[str],
    minutes: Sequence[float],
    *,
    date: datetime.date | None = None,
) -> ReachStudy:
    """Return what is reached from any of the places, with all that is needed to draw and write it.

    ``date`` is the day whose closures ``roads`` heeds, the configuration's if none is given.

    Raises
    ------
    UsageError
        If an id is unknown, or no road leads to its place; all of them are listed.
    ConfigError
        If the minutes do not hold.
    """
    return ReachStudy(
        area=area,
        date=date or config.routing.date,
        roads=road_summary(area, roads, config),
        rings=reach(area, roads, config, origin_ids, minutes),
        road_lines=roads.lines(),
    )
