"""What is reached by road within minutes from places of an area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from planner.coverage import StationPlan
from planner.errors import ConfigError, Message, UsageError, list_offenders, word
from planner.model import Points, Site, Village
from planner.network import StraightNetwork
from planner.pipeline.area_roads import area_points, road_summary, travel_between
from planner.pipeline.area_run import AreaRun
from planner.plans import ReachStudy, RoadReach
from planner.units import FloatArray

LONGEST_REACH_MIN = 600.0
BESIDE_M = 500.0
"""So far beside a road that is reached in time, land counts as reached."""
MOST_RINGS = 6
"""More than so many cannot be told apart on a map."""
_STATION_RINGS = 4
_DRAWN_DEGREES = 0.001  # some hundred metres: an outline 500 m beside the road needs no finer corners


def reach(run: AreaRun, origin_ids: Sequence[str], minutes: Sequence[float]) -> tuple[RoadReach, ...]:
    """Return what is reached from any of the villages and sites ``origin_ids``, for each number of minutes, rising.

    Raises
    ------
    UsageError
        If an id is unknown, or no road leads to its place; all of them are listed.
    ConfigError
        If no minutes are given, too many, or some that are not above 0 and up to ten hours.
    """
    from planner.network.isochrones import isochrones  # compiled code is loaded where it runs

    wanted = sorted(set(minutes))
    wrong = [f"{value:g}" for value in wanted if not 0 < value <= LONGEST_REACH_MIN]
    if wrong or not wanted:
        raise ConfigError(
            Message("minutes must be given, each above 0 and up to {longest:.0f}", longest=LONGEST_REACH_MIN), wrong
        )
    if len(wanted) > MOST_RINGS:
        raise ConfigError(
            Message(
                "{count} different minutes: give {most} at most, more cannot be told apart",
                count=len(wanted),
                most=MOST_RINGS,
            )
        )
    origins = tuple(dict.fromkeys(origin_ids))
    places = Points.of(_places(run, origins))
    if isinstance(run.roads, StraightNetwork):
        shapes = run.roads.rings(places, wanted)
    else:
        shapes = isochrones(
            run.roads,
            area_points(run.area),
            origins,
            minutes=wanted,
            beside_m=BESIDE_M,
            access_cap_m=run.config.travel.access_cap_m,
            access_speed_kph=run.config.travel.access_speed_kph,
        )
    seconds = _seconds_from(run, places)
    rings = []
    for value, shape in zip(wanted, shapes, strict=True):
        inside = tuple(v for v, s in zip(run.area.villages, seconds.tolist(), strict=True) if s <= value * 60)
        rings.append(
            RoadReach(
                origin_ids=origins,
                minutes=value,
                village_ids=tuple(village.id for village in inside),
                population=sum(village.population for village in inside),
                geometry=_drawn(shape),
            )
        )
    return tuple(rings)


def _drawn(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape as it is drawn and kept; without a grid of its own, which a document does not hand on."""
    return shapely.set_precision(shapely.set_precision(shapely.simplify(shape, _DRAWN_DEGREES), 1e-4), 0)


def _places(run: AreaRun, origins: Sequence[str]) -> list[Village | Site]:
    """Return the villages and sites of these ids, from each of which a way must begin."""
    area, roads = run.area, run.roads
    known: dict[str, Village | Site] = {**area.village_by_id, **area.site_by_id}
    if not origins:
        raise UsageError(Message("no place to start from is given: name a village or a site by its id"))
    unknown = [id_ for id_ in origins if id_ not in known]
    if unknown:
        raise UsageError(
            Message(
                "no village or site has the id {offenders}: network.json and network.xlsx list ids, for example "
                "{id} or {other}",
                offenders=list_offenders(unknown),
                id=area.villages[0].id,
                other=area.sites[0].id,
            )
        )
    places = [known[id_] for id_ in origins]
    reasons = roads.snap(Points.of(places), access_cap_m=run.config.travel.access_cap_m).reasons
    if reasons:
        said = [Message("{key}: {fault}", key=id_, fault=word(why)) for id_, why in reasons.items()]
        raise UsageError(
            Message(
                "no way begins here ({vehicle}, {season}): {offenders}",
                vehicle=word(roads.vehicle),
                season=word(roads.season),
                offenders=list_offenders(said),
            )
        )
    return places


def _seconds_from(run: AreaRun, origins: Points) -> FloatArray:
    """Return the seconds from the nearest of the origins to each village."""
    travel = travel_between(run.roads, origins, Points.of(run.area.villages), run.config.travel)
    return np.asarray(travel.durations_s.min(axis=0), dtype=np.float64)


def station_reach(run: AreaRun, stations: StationPlan) -> tuple[RoadReach, ...]:
    """Return what the open express stations reach within quarters of their standard; nothing if none meets a road."""
    snaps = run.roads.snap(area_points(run.area), access_cap_m=run.config.travel.access_cap_m)
    origins = [site_id for site_id in stations.express_stations.opened if site_id not in snaps.reasons]
    if not origins:
        return ()
    whole_min = stations.express_stations.standard_s / 60
    steps = [min(whole_min * step / _STATION_RINGS, LONGEST_REACH_MIN) for step in range(1, _STATION_RINGS + 1)]
    return reach(run, origins, steps)


def reach_study(run: AreaRun, origin_ids: Sequence[str], minutes: Sequence[float]) -> ReachStudy:
    """Return what is reached from any of the places, with all that is needed to draw and write it.

    Raises
    ------
    UsageError
        If an id is unknown, or no road leads to its place; all of them are listed.
    ConfigError
        If the minutes are invalid.
    """
    area, roads = run.area, run.roads
    run.progress(Message("reaching out"), 2, run.steps)
    return ReachStudy(
        area=area,
        date=run.day,
        roads=road_summary(area, roads, run.config),
        rings=reach(run, origin_ids, minutes),
        road_lines=roads.lines(),
        config=run.config.parts(("travel",)),
    )
