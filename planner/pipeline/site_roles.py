"""What open sites are for: parcels that a point handles, villages without another point in reach, services in reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.coverage import StationPlan
from planner.model import SiteStatus, Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate import usual_parcels
from planner.pipeline.service_findings import covering_points, required_services
from planner.plans import SiteRole, SitesInReach, Stage

_VILLAGES = 500
"""So many villages' travel times are held at once: all of a province would not fit."""


def with_roles(run: AreaRun, stations: StationPlan, stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages, each but the finished one with the roles of its open service points."""
    sites, standard_s = run.area.site_by_id, stations.service_points.standard_s
    found = []
    for stage in stages[:-1]:
        opened = [id_ for id_ in stage.opened if sites[id_].tier is Tier.SERVICE_POINT]
        found.append(replace(stage, roles=site_roles(run, standard_s, stage, opened)))
    return (*found, stages[-1])


def site_roles(run: AreaRun, standard_s: float, stage: Stage, opened: Sequence[str]) -> tuple[SiteRole, ...]:
    """Return the role of each open service point at a stage, by id.

    A village rests on its point alone if it is covered there and reaches no other open point within the standard.
    """
    parcels = dict(
        zip(
            (village.id for village in run.area.villages),
            usual_parcels(run.area.villages, run.config.demand).tolist(),
            strict=True,
        )
    )
    load: dict[str, float] = defaultdict(float)
    for way in stage.hand_over:
        if way.site_id is not None:
            load[way.site_id] += parcels[way.village_id]
    covered = [(way.village_id, way.site_id) for way in stage.hand_over if way.covered and way.site_id is not None]
    alone = _alone(run, covered, covering_points(run.area, run.config, opened), standard_s)
    return tuple(
        SiteRole(site_id=id_, parcels_day=round(load[id_], 2), village_ids=tuple(sorted(alone[id_])))
        for id_ in sorted(opened)
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


def sites_in_reach(run: AreaRun, stations: StationPlan, stages: Sequence[Stage]) -> tuple[SitesInReach, ...]:
    """Return for each village the sites within the standard that say what they offer: hubs, and all that a stage opens.

    Villages that reach none are left out, and so are all where no site says what it offers.
    """
    wanted, standard_s = required_services(run.config), stations.service_points.standard_s
    opened = {id_ for stage in stages for id_ in stage.opened}
    sites = [
        site.id
        for site in run.area.sites
        if wanted.offered_at(site)
        and (site.id in opened or (site.tier is Tier.COUNTY_HUB and site.status is not SiteStatus.FORBIDDEN))
    ]
    if not sites:
        return ()
    found = []
    villages = [village.id for village in run.area.villages]
    for first in range(0, len(villages), _VILLAGES):
        part = villages[first : first + _VILLAGES]
        within = run.travel.select(part, sites).durations_s <= standard_s
        for village_id, near in zip(part, within, strict=True):
            if near.any():
                ids = tuple(sites[column] for column in np.flatnonzero(near).tolist())
                found.append(SitesInReach(village_id=village_id, site_ids=ids))
    return tuple(found)
