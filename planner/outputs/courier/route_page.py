"""The page of one vehicle: it works from a file without a network, on a phone and on A4, and keeps what is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2.utils import htmlsafe_json_dumps

from planner.outputs.courier.changed_lines import changed_lines
from planner.outputs.courier.courier_day import CourierDay, amounts, amounts_and_room, to_load, vehicle_name
from planner.outputs.courier.revision import Revised
from planner.outputs.courier.sketch import route_sketch
from planner.outputs.courier.stop_table import loading_list
from planner.outputs.day_page import season_text
from planner.outputs.names import shown_name
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.plans.courier_report import REPORT_SCHEMA, NotDone
from planner.plans.under_way import SettledAs, SettledStop
from planner.plans.under_way_faults import asked_for
from planner.routing import Route
from planner.words import figures, say, term


def route_page(day: CourierDay, route: Route, links: PageLinks, revision: Revised | None = None) -> str:
    """Return the page of one route: stops in order with times, parcels and produce, links and QR codes for each leg."""
    plan = day.plan
    up = [sum(visit.picked_up[d] for visit in route.visits) for d in range(len(plan.routes.dimensions))]
    found = day.figures[route.vehicle_id]
    return page_template("route.html").render(
        plan=plan,
        links=links,
        area=shown_name(plan.area),
        notice=notice_of_plan(plan),
        season=season_text(plan),
        route=route,
        vehicle=day.vehicles[route.vehicle_id],
        found=found,
        loading=figures.clock(route.start_s - found.loading_s) if found.loading_s else "",
        legs=day.legs(route),
        hub=day.names[route.depot_id],
        load=to_load(route),
        back=amounts(up),
        amounts=amounts,
        amounts_and_room=amounts_and_room,
        loading_list=loading_list(day, route),
        sketch=route_sketch(day, route),
        revision=revision,
        changes=_changes(day, revision, route.vehicle_id) if revision else [],
        datum_line=datum_line(day),
        reasons=[(code, term(code)) for code in NotDone],
        states={one.stop_id: (one.settled, _state(one)) for one in day.settled_by(route.vehicle_id)},
        on_board=_on_board(day, route.vehicle_id),
        data=htmlsafe_json_dumps(_data(day, route.vehicle_id, [visit.stop_id for visit in route.visits], revision)),
        style=asset("courier.css"),
        scripts=(asset("qr_code.js"), asset("courier.js")),
    )


def idle_page(day: CourierDay, vehicle_id: str, links: PageLinks, revision: Revised) -> str:
    """Return the page of a vehicle that an earlier version had stops for: that it stays, who has them, a way to report."""
    return page_template("idle.html").render(
        plan=day.plan,
        links=links,
        area=shown_name(day.plan.area),
        vehicle=vehicle_name(day.plan, vehicle_id),
        revision=revision,
        changes=_changes(day, revision, vehicle_id),
        data=htmlsafe_json_dumps(_data(day, vehicle_id, (), revision)),
        style=asset("courier.css"),
        scripts=(asset("qr_code.js"), asset("courier.js")),
    )


def _changes(day: CourierDay, revision: Revised, vehicle_id: str) -> list[str]:
    """Return what a version changes for one vehicle."""
    return changed_lines(
        day,
        [one for one in revision.changes if one.concerns(vehicle_id)],
        [one for one in revision.loadings if one.vehicle_id == vehicle_id],
    )


def datum_line(day: CourierDay) -> str:
    """Return which datum the links and codes of navigation carry."""
    if day.china:
        return say("Links and codes for Amap carry GCJ-02 coordinates, those for Baidu WGS 84.")
    return say("Links and codes of navigation open the phone's own map (geo:, WGS 84).")


@cache
def asset(name: str) -> str:
    """Return the text of a style sheet or script of these pages."""
    return files("planner.outputs.courier").joinpath("assets", name).read_text(encoding="utf-8")


def _settled(one: SettledStop) -> list[str]:
    """Return what became of a stop as the page's script keeps it: outcome, when, why, when the courier arrived."""
    arrived = [] if one.arrived_s is None else [figures.clock(one.arrived_s)]
    return [str(one.settled), figures.clock(one.at_s), one.reason, *arrived]


def _on_board(day: CourierDay, vehicle_id: str) -> dict[str, str]:
    """Return what is still on board of what stops were to get that were not served."""
    asked = asked_for(day.plan)
    vain = [one.stop_id for one in day.settled_by(vehicle_id) if one.settled is SettledAs.FAILED]
    return {id_: say("not handed over, still on board: {amounts}", amounts=amounts(asked[id_][0])) for id_ in vain}


def _state(one: SettledStop) -> str:
    """Return what became of a stop in words."""
    clock = figures.clock(one.at_s)
    if one.settled is SettledAs.DONE:
        return say("done {clock}", clock=clock)
    return say("not served {clock}: {reason}", clock=clock, reason=term(one.reason) if one.reason else "-")


def _data(day: CourierDay, vehicle_id: str, stop_ids: Sequence[str], revision: Revised | None) -> dict[str, Any]:
    """Return what the page's script needs: ids and words, nothing that stands on the page already."""
    return {
        "report": REPORT_SCHEMA,
        "plan": day.plan.id,
        "former": list(revision.former_ids) if revision else [],
        "vehicle": vehicle_id,
        "date": day.plan.date.isoformat(),
        "stops": list(stop_ids),
        "settled": {one.stop_id: _settled(one) for one in day.settled_by(vehicle_id)},
        "once": {id_: day.names.get(id_, id_) for id_ in (revision.once.get(vehicle_id, ()) if revision else ())},
        "words": {
            "arrived": say("arrived {clock}", clock="{0}"),
            "done": say("done {clock}", clock="{0}"),
            "failed": say("not served {clock}: {reason}", clock="{0}", reason="{1}"),
            "count": say("{done} of {count} stops settled", done="{0}", count="{1}"),
            "kept_nowhere": say("This browser keeps nothing: ticks are lost when the page is closed. Report in time."),
            "stays": say("{state}: that stays. Undo takes the last tick back.", state="{0}"),
            "skipped": say("Before it, stop {numbers} is still open. That is fine if it is meant so.", numbers="{0}"),
            "elsewhere": say(
                "Ticked here, not this vehicle's in this version: {stops}. Report back, so that nobody goes there again.",
                stops="{0}",
            ),
            "and": say(", "),
            "too_long": say("Too long for a code: send the file."),
            "reasons": {code: term(code) for code in NotDone},
        },
    }
