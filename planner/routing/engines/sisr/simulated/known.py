"""What is known of every route, leg by leg, so that a place in it is judged without driving the route.

Driving along some nodes in a row turns the time at which a vehicle sets out into the time at which it is done: as early as
``max(clock, start + span)``, and only if it sets out by ``until`` (Vidal et al. 2013, section 4.3). Whatever route is put
together from such pieces is timed in a few additions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from planner.kernels.by_reference import ByReference
from planner.units import BoolArray, FloatArray, IntArray

LATE = 1 << 55
"""Later than any time that can be kept; an ``until`` of minus so much: it is too late already."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Known(ByReference):
    """Figures of the slot's route, and of leg i, which leads to its i-th node; valid where ``noted[slot]``.

    A trip runs from the start or a reload to the next reload or the end; ``first`` is the first leg of leg i's
    trip. ``span``, ``clock`` and ``until`` time the way from leaving the trip's depot to leaving the node before leg i; with
    ``head_``, at the first leg of a trip, from the start of the route to having reloaded, the trip's load being ready; with
    ``tail_``, at i, from leaving node i to the end. ``soonest`` is when leg i can begin if all loads are ready early.
    ``ready_before`` is when all is ready that this trip brings before leg i, ``ready_behind`` what it brings after it.

    By dimension: the ``load`` on leg i, the greatest on the trip's legs up to and from leg i, ``to_deliver`` behind it and
    ``collected`` before it on this trip, pairs aside. By slot: metres and milliseconds of driving, stops and reloads,
    amounts handled in the dimension of the balance, and the nodes up to the last locked one.
    """

    noted: BoolArray
    first: IntArray
    soonest: IntArray
    span: IntArray
    clock: IntArray
    until: IntArray
    head_span: IntArray
    head_clock: IntArray
    head_until: IntArray
    tail_span: IntArray
    tail_clock: IntArray
    tail_until: IntArray
    ready_before: IntArray
    ready_behind: IntArray
    load: IntArray
    peak_before: IntArray
    peak_behind: IntArray
    to_deliver: IntArray
    collected: IntArray
    metres: FloatArray
    driving: IntArray
    stops: IntArray
    reloads: IntArray
    handled: IntArray
    locked: IntArray


def nothing_known(slots: int, longest: int, dimensions: int) -> Known:
    """Return room for routes of at most so many nodes."""
    names = [field.name for field in fields(Known)]
    by_load, by_slot = slice(names.index("load"), names.index("metres")), slice(names.index("driving"), None)
    whole: dict[str, IntArray] = {name: np.zeros((slots, longest + 1), dtype=np.int64) for name in names}
    whole |= {name: np.zeros((slots, longest + 1, dimensions), dtype=np.int64) for name in names[by_load]}
    whole |= {name: np.zeros(slots, dtype=np.int64) for name in names[by_slot]}
    del whole["noted"], whole["metres"]
    return Known(noted=np.zeros(slots, dtype=np.bool_), metres=np.zeros(slots), **whole)
