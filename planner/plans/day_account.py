"""What becomes of a day's villages and parcels: the one place where they are counted, and what is held and why is listed.

Pages, the command line, the workbook, the bulletin and what programs are told all say what stands here, so that they agree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from planner.model import AMOUNTS, DemandBasis, PointDemand, VillageDemand, WaitingDemand
from planner.plans.day_plan import DayPlan
from planner.plans.under_way import AddedStop, SettledAs, SettledStop
from planner.routing import Unassigned
from planner.routing.day.stop_ids import is_half, whole_id

_SIDES = ("delivery_parcels", "pickup_parcels")


class HeldBecause(StrEnum):
    """Why something is not served: no route takes its stop, the visit was in vain, or no route was ever looked for."""

    NO_ROUTE = "stop_on_no_route"
    IN_VAIN = "stop_tried_in_vain"
    CUT_OFF = "village_cut_off"
    NO_PLACE = "village_without_place"
    NOT_OPEN = "site_not_open"
    DESERTED = "site_reached_by_no_village"
    NEVER_OPEN_THEN = "never_open_then"
    ANOTHER_DAY = "visited_on_another_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is not served that day: whose it is, where it would be handed over, how much, and why.

    ``stop_id`` is that of a stop on no route, with ``left``, or of one tried in vain or called off on a running day, with
    ``settled``; else it is empty. ``site_id`` is empty for a village without a place.
    """

    because: HeldBecause
    village_ids: tuple[str, ...]
    site_id: str = ""
    stop_id: str = ""
    delivery_parcels: int = 0
    pickup_parcels: int = 0
    kg: float = 0.0
    cold: bool = False
    earliest_s: float | None = None
    latest_s: float | None = None
    next_visit: datetime.date | None = None
    left: Unassigned | None = None
    settled: SettledStop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageCounts:
    """All villages of an area on a day: those in the table, those estimated, those with nothing, and those held.

    A village of which anything is held, or that is cut off, counts as held and nowhere else; one whose row is at fault too.
    ``not_today`` are those whose point is visited on another day, where a day follows a plan of the week.
    ``entered_in_part`` are those among ``entered`` of which one direction is estimated.
    """

    entered: int
    estimated: int
    nothing: int
    held: int
    entered_in_part: int = 0
    not_today: int = 0

    @property
    def total(self) -> int:
        """All villages."""
        return self.entered + self.estimated + self.nothing + self.held + self.not_today


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSums:
    """Parcels of a day, down and up: listed and estimated are ``on_routes``, ``by_bus``, ``not_served`` or ``held``.

    ``not_served`` are those of stops on no route, ``held`` those for which no route was looked for.
    """

    listed: tuple[int, int]
    estimated: tuple[int, int]
    on_routes: tuple[int, int]
    not_served: tuple[int, int]
    held: tuple[int, int] = (0, 0)
    by_bus: tuple[int, int] = (0, 0)

    @property
    def add_up(self) -> bool:
        """Whether no parcel is lost or made."""
        sides = zip(self.listed, self.estimated, self.on_routes, self.not_served, self.held, self.by_bus, strict=True)
        return all(there + guessed == carried + left + held + bus for there, guessed, carried, left, held, bus in sides)


def held_of(plan: DayPlan) -> tuple[Held, ...]:
    """Return all that is not served: stops on no route or in vain, what waits, then villages cut off that have nothing."""
    found = [_stop(plan, left.stop_id, left=left) for left in plan.routes.unassigned]
    in_vain = (one for one in (plan.under_way.settled if plan.under_way else ()) if one.settled is not SettledAs.DONE)
    found += [_stop(plan, one.stop_id, settled=one) for one in in_vain]
    found += [_waiting(plan, one) for one in plan.demand.waiting]
    named = {id_ for one in found if not one.stop_id for id_ in one.village_ids}
    found += [_village(plan, id_) for id_ in sorted({*plan.cut_off, *plan.without_site} - named)]
    return tuple(found)


