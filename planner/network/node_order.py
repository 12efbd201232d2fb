"""The order in which the hierarchy takes the nodes of a road graph away: small sets that keep much apart come last."""

from __future__ import annotations

import numpy as np

from planner.network.kernels import Integers
from planner.network.kernels.dissection import dissect, shed
from planner.units import FloatArray, IntArray

NODE_ORDER = "inertial flow 1"
"""Its name, in what is kept between runs; the number is raised when the order changes."""
_UNITS_PER_DEGREE = 1e6  # a tenth of a metre; keeps products with the number of nodes within 64 bits


def node_order(first: Integers, neighbour: Integers, positions: FloatArray) -> Integers:
    """Return all nodes of a symmetric adjacency in the order in which to eliminate them, shape (nodes,).

    ``positions`` are (lon, lat), shape (nodes, 2). The order is the same on every run and machine. It decides how fast
    answers come, never what they are.
    """
    count = len(first) - 1
    order = np.empty(count, dtype=np.int32)
    left = neighbour.copy()
    done, degree, gone = shed(first, left, order)
    x, y = _whole_numbers(positions)
    nodes = np.flatnonzero(~gone)
    nodes = nodes[np.argsort(_along_curve(x[nodes], y[nodes]), kind="stable")].astype(np.int32)  # near in memory, too
    dissect(first, left, degree, nodes, np.stack([_places(key) for key in (x, y, x + y, x - y)]), order[done:])
    return order


def _whole_numbers(positions: FloatArray) -> tuple[IntArray, IntArray]:
    """Return positions as whole numbers, about as far from each other eastward as northward.

    The scale has three decimals, so that a last digit of the cosine, which differs between machines, does not count.
    """
    if not len(positions):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    scale = round(float(np.cos(np.radians(np.median(positions[:, 1])))), 3)
    x = np.rint(positions[:, 0] * (_UNITS_PER_DEGREE * scale)).astype(np.int64)
    return x, np.rint(positions[:, 1] * _UNITS_PER_DEGREE).astype(np.int64)


def _places(key: IntArray) -> Integers:
    """Return the place of each key among all in ascending order, equal ones as they stand."""
    places = np.empty(len(key), dtype=np.int32)
    places[np.argsort(key, kind="stable")] = np.arange(len(key), dtype=np.int32)
    return places


def _along_curve(x: IntArray, y: IntArray) -> IntArray:
    """Return numbers that are near each other for places that are (Morton 1966): the bits of both, by turns."""
    if not len(x):
        return x
    spans = [axis - axis.min() for axis in (x, y)]
    coarse = max(0, int(max(axis.max() for axis in spans)).bit_length() - 16)
    along = np.zeros(len(x), dtype=np.int64)
    for side, axis in enumerate(spans):
        for bit in range(16):
            along |= (axis >> (coarse + bit) & 1) << (2 * bit + side)
    return along
