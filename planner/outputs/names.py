"""Names of places as the reader of the spoken language can read them."""

from __future__ import annotations

from typing import Protocol

from planner.geodata.register import short_name
from planner.words import language


class NamedPlace(Protocol):
    """A place, or a whole area."""

    @property
    def name(self) -> str: ...

    @property
    def name_latin(self) -> str: ...


def spoken_name(place: NamedPlace) -> str:
    """Return the place's name as people say it, a village's without its committee; in English the one in Latin letters."""
    return place.name_latin if language() == "en" and place.name_latin else short_name(place.name)
