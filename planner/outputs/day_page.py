"""The page of a day: vehicles and their hours, what is not served, and the files that couriers take along."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from planner.model import SeasonChoice
from planner.outputs.about_roads import closed_text, odd_tag_texts, road_row
from planner.outputs.day_stops import several_visits
from planner.outputs.estimates import beside_published, calendar_line, estimate_lines
from planner.outputs.fleet_names import FleetNames
from planner.outputs.held_rows import held_rows
from planner.outputs.left_out import not_served_text, row_faults_text
from planner.outputs.names import spoken_name
from planner.outputs.notice import basis, notice_of_plan
from planner.outputs.order_lines import orders_details, orders_line, week_line
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.route_figures import beside_routes, beside_routes_words, route_figures, shown_costs
from planner.outputs.route_order import in_natural_order
from planner.outputs.siting import phase_name
from planner.outputs.stage_in_force import stage_text
from planner.outputs.station_lines import stations_lines
from planner.outputs.timeline import spans, timeline
from planner.plans import DayPlan
from planner.plans.day_account import parcel_sums, village_counts
from planner.plans.load_share import load_steps, share_text, vehicle_room
from planner.plans.service_plan import ServicePlan
from planner.routing import Route
from planner.units import shown_minutes
from planner.words import figures, say, sentence, term


def day_page(
    plan: DayPlan, links: PageLinks, *, network_href: str, area_href: str = "", has_picture: bool = False
) -> str:
    """Return the page; its links are relative to the day's folder; ``network_href`` or ``area_href`` may be empty."""
    fleet = FleetNames.of(plan)
    routes = in_natural_order(plan.routes.routes)
    rooms, costs = vehicle_room(plan), shown_costs(plan, 0)
    return page_template("day.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        network_href=network_href,
        area_href=area_href,
        has_picture=has_picture,
        notice=notice_of_plan(plan),
        orders=orders_line(plan),
        orders_details=orders_details(plan),
        season=season_text(plan),
        chosen=chosen_season_text(plan.season),
        stage=open_text(plan),
        out_of_stage=stage_text(plan),
        road_line=road_row(plan.roads)[1],
        profiles=_profiles(plan),
        odd_tags=odd_tag_texts(plan.roads),
        closures=[closed_text(closed) for closed in plan.roads.closures],
        cards=_cards(plan),
        routes=[_route(plan, route, costs[route.vehicle_id], fleet) for route in routes],
        besides=[
            (beside_routes_words()[where], figures.number(yuan)) for where, yuan in beside_routes(plan, 0).items()
        ],
        timeline=timeline(
            routes,
            [fleet.called(route.vehicle_id) for route in routes],
            [load_steps(route, rooms[route.vehicle_type_id]) for route in routes],
        ),
        breaks=any(route.pauses for route in routes),
        held=held_rows(plan),
        faulty=row_faults_text(plan.area),
        visits=several_visits(plan),
        estimate=[
            line
            for line in (week_line(plan), *stations_lines(plan), *estimate_lines(plan), calendar_line(plan))
            if line
        ],
        beside=beside_published(plan),
        found_by=sentence(plan.routes.found_by(), {}),
        bound=figures.yuan(plan.routes.lower_bound_yuan),
    )


def _profiles(plan: DayPlan) -> list[str]:
    """Return which vehicles drive by another profile than the area's."""
    return [
        say("{vehicle} drives as a {profile}", vehicle=one["id"], profile=term(one["profile"]))
        for one in plan.config["routing"]["vehicles"]
        if one.get("profile") not in (None, "", plan.roads.vehicle)
    ]


def season_text(plan: DayPlan) -> str:
    """Return that the roads are of another season than the date, empty if they are of its own."""
    return other_season_text(plan.season, plan.date)


def other_season_text(chosen: SeasonChoice, date: datetime.date) -> str:
    """Return that the roads are of another season than a date's, empty if they are of its own."""
    if not chosen.contradicts:
        return ""
    return say(
        "Planned on the roads of {season}, but {date} falls in {other}: that season was asked for",
        season=term(chosen.season),
        date=figures.day(date),
        other=term(chosen.of_date),
    )


def chosen_season_text(chosen: SeasonChoice) -> str:
    """Return the season and who chose it."""
    season = term(chosen.season)
    if chosen.by == "date":
        return say("Season: {season}, by the date", season=season)
    return say("Season: {season}, by the configuration", season=season)


