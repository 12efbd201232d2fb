"""Turn restrictions and barriers → sequences of arcs that nobody may drive one after the other.

``no_*`` forbids a sequence from way - via - to way; ``only_*`` makes it the one way on and so forbids every way off it:
one arc that leaves the sequence, after the part driven so far. A barrier on a node forbids every pair of arcs through
the node but the one that turns back. Whatever a relation says thus becomes sequences, two arcs long for a via node,
longer over via ways.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.network.turn_rules import FOLLOWED, INCOMPLETE, OFF_ROAD, UNCONNECTED, Restriction
from planner.units import BoolArray, IntArray

Sequenced = tuple[int, ...]
_LONGEST_VIA = 60  # edges; via ways are links and short streets


@dataclass(frozen=True, slots=True, kw_only=True)
class Bans:
    """Forbidden sequences of arcs.

    Number ``i`` is ``arcs[first[i]:first[i + 1]]``, for the vehicles and seasons whose bits ``binds[i]`` holds.
    """

    first: IntArray
    arcs: IntArray
    binds: IntArray

    def __len__(self) -> int:
        return len(self.binds)

    def __iter__(self) -> Iterator[tuple[Sequenced, int]]:
        for i, binds in enumerate(self.binds.tolist()):
            yield tuple(self.arcs[self.first[i] : self.first[i + 1]].tolist()), binds

    @property
    def watched(self) -> IntArray:
        """The arcs at whose end it matters what came before: all of each sequence but its last."""
        last = np.zeros(len(self.arcs), dtype=np.bool_)
        last[self.first[1:] - 1] = True
        return np.unique(self.arcs[~last])

    @classmethod
    def of(cls, sequences: Mapping[Sequenced, int]) -> Bans:
        """Return the bans of sequences and the bits they bind, sorted."""
        ordered = sorted(sequences.items())
        counts = [len(sequence) for sequence, _ in ordered]
        return cls(
            first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            arcs=np.array([arc for sequence, _ in ordered for arc in sequence], dtype=np.int64),
            binds=np.array([binds for _, binds in ordered], dtype=np.int64),
        )


@dataclass(frozen=True, kw_only=True)
class Streets:
    """What rules are laid on: junctions ``tail, head`` and OpenStreetMap way of each edge, and the nodes of the junctions.

    Arc ``2 * i`` goes along edge ``i``, arc ``2 * i + 1`` back; ``possible`` (2m,) are those some vehicle may drive.
    ``junction_id`` are the OpenStreetMap nodes, ascending; ``all_ways`` the ways the file holds, whoever may use them.
    """

    tail: IntArray
    head: IntArray
    way_id: IntArray
    possible: BoolArray
    junction_id: IntArray
    all_ways: IntArray

    def end(self, arc: int) -> int:
        """Return the junction where an arc ends."""
        return int(self.head[arc // 2] if arc % 2 == 0 else self.tail[arc // 2])

    def junctions_at(self, nodes: IntArray) -> IntArray:
        """Return the junction of each OpenStreetMap node, -1 if no roads meet there."""
        place = np.minimum(np.searchsorted(self.junction_id, nodes), len(self.junction_id) - 1)
        return np.where(self.junction_id[place] == nodes, place, -1)


class _Neighbourhood:
    """Arcs of the ways that rules name, and all arcs that arrive at and leave the junctions those ways touch."""

    def __init__(self, streets: Streets, ways: set[int], junctions: IntArray) -> None:
        self.streets = streets
        named = np.isin(streets.way_id, np.array(sorted(ways), dtype=np.int64))
        touched = np.unique(np.concatenate([streets.tail[named], streets.head[named], junctions]))
        self.arcs_of: dict[int, list[int]] = defaultdict(list)
        for edge in np.flatnonzero(named).tolist():
            self.arcs_of[int(streets.way_id[edge])] += [2 * edge, 2 * edge + 1]
        self.arriving: dict[int, list[int]] = defaultdict(list)
        self.leaving: dict[int, list[int]] = defaultdict(list)
        for side, ends in enumerate((streets.tail, streets.head)):
            for edge in np.flatnonzero(np.isin(ends, touched)).tolist():
                self.leaving[int(ends[edge])].append(2 * edge + side)
                self.arriving[int(ends[edge])].append(2 * edge + 1 - side)

    def can_be_driven(self, sequence: Sequenced) -> bool:
        return bool(self.streets.possible[list(sequence)].all())


def forbidden(
    restrictions: Sequence[Restriction], barriers: IntArray, streets: Streets, left: Mapping[str, int]
) -> tuple[Bans, dict[str, int]]:
    """Return the bans of relations and barriers, and how many relations are followed and left, by reason.

    ``barriers`` (b, 2) are nodes and the bits of the vehicles that they stop. Of a relation with kinds of its own for some
    vehicles each counts.
    """
    vias = [rule.via_node for rule in restrictions if rule.via_node is not None]
    via_junctions = streets.junctions_at(np.array(vias, dtype=np.int64)) if vias else np.zeros(0, dtype=np.int64)
    stops = streets.junctions_at(barriers[:, 0]) if len(barriers) else np.zeros(0, dtype=np.int64)
    ways = {way for rule in restrictions for way in (*rule.from_ways, *rule.via_ways, *rule.to_ways)}
    near = _Neighbourhood(streets, ways, np.concatenate([via_junctions[via_junctions >= 0], stops[stops >= 0]]))
    junction_of = dict(zip(vias, via_junctions.tolist(), strict=True))
    bans: Counter[Sequenced] = Counter()
    counts: Counter[str] = Counter({FOLLOWED: 0, **left})
    for rule in restrictions:
        whole = list(_whole(rule, near, -1 if rule.via_node is None else junction_of[rule.via_node]))
        if rule.kind.startswith("only_"):  # onto what nobody may drive nobody can be made to go
            whole = [sequence for sequence in whole if near.can_be_driven(sequence)]
        if not whole:
            counts[_why_not(rule, near)] += 1
            continue
        counts[FOLLOWED] += 1
        for sequence in whole if rule.kind.startswith("no_") else _ways_off(whole, near):
            if near.can_be_driven(sequence):
                bans[sequence] |= rule.binds
    for junction, binds in zip(stops.tolist(), barriers[:, 1].tolist(), strict=True):
        for a in near.arriving[junction] if junction >= 0 else ():
            for b in near.leaving[junction]:
                if b != a ^ 1 and near.can_be_driven((a, b)):
                    bans[a, b] |= binds
    return Bans.of(bans), dict(counts)


def _whole(rule: Restriction, near: _Neighbourhood, junction: int) -> Iterator[Sequenced]:
    """Yield every sequence of arcs from a from way over the via to a to way, those that cannot be driven included."""
    starts = [arc for way in dict.fromkeys(rule.from_ways) for arc in near.arcs_of[way]]
    ends = {arc for way in rule.to_ways for arc in near.arcs_of[way]}
    if rule.via_node is not None:
        if junction < 0:
            return
        back_only = rule.kind == "no_u_turn" and set(rule.from_ways) == set(rule.to_ways)
        for a in starts:
            if near.streets.end(a) == junction:
                for b in near.leaving[junction]:
                    if b in ends and (not back_only or b == a ^ 1):
                        yield a, b
        return
    over = {arc: way for way in rule.via_ways for arc in near.arcs_of[way]}
    found = [whole for a in starts for whole in _over_ways(a, over, set(rule.via_ways), ends, near)]
    in_order = [
        whole for whole in found if list(dict.fromkeys(over[arc] for arc in whole[1:-1])) == list(rule.via_ways)
    ]
    yield from in_order or found  # members in another order than they are driven in are common


def _over_ways(
    a: int, over: Mapping[int, int], ways: set[int], ends: set[int], near: _Neighbourhood
) -> Iterator[Sequenced]:
    """Yield the sequences from arc ``a`` along arcs of all via ways, no junction twice, to the first arc of a to way.

    Where via ways form a ring whose two sides both lead there the sides that can be driven are taken, if there are any.
    """
    found: list[Sequenced] = []
    stack: list[tuple[Sequenced, frozenset[int], frozenset[int]]] = [
        ((a,), frozenset(), frozenset({near.streets.end(a)}))
    ]
    while stack:
        way_so_far, covered, seen = stack.pop()
        last = near.streets.end(way_so_far[-1])
        onward = [b for b in near.leaving[last] if b in ends and b != way_so_far[-1] ^ 1]
        if covered == ways and onward:
            found += [(*way_so_far, b) for b in onward]
            continue
        if len(way_so_far) > _LONGEST_VIA:
            continue
        for arc in near.leaving[last]:
            there = near.streets.end(arc)
            if arc in over and there not in seen:
                stack.append(((*way_so_far, arc), covered | {over[arc]}, seen | {there}))
    driven = [sequence for sequence in found if near.can_be_driven(sequence)]
    yield from driven or found


def _ways_off(whole: Sequence[Sequenced], near: _Neighbourhood) -> Iterator[Sequenced]:
    """Yield each sequence that leaves the allowed ones by one arc, after the part of them driven so far."""
    begun = {sequence[:length] for sequence in whole for length in range(1, len(sequence) + 1)}
    for part in sorted(begun - set(whole)):
        for arc in near.leaving[near.streets.end(part[-1])]:
            if (*part, arc) not in begun:
                yield *part, arc


def _why_not(rule: Restriction, near: _Neighbourhood) -> str:
    named = np.array([*rule.from_ways, *rule.via_ways, *rule.to_ways], dtype=np.int64)
    if not np.isin(named, near.streets.all_ways).all():
        return INCOMPLETE
    return UNCONNECTED if all(near.arcs_of[int(way)] for way in named) else OFF_ROAD
