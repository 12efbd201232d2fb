"""The coverage map: who is served from where, how long it takes, who is left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import shapely

from planner.coverage import CoverageSolution
from planner.model import SiteStatus, Tier, Village
from planner.outputs.conflicts import named_conflicts
from planner.outputs.maps import style
from planner.outputs.maps.catchments import merged, village_cells
from planner.outputs.maps.layers import (
    Feature,
    boundary_layer,
    feature,
    named,
    popup,
    road_layer,
    search_entries,
    site_layer,
    township_layer,
    village_rows,
)
from planner.outputs.maps.page import Layer, Legend, Panel, map_page
from planner.outputs.maps.phases import phase_layer, phase_rows
from planner.outputs.maps.reach import reach_layer
from planner.outputs.page_links import PageLinks
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import phases_proof
from planner.plans import HandOver, NetworkPlan
from planner.units import format_limit, format_minutes, format_parts
from planner.words.terms import term

_STEPS = len(style.MINUTES_COLOURS)
_TIME_OPACITY = 0.55
_LEFT_OPACITY = 0.25


def coverage_map(plan: NetworkPlan, links: PageLinks) -> str:
    """Return the page: villages by coverage state, travel time, catchments, sites by tier, roads and boundary."""
    cells = village_cells(plan.area)
    layers = [
        _time_layer(plan, cells),
        _catchment_layer(plan, cells),
        _station_catchment_layer(plan, cells),
        reach_layer(plan.reach, "快递站可达范围 reach of the stations", show=False, of="快递站 station "),
        road_layer(plan.road_lines),
        boundary_layer(plan.area),
        _link_layer(plan),
        _village_layer(plan),
        *_site_layers(plan),
        township_layer(plan.area),
    ]
    return map_page(plan, _panel(plan), layers, search_entries(plan.area), links=links)


def _time_layer(plan: NetworkPlan, cells: dict[str, shapely.Geometry]) -> Layer:
    """Colour each village's cell by the minutes to its point."""
    solution = plan.stations.service_points
    seconds = {
        one.village_id: one.duration_s for one in plan.finished.hand_over if one.covered and one.duration_s is not None
    }
    features: list[Feature] = []
    for village_id, cell in cells.items():
        look = {"color": "#ffffff", "weight": 0.6, "fillOpacity": _TIME_OPACITY, "interactive": False}
        if village_id in seconds:
            step = min(int(seconds[village_id] / solution.standard_s * _STEPS), _STEPS - 1)
            look["fillColor"] = style.MINUTES_COLOURS[step]
        else:
            look |= {"fillColor": style.VERMILLION, "fillOpacity": _LEFT_OPACITY}
        features.append(feature(cell, style=look))
    edges = [solution.standard_s * i / _STEPS / 60 for i in range(_STEPS + 1)]
    legend = [
        Legend(
            symbol=style.patch(colour, opacity=_TIME_OPACITY),
            text=f"{low:.3g}-{high:.3g} 分钟到服务点 min to the point",
        )
        for colour, low, high in zip(style.MINUTES_COLOURS, edges, edges[1:], strict=False)
    ]
    legend.append(Legend(symbol=style.patch(style.VERMILLION, opacity=_LEFT_OPACITY), text=term("uncovered").both))
    return Layer(name="到服务点时间 time to the point", features=features, legend=legend)


def _catchment_layer(plan: NetworkPlan, cells: dict[str, shapely.Geometry]) -> Layer:
    site_of = {a.demand_id: a.site_id for a in plan.stations.service_points.assignments}
    look = {"color": style.GREEN, "weight": 1.6, "fill": False, "interactive": False}
    features = [feature(area, style=look) for area in merged(cells, site_of).values()]
    legend = [
        Legend(symbol=style.patch("none", edge=style.GREEN), text="服务点范围(按最近村划分) service-point catchment")
    ]
    return Layer(name="服务点范围 point catchments", features=features, legend=legend)


