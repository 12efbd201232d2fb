"""What changes for the stops that had been announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from planner.routing.day.events import ChangeKind, StopChange
from planner.routing.day.rest import Rest
from planner.routing.day.stop_ids import half_id
from planner.routing.solution import Route

_SLACK_S = 1e-3
_UNKNOWN: Mapping[str, float] = MappingProxyType({})


def changes_of(
    rest: Rest,
    routes: Iterable[Route],
    tolerance_s: float,
    forced: Iterable[str] = (),
    going_on: Mapping[str, float] = _UNKNOWN,
) -> Iterator[StopChange]:
    """Yield what changes for the stops that were announced, by id; ``going_on`` is when going on as planned serves them."""
    at = {visit.stop_id: (route.vehicle_type_id, visit) for route in routes for visit in route.visits}
    known = {stop.id for stop in rest.problem.stops}
    must = set(forced)
    for stop_id, (vehicle, time_s) in sorted(rest.announced.items()):
        parts = [id_ for id_ in (stop_id, half_id(stop_id)) if id_ in known]
        found = [at[id_] for id_ in parts if id_ in at]
        if stop_id in rest.gone or not parts or len(found) < len(parts):
            yield StopChange(
                stop_id=stop_id,
                kind=ChangeKind.DROPPED,
                vehicle_before=vehicle,
                before_s=time_s,
                vehicle_after="",
                after_s=None,
                forced=stop_id in must,
                going_on_s=going_on.get(stop_id),
            )
            continue
        others = [entry for entry in found if entry[0] != vehicle]
        late = [entry for entry in found if abs(entry[1].service_start_s - time_s) > tolerance_s + _SLACK_S]
        if others or late:
            shown = (others or late)[0]
            yield StopChange(
                stop_id=stop_id,
                kind=ChangeKind.OTHER_VEHICLE if others else ChangeKind.OTHER_TIME,
                vehicle_before=vehicle,
                before_s=time_s,
                vehicle_after=shown[0],
                after_s=shown[1].service_start_s,
                forced=stop_id in must,
                going_on_s=going_on.get(stop_id),
            )
