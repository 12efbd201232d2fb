"""Siting as a plan that is kept: an area's run to its network plan."""

from __future__ import annotations

from planner.errors import Message
from planner.pipeline.area_roads import road_summary
from planner.pipeline.area_run import AreaRun
from planner.pipeline.hand_over import network_stages
from planner.pipeline.reach import station_reach
from planner.pipeline.seasons import by_season
from planner.pipeline.service_findings import covering_points, service_findings
from planner.pipeline.site_roles import site_roles, sites_in_reach, with_roles
from planner.pipeline.siting import without_clock
from planner.plans import NetworkPlan
from planner.plans.upgrade import NETWORK_PARTS


def plan_network(run: AreaRun) -> NetworkPlan:
    """Return the checked network plan of an area's run; progress hears of six steps.

    Raises
    ------
    BadDataError
        If files cannot be used; every offending row is listed.
    PlanRejectedError
        If an independent check finds a solver's answer broken.
    """
    siting = without_clock(run.siting)
    points = siting.stations.service_points
    run.progress(Message("ways to the open sites"), 4, run.steps)
    stages = with_roles(run, siting.stations, network_stages(run, siting))
    return NetworkPlan(
        area=run.area,
        remarks=(*run.findings, *service_findings(run.area, run.config)),
        config=run.config.parts(NETWORK_PARTS),
        roads=road_summary(run.area, run.roads, run.config),
        stations=siting.stations,
        phases=siting.phases,
        stages=stages,
        remedies=siting.remedies,
        subsidies=run.subsidies,
        road_lines=run.roads.lines(),
        seasons=by_season(run, covering_points(run.area, run.config, points.opened), standard_s=points.standard_s),
        reach=station_reach(run, siting.stations),
        roles=site_roles(run, points.standard_s, stages[-1], points.opened),
        in_reach=sites_in_reach(run, siting.stations, stages),
    )
