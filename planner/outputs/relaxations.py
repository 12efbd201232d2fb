"""Why a stop is on no route and the least that would serve it; figures are rounded so that what is said is enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from planner.model import Site
from planner.routing import Relaxation, RelaxationKind, Unassigned
from planner.words import figures, listed, say, sentence, term

_EARLIER = (RelaxationKind.OPENS_EARLIER, RelaxationKind.READY_EARLIER)
_SLACK = 1e-6


def reason_text(left: Unassigned, sites: Mapping[str, Site]) -> str:
    """Return why a stop is on no route and what stood against it; ``sites`` by id give the stops their names."""
    return say("{reason}: {details}", reason=term(left.reason), details=details_text(left, sites))


def details_text(left: Unassigned, sites: Mapping[str, Site]) -> str:
    """Return the figures that stood against a stop."""
    return sentence(left.details, {id_: site.name for id_, site in sites.items()})


def relaxation_text(change: Relaxation, dimensions: Sequence[str]) -> str:
    """Return one change, for example "open until 14:20"."""
    skills = " + ".join(change.skills)
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
        "vehicle": change.vehicle_id,
        "type": change.vehicle_type_id,
        "minutes": say("{minutes} min", minutes=math.ceil(change.amount / 60 - _SLACK)),
        "distance": say("{kilometres} km", kilometres=f"{math.ceil(change.amount / 100 - _SLACK) / 10:g}"),
        "count": f"{change.amount:.0f}",
        "yuan": f"{math.ceil(change.amount * 100 - _SLACK) / 100:.2f}",
        "amounts": listed(amounts),
        "skills": f" + {skills}" if skills and change.kind is RelaxationKind.ONE_MORE_VEHICLE else skills,
    }
    return term(change.kind).format(**said)


def relaxations_text(left: Unassigned, dimensions: Sequence[str]) -> str:
    """Return all changes, any of which serves the stop, empty if none is known."""
    return say("; ").join(relaxation_text(change, dimensions) for change in left.relaxations)
