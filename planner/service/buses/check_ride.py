"""One ride replayed: terminal, bus, stop and whoever carries, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from planner.routing import Stop
from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusRide
from planner.service.buses.trips import BusStop, BusTrip, HubTransfer, StopAccess

NEAR = 1e-3


class BusFault(StrEnum):
    """What is false in a plan with buses."""

    UNKNOWN = "bus_unknown_id"
    RIDE = "bus_ride_not_possible"
    ACCESS = "bus_no_such_access"
    READY = "bus_leaves_before_goods_are_there"
    SHUT = "bus_stop_is_shut"
    WINDOW = "bus_goods_outside_of_the_window"
    CUT_OFF = "bus_goods_too_late"
    TIME = "bus_wrong_time"
    ROOM = "bus_has_no_room"
    LOAD = "bus_wrong_load"
    ACCOUNT = "bus_goods_not_accounted_for"
    WAY = "bus_wrong_way"
    PARCEL = "bus_parcel_cut"
    VANS = "bus_vans_at_fault"
    WORSE = "bus_plan_worse_than_vans"
    FIGURE = "bus_wrong_figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusViolation:
    """One claim that proves false: of which point, trip or figure, what is found and what is due."""

    kind: BusFault
    id: str
    found: float | str = ""
    due: float | str = ""


def ride_violations(problem: BusProblem, point: Stop, trip: BusTrip, ride: BusRide) -> Iterator[BusViolation]:
    """Yield all that is false about one ride."""
    if not 0 <= ride.board < ride.alight < len(trip.calls) or len(ride.amount) != len(problem.dimensions):
        yield BusViolation(kind=BusFault.RIDE, id=point.id, found=f"{trip.id} {ride.board} {ride.alight}")
        return
    if not any(ride.amount) or min(ride.amount) < 0:
        yield BusViolation(kind=BusFault.RIDE, id=point.id, found=str(ride.amount))
    boards, alights = trip.calls[ride.board], trip.calls[ride.alight]
    if abs(ride.board_s - boards.departure_s) > NEAR or abs(ride.alight_s - alights.arrival_s) > NEAR:
        yield BusViolation(kind=BusFault.TIME, id=point.id, found=ride.board_s, due=boards.departure_s)
    stops = {stop.id: stop for stop in problem.stops}
    terminal, stop = (alights, boards) if ride.up else (boards, alights)
    transfer = next((one for one in problem.transfers if one.stop_id == terminal.stop_id), None)
    access = next((one for one in problem.access if one.key == (stop.stop_id, point.id, ride.kind)), None)
    if transfer is None or access is None:
        yield BusViolation(kind=BusFault.ACCESS, id=point.id, found=stop.stop_id, due=terminal.stop_id)
        return
    if ride.up:
        yield from _collected(point, stops[boards.stop_id], access, ride)
        yield from _to_hub(problem, stops[alights.stop_id], transfer, ride)
    else:
        released = next((one.hub_release_s for one in problem.stations if point.id in one.point_ids), point.release_s)
        yield from _from_hub(stops[boards.stop_id], transfer, ride, released)
        yield from _delivered(problem, point, stops[alights.stop_id], access, ride)
    yield from _cost(trip, access, transfer, ride)


def _from_hub(terminal: BusStop, transfer: HubTransfer, ride: BusRide, released_s: float) -> Iterator[BusViolation]:
    there = ride.hub_s + transfer.duration_s
    if ride.hub_s < released_s - NEAR:
        yield BusViolation(kind=BusFault.READY, id=ride.point_id, found=ride.hub_s, due=released_s)
    if there + terminal.handling_s > ride.board_s + NEAR:
        yield BusViolation(kind=BusFault.READY, id=ride.point_id, found=there + terminal.handling_s, due=ride.board_s)
    if there < terminal.opens_s - NEAR or ride.board_s > terminal.closes_s + NEAR:
        yield BusViolation(kind=BusFault.SHUT, id=ride.point_id, found=terminal.id)


def _to_hub(problem: BusProblem, terminal: BusStop, transfer: HubTransfer, ride: BusRide) -> Iterator[BusViolation]:
    taken_off = ride.alight_s + terminal.handling_s
    if ride.alight_s < terminal.opens_s - NEAR or taken_off > terminal.closes_s + NEAR:
        yield BusViolation(kind=BusFault.SHUT, id=ride.point_id, found=terminal.id)
    if ride.hub_s < taken_off + transfer.duration_s - NEAR:
        yield BusViolation(kind=BusFault.TIME, id=ride.point_id, found=ride.hub_s, due=taken_off + transfer.duration_s)
    if ride.hub_s > problem.cut_off_s + NEAR:
        yield BusViolation(kind=BusFault.CUT_OFF, id=ride.point_id, found=ride.hub_s, due=problem.cut_off_s)


def _delivered(
    problem: BusProblem, point: Stop, stop: BusStop, access: StopAccess, ride: BusRide
) -> Iterator[BusViolation]:
    """Walk there and back as often as it takes, the last hand-over at the time given."""
    yield from _ways(access, ride)
    leaves = [ride.point_s - (2 * k + 1) * access.duration_s for k in range(ride.ways)]
    hand_overs = [one + access.duration_s for one in leaves]
    if min(leaves) < ride.alight_s + stop.handling_s - NEAR:
        yield BusViolation(kind=BusFault.READY, id=point.id, found=min(leaves), due=ride.alight_s + stop.handling_s)
    if ride.alight_s < stop.opens_s - NEAR or max(*leaves, ride.alight_s + stop.handling_s) > stop.closes_s + NEAR:
        yield BusViolation(kind=BusFault.SHUT, id=point.id, found=stop.id)
    yield from _in_window(point, hand_overs)
    if max(hand_overs) > problem.latest_hand_over_s + NEAR:
        yield BusViolation(kind=BusFault.CUT_OFF, id=point.id, found=max(hand_overs), due=problem.latest_hand_over_s)


def _collected(point: Stop, stop: BusStop, access: StopAccess, ride: BusRide) -> Iterator[BusViolation]:
    """Walk to the stop and back as often as it takes, from the time given on."""
    yield from _ways(access, ride)
    leaves = [ride.point_s + 2 * k * access.duration_s for k in range(ride.ways)]
    comes = [one + access.duration_s for one in leaves]
    yield from _in_window(point, leaves)
    if max(comes) + stop.handling_s > ride.board_s + NEAR:
        yield BusViolation(kind=BusFault.READY, id=point.id, found=max(comes) + stop.handling_s, due=ride.board_s)
    if min(comes) < stop.opens_s - NEAR or ride.board_s > stop.closes_s + NEAR:
        yield BusViolation(kind=BusFault.SHUT, id=point.id, found=stop.id)


def _ways(access: StopAccess, ride: BusRide) -> Iterator[BusViolation]:
    carried = [ride.ways * most for most in access.most]
    if ride.ways < 1 or any(one > most + NEAR for one, most in zip(ride.amount, carried, strict=True)):
        yield BusViolation(kind=BusFault.ACCESS, id=ride.point_id, found=str(ride.amount), due=str(carried))


def _in_window(point: Stop, moments: list[float]) -> Iterator[BusViolation]:
    if not any(opens - NEAR <= min(moments) and max(moments) <= closes + NEAR for opens, closes in point.windows):
        yield BusViolation(kind=BusFault.WINDOW, id=point.id, found=str(moments), due=str(point.windows))


def _cost(trip: BusTrip, access: StopAccess, transfer: HubTransfer, ride: BusRide) -> Iterator[BusViolation]:
    due = trip.handling_yuan + ride.ways * access.yuan_per_way
    for d, amount in enumerate(ride.amount):
        due += amount * (trip.yuan_per_unit[d] + access.yuan_per_unit[d] + transfer.yuan_per_unit[d])
    if not math.isclose(due, ride.cost_yuan, abs_tol=NEAR):
        yield BusViolation(kind=BusFault.FIGURE, id=ride.point_id, found=ride.cost_yuan, due=due)
