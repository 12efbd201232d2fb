"""The section ``[maps]``: what lies under a map's own roads and boundary."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.config.sections import Name, Section
from planner.errors import Message
from planner.model import Text

_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[^\s\"'<>;,\\]*")


class Basemap(StrEnum):
    """Whose map pictures lie under the plan's own layers; with ``own`` a page asks no host for anything."""

    OWN = "own"
    TIANDITU = "tianditu"
    AMAP = "amap"
    OSM = "osm"


class MapsConfig(Section):
    """The basemap of all maps of the area.

    Tianditu and Amap give pictures to holders of a key. ``key`` (or the variable ``PLANNER_MAP_KEY``) is written into pages
    only with ``write_key``, and into no document; without it a page asks its reader. ``tiles`` is the address of a server of
    one's own in place of the provider's, with ``{z}``, ``{x}`` and ``{y}``; its pictures are in the provider's datum, and
    ``attribution`` is whose they are.
    """

    basemap: Basemap = Basemap.OWN
    key: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_-]*$", exclude=True)] = ""
    write_key: bool = False
    tiles: Name = ""
    attribution: Text = Text("")

    @model_validator(mode="after")
    def _tiles_are_an_address(self) -> Self:
        if not self.tiles:
            return self
        if self.basemap is Basemap.OWN:
            raise ValueError(Message("tiles needs a basemap: write osm, or whose datum the pictures are in"))
        if not _TILES.fullmatch(self.tiles) or not all(part in self.tiles for part in ("{z}", "{x}", "{y}")):
            raise ValueError(
                Message(
                    "tiles is no address of map pictures: write for example https://maps.example/{{z}}/{{x}}/{{y}}.png"
                )
            )
        return self
