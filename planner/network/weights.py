"""Edges under a profile → seconds along and back, and the packed weights that the hierarchy compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.errors import BadDataError, Message
from planner.network.edges import Edges
from planner.network.packed import LONGEST_WAY_M, PACKED_MILLISECOND
from planner.network.road_use import Profile
from planner.units import BoolArray, FloatArray, metres_per_second


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeUse:
    """What a profile makes of each edge, arrays of shape (m,).

    ``forward_s`` and ``backward_s`` are ``inf`` where the direction is not allowed, whatever the season; ``refused`` marks
    what this vehicle never uses, ``closed`` what only the season takes away and ``shut`` what a closure does. Onto edges
    that are ``entered`` one can come in their course, onto others (motorways, bridges) only by a junction.
    """

    forward_s: FloatArray
    backward_s: FloatArray
    refused: BoolArray
    closed: BoolArray
    shut: BoolArray
    entered: BoolArray
    surface_tagged: BoolArray
    speed_tagged: BoolArray

    @property
    def usable(self) -> BoolArray:
        """Edges that can be driven this season and day."""
        return ~(self.refused | self.closed | self.shut)

    def packed(self, edges: Edges) -> FloatArray:
        """Return the packed weight of each arc (along, back, along, ...), ``inf`` where it cannot be driven, shape (2m,)."""
        seconds = np.column_stack([self.forward_s, self.backward_s])
        seconds[~self.usable] = np.inf
        allowed = np.isfinite(seconds)
        milliseconds = np.rint(np.where(allowed, seconds, 0.0) * 1000)
        decimetres = np.rint(edges.length_m * 10)[:, None]
        return np.where(allowed, milliseconds * PACKED_MILLISECOND + decimetres, np.inf).ravel()


def use_edges(edges: Edges, profile: Profile) -> EdgeUse:
    """Return how the profile's vehicle uses each edge in its season.

    A ferry's boarding time is waited once for a whole way, and its crossing, where it is known, takes as long as it says:
    each of its edges has the share of its length.
    """
    uses = [profile.use(tags) for tags in edges.kinds]

    def each(name: str) -> FloatArray:
        return np.array([getattr(use, name) for use in uses], dtype=np.float64)[edges.kind]

    along_kph, back_kph, crossing_s = each("speed_kph"), each("back_kph"), each("crossing_s")
    whole_m = np.bincount(edges.way, weights=edges.length_m, minlength=len(edges.way_ids))[edges.way]
    share = np.divide(edges.length_m, whole_m, out=np.zeros_like(whole_m), where=whole_m > 0)
    refused = along_kph <= 0
    along_s, back_s = (
        np.where(crossing_s > 0, crossing_s * share, edges.length_m / _speed(kph)) + each("boarding_s") * share
        for kph in (along_kph, back_kph)
    )
    column = {
        name: np.array([getattr(use, name) for use in uses], dtype=np.bool_)[edges.kind]
        for name in ("forward", "backward", "closed", "entered", "surface_tagged", "speed_tagged")
    }
    return EdgeUse(
        forward_s=np.where(column["forward"] & ~refused, along_s, np.inf),
        backward_s=np.where(column["backward"] & ~refused, back_s, np.inf),
        refused=refused,
        closed=column["closed"],
        shut=np.zeros_like(refused),
        entered=column["entered"],
        surface_tagged=column["surface_tagged"],
        speed_tagged=column["speed_tagged"],
    )


def _speed(kph: FloatArray) -> FloatArray:
    return np.where(kph > 0, metres_per_second(1.0) * kph, np.inf)


def check_width(edges: Edges, use: EdgeUse, seconds: FloatArray) -> None:
    """Refuse times in which more metres could be driven than a packed weight holds.

    Raises
    ------
    BadDataError
        If the longest of the ``seconds``, driven at the speed of the fastest edge, passes 3,355 km.
    """
    fastest = np.minimum(use.forward_s, use.backward_s)
    driven = np.isfinite(fastest) & (fastest > 0)
    top_m_per_s = float((edges.length_m[driven] / fastest[driven]).max(initial=0.0))
    longest_s = float(np.max(seconds, where=np.isfinite(seconds), initial=0.0))
    if longest_s * top_m_per_s > LONGEST_WAY_M:
        raise BadDataError(
            Message(
                "ways of {hours:.0f} h may be longer than {km:.0f} km, more than distances can be given for: "
                "cut the extract to one province",
                hours=longest_s / 3600,
                km=LONGEST_WAY_M / 1000,
            )
        )
