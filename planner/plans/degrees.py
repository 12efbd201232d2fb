"""Whether the places and lines of a plan are on earth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planner.errors import Message


def on_earth(lon: float, lat: float) -> bool:
    """Return whether a place has a longitude and a latitude that there are, in degrees."""
    return -180 <= lon <= 180 and -90 <= lat <= 90


def lines_off_the_earth(name: str, lines: Iterable[Sequence[tuple[float, float]]]) -> Iterator[Message]:
    """Return, once, that some of the lines of this name lie outside all degrees."""
    if not all(on_earth(lon, lat) for line in lines for lon, lat in line):
        yield Message("{name}: a longitude or latitude is out of range", name=name)
