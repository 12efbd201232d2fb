"""Which named point is which village: the same name in the same township, or nothing.

A point's township is the one it names, by code or in words; else the one whose known places it lies among: its seat, its
villages with a position, and the points that are certain already (so what is certain spreads from the seats outward, as
label propagation does). Where that is not unmistakable, nothing is taken, and the village is listed with its points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from planner.geodata.gazetteer.named_points import NamedPoint
from planner.geodata.gazetteer.spellings import common_name, is_chinese, name_stem, sound_of
from planner.units import METRES_PER_DEGREE, FloatArray

SAME_SPOT_M = 1000.0
"""Points of one name this near are one village: the node, the outline and the committee's house."""
REACH_M = 15_000.0
"""From the known places of a township to its villages; the farthest real ones lie about so far."""
NEXT_DOOR_M = 3000.0
"""Where a township of the same village has no known place at all, the other's must be this near."""
CLEARLY = 2.0
"""Times as far the other townships with a village of this name must lie."""
SHORT_REACH_M = 8000.0
"""The same while a township of the county has no known place: its villages lie who knows where."""
RATHER = 1.5
"""Times as far all other townships must lie where names agree but for 村 and 屯: hamlets of one name are many."""
_SAME_NAME, _SAME_STEM = 0, 1

Position = tuple[float, float]


class MatchVerdict(StrEnum):
    """What the points say of a village."""

    FOUND = "position_found"
    AMBIGUOUS = "position_ambiguous"
    SOUNDS_ALIKE = "position_sounds_alike"
    NO_POINT = "position_no_point"


class Evidence(StrEnum):
    """How the township of a point is known."""

    CODE = "by_code"
    TOWNSHIP = "by_township"
    NEARNESS = "by_nearness"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVillage:
    """A village of a table or of the register; ``position`` is lon and lat in WGS 84, None where nobody gave any.

    One that is not ``wanted`` only competes for points.
    """

    id: str
    name: str
    township_id: str
    position: Position | None = None
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What was found for a village: the point that is it, or those that may be."""

    village: NamedVillage
    verdict: MatchVerdict
    points: tuple[NamedPoint, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    point: NamedPoint
    rank: int
    evidence: Evidence


@dataclass(kw_only=True)
class _Names:
    """The villages by each form of their names."""

    villages: Sequence[NamedVillage]
    by_name: Mapping[str, Sequence[NamedVillage]]
    by_stem: Mapping[str, Sequence[NamedVillage]]

    @classmethod
    def of(cls, villages: Sequence[NamedVillage]) -> _Names:
        return cls(villages=villages, by_name=_grouped(villages, common_name), by_stem=_grouped(villages, name_stem))

    def alike(self, point: NamedPoint) -> dict[str, tuple[int, list[NamedVillage]]]:
        """Return by township the villages that bear the point's name, the very name before what is left of it."""
        found: dict[str, tuple[int, list[NamedVillage]]] = {}
        for rank, form, villages in (
            (_SAME_NAME, common_name, self.by_name),
            (_SAME_STEM, name_stem, self.by_stem),
        ):
            for name in filter(is_chinese, point.names):
                for village in villages.get(form(name), ()):
                    best, those = found.setdefault(village.township_id, (rank, []))
                    if best == rank and village not in those:
                        those.append(village)
        return {township: one for township, one in found.items() if not point.townships or township in point.townships}


@dataclass(kw_only=True)
class _Places:
    """Where each township's known places lie, in metres on a plane."""

    narrow: float
    by_township: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, township: str, position: Position) -> None:
        self.by_township[township].append(self._metres(position))

    def gaps(self, position: Position) -> dict[str, float]:
        """Return by township the metres to the nearest of its known places."""
        at: FloatArray = np.array(self._metres(position))
        return {
            township: float(np.min(np.hypot(*(np.array(places) - at).T)))
            for township, places in self.by_township.items()
        }

    def apart_m(self, a: Position, b: Position) -> float:
        """Return the metres between two positions."""
        return float(np.hypot(*np.subtract(self._metres(a), self._metres(b))))

    def _metres(self, position: Position) -> tuple[float, float]:
        lon, lat = position
        return lon * self.narrow * METRES_PER_DEGREE, lat * METRES_PER_DEGREE


