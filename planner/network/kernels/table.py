"""Packed weights between points → seconds and metres, access at both ends included."""

from __future__ import annotations

import numpy as np

from planner.kernels import kernel
from planner.network.packed import PACKED_MILLISECOND
from planner.units import FloatArray


@kernel
def finish(
    packed: FloatArray,
    begin: int,
    end: int,
    origin_m: FloatArray,
    destination_m: FloatArray,
    seconds_per_metre: float,
    seconds: FloatArray,
) -> None:
    """Fill rows ``begin:end`` of ``seconds``, and turn the same rows of ``packed`` into metres where they are.

    ``origin_m`` and ``destination_m`` are the ways between points and road; one table of a province fills 650 MB, so that no
    third one is made.
    """
    for i in range(begin, end):
        for j in range(packed.shape[1]):
            weight = packed[i, j]
            if weight == np.inf:
                seconds[i, j] = np.inf
                continue
            milliseconds = np.floor(weight / PACKED_MILLISECOND)
            access_m = origin_m[i] + destination_m[j]
            seconds[i, j] = milliseconds / 1000 + access_m * seconds_per_metre
            packed[i, j] = (weight - milliseconds * PACKED_MILLISECOND) / 10 + access_m
