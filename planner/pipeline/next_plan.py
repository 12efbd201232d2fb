"""The day plan that a replan makes of the one that was running: what lies behind as it happened, then the new routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from planner.pipeline.day import DrivenLegs, leg_paths, leg_walks
from planner.pipeline.replan import Replanned
from planner.pipeline.whole_day import WholeDay
from planner.plans import DayPlan
from planner.plans.courier_report import TickedStop
from planner.plans.under_way import AddedStop, UnderWay
from planner.plans.upgrade import DAY_PARTS
from planner.routing.day.stop_ids import is_half, place_of, vehicle_at, whole_id

_NO_TICKS: Mapping[str, TickedStop] = MappingProxyType({})


def next_plan(made: Replanned, ticks: Mapping[str, TickedStop] = _NO_TICKS) -> DayPlan:
    """Return the day plan to follow from now on, which can be published and planned again like the one that it replaces.

    ``ticks`` are those of the couriers' reports, by stop. What the area says today that was used is what it is made of.
    """
    run = made.run
    before = made.plan.under_way
    lost = before.lost if before else ()
    whole = WholeDay(made, ticks=ticks, former=before.settled if before else ())
    kept = [route for route in made.plan.routes.routes if route.vehicle_id in lost]  # as far as they came
    routes = whole.routes(kept)
    added = {stop.id: stop for stop in (*(before.added if before else ()), *made.added, *_taken_over(made))}
    sites = {**made.plan.demand.site_of_stop, **{stop.id: stop.site_id for stop in added.values()}}
    under_way = UnderWay(
        former_ids=(made.plan.id, *(before.former_ids if before else ())),
        now_s=made.day.now_s,
        settled=(*whole.settled(), *(one for one in whole.former.values() if one.vehicle_id in lost)),
        added=tuple(added.values()),
        lost=tuple(sorted(report.vehicle_id for report in made.day.reports if report.lost)),
    )
    return replace(
        made.plan,
        **_made_of(made),
        routes=routes,
        paths=leg_paths(
            run,
            routes,
            sites,
            None if run is made.former_run else DrivenLegs(run=made.former_run, legs=whole.driven_legs(kept)),
        ),
        walks=leg_walks(made.travel, run.config, routes, sites) if made.plan.walks else (),
        under_way=under_way,
    )


def _made_of(made: Replanned) -> dict[str, Any]:
    """Return the fields of the plan that say what it is made of, where that is not what the one before was."""
    if not any(one.used for one in made.differences):
        return {}
    lines = made.run.roads.lines()
    return {"config": made.run.config.parts(DAY_PARTS), "closed_lines": tuple(line for line in lines if line.closed)}


def _taken_over(made: Replanned) -> Iterator[AddedStop]:
    """Yield what is to be fetched from vehicles that drive no more, and the stops that therefore are two."""
    again = made.replan
    lost = {place_of(report.vehicle_id): report.vehicle_id for report in made.day.reports if report.lost}
    brought_to = {pair.pickup_id: pair.delivery_id for pair in again.problem.pairs}
    given = {stop.id: stop for stop in (*made.problem.stops, *made.day.new_stops)}
    places = {stop.id: stop.place for stop in given.values()}
    halved = {whole_id(stop.id) for stop in again.problem.stops if is_half(stop.id)}
    for stop_id in again.gone:
        if stop_id in halved and any(given[stop_id].pickup):  # what it hands over is a stop of its own from now on
            yield AddedStop(
                id=stop_id,
                site_id=places[stop_id],
                delivery=given[stop_id].delivery,
                pickup=(0.0,) * len(given[stop_id].pickup),
                opens_s=given[stop_id].opens_s,
                closes_s=given[stop_id].closes_s,
            )
    for stop in again.problem.stops:
        taken_from = lost.get(stop.place, "")
        known = given.get(stop.id)
        if taken_from or (known is None and not vehicle_at(stop.id)) or (known and known.pickup != stop.pickup):
            yield AddedStop(
                id=stop.id,
                site_id=again.places.get(stop.place, stop.place),
                delivery=stop.delivery,
                pickup=stop.pickup,
                opens_s=stop.opens_s,
                closes_s=stop.closes_s,
                taken_from=taken_from,
                brought_to=brought_to.get(stop.id, ""),
                transfer_s=stop.setup_duration_s if taken_from else 0.0,
            )
