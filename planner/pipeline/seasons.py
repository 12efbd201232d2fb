"""What each season makes of the ways from the villages to the same open points."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.config import PlanConfig
from planner.errors import Message
from planner.model import Points
from planner.network import TravelNetwork, seasons
from planner.pipeline.area_roads import travel_between
from planner.pipeline.area_run import AreaRun
from planner.plans import SeasonTravel
from planner.units import BoolArray, FloatArray

_ROWS_AT_ONCE = 1000


def by_season(run: AreaRun, opened: Sequence[str], *, standard_s: float) -> tuple[SeasonTravel, ...]:
    """Return what each season makes of the ways from the villages to the open service points ``opened`` (site ids).

    Vehicle and closures are those of ``run``; each season is a re-customization of the same hierarchy. A village goes to
    the open point that it reaches fastest in that season.
    """
    area, roads, config = run.area, run.roads, run.config
    run.progress(Message("season by season"), run.steps - 1, run.steps)
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
                if points.ids or villages.ids[i] in why  # where nothing is open, nobody is cut off from it
            },
        )
        for season, seconds, why in zip(seasons(), times, reasons, strict=True)
    )


def _mean(seconds: FloatArray, people: FloatArray, rows: BoolArray) -> float | None:
    if not rows.any():
        return None
    weights = people[rows] if people[rows].any() else None
    return round(float(np.average(seconds[rows], weights=weights)), 1)


def _fastest_s(roads: TravelNetwork, villages: Points, points: Points, config: PlanConfig) -> FloatArray:
    """Return the seconds from each village to the point it reaches fastest, ``inf`` if it reaches none."""
    fastest = np.full(len(villages.ids), np.inf)
    if not points.ids:
        return fastest
    for begin in range(0, len(fastest), _ROWS_AT_ONCE):  # a province's table at once would fill gigabytes
        part = slice(begin, begin + _ROWS_AT_ONCE)
        origins = Points(ids=villages.ids[part], lons=villages.lons[part], lats=villages.lats[part])
        travel = travel_between(roads, origins, points, config.travel)
        fastest[part] = travel.durations_s.min(axis=1)
    return fastest