def _station_catchment_layer(plan: NetworkPlan, cells: dict[str, shapely.Geometry]) -> Layer:
    station_of = {a.demand_id: a.site_id for a in plan.stations.express_stations.assignments}
    site_of = {
        a.demand_id: station_of[a.site_id] for a in plan.stations.service_points.assignments if a.site_id in station_of
    }
    look = {"color": style.PURPLE, "weight": 3.5, "fill": False, "interactive": False}
    features = [feature(area, style=look) for area in merged(cells, site_of).values()]
    legend = [Legend(symbol=style.patch("none", edge=style.PURPLE), text="快递站范围 express-station catchment")]
    return Layer(name="快递站范围 station catchments", features=features, legend=legend, show=False)


def _link_layer(plan: NetworkPlan) -> Layer:
    """Draw a straight line from each village to the point that serves it."""
    lines = []
    for assignment in plan.stations.service_points.assignments:
        village, site = plan.area.village_by_id[assignment.demand_id], plan.area.site_by_id[assignment.site_id]
        if (village.lon, village.lat) != (site.lon, site.lat):
            lines.append([(village.lon, village.lat), (site.lon, site.lat)])
    if not lines:
        return Layer(name="", features=[])
    look = {"color": style.BLACK, "weight": 1, "opacity": 0.6, "fill": False, "interactive": False}
    legend = [Legend(symbol=style.line(style.BLACK, width=1), text="村到服务点 village to its point")]
    return Layer(
        name="村到服务点 assignments", features=[feature(shapely.MultiLineString(lines), style=look)], legend=legend
    )


def _village_layer(plan: NetworkPlan) -> Layer:
    points = plan.stations.service_points
    left = {u.demand_id: u for u in points.uncovered}
    remedies = {remedy.demand_id: remedy for remedy in plan.remedies}
    features = []
    for village in plan.area.villages:
        way = plan.hand_over.get(village.id)
        covered = way is not None and way.covered
        rows: list[tuple[str, str]] = []
        if covered:
            rows.append((term("covered").both, ""))
        elif village.id in left:
            rows.append((term("uncovered").both, term(left[village.id].reason).both))
            rows.append(("最省的补救 cheapest remedy", remedy_text(plan.area, remedies.get(village.id))))
        if way is not None and way.site_id is not None:
            whole = "" if way.duration_s is None else f", {format_minutes(way.duration_s, points.standard_s)}"
            rows.append(("交接站点 hands over at", f"{plan.area.site_by_id[way.site_id].name}{whole}"))
        rows += _way_rows(way, points.standard_s)
        features.append(
            feature(
                shapely.Point(village.lon, village.lat),
                id=village.id,
                style=_village_style(village, covered),
                popup=popup(named(village), [*rows, *village_rows(plan.area, village)]),
                tooltip=village.name,
            )
        )
    legend = [
        Legend(symbol=style.symbol("circle", fill=style.BLUE), text=f"村: {term('covered').both}"),
        Legend(symbol=style.symbol("circle", fill=style.VERMILLION), text=f"村: {term('uncovered').both}"),
        Legend(
            symbol=style.symbol("circle", fill="#ffffff", edge=style.BLACK),
            text=f"黑圈 black ring: {term('poor_village').both}",
        ),
    ]
    return Layer(name="村 villages", features=features, legend=legend)


def _way_rows(way: HandOver | None, standard_s: float) -> list[tuple[str, str]]:
    """Return driving and walking of a village's way to its point apart, and the walk to its road."""
    if way is None or way.access_m is None:
        return []
    rows = [(term("access").both, f"{way.access_m:.0f} m")]
    if way.driving_s is not None and way.duration_s is not None:
        parts = format_parts(way.duration_s, way.driving_s, standard_s)
        rows.insert(
            0, (f"{term('driving').zh}+{term('walking').zh} {term('driving').en} + {term('walking').en}", parts)
        )
    return rows


