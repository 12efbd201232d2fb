"""The new plan of a running day on paper: what changes for whom, and each vehicle's stops from now on."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model import Site
from planner.outputs.courier import navigation_link
from planner.outputs.notice import notice_of
from planner.outputs.page_templates import page_template
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.plans import DayPlan
from planner.routing import Route
from planner.routing.day import Replan, StopChange
from planner.units import format_clock, format_kilometres
from planner.words.terms import TERMS, term


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change in words."""

    stop_id: str
    name: str
    kind: str
    before: str
    after: str
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
    return [
        ChangeRow(
            stop_id=change.stop_id,
            name=site_of(plan, made, change.stop_id).name,
            kind=term(change.kind).both,
            before=f"{change.vehicle_before} {format_clock(change.before_s)}",
            after="" if change.after_s is None else f"{change.vehicle_after} {format_clock(change.after_s)}",
            why=_why(made, change),
        )
        for change in sorted(made.changes, key=lambda change: (change.forced, change.stop_id))
    ]


def _why(made: Replan, change: StopChange) -> str:
    forced = term("forced_change" if change.forced else "chosen_change").both
    return f"{forced}: {term('goods_gone').both}" if change.stop_id in made.gone else forced


def stop_rows(plan: DayPlan, made: Replan, route: Route) -> list[StopRow]:
    """Return a vehicle's calls from now on in order, without the one where it is."""
    changed = {change.stop_id for change in made.changes}
    before = site_of(plan, made, route.visits[0].stop_id)
    rows = []
    for visit in route.visits:
        if visit.stop_id.endswith("/here"):
            continue
        site = site_of(plan, made, visit.stop_id)
        whose, _, taken = visit.stop_id.partition("/")
        own = whose == f"@{route.vehicle_type_id}"
        if own:
            continue  # it has these goods on board
        rows.append(
            StopRow(
                stop_id=visit.stop_id,
                name=site.name,
                arrival=format_clock(visit.arrival_s),
                departure=format_clock(visit.departure_s),
                what=f"{term('fetch_goods').both}: {whose[1:]} → {taken}" if whose.startswith("@") else "",
                changed=visit.stop_id.removesuffix("/pickup") in changed,
                link=navigation_link(before, site),
            )
        )
        before = site
    return rows


def replan_page(plan: DayPlan, made: Replan, now_s: float) -> str:
    """Return the page: changes, each vehicle's stops from now on, what is on no route and what would serve it."""
    return page_template("replan.html").render(
        plan=plan,
        notice=notice_of(plan.area),
        made=made,
        now=format_clock(now_s),
        changes=change_rows(plan, made),
        routes=[
            {
                "id": route.vehicle_type_id,
                "end": format_clock(route.end_s),
                "distance": format_kilometres(route.distance_m),
                "stops": stop_rows(plan, made, route),
            }
            for route in made.plan.routes
        ],
        left=[
            {
                "id": left.stop_id,
                "name": site_of(plan, made, left.stop_id).name,
                "reason": reason_text(left, plan.area.site_by_id),
                "mend": relaxations_text(left, made.plan.dimensions),
            }
            for left in made.plan.unassigned
        ],
        terms={code: words.both for code, words in TERMS.items()},
    )
