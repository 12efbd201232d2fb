"""Fords that are tagged on a node of a road → roads through water: the stretches to the nodes before and after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.units import IntArray

if TYPE_CHECKING:
    from planner.network.osm import Ways


def with_fords(ways: Ways, fords: IntArray) -> Ways:
    """Return the ways cut beside the nodes ``fords``, the stretches that touch one tagged ``ford=yes``.

    Ferries, and ways that have a ``ford`` of their own, stay whole.
    """
    wet_kind = np.array(["ford" not in tags and "highway" in tags for tags in ways.kinds], dtype=np.bool_)
    way = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    at_ford = np.isin(ways.node_ids, fords) & wet_kind[ways.kind[way]]
    if not at_ford.any():
        return ways
    last = np.zeros(len(way), dtype=np.bool_)
    last[ways.first[1:] - 1] = True
    step = np.flatnonzero(~last)  # from each node to the next one of its way
    wet = at_ford[step] | at_ford[step + 1]
    begins = np.ones(len(step), dtype=np.bool_)  # a stretch goes on while its way does and it stays wet or dry
    begins[1:] = (way[step[1:]] != way[step[:-1]]) | (wet[1:] != wet[:-1])
    stretch = np.cumsum(begins) - 1
    counts = np.bincount(stretch) + 1
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    origin = step[begins]
    nodes = np.repeat(origin - first[:-1], counts) + np.arange(first[-1])
    kinds, kind = list(ways.kinds), ways.kind[way[origin]].copy()
    for dry in np.unique(kind[wet[begins]]).tolist():
        kind[wet[begins] & (kind == dry)] = len(kinds)
        kinds.append({**ways.kinds[dry], "ford": "yes"})
    return replace(
        ways,
        ids=ways.ids[way[origin]],
        kind=kind,
        kinds=tuple(kinds),
        first=first,
        node_ids=ways.node_ids[nodes],
        coordinates=ways.coordinates[nodes],
    )
