"""The places a plan is about: townships, villages, sites and the study area that holds them.

Coordinates are longitude and latitude in degrees, WGS 84 (= CGCS2000 within a metre). Everything here is immutable and
checked when it is made: a `StudyArea` that exists has unique ids and no dangling reference.
"""

from __future__ import annotations

import json
import operator
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated

import shapely
from pydantic import Field, PlainSerializer, PlainValidator

from planner.errors import BadDataError, Message
from planner.model.rows_left_out import NO_ROWS_LEFT_OUT, RowsLeftOut
from planner.model.texts import Text


def _geometry(value: object) -> shapely.Geometry:
    if isinstance(value, shapely.Geometry):
        return value
    try:
        return shapely.from_geojson(json.dumps(value))
    except shapely.errors.GEOSException as error:
        raise ValueError(Message("is not a GeoJSON geometry: {error}", error=error)) from error


Boundary = Annotated[
    shapely.Geometry,
    PlainValidator(_geometry),
    PlainSerializer(lambda geometry: json.loads(shapely.to_geojson(geometry)), return_type=dict[str, object]),
]
"""A polygon or multipolygon in lon/lat, a GeoJSON geometry when it is written."""


LaterText = Annotated[str, Field(exclude_if=operator.not_)]
"""A text that documents did not have at first: where it is empty it is not written, so that they stay as they were."""

LaterNames = Annotated[tuple[str, ...], Field(exclude_if=operator.not_)]
LaterFigure = Annotated[float | None, Field(exclude_if=lambda figure: figure is None)]
LaterAnswer = Annotated[bool | None, Field(exclude_if=lambda answer: answer is None)]
"""Names, a figure and an answer that documents did not have at first, not written where nothing is known."""

LaterRows = Annotated[RowsLeftOut, Field(exclude_if=lambda rows: not rows.villages)]
"""Rows left out, not written where there are none: documents did not have them at first."""


class CoordinateSource(StrEnum):
    """Where a point's position comes from; the least trustworthy says so wherever it is shown."""

    SURVEYED = "surveyed"
    OSM = "osm"
    GEONAMES = "geonames"
    GEOCODED = "geocoded"
    POINTS_FILE = "points_file"
    TOWNSHIP_SEAT = "township_seat"
    UNKNOWN = "unknown"
    SYNTHETIC = "synthetic"


class PopulationSource(StrEnum):
    """Where a village's population comes from."""

    REPORTED = "reported"
    OSM_TAG = "osm_tag"
    RASTER = "raster"
    ESTIMATE = "estimate"
    SYNTHETIC = "synthetic"


class Tier(StrEnum):
    """The three tiers of the county-township-village network."""

    COUNTY_HUB = "county_hub"
    EXPRESS_STATION = "express_station"
    SERVICE_POINT = "service_point"


class SiteStatus(StrEnum):
    """Whether a site exists already, may be opened, or must not be."""

    EXISTING = "existing"
    CANDIDATE = "candidate"
    FORBIDDEN = "forbidden"


class SharedHouse(StrEnum):
    """With whom a site shares its house."""

    INFORMATION_POINT = "information_point"
    SHOP = "shop"
    POST_OFFICE = "post_office"
    SUPPLY_COOP = "supply_coop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """A township at the position of its seat; ``id`` is the 9-digit division code where there is one.

    ``market_days`` are the days of the month on which its market is held, as the table has them; ``trade_centre`` says
    whether it has a centre of trade, None if nobody knows.
    """

    id: str
    name: str
    name_latin: str
    lon: float
    lat: float
    coordinate_source: CoordinateSource
    market_days: LaterNames = ()
    trade_centre: LaterAnswer = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """An administrative village, the unit that must be covered; ``id`` is the 12-digit code where there is one.

    ``product`` is the village's one product, empty if none; ``facilities`` names houses a point could share.
    ``coordinate_origin`` and ``population_origin`` are the files that the position and the people came from, where the
    source is a file of points or a raster. ``shop`` says whether it has a convenience shop, None if nobody knows.
    """

    id: str
    name: str
    name_latin: str
    lon: float
    lat: float
    coordinate_source: CoordinateSource
    township_id: str
    population: int
    population_source: PopulationSource
    households: int
    registered_poor: bool = False
    poor_households: int = 0
    product: str = ""
    facilities: tuple[str, ...] = ()
    coordinate_origin: LaterText = ""
    population_origin: LaterText = ""
    shop: LaterAnswer = None

    @property
    def at_seat(self) -> bool:
        """Whether nobody knows where it lies: it is planned at its township's seat."""
        return self.coordinate_source is CoordinateSource.TOWNSHIP_SEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A possible or existing location of one tier; ``place_id`` is the village or township it stands in.

    ``capacity_parcels_day`` is the most it can handle, None if the configuration says it for all. An existing site that is
    ``closable`` may be given up, at ``closing_cost_yuan`` or at the configuration's. ``rent_yuan_year`` is its own rent.
    ``services`` are what it offers, by code where it is one of those that officials report; ``contact`` is a public number
    of the station, never a person's. ``floor_area_m2``, and whether it has staff, equipment, a network line and rules, is
    what the standard of a station asks; None if nobody knows.
    """

    id: str
    name: str
    name_latin: str
    lon: float
    lat: float
    coordinate_source: CoordinateSource
    tier: Tier
    status: SiteStatus
    place_id: str
    opening_cost_yuan: float = 0.0
    capacity_parcels_day: float | None = None
    closable: bool = False
    closing_cost_yuan: float | None = None
    co_located_with: SharedHouse | None = None
    rent_yuan_year: float | None = None
    services: LaterNames = ()
    contact: LaterText = ""
    floor_area_m2: LaterFigure = None
    staffed: LaterAnswer = None
    equipped: LaterAnswer = None
    on_line: LaterAnswer = None
    has_rules: LaterAnswer = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one part of the data comes from, under which licence, and whether it is real.

    ``synthetic`` is made up by a program, as in a demonstration; ``assumed`` is a guess that nobody measured, and
    ``straight_lines`` the guess that stands for the roads.
    """

    what: Text
    origin: Text
    licence: Text
    attribution: Text
    datum: str
    date: str
    synthetic: bool = False
    assumed: bool = False
    straight_lines: bool = False


