"""What three tiers answer: each township's way with both costs, trunk runs, routes, and consignments through stations."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from planner.routing import Relaxation, RoutePlan, UnassignedReason


class TownshipWay(StrEnum):
    """How a township is served."""

    DIRECT = "direct_from_the_hub"
    STATION = "by_station"
    IN_PART = "in_part_by_station"
    NOT_WHOLLY = "not_wholly_served"


class TownshipReason(StrEnum):
    """Why: what it costs, or that the other way does not keep the standard (windows, shifts, room, cut-off).

    The last is never of one day: a station was chosen on it, and is not used as the whole week is better without.
    """

    CHEAPER = "cheaper_way"
    OTHER_BREAKS_STANDARD = "other_way_breaks_the_standard"
    OTHER_NOT_ALLOWED = "other_way_not_allowed"
    PARTS_CHEAPER = "parts_cheaper_apart"
    NEITHER_WHOLE = "neither_way_keeps_the_standard_whole"
    WEEK_CONFIRMED = "whole_week_confirmed_the_other_way"


class MissedReason(StrEnum):
    """Why a point is not served by the way that it has; only the first is proven for all ways and plans."""

    CUT_OFF_TOO_EARLY = "cut_off_before_the_first_possible_arrival"
    CUT_OFF = "produce_misses_the_cut_off"
    ROOM = "station_has_no_room"
    TRUNK = "no_trunk_run"
    ROUTE = "no_route"


_OF_VEHICLES = frozenset(
    {
        UnassignedReason.NO_SKILL,
        UnassignedReason.NOT_ALLOWED,
        UnassignedReason.TOO_LARGE,
        UnassignedReason.SHIFT_TOO_SHORT,
        UnassignedReason.TOO_FAR,
        UnassignedReason.WINDOW_TOO_EARLY,
        UnassignedReason.NOT_TOGETHER,
        UnassignedReason.NO_VEHICLE_LEFT,
        UnassignedReason.FLEET_USED_UP,
    }
)
"""Reasons that speak of the vehicles of one fleet: a station's routes have other vehicles than the hub's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Goods that pass a station together: ``up`` those collected, else those to be delivered.

    ``id`` is the call of a hub's vehicle that brings or fetches them. They are at the station from ``here_s`` on (up: the
    last of them), are handled in ``bench``, pairs of seconds from and until, and are ready for what follows at ``ready_s``.
    """

    id: str
    station_id: str
    up: bool
    point_ids: tuple[str, ...]
    amount: tuple[float, ...]
    here_s: float
    bench: tuple[tuple[float, float], ...]
    ready_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A point that is not served, and the smallest changes that help.

    ``until_s`` is the earliest cut-off, ``room`` the room of the station that would do; the rest is as in
    `planner.routing.Unassigned`.
    """

    point_id: str
    station_id: str
    reason: MissedReason
    until_s: float | None = None
    room: tuple[float, ...] = ()
    routing_reason: str = ""
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def code(self) -> str:
        """The code that says why: what stands against its route where it has none, said of the station's vehicles apart.

        What stands against the call that would fetch its goods is not said of the point.
        """
        if self.reason is not MissedReason.ROUTE or not self.routing_reason:
            return self.reason.value
        at_station = self.station_id and self.routing_reason in _OF_VEHICLES
        return f"{self.routing_reason}_at_station" if at_station else self.routing_reason


_LaterYuan = Annotated[float | None, Field(exclude_if=lambda yuan: yuan is None)]
_LaterPairs = Annotated[tuple[tuple[str, str], ...], Field(exclude_if=operator.not_)]
_LaterMissed = Annotated[tuple[Missed, ...], Field(exclude_if=operator.not_)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipChoice:
    """How a township is served and why: what it costs each way, all other townships served as they are.

    Both costs are what the whole plan costs with the township so served less what it costs without it, each plan searched
    as briefly as those that were compared; by station go all of its points that may. None where that way does not keep the
    standard or is not allowed, or where nothing is to choose in the whole problem. ``own_yuan`` is that of the way it goes.
    ``breaks`` are those whom the way without a cost does not serve, and why. Where that is the station, ``part_yuan`` is
    what it costs if it serves ``part_by_station``, the most that was found, and all others go directly.
    """

    township_id: str
    way: TownshipWay
    reason: TownshipReason
    direct_yuan: float | None
    station_yuan: float | None
    own_yuan: float | None
    direct_ids: tuple[str, ...]
    by_station: tuple[tuple[str, str], ...]
    part_yuan: _LaterYuan = None
    part_by_station: _LaterPairs = ()
    breaks: _LaterMissed = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCost:
    """What a day costs in yuan: a hub's vehicles (trunk runs and direct routes), stations' vehicles, and stations."""

    hub_yuan: float = 0.0
    routes_yuan: float = 0.0
    stations_yuan: float = 0.0

    @property
    def total_yuan(self) -> float:
        """All together."""
        return self.hub_yuan + self.routes_yuan + self.stations_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPlan:
    """A day over three tiers. ``ways`` has a station for each point, empty for direct, in the problem's order.

    ``hub_plan`` holds trunk runs and direct routes: calls at stations are stops with the ids of ``consignments``.
    ``station_plans`` has the routes of each station that is used; their stops are released when they have been sorted.
    ``missed`` names who is not served; with none every parcel arrives both ways. ``tried`` counts the plans compared;
    ``all_townships_tried``: among them every combination of whole townships directly or by their own stations.
    """

    ways: tuple[str, ...]
    hub_plan: RoutePlan
    station_plans: tuple[tuple[str, RoutePlan], ...]
    consignments: tuple[Consignment, ...]
    missed: tuple[Missed, ...]
    cost: TierCost
    townships: tuple[TownshipChoice, ...] = ()
    tried: int = 1
    all_townships_tried: bool = False

    @property
    def holds(self) -> bool:
        """Whether all points are served."""
        return not self.missed