def match_villages(
    villages: Sequence[NamedVillage], points: Sequence[NamedPoint], seats: Mapping[str, Position]
) -> list[Match]:
    """Return what the points say of each wanted village without a position, in the order of ``villages``.

    ``villages`` are all of the county that are known, those of other kinds and with a position among them, so that a point
    that is one of them is not another; ``seats`` are the townships' by id.
    """
    names = _Names.of(villages)
    known = _Places(narrow=_narrow(villages, points, seats))
    for township, position in seats.items():
        known.add(township, position)
    for village in villages:
        if village.position is not None:
            known.add(village.township_id, village.position)
    claims: dict[str, list[_Claim]] = defaultdict(list)
    doubts: dict[str, list[NamedPoint]] = defaultdict(list)
    unplaced = _claim_what_is_said(names, points, claims, doubts)
    for village_id, made in claims.items():
        for claim in made:
            known.add(_township_of(villages, village_id), claim.point.position)
    _claim_by_nearness(names, unplaced, known, claims, doubts)
    sounds = _sounds(names, points, known)
    return [
        _verdict(village, claims[village.id], doubts[village.id], sounds.get(village.id, []), known)
        for village in villages
        if village.wanted and village.position is None
    ]


def _narrow(villages: Sequence[NamedVillage], points: Sequence[NamedPoint], seats: Mapping[str, Position]) -> float:
    lats = [point.lat for point in points] + [lat for _, lat in seats.values()]
    lats += [village.position[1] for village in villages if village.position]
    return float(np.cos(np.radians(np.median(lats)))) if lats else 1.0


def _claim_what_is_said(
    names: _Names,
    points: Sequence[NamedPoint],
    claims: dict[str, list[_Claim]],
    doubts: dict[str, list[NamedPoint]],
) -> list[NamedPoint]:
    """Add the claims of points that say their code or township; return the points that do not."""
    by_id = {village.id: village for village in names.villages}
    rest = []
    for point in points:
        alike = names.alike(point)
        if point.code in by_id:
            village = by_id[point.code]
            ranks = [rank for rank, those in alike.values() if village in those]
            if ranks:
                claims[village.id].append(_Claim(point=point, rank=min(ranks), evidence=Evidence.CODE))
            else:  # a code and a name that contradict each other
                doubts[village.id].append(point)
        elif not point.townships:
            rest += [point] if alike else []
        elif len(alike) == 1:
            ((rank, those),) = alike.values()
            _claim(point, rank, those, Evidence.TOWNSHIP, claims, doubts)
        else:
            _doubt(point, alike, doubts)
    return rest


def _claim(
    point: NamedPoint,
    rank: int,
    those: Sequence[NamedVillage],
    evidence: Evidence,
    claims: dict[str, list[_Claim]],
    doubts: dict[str, list[NamedPoint]],
) -> None:
    if len(those) == 1:
        claims[those[0].id].append(_Claim(point=point, rank=rank, evidence=evidence))
    else:
        for village in those:
            doubts[village.id].append(point)


def _doubt(
    point: NamedPoint, alike: Mapping[str, tuple[int, list[NamedVillage]]], doubts: dict[str, list[NamedPoint]]
) -> None:
    for _, those in alike.values():
        for village in those:
            doubts[village.id].append(point)


