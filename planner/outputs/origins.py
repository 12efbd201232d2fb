"""Where an area's positions and people come from: counted by source, and what of it is only a stand-in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from planner.model import CoordinateSource, PopulationSource, StudyArea, Village
from planner.words import figures, say, term

_NOT_COUNTED = frozenset({PopulationSource.RASTER, PopulationSource.ESTIMATE})


def position_source(village: Village) -> str:
    """Return who says where a village lies; the file by its name where it is one of points."""
    return village.coordinate_origin or term(village.coordinate_source)


def people_source(village: Village) -> str:
    """Return who says how many live in a village; the raster by its name where it is one."""
    return village.population_origin or term(village.population_source)


def origin_rows(area: StudyArea) -> list[tuple[str, str]]:
    """Return how many villages have their position and their people from which source, the most first."""
    return [
        (say("Positions of the villages"), _counted(position_source(village) for village in area.villages)),
        (say("People of the villages"), _counted(people_source(village) for village in area.villages)),
    ]


def stand_ins(area: StudyArea) -> tuple[str, ...]:
    """Return what of the villages is only a stand-in: positions that nobody knows, people that nobody counted.

    Beside it stands where the others are from, so that the counts add up to all villages.
    """
    parts = []
    if any(village.at_seat for village in area.villages):
        parts.append(say("positions: {counted}", counted=_listed(_placed_by(village) for village in area.villages)))
    if any(village.population_source in _NOT_COUNTED for village in area.villages):
        parts.append(say("people: {counted}", counted=_listed(_peopled_by(village) for village in area.villages)))
    return tuple(parts)


def _placed_by(village: Village) -> str:
    if village.at_seat:
        return say("at their township's seat")
    if village.coordinate_source is CoordinateSource.UNKNOWN:
        return say("of unknown origin")
    return say("from {source}", source=position_source(village))


def _peopled_by(village: Village) -> str:
    match village.population_source:
        case PopulationSource.RASTER:
            return say("from the population raster {file}", file=people_source(village))
        case PopulationSource.ESTIMATE:
            return say("estimated (people or households)")
        case _:
            return say("from {source}", source=people_source(village))


def _listed(kinds: Iterable[str]) -> str:
    """Return how many there are of each kind, the most first."""
    counts = sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0]))
    return say(", ").join(say("{count} {kind}", count=figures.number(count), kind=kind) for kind, count in counts)


def _counted(sources: Iterable[str]) -> str:
    counts = sorted(Counter(sources).items(), key=lambda item: (-item[1], item[0]))
    return say("; ").join(
        say("{source}: {count}", source=source, count=figures.number(count)) for source, count in counts
    )
