"""Where an area's positions and people come from: counted by source, and what of it is only a stand-in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from planner.model import PopulationSource, StudyArea, Village
from planner.words import figures, say, term


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
    """Return what of the villages is only a stand-in: positions that nobody knows, people that nobody counted."""
    parts = []
    at_seat = sum(village.at_seat for village in area.villages)
    if at_seat:
        parts.append(
            say(
                "positions of {count} of {total} villages (at their township's seat)",
                count=figures.number(at_seat),
                total=figures.number(len(area.villages)),
            )
        )
    from_raster = sum(village.population_source is PopulationSource.RASTER for village in area.villages)
    if from_raster:
        parts.append(
            say(
                "people of {count} of {total} villages (from a population raster)",
                count=figures.number(from_raster),
                total=figures.number(len(area.villages)),
            )
        )
    return tuple(parts)


def _counted(sources: Iterable[str]) -> str:
    counts = sorted(Counter(sources).items(), key=lambda item: (-item[1], item[0]))
    return say("; ").join(
        say("{source}: {count}", source=source, count=figures.number(count)) for source, count in counts
    )
