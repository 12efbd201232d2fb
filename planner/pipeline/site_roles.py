"""What each open service point is for: the parcels that it handles, and the villages that have no other point in reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from planner.coverage import StationPlan
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate import usual_parcels
from planner.pipeline.service_findings import covering_points
from planner.plans import SiteRole, Stage

_VILLAGES = 500
"""So many villages' travel times are held at once: all of a province would not fit."""


def site_roles(run: AreaRun, stations: StationPlan, finished: Stage) -> tuple[SiteRole, ...]:
    """Return the role of each open service point on the finished network, by id.

    A village rests on its point alone if it is covered there and reaches no other open point within the standard.
    """
    points = stations.service_points
    parcels = dict(
        zip(
            (village.id for village in run.area.villages),
            usual_parcels(run.area.villages, run.config.demand).tolist(),
            strict=True,
        )
    )
    load: dict[str, float] = defaultdict(float)
    for way in finished.hand_over:
        if way.site_id is not None:
            load[way.site_id] += parcels[way.village_id]
    covered = [(way.village_id, way.site_id) for way in finished.hand_over if way.covered and way.site_id is not None]
    alone = _alone(run, covered, covering_points(run.area, run.config, points.opened), points.standard_s)
    return tuple(
        SiteRole(site_id=id_, parcels_day=round(load[id_], 2), village_ids=tuple(sorted(alone[id_])))
        for id_ in sorted(points.opened)
    )


def _alone(
    run: AreaRun, covered: Sequence[tuple[str, str]], opened: Sequence[str], standard_s: float
) -> dict[str, list[str]]:
    """Return by site the villages that it covers and no other open site reaches."""
    alone: dict[str, list[str]] = defaultdict(list)
    column = {id_: number for number, id_ in enumerate(opened)}
    for first in range(0, len(covered), _VILLAGES):
        part = covered[first : first + _VILLAGES]
        within = run.travel.select([village_id for village_id, _ in part], list(opened)).durations_s <= standard_s
        within[np.arange(len(part)), [column[site_id] for _, site_id in part]] = False
        for row in np.flatnonzero(~within.any(axis=1)).tolist():
            village_id, site_id = part[row]
            alone[site_id].append(village_id)
    return alone