def _stop(plan: DayPlan, stop_id: str, *, left: Unassigned | None = None, settled: SettledStop | None = None) -> Held:
    """Return a stop that is not served, with the villages of its point, or without any if it came up during the day."""
    because = HeldBecause.IN_VAIN if left is None else HeldBecause.NO_ROUTE
    site_id, point = plan.site_of_stop.get(stop_id, ""), plan.van_demand_of_stop.get(stop_id)
    added = plan.under_way.added if plan.under_way else ()
    goods = next(((one.delivery, one.pickup) for one in added if one.id == stop_id), None)
    if point is None:
        goods = goods or ((0.0, 0.0), (0.0, 0.0))
        return Held(
            because=because,
            village_ids=(),
            site_id=site_id,
            stop_id=stop_id,
            delivery_parcels=round(goods[0][0]),
            pickup_parcels=round(goods[1][0]),
            kg=goods[0][1] + goods[1][1],
            left=left,
            settled=settled,
        )
    return Held(
        because=because,
        village_ids=villages_of(plan, point),
        site_id=site_id,
        stop_id=stop_id,
        # of a stop that became two, what it still stands for
        delivery_parcels=round(goods[0][0]) if goods else point.delivery_parcels,
        pickup_parcels=round(goods[1][0]) if goods else point.pickup_parcels,
        kg=goods[0][1] + goods[1][1] if goods else point.delivery_kg + point.pickup_kg,
        cold=point.cold,
        left=left,
        settled=settled,
    )


def villages_of(plan: DayPlan, point: PointDemand) -> tuple[str, ...]:
    """Return the villages of a stop that have something that day; all of them where the plan does not say."""
    idle = {one.village_id for one in plan.demand.villages if not _has_goods(one)}
    return tuple(id_ for id_ in point.village_ids if id_ not in idle)


def _has_goods(one: VillageDemand) -> bool:
    return any(getattr(one, name) for name in AMOUNTS)


def _waiting(plan: DayPlan, one: WaitingDemand) -> Held:
    timed = (one.earliest_s, one.latest_s) != (None, None)
    if one.village_id:
        villages: tuple[str, ...] = (one.village_id,)
        site_id = plan.demand.place_of_village.get(one.village_id) or _usual_place(plan, one.village_id)
        because = HeldBecause.CUT_OFF if one.village_id in plan.cut_off else HeldBecause.NO_PLACE
    else:
        site_id = one.site_id
        members = {way.village_id for way in plan.open_stage.hand_over if way.site_id == site_id}
        because = HeldBecause.DESERTED if site_id in plan.open_stage.opened else HeldBecause.NOT_OPEN
        if timed:
            members &= {id_ for id_, place in plan.demand.place_of_village.items() if place == site_id}
        villages = tuple(sorted(members)) if because is HeldBecause.DESERTED else ()
    if one.next_visit is not None:
        because = HeldBecause.ANOTHER_DAY
        site_id = site_id or _usual_place(plan, one.village_id)
    return Held(
        because=HeldBecause.NEVER_OPEN_THEN if timed else because,
        next_visit=one.next_visit,
        village_ids=villages,
        site_id=site_id,
        delivery_parcels=one.delivery_parcels,
        pickup_parcels=one.pickup_parcels,
        kg=one.delivery_kg + one.pickup_kg,
        earliest_s=one.earliest_s,
        latest_s=one.latest_s,
    )


def _village(plan: DayPlan, village_id: str) -> Held:
    because = HeldBecause.CUT_OFF if village_id in plan.cut_off else HeldBecause.NO_PLACE
    return Held(because=because, village_ids=(village_id,), site_id=_usual_place(plan, village_id))


def _usual_place(plan: DayPlan, village_id: str) -> str:
    """Return where a village hands over when it can, empty if nowhere."""
    return next((way.site_id or "" for way in plan.open_stage.hand_over if way.village_id == village_id), "")


def villages_held(plan: DayPlan) -> frozenset[str]:
    """Return the villages of which anything is held, and those that reach no open place."""
    return frozenset(id_ for one in held_of(plan) for id_ in one.village_ids)


def served_villages(plan: DayPlan) -> frozenset[str]:
    """Return the villages whose point is on a route or on a bus that day, and of which nothing is held."""
    visited = {visit.stop_id for route in plan.routes.routes for visit in route.visits}
    visited |= {ride.point_id for ride in (plan.rides.rides if plan.rides else ())}
    reached = {id_ for point in plan.demand.points if point.stop_id in visited for id_ in point.village_ids}
    return frozenset(reached - villages_held(plan))


def village_counts(plan: DayPlan) -> VillageCounts:
    """Return how many villages were entered, estimated, have nothing because they are not in the table, and are held."""
    area, table = plan.area, plan.demand.orders
    held = villages_held(plan)
    another_day = villages_not_today(plan) - held
    ids = {village.id for village in area.villages} - held - another_day
    entered = ids & _named(plan) if table is not None else set[str]()
    guessed = set(ids) if table is None else _guessed(plan) & (ids - entered)
    return VillageCounts(
        entered=len(entered),
        estimated=len(guessed),
        nothing=len(ids) - len(entered) - len(guessed),
        held=len(held) + area.rows_left_out.villages,
        entered_in_part=len(entered & _guessed(plan)),
        not_today=len(another_day),
    )


