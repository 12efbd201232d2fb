"""The least that would serve a stop on no route, in words; figures are rounded so that what is said is enough."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.routing import Relaxation, RelaxationKind, Unassigned
from planner.units import format_clock
from planner.words.terms import term

_EARLIER = (RelaxationKind.OPENS_EARLIER, RelaxationKind.READY_EARLIER)
_SLACK = 1e-6


def relaxation_text(change: Relaxation, dimensions: Sequence[str]) -> str:
    """Return one change in both languages, for example "营业至 14:20 open until 14:20"."""
    skills = " + ".join(change.skills)
    clock_s = change.until_s or 0.0
    rounded = math.floor if change.kind in _EARLIER else math.ceil
    wide = 10.0  # tenths of an amount
    amounts = ", ".join(
        f"{math.ceil(amount * wide - _SLACK) / wide:g} {name}"
        for amount, name in zip(change.room, dimensions, strict=False)
        if amount > 0
    )
    figures = {
        "clock": format_clock(rounded(clock_s / 60 + (_SLACK if rounded is math.floor else -_SLACK)) * 60),
        "vehicle": change.vehicle_id,
        "type": change.vehicle_type_id,
        "minutes": f"{math.ceil(change.amount / 60 - _SLACK)} min",
        "distance": f"{math.ceil(change.amount / 100 - _SLACK) / 10:g} km",
        "count": f"{change.amount:.0f}",
        "yuan": f"{math.ceil(change.amount * 100 - _SLACK) / 100:.2f}",
        "amounts": amounts,
        "skills": f" + {skills}" if skills and change.kind is RelaxationKind.ONE_MORE_VEHICLE else skills,
    }
    words = term(change.kind)
    return f"{words.zh.format(**figures)} {words.en.format(**figures)}"


def relaxations_text(left: Unassigned, dimensions: Sequence[str]) -> str:
    """Return all changes, any of which serves the stop, empty if none is known."""
    return "; ".join(relaxation_text(change, dimensions) for change in left.relaxations)
