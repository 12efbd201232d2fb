"""What an area's configuration says today that a running plan was not made of: used for the rest of the day, or named.

Closures, hours, what stops ask, how long a visit takes, how fast roads are in the course of the day and the fleet hold from
now on. Everything else stays as the plan has it, and each entry that differs is named with the plan's value and today's.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from planner.config import PlanConfig, VehicleConfig
from planner.config.differences import OF_ITS_DEPOT, USED_TODAY, Difference, differences
from planner.pipeline.fleet import with_told_profiles


@dataclass(frozen=True, kw_only=True)
class AreaNow:
    """The configuration for the rest of a day, how it differs from the plan's, and the vehicles that there are no more."""

    config: PlanConfig
    differences: tuple[Difference, ...]
    taken_away: tuple[str, ...]

    @property
    def uses_any(self) -> bool:
        """Return whether anything holds from now on that the plan was not made of."""
        return any(one.used for one in self.differences)


def area_now(kept: PlanConfig, area: PlanConfig, parts: Sequence[str], date: datetime.date) -> AreaNow:
    """Return what holds for the rest of a day: ``kept`` is what its plan was made of, ``area`` what the area says today.

    ``parts`` are the sections that the plan knows, ``date`` is its day: of closures only those in force then are compared.
    """
    area = with_told_profiles(area)
    found = tuple(differences(kept, area, parts, date))
    if not any(one.used for one in found):
        return AreaNow(config=kept, differences=found, taken_away=())
    vehicles, taken_away = _fleet(kept.routing.vehicles, area.routing.vehicles)
    held = {
        key: getattr(kept.routing, key) for key in type(kept.routing).model_fields if f"routing.{key}" not in USED_TODAY
    }
    routing = area.routing.model_copy(update={**held, "vehicles": vehicles})
    travel = kept.travel.model_copy(update={"closures": area.travel.closures})
    return AreaNow(
        config=kept.model_copy(update={"routing": routing, "travel": travel}), differences=found, taken_away=taken_away
    )


def _fleet(
    kept: Sequence[VehicleConfig], now: Sequence[VehicleConfig]
) -> tuple[tuple[VehicleConfig, ...], tuple[str, ...]]:
    """Return the fleet of both, as it is described today, and the ids of the vehicles that are no more."""
    today = {vehicle.id: vehicle for vehicle in now}
    fleet: list[VehicleConfig] = []
    gone: list[str] = []
    for vehicle in kept:
        new = today.pop(vehicle.id, None)
        left = 0 if new is None else new.count
        gone += [f"{vehicle.id}-{number}" for number in range(left + 1, vehicle.count + 1)]
        if new is not None:
            count = max(vehicle.count, new.count)
            units = next((one.units for one in (new, vehicle) if len(one.units) == count), ())
            update = {"count": count, "units": units, **{key: getattr(vehicle, key) for key in OF_ITS_DEPOT}}
            vehicle = new.model_copy(update=update)
        fleet.append(vehicle)
    return (*fleet, *today.values()), tuple(gone)
