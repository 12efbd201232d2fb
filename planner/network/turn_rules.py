"""Turn-restriction relations as OpenStreetMap holds them: what each says, to whom, and why some are not followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.network.profiles import modes, vehicles_of
from planner.network.road_use import FOOT, RoadVehicle

MODES = ("vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "motorcycle", "foot")
_PLAIN_KEYS = ("restriction", *(f"restriction:{mode}" for mode in MODES))
RULE_KEYS = (*_PLAIN_KEYS, *(f"{key}:conditional" for key in _PLAIN_KEYS))
_HOURS = ("day_on", "day_off", "hour_on", "hour_off")  # how hours used to be written

FOLLOWED = "followed"
CONDITIONAL = "conditional"
INCOMPLETE = "incomplete"
OFF_ROAD = "off_road"
UNCONNECTED = "unconnected"
MALFORMED = "malformed"
LEFT = (CONDITIONAL, INCOMPLETE, OFF_ROAD, UNCONNECTED, MALFORMED)
"""Why a relation is not followed: it holds at some hours only; it names ways or nodes that are not in the file, as at the
edge of an extract; it leads over ways that no vehicle may use; its members are not connected in the order given; its roles
or its kind are invalid."""

Member = tuple[str, int, str]
"""Type (``n``, ``w``, ``r``), number and role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One relation: ``kind`` as tagged (``no_left_turn``, ``only_straight_on``) for vehicles whose bits ``binds`` holds.

    It leads from one of ``from_ways`` over a node or over one or several ``via_ways`` to one of ``to_ways``.
    """

    id: int
    kind: str
    binds: int
    from_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]


def read_rule(id_: int, tags: Mapping[str, str], members: Sequence[Member]) -> tuple[list[Restriction], list[str]]:
    """Return what a relation says (one restriction for each kind: trucks may have one of their own) and faults of `LEFT`.

    One that binds none of the vehicles, such as one for bicycles, says nothing and has no fault.
    """
    kinds, faults = _kinds(tags)
    if not kinds:
        return [], faults
    by_role = {role: [member for member in members if member[2] == role] for role in ("from", "via", "to")}
    via = by_role["via"]
    types = {member[0] for member in via}
    sensible = (
        types in ({"n"}, {"w"})
        and (types == {"w"} or len(via) == 1)
        and all(by_role[role] and {member[0] for member in by_role[role]} == {"w"} for role in ("from", "to"))
    )
    known = {kind: binds for kind, binds in kinds.items() if kind.startswith(("no_", "only_"))}
    if not sensible or len(known) < len(kinds):
        return [], [*faults, MALFORMED]
    rules = [
        Restriction(
            id=id_,
            kind=kind,
            binds=binds,
            from_ways=tuple(member[1] for member in by_role["from"]),
            via_node=via[0][1] if types == {"n"} else None,
            via_ways=tuple(member[1] for member in via) if types == {"w"} else (),
            to_ways=tuple(member[1] for member in by_role["to"]),
        )
        for kind, binds in known.items()
    ]
    return rules, faults


def _kinds(tags: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Return the bits of the vehicles that each kind binds, and whether something holds at some hours only."""
    kinds: dict[str, int] = {}
    at_times = False
    spared = {part.strip() for part in tags.get("except", "").split(";")}
    for mode in modes():
        for vehicle in vehicles_of(mode):
            if spared & set(vehicle.turn_modes):
                continue
            key = next((key for key in _keys(vehicle) if key in tags), None)
            at_times |= any(f"{name}:conditional" in tags for name in _keys(vehicle))
            if key is None:
                continue
            if any(hours in tags for hours in _HOURS):
                at_times = True
            else:
                kinds[tags[key]] = kinds.get(tags[key], 0) | vehicle.bits
    return kinds, [CONDITIONAL] if at_times else []


def _keys(vehicle: RoadVehicle) -> list[str]:
    plain = [] if vehicle.mode == FOOT else ["restriction"]
    return [f"restriction:{mode}" for mode in vehicle.turn_modes] + plain
