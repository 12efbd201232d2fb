"""The layers of a day on a map: each vehicle's route with its stops in order, and stops that nobody visits."""

from __future__ import annotations

import shapely

from planner.outputs.day_stops import whose_stop
from planner.outputs.fleet_names import FleetNames
from planner.outputs.leg_loads import Amounts, leg_loads
from planner.outputs.maps import style
from planner.outputs.maps.layers import (
    Feature,
    feature,
    place_rows,
    popup,
)
from planner.outputs.maps.page import Layer
from planner.outputs.names import day_stop_names, spoken_name, title_name
from planner.outputs.order_lines import figures_mark
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.route_figures import leg_parts, paths_of, walks_of
from planner.outputs.timeline import driving_of_legs
from planner.plans import DayPlan
from planner.plans.load_share import filled_share, vehicle_room
from planner.routing import Route, Visit
from planner.words import figures, say, term


def look_of(number: int) -> tuple[str, str]:
    """Return colour and dash of the ``number``-th route: colours first, then the same colours dashed."""
    colours, dashes = style.ROUTE_COLOURS, style.ROUTE_DASHES
    return colours[number % len(colours)], dashes[number // len(colours) % len(dashes)]


def dash_of(plan: DayPlan, dash: str) -> str:
    """Return the dash that a route's lines have: without roads none is a full line."""
    return dash or (style.STRAIGHT_DASH if plan.roads.on_straight_lines else "")


def route_layer(plan: DayPlan, route: Route, position: int, question: str) -> Layer:
    """Return a vehicle's legs and stops; ``position`` is the route's number on its day, which gives it its look."""
    colour, dash = look_of(position)
    vehicle = FleetNames.of(plan).called(route.vehicle_id)
    drawn = dash_of(plan, dash)
    look = {"color": colour, "weight": 4, "opacity": 0.85, "dashArray": drawn or None, "fill": False}
    features: list[Feature] = []
    room = vehicle_room(plan)[route.vehicle_type_id]
    driven, loads = driving_of_legs(route), leg_loads(route)
    of_legs = zip(paths_of(plan, route), route.legs(), walks_of(plan, route), driven, loads, strict=True)
    for number, (path, leg, walk, driving, both) in enumerate(of_legs, start=1):
        driving_s, walking_s = leg_parts(leg.driving_s, walk)
        origin, destination = (spoken_name(plan.site_by_id[id_]) for id_ in (path.origin_id, path.destination_id))
        rows = [
            (
                say("Leg"),
                say("{number}: {origin} → {destination}", number=number, origin=origin, destination=destination),
            ),
            (say("Distance"), figures.kilometres(leg.distance_m)),
            (say("Driving time"), figures.minutes(driving_s)),
            *([] if walking_s is None else [(say("Walking"), figures.minutes(walking_s))]),
            (say("Load down"), _load(both.down)),
            (say("Load up"), _load(both.up)),
        ]
        played = {
            "drive": [[round(span.start_s), round(span.end_s)] for span in driving],
            "down": round(filled_share(both.down, room), 3),
            "up": round(filled_share(both.up, room), 3),
        }
        line = shapely.LineString(path.coordinates if len(path.coordinates) > 1 else path.coordinates * 2)
        features.append(feature(line, style=look, popup=popup(vehicle, rows), tooltip=vehicle, leg=played))
    features += [_stop(plan, route, visit, stop, (colour, dash)) for stop, visit in enumerate(route.visits, start=1)]
    symbol = style.line(colour, width=4, dash=drawn)
    return Layer(question=question, name=vehicle, symbol=symbol, features=features)


def _stop(plan: DayPlan, route: Route, visit: Visit, number: int, look: tuple[str, str]) -> Feature:
    colour, dash = look
    # a dashed route's stops are hollow, so that two routes of one colour differ in their stops too
    fill, edge = ("#ffffff", colour) if dash else (colour, "#ffffff")
    site = plan.site_by_id[visit.stop_id]
    vehicle, call = FleetNames.of(plan).called(route.vehicle_id), visit.stop_id in plan.calls
    place = say("{vehicle}, stop {number} of {count}", vehicle=vehicle, number=number, count=len(route.visits))
    rows = [
        (term("vehicle"), place),
        *([(say("Call at a station"), day_stop_names(plan)[visit.stop_id])] if call else []),
        (term("arrival"), figures.clock(visit.arrival_s)),
        (term("departure"), figures.clock(visit.departure_s)),
        *([(say("Only for"), whose)] if (whose := whose_stop(plan, visit.stop_id)) else []),
        *([] if call else [(term("delivery"), _parcels(visit.delivered)), (term("pickup"), _parcels(visit.picked_up))]),
        *([(say("Basis of the parcels"), mark)] if (mark := figures_mark(plan, visit.stop_id)) else []),
        (say("Load when it leaves"), _load(visit.load_after)),
        *place_rows(site.coordinate_source, site.id),
    ]
    return feature(
        shapely.Point(site.lon, site.lat),
        id=visit.stop_id,
        name=f"{number} {spoken_name(site)}",
        icon=style.symbol("circle", fill=fill, edge=edge, size=22, label=str(number)),
        size=22,
        popup=popup(title_name(site), rows),
        tooltip=f"{number} {spoken_name(site)} {figures.clock(visit.arrival_s)}",
    )


def _parcels(amounts: tuple[float, ...]) -> str:
    return say("{count} parcels, {kg} kg", count=f"{amounts[0]:.0f}", kg=f"{amounts[1]:.1f}")


def _load(load: Amounts) -> str:
    return say("{count} parcels, {kg} kg, {m3} m³", count=f"{load[0]:.0f}", kg=f"{load[1]:.0f}", m3=f"{load[2]:.1f}")


def unassigned_layer(plan: DayPlan, question: str) -> Layer:
    """Return the stops that nobody visits, with the reason and the least that would serve each."""
    cross = style.symbol("cross", fill=style.VERMILLION, size=18)
    features, fleet = [], FleetNames.of(plan)
    for left in plan.routes.unassigned:
        site = plan.site_by_id[left.stop_id]
        rows = [(say("On no route"), reason_text(left, plan.area.site_by_id, fleet))]
        if left.relaxations:
            rows.append((term("would_serve"), relaxations_text(left, plan.routes.dimensions, fleet)))
        features.append(
            feature(
                shapely.Point(site.lon, site.lat),
                id=left.stop_id,
                name=spoken_name(site),
                icon=cross,
                size=18,
                popup=popup(title_name(site), rows),
                tooltip=spoken_name(site),
            )
        )
    return Layer(question=question, name=say("Stops on no route"), symbol=cross, features=features)
