"""The fleet: types of vehicles, their costs and limits, breaks and the rule on driving times."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A pause of ``duration_s`` that begins within ``[opens_s, closes_s]`` or a later window, on the way if need be.

    A route that ends before the last window closes, or starts after that, need not take it, unless ``always`` is set.
    With ``max_load`` no more than that is on board meanwhile, by dimension.
    """

    id: str
    opens_s: float
    closes_s: float
    duration_s: float
    further_windows: tuple[tuple[float, float], ...] = ()
    always: bool = False
    max_load: tuple[float, ...] = ()

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Return all (opening, closing) pairs, the earliest first."""
        return ((self.opens_s, self.closes_s), *self.further_windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingRule:
    """After ``driving_s`` of driving a rest of ``rest_s``; a wait or break of that length is one, too.

    Four hours and twenty minutes are what the regulation on the road traffic safety law asks for in China (article 62).
    """

    driving_s: float
    rest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleType:
    """``count`` equal vehicles of one depot; a capacity of ``inf`` counts a dimension without limiting it.

    Duty runs from leaving the depot to being back, within the shift and for at most ``max_duration_s`` (``inf`` = no
    limit but the shift). Cost = ``fixed_cost_yuan`` if used + kilometres + hours on duty + hours of driving. ``skills``
    are free words, such as a road that only some vehicles may use, or a cold box.

    The route ends at ``end_depot_id`` (where it started if empty), with ``open_end`` at its last stop, with ``open_start``
    it begins at its first. Travel times are those of ``profile`` (the problem's ``travel`` if empty), divided by
    ``speed_factor``. Up to ``max_reloads`` times a route may pass one of ``reload_depot_ids``, where in
    ``reload_duration_s`` everything collected is handed over and new deliveries are taken on.
    """

    id: str
    name: str
    count: int
    depot_id: str
    capacity: tuple[float, ...]
    shift_start_s: float
    shift_end_s: float
    max_duration_s: float
    fixed_cost_yuan: float
    cost_per_km_yuan: float
    cost_per_hour_yuan: float
    skills: tuple[str, ...] = ()
    cost_per_driving_hour_yuan: float = 0.0
    end_depot_id: str = ""
    open_start: bool = False
    open_end: bool = False
    max_distance_m: float = math.inf
    max_driving_s: float = math.inf
    max_stops: int | None = None
    speed_factor: float = 1.0
    profile: str = ""
    reload_depot_ids: tuple[str, ...] = ()
    max_reloads: int = 0
    reload_duration_s: float = 0.0
    breaks: tuple[Break, ...] = ()
    driving_rule: DrivingRule | None = None

    def vehicle_ids(self) -> tuple[str, ...]:
        """Return the names of the single vehicles, ``<id>-1`` to ``<id>-<count>``."""
        return tuple(f"{self.id}-{number}" for number in range(1, self.count + 1))

    @property
    def end_id(self) -> str:
        """Return the depot at which routes end, unless they end at their last stop."""
        return self.end_depot_id or self.depot_id
