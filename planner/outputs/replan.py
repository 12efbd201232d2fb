"""The new plan of a running day on paper: what changes for whom, and each vehicle's stops from now on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from planner.config.differences import Difference
from planner.model import Site, Walk
from planner.outputs.courier import lies_in_china, navigation_links
from planner.outputs.fleet_names import FleetNames
from planner.outputs.names import shown_name, stop_names
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_templates import page_template
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.route_figures import way_text
from planner.plans import DayPlan
from planner.routing import Route
from planner.routing.day import Replan, StopChange
from planner.routing.day.stop_ids import taken_for, vehicle_at, whole_id
from planner.words import figures, listed, say, term

_NOTHING = 1.0
"""Metres or seconds that nobody tells apart."""
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change in words; ``going_on`` is what going on as planned would have brought."""

    stop_id: str
    name: str
    kind: str
    before: str
    after: str
    going_on: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """One call of a vehicle from now on; ``what`` names the goods that are taken over from another vehicle."""

    stop_id: str
    name: str
    arrival: str
    departure: str
    what: str
    changed: bool
    link: str


def site_of(plan: DayPlan, made: Replan, stop_id: str) -> Site:
    """Return where a stop of the new plan is."""
    known = {stop.id: stop.place for stop in made.problem.stops}
    place = known.get(stop_id, stop_id)
    return plan.area.site_by_id[made.places.get(place, place)]


def change_rows(plan: DayPlan, made: Replan) -> list[ChangeRow]:
    """Return the changes, those that somebody chose first."""
    names = stop_names(plan.area)
    fleet = FleetNames.of(plan)
    return [
        ChangeRow(
            stop_id=change.stop_id,
            name=names[site_of(plan, made, change.stop_id).id],
            kind=term(change.kind),
            before=f"{fleet.called(change.vehicle_before)} {figures.clock(change.before_s)}",
            after=""
            if change.after_s is None
            else f"{fleet.called(change.vehicle_after)} {figures.clock(change.after_s)}",
            going_on=term("dropped") if change.going_on_s is None else figures.clock(change.going_on_s),
            why=_why(made, change),
        )
        for change in sorted(made.changes, key=lambda change: (change.forced, change.stop_id))
    ]


def _why(made: Replan, change: StopChange) -> str:
    forced = term("forced_change" if change.forced else "chosen_change")
    if change.stop_id not in made.gone:
        return forced
    return say("{what}: {text}", what=forced, text=term("goods_gone"))


def difference_rows(plan: DayPlan, differences: Iterable[Difference]) -> list[str]:
    """Return what the area says today that the running plan was not made of: what holds from now on, then what does not."""
    rows = []
    for one in sorted(differences, key=lambda one: (not one.used, one.key)):
        change = say("{before} → {now}", before=one.before or say("none"), now=one.now or say("none"))
        if one.used:
            rows.append(say("area.toml, holds from now on: {key}: {change}", key=one.key, change=change))
        else:
            rows.append(
                say("area.toml, not used for what is left of the day: {key}: {change}", key=one.key, change=change)
            )
        if one.on_the_road:
            rows.append(
                say(
                    "{vehicles}: on the road, so that it drives on; what has become of it is an event",
                    vehicles=listed([FleetNames.of(plan).called(id_) for id_ in one.on_the_road]),
                )
            )
    return rows


def too_late_text(plan: DayPlan, made: Replan) -> str:
    """Return which stops were served before they were called off, empty if none was."""
    if not made.too_late:
        return ""
    names = stop_names(plan.area)
    stops = listed([f"{names[plan.site_of_stop[id_]]} {id_}" for id_ in made.too_late])
    return say("Called off too late, done by now as plan and reports have it: {stops}", stops=stops)


def against_going_on(made: Replan) -> str:
    """Return the kilometres and minutes out that the new routes ask of all vehicles, more or less than going on."""
    metres, seconds = made.more_m, made.more_duty_s
    return say(
        "Against going on as planned: {km} and {minutes} on the road, all vehicles together",
        km=_signed(metres, figures.kilometres(abs(metres))),
        minutes=_signed(seconds, figures.minutes(abs(seconds))),
    )