def _claim_by_nearness(
    names: _Names,
    points: Sequence[NamedPoint],
    known: _Places,
    claims: dict[str, list[_Claim]],
    doubts: dict[str, list[NamedPoint]],
) -> None:
    """Add the claims of points that lie unmistakably in one township, round by round while that makes more known."""
    rest = list(points)
    townships = {village.township_id for village in names.villages if village.wanted}
    while rest:
        reach_m = REACH_M if townships <= known.by_township.keys() else SHORT_REACH_M
        sure: list[tuple[NamedPoint, str, int, list[NamedVillage]]] = []
        unsure = []
        for point in rest:
            alike = names.alike(point)
            ranks = {one: rank for one, (rank, _) in alike.items()}
            township = _unmistakable(ranks, known.gaps(point.position), reach_m)
            if township is None:
                unsure.append(point)
            else:
                sure.append((point, township, *alike[township]))
        for point, township, rank, those in sure:
            _claim(point, rank, those, Evidence.NEARNESS, claims, doubts)
            if len(those) == 1:
                known.add(township, point.position)
        if not sure:
            break
        rest = unsure
    for point in rest:
        _doubt(point, names.alike(point), doubts)


def _unmistakable(ranks: Mapping[str, int], gaps: Mapping[str, float], reach_m: float) -> str | None:
    """Return the township that a point lies in, of those with a village of its name; None where it may be another."""
    near = {township: gaps[township] for township in ranks if township in gaps}
    if not near:
        return None
    own = min(near, key=lambda township: (near[township], township))
    gap = near[own]
    others = min((other for township, other in gaps.items() if township != own), default=np.inf)
    if gap > reach_m or gap * (1.0 if ranks[own] == _SAME_NAME else RATHER) > others:
        return None
    if any(other < CLEARLY * gap for township, other in near.items() if township != own):
        return None
    unknown = any(township not in gaps for township in ranks)
    return None if unknown and gap > NEXT_DOOR_M else own


def _sounds(names: _Names, points: Sequence[NamedPoint], known: _Places) -> dict[str, list[NamedPoint]]:
    """Return by village the points near its township whose names only sound like its own."""
    by_sound = _grouped([village for village in names.villages if village.wanted], lambda name: sound_of(name))
    found: dict[str, list[NamedPoint]] = defaultdict(list)
    for point in points:
        if names.alike(point):
            continue
        alike = {
            village.id: village
            for name in point.names
            for village in by_sound.get(sound_of(name), ())
            if sound_of(name)
        }
        gaps = known.gaps(point.position) if alike else {}
        for village in alike.values():
            if village.township_id in point.townships or (
                not point.townships and gaps.get(village.township_id, 0.0) <= REACH_M
            ):
                found[village.id].append(point)
    return found


def _verdict(
    village: NamedVillage,
    claims: Sequence[_Claim],
    doubts: Sequence[NamedPoint],
    sounds: Sequence[NamedPoint],
    known: _Places,
) -> Match:
    """Judge one village: by code before by name, the very name before what is left of it, one spot before several."""
    by_code = [claim for claim in claims if claim.evidence is Evidence.CODE]
    rank = min((claim.rank for claim in claims), default=_SAME_NAME)
    best = by_code or [claim for claim in claims if claim.rank == rank]
    if best:
        first = best[0]
        if all(known.apart_m(first.point.position, other.point.position) <= SAME_SPOT_M for other in best):
            return Match(village=village, verdict=MatchVerdict.FOUND, points=(first.point,), evidence=first.evidence)
    unsure = list(dict.fromkeys([*(claim.point for claim in best), *doubts]))
    if unsure:
        return Match(village=village, verdict=MatchVerdict.AMBIGUOUS, points=tuple(unsure))
    if sounds:
        return Match(village=village, verdict=MatchVerdict.SOUNDS_ALIKE, points=tuple(sounds))
    return Match(village=village, verdict=MatchVerdict.NO_POINT)


def _grouped(villages: Sequence[NamedVillage], form: Callable[[str], str]) -> dict[str, list[NamedVillage]]:
    groups: dict[str, list[NamedVillage]] = defaultdict(list)
    for village in villages:
        groups[form(village.name)].append(village)
    return groups


def _township_of(villages: Sequence[NamedVillage], village_id: str) -> str:
    return next(village.township_id for village in villages if village.id == village_id)