@dataclass(frozen=True, kw_only=True)
class StudyArea:
    """Townships, villages and sites within one boundary.

    Each tuple is sorted by id. ``boundary`` is a polygon or multipolygon in lon/lat, ``metric_crs`` the projected system
    (``EPSG:32651``) in which distances and areas of this area are measured. ``rows_left_out`` are villages that are none of
    ``villages`` because their rows were at fault: shares are of both together.

    Raises
    ------
    BadDataError
        If ids repeat, or a village or site refers to a place that is not in the area; all offenders are listed.
    """

    id: str
    name: str
    name_latin: str
    division_code: str
    townships: tuple[Township, ...]
    villages: tuple[Village, ...]
    sites: tuple[Site, ...]
    boundary: Boundary
    metric_crs: str
    sources: tuple[Source, ...]
    map_approval_number: str = ""
    rows_left_out: LaterRows = NO_ROWS_LEFT_OUT

    def __post_init__(self) -> None:
        for field in ("townships", "villages", "sites"):
            object.__setattr__(self, field, tuple(sorted(getattr(self, field), key=lambda place: place.id)))
        problems = [
            *_repeated(Message("township"), self.townships),
            *_repeated(Message("village"), self.villages),
            *_repeated(Message("site"), self.sites),
            *self._dangling(),
        ]
        if not self.villages:
            problems.append(Message("there is no village: an area needs at least one"))
        if problems:
            raise BadDataError(Message("study area {area} is inconsistent", area=repr(self.id)), problems)

    def _dangling(self) -> Iterable[str]:
        townships = {township.id for township in self.townships}
        places = townships | {village.id for village in self.villages}
        for village in self.villages:
            if village.township_id not in townships:
                yield Message(
                    "village {id} {name}: township {township!r} is not in the area",
                    id=village.id,
                    name=village.name,
                    township=village.township_id,
                )
        for site in self.sites:
            if site.place_id not in places:
                yield Message(
                    "site {id} {name}: place {place!r} is not in the area",
                    id=site.id,
                    name=site.name,
                    place=site.place_id,
                )

    @cached_property
    def village_by_id(self) -> dict[str, Village]:
        """Villages by id."""
        return {village.id: village for village in self.villages}

    @cached_property
    def township_by_id(self) -> dict[str, Township]:
        """Townships by id."""
        return {township.id: township for township in self.townships}

    @cached_property
    def site_by_id(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.sites}

    @property
    def existing_ids(self) -> frozenset[str]:
        """Ids of the sites that exist already."""
        return frozenset(site.id for site in self.sites if site.status is SiteStatus.EXISTING)

    def sites_of(self, tier: Tier) -> tuple[Site, ...]:
        """Return the sites of one tier, by id."""
        return tuple(site for site in self.sites if site.tier is tier)

    @property
    def villages_total(self) -> int:
        """How many villages there are, those included whose rows were left out."""
        return len(self.villages) + self.rows_left_out.villages

    @property
    def population_total(self) -> int:
        """How many people live in all villages, as far as it is known."""
        return sum(village.population for village in self.villages) + self.rows_left_out.population

    @property
    def synthetic_parts(self) -> tuple[Text, ...]:
        """What of this area was made up by a program."""
        return tuple(source.what for source in self.sources if source.synthetic)

    @property
    def on_straight_lines(self) -> bool:
        """Whether travel in this area is estimated, for want of roads."""
        return any(source.straight_lines for source in self.sources)

    @property
    def assumed_parts(self) -> tuple[Text, ...]:
        """What of this area is only assumed, or of its plan's figures."""
        return tuple(source.what for source in self.sources if source.assumed and not source.synthetic)

    @property
    def attributions(self) -> tuple[Text, ...]:
        """The attributions that everything made from this area must carry, each once."""
        return tuple(dict.fromkeys(source.attribution for source in self.sources if source.attribution))


def _repeated(kind: Message, places: Iterable[Township | Village | Site]) -> list[str]:
    counts = Counter(place.id for place in places)
    return [
        Message("{kind} id {id!r} is used {count} times", kind=kind, id=id_, count=count)
        for id_, count in sorted(counts.items())
        if count > 1
    ]