def _signed(amount: float, shown: str) -> str:
    return f"{'−' if amount < -_NOTHING else '+' if amount > _NOTHING else '±'}{shown}"


def back_text(made: Replan, route: Route) -> str:
    """Return when a vehicle is back, and when it would be if it went on as planned, where that differs by a minute."""
    planned = next((one.end_s for one in made.going_on if one.vehicle_id == route.vehicle_id), None)
    if planned is None or abs(planned - route.end_s) < _MINUTE_S:
        return figures.clock(route.end_s)
    return say("{clock} (if unchanged {before})", clock=figures.clock(route.end_s), before=figures.clock(planned))


def stop_rows(plan: DayPlan, made: Replan, route: Route) -> list[StopRow]:
    """Return a vehicle's calls from now on in order, without the one where it is; what it takes over, once by vehicle."""
    changed = {change.stop_id for change in made.changes}
    names, china = stop_names(plan.area), lies_in_china(plan.area)
    before = site_of(plan, made, route.visits[0].stop_id)
    rows: list[StopRow] = []
    at, goods = "", [""]
    for visit in route.visits:
        if vehicle_at(visit.stop_id) == route.vehicle_type_id:
            continue  # where it is, and goods that it has on board
        site = site_of(plan, made, visit.stop_id)
        whose = vehicle_at(visit.stop_id)
        at = at if whose else ""
        row = StopRow(
            stop_id=visit.stop_id,
            name=names[site.id],
            arrival=figures.clock(visit.arrival_s),
            departure=figures.clock(visit.departure_s),
            what="",
            changed=whole_id(visit.stop_id) in changed,
            link=navigation_links(before, site, china=china)[0].href,
        )
        before = site
        if not whose:
            rows.append(row)
            continue
        if at != whose:  # all that is taken over in a row from one vehicle is one call
            goods = []
            rows.append(row)
        taken = taken_for(visit.stop_id)
        goods.append(names[site_of(plan, made, taken).id] if taken else term("collected_goods"))
        lost = FleetNames.of(plan).called(whose)
        what = say("goods from {vehicle} for {stops}", vehicle=lost, stops=listed(goods))
        rows[-1] = replace(
            rows[-1],
            stop_id=site.id,
            departure=row.departure,
            what=say("{what}: {text}", what=term("fetch_goods"), text=what),
        )
        at = whose
    return rows


def route_way(route: Route, walking_s: Mapping[str, float]) -> str:
    """Return kilometres, minutes of driving and, where they are known, on foot of a vehicle from now on."""
    seconds = walking_s.get(route.vehicle_type_id)
    return way_text(route.distance_m, route.driving_s, None if seconds is None else Walk(seconds, 0.0))


def replan_page(
    plan: DayPlan,
    made: Replan,
    now_s: float,
    walking_s: Mapping[str, float],
    differences: Iterable[Difference] = (),
) -> str:
    """Return the page: changes, each vehicle's stops from now on, what is on no route and what would serve it."""
    names = stop_names(plan.area)
    return page_template("replan.html").render(
        plan=plan,
        area=shown_name(plan.area),
        notice=notice_of_plan(plan),
        made=made,
        now=figures.clock(now_s),
        changes=change_rows(plan, made),
        against=against_going_on(made),
        differences=difference_rows(plan, differences),
        too_late=too_late_text(plan, made),
        routes=[
            {
                "id": FleetNames.of(plan).called(route.vehicle_type_id),
                "end": back_text(made, route),
                "way": route_way(route, walking_s),
                "stops": stop_rows(plan, made, route),
            }
            for route in made.plan.routes
        ],
        left=[
            {
                "id": left.stop_id,
                "name": names[site_of(plan, made, left.stop_id).id],
                "reason": reason_text(left, plan.area.site_by_id, FleetNames.of(plan)),
                "mend": relaxations_text(left, made.plan.dimensions, FleetNames.of(plan)),
            }
            for left in made.plan.unassigned
        ],
    )
