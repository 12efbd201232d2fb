"""The phases of a network as its service sees them: what to buy, employ and pay in each, and who pays it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.config import CostItem, FundingSource


class PhaseItem(StrEnum):
    """What money of a phase is spent on: the network's sites, vehicles that are bought, and the running of the service."""

    EQUIPMENT = CostItem.EQUIPMENT.value
    AGENT = CostItem.AGENT.value
    RENT = CostItem.RENT.value
    VEHICLES = "vehicles_bought"
    RUNNING = "running_the_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseMoney:
    """What one source pays for one item in a phase, in fen; None where the configuration does not say who pays."""

    item: PhaseItem
    source: FundingSource | None
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseYear:
    """Days of a phase within one year, and what running the service on them costs; ``year`` is None if it is not known."""

    year: int | None
    days: int
    running_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseVehicles:
    """Vehicles of one type: needed in the phase's hardest season, there when it begins, bought in it, and their price.

    ``replaced`` are those of ``bought`` that take the place of vehicles whose years are over. ``each_fen`` is None where the
    configuration has no price.
    """

    vehicle_id: str
    needed: int
    there: int
    bought: int
    replaced: int
    each_fen: int | None

    @property
    def fen(self) -> int:
        """What those that are bought cost, 0 without a price."""
        return self.bought * (self.each_fen or 0)


@dataclass(frozen=True, kw_only=True)
class ServicePhase:
    """One stage of the network with its week's service.

    ``week_yuan``, ``week_distance_m`` and ``week_duty_s`` are of the week in the season of the plan's own; ``drivers`` is
    how many people it takes in the hardest season, None where the configuration does not say how long one works.
    ``missed`` counts visits of that week that cannot be made. ``money`` has each item and source with what it pays, none
    with 0 fen, and ``total_fen`` all of it.
    """

    stage: int
    name: str
    first: datetime.date | None
    last: datetime.date | None
    points: int
    visits: int
    missed: int
    week_yuan: float
    week_distance_m: float
    week_duty_s: float
    drivers: int | None
    vehicles: tuple[PhaseVehicles, ...]
    years: tuple[PhaseYear, ...]
    money: tuple[PhaseMoney, ...]
    total_fen: int

    def fen(self, *, item: PhaseItem | None = None, source: FundingSource | None = None) -> int:
        """Return what is paid for an item by a source; of all where one is left out."""
        return sum(
            one.fen
            for one in self.money
            if (item is None or one.item is item) and (source is None or one.source is source)
        )

    @property
    def unnamed_fen(self) -> int:
        """What is paid by nobody whom the configuration names."""
        return sum(one.fen for one in self.money if one.source is None)

    @property
    def needed(self) -> Mapping[str, int]:
        """How many vehicles of each type are needed."""
        return {one.vehicle_id: one.needed for one in self.vehicles if one.needed}
