"""What changed since a day was last published, as lines: vehicles that are early or late as a whole take one line."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from planner.outputs.courier.courier_day import CourierDay, vehicle_name
from planner.outputs.courier.revision import ChangedStop, PublishedChange
from planner.outputs.courier.stop_task import ChangedLoading
from planner.words import figures, listed, say

_TOGETHER = 3
"""So many stops that are off by the same take one line."""
_SAME_S = 120.0
"""What two delays may differ by to count as the same."""


def changed_lines(
    day: CourierDay, changes: Sequence[ChangedStop], loadings: Sequence[ChangedLoading] = ()
) -> list[str]:
    """Return a line for each vehicle that is loaded otherwise and each stop that is added, gone, moved or amended.

    Stops that a vehicle reaches as much off take one line together.
    """
    called = _Called(day)
    lines = [say("{what}: {text}", what=called[one.vehicle_id], text=one.text()) for one in loadings]
    lines += [_line(day, one, called) for one in changes if one.kind is not PublishedChange.RETIMED]
    for group in _shifted(changes):
        if len(group) < _TOGETHER:
            lines += [_line(day, one, called) for one in group]
            continue
        first = min(group, key=lambda one: one.after_s or 0.0)
        shifts = sorted({round(abs(_shift_s(one)) / 60) for one in group})
        said = {
            "vehicle": called[first.vehicle_after or ""],
            "stops": figures.stops(len(group)),
            "minutes": say("{minutes} min", minutes="–".join(map(str, dict.fromkeys([shifts[0], shifts[-1]])))),
            "place": day.names.get(first.stop_id, first.stop_id),
            "clock": figures.clock(first.after_s or 0.0),
            "then": figures.clock(first.before_s or 0.0),
        }
        if _shift_s(first) > 0:
            lines.append(say("{vehicle}: {stops} {minutes} later, first {place} {clock}, was {then}", **said))
        else:
            lines.append(say("{vehicle}: {stops} {minutes} earlier, first {place} {clock}, was {then}", **said))
        lines += [
            say("{what}: {text}", what=day.names.get(one.stop_id, one.stop_id), text=say("; ").join(amended))
            for one in group
            if (amended := one.amended())
        ]
    return lines


def changes_counted(changes: Sequence[ChangedStop], loadings: Sequence[ChangedLoading] = ()) -> str:
    """Return how many stops change and how, and how many vehicles are loaded otherwise, in one line; empty if none is."""
    count = Counter(one.kind for one in changes)
    said = {
        PublishedChange.MOVED: say("on another vehicle: {stops}", stops=figures.stops(count[PublishedChange.MOVED])),
        PublishedChange.ADDED: say("added: {stops}", stops=figures.stops(count[PublishedChange.ADDED])),
        PublishedChange.GONE: say("no longer served: {stops}", stops=figures.stops(count[PublishedChange.GONE])),
        PublishedChange.RETIMED: say("at another time: {stops}", stops=figures.stops(count[PublishedChange.RETIMED])),
        PublishedChange.SETTLED: say(
            "done by another vehicle: {stops}", stops=figures.stops(count[PublishedChange.SETTLED])
        ),
    }
    # a stop that changes its vehicle and its parcels is counted for both
    amended = sum(one.task_after is not None for one in changes)
    return listed(
        [
            *(text for kind, text in said.items() if count[kind]),
            *([say("other parcels, weights or requests: {stops}", stops=figures.stops(amended))] if amended else []),
            *(
                [say("loaded or driven otherwise: {vehicles}", vehicles=figures.vehicles(len(loadings)))]
                if loadings
                else []
            ),
        ]
    )


class _Called(dict[str, str]):
    """What vehicles are called, those that have no route any more, too."""

    def __init__(self, day: CourierDay) -> None:
        super().__init__(day.called)
        self._plan = day.plan

    def __missing__(self, vehicle_id: str) -> str:
        return vehicle_name(self._plan, vehicle_id).shown


def _line(day: CourierDay, one: ChangedStop, called: _Called) -> str:
    return say("{what}: {text}", what=day.names.get(one.stop_id, one.stop_id), text=one.text(called))


def _shift_s(one: ChangedStop) -> float:
    return (one.after_s or 0.0) - (one.before_s or 0.0)


def _shifted(changes: Sequence[ChangedStop]) -> Iterator[list[ChangedStop]]:
    """Yield the stops that are reached at other times, a vehicle's together that are off by the same."""
    retimed = [one for one in changes if one.kind is PublishedChange.RETIMED]
    for _, of_vehicle in itertools.groupby(retimed, key=lambda one: one.vehicle_after):
        group: list[ChangedStop] = []
        for one in sorted(of_vehicle, key=lambda one: (_shift_s(one), one.stop_id)):
            if group and _shift_s(one) - _shift_s(group[0]) > _SAME_S:
                yield group
                group = []
            group.append(one)
        yield group
