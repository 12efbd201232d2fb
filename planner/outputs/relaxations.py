"""Why a stop is on no route and the least that would serve it; figures are rounded so that what is said is enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from planner.model import Fact, Site
from planner.outputs.fleet_names import NO_NAMES, FleetNames, skill_names
from planner.routing import Relaxation, RelaxationKind, Unassigned
from planner.service.tiers import Missed
from planner.words import figures, listed, say, sentence, term

_EARLIER = (RelaxationKind.OPENS_EARLIER, RelaxationKind.READY_EARLIER)
_SLACK = 1e-6
_VEHICLES = ("vehicle_type", "vehicles", "allowed", "barred")
"""Parameters of facts that hold ids of vehicles or their types; ``vehicles`` may be how many there are, too."""


def reason_text(left: Unassigned, sites: Mapping[str, Site], fleet: FleetNames = NO_NAMES) -> str:
    """Return why a stop is on no route and what stood against it; ``sites`` by id and ``fleet`` give the names."""
    return say("{reason}: {details}", reason=term(left.reason), details=details_text(left, sites, fleet))


def details_text(left: Unassigned, sites: Mapping[str, Site], fleet: FleetNames = NO_NAMES) -> str:
    """Return the figures that stood against a stop."""
    return sentence(with_fleet_names(left.details, fleet), {id_: site.name for id_, site in sites.items()})


def with_fleet_names(fact: Fact, fleet: FleetNames) -> Fact:
    """Return a fact with vehicles and skills as people call them, in the facts that it holds, too."""
    return Fact(code=fact.code, params={key: _named_value(key, value, fleet) for key, value in fact.params.items()})


def _named_value(key: str, value: Any, fleet: FleetNames) -> Any:
    if isinstance(value, Fact):
        return with_fleet_names(value, fleet)
    if key == "skills":
        return skill_names(value)
    if isinstance(value, (tuple, list)):
        return [_named_value(key, one, fleet) for one in value]
    return fleet.called(value) if key in _VEHICLES and isinstance(value, str) else value


def relaxation_text(change: Relaxation, dimensions: Sequence[str], fleet: FleetNames = NO_NAMES) -> str:
    """Return one change, for example "open until 14:20"."""
    skills = listed(skill_names(change.skills))
    clock_s = change.until_s or 0.0
    rounded = math.floor if change.kind in _EARLIER else math.ceil
    wide = 10.0  # tenths of an amount
    amounts = [
        f"{math.ceil(amount * wide - _SLACK) / wide:g} {term(name)}"
        for amount, name in zip(change.room, dimensions, strict=False)
        if amount > 0
    ]
    said = {
        "clock": figures.clock(rounded(clock_s / 60 + (_SLACK if rounded is math.floor else -_SLACK)) * 60),
        "vehicle": fleet.called(change.vehicle_id),
        "type": fleet.called(change.vehicle_type_id),
        "minutes": say("{minutes} min", minutes=math.ceil(change.amount / 60 - _SLACK)),
        "distance": say("{kilometres} km", kilometres=f"{math.ceil(change.amount / 100 - _SLACK) / 10:g}"),
        "count": f"{change.amount:.0f}",
        "yuan": f"{math.ceil(change.amount * 100 - _SLACK) / 100:.2f}",
        "amounts": listed(amounts),
        "skills": say(" ({text})", text=skills)
        if skills and change.kind is RelaxationKind.ONE_MORE_VEHICLE
        else skills,
    }
    return term(change.kind).format(**said)


def relaxations_text(left: Unassigned | Missed, dimensions: Sequence[str], fleet: FleetNames = NO_NAMES) -> str:
    """Return all changes, any of which serves the stop, empty if none is known."""
    return say("; ").join(relaxation_text(change, dimensions, fleet) for change in left.relaxations)
