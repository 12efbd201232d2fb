"""What the week answers: the days of each place, the routes of each day, what they cost, and who cannot be visited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NotVisitedReason(StrEnum):
    """Why a place has no day: proven, whatever else is visited and in what order."""

    NO_DAY = "no_vehicle_on_the_days_of_any_pattern"
    UNREACHABLE = "unreachable_every_week"
    TOO_LARGE = "piles_up_beyond_any_vehicle"
    TOO_LONG = "beyond_the_duty_of_any_vehicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotVisited:
    """A place that no plan can visit by any of its patterns."""

    place_id: str
    reason: NotVisitedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRoute:
    """What one vehicle drives on one day; ``vehicle`` counts those of its type from 0, the same one on every day.

    ``down`` and ``up`` are what it delivers and collects in all, ``peak`` the most on board at any moment, by dimension.
    """

    day: int
    vehicle_type: str
    vehicle: int
    place_ids: tuple[str, ...]
    distance_m: float
    duration_s: float
    down: tuple[float, ...]
    up: tuple[float, ...]
    peak: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCost:
    """What a week costs in yuan.

    ``fleet_yuan`` is a week's share of what the vehicles of the busiest day cost to buy; consistency and balance
    are weights given to the search, nobody pays them.
    """

    fixed_yuan: float
    distance_yuan: float
    time_yuan: float
    consistency_yuan: float = 0.0
    day_balance_yuan: float = 0.0
    vehicle_balance_yuan: float = 0.0
    fleet_yuan: float = 0.0

    @property
    def paid_yuan(self) -> float:
        """What is paid for driving: vehicles by the day, kilometres and hours; the fleet's price is not in it."""
        return self.fixed_yuan + self.distance_yuan + self.time_yuan

    @property
    def total_yuan(self) -> float:
        """What the search makes small."""
        weights = self.consistency_yuan + self.day_balance_yuan + self.vehicle_balance_yuan
        return self.paid_yuan + self.fleet_yuan + weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Visit days and routes. ``patterns`` has a bit mask for each place, 0 for those ``not_visited``.

    ``holds`` says whether all routes keep their vehicles' capacity and duty. Where no such week was found, this is the one
    that exceeds them least, and `planner.service.week.check` names what it exceeds.
    """

    patterns: tuple[int, ...]
    routes: tuple[WeekRoute, ...]
    cost: WeekCost
    not_visited: tuple[NotVisited, ...]
    holds: bool
    steps: int
