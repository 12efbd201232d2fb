"""Time and length in one number, which the hierarchy compares and adds.

A packed weight holds milliseconds and decimetres in one float: ``ms * 2**25 + dm``, a whole number below 2**53 and so
exact. The smaller of two sums is the faster way and, of equally fast ways, the shorter one; both parts add up by
themselves as long as a way is shorter than 2**25 dm = 3,355 km.
"""

from __future__ import annotations

import numpy as np

from planner.units import FloatArray

PACKED_MILLISECOND = float(2**25)
LONGEST_WAY_M = 2**25 / 10


def unpack(packed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return seconds and metres of packed weights, ``inf`` for ``inf``.

    Examples
    --------
    >>> unpack(np.array([2500 * PACKED_MILLISECOND + 123, np.inf]))
    (array([2.5, inf]), array([12.3,  inf]))
    """
    reached = np.isfinite(packed)
    whole = np.where(reached, packed, 0.0)
    milliseconds = np.floor(whole / PACKED_MILLISECOND)
    decimetres = whole - milliseconds * PACKED_MILLISECOND
    return np.where(reached, milliseconds / 1000, np.inf), np.where(reached, decimetres / 10, np.inf)
