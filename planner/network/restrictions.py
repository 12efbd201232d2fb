"""Turn-restriction relations → pairs of arcs that may not follow each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from planner.network.osm import Restriction
from planner.units import IntArray


def banned_turns(
    restrictions: Sequence[Restriction], tail: IntArray, head: IntArray, way_id: IntArray, junction_id: IntArray
) -> IntArray:
    """Return (arriving arc, leaving arc) pairs that relations forbid, sorted, shape (b, 2).

    ``no_*`` forbids the turn from one way into the other; ``only_*`` forbids every other turn, the one back included.
    A relation whose ways do not meet at its via node, as happens at the rim of an extract, forbids nothing.

    ``tail, head, way_id`` are the junctions and the OpenStreetMap way of each edge; arc ``2 * i`` goes along edge ``i``, arc
    ``2 * i + 1`` back. ``junction_id`` are the OpenStreetMap nodes of the junctions, ascending.
    """
    if not restrictions:
        return np.zeros((0, 2), dtype=np.int64)
    wanted = np.array([r.via_node for r in restrictions], dtype=np.int64)
    place = np.minimum(np.searchsorted(junction_id, wanted), len(junction_id) - 1)
    known = junction_id[place] == wanted
    arriving, leaving = _arcs_at(np.unique(place[known]), tail, head)
    banned: set[tuple[int, int]] = set()
    for rule, via, found in zip(restrictions, place.tolist(), known.tolist(), strict=True):
        if not found:
            continue
        starts = [arc for arc in arriving[via] if way_id[arc // 2] == rule.from_way]
        ends = [arc for arc in leaving[via] if way_id[arc // 2] == rule.to_way]
        if rule.kind.startswith("no_"):
            banned.update((a, b) for a in starts for b in ends)
        elif rule.kind.startswith("only_") and ends:
            banned.update((a, b) for a in starts for b in leaving[via] if b not in ends)
    return np.array(sorted(banned), dtype=np.int64).reshape(-1, 2)


def _arcs_at(junctions: IntArray, tail: IntArray, head: IntArray) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return the arcs that arrive at and that leave each of these junctions."""
    arriving: dict[int, list[int]] = defaultdict(list)
    leaving: dict[int, list[int]] = defaultdict(list)
    for edge in np.flatnonzero(np.isin(tail, junctions)).tolist():
        leaving[int(tail[edge])].append(2 * edge)
        arriving[int(tail[edge])].append(2 * edge + 1)
    for edge in np.flatnonzero(np.isin(head, junctions)).tolist():
        arriving[int(head[edge])].append(2 * edge)
        leaving[int(head[edge])].append(2 * edge + 1)
    return arriving, leaving
