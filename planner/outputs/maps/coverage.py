"""The coverage map: who is served from where, how long it takes, who is left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import shapely

from planner.coverage import CoverageSolution
from planner.model import Tier
from planner.outputs.conflicts import named_conflicts
from planner.outputs.maps import style
from planner.outputs.maps.basemap import basemap_of
from planner.outputs.maps.catchments import land_near, merged, village_cells
from planner.outputs.maps.layers import (
    boundary_layer,
    feature,
    road_layer,
    search_entries,
    township_layer,
)
from planner.outputs.maps.page import Layer, Legend, Panel, map_page
from planner.outputs.maps.printed import print_view
from planner.outputs.maps.reach import reach_layer
from planner.outputs.maps.service_layers import service_layers
from planner.outputs.maps.sites import network_sites
from planner.outputs.maps.stage_figures import stage_figures
from planner.outputs.maps.stages import stage_buttons, stage_data
from planner.outputs.maps.townships import township_shares
from planner.outputs.maps.villages import minutes_layer, reason_layer, season_layers, village_layer
from planner.outputs.page_links import PageLinks
from planner.plans import NetworkPlan
from planner.words import say, term


def coverage_map(plan: NetworkPlan, links: PageLinks) -> str:
    """Return the page: layers by the question that they answer, at each stage of the network, over roads and boundary."""
    cells = village_cells(plan.area)
    land = land_near(plan.area, cells)
    who, minutes, why = say("Who is covered?"), say("How many minutes?"), say("Why not?")
    whom, seasons, services = say("Who serves whom?"), say("Which season?"), say("Which services are in reach?")
    layers = [
        minutes_layer(plan, land, minutes),
        township_shares(plan, cells, who),
        *_catchment_layers(plan, land, whom),
        reach_layer(
            plan.reach,
            minutes,
            say("Reach of the express stations"),
            show=False,
            stages=[len(plan.stages) - 1],
        ),
        road_layer(plan.road_lines),
        boundary_layer(plan.area),
        _link_layer(plan, whom),
        village_layer(plan, who),
        reason_layer(plan, why),
        *service_layers(plan, services),
        *season_layers(plan, seasons),
        *network_sites(plan, who),
        township_layer(plan.area),
    ]
    headings = (who, minutes, why, whom, services, seasons)
    more = partial(stage_data, plan)
    return map_page(
        plan,
        _panel(plan, headings),
        layers,
        search_entries(plan.area),
        links=links,
        more=more,
        additions=[print_view(plan), basemap_of(plan)],
    )


def _catchment_layers(plan: NetworkPlan, land: Mapping[str, shapely.Geometry], question: str) -> list[Layer]:
    """Outline the land of the villages of each point, and of each station, on the finished network."""
    point_of = {a.demand_id: a.site_id for a in plan.stations.service_points.assignments}
    station_of = {a.demand_id: a.site_id for a in plan.stations.express_stations.assignments}
    station_of = {id_: station_of[point] for id_, point in point_of.items() if point in station_of}
    return [
        _outlines(plan, merged(land, point_of), say("Land of each service point"), (question, style.GREEN, 1.6)),
        _outlines(plan, merged(land, station_of), say("Land of each express station"), (question, style.PURPLE, 3.5)),
    ]


def _outlines(
    plan: NetworkPlan, areas: Mapping[str, shapely.Geometry], name: str, drawn: tuple[str, str, float]
) -> Layer:
    question, colour, width = drawn
    look = {"color": colour, "weight": width, "fill": False, "interactive": False}
    last = [len(plan.stages) - 1]
    features = [feature(area, style=look, stages=last) for area in areas.values()]
    legend = [
        Legend(
            symbol=style.patch("none", edge=colour),
            text=say("within 1 km of a village, by the nearest one, not by road"),
        )
    ]
    return Layer(question=question, name=name, features=features, legend=legend, show=False)


def _link_layer(plan: NetworkPlan, question: str) -> Layer:
    """Draw a straight line from each village to where it hands over; lines that the same stages have are one feature."""
    stages_of: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, stage in enumerate(plan.stages):
        for way in stage.hand_over:
            if way.site_id is not None and way.covered:
                pair = (way.village_id, way.site_id)
                stages_of[pair] = (*stages_of.get(pair, ()), number)
    groups: dict[tuple[int, ...], list[list[tuple[float, float]]]] = {}
    for (village_id, site_id), stages in sorted(stages_of.items()):
        village, site = plan.area.village_by_id[village_id], plan.area.site_by_id[site_id]
        if (village.lon, village.lat) != (site.lon, site.lat):
            groups.setdefault(stages, []).append([(village.lon, village.lat), (site.lon, site.lat)])
    look = {"color": style.BLACK, "weight": 1, "opacity": 0.6, "fill": False, "interactive": False}
    features = [
        feature(shapely.MultiLineString(lines), style=look, stages=list(stages))
        for stages, lines in sorted(groups.items())
    ]
    legend = [Legend(symbol=style.line(style.BLACK, width=1), text=say("straight line, not the way by road"))]
    return Layer(question=question, name=say("Village to its service point"), features=features, legend=legend)


def _panel(plan: NetworkPlan, questions: tuple[str, ...]) -> Panel:
    return Panel(
        page="coverage",
        title=say("Service coverage"),
        figures=stage_figures(plan, len(plan.stages) - 1),
        proof=_proofs(plan),
        questions=questions,
        stages=stage_buttons(plan),
        dated=plan.stages[0].first is not None,
    )


def _proofs(plan: NetworkPlan) -> list[str]:
    """Return how good the network is: what was asked, whether it is proven, and what contradicts it."""
    points = plan.stations.service_points
    said = term(points.objective)
    parts = [said, term(points.status), *_gap(points.gap)]
    if plan.phases is not None:
        parts = [term("phases_together"), term(plan.phases.status), *_gap(plan.phases.gap)]
    stations = plan.stations.express_stations
    upper = [term(stations.objective), term(stations.status), *_gap(stations.gap)]
    return [
        _proof(plan, points, Tier.SERVICE_POINT, parts),
        _proof(plan, stations, Tier.EXPRESS_STATION, upper),
    ]


def _gap(gap: float | None) -> list[str]:
    return [say("gap {gap}", gap=f"{gap:.2%}")] if gap else []


def _proof(plan: NetworkPlan, solution: CoverageSolution, tier: Tier, parts: list[str]) -> str:
    conflicts = named_conflicts(plan.area, (*solution.conflicts, *solution.relaxed), tier)
    return say("{label}: {text}", label=term(tier), text=say("; ").join([*parts, *conflicts]))
