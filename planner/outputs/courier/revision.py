"""What changed for couriers since the day's pack was last published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from planner.outputs.courier.stop_task import ChangedLoading, StopTask, changed_loadings, differences, tasks_of
from planner.plans import DayPlan
from planner.routing.vehicle_order import vehicle_order
from planner.words import figures, say

_NEWS_S = 600.0
"""An arrival that moves by more than ten minutes is news."""


class PublishedChange(StrEnum):
    """What became of a stop between two published versions of a day."""

    ADDED = "stop_added"
    GONE = "stop_gone"
    MOVED = "stop_moved"
    RETIMED = "stop_retimed"
    SETTLED = "stop_settled"
    AMENDED = "stop_amended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStop:
    """A stop that is served otherwise than published before: by whom and when before and now, None where it is not.

    ``task_before`` and ``task_after`` are what is to be done there, both None where that stays or is behind.
    """

    stop_id: str
    kind: PublishedChange
    vehicle_before: str | None
    vehicle_after: str | None
    before_s: float | None
    after_s: float | None
    task_before: StopTask | None = None
    task_after: StopTask | None = None

    def concerns(self, vehicle_id: str) -> bool:
        """Return whether the vehicle had the stop before or has it now."""
        return vehicle_id in (self.vehicle_before, self.vehicle_after)

    def amended(self) -> list[str]:
        """Return what is to be done otherwise at the stop, new and old; nothing where only vehicle or time changes."""
        if self.task_before is None or self.task_after is None:
            return []
        return list(differences(self.task_before, self.task_after))

    def text(self, called: Mapping[str, str]) -> str:
        """Return what changes, old and new; ``called`` says what vehicles are called."""
        return say("; ").join([*filter(None, [self._served(called)]), *self.amended()])

    def _served(self, called: Mapping[str, str]) -> str:
        """Return by whom and when the stop is served, old and new; the vehicle alone where both stay."""
        old, new = (
            {"vehicle": called[vehicle] if vehicle else "", "clock": "" if at_s is None else figures.clock(at_s)}
            for vehicle, at_s in ((self.vehicle_before, self.before_s), (self.vehicle_after, self.after_s))
        )
        if self.kind is PublishedChange.ADDED:
            return say("added: {vehicle} {clock}", **new)
        if self.kind is PublishedChange.GONE:
            return say("no longer served, was {vehicle} {clock}", **old)
        if self.kind is PublishedChange.SETTLED:
            return say(
                "done by {vehicle} {clock}, was {before} {then}", **new, before=old["vehicle"], then=old["clock"]
            )
        if self.kind is PublishedChange.MOVED:
            return say("now {vehicle} {clock}, was {before} {then}", **new, before=old["vehicle"], then=old["clock"])
        if self.kind is PublishedChange.AMENDED:
            return new["vehicle"]
        return say("{vehicle} now {clock}, was {then}", **new, then=old["clock"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A published version of a day, from 1, with what changed since the one before; ``former_ids`` has the last first.

    ``loadings`` are the vehicles that are loaded or driven in another way. ``once`` are the stops that a vehicle had in a
    version before and has no more, ``idle`` the vehicles that had any then and have none now.
    """

    number: int
    changes: tuple[ChangedStop, ...] = ()
    loadings: tuple[ChangedLoading, ...] = ()
    former_ids: tuple[str, ...] = ()
    once: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    idle: tuple[str, ...] = ()