def open_text(plan: DayPlan | ServicePlan) -> str:
    """Return what of the network is open then."""
    points = figures.service_points(len([id_ for id_ in plan.open_stage.opened if _is_point(plan, id_)]))
    stations = figures.express_stations(len([id_ for id_ in plan.open_stage.opened if not _is_point(plan, id_)]))
    if plan.network.phases is None:
        return say("Open: {points}, {stations}", points=points, stations=stations)
    name = phase_name(plan.open_stage.name)
    return say("Phase {phase}: {points}, {stations} open", phase=name, points=points, stations=stations)


def _is_point(plan: DayPlan | ServicePlan, site_id: str) -> bool:
    return plan.area.site_by_id[site_id].tier.value == "service_point"


def _cards(plan: DayPlan) -> list[dict[str, str]]:
    routes = plan.routes.routes
    delivered = _sum(plan, routes, "delivered")
    picked_up = _sum(plan, routes, "picked_up")
    parcels = round(delivered[0] + (plan.rides.parcels(up=False) if plan.rides else 0))
    collected_kg = picked_up[1] + (plan.rides.kg(up=True) if plan.rides else 0)
    each = figures.price(plan.cost_yuan / parcels) if parcels else "-"
    stops = sum(len(plan.at_points(route)) for route in routes)
    return [
        {
            "label": say("Vehicles"),
            "value": figures.number(len(routes)),
            "detail": say("; ").join(
                [
                    figures.kilometres(sum(route.distance_m for route in routes)),
                    *basis(plan.config, "routing.vehicles"),
                ]
            ),
        },
        {
            "label": say("Stops"),
            "value": figures.number(stops),
            "detail": not_served_text(len(plan.routes.unassigned), village_counts(plan).held) or say("all are served"),
        },
        {
            "label": say("Parcels down"),
            "value": figures.number(parcels),
            "detail": say("; ").join(
                [
                    *_stays(plan),
                    say("collected {amount}", amount=figures.kilograms(collected_kg)),
                    *basis(plan.rests_on, "demand"),
                ]
            ),
        },
        {
            "label": say("Cost"),
            "value": figures.yuan(plan.cost_yuan),
            "detail": say("; ").join(
                [say("{price} a parcel", price=each), *basis(plan.rests_on, "routing.vehicles", "demand")]
            ),
        },
    ]


def _stays(plan: DayPlan) -> list[str]:
    """Return how many parcels down stay behind, and their share of the day's; nothing where none does."""
    sums = parcel_sums(plan)
    left = sums.not_served[0] + sums.held[0]
    whole = left + sums.on_routes[0] + sums.by_bus[0]
    if not left:
        return []
    return [
        say(
            "{parcels} stay behind, {share} of the day's",
            parcels=figures.parcels(left),
            share=figures.share(left / whole),
        )
    ]


def _sum(plan: DayPlan, routes: Sequence[Route], what: str) -> tuple[float, ...]:
    """Return what is delivered or picked up on all visits to points, by dimension: parcels, kg, m³."""
    amounts = [getattr(visit, what) for route in routes for visit in plan.at_points(route)]
    return tuple(sum(column) for column in zip(*amounts, strict=True)) if amounts else (0.0, 0.0, 0.0)


def _route(plan: DayPlan, route: Route, cost_yuan: float, fleet: FleetNames) -> dict[str, Any]:
    hours, found = spans(route), route_figures(plan, route)
    spent = {kind: sum(span.seconds for span in hours if span.kind == kind) for kind in ("waiting", "service", "break")}
    delivered, picked_up = _sum(plan, [route], "delivered"), _sum(plan, [route], "picked_up")
    return {
        "id": route.vehicle_id,
        "name": fleet.called(route.vehicle_id),
        "stops": len(plan.at_points(route)),
        "start": figures.clock(route.start_s),
        "end": figures.clock(route.end_s),
        "distance": f"{route.distance_m / 1000:,.1f}",
        "driving": _minutes(found.driving_s),
        "walking": "-" if found.walking_s is None else _minutes(found.walking_s),
        "duty": f"{found.duty_s / 3600:.1f}",
        "loading": figures.minutes(found.loading_s) if found.loading_s else "",
        "waiting": _minutes(spent["waiting"]) if spent["waiting"] >= 1 else "-",
        "service": _minutes(spent["service"]),
        "parcels": figures.number(round(delivered[0])),
        "down": figures.number(round(delivered[1])),
        "up": figures.number(round(picked_up[1])),
        "load": share_text(found.load_share),
        "cost": figures.number(cost_yuan),
        "each": "-" if found.parcel_yuan is None else f"{found.parcel_yuan:.2f}",
    }


def _minutes(seconds: float) -> str:
    return f"{shown_minutes(seconds):.1f}"
