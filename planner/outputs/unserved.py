"""Whose parcels of a day go on no route, or were tried in vain: how many, where, why."""

from __future__ import annotations

from dataclasses import dataclass

from planner.outputs.held_rows import held_rows
from planner.plans import DayPlan
from planner.words import figures, say


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
    """Return what the day's page lists as on no vehicle, in vain or called off."""
    return [
        UnservedStop(
            name=say("{name} ({what})", name=row.name, what=row.whose) if row.whose else row.name,
            down=row.held.delivery_parcels,
            up=row.held.pickup_parcels,
            reason=row.reason,
        )
        for row in held_rows(plan)
    ]


def unserved_text(plan: DayPlan) -> str:
    """Return one line that says how many parcels are not served, and where; empty if all are."""
    left = [one for one in unserved_stops(plan) if one.down or one.up]
    if not left:
        return ""
    total = UnservedStop(name="", down=sum(one.down for one in left), up=sum(one.up for one in left), reason="")
    places = [say("{name} ({what})", name=one.name, what=one.parcels) for one in left]
    return say("Not served: {parcels}: {places}", parcels=total.parcels, places=say("; ").join(places))