def villages_not_today(plan: DayPlan) -> set[str]:
    """Return the villages whose point is visited on another day of the week that the plan follows."""
    later = plan.follows.next_visits if plan.follows else {}
    return {way.village_id for way in plan.open_stage.hand_over if way.site_id in later} - plan.cut_off.keys()


def _guessed(plan: DayPlan) -> set[str]:
    """Return the villages of which a direction's parcels rest on an estimate."""
    return {
        one.village_id
        for one in plan.demand.villages
        if any(one.basis.get(name) is not DemandBasis.ORDERED for name in _SIDES)
    }


def _named(plan: DayPlan) -> set[str]:
    """Return the villages that the table is about: in plans of before those that it gives a figure, or their point has."""
    table = plan.demand.orders
    if table is None or table.village_ids:
        return set(table.village_ids) if table else set()
    villages = {one.village_id: one for one in plan.demand.villages}
    found = {id_ for id_, one in villages.items() if _ordered_something(one)}
    for point in plan.demand.points:
        own = [name for name in AMOUNTS if point.basis.get(name) is DemandBasis.ORDERED]
        if any(villages[id_].basis.get(name) is not DemandBasis.ORDERED for id_ in point.village_ids for name in own):
            found.update(point.village_ids)
    return found


def _ordered_something(one: VillageDemand) -> bool:
    return any(basis is DemandBasis.ORDERED and getattr(one, name) for name, basis in one.basis.items())


def parcel_sums(plan: DayPlan) -> ParcelSums:
    """Return the parcels of a day: those of the table as its rows count them, on routes as the visits do.

    What came up during the day is listed as if the table had it.
    """
    table, held = plan.demand.orders, held_of(plan)
    visits = [visit for route in plan.routes.routes for visit in plan.at_points(route)]
    came_up, moved = _came_up(plan)
    stranded = [one for one in held if one.stop_id and one.stop_id not in moved]
    visits = [one for one in visits if one.stop_id not in moved]
    waiting = [one for one in held if not one.stop_id]
    return ParcelSums(
        listed=(
            (table.delivery_parcels if table else 0) + round(sum(one.delivery[0] for one in came_up)),
            (table.pickup_parcels if table else 0) + round(sum(one.pickup[0] for one in came_up)),
        ),
        estimated=(sum(_estimated(plan, _SIDES[0])), sum(_estimated(plan, _SIDES[1]))),
        on_routes=(round(sum(one.delivered[0] for one in visits)), round(sum(one.picked_up[0] for one in visits))),
        not_served=(sum(one.delivery_parcels for one in stranded), sum(one.pickup_parcels for one in stranded)),
        held=(sum(one.delivery_parcels for one in waiting), sum(one.pickup_parcels for one in waiting)),
        by_bus=(0, 0)
        if plan.rides is None
        else (round(plan.rides.parcels(up=False)), round(plan.rides.parcels(up=True))),
    )


def _came_up(plan: DayPlan) -> tuple[list[AddedStop], set[str]]:
    """Return the stops that people asked for during the day, and the ids of those at which goods change vehicles only."""
    added = plan.under_way.added if plan.under_way else ()
    moved = {one.id for one in added if one.taken_from}
    halves = {id_ for one in added for id_ in (one.id, whole_id(one.id)) if is_half(one.id)}
    return [one for one in added if one.id not in plan.demand_of_stop.keys() | moved | halves], moved


def _estimated(plan: DayPlan, name: str) -> Iterator[int]:
    """Yield the parcels that no row has ordered, of each point and of what waits."""
    demand = plan.demand
    ordered = {
        one.village_id: float(getattr(one, name))
        for one in demand.villages
        if one.basis.get(name) is DemandBasis.ORDERED
    }
    for stops in demand.stops_of_site.values():
        if not all(one.basis.get(name) is DemandBasis.ORDERED for one in stops):
            members = {id_ for one in stops for id_ in one.village_ids}
            yield round(sum(getattr(one, name) for one in stops) - sum(ordered.get(id_, 0.0) for id_ in members))
    for one in demand.waiting:
        if one.basis.get(name, DemandBasis.ORDERED) is not DemandBasis.ORDERED:
            yield int(getattr(one, name))
