"""The steps that a VROOM request gives a vehicle, against the tasks and breaks there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.errors import Message
from planner.routing.vroom.request import Vehicle


def step_faults(where: str, vehicle: Vehicle, known: set[tuple[str, int]]) -> Iterator[Message]:
    """Yield what is wrong with the steps that a vehicle is given: places, breaks and tasks there are none of, repeats."""
    breaks = {pause.id for pause in vehicle.breaks}
    rests = isinstance(vehicle.extras, dict) and vehicle.extras.get("driving_rule")  # whether it holds or not
    seen: Counter[tuple[str, int]] = Counter()
    for k, step in enumerate(vehicle.steps or ()):
        if step.kind == "reload" and step.where is None and len(vehicle.reload_places) != 1:
            yield Message(
                "{where}[{k}]: say where vehicle {vehicle} reloads: location_index or location",
                where=where,
                k=k,
                vehicle=vehicle.id,
            )
        if step.kind == "rest" and not rests:
            yield Message(
                "{where}[{k}]: vehicle {vehicle} has no planner.driving_rule: leave the rest out",
                where=where,
                k=k,
                vehicle=vehicle.id,
            )
        if step.id is None or step.kind in ("start", "end"):
            continue
        seen[step.kind, step.id] += 1
        if step.kind == "break" and step.id not in breaks:
            yield Message(
                "{where}[{k}]: vehicle {vehicle} has no break {step}",
                where=where,
                k=k,
                vehicle=vehicle.id,
                step=step.id,
            )
        elif step.kind != "break" and (step.kind, step.id) not in known:
            yield Message("{where}[{k}]: there is no {kind} {step}", where=where, k=k, kind=step.kind, step=step.id)
    yield from (
        Message("{where}: {kind} {id} is given {times} times", where=where, kind=kind, id=id_, times=n)
        for (kind, id_), n in seen.items()
        if n > 1
    )