def changes_between(before: DayPlan, after: DayPlan) -> tuple[ChangedStop, ...]:
    """Return what changes for each stop: added, gone, moved to another vehicle, reached more than ten minutes off, amended.

    Amended are parcels, weights, produce and what orders ask for, whatever else changes. Of what is settled only that
    another vehicle did it.

    They are in the order of the vehicles that have them now, else had them before, and of the times.
    """
    old, new = _announced(before), _announced(after)
    tasks_before, tasks_after = tasks_of(before), tasks_of(after)
    behind = {one.stop_id: one.at_s for one in after.under_way.settled if one.reported} if after.under_way else {}
    found = []
    for stop_id in old.keys() | new.keys():
        (vehicle_before, before_s), (vehicle_after, after_s) = old.get(stop_id, _NOBODY), new.get(stop_id, _NOBODY)
        tasks: tuple[StopTask | None, StopTask | None] = tasks_before.get(stop_id), tasks_after.get(stop_id)
        if stop_id in behind or None in tasks or tasks[0] == tasks[1]:
            tasks = None, None
        kind = _kind(vehicle_before, vehicle_after, before_s, after_s)
        if kind is None and tasks[0] is not None:
            kind = PublishedChange.AMENDED
        if stop_id in behind and kind in (PublishedChange.MOVED, PublishedChange.RETIMED):
            # that it came early or late is no news any more, that nobody else need come is
            kind, after_s = (PublishedChange.SETTLED if vehicle_before != vehicle_after else None), behind[stop_id]
        if kind is not None:
            found.append(
                ChangedStop(
                    stop_id=stop_id,
                    kind=kind,
                    vehicle_before=vehicle_before,
                    vehicle_after=vehicle_after,
                    before_s=before_s,
                    after_s=after_s,
                    task_before=tasks[0],
                    task_after=tasks[1],
                )
            )
    return tuple(sorted(found, key=_order))


def revised(former_ids: Sequence[str], plan: DayPlan, load: Callable[[str], DayPlan]) -> Revised:
    """Return the version that a plan is after those published before it for its date, the first first.

    ``load`` gives a day plan by its id: those of the versions before.
    """
    former = [load(id_) for id_ in former_ids]
    if not former:
        return Revised(number=1)
    return Revised(
        number=len(former) + 1,
        changes=changes_between(former[-1], plan),
        loadings=changed_loadings(former[-1], plan),
        former_ids=tuple(reversed(former_ids)),
        once=_once(former, plan),
        idle=tuple(sorted(_vehicles(former) - _vehicles([plan]), key=vehicle_order)),
    )


def _once(former: Sequence[DayPlan], plan: DayPlan) -> dict[str, tuple[str, ...]]:
    """Return the stops that each vehicle had in a version before and has no more."""
    found: dict[str, dict[str, None]] = {}
    now = {(vehicle, stop_id) for stop_id, (vehicle, _) in _announced(plan).items()}
    for one in former:
        for stop_id, (vehicle, _) in _announced(one).items():
            if vehicle is not None and (vehicle, stop_id) not in now:
                found.setdefault(vehicle, {})[stop_id] = None
    return {vehicle: tuple(ids) for vehicle, ids in found.items()}


def _vehicles(plans: Sequence[DayPlan]) -> set[str]:
    return {route.vehicle_id for plan in plans for route in plan.routes.routes}


_NOBODY: tuple[str | None, float | None] = (None, None)


def _announced(plan: DayPlan) -> dict[str, tuple[str | None, float | None]]:
    """Return vehicle and arrival of each stop that is served."""
    return {
        visit.stop_id: (route.vehicle_id, visit.arrival_s) for route in plan.routes.routes for visit in route.visits
    }


def _kind(
    vehicle_before: str | None, vehicle_after: str | None, before_s: float | None, after_s: float | None
) -> PublishedChange | None:
    if before_s is None or after_s is None:
        return PublishedChange.ADDED if before_s is None else PublishedChange.GONE
    if vehicle_before != vehicle_after:
        return PublishedChange.MOVED
    return PublishedChange.RETIMED if abs(after_s - before_s) > _NEWS_S else None


def _order(change: ChangedStop) -> tuple[object, ...]:
    vehicle = change.vehicle_after or change.vehicle_before or ""
    time_s = change.before_s if change.after_s is None else change.after_s
    return vehicle_order(vehicle), time_s, change.stop_id
