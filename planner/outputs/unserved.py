"""Whose parcels of a day go on no route, or were tried in vain: how many, where, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.outputs.fleet_names import FleetNames
from planner.outputs.left_out import why_cut_off
from planner.outputs.names import day_stop_names, spoken_name
from planner.outputs.relaxations import reason_text
from planner.plans import DayPlan
from planner.plans.under_way import SettledAs
from planner.plans.under_way_faults import asked_for
from planner.words import figures, say, term


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedStop:
    """A stop, or a village whose place is not open, that does not get or hand over its parcels that day."""

    name: str
    down: float
    up: float
    reason: str

    @property
    def parcels(self) -> str:
        """How many parcels, down and up."""
        return say("{down} parcels down, {up} up", down=figures.number(self.down), up=figures.number(self.up))


def unserved_stops(plan: DayPlan) -> list[UnservedStop]:
    """Return what is on no route, what is held, and of a running day what was not done or is called off."""
    return [*_on_no_route(plan), *_in_vain(plan), *_held(plan)]


def unserved_text(plan: DayPlan) -> str:
    """Return one line that says how many parcels are not served, and where; empty if all are."""
    left = unserved_stops(plan)
    if not left:
        return ""
    total = UnservedStop(name="", down=sum(one.down for one in left), up=sum(one.up for one in left), reason="")
    places = [say("{name} ({what})", name=one.name, what=one.parcels) for one in left]
    return say("Not served: {parcels}: {places}", parcels=total.parcels, places=say("; ").join(places))


def _on_no_route(plan: DayPlan) -> Iterator[UnservedStop]:
    names, asked, fleet = day_stop_names(plan), asked_for(plan), FleetNames.of(plan)
    for one in plan.routes.unassigned:
        down, up = asked[one.stop_id]
        reason = reason_text(one, plan.area.site_by_id, fleet)
        yield UnservedStop(name=names[one.stop_id], down=down[0], up=up[0], reason=reason)


def _in_vain(plan: DayPlan) -> Iterator[UnservedStop]:
    names, asked, fleet = day_stop_names(plan), asked_for(plan), FleetNames.of(plan)
    for one in plan.under_way.settled if plan.under_way else ():
        if one.settled is SettledAs.DONE:
            continue
        (down, *_), (up, *_) = asked[one.stop_id]
        why = term(one.reason) if one.reason else term(one.settled)
        told = why if not one.vehicle_id else f"{fleet.called(one.vehicle_id)} {figures.clock(one.at_s)} {why}"
        yield UnservedStop(name=names[one.stop_id], down=down, up=up, reason=told)


def _held(plan: DayPlan) -> Iterator[UnservedStop]:
    for one in plan.demand.waiting:
        village = plan.area.village_by_id.get(one.village_id)
        place = village or plan.area.site_by_id[one.site_id]
        reason = say("is not open on {date}", date=figures.day(plan.date))
        yield UnservedStop(
            name=spoken_name(place),
            down=one.delivery_parcels,
            up=one.pickup_parcels,
            reason=why_cut_off(plan, one.village_id) if village else reason,
        )