def _village_style(village: Village, covered: bool) -> dict[str, object]:
    poor = village.registered_poor
    return {
        "radius": 6 if poor else 5,
        "color": style.BLACK if poor else "#ffffff",
        "weight": 2.5 if poor else 1,
        "fillColor": style.BLUE if covered else style.VERMILLION,
        "fillOpacity": 1,
    }


def _site_layers(plan: NetworkPlan) -> list[Layer]:
    """Open sites in view, the rest a click away."""
    served = {
        **_served_by(plan.stations.service_points, "服务村 villages served"),
        **_served_by(plan.stations.express_stations, "服务点 points served"),
    }
    for site_id, rows in phase_rows(plan).items():
        served[site_id] = [*rows, *served.get(site_id, [])]
    opened = {site.id for tier in Tier for site in plan.opened_sites(tier)}
    layers = []
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION, Tier.COUNTY_HUB):
        sites = [site for site in plan.area.sites_of(tier) if site.id in opened]
        layers.append(site_layer(term(tier).both, sites, opened, served))
    rest = [site for site in plan.area.sites if site.id not in opened]
    waiting = site_layer("未开放的候选点 sites not opened", rest, opened, {})
    hidden = [replace(waiting, show=False)]
    if plan.phase_of_site:  # the same sites by phase, in place of one colour a tier
        by_phase = phase_layer(plan, layers[:2])
        hidden += [replace(layer, show=False, legend=()) for layer in layers[:2]]
        layers = [by_phase, layers[2]]
    return [*hidden, *layers]


def _served_by(solution: CoverageSolution, label: str) -> dict[str, list[tuple[str, str]]]:
    counts = Counter(assignment.site_id for assignment in solution.assignments)
    return {site_id: [(label, str(count))] for site_id, count in counts.items()}


def _panel(plan: NetworkPlan) -> Panel:
    points, stations = plan.stations.service_points, plan.stations.express_stations
    shares = points.shares
    figures = [
        (term("service_point").both, _opened(plan, Tier.SERVICE_POINT)),
        (term("express_station").both, _opened(plan, Tier.EXPRESS_STATION)),
        ("标准 standard", f"≤ {format_limit(points.standard_s)}"),
        ("人口覆盖 people", f"{shares.population:.1%} / {shares.population_total:,}"),
        ("户数覆盖 households", f"{shares.households:.1%} / {shares.households_total:,}"),
        ("建制村覆盖 villages", f"{shares.villages:.1%} / {shares.villages_total:,}"),
    ]
    if shares.poor_villages_total:
        figures.append(("贫困村覆盖 poor villages", f"{shares.poor_villages:.1%} / {shares.poor_villages_total:,}"))
    cost = points.opening_cost_yuan + stations.opening_cost_yuan
    figures.append(("开办费用 opening cost", f"{cost:,.0f} 元"))
    remarks = [f"{term(tier).both}: {_proof(plan, solution, tier)}" for tier, solution in _tiers(plan)]
    if plan.phases is not None:
        remarks[0] = f"{term(Tier.SERVICE_POINT).both}: {phases_proof(plan)}"
    return Panel(page="coverage", title="服务覆盖 Service coverage", figures=figures, remarks=remarks)


def _tiers(plan: NetworkPlan) -> list[tuple[Tier, CoverageSolution]]:
    return [
        (Tier.SERVICE_POINT, plan.stations.service_points),
        (Tier.EXPRESS_STATION, plan.stations.express_stations),
    ]


def _opened(plan: NetworkPlan, tier: Tier) -> str:
    sites = plan.opened_sites(tier)
    new = sum(site.status is SiteStatus.CANDIDATE for site in sites)
    return f"{len(sites)} (新 new {new})"


def _proof(plan: NetworkPlan, solution: CoverageSolution, tier: Tier) -> str:
    parts = [term(solution.objective).both, term(solution.status).both]
    if solution.gap:
        parts.append(f"gap {solution.gap:.2%}")
    return ", ".join([*parts, *named_conflicts(plan.area, solution.conflicts, tier)])
