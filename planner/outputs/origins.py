"""Where an area's positions and people come from: counted by source, and what of it is only a stand-in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

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
        parts.append(say("positions: {counted}", counted=_listed(area.villages, position_source, _placed)))
    if any(village.population_source in _NOT_COUNTED for village in area.villages):
        parts.append(say("people: {counted}", counted=_listed(area.villages, people_source, _peopled)))
    return tuple(parts)


def _placed(source: str, village: Village, count: str) -> str:
    """Return how many villages have their position from a source; ``village`` is one of them."""
    if village.at_seat:
        return say("{count} at their township's seat", count=count)
    if village.coordinate_source is CoordinateSource.UNKNOWN:
        return say("{count} of unknown origin", count=count)
    return say("{count} from {source}", count=count, source=source)


def _peopled(source: str, village: Village, count: str) -> str:
    """Return how many villages have their people from a source; ``village`` is one of them."""
    match village.population_source:
        case PopulationSource.RASTER:
            return say("{count} from the population raster {file}", count=count, file=source)
        case PopulationSource.ESTIMATE:
            return say("{count} estimated (people or households)", count=count)
        case _:
            return say("{count} from {source}", count=count, source=source)


def _listed(
    villages: Iterable[Village], source_of: Callable[[Village], str], told: Callable[[str, Village, str], str]
) -> str:
    """Return how many villages are of each source, the most first."""
    by_source: dict[str, list[Village]] = defaultdict(list)
    for village in villages:
        by_source[source_of(village)].append(village)
    order = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))
    return say(", ").join(told(source, those[0], figures.number(len(those))) for source, those in order)


def _counted(sources: Iterable[str]) -> str:
    counts = sorted(Counter(sources).items(), key=lambda item: (-item[1], item[0]))
    return say("; ").join(
        say("{source}: {count}", source=source, count=figures.number(count)) for source, count in counts
    )
