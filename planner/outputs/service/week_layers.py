"""The map layers of a service plan: points with their weekdays, and the routes of each weekday."""

from __future__ import annotations

from pathlib import Path

from planner.config.service_section import WEEKDAYS
from planner.outputs.geofiles import Feature, point_feature, route_features, write_layers
from planner.outputs.geopackage import UNDATED, geopackage
from planner.outputs.layer_styles import Comparison, Rule, day_rules, style_layers
from planner.outputs.maps import style
from planner.outputs.service.bus_layers import bus_features, bus_rules, bus_titles
from planner.outputs.service.week_rows import point_rows
from planner.outputs.service.weekday_plan import weekday_plan
from planner.plans.service_plan import ServicePlan
from planner.words import figures, say, term

POINTS_LAYER = "points"


def write_week_layers(plan: ServicePlan, path: Path) -> None:
    """Write a styled GeoPackage: points, legs and stops of each weekday's routes, boundary and about.

    Layers of a weekday end in its English name. The same plan gives the same bytes; a file of that name is replaced.
    """
    layers, titles = {POINTS_LAYER: _points(plan)}, {POINTS_LAYER: say("Points")}
    rules = {POINTS_LAYER: _point_rules(plan)}
    for day in sorted(plan.days, key=lambda one: one.weekday):
        shown, name = weekday_plan(plan, day), figures.weekday_name(day.weekday, "wide")
        features = [feature for route in shown.routes.routes for feature in route_features(shown, route)]
        of_day = day_rules([route.vehicle_id for route in shown.routes.routes])
        rules["boundary"] = of_day["boundary"]
        for kind, geometry, title in (
            ("route_legs", "LineString", say("Routes, {day}", day=name)),
            ("route_stops", "Point", say("Stops, {day}", day=name)),
        ):
            layer = f"{kind}_{WEEKDAYS[day.weekday]}"
            layers[layer] = [one for one in features if one["geometry"]["type"] == geometry]
            titles[layer], rules[layer] = title, of_day[kind]
    if plan.buses is not None:
        layers, titles, rules = {**layers, **bus_features(plan)}, {**titles, **bus_titles()}, {**rules, **bus_rules()}
    with geopackage(path, UNDATED) as made:
        write_layers(plan, layers, made)
        style_layers(made, rules, titles)


def _points(plan: ServicePlan) -> list[Feature]:
    found = []
    for row in point_rows(plan):
        one, site = row.point, plan.area.site_by_id[row.point.site_id]
        found.append(
            point_feature(
                site.lon,
                site.lat,
                site_id=one.site_id,
                name=site.name,
                name_latin=site.name_latin,
                township_id=one.township_id,
                visits=one.visits,
                asked=one.asked,
                reason=one.reason.value,
                reason_text=term(one.reason),
                weekdays=",".join(WEEKDAYS[day] for day in one.weekdays),
                station_id=one.station_id,
                village_ids=",".join(one.village_ids),
                week_parcels_down=row.down,
                week_parcels_up=row.up,
                coordinate_source=site.coordinate_source.value,
            )
        )
    return found


def _point_rules(plan: ServicePlan) -> list[Rule]:
    """Return a rule for each number of visits that there is, light to dark; none is drawn in the warm colour."""
    counts = sorted({point.visits for point in plan.points})
    steps = max(counts, default=1)
    rules = []
    for count in counts:
        fill = style.minutes_colour(count - 1, max(steps, 2)) if count else style.VERMILLION
        label = say("{count} visits a week", count=count) if count else say("not visited")
        test = (Comparison("visits", "=", count),)
        rules.append(Rule(label=label, tests=test, shape="circle", fill=fill, edge="#000000", size=3.2, width=0.1))
    return rules
